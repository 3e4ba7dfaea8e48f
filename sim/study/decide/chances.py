"""The chance that a plan holds, luck and what is not known together, by `sim.risk`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.study.decide import plans
from sim.study.replicate import Progress, RunOptions
from sim.study.risk.draws import Refit
from sim.study.risk.result import RiskResult
from sim.study.risk.study import risk
from sim.study.scenario_results import ScenarioResult

JUDGED = (plans.SAFE, plans.AT_TARGETS, plans.NAIVE, plans.KEEP)
"""The plans whose chance is looked at, the first of them as the study's own."""
MOST_NAMED = 3


@dataclass(frozen=True)
class PlanChances:
    """The chances of plans.

    Attributes
    ----------
    study : what `sim.risk` found.
    places : by plan, its place in the study.
    """

    study: RiskResult
    places: Mapping[str, int]

    @cached_property
    def measure_first(self) -> list[int]:
        """The numbers to measure first, by their places among those drawn, the first one most; those beyond luck alone.

        By what it is worth to know each before choosing among the plans; where bad service has no price, by what each
        does to the chance of a plan.
        """
        if self.study.worth is not None:
            sizes = {k: one.worth.mean for k, one in enumerate(self.study.worth) if one.shown}
        else:
            sizes = {k: one.size for k, one in enumerate(self.study.choices) if one.clear}
        return sorted(sizes, key=lambda k: -sizes[k])[:MOST_NAMED]

    def name_of(self, place: int) -> str:
        """The plan at a place of the study."""
        return next(name for name, own in self.places.items() if own == place)


def chances_of(
    results: Mapping[str, ScenarioResult],
    draws: int,
    options: RunOptions,
    refit: Refit | None,
    progress: Progress | None,
) -> PlanChances:
    """Draw what is not known, and see in how many draws each plan meets all targets over four weeks.

    Parameters
    ----------
    results : every plan as it was simulated.
    draws : of the beliefs.
    options, refit, progress : as in `sim.risk`.
    """
    names = [name for name in JUDGED if name in results]
    first, *others = (results[name].scenario.model_copy(update={"name": name}) for name in names)
    how: dict[str, Any] = {"seed": options.seed, "jobs": options.jobs, "engine": options.engine}
    found = risk(first, plans=others, draws=draws, refit=refit, progress=progress, **how)
    return PlanChances(found, {name: place for place, name in enumerate(names)})
