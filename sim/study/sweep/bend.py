"""Where a line bends: continuous two-segment least squares, exact, for many curves over the same places at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
FEWEST = 6
"""Places from which on a bend can be told from a line: the fit has four numbers."""
LEVEL = 0.05
DRAWS = 999
EXACT = 1e-20
"""Squares below this part of all squares are nothing but rounding."""


@dataclass(frozen=True)
class SegmentFits:
    """Two-segment fits of several curves, all of shape (curves,).

    Attributes
    ----------
    at : where they bend.
    before, beyond : slopes on either side.
    squares : sum of squared residuals.
    line : the same of the straight line.
    """

    at: Floats
    before: Floats
    beyond: Floats
    squares: Floats
    line: Floats


def fit(x: Floats, curves: Floats) -> SegmentFits:
    """Fit continuous two-segment lines; the best of all bends with at least two places on either side (Hudson 1966).

    Parameters
    ----------
    x : (places,) ascending.
    curves : (curves, places).
    """
    count = len(curves)
    best = [np.full(count, np.inf), *(np.zeros(count) for _ in range(3))]
    for candidate in _candidates(x, curves):
        better = candidate[0] < best[0]
        best = [np.where(better, new, old) for new, old in zip(candidate, best, strict=True)]
    squares, at, before, beyond = best
    return SegmentFits(at, before, beyond, squares, _squares(np.vander(x, 2), curves)[0])


def _candidates(x: Floats, curves: Floats) -> Iterator[list[Floats]]:
    """Bends at a place, and bends where two lines fitted apart meet between places: squares, at, both slopes."""
    for k in range(1, len(x) - 1):
        yield _at_place(x, curves, x[k])
        if 2 <= k + 1 <= len(x) - 2:
            yield _between(x, curves, k + 1)


def _at_place(x: Floats, curves: Floats, bend: float) -> list[Floats]:
    design = np.column_stack([np.ones(len(x)), x - bend, np.maximum(x - bend, 0.0)])
    squares, (_, slope, turn) = _squares(design, curves)
    return [squares, np.full(len(curves), bend), slope, slope + turn]


def _between(x: Floats, curves: Floats, split: int) -> list[Floats]:
    """Lines through the places before and from `split` on; they must meet between the two places around it."""
    left, (slope, level) = _squares(np.vander(x[:split], 2), curves[:, :split])
    right, (slope_beyond, level_beyond) = _squares(np.vander(x[split:], 2), curves[:, split:])
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (level_beyond - level) / (slope - slope_beyond)
    inside = (at > x[split - 1]) & (at < x[split])
    return [np.where(inside, left + right, np.inf), at, slope, slope_beyond]


def _squares(design: Floats, curves: Floats) -> tuple[Floats, Floats]:
    """Residual sums of squares, (curves,), and coefficients, (columns, curves)."""
    coefficients = np.linalg.lstsq(design, curves.T, rcond=None)[0]
    return np.asarray(((curves.T - design @ coefficients) ** 2).sum(axis=0)), np.asarray(coefficients)


def advantage(fits: SegmentFits, curves: Floats) -> Floats:
    """How much better than a straight line: the F ratio of each curve; infinite for an exact bend, 0 for a line."""
    nothing = EXACT * ((curves - curves.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    free = curves.shape[1] - 4
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (fits.line - fits.squares) / 2 / (fits.squares / free)
    return np.where(fits.line <= nothing, 0.0, np.where(fits.squares <= nothing, np.inf, ratio))


def chance(x: Floats, ratio: float, rng: np.random.Generator) -> float:
    """How often luck alone makes a straight line look bent that much.

    The place of the bend is sought, so that the F ratio has no F distribution: its own is drawn.
    """
    lines = rng.standard_normal((DRAWS, len(x)))
    beaten = int((advantage(fit(x, lines), lines) >= ratio).sum())
    return (beaten + 1) / (DRAWS + 1)
