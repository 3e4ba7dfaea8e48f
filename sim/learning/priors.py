"""What is believed of a number before any log is read: by the scenario, else by the model's defaults."""

from __future__ import annotations

import math
from typing import NamedTuple

from pydantic import BaseModel

from sim.mechanisms.bot import Bot
from sim.mechanisms.fatigue import FatigueEffects
from sim.mechanisms.frustration import FrustrationEffects
from sim.scenario.model import Intent, Scenario
from sim.scenario.people import Customers, FalselyContained, IntentBot, Repeat
from sim.schema.base import mark_of
from sim.schema.values import parse_duration

HALF, HALF_AGAIN = 0.5, 1.5
FALSE_SHARE = 0.25
"""That of a containment beside which no false share is written."""
MOST = {"bot.selectivity": 1.0, "difficulty_weight": 1.0, "opt_out": 1.0, "false_share": 0.95}
MODELS: dict[str, type[BaseModel]] = {
    "selectivity": Bot,
    "opt_out": Bot,
    "difficulty_weight": Intent,
    "false_share": IntentBot,
    "difficulty_slope": Customers,
    "frustration.effects.talk_time": FrustrationEffects,
    "fatigue.effects.talk_time": FatigueEffects,
    "customers.repeat.probability": Repeat,
    "customers.repeat.falsely_contained.probability": FalselyContained,
    "bot.false_containment": Bot,
    "bot.context_kept": Bot,
    "bot.lost_context_time": Bot,
}


class Prior(NamedTuple):
    """A value in force, and the range that is believed."""

    value: float
    low: float
    high: float


def prior_of(scenario: Scenario | None, key: str) -> Prior:
    """What is believed of a number.

    Parameters
    ----------
    scenario : whose value and beliefs hold; the model's defaults without one.
    key : such as `bot.selectivity` or `intents.NAME.difficulty_weight`.
    """
    name = key.rsplit(".", 1)[-1]
    model = MODELS.get(key) or MODELS[name]
    value = _value(scenario, key)
    belief = scenario.beliefs.of.get(key) if scenario is not None and scenario.beliefs is not None else None
    if belief is not None and belief.shape != "off":
        low, high = belief.ends
        return Prior(value, low * value, high * value) if belief.times else Prior(value, low, high)
    published = mark_of(model.model_fields[name], "range") or ""
    least, _, most = published.partition("-")
    ends = (_number(least), _number(most)) if most else (HALF * value, HALF_AGAIN * value)
    return Prior(value, ends[0], min(ends[1], MOST.get(key, MOST.get(name, math.inf))))


def _value(scenario: Scenario | None, key: str) -> float:
    name = key.rsplit(".", 1)[-1]
    written = (MODELS.get(key) or MODELS[name]).model_fields[name].default
    default = FALSE_SHARE if written is None else float(written)
    if scenario is None:
        return default
    parts = key.split(".")
    found: object = scenario
    for part in parts:
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
        if found is None:
            return default
    return float(found) if isinstance(found, int | float) else default


def _number(text: str) -> float:
    """An end of a published range: a number, or a duration."""
    return parse_duration(text) if text[-1].isalpha() else float(text)
