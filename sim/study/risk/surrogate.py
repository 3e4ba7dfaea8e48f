"""A polynomial in place of the simulation: few terms, chosen one by one, as many as predict draws left out best.

Its terms are orthonormal products of Legendre polynomials along each input (a polynomial chaos), so that the variance
that each input takes part in is a sum of squared coefficients, without drawing anything.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.study.risk.polynomials import MOST_DEGREE, basis

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Term = tuple[tuple[int, int], ...]
"""Inputs with their degrees; the constant has none."""

FOLDS, MOST_TERMS, DRAWS_A_TERM = 5, 60, 4
MOST_CANDIDATES = {1: 10_000, 2: 1000, 3: 500}
"""Candidates with so many inputs each: their degrees are held lower where there are more."""
HIGHEST = {1: MOST_DEGREE, 2: 9, 3: 9}
TINY = 1e-10


@dataclass(frozen=True)
class Surrogate:
    """A fitted polynomial.

    Attributes
    ----------
    terms : its terms, the constant first.
    coefficients, errors : (terms,) of each; the standard error squared is what luck adds to a squared coefficient.
    left : variance of what it leaves.
    inputs : how many there are.
    fit : Q2, the share of the variance that it predicts of draws left out; at most 1, below 0 if worse than the mean.
    """

    terms: tuple[Term, ...]
    coefficients: Floats
    errors: Floats
    left: float
    inputs: int
    fit: float

    def predict(self, points: Floats) -> Floats:
        """The expected value at points (points, inputs) between 0 and 1."""
        return np.asarray(_columns(points, self.terms) @ self.coefficients, float)

    def again(self, points: Floats, values: Floats) -> Surrogate:
        """The same terms fitted to other draws."""
        return _solved(points, values, self.terms, self.fit)

    def shares(self) -> Floats:
        """(2, inputs) first-order and total indices: the variance of terms with one input alone, and of all with it.

        Squared coefficients are less by what luck adds to them; the whole is the variance of all terms and of what they
        leave.
        """
        sizes = self.coefficients**2 - self.errors**2
        parts = np.zeros((2, self.inputs))
        for term, size in zip(self.terms, sizes, strict=True):
            for name, _ in term:
                parts[:, name] += size * (len(term) == 1), size
        whole = float(sizes[1:].sum()) + self.left
        return np.maximum(parts, 0.0) / whole if whole > 0.0 else parts * 0.0


def fit_surrogate(points: Floats, values: Floats, noise: float | None = None) -> Surrogate:
    """Fit a polynomial of as many terms as predict best what was left out.

    Parameters
    ----------
    points : (draws, inputs) between 0 and 1.
    values : (draws,).
    noise : variance of the luck in each value, where it is known: nothing predicts that, and the fit leaves it out.
    """
    candidates = candidate_terms(points.shape[1])
    columns = _columns(points, candidates)
    whole, luck = float(values.var()), noise or 0.0
    count, left = _best_count(columns, values)
    fit = 1.0 - (left - luck) / (whole - luck) if whole > luck else float("nan")
    chosen = _chosen(columns, values, columns[:0], count)[0]
    return _solved(points, values, ((), *(candidates[k] for k in chosen)), fit)


@lru_cache(maxsize=8)
def candidate_terms(inputs: int) -> tuple[Term, ...]:
    """Terms of up to three inputs; the constant is none of them."""
    found: list[Term] = []
    for together in range(1, min(3, inputs) + 1):
        groups = list(itertools.combinations(range(inputs), together))
        degrees = _degrees(together, MOST_CANDIDATES[together] // len(groups))
        found += [tuple(zip(group, each, strict=True)) for group in groups for each in degrees]
    return tuple(found)


def _degrees(together: int, most: int) -> list[tuple[int, ...]]:
    """Degrees of a few inputs together: all whose sum is at most the highest for which they are not too many."""
    for highest in range(HIGHEST[together], together - 1, -1):
        every = itertools.product(range(1, highest + 1), repeat=together)
        kept = [each for each in every if sum(each) <= highest]
        if len(kept) <= most:
            return kept
    return []


def _columns(points: Floats, terms: tuple[Term, ...]) -> Floats:
    """(draws, terms) the terms at each draw."""
    highest = max((degree for term in terms for _, degree in term), default=0)
    along = [basis(points[:, k], highest) for k in range(points.shape[1])]
    found = np.ones((points.shape[0], len(terms)))
    for place, term in enumerate(terms):
        for name, degree in term:
            found[:, place] *= along[name][:, degree]
    return found


def _best_count(columns: Floats, values: Floats) -> tuple[int, float]:
    """How many terms predict draws left out best, and the mean squared error with which they do."""
    fold = np.arange(values.size) % FOLDS
    errors = []
    for k in range(FOLDS):
        seen = fold != k
        guesses = _chosen(columns[seen], values[seen], columns[~seen], MOST_TERMS)[1]
        errors.append(((values[~seen][:, None] - guesses) ** 2).sum(axis=0))
    shortest = min(each.size for each in errors)
    mean = np.sum([each[:shortest] for each in errors], axis=0) / values.size
    return int(np.argmin(mean)), float(mean.min())


def _chosen(columns: Floats, values: Floats, others: Floats, most: int) -> tuple[list[int], Floats]:
    """Terms in the order in which each lessens the squared error most; and, for other draws, the guesses on the way.

    Returns
    -------
    The places of the terms, and (other draws, terms + 1) the guess with none, one, two... of them.
    """
    columns, others = columns - columns.mean(axis=0), others - columns.mean(axis=0)
    left, guess = values - values.mean(), np.full(others.shape[0], values.mean())
    first = np.maximum((columns**2).sum(axis=0), TINY)
    chosen: list[int] = []
    guesses = [guess]
    for _ in range(min(most, values.size // DRAWS_A_TERM, columns.shape[1])):
        sizes = (columns**2).sum(axis=0)
        usable = sizes > TINY * first
        usable[chosen] = False
        gains = np.where(usable, (left @ columns) ** 2 / np.where(usable, sizes, 1.0), -1.0)
        best = int(np.argmax(gains))
        if gains[best] <= 0.0:
            break
        column, beside, size = columns[:, best].copy(), others[:, best].copy(), sizes[best]
        step = float(left @ column) / size
        left, guess = left - step * column, guess + step * beside
        parts = (column @ columns) / size
        columns, others = columns - np.outer(column, parts), others - np.outer(beside, parts)
        chosen.append(best)
        guesses.append(guess)
    return chosen, np.array(guesses).T


def _solved(points: Floats, values: Floats, terms: tuple[Term, ...], fit: float) -> Surrogate:
    columns = _columns(points, terms)
    inverse = np.linalg.pinv(columns)
    coefficients = inverse @ values
    left = values - columns @ coefficients
    luck = float(left @ left) / max(values.size - len(terms), 1)
    errors = np.sqrt(luck * (inverse**2).sum(axis=1))
    return Surrogate(terms, coefficients, errors, luck, points.shape[1], fit)
