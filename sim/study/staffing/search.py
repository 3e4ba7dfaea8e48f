"""Few numbers of agents, each searched to the last: up till no mean misses a goal, then down till nothing can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from sim.study.staffing.evaluator import Evaluation, Evaluator
from sim.study.staffing.plan import Ints

MOST_GIVEN = 3
MOST_UP = 200


@dataclass
class Search:
    """The search on one bench.

    Attributes
    ----------
    bench : where staffings are tried.
    most : (groups, blocks) beyond which no agent is added.
    """

    bench: Evaluator
    most: Ints

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.bench.ground.groups)

    def run(self, counts: Ints) -> Ints | None:
        """From a guess to a staffing from which nothing can go; None where adding agents does not help."""
        found = self.ascend(np.minimum(counts, self.most))
        better = None if found is None else self.descend(found)
        while better is not None:
            found = better
            better = self.polish(found)
            better = None if better is None else self.descend(better)
        return found

    # Up

    def ascend(self, counts: Ints) -> Ints | None:
        """Add agents where goals are missed until none is; None where even the most does not help."""
        rounds = np.zeros(self.bench.ground.blocks, np.int64)
        for _ in range(MOST_UP):
            trial = self.bench.look(counts)
            if not trial.failing:
                return counts
            steps = self._steps(trial, rounds)
            rounds += steps > 0
            raised = self.better(trial, steps, trial.failing)
            if np.array_equal(raised, counts):
                return None
            counts = raised
        return None

    def _steps(self, trial: Evaluation, rounds: Ints) -> Ints:
        """(blocks,) how many agents to add: by the shortfall, and more where that did not help before."""
        short = np.zeros(self.bench.ground.blocks)
        for a, c in trial.failing:
            for b in self.bench.asked[a].blocks[c]:
                short[b] = max(short[b], -float(trial.slacks[a][c]))
        size = np.sqrt(trial.counts.sum(axis=0) + 1.0)
        return np.where(short > 0.0, np.maximum(1, np.rint(short * size * (1 + rounds // 2))), 0).astype(np.int64)

    def better(self, trial: Evaluation, steps: Ints, failing: Sequence[tuple[int, int]]) -> Ints:
        """The staffing with agents added, in each failing cell to the group that helps most."""
        options = [self._added(trial.counts, g, steps) for g in range(self.groups)]
        options = [new for new in options if not np.array_equal(new, trial.counts)]
        if len(options) < 2:
            return options[0] if options else trial.counts
        trials = [self.bench.look(new) for new in options]
        counts = trial.counts.copy()
        for a, c in failing:
            slacks = [float(t.slacks[a][c]) for t in trials]
            blocks = self.bench.asked[a].blocks[c]
            best = max(range(len(options)), key=lambda k: (slacks[k], -k))
            counts[:, blocks] = np.maximum(counts[:, blocks], options[best][:, blocks])
        return counts

    def _added(self, counts: Ints, group: int, steps: Ints) -> Ints:
        new = counts.copy()
        new[group] = np.minimum(new[group] + steps, np.maximum(self.most[group], counts[group]))
        return new

    # Down

    def descend(self, counts: Ints) -> Ints:
        """Take agents away, one at a time, until every further one would break a goal."""
        moves = [tuple(-int(h == g) for h in range(self.groups)) for g in range(self.groups)]
        while (new := self._sweep(counts, moves)) is not None:
            counts = new
        return counts

    def polish(self, counts: Ints) -> Ints | None:
        """One agent fewer by taking d + 1 from one group and giving d to another; None where nothing comes of it."""
        moves = []
        for g, h in permutations(range(self.groups), 2):
            for given in range(1, MOST_GIVEN + 1):
                moves.append(tuple(-given - 1 if k == g else given if k == h else 0 for k in range(self.groups)))
        return self._sweep(counts, moves)

    def _sweep(self, counts: Ints, moves: Sequence[tuple[int, ...]]) -> Ints | None:
        """Every move in every block once; None where none could be made."""
        start = counts
        for move in moves:
            for block in range(counts.shape[1]):
                new = counts.copy()
                new[:, block] += np.array(move)
                if self._possible(new, counts) and not self.bench.look(new).failing:
                    counts = new
        return None if np.array_equal(counts, start) else counts

    def _possible(self, new: Ints, counts: Ints) -> bool:
        return bool((new >= 0).all() and (new <= np.maximum(self.most, counts)).all())
