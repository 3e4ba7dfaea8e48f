"""Software that advises the agent (docs/evidence.md, section 5)."""

import math

from sim.jit import compiled


@compiled
def fast_factor(tenure_s: float, uplift: float, decay_s: float) -> float:
    """What the talk time of a user is multiplied by, nothing reinvested: 1 / (1 + u exp(-tenure / decay))."""
    return 1.0 / (1.0 + uplift * math.exp(-tenure_s / decay_s))


@compiled
def kept_factor(fast: float, reinvest: float) -> float:
    """The same where a share of the time saved stays in the contact."""
    return fast + reinvest * (1.0 - fast)


@compiled
def reinvested_logit(fast: float, kept: float, slope: float) -> float:
    """Log odds of resolution that the time kept brings: slope ln(talk / fastest talk)."""
    if kept == fast:
        return 0.0
    return slope * math.log(kept / fast)
