"""The fewest agents that meet the targets, by simulation on common customers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED, check_engine
from sim.errors import ArgumentError, CcsimError
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_required
from sim.study.replicate import Progress, RunOptions, make_study
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.staffing.erlang_start import MOST_MORE, guess, offered_load
from sim.study.staffing.evaluator import Evaluator, asked_of, contacts_of, slack_of
from sim.study.staffing.exact_search import secure
from sim.study.staffing.formula_comparison import by_block, by_interval, wfm_table
from sim.study.staffing.iterative import settle
from sim.study.staffing.plan import RELIEF, SPANS, Ints, Span, StaffingProblem, make_ground, own_counts, volume_of
from sim.study.staffing.search import Search
from sim.study.staffing.sensitivity import StaffingSensitivities, sureness
from sim.study.staffing.shift_coverage import hold
from sim.study.staffing.shifts import ShiftPlan, ShiftRules, check_rules
from sim.study.staffing.verification import Verification, prove

Floats = npt.NDArray[np.float64]
SEARCHED, PROVED = 600_000.0, 6_000_000.0
"""First attempts that a staffing is tried with in the search; that it is proved with at most."""
LEAST, MOST = 10, 2_000
FEW = 4
"""Up to so many numbers of agents, each is searched to the last."""
MOST_TIMES = 3


@dataclass(frozen=True)
class Miss:
    """A goal that no staffing was sure to meet.

    Attributes
    ----------
    measure, goal : the goal.
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
    proof : the staffing on fresh replications.
    misses : the targets that no staffing was sure to meet; empty where it is accepted.
    load : (groups, intervals) agents busy on average where there are ample ones.
    beside : by interval, with Erlang C and Erlang A (`sim.study.staffing.formula_comparison`).
    sides : the file's own staffing, the one required and the shifts, if any, simulated on the same fresh customers.
    roster, covered : shifts that cover the agents required, and their proof; None where none were asked for.
    sure : what weak and assumed numbers do to the number of agents; None where it was not asked for.
    looks, contacts : staffings tried and first attempts simulated.
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
        return _notes(self.scenario, self.ground)

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
        return wfm_table(self.ground, self.required, self.load, self.beside, scheduled)

    @property
    def by_block(self) -> pd.DataFrame:
        """The agents of every block beside Erlang C and Erlang A of its mean load."""
        return by_block(self.ground, self.beside, self.scenario, self.goals)

    @property
    def decides(self) -> dict[str, int]:
        """In how many cells each goal has least to spare, of the goals asked over the span `each`; most first.

        What a bound has to spare is taken as a part of what lies between the goal and the best that there is.
        """
        mine = [v for v in self.proof.verdicts if v.asked.span == self.each]
        if not mine:
            return {}
        spare = [slack_of(v.asked.goal, v.bound) / v.asked.goal.room for v in mine]
        tightest = np.bincount(np.argmin(spare, axis=0), minlength=len(mine))
        found = {v.asked.measure: int(n) for v, n in zip(mine, tightest, strict=True) if n}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @property
    def verification(self) -> pd.DataFrame:
        """Tidy: measure, goal, date, time, mean, bound (one-sided 95 %), accepted."""
        rows = []
        for verdict in self.proof.verdicts:
            asked = verdict.asked
            for c, mean in enumerate(verdict.mean):
                date, time = cell_label(self.ground, asked.span, c)
                row = {"measure": asked.measure, "goal": asked.goal.share, "date": date, "time": time}
                rows.append(row | {"mean": mean, "bound": verdict.bound[c], "accepted": bool(verdict.accepted[c])})
        return pd.DataFrame(rows)


def cell_label(ground: StaffingProblem, span: Span, cell: int) -> tuple[str, str]:
    """Date and time of a cell; no time of a day, neither of the whole."""
    if span == "whole":
        return "", ""
    date, time = ground.label(int(ground.members(span)[cell][0]))
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
    budget: float = PROVED,
    rules: ShiftRules | None = None,
    how_sure: bool = True,
    progress: Progress | None = None,
) -> StaffResult:
    """Find the fewest agents by group and time that meet the targets, and prove it on fresh replications.

    Parameters
    ----------
    scenario : sets the targets; groups with shifts are staffed by counts.
    by : when staff may change: every interval, every day, or never.
    each : over what each target must hold; needs resolved are asked of the whole, strain of a day at least.
    seed, jobs, engine : as in `run`.
    replications : of the search; by default as many as make 600,000 first attempts, from 10 to 2,000.
    budget : first attempts with which a staffing is proved at most.
    rules : what shifts may be; None for no shifts.
    how_sure : whether to set weak and assumed numbers to the ends of their ranges.
    progress : called with (what is done, of about how many), from 0 anew for each part of the work.

    Raises
    ------
    CcsimError
        Where the scenario sets no target, a choice is not known, or no shifts can cover the agents required.
    """
    goals = _goals(scenario, by, each, engine)
    orders = RunOptions(scenario.run.seed if seed is None else seed, engine, jobs)
    ground = _ground(scenario, by, rules)
    bench = Evaluator(ground, asked_of(ground, goals, each), orders, replications or _searched(ground), progress)
    load = offered_load(ground, orders)
    proof, misses = _answer(bench, guess(ground, load, goals, each), budget)
    roster, covered = (None, None) if rules is None or misses else hold(bench, scenario, proof.counts, rules, budget)
    return StaffResult(
        scenario=scenario,
        seed=orders.seed,
        replications=bench.replications,
        by=by,
        each=each,
        goals=goals,
        ground=ground,
        proof=proof,
        misses=misses,
        load=load,
        beside=by_interval(ground, proof.counts, proof.study, goals, own_counts(scenario, ground)),
        sides=_sides(scenario, ground, proof, roster, orders),
        roster=roster,
        covered=covered,
        sure=sureness(scenario, ground, goals, each, orders, progress) if how_sure and not misses else None,
        looks=bench.looks,
        contacts=bench.contacts,
    )


