"""Counts from contacts: the human queue and the bot."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import BotOutcome, Outcome
from sim.measures.counts import Count

Rows = npt.NDArray[Any]
Columns = dict[Count, npt.NDArray[Any]]

WAIT_BINS = np.concatenate([[0.0], np.arange(1.0, 61.0), 60.0 * 1.02 ** np.arange(1, 500)])
"""Upper edges (s) of the wait histogram: no wait, whole seconds to a minute, then steps of 2 %."""


def waited_us(contacts: Rows) -> npt.NDArray[np.int64]:
    """Time in the queue (us) of contacts that joined it."""
    return np.asarray(contacts["left_us"] - contacts["joined_us"])


def wait_bin(contacts: Rows) -> npt.NDArray[np.int64]:
    """The histogram bin of each contact's wait."""
    place = np.searchsorted(WAIT_BINS, waited_us(contacts) / 1e6)
    return np.minimum(place, WAIT_BINS.size - 1)


def queue_columns(contacts: Rows, within_us: int) -> Columns:
    """What each contact that joined the human queue adds to the counts."""
    waited, outcome = waited_us(contacts), contacts["outcome"]
    answered, balked = outcome == Outcome.ANSWERED, outcome == Outcome.BALKED
    gone = (outcome == Outcome.ABANDONED) | balked
    first = contacts["attempt"] == 1
    return {
        Count.OFFERED: np.ones(contacts.size),
        Count.ANSWERED: answered,
        Count.ABANDONED: outcome == Outcome.ABANDONED,
        Count.BALKED: balked,
        Count.DISCONNECTED: outcome == Outcome.DISCONNECTED,
        Count.ANSWERED_WITHIN: answered & (waited <= within_us),
        Count.ABANDONED_WITHIN: gone & (waited <= within_us),
        Count.DELAYED: contacts["delayed"],
        Count.WAIT_ALL: waited,
        Count.WAIT_ANSWERED: np.where(answered, waited, 0),
        Count.TALK: np.where(answered, contacts["talk_us"], 0),
        Count.WRAP_UP: np.where(answered, contacts["wrap_us"], 0),
        Count.NATURAL: np.where(answered, contacts["natural_talk_us"] + contacts["wrap_us"], 0),
        Count.MISTREATED: contacts["mistreated"],
        Count.FRUSTRATION_AT_AGENT: np.where(answered, contacts["frustration"], 0.0),
        Count.FIRST_JOINED: first,
        Count.FIRST_BASE: np.where(first, contacts["base_us"], 0),
    }


def bot_columns(contacts: Rows) -> Columns:
    """What each session offered to the bot adds to the counts."""
    bot = contacts["bot"]
    resolved = bot == BotOutcome.RESOLVED
    return {
        Count.BOT_OFFERED: bot != BotOutcome.NONE,
        Count.BOT_CONTAINED: resolved | (bot == BotOutcome.FALSELY_CONTAINED),
        Count.BOT_ESCALATED: (bot == BotOutcome.HANDED_OFF) | (bot == BotOutcome.OPTED_OUT),
        Count.BOT_ABANDONED: bot == BotOutcome.LEFT,
        Count.BOT_RESOLVED: resolved,
        Count.BOT_TIME: contacts["bot_us"],
    }
