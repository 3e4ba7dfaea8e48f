"""Cells to numbers, durations and moments, a column at a time; what cannot be read is refused with its line."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused, several

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]
UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}
NOTHING = ("", "-", "n/a", "na", "nan", "null", "none", "nat", "#n/a")
ZONE = re.compile(r"\d(?:Z| ?UTC| ?GMT|[+-]\d\d(?::?\d\d)?)$")
EARLIEST, LATEST = np.datetime64("1970-01-02"), np.datetime64("2199-12-31")
CLOCK = re.compile(r"^(\d+):(\d\d)(?::(\d\d(?:[.,]\d+)?))?\s*([AaPp][Mm])?$")
DATE_FORMS = "2026-11-23, 20261123, 23.11.2026, 23/11/2026"


@dataclass(frozen=True)
class Column:
    """A column as text.

    Attributes
    ----------
    cells : one a row; the index is the line in the file.
    name : what the file calls it.
    """

    path: str
    name: str
    cells: pd.Series


def empty(cells: pd.Series) -> pd.Series:
    """Where a cell says nothing."""
    return cells.str.strip().str.lower().isin(NOTHING)


def numbers(column: Column, decimal: str = "") -> Floats:
    """Numbers; nan where a cell is empty.

    Parameters
    ----------
    column : as text, with a decimal point or a decimal comma, and perhaps marks between thousands.
    decimal : ``,`` or ``.`` where the caller knows it.

    Raises
    ------
    ExportError
        With the first lines that are no numbers, that are negative, or whose comma can mean two things.
    """
    cells = column.cells.str.strip()
    quick = pd.to_numeric(cells.where(cells != "", "nan"), errors="coerce")
    if not decimal:
        _refuse_pointed_thousands(column, cells)
    if decimal == "," or quick.isna().any():
        quick = pd.to_numeric(_pointed(column, cells, decimal), errors="coerce")
    wrong = quick.isna() & ~empty(cells)
    _refuse(column, wrong, "is not a number", "Write numbers such as 12 or 12.5")
    _refuse(column, (quick < 0) | np.isinf(quick), "is not a count or a time: it is negative or infinite", "")
    return np.asarray(quick.to_numpy(np.float64))


def _pointed(column: Column, cells: pd.Series, decimal: str) -> pd.Series:
    """Cells with a decimal point and no mark between thousands."""
    comma = cells.str.contains(",", regex=False)
    mark = decimal or (_decimal_mark(column, cells[comma]) if comma.any() else ".")
    other = "." if mark == "," else ","
    plain = cells.str.replace(r"[\s'\u00a0\u202f]", "", regex=True).str.replace(other, "", regex=False)
    return plain.str.replace(",", ".", regex=False) if mark == "," else plain


def _refuse_pointed_thousands(column: Column, cells: pd.Series) -> None:
    """Refuse 1.234 where the point can mean thousands: beside whole numbers, and always three figures after it."""
    pointed = cells[cells.str.contains(".", regex=False)]
    plain = cells.str.fullmatch(r"\d{1,3}").any()
    if len(pointed) and plain and pointed.str.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+").all():
        words = f"{column.name} has a point that can mean thousands or decimals"
        fix = "Say --decimal , or --decimal ."
        raise refused(column.path, words, fix, int(pointed.index[0]), str(pointed.iloc[0]))


def _decimal_mark(column: Column, cells: pd.Series) -> str:
    """Which mark stands before the decimals in cells that have a comma."""
    if cells.str.contains(r"\.\d*,|,\d{1,2}$|,\d{4,}$", regex=True).any():
        return ","
    if cells.str.contains(r",\d{3}\.|,\d{3},", regex=True).any():
        return "."
    words = f"{column.name} has a comma that can mean thousands or decimals"
    fix = "Say --decimal , or --decimal ."
    raise refused(column.path, words, fix, int(cells.index[0]), str(cells.iloc[0]))


def durations(column: Column, unit: str, decimal: str = "") -> Floats:
    """Durations in seconds, from numbers of a unit or from clocks such as 0:04:10; nan where a cell is empty.

    Raises
    ------
    ExportError
        As `numbers`; and where there are numbers, and their unit is empty: it is not in the file.
    """
    cells = column.cells.str.strip()
    if not cells.str.contains(":", regex=False).any():
        if not unit:
            words = f"{column.name}: the unit of these numbers is not in the file"
            fix = "Say --unit seconds, minutes, hours or milliseconds"
            raise refused(column.path, words, fix, int(column.cells.index[0]), str(column.cells.iloc[0]))
        return numbers(column, decimal) * UNITS[unit]
    if cells.str.fullmatch(r"\d+:\d\d|0?").all():
        return _minutes(column, cells)
    parts = cells.str.extract(r"^(\d+):(\d\d):(\d\d(?:[.,]\d+)?)$")
    seconds = sum(
        pd.to_numeric(parts[place].str.replace(",", "."), errors="coerce") * size
        for place, size in enumerate((3600, 60, 1))
    )
    assert isinstance(seconds, pd.Series)
    plain = cells.str.fullmatch(r"0+([.,]0+)?")
    seconds = seconds.mask(plain, 0.0)
    wrong = seconds.isna() & ~empty(cells)
    _refuse(column, wrong, "is not a duration such as 0:04:10", "Write h:mm:ss: 4:10 can mean minutes or hours")
    return np.asarray(seconds.to_numpy(np.float64))


def _minutes(column: Column, cells: pd.Series) -> Floats:
    """Clocks such as 4:10, all of them, as minutes and seconds: nobody waits or talks for hours."""
    parts = cells.str.extract(r"^(\d+):(\d\d)$")
    minutes, rest = (pd.to_numeric(parts[place], errors="coerce") for place in range(2))
    _refuse(column, (minutes >= 180) | (rest >= 60), "is not a time in minutes and seconds", "Write h:mm:ss")
    return np.asarray((minutes * 60 + rest).mask(cells == "0", 0.0).to_numpy(np.float64))


def _refuse(column: Column, wrong: pd.Series, words: str, fix: str) -> None:
    if wrong.any():
        some = column.cells[wrong].head(50)
        rows = list(zip(some.index.tolist(), some.astype(str).tolist(), strict=True))
        extra = int(wrong.sum()) - len(rows)
        rows += [(rows[-1][0], "")] * extra
        raise several(column.path, rows, f"{column.name} {words}", fix)


# Moments ----------------------------------------------------------------------


@dataclass(frozen=True)
class Moments:
    """Points in time.

    Attributes
    ----------
    at : (rows,) datetime64[us], in the zone that the file writes; in UTC where it writes offsets.
    zoned : whether the file says its zone.
    """

    at: Times
    zoned: bool


def moments(date: Column, time: Column | None, order: str = "") -> Moments:
    """Points in time from one column, or from a date and a time.

    Parameters
    ----------
    date, time : the columns; no time where the date has it.
    order : day-first or month-first, where the caller knows it.

    Raises
    ------
    ExportError
        With the line of what is no date, or where the order of day and month cannot be known.
    """
    quick = _iso(date, time)
    if quick is not None:
        return quick
    cells = date.cells.str.strip()
    if time is None:
        parts = cells.str.partition("T" if cells.str.contains(r"^\d{4}-\d\d-\d\dT").all() else " ")
        days, clock = parts[0], Column(date.path, date.name, parts[2].str.strip())
    else:
        days, clock = cells, Column(time.path, time.name, time.cells.str.strip())
    midnight = _dates(Column(date.path, date.name, days), order)
    return Moments(_in_range(date, midnight + _seconds_of_day(clock)), False)


def _iso(date: Column, time: Column | None) -> Moments | None:
    """ISO 8601, the quick way; None for anything else."""
    cells = date.cells.str.strip()
    if time is not None:
        cells = cells + " " + time.cells.str.strip()
    if not cells.head(100).str.match(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d").all():
        return None
    if cells.head(100).str.contains(r"[ap]m$", case=False, regex=True).any():
        return None
    with_zone = cells.str.contains(ZONE)
    zoned = bool(with_zone.any())
    if zoned:
        missing = ~with_zone & ~empty(cells)
        _refuse(date, missing, "has no offset from UTC although others have one", "Write all times with it, or none")
        cells = cells.str.replace(r" ?(?:UTC|GMT)$", "Z", regex=True)
    stamps = pd.to_datetime(cells, format="ISO8601", errors="coerce", utc=zoned)
    _refuse(date, stamps.isna(), "is not a date and time", f"Write dates such as {DATE_FORMS}")
    plain = stamps.dt.tz_localize(None) if zoned else stamps
    return Moments(_in_range(date, plain.to_numpy("datetime64[us]")), zoned)


def _in_range(column: Column, at: Times) -> Times:
    """Refuse dates that no centre's export can have."""
    wrong = pd.Series((at < EARLIEST) | (at > LATEST), index=column.cells.index)
    _refuse(column, wrong, "is a date out of range", "Dates lie between 1970 and 2200")
    return at


