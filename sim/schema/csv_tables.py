"""CSV files that a scenario names: counts by interval, arrival times, staffing, samples of durations."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.schema.calendar import Calendar, parse_weekdays
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.planner_tables import PlannerTable, Row, delimiter_of
from sim.schema.values import DAY_S, finite, parse_date, time_text

MOST_FAULTS = 20
LARGEST_FILE = 200_000_000
CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?")


class FileName(str):
    """The name of a file as a scenario writes it, with the folder it is relative to."""

    base: Path

    def __new__(cls, text: str, base: Path) -> FileName:
        """Make the name `text`, relative to the folder `base`."""
        name = super().__new__(cls, text)
        name.base = base
        return name

    @property
    def full(self) -> Path:
        """Return the path to open."""
        return self.base / self


@dataclass(frozen=True)
class CsvTable:
    """A CSV file with a header: its path for messages, its columns, and its rows with their line numbers."""

    path: str
    columns: tuple[str, ...]
    rows: list[Row]


NUMERIC = tuple("0123456789-+.")


# Reading the file -------------------------------------------------------------


def file_path(name: Any, kind: str = "CSV file") -> Path:
    """Return the path of a file that a scenario names and that is there; `BadValueError` when it is not.

    Parameters
    ----------
    kind : what it should be, for messages.
    """
    if not isinstance(name, str) or not name.strip():
        raise bad("is not the name of a file", f"Write the path of a {kind}", name)
    path = name.full if isinstance(name, FileName) else Path(name)
    try:
        if path.is_dir():
            raise bad("is a folder, not a file", f"Write the path of a {kind}", name)
        if path.exists() and not path.is_file():
            raise bad("is not a plain file", f"Write the path of a {kind}", name)
        if path.stat().st_size > LARGEST_FILE:
            raise bad(f"is larger than {LARGEST_FILE // 1_000_000} MB", "", name)
    except FileNotFoundError:
        raise bad("is a file that does not exist", f"Looked for {path}", name) from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    return path


def _unreadable(name: Any, error: Exception) -> BadValueError:
    if isinstance(error, BadValueError):
        return error
    return bad(f"is a file that cannot be read: {getattr(error, 'strerror', None) or error}", "", name)


def read_text(name: Any) -> tuple[str, str]:
    """Return (path for messages, text) of a file that a scenario names; `BadValueError` when it cannot be read."""
    path = file_path(name)
    try:
        return str(path), path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise bad("is a file that is not UTF-8 text", "Save it as CSV UTF-8", name) from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None


def read_table(name: Any, required: tuple[str, ...], value: str = "contacts") -> CsvTable:
    """Return a CSV file with a header that has the columns `required`; ``weekday`` may stand for ``date``.

    Commas, semicolons, tabs or bars stand between cells. Dates, times and numbers are read in the usual ways of writing
    and returned in one: ISO dates, HH:MM, a decimal point. A table with a column a weekday becomes one with a row each,
    with its numbers under `value`.
    """
    path, text = read_text(name)
    delimiter = delimiter_of(text.lstrip().partition("\n")[0])
    lines = _lines(path, text, delimiter)
    first = next(lines, None)
    if first is None:
        raise BadValueError(Fault("is an empty table", f"It needs the columns {','.join(required)}", file=path, line=1))
    columns = tuple(cell.strip() for cell in first[1])
    raise_any(_header_faults(path, columns, ()))
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in lines:
        if len(cells) == len(columns):
            rows.append((line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
        else:
            message = f"has {len(cells)} columns and the header {len(columns)}"
            faults.append(Fault(message, "", value=",".join(cells), file=path, line=line))
    raise_any(few(faults))
    table = PlannerTable(path, columns, rows).named().long(value)
    needed = tuple(column for column in required if column != "date" or "weekday" not in table.columns)
    raise_any(_header_faults(path, table.columns, needed, columns))
    plain = table.written_plainly(delimiter != ",")
    return CsvTable(path, plain.columns, plain.rows)


def _lines(path: str, text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise BadValueError(Fault(f"is not CSV: {error}", "", file=path, line=reader.line_num)) from None


def _header_faults(
    path: str, columns: tuple[str, ...], required: tuple[str, ...], written: tuple[str, ...] = ()
) -> list[Fault]:
    """Columns that are missing or come twice; `written` is the header as the file has it."""
    fix = f"The first line names the columns: {','.join(required)} and more"
    missing = [column for column in required if column not in columns]
    names = written or columns
    known = any(column in name.lower() for name in names for column in required or ("date", "time"))
    shown = ",".join(names) if known else None  # what is no table at all is named and not shown
    faults = [Fault(f"has no column {' or '.join(missing)}", fix, value=shown, file=path, line=1)]
    faults = faults if missing else []
    if len(set(columns)) < len(columns) or "" in columns:
        faults.append(Fault("has two columns of the same name, or one without", fix, value=shown, file=path, line=1))
    return faults


def few(faults: list[Fault]) -> list[Fault]:
    """Return at most 20 faults of one table, the last of them counting the rest."""
    if len(faults) <= MOST_FAULTS:
        return faults
    more = Fault(f"has {len(faults) - MOST_FAULTS:,} more problems like these", "", file=faults[0].file)
    return [*faults[:MOST_FAULTS], more]


# Cells ------------------------------------------------------------------------


def clock_seconds(text: str, latest: float = DAY_S - 1e-6) -> float:
    """Return the seconds since midnight of ``HH:MM`` or ``HH:MM:SS.ffffff``, `latest` at most."""
    match = CLOCK.fullmatch(text)
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3] or 0) if match else 2 * DAY_S
    if seconds > latest:
        raise bad("is not a time of day", "Write HH:MM or HH:MM:SS, before 24:00", text)
    return seconds


def number_cell(text: str, whole: bool) -> float:
    """Return a count that is not negative, whole if it must be."""
    try:
        number = float(text)
    except ValueError:
        raise bad("is not a number", "", text) from None
    finite(number)
    if number < 0:
        raise bad("is negative", "", text)
    if whole and not number.is_integer():
        raise bad("is not a whole number", "", text)
    return number


def moment(row: dict[str, str]) -> tuple[dt.date, float]:
    """Return date and time of day of a row; a row of a typical week has no date."""
    if "weekday" in row:
        raise bad("names a weekday where a date is needed", "Write a date such as 2026-11-23", row["weekday"])
    return parse_date(row["date"]), clock_seconds(row["time"])


# Counts by interval -----------------------------------------------------------


@dataclass
class CountTable:
    """Counts by date, column and opening interval, filled row by row.

    Attributes
    ----------
    whole : whether the counts are whole numbers.
    levels : whether they are levels, such as agents, that hold for all intervals of a range of time; counts do not.
    """

    table: CsvTable
    calendar: Calendar
    columns: tuple[str, ...]
    whole: bool
    levels: bool = False

    def __post_init__(self) -> None:
        self.counts: dict[str, dict[str, list[float | None]]] = {}
        self.faults: list[Fault] = []

    def fill(self) -> None:
        """Read every row; collect what is wrong in `faults`."""
        for line, row in self.table.rows:
            try:
                self._row(row)
            except BadValueError as error:
                path = self.table.path
                self.faults += [Fault(f.message, f.fix, value=f.value, file=path, line=line) for f in error.faults]

    def _row(self, row: dict[str, str]) -> None:
        values = {column: number_cell(row[column], self.whole) for column in self.columns}
        times = self._times(row["time"])
        for date in self._days(row):
            for seconds in times:
                self._put(date, seconds, values)

    def _days(self, row: dict[str, str]) -> list[dt.date]:
        """The date of a row, or the dates of its weekdays: all that are measured, and one at least of each."""
        if "weekday" not in row:
            return [parse_date(row["date"])]
        weekdays, measured = parse_weekdays(row["weekday"]), self.calendar.dates()
        week = [self.calendar.start + dt.timedelta(days=day) for day in range(7)]
        days = dict.fromkeys((*measured, *week))
        open_days = [day for day in days if day not in self.calendar.holidays]
        return [day for day in open_days if day.weekday() in weekdays]

    def _times(self, text: str) -> list[float]:
        """When the intervals of a row begin (s): one, or as many as its range of time has."""
        begin, dash, end = text.partition("-")
        first = clock_seconds(begin)
        if not dash:
            return [first]
        last, step = clock_seconds(end, DAY_S), self.calendar.interval
        count = (last - first) / step
        if count != 1 and not (self.levels and count > 1 and count.is_integer()):
            many = "Write a row for each interval" if count > 1 else f"Intervals are {step / 60:g} minutes"
            raise bad(f"is a range of {(last - first) / 60:g} minutes, not one interval", many, text)
        return [first + k * step for k in range(int(count))]

    def _put(self, date: dt.date, seconds: float, values: dict[str, float]) -> None:
        place = self._place(date, seconds, any(values.values()))
        if place is None:
            return
        empty = {column: [None] * self.calendar.intervals(date) for column in self.columns}
        day = self.counts.setdefault(date.isoformat(), empty)  # type: ignore[arg-type]
        for column, value in values.items():
            if day[column][place] is not None:
                raise bad("is a second row for the same date and time", "", f"{date} {time_text(seconds)}")
            day[column][place] = value

    def _place(self, date: dt.date, seconds: float, counts: bool) -> int | None:
        hours = self.calendar.open_hours(date)
        if hours is None or not hours[0] <= seconds < hours[1]:
            if counts:
                raise bad("has a count outside opening hours", "", f"{date} {time_text(seconds)}")
            return None
        place, rest = divmod(seconds - hours[0], self.calendar.interval)
        if rest:
            step = f"every {self.calendar.interval / 60:g} minutes from {time_text(hours[0])}"
            raise bad("is not the start of an interval", f"Intervals start {step}", time_text(seconds))
        return int(place)

    def missing_dates(self) -> list[dt.date]:
        """Return the open days measured that have no row."""
        days = self.calendar.dates()
        return [day for day in days if self.calendar.intervals(day) and day.isoformat() not in self.counts]

    def gaps(self) -> list[str]:
        """Return ``date time`` of every opening interval without a row, on the dates that have one."""
        column = self.columns[0]
        found = []
        for date, day in sorted(self.counts.items()):
            starts = self.calendar.interval_starts(dt.date.fromisoformat(date))
            found += [f"{date} {time_text(s)}" for s, value in zip(starts, day[column], strict=True) if value is None]
        return found

    def filled(self) -> dict[tuple[str, str], tuple[float, ...]]:
        """Return the counts of every (date, column), 0 where there was no row."""
        return {
            (date, column): tuple(value or 0.0 for value in values)
            for date, day in sorted(self.counts.items())
            for column, values in day.items()
        }


def read_grid(
    name: Any,
    calendar: Calendar,
    columns: tuple[str, ...] | None,
    whole: bool,
    levels: bool = False,
    only: tuple[str, str] | None = None,
) -> CountTable:
    """Return the counts of a CSV file with the columns ``date,time`` and `columns` (default: all others).

    With `levels` they are agents: a range of time stands for all its intervals. `only` is a column and its cell in the
    rows to read; all rows are read without it.
    """
    table = read_table(name, ("date", "time", *(columns or ())), "agents" if levels else "contacts")
    if only is not None:
        table = _rows_of(table, *only)
    chosen = columns or tuple(column for column in table.columns if column not in ("date", "weekday", "time"))
    if not chosen:
        fix = "Besides date,time it needs a column for each intent, or one called contacts"
        raise BadValueError(
            Fault("has no column of counts", fix, value=",".join(table.columns), file=table.path, line=1)
        )
    grid = CountTable(table, calendar, chosen, whole, levels)
    grid.fill()
    missing = [str(day) for day in grid.missing_dates()]
    if missing and not grid.faults:
        days = ", ".join(missing[:5]) + (" and more" if len(missing) > 5 else "")
        grid.faults.append(Fault(f"has no row for {days}", "Every open day measured needs its rows", file=table.path))
    raise_any(few(grid.faults))
    return grid


def _rows_of(table: CsvTable, column: str, cell: str) -> CsvTable:
    """Return the rows of a table that have a cell in a column; one at least."""
    rows = [row for row in table.rows if row[1][column] == cell]
    if not rows:
        named = ", ".join(dict.fromkeys(row[1][column] for row in table.rows)) or "nothing"
        raise BadValueError(Fault(f"has no row for {column} {cell}", f"It has rows for {named}", file=table.path))
    return CsvTable(table.path, table.columns, rows)


def same_weekday(day: dt.date, dates: list[str]) -> str | None:
    """Return the date of a file that stands for `day`: itself, else the first of the same weekday; None without."""
    if day.isoformat() in dates:
        return day.isoformat()
    weekday = day.weekday()
    return next((date for date in sorted(dates) if dt.date.fromisoformat(date).weekday() == weekday), None)


# Samples ----------------------------------------------------------------------


def read_sample(name: Any) -> tuple[float, ...]:
    """Return the sorted sample of seconds in a file of one column, with or without a header."""
    path, text = read_text(name)
    points: list[float] = []
    faults: list[Fault] = []
    for number, (line, cells) in enumerate(_lines(path, text)):
        try:
            points.append(number_cell(",".join(cells).strip(), whole=False))
        except BadValueError as error:
            if number or not cells[0].strip()[:1].isalpha() or len(cells) > 1:
                faults += [
                    Fault(f.message, "One duration in seconds a line", (), f.value, path, line) for f in error.faults
                ]
    if faults and not points and not any((fault.value or "")[:1] in NUMERIC for fault in faults):
        faults = [Fault("has no number in any line", "One duration in seconds a line", file=path, line=1)]
    if not faults and not any(points):
        faults = [Fault("has no duration longer than 0 s", "One duration in seconds a line", file=path, line=1)]
    raise_any(few(faults))
    return tuple(sorted(points))
