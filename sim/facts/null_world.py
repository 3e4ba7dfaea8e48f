"""The null world: what a latent state does to an outcome, at nothing (docs/null-world.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.arguments import checked
from sim.mechanisms import registered
from sim.mechanisms.frustration import Frustration
from sim.scenario.model import Origin, Scenario
from sim.schema.tree import Keys, path_text

NAME = "NAME"
"""Stands for every intent in a key."""

BEYOND_MECHANISMS: dict[str, float | None] = {
    "intents.NAME.difficulty_weight": 0.0,
    "intents.NAME.difficulty_slope": 0.0,
    "customers.difficulty_slope": 0.0,
}
"""Keys of every contact that link a latent state to an outcome, with the value at which they link nothing."""

AHEAD: dict[str, float | None] = {
    "horizon.attrition.strain_slope": 0.0,
    "horizon.attrition.mistreatment_slope": 0.0,
}
"""The same of the months ahead."""

ORIGIN = Origin("set", "null world")


def slopes() -> dict[str, float | None]:
    """Return every key that links a latent state to an outcome, those of mechanisms too; None is off."""
    return (
        BEYOND_MECHANISMS | {key: value for mechanism in registered() for key, value in mechanism.null.items()} | AHEAD
    )


@checked
def null_world(scenario: Scenario) -> Scenario:
    """Return the scenario with every slope at zero.

    No latent state, such as difficulty or fatigue, then changes an outcome; levels stay as they are. The intercept
    of mistreatment moves so that a fresh customer keeps its chance. A mechanism that is off stays off, and a scenario
    without a slope comes back equal.
    """
    changes = dict(_changes(scenario))
    world = scenario.model_copy()
    for keys, value in changes.items():
        world = _with(world, keys, value)
    world._origins = {**scenario.origins, **{path_text(keys): ORIGIN for keys in changes}}
    return world


def slopes_on(scenario: Scenario) -> tuple[str, ...]:
    """Return the keys of `slopes` that link something in a scenario: those that `null_world` changes."""
    return tuple(key for key, neutral in slopes().items() if any(v != neutral for _, v in _places(scenario, key)))


def slope_words(scenario: Scenario) -> str:
    """The slopes of a scenario for a note, `*` for every intent; or that there is none."""
    return ", ".join(slopes_on(scenario)).replace(f".{NAME}.", ".*.") or "none is on"


def _changes(scenario: Scenario) -> Iterator[tuple[Keys, float | None]]:
    neutral = slopes()
    for key in slopes_on(scenario):
        yield from ((keys, neutral[key]) for keys, _ in _places(scenario, key))
    mistreatment = scenario.mistreatment
    if mistreatment is not None and mistreatment.slope != 0.0:
        fresh = (scenario.frustration or Frustration()).start
        yield ("mistreatment", "intercept"), mistreatment.intercept + mistreatment.slope * fresh


def _places(scenario: Scenario, key: str) -> list[tuple[Keys, Any]]:
    """Where a scenario has a key, and its values there: nowhere if its mechanism is off."""
    found: list[tuple[Keys, Any]] = [((), scenario)]
    for name in key.split("."):
        found = [((*keys, step), below) for keys, part in found for step, below in _below(part, name)]
    return found


def _below(part: Any, name: str) -> list[tuple[str, Any]]:
    if part is None:
        return []
    return list(part.items()) if name == NAME else [(name, getattr(part, name))]


def _with(part: Any, keys: Keys, value: float | None) -> Any:
    """A part of a scenario with another value at a path."""
    if not keys:
        return value
    name = str(keys[0])
    if isinstance(part, dict):
        return part | {name: _with(part[name], keys[1:], value)}
    return part.model_copy(update={name: _with(getattr(part, name), keys[1:], value)})
