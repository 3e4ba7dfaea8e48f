"""Frustration: what customers carry from one contact to the next, 0 to 1 (docs/evidence.md, section 3).

It rises by a share of what is left to rise. Its effects use the rise above the start, so the stated inputs are those
of a fresh customer.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.jit import compiled
from sim.mechanisms.declaration import Factor, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.values import NonNegative, Seconds, Share


class FrustrationEffects(Section):
    """What frustration above its start does."""

    patience: NonNegative = param(
        0.7, "Patience x exp(-k f')", source="Emadi & Swaminathan: earlier abandoners abandon more", grade="A"
    )
    talk_time: NonNegative = param(
        0.15,
        "Handle time x (1 + k f')",
        source="Rafaeli 2019, 145,995 chats: direction",
        grade="A",
        span=".05-.30",
    )
    resolution: NonNegative = param(
        0.4, "Log odds of resolution - k f'", source="Rafaeli 2012: direction", grade="A", span="0-.8"
    )


class Frustration(Section):
    """What customers carry from one contact to the next (evidence 3)."""

    start: Share = param(0.15, "Frustration of a fresh customer", source="assumption (evidence 3)", grade="A")
    failed_turn: Share = param(0.12, "Rise with a failed turn of the bot", source="assumption (evidence 3)", grade="A")
    repeats_himself: Share = param(0.15, "Rise where the context is lost", source="assumption (evidence 3)", grade="A")
    wait_grace: Seconds = param(60.0, "Wait that does not frustrate", source="assumption (evidence 3)", grade="A")
    per_minute: Share = param(0.03, "Rise with each further minute", source="assumption (evidence 3)", grade="A")
    late_hour: Share = param(
        0.03, "Rise with each business hour that deferred work is overdue", source="assumption (evidence 3)", grade="A"
    )
    returns: Share = param(0.20, "Rise with every return", source="assumption (evidence 3)", grade="A")
    transferred: Share = param(
        0.15,
        "Rise on being sent to another agent (pace.sends_away)",
        source="assumption (evidence 3)",
        grade="A",
    )
    effects: FrustrationEffects = param(FrustrationEffects(), "What it does")


@compiled
def raised(frustration: float, step: float) -> float:
    """Frustration after an event of size `step`: f + step (1 - f)."""
    return frustration + step * (1.0 - frustration)


@compiled
def after_waiting(frustration: float, waited_s: float, grace_s: float, per_minute: float) -> float:
    """Frustration after a wait: each minute beyond the grace is an event of size `per_minute`, continuously."""
    if per_minute == 0.0 or waited_s <= grace_s:
        return frustration
    minutes = (waited_s - grace_s) / 60.0
    return raised(frustration, 1.0 - (1.0 - per_minute) ** minutes)


@compiled
def after_being_late(frustration: float, hours: float, late_hour: float) -> float:
    """Frustration when work is begun so many business hours after it was due: each is an event of that size."""
    if late_hour == 0.0 or hours <= 0.0:
        return frustration
    return raised(frustration, 1.0 - (1.0 - late_hour) ** hours)


@compiled
def shortened_patience(patience_s: float, rise: float, effect: float) -> float:
    """A frustrated customer's patience (s): times exp(-effect f'); who never gives up never does."""
    if effect == 0.0 or patience_s == math.inf:
        return patience_s
    return patience_s * math.exp(-effect * rise)


@compiled
def talk_factor(rise: float, effect: float) -> float:
    """What a frustrated customer's talk time is multiplied by: 1 + effect f'."""
    return 1.0 + effect * rise


class FrustrationParameters(NamedTuple):
    """Where frustration starts, its steps, and its effects; without it nobody changes."""

    start: float = Frustration().start
    failed_turn: float = 0.0
    repeats_himself: float = 0.0
    wait_grace_s: float = 0.0
    per_minute: float = 0.0
    late_hour: float = 0.0
    returns: float = 0.0
    transferred: float = 0.0
    patience: float = 0.0
    talk: float = 0.0
    resolution: float = 0.0


def law(section: Frustration, _numbers: Numbers) -> FrustrationParameters:
    """Turn the section into numbers."""
    effects = section.effects
    return FrustrationParameters(
        section.start,
        section.failed_turn,
        section.repeats_himself,
        section.wait_grace,
        section.per_minute,
        section.late_hour,
        section.returns,
        section.transferred,
        effects.patience,
        effects.talk_time,
        effects.resolution,
    )


MECHANISM = Mechanism(
    "frustration",
    Frustration,
    FrustrationParameters,
    law,
    parts=(
        Factor(
            "frustration",
            "frustrated customers",
            10,
            ("frustration.effects.talk_time",),
            bar="frustration",
            colour="vermilion",
        ),
    ),
    null={f"frustration.effects.{effect}": 0.0 for effect in ("patience", "talk_time", "resolution")},
    neutral={
        **dict.fromkeys(("failed_turn", "repeats_himself", "per_minute", "late_hour", "returns", "transferred"), 0),
        "effects": {"patience": 0, "talk_time": 0, "resolution": 0},
    },
    bar="frustration",
)
