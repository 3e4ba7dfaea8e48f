"""What must hold between the parts of a scenario, and what is worth a note."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from sim.facts.schedule import days_worked
from sim.loading.parts import SHARED_ARRIVAL_KEYS, Parts
from sim.loading.problems import Reporter
from sim.scenario.arrivals import Arrivals
from sim.scenario.model import Group, Scenario, Shift
from sim.schema.calendar import WEEKDAYS, Calendar, by_weekday, weekdays_text
from sim.schema.faults import nearest
from sim.schema.tree import Keys
from sim.schema.values import DAY_S
from sim.schema.week import ByInterval, PerDay


@dataclass(frozen=True)
class Checker:
    """A scenario as far as it could be read, and where to report.

    Attributes
    ----------
    scenario
        The draft; parts that could not be read are at their defaults.
    calendar
        None when it could not be read.
    dates
        Every date simulated; those measured when the parts that settle the rest are wrong.
    """

    scenario: Scenario
    reporter: Reporter
    calendar: Calendar | None
    dates: tuple[dt.date, ...]

    def open_weekdays(self) -> dict[int, int]:
        """Return, for each weekday that is open on a date simulated, its number of intervals."""
        calendar = self.calendar
        if calendar is None:
            return {}
        return {day.weekday(): calendar.intervals(day) for day in self.dates if calendar.open_hours(day) is not None}

    def check_intents(self, by_intent: Iterable[str], path: Keys) -> None:
        """Refuse intents that there are not."""
        for name in by_intent:
            if name not in self.scenario.intents and not self.reporter.failed("intents"):
                fix = nearest(name, self.scenario.intents)
                self.reporter.problem((*path, name), "is not an intent", fix, None, key=True)

    def head_count(self, group: Group) -> int:
        """Return the most agents of a group that are on duty at once (staff), or that have a name (shifts, relief)."""
        if group.shifts is not None:
            return sum(shift.count for shift in group.shifts)
        if group.staff is None or self.calendar is None:
            return 0
        at_once = max((max(group.staff.of(day, self.calendar), default=0) for day in self.dates), default=0)
        return at_once * (1 + math.ceil(DAY_S / group.relief)) if group.relief is not None else at_once

    def never_on_duty(self, group: Group) -> bool:
        """Tell whether nobody of a group ever works while the centre is open; not known without a calendar."""
        if self.calendar is None:
            return False
        if group.absence == 1 or group.shifts is None:
            return group.absence == 1 or self.head_count(group) == 0
        return not any(shift.count and self.works(shift) for shift in group.shifts)

    def works(self, shift: Shift) -> bool:
        """Tell whether a shift is worked on a date simulated, or reaches the first from the evening before."""
        return self.calendar is None or bool(self.dates and days_worked(shift, self.dates, self.calendar))

    def table_row(self, date: str, count: int, path: Keys) -> None:
        """A row of a table must have one value an opening interval of its date."""
        wanted = self.calendar.intervals(dt.date.fromisoformat(date)) if self.calendar else count
        if count != wanted:
            self.reporter.problem(path, f"has {count} values for {date}, which has {wanted} intervals")


def checker(parts: Parts, reporter: Reporter) -> Checker:
    """Return the checker of what could be read."""
    draft = parts.draft()
    calendar: Calendar | None = parts.found.get("calendar")
    if calendar is None:
        return Checker(draft, reporter, None, ())
    sound = not any(reporter.failed(name) for name in ("run", "customers", "intents", "bot"))
    return Checker(draft, reporter, calendar, draft.dates() if sound else calendar.dates())


# The calendar -----------------------------------------------------------------


def check_calendar(check: Checker) -> None:
    """A day must be open; weekdays that a map leaves out are closed, and that is said."""
    calendar, reporter = check.calendar, check.reporter
    if calendar is None:
        return
    if not any(calendar.intervals(day) for day in calendar.dates()):
        reporter.problem(("calendar", "hours"), "leaves no day open among the days measured", "Open a day", key=True)
    written = reporter.value_at(("calendar", "hours"))
    if isinstance(written, dict):
        unnamed = tuple(day for day in range(7) if day not in by_weekday(written)[0])
        if unnamed:
            reporter.note(f"calendar.hours: {weekdays_text(unnamed)} is not named and therefore closed")
    strange = [str(day) for day in calendar.holidays if day not in check.dates]
    if strange:
        reporter.note(f"calendar.holidays: {', '.join(strange[:5])} is not among the days simulated")


def check_week(check: Checker, value: ByInterval, path: Keys) -> None:
    """A value by interval must have a number for every interval of every open weekday."""
    lengths = check.open_weekdays()
    lists = {day: len(entry) for day, entry in enumerate(value.week) if isinstance(entry, tuple)}
    absent = tuple(day for day in sorted(lengths) if value.week[day] is None)
    if absent:
        names = weekdays_text(absent)
        fix = f"Write {names}: 0 for nothing, or close {names} in calendar.hours"
        check.reporter.problem(path, f"names no value for {names}, open on days simulated", fix, key=True)
    wrong = [day for day in sorted(lengths) if day in lists and lists[day] != lengths[day]]
    if not wrong:
        return
    fix = "Write one value an opening interval"
    if len(set(lengths.values())) > 1:
        fix += ", and a map by weekday where days differ: {mon-fri: [...], sat: [...]}"
    day = wrong[0]
    words = f"has {lists[day]} values, and {WEEKDAYS[day]} has {lengths[day]} intervals"
    check.reporter.problem(_entry_path(check, path, day), words, fix)


def _entry_path(check: Checker, path: Keys, day: int) -> Keys:
    """Return the path of the entry for a weekday, where the file has a map by weekday."""
    written = check.reporter.value_at(path)
    named = by_weekday(written)[0] if isinstance(written, dict) else {}
    return (*path, named[day][0]) if day in named else path


# Arrivals ---------------------------------------------------------------------


def check_arrivals(check: Checker) -> None:
    """Every block of arrivals has one source that fits the calendar; every intent has arrivals."""
    scenario = check.scenario
    blocks: list[tuple[Keys, Arrivals]] = []
    if scenario.arrivals is not None:
        blocks.append((("arrivals",), scenario.arrivals))
    for name, intent in scenario.intents.items():
        if intent.arrivals is not None:
            blocks.append((("intents", name, "arrivals"), intent.arrivals))
    for path, arrivals in blocks:
        _check_sources(check, arrivals, path, stands_alone=path == ("arrivals",) and _all_have_their_own(scenario))
        _check_volume(check, arrivals, path)
        _check_columns(check, arrivals, path)
    _check_all_have_arrivals(check)


def _all_have_their_own(scenario: Scenario) -> bool:
    return bool(scenario.intents) and all(intent.arrivals is not None for intent in scenario.intents.values())


def _check_sources(check: Checker, arrivals: Arrivals, path: Keys, stands_alone: bool) -> None:
    """One source a block; common arrivals need none beside intents' own, which take their process and busyness."""
    fix = "Write one of per_day, per_hour and file"
    sources = [name for name in ("per_day", "per_hour", "file", "trace") if getattr(arrivals, name) is not None]
    written = ["file" if name == "trace" else name for name in sources]
    if arrivals.process == "trace" and sources != ["trace"]:
        where = path if not written else (*path, written[0])
        fix = "Write file: trace.csv with the columns date,time,intent, and nothing else"
        check.reporter.problem(where, "cannot be used with process: trace" if written else "has no file", fix, key=True)
    elif not sources and not stands_alone:
        check.reporter.problem(path, "has no source of contacts", fix, key=True)
    elif len(sources) > 1:
        check.reporter.problem((*path, written[1]), f"stands beside {written[0]}", fix, None, key=True)
    if arrivals.profile is not None and arrivals.per_day is None:
        check.reporter.problem((*path, "profile"), "needs per_day", "per_hour and file have their own", None, key=True)
    if arrivals.process != "poisson" and (arrivals.busyness_cv or arrivals.interval_cv):
        check.reporter.note(f"{'.'.join(map(str, path))}: busyness has no effect with process: {arrivals.process}")