def _dates(column: Column, order: str) -> Times:
    codes, unique = pd.factorize(column.cells)
    texts = pd.Series(unique.astype(str))
    parts = texts.str.extract(r"^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})$")
    compact = texts.str.extract(r"^(\d{4})(\d\d)(\d\d)$")
    parts = parts.where(compact[0].isna(), compact)
    first, second, third = (pd.to_numeric(parts[place], errors="coerce") for place in range(3))
    year_first = first > 31
    day, month = third.where(year_first, first), second
    if (~year_first & first.notna()).any() and _month_first(column, first, second, year_first, order):
        day, month = day.where(year_first, second), month.where(year_first, first)
    year = first.where(year_first, third)
    year = year.where((year > 99) | year.isna(), year + 2000)
    dates = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    wrong = pd.Series(dates.isna().to_numpy()[codes], index=column.cells.index)
    _refuse(column, wrong, "is not a date", f"Write dates such as {DATE_FORMS}")
    return np.asarray(dates.to_numpy("datetime64[us]")[codes])


def _month_first(column: Column, first: pd.Series, second: pd.Series, year_first: pd.Series, order: str) -> bool:
    if order:
        return order == "month-first"
    high_first, high_second = (first[~year_first] > 12).any(), (second[~year_first] > 12).any()
    if high_first == high_second:
        words = f"{column.name}: whether the day or the month comes first cannot be known from the file"
        fix = "Say --dates day-first or --dates month-first"
        raise refused(column.path, words, fix, int(column.cells.index[0]), str(column.cells.iloc[0]))
    return bool(high_second)


