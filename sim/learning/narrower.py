"""How much of what a scenario assumes is measured now, and what that does to the chance that its plan holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.learning.contacts import Floats
from sim.learning.result import LearnResult
from sim.learning.scenario_text import file_key, written_beliefs, written_values
from sim.loading import measured
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.study.replicate import Progress
from sim.study.risk.draws import Refit
from sim.study.risk.resampling import Estimated
from sim.study.risk.study import carried_out, set_up_plan

Span = tuple[float, float]


@dataclass(frozen=True)
class Chances:
    """The chance that the file's own plan meets all targets over four weeks, luck and beliefs together.

    Attributes
    ----------
    before, after : with what was believed, and with what was learned.
    spans : by measure of a target, what lies between the 5 % and the 95 % of the draws, (before, after).
    """

    before: Estimated
    after: Estimated
    draws: int
    spans: Mapping[str, tuple[Span, Span]]


def assumed_and_measured(result: LearnResult) -> tuple[int, int]:
    """How many numbers in force in the scenario are weak or assumed (W, A), and how many of these are measured now."""
    if result.scenario is None:
        return 0, 0
    known = {file_key(number, result.scenario) for number in result.numbers if number.measured}
    return measured.assumed_and_measured(result.scenario, known)


def learned_scenario(result: LearnResult, scenario: Scenario) -> Scenario:
    """The scenario with what was learned, values and beliefs."""
    settings = [f"{key}={text}" for key, (text, _) in written_values(result).items()]
    settings += [f"beliefs.{key}={text}" for key, text in written_beliefs(result).items()]
    return changed(scenario, settings)


def chances(
    result: LearnResult,
    draws: int,
    jobs: int | None = None,
    refit: Refit | None = None,
    progress: Progress | None = None,
) -> Chances | None:
    """The chance of the file's own plan before and after; None without a scenario.

    Parameters
    ----------
    draws : of what is believed, each time.
    jobs, refit, progress : as in `risk`.

    Raises
    ------
    NoTargetsError
        Where the scenario sets no targets.
    """
    if result.scenario is None:
        return None
    found = []
    for scenario in (result.scenario, learned_scenario(result, result.scenario)):
        setup = set_up_plan(scenario, scenario, scenario.name, draws=draws)
        found.append(carried_out(setup, jobs=jobs, refit=refit, progress=progress))
    before, after = found
    spans = {name: (_span(before.values(name)[:, 0]), _span(after.values(name)[:, 0])) for name in before.goals}
    return Chances(before.chance(0), after.chance(0), draws, spans)


def _span(values: Floats) -> Span:
    """The middle 90 % of what draws gave."""
    there = values[np.isfinite(values)]
    low, high = np.quantile(there, (0.05, 0.95)).tolist() if there.size else (math.nan, math.nan)
    return low, high
