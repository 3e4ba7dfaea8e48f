"""Fitted numbers with their 95 % intervals, and weekdays that borrow strength from each other."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Z95 = 1.959963984540054


class FittedNumber(NamedTuple):
    """A number and the ends of its 95 % interval; nan where it is not known."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def times(self, factor: float) -> FittedNumber:
        """The same in another unit."""
        return FittedNumber(self.value * factor, self.low * factor, self.high * factor)

    def plus(self, more: float) -> FittedNumber:
        """The same with something that is known added to it."""
        return FittedNumber(self.value + more, self.low + more, self.high + more)


UNKNOWN = FittedNumber(math.nan)


def share(count: float, of: float) -> FittedNumber:
    """A share with Wilson's interval (Wilson 1927)."""
    if of <= 0:
        return FittedNumber(math.nan)
    part, z2 = count / of, Z95 * Z95
    middle = (part + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(max(part * (1 - part) / of + z2 / (4 * of * of), 0.0))
    return FittedNumber(part, max(middle - half, 0.0), min(middle + half, 1.0))


def around(value: float, error: float, low: float = -math.inf) -> FittedNumber:
    """A value with a normal interval, never below `low`."""
    return FittedNumber(value, max(value - Z95 * error, low), value + Z95 * error)


def root(square: float, low: float, high: float) -> FittedNumber:
    """The square root of a variance and of its interval, what is below 0 as 0."""
    value, below, above = (math.sqrt(max(part, 0.0)) for part in (square, low, high))
    return FittedNumber(value, below, above)


def exponential_mean(total: float, count: float) -> FittedNumber:
    """The mean of exponential times of which `count` have ended within a `total`, with its exact interval."""
    ends = (2 * total / stats.chi2.ppf(quantile, 2 * count) for quantile in (0.975, 0.025))
    return FittedNumber(total / count, *ends)


def chi_square_span(variance: float, degrees: float) -> tuple[float, float]:
    """The 95 % interval of a variance with so many degrees of freedom."""
    if degrees <= 0 or not variance > 0:
        return 0.0, math.inf
    low, high = (float(stats.chi2.ppf(quantile, degrees)) for quantile in (0.975, 0.025))
    return variance * degrees / low, variance * degrees / high


LEAST = 1e-9


def levels(totals: Floats, noise: Floats) -> Floats:
    """Totals of alike weekdays moved towards their mean.

    Parameters
    ----------
    totals : (weekdays,).
    noise : (weekdays,) relative variance of each total.
    """
    mean = float(totals.mean())
    if len(totals) < 2 or mean <= 0:
        return totals
    between = max(float(((totals / mean - 1.0) ** 2).sum() / (len(totals) - 1) - noise.mean()), 0.0)
    own = between / np.maximum(between + noise, LEAST)
    return np.asarray(mean * (1.0 + own * (totals / mean - 1.0)))


def own_weight(own: Floats, common: Floats, noise: Floats) -> Floats:
    """The weight of each weekday's own share of an interval, (weekdays, intervals), against that of all.

    Parameters
    ----------
    own : (weekdays, intervals) shares.
    common : (intervals,) shares of all weekdays together.
    noise : (weekdays, intervals) relative variance of each own share.
    """
    days, some = len(own), common > 0
    if days < 2 or not some.any():
        return np.ones_like(noise)
    off = (own[:, some] / common[some] - 1.0) ** 2 * days / (days - 1)
    weight = np.broadcast_to(common[some], off.shape)
    between = max(float(np.average(off - noise[:, some], weights=weight)), 0.0)
    return np.asarray(between / np.maximum(between + noise, LEAST))
