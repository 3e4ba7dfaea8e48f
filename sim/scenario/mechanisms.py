"""The mechanisms: each off when absent, each default with its source and grade (docs/evidence.md)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.scenario.base import Section, param
from sim.scenario.faults import BadValueError, Fault, bad, raise_any
from sim.scenario.values import (
    DAY_S,
    DURATION_SCHEMA,
    AnyNumber,
    NonNegative,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    duration_reader,
    duration_text,
    number_reader,
)


class FrustrationEffects(Section):
    """What frustration above its start does."""

    patience: NonNegative = param(
        0.7, "Patience x exp(-k f')", source="Emadi & Swaminathan: earlier abandoners abandon more", grade="A"
    )
    talk_time: NonNegative = param(
        0.15,
        "Handle time x (1 + k f')",
        source="Rafaeli 2019, 145,995 chats: direction",
        grade="A",
        span=".05-.30",
    )
    resolution: NonNegative = param(
        0.4, "Log odds of resolution - k f'", source="Rafaeli 2012: direction", grade="A", span="0-.8"
    )


class Frustration(Section):
    """What customers carry from one contact to the next (evidence 3)."""

    start: Share = param(0.15, "Frustration of a fresh customer", source="assumption (evidence 3)", grade="A")
    failed_turn: Share = param(0.12, "Rise with a failed turn of the bot", source="assumption (evidence 3)", grade="A")
    repeats_himself: Share = param(0.15, "Rise where the context is lost", source="assumption (evidence 3)", grade="A")
    wait_grace: Seconds = param(60.0, "Wait that does not frustrate", source="assumption (evidence 3)", grade="A")
    per_minute: Share = param(0.03, "Rise with each further minute", source="assumption (evidence 3)", grade="A")
    returns: Share = param(0.20, "Rise with every return", source="assumption (evidence 3)", grade="A")
    transferred: Share = param(
        0.15,
        "Rise on being sent to another agent (pace.sends_away)",
        source="assumption (evidence 3)",
        grade="A",
    )
    effects: FrustrationEffects = param(FrustrationEffects(), "What it does")


class Expectations(Section):
    """Customers whom good service elsewhere has spoiled (evidence 8)."""

    patience: Share = param(
        0.9, "Patience x this", source="assumption: AI raised the bar for what customers expect", grade="A"
    )
    start: Share = param(0.05, "Frustration of a fresh customer, above frustration.start", source="same", grade="A")


class Trust(Section):
    """What is left of a customer's trust in the company and its bot (evidence 8)."""

    start: Share = param(0.6, "Trust of a new customer", source="Deloitte TrustID: direction", grade="W")
    failed_bot: Share = param(
        0.05, "Fall with a session that the bot fails", source="Deloitte TrustID: direction", grade="W"
    )
    unresolved: Share = param(
        0.10, "Fall with a contact that leaves the need unresolved", source="Deloitte TrustID: direction", grade="W"
    )
    good: Share = param(0.03, "Rise with a need resolved", source="Deloitte TrustID: direction", grade="W")
    opt_out: NonNegative = param(
        4.0, "Log odds of asking for a human at once + k (start - trust)", source="assumption (evidence 8)", grade="A"
    )


class InducedDemand(Section):
    """Gains that get absorbed: what has become easier is asked for more often (evidence 8)."""

    elasticity: NonNegative = param(
        0.0, "Arrivals x (1 + elasticity x ease)", source="assumption: none unless given", grade="A"
    )
    ease: Share = param(
        1.0, "How much easier contact has become: 0 not at all, 1 wholly", source="assumption", grade="A"
    )


class Mistreatment(Section):
    """Customers who mistreat the agent (evidence 3)."""

    intercept: AnyNumber = param(
        -1.70,
        "Log odds at frustration 0; .21 for a fresh customer",
        source="Wang 2011: 20-25 % of calls",
        grade="S",
    )
    slope: AnyNumber = param(2.5, "Rise of the log odds with frustration", source="assumption (evidence 3)", grade="A")


class Recovery(Section):
    """Decay of fatigue an hour, by what the agent does."""

    available: NonNegative = param(
        0.35, "While available, an hour", source="Albulescu 2022, 22 samples: direction", grade="A"
    )
    break_time: NonNegative = param(
        1.8,
        "On a break, an hour",
        source="Albulescu 2022: breaks up to 10 min cut fatigue d=.35",
        grade="A",
        alias="break",
    )
    off: NonNegative = param(0.12, "Off shift, an hour", source="Albulescu 2022: direction", grade="A")


