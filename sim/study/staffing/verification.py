"""Whether a staffing meets its goals beyond luck, on replications that the search has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario
from sim.study.replicate import RunOptions, ScenarioRun, make_study
from sim.study.staffing.evaluator import Evaluator, Verdict, contacts_of, verdict_of
from sim.study.staffing.plan import Ints

STRIDE = 7_919
FEWEST = 20
"""Replications that a proof rests on at the least: with fewer, hours in which nobody happened to come prove nothing."""


@dataclass(frozen=True)
class Verification:
    """A staffing on fresh replications.

    Attributes
    ----------
    counts : (groups, blocks) agents.
    study : what was simulated.
    verdicts : goal by goal.
    seed : of the fresh replications.
    """

    counts: Ints
    study: ScenarioRun
    verdicts: tuple[Verdict, ...]
    seed: int

    @property
    def accepted(self) -> bool:
        """Whether the one-sided 95 % bound of every goal meets it in every cell."""
        return all(bool(v.accepted.all()) for v in self.verdicts)

    @property
    def replications(self) -> int:
        """How many fresh replications it rests on."""
        return self.study.ledger.replications

    @property
    def open(self) -> list[tuple[int, int]]:
        """What is not accepted, as numbers of the goal and of the cell."""
        return [(a, int(c)) for a, v in enumerate(self.verdicts) for c in np.flatnonzero(~v.accepted)]


def fresh_seed(seed: int, number: int) -> int:
    """Seed of the fresh replications of a round; never that of the search."""
    return (seed + STRIDE * (number + 1)) % MOST_SEED


def prove(
    bench: Evaluator,
    counts: Ints,
    number: int,
    budget: float,
    *,
    scenario: Scenario | None = None,
    till_rejected: bool = False,
) -> Verification:
    """Simulate a staffing afresh until every goal is decided or the budget of contacts is spent.

    Parameters
    ----------
    bench, counts : the goals, and the staffing.
    number : of the round; each has its own seed.
    budget : first attempts to simulate at most.
    scenario : the staffing in another form, such as shifts.
    till_rejected : whether one goal that is missed is enough to stop.
    """
    scenario = scenario or bench.ground.staffed(counts)
    study, seed = make_study(scenario), fresh_seed(bench.orders.seed, number)
    orders: RunOptions = replace(bench.orders, seed=seed)
    most = max(bench.replications, FEWEST, int(budget / (contacts_of(study) + 1.0)))
    count = min(max(bench.replications, FEWEST), most)
    while True:
        bench.extend(study, orders, count)
        verdicts = tuple(verdict_of(study, asked) for asked in bench.asked)
        decided = all(bool((v.accepted | v.rejected).all()) for v in verdicts)
        missed = till_rejected and any(bool(v.rejected.any()) for v in verdicts)
        if count >= most or decided or missed:
            bench.tell()
            return Verification(counts, study, verdicts, seed)
        count = min(2 * count, most)
