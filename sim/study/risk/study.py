"""The risk study: one sample of what is believed, every plan in every draw, and what follows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.arguments import checked, refused
from sim.engine import COMPILED
from sim.errors import ArgumentError, CcsimError
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_required
from sim.schema.values import DAY_S
from sim.study.levels import Level, by_factor, peak_agents, serving, staffed
from sim.study.replicate import Progress, RunOptions
from sim.study.risk.draws import DrawOutcome, DrawPlan, Refit, ScenariosOfDraws, simulate_draws
from sim.study.risk.plans import RiskPlan, make_plan, make_plans
from sim.study.risk.result import RiskResult
from sim.study.risk.sample import RiskSample, make_sample
from sim.study.same_days import require_same_days

DRAWS, LEAST_DRAWS, MOST_DRAWS = 200, 20, 100_000
PERIOD_S = 28 * DAY_S
CHANCE = 0.8
LEVELS = (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)
"""Staffing levels where no plan is named."""
LEAST_COUNTED = 0.5
"""The share of draws that must be left, for the beliefs to be about the file at all."""


@dataclass(frozen=True)
class RiskSetup:
    """A risk study before anything is simulated.

    Attributes
    ----------
    scenario, plans, sample, goals : as in `RiskResult`.
    seed, replications : of the simulation.
    wanted : the chance that is asked for.
    """

    scenario: Scenario
    plans: tuple[RiskPlan, ...]
    sample: RiskSample
    goals: Mapping[str, MeasureTarget]
    seed: int
    replications: int
    wanted: float

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(self.sample.shares)


def set_up(
    scenario: Scenario,
    before: Scenario | None = None,
    *,
    plans: Sequence[Scenario | Level] = (),
    paces: Sequence[float] = (),
    draws: int = DRAWS,
    period: float = PERIOD_S,
    chance: float = CHANCE,
    seed: int | None = None,
) -> RiskSetup:
    """Lay out a risk study; the arguments are those of `risk`.

    Raises
    ------
    NoTargetsError
        Where the scenario sets no targets.
    NotComparableError
        Where another file measures other days, or is open at other times.
    ArgumentError, CcsimError
        Where an argument is out of range, a level leaves no agents, or nothing varies.
    """
    _check(draws, period, chance)
    goals = targets_required(scenario)
    for flag, other in [("--before", before), *(("--plans", plan) for plan in plans)]:
        if isinstance(other, Scenario):
            require_same_days(scenario, other, flag)
    levels = [plan for plan in plans if isinstance(plan, Level)]
    files = [plan for plan in plans if isinstance(plan, Scenario)]
    if not plans and not paces:
        levels = [by_factor(scenario, factor) for factor in LEVELS]
    for level in levels:
        _require_agents(scenario, level)
    made = make_plans(scenario, before, files, levels, paces)
    return _setup(scenario, made, goals, draws, period, chance, seed)


def _require_agents(scenario: Scenario, level: Level) -> None:
    if peak_agents(staffed(scenario, level), serving(scenario)) <= 0.0:
        words = "leaves no agents at all, so that there is no plan to judge. Name levels such as 80%,90%"
        raise ArgumentError(f"--plans: {level.name}: {words}")


def set_up_plan(
    scenario: Scenario,
    plan: Scenario,
    name: str,
    *,
    draws: int = DRAWS,
    period: float = PERIOD_S,
    seed: int | None = None,
) -> RiskSetup:
    """Lay out a study of one plan: the file with other staffing, another handle-time target or other keys.

    Raises
    ------
    NoTargetsError, ArgumentError, CcsimError
        As `set_up`.
    """
    _check(draws, period, CHANCE)
    goals = targets_required(scenario)
    return _setup(scenario, (make_plan(scenario, plan, name),), goals, draws, period, CHANCE, seed)


def _setup(
    scenario: Scenario,
    plans: tuple[RiskPlan, ...],
    goals: Mapping[str, MeasureTarget],
    draws: int,
    period: float,
    chance: float,
    seed: int | None,
) -> RiskSetup:
    luck = scenario.run.seed if seed is None else seed
    sample = make_sample([scenario, *(plan.scenario for plan in plans)], draws, luck)
    if not sample.beliefs:
        words = "nothing varies, so that a draw is like the next. Write beliefs: {customers.patience: [3m, 5m]}"
        raise CcsimError(f"{scenario.name}: {words}")
    replications = max(1, math.ceil(period / DAY_S / 7.0 / scenario.calendar.weeks() - 1e-9))
    return RiskSetup(scenario, plans, sample, goals, luck, replications, chance)


def _check(draws: int, period: float, chance: float) -> None:
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise refused("draws", draws, f"a whole number from {LEAST_DRAWS} to {MOST_DRAWS:,}")
    if not 0.0 < chance < 1.0:
        raise refused("chance", chance, "a share between 0 and 1, such as 0.8")
    if not 0.0 < period < math.inf:
        raise refused("period", period, "seconds above 0, such as 28 * 86400")


def carried_out(
    setup: RiskSetup,
    *,
    engine: str = COMPILED,
    jobs: int | None = None,
    refit: Refit | None = None,
    known: Mapping[int, DrawOutcome] | None = None,
    keep: Callable[[DrawOutcome], None] | None = None,
    progress: Progress | None = None,
) -> RiskResult:
    """Simulate the draws of a study that are not known yet.

    Parameters
    ----------
    setup : the study.
    engine, jobs : how.
    refit : as in `risk`.
    known : outcomes that are there already, by draw.
    keep : called with every draw as it is done.
    progress : called with (replications done, replications in all), over the draws that are not known.

    Raises
    ------
    CcsimError
        Where most draws contradict the file or its report.
    """
    outcomes = dict(known or {})
    rest = [number for number in range(setup.draws) if number not in outcomes]
    scenarios = ScenariosOfDraws(setup.sample, setup.plans, setup.scenario.beliefs, refit)
    plan = DrawPlan(scenarios, RunOptions(setup.seed, engine, jobs), setup.replications, setup.goals)
    for outcome in simulate_draws(plan, rest, progress):
        outcomes[outcome.number] = outcome
        if keep is not None:
            keep(outcome)
    return _result(setup, tuple(outcomes[number] for number in range(setup.draws)))


def _result(setup: RiskSetup, outcomes: tuple[DrawOutcome, ...]) -> RiskResult:
    refusals = [outcome.refused for outcome in outcomes if outcome.refused]
    if len(refusals) > (1.0 - LEAST_COUNTED) * len(outcomes):
        words = f"{len(refusals)} of {len(outcomes)} draws contradict the file, the first with: {refusals[0]}"
        raise CcsimError(f"{setup.scenario.name}: {words}. Write narrower beliefs")
    return RiskResult(
        setup.scenario,
        setup.plans,
        setup.sample,
        outcomes,
        setup.goals,
        setup.seed,
        setup.replications,
        setup.wanted,
    )


@checked
def risk(
    scenario: Scenario,
    before: Scenario | None = None,
    *,
    plans: Sequence[Scenario | Level] = (),
    paces: Sequence[float] = (),
    draws: int = DRAWS,
    period: float = PERIOD_S,
    chance: float = CHANCE,
    seed: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    refit: Callable[[Scenario, Mapping[str, Any]], Scenario] | None = None,
    progress: Progress | None = None,
) -> RiskResult:
    """Return the chance that plans hold, luck and what is not known together.

    Weak and assumed numbers, and those that the file's `beliefs` name, are drawn; every plan is simulated in every
    draw, on the same customers within it and on others in the next.

    Parameters
    ----------
    scenario : a loaded scenario with targets.
    before : the centre as it was: a plan of its own, that cannot be chosen.
    plans : staffing levels of the scenario (`sim.by_factor`, `sim.by_count`) and other scenarios to set beside it;
        without any, levels from 80 % to 110 %.
    paces : handle-time targets (s), each with the scenario's own staffing and with every level.
    draws : of the beliefs, at least 20.
    period : seconds over which the targets must be met, 4 weeks unless given; as many replications make it.
    chance : the chance that is asked for.
    seed : of all luck; that of the scenario unless given.
    jobs, engine : how to simulate; the result depends on neither.
    refit : `sim.refit_observed`, to solve scenarios with observed figures again in every draw, so that they reproduce
        the report with the numbers drawn; draws that cannot are dropped and counted. Without it the fit stays as it is.
    progress : called with (replications done, replications in all).

    Raises
    ------
    NoTargetsError
        Where the scenario sets no targets.
    CcsimError
        Where nothing varies, or most draws contradict the file.
    """
    setup = set_up(scenario, before, plans=plans, paces=paces, draws=draws, period=period, chance=chance, seed=seed)
    return carried_out(setup, engine=engine, jobs=jobs, refit=refit, progress=progress)
