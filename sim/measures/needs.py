"""Counts from needs: born in the days measured, followed to the end of follow-up."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import DAY_US
from sim.engine.memory import address, fetch
from sim.engine.records import CONTACT, BotOutcome, Cause, NeedStatus, Outcome
from sim.jit import apart, borrowing
from sim.measures.batch import Sums
from sim.measures.contacts import add_contact, booked_on, grains
from sim.measures.grid import Grid
from sim.measures.lookup import known
from sim.mechanisms.csat import satisfaction

Rows = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

_WEEK_US = 7 * DAY_US
_AHEAD, _CONTACT = 4, CONTACT.itemsize
_ANSWERED, _REDIAL, _TRANSFER = int(Outcome.ANSWERED), int(Cause.REDIAL), int(Cause.TRANSFER)
_BY_BOT, _FALSELY = int(BotOutcome.RESOLVED), int(BotOutcome.FALSELY_CONTAINED)
_NO_SESSION, _HANDED_OFF = int(BotOutcome.NONE), int(BotOutcome.HANDED_OFF)
_PENDING, _RESOLVED = int(NeedStatus.PENDING), int(NeedStatus.RESOLVED)


@apart
def add_needs(contacts: Rows, order: Ints, own: Ints, channels: Rows, needs: Rows, grid: Grid, sums: Sums) -> None:
    """Count all contacts and needs, contacts in the order of need and attempt."""
    c = 0
    for n in range(needs.size):
        first = c
        while c < order.size and nth(contacts, order, c)["need"] == n:
            fetch(address(nth(contacts, order, min(c + _AHEAD, order.size - 1))), _CONTACT)
            add_contact(nth(contacts, order, c), known(order[known(c)]), own, channels, grid, sums)
            c += 1
        need = needs[n]
        if need["measured"] == 1:
            where = booked_on(grid, need["day"], need["born_us"])
            if where >= 0:
                intent = sums.intent[known(need["intent"])]
                _add_need(contacts, order, channels, first, c, need, grid, sums.interval[where], intent)


@borrowing
def nth(contacts: Rows, order: Ints, c: int) -> Any:
    """The c-th contact."""
    return contacts[known(order[known(c)])]


@borrowing
def _add_need(
    contacts: Rows,
    order: Ints,
    channels: Rows,
    first: int,
    last: int,
    need: Any,
    grid: Grid,
    interval: Any,
    intent: Any,
) -> None:
    resolved, pending = need["status"] == _RESOLVED, need["status"] == _PENDING
    felt = grains(nth(contacts, order, last - 1)["frustration_end"]) if last > first else 0
    made = last - first - _transfers(contacts, order, first, last)
    at_once = resolved and made == 1
    _add_end(interval, pending, resolved, at_once, made, felt)
    _add_end(intent, pending, resolved, at_once, made, felt)
    if grid.rated and last > first:
        pleased = grains(_satisfaction(contacts, order, channels, first, last, made, resolved, grid))
        interval["csat"] += pleased
        intent["csat"] += pleased
    _add_handling(contacts, order, channels, first, last, need["born_us"], grid, interval, intent)
    if last > first + 1:
        _add_returns(contacts, order, first, last, need["born_us"], interval, intent)


@borrowing
def _transfers(contacts: Rows, order: Ints, first: int, last: int) -> int:
    """How many of a need's contacts only go on with the one before."""
    found = 0
    for c in range(first + 1, last):
        found += nth(contacts, order, c)["cause"] == _TRANSFER
    return found


@borrowing
def _satisfaction(
    contacts: Rows, order: Ints, channels: Rows, first: int, last: int, made: int, resolved: bool, grid: Grid
) -> float:
    waited_us, tired, sent = 0, 0.0, False
    for c in range(first, last):
        row = nth(contacts, order, c)
        sent = sent or row["transferred"] == 1
        if row["joined_us"] >= 0 and _waits_live(row, order[known(c)], channels, grid):
            waited_us += row["left_us"] - row["joined_us"]
        if row["outcome"] == _ANSWERED:
            tired = row["fatigue"]
    end = nth(contacts, order, last - 1)
    by_bot = end["bot"] in (_BY_BOT, _FALSELY)
    lost = grid.points.trust_start - end["trust_end"]
    waited_s = waited_us / 1e6
    return satisfaction(grid.points, made, not resolved, sent, waited_s, by_bot, end["frustration_end"], tired, lost)


