"""Whether a staffing meets its goals beyond luck, on replications that the search has not seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.scenario.goals import MOST_SEED
from sim.scenario.model import Scenario
from sim.study.replicate import Orders, Study, make_study
from sim.study.staffing.plan import Ints
from sim.study.staffing.search import APART, Search
from sim.study.staffing.trial import Bench, Floats, Trial, Verdict, contacts_of, slack_of, verdict_of

ROUNDS = 25
FEW = 4
"""Up to so many numbers of agents, each is tried with one less on fresh replications too."""
STRIDE = 7_919
TRIMS = 3


@dataclass(frozen=True)
class Proof:
    """A staffing on fresh replications.

    Attributes
    ----------
    counts : (groups, blocks) agents.
    study : what was simulated.
    verdicts : goal by goal.
    seed : of the fresh replications.
    """

    counts: Ints
    study: Study
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
    bench: Bench,
    counts: Ints,
    number: int,
    budget: float,
    *,
    scenario: Scenario | None = None,
    till_rejected: bool = False,
) -> Proof:
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
    orders: Orders = replace(bench.orders, seed=seed)
    most = max(bench.replications, int(budget / (contacts_of(study) + 1.0)))
    count = min(bench.replications, most)
    while True:
        bench.extend(study, orders, count)
        verdicts = tuple(verdict_of(study, asked) for asked in bench.asked)
        decided = all(bool((v.accepted | v.rejected).all()) for v in verdicts)
        missed = till_rejected and any(bool(v.rejected.any()) for v in verdicts)
        if count >= most or decided or missed:
            return Proof(counts, study, verdicts, seed)
        count = min(2 * count, most)


def secure(search: Search, counts: Ints, budget: float) -> Proof:
    """Raise a staffing, round by round on fresh replications, until it is accepted; then see whether less will do."""
    proof = _accepted(search, counts, 0, budget)
    if not proof.accepted:
        return proof
    for trim in range(1, TRIMS + 1):
        leaner = _leaner(search.bench, proof)
        if np.array_equal(leaner, proof.counts):
            break
        other = _accepted(search, leaner, trim * ROUNDS, budget)
        if not other.accepted or other.counts.sum() >= proof.counts.sum():
            break
        proof = other
    return _challenged(search.bench, proof, (TRIMS + 1) * ROUNDS, budget)


def _accepted(search: Search, counts: Ints, number: int, budget: float) -> Proof:
    """Round by round with more agents where it is not sure, until all is."""
    last = number + ROUNDS - 1
    proof = prove(search.bench, counts, number, budget)
    while not proof.accepted and number < last:
        raised = _raised(search, proof)
        if np.array_equal(raised, proof.counts):
            break
        number += 1
        proof = prove(search.bench, raised, number, budget)
    return proof


def _leaner(bench: Bench, proof: Proof) -> Ints:
    """One agent less in blocks whose every bound has more to spare than that costs.

    The rounds raise what luck held back too. What an agent is worth is seen on the customers of the search, in every
    third block at a time.
    """
    found = proof.counts.copy()
    if found.size <= FEW:
        return found
    whole, groups = bench.look(proof.counts), np.argmax(proof.counts, axis=0)
    for offset in range(APART):
        blocks = np.arange(offset, found.shape[1], APART)
        blocks = blocks[proof.counts[groups[blocks], blocks] > 0]
        fewer = proof.counts.copy()
        fewer[groups[blocks], blocks] -= 1
        spare = _spare(bench, proof, whole, bench.look(fewer))
        free = [b for b in blocks.tolist() if spare[b : b + APART].min() > 0.0]
        found[groups[free], free] -= 1
    return found


def _spare(bench: Bench, proof: Proof, whole: Trial, fewer: Trial) -> Floats:
    """(blocks,) what every bound keeps if it falls as far as the mean does from one trial to another."""
    spare = np.full(proof.counts.shape[1], np.inf)
    for a, verdict in enumerate(proof.verdicts):
        bound = slack_of(verdict.asked.goal, verdict.bound)
        for c, blocks in enumerate(bench.asked[a].blocks):
            if np.isfinite(bound[c]) and np.isfinite(whole.slacks[a][c]):
                kept = bound[c] - (whole.slacks[a][c] - fewer.slacks[a][c])
                spare[blocks] = np.minimum(spare[blocks], kept)
    return spare


def _raised(search: Search, proof: Proof) -> Ints:
    """One agent more in each block that is not accepted; of a cell of many blocks, in the tightest that has room."""
    trial = search.bench.look(proof.counts)
    room: npt.NDArray[np.bool_] = np.any(proof.counts < search.most, axis=0)
    steps = np.zeros(proof.counts.shape[1], np.int64)
    for a, c in proof.open:
        blocks = [int(b) for b in search.bench.asked[a].blocks[c] if room[b]]
        if blocks and not steps[blocks].any():
            steps[min(blocks, key=lambda b: (trial.levels[b], b))] = 1
    return search.better(trial, steps, proof.open)


def _challenged(bench: Bench, proof: Proof, number: int, budget: float) -> Proof:
    """Where there are few numbers to choose, try each with one less: the search decided by means alone."""
    if proof.counts.size > FEW:
        return proof
    for place in np.ndindex(proof.counts.shape):
        while proof.counts[place] > 0:
            fewer = proof.counts.copy()
            fewer[place] -= 1
            other = prove(bench, fewer, number, budget, till_rejected=True)
            number += 1
            if not other.accepted:
                break
            proof = other
    return proof
