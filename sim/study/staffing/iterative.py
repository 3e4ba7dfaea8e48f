"""Many numbers of agents at once: round by round on fresh luck, up where a target is not sure, down where it can spare.

What an agent of a group is worth is seen on the customers of the search, with one more and one fewer in every block.
A round then gives each block what its shortfall takes, and takes from it what its bounds can spare (in the manner of
iterative staffing: Feldman, Mandelbaum, Massey and Whitt 2008, here by bounds and with several groups).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.study.staffing.evaluator import Evaluation, Evaluator, Floats, Verification, verify
from sim.study.staffing.exact_search import Change, exchanges, removals
from sim.study.staffing.plan import Ints

FIRST, DOWN, ROUNDS = 3, 10, 40
"""Rounds with less than the whole budget; rounds in which agents may be taken away; rounds in all."""
PASSES = 3
Part = tuple[int, int, float]
"""A constraint and a cell of it, by their numbers, and the part of the cell that a block is."""


@dataclass(frozen=True)
class AgentValue:
    """What an agent more and an agent fewer do to the constraints, group by group: of each, (cells,) of slack.

    Attributes
    ----------
    now : the staffing itself.
    more, fewer : by group, what one more in every block adds; what one fewer costs. Nothing is below 0.
    """

    now: Evaluation
    more: list[list[Floats]]
    fewer: list[list[Floats]]

    def of(self, change: Change, constraint: int, cell: int) -> float:
        """What a change of the groups does to a constraint in a cell."""
        return math.fsum(
            agents * float((self.more if agents > 0 else self.fewer)[group][constraint][cell])
            for group, agents in enumerate(change)
            if agents != 0
        )


def agent_value(evaluator: Evaluator, counts: Ints) -> AgentValue:
    """Evaluate a staffing, and the same with one more and one fewer of each group."""
    now = evaluator.evaluate(counts)
    more, fewer = ([_gains(evaluator, now, g, step) for g in range(len(counts))] for step in (1, -1))
    return AgentValue(now, more, fewer)


def _gains(evaluator: Evaluator, now: Evaluation, group: int, step: int) -> list[Floats]:
    counts = now.counts.copy()
    counts[group] = np.maximum(counts[group] + step, 0)
    there = evaluator.evaluate(counts)
    with np.errstate(invalid="ignore"):
        changes = [(new - old) * step for new, old in zip(there.slacks, now.slacks, strict=True)]
    return [np.maximum(np.nan_to_num(change, nan=0.0, posinf=0.0, neginf=0.0), 0.0) for change in changes]


@dataclass
class IterativeStaffing:
    """A staffing on its way.

    Attributes
    ----------
    evaluator : where staffings are evaluated.
    most : (groups, blocks) beyond which no agent is added.
    lowered, kept : (blocks,) those that have lost an agent; those that had to be given one after that, and keep it.
    """

    evaluator: Evaluator
    most: Ints
    lowered: npt.NDArray[np.bool_] = field(init=False)
    kept: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.lowered, self.kept = (np.zeros(self.most.shape[1], np.bool_) for _ in range(2))

    def change(self, verification: Verification, *, down: bool) -> Ints:
        """(groups, blocks) agents to add and to take away."""
        value = agent_value(self.evaluator, verification.counts)
        return self.added(verification, value) + (self.removed(verification, value) if down else 0)

    def added(self, verification: Verification, value: AgentValue) -> Ints:
        """(groups, blocks) agents to add: what each cell's shortfall takes, in its tightest blocks first.

        What can wait takes them in the quietest.
        """
        counts, steps = verification.counts, np.zeros(verification.counts.shape, np.int64)
        for constraint, cell in verification.open:
            blocks = self.evaluator.constraints[constraint].blocks[cell].tolist()
            group = self._most_helpful(counts, value, constraint, cell, blocks)
            if group is not None:
                below_most = [block for block in blocks if counts[group, block] < self.most[group, block]]
                shortfall = -float(verification.verdicts[constraint].slack[cell])
                each = shortfall / max(float(value.more[group][constraint][cell]), 1e-9)
                limit = max(1.0, 0.5 * math.sqrt(float(counts[:, below_most].sum()) / len(below_most)))
                whole, rest = divmod(math.ceil(min(each, limit) * len(below_most)), len(below_most))
                side = 1.0 if self.evaluator.constraints[constraint].at_live else -1.0
                first = sorted(below_most, key=lambda block: (side * value.now.levels[block], block))
                for place, block in enumerate(first):
                    steps[group, block] = max(steps[group, block], whole + (place < rest))
        self.kept |= self.lowered & steps.any(axis=0)
        allowed: Ints = np.maximum(self.most - counts, 0)
        return np.minimum(steps, allowed)

    def _most_helpful(
        self, counts: Ints, value: AgentValue, constraint: int, cell: int, blocks: Sequence[int]
    ) -> int | None:
        able = [g for g in range(len(counts)) if (counts[g, blocks] < self.most[g, blocks]).any()]
        return max(able, key=lambda group: (float(value.more[group][constraint][cell]), -group), default=None)

    def removed(self, verification: Verification, value: AgentValue) -> Ints:
        """(groups, blocks) agents to take away or exchange, as far as every bound can spare them."""
        spare = [verdict.slack for verdict in verification.verdicts]
        parts = self._parts_of_blocks(verification.counts.shape[1])
        change = np.zeros(verification.counts.shape, np.int64)
        order = sorted(range(len(parts)), key=lambda block: (-value.now.levels[block], block))
        for _ in range(PASSES):
            for block in order:
                counts = verification.counts[:, block] + change[:, block]
                best = None if self.kept[block] else self._best_change(counts, block, parts[block], spare, value)
                if best is not None:
                    change[:, block] += best
                    for constraint, cell, part in parts[block]:
                        spare[constraint][cell] += value.of(best, constraint, cell) * part
        self.lowered |= change.any(axis=0)
        return change

    def _parts_of_blocks(self, blocks: int) -> list[list[Part]]:
        """Of every block the cells that it reaches into."""
        parts: list[list[Part]] = [[] for _ in range(blocks)]
        for number, constraint in enumerate(self.evaluator.constraints):
            for cell, inside in enumerate(constraint.blocks):
                for block in inside.tolist():
                    parts[block].append((number, cell, 1.0 / len(inside)))
        return parts

    def _best_change(
        self, counts: Ints, block: int, parts: list[Part], spare: list[Floats], value: AgentValue
    ) -> Change | None:
        """The change that leaves most to spare; an exchange only where nobody can simply go."""
        for changes in (removals(len(counts)), exchanges(len(counts), 1)):
            left = {
                change: min(float(spare[k][cell]) + value.of(change, k, cell) * part for k, cell, part in parts)
                for change in changes
                if self._possible(counts + np.array(change), block)
            }
            best = max(left, key=left.__getitem__, default=None)
            if best is not None and left[best] > 0.0:
                return best
        return None

    def _possible(self, counts: Ints, block: int) -> bool:
        return bool((counts >= 0).all() and (counts <= self.most[:, block]).all())


def iterate(evaluator: Evaluator, counts: Ints, most: Ints, budget: float) -> Verification:
    """The leanest staffing that was accepted on the way; the last one, not accepted, where none was.

    Parameters
    ----------
    evaluator : the constraints, and where staffings are evaluated.
    counts, most : (groups, blocks) the first staffing; beyond which no agent is added.
    budget : first attempts of a verification at most; the first rounds, far from the answer, take less.
    """
    evaluator.begin((DOWN + 2) * (2 * len(counts) + 2))
    state, best = IterativeStaffing(evaluator, most), None
    counts = np.minimum(counts, most)
    for number in range(ROUNDS):
        share = min(1.0, 2.0 ** (number - FIRST))
        verification = verify(evaluator, counts, number, budget * share)
        if verification.accepted and (best is None or verification.counts.sum() < best.counts.sum()):
            best = verification
        if number >= DOWN and best is not None:
            break
        change = state.change(verification, down=number < DOWN)
        if share == 1.0 and not change.any():
            break
        counts = counts + change
    return best or verification
