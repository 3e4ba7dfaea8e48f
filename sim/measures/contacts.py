"""Counts from contacts: the human queue and the bot."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import literal_unroll

from sim.engine.records import NEVER, BotOutcome, Outcome
from sim.jit import borrowing
from sim.measures.batch import Sums
from sim.measures.channels import add_call, add_due, add_turnaround, share_of_handling
from sim.measures.counts import GRAIN, PART_COLUMNS
from sim.measures.counts import WAIT_BINS as WAIT_BINS
from sim.measures.grid import Grid
from sim.measures.lookup import known, make_lookup, passed

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[Any]

_GRAINS = 1.0 / GRAIN
_BEYOND = np.floor(WAIT_BINS * 1e6).astype(np.int64) + 1
"""The first wait (us) beyond each bin: whoever waits as long as a bin's upper edge is in it."""
_FAR, _NEAR_US, _NARROW = make_lookup(_BEYOND), 1 << 32, 19
_NEAR = np.searchsorted(_BEYOND, np.arange(_NEAR_US >> _NARROW) << _NARROW, side="right").astype(np.uint32)
"""How many bins a wait below `_NEAR_US` is beyond at least, by steps of 2 ** `_NARROW` with one edge at most."""

_NO_SESSION, _OPTED_OUT, _LEFT = int(BotOutcome.NONE), int(BotOutcome.OPTED_OUT), int(BotOutcome.LEFT)
_RESOLVED, _FALSELY = int(BotOutcome.RESOLVED), int(BotOutcome.FALSELY_CONTAINED)
_HANDED_OFF = int(BotOutcome.HANDED_OFF)
_ANSWERED, _ABANDONED = int(Outcome.ANSWERED), int(Outcome.ABANDONED)
_BALKED, _DISCONNECTED = int(Outcome.BALKED), int(Outcome.DISCONNECTED)
_BLOCKED, _NEVER = int(Outcome.BLOCKED), NEVER


@borrowing
def grains(level: float) -> int:
    """A level in whole grains."""
    return int(np.floor(level * _GRAINS + 0.5))


@borrowing
def booked_at(grid: Grid, moment: int) -> int:
    """The measured interval that a moment is booked to; -1 outside the days measured."""
    return int(grid.booked[passed(grid.booking, moment)])


@borrowing
def booked_on(grid: Grid, day: int, moment: int) -> int:
    """The same for a moment of a simulated day that may lie before its opening: that counts in its first interval."""
    return booked_at(grid, max(moment, grid.opens_us[known(day)]))


@borrowing
def wait_bin(waited_us: int) -> int:
    """The bin of a wait; up to an hour without a branch, which no processor could foresee."""
    if waited_us >= _NEAR_US:
        return min(passed(_FAR, waited_us), WAIT_BINS.size - 1)
    found = _NEAR[known(waited_us >> _NARROW)]
    return known(found + (_BEYOND[found] <= waited_us))


@borrowing
def add_contact(row: Any, c: int, own: Ints, channels: Rows, grid: Grid, sums: Sums) -> None:
    """Count one contact, the c-th: in the interval in which it joined the human queue, and in which it met the bot.

    Deferred work counts when it is due, and when it is done.
    """
    intent = known(row["intent"])
    if channels.shape[0] > 0:
        _add_beside(row, channels[c], c, own, grid, sums)
    elif row["left_us"] >= 0:
        where = booked_at(grid, row["joined_us"])
        if where >= 0:
            talk, wrap = row["talk_us"] + row["supervisor_us"], row["wrap_us"]
            natural = row["natural_talk_us"] + row["supervisor_us"] + wrap
            _add_queued(row, where, intent, c, own, talk, wrap, natural, grid, sums)
    if row["bot"] != _NO_SESSION:
        where = booked_on(grid, row["day"], row["arrival_us"])
        if where >= 0:
            in_hours = row["out_of_hours"] == 0
            began = row["bot"] != _OPTED_OUT and (in_hours or row["bot_us"] > 0)
            _add_session(sums.interval[where], row["bot"], row["bot_us"], in_hours, began)
            _add_session(sums.intent[intent], row["bot"], row["bot_us"], in_hours, began)


