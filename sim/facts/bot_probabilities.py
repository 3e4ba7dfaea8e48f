"""What a bot's sessions come to, and the capability behind a containment that planners know (docs/model.md)."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from sim.mechanisms.bot import MOST_TURNS, Bot, Conversation
from sim.scenario.people import IntentBot

STEPS = 60
ROUNDING = 1e-9
States = dict[tuple[int, int], float]


class SessionProbabilities(NamedTuple):
    """What becomes of sessions, by shares of all.

    Attributes
    ----------
    resolved : resolved before the point at which the bot closes an unresolved session as done, or offers a human.
    asked : go to a human because they ask for one, before that point.
    closing : come to that point.
    resolved_after : resolved beyond it, where it offers nobody (`handoff: never`) and closes nothing.
    """

    resolved: float
    asked: float
    closing: float
    resolved_after: float


@lru_cache(maxsize=64)
def session_probabilities(talk: Conversation | None, capable: bool) -> SessionProbabilities:
    """Return what becomes of the sessions of needs that the bot can resolve, or cannot, before false containment."""
    if talk is None:
        return SessionProbabilities(1.0, 0.0, 0.0, 0.0) if capable else SessionProbabilities(0.0, 0.0, 1.0, 0.0)
    found = dict.fromkeys(SessionProbabilities._fields, 0.0)
    fails = talk.fails_if_capable if capable else talk.fails_if_not
    needed = talk.good_turns if capable else MOST_TURNS + 1
    here: States = {(0, 0): 1.0}
    for _ in range(MOST_TURNS):
        there: States = defaultdict(float)
        for (good, failed), chance in here.items():
            _good_turn(talk, needed, (good + 1, failed), chance * (1.0 - fails), there, found)
            _failed_turn(talk, (good, failed + 1), chance * fails, there, found)
        here = there
    return SessionProbabilities(**found)


def _good_turn(
    talk: Conversation, needed: int, state: tuple[int, int], chance: float, there: States, found: dict[str, float]
) -> None:
    good, failed = state
    if good < needed:
        there[state if needed <= MOST_TURNS else (0, failed)] += chance
    else:
        found["resolved" if failed < talk.offer_after else "resolved_after"] += chance


def _failed_turn(
    talk: Conversation, state: tuple[int, int], chance: float, there: States, found: dict[str, float]
) -> None:
    good, failed = state
    gives_up = chance * talk.give_up[min(failed, len(talk.give_up)) - 1]
    asks, stays = gives_up * (1.0 - talk.leaves), chance - gives_up
    if talk.handoff == "never":
        stays += asks
    else:
        found["asked"] += asks
    if failed == talk.offer_after:
        found["closing"] += stays
    if talk.handoff == "never" or failed < talk.offer_after:
        there[good, min(failed, talk.offer_after + len(talk.give_up))] += stays


def bot_probabilities(bot: Bot, own: IntentBot) -> tuple[float, float]:
    """Return the bot's capability for an intent, and its false containment.

    Solved from what planners know where that is given: from containment c, false share q and opt-outs o, without a
    conversation, p = c (1 - q) / (1 - o) and phi = c q / ((1 - o) (1 - p)); with one the shares that get so far count.
    """
    if own.containment is None:
        return own.resolves or 0.0, bot.false_containment
    if bot.opt_out >= 1.0:
        return 0.0, 0.0
    capable, false = _solved(bot, own.containment, own.false_share or 0.0)
    return min(capable, 1.0), min(false, 1.0)


def _solved(bot: Bot, containment: float, false_share: float) -> tuple[float, float]:
    """Capability and false containment, more than 1 where they are impossible."""
    able, unable = session_probabilities(bot.conversation, True), session_probabilities(bot.conversation, False)
    stays = 1.0 - bot.opt_out
    low, high = 0.0, 1.0
    for _ in range(STEPS if able.resolved_after > 0.0 else 1):
        false = (low + high) / 2.0
        resolves = able.resolved + (1.0 - false) * able.resolved_after
        capable = _over(containment * (1.0 - false_share), stays * resolves)
        closing = capable * able.closing + (1.0 - capable) * unable.closing
        needed = _over(containment * false_share, stays * closing)
        low, high = (false, high) if needed > false else (low, false)
    return capable, needed


def _over(wanted: float, there: float) -> float:
    if wanted <= 0.0:
        return 0.0
    return wanted / there if there > 0.0 else float("inf")


def handed_off(bot: Bot, own: IntentBot) -> tuple[float, float]:
    """Return the shares of sessions that go to a human: of needs that the bot can resolve, and of those it cannot."""
    if bot.conversation is not None and bot.conversation.handoff == "never":
        return 0.0, 0.0
    _, false = bot_probabilities(bot, own)
    able, unable = (session_probabilities(bot.conversation, capable) for capable in (True, False))
    return able.asked + (1.0 - false) * able.closing, unable.asked + (1.0 - false) * unable.closing


def closed_as_done(bot: Bot, own: IntentBot) -> float:
    """Return the share of first sessions that the bot closes as done, resolved or not; opt-outs count as sessions."""
    capable, false = bot_probabilities(bot, own)
    able, unable = (session_probabilities(bot.conversation, can) for can in (True, False))
    done = able.resolved + (1.0 - false) * able.resolved_after + false * able.closing
    return (1.0 - bot.opt_out) * (capable * done + (1.0 - capable) * false * unable.closing)


def most_containment(bot: Bot, false_share: float) -> float:
    """Return the largest containment that is possible with so large a false share."""
    low, high = 0.0, 1.0 - bot.opt_out
    if max(_solved(bot, high, false_share)) <= 1.0 + ROUNDING:
        return high
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        possible = max(_solved(bot, middle, false_share)) <= 1.0
        low, high = (middle, high) if possible else (low, middle)
    return low
