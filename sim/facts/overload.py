"""Stretches of a day in which more work comes than agents can do, of customers who do not give up.

The work left over is carried from interval to interval, as a fluid: what comes less what the agents can do, never below
nothing (Newell 1982). Who gives up after less than an hour, or at once, is no such work: those go, and the queue ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.demand.expected import expected_counts, interval_hours
from sim.facts.load import effort, on_queue, to_agents
from sim.facts.schedule import agents_between, alike
from sim.scenario.model import Group, Intent, Scenario
from sim.schema.values import DAY_S

PATIENT_S = 3600.0
"""Customers of so long a patience on average stay while a queue grows."""
SHORT_H, LONG_H = 1.0, 4.0
LEAST_WAIT_H = 1 / 6
"""An hour is a spike; a longer stretch counts with ten minutes of work left for each agent, or after four hours."""
HAIR = 1e-9


@dataclass(frozen=True)
class Overload:
    """A stretch in which the queue grows.

    Attributes
    ----------
    skills, groups : whose work it is, and who may do it.
    day, start, end : the date, and from when to when (s since its midnight; the end may be on a later date).
    erlangs, agents : work and agents on average over the stretch.
    left_h : hours of work left over at its end.
    wait_h : the same for each agent there then: about how long who comes then has to wait.
    """

    skills: tuple[str, ...]
    groups: tuple[str, ...]
    day: dt.date
    start: float
    end: float
    erlangs: float
    agents: float
    left_h: float
    wait_h: float


class Pool(NamedTuple):
    """Skills, the groups that have any of them, and how much faster than on their own time they work at most."""

    skills: frozenset[str]
    groups: tuple[Group, ...]


class Slot(NamedTuple):
    """One opening interval: its date, start (s) and length (h), work by skill (erlangs), agents by group."""

    day: dt.date
    start: float
    hours: float
    work: dict[str, float]
    agents: dict[str, float]


def overloads(scenario: Scenario) -> list[Overload]:
    """Return the stretches of the days measured in which the queue grows, by pool of skills and in order of time."""
    patient = [intent for intent in scenario.intents.values() if stays(scenario, intent) > 0.0]
    if not patient:
        return []
    pools, found = _pools(scenario, patient), []
    for run in _runs(scenario, patient):
        stretches = [stretch for pool in pools for stretch in _of_pool(pool, run)]
        found += [each for each in stretches if not any(_says_more(other, each) for other in stretches)]
    return found


def stays(scenario: Scenario, intent: Intent) -> float:
    """Return the share of an intent's contacts that reach an agent however long the queue.

    Deferred work waits for quieter hours, and is none of it.
    """
    if intent.channel == "deferred":
        return 0.0
    patient = intent.patience.average >= PATIENT_S
    return to_agents(intent, scenario.bot) * (1.0 - scenario.customers.balk) if patient else 0.0


def _says_more(other: Overload, one: Overload) -> bool:
    """Whether another stretch holds this one, and more work is left in it; or as much of fewer skills."""
    meets = other.day == one.day and other.start < one.end and one.start < other.end
    if other is one or not meets or not set(other.skills) & set(one.skills):
        return False
    more, fewer = other.left_h - one.left_h, len(other.skills) < len(one.skills)
    return more > HAIR or (abs(more) <= HAIR and fewer)


# Who serves what ----------------------------------------------------------------


def _pools(scenario: Scenario, intents: Sequence[Intent]) -> list[Pool]:
    """Skills that can be short of agents: each alone, those whose groups lie within another's, all that are joined."""
    groups = on_queue(scenario)
    having = {i.skill: frozenset(g.name for g in groups if i.skill in g.skills) for i in intents}
    sets = [frozenset([skill]) for skill in having]
    sets += [frozenset(other for other in having if having[other] <= having[skill]) for skill in having]
    sets += [_joined(skill, having) for skill in having]
    return [Pool(skills, tuple(g for g in groups if skills & set(g.skills))) for skills in dict.fromkeys(sets)]


def _joined(skill: str, having: dict[str, frozenset[str]]) -> frozenset[str]:
    """The skills that share agents with one, directly or through others."""
    found, names = {skill}, set(having[skill])
    while more := {other for other in having if other not in found and having[other] & names}:
        found |= more
        names |= frozenset().union(*(having[other] for other in more))
    return frozenset(found)


