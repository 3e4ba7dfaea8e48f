"""Numbers as planners write them: 81.3 % ± 0.6, 6:32 ± 0:05, 4,042 ± 120; and as JSON documents hold them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.study.estimates import Estimate


@dataclass(frozen=True)
class Value:
    """An estimate with its 95 % confidence interval; nan where there is nothing to say."""

    mean: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an estimate at all."""
        return not math.isnan(self.mean)

    @property
    def half_width(self) -> float:
        """Half the width of the interval; nan with a single replication."""
        return (self.high - self.low) / 2

    @property
    def judged(self) -> bool:
        """Whether there is an interval to judge by."""
        return self.known and not math.isnan(self.low)

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> Value:
        """The value in another unit."""
        ends = (self.low * factor, self.high * factor)
        return Value(self.mean * factor, min(ends), max(ends))


NOTHING = Value(math.nan, math.nan, math.nan)
ZERO = Value(0.0, 0.0, 0.0)
NOISE = 1e-12
"""A difference below this, or this part of a value above 1, comes from the order of summing, not from scenarios."""
MINUTE_S, HOUR_S = 60.0, 3600.0
DASH = "–"


def exactly(number: float) -> Value:
    """A number without an interval."""
    return Value(number, math.nan, math.nan)


def beyond_luck(change: Value) -> bool:
    """Whether a difference stands out: its interval excludes zero, or, with one replication, it is not zero."""
    return change.clear if change.judged else change.known and change.mean != 0.0


@dataclass(frozen=True)
class Form:
    """How a quantity is written.

    Attributes
    ----------
    unit : for headers; empty where the number says it.
    scale : what the value is multiplied by before it is written.
    write : a number without its sign, as text.
    suffix : after the number and before its half-width.
    points : what a difference is counted in where that is not the unit.
    """

    unit: str
    scale: float
    write: Callable[[float], str]
    suffix: str = ""
    points: str = ""

    def value(self, value: Value) -> str:
        """A value with its half-width."""
        return self._text(value, signed=False, suffix=self.suffix)

    def change(self, value: Value) -> str:
        """A difference, with its sign."""
        return self._text(value, signed=True, suffix=self.points)

    def bare(self, number: float) -> str:
        """A number alone, such as a target, with no more digits than it has."""
        return f"{number * self.scale:.6g}{self.suffix}"

    def vanishes(self, value: Value) -> bool:
        """Whether nothing but zeros is left of a number as it is written."""
        return _nothing(self.write(abs(value.mean * self.scale)))

    def _text(self, value: Value, signed: bool, suffix: str) -> str:
        if not value.known:
            return DASH
        scaled = value.times(self.scale)
        text = f"{self._number(scaled.mean, signed)}{suffix}"
        return f"{text} ± {self.write(scaled.half_width)}" if value.judged else text

    def _number(self, number: float, signed: bool) -> str:
        text = self.write(abs(number))
        sign = "" if _nothing(text) else "-" if number < 0 else "+" if signed else ""
        return sign + text


def _nothing(text: str) -> bool:
    return not any(digit in text for digit in "123456789")


def _decimals(count: int) -> Callable[[float], str]:
    return lambda number: f"{number:,.{count}f}"


def _minutes(seconds: float) -> str:
    """Seconds as m:ss."""
    whole = math.floor(seconds + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


def _hours(seconds: float) -> str:
    """Seconds as h:mm."""
    whole = math.floor(seconds / MINUTE_S + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


PERCENT = Form("%", 100.0, _decimals(1), " %", " pt")
SECONDS = Form("s", 1.0, _decimals(1))
MINUTES = Form("m:ss", 1.0, _minutes)
HOURS_MINUTES = Form("h:mm", 1.0, _hours)
DECIMAL_MINUTES = Form("min", 1 / MINUTE_S, _decimals(2))
INDEX = Form("0 to 1", 1.0, _decimals(3))
PRICE = Form("", 1.0, _decimals(2))
STAFF = Form("", 1.0, _decimals(1))
POINTS = Form("0 to 100", 1.0, _decimals(1))


def form_of(kind: str, values: Iterable[Value]) -> Form:
    """The form for all values of a row.

    Parameters
    ----------
    kind : share, s (written as seconds, m:ss or h:mm by size), min (seconds, written in minutes), index, points, price,
        staff or number.
    values : the values that will be written.
    """
    largest = max((abs(value.mean) for value in values if value.known), default=0.0)
    if kind == "s":
        return SECONDS if largest < MINUTE_S else MINUTES if largest < 2 * HOUR_S else HOURS_MINUTES
    named = {"share": PERCENT, "min": DECIMAL_MINUTES, "index": INDEX, "points": POINTS, "price": PRICE, "staff": STAFF}
    return named.get(kind) or Form("", 1.0, _decimals(2 if largest < 10 else 1 if largest < 100 else 0))


def round_percent(share: float) -> str:
    """A share for a sentence: 35 %, and 4.2 % below ten."""
    percent = 100.0 * share
    return f"{percent:.0f} %" if abs(percent) >= 9.95 else f"{percent:.1f} %"


def duration(seconds: float) -> str:
    """A time for a sentence: 6:32 min, 23 s, 4.1 s."""
    if abs(seconds) < MINUTE_S:
        return f"{seconds:.{0 if abs(seconds) >= 9.95 else 1}f} s"
    return f"{_minutes(abs(seconds))} min" if abs(seconds) < 2 * HOUR_S else f"{_hours(abs(seconds))} h"


def capital(text: str) -> str:
    """A text that begins a line."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: a, b and c."""
    return " and ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def number(value: float) -> float | None:
    """A finite number, or None."""
    return float(value) if math.isfinite(value) else None


def interval(mean: float, low: float, high: float) -> dict[str, Any]:
    """A mean with its 95 % confidence interval; None where there is none."""
    ends = [number(low), number(high)]
    return {"mean": number(mean), "ci95": None if None in ends else ends}


def estimates_document(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """The first cell of every estimate."""
    return {name: interval(e.mean[0], e.low[0], e.high[0]) for name, e in estimates.items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table."""
    return [{str(key): plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def plain(value: Any) -> Any:
    """A cell: text and truth as they are, a number as a number."""
    return value if isinstance(value, str | bool) else number(value)
