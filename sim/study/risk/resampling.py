"""Intervals of figures read off a sample of draws: delete-a-group jackknife, and draws resampled by a fixed seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GROUPS, RESAMPLES, CONFIDENCE = 20, 1000, 0.95


class Estimated(NamedTuple):
    """A figure with its 95 % interval; NaN where it cannot be told."""

    mean: float
    low: float
    high: float

    def times(self, factor: float) -> Estimated:
        """The same in another unit; `factor` is above zero."""
        return Estimated(self.mean * factor, self.low * factor, self.high * factor)

    def within(self, least: float, most: float) -> Estimated:
        """The same, its interval cut to what is possible; the figure itself is left, so that noise about 0 shows."""
        low, high = (min(max(end, least), most) if end == end else end for end in (self.low, self.high))
        return Estimated(self.mean, low, high)


UNKNOWN = Estimated(math.nan, math.nan, math.nan)


def blocks_of(draws: int, groups: int = GROUPS) -> Ints:
    """Groups of neighbouring draws, of sizes as equal as can be."""
    return np.arange(draws) * min(groups, draws) // max(draws, 1)


def jackknife(statistic: Callable[[Ints], Floats], blocks: Ints) -> tuple[Floats, Floats]:
    """A statistic of all draws, and its standard error by leaving out one block after the other.

    Parameters
    ----------
    statistic : of the draws with some indices; gives an array of any shape.
    blocks : (draws,) the block of each draw; where a sample has independent scrambles, each is a block.

    Notes
    -----
    Variance (g - 1) / g times the sum of squared differences from the mean of the g leave-one-out values (Tukey 1958);
    for weak dependence on few draws this is consistent where the statistic is smooth.
    """
    draws = np.arange(blocks.size)
    names = np.unique(blocks)
    whole = np.asarray(statistic(draws), float)
    without = np.array([statistic(draws[blocks != name]) for name in names], float)
    spread = ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    return whole, np.sqrt(spread * (names.size - 1) / names.size)


def t_interval(mean: float, error: float, groups: int) -> Estimated:
    """A 95 % interval from a standard error of `groups` independent parts."""
    if groups < 2 or not math.isfinite(error):
        return Estimated(mean, math.nan, math.nan)
    width = error * float(special.stdtrit(groups - 1, 0.5 + CONFIDENCE / 2))
    return Estimated(mean, mean - width, mean + width)


def mean_of(values: Floats) -> Estimated:
    """A mean over draws with its 95 % interval."""
    if not values.size:
        return UNKNOWN
    error = float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.nan
    return t_interval(float(values.mean()), error, values.size)


def resampled(statistic: Callable[[Ints], float], draws: int, seed: int, times: int = RESAMPLES) -> Floats:
    """A statistic of draws resampled with replacement, `times` times; the same seed gives the same values."""
    luck = np.random.Generator(np.random.Philox(seed))
    return np.array([statistic(luck.integers(0, draws, draws)) for _ in range(times)])


def percentile_interval(mean: float, values: Floats) -> Estimated:
    """The middle 95 % of resampled values; an end may be infinite."""
    ordered = np.sort(values)
    tail = (1.0 - CONFIDENCE) / 2
    low, high = (ordered[min(int(at * ordered.size), ordered.size - 1)] for at in (tail, 1.0 - tail))
    return Estimated(mean, float(low), float(high))