@borrowing
def _waits_live(row: Any, c: int, channels: Rows, grid: Grid) -> bool:
    """Whether a customer of the queue is there while waiting: not for deferred work, nor for a call-back."""
    if channels.shape[0] == 0:
        return True
    return not grid.deferred[known(row["intent"])] and channels[known(c)]["called_back"] == 0


@borrowing
def _add_end(cell: Any, pending: bool, resolved: bool, at_once: bool, made: int, felt: int) -> None:
    cell["demand"] += 1
    cell["pending"] += pending
    cell["resolved"] += resolved
    cell["resolved_first"] += at_once
    cell["attempts"] += made
    cell["frustration_at_end"] += felt


@borrowing
def _add_handling(
    contacts: Rows,
    order: Ints,
    channels: Rows,
    first: int,
    last: int,
    born_us: int,
    grid: Grid,
    interval: Any,
    intent: Any,
) -> None:
    """Count what came of the first contacts that were handled: by anybody, by a human, by the bot.

    Whether one counts is added up without a branch, since nobody could foresee it.
    """
    handled, human, bot, spent = False, False, False, 0
    c = first
    while c < last:
        row = nth(contacts, order, c)
        answered, live = row["outcome"] == _ANSWERED, True
        if channels.shape[0] > 0:
            live = not grid.deferred[known(row["intent"])]
            answered = answered and (live or channels[known(order[known(c)])]["closed_us"] >= 0)
        contained, met = (row["bot"] == _BY_BOT) | (row["bot"] == _FALSELY), row["bot"] != _NO_SESSION
        good = row["resolved"] == 1
        if answered and row["transferred"] == 1 and c + 1 < last:
            good = nth(contacts, order, c + 1)["resolved"] == 1
        spent += _handling(row, order[known(c)], channels, grid) if answered else 0
        counts, waited = answered & (not human), row["left_us"] - born_us
        _add_human(interval, counts, good, waited, live)
        _add_human(intent, counts, good, waited, live)
        counts = (answered | contained) & (not handled)
        _add_handled(interval, counts, good)
        _add_handled(intent, counts, good)
        handled, human = handled | answered | contained, human | answered
        if met:
            played = contained | (row["bot"] == _HANDED_OFF)
            counts, good = played & (not bot), row["bot"] == _BY_BOT
            _add_bot(interval, counts, good)
            _add_bot(intent, counts, good)
            bot = bot | played
        c += 1
    interval["need_handling"] += spent
    intent["need_handling"] += spent


@borrowing
def _handling(row: Any, c: int, channels: Rows, grid: Grid) -> int:
    """The agent's time that a contact took (us)."""
    if channels.shape[0] > 0 and grid.channel_of[known(row["intent"])] > 0:
        return int(channels[known(c)]["talk_share_us"] + channels[known(c)]["wrap_share_us"])
    return int(row["talk_us"] + row["supervisor_us"] + row["wrap_us"])


@borrowing
def _add_handled(cell: Any, counts: bool, good: bool) -> None:
    cell["handled"] += counts
    cell["handled_first"] += counts & good


@borrowing
def _add_human(cell: Any, counts: bool, good: bool, waited_us: int, live: bool) -> None:
    cell["human"] += counts
    cell["human_first"] += counts & good
    cell["reached_human"] += counts & live
    cell["time_to_human"] += waited_us if counts & live else 0


@borrowing
def _add_bot(cell: Any, counts: bool, good: bool) -> None:
    cell["bot"] += counts
    cell["bot_first"] += counts & good


@borrowing
def _add_returns(contacts: Rows, order: Ints, first: int, last: int, born_us: int, interval: Any, intent: Any) -> None:
    redials, repeats, soon = 0, 0, 0
    for c in range(first, last):
        row = nth(contacts, order, c)
        if row["cause"] == _REDIAL:
            redials += 1
        elif row["attempt"] > 1 and row["cause"] != _TRANSFER:
            repeats += 1
        if row["attempt"] > 1 and row["cause"] != _TRANSFER and row["arrival_us"] - born_us <= _WEEK_US:
            soon = 1
    _add_ways_back(interval, redials, repeats, soon)
    _add_ways_back(intent, redials, repeats, soon)


@borrowing
def _add_ways_back(cell: Any, redials: int, repeats: int, soon: int) -> None:
    cell["redials"] += redials
    cell["repeats"] += repeats
    cell["returned_7d"] += soon