def _speed(group: Group, skills: frozenset[str]) -> float:
    return max(group.skills[skill].speed for skill in skills if skill in group.skills)


# The days -------------------------------------------------------------------------


def _runs(scenario: Scenario, intents: Sequence[Intent]) -> Iterator[list[Slot]]:
    """The open intervals of the days measured, parted where the centre closes."""
    calendar, run = scenario.calendar, list[Slot]()
    known: dict[object, list[dict[str, float]]] = {}
    for day in calendar.dates():
        opens, closes = calendar.open_hours(day) or (0.0, 0.0)
        if run and (opens > 0.0 or run[-1].day != day - dt.timedelta(days=1) or not calendar.open_hours(day)):
            yield run
            run = []
        run += _slots(scenario, intents, day, known)
        if run and closes < DAY_S:
            yield run
            run = []
    if run:
        yield run


def _slots(
    scenario: Scenario, intents: Sequence[Intent], day: dt.date, known: dict[object, list[dict[str, float]]]
) -> list[Slot]:
    calendar, groups = scenario.calendar, on_queue(scenario)
    starts, hours = calendar.interval_starts(day), interval_hours(calendar, day)
    key = alike(scenario, groups, day)
    if key not in known:
        spans = [(start, start + 3600.0 * length) for start, length in zip(starts, hours, strict=True)]
        known[key] = [{g.name: agents_between(g, scenario, day, k, s) for g in groups} for k, s in enumerate(spans)]
    work: list[dict[str, float]] = [{} for _ in starts]
    for intent in intents:
        each = effort(scenario, intent) / 3600.0 * stays(scenario, intent)
        for k, count in enumerate(expected_counts(scenario, intent, day)):
            work[k][intent.skill] = work[k].get(intent.skill, 0.0) + count * each / hours[k]
    return [Slot(day, *rest) for rest in zip(starts, hours, work, known[key], strict=True)]


# Stretches ------------------------------------------------------------------------


def _of_pool(pool: Pool, run: Sequence[Slot]) -> Iterator[Overload]:
    """The stretches of one pool; where nobody is there at all, that is another matter (`sim.loading.coverage`)."""
    able = [sum(slot.agents[g.name] * _speed(g, pool.skills) for g in pool.groups) for slot in run]
    work = [
        sum(slot.work.get(s, 0.0) for s in pool.skills) if a > 0.0 else 0.0 for slot, a in zip(run, able, strict=True)
    ]
    left, first, most, peak = 0.0, 0, 0.0, 0
    for k, slot in enumerate(run):
        first = k if left <= HAIR else first
        most = 0.0 if left <= HAIR else most
        left = max(0.0, left + (work[k] - able[k]) * slot.hours)
        if left > most + HAIR:
            most, peak = left, k
        if most > HAIR and (left <= HAIR or k == len(run) - 1):
            wait_h = most / next(a for a in reversed(able[: peak + 1]) if a > 0.0)
            stretch = _stretch(pool, run[first : peak + 1], work[first : peak + 1], most, wait_h)
            if counts(sum(slot.hours for slot in run[first : peak + 1]), wait_h):
                yield stretch


def counts(hours: float, wait_h: float) -> bool:
    """Tell whether a stretch is worth a word: more than a spike, and long, or with a wait at its end."""
    return hours > SHORT_H + HAIR and (wait_h > LEAST_WAIT_H or hours >= LONG_H - HAIR)


def _stretch(pool: Pool, slots: Sequence[Slot], work: Sequence[float], left_h: float, wait_h: float) -> Overload:
    hours = sum(slot.hours for slot in slots)
    agents = sum(slot.hours * sum(slot.agents[g.name] for g in pool.groups) for slot in slots) / hours
    return Overload(
        skills=tuple(sorted(pool.skills)),
        groups=tuple(g.name for g in pool.groups),
        day=slots[0].day,
        start=slots[0].start,
        end=slots[0].start + _between_s(slots),
        erlangs=sum(slot.hours * w for slot, w in zip(slots, work, strict=True)) / hours,
        agents=agents,
        left_h=left_h,
        wait_h=wait_h,
    )


def _between_s(slots: Sequence[Slot]) -> float:
    """From the start of the first interval to the end of the last (s)."""
    days = (slots[-1].day - slots[0].day).days
    return days * DAY_S + slots[-1].start + 3600.0 * slots[-1].hours - slots[0].start
