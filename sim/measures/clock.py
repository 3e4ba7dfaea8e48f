"""Counts from the clock: what agents do from moment to moment, clipped to intervals, and fatigue integrated exactly.

Segments and duties may come in any order: everything added up is a whole number.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.jit import compiled, inlined
from sim.measures.batch import Counts
from sim.measures.contacts import booked_at, grained
from sim.measures.counts import Count
from sim.measures.grid import Grid
from sim.measures.lookup import passed
from sim.world.horizon import HOUR_US

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

_FREE, _BUSY, _REST = int(AgentState.AVAILABLE), int(AgentState.HANDLING), int(AgentState.BREAK)
_LATE, _FATIGUE_US, _STRAINED_US = 0, 4, 5
KINDS = 6
"""Kinds of agent time: handling after close, then by `AgentState` in open hours; fatigue and strained time."""

_AVAILABLE, _HANDLING, _BREAK = int(Count.AVAILABLE), int(Count.HANDLING), int(Count.BREAK)
_AFTER_CLOSE, _POSITIONS, _ON_DUTY = int(Count.HANDLING_AFTER_CLOSE), int(Count.POSITIONS), int(Count.ON_DUTY)
_FATIGUE, _STRAINED = int(Count.FATIGUE), int(Count.STRAINED)
_OPEN, _PAID, _OVERTIME = int(Count.OPEN), int(Count.PAID), int(Count.OVERTIME)
_SHIFTS_ENDED, _FATIGUE_AT_END = int(Count.SHIFTS_ENDED), int(Count.FATIGUE_AT_END)


@inlined
def fatigue_integral(fatigue: float, rate: float, handling: bool, hours: float) -> float:
    """Integral of F over time (h): F tends to 1 while handling, to 0 otherwise, at `rate` an hour."""
    if rate <= 0.0:
        return fatigue * hours
    decay = -math.expm1(-rate * hours) / rate
    return hours - (1.0 - fatigue) * decay if handling else fatigue * decay


@inlined
def strained_hours(fatigue: float, rate: float, handling: bool, hours: float, threshold: float) -> float:
    """Hours with F above the threshold, from the exact moment of crossing."""
    if threshold >= 1.0:
        return 0.0
    if fatigue > threshold:
        return hours if handling or rate <= 0.0 else min(math.log(fatigue / threshold) / rate, hours)
    if not handling or rate <= 0.0:
        return 0.0
    return max(hours - math.log((1.0 - fatigue) / (1.0 - threshold)) / rate, 0.0)


@compiled
def add_segments(segments: Rows, grid: Grid, time: Floats) -> None:
    """Add up agent time by interval, group and kind: an array (intervals, groups, `KINDS`)."""
    for s in range(segments.size):
        row = segments[s]
        end = row["end_us"]
        cell = passed(grid.cells, row["start_us"])
        start = max(row["start_us"], grid.cells.edges[cell - 1]) if cell else grid.cells.edges[0]
        cell = max(cell, 1)
        while start < end and cell < grid.cell_interval.size - 1:
            stop = min(end, grid.cells.edges[cell])
            _add_piece(row, start, stop, cell, grid, time)
            start = stop
            cell += 1


@inlined
def _add_piece(row: Any, start: int, stop: int, cell: int, grid: Grid, time: Floats) -> None:
    where, group, state = grid.cell_interval[cell], row["group"], row["state"]
    if not grid.cell_open[cell]:
        if state == _BUSY:
            time[where, group, _LATE] += stop - start
        return
    time[where, group, state] += stop - start
    if row["fatigue"] > 0.0 or row["rate"] > 0.0:
        _add_fatigue(row, start, stop, where, grid.threshold, time)


@inlined
def _add_fatigue(row: Any, start: int, stop: int, where: int, threshold: float, time: Floats) -> None:
    group, rate, handling = row["group"], row["rate"], row["state"] == _BUSY
    hours = (stop - start) / HOUR_US
    fatigue = _level(row["fatigue"], rate, handling, (start - row["start_us"]) / HOUR_US)
    spent = fatigue_integral(fatigue, rate, handling, hours)
    strained = strained_hours(fatigue, rate, handling, hours, threshold)
    time[where, group, _FATIGUE_US] += np.floor(spent * HOUR_US + 0.5)
    time[where, group, _STRAINED_US] += np.floor(strained * HOUR_US + 0.5)


@inlined
def _level(fatigue: float, rate: float, handling: bool, hours: float) -> float:
    """Fatigue some time into a spell."""
    if rate <= 0.0 or hours <= 0.0:
        return fatigue
    decay = math.exp(-rate * hours)
    return 1.0 - (1.0 - fatigue) * decay if handling else fatigue * decay


@compiled
def add_duties(duties: Rows, grid: Grid, out: Counts) -> None:
    """Count the spells of duty: overtime, and fatigue on leaving."""
    for d in range(duties.size):
        row = duties[d]
        where = booked_at(grid, max(row["end_us"] - 1, row["start_us"]))
        if where >= 0:
            _add_duty(row, out.interval, where)
            _add_duty(row, out.group, row["group"])


@inlined
def _add_duty(row: Any, table: Floats, cell: int) -> None:
    table[cell, _OVERTIME] += max(row["left_us"] - row["end_us"], 0)
    if row["agent"] >= 0:
        table[cell, _SHIFTS_ENDED] += 1.0
        table[cell, _FATIGUE_AT_END] += grained(row["fatigue_left"])


@compiled
def add_time(time: Floats, grid: Grid, out: Counts) -> None:
    """Enter agent time, open time and paid time into the counts by interval and by group."""
    by_group = np.zeros((1, time.shape[1], KINDS))
    for i in range(time.shape[0]):
        for g in range(time.shape[1]):
            _enter(time, i, g, grid, out.interval, i)
            for kind in range(KINDS):
                by_group[0, g, kind] += time[i, g, kind]
        out.interval[i, _OPEN] = grid.open_us[i]
        out.interval[i, _PAID] = grid.paid_us[i] + out.interval[i, _OVERTIME]
    for g in range(time.shape[1]):
        _enter(by_group, 0, g, grid, out.group, g)
        out.group[g, _OPEN] = grid.open_us.sum()
        out.group[g, _PAID] = grid.group_paid_us[g] + out.group[g, _OVERTIME]


@inlined
def _enter(time: Floats, i: int, g: int, grid: Grid, table: Floats, cell: int) -> None:
    free, busy, rest = time[i, g, _FREE], time[i, g, _BUSY], time[i, g, _REST]
    table[cell, _AVAILABLE] += free
    table[cell, _HANDLING] += busy
    table[cell, _BREAK] += rest
    table[cell, _ON_DUTY] += free + busy + rest
    table[cell, _AFTER_CLOSE] += time[i, g, _LATE]
    table[cell, _POSITIONS] += (free + busy) / grid.on_phones[g]
    table[cell, _FATIGUE] += time[i, g, _FATIGUE_US]
    table[cell, _STRAINED] += time[i, g, _STRAINED_US]
