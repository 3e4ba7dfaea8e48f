"""Measures as planners call them, in a few words, and how their numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.report import Cell, Tone
from sim.report.numbers import DASH, PERCENT, Form, Value, form_of
from sim.scenario.model import Scenario
from sim.scenario.targets import CLOSE, MET, MISSED, MeasureTarget, judge, targets_of_scenario
from sim.study.estimates import Estimate


@dataclass(frozen=True)
class Label:
    """A measure in words.

    Attributes
    ----------
    text : what it is, in a few words; a measure without them goes by its name there.
    kind : how numbers are written (`sim.report.numbers.form_of`).
    short : a word for narrow places.
    less_is_better : whether planners want it low; None where neither is better.
    row : what it is as a row of the tables of `run` and `compare`, without its unit; `text` where it is empty.
        {strained} stands for the fatigue from which on time counts as strained.
    unit : its unit there, where the form does not say it; {money} stands for the currency.
    column : its header there, without its unit; `short` where it is empty.
    """

    text: str
    kind: str
    short: str = ""
    less_is_better: bool | None = None
    row: str = ""
    unit: str = ""
    column: str = ""


LEVEL = Label("service level", "share", "service", False)
LABELS = {
    "sl_offered": LEVEL,
    "sl_excl_abn_in_t": LEVEL,
    "sl_credit_abn_in_t": LEVEL,
    "sl_answered": LEVEL,
    "sl_intervals_met": Label(
        "intervals that meet the service level", "share", "intervals", False, "intervals that meet it"
    ),
    "sl_days_met": Label("days that meet the service level", "share", "days", False),
    "abandonment_rate": Label(
        "abandonment", "share", "abandonment", True, "abandonment, with balking", column="abandoned"
    ),
    "asa_s": Label("average wait, ASA", "s", "ASA", True, "average wait of answered, ASA"),
    "wait_p90_s": Label("90 % of all wait less than", "s", "90 %", True, column="90 % wait"),
    "occupancy": Label("occupancy", "share", "occupancy"),
    "agents_on_queue": Label("", "staff", row="agents on the queue, average"),
    "resolution_rate": Label("needs resolved", "share", "resolution", False, "needs resolved in the end"),
    "fcr": Label("resolved at the first contact", "share", "FCR", False),
    "repeat_rate": Label("repeats among contacts", "share", "repeats", True),
    "attempts_per_need": Label("", "number", row="contacts a need, with bot or agent"),
    "time_to_human_s": Label("", "s", row="time to a human"),
    "transfer_rate": Label("", "share", row="sent to another agent"),
    "supervisor_rate": Label("", "share", row="contacts that take a supervisor"),
    "aht_s": Label("handle time, AHT", "s", "AHT", row="average handle time, AHT"),
    "natural_aht_s": Label("natural AHT", "s", "natural AHT", row="natural AHT, unhurried"),
    "workload_hours": Label("work of agents (h)", "number", "work", True, "workload of agents", "h"),
    "workload_per_resolution_s": Label(
        "work for a resolved need (min)", "min", "work each", True, "work for a resolved need"
    ),
    "frustration_at_agent": Label("", "index", row="frustration at the agent"),
    "frustration_at_end": Label("", "index", row="frustration at the end"),
    "mistreatment_rate": Label("", "share", row="contacts with mistreatment"),
    "strained_share": Label("time strained", "share", "strain", True, "time with fatigue above {strained:g}"),
    "fatigue_mean": Label("fatigue", "index", "fatigue", True, "fatigue, average"),
    "fatigue_end_of_shift": Label("", "index", row="fatigue at end of duty"),
    "csat": Label("satisfaction, CSAT", "points", "CSAT", False),
    "cost": Label("cost", "number", "cost", True, unit="{money}"),
    "cost_per_resolution": Label("cost of a resolved need", "price", "cost each", True, unit="{money}"),
    "replacement_cost": Label("", "number", row="cost of replacing them", unit="{money}"),
    "leavers_expected": Label("expected to quit", "number", "leavers", True, "agents expected to quit in these days"),
    "fte": Label("paid staff (FTE)", "staff", "FTE", row="paid staff", unit="FTE"),
    "paid_hours": Label("paid hours", "number", "paid h"),
    "overtime_hours": Label("", "number", row="overtime", unit="h"),
    "containment_rate": Label("contained by the bot", "share", "contained"),
    "bot_resolution_rate": Label("resolved by the bot", "share", "bot resolves", False),
    "bot_abandonment_rate": Label("", "share", row="leave in the bot", unit="% of sessions"),
    "offered": Label("contacts offered to agents", "number", "offered"),
    "blocked": Label("blocked, no waiting place", "number", "blocked", True),
    "overflow_rate": Label("handled by groups that help out", "share", "overflow"),
    "elapsed_s": Label("time open for the customer", "s", "open", row="open for the customer"),
    "concurrency_mean": Label("chats in hand at once", "staff", "chats at once"),
    "slot_use": Label("places for chats taken", "share", "places taken"),
    "writing_share": Label("time in which agents write", "share", "writing"),
    "attention_share": Label("occupancy by attention", "share", "attention"),
    "silent_hours": Label("places held by those who left without a word", "number", "silent h", unit="h"),
    "sl_reported": Label("the same as the switch reports it", "share", "reported", False),
    "abandonment_reported": Label("abandonment as the switch reports it", "share", "reported", True),
    "items_done": Label("deferred work done", "number", "done", row="done"),
    "due_met": Label("done by due", "share", "due met", False),
    "turnaround_mean_h": Label("turnaround, mean (h)", "staff", "turnaround", True, "turnaround, mean", "h"),
    "turnaround_p90_h": Label("90 % done within (h)", "staff", "90 % done", True, "90 % done within", "h"),
    "backlog_at_close": Label("backlog at close", "number", "backlog", True),
    "backlog_hours": Label("work in the backlog (h)", "number", "backlog h", True, "work in the backlog", "h"),
    "overdue": Label("overdue at close", "number", "overdue", True),
    "age_mean_h": Label("age of the backlog (h)", "staff", "age", True, "age of what is open, mean", "h"),
    "age_p90_h": Label("90 % of the backlog younger than (h)", "staff", "90 % age", True, unit="h"),
    "oldest_h": Label("oldest item (h)", "staff", "oldest", True, "oldest at close", "h"),
    "callback_rate": Label("call-backs accepted", "share", "call-backs"),
    "callback_reached": Label("call-backs reached", "share", "reached", False),
    "callback_wait_s": Label("time to the call-back", "s", "call-back", True),
    "sl_with_callbacks": Label("service level, call-backs counted", "share", "with call-backs", False),
    "abandonment_with_callbacks": Label("abandonment, call-backs counted", "share", "with call-backs", True),
    "bot_spilled": Label("met no bot, full or down", "number", "spilled"),
}
"""Each measure's words, once. What a mechanism measures stands here too."""


