"""Counts of what goes beyond a telephone line: chats in hand, the backlog, call-backs, who leaves without a word."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import NEVER, AgentState, Outcome
from sim.jit import apart, borrowing
from sim.measures.batch import Sums
from sim.measures.counts import Count
from sim.measures.grid import KINDS, SHUT, Grid
from sim.measures.lookup import known, passed

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BREAK, _BUSY = int(AgentState.BREAK), int(AgentState.HANDLING)
_ABANDONED = int(Outcome.ABANDONED)
_NEVER = NEVER
_P90, _P90S = int(Count.TURNAROUND_P90), int(Count.TURNAROUND_P90S)
_OPEN_ITEMS, _AGE, _AGE_P90 = int(Count.OPEN_ITEMS), int(Count.AGE), int(Count.AGE_P90)
_OLDEST, _OVERDUE, _LEFT, _CLOSES = (
    int(Count.OLDEST),
    int(Count.OVERDUE),
    int(Count.BACKLOG_LEFT),
    int(Count.BACKLOG_CLOSES),
)
_DONE, _TURNAROUND = int(Count.ITEMS_DONE), int(Count.TURNAROUND)


@borrowing
def share_of_handling(row: Any, channel: Any) -> tuple[int, int, int]:
    """The agent's time that a chat or an item takes: talk, wrap-up, and both unhurried (us)."""
    talk, wrap = int(channel["talk_share_us"]), int(channel["wrap_share_us"])
    own = row["talk_us"] + row["supervisor_us"]
    hurried = row["natural_talk_us"] - row["talk_us"]
    if hurried == 0 or own == 0:
        return talk, wrap, talk + wrap
    return talk, wrap, talk + wrap + int(np.rint(hurried * (talk / own)))


# Chats in hand ----------------------------------------------------------------


