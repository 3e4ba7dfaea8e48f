"""The fewest agents whose means meet every goal: from a guess up till nothing fails, then down till nothing can go."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState
from sim.scenario.model import Scenario
from sim.scenario.summary import load_by_interval
from sim.scenario.wanted import Goal
from sim.study.replicate import Orders, make_study
from sim.study.staffing.erlang import Queue, least_agents
from sim.study.staffing.plan import Ground, Ints, Span
from sim.study.staffing.trial import Bench, Trial, contacts_of

Floats = npt.NDArray[np.float64]
APART = 3
"""Every third block is changed at a time, so that what breaks can be told from what did not."""
MOST_GIVEN = 3
MOST_TIMES, MOST_MORE = 3, 10
MOST_UP = 200
LOOKED_AT = 30_000
"""Contacts, about, from which the offered load is taken."""
HOUR_US = 3_600_000_000


# The guess --------------------------------------------------------------------


def offered_load(ground: Ground, orders: Orders) -> Floats:
    """(groups, cells) agents busy on average where there are ample ones: what each group is offered.

    It follows the time of day with the lag of contacts in hand, and holds the returns that good service leaves.
    """
    scenario = ground.scenario
    expected = {d: [row[3] for row in load_by_interval(scenario, d)] for d in dict.fromkeys(d for d, _ in ground.cells)}
    ample = np.zeros((len(ground.groups), ground.blocks), np.int64)
    for c, (day, k) in enumerate(ground.cells):
        block = ground.block_of[c]
        ample[:, block] = np.maximum(ample[:, block], math.ceil(2.0 * expected[day][k]) + MOST_MORE)
    study = make_study(ground.staffed(ample))
    count = max(1, math.ceil(LOOKED_AT / (contacts_of(study) + 1.0)))
    numbers = [study.frame.groups.index(name) for name in ground.groups]
    busy = np.zeros((len(ground.groups), len(ground.cells)))
    for r in range(count):
        segments = study.prepared.replicate(orders.seed, r, orders.engine).segments
        at_work = segments[segments["state"] == AgentState.HANDLING]
        for g, number in enumerate(numbers):
            mine = at_work[at_work["group"] == number]
            busy[g] += _overlap(mine["start_us"], mine["end_us"], study.frame.starts, study.frame.ends)
    return busy / count / HOUR_US / ground.hours


def _overlap(starts: Ints, ends: Ints, opens: Ints, closes: Ints) -> Floats:
    """Total time of spells within each interval (us)."""
    return _until(starts, ends, closes) - _until(starts, ends, opens)


def _until(starts: Ints, ends: Ints, at: Ints) -> Floats:
    """Total time of spells before each moment: what has begun less what has ended."""
    found = np.zeros(at.size)
    for moments, sign in ((starts, 1.0), (ends, -1.0)):
        ordered = np.sort(moments)
        sums = np.concatenate([[0.0], np.cumsum(ordered, dtype=np.float64)])
        place = np.searchsorted(ordered, at)
        found += sign * (place * at.astype(np.float64) - sums[place])
    return found


@dataclass(frozen=True)
class Callers:
    """What the formulas must know of customers: mean patience (s), the share that balks, the handle time (s)."""

    patience: float
    balk: float
    aht: float


def callers_of(scenario: Scenario) -> Callers:
    """Patience and handle time averaged over the intents by their volume, before any mechanism."""
    from sim.scenario.summary import handle_time, summary, to_agents

    told = summary(scenario)["intents"]
    weights = [told[n]["contacts_per_open_day"] * to_agents(i, scenario.bot) for n, i in scenario.intents.items()]
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    intents = list(scenario.intents.values())
    patience = sum(s * i.patience.average for s, i in zip(shares, intents, strict=True) if s > 0.0)
    aht = sum(s * handle_time(i) for s, i in zip(shares, intents, strict=True))
    return Callers(patience or math.inf, scenario.customers.balk, aht)


def guess(ground: Ground, load: Floats, goals: Mapping[str, Goal], each: Span) -> Ints:
    """(groups, blocks) by Erlang A, group by group as if none could help another; else load and its square root."""
    callers, within = callers_of(ground.scenario), ground.scenario.targets.service_level.within
    found = np.zeros((len(ground.groups), ground.blocks), np.int64)
    for b, cells in enumerate(_cells(ground)):
        for g in range(len(ground.groups)):
            there = load[g, cells]
            erlangs = float(there.max() if each == "interval" else there.mean())
            queue = Queue(erlangs / callers.aht, callers.aht, callers.patience, callers.balk, within)
            found[g, b] = least_agents(queue, goals) or math.ceil(erlangs + math.sqrt(erlangs))
    return found


def _cells(ground: Ground) -> list[Ints]:
    return [np.flatnonzero(ground.block_of == b) for b in range(ground.blocks)]


# The search -------------------------------------------------------------------

Move = tuple[int, ...]


@dataclass
class Search:
    """The search on one bench.

    Attributes
    ----------
    bench : where staffings are tried.
    most : (groups, blocks) beyond which no agent is added.
    """

    bench: Bench
    most: Ints
    _stuck: dict[Move, set[int]] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.bench.ground.groups)

    def run(self, counts: Ints) -> Ints | None:
        """From a guess to a staffing from which nothing can go; None where adding agents does not help."""
        up = self.ascend(np.minimum(counts, self.most))
        if up is None:
            return None
        down = self.descend(up)
        while self.groups > 1:
            better = self.polish(down)
            if better is None:
                break
            down = self.descend(better)
        return down

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

    def _steps(self, trial: Trial, rounds: Ints) -> Ints:
        """(blocks,) how many agents to add: by the shortfall, and more where that did not help before."""
        short = np.zeros(self.bench.ground.blocks)
        for a, c in trial.failing:
            for b in self.bench.asked[a].blocks[c]:
                short[b] = max(short[b], -float(trial.slacks[a][c]))
        size = np.sqrt(trial.counts.sum(axis=0) + 1.0)
        return np.where(short > 0.0, np.maximum(1, np.rint(short * size * (1 + rounds // 2))), 0).astype(np.int64)

    def better(self, trial: Trial, steps: Ints, failing: Sequence[tuple[int, int]]) -> Ints:
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
        """Take agents away, one a block, until every further one would break a goal."""
        moves = [self._move({g: -1}) for g in range(self.groups)]
        while (new := self._sweep(counts, moves)) is not None:
            counts = new
        return counts

    def polish(self, counts: Ints) -> Ints | None:
        """One agent fewer by taking d + 1 from one group and giving d to another; None where nothing comes of it."""
        pairs = permutations(range(self.groups), 2)
        moves = [self._move({g: -given - 1, h: given}) for g, h in pairs for given in range(1, MOST_GIVEN + 1)]
        return self._sweep(counts, moves)

    def _move(self, changes: Mapping[int, int]) -> Move:
        return tuple(changes.get(g, 0) for g in range(self.groups))

    def _sweep(self, counts: Ints, moves: Sequence[Move]) -> Ints | None:
        """Every move once, every third block at a time; None where none could be made."""
        start = counts
        for move in moves:
            for offset in range(APART):
                stuck = self._stuck.setdefault(move, set())
                blocks = [b for b in range(offset, counts.shape[1], APART) if b not in stuck]
                blocks = [b for b in blocks if self._possible(counts, move, b)]
                if blocks:
                    counts = self._attempt(counts, move, blocks)
        return None if np.array_equal(counts, start) else counts

    def _possible(self, counts: Ints, move: Move, block: int) -> bool:
        new = counts[:, block] + np.array(move)
        return bool((new >= 0).all() and (new <= np.maximum(self.most[:, block], counts[:, block])).all())

    def _attempt(self, counts: Ints, move: Move, blocks: Iterable[int]) -> Ints:
        """Make a move in some blocks, and take it back where goals break."""
        left, tried = set(blocks), set(blocks)
        while left:
            new = counts.copy()
            new[:, sorted(left)] += np.array(move)[:, None]
            trial = self.bench.look(new)
            if not trial.failing:
                self._loosen(move, left)
                return new
            left -= self._culprits(trial, move, left, tried)
        return counts

    def _loosen(self, move: Move, blocks: set[int]) -> None:
        """After an exchange between groups, what was stuck nearby may move again."""
        if any(change > 0 for change in move):
            near = {b + k for b in blocks for k in range(1 - APART, APART)}
            for stuck in self._stuck.values():
                stuck -= near

    def _culprits(self, trial: Trial, move: Move, left: set[int], tried: set[int]) -> set[int]:
        """The blocks whose move broke a goal: the cell's own or the last before it; of a long cell the tightest half.

        Where the last one left of a long cell breaks it, which is the one with the most to spare, all that were tried
        in it do.
        """
        found: set[int] = set()
        for a, c in trial.failing:
            blocks = self.bench.asked[a].blocks[c].tolist()
            inside = sorted(left.intersection(blocks), key=lambda b: (trial.levels[b], b))
            if len(blocks) == 1 and not inside:
                before = [b for b in left if b < blocks[0]]
                inside = [max(before)] if before else sorted(left)
            if len(inside) < 2:
                self._stuck[move].update(inside if len(blocks) == 1 else tried.intersection(blocks))
            found.update(inside[: max(1, len(inside) // 2)])
        return found or set(left)
