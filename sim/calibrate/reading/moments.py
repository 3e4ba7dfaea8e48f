"""Cells to points in time, a column at a time; what cannot be read is refused with its line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.cell_kinds import EPOCH, is_stamp, told
from sim.calibrate.reading.import_log import ImportLog, ReadOptions, refused
from sim.calibrate.reading.names import understood
from sim.calibrate.reading.values import Column, Floats, empty, refuse_cells
from sim.schema.written_times import (
    DATE_FORMS,
    WrittenDate,
    clock_seconds_of,
    compact,
    hour_seconds,
    order_of,
    written_date,
    written_range,
)

Times = npt.NDArray[np.datetime64]
EARLIEST, LATEST = np.datetime64("1970-01-02"), np.datetime64("2199-12-31")
ISO = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d"
ZONE = r"(?<=\d)\s?(?:Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d:?(?:\d\d)?)$"
DAY_AND_CLOCK = r"^(.*?\d.*?)[ T,]+(\d{1,2}[:.h]\d\d.*|\d{1,2}\s*[aApP]\.?[mM]\.?)$"
SERIAL = r"[34567]\d{4}(?:\.\d+)?"
LENGTHS_S = (300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0, 7200.0, 14400.0, 86400.0)


@dataclass(frozen=True)
class Moments:
    """Points in time.

    Attributes
    ----------
    at : (rows,) datetime64[us], in the zone that the file writes; in UTC where it writes offsets. NaT where empty.
    zoned : whether the file says its zone.
    length_s : (rows,) how long each takes, where cells are ranges; None else.
    """

    at: Times
    zoned: bool
    length_s: Floats | None = None


def moments(date: Column, time: Column | None, order: str = "", may_lack: bool = False) -> Moments:
    """Points in time from one column, or from a date and a time.

    Parameters
    ----------
    date, time : the columns; no time where the date has it.
    order : day-first or month-first, where the caller knows it.
    may_lack : whether a cell may be empty: its moment is NaT then.

    Raises
    ------
    ExportError
        With the line of what is no date, or where the order of day and month cannot be known.
    """
    clocks = time or date
    if may_lack and (lacking := empty(clocks.cells)).any():
        return _where(~lacking, date, time, order)
    begins, length = _without_ends(clocks)
    date, time = (date, begins) if time is not None else (begins, None)
    read = _epoch(date, time) or _serial(date, time) or _iso(date, time) or _written(date, time, order)
    in_utc = any(understood(column.name).utc for column in (date, time) if column is not None)
    return Moments(_in_range(date, read.at), read.zoned or in_utc, length)


def _where(there: pd.Series, date: Column, time: Column | None, order: str) -> Moments:
    """The moments of some rows; NaT for the others."""
    at = np.full(len(there), np.datetime64("NaT", "us"))
    if not there.any():
        return Moments(at, False)
    some = [
        None if column is None else Column(column.path, column.name, column.cells[there]) for column in (date, time)
    ]
    assert some[0] is not None
    read = moments(some[0], some[1], order)
    at[there.to_numpy()] = read.at
    return Moments(at, read.zoned)


# Ranges ---------------------------------------------------------------------------------------------------------------


def _without_ends(column: Column) -> tuple[Column, Floats | None]:
    """The column with each range replaced by its beginning, and how long each takes (s); as it is without ranges."""
    if not any(written_range(text) for text in told(column.cells.head(200).tolist())):
        return column, None
    codes, unique = pd.factorize(column.cells.str.strip())
    ranges = [written_range(str(text)) for text in unique]
    if _are_offsets(column, [str(text) for text in unique]):
        return column, None
    missing = pd.Series(np.array([span is None for span in ranges])[codes], index=column.cells.index)
    refuse_cells(column, missing, "is no range of time although others are", "Write all of them as 08:00-08:30")
    starts = np.array([span.start if span else "" for span in ranges], object)
    lengths = np.array([span.length_s if span else np.nan for span in ranges])
    return Column(column.path, column.name, pd.Series(starts[codes], index=column.cells.index)), lengths[codes]


def _are_offsets(column: Column, texts: list[str]) -> bool:
    """Whether what looks like an end is an offset from UTC: 2026-01-05 08:00-05:00.

    Ends go along with their beginnings; offsets stay, or change twice a year.
    """
    spans = [written_range(text) for text in texts]
    marked = pd.Series(texts).str.contains(r"\d[+-]\d\d:?\d\d$") & ~pd.Series(texts).str.contains(r"\s[-/]\s|/")
    if not marked.all() or not all(span is not None and span.dated for span in spans):
        return False
    ends = {span.ends_s for span in spans if span}
    lengths = {span.length_s for span in spans if span}
    if len(lengths) == 1 and lengths <= set(LENGTHS_S) and len(ends) > 2:
        return False
    if len(lengths) > 1 or not lengths <= set(LENGTHS_S):
        return True
    words = f"{column.name} can be a range of time, or a time with its offset from UTC"
    fix = "Write ranges with spaces, 08:00 - 08:30, or export more than one interval"
    raise refused(column.path, words, fix, int(column.cells.index[0]), texts[0])


# Ways of writing ------------------------------------------------------------------------------------------------------


def _epoch(date: Column, time: Column | None) -> Moments | None:
    """Seconds or milliseconds since 1970; None for anything else."""
    cells = date.cells.str.strip()
    if time is not None or not cells.str.fullmatch(EPOCH).all():
        return None
    seconds = pd.to_numeric(cells)
    seconds = seconds.where(seconds < 1e11, seconds / 1000.0)
    return Moments((seconds.to_numpy(np.float64) * 1e6).round().astype("M8[us]"), True)


def _serial(date: Column, time: Column | None) -> Moments | None:
    """Days since 1900 as spreadsheets count them; None for anything else."""
    cells = date.cells.str.strip()
    if not cells.str.fullmatch(SERIAL).all():
        return None
    days = pd.to_numeric(cells).to_numpy(np.float64)
    at = np.datetime64("1899-12-30", "us") + (np.round(days * 86_400.0) * 1e6).astype("timedelta64[us]")
    return Moments(at if time is None else at + _seconds_of_day(time), False)


def _iso(date: Column, time: Column | None) -> Moments | None:
    """ISO 8601, the quick way; None for anything else."""
    cells = date.cells.str.strip()
    if time is not None:
        cells = cells + " " + time.cells.str.strip()
    if not cells.head(100).str.match(ISO).all():
        return None
    if cells.head(100).str.contains(r"[ap]\.?m\.?$", case=False, regex=True).any():
        return None
    zoned, cells = _zones(date, cells)
    stamps = pd.to_datetime(cells, format="ISO8601", errors="coerce", utc=zoned)
    refuse_cells(date, stamps.isna(), "is not a date and time", f"Write dates such as {DATE_FORMS}")
    plain = stamps.dt.tz_localize(None) if zoned else stamps
    return Moments(plain.to_numpy("datetime64[us]"), zoned)


def _zones(date: Column, cells: pd.Series) -> tuple[bool, pd.Series]:
    """Whether cells say their offset from UTC, and the cells with it as ISO writes it."""
    with_zone = cells.str.contains(f"^.*[T ]\\d+:.*{ZONE}", regex=True)
    if not with_zone.any():
        return False, cells
    missing = ~with_zone & ~empty(cells)
    refuse_cells(date, missing, "has no offset from UTC although others have one", "Write all times with it, or none")
    return True, cells.str.replace(r"\s*(?:UTC|GMT)$", "Z", regex=True).str.replace(
        r"\s*(?:UTC|GMT)?([+-]\d\d:?(?:\d\d)?)$", r"\1", regex=True
    )


def _written(date: Column, time: Column | None, order: str) -> Moments:
    """Dates and times as people write them."""
    cells, offset = date.cells.str.strip(), None
    if time is None:
        zoned, cells = _zones(date, cells)
        if zoned:
            offset = cells.str.extract(r"([+-]\d\d):?(\d\d)?$").fillna("0").astype(float)
            cells = cells.str.replace(r"(?:Z|[+-]\d\d:?(?:\d\d)?)$", "", regex=True).str.strip()
        parts = cells.str.extract(DAY_AND_CLOCK)
        missing = parts[1].isna()
        alone = missing & cells.map(lambda text: written_date(text) is not None)
        refuse_cells(date, alone, "has a date and no time of day", "Say which column has the time: --map time=COLUMN")
        refuse_cells(
            date, missing, "is not a date and time", f"Write dates such as {DATE_FORMS}, and times such as 08:30"
        )
        days, clock = parts[0].str.strip(" ,"), Column(date.path, date.name, parts[1].str.strip())
    else:
        days, clock = cells, Column(time.path, time.name, time.cells.str.strip())
    at = _dates(Column(date.path, date.name, days), order) + _seconds_of_day(clock)
    if offset is None:
        return Moments(at, False)
    minutes = offset[0] * 60 + np.copysign(offset[1], offset[0])
    return Moments(at - (minutes.to_numpy() * 60e6).astype("timedelta64[us]"), True)


def _in_range(column: Column, at: Times) -> Times:
    """Refuse dates that no centre's export can have."""
    wrong = pd.Series((at < EARLIEST) | (at > LATEST), index=column.cells.index)
    refuse_cells(column, wrong, "is a date out of range", "Dates lie between 1970 and 2200")
    return at