def _ground(scenario: Scenario, by: Span, rules: ShiftRules | None) -> StaffingProblem:
    """The unknowns, with contacts to staff for, and shifts that can be checked against them."""
    ground = make_ground(scenario, by)
    if not any(volume_of(ground.scenario, day) for day in dict.fromkeys(day for day, _ in ground.cells)):
        raise CcsimError(f"{scenario.name}: no contact is expected, so that nobody is required. Give it arrivals")
    if rules is not None:
        check_rules(scenario, ground, rules)
    return ground


def _sides(
    scenario: Scenario, ground: StaffingProblem, proof: Verification, roster: ShiftPlan | None, orders: RunOptions
) -> tuple[ScenarioResult, ...]:
    """The file's own staffing, the one required and its shifts, on the same fresh customers."""
    fresh, count = replace(orders, seed=proof.seed), min(proof.replications, LEAST * 3)
    shifts = [] if roster is None else [roster.scenario]
    return tuple(simulate_all([scenario, ground.staffed(proof.counts), *shifts], fresh, count))


def _goals(scenario: Scenario, by: str, each: str, engine: str) -> dict[str, MeasureTarget]:
    """The targets to meet, once the other choices are known to make sense."""
    check_engine(engine)
    for name, value in (("by", by), ("each", each)):
        if value not in SPANS:
            raise ArgumentError(f"{name}: {value}: is not known. Use {', '.join(SPANS)}")
    return targets_required(scenario)


def _searched(ground: StaffingProblem) -> int:
    contacts = contacts_of(make_study(ground.scenario))
    return max(LEAST, min(MOST, math.ceil(SEARCHED / (contacts + 1.0))))


def _answer(bench: Evaluator, first: Ints, budget: float) -> tuple[Verification, tuple[Miss, ...]]:
    """The staffing and its proof; with the most agents, and what is missed, where no number will do."""
    most = MOST_TIMES * first + MOST_MORE
    if bench.look(most).failing:
        proof = prove(bench, most, 0, budget)
        if not proof.accepted:
            return proof, misses_of(bench.ground, proof)
        bench = replace(bench, orders=replace(bench.orders, seed=proof.seed), replications=proof.replications, seen={})
    proof = _few(Search(bench, most), first, budget) if most.size <= FEW else settle(bench, first, most, budget)
    if proof.accepted:
        return proof, ()
    proof = prove(bench, most, 0, budget)
    return proof, misses_of(bench.ground, proof)


def _few(search: Search, first: Ints, budget: float) -> Verification:
    search.bench.begin(5 * search.groups**2 * search.most.size)
    found = search.run(first)
    return secure(search, search.most if found is None else found, budget)


def misses_of(ground: StaffingProblem, proof: Verification) -> tuple[Miss, ...]:
    """The goals that are not accepted, each with its worst cell."""
    found = []
    for verdict in proof.verdicts:
        if not verdict.accepted.all():
            asked, worst = verdict.asked, verdict.worst
            where = cell_label(ground, asked.span, worst)
            share = float(1.0 - verdict.accepted.mean())
            found.append(Miss(asked.measure, asked.goal, float(verdict.mean[worst]), where, share))
    return tuple(found)


def _notes(scenario: Scenario, ground: StaffingProblem) -> tuple[str, ...]:
    shifts = [name for name in ground.groups if scenario.agents[name].shifts is not None]
    relieved = [name for name in ground.groups if ground.scenario.agents[name].relief != scenario.agents[name].relief]
    words = [f"{', '.join(shifts)}: shifts are replaced by counts for the requirement"] if shifts else []
    if relieved:
        words.append(f"{', '.join(relieved)}: agents are relieved after {RELIEF}, which tires them about as shifts do")
    return tuple(words)
