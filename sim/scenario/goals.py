"""Targets, costs and how long to simulate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from sim.scenario.measure_names import precision_names
from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.values import (
    DAY_S,
    DURATION_SCHEMA,
    NonNegative,
    Positive,
    PositiveSeconds,
    Seconds,
    Share,
    Text,
    as_duration,
    choice_reader,
    finite,
    number_reader,
    parse_duration,
    parse_share,
    whole_reader,
)

DEFINITIONS = ("sl_offered", "sl_excl_abn_in_t", "sl_credit_abn_in_t", "sl_answered")
AUTO = "auto"
MOST_REPLICATIONS = 1_000_000
MOST_SEED = 10**12
LEAST_FOR_PRECISION = 30
SHORT_SL = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*/\s*([0-9]+(?:\.[0-9]+)?)\s*s?\s*")


class ServiceLevel(Section):
    """The planner's service level: `share` answered within `within` seconds, by one of four definitions.

    `given` tells whether the file states it; without, it is a definition for reports and no target.
    """

    share: Share = param(0.8, "Share to answer in time", source="the common 80/20")
    within: Seconds = param(20.0, "Time from joining the human queue", source="the common 80/20")
    definition: Annotated[
        Literal["sl_offered", "sl_excl_abn_in_t", "sl_credit_abn_in_t", "sl_answered"],
        BeforeValidator(choice_reader(*DEFINITIONS)),
    ] = param("sl_offered", "Which of the four service levels", source="contract")
    given: bool = param(False, hidden=True)


def _read_service_level(value: Any) -> Any:
    if isinstance(value, ServiceLevel):
        return value
    if isinstance(value, dict):
        if "given" in value:
            raise BadValueError(
                Fault("is not a key", nearest("given", ("share", "within", "definition")), ("given",), key=True)
            )
        return value | {"given": True}
    match = SHORT_SL.fullmatch(value) if isinstance(value, str) and len(value) < 100 else None
    if match is None or not 0 < float(match[1]) <= 100:
        raise bad(
            "is not a service level",
            "Write 80/20, or {share: 80%, within: 20s, definition: sl_offered}",
            value,
        )
    return {"share": f"{match[1]}%", "within": f"{match[2]}s", "given": True}


class TargetsOfSome(Section):
    """What the planner wants of a channel, an intent or a skill; None where there is no target."""

    service_level: Annotated[ServiceLevel | None, BeforeValidator(_read_service_level)] = param(
        None, "80/60, or {share: 80%, within: 60s, definition: sl_offered}", off=True
    )
    abandonment: Share | None = param(None, "At most this share abandons", off=True)
    resolution: Share | None = param(None, "At least this share of needs resolved in the end", off=True)
    due_met: Share | None = param(None, "Of deferred work: at least this share done by due", off=True)


OFF = "off"


def _read_some(value: Any) -> Any:
    return None if value == OFF else value


class Targets(Section):
    """What the planner wants to meet; None where there is no target.

    Every key that is not one of these names a channel, an intent or a skill, and holds targets of its own.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[TargetsOfSome | None, BeforeValidator(_read_some)]]

    service_level: Annotated[ServiceLevel, BeforeValidator(_read_service_level)] = param(
        ServiceLevel(), "80/20, or {share: 80%, within: 20s, definition: sl_offered}", off=True
    )
    abandonment: Share | None = param(None, "At most this share abandons", off=True)
    occupancy: Share | None = param(None, "At most this occupancy", off=True)
    resolution: Share | None = param(None, "At least this share of needs resolved in the end", off=True)
    strained_share: Share | None = param(None, "At most this share of agent time above the strain threshold", off=True)

    @property
    def of_some(self) -> dict[str, TargetsOfSome]:
        """Return the targets of channels, intents and skills, by name."""
        return {name: wanted for name, wanted in (self.__pydantic_extra__ or {}).items() if wanted is not None}

    def with_some(self, of_some: Mapping[str, TargetsOfSome]) -> Targets:
        """Return the same with other targets of channels, intents and skills."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        return Targets.model_construct(**(fields | dict(of_some)))


class NoWorseMargins(Section):
    """How much worse a measure may be, at 95 %, and still count as no worse."""

    service_level: Share = param(0.01, "Of contacts answered in time", source="contract", grade="A")
    abandonment: Share = param(0.005, "Of contacts that give up", source="contract", grade="A")
    resolution: Share = param(0.005, "Of needs resolved in the end", source="contract", grade="A")
    strained_share: Share = param(0.01, "Of agent time above the strain threshold", source="contract", grade="A")


UNCOUNTED = "not counted unless given"
Weeks = Annotated[
    float,
    BeforeValidator(number_reader(1, 53)),
    WithJsonSchema({"type": "number", "minimum": 1, "maximum": 53}),
]


class Costs(Section):
    """What things cost, in `currency`.

    `agent_hour` is fully loaded: pay, on-costs, desk and equipment. `leaver` holds `hire`: who replaces a leaver is not
    charged as hired again. A target missed over several weeks costs `missed_target` in each of them.
    """

    agent_hour: NonNegative = param(0.0, "A paid hour of an agent", source=UNCOUNTED)
    bot_session: NonNegative = param(0.0, "A session of the bot", source=UNCOUNTED)
    bot_resolution: NonNegative = param(
        0.0,
        "A session that the bot closes as done, resolved or not: what vendors bill",
        source=UNCOUNTED,
    )
    overtime_multiplier: Positive = param(
        1.5, "Pay of overtime against normal hours", source="common practice", grade="A"
    )
    leaver: NonNegative = param(15_000.0, "Replacing an agent who leaves", source="9-20k (evidence 9)", grade="A")
    hire: NonNegative = param(0.0, "Each agent hired beyond who leaves; leaver holds it already", source=UNCOUNTED)
    severance: NonNegative = param(0.0, "Each agent who is let go", source=UNCOUNTED)
    notice: Seconds = param(0.0, "Time paid without work to each who is let go", source=UNCOUNTED)
    bot_month: NonNegative = param(0.0, "The bot's licence a month, used or not", source=UNCOUNTED)
    missed_target: NonNegative = param(
        0.0, "A target that is missed, each target and week; a price of bad service", source=UNCOUNTED
    )
    unresolved_need: NonNegative = param(
        0.0, "A need that is not resolved in the end; a price of bad service", source=UNCOUNTED
    )
    abandoned: NonNegative = param(
        0.0, "A contact that gives up or balks at the queue; a price of bad service", source=UNCOUNTED
    )
    weeks_a_year: Weeks = param(52.0, "Weeks that a year of money has", source="a year of 52 weeks")
    fte_hours: PositiveSeconds = param(38 * 3600.0, "Paid hours of one FTE a week", source="a 38-hour week", grade="A")
    currency: Text = param("", "Currency for reports")


class Precision(Section):
    """A wanted half-width of a 95 % confidence interval: absolute, or relative to the mean."""

    half_width: float
    relative: bool


def _read_precision(value: Any) -> dict[str, Precision]:
    if not isinstance(value, dict) or not value:
        raise bad(
            "is not a map of measures",
            "Write a half-width by measure, such as {service_level: 0.01, aht_s: 2%}",
            value,
        )
    found: dict[str, Precision] = {}
    faults: list[Fault] = []
    for name, wanted in value.items():
        if name not in precision_names():
            faults.append(Fault("is not a measure", nearest(str(name), precision_names()), (name,), name, key=True))
            continue
        try:
            found[name] = _half_width(name, wanted)
        except BadValueError as error:
            faults += [fault.under(name) for fault in error.faults]
    raise_any(faults)
    return found


def _half_width(name: str, value: Any) -> Precision:
    if isinstance(value, Precision):
        return value
    relative = isinstance(value, str) and value.strip().endswith("%")
    if relative:
        number = parse_share(value)
    elif isinstance(value, str) and name.endswith("_s"):
        number = parse_duration(value)
    else:
        number = finite(value, "half-width")
    if number <= 0:
        raise bad("must be more than 0", "Write a half-width such as 0.01, or 2% of the mean", value)
    return Precision(half_width=number, relative=relative)


def _precision_in_file_form(precision: dict[str, Precision]) -> dict[str, float | str]:
    return {
        name: f"{format(Decimal(repr(wanted.half_width)) * 100, 'f')}%" if wanted.relative else wanted.half_width
        for name, wanted in precision.items()
    }


def _read_margin(value: Any) -> float | None:
    if value == AUTO or value is None:
        return None
    try:
        seconds = parse_duration(value)
    except BadValueError:
        raise bad("is not a number of days", "Write whole days such as 14d, or auto", value) from None
    if seconds % DAY_S or seconds > 366 * DAY_S:
        raise bad("is not a whole number of days up to 366d", "Write whole days such as 14d, or auto", value)
    return seconds


Margin = Annotated[
    float | None,
    BeforeValidator(_read_margin),
    as_duration,
    WithJsonSchema({"anyOf": [{"const": AUTO}, DURATION_SCHEMA]}),
]


class Run(Section):
    """How much to simulate."""

    seed: Annotated[
        int, BeforeValidator(whole_reader(0, MOST_SEED)), WithJsonSchema({"type": "integer", "minimum": 0})
    ] = param(1, "Seed of all luck")
    replications: Annotated[
        int,
        BeforeValidator(whole_reader(1, MOST_REPLICATIONS)),
        WithJsonSchema({"type": "integer", "minimum": 1}),
    ] = param(30, "Replications", source="least for a t interval that can be trusted")
    precision: (
        Annotated[
            dict[str, Precision],
            BeforeValidator(_read_precision),
            PlainSerializer(_precision_in_file_form, when_used="json"),
            WithJsonSchema(
                {
                    "type": "object",
                    "additionalProperties": {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]},
                    "minProperties": 1,
                }
            ),
        ]
        | None
    ) = param(None, "Run until the half-width of these measures is met, in place of replications", off=True)
    max_replications: Annotated[
        int,
        BeforeValidator(whole_reader(LEAST_FOR_PRECISION, MOST_REPLICATIONS)),
        WithJsonSchema({"type": "integer", "minimum": LEAST_FOR_PRECISION}),
    ] = param(500, "Most replications with precision")
    warm_up: Margin = param(
        None, "Days simulated before start; auto: 14d where needs return after days, else 0d", none=AUTO
    )
    follow_up: Margin = param(
        None, "Days simulated after the last; auto: 7d where needs return after days, else 0d", none=AUTO
    )
