"""Draws over the numeric table: times from its distributions, for both engines."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.jit import compiled
from sim.world.luck import uniform
from sim.world.scores import Kind, quantile, time_of

_CONSTANT, _INFINITE = int(Kind.CONSTANT), int(Kind.INFINITE)


@compiled
def value_at(dists: npt.NDArray[Any], points: npt.NDArray[np.float64], d: int, score: float) -> float:
    """The value (s) of distribution `d` at a normal score, before its profile."""
    row = dists[d]
    if row.length == 0:
        return quantile(row.kind, row.a, row.b, points, score)
    return quantile(row.kind, row.a, row.b, points[row.first : row.first + row.length], score)


@compiled
def draw_time(
    k0: int,
    k1: int,
    number: int,
    date: int,
    name: int,
    purpose: int,
    attempt: int,
    dists: npt.NDArray[Any],
    points: npt.NDArray[np.float64],
    d: int,
) -> float:
    """A time (s) from distribution `d`, before its profile; no draw where it has but one value.

    Parameters
    ----------
    k0, k1, number, date, name, purpose, attempt : as in `sim.world.luck.uniform`.
    dists : dtype `DIST`; points : their tables.
    """
    row = dists[d]
    if row.kind == _CONSTANT:
        return float(row.a)
    if row.kind == _INFINITE:
        return np.inf
    u = uniform(k0, k1, number, date, name, purpose, attempt)
    if row.length == 0:
        return time_of(row.kind, row.a, row.b, points, u)
    return time_of(row.kind, row.a, row.b, points[row.first : row.first + row.length], u)
