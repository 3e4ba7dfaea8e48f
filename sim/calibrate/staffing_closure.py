"""The closing step: staffing and the shape of patience, until the scenario reproduces the report of its stretch.

An export shows agents while they serve; who sat idle, and who stepped in because the queue was long, it does not show.
So the staffing that is inferred is known up to a factor. It is chosen so that the fitted scenario, simulated as it
stands, has the abandonment of the stretch (its answer speed, where nobody gives up). Two shapes of patience are tried,
the fitted one and the exponential, and the one is taken whose mean wait then comes closer: a hazard that falls with
the wait fits each wait, and yet makes waits too long where the centre reacts to its queue.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from scipy import optimize

from sim.calibrate.document import DocumentOptions, document_of, period_of, staff_of
from sim.calibrate.fits.centre import FittedCentre
from sim.loading.load import loads
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

LEAST, MOST = 0.5, 2.5
STRIDE, PRECISE = 1.15, 0.003
CONTACTS = 160_000


@dataclass(frozen=True)
class StaffingClosure:
    """The scenario that reproduces a stretch.

    Attributes
    ----------
    choice : what was chosen.
    abandonment, wait_all_s, asa_s, aht_s : of the simulated week.
    met : whether the figure that the staffing was chosen for is met.
    """

    choice: DocumentOptions
    abandonment: float
    wait_all_s: float
    asa_s: float
    aht_s: float
    met: bool


def close_staffing(
    fits: FittedCentre, jobs: int | None = None, before: StaffingClosure | None = None
) -> StaffingClosure:
    """Choose the staffing's factor and the shape of patience.

    Parameters
    ----------
    fits : of the stretch whose report is to be reproduced.
    jobs : workers.
    before : what was chosen for a stretch that overlaps: its shape is kept, and the search begins at its factor.
    """
    if not fits.closes:
        choice = DocumentOptions()
        return _closure_of(choice, _week(fits, choice, jobs), True)
    if before is not None:
        return _closed(fits, before.choice.plain_patience, jobs, before.choice.staff_factor)
    shaped = any(fit.law in ("empirical", "weibull") for fit in fits.patience.values())
    tried = [_closed(fits, plain, jobs) for plain in ((False, True) if shaped else (False,))]
    return min(tried, key=lambda closed: _off(closed.wait_all_s, fits.seen.wait_all_s))


def _off(simulated: float, observed: float) -> float:
    """How far a wait is from the observed one, in logarithms."""
    return 0.0 if math.isnan(observed) else abs(math.log(max(simulated, 0.1) / max(observed, 0.1)))


def _closed(fits: FittedCentre, plain: bool, jobs: int | None, start: float = 1.0) -> StaffingClosure:
    """Find the factor, for one shape of patience."""
    results: dict[float, ScenarioResult] = {}

    def off(factor: float) -> float:
        if factor not in results:
            results[factor] = _week(fits, DocumentOptions(factor, plain), jobs)
        return _miss(fits, results[factor])

    factor = _root(off, start)
    off(factor)
    result = results[factor]
    met = abs(_miss(fits, result)) < 0.1
    return _closure_of(DocumentOptions(factor, plain), result, met)


def _closure_of(choice: DocumentOptions, result: ScenarioResult, met: bool) -> StaffingClosure:
    mean = result.mean
    return StaffingClosure(choice, mean("abandonment_rate"), mean("wait_all_s"), mean("asa_s"), mean("aht_s"), met)


def _miss(fits: FittedCentre, result: ScenarioResult) -> float:
    """How far the simulated figure is above the observed one, in logarithms; below 0 with too many agents."""
    if fits.seen.abandonment > 0:
        return math.log(max(result.mean("abandonment_rate"), 1e-5) / fits.seen.abandonment)
    return math.log(max(result.mean("asa_s"), 1e-3) / max(fits.seen.asa_s, 0.1))


def _root(off: Callable[[float], float], start: float) -> float:
    """The factor at which a falling function reaches 0, or the end of the range that is nearest to it."""
    low, high, stride = start, start, STRIDE if start == 1.0 else STRIDE**0.3
    if off(start) > 0:
        while high < MOST and off(high := min(high * stride, MOST)) > 0:
            low = high
    else:
        while low > LEAST and off(low := max(low / stride, LEAST)) < 0:
            high = low
    if off(low) <= 0 or off(high) >= 0:
        return low if off(low) <= 0 else high
    return math.exp(optimize.brentq(lambda log: off(math.exp(log)), math.log(low), math.log(high), xtol=PRECISE))


def week_of(fits: FittedCentre, choice: DocumentOptions) -> Scenario:
    """A typical week of the stretch."""
    period = period_of(fits, pd.date_range("2001-01-01", periods=7))
    staff = staff_of(fits, period, choice.staff_factor)
    return loads(document_of("typical week", fits, period, staff, choice))


def _week(fits: FittedCentre, choice: DocumentOptions, jobs: int | None) -> ScenarioResult:
    scenario = week_of(fits, choice)
    whole = float(fits.arrivals.expected.sum())
    count = min(max(round(CONTACTS / max(whole, 1.0)), 12), 200)
    (result,) = simulate_all([scenario], RunOptions(1, jobs=jobs), count)
    return result
