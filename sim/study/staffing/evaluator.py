"""One staffing simulated, and how it stands to the goals in every interval, every day or over the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.measures.definitions import MEASURES, SERVICE_LEVELS, weighted
from sim.scenario.targets import MeasureTarget
from sim.study.estimates import Estimate, ratio_estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_study, replicate
from sim.study.staffing.plan import SPANS, Ints, Span, StaffingProblem

Floats = npt.NDArray[np.float64]
LEAST_SPAN: dict[str, Span] = {"resolution_rate": "whole", "strained_share": "day"}
"""Needs come back over days, and agents tire over the hours before: the shortest spans to ask a goal of."""
SLICES: dict[Span, str] = {"interval": "interval", "day": "day", "whole": "overall"}
PER_CONTACT = frozenset({"abandonment_rate", "resolution_rate", *SERVICE_LEVELS})
SURE = 0.95
NEAR = 1e-12


@dataclass(frozen=True)
class Constraint:
    """A goal, and over what it must hold.

    Attributes
    ----------
    measure, goal : the bound.
    span : each interval, each day, or the whole.
    blocks : for each such cell, the blocks of the staffing that reach into it.
    """

    measure: str
    goal: MeasureTarget
    span: Span
    blocks: list[Ints]


def asked_of(ground: StaffingProblem, goals: Mapping[str, MeasureTarget], each: Span) -> tuple[Constraint, ...]:
    """The goals over what they must hold: resolution is asked of the whole alone, strain of a day at the least."""
    spans = {m: max(each, LEAST_SPAN.get(m, each), key=SPANS.index) for m in goals}
    return tuple(Constraint(m, goal, spans[m], ground.blocks_in(spans[m])) for m, goal in goals.items())


@dataclass(frozen=True)
class Verdict:
    """How sure it is that a goal is met, cell by cell.

    Attributes
    ----------
    asked : the goal.
    mean : (cells,) the estimate; nan where no contact came, which meets any goal.
    bound : (cells,) the end of the one-sided 95 % interval that a goal is accepted by.
    accepted, rejected : (cells,) whether the bound meets the goal; whether the other bound misses it.
    """

    asked: Constraint
    mean: Floats
    bound: Floats
    accepted: npt.NDArray[np.bool_]
    rejected: npt.NDArray[np.bool_]

    @property
    def worst(self) -> int:
        """The cell with the least to spare."""
        slack = slack_of(self.asked.goal, self.bound)
        return int(np.argmin(slack)) if slack.size else 0


@dataclass(frozen=True)
class Evaluation:
    """What a staffing came to, by means.

    Attributes
    ----------
    counts : (groups, blocks) agents.
    slacks : for each goal, (cells,) how far its mean is on the right side; infinite where nothing came to judge by.
    levels : (blocks,) share answered within T, which tells where it is tightest; 1 where nobody came.
    """

    counts: Ints
    slacks: tuple[Floats, ...]
    levels: Floats

    @property
    def failing(self) -> list[tuple[int, int]]:
        """The goals that are missed, as numbers of the goal and of the cell."""
        return [(a, int(c)) for a, slack in enumerate(self.slacks) for c in np.flatnonzero(slack < -NEAR)]


def estimate_of(study: ScenarioRun, measure: str, span: Span) -> Estimate:
    """A measure over each interval, each day or the whole."""
    return ratio_estimate(study.ledger.counts(SLICES[span]), MEASURES[measure])


def verdict_of(study: ScenarioRun, asked: Constraint) -> Verdict:
    """A goal against both one-sided 95 % bounds."""
    found = estimate_of(study, asked.measure, asked.span)
    rows = len(found.replicates)
    spread = np.sqrt((found.replicates**2).sum(axis=0) / max(rows - 1, 1) / rows)
    away = stdtrit(rows - 1, SURE) * spread if rows > 1 else np.full(found.mean.shape, np.inf)
    away = np.maximum(away, _unseen(study, asked, found))
    side = -1.0 if asked.goal.at_least else 1.0
    near, far = found.mean + side * away, found.mean - side * away
    accepted, rejected = slack_of(asked.goal, near) >= -NEAR, slack_of(asked.goal, far) < -NEAR
    return Verdict(asked, found.mean, near, accepted, rejected)


def _unseen(study: ScenarioRun, asked: Constraint, found: Estimate) -> Floats:
    """How far a share that never was anything but 0 or 1 may be off: what as many contacts would show by luck alone."""
    counts = study.ledger.counts(SLICES[asked.span])
    seen = weighted(counts, MEASURES[asked.measure].bottom).sum(axis=0)
    constant = np.isin(found.mean, (0.0, 1.0)) if asked.measure in PER_CONTACT else np.zeros(found.mean.shape, bool)
    with np.errstate(divide="ignore"):
        return np.where(constant, 1.0 - (1.0 - SURE) ** (1.0 / seen), 0.0)


def slack_of(goal: MeasureTarget, values: Floats) -> Floats:
    """How far values are on the right side of a goal; infinite for those that are no numbers."""
    slack = values - goal.share if goal.at_least else goal.share - values
    return np.where(np.isnan(slack), np.inf, slack)


@dataclass
class Evaluator:
    """Where staffings are tried: always on the same customers, each only once.

    Attributes
    ----------
    ground, asked : the blocks, and the goals.
    orders, replications : how.
    progress : told after every trial and proof.
    expected : about how many there will be.
    seen : the trials so far.
    done, looks, contacts : trials and proofs, trials alone, and first attempts simulated so far.
    """

    ground: StaffingProblem
    asked: tuple[Constraint, ...]
    orders: RunOptions
    replications: int
    progress: Progress | None = None
    expected: int = 1
    done: int = 0
    looks: int = 0
    contacts: float = 0.0
    seen: dict[bytes, Evaluation] = field(default_factory=dict)

    def look(self, counts: Ints) -> Evaluation:
        """The trial of a staffing."""
        key = counts.tobytes()
        if key not in self.seen:
            study = make_study(self.ground.staffed(counts))
            self.extend(study, self.orders, self.replications)
            self.looks += 1
            self.tell()
            self.seen[key] = self._trial(counts, study)
        return self.seen[key]

    def begin(self, expected: int) -> None:
        """A new part of the work, of about so many trials and proofs."""
        self.done, self.expected = 0, expected
        if self.progress:
            self.progress(0, expected)

    def tell(self) -> None:
        """Another trial or proof is done; a few more than expected there will always be."""
        self.done += 1
        if self.progress:
            self.progress(self.done, max(self.expected, self.done + 3))

    def _trial(self, counts: Ints, study: ScenarioRun) -> Evaluation:
        slacks = tuple(slack_of(a.goal, estimate_of(study, a.measure, a.span).mean) for a in self.asked)
        ground, level = self.ground, study.scenario.targets.service_level.definition
        shares = np.nan_to_num(estimate_of(study, level, "interval").mean, nan=1.0)
        blocks = ground.block_of
        sizes = np.bincount(blocks, minlength=ground.blocks)
        return Evaluation(counts.copy(), slacks, np.bincount(blocks, shares, ground.blocks) / sizes)

    def extend(self, study: ScenarioRun, orders: RunOptions, replications: int) -> None:
        """Simulate up to so many replications."""
        before = study.ledger.replications
        replicate([study], orders, replications)
        self.contacts += (replications - before) * contacts_of(study)


def contacts_of(study: ScenarioRun) -> float:
    """First attempts expected in a replication, warm-up and follow-up included."""
    return float(study.prepared.table.return_profile[:, :, -1].sum())
