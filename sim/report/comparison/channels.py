"""Channels apart: what calls, chats and the backlog come to, each in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import Cell, Table, row, table
from sim.report.comparison.decision import within_text
from sim.report.comparison.findings import Findings
from sim.report.labels import LABELS, row_words, unit_of, with_unit
from sim.report.numbers import NOTHING, Value, capital, form_of
from sim.scenario.model import Scenario, ServiceLevel
from sim.study import RunResult

LIVE = ("offered", "LEVEL", "abandonment_rate", "asa_s", "blocked")
REPORTED = ("offered", "LEVEL", "sl_reported", "abandonment_rate", "abandonment_reported", "asa_s", "blocked")
"""The same of chats, which customers may leave without a word."""
CALLED_BACK = (
    "callback_rate",
    "callback_reached",
    "callback_wait_s",
    "sl_with_callbacks",
    "abandonment_with_callbacks",
)
SEATS = ("concurrency_mean", "slot_use", "writing_share", "silent_hours")
"""Measures of agents' time, which are given for the whole."""
ROWS = {
    "phone": (*LIVE, *CALLED_BACK, "overflow_rate", "aht_s", "workload_hours"),
    "chat": (*REPORTED, "overflow_rate", "elapsed_s", "aht_s", "workload_hours", *SEATS),
    "deferred": (
        "items_done",
        "due_met",
        "turnaround_mean_h",
        "turnaround_p90_h",
        "backlog_at_close",
        "backlog_hours",
        "overdue",
        "age_mean_h",
        "oldest_h",
        "aht_s",
        "workload_hours",
    ),
}
NAMES = {"phone": "calls", "chat": "chats", "deferred": "deferred work"}
NOTES = {
    "chat": "Open: what the customer sees, and what exports call handle time. AHT of chats is the agent's time: that "
    "of an agent with several in hand is shared among them.",
    "deferred": "Backlog: at the close of each day. Due: all that falls due in these days; what is open and overdue "
    "has missed it.",
    "callback": "An accepted call-back is neither answered nor abandoned, as suites count; where it is "
    "counted, it is as what it comes to.",
    "silent": "As the switch reports it: who left a chat without a word counts as answered once an agent opens it.",
}


def has_channels(findings: Findings) -> bool:
    """Whether there is more than a plain telephone line."""
    return any(
        intent.channel != "phone" for scenario in findings.scenarios for intent in scenario.intents.values()
    ) or any(scenario.customers.callback or scenario.queues for scenario in findings.scenarios)


def channels_table(findings: Findings, others: Sequence[str] | None = None) -> Table:
    """A column a scenario; the rows of each channel that any of them has.

    Parameters
    ----------
    others : the scenarios to set beside the first; all by default.
    """
    names = [findings.base, *(findings.others if others is None else others)]
    rows, notes = [], []
    for channel in ROWS:
        found = list(_rows(findings, channel, names))
        rows += [row(NAMES[channel] if k == 0 else "", *cells) for k, cells in enumerate(found)]
        notes += [NOTES[channel]] if found and channel in NOTES else []
    notes += [NOTES["callback"]] if any(s.customers.callback for s in findings.scenarios) else []
    notes += [NOTES["silent"]] if any(s.customers.silent_leave for s in findings.scenarios) else []
    return table("By channel", ["", "Figure", *names], rows, notes, labels=2)


def _rows(findings: Findings, channel: str, names: Sequence[str]) -> Iterator[tuple[Cell | str, ...]]:
    level = _level(findings.first.scenario, channel)
    for measure in ROWS[channel]:
        key = level.definition if measure == "LEVEL" else measure
        values = [_of_channel(findings.results[name], channel, key) for name in names]
        if not any(value.known for value in values):
            continue
        form = form_of(LABELS[key].kind, values)
        words = f"answered within {within_text(level)}" if measure == "LEVEL" else row_words(key)
        yield (with_unit(capital(words), form, unit_of(key, "")), *(form.value(value) for value in values))


def _level(scenario: Scenario, channel: str) -> ServiceLevel:
    """The service level of a channel: its own target's, else that of all contacts."""
    own = scenario.targets.of_some.get(channel)
    return (own.service_level if own is not None else None) or scenario.targets.service_level


def _of_channel(result: RunResult, channel: str, measure: str) -> Value:
    """A measure of a channel; of agents' time that of the whole, where the channel is in use."""
    mine = result.by_channel[result.by_channel["channel"] == channel]
    if mine.empty:
        return NOTHING
    found = result.measures.loc[[measure]] if measure in SEATS and measure in result.measures.index else None
    if found is None:
        found = mine[mine["measure"] == measure]
    if found.empty:
        return NOTHING
    first = found.iloc[0]
    return Value(float(first["mean"]), float(first["ci_low"]), float(first["ci_high"]))
