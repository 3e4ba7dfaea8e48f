"""More or fewer agents on the same plan: whole heads, and as near as can be the hours that were asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sim.schema.calendar import Calendar
from sim.schema.week import ByInterval


def shared_out(counts: Sequence[int], factor: float) -> list[int]:
    """Counts times a factor, whole, with the total as near as it can be: the largest remainders are rounded up."""
    exact = [count * factor for count in counts]
    whole = [int(number + 1e-9) for number in exact]
    missing = int(sum(exact) + 0.5 + 1e-9) - sum(whole)
    order = sorted(range(len(exact)), key=lambda k: (whole[k] - exact[k], k))
    for k in order[:missing]:
        whole[k] += 1
    return whole


def scaled_week(week: ByInterval, calendar: Calendar, dates: Sequence[dt.date], factor: float) -> ByInterval:
    """Return counts by weekday times a factor, whole; what rounding leaves is carried on through the week.

    `dates` are those simulated: they say how many intervals a weekday has.
    """
    rounding = Rounding(factor)
    open_intervals = [max((calendar.intervals(d) for d in dates if d.weekday() == day), default=0) for day in range(7)]
    entries = [_day(entry, count, rounding) for entry, count in zip(week.week, open_intervals, strict=True)]
    return ByInterval.model_construct(week=tuple(entries))


def _day(entry: Any, intervals: int, rounding: Rounding) -> Any:
    """Return the counts of a weekday: one number where they are equal, None where there is none."""
    if entry is None:
        return None
    if isinstance(entry, tuple):
        return rounding.of(entry)
    counts = rounding.of((entry,) * intervals) or Rounding(rounding.factor).of((entry,))
    return counts if len(set(counts)) > 1 else counts[0]


class Rounding:
    """Rounds counts times a factor and carries what is left over to the next."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self.left = 0.0

    def of(self, counts: Sequence[float]) -> tuple[int, ...]:
        """Return whole counts whose running sum is that of the exact ones, to half an agent."""
        return tuple(self._one(count) for count in counts)

    def _one(self, count: float) -> int:
        exact = count * self.factor + (self.left if count else 0.0)
        whole = int(exact + 0.5 + 1e-9) if exact > 0 else 0
        self.left = exact - whole if count else self.left
        return whole
