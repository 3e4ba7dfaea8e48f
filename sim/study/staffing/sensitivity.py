"""How much of a number of agents rests on assumption: weak and assumed numbers put to the ends of their ranges.

A search for every end would take hours. The requirement at an end is taken as that of the scenario times the ratio of
two guesses, each from the simulated offered load at ample staffing; what a number does to patience and to the load is
in it, what it does to the pooling of groups is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import Progress, RunOptions
from sim.study.staffing.erlang_start import guess, offered_load
from sim.study.staffing.plan import Span, StaffingProblem, make_ground
from sim.study.uncertain_parameters import UncertainParameter, uncertain_parameters

MOST_SHOWN = 3


@dataclass(frozen=True)
class StaffingSensitivity:
    """A number of weak or assumed size, and what its ends do: the agents required, as a multiple of those expected."""

    doubt: UncertainParameter
    low: float
    high: float

    @property
    def size(self) -> float:
        """The larger of the two distances from 1."""
        return max(abs(self.low - 1.0), abs(self.high - 1.0))


@dataclass(frozen=True)
class StaffingSensitivities:
    """The numbers that move the requirement most, the most influential first; how many were considered."""

    swings: tuple[StaffingSensitivity, ...]
    considered: int

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest multiple found, one number at a time."""
        ends = [1.0, *(end for swing in self.swings for end in (swing.low, swing.high))]
        return min(ends), max(ends)


def sureness(
    scenario: Scenario,
    ground: StaffingProblem,
    goals: Mapping[str, MeasureTarget],
    each: Span,
    orders: RunOptions,
    progress: Progress | None = None,
) -> StaffingSensitivities:
    """What every weak or assumed number does to the agents that a scenario needs."""
    base = _hours(ground, goals, each, orders)
    open_to = uncertain_parameters(scenario) if base > 0.0 else []
    found = []
    for done, doubt in enumerate(open_to):
        if progress:
            progress(done, len(open_to))
        ends = (_hours(make_ground(end.scenario, ground.by), goals, each, orders) / base for end in doubt.ends)
        found.append(StaffingSensitivity(doubt, *ends))
    order = sorted(range(len(found)), key=lambda k: -found[k].size)
    return StaffingSensitivities(tuple(found[k] for k in order if found[k].size > 0.0)[:MOST_SHOWN], len(found))


def _hours(ground: StaffingProblem, goals: Mapping[str, MeasureTarget], each: Span, orders: RunOptions) -> float:
    return ground.agent_hours(guess(ground, offered_load(ground, orders), goals, each))
