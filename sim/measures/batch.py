"""Arrays of counts: of one replication, or of many in a row."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.jit import compiled
from sim.measures.counts import CELL, WAIT_BINS, Count
from sim.measures.frame import Frame

Floats = npt.NDArray[np.float64]


class Counts(NamedTuple):
    """Counts by slice and histograms of waits; in a batch every array has the replications as its first axis.

    Attributes
    ----------
    overall, day, interval, intent, group : (cells, counts); columns are `Count`.
    waits_overall, waits_day, waits_intent : (cells, bins) waits of all offered.
    """

    overall: Floats
    day: Floats
    interval: Floats
    intent: Floats
    group: Floats
    waits_overall: Floats
    waits_day: Floats
    waits_intent: Floats


class Cells(NamedTuple):
    """The counts that records are added to, a record a cell (dtype `CELL`); and the waits.

    Attributes
    ----------
    interval, intent, group : (cells,)
    waits_day, waits_intent : (cells, bins)
    """

    interval: npt.NDArray[Any]
    intent: npt.NDArray[Any]
    group: npt.NDArray[Any]
    waits_day: Floats
    waits_intent: Floats


def empty_counts(frame: Frame, replications: int) -> Counts:
    """Room for a batch of replications, not filled."""
    days, intervals, intents, groups = frame.days, frame.starts.size, len(frame.intents), len(frame.groups)
    counts = [np.empty((replications, cells, len(Count))) for cells in (1, days, intervals, intents, groups)]
    waits = [np.empty((replications, cells, WAIT_BINS.size)) for cells in (1, days, intents)]
    return Counts(*counts, *waits)


@compiled
def counts_of(batch: Counts, r: int) -> Counts:
    """One replication of a batch."""
    return Counts(
        batch.overall[r],
        batch.day[r],
        batch.interval[r],
        batch.intent[r],
        batch.group[r],
        batch.waits_overall[r],
        batch.waits_day[r],
        batch.waits_intent[r],
    )


@compiled
def cells_of(counts: Counts) -> Cells:
    """The same counts, to be added to."""
    return Cells(
        counts.interval.reshape(-1).view(CELL),
        counts.intent.reshape(-1).view(CELL),
        counts.group.reshape(-1).view(CELL),
        counts.waits_day,
        counts.waits_intent,
    )
