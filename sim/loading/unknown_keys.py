"""What to say of a key that is none: what is elsewhere, what is planned, what is not modelled; else the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.schema.faults import nearest

LIMITS = "docs/scenario-reference.md, Limits"
MOST_PLACES = 3
AHEAD = "horizon"
"""The section of the months ahead: its keys are those of a typical week elsewhere."""
SLIP = 0.85
"""So like a key that may stand here that it is a slip of the pen, though it is a key elsewhere."""

# One entry a kind: its usual names, and what to say of them. When one is built, its entry goes.
KINDS: tuple[tuple[str, str], ...] = (
    (
        "lines trunks ports max_queue queue_limit queue_length waiting_places",
        f"Write queues: {{billing: {{limit: 40}}}} for the waiting places of a skill; lines have none ({LIMITS})",
    ),
    ("channels email e_mail whatsapp messaging tickets back_office", "Write intents.NAME.channel: chat, or deferred"),
    ("outbound", f"Contacts that agents begin are not simulated: take their time off with shrinkage ({LIMITS})"),
    ("callbacks call_back call_backs virtual_hold", "Write customers.callback: {offer_above: 2m, accepts: 40%}"),
    ("overflow", "Write agents.NAME.skills: {billing: {preference: 2, overflow_after: 60s}}"),
    ("backlog", "Write intents.NAME.opening_backlog: {count: 1800, age: 2d}, with channel: deferred"),
    (
        "hires recruiting recruitment training_class training_classes new_hires headcount_plan",
        "Write horizon: {hiring: {classes: [{month: 3, group: claims, count: 6}]}}, and ask ccsim plan",
    ),
    ("timezone time_zone tz", f"Times are those of the clock on the wall, without changes of it ({LIMITS})"),
    ("language languages", "Write a skill for each language: skill: billing_french, and groups that have it"),
    ("ivr voicebot chatbot virtual_agent self_service", "What answers first is bot: {}, and intents.NAME.bot"),
    ("priority priorities", "Write agents.NAME.skills: {billing: {preference: 1}}, or intents.NAME.head_start"),
    ("volume volumes calls calls_per_day contacts_per_day offered forecast", "Write arrivals: {per_day: 2000}"),
    ("acw after_call_work after_call wrap wrapup", "Write intents.NAME.wrap_up"),
    ("att talk hold hold_time handle_time", "Write intents.NAME.talk_time, talk and hold, or aht with the wrap-up"),
    ("sla sl service_levels", "Write targets: {service_level: 80/20}"),
    ("headcount heads fte agents_on_queue positions", "Write agents.NAME.staff: the agents on the queue, or shifts"),
    ("roster rota schedule schedules", 'Write agents.NAME.shifts: [{count: 10, start: "08:00", length: 8h}]'),
    (
        "breaks lunch lunches",
        "Breaks belong to a shift: agents.NAME.shifts: [{..., breaks: [{after: 2h, length: 15m}]}]",
    ),
    ("training meetings coaching holiday_share sickness sick_leave", "Write agents.NAME.shrinkage, or absence"),
    ("turnover churn leavers", "Write attrition: {yearly: 31%}"),
    ("opening_hours open business_hours", "Write calendar.hours"),
    ("answer_rate abandon_rate abandoned asa", "A wish is in targets; what your report says is in observed"),
)
SAID = {name: words for names, words in KINDS for name in names.split()}


def advice(key: str, allowed: Iterable[str], places: Sequence[str]) -> str:
    """Return what to do about an unknown key.

    Parameters
    ----------
    key
        As it is written.
    allowed
        The keys that may stand there.
    places
        The sections that have a key of this name.
    """
    plain = key.lower().replace("-", "_").replace(" ", "_")
    if plain in SAID and all(place.startswith(AHEAD) for place in places):
        return f"{SAID[plain]}. Allowed here: {', '.join(allowed)}"
    if 0 < len(places) <= MOST_PLACES:
        return f"It is a key of {' and '.join(places)}. {nearest(key, allowed, SLIP)}"
    return nearest(key, allowed)
