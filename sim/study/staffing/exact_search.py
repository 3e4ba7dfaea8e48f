"""Few numbers of agents: what the search decided by means is raised, then challenged, on fresh replications."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.study.staffing.evaluator import Evaluator
from sim.study.staffing.plan import Ints
from sim.study.staffing.search import Search
from sim.study.staffing.verification import Verification, prove

ROUNDS = 25


def secure(search: Search, counts: Ints, budget: float) -> Verification:
    """Raise a staffing, round by round on fresh replications, until it is accepted; then see whether less will do."""
    proof = prove(search.bench, counts, 0, budget)
    for number in range(1, ROUNDS):
        raised = proof.counts if proof.accepted else _raised(search, proof)
        if np.array_equal(raised, proof.counts):
            break
        proof = prove(search.bench, raised, number, budget)
    return _challenged(search.bench, proof, budget) if proof.accepted else proof


def _raised(search: Search, proof: Verification) -> Ints:
    """One agent more in each block that is not accepted; of a cell of many blocks, in the tightest that has room."""
    trial = search.bench.look(proof.counts)
    room: npt.NDArray[np.bool_] = np.any(proof.counts < search.most, axis=0)
    steps = np.zeros(proof.counts.shape[1], np.int64)
    for a, c in proof.open:
        blocks = [int(b) for b in search.bench.asked[a].blocks[c] if room[b]]
        if blocks and not steps[blocks].any():
            steps[min(blocks, key=lambda b: (trial.levels[b], b))] = 1
    return search.better(trial, steps, proof.open)


def _challenged(bench: Evaluator, proof: Verification, budget: float) -> Verification:
    """Try each number with one less: the search decided by means alone."""
    number = ROUNDS
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
