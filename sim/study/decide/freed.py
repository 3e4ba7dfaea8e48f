"""How many can go where the targets alone count, taken from the roster of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.decide.plans import Cut, cut_of, cut_of_fte, cut_to, fte_by_group
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all
from sim.study.targets.verdicts import Judged, judged

STEPS = 8


@dataclass(frozen=True)
class FreedAtTargets:
    """Staff that can go where the targets alone count.

    Attributes
    ----------
    cut : of the roster; people below 0 are needed, and nobody goes where targets are missed.
    missed : the targets that not even twice the roster meets.
    """

    cut: Cut
    missed: tuple[str, ...] = ()


def freed_at_targets(
    keep: Scenario,
    first: Mapping[str, float],
    targets: Mapping[str, MeasureTarget],
    options: RunOptions,
    replications: int,
) -> FreedAtTargets:
    """The largest cut of a roster with which every target is met over all days, beyond luck; by bisection.

    Parameters
    ----------
    keep : AFTER with the whole roster of BEFORE.
    first : FTE that go first, by group; all further ones go from every group in proportion.
    targets : of AFTER, at least one.
    options, replications : how.
    """
    seen: dict[tuple[int, ...], Judged] = {}

    def at(cut: Cut) -> Judged:
        key = tuple(cut.people.values())
        if key not in seen:
            seen[key] = judged(next(simulate_all([cut_to(keep, cut)], options, replications)), targets)
        return seen[key]

    whole = sum(fte_by_group(keep).values())
    low, high = -whole, whole
    most = at(cut_of_fte(keep, low, first))
    if not most.all_met:
        return FreedAtTargets(cut_of(keep, {}), (*most.missed, *most.close))
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if at(cut_of_fte(keep, middle, first)).all_met else (low, middle)
    return FreedAtTargets(cut_of_fte(keep, low, first))
