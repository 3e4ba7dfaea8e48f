"""The likelihood of normal scores and resolution together, on cells: its derivatives, its maximum, its profile.

Contacts are counted by score and by whether they resolved; difficulty is integrated out by Gauss and Hermite's rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr, ndtri

from sim.learning.contacts import Floats, Ints
from sim.learning.copula import Taken

NODES, ROOTS = 40, np.sqrt(2.0 * np.pi)
EDGE, WIDTH = 3.5, 0.1
MOST_STEPS, MOST_DAMPING = 80, 1e9
ENOUGH, SETTLED, FINE = 1e-7, 1e-6, 1e-4
Z, MASS = (part / (1.0 if k == 0 else ROOTS) for k, part in enumerate(np.polynomial.hermite_e.hermegauss(NODES)))
SCORES = np.linspace(-EDGE, EDGE, round(2 * EDGE / WIDTH) + 1)
DENSITY = np.tile(np.exp(-0.5 * SCORES * SCORES) * WIDTH / ROOTS, 2)
"""(2 scores,) mass of each score among all needs, twice: for both outcomes."""
SELECTIVITY, SLOPE, COMMON = 0, 1, 2
FARTHEST, LEAST_SLOPE, MOST_SLOPE = 2.3, -4.0, 1.4
"""tanh^-1 of selectivity and weights, and the logarithm of the slope, are looked for within these.

A slope of 4 takes resolution from 88 to 12 % within a standard deviation of difficulty; more than 1.5 is not believed.
Without an end there, luck can find a second top at slopes of 10, where weights are near nothing.
"""


class Place(NamedTuple):
    """Where an intent's own numbers stand among the parameters, and how much the bot took."""

    weight: int
    base: int
    taken: Taken | None


@dataclass(frozen=True)
class Cells:
    """Contacts of one intent and sort, counted by score and whether they resolved.

    Attributes
    ----------
    chosen : whether the bot has chosen from them; the likelihood is then of score and resolution together.
    odds : what frustration takes from the log odds of resolution.
    after : whether in the period with the bot.
    rows : which contacts; `at` is the cell of each, first those that did not resolve.
    """

    place: Place
    chosen: bool
    after: bool
    rows: Ints
    at: Ints
    odds: float = 0.0

    @cached_property
    def counts(self) -> Floats:
        """(2 scores,) contacts in each cell."""
        return np.bincount(self.at, minlength=2 * SCORES.size).astype(np.float64)


class Sloped(NamedTuple):
    """(scores, nodes) a quantity, and its derivatives in the parameters on which it depends."""

    value: Floats
    by: dict[int, Floats]


# One cell -------------------------------------------------------------------------------------------------------------


def log_chances(cell: Cells, values: Floats) -> Floats:
    """(2 scores,) log chance of each outcome given the score; of a chosen cell times its density over that of all."""
    return np.asarray(np.log(np.maximum(_sums(cell, values)[0], 1e-300)))


def slopes(cell: Cells, values: Floats) -> Floats:
    """(2 scores, parameters) derivatives of the log chances."""
    both, moved = _sums(cell, values, True)
    found = np.zeros((both.size, values.size))
    for k, column in moved.items():
        found[:, k] = column / np.maximum(both, 1e-300)
    return found


def _sums(cell: Cells, values: Floats, steep: bool = False) -> tuple[Floats, dict[int, Floats]]:
    """Chances of both outcomes with difficulty integrated out, and their derivatives where asked for."""
    z, by_weight = _difficulty(cell, values)
    resolves = _resolving(cell, values, z, by_weight)
    left = _left_over(cell, values, z, by_weight)
    whole = resolves.value * left.value
    both = np.concatenate([(left.value - whole) @ MASS, whole @ MASS])
    moved = {}
    for k in dict.fromkeys([*resolves.by, *left.by]) if steep else ():
        first, second = resolves.by.get(k, 0.0), left.by.get(k, 0.0)
        up = first * left.value + resolves.value * second
        moved[k] = np.concatenate([(second - up) @ MASS, up @ MASS])
    return both, moved


def _difficulty(cell: Cells, values: Floats) -> tuple[Floats, Floats]:
    """(scores, nodes) difficulty given the score, and its derivative in tanh^-1 of the weight."""
    weight = math.tanh(values[cell.place.weight])
    spread = math.sqrt(1.0 - weight * weight)
    z = weight * SCORES[:, None] + spread * Z[None, :]
    return z, spread * (spread * SCORES[:, None] - weight * Z[None, :])


