"""What the cells of a column look like: moments, numbers, times that something took, or words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sim.calibrate.reading.names import Cells
from sim.schema.written_times import clock_seconds_of, compact, hour_seconds, written_date, written_range

NOTHING = ("", "-", "--", "n/a", "na", "nan", "null", "none", "nat", "#n/a", "\\n")
LOOKED_AT = 60
EPOCH = re.compile(r"1[0-9]{9}(?:\.\d*)?|1[0-9]{12}")
NUMBER = re.compile(r"[-+]?[\d\s'\u00a0\u202f.,]*\d[\d.,]*")
TIME_TAKEN = re.compile(
    r"\d*:\d\d(?::\d\d)?(?:[.,]\d+)?|\d+:\d+(?::\d+)?|[-+]?[\d\s'.,]*\d|P(?:\d+D)?T?(?:[\d.]+[HMS])+"
    r"|(?:[\d.]+\s*(?:d|h|hr|hrs|hours?|m|min|mins|minutes?|s|sec|secs|seconds?|ms)\.?\s*)+",
    re.I,
)
DATE_AND_CLOCK = re.compile(r"^(?P<date>.*?\d.*?)[ T,]+(?P<clock>\d{1,2}[:.h]\d\d.*|\d{1,2}\s*[ap]m)$", re.I)


def told(cells: Sequence[str]) -> list[str]:
    """The first cells that say something."""
    full = (cell.strip() for cell in cells)
    return [cell for cell in full if cell.lower() not in NOTHING][:LOOKED_AT]


def fits(cells: Sequence[str], kind: Cells) -> bool:
    """Whether most cells can be of a kind; a column that says nothing can be anything."""
    seen = told(cells)
    if not seen:
        return True
    if kind == "clock" and hour_seconds(seen) is not None:
        return True
    if kind in ("clock", "moment") and _is_time_taken(seen):
        return False
    right = sum(_LOOKS[kind](cell) for cell in seen)
    return right > 0.5 * len(seen)


def _is_time_taken(cells: Sequence[str]) -> bool:
    """Whether clocks count from nothing: all within the hour after midnight, and most to the second."""
    parts = [re.fullmatch(r"0{1,2}:\d\d:(\d\d)(?:[.,]\d+)?", cell) for cell in cells]
    seconds = [part[1] != "00" for part in parts if part]
    return len(seconds) == len(cells) and sum(seconds) > 0.5 * len(seconds)


def is_stamp(text: str) -> bool:
    """Whether a cell has a date and a time."""
    if EPOCH.fullmatch(text):
        return True
    span = written_range(text)
    if span is not None:
        return span.dated
    match = DATE_AND_CLOCK.match(text)
    return match is not None and is_day(match["date"].strip(" ,T"))


def is_day(text: str) -> bool:
    """Whether a cell is a date."""
    return written_date(text) is not None or compact(text) != (None, None)


def is_clock(text: str) -> bool:
    """Whether a cell is a time of day, or a range of times of day."""
    if clock_seconds_of(text) is not None:
        return True
    span = written_range(text)
    return span is not None and not span.dated


_LOOKS: Mapping[Cells, Callable[[str], bool]] = {
    "stamp": is_stamp,
    "day": is_day,
    "clock": is_clock,
    "moment": lambda text: is_stamp(text) or (is_clock(text) and not text.startswith(":")),
    "number": lambda text: NUMBER.fullmatch(text) is not None and not EPOCH.fullmatch(text),
    "time": lambda text: TIME_TAKEN.fullmatch(text) is not None and not EPOCH.fullmatch(text),
    "word": lambda text: not is_stamp(text),
}
