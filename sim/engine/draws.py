"""Times from distributions, for both engines."""

import numpy as np
import numpy.typing as npt

from sim.jit import compiled
from sim.world.luck import uniform
from sim.world.scores import Kind, time_of

_CONSTANT, _INFINITE = int(Kind.CONSTANT), int(Kind.INFINITE)


@compiled
def draw_time(
    k0: int,
    k1: int,
    number: int,
    date: int,
    name: int,
    purpose: int,
    attempt: int,
    kind: int,
    a: float,
    b: float,
    points: npt.NDArray[np.float64],
) -> float:
    """A time (s) from a distribution, before its profile; no draw where it has but one value.

    Parameters
    ----------
    k0, k1, number, date, name, purpose, attempt : as in `sim.world.luck.uniform`.
    kind, a, b, points : as in `sim.world.scores.quantile`.
    """
    if kind == _CONSTANT:
        return a
    if kind == _INFINITE:
        return np.inf
    return time_of(kind, a, b, points, uniform(k0, k1, number, date, name, purpose, attempt))
