"""The closing step: staffing and patience, until the scenario reproduces the report of its stretch.

An export shows agents while they serve; who sat idle, and who stepped in because the queue was long, it does not show.
So the staffing that is inferred is known up to a factor. It is chosen so that the fitted scenario, simulated as it
stands, has the abandonment of the stretch (its answer speed, where nobody gives up). Two shapes of patience are tried,
the fitted one and the exponential, and the one is taken whose mean wait then comes closer: a hazard that falls with
the wait fits each wait, and yet makes waits too long where the centre reacts to its queue.

In a small centre a factor makes three agents of two in one interval and one in the next; there whole heads are chosen
(`fits.heads`) as long as chance explains what they leave; easily, where means were seen that are no whole heads, since
a factor is at hand then. Where contacts give up and no wait is told, neither staffing nor patience can be found without
the other: patience is chosen where the agents are known, and otherwise one of them is asked for (`closing_checks`).
Where chats are known by how long they were open, the level at which that was is chosen with which the simulated chats
are open as long.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import optimize

from sim.calibrate.document import DocumentOptions, document_of, period_of, staff_of
from sim.calibrate.fits.abandonment import said_patience
from sim.calibrate.fits.centre import FittedCentre
from sim.calibrate.fits.chats import level_of
from sim.calibrate.fits.estimate import Floats
from sim.calibrate.fits.heads import is_small, more_heads, whole_heads
from sim.loading.load import loads
from sim.mechanisms.chat import elapsed_factor
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

LEAST, MOST = 0.5, 2.5
LEAST_PATIENCE_S, MOST_PATIENCE_S, USUAL_PATIENCE_S = 2.0, 4 * 3600.0, 120.0
STRIDE, PRECISE = 1.15, 0.003
CONTACTS = 160_000
CLOSE = 0.1
"""A figure is met within a tenth,"""
CHANCE = 2.0
"""or within so many standard errors of the stretch's own figure."""
SURELY = 1.0
"""Heads whose figure is within so many are kept without looking at others."""
FURTHEST, NEARLY = 3, 0.05
LEVELLED = 6
SETTLED = 3
"""So often is the wait of those who gave up taken from the simulated week, where the export does not tell it."""


@dataclass(frozen=True)
class StaffingClosure:
    """The scenario that reproduces a stretch.

    Attributes
    ----------
    choice : what was chosen.
    abandonment, wait_all_s, asa_s, aht_s : of the simulated week; aht_s of chats is how long they were open.
    met : whether the figure that the staffing, or patience, was chosen for is met.
    agents : mean on the queue in the simulated week.
    turnaround_h, done_per_day : of deferred work, over the days of the log; nan for other channels.
    """

    choice: DocumentOptions
    abandonment: float
    wait_all_s: float
    asa_s: float
    aht_s: float
    met: bool
    agents: float = math.nan
    turnaround_h: float = math.nan
    done_per_day: float = math.nan


def close_staffing(
    fits: FittedCentre, jobs: int | None = None, before: StaffingClosure | None = None
) -> StaffingClosure:
    """Choose the staffing and the shape of patience, or patience where that is open and the staffing is not.

    Parameters
    ----------
    fits : of the stretch whose report is to be reproduced.
    jobs : workers.
    before : what was chosen for a stretch that overlaps: the search begins at its factor, and its shape is kept as
        long as it meets the wait.
    """
    closed = _chosen(fits, jobs, before)
    for _ in range(SETTLED if fits.gone_untold and fits.closes else 0):
        factor = _patience_factor(fits, closed)
        closed = _chosen(_patient(fits, factor), jobs, closed)
        closed = replace(closed, choice=replace(closed.choice, patience_factor=factor))
    return _levelled(fits, closed, jobs)


def _levelled(fits: FittedCentre, closed: StaffingClosure, jobs: int | None) -> StaffingClosure:
    """The same with the level of chats at which they are open as long as in the export, where it does not tell it."""
    if fits.chats is None or not fits.chats.at_open:
        return closed
    patient, at = _patient(fits, closed.choice.patience_factor), fits.chats.at
    for _ in range(LEVELLED):
        if abs(closed.aht_s / fits.seen.aht_s - 1.0) < PRECISE:
            break
        longer = elapsed_factor(fits.chats.law, at) * closed.aht_s / fits.seen.aht_s
        at = level_of(fits.chats.law, longer, fits.chats.cap)
        factor = closed.choice.patience_factor
        closed = _chosen(replace(patient, chats=replace(fits.chats, at=at)), jobs, closed)
        closed = replace(closed, choice=replace(closed.choice, patience_factor=factor, at=at))
    return replace(closed, choice=replace(closed.choice, at=at))


