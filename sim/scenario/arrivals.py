"""How many contacts come, and when."""

from __future__ import annotations

import bisect
import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_serializer
from pydantic_core.core_schema import ValidationInfo

from sim.schema.base import Section, param
from sim.schema.calendar import Calendar
from sim.schema.csv_tables import (
    few,
    moment,
    number_cell,
    read_grid,
    read_table,
    same_weekday,
)
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import Variation, choice_reader, parse_date, time_text
from sim.schema.week import Volume, Weights

TraceRow = tuple[str, float, str | None]


class CountsFile(Section):
    """Counts by date, interval and column, from a CSV file.

    Attributes
    ----------
    path
        The file as the scenario names it.
    columns
        Its columns besides date and time: intents, or ``contacts``.
    counts
        For every (ISO date, column), one count an opening interval of that date.
    """

    path: str
    columns: tuple[str, ...]
    counts: dict[tuple[str, str], tuple[float, ...]] = Field(repr=False)

    def of(self, day: dt.date, column: str, calendar: Calendar) -> tuple[float, ...]:
        """Return one count an opening interval of a date.

        A date that the file lacks takes the first date of the same weekday in it, else zeros.
        """
        count = calendar.intervals(day)
        date = same_weekday(day, list(dict.fromkeys(date for date, _ in self.counts)))
        values = self.counts.get((date, column)) if date else None
        return values if values is not None and len(values) == count else (0.0,) * count

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> dict[str, Any]:
        """Return the table as a file can hold it: ``{path, counts: {date: {column: [...]}}}``."""
        dates: dict[str, dict[str, list[float]]] = {}
        for (date, column), values in self.counts.items():
            dates.setdefault(date, {})[column] = list(values)
        return {"path": self.path, "counts": dates}


class TraceFile(Section):
    """Arrival times from a CSV file.

    Attributes
    ----------
    path
        The file as the scenario names it.
    rows
        (ISO date, seconds since midnight, intent or None), sorted.
    """

    path: str
    rows: tuple[TraceRow, ...] = Field(repr=False)

    def of(self, day: dt.date, calendar: Calendar) -> tuple[TraceRow, ...]:
        """Return the rows of a date, none when it is closed.

        A date that the file lacks takes the first date of the same weekday in it.
        """
        date = same_weekday(day, self._dates())
        if date is None or calendar.open_hours(day) is None:
            return ()
        first = bisect.bisect_left(self.rows, date, key=lambda row: row[0])
        last = bisect.bisect_right(self.rows, date, key=lambda row: row[0])
        return self.rows[first:last]

    def _dates(self) -> list[str]:
        """Return the dates that have rows, in order."""
        dates: list[str] = []
        place = 0
        while place < len(self.rows):
            dates.append(self.rows[place][0])
            place = bisect.bisect_right(self.rows, dates[-1], key=lambda row: row[0])
        return dates

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> dict[str, Any]:
        """Return the trace as a file can hold it: ``{path, rows: [[date, seconds, intent], ...]}``."""
        return {
            "path": self.path,
            "rows": [list(row) if row[2] is not None else list(row[:2]) for row in self.rows],
        }


def sort_rows(rows: list[TraceRow]) -> tuple[TraceRow, ...]:
    """Return rows by date, time and intent."""
    return tuple(sorted(rows, key=lambda row: (row[0], row[1], row[2] or "")))


# Reading ----------------------------------------------------------------------


def read_counts(value: Any, info: ValidationInfo) -> CountsFile:
    """Return the counts of a CSV file, or of the form that a manifest holds."""
    if isinstance(value, CountsFile):
        return value
    if isinstance(value, dict):
        return _inline_counts(value)
    context = info.context or {}
    calendar: Calendar | None = context.get("calendar")
    if calendar is None:
        read_table(value, ("date", "time"))
        return CountsFile(path=str(value), columns=(), counts={})
    grid = read_grid(value, calendar, None, whole=False)
    gaps = grid.gaps()
    if gaps:
        context.get("notes", []).append(f"{value}: {len(gaps)} intervals have no row and count 0, the first {gaps[0]}")
    return CountsFile(path=str(value), columns=grid.columns, counts=grid.filled())


