"""The floor's calendar of one replication: openings, closings, shifts, breaks, counts, after absence.

A roster is made once from the scenario. Laying it out for a replication draws who is absent and gives a plan: a table
of events that are known before the first contact. Both engines read it.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import DAY_US, SECOND_US, Horizon
from sim.engine.crew import Crew, own_crew
from sim.engine.records import Event
from sim.facts.schedule import days_worked
from sim.jit import compiled, constant
from sim.rng.philox import uniform
from sim.rng.purposes import Purpose
from sim.scenario.model import Group, Scenario, Shift
from sim.schema.calendar import Calendar

PLANNED = np.dtype([("time_us", "i8"), ("kind", "i8"), ("who", "i8"), ("value", "i8")])
ROSTERED = np.dtype([("time_us", "i8"), ("kind", "i8"), ("who", "i8"), ("value", "i8"), ("day", "i8"), ("opens", "i8")])

_OPEN, _CLOSE, _STAFFING, _RELIEF = int(Event.OPEN), int(Event.CLOSE), int(Event.STAFFING), int(Event.RELIEF)
_ABSENCE = constant(Purpose.ABSENCE)
_NONE = constant(0)

Row = tuple[int, int, int, int, int, int]


class Roster(NamedTuple):
    """What is planned, before absence.

    Attributes
    ----------
    events : (dtype `ROSTERED`) ordered by time, kind and who. `value`: the shift's end for SHIFT_START (us), the
        break's length for BREAK_DUE (us), the count for STAFFING, how many for RELIEF, the day for OPEN and CLOSE;
        `opens`: whether an opening makes the count news even if it is unchanged.
    group_of : (agents,) the group of each agent; agents are numbered through the groups in file order.
    first : (groups + 1,) the first agent of each group.
    counted : (groups,) whether the group is staffed by counts.
    absence : (groups,) chance that an agent is absent on a day.
    crew : who the agents are.
    ordinal : (days,) the dates' ordinals.
    """

    events: npt.NDArray[Any]
    group_of: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    counted: npt.NDArray[np.bool_]
    absence: npt.NDArray[np.float64]
    crew: Crew
    ordinal: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """What is known in advance of one replication.

    Attributes
    ----------
    events : (dtype `PLANNED`) ordered by time, kind and who; `value` as in `Roster`.
    group_of : (agents,) the group of each agent.
    present : (agents, days) whether an agent is there that day.
    counted : (groups,) whether the group is staffed by counts.
    """

    events: npt.NDArray[Any]
    group_of: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_]
    counted: npt.NDArray[np.bool_]


def roster_size(group: Group, scenario: Scenario, horizon: Horizon) -> int:
    """How many agents a group has names for: all of its shifts' agents, or its highest count."""
    if group.shifts is not None:
        return sum(shift.count for shift in group.shifts)
    return max((_reliefs(group, scenario, horizon, d)[1] for d in range(len(horizon.dates))), default=0)


def counts_of(group: Group, scenario: Scenario, horizon: Horizon, day: int) -> tuple[int, ...]:
    """Agents on the queue in each interval of a simulated day, before absence."""
    if group.staff is None or horizon.open_us[day] < 0:
        return ()
    return group.staff.of(horizon.dates[day], scenario.calendar)


def make_roster(scenario: Scenario, horizon: Horizon, crew: Crew | None = None) -> Roster:
    """Turn a scenario's openings, shifts and counts into events; without a crew the agents are its own."""
    groups = list(scenario.agents.values())
    sizes = [roster_size(g, scenario, horizon) for g in groups]
    first = np.cumsum([0, *sizes])
    rows = _openings(horizon)
    for g, group in enumerate(groups):
        if group.shifts is not None:
            rows += _shift_events(group.shifts, scenario.calendar, horizon, int(first[g]))
        else:
            rows += _count_events(g, group, scenario, horizon) + _relief_events(g, group, scenario, horizon)
    return Roster(
        np.array(sorted(rows), ROSTERED),
        np.repeat(np.arange(len(groups)), sizes),
        first,
        np.array([g.shifts is None for g in groups], bool),
        np.array([g.absence for g in groups], np.float64),
        crew or own_crew([g.name for g in groups], sizes),
        np.array([d.toordinal() for d in horizon.dates], np.int64),
    )


