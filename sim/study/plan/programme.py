"""The plan of heads at least cost on mean behaviour: a linear programme, then the same in whole heads.

Hiring by the mean is within about 1 % of the optimum in most cases (Gans and Zhou, Operations Research 2002). What is
wanted may be out of reach, since classes take time and money may be short, so that heads short and money beyond the
budget are variables of their own, dearer than any way to avoid them: the programme always has an answer, which says
what is short. Solved by HiGHS through scipy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from sim.errors import CcsimError
from sim.study.plan.mean_heads import Affine, HeadMoves, HeadsProblem, MeanHeads, cash_by_month, led, staying, sum_of
from sim.study.plan.result import SUPERVISORS

Floats = npt.NDArray[np.float64]
GAP, NODES = 1e-3, 200
MOST_CELLS, MOST_STEPS = 72, 2_000
"""Groups times months up to which whole heads are branched and bound; changes of one head at most."""
DEARER = 2.0
"""A head short costs so many times what the dearest way to have one more costs."""
LEAST_PRESENT, TIMES_BEYOND = 0.05, 1e3
NEAR = 1e-6


class Shortage(NamedTuple):
    """A requirement that the plan does not meet on mean behaviour."""

    group: str
    month: int
    heads: float


@dataclass(frozen=True)
class Programme:
    """What the programme found.

    Attributes
    ----------
    problem : what was asked.
    moves : the plan in whole heads.
    relaxed : the plan in parts of heads.
    value, bound : of the plan in whole heads, and the least that any plan of whole heads can have (price of shortage
        and months after the horizon included).
    relaxed_value : of the plan in parts of heads; no plan has less.
    """

    problem: HeadsProblem
    moves: HeadMoves
    relaxed: HeadMoves
    value: float
    bound: float
    relaxed_value: float

    @property
    def gap(self) -> float:
        """How far above the least possible the plan may be, as a share of it."""
        return max(self.value - self.bound, 0.0) / self.bound if self.bound > 0.0 else 0.0

    @cached_property
    def outcome(self) -> MeanOutcome:
        """What the plan comes to on mean behaviour."""
        return mean_outcome(self.problem, self.moves)


@dataclass(frozen=True)
class MeanOutcome:
    """What a plan comes to on mean behaviour.

    Attributes
    ----------
    available, worth, in_training : (groups, months) heads on the phones; as good as today's; paid and not there yet.
    cash : (months,) by line.
    short : what the requirement lacks.
    over : money beyond the budget, in the months told.
    """

    available: Floats
    worth: Floats
    in_training: Floats
    cash: dict[str, Floats]
    short: tuple[Shortage, ...]
    over: float

    def total(self, months: int) -> float:
        """Cash of the first months."""
        return float(sum(line[:months].sum() for line in self.cash.values()))


def mean_outcome(problem: HeadsProblem, moves: HeadMoves) -> MeanOutcome:
    """What a plan comes to on mean behaviour, with whole supervisors."""
    heads, vector, shape = MeanHeads(problem), moves.vector, problem.requirement.shape
    worth = heads.worth.at(vector).reshape(shape)
    cash = {name: line.at(vector) for name, line in cash_by_month(heads).items()}
    cash[SUPERVISORS] = supervisors(problem, led(heads).at(vector)) * problem.prices.supervisor
    missing = problem.requirement - worth
    short = tuple(
        Shortage(problem.groups[g], int(m), float(missing[g, m])) for g, m in np.argwhere(missing > NEAR).tolist()
    )
    spent = float(sum(line[: problem.told].sum() for line in cash.values()))
    over = max(spent - problem.budget, 0.0) if problem.budget is not None else 0.0
    available = heads.available.at(vector).reshape(shape)
    return MeanOutcome(available, worth, heads.in_training.at(vector).reshape(shape), cash, short, over)


def supervisors(problem: HeadsProblem, heads: Floats) -> Floats:
    """Whole supervisors for so many heads, of any shape; none where they are not counted."""
    each = problem.prices.agents_each
    return np.zeros_like(heads) if each is None else np.ceil(np.maximum(heads, 0.0) / each - NEAR)


def least_cost(problem: HeadsProblem, *, nodes: int = NODES) -> Programme:
    """The plan of heads at least cost.

    Parameters
    ----------
    problem : what is there and what is wanted.
    nodes : of the branch and bound at most; where they do not suffice, `Programme.gap` says how far it may be off.

    Raises
    ------
    CcsimError
        Where the solver gives up, which only numbers beyond all reason bring about.
    """
    tableau = _Tableau(problem)
    relaxed, relaxed_value, _ = tableau.solved(whole=False, nodes=nodes)
    if relaxed is None:
        raise CcsimError(f"horizon: the plan at least cost was not found for {', '.join(problem.groups)}")
    found, bound = None, relaxed_value
    if problem.requirement.size <= MOST_CELLS:
        found, _, bound = tableau.solved(whole=True, nodes=nodes)
    valued = PlanValue(problem)
    starts = [polished(valued, rounded(problem, relaxed))] + ([np.rint(found)] if found is not None else [])
    values = valued.of(np.stack(starts))
    best = int(np.argmin(values))
    moves = HeadMoves.of(problem, starts[best] + 0.0)  # no -0
    bound = min(max(bound, relaxed_value), float(values[best]))
    return Programme(problem, moves, HeadMoves.of(problem, relaxed), float(values[best]), bound, relaxed_value)


class Penalty(NamedTuple):
    """The price of a head short for a month, by group, and of money beyond the budget."""

    short: Floats
    over: float


def penalty_of(problem: HeadsProblem) -> Penalty:
    """More than the dearest way to have a head more, in every group."""
    prices, months = problem.prices, problem.months
    led_by = 0.0 if prices.agents_each is None else prices.supervisor * max(1.0, 1.0 / prices.agents_each)
    kept = months * (prices.pay + led_by) + prices.hire + prices.severance + prices.notice * prices.pay
    stays = zip(problem.new_stay, problem.worth, strict=True)
    present = np.array([np.min(staying(stay) * worth) for stay, worth in stays])
    each = np.maximum(problem.graduates * present, LEAST_PRESENT)
    return Penalty(DEARER * (kept + 1.0) / each, DEARER)


class PlanValue:
    """What the programme makes least: cash of all months, and the price of what is short.

    Money beyond the budget is dearer than money, but cheaper than a head short.
    """

    def __init__(self, problem: HeadsProblem) -> None:
        self.problem, self.penalty = problem, penalty_of(problem)
        heads = MeanHeads(problem)
        lines = list(cash_by_month(heads).values())
        parts = (Affine(sum_of(line.start for line in lines), sum_of(line.each for line in lines)), led(heads))
        wanted, today = heads.worth, heads.here_today
        self._rows = Affine(
            np.concatenate([*(part.start for part in parts), wanted.start, today.start]),
            np.vstack([*(part.each for part in parts), wanted.each, today.each]),
        )

    def rows(self, plans: Floats) -> Floats:
        """(plans, rows) of (plans, moves): what `value` is made of, linear in the moves."""
        return self._rows.at(plans)

    def step(self, moves: Floats) -> Floats:
        """(steps, rows) what (steps, moves) changes of a plan add to its rows."""
        return np.asarray(moves @ self._rows.each.T)

    def value(self, rows: Floats) -> Floats:
        """(plans,) of (plans, rows); far dearer where more of today's heads go than are there."""
        problem, months, cells = self.problem, self.problem.months, self.problem.requirement.size
        cash = rows[:, :months] + supervisors(problem, rows[:, months : 2 * months]) * problem.prices.supervisor
        worth, today = rows[:, 2 * months : 2 * months + cells], rows[:, 2 * months + cells :]
        missing = np.maximum(problem.requirement.ravel() - worth, 0.0)
        value = cash.sum(axis=1) + missing @ np.repeat(self.penalty.short, months)
        if problem.budget is not None:
            value += self.penalty.over * np.maximum(cash[:, : problem.told].sum(axis=1) - problem.budget, 0.0)
        beyond = np.maximum(-today - NEAR, 0.0) @ np.repeat(TIMES_BEYOND * self.penalty.short, months)
        return np.asarray(value + beyond)

    def of(self, plans: Floats) -> Floats:
        """(plans,) of (plans, moves)."""
        return self.value(self.rows(plans))


