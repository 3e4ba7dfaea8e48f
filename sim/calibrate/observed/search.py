"""Nonlinear least squares where an evaluation costs a simulation: Levenberg's steps, Broyden's updates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Evaluate = Callable[[Floats], Floats]
"""Gaps, (figures,), at a position: logs of the factors, (parameters,); nan where there is nothing to measure."""
Weigh = Callable[[Floats], Floats]
"""What a unit of each gap counts, (figures,), where the gaps are so large."""
DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-3, 1e-6, 1e4
HARDER, EASIER = 8.0, 0.2
STILL = 1e-3
"""A step shorter than this is none."""
GAIN = 1e-3
"""A step that gains less of the sum of squares than this gains nothing."""


@dataclass(frozen=True)
class SearchPoint:
    """Where a search is: scale parameters, gaps, and how gaps answer to parameters, (figures, parameters)."""

    position: Floats
    gaps: Floats
    slopes: Floats


@dataclass(frozen=True)
class SearchRules:
    """How a search goes.

    Attributes
    ----------
    weigh : what gaps count.
    end : parameters stay between -end and end.
    strides : (parameters,) the longest step of each.
    small : (figures,) gaps that need not get smaller.
    most : evaluations at most.
    idle : steps in a row that gain nothing, after which there is nothing to gain.
    quiet : (figures,) gaps that count nothing where two places are compared: what luck alone makes of them.
    luck : the length of a step of which half of what is learnt about slopes may be luck.
    """

    weigh: Weigh
    end: float
    strides: Floats
    small: Floats
    most: int
    idle: int
    quiet: Floats | float = 0.0
    luck: float = 0.0

    def cost(self, point: SearchPoint) -> float:
        """Sum of the squared gaps as they count; nan, which is never less, where one has no value."""
        heard = np.sign(point.gaps) * np.maximum(np.abs(point.gaps) - self.quiet, 0.0)
        return float(((self.weigh(point.gaps) * heard) ** 2).sum())


def slopes_at(evaluate: Evaluate, position: Floats, gaps: Floats, steps: Floats) -> Floats:
    """Return how gaps answer to each parameter, by moving one after the other."""
    slopes = np.zeros((gaps.size, position.size))
    for number, step in enumerate(steps):
        other = position.copy()
        other[number] += step
        change = (evaluate(other) - gaps) / step
        slopes[:, number] = np.where(np.isfinite(change), change, 0.0)
    return slopes


def search(evaluate: Evaluate, point: SearchPoint, rules: SearchRules) -> SearchPoint:
    """Go from a place to where the sum of squared gaps is least, as far as that is found in so many evaluations.

    A parameter that does nothing stays where it is, and of several ways the one that moves them least is taken.
    """
    damping, idle = DAMPING, 0
    for _ in range(rules.most):
        if not point.position.size or bool((np.abs(point.gaps) <= rules.small).all()):
            break
        step = _step(point, rules, damping)
        if float(np.abs(step).max()) < STILL:
            break
        position = point.position + step
        gaps = evaluate(position)
        slopes = point.slopes
        if np.isfinite(gaps).all():
            slopes = slopes + np.outer(gaps - point.gaps - slopes @ step, step) / float(step @ step + rules.luck**2)
        new = SearchPoint(position, gaps, slopes)
        before, after = rules.cost(point), rules.cost(new)
        better = after < before * (1.0 - GAIN)
        damping = max(damping * EASIER, LEAST_DAMPING) if better else min(damping * HARDER, MOST_DAMPING)
        idle = 0 if better else idle + 1
        point = new if after < before else replace(point, slopes=slopes)
        if idle == rules.idle:
            break
    return point


def _step(point: SearchPoint, rules: SearchRules, damping: float) -> Floats:
    """The next step: parameters that would leave their range stop at its end, and the others make up for them."""
    free = np.ones(point.position.size, dtype=bool)
    step = np.zeros(point.position.size)
    weights = rules.weigh(point.gaps)
    gaps, all_slopes = weights * point.gaps, weights[:, None] * point.slopes
    for _ in range(point.position.size):
        rest = gaps + all_slopes @ np.where(free, 0.0, step)
        slopes = all_slopes[:, free]
        square = slopes.T @ slopes
        scale = np.maximum(np.diag(square), 1e-9)
        step[free] = -np.linalg.solve(square + damping * np.diag(scale) + 1e-9 * np.eye(len(scale)), slopes.T @ rest)
        over = free & (np.abs(point.position + step) > rules.end)
        if not over.any():
            break
        step[over] = np.clip(point.position + step, -rules.end, rules.end)[over] - point.position[over]
        free &= ~over
    return step * min(1.0, 1.0 / max(float((np.abs(step) / rules.strides).max()), 1e-12))
