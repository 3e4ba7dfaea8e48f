"""A frame as arrays and numbers alone, for the compiled loops that count."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.rows import CHAT, DEFERRED
from sim.measures.definitions import SERVICE_LEVELS
from sim.measures.lookup import Lookup, make_lookup
from sim.mechanisms.attrition import Quitting
from sim.mechanisms.csat import Points

if TYPE_CHECKING:
    from sim.measures.frame import Frame

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

STRAINED, FATIGUE, SHUT, KINDS = 0, 4, 4, 8
"""Kinds of agent time: by `AgentState` in open hours, `SHUT` further after close; beside them strain and fatigue."""


class Grid(NamedTuple):
    """What counting needs to know of a scenario.

    Attributes
    ----------
    booking, booked : the starts of all intervals, and the measured interval of a moment that has passed so many of
        them (-1: none).
    opens_us : (simulated days,) when the centre opens, -1 on a closed day.
    day_of : (intervals,) index of the measured open day.
    pieces, piece_slot : the edges at which agent time is cut, and for a piece that has passed so many of them where
        its group 0 begins in an array of (intervals + 1, groups, `KINDS`): `SHUT` further out of opening hours, and
        in the row beyond the last interval too if it does not count.
    within_us, target : the planner's service level; own_within_us : (intents,) the T of each intent's own.
    top, top_weights, bottom, bottom_weights : its definition, as columns and their weights.
    threshold : fatigue above which an agent counts as strained.
    parted : whether handle times are taken apart: there are mechanisms that could change them.
    on_phones : (groups,) 1 - shrinkage.
    serves : (groups,) whether a group takes contacts; supervisors who take none are not part of the queue's time.
    rated, points : whether satisfaction is asked for, and what it loses points by.
    quits, quitting : whether leavers are asked for, and their law; `week_us` is what one FTE is paid for in a week.
    channel_of, deferred, chats : (intents,) the channel, and whether it is deferred work, or a chat.
    chatting : (groups,) whether anybody may have several chats in hand; later : (groups, intents) whether a group helps
        out later with an intent; helps_out : whether any does.
    seat_of, time_of : (groups,) where the seats of a group that chats begin; (intervals,) the time of day, by number.
    some : (targets, intents) whether a target of some contacts, which is to be counted by interval, is about an intent.
    day_close_us : (days,) the close of each measured day.
    open_us, paid_us : (intervals,) open time, and paid scheduled time; `group_paid_us` (groups,).
    """

    booking: Lookup
    booked: Ints
    opens_us: Ints
    day_of: Ints
    pieces: Lookup
    piece_slot: Ints
    within_us: int
    own_within_us: Ints
    target: float
    top: Ints
    top_weights: Floats
    bottom: Ints
    bottom_weights: Floats
    threshold: float
    parted: bool
    on_phones: Floats
    serves: Bools
    rated: bool
    points: Points
    quits: bool
    quitting: Quitting
    week_us: float
    open_us: Floats
    paid_us: Floats
    group_paid_us: Floats
    channel_of: Ints
    deferred: Bools
    chats: Bools
    chatting: Bools
    helps_out: bool
    later: Bools
    seat_of: Ints
    time_of: Ints
    some: Bools
    day_close_us: Ints


def make_grid(frame: "Frame") -> Grid:
    """Lay out a frame for counting."""
    pieces, piece_slot = _pieces(frame)
    top, bottom = SERVICE_LEVELS[frame.definition]
    return Grid(
        booking=make_lookup(frame.booking_starts),
        booked=np.append(-1, frame.booked),
        opens_us=frame.horizon.open_us,
        day_of=frame.day_of,
        pieces=pieces,
        piece_slot=piece_slot,
        within_us=frame.within_us,
        own_within_us=frame.own_within_us,
        target=frame.target,
        top=np.array([int(c) for c in top]),
        top_weights=np.array(list(top.values())),
        bottom=np.array([int(c) for c in bottom]),
        bottom_weights=np.array(list(bottom.values())),
        threshold=frame.threshold,
        parted=frame.parted,
        on_phones=1.0 - frame.shrinkage,
        serves=frame.serves,
        rated=frame.points is not None,
        points=frame.points or Points(*([0.0] * len(Points._fields))),
        quits=frame.quitting is not None,
        quitting=frame.quitting or Quitting(*([0.0] * len(Quitting._fields))),
        week_us=frame.week_us,
        open_us=(frame.ends - frame.starts).astype(np.float64),
        paid_us=_paid_by_interval(frame),
        group_paid_us=frame.scheduled_total_us / (1.0 - frame.shrinkage),
        channel_of=frame.channel_of,
        deferred=frame.channel_of == DEFERRED,
        chats=frame.channel_of == CHAT,
        chatting=frame.chatting,
        helps_out=bool(frame.later.any()),
        later=frame.later,
        seat_of=np.maximum(np.cumsum(frame.chatting) - 1, 0) * len(frame.clock),
        time_of=np.array([frame.clock.index(time) for time in frame.times], np.int64),
        some=frame.some,
        day_close_us=np.array([frame.ends[frame.day_of == d].max() for d in range(frame.days)], np.int64),
    )


def _pieces(frame: "Frame") -> tuple[Lookup, Ints]:
    """Agent time counts from the first measured opening to the frame's end; after close it is the last interval's."""
    width = len(frame.groups) * KINDS
    none = frame.starts.size * width + SHUT
    edges = np.unique(np.concatenate([frame.starts, frame.ends, [frame.span_end_us]]))
    interval = np.searchsorted(frame.starts, edges[:-1], side="right") - 1
    shut = np.where(edges[:-1] < frame.ends[interval], 0, SHUT)
    return make_lookup(edges), np.concatenate([[none], interval * width + shut, [none]])


def _paid_by_interval(frame: "Frame") -> Floats:
    """Paid scheduled time of every interval; paid time out of hours is spread over them in proportion."""
    paid = (frame.scheduled_us / (1.0 - frame.shrinkage[:, None])).sum(axis=0)
    outside = (frame.scheduled_total_us - frame.scheduled_us.sum(axis=1)) / (1.0 - frame.shrinkage)
    share = paid / paid.sum() if paid.sum() > 0 else np.full(paid.size, 1.0 / paid.size)
    return np.asarray(paid + outside.sum() * share)
