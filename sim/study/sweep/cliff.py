"""The tipping point along one key: where a measure crosses its target, and where it bends, with intervals.

The intervals come from a bootstrap over replications. A resample takes whole replications, the same for all points, so
what the points have in common through their customers stays in common. Its deviations are widened by Student's t over
the normal and by n / (n - 1), without which few replications would give too narrow an interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.arguments import checked
from sim.errors import ArgumentError
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.estimates import CONFIDENCE
from sim.study.sweep import bend as bends
from sim.study.sweep.points import Key, SweepPlan
from sim.study.sweep.simulation import Sweep

Floats = npt.NDArray[np.float64]
RESAMPLES = 2000
WIDEST = 0.5
"""Of the range swept: the widest interval of a bend that is clear."""
NORMAL = 1.959963984540054
OF_CLIFFS = 90_210
"""Keeps the bootstrap's draws apart from other uses of the seed."""


@dataclass(frozen=True)
class Crossing:
    """Where a measure passes its target, by linear interpolation between points.

    Attributes
    ----------
    at : value of the key.
    low, high : 95 % interval; infinite where it leaves the range swept, nan with a single replication.
    meets_beyond : whether the target is met beyond it (else before it).
    """

    at: float
    low: float
    high: float
    meets_beyond: bool


@dataclass(frozen=True)
class Bend:
    """Where a measure bends: two straight pieces that meet, by least squares.

    Attributes
    ----------
    at, low, high : value of the key and its 95 % interval; nan with a single replication.
    before, beyond : slopes, in units of the measure for one of the key.
    turn_low, turn_high : 95 % interval of beyond - before.
    chance : how often a straight line under independent noise would look bent as much.
    clear : whether that is below 5 %, the interval of the turn excludes zero, and that of the place is at most half of
        the range swept.
    """

    at: float
    low: float
    high: float
    before: float
    beyond: float
    turn_low: float
    turn_high: float
    chance: float
    clear: bool


@dataclass(frozen=True)
class Cliff:
    """A measure along a key.

    Attributes
    ----------
    measure, key : which.
    x, means : (points,) values of the key, ascending, and of the measure.
    goals : (points,) the target at each point; None where any has none.
    crossings : in ascending order; empty where the target is never passed.
    bend : the best bend; None with fewer than six points.
    """

    measure: str
    key: Key
    x: Floats
    means: Floats
    goals: tuple[MeasureTarget, ...] | None
    crossings: tuple[Crossing, ...]
    bend: Bend | None


def check_cliff(plan: SweepPlan) -> None:
    """See that a cliff can be looked for, before anything is simulated.

    Raises
    ------
    ArgumentError
        When not exactly one key has several values, or these are no numbers.
    """
    varied = [plan.keys[k] for k in plan.varied]
    if len(varied) != 1:
        these = "none has" if not varied else f"{', '.join(key.path for key in varied)} have"
        raise ArgumentError(
            f"--find-cliff: needs one key with several values, and {these}. Hold the others at one value"
        )
    if plan.along is None:
        raise ArgumentError(
            f"--find-cliff: the values of {varied[0].path} are no numbers, so that nothing lies between"
        )


@checked
def find_cliff(sweep: Sweep, measure: str, resamples: int = RESAMPLES) -> Cliff:
    """Return where a measure crosses its target and where it bends.

    Parameters
    ----------
    sweep : over one key with several numbers.
    measure : its name; `service_level` stands for the one that the scenario names.
    resamples : of the bootstrap.

    Raises
    ------
    ArgumentError
        As `check_cliff`, and for a measure that fewer than two points have.
    """
    check_cliff(sweep.plan)
    measure = sweep.scenario.targets.service_level.definition if measure == "service_level" else measure
    place = sweep.plan.along or 0
    order = sorted(_known(sweep, measure), key=lambda k: _number(sweep, k, place))
    if len({_number(sweep, k, place) for k in order}) < 2:
        raise ArgumentError(f"--find-cliff {measure}: fewer than two points have a value. Name another measure")
    x = np.array([_number(sweep, k, place) for k in order])
    rows = np.column_stack([sweep.outcomes[k].rows[measure] for k in order])
    means = np.array([sweep.interval(k, measure)[0] for k in order])
    targets = _targets(sweep, measure, order)
    x, rows, means, targets = _merged(x, rows, means, targets)
    rng = np.random.default_rng([sweep.seed, OF_CLIFFS])
    curves = resampled(means, rows, rng, resamples)
    crossings = find_crossings(x, means, curves, targets) if targets else ()
    return Cliff(measure, sweep.plan.keys[place], x, means, targets, crossings, find_bend(x, means, curves, rng))


def _merged(
    x: Floats, rows: Floats, means: Floats, targets: tuple[MeasureTarget, ...] | None
) -> tuple[Floats, Floats, Floats, tuple[MeasureTarget, ...] | None]:
    """Each value once: a sample may draw it again, and on common customers that is no other point."""
    once = np.unique(x, return_index=True)[1]
    return x[once], rows[:, once], means[once], None if targets is None else tuple(targets[k] for k in once)


