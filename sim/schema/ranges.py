"""Ranges of values as a planner writes them: `a:b:step`, or `a,b,c`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sim.errors import CcsimError
from sim.schema.faults import BadValueError
from sim.schema.values import parse_duration


@dataclass(frozen=True)
class Steps:
    """What `a:b:step` stands for: both ends and all between, in decimals, so that 0.1:0.3:0.1 has three values."""

    first: Decimal
    last: Decimal
    step: Decimal

    @property
    def rises(self) -> bool:
        """Whether there is anything to count: the other properties need that."""
        return self.step > 0 and self.last >= self.first

    @property
    def count(self) -> int:
        """How many values there are up to the end."""
        return int((self.last - self.first) / self.step) + 1

    @property
    def fits(self) -> bool:
        """Whether the end is one of them."""
        return not (self.last - self.first) % self.step

    def values(self) -> Iterator[Decimal]:
        """Every value, in order."""
        return (self.first + number * self.step for number in range(self.count))


MOST, MOST_NUMBER = 1000, 1e9
EXAMPLES = {"1,2,3": "1:4:1", "8h,6h,4h": "4h:8h:2h", "30s,60s": "0s:60s:15s"}
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


def values_of(flag: str, text: str, read: Read, example: str = "80%,90%", step: str = "") -> list[float]:
    """The values of an axis, in the order written.

    Parameters
    ----------
    flag, text : what was written, and with which flag.
    read : of one value.
    example : a list to show where the text is no axis.
    step : what `a:b` alone goes by; nothing where the step must be written.

    Raises
    ------
    CcsimError
        When the text is no axis.
    """
    try:
        parts = [part.strip() for part in text.split(":")]
        if len(parts) == 1:
            return [float(read(part.strip())) for part in text.split(",")]
        if len(parts) == 2 and step:
            parts.append(step)
        if len(parts) != 3:
            raise ValueError("is not an axis")
        return _steps(*(read(part) for part in parts))
    except ValueError as error:
        fix = f"Write a list, such as {example}, or a:b:step, such as {EXAMPLES.get(example, '70%:110%:5%')}"
        raise CcsimError(f"{flag}: {text}: {error}. {fix}") from None


def _steps(first: Decimal, last: Decimal, step: Decimal) -> list[float]:
    steps = Steps(first, last, step)
    if not steps.rises:
        raise ValueError("must rise, by a step above 0")
    if steps.count > MOST:
        raise ValueError(f"has {steps.count:,} values; the most is {MOST:,}")
    if not steps.fits:
        raise ValueError(f"does not reach its end in steps of that size: {steps.count} steps end beyond it")
    return [float(value) for value in steps.values()]
