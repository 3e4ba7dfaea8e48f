"""Supervisor: what an agent may not decide alone (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.schema.base import Section, param
from sim.schema.distribution import Delay, uniform
from sim.schema.faults import BadValueError, Fault, raise_any
from sim.schema.values import SHARE_SCHEMA, AnyNumber, NonNegative, Text, parse_share


def _read_shares(value: Any) -> float | dict[str, float]:
    if not isinstance(value, dict):
        return parse_share(value)
    found: dict[str, float] = {}
    faults = [] if value else [Fault("is an empty map", "Write a share, or a map by intent")]
    for intent, share in value.items():
        try:
            found[intent] = parse_share(share)
        except BadValueError as error:
            faults += [fault.under(intent) for fault in error.faults]
    raise_any(faults)
    return found


SHARES_SCHEMA = {"anyOf": [SHARE_SCHEMA, {"type": "object", "additionalProperties": SHARE_SCHEMA, "minProperties": 1}]}


class Supervisor(Section):
    """Contacts that an agent may not decide alone (evidence 8)."""

    group: Text = param(..., "The group of agents that decides")
    share: Annotated[float | dict[str, float], BeforeValidator(_read_shares), WithJsonSchema(SHARES_SCHEMA)] = param(
        0.08,
        "Share of all needs that take a supervisor; or a map by intent, whose other intents take none",
        source="benchmarks 5-15 %",
        grade="W",
        span=".05-.15",
    )
    difficult_factor: NonNegative = param(
        5.0, "How many times as often, for a difficult need", source="benchmarks (evidence 8)", grade="W"
    )
    difficult_above: AnyNumber = param(
        1.3, "A need is difficult from here on: a normal score, the hardest tenth", source="evidence 8", grade="W"
    )
    time: Delay = param(uniform(180.0, 600.0), "A consultation", source="benchmarks: 3 to 10 minutes", grade="W")
    discretion: NonNegative = param(
        1.0,
        "Times as often as that: less than 1 where agents may decide more",
        source="one telco: 15 to 7 %, which is 0.6 with some caution",
        grade="A",
        span=".45-1",
    )


@compiled
def supervised_share(difficulty: float, easy: float, hard: float, difficult_above: float) -> float:
    """Chance that a need of this difficulty takes a supervisor."""
    return hard if difficulty > difficult_above else easy