def _chosen(fits: FittedCentre, jobs: int | None, before: StaffingClosure | None) -> StaffingClosure:
    if fits.patience_open and (fits.staff_given or fits.staff_seen):
        return _closed_by_patience(fits, jobs)
    if not fits.closes:
        choice = DocumentOptions()
        return _closure_of(fits, choice, _week(fits, choice, jobs), True)
    shaped = any(fit.law in ("empirical", "weibull") for fit in fits.patience.values())
    if is_small(fits):
        whole = [_closed_by_heads(fits, plain, jobs) for plain in ((False, True) if shaped else (False,))]
        if met := [closed for closed in whole if closed is not None]:
            return min(met, key=lambda closed: _off(closed.wait_all_s, fits.seen.wait_all_s))
    if before is not None:
        start = before.choice.staff_factor if before.met and before.choice.heads is None else 1.0
        kept = _closed(fits, before.choice.plain_patience, jobs, start)
        if not shaped or _off(kept.wait_all_s, fits.seen.wait_all_s) < CLOSE:
            return kept
        other = _closed(fits, not before.choice.plain_patience, jobs, kept.choice.staff_factor)
        return min(kept, other, key=lambda closed: _off(closed.wait_all_s, fits.seen.wait_all_s))
    tried = [_closed(fits, plain, jobs) for plain in ((False, True) if shaped else (False,))]
    return min(tried, key=lambda closed: _off(closed.wait_all_s, fits.seen.wait_all_s))


def as_chosen(fits: FittedCentre, choice: DocumentOptions) -> FittedCentre:
    """The fits with the patience, and the level of chats, that were chosen, where the export does not tell them."""
    if fits.chats is not None and not math.isnan(choice.at):
        fits = replace(fits, chats=replace(fits.chats, at=choice.at))
    if math.isnan(choice.patience_s):
        return _patient(fits, choice.patience_factor)
    said = said_patience(choice.patience_s, 0, max(fit.gave_up for fit in fits.patience.values()))
    return replace(fits, patience=dict.fromkeys(fits.patience, said))


def _patient(fits: FittedCentre, factor: float) -> FittedCentre:
    """The fits with another wait of those who gave up: it changes patience, and the wait of all, by the same factor."""
    if factor == 1.0:
        return fits
    patience = {
        name: replace(fit, exponential_mean=fit.exponential_mean.times(factor)) for name, fit in fits.patience.items()
    }
    return replace(fits, patience=patience, seen=replace(fits.seen, wait_all_s=fits.seen.wait_all_s * factor))


def _patience_factor(fits: FittedCentre, closed: StaffingClosure) -> float:
    """All waits against those fitted, if who gives up waits as many times the ASA as in the simulated week."""
    lost, seen = closed.abandonment, fits.seen.abandonment
    if not (lost > 0 and closed.asa_s > 0):
        return 1.0
    gone_s = (closed.wait_all_s - (1.0 - lost) * closed.asa_s) / lost
    return 1.0 - seen + seen * min(max(gone_s / closed.asa_s, 0.1), 100.0)


def _off(simulated: float, observed: float) -> float:
    """How far a wait is from the observed one, in logarithms."""
    return 0.0 if math.isnan(observed) else abs(math.log(max(simulated, 0.1) / max(observed, 0.1)))


# By a factor --------------------------------------------------------------------------------------------------------


def _closed(fits: FittedCentre, plain: bool, jobs: int | None, start: float = 1.0) -> StaffingClosure:
    """Find the factor, for one shape of patience."""
    results: dict[float, ScenarioResult] = {}

    def off(factor: float) -> float:
        if factor not in results:
            results[factor] = _week(fits, DocumentOptions(factor, plain), jobs)
        return _miss(fits, results[factor])

    factor = falling_root(off, start, (LEAST, MOST), STRIDE if start == 1.0 else STRIDE**0.3)
    off(factor)
    result = results[factor]
    met = LEAST < factor < MOST and (abs(_miss(fits, result)) < CLOSE or abs(_by_chance(fits, result)) < CHANCE)
    return _closure_of(fits, DocumentOptions(factor, plain), result, met)


def _closure_of(fits: FittedCentre, choice: DocumentOptions, result: ScenarioResult, met: bool) -> StaffingClosure:
    mean, handle = result.mean, "aht_s" if fits.chats is None else "elapsed_s"
    figures = mean("abandonment_rate"), mean("wait_all_s"), mean("asa_s"), mean(handle)
    return StaffingClosure(choice, *figures, met, mean("agents_on_queue"))


def _miss(fits: FittedCentre, result: ScenarioResult) -> float:
    """How far the simulated figure is above the observed one, in logarithms; below 0 with too many agents."""
    if fits.seen.abandonment > 0:
        return math.log(max(result.mean("abandonment_rate"), 1e-5) / fits.seen.abandonment)
    return math.log(max(result.mean("asa_s"), 1e-3) / max(fits.seen.asa_s, 0.1))


def _by_chance(fits: FittedCentre, result: ScenarioResult) -> float:
    """The same in standard errors of the observed figure, which are those of as many simulated weeks."""
    name, seen = ("asa_s", fits.seen.asa_s)
    if fits.seen.abandonment > 0:
        name, seen = ("abandonment_rate", fits.seen.abandonment)
    weeks = result.values[name][~np.isnan(result.values[name])]
    error = float(weeks.std(ddof=1)) / math.sqrt(max(fits.weeks, 1.0)) if weeks.size > 1 else 0.0
    return (result.mean(name) - seen) / max(error, 1e-9)


