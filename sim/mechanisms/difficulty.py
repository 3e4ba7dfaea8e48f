"""One latent difficulty behind everything: Z, standard normal, one a need (docs/evidence.md, section 1)."""

import math

from sim.jit import compiled


@compiled
def correlated_score(weight: float, difficulty: float, noise: float) -> float:
    """The normal score whose correlation with the difficulty is `weight`; exactly `noise` at weight 0."""
    if weight == 0.0:
        return noise
    return weight * difficulty + math.sqrt(1.0 - weight * weight) * noise


@compiled
def bot_is_capable(selectivity: float, difficulty: float, noise: float, threshold: float) -> bool:
    """Whether the bot can resolve the need: easy needs first, in a share that is exactly Phi(threshold)."""
    return correlated_score(selectivity, difficulty, noise) < threshold
