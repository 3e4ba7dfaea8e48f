"""Estimates over independent replications: ratios of sums, their linearised replicates, and what follows from those.

Every measure is a ratio R = sum(x) / sum(y) over replications. Replication i contributes psi_i = (x_i - R y_i) /
mean(y), so that R is the mean of R + psi_i to first order (the delta method); its confidence interval is Student's,
and the difference of two scenarios on common customers is judged by the differences of their replicates, pair by
pair.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.measures.contacts import WAIT_BINS
from sim.measures.definitions import Measure, weighted

Floats = npt.NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """One measure over a slice.

    Attributes
    ----------
    mean : (cells,) the estimate; nan where there is nothing to divide by.
    replicates : (replications, cells) linearised deviations of the replications, with mean 0.
    floor : the least value that the measure can have, below which no interval reaches.
    """

    mean: Floats
    replicates: Floats
    floor: float = -np.inf

    @property
    def half_width(self) -> Floats:
        """Half the width of the 95 % confidence interval, by cell; nan with a single replication."""
        count = len(self.replicates)
        if count < 2:
            return np.full(self.mean.shape, np.nan)
        spread = np.sqrt((self.replicates**2).sum(axis=0) / (count - 1) / count)
        return np.asarray(stdtrit(count - 1, 0.5 + CONFIDENCE / 2) * spread)

    @property
    def low(self) -> Floats:
        """Lower end of the interval."""
        return np.maximum(self.mean - self.half_width, self.floor)

    @property
    def high(self) -> Floats:
        """Upper end of the interval."""
        return self.mean + self.half_width

    def at(self, cells: npt.NDArray[np.int64]) -> "Estimate":
        """The same for some of the cells."""
        return Estimate(self.mean[cells], self.replicates[:, cells], self.floor)

    def minus(self, other: "Estimate") -> "Estimate":
        """The paired difference; exactly zero against itself."""
        return Estimate(self.mean - other.mean, self.replicates - other.replicates)

    def relative_fall(self, other: "Estimate") -> "Estimate":
        """1 - self / other, paired."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.mean / other.mean
            replicates = -(self.replicates - ratio * other.replicates) / other.mean
        return Estimate(1.0 - ratio, replicates)


def ratio_estimate(counts: Floats, measure: Measure) -> Estimate:
    """A measure from counts of shape (replications, cells, counts)."""
    top, bottom = weighted(counts, measure.top), weighted(counts, measure.bottom)
    whole = bottom.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(whole > 0, top.sum(axis=0) / whole, np.nan)
        return Estimate(mean, (top - mean * bottom) / bottom.mean(axis=0))


def own_ratio(counts: Floats, measure: Measure) -> Floats:
    """A measure of every row by itself, (rows, cells); nan where there is nothing to divide by."""
    top, bottom = weighted(counts, measure.top), weighted(counts, measure.bottom)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def own_percentile(waits: Floats, share: float) -> Floats:
    """A percentile of the waits (s) of every row by itself, (rows, cells)."""
    return np.array([[_percentile(cell, share) for cell in row] for row in waits])


def percentile_estimate(waits: Floats, share: float) -> Estimate:
    """A percentile of the pooled waits (s) from histograms of shape (replications, cells, bins).

    The interval is Woodruff's (1952): the pooled distribution's own uncertainty at the percentile, carried over to
    the time axis.
    """
    pooled = waits.sum(axis=0)
    size = waits.sum(axis=2)
    cells = range(pooled.shape[0])
    mean = np.array([_percentile(pooled[c], share) for c in cells])
    below = np.array([[_share_below(w[c], mean[c]) for c in cells] for w in waits]).reshape(size.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = (below - share * size) / size.mean(axis=0)
        deviation = deviation - deviation.mean(axis=0)
        step = np.maximum(np.sqrt((deviation**2).mean(axis=0) / len(waits)), 0.5 / size.sum(axis=0))
    slope = np.array([_slope(pooled[c], share, step[c]) for c in cells])
    return Estimate(mean, -deviation * slope, floor=0.0)


def _percentile(histogram: Floats, share: float) -> float:
    total = histogram.sum()
    if total <= 0:
        return float("nan")
    reached = np.cumsum(histogram) / total
    place = min(int(np.searchsorted(reached, share)), WAIT_BINS.size - 1)
    if place == 0:
        return 0.0
    before = reached[place - 1]
    part = (share - before) / (reached[place] - before) if reached[place] > before else 1.0
    return float(WAIT_BINS[place - 1] + part * (WAIT_BINS[place] - WAIT_BINS[place - 1]))


def _share_below(histogram: Floats, time_s: float) -> float:
    """Contacts that waited no longer than a time, linear within a bin."""
    if np.isnan(time_s):
        return 0.0
    reached = np.cumsum(histogram)
    return float(np.interp(time_s, WAIT_BINS, reached))


def _slope(histogram: Floats, share: float, step: float) -> float:
    """Seconds of wait a unit of probability at the percentile, over two standard errors either way."""
    if not np.isfinite(step) or step <= 0:
        return 0.0
    low, high = max(share - 2 * step, 0.0), min(share + 2 * step, 1.0)
    return (_percentile(histogram, high) - _percentile(histogram, low)) / (high - low)
