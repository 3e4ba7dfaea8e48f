"""Mistreatment: customers who mistreat the agent (docs/evidence.md, section 3)."""

from __future__ import annotations

from sim.jit import compiled
from sim.mechanisms.resolution import expit
from sim.schema.base import Section, param
from sim.schema.values import AnyNumber


class Mistreatment(Section):
    """Customers who mistreat the agent (evidence 3)."""

    intercept: AnyNumber = param(
        -1.70,
        "Log odds at frustration 0; .21 for a fresh customer",
        source="Wang 2011: 20-25 % of calls",
        grade="S",
    )
    slope: AnyNumber = param(2.5, "Rise of the log odds with frustration", source="assumption (evidence 3)", grade="A")


@compiled
def mistreatment_probability(frustration: float, intercept: float, slope: float) -> float:
    """Chance that a customer of this frustration mistreats the agent: expit(intercept + slope f)."""
    return expit(intercept + slope * frustration)
