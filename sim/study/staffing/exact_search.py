"""Few numbers of agents, each searched to the last: up till no mean misses a target, then down till nothing can go.

What the search decided by means is raised, then challenged, on fresh replications.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from sim.study.staffing.evaluator import Evaluation, Evaluator, Verification, verify
from sim.study.staffing.plan import Ints

MOST_GIVEN = 3
MOST_UP = 200
ROUNDS = 25
Change = tuple[int, ...]
"""Agents more or fewer, by group."""


@dataclass
class Search:
    """The search by means, on the customers of one evaluator.

    Attributes
    ----------
    evaluator : where staffings are evaluated.
    most : (groups, blocks) beyond which no agent is added.
    """

    evaluator: Evaluator
    most: Ints

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.evaluator.problem.groups)

    def run(self, counts: Ints) -> Ints | None:
        """From a first staffing to one from which nothing can go; None where adding agents does not help."""
        best = self.ascend(np.minimum(counts, self.most))
        leaner = None if best is None else self.descend(best)
        while leaner is not None:
            best = leaner
            leaner = self.polish(best)
            leaner = None if leaner is None else self.descend(leaner)
        return best

    # Up

    def ascend(self, counts: Ints) -> Ints | None:
        """Add agents where targets are missed until none is; None where even the most does not help."""
        rounds = np.zeros(self.evaluator.problem.blocks, np.int64)
        for _ in range(MOST_UP):
            evaluation = self.evaluator.evaluate(counts)
            if not evaluation.failing:
                return counts
            steps = self._steps(evaluation, rounds)
            rounds += steps > 0
            raised = self.better(evaluation, steps, evaluation.failing)
            if np.array_equal(raised, counts):
                return None
            counts = raised
        return None

    def _steps(self, evaluation: Evaluation, rounds: Ints) -> Ints:
        """(blocks,) how many agents to add: by the shortfall, and more where that did not help before."""
        short = np.zeros(self.evaluator.problem.blocks)
        for constraint, cell in evaluation.failing:
            for block in self.evaluator.constraints[constraint].blocks[cell]:
                short[block] = max(short[block], -float(evaluation.slacks[constraint][cell]))
        size = np.sqrt(evaluation.counts.sum(axis=0) + 1.0)
        return np.where(short > 0.0, np.maximum(1, np.rint(short * size * (1 + rounds // 2))), 0).astype(np.int64)

    def better(self, evaluation: Evaluation, steps: Ints, failing: Sequence[tuple[int, int]]) -> Ints:
        """The staffing with agents added, in each failing cell to the group that helps most."""
        alternatives = [self._added(evaluation.counts, group, steps) for group in range(self.groups)]
        alternatives = [new for new in alternatives if not np.array_equal(new, evaluation.counts)]
        if len(alternatives) < 2:
            return alternatives[0] if alternatives else evaluation.counts
        evaluations = [self.evaluator.evaluate(new) for new in alternatives]
        counts = evaluation.counts.copy()
        for constraint, cell in failing:
            slacks = [float(each.slacks[constraint][cell]) for each in evaluations]
            blocks = self.evaluator.constraints[constraint].blocks[cell]
            best = max(range(len(alternatives)), key=lambda k: (slacks[k], -k))
            counts[:, blocks] = np.maximum(counts[:, blocks], alternatives[best][:, blocks])
        return counts

    def _added(self, counts: Ints, group: int, steps: Ints) -> Ints:
        new = counts.copy()
        new[group] = np.minimum(new[group] + steps, np.maximum(self.most[group], counts[group]))
        return new

    # Down

    def descend(self, counts: Ints) -> Ints:
        """Take agents away, one at a time, until every further one would break a target."""
        while (new := self._sweep(counts, list(removals(self.groups)))) is not None:
            counts = new
        return counts

    def polish(self, counts: Ints) -> Ints | None:
        """One agent fewer by taking d + 1 from one group and giving d to another; None where nothing comes of it."""
        return self._sweep(counts, list(exchanges(self.groups, MOST_GIVEN)))

    def _sweep(self, counts: Ints, changes: Sequence[Change]) -> Ints | None:
        """Every change in every block once; None where none could be made."""
        start = counts
        for change in changes:
            for block in range(counts.shape[1]):
                new = counts.copy()
                new[:, block] += np.array(change)
                if self._possible(new, counts) and not self.evaluator.evaluate(new).failing:
                    counts = new
        return None if np.array_equal(counts, start) else counts

    def _possible(self, new: Ints, counts: Ints) -> bool:
        return bool((new >= 0).all() and (new <= np.maximum(self.most, counts)).all())


def removals(groups: int) -> Iterator[Change]:
    """One agent fewer, of each group."""
    for group in range(groups):
        yield tuple(-int(other == group) for other in range(groups))


def exchanges(groups: int, most_given: int) -> Iterator[Change]:
    """One agent fewer by taking d + 1 from one group and giving d to another."""
    for taken, given in permutations(range(groups), 2):
        for count in range(1, most_given + 1):
            yield tuple(-count - 1 if k == taken else count if k == given else 0 for k in range(groups))


def exact_search(evaluator: Evaluator, counts: Ints, most: Ints, budget: float) -> Verification:
    """The leanest staffing by means, raised until it is accepted; then see whether less will do.

    Parameters
    ----------
    evaluator : the constraints, and where staffings are evaluated.
    counts, most : (groups, blocks) the first staffing; beyond which no agent is added.
    budget : first attempts of a verification at most.
    """
    search = Search(evaluator, most)
    evaluator.begin(5 * search.groups**2 * most.size)
    leanest = search.run(counts)
    verification = verify(evaluator, most if leanest is None else leanest, 0, budget)
    for number in range(1, ROUNDS):
        raised = verification.counts if verification.accepted else _raised(search, verification)
        if np.array_equal(raised, verification.counts):
            break
        verification = verify(evaluator, raised, number, budget)
    return _challenged(evaluator, verification, budget) if verification.accepted else verification


def _raised(search: Search, verification: Verification) -> Ints:
    """One agent more in each block that is not accepted; of a cell of many blocks, in the tightest below its most."""
    evaluation = search.evaluator.evaluate(verification.counts)
    below_most: npt.NDArray[np.bool_] = np.any(verification.counts < search.most, axis=0)
    steps = np.zeros(verification.counts.shape[1], np.int64)
    for constraint, cell in verification.open:
        blocks = [int(b) for b in search.evaluator.constraints[constraint].blocks[cell] if below_most[b]]
        if blocks and not steps[blocks].any():
            steps[min(blocks, key=lambda block: (evaluation.levels[block], block))] = 1
    return search.better(evaluation, steps, verification.open)


def _challenged(evaluator: Evaluator, verification: Verification, budget: float) -> Verification:
    """Try each number with one less: the search decided by means alone."""
    number = ROUNDS
    for place in np.ndindex(verification.counts.shape):
        while verification.counts[place] > 0:
            fewer = verification.counts.copy()
            fewer[place] -= 1
            other = verify(evaluator, fewer, number, budget, till_rejected=True)
            number += 1
            if not other.accepted:
                break
            verification = other
    return verification