# Dates ----------------------------------------------------------------------------------------------------------------


def dates_written(texts: list[str]) -> list[WrittenDate | None]:
    """Dates as they are written, eight figures without marks among them."""
    found = [written_date(text) for text in texts]
    if texts and all(date is None for date in found):
        for place in range(2):
            plain = [compact(text.strip())[place] for text in texts]
            if all(date is not None for date in plain):
                return list(plain)
    return found


def _dates(column: Column, order: str) -> Times:
    codes, unique = pd.factorize(column.cells.str.replace(r"[ T]00:00(:00(\.0+)?)?$", "", regex=True))
    written = dates_written([str(text) for text in unique])
    first = int(column.cells.index[0])
    seen = [date for date in written if date is not None]
    unsure = any(not date.sure for date in seen)
    chosen = order or (order_of(seen) if unsure else "")
    if unsure and not chosen:
        words = f"{column.name}: whether the day or the month comes first cannot be known from the file"
        fix = "Say --dates day-first or --dates month-first"
        raise refused(column.path, words, fix, first, str(unique[0]))
    dates = [None if date is None else date.date(chosen) for date in written]
    wrong = pd.Series(np.array([date is None for date in dates])[codes], index=column.cells.index)
    refuse_cells(column, wrong, "is not a date", f"Write dates such as {DATE_FORMS}")
    return np.array(dates, "M8[us]")[codes]


def days_of(column: Column, order: str = "") -> Times:
    """Dates of a column that has no times of day, or the midnights of one that has, (rows,) datetime64[us]."""
    if any(is_stamp(text) for text in told(column.cells.head(200).tolist())):
        return moments(column, None, order).at
    return _dates(Column(column.path, column.name, column.cells.str.strip()), order)


def _seconds_of_day(column: Column) -> npt.NDArray[np.timedelta64]:
    codes, unique = pd.factorize(column.cells.str.strip())
    texts = [str(text) for text in unique]
    seconds = np.array([np.nan if (value := clock_seconds_of(text)) is None else value for text in texts])
    if np.isnan(seconds).all() and (hours := hour_seconds(texts)) is not None:
        seconds = np.array(hours)
    wrong = pd.Series(np.isnan(seconds)[codes], index=column.cells.index)
    refuse_cells(column, wrong, "is not a time of day", "Write times such as 08:30 or 08:30:00, or hours from 0 to 23")
    return np.asarray((seconds[codes] * 1e6).round().astype("timedelta64[us]"))


# The centre's clock ---------------------------------------------------------------------------------------------------


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
        raise refused(
            import_log.path, "has times in UTC, or with an offset from it; the centre's own zone cannot be known", fix
        )
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
