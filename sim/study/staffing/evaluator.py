"""One staffing simulated, and how it stands to the targets in every interval, every day or over the whole.

It is evaluated by means on the customers of the search, and verified on replications that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.measures.definitions import SERVICE_LEVELS, Measure, weighted
from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, TargetOfSome, targets_of_some
from sim.study.estimates import Estimate, ratio_estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate
from sim.study.staffing.plan import SPANS, Ints, Span, StaffingProblem

Floats = npt.NDArray[np.float64]
LEAST_SPAN: dict[str, Span] = {"resolution_rate": "whole", "strained_share": "day", "due_met": "whole"}
"""Needs come back over days, deferred work waits for quiet hours, and agents tire over the hours before: the shortest
spans to ask a target of."""
BY_INTERVAL = frozenset({"abandonment_rate", *SERVICE_LEVELS})
"""What can be asked of some contacts by interval."""
SLICES: dict[Span, str] = {"interval": "interval", "day": "day", "whole": "overall"}
PER_CONTACT = frozenset({"abandonment_rate", "resolution_rate", "due_met", *SERVICE_LEVELS})
SURE = 0.95
NEAR = 1e-12
STRIDE = 7_919


@dataclass(frozen=True)
class Constraint:
    """A target, and over what it must hold.

    Attributes
    ----------
    measure, target : the bound.
    span : each interval, each day, or the whole.
    blocks : for each such cell, the blocks of the staffing that reach into it.
    """

    measure: str
    target: MeasureTarget
    span: Span
    blocks: list[Ints]

    @property
    def at_live(self) -> bool:
        """Whether it is about contacts that wait on a line, and not about work that can wait."""
        return not self.measure.endswith("due_met")


def constraints_of(
    problem: StaffingProblem, targets: Mapping[str, MeasureTarget], each: Span
) -> tuple[Constraint, ...]:
    """The targets over what they must hold: strain of a day at the least, some targets of the whole alone.

    Those are resolution, and work done by due, which waits over intervals and days.
    """
    spans = {m: max(each, _least_span(m, each), key=SPANS.index) for m in targets}
    return tuple(Constraint(m, target, spans[m], problem.blocks_in(spans[m])) for m, target in targets.items())


def _least_span(measure: str, each: Span) -> Span:
    return LEAST_SPAN.get(measure.rpartition(".")[2], each)


@dataclass(frozen=True)
class Verdict:
    """How sure it is that a target is met, cell by cell.

    Attributes
    ----------
    constraint : the target, and over what it must hold.
    mean : (cells,) the estimate; nan where no contact came, which meets any target.
    bound : (cells,) the end of the one-sided 95 % interval that a target is accepted by.
    accepted, rejected : (cells,) whether the bound meets the target; whether the other bound misses it.
    """

    constraint: Constraint
    mean: Floats
    bound: Floats
    accepted: npt.NDArray[np.bool_]
    rejected: npt.NDArray[np.bool_]

    @property
    def slack(self) -> Floats:
        """(cells,) how far the bound is on the right side; infinite where it is no number."""
        return slack_of(self.constraint.target, self.bound)

    @property
    def worst(self) -> int:
        """The cell with the least to spare."""
        return int(np.argmin(self.slack)) if self.bound.size else 0


@dataclass(frozen=True)
class Evaluation:
    """What a staffing came to, by means.

    Attributes
    ----------
    counts : (groups, blocks) agents.
    slacks : for each constraint, (cells,) how far its mean is on the right side; infinite where nothing came.
    levels : (blocks,) share answered within T, which tells where it is tightest; 1 where nobody came.
    """

    counts: Ints
    slacks: tuple[Floats, ...]
    levels: Floats

    @property
    def failing(self) -> list[tuple[int, int]]:
        """What is missed, as numbers of the constraint and of the cell."""
        return [(k, int(cell)) for k, slack in enumerate(self.slacks) for cell in np.flatnonzero(slack < -NEAR)]


def estimate_of(run: ScenarioRun, measure: str, span: Span) -> Estimate:
    """A measure over each interval, each day or the whole."""
    return ratio_estimate(*_counts_of(run, measure, span))


def _counts_of(run: ScenarioRun, measure: str, span: Span) -> tuple[Floats, Measure]:
    """What a measure is made of: of all contacts, or of the channel, intent or skill that has a target of its own."""
    some = next((target for target in targets_of_some(run.scenario) if target.key == measure), None)
    if some is None:
        return run.tallies.counts(SLICES[span]), run.measures[measure]
    return _counts_of_some(run, some, span), run.measures[some.measure]


def _counts_of_some(run: ScenarioRun, some: TargetOfSome, span: Span) -> Floats:
    """(replications, cells, counts) of the contacts that a target of some is about."""
    if span == "whole":
        return run.counts_of_some(some)
    by_interval = run.counts_apart(some)
    return by_interval if span == "interval" else np.add.reduceat(by_interval, _first_of_days(run), axis=1)


def _first_of_days(run: ScenarioRun) -> Ints:
    """The first interval of every open day."""
    return np.searchsorted(run.frame.day_of, np.arange(run.frame.days))


def _staffed_run(scenario: Scenario) -> ScenarioRun:
    """A staffing made ready, with the live targets of channels, intents and skills counted by interval too."""
    return make_run(scenario, apart=[t for t in targets_of_some(scenario) if t.measure in BY_INTERVAL])


def verdict_of(run: ScenarioRun, constraint: Constraint) -> Verdict:
    """A constraint against both one-sided 95 % bounds."""
    estimate = estimate_of(run, constraint.measure, constraint.span)
    rows = len(estimate.replicates)
    spread = np.sqrt((estimate.replicates**2).sum(axis=0) / max(rows - 1, 1) / rows)
    away = stdtrit(rows - 1, SURE) * spread if rows > 1 else np.full(estimate.mean.shape, np.inf)
    away = np.maximum(away, _luck_of_constants(run, constraint, estimate))
    side = -1.0 if constraint.target.at_least else 1.0
    near, far = estimate.mean + side * away, estimate.mean - side * away
    accepted, rejected = slack_of(constraint.target, near) >= -NEAR, slack_of(constraint.target, far) < -NEAR
    return Verdict(constraint, estimate.mean, near, accepted, rejected)


def _luck_of_constants(run: ScenarioRun, constraint: Constraint, estimate: Estimate) -> Floats:
    """How far a share that never was anything but 0 or 1 may be off: what as many contacts would show by luck alone."""
    counts, measure = _counts_of(run, constraint.measure, constraint.span)
    contacts = weighted(counts, measure.bottom).sum(axis=0)
    constant = np.isin(estimate.mean, (0.0, 1.0)) & (measure.name in PER_CONTACT)
    with np.errstate(divide="ignore"):
        return np.where(constant, 1.0 - (1.0 - SURE) ** (1.0 / contacts), 0.0)


def slack_of(target: MeasureTarget, values: Floats) -> Floats:
    """How far values are on the right side of a target; infinite for those that are no numbers."""
    slack = values - target.share if target.at_least else target.share - values
    return np.where(np.isnan(slack), np.inf, slack)


@dataclass
class Evaluator:
    """Where staffings are evaluated: always on the same customers, each only once.

    Attributes
    ----------
    problem, constraints : the blocks, and what must hold.
    options, replications : how.
    progress : called after every evaluation and verification.
    expected : about how many there will be.
    done, evaluations, contacts : evaluations and verifications, evaluations alone, and first attempts simulated so far.
    evaluated : the evaluations so far, by the bytes of the counts.
    """

    problem: StaffingProblem
    constraints: tuple[Constraint, ...]
    options: RunOptions
    replications: int
    progress: Progress | None = None
    expected: int = 1
    done: int = 0
    evaluations: int = 0
    contacts: float = 0.0
    evaluated: dict[bytes, Evaluation] = field(default_factory=dict)

    def evaluate(self, counts: Ints) -> Evaluation:
        """The evaluation of a staffing."""
        key = counts.tobytes()
        if key not in self.evaluated:
            run = _staffed_run(self.problem.staffed(counts))
            self.extend(run, self.options, self.replications)
            self.evaluations += 1
            self.count()
            self.evaluated[key] = self._evaluation(counts, run)
        return self.evaluated[key]

    def begin(self, expected: int) -> None:
        """A new part of the work, of about so many evaluations and verifications."""
        self.done, self.expected = 0, expected
        if self.progress:
            self.progress(0, expected)

    def count(self) -> None:
        """Another evaluation or verification is done; a few more than expected there will always be."""
        self.done += 1
        if self.progress:
            self.progress(self.done, max(self.expected, self.done + 3))

    def _evaluation(self, counts: Ints, run: ScenarioRun) -> Evaluation:
        slacks = tuple(slack_of(c.target, estimate_of(run, c.measure, c.span).mean) for c in self.constraints)
        level = run.scenario.targets.service_level.definition
        shares = np.nan_to_num(estimate_of(run, level, "interval").mean, nan=1.0)
        blocks, count = self.problem.block_of, self.problem.blocks
        levels = np.bincount(blocks, shares, count) / np.bincount(blocks, minlength=count)
        return Evaluation(counts.copy(), slacks, levels)

    def extend(self, run: ScenarioRun, options: RunOptions, replications: int) -> None:
        """Simulate up to so many replications."""
        before = run.tallies.replications
        replicate([run], options, replications)
        self.contacts += (replications - before) * run.expected_contacts


# Verification ---------------------------------------------------------------------

FEWEST = 20
"""Replications of a verification at least: with fewer, hours in which nobody happened to come say nothing."""


@dataclass(frozen=True)
class Verification:
    """A staffing on fresh replications.

    Attributes
    ----------
    counts : (groups, blocks) agents.
    run : what was simulated.
    verdicts : constraint by constraint.
    seed : of the fresh replications.
    """

    counts: Ints
    run: ScenarioRun
    verdicts: tuple[Verdict, ...]
    seed: int

    @property
    def accepted(self) -> bool:
        """Whether the one-sided 95 % bound of every target meets it in every cell."""
        return all(bool(verdict.accepted.all()) for verdict in self.verdicts)

    @property
    def replications(self) -> int:
        """How many fresh replications it rests on."""
        return self.run.tallies.replications

    @property
    def open(self) -> list[tuple[int, int]]:
        """What is not accepted, as numbers of the constraint and of the cell."""
        return [(k, int(cell)) for k, v in enumerate(self.verdicts) for cell in np.flatnonzero(~v.accepted)]


def fresh_seed(seed: int, number: int) -> int:
    """Seed of the fresh replications of a round; never that of the search."""
    return (seed + STRIDE * (number + 1)) % MOST_SEED


def verify(
    evaluator: Evaluator,
    counts: Ints,
    number: int,
    budget: float,
    *,
    scenario: Scenario | None = None,
    till_rejected: bool = False,
) -> Verification:
    """Simulate a staffing afresh until every constraint is decided or the budget of contacts is spent.

    Parameters
    ----------
    evaluator, counts : the constraints, and the staffing.
    number : of the round; each has its own seed.
    budget : first attempts to simulate at most.
    scenario : the staffing in another form, such as shifts.
    till_rejected : whether one target that is missed is enough to stop.
    """
    scenario = scenario or evaluator.problem.staffed(counts)
    run, seed = _staffed_run(scenario), fresh_seed(evaluator.options.seed, number)
    options: RunOptions = replace(evaluator.options, seed=seed)
    most = max(evaluator.replications, FEWEST, int(budget / (run.expected_contacts + 1.0)))
    count = min(max(evaluator.replications, FEWEST), most)
    while True:
        evaluator.extend(run, options, count)
        verdicts = tuple(verdict_of(run, constraint) for constraint in evaluator.constraints)
        decided = all(bool((v.accepted | v.rejected).all()) for v in verdicts)
        missed = till_rejected and any(bool(v.rejected.any()) for v in verdicts)
        if count >= most or decided or missed:
            evaluator.count()
            return Verification(counts, run, verdicts, seed)
        count = min(2 * count, most)
