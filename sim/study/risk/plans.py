"""The plans that a risk study sets against each other: the file's own, staffing levels, handle-time targets, files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sim.demand.horizon import SECOND_US
from sim.errors import ArgumentError
from sim.measures import make_frame
from sim.scenario.model import Scenario
from sim.study.levels import Level, staffed
from sim.study.targets.axes import GridPlace, pace_at, scenario_at

OWN, LEVEL, FILE, BEFORE = "own", "level", "file", "before"
"""The file's own plan, one at a staffing level or handle-time target, another file's, and the centre as it was."""


@dataclass(frozen=True)
class RiskPlan:
    """A plan.

    Attributes
    ----------
    name : as a planner calls it, such as "90 %".
    kind : own, level, file or before.
    scenario : what it is, at the values that the files give.
    base : the scenario whose staffing or handle-time target it changes; itself where it changes none.
    fte : rostered full-time equivalents, from the plan of shifts; nan without `fte_hours`.
    """

    name: str
    kind: str
    scenario: Scenario
    base: Scenario
    fte: float

    @cached_property
    def changes(self) -> tuple[str, ...]:
        """The sections in which it differs from its base."""
        fields = type(self.scenario).model_fields
        return tuple(name for name in fields if getattr(self.scenario, name) != getattr(self.base, name))


def make_plans(
    scenario: Scenario,
    before: Scenario | None,
    files: Iterable[Scenario],
    levels: Sequence[Level],
    paces: Sequence[float],
) -> tuple[RiskPlan, ...]:
    """The plans, the file's own first and the centre as it was last; the same staffing and target once.

    Parameters
    ----------
    scenario : the file.
    before : the centre as it was.
    files : other scenarios; each is judged by the targets of the file.
    levels : staffing levels of the file.
    paces : handle-time targets (s), set with the file's own staffing and with every level.

    Raises
    ------
    ArgumentError
        Where two plans have one name.
    """
    scenario = _bare(scenario, scenario)
    plans = [RiskPlan(scenario.name, OWN, scenario, scenario, fte_of(scenario))]
    for name, changed in _changed(scenario, levels, paces):
        if all(changed != plan.scenario for plan in plans):
            plans.append(RiskPlan(name, LEVEL, changed, scenario, fte_of(changed)))
    others = [(FILE, other) for other in files] + ([(BEFORE, before)] if before is not None else [])
    for kind, other in others:
        alone = _bare(other, scenario)
        plans.append(RiskPlan(other.name, kind, alone, alone, fte_of(alone)))
    names = [plan.name for plan in plans]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ArgumentError(f"plans: {twice[0]!r} is the name of two of them. Give each scenario a name of its own")
    return tuple(plans)


def make_plan(scenario: Scenario, plan: Scenario, name: str) -> RiskPlan:
    """A plan that is the file with other keys: what it does not change is drawn, and fitted, as the file's own."""
    base, changed = _bare(scenario, scenario), _bare(plan, scenario)
    return RiskPlan(name, LEVEL, changed, base, fte_of(changed))


def _changed(scenario: Scenario, levels: Sequence[Level], paces: Sequence[float]) -> Iterable[tuple[str, Scenario]]:
    """Every level with the file's own handle-time target, then everything with each of the others."""
    for level in levels:
        yield level.name, staffed(scenario, level)
    for target in map(pace_at, paces):
        for level in (Level("", {}), *levels):
            name = ", ".join(part for part in (level.name, f"target {target.name}") if part)
            yield name, scenario_at(scenario, GridPlace(level, target, None))


def fte_of(scenario: Scenario) -> float:
    """Rostered full-time equivalents of a plan, overtime left out."""
    whole = scenario.calendar.weeks() * scenario.fte_hours * SECOND_US
    return float(make_frame(scenario).grid.group_paid_us.sum()) / whole if whole > 0.0 else math.nan


def _bare(scenario: Scenario, of: Scenario) -> Scenario:
    """A scenario without its beliefs, judged by the targets of another."""
    return scenario.model_copy(update={"beliefs": None, "targets": of.targets})
