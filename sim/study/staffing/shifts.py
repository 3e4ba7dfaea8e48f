"""Shifts that cover the agents required, at the fewest paid hours: an integer programme a group and weekday.

Minimise the sum of paid hours so that in every interval the agents on duty, breaks taken off on average over the
interval, are at least those required (set covering by shifts: Dantzig 1954). Solved by HiGHS (`scipy.optimize.milp`).
What covers the agents required is then simulated with its breaks, and covered anew where that misses a target.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.errors import CcsimError
from sim.facts.schedule import worked_seconds
from sim.loading.load import changed
from sim.scenario.model import Group, Scenario
from sim.schema.calendar import WEEKDAYS, Calendar, weekdays_text
from sim.schema.formatting import duration_words
from sim.schema.values import time_text
from sim.study.staffing.evaluator import Evaluator, Verification, verify
from sim.study.staffing.plan import Ints, StaffingProblem, interval_spans

Floats = npt.NDArray[np.float64]
Breaks = tuple[tuple[float, float], ...]
HOUR, QUARTER = 3600.0, 900.0
LENGTHS = (8 * HOUR, 6 * HOUR, 4 * HOUR)
LONG: tuple[Breaks, ...] = (
    ((6300.0, 900.0), (12600.0, 1800.0), (20700.0, 900.0)),
    ((7200.0, 900.0), (14400.0, 1800.0), (22500.0, 900.0)),
    ((8100.0, 900.0), (16200.0, 1800.0), (24300.0, 900.0)),
)
"""Breaks of eight hours (after, length; s), staggered so that a line never stops at once."""
MIDDLES = (0.5, 0.375, 0.625)
"""Where the one break of a shift of three to six hours begins, as a part of it."""
GAP, NODES = 1e-4, 5_000
FIRST, ROUNDS = 1_000, 12
"""Number of the first round of verification, whose seed is its own; rounds at most."""


@dataclass(frozen=True)
class ShiftRules:
    """What shifts may be.

    Attributes
    ----------
    lengths : breaks included (s); none for those of the file's own shifts, else 8 h, 6 h and 4 h.
    earliest, latest : starts (s since midnight); None for opening, and for closing less the length.
    under : what an agent short for an hour costs, in paid hours; None where nobody may be short.
    """

    lengths: tuple[float, ...] = ()
    earliest: float | None = None
    latest: float | None = None
    under: float | None = None


@dataclass(frozen=True)
class Pattern:
    """A shift of one agent: start and length (s), breaks (after, length; s)."""

    start: float
    length: float
    breaks: Breaks

    def on_queue(self, start: float, end: float) -> float:
        """The share of a span that it works."""
        return worked_seconds((start, end), self.start, self.length, self.breaks) / (end - start)


@dataclass(frozen=True)
class ShiftLine:
    """So many agents with the same shift on the same weekdays."""

    group: str
    count: int
    days: tuple[int, ...]
    pattern: Pattern

    def as_file(self) -> dict[str, Any]:
        """What a scenario file says."""
        breaks = [{"after": duration_words(a), "length": duration_words(n)} for a, n in self.pattern.breaks]
        shift = {"count": self.count, "days": weekdays_text(self.days), "start": time_text(self.pattern.start)}
        return shift | {"length": duration_words(self.pattern.length)} | ({"breaks": breaks} if breaks else {})


@dataclass(frozen=True)
class ShiftPlan:
    """Shifts that cover a requirement.

    Attributes
    ----------
    lines : the shifts.
    scheduled : (groups, intervals) agents on the queue by them on average, breaks and absence taken off.
    paid_hours : by group, over the days measured: hours on the plan / (1 - shrinkage).
    fte : paid hours / (weeks measured x paid hours of one FTE a week), as the measure `fte` without overtime.
    scenario : the scenario with these shifts.
    """

    lines: tuple[ShiftLine, ...]
    scheduled: Floats
    paid_hours: dict[str, float]
    fte: float
    scenario: Scenario

    def of(self, group: str) -> list[ShiftLine]:
        """The lines of a group."""
        return [line for line in self.lines if line.group == group]


def cover(scenario: Scenario, problem: StaffingProblem, counts: Ints, rules: ShiftRules | None = None) -> ShiftPlan:
    """Cover the agents required by shifts, weekday by weekday, those absent too; a weekday needs the most of its dates.

    Raises
    ------
    CcsimError
        Where the rules leave an interval that no shift reaches, or no length fits the opening hours.
    """
    rules = rules or ShiftRules()
    week: dict[int, dt.date] = {}
    for day in problem.days:
        week.setdefault(day.weekday(), day)
    lines: list[ShiftLine] = []
    for name, of_group in zip(problem.groups, counts, strict=True):
        group, by_weekday = scenario.agents[name], {}
        for weekday, day in week.items():
            need = _need(problem, of_group, weekday, problem.scenario.calendar.intervals(day))
            by_weekday[weekday] = _covered(group, problem.scenario.calendar, day, need, rules)
        lines += _lines(name, by_weekday, _stand_ins(problem))
    return _plan(scenario, problem, lines)


def _need(problem: StaffingProblem, counts: Ints, weekday: int, intervals: int) -> Ints:
    need = np.zeros(intervals, np.int64)
    for (day, number), block in zip(problem.cells, problem.block_of, strict=True):
        if day.weekday() == weekday and number < intervals:
            need[number] = max(need[number], counts[block])
    return need


def _covered(group: Group, calendar: Calendar, day: dt.date, need: Ints, rules: ShiftRules) -> dict[Pattern, int]:
    """How many agents start each shift on one weekday."""
    if not need.any():
        return {}
    patterns = patterns_of(group, calendar, day, rules)
    spans = interval_spans(calendar, day)
    reach = (1.0 - group.absence) * np.array([[pattern.on_queue(*span) for pattern in patterns] for span in spans])
    bare = [k for k in np.flatnonzero(need) if rules.under is None and not reach[k].any()]
    if bare:
        when = f"{WEEKDAYS[day.weekday()]} {time_text(spans[bare[0]][0])}"
        fix = "Widen --earliest, --latest or --lengths, or allow gaps with --under"
        raise CcsimError(f"--latest: no shift of {group.name} reaches {when}, when {need[bare[0]]} are required. {fix}")
    paid = [pattern.length / HOUR for pattern in patterns]
    counts = _solved(reach, need, paid, [(end - start) / HOUR for start, end in spans], rules.under)
    return {pattern: int(count) for pattern, count in zip(patterns, counts, strict=True) if count}


def _solved(reach: Floats, need: Ints, paid: Sequence[float], hours: Sequence[float], under: float | None) -> Ints:
    """The integer programme; with `under`, what is short in an interval is a variable of its own."""
    intervals, shifts = reach.shape
    short = np.eye(intervals)[:, : intervals if under is not None else 0]
    cost = np.concatenate([paid, [(under or 0.0) * each for each in hours][: short.shape[1]]])
    whole = np.concatenate([np.ones(shifts), np.zeros(short.shape[1])])
    solution = milp(
        cost,
        integrality=whole,
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(np.hstack([reach, short]), need.astype(float) - 1e-9, np.inf),
        options={"mip_rel_gap": GAP, "node_limit": NODES},
    )
    if solution.x is None:
        raise CcsimError("--lengths: no shifts were found that cover the agents required. Allow gaps with --under")
    return np.rint(solution.x[:shifts]).astype(np.int64)


# What shifts may be ---------------------------------------------------------------


def patterns_of(group: Group, calendar: Calendar, day: dt.date, rules: ShiftRules) -> list[Pattern]:
    """Every shift that the rules allow on a date.

    Raises
    ------
    CcsimError
        Where no length fits between opening and closing.
    """
    opens, closes = calendar.open_hours(day) or (0.0, 0.0)
    open_s = closes - opens
    own = {shift.length for shift in group.shifts or ()}
    lengths = rules.lengths or tuple(sorted(own, reverse=True)) or LENGTHS
    fit = [length for length in lengths if length <= open_s]
    if not fit and rules.lengths:
        words = ", ".join(duration_words(length) for length in lengths)
        open_words = f"{WEEKDAYS[day.weekday()]} is open for {duration_words(open_s)}"
        raise CcsimError(f"--lengths: {words}: is longer than the opening hours: {open_words}. Write a shorter length")
    whole = not fit or (not own and not rules.lengths and open_s < max(LENGTHS))
    return [
        Pattern(start, length, breaks)
        for length in dict.fromkeys([open_s, *fit] if whole else fit)
        for start in _starts(calendar, day, length, rules)
        for breaks in breaks_of(group, length)
    ]


def check_rules(scenario: Scenario, problem: StaffingProblem, rules: ShiftRules) -> None:
    """See that some length fits every date, before anything is simulated.

    Raises
    ------
    CcsimError
        Where none does.
    """
    for day in problem.days:
        for name in problem.groups:
            patterns_of(scenario.agents[name], scenario.calendar, day, rules)


def _starts(calendar: Calendar, day: dt.date, length: float, rules: ShiftRules) -> list[float]:
    opens, closes = calendar.open_hours(day) or (0.0, 0.0)
    first = opens if rules.earliest is None else max(opens, rules.earliest)
    last = closes - length if rules.latest is None else min(closes - length, rules.latest)
    starts = [start for start in calendar.interval_starts(day) if first <= start <= last]
    till_closing = closes - length
    return starts if rules.latest is not None or till_closing in starts or last < first else [*starts, till_closing]


def breaks_of(group: Group, length: float) -> list[Breaks]:
    """The breaks of a length: those of the group's own shifts of that length, else by rule."""
    own = [tuple((b.after, b.length) for b in s.breaks) for s in group.shifts or () if s.length == length]
    if own:
        return list(dict.fromkeys(own))
    if length >= 6 * HOUR:
        scale = length / (8 * HOUR)
        return [tuple((QUARTER * round(after * scale / QUARTER), n) for after, n in breaks) for breaks in LONG]
    if length < 3 * HOUR:
        return [()]
    return [((QUARTER * round(part * length / QUARTER), QUARTER),) for part in MIDDLES]


