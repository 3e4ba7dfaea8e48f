"""Smooth curves along one input: Legendre polynomials, of the degree that predicts what was left out best."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from numpy.polynomial.legendre import legvander
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
MOST_DEGREE = 8
A_TERM = 10
"""Draws that a term of a polynomial needs."""


def ranks(inputs: Floats) -> Floats:
    """Each column as ranks between 0 and 1: for draws of which it is not known where in a distribution they lie."""
    inputs = np.asarray(inputs, float)
    return np.asarray((rankdata(inputs, axis=0) - 0.5) / max(inputs.shape[0], 1), float)


def basis(points: Floats, degree: int) -> Floats:
    """(draws, degree + 1) orthonormal Legendre polynomials of points from 0 to 1, the constant first."""
    return np.asarray(legvander(2.0 * points - 1.0, degree) * np.sqrt(2.0 * np.arange(degree + 1) + 1.0), float)


@lru_cache(maxsize=8)
def most_degree(draws: int) -> int:
    """The highest degree looked at for so many draws."""
    return max(1, min(MOST_DEGREE, draws // A_TERM - 1))


def best_degree(points: Floats, values: Floats) -> int:
    """The degree, 0 for a constant, with the least squared error of leaving out one draw after the other."""
    most = most_degree(values.size)
    terms, _ = np.linalg.qr(basis(points, most))
    parts = terms * (terms.T @ values)
    fits, levers = np.cumsum(parts, axis=1), np.cumsum(terms**2, axis=1)
    left = (values[:, None] - fits) / np.maximum(1.0 - levers, 1e-9)
    return int(np.argmin((left**2).sum(axis=0)))
