"""What shifts and counts put on the queue, and when: the night before, breaks and absence taken care of.

Times are seconds since midnight of the date in question; a shift of the day before begins at a negative one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sim.scenario.model import Group, Scenario, Shift
from sim.schema.calendar import Calendar
from sim.schema.values import DAY_S

DAY = dt.timedelta(days=1)
Span = tuple[float, float]
Breaks = Iterable[tuple[float, float]]
"""(seconds after the start of the shift, length in seconds) of each."""


def is_worked(shift: Shift, date: dt.date, calendar: Calendar) -> bool:
    """Tell whether a shift begins on a date.

    It does on each of its weekdays on which the centre is open, and on a closed one from whose evening it reaches into
    the opening hours of the day after.
    """
    if date.weekday() not in shift.days:
        return False
    if calendar.open_hours(date) is not None:
        return True
    morning = calendar.open_hours(date + DAY) if past_midnight(shift) > 0.0 else None
    return morning is not None and past_midnight(shift) > morning[0]


def past_midnight(shift: Shift) -> float:
    """Return how far a shift reaches into the day after it begins (s), below 0 where it does not."""
    return shift.start + shift.length - DAY_S


def days_worked(shift: Shift, dates: Sequence[dt.date], calendar: Calendar) -> list[int]:
    """Return the numbers of the dates on which a shift begins; -1 for the evening before the first that reaches it."""
    eve = [-1] if past_midnight(shift) > 0.0 and is_worked(shift, dates[0] - DAY, calendar) else []
    return eve + [number for number, date in enumerate(dates) if is_worked(shift, date, calendar)]


def shift_starts(shift: Shift, day: dt.date, calendar: Calendar) -> list[tuple[dt.date, float]]:
    """Return (date on which it begins, start) of a shift that may reach a date: its own, and that of the day before."""
    dates = ((day, 0.0), (day - DAY, -DAY_S))
    return [(date, midnight + shift.start) for date, midnight in dates if is_worked(shift, date, calendar)]


def alike(scenario: Scenario, groups: Sequence[Group], day: dt.date) -> object:
    """Return what the agents of a date depend on: dates with the same have the same agents at the same times."""
    calendar = scenario.calendar
    tables = [group.staff.of(day, calendar) for group in groups if group.staff is not None and group.staff.counts]
    return day.weekday(), calendar.open_hours(day), calendar.open_hours(day - DAY) is not None, *tables


def breaks_of(shift: Shift) -> list[tuple[float, float]]:
    """Return the breaks of a shift, as they are written."""
    return [(pause.after, pause.length) for pause in shift.breaks]


def worked_spans(start: float, length: float, breaks: Breaks) -> Iterator[Span]:
    """Return the spans between the breaks of a shift; those between breaks that meet end no later than they start."""
    since = start
    for after, pause in sorted(breaks, key=lambda entry: entry[0]):
        yield since, start + after
        since = max(since, start + after + pause)
    yield since, start + length


def worked_seconds(span: Span, start: float, length: float, breaks: Breaks) -> float:
    """Return how much of a span one agent of a shift works (s)."""
    pauses = sum(_overlap(span, start + after, pause) for after, pause in breaks)
    return max(0.0, _overlap(span, start, length) - pauses)


def _overlap(span: Span, start: float, length: float) -> float:
    return max(0.0, min(span[1], start + length) - max(span[0], start))


def agents_between(group: Group, scenario: Scenario, day: dt.date, number: int, span: Span) -> float:
    """Return the agents of a group, on average over one interval of a date, absence and breaks taken off.

    Parameters
    ----------
    number
        Of the opening interval, from 0.
    span
        When it starts and ends.
    """
    if group.staff is not None:
        return group.staff.of(day, scenario.calendar)[number] * (1 - group.absence)
    working = 0.0
    for shift in group.shifts or ():
        starts = [start for _, start in shift_starts(shift, day, scenario.calendar)]
        working += shift.count * sum(worked_seconds(span, start, shift.length, breaks_of(shift)) for start in starts)
    return working * (1 - group.absence) / (span[1] - span[0])
