"""A frame as arrays and numbers alone, for the compiled loops that count."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.measures.counts import WAIT_BINS
from sim.measures.definitions import SERVICE_LEVELS
from sim.measures.lookup import Lookup, make_lookup

if TYPE_CHECKING:
    from sim.measures.frame import Frame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEAR_US = 1 << 32
"""Waits (us) below this have a table of their own, with narrow buckets."""


class Grid(NamedTuple):
    """What counting needs to know of a scenario.

    Attributes
    ----------
    booking, booked : the starts of all intervals, and the measured interval of a moment that has passed so many of
        them (-1: none).
    day_of : (intervals,) index of the measured open day.
    cells, cell_interval, cell_open : the edges at which agent time is cut; for time that has passed so many of them
        the measured interval (-1: does not count) and whether the centre is open.
    near, far : upper edges of the bins of waits (us): those below `NEAR_US`, and all.
    within_us, target : the planner's service level.
    top, top_weights, bottom, bottom_weights : its definition, as columns and their weights.
    threshold : fatigue above which an agent counts as strained.
    on_phones : (groups,) 1 - shrinkage.
    open_us, paid_us : (intervals,) open time, and paid scheduled time; `group_paid_us` (groups,).
    """

    booking: Lookup
    booked: Ints
    day_of: Ints
    cells: Lookup
    cell_interval: Ints
    cell_open: npt.NDArray[np.bool_]
    near: Lookup
    far: Lookup
    within_us: int
    target: float
    top: Ints
    top_weights: Floats
    bottom: Ints
    bottom_weights: Floats
    threshold: float
    on_phones: Floats
    open_us: Floats
    paid_us: Floats
    group_paid_us: Floats


def make_grid(frame: "Frame") -> Grid:
    """Lay out a frame for counting."""
    cells, cell_interval, cell_open = _cells(frame)
    waits = _wait_edges()
    top, bottom = SERVICE_LEVELS[frame.definition]
    return Grid(
        booking=make_lookup(frame.booking_starts),
        booked=np.append(-1, frame.booked),
        day_of=frame.day_of,
        cells=cells,
        cell_interval=cell_interval,
        cell_open=cell_open,
        near=make_lookup(waits[waits < NEAR_US]),
        far=make_lookup(waits),
        within_us=frame.within_us,
        target=frame.target,
        top=np.array([int(c) for c in top]),
        top_weights=np.array(list(top.values())),
        bottom=np.array([int(c) for c in bottom]),
        bottom_weights=np.array(list(bottom.values())),
        threshold=frame.threshold,
        on_phones=1.0 - frame.shrinkage,
        open_us=(frame.ends - frame.starts).astype(np.float64),
        paid_us=_paid_by_interval(frame),
        group_paid_us=frame.scheduled_total_us / (1.0 - frame.shrinkage),
    )


def _cells(frame: "Frame") -> tuple[Lookup, Ints, npt.NDArray[np.bool_]]:
    """Agent time counts from the first measured opening to the frame's end; after close it is the last interval's."""
    if not frame.starts.size:
        return make_lookup(np.empty(0, np.int64)), np.array([-1]), np.array([False])
    edges = np.unique(np.concatenate([frame.starts, frame.ends, [frame.span_end_us]]))
    interval = np.searchsorted(frame.starts, edges[:-1], side="right") - 1
    inside = edges[:-1] < frame.ends[interval]
    return make_lookup(edges), np.concatenate([[-1], interval, [-1]]), np.concatenate([[False], inside, [False]])


def _wait_edges() -> Ints:
    """The first wait (us) beyond each bin; whoever waits as long as a bin's upper edge is in it."""
    return np.asarray(np.floor(WAIT_BINS * 1e6), np.int64) + 1


def _paid_by_interval(frame: "Frame") -> Floats:
    """Paid scheduled time of every interval; paid time out of hours is spread over them in proportion."""
    paid = (frame.scheduled_us / (1.0 - frame.shrinkage[:, None])).sum(axis=0)
    outside = (frame.scheduled_total_us - frame.scheduled_us.sum(axis=1)) / (1.0 - frame.shrinkage)
    if not paid.size:
        return np.asarray(paid)
    share = paid / paid.sum() if paid.sum() > 0 else np.full(paid.size, 1.0 / paid.size)
    return np.asarray(paid + outside.sum() * share)
