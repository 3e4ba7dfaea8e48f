"""Counts from needs: born in the days measured, followed to the end of follow-up."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import BotOutcome, Cause, NeedStatus, Outcome
from sim.jit import compiled, inlined
from sim.measures.batch import Counts
from sim.measures.contacts import add_contact, booked_at, grained
from sim.measures.counts import Count
from sim.measures.grid import Grid
from sim.world.horizon import DAY_US

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

_WEEK_US = 7 * DAY_US
_SERVED, _REDIAL = int(Outcome.ANSWERED), int(Cause.REDIAL)
_SOLVED, _FALSELY, _HANDED_OFF = (
    int(BotOutcome.RESOLVED),
    int(BotOutcome.FALSELY_CONTAINED),
    int(BotOutcome.HANDED_OFF),
)
_IS_PENDING, _IS_RESOLVED = int(NeedStatus.PENDING), int(NeedStatus.RESOLVED)

_DEMAND, _PENDING = int(Count.DEMAND), int(Count.PENDING)
_RESOLVED, _RESOLVED_FIRST = int(Count.RESOLVED), int(Count.RESOLVED_FIRST)
_HANDLED, _HANDLED_FIRST = int(Count.HANDLED), int(Count.HANDLED_FIRST)
_HUMAN, _HUMAN_FIRST = int(Count.HUMAN), int(Count.HUMAN_FIRST)
_BOT, _BOT_FIRST = int(Count.BOT), int(Count.BOT_FIRST)
_ATTEMPTS, _REPEATS, _REDIALS = int(Count.ATTEMPTS), int(Count.REPEATS), int(Count.REDIALS)
_RETURNED_7D, _NEED_HANDLING = int(Count.RETURNED_7D), int(Count.NEED_HANDLING)
_REACHED_HUMAN, _TIME_TO_HUMAN = int(Count.REACHED_HUMAN), int(Count.TIME_TO_HUMAN)
_FRUSTRATION_AT_END = int(Count.FRUSTRATION_AT_END)


@compiled
def add_needs(contacts: Rows, needs: Rows, grid: Grid, out: Counts) -> None:
    """Count all contacts and needs; contacts are ordered by need and attempt."""
    c = 0
    for n in range(needs.size):
        first = c
        while c < contacts.size and contacts[c]["need"] == n:
            add_contact(contacts[c], grid, out)
            c += 1
        where = booked_at(grid, needs[n]["born_us"]) if needs[n]["measured"] == 1 else -1
        if where >= 0:
            _add_need(contacts, first, c, needs[n], out.interval, where)
            _add_need(contacts, first, c, needs[n], out.intent, needs[n]["intent"])


@inlined
def _add_need(contacts: Rows, first: int, last: int, need: Any, table: Floats, cell: int) -> None:
    table[cell, _DEMAND] += 1.0
    table[cell, _ATTEMPTS] += last - first
    if need["status"] == _IS_PENDING:
        table[cell, _PENDING] += 1.0
    if need["status"] == _IS_RESOLVED:
        table[cell, _RESOLVED] += 1.0
        table[cell, _RESOLVED_FIRST] += 1.0 if need["attempts"] == 1 else 0.0
    if last > first:
        table[cell, _FRUSTRATION_AT_END] += grained(contacts[last - 1]["frustration_end"])
    if last > first + 1:
        _add_returns(contacts, first, last, need["born_us"], table, cell)
    _add_handling(contacts, first, last, need["born_us"], table, cell)


@inlined
def _add_returns(contacts: Rows, first: int, last: int, born_us: int, table: Floats, cell: int) -> None:
    soon = 0.0
    for c in range(first, last):
        if contacts[c]["cause"] == _REDIAL:
            table[cell, _REDIALS] += 1.0
        elif contacts[c]["attempt"] > 1:
            table[cell, _REPEATS] += 1.0
        if contacts[c]["attempt"] > 1 and contacts[c]["arrival_us"] - born_us <= _WEEK_US:
            soon = 1.0
    table[cell, _RETURNED_7D] += soon


@inlined
def _add_handling(contacts: Rows, first: int, last: int, born_us: int, table: Floats, cell: int) -> None:
    human, bot, handled = False, False, False
    for c in range(first, last):
        row = contacts[c]
        answered = row["outcome"] == _SERVED
        contained = row["bot"] == _SOLVED or row["bot"] == _FALSELY
        good = 1.0 if row["resolved"] == 1 else 0.0
        if not handled and (answered or contained):
            handled = True
            table[cell, _HANDLED] += 1.0
            table[cell, _HANDLED_FIRST] += good
        if not human and answered:
            human = True
            table[cell, _HUMAN] += 1.0
            table[cell, _REACHED_HUMAN] += 1.0
            table[cell, _HUMAN_FIRST] += good
            table[cell, _TIME_TO_HUMAN] += row["left_us"] - born_us
        if not bot and (contained or row["bot"] == _HANDED_OFF):
            bot = True
            table[cell, _BOT] += 1.0
            table[cell, _BOT_FIRST] += 1.0 if row["bot"] == _SOLVED else 0.0
        if answered:
            table[cell, _NEED_HANDLING] += row["talk_us"] + row["wrap_us"]
