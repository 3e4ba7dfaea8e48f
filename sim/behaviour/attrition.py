"""Agents who quit (docs/evidence.md, section 9)."""

import math
from typing import NamedTuple

from sim.jit import compiled


class Quitting(NamedTuple):
    """The weekly hazard at the reference fatigue, and what changes it; `new_for_s` is a tenure (s)."""

    weekly: float
    slope: float
    reference: float
    sd: float
    new_factor: float
    new_for_s: float
    assistant: float


@compiled
def quit_hazard(law: Quitting, fatigue: float, tenure_s: float, assisted: bool) -> float:
    """Chance, a week, that an agent quits who is so tired on average: weekly x exp(slope (F - reference) / sd)."""
    hazard = law.weekly * math.exp(law.slope * (fatigue - law.reference) / law.sd)
    if tenure_s >= law.new_for_s:
        return hazard
    return hazard * law.new_factor * (law.assistant if assisted else 1.0)
