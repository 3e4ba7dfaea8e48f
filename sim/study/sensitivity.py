"""How much of an answer rests on assumption: uncertain parameters put to the bounds of their ranges, one at a time.

Luck and assumption are different things. More replications make luck's interval narrower and leave this one as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import ScenarioError
from sim.loading.believed import scaled, uncertain_groups
from sim.loading.explain import Parameter, explain_scenario
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.schema.formatting import duration_words
from sim.schema.values import duration_text, parse_duration
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, shifted, simulate_all

MOST_SHOWN, SCREENED = 5, 6
"""How many parameters are looked at closely; replications with which all are looked at first."""
COLUMNS = ["parameter", "measure", "expected", "low_value", "low", "high_value", "high", "swing"]
HALF, HALF_AGAIN = 0.5, 1.5
PAIR = re.compile(r"([0-9.]+[a-z]*)-([0-9.]+[a-z]*)")
STEPS = (1.0, 0.75, 0.5, 0.25, 0.125)
"""How far towards a bound, where the bound itself contradicts the rest of the file."""
ROUNDED = ((86_400.0, 3_600.0), (3_600.0, 60.0), (600.0, 1.0))
"""From how many seconds on, to what, a duration is rounded in words."""
SIZES = ("mean", "low", "high", "value")


@dataclass(frozen=True)
class Bound:
    """A parameter at a bound of its range: its value in words, and the scenario that has it."""

    words: str
    scenario: Scenario


@dataclass(frozen=True)
class UncertainParameter:
    """A parameter of weak or assumed size.

    Attributes
    ----------
    key : its dotted path; `*` stands for every intent that has it.
    words : its value in force; "a to b" where intents differ.
    bounds : the scenario at the low and at the high one.
    published : whether the range has a source; otherwise it is half and one and a half times the value.
    grade, source : of the default.
    """

    key: str
    words: str
    bounds: tuple[Bound, Bound]
    published: bool
    grade: str
    source: str


@dataclass(frozen=True)
class Sensitivity:
    """What an uncertain parameter does to an answer.

    Attributes
    ----------
    parameter : the parameter.
    measure, expected : what the answer measures, and its value in the scenario itself.
    low, high : its value with the parameter at its low and at its high bound.
    """

    parameter: UncertainParameter
    measure: str
    expected: float
    low: float
    high: float

    @property
    def at_bounds(self) -> list[tuple[Bound, float]]:
        """Both bounds of the parameter, each with the answer there."""
        return list(zip(self.parameter.bounds, (self.low, self.high), strict=True))

    @property
    def size(self) -> float:
        """The larger of the two distances from expected."""
        return float(np.nanmax([abs(self.low - self.expected), abs(self.high - self.expected), 0.0]))


def by_size(sensitivities: Iterable[Sensitivity]) -> list[Sensitivity]:
    """The most influential first."""
    return sorted(sensitivities, key=lambda sensitivity: -sensitivity.size)


def span_of(expected: float, sensitivities: Iterable[Sensitivity]) -> tuple[float, float]:
    """The lowest and the highest value of an answer, one parameter at a time."""
    values = [expected, *(value for each in sensitivities for value in (each.low, each.high))]
    return float(np.nanmin(values)), float(np.nanmax(values))


def sensitivities_of(
    answer: Callable[[Scenario], float],
    measure: str,
    expected: float,
    parameters: Sequence[UncertainParameter],
    progress: Progress | None = None,
) -> Iterator[Sensitivity]:
    """What parameters do to an answer that is a function of the scenario.

    Parameters
    ----------
    answer : of a scenario.
    measure, expected : what it measures, and its value in the scenario itself.
    parameters : one after the other.
    progress : called with (parameters done, parameters in all).
    """
    for done, parameter in enumerate(parameters):
        if progress:
            progress(done, len(parameters))
        low, high = (answer(bound.scenario) for bound in parameter.bounds)
        yield Sensitivity(parameter, measure, expected, low, high)


def simulated_sensitivities(
    scenario: Scenario,
    measures: Sequence[str],
    parameters: Sequence[UncertainParameter],
    options: RunOptions,
    replications: int,
    *,
    change: Callable[[Scenario], Scenario] = lambda scenario: scenario,
    progress: Progress | None = None,
) -> tuple[ScenarioResult, list[Sensitivity]]:
    """What parameters do to simulated measures, on common customers; and what the scenario itself measures.

    Parameters
    ----------
    scenario, measures, parameters : parameters in their order, of each all measures.
    options, replications, progress : as in `simulate_all`.
    change : made to every scenario before it is simulated.
    """
    scenarios = [scenario, *(bound.scenario for parameter in parameters for bound in parameter.bounds)]
    base, *results = simulate_all([change(s) for s in scenarios], options, replications, progress=progress)
    return base, [
        Sensitivity(parameter, m, base.mean(m), results[2 * k].mean(m), results[2 * k + 1].mean(m))
        for k, parameter in enumerate(parameters)
        for m in measures
    ]


# Of a simulated scenario ----------------------------------------------------------


@dataclass(frozen=True)
class SensitivityTable:
    """What the most influential uncertain parameters do to the measures of a scenario.

    Attributes
    ----------
    about : the measure by which influence is judged.
    base : what the scenario itself measures.
    sensitivities : one a parameter and measure, the most influential parameters first.
    considered : how many uncertain parameters are in force.
    """

    about: str
    base: ScenarioResult
    sensitivities: tuple[Sensitivity, ...]
    considered: int

    def of(self, measure: str) -> list[Sensitivity]:
        """What every parameter does to a measure."""
        return [sensitivity for sensitivity in self.sensitivities if sensitivity.measure == measure]

    @property
    def measures(self) -> list[str]:
        """The measures that were looked at."""
        return list(dict.fromkeys(sensitivity.measure for sensitivity in self.sensitivities))

    @property
    def parameters(self) -> list[UncertainParameter]:
        """The parameters that matter most, the most influential first."""
        return [sensitivity.parameter for sensitivity in self.of(self.about)]

    @property
    def table(self) -> pd.DataFrame:
        """Tidy: parameter, measure, expected, low_value (the parameter's low bound), low, high_value, high, swing."""
        rows = []
        for each in self.sensitivities:
            low, high = (bound.words for bound in each.parameter.bounds)
            rows.append((each.parameter.key, each.measure, each.expected, low, each.low, high, each.high, each.size))
        return pd.DataFrame(rows, columns=COLUMNS)

    def span(self, measure: str) -> tuple[float, float, float]:
        """The lowest value found for a measure, the expected one and the highest."""
        expected = self.base.mean(measure)
        low, high = span_of(expected, self.of(measure))
        return low, expected, high


def sensitivity_table(
    scenario: Scenario,
    about: str,
    measures: Sequence[str],
    options: RunOptions,
    replications: int,
    *,
    most: int = MOST_SHOWN,
    progress: Progress | None = None,
) -> SensitivityTable:
    """Set each uncertain parameter of a scenario to both bounds of its range, and see what that does.

    All are looked at with a few replications; those that move `about` most are then simulated in full.

    Parameters
    ----------
    scenario : whose answer it is.
    about : the measure by which influence is judged.
    measures : the measures in the table; `about` is one of them.
    options, replications : how.
    most : how many parameters end in the table.
    progress : as in `simulate_all`.
    """
    parameters, few = uncertain_parameters(scenario), min(replications, SCREENED)
    first = (1 + 2 * len(parameters)) * few
    whole = first + (1 + 2 * min(most, len(parameters))) * replications
    early, late = shifted(progress, 0, whole), shifted(progress, first, whole)
    _, screened = simulated_sensitivities(scenario, [about], parameters, options, few, progress=early)
    chosen = [each.parameter for each in by_size(screened) if each.size > 0.0][:most]
    base, sensitivities = simulated_sensitivities(scenario, measures, chosen, options, replications, progress=late)
    sizes = {each.parameter.key: each.size for each in sensitivities if each.measure == about}
    ordered = sorted(sensitivities, key=lambda each: -sizes[each.parameter.key])
    return SensitivityTable(about, base, tuple(ordered), len(parameters))


# Uncertain parameters -------------------------------------------------------------


def uncertain_parameters(scenario: Scenario, counted_too: bool = False) -> list[UncertainParameter]:
    """Every parameter in force whose size is weak or assumed (W, A), with both bounds of its range.

    A number counts whether the file gives it or not: what is given may be as uncertain. Intents share one parameter.
    Where a bound contradicts the rest of the file, such as a containment that no bot could then reach, the range ends
    as far towards it as the file allows.

    Parameters
    ----------
    counted_too : also those that weigh what happened without changing it, such as the points of satisfaction.
    """
    groups = uncertain_groups(explain_scenario(scenario), counted_too)
    parameters = (_uncertain_parameter(scenario, key, members) for key, members in groups.items())
    return [parameter for parameter in parameters if parameter is not None]


def _uncertain_parameter(scenario: Scenario, key: str, members: list[Parameter]) -> UncertainParameter | None:
    low, high = (_bound(scenario, members, side) for side in (0, 1))
    if low is None or high is None or low.scenario == high.scenario:
        return None
    first = members[0]
    return UncertainParameter(
        key=key,
        words=_joined(value_words(p.value) for p in members),
        bounds=(low, high),
        published=published_range(first) is not None,
        grade=first.grade or "",
        source=first.source,
    )


def _bound(scenario: Scenario, members: list[Parameter], side: int) -> Bound | None:
    """The scenario as far towards a bound as its other values allow; None for values that have none."""
    found = furthest(scenario, members, side)
    if found is None:
        return None
    settings, there = found[1:]
    return Bound(_joined(map(value_words, settings.values())), there)


def furthest(
    scenario: Scenario, members: Sequence[Parameter], side: int
) -> tuple[float, dict[str, Any], Scenario] | None:
    """How far towards a bound, from 0 to 1, the other values of a file allow; the settings, and the scenario there.

    Parameters
    ----------
    members : parameters of one key, all moved together.
    side : 0 for the low bound, 1 for the high one.

    Returns
    -------
    None for values that have no bounds.
    """
    for step in STEPS:
        settings = {p.path: towards(p, side, step) for p in members}
        if None in settings.values():
            return None
        try:
            return step, settings, changed(scenario, settings)
        except ScenarioError:
            continue
    return 0.0, {p.path: p.value for p in members}, scenario


def published_range(parameter: Parameter) -> re.Match[str] | None:
    """The two bounds of a published range; distributions and lists have none."""
    return None if isinstance(parameter.value, dict | list) else PAIR.fullmatch(parameter.range)


def towards(parameter: Parameter, side: int, step: float) -> Any:
    """The value that far towards a bound, as a file says it; None for a value that has no bounds."""
    published, value = published_range(parameter), parameter.value
    if published:
        return _between(value, published[side + 1], step)
    factor = 1.0 + step * ((HALF, HALF_AGAIN)[side] - 1.0)
    return None if isinstance(value, bool) or value is None else scaled(value, factor)


def _between(value: Any, bound: str, step: float) -> Any:
    if bound[-1].isalpha():
        here, there = parse_duration(value), parse_duration(bound)
        return duration_text(here + step * (there - here))
    return round(value + step * (float(bound) - value), 12)


def _joined(texts: Iterable[str]) -> str:
    different = list(dict.fromkeys(texts))
    return different[0] if len(different) == 1 else f"{different[0]} to {different[-1]}"


def value_words(value: Any) -> str:
    """A value of a file in words, durations without units that say nothing beside their largest."""
    if isinstance(value, dict):
        return _joined(value_words(value[name]) for name in SIZES if name in value)
    if isinstance(value, list):
        return ", ".join(f"{number:g}" for number in value)
    return duration_words(_readable(parse_duration(value))) if isinstance(value, str) else f"{value:g}"


def _readable(seconds: float) -> float:
    unit = next((unit for size, unit in ROUNDED if seconds >= size), 0.0)
    return unit * round(seconds / unit) if unit else seconds
