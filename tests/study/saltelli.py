"""Indices of a cheap function by Saltelli's design: what surrogates are held to."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.study.risk.indices import Floats
from sim.study.risk.resampling import Estimated, t_interval

Function = Callable[[Floats], Floats]


@dataclass(frozen=True)
class DesignedIndices:
    """Indices of a function that is cheap to call.

    Attributes
    ----------
    first, total : (inputs) indices with intervals over independent scrambles.
    runs : how often the function was evaluated.
    """

    first: tuple[Estimated, ...]
    total: tuple[Estimated, ...]
    runs: int


def designed_indices(
    function: Function, inputs: int, draws: int, scrambles: int = 16, seed: int = 1
) -> DesignedIndices:
    """First-order and total indices of a function by Saltelli's design on scrambled Sobol points.

    Parameters
    ----------
    function : of points (points, inputs) between 0 and 1; gives (points,).
    draws : a power of 2; the function is evaluated draws x (inputs + 2) times a scramble.
    scrambles : independent ones, from which the intervals come.

    Notes
    -----
    First order by Saltelli et al. (2010, table 2b), total by Jansen (1999): the estimators of
    `scipy.stats.sobol_indices`.
    """
    runs = np.array([_designed(function, inputs, draws, seed + 1_000_003 * k) for k in range(scrambles)])
    mean, error = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(scrambles)
    first, total = (_estimates(*pair, scrambles) for pair in zip(mean, error, strict=True))
    return DesignedIndices(first, total, scrambles * draws * (inputs + 2))


def _designed(function: Function, inputs: int, draws: int, seed: int) -> Floats:
    """(2, inputs): first-order and total indices of one scramble."""
    both = qmc.Sobol(2 * inputs, seed=np.random.Generator(np.random.Philox(seed))).random(draws)
    a, b = both[:, :inputs], both[:, inputs:]
    at_a, at_b = function(a), function(b)
    centre = np.concatenate([at_a, at_b]).mean()
    at_a, at_b = at_a - centre, at_b - centre
    whole = np.concatenate([at_a, at_b]).var()
    found = np.empty((2, inputs))
    for k in range(inputs):
        mixed = a.copy()
        mixed[:, k] = b[:, k]
        at_mixed = function(mixed) - centre
        found[:, k] = (at_b * (at_mixed - at_a)).mean(), 0.5 * ((at_a - at_mixed) ** 2).mean()
    return found / whole if whole > 0.0 else np.zeros_like(found)


def _estimates(means: Floats, errors: Floats, parts: int) -> tuple[Estimated, ...]:
    pairs = zip(means, errors, strict=True)
    return tuple(t_interval(float(mean), float(error), parts).within(0.0, 1.0) for mean, error in pairs)
