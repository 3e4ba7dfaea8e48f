"""Days, opening hours and the intervals in which a centre is planned."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.values import (
    DAY_S,
    Date,
    PositiveSeconds,
    choice_reader,
    duration_text,
    parse_time_of_day,
    time_text,
    whole_reader,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 3660
SHORTEST_INTERVAL_S = 60.0
Hours = tuple[float, float]

HOURS_FIX = 'Write hours such as "08:00-20:00" (up to 24:00), or closed'
DAYS_FIX = "Name weekdays as mon, mon-fri or mon,wed"
DAY_WORD = f"(?:{'|'.join(WEEKDAYS)})"
DAYS_PATTERN = f"^ *{DAY_WORD}( *- *{DAY_WORD})?( *, *{DAY_WORD}( *- *{DAY_WORD})?)* *$"
HOURS_PATTERN = r"^ *(closed|[0-9]{1,2}:[0-5][0-9] *- *[0-9]{1,2}:[0-5][0-9]) *$"


def parse_weekdays(value: object) -> tuple[int, ...]:
    """Return weekdays (0 is Monday) of ``mon``, ``mon-fri`` or ``mon,wed``, in the order of the week."""
    if not isinstance(value, str) or not value.strip():
        raise bad("does not name weekdays", DAYS_FIX, value)
    days: list[int] = []
    for part in value.split(","):
        ends = [_weekday(name.strip(), value) for name in part.split("-")]
        if len(ends) > 2:
            raise bad("does not name weekdays", DAYS_FIX, value)
        first, last = ends[0], ends[-1]
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    if len(set(days)) < len(days):
        raise bad("names a weekday twice", DAYS_FIX, value)
    return tuple(sorted(days))


def _weekday(name: str, value: object) -> int:
    if name not in WEEKDAYS:
        raise bad(f"has no weekday {name!r}", f"{DAYS_FIX}. {nearest(name, WEEKDAYS)}", value)
    return WEEKDAYS.index(name)


def weekdays_text(days: tuple[int, ...]) -> str:
    """Return weekdays as `parse_weekdays` reads them, such as ``mon-fri``."""
    if len(days) > 1 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ",".join(WEEKDAYS[day] for day in days)


def by_weekday(value: dict[Any, Any]) -> tuple[dict[int, tuple[str, Any]], list[Fault]]:
    """Return, for each weekday that a map names, its key and value; and what is wrong with the keys."""
    found: dict[int, tuple[str, Any]] = {}
    faults: list[Fault] = []
    for key, entry in value.items():
        try:
            days = parse_weekdays(key)
        except BadValueError as error:
            faults += [Fault(fault.message, fault.fix, (key,), key, key=True) for fault in error.faults]
            continue
        for day in days:
            if day in found:
                message = f"names {WEEKDAYS[day]} again, which {found[day][0]!r} already does"
                faults.append(Fault(message, "Name every weekday at most once", (key,), key, key=True))
            found.setdefault(day, (key, entry))
    return found, faults


def parse_hours(value: object) -> Hours | None:
    """Return opening and closing time in seconds of ``"08:00-20:00"``; None for ``closed``."""
    text = value.strip() if isinstance(value, str) else ""
    if text == "closed":
        return None
    if text.count("-") != 1:
        raise bad("does not give hours", HOURS_FIX, value)
    opens, closes = (parse_time_of_day(part.strip()) for part in text.split("-"))
    if closes <= opens:
        fix = f"{HOURS_FIX}; a night is written as two days, 00:00-04:00 and 20:00-24:00 cannot share one day"
        raise bad("closes before it opens", fix, value)
    return opens, closes


def _read_hours(value: Any) -> tuple[Hours | None, ...]:
    if isinstance(value, tuple) and len(value) == 7:
        return value
    if isinstance(value, str):
        return (parse_hours(value),) * 7
    if not isinstance(value, dict):
        raise bad(
            "does not give hours",
            f'{HOURS_FIX}, or a map such as {{mon-fri: "08:00-20:00", sun: closed}}',
            value,
        )
    named, faults = by_weekday(value)
    week: list[Hours | None] = [None] * 7
    for day, (key, entry) in named.items():
        try:
            week[day] = parse_hours(entry)
        except BadValueError as error:
            faults += [fault.under(key) for fault in error.faults if day == parse_weekdays(key)[0]]
    raise_any(faults)
    return tuple(week)


def _hours_in_file_form(week: tuple[Hours | None, ...]) -> str | dict[str, str]:
    if len(set(week)) == 1:
        return hours_text(week[0])
    days = {hours: tuple(day for day in range(7) if week[day] == hours) for hours in week}
    return {weekdays_text(group): hours_text(hours) for hours, group in days.items()}


HoursOfWeek = Annotated[
    tuple[tuple[float, float] | None, ...],
    BeforeValidator(_read_hours),
    PlainSerializer(_hours_in_file_form, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": HOURS_PATTERN},
                {
                    "type": "object",
                    "patternProperties": {DAYS_PATTERN: {"type": "string", "pattern": HOURS_PATTERN}},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]


def _read_interval(value: float) -> float:
    if not SHORTEST_INTERVAL_S <= value <= DAY_S:
        raise bad("must be from 1m to 24h", "Planners use 15m, 30m or 1h", duration_text(value))
    return value


class Calendar(Section):
    """The days that are measured, and when the centre is open."""

    start: Date = param(..., "First day measured")
    days: Annotated[int, BeforeValidator(whole_reader(1, MOST_DAYS))] = param(..., "Days measured")
    hours: HoursOfWeek = param(..., "Opening hours, for every day or by weekday")
    holidays: tuple[Date, ...] = param((), "Dates on which the centre is closed")
    interval: Annotated[PositiveSeconds, AfterValidator(_read_interval)] = param(
        1800.0, "Planning interval", source="contract: the interval of most planning tools"
    )
    at_close: Annotated[Literal["drain", "clear"], BeforeValidator(choice_reader("drain", "clear"))] = param(
        "drain", "drain: serve who is in the queue or the bot; clear: whoever waits is disconnected"
    )

    def open_hours(self, day: dt.date) -> Hours | None:
        """Return opening and closing time of a date in seconds since midnight; None when closed."""
        return None if day in self.holidays else self.hours[day.weekday()]

    def weeks(self) -> float:
        """Return the weeks measured: open days over open days a week."""
        days = sum(self.open_hours(day) is not None for day in self.dates())
        return days / sum(hours is not None for hours in self.hours)

    def intervals(self, day: dt.date) -> int:
        """Return the number of opening intervals of a date; the last one may be short."""
        hours = self.open_hours(day)
        return 0 if hours is None else math.ceil((hours[1] - hours[0]) / self.interval)

    def interval_starts(self, day: dt.date) -> tuple[float, ...]:
        """Return the start of every opening interval of a date, in seconds since midnight."""
        hours = self.open_hours(day)
        return () if hours is None else tuple(hours[0] + k * self.interval for k in range(self.intervals(day)))

    def dates(self, before: int = 0, after: int = 0) -> tuple[dt.date, ...]:
        """Return the dates measured, with `before` days of warm-up and `after` days of follow-up."""
        return tuple(self.start + dt.timedelta(days=k) for k in range(-before, self.days + after))


def hours_text(hours: Hours | None) -> str:
    """Return opening hours as `parse_hours` reads them."""
    return "closed" if hours is None else f"{time_text(hours[0])}-{time_text(hours[1])}"
