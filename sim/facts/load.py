"""What was understood of a scenario: days, volumes, work and agents, in a dozen lines."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.demand.expected import expected_counts
from sim.facts.bot_probabilities import bot_probabilities, closed_as_done, handed_off
from sim.facts.returns import reaching_agents
from sim.facts.schedule import agents_between
from sim.mechanisms.chat import length_factor
from sim.scenario.model import Bot, Group, Intent, Scenario
from sim.schema.calendar import WEEKDAYS, hours_text, weekdays_text
from sim.schema.formatting import duration_words
from sim.schema.values import DAY_S, time_text

LEAST_SHARE = 0.005
"""Who leaves in the bot is told of from here on: half a percent."""

# Numbers ----------------------------------------------------------------------


def summary(scenario: Scenario) -> dict[str, Any]:
    """Return the figures that `validate` prints, before any return, balk or abandonment.

    ``offered_erlangs`` counts what reaches agents: first attempts less what the bot closes as done and what is left in
    it. Contacts that come while only the bot is there are counted apart.
    """
    days, counts = _open_days(scenario), contacts_by_intent(scenario)
    return {
        "name": scenario.name,
        "start": scenario.calendar.start.isoformat(),
        "days": scenario.calendar.days,
        "open_days": len(days),
        "hours": _hours_words(scenario),
        "contacts_per_open_day": sum(counts.values()) / max(1, len(days)),
        "reach_agents_per_open_day": _reaching(scenario, counts) / max(1, len(days)),
        "out_of_hours_per_open_day": sum(out_of_hours(scenario, day) for day in days) / max(1, len(days)),
        "intents": {
            name: {
                "contacts_per_open_day": counts[name] / max(1, len(days)),
                "aht_s": handle_time(intent),
                "to_agents": to_agents(intent, scenario.bot),
                "bot_closes": bot_closes(intent, scenario.bot),
            }
            for name, intent in scenario.intents.items()
        },
        **_load(scenario, days),
        "mechanisms": list(scenario.mechanisms),
        **_observed(scenario),
        "warm_up_days": scenario.warm_up_days,
        "follow_up_days": scenario.follow_up_days,
    }


def _observed(scenario: Scenario) -> dict[str, Any]:
    """Return the observed figures and what is fitted to them, where there are any."""
    observed = scenario.observed
    if observed is None:
        return {}
    figures = list(dict.fromkeys(name for name, _, _ in observed.figures()))
    return {"observed": {"figures": figures, "fits": list(observed.rescaled()), "fitted": observed.fitted is not None}}


def handle_time(intent: Intent) -> float:
    """Return the mean of talk and wrap-up in seconds, before any mechanism."""
    return intent.talk_time.average + intent.wrap_up.average


def effort(scenario: Scenario, intent: Intent) -> float:
    """Return the agent's time of a contact in seconds, before any mechanism: of a chat its share of a full agent's.

    An agent with n chats in hand finishes n of them in L(n) times what one takes alone.
    """
    chat = intent.chats
    if chat is None:
        return handle_time(intent)
    groups = [group for group in scenario.agents.values() if intent.skill in group.skills]
    full = max((group.highest_concurrency for group in groups), default=1)
    full = min(full, len(chat.times)) if chat.times else full
    return handle_time(intent) * length_factor(chat, full) / full


def to_agents(intent: Intent, bot: Bot | None) -> float:
    """Return the share of an intent's first attempts that reaches agents: not closed by the bot, and not left in it."""
    if bot is None or intent.bot is None:
        return 1.0
    capable, _ = bot_probabilities(bot, intent.bot)
    able, unable = handed_off(bot, intent.bot)
    kept = (1 - bot.opt_out) * (capable * (1 - able) + (1 - capable) * (1 - unable))
    return 1 - _exposure(bot) * kept


def bot_closes(intent: Intent, bot: Bot | None) -> float:
    """Return the share of an intent's first attempts that the bot closes as done, resolved or not."""
    return 0.0 if bot is None or intent.bot is None else _exposure(bot) * closed_as_done(bot, intent.bot)


def _exposure(bot: Bot) -> float:
    return 1.0 if bot.exposure is None else bot.exposure


def out_of_hours(scenario: Scenario, day: dt.date) -> float:
    """Return the first attempts expected on an open date while only the bot is there."""
    bot = scenario.bot
    if bot is None or bot.hours is None:
        return 0.0
    opens, closes = scenario.calendar.open_hours(day) or (0.0, DAY_S)
    first, last = bot.hours[day.weekday()] or (opens, opens)
    alone = first < min(opens, last) or max(closes, first) < last
    with_bot = [intent for intent in scenario.intents.values() if intent.bot is not None]
    return alone * bot.out_of_hours * sum(sum(expected_counts(scenario, intent, day)) for intent in with_bot)


def contacts_by_intent(scenario: Scenario) -> dict[str, float]:
    """Return the first contacts of each intent that are expected over all open days."""
    days = _open_days(scenario)
    return {
        name: sum(sum(expected_counts(scenario, intent, day)) for day in days)
        for name, intent in scenario.intents.items()
    }


def _open_days(scenario: Scenario) -> list[dt.date]:
    return [day for day in scenario.calendar.dates() if scenario.calendar.intervals(day)]


