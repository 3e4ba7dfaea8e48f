"""What it is worth to know a number before deciding: expected value of partial perfect information, in money.

By regression on the sample that there is (Strong, Oakley and Brennan 2014). The plain form decides and judges on the
same draws: it is biased upward, and never below zero. Here every draw is judged by a rule that was fitted without it;
the plain form gives only the upper end of the interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.study.risk.polynomials import basis
from sim.study.risk.resampling import Estimated, mean_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPLITS, PERMUTATIONS, DEGREE = 10, 99, 3
DRAWS_A_TERM = 10
CHANCE = 0.95


@dataclass(frozen=True)
class Worth:
    """What one number is worth before deciding; perfect knowledge, free and at once: a ceiling for any real study.

    Attributes
    ----------
    worth : money, over the life of the decision, with its interval; the figure may come out below zero, where rules
        fitted on one half do worse on the other than one plan for all.
    by_chance : the 95 % point of what the same gives for a number that has nothing to do with the decision.
    changes : share of draws in which another plan would be chosen if the number were known.
    """

    worth: Estimated
    by_chance: float
    changes: float

    @property
    def shown(self) -> bool:
        """Whether it is above what a number gives that has nothing to do with the decision."""
        return self.worth.mean > max(self.by_chance, 0.0)


def worth_of_knowing(points: Floats, costs: Floats, life: float = 1.0, seed: int = 1) -> list[Worth]:
    """What each number is worth before deciding, cross-fitted.

    Parameters
    ----------
    points : (draws, inputs) where in its distribution each number was drawn, from 0 to 1.
    costs : (draws, plans) what each plan comes to in each draw, prices of bad service included, over a unit of time.
    life : how many such units the decision lasts.
    seed : of the halves and permutations.

    Notes
    -----
    For each half: along the number, a polynomial of each plan's cost less that of the first is fitted on the other
    half; each draw gets the plan that is cheapest by it, against the plan that is cheapest on average over all draws.
    The mean saving is averaged over `SPLITS` ways to halve. For `by_chance` the rows of the number are permuted.
    """
    costs = np.asarray(costs, float)
    apart = costs - costs[:, :1]
    luck = np.random.Generator(np.random.Philox(seed))
    halves = [_halves(costs.shape[0], luck) for _ in range(SPLITS)]
    orders = [luck.permutation(costs.shape[0]) for _ in range(PERMUTATIONS)]
    return [_worth(along, apart, halves, orders, life) for along in points.T]


def worth_of_everything(costs: Floats, life: float = 1.0) -> Estimated:
    """What it would be worth to know all numbers and the luck of the weeks to come: no study is worth more.

    Parameters
    ----------
    costs, life : as in `worth_of_knowing`.
    """
    costs = np.asarray(costs, float)
    usual = int(np.argmin(costs.mean(axis=0)))
    return mean_of(costs[:, usual] - costs.min(axis=1)).times(life)


def _worth(points: Floats, apart: Floats, halves: list[Ints], orders: list[Ints], life: float) -> Worth:
    degree = max(1, min(DEGREE, points.size // 2 // DRAWS_A_TERM - 1))
    terms = basis(points, degree)
    saved, changes = _saved(terms, apart, halves)
    chance = [_saved(terms[order], apart, halves[:1])[0].mean() for order in orders]
    return Worth(
        worth=_bracketed(mean_of(saved), _plain(terms, apart)).times(life).within(0.0, math.inf),
        by_chance=float(np.quantile(chance, CHANCE)) * life,
        changes=changes,
    )


def _saved(terms: Floats, apart: Floats, halves: list[Ints]) -> tuple[Floats, float]:
    """(draws,) what each draw saves by a rule fitted without it; and how often the rule departs from the usual plan."""
    saved, changes = np.zeros(apart.shape[0]), 0.0
    usual = int(np.argmin(apart.mean(axis=0)))
    for half in halves:
        for fitted, judged in _both_ways(half):
            chosen = np.argmin(terms[judged] @ _fit(terms[fitted], apart[fitted]), axis=1)
            saved[judged] += apart[judged, usual] - apart[judged, chosen]
            changes += float((chosen != usual).sum())
    return saved / len(halves), changes / (len(halves) * apart.shape[0])


def _bracketed(found: Estimated, plain: float) -> Estimated:
    """The upper end from the plain form, which is biased upward as the cross-fitted one is downward."""
    return found._replace(high=max(found.high, plain + found.high - found.mean))


def _plain(terms: Floats, apart: Floats) -> float:
    """The plain form, fitted and judged on the same draws: never below zero."""
    fits = terms @ _fit(terms, apart)
    return max(float(fits.mean(axis=0).min() - fits.min(axis=1).mean()), 0.0)


def _fit(terms: Floats, costs: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(terms, costs, rcond=None)[0], np.float64)


def _halves(draws: int, luck: np.random.Generator) -> Ints:
    """Which half each draw is in."""
    return np.asarray(luck.permutation(draws) % 2)


def _both_ways(half: Ints) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    yield half == 0, half == 1
    yield half == 1, half == 0
