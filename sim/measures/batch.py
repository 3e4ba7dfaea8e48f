"""Arrays of counts: of one replication, or of many in a row."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.jit import compiled, part
from sim.measures.counts import CELL, WAIT_BINS, Count
from sim.measures.frame import Frame
from sim.measures.grid import KINDS
from sim.scenario.people import CHANNELS

Floats = npt.NDArray[np.float64]


class Counts(NamedTuple):
    """Counts by slice and histograms of waits; in a batch every array has the replications as its first axis.

    Attributes
    ----------
    overall, day, interval, intent, group, channel : (cells, counts); columns are `Count`.
    seats : the same by group that chats and time of day; some : by target of some contacts and interval.
    waits_overall, waits_day, waits_intent : (cells, bins) waits of all offered.
    """

    overall: Floats
    day: Floats
    interval: Floats
    intent: Floats
    group: Floats
    channel: Floats
    seats: Floats
    some: Floats
    waits_overall: Floats
    waits_day: Floats
    waits_intent: Floats


class Sums(NamedTuple):
    """Where the records of one replication are added up.

    Attributes
    ----------
    interval, intent, group, seats, some : (cells,) records of whole numbers (dtype `CELL`).
    waits_day, waits_intent : those of the replication's `Counts`.
    time : agent time (us) by interval, group and kind, laid out as `Grid.piece_slot` says.
    """

    interval: npt.NDArray[Any]
    intent: npt.NDArray[Any]
    group: npt.NDArray[Any]
    seats: npt.NDArray[Any]
    some: npt.NDArray[Any]
    waits_day: Floats
    waits_intent: Floats
    time: Floats


def empty_counts(frame: Frame, replications: int) -> Counts:
    """Room for a batch of replications, not filled."""
    days, intents = frame.days, len(frame.intents)
    sizes = (1, days, frame.starts.size, intents, len(frame.groups), len(CHANNELS), frame.seats, frame.some_cells)
    counts = [np.empty((replications, cells, len(Count))) for cells in sizes]
    waits = [np.empty((replications, cells, WAIT_BINS.size)) for cells in (1, days, intents)]
    return Counts(*counts, *waits)


@part
def counts_of(batch: Counts, r: int) -> Counts:
    """One replication of a batch."""
    return Counts(
        batch.overall[r],
        batch.day[r],
        batch.interval[r],
        batch.intent[r],
        batch.group[r],
        batch.channel[r],
        batch.seats[r],
        batch.some[r],
        batch.waits_overall[r],
        batch.waits_day[r],
        batch.waits_intent[r],
    )


@compiled
def no_sums(out: Counts) -> Sums:
    """Sums of nothing yet, for the counts of one replication."""
    out.waits_day[:] = 0.0
    out.waits_intent[:] = 0.0
    intervals, groups = out.interval.shape[0], out.group.shape[0]
    return Sums(
        np.zeros(intervals, CELL),
        np.zeros(out.intent.shape[0], CELL),
        np.zeros(groups, CELL),
        np.zeros(out.seats.shape[0], CELL),
        np.zeros(out.some.shape[0], CELL),
        out.waits_day,
        out.waits_intent,
        np.zeros((intervals + 1) * groups * KINDS),
    )
