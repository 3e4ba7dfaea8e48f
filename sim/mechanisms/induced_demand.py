"""Induced demand: what has become easier is asked for more often (docs/evidence.md, section 8)."""

from __future__ import annotations

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
