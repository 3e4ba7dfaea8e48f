"""Expectations: customers whom good service elsewhere has spoiled (docs/evidence.md, section 8)."""

from __future__ import annotations

from sim.schema.base import Section, param
from sim.schema.values import Share


class Expectations(Section):
    """Customers whom good service elsewhere has spoiled (evidence 8)."""

    patience: Share = param(
        0.9, "Patience x this", source="assumption: AI raised the bar for what customers expect", grade="A"
    )
    start: Share = param(0.05, "Frustration of a fresh customer, above frustration.start", source="same", grade="A")