# The plan -------------------------------------------------------------------------


def _stand_ins(problem: StaffingProblem) -> dict[int, set[int]]:
    """For every weekday measured, the weekdays that take its shifts: itself, and simulated ones without figures."""
    stand_ins: dict[int, set[int]] = {}
    for date, source in problem.sources.items():
        if source is not None:
            stand_ins.setdefault(source.weekday(), set()).add(date.weekday())
    return stand_ins


def _lines(group: str, week: Mapping[int, Mapping[Pattern, int]], stand_ins: Mapping[int, set[int]]) -> list[ShiftLine]:
    """Lines of as many weekdays as possible: what all days share first, then the rest."""
    days = {other: counts for weekday, counts in week.items() for other in stand_ins.get(weekday, {weekday})}
    patterns = sorted({p for counts in days.values() for p in counts}, key=lambda p: (p.start, -p.length, p.breaks))
    lines = []
    for pattern in patterns:
        left = {day: counts[pattern] for day, counts in sorted(days.items()) if counts.get(pattern)}
        while left:
            count = min(left.values())
            lines.append(ShiftLine(group, count, tuple(left), pattern))
            left = {day: other - count for day, other in left.items() if other > count}
    return lines


def _plan(scenario: Scenario, problem: StaffingProblem, lines: Sequence[ShiftLine]) -> ShiftPlan:
    calendar, paid = scenario.calendar, {}
    for name in problem.groups:
        worked = sum(_hours(line, problem.days) for line in lines if line.group == name)
        paid[name] = worked / (1.0 - scenario.agents[name].shrinkage)
    fte = sum(paid.values()) * HOUR / (calendar.weeks() * scenario.fte_hours) if scenario.fte_hours else float("nan")
    settings: dict[str, Any] = {}
    for name in problem.groups:
        shifts = [line.as_file() for line in lines if line.group == name]
        settings |= {f"agents.{name}.staff": "off", f"agents.{name}.shifts": shifts} if shifts else {}
        settings |= {} if shifts else {f"agents.{name}.shifts": "off", f"agents.{name}.staff": 0}
        settings |= {} if scenario.agents[name].relief is None else {f"agents.{name}.relief": "off"}
    present = {name: 1.0 - scenario.agents[name].absence for name in problem.groups}
    return ShiftPlan(tuple(lines), _scheduled(problem, lines, present), paid, fte, changed(scenario, settings))


