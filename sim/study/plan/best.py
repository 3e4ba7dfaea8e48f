"""The plan that meets the targets at least cost: wanted heads, programme, simulation, correction."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.display import Displayed, how_made
from sim.errors import ArgumentError
from sim.facts.headcount import ahead_of
from sim.scenario.model import Scenario
from sim.study.levels import serving
from sim.study.plan.correction import (
    CorrectionRound,
    corrected,
    holds_of,
    plan_of_moves,
    slack_of_year,
    strain_of_year,
)
from sim.study.plan.exhaustive import Exhausted, exhausted, small_case
from sim.study.plan.ground import heads_problem
from sim.study.plan.heads import starting_heads
from sim.study.plan.month import month_weeks, with_bot, with_staff
from sim.study.plan.programme import Programme, least_cost
from sim.study.plan.requirement import Requirement, Week, requirement_by_month
from sim.study.plan.result import PlanOptions, YearPlan, YearResult
from sim.study.plan.rules import BEST, Required, hire_up_to, hire_when_short
from sim.study.plan.year import simulate_plans
from sim.study.replicate import RunOptions

Floats = npt.NDArray[np.float64]
SURE, ROUNDS = 0.8, 6
NO_STEP, WORTH_WHILE = 0.5, 0.005
"""Heads that are no step; the part of the cost for whose sake another turn is made."""
OF_SEARCH = 12
"""Replications of the search at most: of weeks when heads are looked for, and of years in every turn."""


@dataclass(frozen=True, repr=False)
class Optimised(Displayed):
    """The plan at least cost.

    Attributes
    ----------
    scenario, plan : the file, and the plan that was kept.
    requirement : the heads wanted at first.
    rounds : every turn of programme and simulation.
    kept : the place of the turn whose plan was kept.
    small : the programme against every plan of a small case.
    sure : the share of years in which each month's typical week is to meet the targets.
    seed, replications : of the search.
    """

    scenario: Scenario
    plan: YearPlan
    requirement: Requirement
    rounds: tuple[CorrectionRound, ...]
    kept: int
    small: Exhausted
    sure: float
    seed: int
    replications: int

    @property
    def round(self) -> CorrectionRound:
        """The turn whose plan was kept."""
        return self.rounds[self.kept]

    @property
    def programme(self) -> Programme:
        """The programme that the plan comes from."""
        return self.round.programme

    @property
    def gap(self) -> float:
        """How far above the least possible on mean behaviour the plan may be, as a share."""
        return self.programme.gap

    @property
    def wanted(self) -> Floats:
        """(groups, months) heads wanted on the phones, as good as today's, by which the plan was made."""
        return self.round.wanted

    @property
    def rules(self) -> tuple[YearPlan, YearPlan]:
        """Hire when short and hire up to, for the same heads wanted."""
        problem = self.programme.problem
        required = Required(problem.groups, tuple(tuple(row) for row in self.wanted.tolist()))
        stay = [float(row.mean()) for row in problem.stay]
        return hire_when_short(required), hire_up_to(required, stay, problem.lead + problem.training)

    def _line(self) -> str:
        hired = sum(entry.count for entry in self.plan.classes)
        return f"{self.scenario.name!r}: hire {hired}, gap {self.gap:.2%}, {how_made(self)}"


def least_cost_plan(
    scenario: Scenario,
    options: PlanOptions | None = None,
    *,
    sure: float = SURE,
    rounds: int = ROUNDS,
    let_go: bool = True,
) -> Optimised:
    """Find the plan of heads that meets the targets at least cost, and correct it by simulated years.

    Parameters
    ----------
    scenario : with its `horizon`; classes, dismissals and the rule of the file are put aside. Heads move between the
        groups that its `horizon.transfers` names, in that direction.
    options : seed, engine, workers; the search makes 12 replications at most.
    sure : the share of years in which each month's typical week is to meet every target that staff can meet.
    rounds : turns of programme and simulation at most.
    let_go : whether anybody may be let go.

    Raises
    ------
    CcsimError
        Where the scenario sets no target.
    """
    if not 0.0 < sure < 1.0:
        raise ArgumentError(f"sure: {sure:g}: must be above 0 and below 1. Write a share such as 0.8")
    if rounds < 1:
        raise ArgumentError(f"rounds: {rounds}: must be at least 1. Write {ROUNDS}")
    return _Optimiser(scenario, options or PlanOptions(), sure, let_go).found(rounds)


