"""One latent difficulty behind everything: Z, standard normal, one a need (docs/evidence.md, section 1)."""

import math

import numpy as np
import numpy.typing as npt

from sim.jit import compiled
from sim.rng.scores import quantile


@compiled
def correlated_score(weight: float, difficulty: float, noise: float) -> float:
    """The normal score whose correlation with the difficulty is `weight`; exactly `noise` at weight 0."""
    if weight == 0.0:
        return noise
    return weight * difficulty + math.sqrt(1.0 - weight * weight) * noise


@compiled
def base_talk_time(
    kind: int,
    a: float,
    b: float,
    points: npt.NDArray[np.float64],
    weight: float,
    difficulty: float,
    noise: float,
) -> float:
    """T0 (s): the stated talk-time distribution at a score correlated with the difficulty.

    The marginal is the stated distribution whatever the weight is (Gaussian copula).
    """
    return quantile(kind, a, b, points, correlated_score(weight, difficulty, noise))


@compiled
def bot_is_capable(selectivity: float, difficulty: float, noise: float, threshold: float) -> bool:
    """Whether the bot can resolve the need: easy needs first, in a share that is exactly Phi(threshold)."""
    return correlated_score(selectivity, difficulty, noise) < threshold