def make_plan(scenario: Scenario, horizon: Horizon, key: tuple[int, int], roster: Roster | None = None) -> Plan:
    """Lay out one replication's plan; absence is drawn for each agent and day."""
    roster = roster or make_roster(scenario, horizon)
    events, present = empty_plan(roster.events.size, roster.group_of.size, roster.ordinal.size)
    count = lay_out(roster, *key, events, present)
    return Plan(events[:count], roster.group_of, present, roster.counted)


def empty_plan(planned: int, agents: int, days: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Room for a plan: its events (dtype `PLANNED`), and presence (agents, days)."""
    return np.empty(planned, PLANNED), np.ones((agents, days), bool)


@compiled
def lay_out(r: Roster, k0: int, k1: int, events: npt.NDArray[Any], present: npt.NDArray[np.bool_]) -> int:
    """Draw absence and write one replication's events; how many. `present` must be all true where nobody is absent."""
    for g in range(r.absence.size):
        if r.absence[g] > 0.0:
            _draw_absence(r, k0, k1, g, present)
    last, count = np.empty(r.counted.size, np.int64), 0
    for g in range(last.size):
        last[g] = -1
    for n in range(r.events.size):
        row = r.events[n]
        value = row.value
        if row.kind == _STAFFING:
            value = _present_of(r, row.who, row.value, row.day, present)
            if value == last[row.who] and not row.opens:
                continue
            last[row.who] = value
        elif row.kind > _CLOSE and row.kind != _RELIEF:
            there = present[row.who, row.day] if row.day >= 0 else _came_before(r, k0, k1, row.who)
            if not there:
                continue
        event = events[count]
        event.time_us, event.kind, event.who, event.value = row.time_us, row.kind, row.who, value
        count += 1
    return count


@compiled
def _draw_absence(r: Roster, k0: int, k1: int, group: int, present: npt.NDArray[np.bool_]) -> None:
    for agent in range(r.first[group], r.first[group + 1]):
        for day in range(r.ordinal.size):
            present[agent, day] = _comes(r, k0, k1, group, agent, r.ordinal[day])


@compiled
def _comes(r: Roster, k0: int, k1: int, group: int, agent: int, ordinal: int) -> bool:
    """Whether an agent is there on a date."""
    u = uniform(k0, k1, r.crew.number[agent], ordinal, r.crew.word[agent], _ABSENCE, _NONE)
    return bool(u >= r.absence[group])


@compiled
def _came_before(r: Roster, k0: int, k1: int, agent: int) -> bool:
    """Whether an agent is there on the evening before the first day, day -1."""
    return _comes(r, k0, k1, r.group_of[agent], agent, r.ordinal[0] - 1)


@compiled
def _present_of(r: Roster, group: int, count: int, day: int, present: npt.NDArray[np.bool_]) -> int:
    """How many of the first agents of a group are there on a day."""
    if r.absence[group] <= 0.0:
        return count
    here = 0
    for agent in range(r.first[group], r.first[group] + count):
        here += present[agent, day]
    return here


def _openings(horizon: Horizon) -> list[Row]:
    opens = [(int(horizon.open_us[d]), _OPEN, int(d), int(d), int(d), 0) for d in np.flatnonzero(horizon.opens)]
    closes = [(int(horizon.close_us[d]), _CLOSE, int(d), int(d), int(d), 0) for d in np.flatnonzero(horizon.closes)]
    return opens + closes


def _shift_events(shifts: tuple[Shift, ...], calendar: Calendar, horizon: Horizon, first: int) -> list[Row]:
    rows: list[Row] = []
    for shift in shifts:
        days = days_worked(shift, horizon.dates, calendar)
        rows += [
            row for agent in range(first, first + shift.count) for day in days for row in _one_shift(shift, day, agent)
        ]
        first += shift.count
    return rows


def _reliefs(group: Group, scenario: Scenario, horizon: Horizon, day: int) -> tuple[list[int], int]:
    """Times of relief on a day, and the agents that it takes."""
    counts = counts_of(group, scenario, horizon, day)
    if group.relief is None or not counts:
        return [], max(counts, default=0)
    return reliefs_of(horizon.edges[day][: len(counts) + 1].tolist(), counts, _us(group.relief))


def reliefs_of(edges: Sequence[int], counts: Sequence[int], longest: int) -> tuple[list[int], int]:
    """Say when somebody rested takes over, so that nobody is on the queue for much longer than `longest`.

    Those who begin together where nobody was are relieved one after the other, evenly over `longest`, as in a centre
    that has been at work for long. When a count falls, whoever is idle leaves: here, evenly of all that are on duty.

    Parameters
    ----------
    edges : (intervals + 1,) start of each interval and the end of the last (us).
    counts : (intervals,) agents on duty.
    longest : us, above 0.

    Returns
    -------
    times, names
        of every relief, in order (us); how many agents it takes for nobody to come twice.
    """
    times: list[int] = []
    due: deque[int] = deque()
    names = 0
    for at, count in zip(edges, chain(counts, [0]), strict=True):
        while due and due[0] < at:
            times.append(due.popleft())
            due.append(times[-1] + longest)
        on, begins = len(due), not due
        due = deque(due[(2 * j + 1) * on // (2 * count)] for j in range(count)) if on > count else due
        while due and due[0] == at:
            times.append(due.popleft())
            due.append(at + longest)
        fresh = count - len(due)
        names += fresh
        due += [at + max(1, longest * (j + 1) // fresh if begins else longest) for j in range(fresh)]
    return times, names + len(times)


def _relief_events(number: int, group: Group, scenario: Scenario, horizon: Horizon) -> list[Row]:
    return [
        (time, _RELIEF, number, count, day, 0)
        for day in range(len(horizon.dates))
        for time, count in Counter(_reliefs(group, scenario, horizon, day)[0]).items()
    ]


def _one_shift(shift: Shift, day: int, agent: int) -> list[Row]:
    start = day * DAY_US + _us(shift.start)
    end = start + _us(shift.length)
    due = [(start + _us(b.after), _us(b.length)) for b in shift.breaks]
    comes = start if start >= 0 else _first_there(start, due)
    if comes >= end:
        return []
    breaks = [(at, int(Event.BREAK_DUE), agent, length, day, 0) for at, length in due if start >= 0 or at > comes]
    duty = [(comes, int(Event.SHIFT_START), agent, end, day, 0), (end, int(Event.SHIFT_END), agent, end, day, 0)]
    return duty + breaks


def _first_there(start: int, due: list[tuple[int, int]]) -> int:
    """When whoever began the evening before is first there: at midnight, or after the breaks under way then (us)."""
    rested = start
    for at, length in sorted(due):
        if at <= max(rested, 0):
            rested = max(rested, at) + length
    return max(rested, 0)


def _count_events(number: int, group: Group, scenario: Scenario, horizon: Horizon) -> list[Row]:
    return [
        (int(start), _STAFFING, number, count, day, int(horizon.opens[day] and start == edges[0]))
        for day, edges in enumerate(horizon.edges)
        for start, count in zip(edges, counts_of(group, scenario, horizon, day), strict=False)
    ]


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)


def scheduled_time(group: Group, scenario: Scenario, horizon: Horizon, times_us: npt.NDArray[np.int64]) -> Any:
    """Cumulative scheduled agent time (us) up to each moment: duty as planned, absent or not, breaks included."""
    spells = np.array(_scheduled_spells(group, scenario, horizon), np.int64).reshape(-1, 3)
    starts, ends, counts = spells.T
    return _time_since(starts, counts, times_us) - _time_since(ends, counts, times_us)


def _time_since(moments: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], times_us: npt.NDArray[np.int64]) -> Any:
    """The time (us) that has passed at some times since each of the moments before them, summed; exact."""
    order = np.argsort(moments)
    begun = np.searchsorted(moments[order], times_us, "right")
    people = np.append(0, np.cumsum(counts[order]))[begun]
    return times_us * people - np.append(0, np.cumsum((counts * moments)[order]))[begun]


def _scheduled_spells(group: Group, scenario: Scenario, horizon: Horizon) -> list[tuple[int, int, int]]:
    if group.shifts is None:
        return [
            (int(e[j]), int(e[j + 1]), n)
            for d, e in enumerate(horizon.edges)
            for j, n in enumerate(counts_of(group, scenario, horizon, d))
        ]
    return [
        (d * DAY_US + _us(s.start), d * DAY_US + _us(s.start) + _us(s.length), s.count)
        for s in group.shifts
        for d in days_worked(s, horizon.dates, scenario.calendar)
    ]
