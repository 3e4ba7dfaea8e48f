"""Frustration of a customer, 0 to 1 (docs/evidence.md, section 3).

It rises by a share of what is left to rise. Its effects use the rise above the start, so the stated inputs are those
of a fresh customer.
"""

import math

from sim.jit import compiled


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
def shortened_patience(patience_s: float, rise: float, effect: float) -> float:
    """A frustrated customer's patience (s): times exp(-effect f'); who never gives up never does."""
    if effect == 0.0 or patience_s == math.inf:
        return patience_s
    return patience_s * math.exp(-effect * rise)


@compiled
def talk_factor(rise: float, effect: float) -> float:
    """What a frustrated customer's talk time is multiplied by: 1 + effect f'."""
    return 1.0 + effect * rise
