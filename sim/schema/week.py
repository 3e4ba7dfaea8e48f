"""Values that differ by day or by interval: a number, a list, or a map by weekday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_serializer

from sim.schema.base import Section
from sim.schema.calendar import DAYS_PATTERN, Calendar, by_weekday, weekdays_text
from sim.schema.faults import BadValueError, bad, raise_any
from sim.schema.values import finite, is_number

FORMS = "Write a number, a list by interval, or a map by weekday such as {mon-fri: 10, sat: [4, 5, 6]}"
DAY_FORMS = "Write a number, a list by day, or a map by weekday such as {mon-fri: 4200, sat: 900}"
LONGEST_LIST = 100_000


class ByInterval(Section):
    """One value for every opening interval, by weekday.

    Attributes
    ----------
    week
        For every weekday from Monday: a number for all intervals, one value an interval, or None where the file
        names none.
    """

    week: tuple[float | tuple[float, ...] | None, ...]

    def of(self, day: dt.date, calendar: Calendar) -> tuple[float, ...]:
        """Return one value an opening interval of a date; empty when closed."""
        entry, count = self.week[day.weekday()], calendar.intervals(day)
        if isinstance(entry, tuple):
            return entry if count else ()
        return (0.0 if entry is None else entry,) * count

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say: a number, a list, or a map by weekday."""
        groups = {key: list(entry) if isinstance(entry, tuple) else entry for key, entry in _grouped(self.week)}
        return groups[WEEK_KEY] if set(groups) == {WEEK_KEY} else groups


class PerDay(Section):
    """Expected contacts of a day.

    Attributes
    ----------
    week
        For every weekday from Monday, contacts a day, or None where the file names none; None for a list by day.
    by_day
        Contacts of each day measured; None unless the file gives a list.
    """

    week: tuple[float | None, ...] | None = None
    by_day: tuple[float, ...] | None = None

    def of(self, day: dt.date, calendar: Calendar) -> float:
        """Return the contacts expected on a date; 0 when closed.

        A date outside the days measured takes the value of the first day of the same weekday in the list.
        """
        if calendar.open_hours(day) is None:
            return 0.0
        if self.by_day is None:
            return (self.week[day.weekday()] if self.week else None) or 0.0
        number = (day - calendar.start).days
        if 0 <= number < calendar.days:
            return self.by_day[number]
        for k, date in enumerate(calendar.dates()[:14]):
            if date.weekday() == day.weekday() and calendar.open_hours(date) is not None:
                return self.by_day[k]
        return 0.0

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say: a number, a list by day, or a map by weekday."""
        if self.by_day is not None:
            return list(self.by_day)
        groups = dict(_grouped(self.week or ()))
        return groups[WEEK_KEY] if set(groups) == {WEEK_KEY} else groups


WEEK_KEY = weekdays_text(tuple(range(7)))


def _grouped(week: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """Return (weekdays, value) for each distinct value of a week, None left out."""
    values = list(dict.fromkeys(entry for entry in week if entry is not None))
    days = [tuple(day for day in range(len(week)) if week[day] == value) for value in values]
    return [(weekdays_text(group), value) for group, value in zip(days, values, strict=True)]


# Readers ----------------------------------------------------------------------


def entry_reader(positive: bool, whole: bool) -> Callable[[Any], float]:
    """Return a reader of one number that is not negative."""

    def read(value: Any) -> float:
        number = finite(value, "whole number" if whole else "number")
        if number < 0 or (positive and number == 0):
            raise bad("must be more than 0" if positive else "is negative", "", value)
        if whole and not number.is_integer():
            raise bad("is not a whole number", "", value)
        return number

    return read


def read_list(value: list[Any], read: Callable[[Any], float]) -> tuple[float, ...]:
    """Return a list of numbers; every bad entry is reported at its place."""
    if not value:
        raise bad("is an empty list", "", value)
    if len(value) > LONGEST_LIST:
        raise bad(f"has more than {LONGEST_LIST:,} entries")
    numbers, faults = [], []
    for k, entry in enumerate(value):
        try:
            numbers.append(read(entry))
        except BadValueError as error:
            faults += [fault.under(k) for fault in error.faults]
    raise_any(faults)
    return tuple(numbers)


def read_week(value: dict[Any, Any], read: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Return one value a weekday of a map by weekday; None where the map names none."""
    if not value:
        raise bad("is an empty map", FORMS)
    named, faults = by_weekday(value)
    week: list[Any] = [None] * 7
    seen: dict[str, Any] = {}
    for day, (key, entry) in sorted(named.items()):
        if key not in seen:
            try:
                seen[key] = read(entry)
            except BadValueError as error:
                seen[key] = None
                faults += [fault.under(key) for fault in error.faults]
        week[day] = seen[key]
    raise_any(faults)
    return tuple(week)


def by_interval_reader(positive: bool = False, whole: bool = False) -> Callable[[Any], ByInterval]:
    """Return a reader of a number, a list by interval or a map by weekday of either."""
    one = entry_reader(positive, whole)

    def entry(value: Any) -> float | tuple[float, ...]:
        if isinstance(value, list | tuple):
            return read_list(list(value), one)
        if isinstance(value, dict | str):
            raise bad("is not a number or a list of numbers", FORMS, value)
        return one(value)

    def read(value: Any) -> ByInterval:
        if isinstance(value, ByInterval):
            return value
        if isinstance(value, str):
            raise bad("is not a number, a list or a map by weekday", FORMS, value)
        week = read_week(value, entry) if isinstance(value, dict) else (entry(value),) * 7
        return ByInterval.model_construct(week=week)

    return read


def read_per_day(value: Any) -> PerDay:
    """Return the contacts of a day: a number, a list by day, or a map by weekday."""
    if isinstance(value, PerDay):
        return value
    one = entry_reader(positive=False, whole=False)
    if is_number(value):
        return PerDay.model_construct(week=(one(value),) * 7)
    if isinstance(value, list | tuple):
        return PerDay.model_construct(by_day=read_list(list(value), one))
    if isinstance(value, dict):
        return PerDay.model_construct(week=read_week(value, one))
    raise bad("is not a number, a list or a map by weekday", DAY_FORMS, value)


def _schema(positive: bool, whole: bool, lists: bool = True) -> dict[str, Any]:
    one: dict[str, Any] = {
        "type": "integer" if whole else "number",
        "exclusiveMinimum" if positive else "minimum": 0,
    }
    several = {"type": "array", "items": one, "minItems": 1}
    forms = [one, several] if lists else [one]
    week = {
        "type": "object",
        "patternProperties": {DAYS_PATTERN: {"anyOf": forms}},
        "additionalProperties": False,
    }
    return {"anyOf": [one, several, week | {"minProperties": 1}]}


INTERVAL_SCHEMA = _schema(positive=False, whole=False)
COUNT_SCHEMA = _schema(positive=False, whole=True)
Weights = Annotated[ByInterval, BeforeValidator(by_interval_reader()), WithJsonSchema(INTERVAL_SCHEMA)]
Volume = Annotated[PerDay, BeforeValidator(read_per_day), WithJsonSchema(_schema(False, False, lists=False))]
