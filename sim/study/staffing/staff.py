"""The fewest agents that meet the targets, by simulation on common customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED, check_engine
from sim.errors import ArgumentError, CcsimError
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_required, without_due
from sim.study.replicate import Progress, RunOptions, make_run
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.sensitivity import Sensitivity, by_size, sensitivities_of, span_of, uncertain_parameters
from sim.study.staffing.by_group import GroupFigures, group_figures
from sim.study.staffing.erlang_start import MOST_MORE, erlang_start, offered_load
from sim.study.staffing.evaluator import Evaluator, Verification, constraints_of, verify
from sim.study.staffing.exact_search import exact_search
from sim.study.staffing.formula_comparison import by_block, by_interval, wfm_table
from sim.study.staffing.iterative import iterate
from sim.study.staffing.plan import RELIEF, SPANS, Ints, Span, StaffingProblem, make_problem, own_counts, volume_of
from sim.study.staffing.rostered import Rostered, rostered
from sim.study.staffing.shifts import ShiftPlan, ShiftRules, check_rules, verified_shifts

Floats = npt.NDArray[np.float64]
SEARCHED, VERIFIED = 600_000.0, 6_000_000.0
"""First attempts that a staffing is evaluated with in the search; that it is verified with at most."""
LEAST, MOST = 10, 2_000
FEW = 4
"""Up to so many numbers of agents, each is searched to the last."""
MOST_TIMES = 3
MOST_SHOWN = 3
"""Uncertain parameters in a result."""


@dataclass(frozen=True)
class StaffingSensitivities:
    """What the most influential uncertain parameters do to the agents required, as a multiple of those expected.

    A search at every bound would take hours. The requirement there is taken as that of the scenario times the ratio of
    two first staffings, each from the simulated offered load at ample staffing; what a parameter does to patience and
    to the load is in it, what it does to the pooling of groups is not.

    Attributes
    ----------
    sensitivities : of that multiple, the most influential parameters first.
    considered : how many uncertain parameters are in force.
    """

    sensitivities: tuple[Sensitivity, ...]
    considered: int

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest multiple found, one parameter at a time."""
        return span_of(1.0, self.sensitivities)


@dataclass(frozen=True)
class Miss:
    """A target that no staffing was sure to meet.

    Attributes
    ----------
    measure, goal : the target.
    best : the best attainable value of its worst cell, with the most agents tried.
    where : date and time of that cell; empty parts where it is longer.
    share : the share of its cells that miss it even so.
    """

    measure: str
    goal: MeasureTarget
    best: float
    where: tuple[str, str]
    share: float


