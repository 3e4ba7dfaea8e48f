"""The values of a key that is swept: grids, lists and ranges as the command line writes them, or values from Python.

Numbers are decimal here, so that 0.1:0.3:0.1 has three points.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sim.errors import ArgumentError
from sim.schema.ranges import Steps
from sim.schema.values import CLOCK_PATTERN, DURATION_PATTERN, TIME_PATTERN, UNITS

Kind = Literal["number", "share", "s", "text"]
MOST_POINTS = 10_000
LONGEST_NUMBER = 40
NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
SECONDS = {unit: Decimal(str(size)) for unit, size in UNITS.items()}
"""Exact seconds of each unit of a duration, in the order of `DURATION_PATTERN`."""
OPENING, CLOSING, QUOTES = "[{(", "]})", "\"'"


@dataclass(frozen=True)
class KeyValue:
    """One value of a key.

    Attributes
    ----------
    text : as ``--set`` takes it.
    kind : number, share, s (a duration), or text for anything else.
    number : the number, the share from 0 to 1, or the seconds; None for text.
    """

    text: str
    kind: Kind
    number: float | None = None

    @property
    def shown(self) -> str:
        """The value for people: text without its quotation marks."""
        quoted = len(self.text) > 1 and self.text[0] in QUOTES and self.text[-1] == self.text[0]
        return self.text[1:-1] if quoted else self.text


@dataclass(frozen=True)
class Span:
    """A range to draw from: two decimals of a kind (shares in per cent, durations in seconds)."""

    low: Decimal
    high: Decimal
    kind: Kind


Values = tuple[KeyValue, ...] | Span
Accepts = Callable[[str], bool]
"""Whether the key takes a text as a single value."""


def read_values(key: str, text: str, accepts: Accepts, spans: bool = False) -> tuple[Values, bool]:
    """Return the values that a text gives a key, and whether it is written as several: a grid, a list or a range.

    Parameters
    ----------
    key : for messages.
    text : what stands behind the ``=``.
    accepts : asked where a text with colons may be one value: 10:50:10 is a duration to one key, a grid to another.
    spans : whether ``a:b`` is a range to draw from.

    Raises
    ------
    ArgumentError
        For a grid that cannot be, a value that comes twice, or too many.
    """
    items = split_list(text)
    if spans and len(items) == 1 and (span := _span(key, text.strip(), accepts)) is not None:
        return span, True
    grids = [_grid(key, item, accepts) for item in items]
    choices = tuple(choice for item, grid in zip(items, grids, strict=True) for choice in grid or (_choice(item),))
    _check_choices(key, choices)
    return choices, len(items) > 1 or grids[0] is not None


def python_values(key: str, values: Iterable[Any]) -> tuple[KeyValue, ...]:
    """Return the choices of values from Python: numbers, text such as ``"10%"``, lists, maps, dates.

    Raises
    ------
    ArgumentError
        When there is none, one comes twice, or one cannot be written into a file.
    """
    choices = tuple(_choice_of_python(key, value) for value in values)
    if not choices:
        raise ArgumentError(f"{key}: has no values. Give at least one")
    _check_choices(key, choices)
    return choices


def _choice_of_python(key: str, value: Any) -> KeyValue:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError):
        raise ArgumentError(f"{key}: cannot take {value!r}. Give numbers, text, lists or maps") from None
    if isinstance(value, str):
        choice = _choice(value)
        return KeyValue(text, choice.kind, choice.number) if choice.kind in ("share", "s") else KeyValue(text, "text")
    return _choice(text)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(value)


def _check_choices(key: str, choices: tuple[KeyValue, ...]) -> None:
    if len(choices) > MOST_POINTS:
        raise _too_many(key, len(choices))
    seen: set[Any] = set()
    for choice in choices:
        same = choice.text if choice.number is None else choice.number
        if same in seen:
            raise ArgumentError(f"--set {key}: has {choice.shown} twice. Write every value once")
        seen.add(same)


def _too_many(key: str, count: int) -> ArgumentError:
    return ArgumentError(f"--set {key}: has {count:,} values, more than {MOST_POINTS:,}. Take a larger step")


# Pieces of text ---------------------------------------------------------------


def split_list(text: str) -> list[str]:
    """Return the items between the commas outside brackets and quotation marks."""
    items, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in QUOTES and not items[-1].strip():
            quote = letter
        else:
            depth += (letter in OPENING) - (letter in CLOSING)
        if letter == "," and depth <= 0 and not quote:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items] if len(items) > 1 else [text.strip()]


def quantity(text: str) -> tuple[Decimal, Kind] | None:
    """Return a number, a share (in per cent) or a duration (s); None for anything else."""
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        return None
    if NUMBER.fullmatch(text):
        return Decimal(text), "number"
    if text.endswith("%") and NUMBER.fullmatch(text[:-1].strip()):
        return Decimal(text[:-1].strip()), "share"
    if clock := CLOCK_PATTERN.fullmatch(text):
        hours, minutes, seconds = map(Decimal, clock.groups())
        return hours * 3600 + minutes * 60 + seconds, "s"
    parts = DURATION_PATTERN.fullmatch(text) if text else None
    if parts is None:
        return None
    pairs = zip(parts.groups(), SECONDS.values(), strict=True)
    return sum((Decimal(number) * unit for number, unit in pairs if number), Decimal(0)), "s"


def choice_of(number: Decimal, kind: Kind) -> KeyValue:
    """Return the choice of a decimal of a kind, written as a planner would."""
    if kind == "share":
        return KeyValue(f"{decimal_text(number)}%", kind, float(number / 100))
    return KeyValue(_duration_text(number) if kind == "s" else decimal_text(number), kind, float(number))


def decimal_text(number: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros."""
    return format(number.normalize() + 0, "f")