MOST_SPREAD = 3
Spread = Annotated[
    float,
    BeforeValidator(number_reader(0, MOST_SPREAD)),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_SPREAD}),
]
"""At this limit the logarithm of a wholly tired agent's talk time is spread four times as wide."""


class FatigueEffects(Section):
    """What fatigue does."""

    talk_time: NonNegative = param(
        0.18,
        "Handle time x (1 + k F)",
        source="London Ambulance, 368,634 jobs: +5 % over a shift",
        grade="M",
        span=".05-.30",
    )
    spread: Spread = param(
        0.65,
        "Exponent of the spread of handle time, 1 + k F; at most 3",
        source="London Ambulance: variance +39 % over a shift",
        grade="M",
    )
    resolution: NonNegative = param(
        0.6, "Log odds of resolution - k F", source="Kc & Terwiesch 2009, by analogy", grade="A", span="0-1.2"
    )


def _at_most_a_day(seconds: float) -> float:
    if seconds > DAY_S:
        raise bad("is longer than a day", "Write at most 24h", duration_text(seconds))
    return seconds


Pause = Annotated[PositiveSeconds, AfterValidator(_at_most_a_day)]


class Fatigue(Section):
    """How agents tire and recover (evidence 4)."""

    build_per_hour: NonNegative = param(
        0.10,
        "Growth while handling, an hour",
        source="Deery 2002, n=480: direction",
        grade="A",
        span=".05-.20",
    )
    recovery_per_hour: Recovery = param(Recovery(), "Decay an hour")
    mistreatment_weight: NonNegative = param(
        1.5,
        "Extra growth in a contact with mistreatment",
        source="Deery 2002: direction",
        grade="A",
        span="0-3",
    )
    effects: FatigueEffects = param(FatigueEffects(), "What it does")
    strain_threshold: Share = param(
        0.35, "Fatigue above which time counts as strained", source="reporting only", grade="A"
    )
    break_at: Share | None = param(
        None, "Fatigue at which an agent pauses as soon as the contact in hand ends, such as 0.35", off=True
    )
    break_length: Pause = param(
        300.0, "Length of that pause", source="assumption: detect stress, suggest an intervention", grade="A"
    )
    recovery_time: Pause | None = param(
        None, "Pause after a contact with mistreatment, or a long one, such as 60s", off=True
    )
    long_contact: Positive = param(
        2.0, "A contact is long from so many times its intent's stated AHT on", source="assumption", grade="A"
    )


def _read_target(value: Any, info: ValidationInfo) -> Any:
    read = duration_reader(positive=True)
    if not isinstance(value, dict):
        return read(value, info)
    found: dict[str, float] = {}
    faults: list[Fault] = [] if value else [Fault("is an empty map", "Write an AHT, or a map by intent")]
    for intent, target in value.items():
        try:
            found[intent] = read(target, info)
        except BadValueError as error:
            faults += [fault.under(intent) for fault in error.faults]
    raise_any(faults)
    return found


def _target_in_file_form(target: float | dict[str, float]) -> str | dict[str, str]:
    if isinstance(target, dict):
        return {intent: duration_text(seconds) for intent, seconds in target.items()}
    return duration_text(target)


class Pace(Section):
    """The handle-time target and what agents do to meet it (evidence 6)."""

    target: Annotated[
        float | dict[str, float],
        BeforeValidator(_read_target),
        PlainSerializer(_target_in_file_form, when_used="json"),
        WithJsonSchema(
            {
                "anyOf": [
                    DURATION_SCHEMA,
                    {"type": "object", "additionalProperties": DURATION_SCHEMA, "minProperties": 1},
                ]
            }
        ),
    ] = param(..., "Target for the average handle time, or a map by intent")
    push: Share = param(0.6, "How far agents follow the target", source="Dell 2006; Wegge 2007", grade="M", span="0-1")
    resolution_slope: NonNegative = param(
        1.5,
        "Log odds of resolution + k ln(talk / talk needed)",
        source="Dell 2006: 22 to 32 min, .44 to .65 gives 2.30",
        grade="M",
        span="0-2.3",
    )
    sends_away: Share | None = param(
        None,
        "Share of contacts that agents pass on to a colleague while the target is below `sends_away_below` of the "
        "handle time that they need, such as 0.10",
        off=True,
    )
    sends_away_below: Share = param(
        0.7, "Target / handle time needed, below which they do", source="practice (evidence 6)", grade="W"
    )