def _check_volume(check: Checker, arrivals: Arrivals, path: Keys) -> None:
    if check.calendar is None:
        return
    if arrivals.profile is not None:
        check_week(check, arrivals.profile, (*path, "profile"))
        _check_weights(check, arrivals.profile, (*path, "profile"))
    for (date, _), row in (arrivals.file.counts if arrivals.file is not None else {}).items():
        check.table_row(date, len(row), (*path, "file"))
    if arrivals.per_hour is not None:
        check_week(check, arrivals.per_hour, (*path, "per_hour"))
    if arrivals.per_day is not None:
        _check_per_day(check, arrivals.per_day, check.calendar, (*path, "per_day"))


def _check_weights(check: Checker, profile: ByInterval, path: Keys) -> None:
    for day in check.open_weekdays():
        entry = profile.week[day]
        if entry is not None and not any(entry if isinstance(entry, tuple) else (entry,)):
            words = f"has no weight above 0 on {WEEKDAYS[day]}"
            check.reporter.problem(_entry_path(check, path, day), words, "Write a weight above 0")


def _check_per_day(check: Checker, per_day: PerDay, calendar: Calendar, path: Keys) -> None:
    if per_day.by_day is None:
        check_week(check, ByInterval.model_construct(week=per_day.week or (None,) * 7), path)
        return
    count = len(per_day.by_day)
    if count != calendar.days:
        fix = f"Write one number for each of the {calendar.days} days, or a map by weekday"
        check.reporter.problem(path, f"has {count} values, and there are {calendar.days} days", fix)
        return
    for k, (day, contacts) in enumerate(zip(calendar.dates(), per_day.by_day, strict=True)):
        if contacts and calendar.open_hours(day) is None:
            check.reporter.problem((*path, k), f"has contacts on {day}, which is closed", "Write 0, or open that day")


