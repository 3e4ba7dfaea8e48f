"""Satisfaction of a customer with a need, 0 to 100 (docs/evidence.md, section 9)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Declared, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.values import NonNegative, Seconds

_OWN = "assumption (evidence 9)"


class Csat(Section):
    """Satisfaction with a need, 0 to 100: points taken off for what happened on the way."""

    start: NonNegative = param(85.0, "Points of a need resolved at once, without a wait", source=_OWN, grade="A")
    contact: NonNegative = param(15.0, "Off for each contact beyond the first", source="SQM: -15", grade="M")
    unresolved: NonNegative = param(25.0, "Off if the need stays unresolved", source=_OWN, grade="A")
    transferred: NonNegative = param(12.0, "Off if the customer was sent to another agent", source=_OWN, grade="A")
    per_minute: NonNegative = param(1.5, "Off for each minute waited beyond wait_grace", source=_OWN, grade="A")
    wait_grace: Seconds = param(60.0, "Wait that costs nothing", source=_OWN, grade="A")
    most_for_waiting: NonNegative = param(12.0, "Off for waiting, at most", source=_OWN, grade="A")
    bot: NonNegative = param(
        8.0,
        "Off if a bot handled it, at an equal outcome",
        source="Castelo 2023: direction",
        grade="A",
    )
    frustration: NonNegative = param(15.0, "Off for each unit of frustration at the end", source=_OWN, grade="A")
    fatigue: NonNegative = param(6.0, "Off for each unit of the agent's fatigue", source=_OWN, grade="A")
    cuts: NonNegative = param(3.0, "Off after a round of redundancies", source=_OWN, grade="A")
    trust: NonNegative = param(10.0, "Off for each unit of trust lost", source=_OWN, grade="A")


class Points(NamedTuple):
    """Points taken off from `start`; `cuts` is 0 where there were none; `trust_start` is that of a new customer."""

    start: float
    contact: float
    unresolved: float
    transferred: float
    per_minute: float
    wait_grace_s: float
    most_for_waiting: float
    bot: float
    frustration: float
    fatigue: float
    cuts: float
    trust: float
    trust_start: float


@compiled
def waiting_points(points: Points, waited_s: float) -> float:
    """Points that a wait costs: each minute beyond the grace, up to a limit."""
    minutes = max(waited_s - points.wait_grace_s, 0.0) / 60.0
    return min(points.per_minute * minutes, points.most_for_waiting)


@compiled
def satisfaction(
    points: Points,
    contacts: int,
    unresolved: bool,
    transferred: bool,
    waited_s: float,
    by_bot: bool,
    frustration: float,
    fatigue: float,
    trust_lost: float,
) -> float:
    """Satisfaction with a need.

    CsatParameters
    ----------
    contacts : attempts of the customer; waited_s : time in the queue (s), over all of them.
    by_bot : whether the bot closed the last of them as done.
    frustration, fatigue : of the customer at the end, and of the last agent; trust_lost : since the start.
    """
    left = points.start - points.contact * (contacts - 1) - points.cuts - waiting_points(points, waited_s)
    left -= points.unresolved * unresolved + points.transferred * transferred + points.bot * by_bot
    left -= points.frustration * frustration + points.fatigue * fatigue + points.trust * trust_lost
    return min(max(left, 0.0), 100.0)


class CsatParameters(NamedTuple):
    """The engines read nothing of it."""


def law(_section: Csat, _numbers: Numbers) -> CsatParameters:
    """Turn the section into numbers."""
    return CsatParameters()


def points_of(scenario: Any) -> Points:
    """What satisfaction loses points by in a scenario that has it."""
    section, force = scenario.csat, scenario.workforce
    after_cuts = force is not None and force.redundancy is not None
    return Points(
        section.start,
        section.contact,
        section.unresolved,
        section.transferred,
        section.per_minute,
        section.wait_grace,
        section.most_for_waiting,
        section.bot,
        section.frustration,
        section.fatigue,
        section.cuts if after_cuts else 0.0,
        section.trust,
        scenario.trust.start if scenario.trust else 0.0,
    )


def check(checked: Checked) -> None:
    """Say where points beyond the scale are cut."""
    start = checked.scenario.csat.start
    if start > 100:
        checked.reporter.note(f"csat.start is {start:g}: satisfaction is cut at 100")


MECHANISM = Mechanism(
    "csat",
    Csat,
    CsatParameters,
    law,
    outcome=True,
    measures=(Declared("csat", "csat", "points", {"csat": 1.0}, "demand", "queue"),),
    null={"csat.frustration": 0.0, "csat.fatigue": 0.0, "csat.trust": 0.0},
    neutral={},
    check=check,
)
