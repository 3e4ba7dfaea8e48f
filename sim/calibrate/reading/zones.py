"""Times of a file to the clock on the centre's wall, and the hours in which that clock was changed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, ReadOptions
from sim.calibrate.reading.problems import refused
from sim.calibrate.reading.values import Moments, Times


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
        noon = [dt.datetime.combine(day + dt.timedelta(days=offset), dt.time(12), place).utcoffset() for offset in (-1, 0)]
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
