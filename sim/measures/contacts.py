"""Counts from contacts: the human queue and the bot."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import BotOutcome, Outcome
from sim.jit import inlined
from sim.measures.batch import Counts
from sim.measures.counts import WAIT_BINS as WAIT_BINS
from sim.measures.counts import Count
from sim.measures.grid import NEAR_US, Grid
from sim.measures.lookup import passed

Floats = npt.NDArray[np.float64]

_GRAIN = 4294967296.0

_NO_SESSION, _OPTED_OUT = int(BotOutcome.NONE), int(BotOutcome.OPTED_OUT)
_SOLVED, _FALSELY = int(BotOutcome.RESOLVED), int(BotOutcome.FALSELY_CONTAINED)
_HANDED_OFF, _LEFT_BOT = int(BotOutcome.HANDED_OFF), int(BotOutcome.LEFT)
_SERVED, _GAVE_UP, _REFUSED = int(Outcome.ANSWERED), int(Outcome.ABANDONED), int(Outcome.BALKED)

_OFFERED, _ANSWERED, _ABANDONED = int(Count.OFFERED), int(Count.ANSWERED), int(Count.ABANDONED)
_BALKED, _DISCONNECTED = int(Count.BALKED), int(Count.DISCONNECTED)
_ANSWERED_WITHIN, _ABANDONED_WITHIN = int(Count.ANSWERED_WITHIN), int(Count.ABANDONED_WITHIN)
_DELAYED, _WAIT_ALL, _WAIT_ANSWERED = int(Count.DELAYED), int(Count.WAIT_ALL), int(Count.WAIT_ANSWERED)
_TALK, _WRAP_UP, _NATURAL = int(Count.TALK), int(Count.WRAP_UP), int(Count.NATURAL)
_MISTREATED, _FRUSTRATION = int(Count.MISTREATED), int(Count.FRUSTRATION_AT_AGENT)
_FIRST_JOINED, _FIRST_BASE = int(Count.FIRST_JOINED), int(Count.FIRST_BASE)
_BOT_OFFERED, _BOT_CONTAINED, _BOT_ESCALATED = (
    int(Count.BOT_OFFERED),
    int(Count.BOT_CONTAINED),
    int(Count.BOT_ESCALATED),
)
_BOT_ABANDONED, _BOT_RESOLVED, _BOT_TIME = int(Count.BOT_ABANDONED), int(Count.BOT_RESOLVED), int(Count.BOT_TIME)


@inlined
def grained(value: float) -> float:
    """A level in multiples of 2 ** -32, so that sums of levels do not depend on their order."""
    return float(np.floor(value * _GRAIN + 0.5) / _GRAIN)


@inlined
def booked_at(grid: Grid, moment: int) -> int:
    """The measured interval that a moment is booked to; -1 outside the days measured."""
    return int(grid.booked[passed(grid.booking, moment)])


@inlined
def wait_bin(grid: Grid, waited_us: int) -> int:
    """The bin of a wait."""
    found = passed(grid.near, waited_us) if waited_us < NEAR_US else passed(grid.far, waited_us)
    return min(found, grid.far.edges.size - 2)


@inlined
def add_contact(row: Any, grid: Grid, out: Counts) -> None:
    """Count one contact."""
    if row["joined_us"] >= 0:
        where = booked_at(grid, row["joined_us"])
        if where >= 0:
            _add_wait(row, where, grid, out)
            _add_queued(row, where, grid, out)
    if row["bot"] != _NO_SESSION:
        where = booked_at(grid, row["arrival_us"])
        if where >= 0:
            _add_session(row, out.interval, where)
            _add_session(row, out.intent, row["intent"])


@inlined
def _add_wait(row: Any, where: int, grid: Grid, out: Counts) -> None:
    found = wait_bin(grid, row["left_us"] - row["joined_us"])
    out.waits_day[grid.day_of[where], found] += 1.0
    out.waits_intent[row["intent"], found] += 1.0


@inlined
def _add_queued(row: Any, where: int, grid: Grid, out: Counts) -> None:
    within = row["left_us"] - row["joined_us"] <= grid.within_us
    if row["outcome"] == _SERVED:
        _add_answered(row, within, out.interval, where)
        _add_answered(row, within, out.intent, row["intent"])
        _add_answered(row, within, out.group, row["group"])
    else:
        _add_lost(row, within, out.interval, where)
        _add_lost(row, within, out.intent, row["intent"])


@inlined
def _add_answered(row: Any, within: bool, table: Floats, cell: int) -> None:
    table[cell, _ANSWERED] += 1.0
    table[cell, _ANSWERED_WITHIN] += 1.0 if within else 0.0
    table[cell, _WAIT_ANSWERED] += row["left_us"] - row["joined_us"]
    table[cell, _TALK] += row["talk_us"]
    table[cell, _WRAP_UP] += row["wrap_us"]
    table[cell, _NATURAL] += row["natural_talk_us"] + row["wrap_us"]
    table[cell, _FRUSTRATION] += grained(row["frustration"])
    _add_joined(row, table, cell)


@inlined
def _add_lost(row: Any, within: bool, table: Floats, cell: int) -> None:
    gone = row["outcome"] == _GAVE_UP or row["outcome"] == _REFUSED
    table[cell, _OFFERED + row["outcome"]] += 1.0
    table[cell, _ABANDONED_WITHIN] += 1.0 if gone and within else 0.0
    table[cell, _WAIT_ALL] += row["left_us"] - row["joined_us"]
    _add_joined(row, table, cell)


@inlined
def _add_joined(row: Any, table: Floats, cell: int) -> None:
    table[cell, _DELAYED] += row["delayed"]
    table[cell, _MISTREATED] += row["mistreated"]
    if row["attempt"] == 1:
        table[cell, _FIRST_JOINED] += 1.0
        table[cell, _FIRST_BASE] += row["base_us"]


@inlined
def _add_session(row: Any, table: Floats, cell: int) -> None:
    bot = row["bot"]
    table[cell, _BOT_OFFERED] += 1.0
    table[cell, _BOT_TIME] += row["bot_us"]
    if bot in (_SOLVED, _FALSELY):
        table[cell, _BOT_CONTAINED] += 1.0
        table[cell, _BOT_RESOLVED] += 1.0 if bot == _SOLVED else 0.0
    elif bot in (_HANDED_OFF, _OPTED_OUT):
        table[cell, _BOT_ESCALATED] += 1.0
    elif bot == _LEFT_BOT:
        table[cell, _BOT_ABANDONED] += 1.0


@inlined
def complete_queue(table: Floats, cell: int) -> None:
    """The counts of a cell that are sums of others: all offered, and the waits of all."""
    table[cell, _OFFERED] += table[cell, _ANSWERED] + table[cell, _ABANDONED]
    table[cell, _OFFERED] += table[cell, _BALKED] + table[cell, _DISCONNECTED]
    table[cell, _WAIT_ALL] += table[cell, _WAIT_ANSWERED]