def _seconds_of_day(column: Column) -> npt.NDArray[np.timedelta64]:
    codes, unique = pd.factorize(column.cells)
    seconds = np.array([_clock(str(text)) for text in unique])
    wrong = pd.Series(np.isnan(seconds)[codes], index=column.cells.index)
    _refuse(column, wrong, "is not a time of day", "Write times such as 08:30 or 08:30:00")
    return np.asarray((seconds[codes] * 1e6).round().astype("timedelta64[us]"))


def _clock(text: str) -> float:
    """Seconds since midnight of a time of day; nan for anything else."""
    match = CLOCK.match(text)
    if match is None:
        return float("nan")
    hour, minute, second = int(match[1]), int(match[2]), float((match[3] or "0").replace(",", "."))
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    return hour * 3600 + minute * 60 + second if hour <= 24 and minute < 60 and second < 60 else float("nan")


def wall_clock(read: Moments, options: ReadOptions, import_log: ImportLog) -> Times:
    """Local times, (rows,) datetime64[us].

    Raises
    ------
    ExportError
        Where the file writes offsets from UTC and nobody said the centre's zone.
    """
    zone = _zone(options.zone)
    if not read.zoned:
        named = f"{options.zone}: times are" if zone else "not in the file: times are"
        import_log.facts["time zone"] = f"{named} taken as the clock on the centre's wall"
        return read.at
    if zone is None:
        fix = "Say --time-zone, for example --time-zone Australia/Sydney, or --time-zone UTC to leave them as they are"
        raise refused(import_log.path, "has times with an offset from UTC; the centre's own zone cannot be known", fix)
    import_log.facts["time zone"] = f"times with an offset, converted to {options.zone}"
    return np.asarray(
        pd.DatetimeIndex(read.at).tz_localize("UTC").tz_convert(zone).tz_localize(None).to_numpy("M8[us]")
    )


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refused("--time-zone", "is no time zone", "Write one such as Europe/Berlin", None, name) from None


def changed_hours(days: Times, zone: str) -> dict[dt.date, tuple[float, float]]:
    """The dates on which the clock was changed, and from when to when (s) it was repeated or skipped."""
    if not zone:
        return {}
    place, hours = ZoneInfo(zone), {}
    for day in pd.DatetimeIndex(np.unique(days)).date:
        noon = [
            dt.datetime.combine(day + dt.timedelta(days=offset), dt.time(12), place).utcoffset() for offset in (-1, 0)
        ]
        if noon[0] != noon[1]:
            hours[day] = _around(day, place)
    return hours


def _around(day: dt.date, place: ZoneInfo) -> tuple[float, float]:
    """The clock times that come twice, or not at all, on a date; the second half of the night is looked at."""
    odd = []
    for quarter in range(96):
        moment = dt.datetime.combine(day, dt.time(quarter // 4, quarter % 4 * 15))
        early, late = (moment.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1))
        if early != late:
            odd.append(quarter * 900.0)
    return (min(odd), max(odd) + 900.0) if odd else (0.0, 0.0)
