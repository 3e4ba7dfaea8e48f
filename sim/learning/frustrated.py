"""What frustration does to talk: taken out of what looks like the bot's choosing, and looked for in waits."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.learning.contacts import Floats, LoggedContacts
from sim.learning.priors import prior_of
from sim.mechanisms.frustration import Frustration, raised
from sim.scenario.model import Scenario

FAILED_TURNS = 2
"""A failed session counts as so many failed turns (docs/model.md)."""
TALK = "frustration.effects.talk_time"
SPREAD_OF_UNIFORM = math.sqrt(12.0)


class Frustrated(NamedTuple):
    """What a failed session does by frustration alone, as the scenario believes.

    Attributes
    ----------
    talk : added to log talk time. spread : its standard deviation, by what is believed of the effect.
    odds : taken from the log odds of resolution.
    """

    talk: float = 0.0
    spread: float = 0.0
    odds: float = 0.0


NOBODY_IS = Frustrated()


def frustrated(scenario: Scenario | None) -> Frustrated:
    """What is believed of those who are handed over; nothing where frustration is off."""
    section = None if scenario is None else scenario.frustration
    if section is None:
        return NOBODY_IS
    level = section.start
    for _ in range(FAILED_TURNS):
        level = raised(level, section.failed_turn)
    rise, talk = level - section.start, prior_of(scenario, TALK)
    spread = rise * (talk.high - talk.low) / SPREAD_OF_UNIFORM / (1.0 + talk.value * rise)
    return Frustrated(math.log1p(talk.value * rise), spread, section.effects.resolution * rise)


def rise_by_waiting(contacts: LoggedContacts, section: Frustration) -> Floats:
    """How much more frustrated each customer is for having waited."""
    minutes = np.maximum(np.nan_to_num(contacts.waited_s) - section.wait_grace, 0.0) / 60.0
    return np.asarray((1.0 - section.start) * (1.0 - (1.0 - section.per_minute) ** minutes))
