"""The values of a scenario file: durations, shares, numbers, dates, times of day.

Every type reads the text form of the file and holds a plain number: seconds for durations and times of day, 0 to 1 for
shares. A model that is built in Python, not read from a file, may also be given the plain number of seconds.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.schema.faults import bad, nearest

DAY_S = 86_400.0
LONGEST_DURATION_S = 36_600 * DAY_S
LARGEST_NUMBER = 1e12

NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
UNITS = {"w": 7 * DAY_S, "d": DAY_S, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
DURATION = "".join(f"(?:({NUMBER}){unit})?" for unit in UNITS)
DURATION_PATTERN = re.compile(DURATION)
CLOCK_PATTERN = re.compile(r"([0-9]{1,4}):([0-5][0-9]):([0-5][0-9](?:\.[0-9]+)?)")
SHARE_PATTERN = re.compile(rf"({NUMBER})\s*(%?)")
TIME_PATTERN = re.compile(r"([0-9]{1,2}):([0-5][0-9])")

DURATION_FIX = "Write a duration with its unit, such as 20s, 4m10s, 8h, 2d, 6w, or as 00:04:10"
SHARE_FIX = "Write a share from 0 to 1, such as 0.35, or a percentage such as 35%"
TIME_FIX = 'Write a time of day between "00:00" and "24:00", such as "08:00"'


def is_number(value: object) -> bool:
    """Tell whether `value` is an int or float, and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def finite(value: object, what: str = "number") -> float:
    """Return `value` as a finite float of at most 1e12 in size, else raise `BadValueError`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise bad(f"is not a {what}", f"Write a {what}", value)
    if isinstance(value, float) and not math.isfinite(value):
        raise bad("is not a finite number", f"Write a {what}", value)
    if abs(value) > LARGEST_NUMBER:
        raise bad("is too large", "Write a number below 1e12", value)
    return float(value)


# Durations --------------------------------------------------------------------


def parse_duration(value: object) -> float:
    """Return the seconds of a duration as a file writes it (``4m10s``, ``2.83d``, ``00:04:10``).

    Raises
    ------
    BadValueError
        For anything else; bare numbers, negative durations and ``4:10`` get a hint of their own.
    """
    if is_number(value):
        raise bad("is a bare number, and a duration needs a unit", f"{DURATION_FIX}: {value}s or {value}m?", value)
    if not isinstance(value, str):
        raise bad("is not a duration", DURATION_FIX, value)
    seconds = _duration_text(value.strip())
    if seconds > LONGEST_DURATION_S:
        raise bad("is longer than a hundred years", DURATION_FIX, value)
    return seconds


def _duration_text(text: str) -> float:
    if clock := CLOCK_PATTERN.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    parts = DURATION_PATTERN.fullmatch(text) if text and len(text) < 400 else None
    if parts:
        pairs = zip(parts.groups(), UNITS.values(), strict=True)
        return sum((float(number) * unit for number, unit in pairs if number), 0.0)
    if text.startswith("-"):
        raise bad("is a negative duration", DURATION_FIX, text)
    if re.fullmatch(r"[0-9]+:[0-9]+", text):
        raise bad(
            "could be minutes and seconds or hours and minutes",
            f"{DURATION_FIX}: 00:{text} or {text}:00?",
            text,
        )
    raise bad("is not a duration", DURATION_FIX, text)


def duration_text(seconds: float) -> str:
    """Return `seconds` as a duration that reads back to the same float, such as ``250s``."""
    return f"{plain(seconds)}s"


def plain(number: float) -> str:
    """Return a number without exponent that reads back to the same float."""
    return str(int(number)) if float(number).is_integer() else format(Decimal(repr(float(number))), "f")


def duration_reader(positive: bool) -> Callable[[Any, ValidationInfo], float]:
    """Return a reader of durations; outside a file it takes plain seconds as well."""

    def read(value: Any, info: ValidationInfo) -> float:
        from_python = is_number(value) and not (info.context or {}).get("strict")
        seconds = finite(value, "number of seconds") if from_python else parse_duration(value)
        if seconds < 0 or (positive and seconds == 0):
            raise bad("must be longer than 0s" if positive else "is a negative duration", DURATION_FIX, value)
        return seconds

    return read


DURATION_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*((?=[0-9.])([0-9.]+w)?([0-9.]+d)?([0-9.]+h)?([0-9.]+m)?([0-9.]+s)?([0-9.]+ms)?"
    r"|[0-9]+:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?)\s*$",
    "minLength": 2,
    "description": "Duration with a unit: 20s, 4m10s, 8h, 2d, 6w, or 00:04:10",
}
as_duration = PlainSerializer(duration_text, when_used="json-unless-none")
Seconds = Annotated[float, BeforeValidator(duration_reader(False)), as_duration, WithJsonSchema(DURATION_SCHEMA)]
PositiveSeconds = Annotated[float, BeforeValidator(duration_reader(True)), as_duration, WithJsonSchema(DURATION_SCHEMA)]


# Shares and numbers -----------------------------------------------------------


def parse_share(value: object) -> float:
    """Return a share or probability from 0 to 1, written ``0.35`` or ``35%``."""
    if isinstance(value, str):
        match = SHARE_PATTERN.fullmatch(value.strip()) if len(value) < 400 else None
        if match is None:
            raise bad("is not a share", SHARE_FIX, value)
        number = Decimal(match[1]) / 100 if match[2] else Decimal(match[1])
        share = float(number)
    else:
        share = finite(value, "share")
    if 1 < share <= 100 and not isinstance(value, str):
        raise bad("is more than 1", f"{SHARE_FIX}. Did you mean {plain(share)}%?", value)
    if not 0 <= share <= 1:
        raise bad("is outside 0 to 1", SHARE_FIX, value)
    return share


SHARE_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\s*[0-9]*\.?[0-9]+\.?\s*%?\s*$"},
    ],
    "description": "Share from 0 to 1, or a percentage such as 35%",
}
Share = Annotated[float, BeforeValidator(parse_share), WithJsonSchema(SHARE_SCHEMA)]


def number_reader(low: float, high: float, above: bool = False) -> Callable[[Any], float]:
    """Return a reader of numbers from `low` to `high`; `above` leaves `low` itself out."""

    def read(value: Any) -> float:
        number = finite(value)
        if not low <= number <= high or (above and number == low):
            raise bad(f"must be {bounds_text(low, high, above)}", "", value)
        return number

    return read


def whole_reader(low: int, high: int) -> Callable[[Any], int]:
    """Return a reader of whole numbers from `low` to `high`."""

    def read(value: Any) -> int:
        number = finite(value, "whole number")
        if not number.is_integer():
            raise bad("is not a whole number", "", value)
        if not low <= number <= high:
            raise bad(f"must be {bounds_text(low, high)}", "", value)
        return int(number)

    return read


def bounds_text(low: float, high: float, above: bool = False) -> str:
    """Return the words for a range of numbers."""
    least = f"more than {low:g}" if above else f"at least {plain(low)}"
    return least if high >= LARGEST_NUMBER else f"{least} and at most {plain(high)}"


NonNegative = Annotated[
    float, BeforeValidator(number_reader(0, LARGEST_NUMBER)), WithJsonSchema({"type": "number", "minimum": 0})
]
Positive = Annotated[
    float,
    BeforeValidator(number_reader(0, LARGEST_NUMBER, above=True)),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
AnyNumber = Annotated[
    float, BeforeValidator(number_reader(-LARGEST_NUMBER, LARGEST_NUMBER)), WithJsonSchema({"type": "number"})
]
Correlation = Annotated[
    float,
    BeforeValidator(number_reader(-1, 1)),
    WithJsonSchema({"type": "number", "minimum": -1, "maximum": 1}),
]
# The gamma and lognormal quantiles lose all precision far beyond this.
Variation = Annotated[
    float,
    BeforeValidator(number_reader(0, 100)),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]


# Text, dates, times -----------------------------------------------------------


def parse_text(value: object) -> str:
    """Return text of at most 10,000 characters."""
    if isinstance(value, str) and len(value) <= 10_000:
        return value
    raise bad("is too long" if isinstance(value, str) else "is not text", "Write text", value)


Text = Annotated[str, BeforeValidator(parse_text), WithJsonSchema({"type": "string"})]


def choice_reader(*allowed: str) -> Callable[[Any], str]:
    """Return a reader of one of the words `allowed`."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise bad("is not one of the choices", nearest(str(value), allowed), value)

    return read


