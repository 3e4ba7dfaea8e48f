"""When the next may go: what the bot must truly resolve for a further cut to leave service as it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult
from sim.study.staffing.release import SHARE, break_even, most_capability

LOWER_IS_BETTER = ("abandonment_rate", "strained_share")
WATCHED_WEEKS = 4


@dataclass(frozen=True)
class Trigger:
    """A further cut and what it waits for.

    Attributes
    ----------
    heads, fte : who goes in all, those who went first included.
    share : of sessions, those that the bot must truly resolve; infinite where no capability is enough.
    now : those that it resolves with the first cut, by the file.
    noise : half the 95 % interval of that share as `WATCHED_WEEKS` weeks show it.
    kept : the measures that are then no worse than before; `given_up` are those that no capability makes good.
    tried : by the share of sessions resolved, the service level: what the search saw.
    """

    heads: int
    fte: float
    share: float
    now: float
    noise: float
    kept: tuple[str, ...]
    given_up: tuple[str, ...]
    tried: dict[float, float]


def trigger_of(
    cut: Scenario,
    before: ScenarioResult,
    first: ScenarioResult,
    margins: Mapping[str, float],
    gone: tuple[int, float],
    options: RunOptions,
    replications: int,
) -> Trigger:
    """Find what the bot must truly resolve for a cut to be no worse than BEFORE, by means, within margins.

    Parameters
    ----------
    cut : AFTER with the further cut.
    before, first : BEFORE; AFTER with the first cut.
    margins : by measure.
    gone : heads and FTE of the cut.
    options, replications : how.
    """
    tried: dict[float, float] = {}
    level = cut.targets.service_level.definition
    wanted = [measure for measure in margins if measure in before.estimates and measure in first.estimates]

    def accepted(result: ScenarioResult, measures: list[str]) -> bool:
        tried[result.mean(SHARE)] = result.mean(level)
        return all(worse_by(before, result, measure) <= margins[measure] for measure in measures)

    most, staffed_only = most_capability(cut), [measure for measure in wanted if measure != "resolution_rate"]
    for measures in (wanted, staffed_only):
        even = break_even(cut, partial(accepted, measures=measures), options, replications, most)
        if even is not None:
            break
    return Trigger(
        *gone,
        share=math.inf if even is None else even.share,
        now=first.mean(SHARE),
        noise=noise_of(first),
        kept=tuple(measures),
        given_up=tuple(measure for measure in wanted if measure not in measures),
        tried=dict(sorted(tried.items())),
    )


def worse_by(before: ScenarioResult, after: ScenarioResult, measure: str) -> float:
    """By how much a measure's mean is worse than before; below 0 where it is better."""
    rise = after.mean(measure) - before.mean(measure)
    return rise if measure in LOWER_IS_BETTER else -rise


def noise_of(result: ScenarioResult) -> float:
    """Half the 95 % interval of the share truly resolved as so many weeks watched show it, by the luck of weeks."""
    values = result.values[SHARE]
    values = values[~np.isnan(values)]
    if len(values) < 2:
        return math.nan
    periods = WATCHED_WEEKS / result.scenario.calendar.weeks()
    return float(1.96 * values.std(ddof=1) / math.sqrt(periods))
