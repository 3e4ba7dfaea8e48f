"""How many can go where the targets alone count, taken from the roster of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.decide.plans import Cut, cut_by_group, cut_to, fte_by_group
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.staffing.no_worse import heads_of
from sim.study.targets.verdicts import judged

STEPS = 8


@dataclass(frozen=True)
class FreedAtTargets:
    """Staff that can go where the targets alone count, below 0 where more are needed.

    Attributes
    ----------
    cut : of the roster; nobody where targets are missed.
    fte, heads : in whole agents, and in whole people by group.
    missed : the targets that not even twice the roster meets.
    """

    cut: Cut
    fte: float
    heads: int
    missed: tuple[str, ...] = ()


def freed_at_targets(
    keep: Scenario,
    by_group: Mapping[str, float],
    targets: Mapping[str, MeasureTarget],
    options: RunOptions,
    replications: int,
) -> FreedAtTargets:
    """The largest cut of a roster with which every target is met over all days, beyond luck; by bisection.

    Parameters
    ----------
    keep : AFTER with the whole roster of BEFORE.
    by_group : FTE that go first, by group; all further ones go from every group in proportion.
    targets : of AFTER, at least one.
    options, replications : how.
    """
    whole = sum(fte_by_group(keep).values())

    def at(freed: float) -> ScenarioResult:
        return next(simulate_all([cut_to(keep, cut_by_group(keep, freed, by_group))], options, replications))

    low, high = -whole, whole
    most = judged(at(low), targets)
    if not most.all_met:
        return FreedAtTargets(Cut(0.0, {}), 0.0, 0, (*most.missed, *most.close))
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if judged(at(middle), targets).all_met else (low, middle)
    return _freed(keep, cut_by_group(keep, low, by_group))


def _freed(keep: Scenario, cut: Cut) -> FreedAtTargets:
    own, left = fte_by_group(keep), fte_by_group(cut_to(keep, cut))
    gone = {name: fte - left[name] for name, fte in own.items()}
    heads = sum(heads_of(fte, keep.agents[name].contract_share) for name, fte in gone.items())
    return FreedAtTargets(cut, sum(gone.values()), heads)
