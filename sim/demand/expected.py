"""How many first contacts a scenario expects, by intent, date and interval: said once, for files and for engines."""

from __future__ import annotations

import datetime as dt

from sim.scenario.arrivals import Arrivals
from sim.scenario.model import Intent, Scenario
from sim.schema.calendar import Calendar

SHARED = "contacts"
"""The column of counts and traces that all intents share."""


def source_of(scenario: Scenario, intent: Intent) -> tuple[Arrivals, float]:
    """The arrivals that an intent draws from, and its share of them."""
    if intent.arrivals is not None:
        return intent.arrivals, 1.0
    if scenario.arrivals is None:
        raise AssertionError("the loader refuses an intent without arrivals")
    return scenario.arrivals, intent.share if intent.share is not None else 0.0


def expected_counts(scenario: Scenario, intent: Intent, day: dt.date) -> tuple[float, ...]:
    """First contacts of an intent expected in each opening interval of a date, before busyness."""
    if intent.arrivals is None and scenario.arrivals is None:
        return (0.0,) * scenario.calendar.intervals(day)
    arrivals, share = source_of(scenario, intent)
    more = 1.0 if arrivals.process == "trace" else scenario.demand_factor
    return tuple(more * count for count in _stated_counts(arrivals, intent.name, share, day, scenario.calendar))


def contacts_asked(scenario: Scenario) -> float:
    """First contacts expected in a replication, warm-up and follow-up included."""
    own = [intent.arrivals for intent in scenario.intents.values() if intent.arrivals is not None]
    shared = scenario.arrivals if len(own) < len(scenario.intents) else None
    blocks = own if shared is None else [shared, *own]
    more = scenario.demand_factor * (1.0 + (scenario.bot.out_of_hours if scenario.bot else 0.0))
    return more * sum(_day_total(arrivals, day, scenario.calendar) for arrivals in blocks for day in scenario.dates())


def _stated_counts(
    arrivals: Arrivals, column: str, share: float, day: dt.date, calendar: Calendar
) -> tuple[float, ...]:
    """A share of what a file states for each opening interval, before demand that ease induces."""
    lengths = interval_hours(calendar, day)
    if arrivals.per_hour is not None:
        rates = arrivals.per_hour.of(day, calendar)
        return tuple(share * r * h for r, h in zip(rates, lengths, strict=True))
    if arrivals.per_day is not None:
        weights = arrivals.profile.of(day, calendar) if arrivals.profile is not None else lengths
        amount, whole = arrivals.per_day.of(day, calendar), sum(weights)
        return tuple(share * amount * w / whole if whole else 0.0 for w in weights)
    if arrivals.file is not None:
        column, part = (column, 1.0) if column in arrivals.file.columns else (SHARED, share)
        return tuple(part * c for c in arrivals.file.of(day, column, calendar))
    return _traced_counts(arrivals, column, share, day, calendar)


def interval_hours(calendar: Calendar, day: dt.date) -> tuple[float, ...]:
    """The length (h) of each opening interval of a date; the last may be short."""
    span = calendar.open_hours(day)
    if span is None:
        return ()
    count, step = calendar.intervals(day), calendar.interval
    return tuple((min(span[0] + (i + 1) * step, span[1]) - span[0] - i * step) / 3600.0 for i in range(count))


def _traced_counts(
    arrivals: Arrivals, column: str, share: float, day: dt.date, calendar: Calendar
) -> tuple[float, ...]:
    span = calendar.open_hours(day)
    counts = [0.0] * calendar.intervals(day)
    if span is None or arrivals.trace is None:
        return tuple(counts)
    for _, second, name in arrivals.trace.of(day, calendar):
        if name is None or name == column:
            counts[int((second - span[0]) // calendar.interval)] += share if name is None else 1.0
    return tuple(counts)


def _day_total(arrivals: Arrivals, day: dt.date, calendar: Calendar) -> float:
    if arrivals.per_day is not None:
        return arrivals.per_day.of(day, calendar)
    if arrivals.trace is not None:
        return len(arrivals.trace.of(day, calendar))
    columns = arrivals.file.columns if arrivals.file is not None else (SHARED,)
    return sum(sum(_stated_counts(arrivals, column, 1.0, day, calendar)) for column in columns)
