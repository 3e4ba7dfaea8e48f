"""Many scenarios on the same customers, one after the other: of each, only its estimates stay."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.scenario.model import Scenario
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate_each
from sim.study.tables import labels, overall, own_values

Floats = npt.NDArray[np.float64]
OVERALL = "overall"


@dataclass(frozen=True)
class ScenarioResult:
    """What a scenario measures.

    Attributes
    ----------
    replications : how many it rests on.
    estimates : over all days, by measure.
    values : (rows,) every replication's own value, by measure; nan where it has none. From 256 replications on a row
        is several of them (`sim.study.tallies`).
    slices, labels : estimates by slice and measure, for the slices that were asked for; what names their cells.
    """

    scenario: Scenario
    replications: int
    estimates: dict[str, Estimate]
    values: dict[str, Floats]
    slices: dict[str, dict[str, Estimate]] = field(default_factory=dict)
    labels: dict[str, pd.DataFrame] = field(default_factory=dict)

    def mean(self, measure: str) -> float:
        """The estimate of a measure over all days; nan where there is none."""
        return float(self.estimates[measure].mean[0]) if measure in self.estimates else float("nan")

    def change(self, other: ScenarioResult, measure: str) -> Estimate | None:
        """The paired difference from another scenario on the same customers; None where one of them has no value."""
        if measure not in self.estimates or measure not in other.estimates:
            return None
        return self.estimates[measure].minus(other.estimates[measure])


def simulate_all(
    scenarios: Iterable[Scenario],
    options: RunOptions,
    replications: int,
    *,
    count: int | None = None,
    slices: Iterable[str] = (),
    progress: Progress | None = None,
) -> Generator[ScenarioResult]:
    """Simulate scenarios over the same replications; each is handed over while the next ones are simulated.

    Parameters
    ----------
    scenarios : any number; memory does not grow with it. They are taken a few ahead of what is handed over.
    options, replications : how; every scenario gets as many.
    count : how many scenarios there are, where they are made one by one.
    slices : day, interval, intent or group, where those are wanted too.
    progress : called with (replications done, replications in all), over all scenarios.
    """
    names = tuple(slices)
    if count is None:
        scenarios = list(scenarios)
        count = len(scenarios)
    runs = (make_run(scenario, options.parts, slices=names) for scenario in scenarios)
    with closing(replicate_each(runs, options, replications, count, progress)) as done:
        for run in done:
            yield _result(run, names)


def shifted(progress: Progress | None, before: int, whole: int) -> Progress | None:
    """Progress of a part of the work, said of the whole: so much comes before it."""
    if progress is None:
        return None

    def of_part(done: int, _: int) -> None:
        if done or not before:
            progress(before + done, whole)

    return of_part


def _result(run: ScenarioRun, slices: tuple[str, ...]) -> ScenarioResult:
    return ScenarioResult(
        run.scenario,
        run.tallies.replications,
        run.estimates(OVERALL),
        own_values(run),
        {name: run.estimates(name) for name in slices},
        {name: labels(run, name) for name in slices},
    )


def tidy_result(result: ScenarioResult) -> pd.DataFrame:
    """One row a measure: measure, mean, ci_low, ci_high."""
    return overall(result.estimates).reset_index()
