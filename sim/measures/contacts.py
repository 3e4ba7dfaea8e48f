"""Counts from contacts: the human queue and the bot."""

from typing import Any

import numpy as np

from sim.engine.records import BotOutcome, Outcome
from sim.jit import borrowing
from sim.measures.batch import Cells
from sim.measures.counts import WAIT_BINS as WAIT_BINS
from sim.measures.grid import Grid
from sim.measures.lookup import known, make_lookup, passed

_GRAIN = 4294967296.0
_NEAR_US = 1 << 32
_BEYOND = np.floor(WAIT_BINS * 1e6).astype(np.int64) + 1
_NEAR, _FAR, _LAST_BIN = make_lookup(_BEYOND[_BEYOND < _NEAR_US]), make_lookup(_BEYOND), WAIT_BINS.size - 1

_NO_SESSION, _OPTED_OUT, _LEFT = int(BotOutcome.NONE), int(BotOutcome.OPTED_OUT), int(BotOutcome.LEFT)
_RESOLVED, _FALSELY = int(BotOutcome.RESOLVED), int(BotOutcome.FALSELY_CONTAINED)
_HANDED_OFF = int(BotOutcome.HANDED_OFF)
_ANSWERED, _ABANDONED = int(Outcome.ANSWERED), int(Outcome.ABANDONED)
_BALKED, _DISCONNECTED = int(Outcome.BALKED), int(Outcome.DISCONNECTED)


@borrowing
def grained(value: float) -> float:
    """A level in multiples of 2 ** -32, so that sums of levels do not depend on their order."""
    return float(np.floor(value * _GRAIN + 0.5) / _GRAIN)


@borrowing
def booked_at(grid: Grid, moment: int) -> int:
    """The measured interval that a moment is booked to; -1 outside the days measured."""
    return int(grid.booked[passed(grid.booking, moment)])


@borrowing
def wait_bin(waited_us: int) -> int:
    """The bin of a wait."""
    found = passed(_NEAR, waited_us) if waited_us < _NEAR_US else passed(_FAR, waited_us)
    return min(found, _LAST_BIN)


@borrowing
def add_contact(row: Any, grid: Grid, cells: Cells) -> None:
    """Count one contact: in the interval in which it joined the human queue, and in which it met the bot."""
    intent = known(row["intent"])
    if row["joined_us"] >= 0:
        where = booked_at(grid, row["joined_us"])
        if where >= 0:
            _add_queued(row, where, intent, grid, cells)
    if row["bot"] != _NO_SESSION:
        where = booked_at(grid, row["arrival_us"])
        if where >= 0:
            _add_session(cells.interval[where], row["bot"], row["bot_us"])
            _add_session(cells.intent[intent], row["bot"], row["bot_us"])


@borrowing
def _add_queued(row: Any, where: int, intent: int, grid: Grid, cells: Cells) -> None:
    waited, at, of = row["left_us"] - row["joined_us"], cells.interval[where], cells.intent[intent]
    delayed, mistreated = float(row["delayed"]), float(row["mistreated"])
    first, base = row["attempt"] == 1, float(row["base_us"])
    if row["outcome"] == _ANSWERED:
        group = cells.group[known(row["group"])]
        _add_answered(row, waited, waited <= grid.within_us, at, of, group)
        _add_joined(group, delayed, mistreated, first, base)
    else:
        _add_lost(row["outcome"], waited, waited <= grid.within_us, at, of)
    _add_joined(at, delayed, mistreated, first, base)
    _add_joined(of, delayed, mistreated, first, base)
    found = wait_bin(waited)
    cells.waits_day[known(grid.day_of[where]), found] += 1.0
    cells.waits_intent[intent, found] += 1.0


@borrowing
def _add_answered(row: Any, waited: int, within: bool, at: Any, of: Any, group: Any) -> None:
    """Count an answer in the cells of its interval, intent and group."""
    talk, wrap, needed, felt = row["talk_us"], row["wrap_us"], row["natural_talk_us"], grained(row["frustration"])
    _add_service(at, waited, within, talk, wrap, needed + wrap, felt)
    _add_service(of, waited, within, talk, wrap, needed + wrap, felt)
    _add_service(group, waited, within, talk, wrap, needed + wrap, felt)


@borrowing
def _add_service(cell: Any, waited: int, within: bool, talk: int, wrap: int, natural: int, felt: float) -> None:
    cell["answered"] += 1.0
    cell["answered_within"] += 1.0 if within else 0.0
    cell["wait_answered"] += waited
    cell["talk"] += talk
    cell["wrap_up"] += wrap
    cell["natural"] += natural
    cell["frustration_at_agent"] += felt


@borrowing
def _add_lost(outcome: int, waited: int, within: bool, at: Any, of: Any) -> None:
    at["wait_all"] += waited
    of["wait_all"] += waited
    if outcome == _ABANDONED:
        at["abandoned"] += 1.0
        of["abandoned"] += 1.0
    elif outcome == _BALKED:
        at["balked"] += 1.0
        of["balked"] += 1.0
    elif outcome == _DISCONNECTED:
        at["disconnected"] += 1.0
        of["disconnected"] += 1.0
    if within and outcome in (_ABANDONED, _BALKED):
        at["abandoned_within"] += 1.0
        of["abandoned_within"] += 1.0


@borrowing
def _add_joined(cell: Any, delayed: float, mistreated: float, first: bool, base: float) -> None:
    cell["delayed"] += delayed
    cell["mistreated"] += mistreated
    if first:
        cell["first_joined"] += 1.0
        cell["first_base"] += base


@borrowing
def _add_session(cell: Any, bot: int, spent_us: int) -> None:
    cell["bot_offered"] += 1.0
    cell["bot_time"] += spent_us
    if bot in (_RESOLVED, _FALSELY):
        cell["bot_contained"] += 1.0
        cell["bot_resolved"] += 1.0 if bot == _RESOLVED else 0.0
    elif bot in (_HANDED_OFF, _OPTED_OUT):
        cell["bot_escalated"] += 1.0
    elif bot == _LEFT:
        cell["bot_abandoned"] += 1.0


@borrowing
def complete_queue(cell: Any) -> None:
    """The counts of a cell that are sums of others: all offered, and the waits of all."""
    cell["offered"] = cell["answered"] + cell["abandoned"] + cell["balked"] + cell["disconnected"]
    cell["wait_all"] += cell["wait_answered"]
