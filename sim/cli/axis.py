"""Values along an axis as a planner writes them: `a:b:step`, or `a,b,c`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from sim.errors import CcsimError
from sim.schema.faults import BadValueError
from sim.schema.values import parse_duration

MOST, MOST_NUMBER = 1000, 1e9
STEPS = {"8h,6h,4h": "4h:8h:2h", "30s,60s": "0s:60s:15s"}
"""Steps that go with an example of a list."""
Read = Callable[[str], Decimal]


def read_number(text: str) -> Decimal:
    """A plain number."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a number") from None
    if not value.is_finite() or not 0 <= value <= MOST_NUMBER:
        raise ValueError(f"is not a number from 0 to {MOST_NUMBER:g}")
    return value


def read_share(text: str) -> Decimal:
    """A percentage such as 85%, or a multiple such as 0.85."""
    return read_number(text[:-1].strip()) / 100 if text.endswith("%") else read_number(text)


def read_seconds(text: str) -> Decimal:
    """A duration with its unit, in seconds."""
    try:
        return Decimal(repr(parse_duration(text)))
    except BadValueError:
        raise ValueError("is not a duration with its unit, such as 6m15s") from None


def values_of(flag: str, text: str, read: Read, example: str = "80%,90%") -> list[float]:
    """The values of an axis, in the order written.

    Raises
    ------
    CcsimError
        When the text is no axis.
    """
    try:
        parts = [part.strip() for part in text.split(":")]
        if len(parts) == 1:
            return [float(read(part.strip())) for part in text.split(",")]
        if len(parts) != 3:
            raise ValueError("is not an axis")
        return _steps(*(read(part) for part in parts))
    except ValueError as error:
        fix = f"Write a list, such as {example}, or a:b:step, such as {STEPS.get(example, '70%:110%:5%')}"
        raise CcsimError(f"{flag}: {text}: {error}. {fix}") from None


def _steps(first: Decimal, last: Decimal, step: Decimal) -> list[float]:
    if step <= 0 or last < first:
        raise ValueError("must rise, by a step above 0")
    count = int((last - first) / step) + 1
    if count > MOST:
        raise ValueError(f"has {count:,} values; the most is {MOST:,}")
    if (last - first) % step:
        raise ValueError(f"does not reach its end in steps of that size: {count} steps end beyond it")
    return [float(first + k * step) for k in range(count)]
