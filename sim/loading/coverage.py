"""Open hours in which contacts are expected and nobody is on the queue for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.demand.expected import expected_counts
from sim.facts.load import to_agents
from sim.facts.schedule import Span, alike, breaks_of, shift_starts, worked_spans
from sim.loading.checks import Checker
from sim.scenario.model import Group, Scenario
from sim.schema.calendar import weekdays_text
from sim.schema.values import time_text

SHORTEST_S = 60.0
MOST_SPANS = 3
Week = dict[int, set[Span]]


def check_coverage(check: Checker) -> None:
    """Say for which skills, and when, nobody is there though contacts are expected."""
    if check.calendar is None or check.reporter.problems:
        return
    weeks = {skill: _week(check.scenario, skill) for skill in _skills(check.scenario)}
    gaps = {_week_text(week): [s for s in weeks if weeks[s] == week] for week in weeks.values() if week}
    for times, skills in gaps.items():
        check.reporter.note(
            f"agents: nobody is on the queue for {', '.join(skills)} on {times}, when contacts are expected. "
            "Look at the counts, shifts and breaks of the groups that have the skill"
        )


def _skills(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys(intent.skill for intent in scenario.intents.values()))


def _week(scenario: Scenario, skill: str) -> Week:
    """The spans without anybody, in seconds since midnight, by weekday of the days measured."""
    groups = [group for group in scenario.agents.values() if skill in group.skills and group.absence < 1]
    week: Week = {}
    known: dict[object, list[Span]] = {}
    for day in scenario.calendar.dates():
        key = alike(scenario, groups, day)
        if key not in known:
            known[key] = _gaps(scenario, groups, day)
        before = week.get(day.weekday(), set())
        new = set(_expecting(scenario, skill, day, known[key])) if set(known[key]) - before else set()
        week |= {day.weekday(): before | new} if new else {}
    return week


# One date ---------------------------------------------------------------------


def _gaps(scenario: Scenario, groups: list[Group], day: dt.date) -> list[Span]:
    """The spans of a date's open hours in which none of the groups has anybody on the queue."""
    at, closes = scenario.calendar.open_hours(day) or (0.0, 0.0)
    present = sorted(span for group in groups for span in _present(scenario, group, day) if span[1] > span[0])
    gaps = []
    for start, end in [*present, (closes, closes)]:
        if min(start, closes) - at >= SHORTEST_S:
            gaps.append((at, min(start, closes)))
        at = max(at, end)
    return gaps


def _present(scenario: Scenario, group: Group, day: dt.date) -> Iterator[Span]:
    """The spans of a date in which somebody of a group is planned on the queue; an empty one may be among them."""
    calendar = scenario.calendar
    if group.staff is not None:
        counts = zip(calendar.interval_starts(day), group.staff.of(day, calendar), strict=True)
        yield from ((start, start + calendar.interval) for start, count in counts if count)
    for shift in group.shifts or ():
        for _, start in shift_starts(shift, day, calendar) if shift.count else ():
            yield from worked_spans(start, shift.length, breaks_of(shift))


def _expecting(scenario: Scenario, skill: str, day: dt.date, gaps: list[Span]) -> Iterator[Span]:
    """The gaps in whose intervals a contact of a skill is expected."""
    wanted = [i for i in scenario.intents.values() if i.skill == skill and to_agents(i, scenario.bot) > 0]
    counts = [expected_counts(scenario, intent, day) for intent in wanted]
    starts, length = scenario.calendar.interval_starts(day), scenario.calendar.interval
    busy = [start for k, start in enumerate(starts) if any(row[k] for row in counts)]
    yield from (gap for gap in gaps if any(gap[0] < start + length and start < gap[1] for start in busy))


# Words ------------------------------------------------------------------------


def _week_text(week: Week) -> str:
    """Spans by weekday, such as ``mon-fri 08:00-08:30, sat 09:00-10:00 and 12:00-13:00``."""
    alike = {frozenset(spans): tuple(day for day in sorted(week) if week[day] == spans) for spans in week.values()}
    return ", ".join(f"{weekdays_text(days)} {_spans_text(spans)}" for spans, days in alike.items())


def _spans_text(spans: frozenset[Span]) -> str:
    shown = [f"{time_text(start)}-{time_text(end)}" for start, end in sorted(spans)]
    more = len(shown) - MOST_SPANS
    return " and ".join(shown[:MOST_SPANS] + ([f"{more} more"] if more > 0 else []))
