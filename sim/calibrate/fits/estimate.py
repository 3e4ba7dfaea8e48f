"""A fitted number with its 95 % interval."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Z95 = 1.959963984540054


class FittedNumber(NamedTuple):
    """A number and the ends of its 95 % interval; nan where it is not known."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def times(self, factor: float) -> FittedNumber:
        """The same in another unit."""
        return FittedNumber(self.value * factor, self.low * factor, self.high * factor)


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


def chi_square_span(variance: float, degrees: float) -> tuple[float, float]:
    """The 95 % interval of a variance with so many degrees of freedom."""
    if degrees <= 0 or not variance > 0:
        return 0.0, math.inf
    low, high = (float(stats.chi2.ppf(quantile, degrees)) for quantile in (0.975, 0.025))
    return variance * degrees / low, variance * degrees / high
