"""How many contacts are expected, interval by interval, and when within an interval one falls."""

import math
from datetime import date

import numpy as np
import numpy.typing as npt

from sim.jit import compiled
from sim.scenario.model import Arrivals, Calendar, Intent, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def place(amount: float, cumulative: Floats, edges: Ints) -> int:
    """The time (us) at which a cumulative rate, linear between the edges, reaches an amount."""
    j = min(int(np.searchsorted(cumulative, amount, side="right")) - 1, edges.size - 2)
    while j > 0 and cumulative[j + 1] <= cumulative[j]:
        j -= 1
    return place_between(amount, cumulative[j], cumulative[j + 1], edges[j], edges[j + 1])


@compiled
def place_between(amount: float, low: float, high: float, start: int, end: int) -> int:
    """The time (us), from start and before end, at which a rate that takes a sum from low to high reaches an amount."""
    part = (amount - low) / (high - low)
    return int(min(start + math.floor(part * (end - start)), end - 1))


def source_of(scenario: Scenario, intent: Intent) -> tuple[Arrivals, float]:
    """The arrivals that an intent draws from, and its share of them."""
    if intent.arrivals is not None:
        return intent.arrivals, 1.0
    if scenario.arrivals is None:
        raise AssertionError("the loader refuses an intent without arrivals")
    return scenario.arrivals, intent.share if intent.share is not None else 0.0


def expected_counts(scenario: Scenario, intent: Intent, day: date) -> tuple[float, ...]:
    """Contacts of an intent expected in each opening interval of a date, before busyness."""
    arrivals, share = source_of(scenario, intent)
    more = 1.0 if arrivals.process == "trace" else scenario.demand_factor
    return tuple(more * count for count in _stated_counts(scenario, arrivals, intent, share, day))


def _stated_counts(
    scenario: Scenario, arrivals: Arrivals, intent: Intent, share: float, day: date
) -> tuple[float, ...]:
    """The same as the file states it, before demand that ease induces."""
    calendar = scenario.calendar
    lengths = interval_hours(calendar, day)
    if arrivals.per_hour is not None:
        rates = arrivals.per_hour.of(day, calendar)
        return tuple(share * r * h for r, h in zip(rates, lengths, strict=True))
    if arrivals.per_day is not None:
        weights = arrivals.profile.of(day, calendar) if arrivals.profile is not None else lengths
        amount, whole = arrivals.per_day.of(day, calendar), sum(weights)
        return tuple(share * amount * w / whole if whole else 0.0 for w in weights)
    if arrivals.file is not None:
        column, part = _column(arrivals, intent, share)
        return tuple(part * c for c in arrivals.file.of(day, column, calendar))
    return _traced_counts(arrivals, intent, share, day, calendar)


def interval_hours(calendar: Calendar, day: date) -> tuple[float, ...]:
    """The length (h) of each opening interval of a date; the last may be short."""
    span = calendar.open_hours(day)
    if span is None:
        return ()
    count, step = calendar.intervals(day), calendar.interval
    return tuple((min(span[0] + (i + 1) * step, span[1]) - span[0] - i * step) / 3600.0 for i in range(count))


def _column(arrivals: Arrivals, intent: Intent, share: float) -> tuple[str, float]:
    columns = arrivals.file.columns if arrivals.file is not None else ()
    return (intent.name, 1.0) if intent.name in columns else ("contacts", share)


def _traced_counts(
    arrivals: Arrivals, intent: Intent, share: float, day: date, calendar: Calendar
) -> tuple[float, ...]:
    span = calendar.open_hours(day)
    counts = [0.0] * calendar.intervals(day)
    if span is None or arrivals.trace is None:
        return ()
    for _, second, name in arrivals.trace.of(day, calendar):
        if name is None or name == intent.name:
            counts[int((second - span[0]) // calendar.interval)] += share if name is None else 1.0
    return tuple(counts)
