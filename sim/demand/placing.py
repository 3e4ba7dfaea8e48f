"""When within its interval a contact falls."""

import math

import numpy as np
import numpy.typing as npt

from sim.jit import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def place(amount: float, cumulative: Floats, edges: Ints) -> int:
    """The time (us) at which a cumulative rate, linear between the edges, reaches an amount."""
    j = min(int(np.searchsorted(cumulative, amount, side="right")) - 1, edges.size - 2)
    while j > 0 and cumulative[j + 1] <= cumulative[j]:
        j -= 1
    return place_between(amount, cumulative[j], cumulative[j + 1], edges[j], edges[j + 1])


@compiled
def place_between(amount: float, low: float, high: float, start: int, end: int) -> int:
    """The time (us), from start and before end, at which a rate that takes a sum from low to high reaches an amount."""
    part = (amount - low) / (high - low)
    return int(min(start + math.floor(part * (end - start)), end - 1))
