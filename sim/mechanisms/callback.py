"""Call-back, or virtual hold: who would have to wait for long is called when the turn comes (docs/channels.md)."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.schema.base import Section, param
from sim.schema.values import PositiveSeconds, Seconds, Share, whole_reader
from sim.schema.yes_no import YesNo

MOST_TRIES = 63


class Callback(Section):
    """An offer to be called back instead of waiting in the line."""

    offer_above: Seconds = param(120.0, "Expected wait above which it is offered", source="practice", grade="A")
    accepts: Share = param(
        0.40,
        "Share of those offered it who accept",
        source="assumption: no measured rate found; a vendor's survey says 63 % prefer it",
        grade="A",
        span=".30-.60",
    )
    keeps_place: YesNo = param(True, "Whether the place in the line is kept; otherwise behind everybody who waits")
    answers: Share = param(0.85, "Answers when called", source="assumption (evidence 12)", grade="A", span=".6-.95")
    attempts: Annotated[
        int,
        BeforeValidator(whole_reader(1, MOST_TRIES)),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_TRIES}),
    ] = param(3, "Times that a customer is called before it is given up", source="practice", grade="A")
    ring: Seconds = param(25.0, "Agent's time that a call without an answer takes", source="practice", grade="A")
    between: Seconds = param(900.0, "Time until the next call", source="practice", grade="A")
    expires: PositiveSeconds = param(14_400.0, "Time after which nobody calls any more", source="practice", grade="A")


class CallbackParameters(NamedTuple):
    """Whether it is offered, to whom, and how often a customer is called."""

    on: bool = False
    offer_above_s: float = 0.0
    accepts: float = 0.0
    keeps_place: bool = True
    answers: float = 0.0
    attempts: int = 0
    ring_us: int = 0
    between_us: int = 0
    expires_us: int = 0


@compiled
def expected_wait_s(ahead: int, mean_s: float, agents: int) -> float:
    """The wait (s) that a customer is told: (contacts ahead + 1) x mean handle time / agents who may serve."""
    return (ahead + 1) * mean_s / agents if agents > 0 else float("inf")
