"""Heads on mean behaviour: what classes, dismissals and transfers come to by group and month.

Everything is linear in the moves, so that one set of arrays serves the programme, the search over every plan of a small
case, and whoever wants to know what a plan comes to on average. A month goes as the simulated one does: moves at its
start, those whose training has ended graduate, the month is worked, and at its end some of those on the phones leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.study.plan.result import HIRING, NOTICE, PAY, SEVERANCE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class HeadPrices:
    """What heads cost, in one currency.

    Attributes
    ----------
    pay : (groups,) a head a month, on the phones or in training.
    hire, severance : each who is hired; each who is let go.
    notice : months paid without work to each who is let go.
    supervisor, agents_each : a supervisor a month; the agents that one leads, those in training too. None: not counted.
    """

    pay: Floats
    hire: float = 0.0
    severance: float = 0.0
    notice: float = 0.0
    supervisor: float = 0.0
    agents_each: float | None = None


@dataclass(frozen=True)
class HeadsProblem:
    """Who is there, who stays, what hiring takes, and how many are wanted.

    Attributes
    ----------
    groups : their names.
    heads : (groups,) at the start.
    requirement : (groups, months) heads on the phones wanted, as good as today's.
    stay : (groups, months) the share of today's heads on the phones in a month who are still there in the next.
    new_stay : (groups, months) the same of those hired, by months on the phones so far.
    worth : (groups, months) what one hired is worth beside one of today's, by months on the phones.
    prices : of heads.
    lead : months from a decision to the start of its class, so that the first class begins in month `lead`.
    training : months from the start of a class to its first month on the phones.
    graduates : the share of a class that comes to the phones.
    transfers : pairs of groups (from, to) between which heads may move.
    transfer_training : months that somebody transferred is off the phones.
    let_go : whether anybody may be let go.
    counted : months whose cost is told; those after it are looked at so that the plan does not end with an empty
        pipeline. None: all.
    budget : for the cash of the months told; None for none.
    """

    groups: tuple[str, ...]
    heads: Floats
    requirement: Floats
    stay: Floats
    new_stay: Floats
    worth: Floats
    prices: HeadPrices
    lead: int = 0
    training: int = 0
    graduates: float = 1.0
    transfers: tuple[tuple[int, int], ...] = ()
    transfer_training: int = 0
    let_go: bool = True
    counted: int | None = None
    budget: float | None = None

    @property
    def months(self) -> int:
        """How many months there are, those after the horizon too."""
        return int(self.requirement.shape[1])

    @property
    def told(self) -> int:
        """The months whose cost is told."""
        return self.months if self.counted is None else self.counted


class HeadMoves(NamedTuple):
    """A plan: heads that begin a class, are let go, or are transferred, at the start of a month.

    Attributes
    ----------
    hired, let_go : (groups, months).
    moved : (pairs, months), by the pairs of `HeadsProblem.transfers`.
    """

    hired: Floats
    let_go: Floats
    moved: Floats

    @classmethod
    def of(cls, problem: HeadsProblem, values: Floats) -> HeadMoves:
        """The moves of (moves,) a vector, or of (plans, moves) many of them with the plans as the first axis."""
        groups, months, pairs = len(problem.groups), problem.months, len(problem.transfers)
        shapes = ((groups, months), (groups, months), (pairs, months))
        ends = np.cumsum([0, *(rows * months for rows, _ in shapes)])
        spans = zip(ends, ends[1:], shapes, strict=False)
        parts = [values[..., a:b].reshape(*values.shape[:-1], *shape) for a, b, shape in spans]
        return cls(*parts)

    @property
    def vector(self) -> Floats:
        """(moves,) all of them."""
        return np.concatenate([part.ravel() for part in self])


class Affine(NamedTuple):
    """What is there without any move, and what each move adds: `start + each @ moves`.

    Attributes
    ----------
    start : (rows,).
    each : (rows, moves).
    """

    start: Floats
    each: Floats

    def at(self, moves: Floats) -> Floats:
        """(..., rows) the values of (..., moves) plans."""
        return self.start + moves @ self.each.T


@dataclass(frozen=True)
class MeanHeads:
    """The arrays of a problem; rows go by group and month, months fastest.

    Attributes
    ----------
    problem : whose they are.
    """

    problem: HeadsProblem

    @cached_property
    def here_today(self) -> Affine:
        """(groups * months) today's heads, and those transferred, on the phones."""
        return self._today()

    @cached_property
    def available(self) -> Affine:
        """(groups * months) heads on the phones."""
        hired = self._hired(np.ones_like(self.problem.worth))
        return Affine(self.here_today.start, self.here_today.each + hired.each)

    @cached_property
    def worth(self) -> Affine:
        """(groups * months) the same, in heads as good as today's."""
        hired = self._hired(self.problem.worth)
        return Affine(self.here_today.start, self.here_today.each + hired.each)

    @cached_property
    def in_training(self) -> Affine:
        """(groups * months) heads paid and not yet on the phones."""
        return self._training()

    @cached_property
    def paid(self) -> Affine:
        """(groups * months) heads on the phones and in training."""
        return Affine(self.available.start, self.available.each + self.in_training.each)

    def places(self) -> tuple[Ints, Ints, Ints]:
        """The numbers of the moves, shaped as the moves are."""
        groups, months, pairs = len(self.problem.groups), self.problem.months, len(self.problem.transfers)
        numbers = np.arange((2 * groups + pairs) * months).reshape(-1, months)
        return numbers[:groups], numbers[groups : 2 * groups], numbers[2 * groups :]

    # Pieces -----------------------------------------------------------------------

    def _empty(self) -> tuple[Floats, int]:
        rows, moves = self.problem.requirement.size, sum(part.size for part in self.places())
        return np.zeros((rows, moves)), self.problem.months

    def _today(self) -> Affine:
        problem, (each, months), (_, let_go, moved) = self.problem, self._empty(), self.places()
        start = np.concatenate([n * staying(stay) for n, stay in zip(problem.heads, problem.stay, strict=True)])
        for group, stay in enumerate(problem.stay):
            for month in range(months):
                rows = slice(group * months + month, (group + 1) * months)
                each[rows, let_go[group, month]] = -staying(stay[month:])
        for pair, (source, target) in enumerate(problem.transfers):
            for month in range(months):
                rows = slice(source * months + month, (source + 1) * months)
                each[rows, moved[pair, month]] -= staying(problem.stay[source, month:])
                back = month + problem.transfer_training
                rows = slice(target * months + min(back, months), (target + 1) * months)
                each[rows, moved[pair, month]] += staying(problem.stay[target, back:])
        return Affine(start, each)

    def _hired(self, weight: Floats) -> Affine:
        problem, (each, months), (hired, _, _) = self.problem, self._empty(), self.places()
        for group in range(len(problem.groups)):
            present = problem.graduates * staying(problem.new_stay[group]) * weight[group]
            for month in range(months - problem.training):
                first = month + problem.training
                each[group * months + first : (group + 1) * months, hired[group, month]] = present[: months - first]
        return Affine(np.zeros(len(each)), each)

    def _training(self) -> Affine:
        problem, (each, months), (hired, _, moved) = self.problem, self._empty(), self.places()
        spans = [(group, row, problem.training) for group, row in enumerate(hired)]
        spans += [(problem.transfers[k][1], row, problem.transfer_training) for k, row in enumerate(moved)]
        for group, row, length in spans:
            for month in range(months):
                last = min(month + length, months)
                each[group * months + month : group * months + last, row[month]] = 1.0
        return Affine(np.zeros(len(each)), each)