def _known(sweep: Sweep, measure: str) -> list[int]:
    return [k for k in range(len(sweep.outcomes)) if not np.isnan(sweep.interval(k, measure)[0])]


def _number(sweep: Sweep, at: int, place: int) -> float:
    return float(sweep.plan.points[at].choices[place].number or 0.0)


def _targets(sweep: Sweep, measure: str, order: list[int]) -> tuple[MeasureTarget, ...] | None:
    targets = [targets_of_scenario(sweep.plan.points[k].scenario).get(measure) for k in order]
    known = tuple(target for target in targets if target is not None)
    return known if len(known) == len(targets) else None


def resampled(means: Floats, rows: Floats, rng: np.random.Generator, resamples: int = RESAMPLES) -> Floats:
    """Return curves as other replications might have made them; none with a single replication.

    Parameters
    ----------
    means : (points,) the estimates.
    rows : (replications, points) what each replication puts them at.
    rng, resamples : whose draws, and how many.

    Returns
    -------
    (resamples, points)
    """
    count = len(rows)
    if count < 2:
        return np.empty((0, len(means)))
    taken = rng.multinomial(count, np.full(count, 1 / count), size=resamples) / count
    wider = stdtrit(count - 1, 0.5 + CONFIDENCE / 2) / NORMAL * np.sqrt(count / (count - 1))
    return np.asarray(means + wider * (taken @ (rows - rows.mean(axis=0))))


def interval(values: Floats) -> tuple[float, float]:
    """The 95 % interval of resampled values, some of them perhaps infinite; nan where there are none."""
    values = np.sort(values[~np.isnan(values)])
    if not len(values):
        return float("nan"), float("nan")
    beyond = int((1 - CONFIDENCE) / 2 * len(values))
    return float(values[beyond]), float(values[len(values) - 1 - beyond])


# Crossings --------------------------------------------------------------------


def find_crossings(
    x: Floats, means: Floats, curves: Floats, targets: tuple[MeasureTarget, ...]
) -> tuple[Crossing, ...]:
    """Return every place where the target is passed, with its interval from resampled curves."""
    bound, way = np.array([target.share for target in targets]), 1.0 if targets[0].at_least else -1.0
    slack = way * (means - bound)
    slacks = way * (curves - bound)
    met = slack >= 0
    return tuple(
        Crossing(at, *interval(_nearest(x, slacks, at, bool(met[k + 1]))), meets_beyond=bool(met[k + 1]))
        for k in np.flatnonzero(met[1:] != met[:-1])
        for at in (float(_passes(x, slack[None], k)[0]),)
    )


def _passes(x: Floats, slacks: Floats, k: int | np.intp) -> Floats:
    """Where straight lines between two points pass zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        part = slacks[:, k] / (slacks[:, k] - slacks[:, k + 1])
    return np.asarray(x[k] + part * (x[k + 1] - x[k]))


def _nearest(x: Floats, slacks: Floats, at: float, meets_beyond: bool) -> Floats:
    """In each curve the crossing of the same kind nearest to a place.

    A curve that is wholly on one side crosses beyond the range swept: infinite. One that crosses only the other way
    says nothing: nan.
    """
    met = slacks >= 0
    always = np.where(met.all(axis=1), 1.0, np.where(met.any(axis=1), np.nan, -1.0))
    nearest = always * (-np.inf if meets_beyond else np.inf)
    for k in range(len(x) - 1):
        here = (met[:, k + 1] != met[:, k]) & (met[:, k + 1] == meets_beyond)
        there = _passes(x, slacks, k)
        closer = here & ~(np.abs(nearest - at) <= np.abs(there - at))
        nearest = np.where(closer, there, nearest)
    return nearest


# The bend ---------------------------------------------------------------------


def find_bend(x: Floats, means: Floats, curves: Floats, rng: np.random.Generator) -> Bend | None:
    """Return the best bend with its interval from resampled curves; None with fewer than six points."""
    if len(x) < bends.FEWEST:
        return None
    unit = (x - x[0]) / (x[-1] - x[0])
    best = bends.fit(unit, means[None])
    chance = bends.chance(unit, float(bends.advantage(best, means[None])[0]), rng)
    others = bends.fit(unit, curves)
    scale = float(x[-1] - x[0])
    low, high = interval(x[0] + scale * others.at)
    turn_low, turn_high = interval((others.beyond - others.before) / scale)
    before, beyond = (float(slope[0]) / scale for slope in (best.before, best.beyond))
    clear = chance < bends.LEVEL and (turn_low > 0 or turn_high < 0) and high - low <= WIDEST * abs(scale)
    return Bend(float(x[0] + scale * best.at[0]), low, high, before, beyond, turn_low, turn_high, chance, clear)
