"""How many contacts a scenario asks for, how much work they are, and how many the machine can hold."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from sim.scenario.arrivals import Arrivals
from sim.scenario.calendar import Calendar
from sim.scenario.checks import Checker
from sim.scenario.model import Intent, Scenario

BYTES_PER_CONTACT = 1_200
LEAST = 1_000_000
FALLBACK_BYTES = 4_000_000_000
MEMINFO = Path("/proc/meminfo")

# Expected contacts ------------------------------------------------------------


def expected(arrivals: Arrivals, column: str, day: dt.date, calendar: Calendar) -> tuple[float, ...]:
    """Return the contacts expected in each opening interval of a date, of one column of counts.

    `column` is an intent or ``contacts``; it matters only where a file tells intents apart.
    """
    starts, hours = calendar.interval_starts(day), calendar.open_hours(day)
    if hours is None:
        return ()
    lengths = [min(start + calendar.interval, hours[1]) - start for start in starts]
    if arrivals.per_hour is not None:
        rates = arrivals.per_hour.of(day, calendar)
        return tuple(rate * length / 3600 for rate, length in zip(rates, lengths, strict=True))
    if arrivals.file is not None:
        return arrivals.file.of(day, column, calendar)
    if arrivals.trace is not None:
        return _counted(arrivals, column, day, calendar)
    if arrivals.per_day is None:
        return (0.0,) * len(starts)
    weights = arrivals.profile.of(day, calendar) if arrivals.profile is not None else tuple(lengths)
    total, contacts = sum(weights), arrivals.per_day.of(day, calendar)
    return tuple(contacts * weight / total for weight in weights) if total else (0.0,) * len(starts)


def _counted(arrivals: Arrivals, column: str, day: dt.date, calendar: Calendar) -> tuple[float, ...]:
    counts = [0.0] * calendar.intervals(day)
    opens = (calendar.open_hours(day) or (0.0, 0.0))[0]
    for _, seconds, intent in arrivals.trace.of(day, calendar) if arrivals.trace is not None else ():
        if (intent or "contacts") == column:
            counts[int((seconds - opens) // calendar.interval)] += 1
    return tuple(counts)


def expected_of(scenario: Scenario, intent: Intent, day: dt.date) -> tuple[float, ...]:
    """Return the first attempts of an intent expected in each opening interval of a date."""
    calendar, own = scenario.calendar, intent.arrivals
    arrivals, share = (own, 1.0) if own is not None else (scenario.arrivals, intent.share or 0.0)
    if arrivals is None:
        return (0.0,) * calendar.intervals(day)
    more = 1.0 if arrivals.process == "trace" else scenario.demand_factor
    if arrivals.file is not None and intent.name in arrivals.file.columns:
        return tuple(more * count for count in arrivals.file.of(day, intent.name, calendar))
    share *= more
    shared = expected(arrivals, "contacts", day, calendar)
    counts = tuple(share * count for count in shared)
    if arrivals.trace is None:
        return counts
    named = _counted(arrivals, intent.name, day, calendar)
    return tuple(a + b for a, b in zip(counts, named, strict=True))


def contacts_asked(scenario: Scenario) -> float:
    """Return the first attempts expected in a replication, warm-up and follow-up included."""
    own = [intent.arrivals for intent in scenario.intents.values() if intent.arrivals is not None]
    shared = scenario.arrivals if len(own) < len(scenario.intents) else None
    blocks = own if shared is None else [shared, *own]
    more = scenario.demand_factor * (1.0 + (scenario.bot.out_of_hours if scenario.bot else 0.0))
    return more * sum(_day_total(arrivals, day, scenario.calendar) for arrivals in blocks for day in scenario.dates())


def _day_total(arrivals: Arrivals, day: dt.date, calendar: Calendar) -> float:
    if arrivals.per_day is not None:
        return arrivals.per_day.of(day, calendar)
    if arrivals.trace is not None:
        return len(arrivals.trace.of(day, calendar))
    columns = arrivals.file.columns if arrivals.file is not None else ("contacts",)
    return sum(sum(expected(arrivals, column, day, calendar)) for column in columns)


# Memory -----------------------------------------------------------------------


def available_bytes() -> int:
    """Return the memory that is free for use now; 4 GB where the system does not say."""
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return FALLBACK_BYTES


def most_attempts() -> int:
    """Return the most attempts that one replication may make while every core runs one."""
    return max(available_bytes() // BYTES_PER_CONTACT // (os.cpu_count() or 1), LEAST)


def check_size(check: Checker) -> None:
    """Refuse more contacts than fit into memory."""
    if check.calendar is None or check.reporter.problems:
        return
    asked, limit = contacts_asked(check.scenario), most_attempts()
    if asked > limit:
        words = f"asks for {asked:,.0f} contacts a replication, more than the memory of this machine holds"
        fix = f"At most {limit:,} contacts, warm-up and follow-up included"
        name = next((name for name, intent in check.scenario.intents.items() if intent.arrivals), "")
        path = ("arrivals",) if check.scenario.arrivals is not None else ("intents", name, "arrivals")
        check.reporter.problem(path, words, fix, f"{asked:,.0f}", key=True)
    elif asked == 0:
        check.reporter.note("arrivals: no contact is expected on any day")
