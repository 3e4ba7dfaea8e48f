"""Variances where contacts of a day, and contacts of an agent, are not independent of each other."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from sim.learning.contacts import Floats, Ints

LEVEL = 0.95


class Interval(NamedTuple):
    """An estimate with its standard error and 95 % interval."""

    value: float
    se: float
    low: float
    high: float


def variance(influence: Floats, days: Ints, agents: Ints) -> Floats:
    """Covariance (k, k) of estimates by what each contact adds to them, clustered by day and by agent.

    Parameters
    ----------
    influence : (contacts, k) what each contact adds to the error of each estimate.
    days, agents : (contacts,) the clusters; agents may be unknown (-1), and are then clusters of one.

    Notes
    -----
    Days plus agents less their intersection (Cameron, Gelbach and Miller 2011), each with G / (G - 1). Where that is
    below what independent contacts give, which luck can bring about, the latter is kept.
    """
    both = np.unique(days * (int(agents.max(initial=0)) + 2) + agents, return_inverse=True)[1]
    alone = influence.T @ influence
    found = _of(influence, np.unique(days, return_inverse=True)[1])
    known = agents >= 0
    if known.any() and np.unique(agents).size > 1:
        numbers = np.where(known, agents, np.arange(agents.size) + int(agents.max()) + 1)
        found = found + _of(influence, np.unique(numbers, return_inverse=True)[1]) - _of(influence, both)
    short = np.sqrt(np.maximum(np.diag(alone) / np.maximum(np.diag(found), 1e-300), 1.0))
    usable = np.diag(found) > 0.0
    whole = np.where(usable, 1.0, 0.0) * found * np.outer(short, short)
    return np.asarray(whole + np.diag(np.where(usable, 0.0, np.diag(alone))))


def _of(influence: Floats, groups: Ints) -> Floats:
    count = int(groups.max(initial=0)) + 1
    sums = np.stack([np.bincount(groups, column, count) for column in influence.T], axis=1)
    return np.asarray(sums.T @ sums * (count / max(count - 1, 1)))


def clusters(days: Ints, agents: Ints) -> int:
    """How many clusters there are of the kind that has fewer."""
    counts = [np.unique(days).size]
    if (agents >= 0).any():
        counts.append(np.unique(agents[agents >= 0]).size)
    return min(counts)


def interval(value: float, se: float, count: int) -> Interval:
    """The 95 % interval with so many clusters, by Student's t."""
    if not se < math.inf:
        return Interval(value, se, -math.inf, math.inf)
    half = errors_each_side(count) * se
    return Interval(value, se, value - half, value + half)


def errors_each_side(count: int) -> float:
    """How many standard errors half of a 95 % interval is with so many clusters, by Student's t."""
    return float(student.ppf(0.5 + LEVEL / 2, max(count - 1, 1)))
