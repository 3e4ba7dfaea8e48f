"""All counts of one replication, by slice."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import Records
from sim.jit import borrowing, compiled, part
from sim.measures.batch import Counts, counts_of, empty_counts, no_sums
from sim.measures.channels import add_backlog, add_ghosts, add_levels
from sim.measures.clock import add_duties, add_segments, add_time, complete_clock
from sim.measures.contacts import complete_queue
from sim.measures.counts import GRAIN, GRAINED, Count
from sim.measures.frame import Frame
from sim.measures.grid import Grid
from sim.measures.leavers import add_leavers
from sim.measures.needs import add_needs

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Arrays = tuple[Rows, Ints, Rows, Rows, Rows, Rows, Rows, Rows, Rows, Rows]
SLICES = ("overall", "day", "interval", "intent", "group", "channel", "seats", "some")

_REPLICATIONS = int(Count.REPLICATIONS)
_INTERVALS, _INTERVALS_MET = int(Count.INTERVALS), int(Count.INTERVALS_MET)
_DAYS, _DAYS_MET = int(Count.DAYS), int(Count.DAYS_MET)
_UNITS = np.array([GRAIN if count in GRAINED else 1.0 for count in Count])


@dataclass(frozen=True)
class Tally:
    """Counts of one replication.

    Attributes
    ----------
    counts : slice name to an array (cells, counts); columns are `Count`.
    waits : slice name ("overall", "day", "intent") to a histogram (cells, bins) of the waits of all offered.
    """

    counts: dict[str, Floats]
    waits: dict[str, Floats]


def tally(records: Records, frame: Frame) -> Tally:
    """Count one replication's records."""
    counts = empty_counts(frame, 1)
    count_replication(*arrays_of(records), frame.grid, counts, 0)
    return tally_of(counts, 0)


def arrays_of(records: Records, order: Ints | None = None) -> Arrays:
    """The arrays of records in the order in which they are counted.

    Parameters
    ----------
    order : (contacts,) the row of each contact in the order of need and attempt; None where they lie so.
    """
    lies = np.arange(records.contacts.size) if order is None else order
    beside = records.agents, records.channels, records.levels, records.ghosts
    return records.contacts, lies, records.own_us, records.needs, records.segments, records.duties, *beside


def tally_of(counts: Counts, r: int) -> Tally:
    """Replication r of a batch."""
    tables = {name: getattr(counts, name)[r] for name in SLICES}
    return Tally(tables, {name: getattr(counts, f"waits_{name}")[r] for name in ("overall", "day", "intent")})


@compiled
def count_replication(
    contacts: Rows,
    order: Ints,
    own: Rows,
    needs: Rows,
    segments: Rows,
    duties: Rows,
    agents: Rows,
    channels: Rows,
    levels: Rows,
    ghosts: Rows,
    grid: Grid,
    batch: Counts,
    r: int,
) -> None:
    """Count one replication's records into arrays.

    Parameters
    ----------
    contacts : in any order; order : (contacts,) the row of each in the order of need and attempt.
    own : (contacts, 4) what users' own mechanisms add to talk, or (0, 0).
    needs : in the order of first arrival.
    segments, duties : in any order; the result is the same to the last bit.
    agents : in the order of their numbers.
    channels, levels, ghosts : beside contacts and segments, or empty.
    batch, r : the arrays, of which those of replication r are written; what was in them does not matter.

    Nothing is checked: records must keep what the engines promise, and be those of the scenario of the grid.
    """
    out = counts_of(batch, r)
    sums = no_sums(out)
    add_needs(contacts, order, own, channels, needs, grid, sums)
    add_segments(segments, grid, sums.time)
    add_duties(duties, grid, sums)
    if levels.shape[0] > 0:
        add_levels(segments, levels, grid, sums)
    if ghosts.shape[0] > 0:
        add_ghosts(ghosts, grid, sums)
    add_time(sums, grid.serves)
    _enter(sums.interval, out.interval)
    _enter(sums.intent, out.intent)
    _enter(sums.group, out.group)
    _enter(sums.seats, out.seats)
    _enter(sums.some, out.some)
    complete_clock(grid, sums.time, out)
    _judge(out.interval, grid, _INTERVALS, _INTERVALS_MET)
    _add_up(out.interval, grid.day_of, out.day)
    _judge(out.day, grid, _DAYS, _DAYS_MET)
    _sum_rows(out.day, out.overall)
    _sum_rows(out.waits_day, out.waits_overall)
    if grid.quits:
        nobody = np.zeros(agents.size, np.int64)
        add_leavers(segments, agents, grid, nobody, nobody.copy(), out)
    _clear(out.channel)
    if channels.shape[0] > 0 and grid.deferred.any():
        items, ages = np.empty(contacts.size, np.int64), np.empty(contacts.size, np.int64)
        add_backlog(contacts, channels, grid, items, ages, out.day, out.intent, out.overall)
    _add_rows(out.intent, grid.channel_of, out.channel)
    _say_one_replication(out)


@borrowing
def _say_one_replication(out: Counts) -> None:
    _say_one(out.overall)
    _say_one(out.day)
    _say_one(out.interval)
    _say_one(out.intent)
    _say_one(out.group)
    _say_one(out.channel)
    _say_one(out.seats)
    _say_one(out.some)


@borrowing
def _say_one(table: Floats) -> None:
    """Counts of one replication."""
    for cell in range(table.shape[0]):
        table[cell, _REPLICATIONS] = 1.0


@part
def _enter(rows: Rows, table: Floats) -> None:
    """Complete the sums, and turn them into counts."""
    for c in range(rows.size):
        complete_queue(rows[c])
    _convert(rows.view(np.int64).reshape(table.shape), table)


@borrowing
def _convert(sums: Ints, table: Floats) -> None:
    """Whole numbers as the counts that they are."""
    for c in range(table.shape[0]):
        for k in range(table.shape[1]):
            table[c, k] = sums[c, k] * _UNITS[k]


@borrowing
def _judge(table: Floats, grid: Grid, known: int, met: int) -> None:
    """Whether each cell has contacts to judge the service level by, and meets the target."""
    for cell in range(table.shape[0]):
        base = _weighted(table, cell, grid.bottom, grid.bottom_weights)
        if base > 0.0:
            level = _weighted(table, cell, grid.top, grid.top_weights) / base
            table[cell, known] = 1.0
            table[cell, met] = 1.0 if level >= grid.target else 0.0


@borrowing
def _weighted(table: Floats, cell: int, columns: Ints, weights: Floats) -> float:
    total = 0.0
    for k in range(columns.size):
        total += weights[k] * table[cell, columns[k]]
    return total


@borrowing
def _clear(table: Floats) -> None:
    for cell in range(table.shape[0]):
        for k in range(table.shape[1]):
            table[cell, k] = 0.0


@borrowing
def _add_up(table: Floats, into: Ints, sums: Floats) -> None:
    """Add every row of a table to the row of another that it belongs to, which begins empty."""
    _clear(sums)
    _add_rows(table, into, sums)


@borrowing
def _add_rows(table: Floats, into: Ints, sums: Floats) -> None:
    for cell in range(table.shape[0]):
        for k in range(table.shape[1]):
            sums[into[cell], k] += table[cell, k]


@borrowing
def _sum_rows(table: Floats, total: Floats) -> None:
    _clear(total)
    for cell in range(table.shape[0]):
        for k in range(table.shape[1]):
            total[0, k] += table[cell, k]
