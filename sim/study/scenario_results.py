"""Many scenarios on the same customers, one after the other: of each, only its estimates stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.definitions import weighted
from sim.scenario.model import Scenario
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_study, replicate
from sim.study.tables import labels

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
    slices : estimates by slice and measure, for the slices that were asked for; `labels` names their cells.
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
    scenarios: Sequence[Scenario],
    orders: RunOptions,
    replications: int,
    *,
    slices: Iterable[str] = (),
    progress: Progress | None = None,
) -> Iterator[ScenarioResult]:
    """Simulate scenarios over the same replications, one after the other.

    Parameters
    ----------
    scenarios : any number; memory does not grow with it.
    orders, replications : how; every scenario gets as many.
    slices : day, interval, intent or group, where those are wanted too.
    progress : called with (replications done, replications in all), over all scenarios.
    """
    wanted, whole = tuple(slices), len(scenarios) * replications
    for number, scenario in enumerate(scenarios):
        study = make_study(scenario, orders.parts)
        replicate([study], orders, replications, _shifted(progress, number * replications, whole))
        yield _cell(study, wanted)


def _shifted(progress: Progress | None, before: int, whole: int) -> Progress | None:
    if progress is None:
        return None

    def told(done: int, _: int) -> None:
        if done or not before:
            progress(before + done, whole)

    return told


def _cell(study: ScenarioRun, slices: tuple[str, ...]) -> ScenarioResult:
    return ScenarioResult(
        study.scenario,
        study.ledger.replications,
        study.estimates(OVERALL),
        _values(study),
        {name: study.estimates(name) for name in slices},
        {name: labels(study, name) for name in slices},
    )


def _values(study: ScenarioRun) -> dict[str, Floats]:
    counts = study.ledger.counts(OVERALL)
    found = {}
    for measure in study.measures.values():
        if OVERALL in measure.slices:
            top, bottom = (weighted(counts, part)[:, 0] for part in (measure.top, measure.bottom))
            with np.errstate(divide="ignore", invalid="ignore"):
                found[measure.name] = np.where(bottom > 0, top / bottom, np.nan)
    return found


def tidy_cell(cell: ScenarioResult) -> pd.DataFrame:
    """One row a measure: measure, mean, ci_low, ci_high."""
    rows = [(name, e.mean[0], e.low[0], e.high[0]) for name, e in cell.estimates.items()]
    return pd.DataFrame(rows, columns=["measure", "mean", "ci_low", "ci_high"])