@dataclass(frozen=True, repr=False)
class StaffResult(Displayed):
    """The fewest agents by group and block of time that meet the targets.

    Attributes
    ----------
    scenario : what was asked about.
    seed, replications : of the search.
    by, each : when staff may change; over what each target must hold.
    goals : the targets, by measure.
    ground : the blocks of time, the groups, the intervals.
    proof : the verification of the staffing on fresh replications.
    misses : the targets that no staffing was sure to meet; empty where it is accepted.
    load : (groups, intervals) agents busy on average where there are ample ones.
    figures : what each group does of an interval's contacts (`sim.study.staffing.by_group`).
    beside : by interval, with Erlang C and Erlang A (`sim.study.staffing.formula_comparison`).
    sides : the file's own staffing, the one required and the shifts, if any, simulated on the same fresh customers.
    roster, covered : shifts that cover the agents required, and their verification; None where none were asked for.
    sure : what uncertain parameters do to the number of agents; None where it was not asked for.
    looks, contacts : staffings evaluated and first attempts simulated.
    """

    scenario: Scenario
    seed: int
    replications: int
    by: Span
    each: Span
    goals: dict[str, MeasureTarget]
    ground: StaffingProblem
    proof: Verification
    misses: tuple[Miss, ...]
    load: Floats
    figures: GroupFigures
    beside: pd.DataFrame
    sides: tuple[ScenarioResult, ...]
    roster: ShiftPlan | None
    covered: Verification | None
    sure: StaffingSensitivities | None
    looks: int
    contacts: float

    def _line(self) -> str:
        found = f"{self.agent_hours:,.1f} agent hours" if self.feasible else "no staffing meets the targets"
        return f"{self.scenario.name!r}: {found}, by {self.by}, {how_made(self)}"

    @property
    def required(self) -> Ints:
        """(groups, blocks) agents on the queue, present; the most tried where no number will do."""
        return self.proof.counts

    @property
    def own(self) -> Floats:
        """(groups, intervals) the file's own staffing."""
        return own_counts(self.scenario, self.ground)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed for the requirement."""
        own, groups = self.scenario.agents, self.ground.scenario.agents
        shifts = [name for name in self.ground.groups if own[name].shifts is not None]
        relieved = [name for name in self.ground.groups if groups[name].relief != own[name].relief]
        notes = [f"{', '.join(shifts)}: shifts are replaced by counts for the requirement"] if shifts else []
        if relieved:
            notes.append(
                f"{', '.join(relieved)}: agents are relieved after {RELIEF}, which tires them about as shifts do"
            )
        forgotten = without_due(self.scenario)
        if forgotten:
            notes.append(
                f"{', '.join(forgotten)}: no target speaks of this deferred work, so the agents required may leave it "
                "undone. Write targets: {deferred: {due_met: 95%}}"
            )
        return tuple(notes)

    @property
    def feasible(self) -> bool:
        """Whether a staffing was accepted."""
        return not self.misses

    @property
    def agent_hours(self) -> float:
        """Hours on the queue that are required over the days measured, all groups."""
        return self.ground.agent_hours(self.required)

    @property
    def own_hours(self) -> float:
        """The same of the file's own staffing."""
        return float((self.own * self.ground.hours).sum())

    def hours_of(self, column: str) -> float:
        """Agent hours of a column of `beside`; nan where a formula has no number for an interval."""
        return float((self.beside[column].to_numpy() * self.ground.hours).sum())

    @property
    def staffed(self) -> Scenario:
        """The scenario with the agents required, as counts."""
        return self.ground.staffed(self.required)

    @property
    def table(self) -> pd.DataFrame:
        """What a workforce management suite imports (`sim.study.staffing.formula_comparison.wfm_table`)."""
        scheduled = None if self.roster is None else self.roster.scheduled
        return wfm_table(self.ground, self.required, self.figures, self.beside, scheduled)

    @property
    def rostered(self) -> list[Rostered]:
        """What every group must be rostered for: by its shifts, or else for the bare requirement."""
        hours = (self.required[:, self.ground.block_of] * self.ground.hours).sum(axis=1)
        required = dict(zip(self.ground.groups, hours.tolist(), strict=True))
        return rostered(self.scenario, required, None if self.roster is None else self.roster.paid_hours)

    @property
    def by_block(self) -> pd.DataFrame:
        """The agents of every block beside Erlang C and Erlang A of its mean load."""
        return by_block(self.ground, self.beside, self.scenario, self.goals)

    @property
    def decides(self) -> dict[str, int]:
        """In how many cells each target has least to spare, of those asked over the span `each`; most first.

        What a bound has to spare is taken as a part of what lies between the target and the best that there is.
        """
        verdicts = [verdict for verdict in self.proof.verdicts if verdict.constraint.span == self.each]
        if not verdicts:
            return {}
        spare = [verdict.slack / verdict.constraint.target.largest_slack for verdict in verdicts]
        tightest = np.bincount(np.argmin(spare, axis=0), minlength=len(verdicts)).tolist()
        cells = {v.constraint.measure: count for v, count in zip(verdicts, tightest, strict=True) if count}
        return dict(sorted(cells.items(), key=lambda item: -item[1]))

    @property
    def verification(self) -> pd.DataFrame:
        """Tidy: measure, goal, date, time, mean, bound (one-sided 95 %), accepted."""
        rows = []
        for verdict in self.proof.verdicts:
            constraint = verdict.constraint
            for cell, mean in enumerate(verdict.mean):
                date, time = cell_label(self.ground, constraint.span, cell)
                row = {"measure": constraint.measure, "goal": constraint.target.share, "date": date, "time": time}
                rows.append(
                    row | {"mean": mean, "bound": verdict.bound[cell], "accepted": bool(verdict.accepted[cell])}
                )
        return pd.DataFrame(rows)


def cell_label(problem: StaffingProblem, span: Span, cell: int) -> tuple[str, str]:
    """Date and time of a cell; no time of a day, neither of the whole."""
    if span == "whole":
        return "", ""
    date, time = problem.label(int(problem.members(span)[cell][0]))
    return date, time if span == "interval" else ""


@checked
def staff(
    scenario: Scenario,
    *,
    by: Span = "interval",
    each: Span = "interval",
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    budget: float = VERIFIED,
    rules: ShiftRules | None = None,
    how_sure: bool = True,
    progress: Progress | None = None,
) -> StaffResult:
    """Find the fewest agents by group and time that meet the targets, and verify it on fresh replications.

    Parameters
    ----------
    scenario : sets the targets; groups with shifts are staffed by counts.
    by : when staff may change: every interval, every day, or never.
    each : over what each target must hold; needs resolved are asked of the whole, strain of a day at least.
    seed, jobs, engine : as in `run`.
    replications : of the search; by default as many as make 600,000 first attempts, from 10 to 2,000.
    budget : first attempts with which a staffing is verified at most.
    rules, how_sure : what shifts may be, None for none; whether to set uncertain parameters to their bounds.
    progress : called with (what is done, of about how many), from 0 anew for each part of the work.

    Raises
    ------
    CcsimError
        Where the scenario sets no target, a choice is not known, or no shifts can cover the agents required.
    """
    targets = _targets(scenario, by, each, engine)
    options = RunOptions(scenario.run.seed if seed is None else seed, engine, jobs)
    problem = _problem(scenario, by, rules)
    constraints = constraints_of(problem, targets, each)
    evaluator = Evaluator(problem, constraints, options, replications or _searched(problem), progress)
    load = offered_load(problem, options)
    verification, misses = _answer(evaluator, erlang_start(problem, load, targets, each), budget)
    plan, covered = _shifts(evaluator, scenario, verification, None if misses else rules, budget)
    return StaffResult(
        scenario=scenario,
        seed=options.seed,
        replications=evaluator.replications,
        by=by,
        each=each,
        goals=targets,
        ground=problem,
        proof=verification,
        misses=misses,
        load=load.whole,
        figures=group_figures(problem, verification, engine, load.whole),
        beside=by_interval(problem, verification.counts, verification.run, targets, own_counts(scenario, problem)),
        sides=_side_by_side(scenario, verification, plan, options),
        roster=plan,
        covered=covered,
        sure=_sensitivities(scenario, problem, targets, each, options, progress) if how_sure and not misses else None,
        looks=evaluator.evaluations,
        contacts=evaluator.contacts,
    )


