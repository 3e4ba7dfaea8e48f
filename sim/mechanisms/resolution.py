"""Whether a contact resolves the need (docs/evidence.md, section 7)."""

import math

from sim.jit import compiled


@compiled
def expit(x: float) -> float:
    """The logistic function; 0 and 1 at the infinities, and 1 from where no number lies between."""
    if x >= 38.0:
        return 1.0
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def resolution_logit(
    base: float,
    slope: float,
    difficulty: float,
    frustration_effect: float,
    rise: float,
    fatigue_effect: float,
    fatigue: float,
) -> float:
    """Log odds of resolving before pace: b0 - slope Z - k_f f' - k_F F."""
    return base - slope * difficulty - frustration_effect * rise - fatigue_effect * fatigue
