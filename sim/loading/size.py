"""How many contacts a scenario asks for, how much work they are, and how many the machine can hold."""

from __future__ import annotations

import math
import os
from pathlib import Path

from sim.demand.expected import contacts_asked
from sim.loading.checks import Checker
from sim.loading.termination import FOR_EVER, least_resolution
from sim.scenario.model import Scenario
from sim.scenario.people import Redial, Repeat
from sim.schema.formatting import duration_words
from sim.schema.tree import Keys

BYTES_PER_CONTACT = 1_200
LEAST = 1_000_000
FALLBACK_BYTES = 4_000_000_000
MEMINFO = Path("/proc/meminfo")
CGROUPS = (
    ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Where a container's memory is told: the folder, its limit, its use, and what of that is given back when needed."""

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
    backlog = {name: i.opening_backlog.count for name, i in check.scenario.intents.items() if i.opening_backlog}
    asked, limit = contacts_asked(check.scenario) + sum(backlog.values()), most_attempts()
    if asked > limit:
        words = f"asks for {asked:,.0f} contacts a replication, more than the memory of this machine holds"
        fix = f"At most {limit:,} contacts, warm-up and follow-up included"
        name = next((name for name, intent in check.scenario.intents.items() if intent.arrivals), "")
        path: Keys = ("arrivals",) if check.scenario.arrivals is not None else ("intents", name, "arrivals")
        if (most := max(backlog, key=backlog.__getitem__, default="")) and backlog[most] > asked / 2:
            path = ("intents", most, "opening_backlog", "count")
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