def rounded(problem: HeadsProblem, values: Floats) -> Floats:
    """Whole heads in place of parts: what rounding leaves is carried on to the next month, hiring rounded up."""
    moves = HeadMoves.of(problem, values)
    hired = np.diff(np.ceil(np.cumsum(moves.hired, axis=1) - NEAR), axis=1, prepend=0.0)
    gone, moved = (np.diff(np.floor(np.cumsum(p, axis=1) + NEAR), axis=1, prepend=0.0) for p in moves[1:])
    return HeadMoves(hired, gone, moved).vector


def polished(valued: PlanValue, plan: Floats) -> Floats:
    """The plan after every change of one head for the better: one more, one fewer, or one a month earlier or later."""
    least, most = _limits(valued.problem)
    steps = _steps(valued.problem, plan.size)
    deltas = valued.step(steps)
    rows, value = valued.rows(plan[None, :])[0], float(valued.of(plan[None, :])[0])
    for _ in range(MOST_STEPS):
        allowed = ((plan + steps >= least) & (plan + steps <= most)).all(axis=1)
        values = np.where(allowed, valued.value(rows + deltas), np.inf)
        best = int(np.argmin(values))
        if not values[best] < value - NEAR * max(abs(value), 1.0):
            return plan
        plan, rows, value = plan + steps[best], rows + deltas[best], float(values[best])
    return plan


