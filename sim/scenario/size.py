"""How many contacts a scenario asks for, how much work they are, and how many the machine can hold."""

from __future__ import annotations

import datetime as dt
import math
import os
from pathlib import Path

from sim.scenario.arrivals import Arrivals
from sim.scenario.calendar import Calendar
from sim.scenario.checks import Checker
from sim.scenario.endless import FOR_EVER, least_resolution
from sim.scenario.model import Intent, Scenario
from sim.scenario.people import Redial, Repeat
from sim.scenario.words import duration_words

BYTES_PER_CONTACT = 1_200
LEAST = 1_000_000
FALLBACK_BYTES = 4_000_000_000
MEMINFO = Path("/proc/meminfo")
CGROUPS = (
    ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Where a container's memory is told: the folder, its limit, its use, and what of that is given back when needed."""

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
    return max(0, int(min(_free_in_machine(), *(_free_in_container(*place) for place in CGROUPS))))


def _free_in_container(folder: str, limit: str, used: str, given_back: str) -> float:
    """Return what a container may still use; infinite where there is no limit."""
    try:
        most, taken = (int(Path(folder, name).read_text(encoding="ascii")) for name in (limit, used))
        lines = Path(folder, "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return math.inf
    return most - taken + sum(int(line.split()[1]) for line in lines if line.split()[0] == given_back)


def _free_in_machine() -> int:
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
    else:
        _note_returns(check, limit / asked)


# Returns ----------------------------------------------------------------------


def _note_returns(check: Checker, room: float) -> None:
    """Say where needs may come back so often that memory, with room for so many attempts of each, runs out."""
    for key, back in (("redial", check.scenario.customers.redial), ("repeat", check.scenario.customers.repeat)):
        most = most_returns(check.scenario, back) if back is not None else 0.0
        if back is not None and 1 + most > room:
            delay = duration_words(back.delay.average)
            check.reporter.note(
                f"customers.{key}: with a probability of {back.probability:g} and a mean delay of {delay} a need may "
                f"come back {_times(most)}, and memory has room for {room:,.0f} attempts of each. "
                "Set customers.max_attempts, or a lower probability"
            )


def _times(returns: float) -> str:
    return f"{returns:,.0f} times" if math.isfinite(returns) else "without end"


def most_returns(scenario: Scenario, back: Redial | Repeat) -> float:
    """Return how often a need may come back that comes back surely; 0 where chance ends it soon.

    That is as often as its delay fits into the open hours simulated, and less than `max_attempts`.
    """
    if back.probability < FOR_EVER or not _can_go_on(scenario, back):
        return 0.0
    hours = [scenario.calendar.open_hours(day) for day in scenario.dates()]
    open_s = sum(closes - opens for opens, closes in filter(None, hours))
    most = open_s / back.delay.average if back.delay.average > 0 else math.inf
    if isinstance(back, Redial) and back.next_day > 0:
        most = min(most, len(hours) / back.next_day)
    return min(most, (scenario.customers.max_attempts or math.inf) - 1)


def _can_go_on(scenario: Scenario, back: Redial | Repeat) -> bool:
    """Tell whether some customers give up, or some needs are never resolved, however often they come."""
    intents = scenario.intents.values()
    if isinstance(back, Repeat):
        return any(back.probability * (1 - least_resolution(scenario, intent)) >= FOR_EVER for intent in intents)
    return scenario.customers.balk > 0 or any(intent.patience.kind != "infinite" for intent in intents)
