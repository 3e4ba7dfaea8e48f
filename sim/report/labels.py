"""Measures as planners call them, in a few words, and how their numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.report.forms import PERCENT, Form, form_of
from sim.report.value import Value
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.estimates import Estimate


@dataclass(frozen=True)
class Label:
    """A measure in words.

    Attributes
    ----------
    text : what it is, without a unit.
    kind : how numbers are written (`sim.report.forms.form_of`).
    short : a word for narrow places.
    less_is_better : whether planners want it low; None where neither is better.
    """

    text: str
    kind: str
    short: str = ""
    less_is_better: bool | None = None


LEVEL = Label("service level", "share", "service", False)
LABELS = {
    "sl_offered": LEVEL,
    "sl_excl_abn_in_t": LEVEL,
    "sl_credit_abn_in_t": LEVEL,
    "sl_answered": LEVEL,
    "sl_intervals_met": Label("intervals that meet the service level", "share", "intervals", False),
    "sl_days_met": Label("days that meet the service level", "share", "days", False),
    "abandonment_rate": Label("abandonment", "share", "abandonment", True),
    "asa_s": Label("average wait, ASA", "s", "ASA", True),
    "wait_p90_s": Label("90 % of all wait less than", "s", "90 %", True),
    "occupancy": Label("occupancy", "share", "occupancy"),
    "resolution_rate": Label("needs resolved", "share", "resolution", False),
    "fcr": Label("resolved at the first contact", "share", "FCR", False),
    "repeat_rate": Label("repeats among contacts", "share", "repeats", True),
    "aht_s": Label("handle time, AHT", "s", "AHT"),
    "natural_aht_s": Label("natural AHT", "s", "natural AHT"),
    "workload_hours": Label("work of agents (h)", "number", "work", True),
    "workload_per_resolution_s": Label("work for a resolved need (min)", "min", "work each", True),
    "strained_share": Label("time strained", "share", "strain", True),
    "fatigue_mean": Label("fatigue", "index", "fatigue", True),
    "csat": Label("satisfaction, CSAT", "points", "CSAT", False),
    "cost": Label("cost", "number", "cost", True),
    "cost_per_resolution": Label("cost of a resolved need", "price", "cost each", True),
    "leavers_expected": Label("expected to quit", "number", "leavers", True),
    "fte": Label("paid staff (FTE)", "staff", "FTE"),
    "paid_hours": Label("paid hours", "number", "paid h"),
    "containment_rate": Label("contained by the bot", "share", "contained"),
    "bot_resolution_rate": Label("resolved by the bot", "share", "bot resolves", False),
    "offered": Label("contacts offered to agents", "number", "offered"),
}


def label_of(measure: str) -> Label:
    """The label of a measure; one that has no words of its own keeps its name."""
    return LABELS.get(measure) or Label(measure.replace("_", " "), _kind(measure), measure)


def _kind(measure: str) -> str:
    if measure.endswith("_s"):
        return "s"
    return "share" if measure.endswith(("_rate", "_share")) else "number"


def level_words(scenario: Scenario, measure: str) -> str:
    """A measure in words; the service level with its T."""
    text = label_of(measure).text
    return f"{text} within {scenario.targets.service_level.within:g} s" if measure.startswith("sl_") else text


def value_of(estimate: Estimate | None) -> Value:
    """The first cell of an estimate as reports carry it."""
    if estimate is None:
        return Value(float("nan"), float("nan"), float("nan"))
    return Value(float(estimate.mean[0]), float(estimate.low[0]), float(estimate.high[0]))


def form_for(measure: str, values: Iterable[Value]) -> Form:
    """How the values of a measure are written beside each other."""
    return form_of(label_of(measure).kind, values)


def goal_words(scenario: Scenario, measure: str, goal: MeasureTarget) -> str:
    """A target in words, such as "abandonment at most 5 %"."""
    return f"{level_words(scenario, measure)} {'at least' if goal.at_least else 'at most'} {PERCENT.bare(goal.share)}"


def goals_words(scenario: Scenario) -> str:
    """All targets of a scenario in a sentence."""
    return f"Targets: {'; '.join(goal_words(scenario, m, goal) for m, goal in targets_of_scenario(scenario).items())}."
