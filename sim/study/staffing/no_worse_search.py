"""The fewest agents of a line of plans with which nothing is worse than a reference, and its proof on fresh luck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sim.scenario.goals import NoWorseMargins
from sim.scenario.model import Scenario
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate
from sim.study.staffing.evaluator import NEAR, SURE, fresh_seed
from sim.study.staffing.no_worse_plans import PlanLine
from sim.study.staffing.no_worse_qualities import Quality
from sim.study.staffing.plan import Ints

MEAN = 0.5
STEP, AMPLE, BARE = 0.5, 12.0, -60.0
"""In square roots of load: the first step away from a start; so many spare agents that more help nobody; none."""
CLOSE = 0.002
"""Part of the agent hours to which the ends of a search come near each other; between them it is a straight line."""
STEPS, PROOFS, MORE = 12, 6, 3
"""Steps of a search at most; proofs at most; replications of a proof for one of the search."""
STRAIN = "strained_share"
EDGES = (0.1, 0.9)
SAME = 0.2
"""Part of the default margins within which service is the same: needs resolved hardly move with staff, so that no
number of agents would give to the last digit what a roster happens to give."""


@dataclass
class Simulator:
    """Where staffings are simulated, each once.

    Attributes
    ----------
    qualities : what is looked at.
    options, replications : how.
    progress, expected : what is told after each.
    seen : the estimates so far, by who was staffed and how.
    """

    qualities: tuple[Quality, ...]
    options: RunOptions
    replications: int
    progress: Progress | None = None
    expected: int = 1
    seen: dict[tuple[int, bytes], tuple[Estimate, ...]] = field(default_factory=dict)

    def estimates(self, line: PlanLine, counts: Ints) -> tuple[Estimate, ...]:
        """What a staffing gives, quality by quality."""
        key = (id(line.problem), counts.tobytes())
        if key not in self.seen:
            self.seen[key] = self.as_written(line.problem.staffed(counts))
            self.told()
        return self.seen[key]

    def as_written(self, scenario: Scenario) -> tuple[Estimate, ...]:
        """What a scenario gives with the staff that it has."""
        run = make_run(scenario)
        replicate([run], self.options, self.replications)
        return tuple(quality.of(run) for quality in self.qualities)

    def told(self) -> None:
        """Tell that one more is done; a few more there will always be."""
        if self.progress:
            done = len(self.seen)
            self.progress(done, max(self.expected, done + 2))


@dataclass
class PlanSearch:
    """The least spare agents of a line of plans with which nothing is worse than a reference.

    Attributes
    ----------
    simulator, line : where, and of which plans.
    reference : what is held against, quality by quality.
    qualities : the numbers of those that count: no staffing makes up for the others.
    same : whether to ask for the same service, in place of one within the margins.
    tried : the spare agents that were simulated, in order.
    """

    simulator: Simulator
    line: PlanLine
    reference: tuple[Estimate, ...]
    qualities: tuple[int, ...]
    same: bool = False
    tried: list[float] = field(default_factory=list)

    def slack_of(self, spare: float, number: int, sure: float) -> float:
        """What a quality has left of its margin."""
        there = self.simulator.estimates(self.line, self.line.counts(spare))[number]
        quality = self.simulator.qualities[number]
        margin = SAME * NoWorseMargins.model_fields[quality.name].default if self.same else quality.margin
        return float(replace(quality, margin=margin).slack(there.minus(self.reference[number]), sure)[0])

    def slack(self, spare: float, sure: float) -> float:
        """What the tightest quality has left of its margin."""
        if spare not in self.tried:
            self.tried.append(spare)
        return min((self.slack_of(spare, number, sure) for number in self.qualities), default=np.inf)

    def least(self, start: float, sure: float) -> float:
        """The least spare agents, by a straight line between two that are close to each other."""
        low, high = self._ends(start, sure)
        if low is None:
            return high
        at = {spare: self.slack(spare, sure) for spare in (low, high)}
        for _ in range(STEPS):
            if at[high] <= NEAR or self._close(low, high):
                break
            part = min(max(-at[low] / (at[high] - at[low]), EDGES[0]), EDGES[1])
            middle = low + part * (high - low)
            at[middle] = self.slack(middle, sure)
            low, high = (middle, high) if at[middle] < -NEAR else (low, middle)
        return high if np.isinf(at[high]) else low + (high - low) * min(1.0, -at[low] / (at[high] - at[low]))

    def between(self, sure: float) -> float:
        """The same, read off what has been simulated already, on a straight line beyond it."""
        spares = sorted(self.tried)
        slacks = [self.slack(spare, sure) for spare in spares]
        failing = [k for k, slack in enumerate(slacks) if slack < -NEAR]
        k = min(max(failing[-1] if failing else 0, 0), len(spares) - 2)
        if k < 0 or slacks[k + 1] <= slacks[k]:
            return spares[min(k + 1, len(spares) - 1)]
        return spares[k] - slacks[k] * (spares[k + 1] - spares[k]) / (slacks[k + 1] - slacks[k])

    def _ends(self, start: float, sure: float) -> tuple[float | None, float]:
        """Two spare agents with the least between them; no lower one where next to nobody is enough."""
        self.slack(start, sure)
        step = STEP
        while all(self.slack(spare, sure) < -NEAR for spare in self.tried) and max(self.tried) < AMPLE + abs(start):
            self.slack(max(self.tried) + step, sure)
            step *= 2.0
        step = STEP
        while all(self.slack(spare, sure) >= -NEAR for spare in self.tried):
            spare = min(self.tried)
            if not self.line.counts(spare - step).any() or spare < BARE:
                return None, spare
            self.slack(spare - step, sure)
            step *= 2.0
        low = max(spare for spare in self.tried if self.slack(spare, sure) < -NEAR)
        above = [spare for spare in self.tried if spare > low]
        return (low, min(above)) if above else (None, low)

    def _close(self, low: float, high: float) -> bool:
        less, more = self.line.hours(low), self.line.hours(high)
        return more - less <= CLOSE * more


@dataclass(frozen=True)
class FreshProof:
    """A plan on fresh replications beside what it is held against.

    Attributes
    ----------
    spare : of the plan.
    before, counted, replanned, after : BEFORE as it is, the same by counts, re-planned, and AFTER as planned; on the
        same customers.
    seed : of which no decision knew anything.
    inside : whether every limit lies inside its margin.
    """

    spare: float
    before: ScenarioRun
    counted: ScenarioRun
    replanned: ScenarioRun
    after: ScenarioRun
    seed: int
    inside: bool

    @property
    def replications(self) -> int:
        """How many fresh ones it rests on."""
        return self.after.tallies.replications


def service_of(quality: Quality, before: Estimate, counted: Estimate) -> Estimate:
    """What BEFORE gave: as it is written, but for strain, which is that of the same agents by counts.

    Counts have a relief in place of breaks, as every plan has.
    """
    return counted if quality.name == STRAIN else before


def prove(search: PlanSearch, spare: float, before: Scenario, counted: Scenario, replanned: Scenario) -> FreshProof:
    """Hold a plan against BEFORE re-planned on fresh luck; where it is worse, add agents and try other luck.

    Parameters
    ----------
    search, spare : the plans, and the one to begin with.
    before, counted, replanned : BEFORE as it is, by counts, and re-planned.
    """
    simulator = search.simulator
    for number in range(PROOFS):
        options = replace(simulator.options, seed=fresh_seed(simulator.options.seed, number))
        planned = search.line.problem.staffed(search.line.counts(spare))
        runs = [make_run(scenario) for scenario in (before, counted, replanned, planned)]
        replicate(runs, options, MORE * simulator.replications)
        chosen = [simulator.qualities[k] for k in search.qualities]
        slacks = [float(q.slack(q.of(runs[3]).minus(q.of(runs[2])), SURE)[0]) for q in chosen]
        short = -min(slacks, default=0.0)
        if short <= NEAR or number == PROOFS - 1:
            return FreshProof(spare, runs[0], runs[1], runs[2], runs[3], options.seed, short <= NEAR)
        spare += _agents_for(search, spare, short)
    raise AssertionError


def _agents_for(search: PlanSearch, spare: float, short: float) -> float:
    """So many more spare agents that what is short is made up for, by what the search saw that agents are worth."""
    near = sorted(search.tried, key=lambda tried: abs(tried - spare))[:2]
    low, high = min(near), max(near)
    rise = (search.slack(high, SURE) - search.slack(low, SURE)) / (high - low) if high > low else 0.0
    return short / rise if rise > 0.0 else STEP / 4.0
