"""Pace: agents steer their average handle time to a target (docs/evidence.md, section 6)."""

import math

from sim.jit import compiled

RUNNING_WEIGHT = 1.0 / 200.0


@compiled
def squeeze(running_aht_s: float, target_s: float, push: float) -> float:
    """The factor on every talk: 1 - push (1 - r), r = min(1, target / running mean). A target of 0 means none."""
    if target_s <= 0.0 or running_aht_s <= target_s:
        return 1.0
    return 1.0 - push * (1.0 - target_s / running_aht_s)


@compiled
def running_mean(mean_s: float, handled_s: float) -> float:
    """The running mean of unsqueezed handle times after one more contact."""
    return mean_s + RUNNING_WEIGHT * (handled_s - mean_s)


@compiled
def squeezed_logit(logit: float, factor: float, slope: float) -> float:
    """Log odds of resolving after a talk cut to `factor` of what it needed: + slope ln(factor)."""
    if factor == 1.0:
        return logit
    return logit + slope * math.log(factor)


@compiled
def is_pressed(running_aht_s: float, target_s: float, below: float) -> bool:
    """Whether the target is so far below the running mean that agents send contacts away."""
    return 0.0 < target_s < below * running_aht_s
