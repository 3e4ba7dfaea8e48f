"""Dates and times of day as people and programs write them, and ranges of both; a cell at a time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DATE_FORMS = "2026-11-23, 20261123, 23.11.2026, 23/11/2026, 23 Nov 2026"
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})?(?::(?P<second>\d{2}(?:[.,]\d+)?))?)?\s*(?P<half>[ap]\.?\s?m\.?)?",
    re.I,
)
BARE_CLOCK = re.compile(r"\d{1,4}(?:\.0+)?")
SEPARATOR = re.compile(r"\s*[\u2010-\u2015\u2212/]\s*|\s+(?:-|to|bis|until|till)\s+|(?<=[\dmMzZ.])\s*-\s*(?=\d)", re.I)
CLOCK_AT_END = re.compile(rf"(?:^|[ T,])(?P<clock>\d{{4}}|{CLOCK.pattern})(?P<zone>\s*(?:Z|[+-]\d\d:?\d\d))?$", re.I)
YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4}|\d{2})")
NAMED_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-. ]+([a-z]{3,9})\.?[-., ]+(\d{4}|\d{2})", re.I)
NAMED_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[- ]+(\d{1,2})(?:st|nd|rd|th)?[-, ]+(\d{4})", re.I)
WEEKDAY_BEFORE = re.compile(
    rf"^(?:{'|'.join(f'{name[:3]}(?:{name[3:]}|{name[3:4]})?' for name in DAY_NAMES)})[.,]?\s+", re.I
)


@dataclass(frozen=True)
class WrittenDate:
    """A date as it is written.

    Attributes
    ----------
    first, second : month and day where `sure`; else the two numbers in the order in which they stand.
    dotted : whether dots stand between them: then the day is usual before the month.
    """

    year: int
    first: int
    second: int
    sure: bool
    dotted: bool = False

    def date(self, order: str = "") -> dt.date | None:
        """The date, read day-first or month-first where that is not sure; None for a date that does not exist."""
        month, day = (self.first, self.second) if self.sure or order == "month-first" else (self.second, self.first)
        try:
            return dt.date(self.year, month, day)
        except ValueError:
            return None


def written_date(text: str) -> WrittenDate | None:
    """A date; None for anything else, eight figures without marks among it (`compact_order` reads those)."""
    text = WEEKDAY_BEFORE.sub("", text.strip())
    if match := YEAR_FIRST.fullmatch(text):
        return WrittenDate(int(match[1]), int(match[3]), int(match[4]), True)
    if match := YEAR_LAST.fullmatch(text):
        return WrittenDate(_year(match[4]), int(match[1]), int(match[3]), False, match[2] == ".")
    if match := NAMED_DAY_FIRST.fullmatch(text):
        return _named(match[2], match[1], match[3])
    if match := NAMED_MONTH_FIRST.fullmatch(text):
        return _named(match[1], match[2], match[3])
    return None


def _named(month: str, day: str, year: str) -> WrittenDate | None:
    short = month[:3].lower()
    return WrittenDate(_year(year), MONTHS.index(short) + 1, int(day), True) if short in MONTHS else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def order_of(dates: list[WrittenDate]) -> str:
    """day-first or month-first, as the dates of a column tell together; empty where they do not.

    Numbers above 12 are days. With dots between them the day stands first unless a number says otherwise.
    """
    open_dates = [date for date in dates if not date.sure]
    high_first, high_second = any(date.first > 12 for date in open_dates), any(date.second > 12 for date in open_dates)
    if high_first != high_second:
        return "day-first" if high_first else "month-first"
    if not high_first and open_dates and all(date.dotted for date in open_dates):
        return "day-first"
    return ""


def compact(text: str) -> tuple[WrittenDate | None, WrittenDate | None]:
    """Eight figures without marks, read with the year first and with the year last; None where that is no date."""
    text = text.removesuffix(".0").zfill(8)
    if not re.fullmatch(r"\d{8}", text):
        return None, None
    ahead = WrittenDate(int(text[:4]), int(text[4:6]), int(text[6:]), True)
    behind = WrittenDate(int(text[4:]), int(text[:2]), int(text[2:4]), False)
    first = ahead if 1970 <= ahead.year <= 2200 and ahead.date() else None
    last = behind if 1970 <= behind.year <= 2200 and (behind.date() or behind.date("month-first")) else None
    return first, last


# Times of day ---------------------------------------------------------------------------------------------------------


def clock_seconds_of(text: str) -> float | None:
    """Seconds since midnight of a time of day such as 8:30, 08:30:15, 8:30 PM, 8 am or 8h30; None for anything else.

    24:00 is the end of the day. A bare number is none here: `hour_seconds` reads a column of those.
    """
    match = CLOCK.fullmatch(text.strip())
    if match is None or (match["minute"] is None and match["half"] is None and "h" not in text.lower()):
        return None
    return _seconds(match)


def _seconds(match: re.Match[str]) -> float | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    second = float((match["second"] or "0").replace(",", "."))
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    seconds = hour * 3600.0 + minute * 60.0 + second
    return seconds if minute < 60 and second < 60 and seconds <= 86_400.0 else None


def hour_seconds(texts: list[str]) -> list[float] | None:
    """Seconds since midnight of bare numbers: hours 0 to 23, or 0 to 2359 as hours and minutes; None for anything else.

    A column that goes beyond 23 counts hours and minutes together: 930 is half past nine, 30 half past midnight.
    """
    if not all(BARE_CLOCK.fullmatch(text) for text in texts):
        return None
    values = [int(float(text)) for text in texts]
    if any(value > 23 for value in values) or all(len(text) == 4 and text.isdigit() for text in texts):
        quarters = all(value % 100 < 60 and value < 2400 for value in values)
        is_clock = quarters and (max(values) >= 100 or all(len(text) == 4 for text in texts))
        return [value // 100 * 3600.0 + value % 100 * 60.0 for value in values] if is_clock else None
    return [value * 3600.0 for value in values]


# Ranges ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WrittenRange:
    """A stretch of time as it is written.

    Attributes
    ----------
    start : its beginning as text, with its half of the day where only the end has one.
    begins_s, ends_s : seconds since midnight.
    dated : whether the beginning has a date.
    """

    start: str
    begins_s: float
    ends_s: float
    dated: bool

    @property
    def length_s(self) -> float:
        """How long it takes (s); one that ends at or before its beginning ends on the next day."""
        return (self.ends_s - self.begins_s) % 86_400.0 or 86_400.0


def written_range(text: str) -> WrittenRange | None:
    """A stretch such as 08:00-08:30, 8 to 8:30, 11:30-12:00 PM or two moments; None for anything else."""
    for separator in SEPARATOR.finditer(text.strip()):
        left, right = text.strip()[: separator.start()].strip(), text.strip()[separator.end() :].strip()
        ends = _ends(left, right)
        if ends is not None:
            return ends
    return None


def _ends(left: str, right: str) -> WrittenRange | None:
    first, last = CLOCK_AT_END.search(left), CLOCK_AT_END.search(right)
    if first is None or last is None:
        return None
    day, next_day = left[: first.start("clock")].strip(" T,"), right[: last.start("clock")].strip(" T,")
    if any(part and written_date(part) is None and compact(part) == (None, None) for part in (day, next_day)):
        return None
    if next_day and not day:
        return None
    half = last["half"] if last["half"] and not first["half"] else ""
    clock, end = first["clock"].strip(), _bare_seconds(last["clock"])
    for ending in (half, "am" if half else ""):
        begins = _bare_seconds(f"{clock} {ending}".strip())
        if begins is not None and end is not None and (not half or begins < end or end == 0):
            start = left[: first.start("clock")] + f"{clock_text(begins)}{first['zone'] or ''}"
            return WrittenRange(start, begins, end, bool(day))
    return None


def _bare_seconds(text: str) -> float | None:
    """As `clock_seconds_of`, and of a bare hour, or four figures."""
    text = re.sub(r"^(\d\d)(\d\d)(?=$| )", r"\1:\2", text.strip())
    match = CLOCK.fullmatch(text)
    return None if match is None else _seconds(match)


def clock_text(seconds: float) -> str:
    """Seconds since midnight as HH:MM:SS."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


# Days of the week -----------------------------------------------------------------------------------------------------


def weekdays_of(text: str) -> tuple[int, ...] | None:
    """Days of the week (0 is Monday) of Mon, Monday, Tues., mon-fri, Monday to Friday or mon,wed; None else."""
    days: list[int] = []
    for part in re.split(r"\s*[,;+&]\s*|\s+and\s+", text.strip().lower()):
        ends = [_weekday(end) for end in re.split(r"\s*(?:-|\u2013|\bto\b)\s*", part)]
        if len(ends) > 2 or None in ends:
            return None
        first, last = ends[0] or 0, ends[-1] or 0
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(sorted(days)) if len(set(days)) == len(days) else None


def _weekday(word: str) -> int | None:
    word = word.rstrip(".")
    found = [k for k, name in enumerate(DAY_NAMES) if len(word) >= 2 and name.startswith(word)]
    return found[0] if len(found) == 1 else None
