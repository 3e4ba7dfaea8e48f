"""Heads at the start: how many people stand behind a roster, what they are paid, and what they are drawn from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import HOUR_US, make_horizon
from sim.engine.agents import Hiring, hiring_of
from sim.engine.parameter_table import make_parameter_table
from sim.engine.plan import make_roster
from sim.facts.headcount import HAIR, ahead_of
from sim.measures import make_frame
from sim.mechanisms.attrition import Attrition
from sim.scenario.model import Group, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class StartingHeads:
    """People at the start, (groups,) each.

    Attributes
    ----------
    heads : as the file gives them, else `rostered`.
    rostered : FTE of the file's roster / contract share, rounded up, and no fewer than are ever at work at once.
    paid_h : paid hours of the file's roster a week.
    """

    heads: Ints
    rostered: Ints
    paid_h: Floats

    @property
    def behind(self) -> Floats:
        """Heads behind the file's roster, by which it is scaled: those at the start; without any, `rostered`."""
        return np.maximum(np.where(self.heads > 0, self.heads, self.rostered), 1).astype(np.float64)


def starting_heads(scenario: Scenario) -> StartingHeads:
    """Return who is there at the start."""
    frame, weeks = make_frame(scenario), scenario.calendar.weeks()
    paid_h = frame.scheduled_total_us / (1.0 - frame.shrinkage) / HOUR_US / weeks
    groups = list(scenario.agents.values())
    fte = paid_h * 3600.0 / scenario.fte_hours
    least = [math.ceil(f / group.contract_share - HAIR) for f, group in zip(fte, groups, strict=True)]
    rostered = np.array([max(n, _at_once(scenario, g)) for n, g in zip(least, groups, strict=True)], np.int64)
    given = ahead_of(scenario).heads
    heads = np.array([given.get(g.name, n) for n, g in zip(rostered.tolist(), groups, strict=True)], np.int64)
    return StartingHeads(heads, rostered, paid_h)


def _at_once(scenario: Scenario, group: Group) -> int:
    """The most agents of a group that are on the queue at once, or work on one weekday."""
    if group.shifts is not None:
        return max(sum(shift.count for shift in group.shifts if day in shift.days) for day in range(7))
    assert group.staff is not None
    return max((max(group.staff.of(day, scenario.calendar), default=0) for day in scenario.calendar.dates()), default=0)


def people_drawn_from(scenario: Scenario) -> Hiring:
    """Return what people are drawn from; their time in the job too where nothing but their leaving reads it."""
    horizon = make_horizon(scenario)
    reads = scenario.model_copy(update={"attrition": scenario.attrition or Attrition()})
    return hiring_of(make_parameter_table(reads, horizon), make_roster(scenario, horizon))
