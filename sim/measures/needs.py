"""Counts from needs: born in the days measured, followed to the end of follow-up."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import BotOutcome, Cause, NeedStatus, Outcome
from sim.measures.counts import Count
from sim.world.horizon import DAY_US

Rows = npt.NDArray[Any]
WEEK_US = 7 * DAY_US


def _per_need(needs: npt.NDArray[np.int64], values: npt.NDArray[Any], size: int) -> npt.NDArray[np.float64]:
    return np.asarray(np.bincount(needs, weights=values.astype(np.float64), minlength=size), np.float64)


def _first_where(contacts: Rows, chosen: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.int64]:
    """For each need, the row of its first contact that is chosen; -1 if there is none."""
    first = np.full(size, -1, np.int64)
    rows = np.flatnonzero(chosen)[::-1]
    first[contacts["need"][rows]] = rows
    return first


def need_columns(needs: Rows, contacts: Rows) -> dict[Count, npt.NDArray[Any]]:
    """What each need adds to the counts.

    Parameters
    ----------
    needs : all needs (dtype `NEED`).
    contacts : all attempts, ordered by need and attempt (dtype `CONTACT`).
    """
    size, who = needs.size, contacts["need"]
    answered = contacts["outcome"] == Outcome.ANSWERED
    contained = (contacts["bot"] == BotOutcome.RESOLVED) | (contacts["bot"] == BotOutcome.FALSELY_CONTAINED)
    stayed = contained | (contacts["bot"] == BotOutcome.HANDED_OFF)
    human, bot = _first_where(contacts, answered, size), _first_where(contacts, stayed, size)
    handled = _first_where(contacts, answered | contained, size)
    returns = contacts["attempt"] > 1
    soon = returns & (contacts["arrival_us"] - needs["born_us"][who] <= WEEK_US)
    resolved = needs["status"] == NeedStatus.RESOLVED
    return {
        Count.DEMAND: np.ones(size),
        Count.PENDING: needs["status"] == NeedStatus.PENDING,
        Count.RESOLVED: resolved,
        Count.RESOLVED_FIRST: resolved & (needs["attempts"] == 1),
        Count.HANDLED: handled >= 0,
        Count.HANDLED_FIRST: _resolved_at(contacts, handled),
        Count.HUMAN: human >= 0,
        Count.HUMAN_FIRST: _resolved_at(contacts, human),
        Count.BOT: bot >= 0,
        Count.BOT_FIRST: _resolved_at(contacts, bot, by_bot=True),
        Count.ATTEMPTS: _per_need(who, np.ones(contacts.size), size),
        Count.REPEATS: _per_need(who, returns & (contacts["cause"] != Cause.REDIAL), size),
        Count.REDIALS: _per_need(who, contacts["cause"] == Cause.REDIAL, size),
        Count.RETURNED_7D: _per_need(who, soon, size) > 0,
        Count.NEED_HANDLING: _per_need(who, np.where(answered, contacts["talk_us"] + contacts["wrap_us"], 0), size),
        Count.REACHED_HUMAN: human >= 0,
        Count.TIME_TO_HUMAN: _time_to(needs, contacts, human),
        Count.FRUSTRATION_AT_END: _last_frustration(contacts, size),
    }


def _resolved_at(contacts: Rows, rows: npt.NDArray[np.int64], by_bot: bool = False) -> npt.NDArray[np.bool_]:
    """Whether the contact in each row resolved the need; false where there is none."""
    at = contacts[np.maximum(rows, 0)] if contacts.size else np.zeros(rows.size, contacts.dtype)
    good = at["bot"] == BotOutcome.RESOLVED if by_bot else at["resolved"] == 1
    return np.asarray((rows >= 0) & good)


def _time_to(needs: Rows, contacts: Rows, human: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """From each need's first contact to a human's first answer (us); 0 where nobody answered."""
    if not contacts.size:
        return np.zeros(needs.size, np.int64)
    left = contacts["left_us"][np.maximum(human, 0)]
    return np.where(human >= 0, left - needs["born_us"], 0)


def _last_frustration(contacts: Rows, size: int) -> npt.NDArray[np.float64]:
    last = np.zeros(size)
    last[contacts["need"]] = contacts["frustration_end"]
    return last
