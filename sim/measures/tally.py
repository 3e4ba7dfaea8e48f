"""All counts of one replication, by slice."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.records import Outcome, Records
from sim.measures.clock import by_interval_and_group
from sim.measures.contacts import WAIT_BINS, bot_columns, queue_columns, wait_bin
from sim.measures.counts import Count, counted
from sim.measures.definitions import service_level
from sim.measures.frame import Frame
from sim.measures.needs import need_columns

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLICES = ("overall", "day", "interval", "intent", "group")


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
    intervals, groups = by_interval_and_group(records.segments, records.duties, frame)
    intents = np.zeros((len(frame.intents), len(Count)))
    waits = _add_contacts(records, frame, intervals, intents, groups)
    _add_needs(records, frame, intervals, intents)
    _add_targets_met(intervals, frame)
    days = _by_day(intervals, frame)
    overall = days.sum(axis=0, keepdims=True)
    counts = {"overall": overall, "day": days, "interval": intervals, "intent": intents, "group": groups}
    for table in counts.values():
        table[:, Count.REPLICATIONS] = 1.0
    return Tally(counts, waits)


def _add_contacts(
    records: Records, frame: Frame, intervals: Floats, intents: Floats, groups: Floats
) -> dict[str, Floats]:
    contacts = records.contacts
    joined = contacts[contacts["joined_us"] >= 0]
    where = frame.interval_of(joined["joined_us"])
    queue = queue_columns(joined, frame.within_us)
    intervals += counted(where, len(intervals), queue)
    intents += counted(_if(where, joined["intent"]), len(intents), queue)
    answered = np.where(joined["outcome"] == Outcome.ANSWERED, joined["group"], -1)
    groups += counted(_if(where, answered), len(groups), queue)
    sessions = frame.interval_of(contacts["arrival_us"])
    bot = bot_columns(contacts)
    intervals += counted(sessions, len(intervals), bot)
    intents += counted(_if(sessions, contacts["intent"]), len(intents), bot)
    bins = wait_bin(joined)
    days = np.where(where >= 0, frame.day_of[np.maximum(where, 0)], -1) if frame.days else where
    return {
        "overall": _histogram(_if(where, np.zeros(where.size)), bins, 1),
        "day": _histogram(days, bins, frame.days),
        "intent": _histogram(_if(where, joined["intent"]), bins, len(intents)),
    }


def _if(where: Ints, cells: npt.NDArray[np.generic]) -> Ints:
    """The cells of rows that lie within the days measured, -1 for the rest."""
    return np.where(where >= 0, cells.astype(np.int64), -1)


def _histogram(cells: Ints, bins: Ints, size: int) -> Floats:
    kept = cells >= 0
    flat = cells[kept] * WAIT_BINS.size + bins[kept]
    return np.bincount(flat, minlength=size * WAIT_BINS.size).reshape(size, WAIT_BINS.size).astype(np.float64)


def _add_needs(records: Records, frame: Frame, intervals: Floats, intents: Floats) -> None:
    needs = records.needs
    where = np.where(needs["measured"] == 1, frame.interval_of(needs["born_us"]), -1)
    columns = need_columns(needs, records.contacts)
    intervals += counted(where, len(intervals), columns)
    intents += counted(_if(where, needs["intent"]), len(intents), columns)


def _add_targets_met(intervals: Floats, frame: Frame) -> None:
    level, busy = service_level(intervals, frame.definition)
    intervals[:, Count.INTERVALS] = busy
    intervals[:, Count.INTERVALS_MET] = busy & (level >= frame.target)


def _by_day(intervals: Floats, frame: Frame) -> Floats:
    days = np.zeros((frame.days, len(Count)))
    np.add.at(days, frame.day_of, intervals)
    level, busy = service_level(days, frame.definition)
    days[:, Count.DAYS] = busy
    days[:, Count.DAYS_MET] = busy & (level >= frame.target)
    return days
