"""The closing step of deferred work: agents with whom items take as long as they took, over the days of the log."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
from scipy import optimize

from sim.calibrate.closing_checks import handled_erlangs
from sim.calibrate.document import DocumentOptions, document_of, period_of, staff_of
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.reading.import_log import refused
from sim.calibrate.staffing_closure import StaffingClosure
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

    def off(log: float) -> float:
        """How much longer items take than they took, in logarithms."""
        if log not in results:
            results[log] = _simulated(fits, dates, math.exp(log), jobs)
        return math.log(max(results[log].mean("turnaround_mean_h"), 1e-3) / max(seen, 1e-3))

    if fits.staff_given:
        off(0.0)
    else:
        _root(off)
    place = min(results, key=lambda log: abs(off(log)))
    result = results[place]
    done = result.mean("items_done") / max(_open_days(fits, dates), 1)
    closed = _closure(fits, result, math.exp(place), done, abs(off(place)) < CLOSE or _by_chance(result, seen))
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


def _root(off: Callable[[float], float]) -> float:
    """The factor, as a logarithm, at which items take as long as they took, or the nearest end of the range."""
    low, high = math.log(LEAST), math.log(MOST)
    if off(0.0) > 0:
        low = 0.0
        while low < high and off(min(low + math.log(STRIDE), high)) > 0:
            low = min(low + math.log(STRIDE), high)
        high = min(low + math.log(STRIDE), high)
    else:
        high = 0.0
    if low == high or off(low) <= 0 or off(high) >= 0:
        return low if off(low) <= 0 else high
    return float(optimize.brentq(off, low, high, xtol=PRECISE))


def _simulated(fits: FittedCentre, dates: pd.DatetimeIndex, factor: float, jobs: int | None) -> ScenarioResult:
    choice = DocumentOptions(factor)
    period = period_of(fits, dates[:DAYS])
    document = document_of("the log", fits, period, staff_of(fits, period, choice), choice)
    (result,) = simulate_all([loads(document)], RunOptions(1, jobs=jobs), REPLICATIONS)
    return result


def _open_days(fits: FittedCentre, dates: pd.DatetimeIndex) -> int:
    return sum(fits.arrivals.spans[day.day_of_week] is not None for day in dates[:DAYS])


def _closure(fits: FittedCentre, result: ScenarioResult, factor: float, done: float, met: bool) -> StaffingClosure:
    mean = result.mean
    aht = mean("aht_s")
    return StaffingClosure(
        *(DocumentOptions(factor), math.nan, math.nan, math.nan, aht, met, mean("agents_on_queue")),
        turnaround_h=mean("turnaround_mean_h"),
        done_per_day=done,
    )
