"""How a cell stands to the goals, which cell to choose, and where a tighter handle-time target stops paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.scenario.targets import MeasureTarget
from sim.study.estimates import Estimate
from sim.study.judge import CLOSE, MET, MISSED, judge
from sim.study.scenario_results import ScenarioResult
from sim.study.targets.axes import seconds_of

ALIKE = 0.005
"""A share of the price that decides nothing between cells: a whole row differs by overtime only."""
WORK = "workload_per_resolution_s"


@dataclass(frozen=True)
class Judged:
    """How a cell stands to every goal.

    Attributes
    ----------
    verdicts : met or missed where the whole 95 % interval says so; else too close to call.
    chances : the share of replications, each as long as the days measured, that miss the goal by themselves.
    """

    verdicts: dict[str, str]
    chances: dict[str, float]

    @property
    def all_met(self) -> bool:
        """Whether every goal is met beyond luck."""
        return all(verdict == MET for verdict in self.verdicts.values())

    @property
    def missed(self) -> list[str]:
        """The goals that are missed beyond luck."""
        return [measure for measure, verdict in self.verdicts.items() if verdict == MISSED]

    @property
    def close(self) -> list[str]:
        """The goals that are too close to call."""
        return [measure for measure, verdict in self.verdicts.items() if verdict == CLOSE]


def judged(cell: ScenarioResult, goals: Mapping[str, MeasureTarget]) -> Judged:
    """Hold a cell to its goals."""
    verdicts = {m: judge(_interval(cell.estimates[m]), goal) for m, goal in goals.items()}
    return Judged(verdicts, {m: _chance(cell.values[m], goal) for m, goal in goals.items()})


def _interval(estimate: Estimate) -> tuple[float, float, float]:
    return float(estimate.mean[0]), float(estimate.low[0]), float(estimate.high[0])


def _chance(values: np.ndarray, goal: MeasureTarget) -> float:
    known = values[~np.isnan(values)]
    return float(np.mean([not goal.met(float(value)) for value in known])) if known.size else float("nan")


def price(cell: ScenarioResult) -> float:
    """What a cell costs over the days measured: money where the file counts it, else paid hours."""
    costs = cell.scenario.costs
    return cell.mean("cost" if costs is not None and costs.agent_hour > 0 else "paid_hours")


def cheapest(cells: Sequence[ScenarioResult], found: Sequence[Judged]) -> int | None:
    """The cheapest cell that meets all goals; of those nearly as cheap, the one that hurries agents least."""
    good = [k for k, each in enumerate(found) if each.all_met]
    least = min((price(cells[k]) for k in good), default=0.0)
    alike = [k for k in good if price(cells[k]) <= least * (1.0 + ALIKE)]
    return min(alike, key=lambda k: (-_target(cells[k]), round(price(cells[k]), 6), k), default=None)


def _target(cell: ScenarioResult) -> float:
    return seconds_of(cell.scenario.pace.target if cell.scenario.pace is not None else None)


def closest(cells: Sequence[ScenarioResult], found: Sequence[Judged], goals: Mapping[str, MeasureTarget]) -> int:
    """The cell whose worst miss is smallest; of those that miss nothing by their means, the cheapest."""
    shortfalls = [max(max(0.0, -goal.slack(cell.mean(m))) for m, goal in goals.items()) for cell in cells]
    order = sorted(range(len(cells)), key=lambda k: (_rank(shortfalls[k]), round(price(cells[k]), 6), k))
    return order[0]


def _rank(shortfall: float) -> float:
    return float("inf") if np.isnan(shortfall) else shortfall


def best_attainable(cells: Sequence[ScenarioResult], measure: str, goal: MeasureTarget) -> int:
    """The cell in which a measure comes closest to its goal, or passes it by most."""
    slacks = [goal.slack(cell.mean(measure)) for cell in cells]
    return int(np.nanargmax(slacks)) if not np.isnan(slacks).all() else 0


def stops_paying(cells: Sequence[ScenarioResult]) -> int:
    """Of cells from no target to the tightest, the last whose target clearly saved work a resolved need.

    A step pays where the paired 95 % interval of its change in work for a resolved need lies below zero.
    """
    last = 0
    for k in range(1, len(cells)):
        change = cells[k].change(cells[last], WORK)
        if change is None or not _below_zero(change):
            break
        last = k
    return last


def _below_zero(change: Estimate) -> bool:
    high = float(change.high[0])
    return high < 0.0 if not np.isnan(high) else float(change.mean[0]) < 0.0
