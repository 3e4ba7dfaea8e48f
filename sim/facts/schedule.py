"""What shifts and counts put on the queue, and when: the night before, breaks and absence taken care of.

Times are seconds since midnight of the date in question; a shift of the day before begins at a negative one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from sim.scenario.model import Group, Scenario, Shift
from sim.schema.values import DAY_S

Span = tuple[float, float]
Breaks = Iterable[tuple[float, float]]
"""(seconds after the start of the shift, length in seconds) of each."""


def shift_starts(shift: Shift, day: dt.date) -> list[tuple[dt.date, float]]:
    """Return (date on which it begins, start) of a shift that reaches a date: its own, and that of the day before."""
    dates = ((day, 0.0), (day - dt.timedelta(days=1), -DAY_S))
    return [(date, midnight + shift.start) for date, midnight in dates if date.weekday() in shift.days]


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
    return _overlap(span, start, length) - pauses


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
        starts = [start for _, start in shift_starts(shift, day)]
        working += shift.count * sum(worked_seconds(span, start, shift.length, breaks_of(shift)) for start in starts)
    return working * (1 - group.absence) / (span[1] - span[0])
