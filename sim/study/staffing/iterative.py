"""Many numbers of agents at once: round by round on fresh luck, up where a goal is not sure, down where it can spare.

What an agent of a group is worth is seen on the customers of the search, with one more and one fewer in every block.
A round then gives each block what its shortfall takes, and takes from it what its bounds can spare (in the manner of
iterative staffing: Feldman, Mandelbaum, Massey and Whitt 2008, here by bounds and with several groups).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import numpy.typing as npt

from sim.study.staffing.evaluator import Evaluation, Evaluator, Floats, slack_of
from sim.study.staffing.plan import Ints
from sim.study.staffing.verification import Verification, prove

FIRST, DOWN, ROUNDS = 3, 10, 40
"""Rounds with less than the whole budget; rounds in which agents may be taken away; rounds in all."""
PASSES = 3
Change = tuple[int, ...]


@dataclass(frozen=True)
class AgentValue:
    """What an agent more and an agent fewer do to the goals, group by group: per goal, (cells,) of slack.

    Attributes
    ----------
    now : the staffing itself.
    more, fewer : by group, what one more in every block adds; what one fewer costs. Nothing is below 0.
    """

    now: Evaluation
    more: list[list[Floats]]
    fewer: list[list[Floats]]

    def of(self, change: Change, goal: int, cell: int) -> float:
        """What a change of the groups does to a goal in a cell."""
        parts = (n * float((self.more if n > 0 else self.fewer)[g][goal][cell]) for g, n in enumerate(change) if n != 0)
        return math.fsum(parts)


def worth_of(bench: Evaluator, counts: Ints) -> AgentValue:
    """Look at a staffing, and at it with one more and one fewer of each group."""
    now = bench.look(counts)
    more: list[list[Floats]] = []
    fewer: list[list[Floats]] = []
    for g in range(counts.shape[0]):
        for step, into in ((1, more), (-1, fewer)):
            other = counts.copy()
            other[g] = np.maximum(other[g] + step, 0)
            there = bench.look(other)
            into.append([_gain(new, old, step) for new, old in zip(there.slacks, now.slacks, strict=True)])
    return AgentValue(now, more, fewer)


def _gain(new: Floats, old: Floats, step: int) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.maximum(np.nan_to_num((new - old) * step, nan=0.0, posinf=0.0, neginf=0.0), 0.0)


@dataclass
class IterativeStaffing:
    """A staffing on its way.

    Attributes
    ----------
    bench : where staffings are tried.
    most : (groups, blocks) beyond which no agent is added.
    lowered, held : (blocks,) those that have lost an agent; those that had to be given one after that, and keep it.
    """

    bench: Evaluator
    most: Ints
    lowered: npt.NDArray[np.bool_] = field(init=False)
    held: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.lowered, self.held = (np.zeros(self.most.shape[1], np.bool_) for _ in range(2))

    def change(self, proof: Verification, *, down: bool) -> Ints:
        """(groups, blocks) agents to add and to take away."""
        worth = worth_of(self.bench, proof.counts)
        return self.raised(proof, worth) + (self.freed(proof, worth) if down else 0)

    def raised(self, proof: Verification, worth: AgentValue) -> Ints:
        """(groups, blocks) agents to add: what each cell's shortfall takes, in its tightest blocks first."""
        steps = np.zeros(proof.counts.shape, np.int64)
        for a, c in proof.open:
            blocks = [int(b) for b in self.bench.asked[a].blocks[c]]
            group = self._most_helpful(proof.counts, worth, a, c, blocks)
            if group is not None:
                room = [b for b in blocks if proof.counts[group, b] < self.most[group, b]]
                each = _short_of(proof, a, c) / max(float(worth.more[group][a][c]), 1e-9)
                cap = max(1.0, 0.5 * math.sqrt(float(proof.counts[:, room].sum()) / len(room)))
                wanted = math.ceil(min(each, cap) * len(room))
                for k, b in enumerate(sorted(room, key=lambda b: (worth.now.levels[b], b))):
                    steps[group, b] = max(steps[group, b], wanted // len(room) + (k < wanted % len(room)))
        self.held |= self.lowered & steps.any(axis=0)
        allowed: Ints = np.maximum(self.most - proof.counts, 0)
        return np.minimum(steps, allowed)

    def _most_helpful(self, counts: Ints, worth: AgentValue, goal: int, cell: int, blocks: Sequence[int]) -> int | None:
        able = [g for g in range(counts.shape[0]) if (counts[g, blocks] < self.most[g, blocks]).any()]
        return max(able, key=lambda g: (float(worth.more[g][goal][cell]), -g), default=None)

    def freed(self, proof: Verification, worth: AgentValue) -> Ints:
        """(groups, blocks) agents to take away or exchange, as far as every bound can spare them."""
        spare = [slack_of(v.asked.goal, v.bound) for v in proof.verdicts]
        cells = self._cells_of_blocks(proof.counts.shape[1])
        change = np.zeros(proof.counts.shape, np.int64)
        order = sorted(range(proof.counts.shape[1]), key=lambda b: (-worth.now.levels[b], b))
        for _ in range(PASSES):
            for b in order:
                move = (
                    None if self.held[b] else self._move(proof.counts[:, b] + change[:, b], b, cells[b], spare, worth)
                )
                if move is not None:
                    change[:, b] += move
                    for a, c, part in cells[b]:
                        spare[a][c] += worth.of(move, a, c) * part
        self.lowered |= change.any(axis=0)
        return change

    def _cells_of_blocks(self, blocks: int) -> list[list[tuple[int, int, float]]]:
        """Of every block the cells that it reaches into, and the part of each that it is."""
        found: list[list[tuple[int, int, float]]] = [[] for _ in range(blocks)]
        for a, asked in enumerate(self.bench.asked):
            for c, inside in enumerate(asked.blocks):
                for b in inside.tolist():
                    found[b].append((a, c, 1.0 / len(inside)))
        return found

    def _move(
        self, counts: Ints, block: int, cells: list[tuple[int, int, float]], spare: list[Floats], worth: AgentValue
    ) -> Change | None:
        """The change that leaves most to spare; an exchange only where nobody can simply go."""
        for kind in (_singles, _exchanges):
            moves = [m for m in kind(len(counts)) if self._possible(counts + np.array(m), block)]
            left = {m: min(float(spare[a][c]) + worth.of(m, a, c) * part for a, c, part in cells) for m in moves}
            best = max(moves, key=left.__getitem__, default=None)
            if best is not None and left[best] > 0.0:
                return best
        return None

    def _possible(self, counts: Ints, block: int) -> bool:
        return bool((counts >= 0).all() and (counts <= self.most[:, block]).all())


def _short_of(proof: Verification, goal: int, cell: int) -> float:
    verdict = proof.verdicts[goal]
    return -float(slack_of(verdict.asked.goal, verdict.bound)[cell])


def _singles(groups: int) -> Iterator[Change]:
    for g in range(groups):
        yield tuple(-int(k == g) for k in range(groups))


def _exchanges(groups: int) -> Iterator[Change]:
    for g, h in permutations(range(groups), 2):
        yield tuple(-2 if k == g else int(k == h) for k in range(groups))


def settle(bench: Evaluator, counts: Ints, most: Ints, budget: float) -> Verification:
    """The leanest staffing that was accepted on the way; the last one, not accepted, where none was.

    Parameters
    ----------
    bench : the goals, and where staffings are tried.
    counts, most : (groups, blocks) the first guess; beyond which no agent is added.
    budget : first attempts of a proof at most; the first rounds, far from the answer, take less.
    """
    bench.begin((DOWN + 2) * (2 * len(counts) + 2))
    state, best = IterativeStaffing(bench, most), None
    counts = np.minimum(counts, most)
    for number in range(ROUNDS):
        share = min(1.0, 2.0 ** (number - FIRST))
        proof = prove(bench, counts, number, budget * share)
        if proof.accepted and (best is None or proof.counts.sum() < best.counts.sum()):
            best = proof
        if number >= DOWN and best is not None:
            break
        change = state.change(proof, down=number < DOWN)
        if share == 1.0 and not change.any():
            break
        counts = counts + change
    return best or proof
