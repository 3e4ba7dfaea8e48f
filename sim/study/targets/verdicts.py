"""How a cell stands to the targets, which cell to choose, and where a tighter handle-time target stops paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.scenario.targets import CLOSE, MET, MISSED, MeasureTarget, judge
from sim.study.estimates import Estimate
from sim.study.scenario_results import ScenarioResult
from sim.study.targets.axes import seconds_of

ALIKE = 0.005
"""A share of the price that decides nothing between cells: a whole row differs by overtime only."""
WORK = "workload_per_resolution_s"
RESOLVED = "resolution_rate"


@dataclass(frozen=True)
class Judged:
    """How a cell stands to every target.

    Attributes
    ----------
    verdicts : met or missed where the whole 95 % interval says so; else too close to call.
    chances : the share of replications, each as long as the days measured, that miss the target by themselves.
    """

    verdicts: dict[str, str]
    chances: dict[str, float]

    @property
    def all_met(self) -> bool:
        """Whether every target is met beyond luck."""
        return all(verdict == MET for verdict in self.verdicts.values())

    @property
    def missed(self) -> list[str]:
        """The targets that are missed beyond luck."""
        return [measure for measure, verdict in self.verdicts.items() if verdict == MISSED]

    @property
    def close(self) -> list[str]:
        """The targets that are too close to call."""
        return [measure for measure, verdict in self.verdicts.items() if verdict == CLOSE]


def judged(result: ScenarioResult, targets: Mapping[str, MeasureTarget]) -> Judged:
    """Hold a cell to its targets."""
    verdicts = {m: judge(_interval(result.estimates[m]), target) for m, target in targets.items()}
    return Judged(verdicts, {m: _chance(result.values[m], target) for m, target in targets.items()})


def _interval(estimate: Estimate) -> tuple[float, float, float]:
    return float(estimate.mean[0]), float(estimate.low[0]), float(estimate.high[0])


def _chance(values: np.ndarray, target: MeasureTarget) -> float:
    known = values[~np.isnan(values)]
    return float(np.mean([not target.met(float(value)) for value in known])) if known.size else float("nan")


def price(result: ScenarioResult) -> float:
    """What a cell costs over the days measured: money where the file counts it, else paid hours."""
    costs = result.scenario.costs
    return result.mean("cost" if costs is not None and costs.agent_hour > 0 else "paid_hours")


def cheapest(results: Sequence[ScenarioResult], standings: Sequence[Judged]) -> int | None:
    """The cheapest cell that meets all targets; of those nearly as cheap, the one that asks least of agents.

    They are hurried least there; and of those hurried alike, have fewest chats in hand at once.
    """
    good = [k for k, standing in enumerate(standings) if standing.all_met]
    least = min((price(results[k]) for k in good), default=0.0)
    alike = [k for k in good if price(results[k]) <= least * (1.0 + ALIKE)]
    return min(alike, key=lambda k: (*_asked(results[k]), round(price(results[k]), 6), k), default=None)


def fewer_resolved(result: ScenarioResult, earlier: ScenarioResult) -> Estimate | None:
    """By how much a share of needs, the bot's included, is resolved less than before; None where it is not clear.

    Clear is what the whole paired 95 % interval says; a single replication says nothing.
    """
    change = result.change(earlier, RESOLVED)
    return change if change is not None and float(change.high[0]) < 0.0 else None


def _asked(result: ScenarioResult) -> tuple[float, int]:
    """What a cell asks of agents: from a loose target to a tight one, from few chats at once to many."""
    return -_target(result), max(group.highest_concurrency for group in result.scenario.agents.values())


def _target(result: ScenarioResult) -> float:
    return seconds_of(result.scenario.pace.target if result.scenario.pace is not None else None)


def closest(
    results: Sequence[ScenarioResult], standings: Sequence[Judged], targets: Mapping[str, MeasureTarget]
) -> int:
    """The cell whose worst miss is smallest; of those that miss nothing by their means, the cheapest."""
    shortfalls = [max(max(0.0, -target.slack(result.mean(m))) for m, target in targets.items()) for result in results]
    return min(range(len(results)), key=lambda k: (_rank(shortfalls[k]), round(price(results[k]), 6), k))


def _rank(shortfall: float) -> float:
    return float("inf") if np.isnan(shortfall) else shortfall


def best_attainable(results: Sequence[ScenarioResult], measure: str, target: MeasureTarget) -> int:
    """The cell in which a measure comes closest to its target, or passes it by most."""
    slacks = [target.slack(result.mean(measure)) for result in results]
    return int(np.nanargmax(slacks)) if not np.isnan(slacks).all() else 0


def stops_paying(results: Sequence[ScenarioResult]) -> int:
    """Of cells from no target to the tightest, the last whose target clearly saved work a resolved need.

    A step pays where the paired 95 % interval of its change in work for a resolved need lies below zero.
    """
    last = 0
    for k in range(1, len(results)):
        change = results[k].change(results[last], WORK)
        if change is None or not _below_zero(change):
            break
        last = k
    return last


def _below_zero(change: Estimate) -> bool:
    high = float(change.high[0])
    return high < 0.0 if not np.isnan(high) else float(change.mean[0]) < 0.0
