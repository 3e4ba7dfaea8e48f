"""The closing step of deferred work: agents with whom items take as long as they took, over the days of the log."""

from __future__ import annotations

import math

import pandas as pd

from sim.calibrate.closing_checks import handled_erlangs
from sim.calibrate.document import DocumentOptions, Period, document_of, period_of, staff_of
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.reading.import_log import refused
from sim.calibrate.staffing_closure import StaffingClosure, falling_root
from sim.loading.load import loads
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

LEAST, MOST, STRIDE = 0.8, 4.0, 1.1
PRECISE, CLOSE = 0.004, 0.1
DAYS, REPLICATIONS = 56, 12
CHANCE = 2.0
SHORT = 0.95
"""Agents who are said to be there have to do at least this share of what was done."""


def close_items(fits: FittedCentre, dates: pd.DatetimeIndex, path: str, jobs: int | None = None) -> StaffingClosure:
    """Choose the staffing with which the log's own turnaround comes out; the given one stays.

    Parameters
    ----------
    dates : of the log.

    Raises
    ------
    ExportError
        Where no staffing gives it, or the agents said cannot do what was done.
    """
    assert fits.items is not None
    seen, results = fits.items.turnaround_h, dict[float, ScenarioResult]()
    period = period_of(fits, dates[:DAYS])

    def off(factor: float) -> float:
        """How much longer items take than they took, in logarithms."""
        if factor not in results:
            results[factor] = _simulated(fits, period, factor, jobs)
        return math.log(max(results[factor].mean("turnaround_mean_h"), 1e-3) / max(seen, 1e-3))

    if fits.staff_given:
        off(1.0)
    else:
        falling_root(off, 1.0, (LEAST, MOST), STRIDE, PRECISE)
    factor = min(results, key=lambda factor: abs(off(factor)))
    result = results[factor]
    done = result.mean("items_done") / max(len(period.open_dates), 1)
    closed = _closure(result, factor, done, abs(off(factor)) < CLOSE or _by_chance(result, seen))
    if fits.staff_given and done < SHORT * fits.items.done_per_day:
        words = f"the agents said do {done:,.0f} items a day where {fits.items.done_per_day:,.0f} were done"
        fix = f"Say --staff {math.ceil(handled_erlangs(fits) / SHORT)} or more, or another --handle-time"
        raise refused(path, words, fix)
    if not closed.met and not fits.staff_given:
        words = (
            f"no staffing reproduces the log: with {closed.agents:.1f} agents an item takes {closed.turnaround_h:.1f} "
            f"h where it took {seen:.1f} h"
        )
        fix = "Say --staff NUMBER or --occupancy SHARE; or look at the handle time, and at what counts as closed"
        raise refused(path, words, fix)
    return closed


def _by_chance(result: ScenarioResult, seen: float) -> bool:
    """Whether the turnaround seen is one that the simulated logs have, each as long as the real one."""
    own = result.values["turnaround_mean_h"]
    return abs(result.mean("turnaround_mean_h") - seen) < CHANCE * float(own.std(ddof=1))


def _simulated(fits: FittedCentre, period: Period, factor: float, jobs: int | None) -> ScenarioResult:
    choice = DocumentOptions(factor)
    document = document_of("the log", fits, period, staff_of(fits, period, choice), choice)
    (result,) = simulate_all([loads(document)], RunOptions(1, jobs=jobs), REPLICATIONS)
    return result


def _closure(result: ScenarioResult, factor: float, done: float, met: bool) -> StaffingClosure:
    mean = result.mean
    return StaffingClosure(
        *(DocumentOptions(factor), math.nan, math.nan, math.nan, mean("aht_s"), met, mean("agents_on_queue")),
        turnaround_h=mean("turnaround_mean_h"),
        done_per_day=done,
    )
