"""Counts from the clock: what agents do from moment to moment, clipped to intervals, and fatigue integrated exactly.

Segments and duties may come in any order: everything added up is a whole number.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import HOUR_US
from sim.engine.records import AgentState
from sim.jit import apart, borrowing
from sim.measures.batch import Counts, Sums
from sim.measures.contacts import booked_at, grains
from sim.measures.counts import Count
from sim.measures.grid import FATIGUE, KINDS, SHUT, STRAINED, Grid
from sim.measures.lookup import known, passed

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

_FREE, _BUSY, _REST = int(AgentState.AVAILABLE), int(AgentState.HANDLING), int(AgentState.BREAK)
_AVAILABLE, _HANDLING, _POSITIONS = int(Count.AVAILABLE), int(Count.HANDLING), int(Count.POSITIONS)
_OPEN, _PAID, _OVERTIME = int(Count.OPEN), int(Count.PAID), int(Count.OVERTIME)


@borrowing
def fatigue_integral(fatigue: float, rate: float, handling: bool, hours: float) -> float:
    """Integral of F over time (h): F tends to 1 while handling, to 0 otherwise, at `rate` an hour."""
    if rate <= 0.0:
        return fatigue * hours
    decay = -math.expm1(-rate * hours) / rate
    return hours - (1.0 - fatigue) * decay if handling else fatigue * decay


@borrowing
def strained_hours(fatigue: float, rate: float, handling: bool, hours: float, threshold: float) -> float:
    """Hours with F above the threshold, from the exact moment of crossing."""
    most = rate * hours * (1.0 - fatigue if handling else fatigue)  # F moves no further than it would at its first pace
    if fatigue > threshold:
        falls = not handling and fatigue - most < threshold
        return min(math.log(fatigue / threshold) / rate, hours) if falls else hours
    rises = handling and fatigue + most > threshold
    return max(hours - math.log((1.0 - fatigue) / (1.0 - threshold)) / rate, 0.0) if rises else 0.0


@apart
def add_segments(segments: Rows, grid: Grid, time: Floats) -> None:
    """Add up agent time (us) by interval, group and kind: in `time`, laid out as `Grid.piece_slot` says."""
    for s in range(segments.size):
        row = segments[s]
        start, end = row["start_us"], row["end_us"]
        piece, slot = passed(grid.pieces, start), row["group"] * KINDS
        while start < end:
            stop = min(end, grid.pieces.edges[known(piece)])
            base = known(grid.piece_slot[known(piece)] + slot)
            time[base + known(row["state"])] += stop - start
            if (row["fatigue"] > 0.0 or row["rate"] > 0.0) and base & SHUT == 0:
                _add_fatigue(row, start, stop, grid.threshold, time, base)
            start = stop
            piece += 1


@borrowing
def _add_fatigue(row: Any, start: int, stop: int, threshold: float, time: Floats, base: int) -> None:
    rate, handling, hours = row["rate"], row["state"] == _BUSY, (stop - start) / HOUR_US
    fatigue = level_after(row["fatigue"], rate, handling, (start - row["start_us"]) / HOUR_US)
    spent = fatigue_integral(fatigue, rate, handling, hours)
    strained = strained_hours(fatigue, rate, handling, hours, threshold)
    time[base + FATIGUE] += np.floor(spent * HOUR_US + 0.5)
    time[base + STRAINED] += np.floor(strained * HOUR_US + 0.5)


@borrowing
def level_after(fatigue: float, rate: float, handling: bool, hours: float) -> float:
    """Fatigue some time into a spell."""
    if rate <= 0.0 or hours <= 0.0:
        return fatigue
    decay = math.exp(-rate * hours)
    return 1.0 - (1.0 - fatigue) * decay if handling else fatigue * decay


@apart
def add_duties(duties: Rows, grid: Grid, sums: Sums) -> None:
    """Count the spells of duty: overtime, and fatigue on leaving."""
    for d in range(duties.size):
        row = duties[d]
        where = booked_at(grid, max(row["end_us"] - 1, row["start_us"]))
        if where >= 0:
            _add_duty(sums.interval[where], row)
            _add_duty(sums.group[known(row["group"])], row)


@borrowing
def _add_duty(cell: Any, row: Any) -> None:
    cell["overtime"] += max(row["left_us"] - row["end_us"], 0)
    if row["agent"] >= 0:
        cell["shifts_ended"] += 1
        cell["fatigue_at_end"] += grains(row["fatigue_left"])


@apart
def add_time(sums: Sums, serves: npt.NDArray[np.bool_]) -> None:
    """Enter agent time into the sums by interval and by group; supervisors do not count on the queue."""
    groups = sums.group.size
    for i in range(sums.interval.size):
        for g in range(groups):
            _enter(sums.interval[i], sums.time, (i * groups + g) * KINDS, serves[g])
            _enter(sums.group[g], sums.time, (i * groups + g) * KINDS, True)


@borrowing
def _enter(cell: Any, time: Floats, base: int, serves: bool) -> None:
    free, busy, rest = time[base + _FREE], time[base + _BUSY], time[base + _REST]
    if serves:
        cell["available"] += free
        cell["handling"] += busy
    cell["handling_after_close"] += time[base + SHUT + _BUSY]
    cell["break"] += rest
    cell["on_duty"] += free + busy + rest
    cell["fatigue"] += time[base + FATIGUE]
    cell["strained"] += time[base + STRAINED]


@apart
def complete_clock(grid: Grid, time: Floats, out: Counts) -> None:
    """The counts of agents' time that are no whole numbers: positions, in the order of groups, and paid time."""
    groups, open_us = out.group.shape[0], 0.0
    for i in range(out.interval.shape[0]):
        open_us += grid.open_us[i]
        for g in range(groups):
            base = (i * groups + g) * KINDS
            if grid.serves[g]:
                out.interval[i, _POSITIONS] += (time[base + _FREE] + time[base + _BUSY]) / grid.on_phones[g]
        out.interval[i, _OPEN] = grid.open_us[i]
        out.interval[i, _PAID] = grid.paid_us[i] + out.interval[i, _OVERTIME]
    for g in range(groups):
        out.group[g, _POSITIONS] = (out.group[g, _AVAILABLE] + out.group[g, _HANDLING]) / grid.on_phones[g]
        out.group[g, _OPEN] = open_us
        out.group[g, _PAID] = grid.group_paid_us[g] + out.group[g, _OVERTIME]