def _hours(line: ShiftLine, dates: Iterable[dt.date]) -> float:
    return line.count * line.pattern.length / HOUR * sum(date.weekday() in line.days for date in dates)


def _scheduled(problem: StaffingProblem, lines: Sequence[ShiftLine], present: Mapping[str, float]) -> Floats:
    calendar, scheduled = problem.scenario.calendar, np.zeros((len(problem.groups), len(problem.cells)))
    for cell, (day, number) in enumerate(problem.cells):
        start = calendar.interval_starts(day)[number]
        end = start + HOUR * float(problem.hours[cell])
        for line in lines:
            if day.weekday() in line.days:
                there = line.pattern.on_queue(start, end) * present[line.group]
                scheduled[problem.groups.index(line.group), cell] += line.count * there
    return scheduled


# Shifts held to the targets -------------------------------------------------------


def verified_shifts(
    evaluator: Evaluator, scenario: Scenario, counts: Ints, rules: ShiftRules, budget: float
) -> tuple[ShiftPlan, Verification]:
    """Cover the agents required, and more where breaks and their bunching would miss a target.

    Shifts that the rules let be short are covered once and simulated.

    Parameters
    ----------
    evaluator : the constraints.
    scenario : whose groups are to work shifts.
    counts : (groups, blocks) the agents required.
    rules : what shifts may be.
    budget : first attempts of a verification at most.

    Returns
    -------
    plan, verification
        the shifts, and themselves on fresh replications; where every round missed something, the first of those that
        miss least.
    """
    need, tried = counts, []
    evaluator.begin(ROUNDS)
    for number in range(FIRST, FIRST + ROUNDS):
        plan = cover(scenario, evaluator.problem, need, rules)
        verification = verify(evaluator, need, number, budget, scenario=plan.scenario)
        tried.append((plan, verification))
        if verification.accepted or rules.under is not None:
            return tried[-1]
        need = _more(evaluator, need, plan, verification)
    return min(tried, key=lambda each: len(each[1].open))


def _more(evaluator: Evaluator, need: Ints, plan: ShiftPlan, verification: Verification) -> Ints:
    """One agent on the queue more where a target is not sure, of the group whose shifts have least to spare there."""
    more, block_of = need.copy(), evaluator.problem.block_of
    for constraint, cell in verification.open:
        for block in evaluator.constraints[constraint].blocks[cell].tolist():
            there = np.array([of_group[block_of == block].min() for of_group in plan.scheduled])
            needed = need[:, block]
            spare = np.where(needed > 0, (there - needed) / np.sqrt(needed + 1.0), np.inf)
            tightest = int(np.argmin(spare))
            if np.isfinite(spare[tightest]):
                more[tightest, block] = max(more[tightest, block], int(there[tightest] + 1e-9) + 1)
    return more
