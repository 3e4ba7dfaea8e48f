"""Assistant: software that advises agents (docs/evidence.md, section 5)."""

from __future__ import annotations

import math
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Factor, Mechanism, Numbers, Part
from sim.schema.base import Section, param
from sim.schema.distribution import Delay, lognormal
from sim.schema.values import DAY_S, AnyNumber, NonNegative, Positive, PositiveSeconds, Seconds, Share, choice_reader

YEAR_S = 365 * DAY_S


Monitoring = Annotated[Literal["coach", "cop"], BeforeValidator(choice_reader("coach", "cop"))]


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


@compiled
def fast_factor(tenure_s: float, uplift: float, decay_s: float) -> float:
    """What the talk time of a user is multiplied by, nothing reinvested: 1 / (1 + u exp(-tenure / decay))."""
    return 1.0 / (1.0 + uplift * math.exp(-tenure_s / decay_s))


@compiled
def kept_factor(fast: float, reinvest: float) -> float:
    """The same where a share of the time saved stays in the contact."""
    return fast + reinvest * (1.0 - fast)


@compiled
def reinvested_logit(fast: float, kept: float, slope: float) -> float:
    """Log odds of resolution that the time kept brings: slope ln(talk / fastest talk)."""
    if kept == fast:
        return 0.0
    return slope * math.log(kept / fast)


class AssistantParameters(NamedTuple):
    """Who uses it, the time that it saves and what is done with that, and what it does to wrap-up and fatigue."""

    on: bool = False
    adoption: float = 0.0
    uplift: float = 0.0
    uplift_decay_s: float = 1.0
    reinvest: float = 0.0
    reinvest_slope: float = 0.0
    extra_s: float = 0.0
    mistreatment: float = 0.0
    summary: float = 1.0
    cleanup: float = 0.0
    cleanup_time: int = 0
    build_up: float = 1.0


def law(section: Assistant, numbers: Numbers) -> AssistantParameters:
    """Turn the section into numbers."""
    summary, cleanup = section.summary, section.cleanup
    return AssistantParameters(
        True,
        section.adoption,
        section.uplift,
        section.decay,
        section.reinvest,
        section.reinvest_slope,
        section.extra_time,
        section.mistreatment,
        summary.wrap_up if summary else 1.0,
        cleanup.probability if cleanup else 0.0,
        numbers.distribution(cleanup.time if cleanup else None),
        section.cop_build_up if section.monitoring == "cop" else 1.0,
    )


def check(checked: Checked) -> None:
    """Say which keys do nothing without another."""
    section, report = checked.scenario.assistant, checked.reporter
    if section.monitoring != "cop" and report.exact(("assistant", "cop_build_up")):
        report.note("assistant.cop_build_up has no effect without assistant.monitoring: cop")
    if section.reinvest == 0 and report.exact(("assistant", "reinvest_slope")):
        report.note("assistant.reinvest_slope has no effect without assistant.reinvest")


_SAVING = tuple(f"assistant.{key}" for key in ("uplift", "decay", "adoption", "reinvest", "extra_time"))

MECHANISM = Mechanism(
    "assistant",
    Assistant,
    AssistantParameters,
    law,
    parts=(
        Factor("assistant", "the assistant", 60, (*_SAVING, "workforce.tenure"), "assistant", "sky", "////"),
        Part(
            "summary",
            "the assistant's summary",
            201,
            ("assistant.summary.wrap_up",),
            "assistant",
            "middle",
            "////",
        ),
        Part(
            "cleanup",
            "correcting what the assistant logged",
            202,
            ("assistant.cleanup",),
            "assistant",
            "middle",
            "xxxx",
        ),
    ),
    null={"assistant.reinvest_slope": 0.0},
    neutral={"adoption": 0, "summary": {}, "cleanup": {}},
    check=check,
    bar="assistant",
    rests_on=("workforce.tenure",),
    saving="the assistant",
)