def _targets(scenario: Scenario, by: str, each: str, engine: str) -> dict[str, MeasureTarget]:
    """The targets to meet, once the other choices are known to make sense."""
    check_engine(engine)
    for name, value in (("by", by), ("each", each)):
        if value not in SPANS:
            raise ArgumentError(f"{name}: {value}: is not known. Use {', '.join(SPANS)}")
    return targets_required(scenario)


def _shifts(
    evaluator: Evaluator, scenario: Scenario, verification: Verification, rules: ShiftRules | None, budget: float
) -> tuple[ShiftPlan | None, Verification | None]:
    """Shifts that cover what is required, and what they come to; none where none are asked for."""
    if rules is None:
        return None, None
    return verified_shifts(evaluator, scenario, verification.counts, rules, budget)


def _problem(scenario: Scenario, by: Span, rules: ShiftRules | None) -> StaffingProblem:
    """The unknowns, with contacts to staff for, and shifts that can be checked against them."""
    problem = make_problem(scenario, by)
    if not any(volume_of(problem.scenario, day) for day in problem.days):
        raise CcsimError(f"{scenario.name}: no contact is expected, so that nobody is required. Give it arrivals")
    if rules is not None:
        check_rules(scenario, problem, rules)
    return problem


def _searched(problem: StaffingProblem) -> int:
    contacts = make_run(problem.scenario).expected_contacts
    return max(LEAST, min(MOST, math.ceil(SEARCHED / (contacts + 1.0))))


def _answer(evaluator: Evaluator, first: Ints, budget: float) -> tuple[Verification, tuple[Miss, ...]]:
    """The staffing and its verification; with the most agents, and what is missed, where no number will do."""
    most = MOST_TIMES * first + MOST_MORE
    if evaluator.evaluate(most).failing:
        verification = verify(evaluator, most, 0, budget)
        if not verification.accepted:
            return verification, misses_of(evaluator.problem, verification)
        options = replace(evaluator.options, seed=verification.seed)
        evaluator = replace(evaluator, options=options, replications=verification.replications, evaluated={})
    search = exact_search if most.size <= FEW else iterate
    verification = search(evaluator, first, most, budget)
    if verification.accepted:
        return verification, ()
    verification = verify(evaluator, most, 0, budget)
    return verification, misses_of(evaluator.problem, verification)


def misses_of(problem: StaffingProblem, verification: Verification) -> tuple[Miss, ...]:
    """The targets that are not accepted, each with its worst cell."""
    misses = []
    for verdict in verification.verdicts:
        if not verdict.accepted.all():
            constraint, worst = verdict.constraint, verdict.worst
            where, share = cell_label(problem, constraint.span, worst), float(1.0 - verdict.accepted.mean())
            misses.append(Miss(constraint.measure, constraint.target, float(verdict.mean[worst]), where, share))
    return tuple(misses)


def _side_by_side(
    scenario: Scenario, verification: Verification, plan: ShiftPlan | None, options: RunOptions
) -> tuple[ScenarioResult, ...]:
    """The file's own staffing, the one required and its shifts, on the same fresh customers."""
    fresh, count = replace(options, seed=verification.seed), min(verification.replications, LEAST * 3)
    shifts = [] if plan is None else [plan.scenario]
    return tuple(simulate_all([scenario, verification.run.scenario, *shifts], fresh, count))


def _sensitivities(
    scenario: Scenario,
    problem: StaffingProblem,
    targets: Mapping[str, MeasureTarget],
    each: Span,
    options: RunOptions,
    progress: Progress | None,
) -> StaffingSensitivities:
    """What every uncertain parameter does to the agents that a scenario needs."""

    def hours(changed: StaffingProblem) -> float:
        return changed.agent_hours(erlang_start(changed, offered_load(changed, options), targets, each))

    base = hours(problem)
    parameters = uncertain_parameters(scenario) if base > 0.0 else []
    multiples = sensitivities_of(
        lambda changed: hours(make_problem(changed, problem.by)) / base, "agents", 1.0, parameters, progress
    )
    influential = [multiple for multiple in by_size(multiples) if multiple.size > 0.0]
    return StaffingSensitivities(tuple(influential[:MOST_SHOWN]), len(parameters))