@apart
def add_levels(segments: Rows, levels: Rows, grid: Grid, sums: Sums) -> None:
    """What agents who may have several contacts in hand have, from moment to moment, in open hours."""
    width = sums.group.size * KINDS
    for s in range(segments.size):
        row, level = segments[s], levels[s]
        group = known(row["group"])
        if not grid.chatting[group] or row["state"] == _BREAK:
            continue
        handling = grid.serves[group] and row["state"] == _BUSY
        start, end = row["start_us"], row["end_us"]
        piece = passed(grid.pieces, start)
        while start < end:
            stop = min(end, grid.pieces.edges[known(piece)])
            slot = grid.piece_slot[known(piece)]
            if slot & SHUT == 0 and slot // width < sums.interval.size:
                where = known(slot // width)
                _add_level(sums.interval[where], level, stop - start, handling)
                _add_level(sums.group[group], level, stop - start, handling)
                _add_level(sums.seats[grid.seat_of[group] + grid.time_of[where]], level, stop - start, handling)
            start = stop
            piece += 1


@borrowing
def _add_level(cell: Any, level: Any, spent: int, handling: bool) -> None:
    cell["slot_time"] += level["cap"] * spent
    cell["held_time"] += level["held"] * spent
    cell["seat_time"] += spent
    writing = int(np.rint(level["attention"] * spent)) if level["held"] > 0 else 0
    cell["writing_time"] += writing
    if handling:
        cell["unattended"] += spent - writing
    if level["level"] > 0:
        cell["level_time"] += level["level"] * spent
        cell["chat_time"] += spent


@apart
def add_ghosts(ghosts: Rows, grid: Grid, sums: Sums) -> None:
    """Those who left a chat without a word: as the switch reports them, and the places that they hold."""
    for g in range(ghosts.size):
        row = ghosts[g]
        where = grid.booked[passed(grid.booking, row["joined_us"])]
        if where >= 0 and row["assigned_us"] >= 0:
            waited, intent = row["assigned_us"] - row["joined_us"], known(row["intent"])
            _add_ghost(sums.interval[known(where)], row, waited <= grid.within_us)
            _add_ghost(sums.intent[intent], row, waited <= grid.own_within_us[intent])
            sums.group[known(row["group"])]["silent_time"] += row["left_us"] - row["assigned_us"]


@borrowing
def _add_ghost(cell: Any, row: Any, within: bool) -> None:
    cell["silent_answered"] += 1
    cell["silent_within"] += within
    cell["silent_time"] += row["left_us"] - row["assigned_us"]


# Call-backs -------------------------------------------------------------------


@borrowing
def add_call(cell: Any, outcome: int, waited: int, within: bool, reached: bool) -> None:
    """A call-back that was accepted, and what became of it."""
    cell["called_back"] += 1
    if reached:
        cell["call_reached"] += 1
        cell["call_wait"] += waited
        cell["call_within"] += within
    elif outcome == _ABANDONED:
        cell["call_lost"] += 1


# The backlog ------------------------------------------------------------------


@borrowing
def add_due(cell: Any, met: bool) -> None:
    """An item that falls due, and whether it is done by then."""
    cell["due"] += 1
    cell["due_met"] += met


@borrowing
def add_turnaround(cell: Any, turnaround: int) -> None:
    """An item that is done."""
    cell["items_done"] += 1
    cell["turnaround"] += turnaround


@apart
def add_backlog(
    contacts: Rows, channels: Rows, grid: Grid, items: Ints, ages: Ints, day: Floats, intent: Floats, total: Floats
) -> None:
    """What lies open at the close of each measured day, by age; the ninth decile of turnaround.

    Parameters
    ----------
    contacts, channels : of one replication; items, ages : (contacts,) room for what is noted on the way.
    day, intent, total : (cells, counts) where it is entered; days hold what all intents have.
    """
    count = 0
    for c in range(contacts.size):
        if grid.deferred[known(contacts[c]["intent"])] and contacts[c]["joined_us"] >= 0:
            items[count] = c
            count += 1
    for k in range(intent.shape[0]):
        if grid.deferred[k]:
            _enter_p90(contacts, channels, grid, items, count, k, ages, intent[k])
    _enter_p90(contacts, channels, grid, items, count, -1, ages, total[0])
    for d in range(grid.day_close_us.size):
        for k in range(intent.shape[0]):
            if grid.deferred[k]:
                _enter_open(contacts, channels, items, count, k, grid.day_close_us[d], ages, intent[k])
        _enter_open(contacts, channels, items, count, -1, grid.day_close_us[d], ages, day[d])
        _enter_open(contacts, channels, items, count, -1, grid.day_close_us[d], ages, total[0])


@borrowing
def _enter_p90(
    contacts: Rows, channels: Rows, grid: Grid, items: Ints, size: int, intent: int, room: Ints, cell: Floats
) -> None:
    """The ninth decile of the turnaround of what is done in the days measured."""
    count = 0
    for i in range(size):
        c = items[i]
        closed = channels[c]["closed_us"]
        mine = closed >= 0 and (intent < 0 or contacts[c]["intent"] == intent)
        if mine and grid.booked[passed(grid.booking, closed)] >= 0:
            room[count] = closed - contacts[c]["joined_us"] + channels[c]["age_us"]
            count += 1
    if count > 0:
        cell[_P90] += _decile(room, count)
        cell[_P90S] += 1.0


@borrowing
def _enter_open(
    contacts: Rows, channels: Rows, items: Ints, size: int, intent: int, at: int, room: Ints, cell: Floats
) -> None:
    """What is open at a moment: how many, how old, how late, how much work."""
    count, left = 0, 0
    for i in range(size):
        c = items[i]
        row, channel = contacts[c], channels[c]
        if intent >= 0 and row["intent"] != intent:
            continue
        if row["joined_us"] <= at and (channel["closed_us"] < 0 or channel["closed_us"] > at):
            room[count] = at - row["joined_us"] + channel["age_us"]
            count += 1
            cell[_AGE] += room[count - 1]
            cell[_OVERDUE] += channel["due_us"] < at
            begun = 0 <= row["left_us"] <= at
            left += (row["talk_us"] + row["wrap_us"]) // 2 if begun else row["stated_us"] + row["wrap_us"]
    cell[_CLOSES] += 1.0
    cell[_OPEN_ITEMS] += count
    cell[_LEFT] += left
    if count > 0:
        cell[_AGE_P90] += _decile(room, count)
        oldest = room[0]
        for k in range(count):
            oldest = max(oldest, room[k])
        cell[_OLDEST] += oldest


@borrowing
def _decile(values: Ints, count: int) -> float:
    """The ninth decile: the least value that nine tenths do not exceed."""
    place = (9 * count + 9) // 10 - 1
    low, high = 0, count - 1
    while low < high:
        pivot, i, j = values[(low + high) // 2], low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            break
    return float(values[place])
