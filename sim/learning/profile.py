"""Ends of an interval by profile likelihood, which knows that a likelihood is skewed.

What is told by products of numbers is told better towards one side: a weight is a quotient, and the larger it is found,
the larger its error. The likelihood ratio is scaled to have, at its top, the variance found with clusters (Chandler and
Bate 2007).
"""

from __future__ import annotations

import math

import numpy as np

from sim.learning.cells import bounds, likeliest, total
from sim.learning.clusters import Interval, errors_each_side
from sim.learning.contacts import Floats
from sim.learning.separation import Separation

TRIES, NEAR, FIRST = 5, 0.02, 1.0
ROUGH = 5e-3
"""A gain of log likelihood that moves no end."""


def profiled(apart: Separation, place: int, se: float, count: int) -> Interval:
    """The 95 % interval of a parameter by likelihood, all others being as likely as they can be.

    Parameters
    ----------
    apart : at the top of the likelihood.
    place : of the parameter.
    se : its standard error, clusters and beliefs counted.
    count : of clusters, for Student's t.
    """
    value = float(apart.values[place])
    alone = math.sqrt(max(float(apart.covariance[place, place]), 1e-300))
    if not 0.0 < se < math.inf:
        return Interval(value, se, -math.inf, math.inf)
    half, root = errors_each_side(count) * se, errors_each_side(count) * se / alone
    low, high = (_end(apart, place, sign, half, root) for sign in (-1.0, 1.0))
    return Interval(value, se, low, high)


def _end(apart: Separation, place: int, sign: float, half: float, wanted: float) -> float:
    """Where the root of the likelihood ratio is as wanted; infinite where it is so nowhere.

    Looked for from the end that a parabola would have, along the line through what was tried last.
    """
    value = float(apart.values[place])
    most = abs(float(bounds(apart.cells, apart.values.size)[int(sign > 0)][place]) - value)
    if most < NEAR * half:
        return sign * math.inf
    near, far, there = (0.0, 0.0), min(half, most, FIRST), apart.values
    for _ in range(TRIES):
        there = likeliest(apart.cells, _along(apart, place, there, value + sign * far), place, ROUGH)
        root = _root(apart, there)
        if abs(root - wanted) < NEAR * wanted:
            break
        if root < wanted and far == most:
            return sign * math.inf
        slope = (root - near[0]) / (far - near[1])
        step = (wanted - root) / slope if slope > 0.0 else far
        near, far = (root, far), min(max(far + step, 0.3 * far), 3.0 * far, most)
    return value + sign * far


def _along(apart: Separation, place: int, values: Floats, to: float) -> Floats:
    """The parameters, one of them elsewhere, and the others as they move with it at the top."""
    moved = apart.covariance[:, place] / apart.covariance[place, place]
    return np.asarray(np.clip(values + moved * (to - values[place]), *bounds(apart.cells, values.size)))


def _root(apart: Separation, values: Floats) -> float:
    fallen = total(apart.cells, apart.values) - total(apart.cells, values)
    return math.sqrt(2.0 * max(fallen, 0.0))