def _check_columns(check: Checker, arrivals: Arrivals, path: Keys) -> None:
    """Columns of counts and intents of a trace must be known."""
    if check.reporter.failed("intents") or check.calendar is None:
        return
    names = [path[1]] if path[0] == "intents" else list(check.scenario.intents)
    allowed = [str(name) for name in names]
    if arrivals.trace is not None:
        found = dict.fromkeys(row[2] for row in arrivals.trace.rows if row[2] is not None)
    else:
        found = dict.fromkeys(arrivals.file.columns if arrivals.file is not None else ())
        allowed.append("contacts")
    for column in found:
        if column not in allowed:
            words = f"has {column!r}, which is not an intent that it can serve"
            check.reporter.problem((*path, "file"), words, nearest(column, allowed))
    if "contacts" in found and len(found) > 1 and arrivals.trace is None:
        fix = "Write a column for each intent, or contacts alone and shares"
        check.reporter.problem((*path, "file"), "has the column contacts beside intents", fix)


def _check_all_have_arrivals(check: Checker) -> None:
    scenario, common = check.scenario, check.scenario.arrivals
    if check.reporter.failed("arrivals"):
        return
    for name, intent in scenario.intents.items():
        path = ("intents", name)
        if intent.arrivals is not None:
            if intent.share is not None:
                fix = "Write a share of the arrivals, or arrivals of its own"
                check.reporter.problem((*path, "share"), "stands beside arrivals", fix, None, key=True)
            continue
        if common is None:
            fix = "Write arrivals: for all, or arrivals of its own"
            check.reporter.problem(path, "has no arrivals", fix, key=True)
        elif common.file is not None and "contacts" not in common.file.columns and check.calendar is not None:
            if name not in common.file.columns:
                fix = f"Add a column {name} to {common.file.path}, or give it arrivals of its own"
                check.reporter.problem(path, "has no column in arrivals.file", fix, key=True)
            elif intent.share is not None:
                check.reporter.note(f"intents.{name}.share has no effect: arrivals.file has its own column")
    if common is not None and _all_have_their_own(scenario):
        _note_what_acts(check, common)


def _note_what_acts(check: Checker, common: Arrivals) -> None:
    """Say what common arrivals do where every intent has its own: their contacts nothing, their busyness something."""
    written = [name for name in ("per_day", "profile", "per_hour", "file") if getattr(common, name) is not None]
    written += ["file"] if common.trace is not None else []
    acts = [name for name in SHARED_ARRIVAL_KEYS if getattr(common, name) != Arrivals.model_fields[name].default]
    if not written and acts:
        return
    words = f"{', '.join(written)} has no effect" if acts else "have no effect"
    what = f"; {', '.join(acts)} acts on them" if acts else ""
    check.reporter.note(f"arrivals{':' if acts else ''} {words}: every intent has arrivals of its own{what}")
