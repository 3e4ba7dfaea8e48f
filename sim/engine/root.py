"""Where a function of one number is zero: `scipy.optimize` alone would take longer to load than a small run takes."""

from collections.abc import Callable

MOST_STEPS = 100
RELATIVE = 4 * 2.0**-52
"""Tolerance, relative to the root."""


def root_between(function: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """The root of a continuous function that has different signs at the two ends.

    Brent, "Algorithms for minimization without derivatives" (1973), chapter 4; step by step as in
    `scipy.optimize.brentq`, so that both give the same to the last bit.

    Parameters
    ----------
    low, high : the ends.
    tolerance : of the root, absolute.

    Raises
    ------
    ValueError
        If the signs at the ends are the same.
    """
    older, newer = (low, function(low)), (high, function(high))
    if older[1] == 0.0 or newer[1] == 0.0:
        return low if older[1] == 0.0 else high
    if (older[1] < 0.0) == (newer[1] < 0.0):
        raise ValueError("the signs at the two ends are the same")
    other, before, last = older, 0.0, 0.0
    for _ in range(MOST_STEPS):
        if (older[1] < 0.0) != (newer[1] < 0.0):
            other, before, last = older, newer[0] - older[0], newer[0] - older[0]
        if abs(other[1]) < abs(newer[1]):
            older, newer, other = newer, other, newer
        enough, half = (tolerance + RELATIVE * abs(newer[0])) / 2, (other[0] - newer[0]) / 2
        if newer[1] == 0.0 or abs(half) < enough:
            break
        step = _step(older, newer, other) if abs(before) > enough and abs(newer[1]) < abs(older[1]) else None
        if step is not None and 2 * abs(step) < min(abs(before), 3 * abs(half) - enough):
            before, last = last, step
        else:
            before, last = half, half
        moved = newer[0] + (last if abs(last) > enough else enough if half > 0.0 else -enough)
        older, newer = newer, (moved, function(moved))
    return newer[0]


def _step(older: tuple[float, float], newer: tuple[float, float], other: tuple[float, float]) -> float:
    """Where the line through two points, or the curve through three, is zero: how far from the newest."""
    (x, y), (old_x, old_y), (other_x, other_y) = newer, older, other
    if old_x == other_x:
        return -y * (x - old_x) / (y - old_y)
    old_slope, other_slope = (old_y - y) / (old_x - x), (other_y - y) / (other_x - x)
    return -y * (other_y * other_slope - old_y * old_slope) / (other_slope * old_slope * (other_y - old_y))
