"""The law of what reaches agents: a Gaussian copula of talk time, capability of the bot and resolution.

With u the normal score of a talk time among needs that no bot has chosen from, the needs that a bot of capability p
cannot resolve have the density phi(u) Phi((k u - t) / sqrt(1 - k^2)) / (1 - p), t = Phi^-1(p), where k is
difficulty_weight times selectivity (docs/model.md). Only the product is in it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from sim.learning.contacts import Floats

MOST = 0.985
STEPS = 20
SMALL = 1e-4


class Taken(NamedTuple):
    """How much the bot took of an intent.

    Attributes
    ----------
    capable : share of needs that the bot can resolve.
    unchosen : share of contacts of the kind that were not chosen from: who asked for a human at once; 0 where such
        contacts are known and stand apart.
    """

    capable: float
    unchosen: float


def log_density(scores: Floats, product: float, taken: Taken) -> Floats:
    """Log of the density of scores over that of all needs."""
    hard = left_over(scores, product, taken.capable)
    return np.asarray(np.log(np.maximum(taken.unchosen + (1.0 - taken.unchosen) * hard, 1e-300)))


def left_over(scores: Floats, correlation: float, capable: float) -> Floats:
    """Density of the scores of needs that the bot cannot resolve, over that of all needs.

    Parameters
    ----------
    correlation : of the scores with what the bot is not capable of.
    capable : share of needs that the bot can resolve.
    """
    threshold, rest = float(ndtri(capable)), math.sqrt(1.0 - correlation * correlation)
    return np.asarray(ndtr((correlation * scores - threshold) / rest) / (1.0 - capable))


def slope(scores: Floats, product: float, taken: Taken) -> Floats:
    """Derivative of the log density in the product: the score function of the likelihood."""
    up, down = min(product + SMALL, MOST + SMALL), max(product - SMALL, -MOST - SMALL)
    return np.asarray((log_density(scores, up, taken) - log_density(scores, down, taken)) / (up - down))


def likeliest(scores: Floats, taken: Taken) -> float:
    """The product of most likelihood, looked for over the whole range first."""

    def loss(product: float) -> float:
        return -float(log_density(scores, product, taken).sum())

    tried = np.linspace(-MOST, MOST, 2 * STEPS + 1)
    best = int(np.argmin([loss(float(product)) for product in tried]))
    ends = float(tried[max(best - 1, 0)]), float(tried[min(best + 1, tried.size - 1)])
    return float(minimize_scalar(loss, bounds=ends, method="bounded", options={"xatol": 1e-7}).x)


def mean_score(product: float, taken: Taken) -> float:
    """Mean score of what reaches agents: how many standard deviations it is harder."""
    threshold = float(ndtri(taken.capable))
    mills = math.exp(-0.5 * threshold * threshold) / math.sqrt(2.0 * math.pi) / (1.0 - taken.capable)
    return product * mills * (1.0 - taken.unchosen)


def normal_scores(values: Floats, among: Floats) -> Floats:
    """Normal scores of values by their rank among others.

    Parameters
    ----------
    values : (contacts,)
    among : (reference,) what no bot has chosen from.
    """
    ordered = np.sort(among)
    rank = 0.5 * (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right"))
    return np.asarray(ndtri((rank + 0.5) / (ordered.size + 1.0)))


def rank_part(scores: Floats, pull: Floats, among: Floats) -> Floats:
    """What each reference contact adds to a sum of `pull` times the error of the scores by ranks.

    Parameters
    ----------
    scores, pull : (contacts,) at which scores, and how much the sum moves with each.
    among : (reference,) scores of the reference contacts.

    Notes
    -----
    The score of a value is Phi^-1 of an empirical distribution, whose error at u is the mean over reference contacts v
    of (1{v <= u} - Phi(u)) / phi(u).
    """
    density = np.exp(-0.5 * scores * scores) / math.sqrt(2.0 * math.pi)
    order = np.argsort(scores)
    steep = (pull / np.maximum(density, 1e-3))[order]
    above = np.concatenate([np.cumsum(steep[::-1])[::-1], [0.0]])
    level = float((steep * ndtr(scores[order])).sum())
    place = np.searchsorted(scores[order], among, "left")
    return np.asarray((above[place] - level) / among.size)