def falling_root(
    off: Callable[[float], float],
    start: float,
    bounds: tuple[float, float],
    stride: float,
    precise: float = PRECISE,
) -> float:
    """The value at which a falling function reaches 0, or the end of the range that is nearest to it.

    Parameters
    ----------
    off : of a value above 0; slow, and expected to remember what it was asked.
    start : where it is looked for first; from there by factors of `stride`, within the bounds.
    precise : the largest error, as a part of the value.
    """
    low, high, (least, most) = start, start, bounds
    if off(start) > 0:
        while high < most and off(high := min(high * stride, most)) > 0:
            low = high
    else:
        while low > least and off(low := max(low / stride, least)) < 0:
            high = low
    if off(low) <= 0 or off(high) >= 0:
        return low if off(low) <= 0 else high
    left, right = math.log(low), math.log(high)
    ends = {left: low, right: high}  # to the last bit as they were asked before
    return math.exp(optimize.brentq(lambda log: off(ends.get(log, math.exp(log))), left, right, xtol=precise))


# By whole heads -----------------------------------------------------------------------------------------------------


def _closed_by_heads(fits: FittedCentre, plain: bool, jobs: int | None) -> StaffingClosure | None:
    """Whole heads: the likely ones, or others near them whose figure is nearer; None where chance explains neither."""
    likely = whole_heads(fits)
    tried: dict[int, tuple[float, DocumentOptions, ScenarioResult]] = {}

    def off(change: int) -> float:
        if change not in tried:
            heads = more_heads(likely, change)
            choice = DocumentOptions(_times_mean(fits, heads), plain, heads=heads)
            result = _week(fits, choice, jobs)
            tried[change] = _by_chance(fits, result), choice, result
        return tried[change][0]

    step = 1 if off(0) > 0 else -1
    for change in range(step, step * (FURTHEST + 1), step):
        near = not fits.staff_seen or LEAST <= _times_mean(fits, more_heads(likely, change)) <= MOST
        if not near or abs(off(change - step)) < SURELY or off(change) * step < 0:
            break
    best = min(tried, key=lambda change: abs(off(change)))
    distance, choice, result = tried[best]
    near, certain = abs(_miss(fits, result)) < CLOSE, abs(distance) < SURELY
    means = fits.staff_seen and not _seen_whole(fits)
    if (near and certain) if means else (near or abs(distance) < CHANCE):
        return _closure_of(fits, choice, result, True)
    return (
        _closure_of(fits, choice, result, False)
        if choice.heads is not None and _fewest(choice.heads, distance)
        else None
    )


def _seen_whole(fits: FittedCentre) -> bool:
    """Whether the means of agents seen are whole heads."""
    return bool(np.allclose(fits.presence, np.round(fits.presence), atol=NEARLY))


def _fewest(heads: Floats, distance: float) -> bool:
    """Whether there is one agent at all times, and still fewer give up than were seen to."""
    return float(heads.max()) <= 1.0 and distance < 0


def _times_mean(fits: FittedCentre, heads: Floats) -> float:
    """Whole heads against the mean seen, or needed at 85 % occupancy, over the opening hours."""
    cells = [(day, slice(*span)) for day, span in enumerate(fits.arrivals.spans) if span is not None]
    mean = sum(float(fits.presence[:, day, span].sum()) for day, span in cells)
    return sum(float(heads[:, day, span].sum()) for day, span in cells) / max(mean, 1e-9)


# By patience --------------------------------------------------------------------------------------------------------


def _closed_by_patience(fits: FittedCentre, jobs: int | None) -> StaffingClosure:
    """Patience with which the agents that are known have the abandonment seen."""
    results: dict[float, ScenarioResult] = {}

    def off(seconds: float) -> float:
        if seconds not in results:
            results[seconds] = _week(fits, DocumentOptions(patience_s=seconds), jobs)
        return _miss(fits, results[seconds])

    seconds = falling_root(off, USUAL_PATIENCE_S, (LEAST_PATIENCE_S, MOST_PATIENCE_S), 3.0)
    off(seconds)
    met = LEAST_PATIENCE_S < seconds < MOST_PATIENCE_S and abs(off(seconds)) < CLOSE
    return _closure_of(fits, DocumentOptions(patience_s=seconds), results[seconds], met)


# The week -----------------------------------------------------------------------------------------------------------


def week_of(fits: FittedCentre, choice: DocumentOptions) -> Scenario:
    """A typical week of the stretch."""
    fits = as_chosen(fits, choice)
    period = period_of(fits, pd.date_range("2001-01-01", periods=7))
    return loads(document_of("typical week", fits, period, staff_of(fits, period, choice), choice))


def _week(fits: FittedCentre, choice: DocumentOptions, jobs: int | None) -> ScenarioResult:
    scenario = week_of(fits, choice)
    whole = float(fits.arrivals.expected.sum())
    count = min(max(round(CONTACTS / max(whole, 1.0)), 12), 200)
    (result,) = simulate_all([scenario], RunOptions(1, jobs=jobs), count)
    return result
