"""Deferred work: e-mail, tickets, back office, which wait in a backlog until somebody has time (docs/channels.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema

from sim.schema.base import Section, param
from sim.schema.values import PositiveSeconds, Seconds, choice_reader, whole_reader

CLOCKS = ("business", "elapsed")
MOST_ITEMS = 10_000_000

Clock = Annotated[Literal["business", "elapsed"], BeforeValidator(choice_reader(*CLOCKS))]
Due = PositiveSeconds


class OpeningBacklog(Section):
    """What is there before the first day that is simulated."""

    count: Annotated[
        int, BeforeValidator(whole_reader(0, MOST_ITEMS)), WithJsonSchema({"type": "integer", "minimum": 0})
    ] = param(..., "Items")
    age: Seconds = param(0.0, "How old each of them is then, by the intent's clock", source="new unless given")