class _Optimiser:
    """The turns."""

    def __init__(self, scenario: Scenario, options: PlanOptions, sure: float, let_go: bool) -> None:
        self.scenario, self.sure, self.let_go = scenario, sure, let_go
        self.replications = min(options.replications, OF_SEARCH)
        self.options = replace(options, replications=self.replications, known={}, keep=None)
        ahead, behind = ahead_of(scenario), starting_heads(scenario).behind.tolist()
        self.behind = dict(zip(scenario.agents, behind, strict=True))
        self.groups = serving(scenario)
        moves = {(t.from_group, t.to_group): t.training for t in ahead.transfers}
        self.pairs = {pair: s for pair, s in moves.items() if set(pair) <= set(self.groups)}

    def found(self, rounds: int) -> Optimised:
        seed = self.scenario.run.seed if self.options.seed is None else self.options.seed
        run = RunOptions(seed, self.options.engine, self.options.jobs)
        months = ahead_of(self.scenario).months
        week = week_of_month(self.scenario)
        requirement = requirement_by_month(
            self.scenario, week, self.behind, months, run, self.replications, self.sure, self.options.progress
        )
        turns, wanted, strain = [], requirement.heads, np.ones((len(self.groups), months))
        for _ in range(rounds):
            turn, result = self._turn(requirement, wanted, strain)
            turns.append(turn)
            following = corrected(requirement, turn)
            if _enough(turns) or np.abs(following - wanted).sum(axis=0).max() < NO_STEP:
                break
            wanted, strain = following, self._strain(result, turn)
        kept = min(range(len(turns)), key=lambda k: turns[k].rank)
        small = exhausted(small_case(turns[kept].programme.problem))
        return Optimised(
            self.scenario, turns[kept].plan, requirement, tuple(turns), kept, small, self.sure, seed, self.replications
        )

    def _turn(self, requirement: Requirement, wanted: Floats, strain: Floats) -> tuple[CorrectionRound, YearResult]:
        problem = heads_problem(
            self.scenario, self.groups, wanted, strain=strain, let_go=self.let_go, transfers=self.pairs
        )
        programme = least_cost(problem)
        plan = plan_of_moves(BEST, problem, programme.moves, list(self.pairs.values()))
        result = simulate_plans(self.scenario, [plan], self.options).plans[0]
        reachable = requirement.reachable
        holds, slack = holds_of(result, list(reachable)), slack_of_year(result, reachable, self.sure)
        cost = float(result.spent.mean()) if result.money else float(result.people.tops["heads"].sum())
        return CorrectionRound(wanted, programme, plan, holds, slack, cost, self.sure), result

    def _strain(self, result: YearResult, turn: CorrectionRound) -> Floats:
        neutral = heads_problem(self.scenario, self.groups, turn.wanted)
        return strain_of_year(result, self.groups, 1.0 - neutral.stay[:, : turn.wanted.shape[1]])


def _enough(turns: list[CorrectionRound]) -> bool:
    """Whether the last turn misses nothing in time, and is hardly cheaper than one before it that did not either."""
    before = [turn.cost for turn in turns[:-1] if not turn.mendable.size]
    return not turns[-1].mendable.size and bool(before) and turns[-1].cost > (1.0 - WORTH_WHILE) * min(before)


def week_of_month(scenario: Scenario) -> Week:
    """The typical week of a month, the bot as its ramp has it, with so many heads on the phones by group."""
    weeks, behind = month_weeks(scenario, YearPlan(BEST)), starting_heads(scenario).behind
    today, groups = dict(zip(scenario.agents, behind.tolist(), strict=True)), serving(scenario)

    def week(month: int, wanted: Floats) -> Scenario:
        factors = {name: heads / today[name] for name, heads in zip(groups, wanted.tolist(), strict=True)}
        own = weeks[month - 1]
        return with_staff(with_bot(own.typical[0], own.ramp), [factors.get(name, 1.0) for name in scenario.agents])

    return week