def _resolving(cell: Cells, values: Floats, z: Floats, by_weight: Floats) -> Sloped:
    """The chance that an agent resolves a need of some difficulty."""
    steep = math.exp(values[SLOPE])
    found = expit(values[cell.place.base] + cell.after * values[COMMON] - cell.odds - steep * z)
    by_odds = found * (1.0 - found)
    by = {SLOPE: -steep * z * by_odds, cell.place.weight: -steep * by_weight * by_odds, cell.place.base: by_odds}
    return Sloped(found, by | ({COMMON: by_odds} if cell.after else {}))


def _left_over(cell: Cells, values: Floats, z: Floats, by_weight: Floats) -> Sloped:
    """How much more often such a need is among those that reach agents: as `copula.left_over`, and those unchosen."""
    taken = cell.place.taken
    if not cell.chosen or taken is None:
        return Sloped(np.ones_like(z), {})
    correlation, threshold = math.tanh(values[SELECTIVITY]), float(ndtri(taken.capable))
    rest = math.sqrt(1.0 - correlation * correlation)
    far = (correlation * z - threshold) / rest
    share = (1.0 - taken.unchosen) / (1.0 - taken.capable)
    density = share * np.exp(-0.5 * far * far) / ROOTS
    by = {
        SELECTIVITY: density * (z * rest + correlation * far),
        cell.place.weight: density * correlation / rest * by_weight,
    }
    return Sloped(taken.unchosen + share * ndtr(far), by)


# All cells ------------------------------------------------------------------------------------------------------------


def total(cells: Sequence[Cells], values: Floats) -> float:
    """The log likelihood."""
    return float(sum(cell.counts @ log_chances(cell, values) for cell in cells))


def bounds(cells: Sequence[Cells], count: int) -> tuple[Floats, Floats]:
    """(parameters,) from where to where each is looked for."""
    low, high = np.full(count, -np.inf), np.full(count, np.inf)
    signed = [SELECTIVITY, *(cell.place.weight for cell in cells)]
    low[signed], high[signed] = -FARTHEST, FARTHEST
    low[SLOPE], high[SLOPE] = LEAST_SLOPE, MOST_SLOPE
    return low, high


def score(cells: Sequence[Cells], values: Floats) -> tuple[Floats, Floats]:
    """The gradient of the log likelihood, and the information that is expected of so many contacts."""
    gradient, information = np.zeros(values.size), np.zeros((values.size, values.size))
    for cell in cells:
        count, steep, chances = cell.counts, slopes(cell, values), np.exp(log_chances(cell, values))
        gradient += count @ steep
        each = count.sum() * DENSITY if cell.chosen else np.tile(count.reshape(2, -1).sum(axis=0), 2)
        information += (steep * (each * chances)[:, None]).T @ steep
    return gradient, information


def likeliest(cells: Sequence[Cells], start: Floats, fixed: int | None = None, settled: float = SETTLED) -> Floats:
    """The parameters of most likelihood, by scoring with damping.

    Parameters
    ----------
    fixed : a parameter that stays where it starts.
    settled : a gain of log likelihood that is too small to go on.
    """
    values, damping = start, 1e-3
    best, (low, high) = total(cells, values), bounds(cells, start.size)
    for _ in range(MOST_STEPS):
        gradient, information = score(cells, values)
        free = np.where(gradient > 0.0, values < high, values > low) & (np.arange(start.size) != fixed)
        while True:
            step = np.clip(values + _step(gradient, information, damping, free), low, high) - values
            there = total(cells, values + step)
            if there >= best - ENOUGH or damping > MOST_DAMPING:
                break
            damping *= 10.0
        if damping > MOST_DAMPING:
            return values
        gained, best, damping = there - best, there, max(damping / 10.0, 1e-9)
        values = np.asarray(values + step)
        if abs(gained) < settled and (settled > SETTLED or np.abs(step).max() < FINE):
            return values
    return values


def _step(gradient: Floats, information: Floats, damping: float, free: npt.NDArray[np.bool_]) -> Floats:
    damped = information + damping * np.diag(np.diag(information) + 1e-6)
    step = np.zeros(gradient.size)
    step[free] = np.linalg.solve(damped[np.ix_(free, free)], gradient[free])
    return np.clip(step, -0.5, 0.5)
