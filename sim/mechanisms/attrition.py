"""Attrition: agents who quit (docs/evidence.md, section 9)."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Declared, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.values import DAY_S, AnyNumber, NonNegative, Positive, PositiveSeconds, Share

_OWN = "assumption (evidence 9)"


class Attrition(Section):
    """Agents who quit: a weekly hazard that rises with fatigue."""

    weekly: Share = param(
        0.0060, "Share of agents who quit in a week", source="Metrigy 2024: 31 % of heads a year", grade="S"
    )
    fatigue_slope: AnyNumber = param(0.25, "Log of the hazard + k (fatigue - reference) / sd", source=_OWN, grade="A")
    reference: Share = param(0.20, "Mean fatigue at which the weekly share holds", source=_OWN, grade="A")
    sd: Positive = param(0.10, "Spread of mean fatigue between agents", source=_OWN, grade="A")
    new_factor: NonNegative = param(2.5, "Hazard of new agents x this", source=_OWN, grade="A")
    new_for: PositiveSeconds = param(90 * DAY_S, "How long an agent is new", source=_OWN, grade="A")
    assistant: NonNegative = param(
        0.8, "Hazard of new agents with an assistant x this", source="Brynjolfsson, Li & Raymond 2025", grade="W"
    )


class Quitting(NamedTuple):
    """The weekly hazard at the reference fatigue, and what changes it; `new_for_s` is a tenure (s)."""

    weekly: float
    slope: float
    reference: float
    sd: float
    new_factor: float
    new_for_s: float
    assistant: float


@compiled
def quit_hazard(law: Quitting, fatigue: float, tenure_s: float, assisted: bool) -> float:
    """Chance, a week, that an agent quits who is so tired on average: weekly x exp(slope (F - reference) / sd)."""
    hazard = law.weekly * math.exp(law.slope * (fatigue - law.reference) / law.sd)
    if tenure_s >= law.new_for_s:
        return hazard
    return hazard * law.new_factor * (law.assistant if assisted else 1.0)


class AttritionParameters(NamedTuple):
    """The engines read nothing of it."""


def law(_section: Attrition, _numbers: Numbers) -> AttritionParameters:
    """Turn the section into numbers."""
    return AttritionParameters()


def quitting_of(section: Attrition) -> Quitting:
    """The hazard of a section."""
    return Quitting(
        section.weekly,
        section.fatigue_slope,
        section.reference,
        section.sd,
        section.new_factor,
        section.new_for,
        section.assistant,
    )


def check(checked: Checked) -> None:
    """Say what it means that nobody tires."""
    if checked.scenario.fatigue is None and not checked.reporter.failed("fatigue"):
        checked.reporter.note("attrition: fatigue is off, so that everybody quits as if never tired")


MECHANISM = Mechanism(
    "attrition",
    Attrition,
    AttritionParameters,
    law,
    outcome=True,
    measures=(
        Declared("leavers_expected", "attrition", "level", {"leavers": 1.0}, "replications", "overall and group"),
        Declared("replacement_cost", "attrition", "money", {"leavers": 1.0}, "replications", "overall and group"),
    ),
    null={"attrition.fatigue_slope": 0.0},
    neutral={"weekly": 1},
    check=check,
)
