"""Normal scores and the quantile functions that turn a score into a time.

Every draw becomes a value through one standard normal score, so a changed mean or spread moves the same customer's
value and correlations are set on the scores (a Gaussian copula).
"""

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.jit import apart, compiled, inlined
from sim.rng.philox import uniform

SCORE_LIMIT = 9.0
SCORE_STEP = 1.0 / 32.0
SCORE_POINTS = int(2 * SCORE_LIMIT / SCORE_STEP) + 1


class DistributionKind(IntEnum):
    """The distribution families as numbers, for the parameter table."""

    CONSTANT = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2
    GAMMA = 3
    WEIBULL = 4
    UNIFORM = 5
    EMPIRICAL = 6
    INFINITE = 7


_CONSTANT, _EXPONENTIAL, _LOGNORMAL, _GAMMA, _WEIBULL, _UNIFORM, _EMPIRICAL, _INFINITE = range(8)


@compiled
def horner(x: float, c: tuple[float, ...]) -> float:
    """A polynomial with its highest coefficient first."""
    total = 0.0
    for coefficient in c:
        total = total * x + coefficient
    return total


MIDDLE = 0.425
"""How far from a half one formula holds."""


@inlined
def middle_score(q: float) -> float:
    """The normal quantile of 0.5 + q, `MIDDLE` from a half at most."""
    r = 0.180625 - q * q
    top = (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
           13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608)  # fmt: skip
    low = (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
           5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0)  # fmt: skip
    return q * horner(r, top) / horner(r, low)


@compiled
def score_of(u: float) -> float:
    """The standard normal quantile of u in (0, 1), to 1e-15 relative.

    Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
    """
    q = u - 0.5
    if abs(q) <= MIDDLE:
        return middle_score(q)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        top = (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
               3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
               1.42343711074968357734)  # fmt: skip
        low = (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
               0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0)  # fmt: skip
    else:
        r -= 5.0
        top = (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
               0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772)  # fmt: skip
        low = (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
               0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0)  # fmt: skip
    size = horner(r, top) / horner(r, low)
    return -size if q < 0.0 else size


@apart
def turn_into_scores(values: npt.NDArray[np.float64], kept: npt.NDArray[np.float64]) -> None:
    """`score_of` of many numbers, in their place and to the bit the same: the middle of all of them, several at a time.

    Parameters
    ----------
    values : numbers in (0, 1), then their scores; kept : as many, where the numbers are kept.
    """
    for i in range(values.size):
        kept[i] = values[i]
    for i in range(values.size):
        values[i] = middle_score(kept[i] - 0.5)
    for i in range(values.size):
        if not abs(kept[i] - 0.5) <= MIDDLE:
            values[i] = score_of(kept[i])


@compiled
def score_draw(k0: int, k1: int, number: int, date: int, name: int, purpose: int, attempt: int) -> float:
    """One standard normal score; the parameters are those of `sim.rng.philox.uniform`."""
    return score_of(uniform(k0, k1, number, date, name, purpose, attempt))


@compiled
def share_below(score: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-score * 0.7071067811865476)


@compiled
def table_value(score: float, points: npt.NDArray[np.float64]) -> float:
    """Linear interpolation in a table over the score grid; flat outside it."""
    place = (score + SCORE_LIMIT) / SCORE_STEP
    place = min(max(place, 0.0), points.size - 1.000001)
    low = int(place)
    part = place - low
    return float(points[low] * (1.0 - part) + points[low + 1] * part)


@compiled
def quantile(kind: int, a: float, b: float, points: npt.NDArray[np.float64], score: float) -> float:
    """The value (s) of a distribution at a normal score.

    Parameters
    ----------
    kind : a `DistributionKind`.
    a, b : constant (value, -), exponential (mean, -), lognormal (log-mean, log-sd), weibull (scale, shape), uniform
        (low, high).
    points : gamma: log quantiles on the score grid; empirical: the sorted sample; else empty.
    score : standard normal.
    """
    if kind == _LOGNORMAL:
        return math.exp(a + b * score)
    if kind == _CONSTANT:
        return a
    if kind == _EXPONENTIAL:
        return -a * math.log(share_below(-score))
    if kind == _WEIBULL:
        return float(a * (-math.log(share_below(-score))) ** (1.0 / b))
    if kind == _UNIFORM:
        return a + (b - a) * share_below(score)
    if kind == _GAMMA:
        return math.exp(table_value(score, points))
    if kind == _EMPIRICAL:
        return float(points[min(int(share_below(score) * points.size), points.size - 1)])
    return math.inf


@compiled
def is_certain(kind: int) -> bool:
    """Whether a distribution has but one value, and needs no draw."""
    return kind in (_CONSTANT, _INFINITE)


@compiled
def certain_time(kind: int, a: float) -> float:
    """The only value (s) of such a distribution."""
    return a if kind == _CONSTANT else math.inf


@compiled
def exponential_time(mean: float, u: float) -> float:
    """The value (s) of an exponential distribution at a probability."""
    return -mean * math.log(1.0 - u)


@compiled
def time_of(kind: int, a: float, b: float, points: npt.NDArray[np.float64], u: float) -> float:
    """The value (s) of a distribution at a probability: `quantile` at its score, without the detour if it can."""
    if kind == _EXPONENTIAL:
        return exponential_time(a, u)
    return quantile(kind, a, b, points, score_of(u))


LONGEST_US = 10 * 366 * 86_400_000_000


@compiled
def to_us(seconds: float) -> int:
    """Seconds to whole microseconds, rounded half up; ten years at most, and for what is no number."""
    if not seconds * 1e6 < LONGEST_US:
        return LONGEST_US
    return math.floor(seconds * 1e6 + 0.5)