def parse_date(value: object) -> dt.date:
    """Return a date written ``2026-11-23``, between 1970 and 2200."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    fix = "Write a date as YYYY-MM-DD, such as 2026-11-23"
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise bad("is not a date", fix, value)
    try:
        date = dt.date.fromisoformat(value)
    except ValueError:
        raise bad("is a date that does not exist", fix, value) from None
    if not 1970 <= date.year <= 2200:
        raise bad("must lie between 1970 and 2200", fix, value)
    return date


Date = Annotated[dt.date, BeforeValidator(parse_date), WithJsonSchema({"type": "string", "format": "date"})]


def parse_time_of_day(value: object) -> float:
    """Return the seconds since midnight of a time of day such as ``08:00``; ``24:00`` is the end of the day."""
    match = TIME_PATTERN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise bad("is not a time of day", TIME_FIX, value)
    seconds = int(match[1]) * 3600.0 + int(match[2]) * 60.0
    if seconds > DAY_S:
        raise bad("is after 24:00", TIME_FIX, value)
    return seconds


def time_text(seconds: float) -> str:
    """Return a time of day as ``HH:MM``."""
    minutes = round(seconds / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _time_of_day(value: Any, info: ValidationInfo) -> float:
    if is_number(value) and not (info.context or {}).get("strict"):
        return finite(value, "number of seconds")
    return parse_time_of_day(value)


TimeOfDay = Annotated[
    float,
    BeforeValidator(_time_of_day),
    PlainSerializer(time_text, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": "^([01]?[0-9]|2[0-4]):[0-5][0-9]$"}),
]
