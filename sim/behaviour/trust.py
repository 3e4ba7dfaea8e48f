"""Trust of a customer, 0 to 1, and what it does to asking for a human (docs/evidence.md, section 8)."""

import math

from sim.behaviour.resolution import expit
from sim.jit import compiled


@compiled
def lowered(trust: float, step: float) -> float:
    """Trust after something bad: less by a step, 0 at least."""
    return max(trust - step, 0.0)


@compiled
def lifted(trust: float, step: float) -> float:
    """Trust after something good: more by a step, 1 at most."""
    return min(trust + step, 1.0)


@compiled
def opt_out_share(share: float, lost: float, slope: float) -> float:
    """Share that asks for a human at once when so much trust is lost: log odds + slope x lost."""
    if lost * slope == 0.0 or share <= 0.0 or share >= 1.0:
        return share
    return expit(math.log(share / (1.0 - share)) + slope * lost)
