"""Mistreatment: customers who mistreat the agent (docs/evidence.md, section 3)."""

from __future__ import annotations

from typing import NamedTuple

from sim.jit import compiled
from sim.mechanisms.declaration import Mechanism, Numbers
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


class MistreatmentParameters(NamedTuple):
    """Whether customers mistreat agents, and the log odds of it."""

    on: bool = False
    intercept: float = 0.0
    slope: float = 0.0


def law(section: Mistreatment, _numbers: Numbers) -> MistreatmentParameters:
    """Turn the section into numbers."""
    return MistreatmentParameters(True, section.intercept, section.slope)


MECHANISM = Mechanism(
    "mistreatment",
    Mistreatment,
    MistreatmentParameters,
    law,
    null={"mistreatment.slope": 0.0},
    neutral={"intercept": -1e6, "slope": 0},
    bar="frustration",
)
