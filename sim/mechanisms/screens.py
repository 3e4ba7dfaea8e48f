"""Screens: the systems that agents switch between (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from sim.schema.base import Section, param
from sim.schema.values import NonNegative, Seconds, whole_reader

MOST_SYSTEMS = 1000


Systems = Annotated[
    int,
    BeforeValidator(whole_reader(1, MOST_SYSTEMS)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_SYSTEMS}),
]


class Screens(Section):
    """Systems that an agent works in during a contact (evidence 8)."""

    systems: Systems = param(4, "Systems; one costs nothing", source="Murty et al. 2022", grade="M")
    switches: NonNegative = param(
        4.0, "Switches a contact for each system beyond the first", source="12 at four systems", grade="M"
    )
    seconds: Seconds = param(
        2.4, "A switch", source="Murty et al. 2022: 1,200 switches a day, about 9 % of time", grade="M", span="0.8s-5s"
    )
