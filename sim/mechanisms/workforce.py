"""Workforce: agents who differ, learn, and have been through redundancies (docs/evidence.md, section 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.jit import compiled
from sim.mechanisms.declaration import Factor, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.distribution import DELAY_SCHEMA, Distribution, distribution_reader, exponential
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import (
    DAY_S,
    DURATION_SCHEMA,
    NonNegative,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    duration_reader,
    number_reader,
)

YEAR_S = 365 * DAY_S


MOST_SPEED_SD = 2


class Learning(Section):
    """How handle time falls with tenure: x (1 + start exp(-days in the job / days))."""

    start: NonNegative = param(
        0.5,
        "Extra handle time of a new starter",
        source="De Grip 2016: performance +64 % in year one",
        grade="S",
        span=".25-.64",
    )
    days: Positive = param(90.0, "Days in which it falls to 37 %", source="De Grip 2016", grade="S", span="60-120")


class Redundancy(Section):
    """What is left of the will to work after a round of redundancies."""

    share: Share = param(
        0.74, "Share of agents whom it affects", source="LeadershipIQ, n=4,172: 74 % report a decline", grade="W"
    )
    handle_time: NonNegative = param(
        0.05, "Their handle time x (1 + k) at first", source="assumption (evidence 5)", grade="A", span="0-.10"
    )
    resolution: Share = param(
        0.02, "Fall of their share resolved at first, in points", source="assumption (evidence 5)", grade="A"
    )
    half_life: PositiveSeconds = param(
        YEAR_S / 2, "Time in which both halve", source="assumption (evidence 5)", grade="A"
    )
    since: Seconds = param(0.0, "Time from the round to the first day measured", source="just now unless given")


def _read_tenure(value: Any, info: ValidationInfo) -> Distribution:
    """Read a distribution of tenures, or a list of them that stands for an empirical one."""
    if not isinstance(value, list | tuple):
        return _distribution(value, info)
    points = _listed_tenures(value, info)
    if not any(points):
        raise bad("has no tenure longer than 0s", "Write at least one above 0s, such as [0s, 90d, 700d]")
    return _distribution({"distribution": "empirical", "points": points}, info)


_distribution = distribution_reader("exponential")


def _listed_tenures(value: Sequence[Any], info: ValidationInfo) -> list[float]:
    read, found = duration_reader(positive=False), []
    faults = [] if value else [Fault("is an empty list", "Write a mean tenure, or a list such as [30d, 90d, 700d]")]
    for k, entry in enumerate(value):
        try:
            found.append(read(entry, info))
        except BadValueError as error:
            faults += [fault.under(k) for fault in error.faults]
    raise_any(faults)
    return found


Tenure = Annotated[
    Distribution,
    BeforeValidator(_read_tenure),
    WithJsonSchema({"anyOf": [DELAY_SCHEMA, {"type": "array", "items": DURATION_SCHEMA, "minItems": 1}]}),
]


SpeedSpread = Annotated[
    float,
    BeforeValidator(number_reader(0, MOST_SPEED_SD)),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_SPEED_SD}),
]


MEAN_TENURE = exponential(2 * YEAR_S)


class Workforce(Section):
    """Agents who differ: in speed, in time in the job, in what a redundancy round did to them (evidence 5)."""

    speed_sd: SpeedSpread = param(
        0.15,
        "Spread of handle time between agents: log-sd of a lognormal factor with mean 1",
        source="Ibrahim et al.; Gans et al. 2010",
        grade="A",
    )
    tenure: Tenure = param(
        MEAN_TENURE,
        "Time in the job at the start; a mean, a distribution, or a list to draw from",
        source="Metrigy 2024: turnover 31 % a year means 38 months, 80 % 15",
        grade="W",
    )
    learning: Learning = param(Learning(), "How handle time falls with tenure")
    redundancy: Redundancy | None = param(None, "After a round of redundancies", off=True)


@compiled
def tenure_factor(tenure_s: float, start: float, days: float) -> float:
    """What an agent's talk time is multiplied by: 1 + start exp(-tenure / days)."""
    if start == 0.0:
        return 1.0
    return 1.0 + start * math.exp(-tenure_s / (days * DAY_S))


@compiled
def speed_factor(score: float, log_sd: float) -> float:
    """An agent's own factor on talk time: lognormal, mean 1 over agents.

    WorkforceParameters
    ----------
    score : standard normal, the agent's own.
    """
    if log_sd == 0.0:
        return 1.0
    return math.exp(log_sd * score - 0.5 * log_sd * log_sd)


@compiled
def what_is_left(effect: float, since_s: float, half_life_s: float) -> float:
    """An effect that halves with every half-life."""
    return effect * math.exp(-math.log(2.0) * since_s / half_life_s)


@compiled
def less_points(chance: float, points: float) -> float:
    """A chance lowered by so many points, 0 at least."""
    return max(chance - points, 0.0)


class WorkforceParameters(NamedTuple):
    """How agents differ, learn, and what a round of redundancies does to them."""

    speed_sd: float = 0.0
    learning_start: float = 0.0
    learning_days: float = 1.0
    affected: float = 0.0
    redundancy_time: float = 0.0
    redundancy_points: float = 0.0
    redundancy_since_s: float = 0.0
    half_life_s: float = 1.0


def law(section: Workforce, _numbers: Numbers) -> WorkforceParameters:
    """Turn the section into numbers."""
    learning, round_ = section.learning, section.redundancy
    differs = WorkforceParameters(section.speed_sd, learning.start, learning.days)
    if round_ is None:
        return differs
    return differs._replace(
        affected=round_.share,
        redundancy_time=round_.handle_time,
        redundancy_points=round_.resolution,
        redundancy_since_s=round_.since,
        half_life_s=round_.half_life,
    )


MECHANISM = Mechanism(
    "workforce",
    Workforce,
    WorkforceParameters,
    law,
    parts=(
        Factor(
            "tenure",
            "new agents, who still learn",
            30,
            ("workforce.learning", "workforce.tenure"),
            colour="green",
            short="new agents",
        ),
        Factor(
            "redundancy",
            "a redundancy round",
            40,
            tuple(f"workforce.redundancy.{key}" for key in ("share", "handle_time", "half_life", "since")),
            colour="green",
            hatch="....",
        ),
        Factor(
            "speed",
            "agents' own speed",
            50,
            ("workforce.speed_sd", "agents.*.skills"),
            colour="white",
            hatch="....",
            note="Agents' own speed is below 0 where faster agents take more contacts.",
        ),
    ),
    neutral={"speed_sd": 0, "learning": {"start": 0}},
)
