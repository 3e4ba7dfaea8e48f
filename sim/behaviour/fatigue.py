"""Fatigue of an agent, 0 to 1, exact between events (docs/evidence.md, section 4)."""

import math

import numpy as np
import numpy.typing as npt

from sim.jit import compiled

MOMENT_POINTS = 257
_LAST = MOMENT_POINTS - 1


@compiled
def build_rate(per_hour: float, mistreatment_weight: float, mistreated: bool) -> float:
    """The rate (an hour) at which handling tires: a, or a (1 + e) with a customer who mistreats the agent."""
    if mistreated:
        return per_hour * (1.0 + mistreatment_weight)
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
    if rate_per_hour == 0.0:
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

    Parameters
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
