"""Chats as exports time them: how long they were open beside others, from which the time alone is solved."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from sim.loading.problems import Reporter
from sim.mechanisms.chat import MOST_CHATS, elapsed_factor
from sim.scenario.model import Group, Intent
from sim.schema.faults import BadValueError
from sim.schema.formatting import duration_words
from sim.schema.tree import Keys
from sim.schema.values import number_reader, plain

WRITTEN = ("chat", "elapsed")
"""Where a file writes it, below the intent."""
_read_at = number_reader(1.0, float(MOST_CHATS))


class Beside(NamedTuple):
    """That an intent's talk time is still elapsed time, wrap-up included.

    Attributes
    ----------
    at : mean number of chats in hand at which it was measured; None where what was written cannot be read.
    """

    at: float | None


def take_elapsed(raw: dict[str, Any], path: Keys, reporter: Reporter) -> Beside | None:
    """Put `chat.elapsed` in the place of `talk_time`; None where the intent has none.

    Parameters
    ----------
    raw : the plain data of an intent; changed.
    path : of the intent.
    """
    chat = raw.get("chat")
    if not isinstance(chat, dict) or not {"elapsed", "at"} & set(chat):
        return None
    raw["chat"] = {key: value for key, value in chat.items() if key not in ("elapsed", "at")}
    if "elapsed" not in chat:
        fix = "Write elapsed beside it, how long a chat is open: {elapsed: 14m, at: 2.1}; or leave it out"
        reporter.problem((*path, "chat", "at"), "stands without elapsed", fix, None, key=True)
        return None
    beside = next((key for key in ("talk_time", "aht") if key in raw), None)
    if beside is not None:
        fix = "Write one of the two: talk_time is the chat alone, elapsed how long it is open beside others"
        reporter.problem((*path, *WRITTEN), f"stands beside {beside}", fix, None, key=True)
        return None
    raw["talk_time"] = chat["elapsed"]
    reporter.renamed[(*path, "talk_time")] = WRITTEN
    return Beside(_mean_level(chat, path, reporter))


def _mean_level(chat: dict[str, Any], path: Keys, reporter: Reporter) -> float | None:
    if "at" not in chat:
        fix = "Write at, the mean number of chats in hand at which it was measured: {elapsed: 14m, at: 2.1}"
        reporter.problem((*path, *WRITTEN), "stands without at", fix, None, key=True)
        return None
    try:
        return _read_at(chat["at"])
    except BadValueError as error:
        fix = "Write the mean number of chats in hand of an agent who has any, such as 2.1"
        for fault in error.faults:
            reporter.problem((*path, "chat", "at"), fault.message, fault.fix or fix)
        return None


def alone(intent: Intent, beside: Beside, groups: Iterable[Group], reporter: Reporter) -> Intent:
    """Return the intent with the talk time of a chat that has its agent to itself: the same shape, another mean."""
    path: Keys = ("intents", intent.name)
    chat, at = intent.chats, beside.at
    if chat is None or at is None or (chat.times is not None and math.ceil(at) > len(chat.times)):
        return intent  # which is a problem of the channel, of `at`, or of `times` that do not reach the cap
    most = max((group.highest_concurrency for group in groups if intent.skill in group.skills), default=MOST_CHATS)
    if at > most:
        fix = f"Nobody has more than {most} in hand. Correct at, or concurrency"
        reporter.problem((*path, "chat", "at"), f"is above the highest concurrency of its agents, {most}", fix)
        return intent
    elapsed, wrap_up = intent.talk_time.average, intent.wrap_up.average
    whole = elapsed / elapsed_factor(chat, at)
    if whole <= wrap_up:
        words = f"is a chat of {duration_words(round(whole, 1))} alone, not longer than the wrap-up of {wrap_up:g} s"
        fix = f"elapsed holds talk and wrap-up, each slowed by {plain(round(at, 3))} chats in hand: correct one of them"
        reporter.problem((*path, *WRITTEN), words, fix)
        return intent
    return intent.model_copy(update={"talk_time": intent.talk_time.scaled((whole - wrap_up) / elapsed)})
