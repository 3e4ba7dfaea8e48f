"""Attrition: agents who quit (docs/evidence.md, section 9)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from pydantic import model_validator

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Declared, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.faults import bad
from sim.schema.values import DAY_S, AnyNumber, NonNegative, Positive, PositiveSeconds, Share, finite

_OWN = "assumption (evidence 9)"
WEEKS_A_YEAR = 52.0
MOST_BARE = 5.0
"""A bare number above this is a percentage whose sign was forgotten: nobody has a turnover of 500 %."""
PERIODS = {"yearly": 1.0, "monthly": 12.0}
"""How turnover may be written in place of the weekly hazard: leavers over average heads, and how often a year."""

TURNOVER_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\s*[0-9]*\.?[0-9]+\.?\s*%?\s*$"},
    ],
    "description": "Leavers of the period over average heads, such as 31%; may be above 100%",
}


class Attrition(Section):
    """Agents who quit: a weekly hazard that rises with fatigue."""

    weekly: Share = param(
        0.0060,
        "Share of agents who quit in a week; or yearly or monthly in its place: leavers over average heads",
        source="Metrigy 2024: 31 % of heads a year",
        grade="S",
    )
    fatigue_slope: AnyNumber = param(0.25, "Log of the hazard + k (fatigue - reference) / sd", source=_OWN, grade="A")
    reference: Share = param(0.20, "Mean fatigue at which the weekly share holds", source=_OWN, grade="A")
    sd: Positive = param(0.10, "Spread of mean fatigue between agents", source=_OWN, grade="A")
    new_factor: NonNegative = param(2.5, "Hazard of new agents x this", source=_OWN, grade="A")
    new_for: PositiveSeconds = param(90 * DAY_S, "How long an agent is new", source=_OWN, grade="A")
    assistant: NonNegative = param(
        0.8, "Hazard of new agents with an assistant x this", source="Brynjolfsson, Li & Raymond 2025", grade="W"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_turnover(cls, value: Any) -> Any:
        """Put the weekly hazard in the place of a turnover."""
        return _as_weekly(value) if isinstance(value, dict) else value


def weekly_hazard(turnover: float, times_a_year: float) -> float:
    """Return the weekly hazard behind a turnover: leavers of a period over average heads, so many periods a year.

    Average heads are kept up by hiring, so that the hazard meets as many heads every week.
    """
    return turnover * times_a_year / WEEKS_A_YEAR


def gone_after_a_year(hazard: float) -> float:
    """Return the share of those there at the start who have gone after a year: the other reading of a turnover."""
    return float(1.0 - (1.0 - hazard) ** WEEKS_A_YEAR)


def _as_weekly(section: dict[str, Any]) -> dict[str, Any]:
    written = [name for name in ("weekly", *PERIODS) if name in section]
    if len(written) > 1:
        raise bad(f"stands beside {written[0]}", "Write one of weekly, monthly and yearly", at=(written[1],))
    if not written or written == ["weekly"]:
        return section
    (name,) = written
    hazard = weekly_hazard(read_turnover(section[name], at=(name,)), PERIODS[name])
    if hazard > 1.0:
        most = 100.0 * WEEKS_A_YEAR / PERIODS[name]
        raise bad("is more than everybody every week", f"At most {most:g}%", section[name], at=(name,))
    return {key: value for key, value in section.items() if key != name} | {"weekly": hazard}


def read_turnover(value: Any, at: tuple[str, ...] = ()) -> float:
    """Return leavers over average heads, written 0.31, 31% or 130%; `at` is where it stands in what is read."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    try:
        number = float(value.strip().rstrip("%")) if isinstance(value, str) else finite(value, "share")
    except (ValueError, OverflowError):
        raise bad("is not a turnover", "Write leavers over average heads, such as 31%", value, at=at) from None
    if not 0.0 <= number < math.inf:
        raise bad("is not a turnover", "Write leavers over average heads, such as 31%", value, at=at)
    if number > MOST_BARE and not isinstance(value, str):
        fix = f"Write leavers over average heads, such as 0.31 or 31%. Did you mean {number:g}%?"
        raise bad(f"is {100 * number:g} %", fix, value, at=at)
    return number / 100.0 if percent else number


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
    """Say what a turnover comes to, and what it means that nobody tires."""
    section, written = checked.scenario.attrition, [n for n in PERIODS if checked.reporter.exact(("attrition", n))]
    if section is not None and written:
        checked.reporter.note(
            f"attrition.{written[0]}: leavers over average heads, so {100 * section.weekly:.2f} % quit in a week "
            "(agents at the reference fatigue who are not new); of those there at the start "
            f"{100 * gone_after_a_year(section.weekly):.0f} % have gone after a year"
        )
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
