"""The chance that a plan holds: its interval, plans against each other on common draws, and how it rises with staff."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression
from scipy.special import ndtri

from sim.study.risk.resampling import CONFIDENCE, RESAMPLES, Estimated, percentile_interval

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Z = float(ndtri(0.5 + CONFIDENCE / 2))


def chance_of(met: Bools) -> Estimated:
    """The share of draws that meet, with Wilson's interval (1927).

    Parameters
    ----------
    met : (draws,) whether each does; draws are independent.
    """
    n, hits = met.size, int(met.sum())
    if n == 0:
        return Estimated(math.nan, math.nan, math.nan)
    share, extra = hits / n, Z * Z / n
    middle = (share + extra / 2) / (1 + extra)
    width = math.sqrt(share * (1 - share) * extra + extra * extra / 4) / (1 + extra)
    low = 0.0 if hits == 0 else middle - width
    return Estimated(share, low, 1.0 if hits == n else middle + width)


def chance_difference(met: Bools, other: Bools) -> Estimated:
    """By how much the chance of one plan is above that of another on the same draws.

    Notes
    -----
    The adjusted Wald interval of paired shares (Bonett and Price 2012): one draw is added to each of the two kinds in
    which the plans differ.
    """
    n = met.size
    first, second = int((met & ~other).sum()), int((~met & other).sum())
    if n == 0:
        return Estimated(math.nan, math.nan, math.nan)
    a, b = (first + 1) / (n + 2), (second + 1) / (n + 2)
    width = Z * math.sqrt(max(a + b - (a - b) ** 2, 0.0) / (n + 2))
    return Estimated((first - second) / n, max(a - b - width, -1.0), min(a - b + width, 1.0))


# Against staff --------------------------------------------------------------------


@dataclass(frozen=True)
class ChanceCurve:
    """How the chance rises with staff: fitted so that it never falls (isotonic least squares), straight between plans.

    Attributes
    ----------
    staff : (plans,) in rising order.
    shares : (plans,) the share of draws in which each plan meets.
    fitted : (plans,) the same, made monotone.
    by_draw : (draws, plans) 1 where a draw meets; between where several plans of one staff differ.
    """

    staff: Floats
    shares: Floats
    fitted: Floats
    by_draw: Floats

    def chance_at(self, staff: float) -> float:
        """The chance with a staff; NaN outside the plans, for nothing is known there."""
        if not self.staff[0] <= staff <= self.staff[-1]:
            return math.nan
        return float(np.interp(staff, self.staff, self.fitted))

    def staff_for(self, chance: float, seed: int = 1, times: int = RESAMPLES) -> Estimated:
        """The least staff that has a chance, with an interval over draws resampled.

        An end is -inf where it already has it with the least staff looked at, inf where the most does not suffice.
        """
        weights = _weights(self.by_draw.shape[0], seed, times)
        shares = weights @ self.by_draw / self.by_draw.shape[0]
        found = np.array([_reached(self.staff, _monotone(row), chance) for row in shares])
        return percentile_interval(_reached(self.staff, self.fitted, chance), found)

    def band(self, seed: int = 1, times: int = RESAMPLES) -> tuple[Floats, Floats]:
        """The middle 95 % of the fitted chance at every plan, over draws resampled."""
        weights = _weights(self.by_draw.shape[0], seed, times)
        fits = np.array([_monotone(row) for row in weights @ self.by_draw / self.by_draw.shape[0]])
        tail = (1.0 - CONFIDENCE) / 2
        low, high = np.quantile(fits, [tail, 1.0 - tail], axis=0)
        return low, high


def chance_curve(staff: Floats, met: Bools) -> ChanceCurve:
    """Fit how the chance rises with staff.

    Parameters
    ----------
    staff : (plans,) the staff of each plan, in any order; plans of one staff are taken together.
    met : (draws, plans) whether each draw meets with each plan.
    """
    levels, where = np.unique(np.asarray(staff, float), return_inverse=True)
    share = np.array([met[:, where == k].mean(axis=1) for k in range(levels.size)]).T
    shares = share.mean(axis=0)
    return ChanceCurve(levels, shares, _monotone(shares), share)


def _weights(draws: int, seed: int, times: int) -> Floats:
    """(times, draws) how often each draw comes in each resample."""
    luck = np.random.Generator(np.random.Philox(seed))
    return luck.multinomial(draws, np.full(draws, 1.0 / draws), times).astype(float)


def _monotone(shares: Floats) -> Floats:
    return np.asarray(isotonic_regression(shares).x, float)


def _reached(staff: Floats, fitted: Floats, chance: float) -> float:
    """Where a rising line first reaches a chance: -inf before its start, inf beyond its end."""
    if fitted[0] >= chance:
        return -math.inf
    if fitted[-1] < chance:
        return math.inf
    k = int(np.argmax(fitted >= chance))
    part = (chance - fitted[k - 1]) / (fitted[k] - fitted[k - 1])
    return float(staff[k - 1] + part * (staff[k] - staff[k - 1]))