def _load(scenario: Scenario, days: list[dt.date]) -> dict[str, Any]:
    """Return the offered load in erlangs and the agents, on average over open hours and in the busiest interval."""
    rows = [row for day in days for row in load_by_interval(scenario, day)]
    seconds = sum(row[2] for row in rows) or 1.0
    peak = max(rows, key=lambda row: row[3], default=(days[0] if days else scenario.calendar.start, 0.0, 1.0, 0.0, 0.0))
    return {
        "offered_erlangs": sum(row[2] * row[3] for row in rows) / seconds,
        "agents": sum(row[2] * row[4] for row in rows) / seconds,
        "peak": {
            "day": peak[0].isoformat(),
            "time": time_text(peak[1]),
            "offered_erlangs": peak[3],
            "agents": peak[4],
        },
    }


def load_by_interval(scenario: Scenario, day: dt.date) -> list[tuple[dt.date, float, float, float, float]]:
    """Return (date, start, length in seconds, erlangs offered to agents, agents) of each opening interval."""
    calendar = scenario.calendar
    closes = (calendar.open_hours(day) or (0.0, 0.0))[1]
    work = [0.0] * calendar.intervals(day)
    for intent in scenario.intents.values():
        each = effort(scenario, intent) * to_agents(intent, scenario.bot)
        work = [
            so_far + count * each for so_far, count in zip(work, expected_counts(scenario, intent, day), strict=True)
        ]
    rows = []
    for k, start in enumerate(calendar.interval_starts(day)):
        end = min(start + calendar.interval, closes)
        agents = sum(agents_between(group, scenario, day, k, (start, end)) for group in on_queue(scenario))
        rows.append((day, start, end - start, work[k] / (end - start), agents))
    return rows


def deciding_group(scenario: Scenario) -> str | None:
    """Return the group that decides for other agents, where there is one."""
    return None if scenario.supervisor is None else scenario.supervisor.group


def on_queue(scenario: Scenario) -> list[Group]:
    """Return the groups that take contacts: one that decides for others may take none."""
    deciders, skills = deciding_group(scenario), {intent.skill for intent in scenario.intents.values()}
    return [group for group in scenario.agents.values() if group.name != deciders or skills & set(group.skills)]


# Words ------------------------------------------------------------------------


def summary_text(scenario: Scenario, file: str) -> str:
    """Return the summary as lines of text."""
    facts = summary(scenario)
    peak = facts["peak"]
    first, last = scenario.calendar.dates()[0], scenario.calendar.dates()[-1]
    rows = [
        ("days", f"{facts['days']} from {_day_words(first)} to {_day_words(last)}, {facts['open_days']} open"),
        (
            "hours",
            f"{facts['hours']}, by {duration_words(scenario.calendar.interval)}, {scenario.calendar.at_close} at close",
        ),
        ("contacts", _contacts_words(facts)),
        *((f"  {name}", _intent_words(values)) for name, values in facts["intents"].items()),
        *_night_row(facts["out_of_hours_per_open_day"]),
        ("to agents", f"{facts['offered_erlangs']:.1f} erlangs on average, {facts['agents']:.1f} agents on the queue"),
        (
            "at the peak",
            f"{peak['offered_erlangs']:.1f} erlangs, {peak['agents']:.1f} agents ({peak['day']} {peak['time']})",
        ),
        ("mechanisms", ", ".join(facts["mechanisms"]) or "none: a multi-skill queue"),
        *_observed_row(facts),
        ("simulated", f"{facts['warm_up_days']} days before, {facts['follow_up_days']} after"),
    ]
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {words}" for label, words in rows]
    return "\n".join([f"{file}: {scenario.name}: good", *lines])


def _reaching(scenario: Scenario, counts: dict[str, float]) -> float:
    shares = {name: to_agents(intent, scenario.bot) for name, intent in scenario.intents.items()}
    return reaching_agents(scenario, counts, shares)


def _contacts_words(facts: dict[str, Any]) -> str:
    """First contacts, which is what a file states, and about what comes of them: an ACD counts the latter."""
    first, reach = facts["contacts_per_open_day"], facts["reach_agents_per_open_day"]
    words = f"{first:,.0f} on an open day"
    told = f"{first:,.0f}" == f"{reach:,.0f}"
    return words if told else f"{words}: first contacts; with returns about {reach:,.0f} reach agents"


def _intent_words(values: dict[str, Any]) -> str:
    words = f"{values['contacts_per_open_day']:,.0f}, AHT {duration_words(round(values['aht_s']))}"
    closes = values["bot_closes"]
    leave = 1 - values["to_agents"] - closes
    words += f", the bot closes {closes:.0%}" if 1 - values["to_agents"] > 0 else ""
    return words + (f", {leave:.0%} leave in it" if leave >= LEAST_SHARE else "")


def _night_row(contacts: float) -> list[tuple[str, str]]:
    """What comes while only the bot is there, where anything does."""
    words = f"{contacts:,.0f} more on an open day, with the bot alone; in no other line"
    return [("out of hours", words)] if contacts else []


def _observed_row(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What is fitted to which figures, where there are any: the lines above are as written, before that."""
    found = facts.get("observed")
    if found is None:
        return []
    figures, fits = ([name.replace("_", " ") for name in found[key]] for key in ("figures", "fits"))
    when = "fitted" if found["fitted"] else "will be fitted before it is simulated"
    return [("observed", f"{', '.join(figures)}: {', '.join(fits) or 'nothing'} {when}")]


def _day_words(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _hours_words(scenario: Scenario) -> str:
    week = scenario.calendar.hours
    kinds = list(dict.fromkeys(week))
    named = [(weekdays_text(tuple(d for d in range(7) if week[d] == kind)), hours_text(kind)) for kind in kinds]
    return named[0][1] if len(named) == 1 else ", ".join(f"{days} {hours}" for days, hours in named)
