"""Customers who mistreat the agent (docs/evidence.md, section 3)."""

from sim.behaviour.resolution import expit
from sim.jit import compiled


@compiled
def mistreatment_probability(frustration: float, intercept: float, slope: float) -> float:
    """Chance that a customer of this frustration mistreats the agent: expit(intercept + slope f)."""
    return expit(intercept + slope * frustration)
