"""Every plan of a small case, so that the programme's plan can be held against the best there is.

The small case is taken from the real one: its two largest groups, moves in three months, the same prices, training and
leaving, and as many heads as keep the number of plans within reach. On mean behaviour, as the programme itself: what
chance does to a plan is found by simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from sim.study.plan.mean_heads import HeadMoves, HeadsProblem
from sim.study.plan.programme import PlanValue, Programme, least_cost

Floats = npt.NDArray[np.float64]
MONTHS, GROUPS, MOST_HEADS = 3, 2, 12.0
BEYOND = 2
"""Heads beyond those of the programme in parts that are still tried, in every month."""
MOST_OF_GROUP, WIDTHS = 2_000, (math.inf, 8.0, 5.0, 4.0, 3.0)
"""Plans of one group at most; where there would be more, only moves so near to those of the programme in parts."""


@dataclass(frozen=True)
class Exhausted:
    """The best plan of all, beside the programme's.

    Attributes
    ----------
    programme : of the small case.
    best : the plan with the least value.
    value : of it, as in `Programme.value`.
    plans : how many were tried.
    """

    programme: Programme
    best: HeadMoves
    value: float
    plans: int

    @property
    def gap(self) -> float:
        """How far the programme's plan is above the best, as a share of it."""
        return (self.programme.value - self.value) / self.value if self.value > 0.0 else 0.0


def small_case(problem: HeadsProblem) -> HeadsProblem:
    """The two largest groups and three months of moves, with at most a dozen heads in a group."""
    places = sorted(np.argsort(-problem.heads, kind="stable")[:GROUPS].tolist())
    lead = min(problem.lead, MONTHS - 1)
    months = min(MONTHS + problem.training, problem.months)
    largest = max(float(problem.heads[places].max()), float(problem.requirement[places, :months].max()), 1.0)
    factor = min(1.0, MOST_HEADS / largest)
    budget = None if problem.budget is None else problem.budget * factor * min(MONTHS / problem.told, 1.0)
    return replace(
        problem,
        groups=tuple(problem.groups[k] for k in places),
        heads=problem.heads[places] * factor,
        requirement=problem.requirement[places, :months] * factor,
        stay=problem.stay[places, :months],
        new_stay=problem.new_stay[places, :months],
        worth=problem.worth[places, :months],
        prices=replace(problem.prices, pay=problem.prices.pay[places]),
        lead=lead,
        transfers=(),
        counted=min(MONTHS, months),
        budget=budget,
    )


def exhausted(problem: HeadsProblem) -> Exhausted:
    """Try every plan of a small problem without transfers; the cheapest, and how many there were."""
    programme, valued = least_cost(problem), PlanValue(problem)
    plans = [_plans_of(problem, programme, group) for group in range(len(problem.groups))]
    start, steps = valued.rows(np.zeros((1, plans[0].shape[1])))[0], [valued.step(each) for each in plans]
    best, value, count = np.zeros(plans[0].shape[1]), np.inf, 0
    first, others = steps[0], steps[1:]
    for number, rows in enumerate(first):
        combined = start + rows
        values = valued.value(combined + others[0] if others else combined[None, :])
        count, least = count + len(values), int(np.argmin(values))
        if values[least] < value:
            value, best = float(values[least]), plans[0][number] + (plans[1][least] if others else 0.0)
    return Exhausted(programme, HeadMoves.of(problem, best), value, count)


def _plans_of(problem: HeadsProblem, programme: Programme, group: int) -> Floats:
    """(plans, moves) every plan of one group: in each month some are hired, or some let go, or neither."""
    months, relaxed = min(problem.told, MONTHS), programme.relaxed
    for width in WIDTHS:
        choices = [_choices(problem, relaxed, group, month, width) for month in range(months)]
        if np.prod([len(each) for each in choices]) <= MOST_OF_GROUP:
            break
    plans = np.zeros((int(np.prod([len(each) for each in choices])), relaxed.vector.size))
    for plan, chosen in zip(plans, product(*choices), strict=True):
        moves = HeadMoves.of(problem, plan)  # views: what is written into them stands in `plans`
        for month, heads in enumerate(chosen):
            (moves.hired if heads > 0 else moves.let_go)[group, month] = abs(heads)
    return plans


def _choices(problem: HeadsProblem, relaxed: HeadMoves, group: int, month: int, width: float) -> range:
    """Heads more (above 0) or fewer in a month, no further than `width` from those of the programme in parts."""
    hired, gone = relaxed.hired[group, month], relaxed.let_go[group, month]
    most = math.ceil(hired) + BEYOND if month >= problem.lead else 0
    least = -min(math.ceil(gone) + BEYOND, int(problem.heads[group])) if problem.let_go else 0
    middle = float(hired - gone)
    return range(math.ceil(max(least, middle - width)), math.floor(min(most, middle + width)) + 1)
