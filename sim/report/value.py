"""An estimate as reports carry it: a mean with its 95 % confidence interval."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """An estimate with its 95 % confidence interval; nan where there is nothing to say."""

    mean: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an estimate at all."""
        return not math.isnan(self.mean)

    @property
    def half_width(self) -> float:
        """Half the width of the interval; nan with a single replication."""
        return (self.high - self.low) / 2

    @property
    def judged(self) -> bool:
        """Whether there is an interval to judge by."""
        return self.known and not math.isnan(self.low)

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> Value:
        """The value in another unit."""
        ends = (self.low * factor, self.high * factor)
        return Value(self.mean * factor, min(ends), max(ends))


NOTHING = Value(math.nan, math.nan, math.nan)
ZERO = Value(0.0, 0.0, 0.0)
NOISE = 1e-12
"""A difference below this, or this part of a value above 1, comes from the order of summing, not from scenarios."""


def exactly(number: float) -> Value:
    """A number without an interval."""
    return Value(number, math.nan, math.nan)


def beyond_luck(change: Value) -> bool:
    """Whether a difference stands out: its interval excludes zero, or, with one replication, it is not zero."""
    return change.clear if change.judged else change.known and change.mean != 0.0
