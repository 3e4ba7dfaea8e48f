"""Filling in what a file may leave open: hourly rates by interval, shares that nearly add up."""

from __future__ import annotations

import math
from typing import Any

from sim.loading.parts import Parts
from sim.loading.problems import Reporter
from sim.scenario.arrivals import Arrivals
from sim.schema.calendar import Calendar
from sim.schema.tree import Keys
from sim.schema.week import ByInterval

SHARES_OFF_BY = 0.005
EXACT = 1e-9


def fill_defaults(parts: Parts, reporter: Reporter) -> None:
    """Change the parts in place to what is in force; report what cannot be filled in."""
    calendar = parts.found.get("calendar")
    common = parts.found.get("arrivals")
    if calendar is not None and common is not None:
        parts.found["arrivals"] = _expanded(common, calendar, ("arrivals",), reporter)
    for name, intent in parts.intents.items():
        if calendar is not None and intent.arrivals is not None:
            arrivals = _expanded(intent.arrivals, calendar, ("intents", name, "arrivals"), reporter)
            parts.intents[name] = intent.model_copy(update={"arrivals": arrivals})
    if not reporter.failed("intents") and not reporter.failed("arrivals"):
        _settle_shares(parts, reporter)


# Hourly rates -----------------------------------------------------------------


def _expanded(arrivals: Arrivals, calendar: Calendar, path: Keys, reporter: Reporter) -> Arrivals:
    """Return arrivals whose `per_hour` has one entry an interval."""
    if arrivals.per_hour is None:
        return arrivals
    week: list[Any] = list(arrivals.per_hour.week)
    for day, hours in enumerate(calendar.hours):
        entry = week[day]
        if hours is not None and isinstance(entry, tuple):
            week[day] = _by_interval(entry, hours[1] - hours[0], calendar.interval)
    shared = isinstance(reporter.value_at((*path, "per_hour")), list)
    if shared:  # one list for every day: the closed days need not be told apart
        longer = next((week[day] for day, hours in enumerate(calendar.hours) if hours is not None), week[0])
        week = [longer if hours is None else entry for entry, hours in zip(week, calendar.hours, strict=True)]
    return arrivals.model_copy(update={"per_hour": ByInterval.model_construct(week=tuple(week))})


def _by_interval(entry: tuple[float, ...], open_s: float, interval: float) -> tuple[float, ...]:
    """Return one rate an interval where `entry` has one an opening hour and the interval divides the hour."""
    intervals, hours, per_hour = math.ceil(open_s / interval), math.ceil(open_s / 3600), 3600 / interval
    if len(entry) == intervals or len(entry) != hours or not per_hour.is_integer():
        return entry
    return tuple(entry[int(k // per_hour)] for k in range(intervals))


# Shares -----------------------------------------------------------------------


def _settle_shares(parts: Parts, reporter: Reporter) -> None:
    sharing = [name for name, intent in parts.intents.items() if needs_share(intent.name, parts)]
    if len(sharing) == 1 and parts.intents[sharing[0]].share is None:
        _set_share(parts, sharing[0], 1.0)
    missing = [name for name in sharing if parts.intents[name].share is None]
    for name in missing:
        fix = "Give every intent a share of the arrivals, or arrivals of its own"
        reporter.problem(("intents", name, "share"), "is missing", fix, key=True)
    shares = {name: parts.intents[name].share or 0.0 for name in sharing}
    total = math.fsum(shares.values())
    if missing or not sharing or abs(total - 1) <= EXACT:
        return
    if abs(total - 1) > SHARES_OFF_BY + EXACT:
        fix = "The shares of all intents without arrivals of their own must add up to 1"
        reporter.problem(("intents",), f"has shares that add up to {total:.6g}", fix, _listed(shares), key=True)
        return
    reporter.note(f"intents: the shares add up to {total:.6g} and are scaled to 1")
    for name, share in shares.items():
        _set_share(parts, name, share / total)


def _listed(shares: dict[str, float]) -> str:
    return " + ".join(f"{name} {share:g}" for name, share in shares.items())


def _set_share(parts: Parts, name: str, share: float) -> None:
    parts.intents[name] = parts.intents[name].model_copy(update={"share": share})


def needs_share(name: str, parts: Parts) -> bool:
    """Tell whether an intent lives on a share of the common arrivals."""
    common: Arrivals | None = parts.found.get("arrivals")
    if common is None or parts.intents[name].arrivals is not None:
        return False
    if common.file is not None:
        return common.file.columns == ("contacts",)
    if common.process == "trace" and common.trace is None:
        return False
    return common.trace is None or any(row[2] is None for row in common.trace.rows)
