"""What `ccsim plan` answers: the file's plan, others on the same customers and people, and the best there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.arguments import checked
from sim.display import Displayed, counted, how_made
from sim.engine import COMPILED
from sim.scenario.model import Scenario
from sim.scenario.targets import targets_of_scenario
from sim.study.plan.best import SURE, Optimised, least_cost_plan
from sim.study.plan.correction import holds_of
from sim.study.plan.ground import heads_today
from sim.study.plan.result import PlanOptions, PlansResult, YearResult, plan_of
from sim.study.plan.rules import COMPARED, assumptions, compared_plans
from sim.study.plan.spiral import Spiral, find_spiral
from sim.study.plan.year import simulate_plans
from sim.study.replicate import Progress

Floats = npt.NDArray[np.float64]
Stage = Callable[[str], None]
HALF = 0.5


@dataclass(frozen=True, repr=False)
class PlanAnswer(Displayed):
    """What plans of heads do to the months ahead.

    Attributes
    ----------
    scenario : with its `horizon`.
    plans : what each plan does; the file's own first.
    best : the plan at least cost, by name among `plans`; empty where it was not asked for, or no target is set.
    needed : (groups, months) heads on the queue, as good as today's, that meet the targets; None where unknown.
    optimised : how the plan at least cost was found; None without one.
    spiral : whether attrition feeds itself under the file's plan; None where it was not asked for.
    assumed : what the plans assume where nothing measured says it, in sentences.
    """

    scenario: Scenario
    plans: PlansResult
    best: str = ""
    needed: Floats | None = None
    optimised: Optimised | None = None
    spiral: Spiral | None = None
    assumed: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """Years simulated of each plan."""
        return self.plans.replications

    @property
    def seed(self) -> int:
        """Of all luck."""
        return self.plans.seed

    @property
    def file(self) -> YearResult:
        """The plan that the file writes down."""
        return self.plans.plans[0]

    @property
    def lead(self) -> YearResult:
        """The plan that is advised: that at least cost, else the file's own."""
        return self.plans[self.best] if self.best else self.file

    @property
    def others(self) -> Sequence[YearResult]:
        """The plans beside the file's own."""
        return self.plans.plans[1:]

    @property
    def holds(self) -> bool:
        """Whether with the plan advised a typical week of every month is likelier to meet all targets than not."""
        return bool((holds_of(self.lead, list(self.lead.week.met)) >= HALF).all())

    def _line(self) -> str:
        return f"{self.scenario.name!r}: {counted(len(self.plans.plans), 'plan')}, {how_made(self)}"


@checked
def plan(
    scenario: Scenario,
    compare: Sequence[str] = COMPARED,
    best: bool = True,
    *,
    spiral: bool = True,
    sure: float = SURE,
    let_go: bool = True,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    known: Mapping[int, Mapping[str, Any]] | None = None,
    keep: Callable[[int, Mapping[str, Any]], None] | None = None,
    progress: Progress | None = None,
    stage: Stage | None = None,
) -> PlanAnswer:
    """Answer what a plan of heads does to the months ahead, and which one meets the targets at least cost.

    Parameters
    ----------
    scenario : with its `horizon`; the defaults of the section where it has none.
    compare : plans to set beside the file's: keep, cut, attrition, reinvest, redesign; those that need a bot are left
        out where there is none.
    best : whether to look for the plan at least cost, and to set hire when short and hire up to beside it.
    spiral : whether to look for the month from which attrition feeds itself, and for the staff with which it does.
    sure : the share of years in which each month's typical week is to meet the targets by the plan at least cost.
    let_go : whether that plan may let anybody go.
    seed, jobs, engine : as in `run`.
    replications : years of each plan; those of the file unless given.
    known, keep : outcomes of years that are there already, and what is called with each that is new (`PlanOptions`).
    progress : called with (what is done, of about how many), from 0 anew for each stage.
    stage : called with what is done next, in words.

    Raises
    ------
    CcsimError
        Where there is no plan of a name, or an engine is not known.
    """
    tell = stage or (lambda words: None)
    count = scenario.run.replications if replications is None else replications
    options = PlanOptions(count, seed, engine, jobs, known or {}, keep, progress)
    beside = compared_plans(scenario, compare, heads_today(scenario))
    found = None
    if best and targets_of_scenario(scenario):
        tell("the plan at least cost")
        found = least_cost_plan(scenario, options, sure=sure, let_go=let_go)
    plans = [plan_of(scenario), *([found.plan, *found.rules] if found else []), *beside]
    tell("every plan on the same customers")
    results = simulate_plans(scenario, plans, options)
    spiralling = None
    if spiral and _feeds_back(scenario):
        tell("whether attrition feeds itself")
        spiralling = find_spiral(scenario, options=replace(options, known={}, keep=None))
    needed = None if found is None else _of_all_groups(results.plans[0].groups, found)
    told = tuple(assumptions(scenario, plans))
    return PlanAnswer(scenario, results, found.plan.name if found else "", needed, found, spiralling, told)


def _feeds_back(scenario: Scenario) -> bool:
    """Whether a month's strain moves who leaves."""
    return scenario.horizon is not None and scenario.horizon.attrition.feedback and scenario.fatigue is not None


def _of_all_groups(groups: Sequence[str], found: Optimised) -> Floats:
    """(groups, months) heads wanted, none of groups that take no contacts."""
    own, wanted = found.programme.problem.groups, found.wanted
    return np.stack([wanted[own.index(name)] if name in own else np.zeros(wanted.shape[1]) for name in groups])
