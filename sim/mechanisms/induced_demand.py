"""Induced demand: what has become easier is asked for more often (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import NamedTuple

from sim.mechanisms.declaration import Checked, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.values import NonNegative, Share


class InducedDemand(Section):
    """Gains that get absorbed: what has become easier is asked for more often (evidence 8)."""

    elasticity: NonNegative = param(
        0.0, "Arrivals x (1 + elasticity x ease)", source="assumption: none unless given", grade="A"
    )
    ease: Share = param(
        1.0, "How much easier contact has become: 0 not at all, 1 wholly", source="assumption", grade="A"
    )


class InducedDemandParameters(NamedTuple):
    """The engines read nothing of it: it acts on arrivals alone."""


def law(_section: InducedDemand, _numbers: Numbers) -> InducedDemandParameters:
    """Turn the section into numbers."""
    return InducedDemandParameters()


def demand(section: InducedDemand) -> float:
    """What arrivals are multiplied by."""
    return 1.0 + section.elasticity * section.ease


def check(checked: Checked) -> None:
    """Say where it has no effect."""
    if checked.scenario.induced_demand.elasticity == 0:
        checked.reporter.note("induced_demand has no effect: elasticity is 0")


MECHANISM = Mechanism(
    "induced_demand",
    InducedDemand,
    InducedDemandParameters,
    law,
    demand=demand,
    neutral={"elasticity": 0},
    check=check,
    bar="volume",
)
