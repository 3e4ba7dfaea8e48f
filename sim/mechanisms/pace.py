"""Pace: agents steer their average handle time to a target (docs/evidence.md, section 6)."""

from __future__ import annotations

import math
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Declared, Mechanism, Numbers, Part
from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, raise_any
from sim.schema.values import DURATION_SCHEMA, NonNegative, Share, duration_reader, duration_text


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


RUNNING_WEIGHT = 1.0 / 200.0


@compiled
def squeeze(running_aht_s: float, target_s: float, push: float) -> float:
    """The factor on every talk: 1 - push (1 - r), r = min(1, target / running mean). A target of 0 means none."""
    if target_s <= 0.0 or running_aht_s <= target_s:
        return 1.0
    return 1.0 - push * (1.0 - target_s / running_aht_s)


@compiled
def running_mean(mean_s: float, handled_s: float) -> float:
    """The running mean of unsqueezed handle times after one more contact."""
    return mean_s + RUNNING_WEIGHT * (handled_s - mean_s)


@compiled
def squeezed_logit(logit: float, factor: float, slope: float) -> float:
    """Log odds of resolving after a talk cut to `factor` of what it needed: + slope ln(factor)."""
    if factor == 1.0:
        return logit
    return logit + slope * math.log(factor)


@compiled
def is_pressed(running_aht_s: float, target_s: float, below: float) -> bool:
    """Whether the target is so far below the running mean that agents send contacts away."""
    return 0.0 < target_s < below * running_aht_s


class PaceParameters(NamedTuple):
    """How far agents follow a target, what hurry costs, and when they send contacts away."""

    push: float = 0.0
    slope: float = 0.0
    sends_away: float = 0.0
    sends_away_below: float = 0.0


def law(section: Pace, _numbers: Numbers) -> PaceParameters:
    """Turn the section into numbers."""
    return PaceParameters(section.push, section.resolution_slope, section.sends_away or 0.0, section.sends_away_below)


class PaceOfIntent(NamedTuple):
    """An intent's target (s), 0 for none, and the running mean that it is held against."""

    target_s: float = 0.0
    mean: int = 0


def intent_law(section: Pace, intent: Any, index: int) -> PaceOfIntent:
    """What the target asks of an intent: one running mean for all, or one each."""
    if isinstance(section.target, dict):
        return PaceOfIntent(section.target.get(intent.name, 0.0), index)
    return PaceOfIntent(section.target, 0)


def check(checked: Checked) -> None:
    """Targets must name intents that there are."""
    scenario, report = checked.scenario, checked.reporter
    target = scenario.pace.target
    if isinstance(target, dict) and not report.failed("intents"):
        checked.check_intents(target, ("pace", "target"))
        free = [name for name in scenario.intents if name not in target]
        if free:
            report.note(f"pace.target: no target for {', '.join(free)}")


MECHANISM = Mechanism(
    "pace",
    Pace,
    PaceParameters,
    law,
    of_intents=PaceOfIntent,
    intent_law=intent_law,
    parts=(
        Part(
            "pace",
            "hurry to meet the handle-time target",
            101,
            ("pace.target", "pace.push"),
            bar="pace",
            colour="white",
            hatch="////",
            recorded=False,
        ),
    ),
    measures=(Declared("transfer_rate", "pace.sends_away", "share", {"transferred": 1.0}, "answered", "answers"),),
    null={"pace.resolution_slope": 0.0},
    neutral={"target": "1s", "push": 0},
    without={"pace.sends_away_below": "pace.sends_away", "frustration.transferred": "pace.sends_away"},
    check=check,
    bar="pace",
    tiny={"target": "4m", "sends_away": 0.5},
)
