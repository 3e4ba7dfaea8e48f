"""How much of what is not known each belief carries: first-order and total indices of Sobol, with intervals.

First-order indices are read off the sample that there is (regression along one input at a time). Totals need a
surrogate that predicts what it has not seen: a design of their own (Saltelli 2010) would take far more runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.study.risk.polynomials import basis, best_degree
from sim.study.risk.resampling import Estimated, blocks_of, jackknife, t_interval
from sim.study.risk.surrogate import fit_surrogate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_FIT = 0.8
"""The predictive share of variance below which a surrogate's totals are not shown."""
LOW, HIGH = 0.05, 0.95


# From the sample that there is ----------------------------------------------------


@dataclass(frozen=True)
class FirstOrder:
    """What one belief does by itself.

    Attributes
    ----------
    share : of the variance of the result, luck included in the whole; about 0, also below, where it does nothing.
    at_low, at_high : the mean result where the belief is at its 5 % and at its 95 % point, all others as believed.
    """

    share: Estimated
    at_low: float
    at_high: float

    def within(self, least: float, most: float) -> FirstOrder:
        """The same with results that a measure can have: a fitted line knows no bounds."""
        at_low, at_high = (min(max(end, least), most) for end in (self.at_low, self.at_high))
        return replace(self, at_low=at_low, at_high=at_high)


def first_order(points: Floats, values: Floats, blocks: Ints | None = None) -> list[FirstOrder]:
    """First-order indices of every input, from any sample of independent inputs.

    Parameters
    ----------
    points : (draws, inputs) where in its distribution each belief was drawn, from 0 to 1; `ranks` of what was drawn,
        where draws were dropped.
    values : (draws,) what came of it.
    blocks : (draws,) which scramble each draw is of; by default neighbouring draws are taken together.

    Notes
    -----
    S = 1 - left-over variance / variance, both by their degrees of freedom, of a polynomial whose degree is
    the one that predicts draws left out best. The degree is chosen once; the interval is a jackknife over blocks.
    """
    groups = blocks_of(values.size) if blocks is None else blocks
    return [_along(along, np.asarray(values, float), groups) for along in points.T]


def _along(points: Floats, values: Floats, blocks: Ints) -> FirstOrder:
    degree = best_degree(points, values)
    shown = basis(points, max(degree, 1))
    share, error = jackknife(lambda rows: np.array(_explained(shown[rows], values[rows])), blocks)
    coefficients = np.linalg.lstsq(shown[:, : degree + 1], values, rcond=None)[0]
    low, high = basis(np.array([LOW, HIGH]), degree) @ coefficients
    estimate = t_interval(float(share), float(error), np.unique(blocks).size)
    return FirstOrder(estimate.within(0.0, 1.0), float(low), float(high))


def _explained(terms: Floats, values: Floats) -> float:
    """The share of variance that a regression explains, adjusted for its terms; 0 where nothing varies."""
    n, count = terms.shape
    spread = float(((values - values.mean()) ** 2).sum())
    if spread <= 0.0 or n <= count:
        return 0.0
    left = values - terms @ np.linalg.lstsq(terms, values, rcond=None)[0]
    return 1.0 - float(left @ left) / spread * float(n - 1) / float(n - count)


# By a surrogate -----------------------------------------------------------------------


@dataclass(frozen=True)
class SurrogateIndices:
    """Indices by a surrogate; they are of the whole variance, luck included.

    Attributes
    ----------
    fit : Q2, the share of the variance that it predicts of draws it has not seen (at most 1, and below 0 if it is worse
        than the mean).
    first, total : (inputs) of each what it does by itself, and with all others; empty where the fit is too poor.
    """

    fit: float
    first: tuple[Estimated, ...] = ()
    total: tuple[Estimated, ...] = ()


def surrogate_indices(
    points: Floats, values: Floats, blocks: Ints | None = None, noise: float | None = None, least: float = LEAST_FIT
) -> SurrogateIndices:
    """First-order and total indices of every input by a polynomial, only where it predicts well.

    Parameters
    ----------
    points, values, blocks : as in `first_order`.
    noise : variance of the luck in each value, where it is known (0 for a function without luck): no surrogate can
        predict that, and the fit is judged by what is left. Without it, what the surrogate misses is taken for luck,
        and widens no interval.
    least : fit from which on indices are given.
    """
    values = np.asarray(values, float)
    whole = fit_surrogate(points, values, noise)
    if not whole.fit >= least:
        return SurrogateIndices(whole.fit)
    groups = blocks_of(values.size) if blocks is None else blocks
    found = jackknife(lambda rows: whole.again(points[rows], values[rows]).shares(), groups)
    first, total = (_estimates(*pair, np.unique(groups).size) for pair in zip(*found, strict=True))
    missed = 0.0 if noise is None else max(1.0 - whole.fit, 0.0) * max(1.0 - noise / float(values.var()), 0.0)
    return SurrogateIndices(whole.fit, _widened(first, missed), _widened(total, missed))


def _widened(estimates: tuple[Estimated, ...], missed: float) -> tuple[Estimated, ...]:
    """What a surrogate misses, where it is no luck, may be anybody's: it widens every interval."""
    apart = ((one, one.mean) for one in estimates)
    wider = (Estimated(share, one.low - missed * share, one.high + missed * (1.0 - share)) for one, share in apart)
    return tuple(one.within(0.0, 1.0) for one in wider)


def _estimates(means: Floats, errors: Floats, parts: int) -> tuple[Estimated, ...]:
    pairs = zip(means, errors, strict=True)
    return tuple(t_interval(float(mean), float(error), parts).within(0.0, 1.0) for mean, error in pairs)


# Luck -------------------------------------------------------------------------------


def share_of_luck(values: Floats, blocks: Ints | None = None) -> Estimated:
    """The share of the variance of a single result that is luck: that within draws of several replications each.

    Parameters
    ----------
    values : (draws, replications) what came of the same beliefs with other customers; at least two replications.
    """
    values = np.asarray(values, float)
    groups = blocks_of(values.shape[0]) if blocks is None else blocks
    share, error = jackknife(lambda rows: np.array(_within(values[rows])), groups)
    return t_interval(float(share), float(error), np.unique(groups).size).within(0.0, 1.0)


def _within(values: Floats) -> float:
    """Variance within draws over that of a single value: one-way analysis of variance."""
    replications = values.shape[1]
    luck = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1)) - luck / replications
    whole = luck + between
    return luck / whole if whole > 0.0 else 0.0
