"""Fatigue of an agent, 0 to 1, exact between events (docs/evidence.md, section 4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sim.jit import compiled
from sim.mechanisms.declaration import Checked, Factor, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.faults import bad
from sim.schema.values import DAY_S, NonNegative, Positive, PositiveSeconds, Share, duration_text, number_reader

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


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


MOMENT_POINTS = 257


_LAST = MOMENT_POINTS - 1


@compiled
def build_rate(per_hour: float, mistreatment_weight: float, mistreated: int) -> float:
    """The rate (an hour) at which handling tires: a, or a (1 + e m) with m customers in hand who mistreat the agent."""
    if mistreated:
        return per_hour * (1.0 + mistreatment_weight * mistreated)
    return per_hour


@compiled
def after_handling(fatigue: float, rate_per_hour: float, hours: float) -> float:
    """Solution of dF/dt = rate (1 - F) after so many hours."""
    if rate_per_hour == 0.0:
        return fatigue
    return 1.0 - (1.0 - fatigue) * math.exp(-rate_per_hour * hours)


@compiled
def after_recovery(fatigue: float, rate_per_hour: float, hours: float) -> float:
    """Solution of dF/dt = -rate F after so many hours."""
    if rate_per_hour == 0.0 or hours == 0.0:
        return fatigue
    return fatigue * math.exp(-rate_per_hour * hours)


@compiled
def talk_factor(fatigue: float, effect: float) -> float:
    """What a tired agent's talk time is multiplied by: 1 + effect F."""
    return 1.0 + effect * fatigue


@compiled
def spread_talk_time(
    base_s: float, fatigue: float, spread: float, log_mean: float, log_moments: npt.NDArray[np.float64]
) -> float:
    """T0 with a tired agent's wider spread and the same mean: E[T0] T0^g / E[T0^g], g = 1 + spread F.

    FatigueParameters
    ----------
    base_s : T0 (s).
    log_mean : log E[T0] over the intent's whole population.
    log_moments : log E[T0^g] at MOMENT_POINTS values of F from 0 to 1, linear in between.
    """
    if spread == 0.0 or fatigue <= 0.0 or base_s <= 0.0:
        return base_s
    place = min(fatigue, 1.0) * _LAST
    low = min(int(place), _LAST - 1)
    part = place - low
    moment = log_moments[low] * (1.0 - part) + log_moments[low + 1] * part
    return math.exp(log_mean + (1.0 + spread * fatigue) * math.log(base_s) - moment)


@compiled
def pause_us(fatigue: float, break_at: float, break_us: int, hard: bool, recovery_us: int) -> int:
    """The pause (us) that follows a contact: for one tired agent, after a hard contact; the longer of both."""
    tired = break_us if fatigue >= break_at else 0
    return max(tired, recovery_us if hard else 0)


@compiled
def is_hard(mistreated: bool, handled_us: int, stated_s: float, long_contact: float) -> bool:
    """Whether an agent needs to recover from a contact: mistreatment, or so many times the stated handle time."""
    return mistreated or handled_us >= long_contact * stated_s * 1e6


NEVER = 2.0
"""A fatigue that nobody reaches."""


class FatigueParameters(NamedTuple):
    """How agents tire and recover, what that does, and when they pause."""

    on: bool = False
    build_per_hour: float = 0.0
    recover_available: float = 0.0
    recover_break: float = 0.0
    recover_off: float = 0.0
    mistreatment_weight: float = 0.0
    talk: float = 0.0
    spread: float = 0.0
    resolution: float = 0.0
    break_at: float = NEVER
    break_us: int = 0
    recovery_us: int = 0
    long_contact: float = 0.0


def law(section: Fatigue, numbers: Numbers) -> FatigueParameters:
    """Turn the section into numbers."""
    recovery, effects = section.recovery_per_hour, section.effects
    return FatigueParameters(
        True,
        section.build_per_hour,
        recovery.available,
        recovery.break_time,
        recovery.off,
        section.mistreatment_weight,
        effects.talk_time,
        effects.spread,
        effects.resolution,
        NEVER if section.break_at is None else section.break_at,
        numbers.us(section.break_length),
        numbers.us(section.recovery_time or 0.0),
        section.long_contact,
    )


def check(checked: Checked) -> None:
    """Say that agents by counts have no breaks."""
    groups = checked.scenario.agents.values()
    counted = [group.name for group in groups if group.staff is not None and group.relief is None]
    if counted:
        words = f"fatigue: the staff of {', '.join(counted)} is given as counts, which have no breaks"
        checked.reporter.note(f"{words}; relief: 4h tires them about as shifts with breaks do")


# The rates are assumed, but set together with the effect so that the whole is what was measured.
_RESTS_ON = ("fatigue.effects.talk_time", "fatigue.effects.spread")

MECHANISM = Mechanism(
    "fatigue",
    Fatigue,
    FatigueParameters,
    law,
    parts=(Factor("fatigue", "tired agents", 20, _RESTS_ON, bar="fatigue", colour="orange"),),
    null={
        "fatigue.mistreatment_weight": 0.0,
        "fatigue.effects.talk_time": 0.0,
        "fatigue.effects.spread": 0.0,
        "fatigue.effects.resolution": 0.0,
        "fatigue.break_at": None,
    },
    neutral={
        "build_per_hour": 0,
        "recovery_per_hour": {"available": 0, "break": 0, "off": 0},
        "mistreatment_weight": 0,
        "effects": {"talk_time": 0, "spread": 0, "resolution": 0},
    },
    without={"fatigue.break_length": "fatigue.break_at", "fatigue.long_contact": "fatigue.recovery_time"},
    check=check,
    bar="fatigue",
    tiny={"break_at": 0.1},
)
