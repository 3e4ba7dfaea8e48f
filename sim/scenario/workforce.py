"""Mechanisms of the agents: who they are, what helps them, what they work with (docs/evidence.md, sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.scenario.base import Section, param
from sim.scenario.distribution import (
    DELAY_SCHEMA,
    Delay,
    Distribution,
    distribution_reader,
    exponential,
    lognormal,
    uniform,
)
from sim.scenario.faults import BadValueError, Fault, bad, raise_any
from sim.scenario.values import (
    DAY_S,
    DURATION_SCHEMA,
    SHARE_SCHEMA,
    AnyNumber,
    NonNegative,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    choice_reader,
    duration_reader,
    number_reader,
    parse_share,
    whole_reader,
)

YEAR_S = 365 * DAY_S
MOST_SPEED_SD = 2
MOST_SYSTEMS = 1000
Monitoring = Annotated[Literal["coach", "cop"], BeforeValidator(choice_reader("coach", "cop"))]
Systems = Annotated[
    int,
    BeforeValidator(whole_reader(1, MOST_SYSTEMS)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_SYSTEMS}),
]


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


class Summary(Section):
    """The assistant writes the summary of a contact."""

    wrap_up: Share = param(0.5, "What is left of wrap-up", source="DBS: -22 to -32 s", grade="W", span=".2-.8")


class Cleanup(Section):
    """Agents correct what the assistant logged."""

    probability: Share = param(0.15, "Share of contacts", source="a financial-services VP", grade="A", span=".05-.40")
    time: Delay = param(
        lognormal(60.0, 1.0),
        "Added to wrap-up",
        source="a financial-services VP; stress case 20 min a contact",
        grade="A",
        span="20s-180s",
    )


class Assistant(Section):
    """Software that advises the agent during a contact (evidence 5)."""

    uplift: NonNegative = param(
        0.34,
        "Contacts an hour x (1 + u exp(-tenure / decay)), all of it through talk time",
        source="Brynjolfsson, Li & Raymond 2025, n=5,172: 34 % for novices",
        grade="S",
    )
    decay: PositiveSeconds = param(
        YEAR_S / 2, "Tenure at which 37 % of the uplift is left", source="the same: none after a year", grade="A"
    )
    adoption: Share = param(
        1.0, "Share of agents who use it", source="lower where cuts are announced (evidence 5)", grade="A", span=".4-1"
    )
    reinvest: Share = param(0.0, "Share of the time saved that stays in the contact", source="none unless given")
    reinvest_slope: NonNegative = param(
        1.5, "Log odds of resolution + k ln(talk / fastest talk)", source="pace.resolution_slope", grade="A"
    )
    extra_time: Seconds = param(0.0, "Extra steps in every contact of a user", source="none unless given")
    mistreatment: AnyNumber = param(
        -0.2, "Log odds of mistreatment, for a user", source="the same: requests for a manager -23 %", grade="W"
    )
    summary: Summary | None = param(None, "It writes the summary", off=True)
    cleanup: Cleanup | None = param(None, "Agents correct what it logs", off=True)
    monitoring: Monitoring | None = param(None, "It watches the agents: coach or cop", off=True)
    cop_build_up: Positive = param(
        1.10,
        "With monitoring: cop, fatigue builds up so many times as fast",
        source="Siegel 2022: stress r=.12, performance -.01",
        grade="A",
        span="1-1.25",
    )


class Screens(Section):
    """Systems that an agent works in during a contact (evidence 8)."""

    systems: Systems = param(4, "Systems; one costs nothing", source="Murty et al. 2022", grade="M")
    switches: NonNegative = param(
        4.0, "Switches a contact for each system beyond the first", source="12 at four systems", grade="M"
    )
    seconds: Seconds = param(
        2.4, "A switch", source="Murty et al. 2022: 1,200 switches a day, about 9 % of time", grade="M", span="0.8s-5s"
    )


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