@borrowing
def _add_beside(row: Any, channel: Any, c: int, own: Ints, grid: Grid, sums: Sums) -> None:
    """The same where there is more than a telephone line."""
    intent = known(row["intent"])
    if channel["spilled"] == 1:
        where = booked_on(grid, row["day"], row["arrival_us"])
        if where >= 0:
            sums.interval[where]["bot_spilled"] += 1
            sums.intent[intent]["bot_spilled"] += 1
    if grid.deferred[intent]:
        _add_item(row, channel, c, own, grid, sums)
        return
    if row["left_us"] < 0:
        return
    where = booked_at(grid, row["joined_us"])
    if where < 0:
        return
    talk, wrap = row["talk_us"] + row["supervisor_us"], int(row["wrap_us"])
    natural = row["natural_talk_us"] + row["supervisor_us"] + wrap
    if grid.chats[intent] and row["outcome"] == _ANSWERED:
        talk, wrap, natural = share_of_handling(row, channel)
        elapsed = channel["closed_us"] - row["left_us"]
        _add_elapsed(sums.interval[where], elapsed)
        _add_elapsed(sums.intent[intent], elapsed)
        _add_elapsed(sums.group[known(row["group"])], elapsed)
    if channel["called_back"] == 0:
        _add_queued(row, where, intent, c, own, talk, wrap, natural, grid, sums)
        return
    waited, reached = row["left_us"] - row["joined_us"], row["outcome"] == _ANSWERED
    add_call(sums.interval[where], row["outcome"], waited, waited <= grid.within_us, reached)
    add_call(sums.intent[intent], row["outcome"], waited, waited <= grid.own_within_us[intent], reached)
    if reached:
        _add_served(row, where, intent, c, own, talk, wrap, natural, grid, sums)


@borrowing
def _add_elapsed(cell: Any, elapsed: int) -> None:
    cell["chats"] += 1
    cell["elapsed"] += elapsed


@borrowing
def _add_item(row: Any, channel: Any, c: int, own: Ints, grid: Grid, sums: Sums) -> None:
    """Deferred work: due in one interval, done in another."""
    intent, closed = known(row["intent"]), channel["closed_us"]
    if row["joined_us"] < 0:
        return
    due = channel["due_us"]
    if 0 <= due < _NEVER:
        where = booked_at(grid, due)
        if where >= 0:
            add_due(sums.interval[where], 0 <= closed <= due)
            add_due(sums.intent[intent], 0 <= closed <= due)
    if closed >= 0:
        where = booked_at(grid, closed)
        if where >= 0:
            turnaround = closed - row["joined_us"] + channel["age_us"]
            add_turnaround(sums.interval[where], turnaround)
            add_turnaround(sums.intent[intent], turnaround)
            talk, wrap, natural = share_of_handling(row, channel)
            _add_served(row, where, intent, c, own, talk, wrap, natural, grid, sums)


@borrowing
def _add_queued(
    row: Any, where: int, intent: int, c: int, own: Ints, talk: int, wrap: int, natural: int, grid: Grid, sums: Sums
) -> None:
    """A live contact of the queue; one that found no place in it was never offered to agents."""
    at, of = sums.interval[where], sums.intent[intent]
    if row["outcome"] == _BLOCKED:
        at["blocked"] += 1
        of["blocked"] += 1
        return
    waited, delayed = row["left_us"] - row["joined_us"], row["delayed"]
    within, in_time = waited <= grid.within_us, waited <= grid.own_within_us[intent]
    if row["outcome"] == _ANSWERED:
        group = sums.group[known(row["group"])]
        _add_answer(at, waited, within, delayed)
        _add_answer(of, waited, in_time, delayed)
        _add_answer(group, waited, within, delayed)
        for t in range(grid.some.shape[0]):
            if grid.some[t, intent]:
                _add_answer(sums.some[t * grid.day_of.size + where], waited, in_time, delayed)
        _add_served(row, where, intent, c, own, talk, wrap, natural, grid, sums)
    else:
        _add_lost(row["outcome"], waited, within, delayed, at)
        _add_lost(row["outcome"], waited, in_time, delayed, of)
        for t in range(grid.some.shape[0]):
            if grid.some[t, intent]:
                _add_lost(row["outcome"], waited, in_time, delayed, sums.some[t * grid.day_of.size + where])
        _add_joined(at, False, row["attempt"] == 1, row["base_us"])
        _add_joined(of, False, row["attempt"] == 1, row["base_us"])
    found = wait_bin(waited)
    sums.waits_day[known(grid.day_of[where]), found] += 1.0
    sums.waits_intent[intent, found] += 1.0


@borrowing
def _add_answer(cell: Any, waited: int, within: bool, delayed: int) -> None:
    cell["answered"] += 1
    cell["answered_within"] += within
    cell["wait_answered"] += waited
    cell["delayed"] += delayed


