"""What lengthens the talk of those who were handed over beside how hard their needs are, as it is believed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.learning.contacts import Floats, LoggedContacts
from sim.learning.priors import Prior, prior_of
from sim.mechanisms.frustration import Frustration, raised
from sim.scenario.model import Scenario

FAILED_TURNS = 2
"""A failed session counts as so many failed turns (docs/model.md)."""
TALK = "frustration.effects.talk_time"
SPREAD_OF_UNIFORM = math.sqrt(12.0)


class Lengthened(NamedTuple):
    """What a failed session does beside the bot's choosing.

    Attributes
    ----------
    talk, spread : added to log talk time by frustration, and its standard deviation by what is believed of the effect.
    odds : taken from the log odds of resolution by frustration.
    lost, lost_s, lost_spread : where no column says whose context was lost: in what share of those handed over, how
        many seconds that takes, and by what part of itself the product of the two may be off (a standard deviation).
    """

    talk: float = 0.0
    spread: float = 0.0
    odds: float = 0.0
    lost: float = 0.0
    lost_s: float = 0.0
    lost_spread: float = 0.0


NOT_AT_ALL = Lengthened()


def lengthened(scenario: Scenario | None, context_known: bool) -> Lengthened:
    """What is believed of those who are handed over; frustration only where the scenario has it."""
    found, section = NOT_AT_ALL, None if scenario is None else scenario.frustration
    if section is not None:
        level = section.start
        for _ in range(FAILED_TURNS):
            level = raised(level, section.failed_turn)
        rise, talk = level - section.start, prior_of(scenario, TALK)
        spread = rise * _sd(talk) / (1.0 + talk.value * rise)
        found = Lengthened(math.log1p(talk.value * rise), spread, section.effects.resolution * rise)
    if context_known:
        return found
    kept, seconds = prior_of(scenario, "bot.context_kept"), prior_of(scenario, "bot.lost_context_time")
    lost = 1.0 - kept.value
    off = math.hypot(_sd(kept) / lost if lost > 0.0 else 0.0, _sd(seconds) / seconds.value if seconds.value else 0.0)
    return found._replace(lost=lost, lost_s=seconds.value, lost_spread=off)


def _sd(prior: Prior) -> float:
    """Standard deviation of a belief that is a range."""
    return (prior.high - prior.low) / SPREAD_OF_UNIFORM


def rise_by_waiting(contacts: LoggedContacts, section: Frustration) -> Floats:
    """How much more frustrated each customer is for having waited."""
    minutes = np.maximum(np.nan_to_num(contacts.waited_s) - section.wait_grace, 0.0) / 60.0
    return np.asarray((1.0 - section.start) * (1.0 - (1.0 - section.per_minute) ** minutes))
