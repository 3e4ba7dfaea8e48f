"""Whether two scenarios are open at the same times: only then are their weeks like for like."""

from __future__ import annotations

from sim.errors import NotComparableError
from sim.scenario.model import Scenario


def require_same_days(one: Scenario, other: Scenario, whose: str) -> None:
    """Refuse scenarios that measure other days or are open at other times.

    Parameters
    ----------
    one, other : the scenarios.
    whose : what the message begins with, such as the flag that named one of them.

    Raises
    ------
    NotComparableError
        If they differ in days, hours or the length of intervals.
    """
    first, second = one.calendar, other.calendar
    if first.dates() != second.dates() or any(
        first.open_hours(day) != second.open_hours(day) or first.interval_starts(day) != second.interval_starts(day)
        for day in first.dates()
    ):
        words = f"{one.name} and {other.name} are open at different times"
        raise NotComparableError(f"{whose}: {words}. Give both files the same calendar")