def _inline_counts(value: dict[str, Any]) -> CountsFile:
    dates = value.get("counts")
    if set(value) != {"path", "counts"} or not isinstance(dates, dict) or not dates:
        raise bad("is not a table of counts", "Write the name of a CSV file", sorted(value))
    counts: dict[tuple[str, str], tuple[float, ...]] = {}
    for date, columns in dates.items():
        parse_date(date)
        if not isinstance(columns, dict):
            raise bad("is not a map of columns", "", columns, at=("counts", date))
        for column, values in columns.items():
            counts[date, column] = inline_numbers(values, ("counts", date, column))
    names = dict.fromkeys(column for _, column in counts)
    return CountsFile(path=str(value["path"]), columns=tuple(names), counts=counts)


def inline_numbers(values: Any, at: tuple[str, ...]) -> tuple[float, ...]:
    """Return a list of counts, none of them negative."""
    if not isinstance(values, list | tuple):
        raise bad("is not a list of numbers", "", values, at=at)
    return tuple(number_cell(str(number), whole=False) for number in values)


def read_trace(value: Any, info: ValidationInfo) -> TraceFile:
    """Return the arrival times of a CSV file with the columns ``date,time`` and perhaps ``intent``."""
    if isinstance(value, TraceFile):
        return value
    if isinstance(value, dict):
        return _inline_trace(value)
    calendar: Calendar | None = (info.context or {}).get("calendar")
    table = read_table(value, ("date", "time"))
    rows: list[TraceRow] = []
    faults: list[Fault] = []
    for line, row in table.rows:
        try:
            date, seconds = moment(row)
            _within_hours(date, seconds, calendar)
            rows.append((date.isoformat(), seconds, row.get("intent") or None))
        except BadValueError as error:
            faults += [Fault(f.message, f.fix, value=f.value, file=table.path, line=line) for f in error.faults]
    raise_any(few(faults))
    return TraceFile(path=str(value), rows=sort_rows(rows))


def _within_hours(date: dt.date, seconds: float, calendar: Calendar | None) -> None:
    hours = calendar.open_hours(date) if calendar else (0.0, 86_400.0)
    if hours is None or not hours[0] <= seconds < hours[1]:
        raise bad("is an arrival outside opening hours", "", f"{date} {time_text(seconds)}")


def _inline_trace(value: dict[str, Any]) -> TraceFile:
    entries = value.get("rows")
    if set(value) != {"path", "rows"} or not isinstance(entries, list | tuple):
        raise bad("is not a list of arrivals", "Write the name of a CSV file", sorted(value))
    rows: list[TraceRow] = []
    for k, entry in enumerate(entries):
        if not isinstance(entry, list | tuple) or len(entry) not in (2, 3):
            raise bad("is not [date, seconds, intent]", "", entry, at=("rows", k))
        intent = str(entry[2]) if len(entry) == 3 else None
        rows.append((parse_date(entry[0]).isoformat(), number_cell(str(entry[1]), whole=False), intent))
    return TraceFile(path=str(value["path"]), rows=sort_rows(rows))


FILE_SCHEMA = {
    "anyOf": [
        {"type": "string", "description": "CSV file, relative to this one"},
        {"type": "object", "required": ["path"], "description": "The table itself, as a manifest holds it"},
    ]
}


# The section ------------------------------------------------------------------


class Arrivals(Section):
    """Where contacts come from; exactly one of `per_day`, `per_hour`, `file` and `trace` is not None.

    Common arrivals may have none of them where every intent has arrivals of its own: these take process and busyness.
    """

    per_day: Volume | None = param(
        None, "Expected contacts a day: a number, a list by day, or a map by weekday", off=True
    )
    profile: Weights | None = param(None, "Relative weight of each interval of the day; flat when left out", off=True)
    per_hour: Weights | None = param(
        None, "Expected contacts an hour, one entry an opening hour or an interval", off=True
    )
    file: Annotated[CountsFile, BeforeValidator(read_counts), WithJsonSchema(FILE_SCHEMA)] | None = param(
        None, "CSV of counts by interval: columns date,time and one an intent, or contacts", off=True
    )
    trace: Annotated[TraceFile, BeforeValidator(read_trace), WithJsonSchema(FILE_SCHEMA)] | None = param(
        None, "CSV of arrival times: columns date,time,intent", hidden=True
    )
    process: Annotated[
        Literal["poisson", "fixed_count", "trace"],
        BeforeValidator(choice_reader("poisson", "fixed_count", "trace")),
    ] = param("poisson", "How arrivals vary around what is expected", source="Erlang's assumption", grade="M")
    busyness_cv: Variation = param(
        0.0,
        "Spread of a factor common to a whole day and all intents",
        source="off unless given",
        span="0-0.3",
    )
    interval_cv: Variation = param(0.0, "Spread of a factor for each interval", source="off unless given", span="0-0.3")
