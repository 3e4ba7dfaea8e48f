"""How far a number that is not well known may be off: scenarios with it at the ends of its range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.errors import ScenarioError
from sim.loading.explain import Parameter, explain_scenario
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.schema.formatting import duration_words
from sim.schema.values import duration_text, parse_duration

DOUBTED = ("W", "A")
HALF, HALF_AGAIN = 0.5, 1.5
PAIR = re.compile(r"([0-9.]+[a-z]*)-([0-9.]+[a-z]*)")
COUNTED_ONLY = ("costs.", "csat.", "attrition.", "fatigue.strain_threshold")
"""Keys that weigh what happened and change nothing in it."""
STEPS = (1.0, 0.75, 0.5, 0.25, 0.125)
"""How far towards an end, where the end itself contradicts the rest of the file."""
ROUNDED = ((86_400.0, 3_600.0), (3_600.0, 60.0), (600.0, 1.0))
"""From how many seconds on, to what, a duration is rounded in words."""
SIZES = ("mean", "low", "high", "value")


@dataclass(frozen=True)
class Bound:
    """A parameter at one end of its range: its value in words, and the scenario that has it."""

    words: str
    scenario: Scenario


@dataclass(frozen=True)
class UncertainParameter:
    """A parameter of weak or assumed size.

    Attributes
    ----------
    key : its dotted path; `*` stands for every intent that has it.
    words : its value in force; "a to b" where intents differ.
    ends : the scenario at the low and at the high end.
    published : whether the range has a source; otherwise it is half and one and a half times the value.
    grade, source : of the default.
    """

    key: str
    words: str
    ends: tuple[Bound, Bound]
    published: bool
    grade: str
    source: str


def uncertain_parameters(scenario: Scenario, counted_too: bool = False) -> list[UncertainParameter]:
    """Every parameter in force whose size is weak or assumed (W, A), with both ends of its range.

    A number counts whether the file gives it or not: what is given may be as uncertain. Intents share one doubt. Where
    an end contradicts the rest of the file, such as a containment that no bot could then reach, the range ends as far
    towards it as the file allows.

    Parameters
    ----------
    counted_too : also those that weigh what happened without changing it, such as the points of satisfaction.
    """
    groups: dict[str, list[Parameter]] = {}
    for parameter in explain_scenario(scenario):
        if parameter.grade in DOUBTED and (counted_too or not parameter.path.startswith(COUNTED_ONLY)):
            groups.setdefault(_pattern(parameter.path), []).append(parameter)
    found = (_doubt(scenario, key, members) for key, members in groups.items())
    return [doubt for doubt in found if doubt is not None]


def _pattern(path: str) -> str:
    parts = path.split(".")
    return ".".join([parts[0], "*", *parts[2:]]) if parts[0] == "intents" else path


def _doubt(scenario: Scenario, key: str, members: list[Parameter]) -> UncertainParameter | None:
    ends = tuple(_reached(scenario, members, side) for side in (0, 1))
    if ends[0] is None or ends[1] is None or ends[0].scenario == ends[1].scenario:
        return None
    first = members[0]
    return UncertainParameter(
        key=key,
        words=_joined(_written(p.value) for p in members),
        ends=(ends[0], ends[1]),
        published=_published(first) is not None,
        grade=first.grade or "",
        source=first.source,
    )


def _reached(scenario: Scenario, members: list[Parameter], side: int) -> Bound | None:
    """The scenario as far towards an end as its other values allow; None for values that have no ends."""
    for step in STEPS:
        settings = {p.path: _towards(p, side, step) for p in members}
        if None in settings.values():
            return None
        try:
            return Bound(_joined(map(_written, settings.values())), changed(scenario, settings))
        except ScenarioError:
            continue
    return Bound(_joined(_written(p.value) for p in members), scenario)


def _published(parameter: Parameter) -> re.Match[str] | None:
    """The two ends of a published range; distributions and lists have none."""
    return None if isinstance(parameter.value, dict | list) else PAIR.fullmatch(parameter.range)


def _towards(parameter: Parameter, side: int, step: float) -> Any:
    """The value that far towards one end, as a file says it; None for a value that has no ends."""
    published, value = _published(parameter), parameter.value
    if published:
        return _between(value, published[side + 1], step)
    factor = 1.0 + step * ((HALF, HALF_AGAIN)[side] - 1.0)
    if isinstance(value, list):
        return [entry * factor for entry in value]
    if isinstance(value, dict):
        return {k: _times(v, factor) if k in SIZES else v for k, v in value.items()}
    return None if isinstance(value, bool) or value is None else _times(value, factor)


def _between(value: Any, end: str, step: float) -> Any:
    if end[-1].isalpha():
        here, there = parse_duration(value), parse_duration(end)
        return duration_text(here + step * (there - here))
    return round(value + step * (float(end) - value), 12)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, str):
        return duration_text(parse_duration(value) * factor)
    return max(1, round(value * factor)) if isinstance(value, int) else round(value * factor, 12)


def _joined(texts: Iterable[str]) -> str:
    different = list(dict.fromkeys(texts))
    return different[0] if len(different) == 1 else f"{different[0]} to {different[-1]}"


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return _joined(_written(value[name]) for name in SIZES if name in value)
    if isinstance(value, list):
        return ", ".join(f"{number:g}" for number in value)
    return duration_words(_readable(parse_duration(value))) if isinstance(value, str) else f"{value:g}"


def _readable(seconds: float) -> float:
    """A duration without units that say nothing beside its largest."""
    unit = next((unit for size, unit in ROUNDED if seconds >= size), 0.0)
    return unit * round(seconds / unit) if unit else seconds