def staying(stay: Floats) -> Floats:
    """(months,) the share still there in each month, all of them in the first."""
    return np.concatenate([[1.0], np.cumprod(stay[:-1])]) if stay.size else np.zeros(0)


# Money ----------------------------------------------------------------------------


def cash_by_month(heads: MeanHeads) -> dict[str, Affine]:
    """(months,) cash by line and month; supervisors stand apart, since they are whole."""
    problem, prices = heads.problem, heads.problem.prices
    months, groups = problem.months, len(problem.groups)
    paid, per_group = heads.paid, np.repeat(prices.pay, months)
    by_month = np.tile(np.eye(months), (1, groups))
    pay = Affine(by_month @ (per_group * paid.start), by_month @ (per_group[:, None] * paid.each))
    hired, let_go, _ = heads.places()
    lines = {PAY: pay}
    per_head = {
        HIRING: [(hired, np.full(groups, prices.hire))],
        SEVERANCE: [(let_go, np.full(groups, prices.severance))],
        NOTICE: [(let_go, prices.notice * prices.pay)],
    }
    for name, charged in per_head.items():
        each = np.zeros((months, pay.each.shape[1]))
        for places, price in charged:
            for month in range(months):
                each[month, places[:, month]] = price
        lines[name] = Affine(np.zeros(months), each)
    return lines


def led(heads: MeanHeads) -> Affine:
    """(months,) heads whom supervisors lead: all who are paid."""
    paid, problem = heads.paid, heads.problem
    by_month = np.tile(np.eye(problem.months), (1, len(problem.groups)))
    return Affine(by_month @ paid.start, by_month @ paid.each)


def sum_of(arrays: Iterable[Floats]) -> Floats:
    """The sum of arrays of the same shape."""
    return np.asarray(np.sum(list(arrays), axis=0))
