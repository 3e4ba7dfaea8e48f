"""Counts from contacts: the human queue and the bot."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import literal_unroll

from sim.engine.records import BotOutcome, Outcome
from sim.jit import borrowing
from sim.measures.batch import Sums
from sim.measures.counts import GRAIN, PART_COLUMNS
from sim.measures.counts import WAIT_BINS as WAIT_BINS
from sim.measures.grid import Grid
from sim.measures.lookup import known, make_lookup, passed

Ints = npt.NDArray[np.int64]

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
def add_contact(row: Any, c: int, own: Ints, grid: Grid, sums: Sums) -> None:
    """Count one contact, the c-th: in the interval in which it joined the human queue, and in which it met the bot."""
    intent = known(row["intent"])
    if row["left_us"] >= 0:
        where = booked_at(grid, row["joined_us"])
        if where >= 0:
            _add_queued(row, where, intent, grid, sums)
            if row["outcome"] == _ANSWERED and own.shape[1] > 0:
                _add_own(own, c, sums.interval[where])
                _add_own(own, c, sums.intent[intent])
                _add_own(own, c, sums.group[known(row["group"])])
    if row["bot"] != _NO_SESSION:
        where = booked_on(grid, row["day"], row["arrival_us"])
        if where >= 0:
            in_hours = row["out_of_hours"] == 0
            began = row["bot"] != _OPTED_OUT and (in_hours or row["bot_us"] > 0)
            _add_session(sums.interval[where], row["bot"], row["bot_us"], in_hours, began)
            _add_session(sums.intent[intent], row["bot"], row["bot_us"], in_hours, began)


@borrowing
def _add_queued(row: Any, where: int, intent: int, grid: Grid, sums: Sums) -> None:
    waited, at, of = row["left_us"] - row["joined_us"], sums.interval[where], sums.intent[intent]
    delayed, mistreated = row["delayed"], row["mistreated"] == 1
    first, base = row["attempt"] == 1, row["base_us"]
    if row["outcome"] == _ANSWERED:
        group = sums.group[known(row["group"])]
        _add_answered(row, waited, waited <= grid.within_us, at, of, group, grid.parted)
        _add_joined(group, delayed, mistreated, first, base)
    else:
        _add_lost(row["outcome"], waited, waited <= grid.within_us, at, of)
    _add_joined(at, delayed, mistreated, first, base)
    _add_joined(of, delayed, mistreated, first, base)
    found = wait_bin(waited)
    sums.waits_day[known(grid.day_of[where]), found] += 1.0
    sums.waits_intent[intent, found] += 1.0


@borrowing
def _add_answered(row: Any, waited: int, within: bool, at: Any, of: Any, group: Any, parted: bool) -> None:
    """Count an answer in the cells of its interval, intent and group."""
    waited_for = row["supervisor_us"]
    talk, needed = row["talk_us"] + waited_for, row["natural_talk_us"] + waited_for
    wrap, felt = row["wrap_us"], grains(row["frustration"])
    _add_service(at, waited, within, talk, wrap, needed + wrap, felt)
    _add_service(of, waited, within, talk, wrap, needed + wrap, felt)
    _add_service(group, waited, within, talk, wrap, needed + wrap, felt)
    if parted:
        _add_parts(row, at)
        _add_parts(row, of)
        _add_parts(row, group)
        _add_ways_on(row, at)
        _add_ways_on(row, of)
        _add_ways_on(row, group)


@borrowing
def _add_service(cell: Any, waited: int, within: bool, talk: int, wrap: int, natural: int, felt: int) -> None:
    cell["answered"] += 1
    cell["answered_within"] += within
    cell["wait_answered"] += waited
    cell["talk"] += talk
    cell["wrap_up"] += wrap
    cell["natural"] += natural
    cell["frustration_at_agent"] += felt


@borrowing
def _add_parts(row: Any, cell: Any) -> None:
    """What the handle time is made of; the rest of it follows from the other counts."""
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
def _add_lost(outcome: int, waited: int, within: bool, at: Any, of: Any) -> None:
    at["wait_all"] += waited
    of["wait_all"] += waited
    if outcome == _ABANDONED:
        at["abandoned"] += 1
        of["abandoned"] += 1
    elif outcome == _BALKED:
        at["balked"] += 1
        of["balked"] += 1
    elif outcome == _DISCONNECTED:
        at["disconnected"] += 1
        of["disconnected"] += 1
    if within and outcome in (_ABANDONED, _BALKED):
        at["abandoned_within"] += 1
        of["abandoned_within"] += 1


@borrowing
def _add_joined(cell: Any, delayed: int, mistreated: bool, first: bool, base: int) -> None:
    cell["delayed"] += delayed
    if mistreated:
        cell["mistreated"] += 1
    if first:
        cell["first_joined"] += 1
        cell["first_base"] += base


@borrowing
def _add_session(cell: Any, bot: int, spent_us: int, in_hours: bool, began: bool) -> None:
    cell["bot_offered"] += 1
    cell["bot_time"] += spent_us
    cell["bot_begun"] += began
    cell["bot_in_hours"] += in_hours
    if bot in (_RESOLVED, _FALSELY):
        cell["bot_contained"] += 1
        cell["contained_in_hours"] += in_hours
        cell["bot_resolved"] += bot == _RESOLVED
    elif bot in (_HANDED_OFF, _OPTED_OUT):
        cell["bot_escalated"] += 1
    elif bot == _LEFT:
        cell["bot_abandoned"] += 1


@borrowing
def complete_queue(cell: Any) -> None:
    """The counts of a cell that are sums of others: all offered, and the waits of all."""
    cell["offered"] = cell["answered"] + cell["abandoned"] + cell["balked"] + cell["disconnected"]
    cell["wait_all"] += cell["wait_answered"]
