"""Simulating a sweep: every point on the same customers, one after the other; each is handed over as it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.arguments import checked, refused
from sim.display import Displayed, counted, how_made
from sim.errors import NotComparableError
from sim.scenario.model import Scenario
from sim.study.compare import unlike_measures
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.sweep.points import Point, SweepPlan
from sim.study.tables import overall

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float, float]
NOT_THERE: Interval = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class PointResult:
    """What a point measures.

    Attributes
    ----------
    estimates : mean, ci_low and ci_high (95 %), by measure; nan where there is none.
    rows : (rows,) what every replication puts the measure at, by measure: their mean is the estimate, their spread its
        uncertainty (the delta method's pseudo-values). From 256 replications on a row is several of them. The command
        line keeps them only where there can be a cliff.
    """

    estimates: dict[str, Interval]
    rows: dict[str, Floats]


@dataclass(frozen=True, repr=False)
class Sweep(Displayed):
    """The points of a sweep and what they measure.

    Attributes
    ----------
    plan : the points.
    seed, replications : how each was simulated.
    outcomes : by point, in the order of the plan.
    """

    plan: SweepPlan
    seed: int
    replications: int
    outcomes: tuple[PointResult, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario with the settings that all points share."""
        return self.plan.base

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that any point has."""
        return tuple(dict.fromkeys(name for outcome in self.outcomes for name in outcome.estimates))

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point: point (from 1) and a column a swept key; shares 0 to 1, durations in seconds, else text."""
        table = pd.DataFrame({"point": [point.number for point in self.plan.points]})
        for place, key in enumerate(self.plan.keys):
            table[key.path] = self._column(place)
        return table

    def _column(self, place: int) -> list[float] | list[int] | list[str]:
        choices = [point.choices[place] for point in self.plan.points]
        numbers = [choice.number for choice in choices if choice.number is not None]
        if self.plan.keys[place].kind == "text" or len(numbers) < len(choices):
            return [choice.shown for choice in choices]
        return [int(x) for x in numbers] if all(x.is_integer() for x in numbers) else numbers

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: point, a column a swept key, measure, mean, ci_low, ci_high (95 %); one row a point and measure."""
        rows = [
            (number, name, *interval)
            for number, outcome in zip(self.points["point"], self.outcomes, strict=True)
            for name, interval in outcome.estimates.items()
        ]
        measured = pd.DataFrame(rows, columns=["point", "measure", "mean", "ci_low", "ci_high"])
        return self.points.merge(measured, on="point", how="right")

    def interval(self, place: int, measure: str) -> Interval:
        """Mean, ci_low and ci_high of a measure at a point, counted from 0; nan where it has none."""
        return self.outcomes[place].estimates.get(measure, NOT_THERE)

    @checked
    def difference(self, point: int, against: int, measure: str | None = None) -> pd.DataFrame:
        """Return what a point measures less what another does, paired by replication: the same customers.

        Parameters
        ----------
        point, against : their numbers, as in `points`.
        measure : one alone; `service_level` stands for the one that the scenario names. All that both points have,
            unless it is given; service levels that mean different things at the two points are left out.

        Returns
        -------
        pandas.DataFrame
            Indexed by measure: mean, ci_low, ci_high (95 %; nan with a single replication). A point less itself is
            exactly zero.

        Raises
        ------
        ArgumentError
            For a number that no point has.
        NotComparableError
            Where the points share no such measure, or a sweep of several keys from the command line kept no figures by
            replication.
        """
        here, there = self._place("point", point), self._place("against", against)
        unlike = unlike_measures(self.plan.points[there].scenario, self.plan.points[here].scenario)
        mine, theirs = self.outcomes[here].rows, self.outcomes[there].rows
        shared = [name for name in mine if name in theirs and name not in unlike]
        if measure is not None:
            level = self.scenario.targets.service_level.definition
            wanted = level if measure == "service_level" else measure
            shared = [name for name in shared if name == wanted]
        if not shared:
            raise NotComparableError(
                f"points {point} and {against} share no {measure or 'measure'} that was kept by replication"
            )
        return overall({m: self._estimate(here, m).minus(self._estimate(there, m)) for m in shared})

    def _place(self, name: str, number: int) -> int:
        if not 1 <= number <= len(self.outcomes):
            raise refused(name, number, f"the number of a point, from 1 to {len(self.outcomes)}")
        return number - 1

    def _estimate(self, place: int, measure: str) -> Estimate:
        mean = self.interval(place, measure)[0]
        return Estimate(np.array([mean]), (self.outcomes[place].rows[measure] - mean)[:, None])

    def _line(self) -> str:
        keys = ", ".join(key.path for key in self.plan.keys)
        return f"{self.scenario.name!r}: {counted(len(self.outcomes), 'point')} of {keys}, {how_made(self)}"


Keep = Callable[[Point, PointResult], None]


def simulate(
    plan: SweepPlan,
    options: RunOptions,
    replications: int,
    *,
    known: Mapping[int, PointResult] | None = None,
    keep: Keep | None = None,
    with_rows: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate the points of a plan that are not known yet.

    Parameters
    ----------
    plan : the points.
    options, replications : how; every point gets as many.
    known : outcomes that are there already, by the number of the point.
    keep : called with every point as it is done.
    with_rows : whether to keep what every replication says, at 8 bytes a point, measure and replication; kept anyway
        where there can be a cliff.
    progress : called with (replications done, replications in all), over the points that are not known.
    """
    outcomes = dict(known or {})
    rest = [point for point in plan.points if point.number not in outcomes]
    results = simulate_all([point.scenario for point in rest], options, replications, progress=progress)
    for point, result in zip(rest, results, strict=True):
        outcomes[point.number] = outcome_of(result, with_rows=with_rows or plan.along is not None)
        if keep is not None:
            keep(point, outcomes[point.number])
    return Sweep(plan, options.seed, replications, tuple(outcomes[point.number] for point in plan.points))


def outcome_of(result: ScenarioResult, with_rows: bool) -> PointResult:
    """What stays of a simulated scenario."""
    estimates = result.estimates.items()
    return PointResult(
        {name: (float(e.mean[0]), float(e.low[0]), float(e.high[0])) for name, e in estimates},
        {name: e.mean[0] + e.replicates[:, 0] for name, e in estimates} if with_rows else {},
    )
