"""How sure: what weak and assumed numbers do to how many can go, and how often the plan holds by luck alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.bridge.fte import FteRule
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, shifted, simulate_all
from sim.study.sensitivity import Sensitivity, UncertainParameter, by_size, uncertain_parameters

WORK, FREED = "workload_hours", "fte_freed"
SCREENED, MOST_SHOWN = 3, 5
Pair = tuple[Scenario, Scenario]


@dataclass(frozen=True)
class FreedSensitivity:
    """What uncertain numbers do to the FTE that can go, one at a time.

    Each end is the best estimate, moved by as much as the work that the bot takes off agents moves, in FTE: the search
    itself is not repeated. Where both files have the number, it is moved in both.

    Attributes
    ----------
    sensitivities : of the FTE that can go, the most influential first.
    considered : how many weak or assumed numbers are in force.
    """

    sensitivities: tuple[Sensitivity, ...]
    considered: int


def freed_sensitivity(
    pair: Pair, best: float, rule: FteRule, options: RunOptions, replications: int, progress: Progress | None = None
) -> FreedSensitivity:
    """Put every weak or assumed number of AFTER to both ends of its range, in BEFORE too where it has it.

    Parameters
    ----------
    pair : BEFORE, and AFTER with as many agents.
    best : FTE that can go, the best estimate.
    rule : how work becomes staff.
    options, replications : how; a few replications choose which numbers are looked at in full.
    """
    parameters = uncertain_parameters(pair[1])
    mine = {each.key: each for each in uncertain_parameters(pair[0])}
    few = min(SCREENED, replications)
    first = 2 * (1 + 2 * len(parameters)) * few
    whole = first + 2 * (1 + 2 * min(MOST_SHOWN, len(parameters))) * replications
    early, late = shifted(progress, 0, whole), shifted(progress, first, whole)
    screened = _moved(pair, mine, parameters, best, rule, options, few, early)
    chosen = [each.parameter for each in by_size(screened) if each.size > 0.0][:MOST_SHOWN]
    found = _moved(pair, mine, chosen, best, rule, options, replications, late)
    return FreedSensitivity(tuple(by_size(found)), len(parameters))


def _moved(
    pair: Pair,
    mine: Mapping[str, UncertainParameter],
    parameters: list[UncertainParameter],
    best: float,
    rule: FteRule,
    options: RunOptions,
    replications: int,
    progress: Progress | None,
) -> list[Sensitivity]:
    pairs = [pair]
    for each in parameters:
        own = mine.get(each.key)
        for side in (0, 1):
            pairs.append((own.bounds[side].scenario if own else pair[0], each.bounds[side].scenario))
    distinct = {scenario.digest: scenario for one in pairs for scenario in one}
    results = simulate_all(list(distinct.values()), options, replications, progress=progress)
    work = dict(zip(distinct, (result.mean(WORK) for result in results), strict=True))
    saved = [rule.per_hour * (work[one.digest] - work[other.digest]) for one, other in pairs]
    return [
        Sensitivity(each, FREED, best, best + saved[2 * k + 1] - saved[0], best + saved[2 * k + 2] - saved[0])
        for k, each in enumerate(parameters)
    ]


# Luck -------------------------------------------------------------------------------


def periods_met(result: ScenarioResult, targets: Mapping[str, MeasureTarget]) -> tuple[int, int]:
    """In how many of the simulated periods every target is met, and of how many; a period is the days measured."""
    rows = [
        np.array([target.met(value) or np.isnan(value) for value in result.values[measure]])
        for measure, target in targets.items()
        if measure in result.values
    ]
    if not rows:
        return 0, 0
    return int(np.logical_and.reduce(rows).sum()), len(rows[0])