@borrowing
def _add_served(
    row: Any, where: int, intent: int, c: int, own: Ints, talk: int, wrap: int, natural: int, grid: Grid, sums: Sums
) -> None:
    """What an agent has handled, whatever the channel, in the cells of its interval, intent and group."""
    at, of, group = sums.interval[where], sums.intent[intent], sums.group[known(row["group"])]
    felt, mistreated, first = grains(row["frustration"]), row["mistreated"] == 1, row["attempt"] == 1
    if grid.helps_out and grid.later[known(row["group"]), intent]:
        at["overflowed"] += 1
        of["overflowed"] += 1
        group["overflowed"] += 1
    _add_service(at, talk, wrap, natural, felt)
    _add_service(of, talk, wrap, natural, felt)
    _add_service(group, talk, wrap, natural, felt)
    _add_joined(at, mistreated, first, row["base_us"])
    _add_joined(of, mistreated, first, row["base_us"])
    _add_joined(group, mistreated, first, row["base_us"])
    if own.shape[1] > 0:
        _add_own(own, c, at)
        _add_own(own, c, of)
        _add_own(own, c, group)
    if grid.parted:
        talk_beside, wrap_beside = talk - row["talk_us"] - row["supervisor_us"], wrap - row["wrap_us"]
        _add_parts(row, talk_beside, wrap_beside, at)
        _add_parts(row, talk_beside, wrap_beside, of)
        _add_parts(row, talk_beside, wrap_beside, group)
        _add_ways_on(row, at)
        _add_ways_on(row, of)
        _add_ways_on(row, group)


@borrowing
def _add_service(cell: Any, talk: int, wrap: int, natural: int, felt: int) -> None:
    cell["served"] += 1
    cell["talk"] += talk
    cell["wrap_up"] += wrap
    cell["natural"] += natural
    cell["frustration_at_agent"] += felt


@borrowing
def _add_parts(row: Any, talk_beside: int, wrap_beside: int, cell: Any) -> None:
    """What the handle time is made of; the rest of it follows from the other counts."""
    cell["part_concurrency"] += talk_beside + wrap_beside
    cell["wrap_beside"] += wrap_beside
    cell["stated"] += row["stated_us"]
    cell["base"] += row["base_us"]
    for name in literal_unroll(PART_COLUMNS):
        cell[name] += row[name]
    cell["part_pace"] += row["talk_us"] - row["natural_talk_us"]


@borrowing
def _add_own(own: Ints, c: int, cell: Any) -> None:
    """What users' own mechanisms add to the talk."""
    cell["own_0"] += own[c, 0]
    cell["own_1"] += own[c, 1]
    cell["own_2"] += own[c, 2]
    cell["own_3"] += own[c, 3]


@borrowing
def _add_ways_on(row: Any, cell: Any) -> None:
    """Contacts that an agent does not decide alone, or passes on to a colleague."""
    cell["transferred"] += row["transferred"] == 1
    cell["supervised"] += row["supervisor"] >= 0


@borrowing
def _add_lost(outcome: int, waited: int, within: bool, delayed: int, cell: Any) -> None:
    cell["wait_all"] += waited
    cell["delayed"] += delayed
    cell["abandoned"] += outcome == _ABANDONED
    cell["balked"] += outcome == _BALKED
    cell["disconnected"] += outcome == _DISCONNECTED
    cell["abandoned_within"] += within & ((outcome == _ABANDONED) | (outcome == _BALKED))


@borrowing
def _add_joined(cell: Any, mistreated: bool, first: bool, base: int) -> None:
    cell["mistreated"] += mistreated
    cell["first_joined"] += first
    cell["first_base"] += base if first else 0


@borrowing
def _add_session(cell: Any, bot: int, spent_us: int, in_hours: bool, began: bool) -> None:
    """Count a session; how it ended is added up without a branch, since nobody could foresee it."""
    contained = (bot == _RESOLVED) | (bot == _FALSELY)
    cell["bot_offered"] += 1
    cell["bot_time"] += spent_us
    cell["bot_begun"] += began
    cell["bot_in_hours"] += in_hours
    cell["bot_contained"] += contained
    cell["contained_in_hours"] += contained & in_hours
    cell["bot_resolved"] += bot == _RESOLVED
    cell["bot_escalated"] += (bot == _HANDED_OFF) | (bot == _OPTED_OUT)
    cell["bot_abandoned"] += bot == _LEFT


@borrowing
def complete_queue(cell: Any) -> None:
    """The counts of a cell that are sums of others: all offered, and the waits of all."""
    cell["offered"] = cell["answered"] + cell["abandoned"] + cell["balked"] + cell["disconnected"]
    cell["wait_all"] += cell["wait_answered"]
