"""Counts from the clock: what agents do from moment to moment, clipped to intervals, and fatigue integrated exactly.

Segments and duties may come in any order: everything added up is a whole number.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.jit import borrowing
from sim.measures.batch import Cells
from sim.measures.contacts import booked_at, grained
from sim.measures.grid import FATIGUE, KINDS, SHUT, STRAINED, Grid
from sim.measures.lookup import known, passed
from sim.world.horizon import HOUR_US

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

_FREE, _BUSY, _REST = int(AgentState.AVAILABLE), int(AgentState.HANDLING), int(AgentState.BREAK)


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
    if threshold >= 1.0:
        return 0.0
    if fatigue > threshold:
        return hours if handling or rate <= 0.0 else min(math.log(fatigue / threshold) / rate, hours)
    if not handling or rate <= 0.0:
        return 0.0
    return max(hours - math.log((1.0 - fatigue) / (1.0 - threshold)) / rate, 0.0)


@borrowing
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
    fatigue = _level(row["fatigue"], rate, handling, (start - row["start_us"]) / HOUR_US)
    spent = fatigue_integral(fatigue, rate, handling, hours)
    strained = strained_hours(fatigue, rate, handling, hours, threshold)
    time[base + FATIGUE] += np.floor(spent * HOUR_US + 0.5)
    time[base + STRAINED] += np.floor(strained * HOUR_US + 0.5)


@borrowing
def _level(fatigue: float, rate: float, handling: bool, hours: float) -> float:
    """Fatigue some time into a spell."""
    if rate <= 0.0 or hours <= 0.0:
        return fatigue
    decay = math.exp(-rate * hours)
    return 1.0 - (1.0 - fatigue) * decay if handling else fatigue * decay


@borrowing
def add_duties(duties: Rows, grid: Grid, cells: Cells) -> None:
    """Count the spells of duty: overtime, and fatigue on leaving."""
    for d in range(duties.size):
        row = duties[d]
        where = booked_at(grid, max(row["end_us"] - 1, row["start_us"]))
        if where >= 0:
            _add_duty(cells.interval[where], row)
            _add_duty(cells.group[known(row["group"])], row)


@borrowing
def _add_duty(cell: Any, row: Any) -> None:
    cell["overtime"] += max(row["left_us"] - row["end_us"], 0)
    if row["agent"] >= 0:
        cell["shifts_ended"] += 1.0
        cell["fatigue_at_end"] += grained(row["fatigue_left"])


@borrowing
def add_time(time: Floats, grid: Grid, cells: Cells) -> None:
    """Enter agent time, open time and paid time into the counts by interval and by group."""
    intervals, groups = cells.interval.size, cells.group.size
    for i in range(intervals):
        for g in range(groups):
            _enter(cells.interval[i], time, (i * groups + g) * KINDS)
            _enter(cells.group[g], time, (i * groups + g) * KINDS)
            base = (i * groups + g) * KINDS
            cells.interval[i]["positions"] += (time[base + _FREE] + time[base + _BUSY]) / grid.on_phones[g]
        cells.interval[i]["open"] = grid.open_us[i]
        cells.interval[i]["paid"] = grid.paid_us[i] + cells.interval[i]["overtime"]
    for g in range(groups):
        cell = cells.group[g]
        cell["positions"] = (cell["available"] + cell["handling"]) / grid.on_phones[g]
        cell["open"] = grid.open_us.sum()
        cell["paid"] = grid.group_paid_us[g] + cell["overtime"]


@borrowing
def _enter(cell: Any, time: Floats, base: int) -> None:
    free, busy, rest = time[base + _FREE], time[base + _BUSY], time[base + _REST]
    cell["available"] += free
    cell["handling"] += busy
    cell["break"] += rest
    cell["on_duty"] += free + busy + rest
    cell["handling_after_close"] += time[base + SHUT + _BUSY]
    cell["fatigue"] += time[base + FATIGUE]
    cell["strained"] += time[base + STRAINED]