def _duration_text(seconds: Decimal) -> str:
    rest, text = seconds, ""
    for unit in ("d", "h", "m"):
        count, rest = divmod(rest, SECONDS[unit])
        text += f"{int(count)}{unit}" if count else ""
    return text + (f"{decimal_text(rest)}s" if rest or not text else "")


def _choice(text: str) -> KeyValue:
    known = quantity(text)
    return KeyValue(text, "text") if known is None else KeyValue(text, known[1], choice_of(*known).number)


# Grids and ranges -------------------------------------------------------------


def _parts(text: str, count: int) -> list[tuple[Decimal, Kind]] | None:
    """Quantities between colons, if there are so many and nothing else."""
    pieces = text.split(":")
    parts = [part for piece in pieces if (part := quantity(piece)) is not None]
    return _zeros_of_a_kind(parts) if len(pieces) == len(parts) == count else None


def _zeros_of_a_kind(parts: list[tuple[Decimal, Kind]]) -> list[tuple[Decimal, Kind]]:
    """A bare 0 counts as a share or a duration where the other parts are."""
    kinds = {kind for number, kind in parts if number or kind != "number"}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    return [(number, kind) if kind and not number else (number, was) for number, was in parts]


def _is_one_value(text: str, accepts: Accepts) -> bool:
    """Whether a text with colons is a duration such as 00:04:10, or a time of day: by its look, or to its key."""
    if not (CLOCK_PATTERN.fullmatch(text) or TIME_PATTERN.fullmatch(text)):
        return False
    return (text[0] == "0" and text[1] != ":") or accepts(text)


def _grid(key: str, text: str, accepts: Accepts) -> tuple[KeyValue, ...] | None:
    """The values of ``a:b:step``, both ends among them; None where the text is one value."""
    parts = _parts(text, 3)
    if parts is None or _is_one_value(text, accepts):
        return None
    (low, kind), (high, _), (step, _) = parts
    _check_kinds(key, text, parts)
    steps = Steps(low, high, step)
    if step <= 0:
        raise ArgumentError(f"--set {key}={text}: the step must be more than 0. Write a:b:step, such as 10:50:10")
    if high < low:
        ends = f"{choice_of(high, kind).text}:{choice_of(low, kind).text}"
        raise ArgumentError(f"--set {key}={text}: ends below its start. Write {ends}:{choice_of(step, kind).text}")
    if steps.count > MOST_POINTS:
        raise _too_many(key, steps.count)
    if not steps.fits:
        raise ArgumentError(_no_fit(key, text, low + (steps.count - 1) * step, low, step, kind))
    return tuple(choice_of(number, kind) for number in steps.values())


def _no_fit(key: str, text: str, last: Decimal, low: Decimal, step: Decimal, kind: Kind) -> str:
    first, before, after, size = (choice_of(number, kind).text for number in (low, last, last + step, step))
    return (
        f"--set {key}={text}: the step does not fit: {before} is below the end and {after} beyond it. "
        f"Write {first}:{before}:{size} or {first}:{after}:{size}"
    )


def _check_kinds(key: str, text: str, parts: list[tuple[Decimal, Kind]]) -> None:
    if len({kind for _, kind in parts}) > 1:
        fix = "Write all parts alike, such as 10%:50%:10%, 4m:6m:30s or 10:50:10"
        raise ArgumentError(f"--set {key}={text}: mixes numbers, shares and durations. {fix}")


def _span(key: str, text: str, accepts: Accepts) -> Span | None:
    """The range ``a:b``; None where the text is something else."""
    parts = _parts(text, 2)
    if parts is None or _is_one_value(text, accepts):
        return None
    _check_kinds(key, text, parts)
    (low, kind), (high, _) = parts
    if high <= low:
        raise ArgumentError(f"--set {key}={text}: has no width. Write the lower end first, such as 10:50")
    return Span(low, high, kind)
