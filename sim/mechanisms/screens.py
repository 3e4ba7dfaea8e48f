"""Screens: the systems that agents switch between (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.mechanisms.declaration import Factor, Mechanism, Numbers
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


class ScreensParameters(NamedTuple):
    """Seconds that switching adds to every talk."""

    added_s: float = 0.0


def law(section: Screens, _numbers: Numbers) -> ScreensParameters:
    """Turn the section into numbers: one system costs nothing."""
    return ScreensParameters((section.systems - 1) * section.switches * section.seconds)


@compiled
def with_switching(talk_s: float, added_s: float) -> float:
    """The talk (s), and the time spent on switching between systems."""
    return talk_s + added_s


def fewer(before: Screens | None, now: Screens | None) -> bool:
    """Whether there are fewer systems than before."""
    then, later = (1 if section is None else section.systems for section in (before, now))
    return later < then


MECHANISM = Mechanism(
    "screens",
    Screens,
    ScreensParameters,
    law,
    parts=(Factor("screens", "switching between systems", 80, ("screens",), colour="yellow"),),
    neutral={"systems": 1},
    saving="fewer systems to work in",
    saves=fewer,
)
