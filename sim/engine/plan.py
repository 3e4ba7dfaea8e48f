"""The floor's calendar of one replication: openings, closings, shifts, breaks, counts, after absence.

A plan is a table of events that are known before the first contact. Both engines read it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.order import Event
from sim.scenario.model import Group, Scenario, Shift
from sim.world.horizon import DAY_US, SECOND_US, Horizon
from sim.world.luck import Purpose, name_hash, uniform

PLANNED = np.dtype([("time_us", "i8"), ("kind", "i1"), ("who", "i4"), ("value", "i8")])

Row = tuple[int, int, int, int]


@dataclass(frozen=True)
class Plan:
    """What is known in advance.

    Attributes
    ----------
    events : (dtype `PLANNED`) ordered by time, kind and who. `value`: the shift's end for SHIFT_START (us), the
        break's length for BREAK_DUE (us), the count for STAFFING, the day for OPEN and CLOSE.
    group_of : (agents,) the group of each agent; agents are numbered through the groups in file order.
    present : (agents, days) whether a counted agent is there that day.
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
    return max((max(counts_of(group, scenario, horizon, d), default=0) for d in range(len(horizon.dates))), default=0)


def counts_of(group: Group, scenario: Scenario, horizon: Horizon, day: int) -> tuple[int, ...]:
    """Agents on the queue in each interval of a simulated day, before absence."""
    if group.staff is None or horizon.open_us[day] < 0:
        return ()
    return group.staff.of(horizon.dates[day], scenario.calendar)


def make_plan(scenario: Scenario, horizon: Horizon, key: tuple[int, int]) -> Plan:
    """Lay out one replication's plan; absence is drawn for each agent and day."""
    groups = list(scenario.agents.values())
    sizes = [roster_size(g, scenario, horizon) for g in groups]
    first = np.cumsum([0, *sizes])
    present = np.ones((int(first[-1]), len(horizon.dates)), bool)
    rows = _openings(horizon)
    for g, group in enumerate(groups):
        here = present[first[g] : first[g + 1]]
        _draw_absence(group, horizon, key, here)
        if group.shifts is not None:
            rows += _shift_events(group.shifts, horizon, int(first[g]), here)
        else:
            rows += _count_events(g, group, scenario, horizon, here)
    events = np.array(sorted(rows), PLANNED)
    group_of = np.repeat(np.arange(len(groups)), sizes)
    return Plan(events, group_of, present, np.array([g.shifts is None for g in groups], bool))


def _openings(horizon: Horizon) -> list[Row]:
    opens = [(int(horizon.open_us[d]), int(Event.OPEN), int(d), int(d)) for d in np.flatnonzero(horizon.opens)]
    closes = [(int(horizon.close_us[d]), int(Event.CLOSE), int(d), int(d)) for d in np.flatnonzero(horizon.closes)]
    return opens + closes


def _draw_absence(group: Group, horizon: Horizon, key: tuple[int, int], here: npt.NDArray[np.bool_]) -> None:
    if group.absence <= 0.0:
        return
    name, purpose = name_hash(group.name), int(Purpose.ABSENCE)
    for number, day in np.ndindex(here.shape):
        u = uniform(*key, number, horizon.dates[day].toordinal(), name, purpose, 0)
        here[number, day] = u >= group.absence


def _shift_events(shifts: tuple[Shift, ...], horizon: Horizon, first: int, here: npt.NDArray[np.bool_]) -> list[Row]:
    rows: list[Row] = []
    number = 0
    for shift in shifts:
        for agent in range(number, number + shift.count):
            for day in shift_days(shift, horizon):
                if here[agent, day]:
                    rows += _one_shift(shift, day, first + agent)
        number += shift.count
    return rows


def shift_days(shift: Shift, horizon: Horizon) -> list[int]:
    """The simulated days on which a shift is worked: its own weekdays, where the centre is open."""
    return [d for d, day in enumerate(horizon.dates) if day.weekday() in shift.days and horizon.open_us[d] >= 0]


def _one_shift(shift: Shift, day: int, agent: int) -> list[Row]:
    start = day * DAY_US + _us(shift.start)
    end = start + _us(shift.length)
    breaks = [(start + _us(b.after), int(Event.BREAK_DUE), agent, _us(b.length)) for b in shift.breaks]
    return [(start, int(Event.SHIFT_START), agent, end), (end, int(Event.SHIFT_END), agent, end), *breaks]


def _count_events(
    number: int, group: Group, scenario: Scenario, horizon: Horizon, here: npt.NDArray[np.bool_]
) -> list[Row]:
    rows: list[Row] = []
    last = -1
    for day, edges in enumerate(horizon.edges):
        for start, count in zip(edges, counts_of(group, scenario, horizon, day), strict=False):
            effective = int(here[:count, day].sum())
            opening = horizon.opens[day] and start == edges[0]
            if opening or effective != last:
                rows.append((int(start), int(Event.STAFFING), number, effective))
            last = effective
    return rows


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)


def scheduled_time(group: Group, scenario: Scenario, horizon: Horizon, times_us: npt.NDArray[np.int64]) -> Any:
    """Cumulative scheduled agent time (us) up to each moment: duty as planned, absent or not, breaks included."""
    total = np.zeros(times_us.size, np.int64)
    for start, end, count in _scheduled_spells(group, scenario, horizon):
        total += count * np.clip(times_us - start, 0, end - start)
    return total


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
        for d in shift_days(s, horizon)
    ]