def _steps(problem: HeadsProblem, size: int) -> Floats:
    """(steps, moves) one head more or fewer of each move, and one moved to the month before or after."""
    one = np.eye(size)
    same_row = np.flatnonzero(np.arange(1, size) % problem.months)
    later = one[same_row + 1] - one[same_row]
    return np.vstack([one, -one, later, -later])


def _limits(problem: HeadsProblem) -> tuple[Floats, Floats]:
    """(moves,) the least and the most of each move."""
    most = np.full((2 * len(problem.groups) + len(problem.transfers)) * problem.months, np.inf)
    moves = HeadMoves.of(problem, most)  # views: what is written into them stands in `most`
    moves.hired[:, : problem.lead] = 0.0
    if not problem.let_go:
        moves.let_go[:] = 0.0
    for part in moves:
        part[:, problem.told :] = 0.0
    return np.zeros_like(most), most


class _Tableau:
    """The programme as arrays: moves, then heads short, supervisors by month, and money beyond the budget."""

    def __init__(self, problem: HeadsProblem) -> None:
        self.problem, self.heads = problem, MeanHeads(problem)
        self.penalty = penalty_of(problem)
        self.lines = cash_by_month(self.heads)
        self.moves = self.heads.available.each.shape[1]
        self.short, self.months = problem.requirement.size, problem.months
        self.width = self.moves + self.short + self.months + 1
        self.scale = 1.0 / max(float(np.max(problem.prices.pay, initial=0.0)), 1.0)

    def solved(self, *, whole: bool, nodes: int) -> tuple[Floats | None, float, float]:
        """The moves, their value without what is paid whatever is done, and the bound; None where none was found."""
        constant = float(sum(line.start.sum() for line in self.lines.values()))
        found = milp(
            self.scale * self._price(),
            integrality=self._whole() if whole else None,
            bounds=self._bounds(),
            constraints=self._constraints(),
            options={"mip_rel_gap": GAP, "node_limit": nodes} if whole else None,
        )
        if found.x is None:
            return None, np.inf, -np.inf
        bound = found.fun if not whole or found.mip_dual_bound is None else found.mip_dual_bound
        return found.x[: self.moves], found.fun / self.scale + constant, bound / self.scale + constant

    def _price(self) -> Floats:
        price = np.zeros(self.width)
        price[: self.moves] = sum(line.each.sum(axis=0) for line in self.lines.values())
        price[self.moves : self.moves + self.short] = np.repeat(self.penalty.short, self.months)
        price[self.moves + self.short : -1] = self.problem.prices.supervisor
        price[-1] = self.penalty.over if self.problem.budget is not None else 0.0
        return price

    def _whole(self) -> npt.NDArray[np.int64]:
        whole = np.zeros(self.width, np.int64)
        whole[: self.moves] = 1
        whole[self.moves + self.short : -1] = self.problem.prices.agents_each is not None
        return whole

    def _bounds(self) -> Bounds:
        most = np.full(self.width, np.inf)
        most[: self.moves] = _limits(self.problem)[1]
        return Bounds(np.zeros(self.width), most)

    def _constraints(self) -> list[LinearConstraint]:
        worth, today = self.heads.worth, self.heads.here_today
        wanted = self.problem.requirement.ravel() - worth.start
        rows = [LinearConstraint(self._row(worth.each, short=np.eye(self.short)), wanted, np.inf)]
        rows.append(LinearConstraint(self._row(today.each), -today.start, np.inf))
        each = self.problem.prices.agents_each
        if each is not None:
            heads = led(self.heads)
            rows.append(
                LinearConstraint(self._row(-heads.each, led_by=each * np.eye(self.months)), heads.start, np.inf)
            )
        return rows + self._budget()

    def _budget(self) -> list[LinearConstraint]:
        if self.problem.budget is None:
            return []
        told = slice(0, self.problem.told)
        start, each = (sum_of(getattr(line, part) for line in self.lines.values()) for part in ("start", "each"))
        row = self._row(each[told].sum(axis=0, keepdims=True))
        row[0, self.moves + self.short :][told] = self.problem.prices.supervisor
        row[0, -1] = -1.0
        return [LinearConstraint(row, -np.inf, self.problem.budget - float(start[told].sum()))]

    def _row(self, moves: Floats, short: Floats | None = None, led_by: Floats | None = None) -> Floats:
        """Rows of the programme: what each move, each shortage and each month's supervisors do to them."""
        rows = np.zeros((len(moves), self.width))
        rows[:, : self.moves] = moves
        if short is not None:
            rows[:, self.moves : self.moves + self.short] = short
        if led_by is not None:
            rows[:, self.moves + self.short : -1] = led_by
        return rows