EVERY = {"intents": "every intent", "agents": "every group"}


def label_of(measure: str) -> Label:
    """The label of a measure; one that has no words of its own keeps its name."""
    whose, _, plain = measure.rpartition(".")
    if whose:
        return _of_some(label_of(plain), whose)
    label = LABELS.get(measure)
    return label if label is not None and label.text else Label(measure.replace("_", " "), _kind(measure), measure)


def _of_some(label: Label, whose: str) -> Label:
    """The words of a measure of one channel, intent or skill."""
    text, row, short = (f"{words} of {whose}" for words in (label.text, label.row or label.text, label.short))
    return replace(label, text=text, row=row, short=short, column="")


def _kind(measure: str) -> str:
    if measure.endswith("_s"):
        return "s"
    return "share" if measure.endswith(("_rate", "_share")) else "number"


def key_words(path: str) -> str:
    """A key of a file in words, such as "talk time of orders" or "opt out (bot)"; `*` stands for every name."""
    section, *rest = path.split(".")
    if section in EVERY and len(rest) > 1:
        whose, rest = EVERY[section] if rest[0] == "*" else rest[0], rest[1:]
        return f"{' '.join(rest)} of ".replace("_", " ") + whose
    words = " ".join(rest or [section]).replace("_", " ")
    return f"{words} ({section.replace('_', ' ')})" if rest else words


def row_words(measure: str, strained: float = 0.0) -> str:
    """A measure as a row, without its unit; `strained` is the fatigue from which on time counts as strained."""
    label = LABELS.get(measure) or label_of(measure)
    return (label.row or label.text).format(strained=strained)


def with_unit(words: str, form: Form, unit: str = "") -> str:
    """Words with a unit in brackets: the one given, else the form's, if it has one."""
    unit = unit or form.unit
    return f"{words} ({unit})" if unit else words


def unit_of(measure: str, money: str) -> str:
    """A measure's own unit, where its form does not say it."""
    return (LABELS.get(measure) or label_of(measure)).unit.format(money=money)


def level_words(scenario: Scenario, measure: str) -> str:
    """A measure in words; the service level with its T."""
    text = label_of(measure).text
    whose, _, plain = measure.rpartition(".")
    if not plain.startswith("sl_"):
        return text
    own = scenario.targets.of_some.get(whose)
    level = (own.service_level if own is not None else None) or scenario.targets.service_level
    return f"{text} within {level.within:g} s"


def value_of(estimate: Estimate | None) -> Value:
    """The first cell of an estimate as reports carry it."""
    if estimate is None:
        return Value(float("nan"), float("nan"), float("nan"))
    return Value(float(estimate.mean[0]), float(estimate.low[0]), float(estimate.high[0]))


def form_for(measure: str, values: Iterable[Value]) -> Form:
    """How the values of a measure are written beside each other."""
    return form_of(label_of(measure).kind, values)


def bound_words(goal: MeasureTarget, form: Form = PERCENT) -> str:
    """A bound in words, such as "at most 5 %"."""
    return f"{'at least' if goal.at_least else 'at most'} {form.bare(goal.share)}"


def goal_words(scenario: Scenario, measure: str, goal: MeasureTarget) -> str:
    """A target in words, such as "abandonment at most 5 %"."""
    return f"{level_words(scenario, measure)} {bound_words(goal)}"


def goals_words(scenario: Scenario) -> str:
    """All targets of a scenario in a sentence."""
    return f"Targets: {'; '.join(goal_words(scenario, m, goal) for m, goal in targets_of_scenario(scenario).items())}."


VERDICT_TONES: dict[str, Tone] = {MET: "good", CLOSE: "unsure", MISSED: "bad"}


def verdict(value: Value, goal: MeasureTarget | None) -> Cell:
    """Whether a target is met, as a cell; a dash where there is no target or nothing to judge."""
    if goal is None or not value.known:
        return Cell(DASH)
    word = judge((value.mean, value.low, value.high), goal)
    return Cell(word, VERDICT_TONES[word])
