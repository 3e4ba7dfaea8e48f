"""Time in the job (docs/evidence.md, section 5)."""

import math

from sim.jit import compiled
from sim.scenario.values import DAY_S


@compiled
def tenure_factor(tenure_s: float, start: float, days: float) -> float:
    """What an agent's talk time is multiplied by: 1 + start exp(-tenure / days)."""
    if start == 0.0:
        return 1.0
    return 1.0 + start * math.exp(-tenure_s / (days * DAY_S))


@compiled
def speed_factor(score: float, log_sd: float) -> float:
    """An agent's own factor on talk time: lognormal, mean 1 over agents.

    Parameters
    ----------
    score : standard normal, the agent's own.
    """
    if log_sd == 0.0:
        return 1.0
    return math.exp(log_sd * score - 0.5 * log_sd * log_sd)
