"""Distributions as numbers: parameters, tables and moments, collected while a parameter table is made."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammainccinv, gammaincinv, gammaln, logsumexp, ndtr

from sim.demand.horizon import Horizon
from sim.mechanisms.fatigue import MOMENT_POINTS
from sim.rng.scores import SCORE_LIMIT, SCORE_POINTS, DistributionKind
from sim.scenario.model import Distribution, Scenario

Floats = npt.NDArray[np.float64]


class DistributionRow(NamedTuple):
    """A distribution as numbers. `first` and `length` cut its points, `profile` is a row of the profiles or -1."""

    kind: int
    a: float
    b: float
    first: int
    length: int
    profile: int


DIST = np.dtype([("kind", "i8"), ("a", "f8"), ("b", "f8"), ("first", "i8"), ("length", "i8"), ("profile", "i8")])
NOTHING = DistributionRow(int(DistributionKind.CONSTANT), 0.0, 0.0, 0, 0, -1)
"""Always 0 s: the first row of every table."""


@dataclass
class Distributions:
    """Collects distributions and their tables while a parameter table is made."""

    scenario: Scenario
    horizon: Horizon
    rows: list[DistributionRow] = field(default_factory=lambda: [NOTHING])
    points: list[float] = field(default_factory=list)
    profiles: list[Floats] = field(default_factory=list)

    def put(self, dist: Distribution, weights: Floats) -> int:
        """Add a distribution; weights (days, intervals) are the arrivals that normalise its profile."""
        points = _points(dist)
        profile = -1
        if dist.profile is not None:
            profile = len(self.profiles)
            self.profiles.append(self._factors(dist, weights))
        a, b = _parameters(dist)
        kind = DistributionKind.CONSTANT if dist.kind == "gamma" and not points else DistributionKind[dist.kind.upper()]
        self.rows.append(DistributionRow(int(kind), a, b, len(self.points), len(points), profile))
        self.points.extend(points)
        return len(self.rows) - 1

    def _factors(self, dist: Distribution, weights: Floats) -> Floats:
        factors = np.ones_like(weights)
        if dist.profile is None:
            return factors
        for d, day in enumerate(self.horizon.dates):
            values = dist.profile.of(day, self.scenario.calendar)
            factors[d, : len(values)] = values
        counted = weights * self.horizon.measured[:, None]
        mean = float((factors * counted).sum() / counted.sum()) if counted.sum() else float(factors.mean())
        return factors / mean


def _parameters(dist: Distribution) -> tuple[float, float]:
    """The two numbers that `quantile` takes for a distribution."""
    mean, kind = dist.average, dist.kind
    if kind == "lognormal":
        variance = math.log1p((dist.cv or 0.0) ** 2)
        return math.log(mean) - variance / 2.0, math.sqrt(variance)
    if kind == "weibull":
        shape = dist.shape or 1.0
        return mean / math.gamma(1.0 + 1.0 / shape), shape
    if kind == "uniform":
        return dist.low or 0.0, dist.high or 0.0
    return (0.0, 0.0) if kind in ("empirical", "infinite") else (mean, 0.0)


def _points(dist: Distribution) -> list[float]:
    if dist.kind == "empirical":
        return list(dist.points or ())
    if dist.kind != "gamma" or not dist.cv:
        return []
    shape = dist.cv**-2
    scores = np.linspace(-SCORE_LIMIT, SCORE_LIMIT, SCORE_POINTS)
    with np.errstate(divide="ignore"):
        low, high = gammaincinv(shape, ndtr(scores)), gammainccinv(shape, ndtr(-scores))
        logs = np.log(np.where(scores < 0.0, low, high) * dist.average / shape)
    return [float(x) for x in np.maximum(logs, -60.0)]


def log_moments(dist: Distribution, spread: float) -> Floats:
    """Log E[T0^g] for g = 1 + spread F at MOMENT_POINTS values of F from 0 to 1."""
    g = 1.0 + spread * np.linspace(0.0, 1.0, MOMENT_POINTS)
    if spread == 0.0 or dist.average <= 0.0:
        return np.zeros(MOMENT_POINTS)
    log_mean = math.log(dist.average)
    if dist.kind == "lognormal":
        a, b = _parameters(dist)
        return a * g + 0.5 * (b * g) ** 2
    if dist.kind == "exponential":
        return np.asarray(g * log_mean + gammaln(1.0 + g))
    if dist.kind == "gamma":
        shape = (dist.cv or 1.0) ** -2
        return np.asarray(g * math.log(dist.average / shape) + gammaln(shape + g) - gammaln(shape))
    if dist.kind == "weibull":
        scale, shape = _parameters(dist)
        return np.asarray(g * math.log(scale) + gammaln(1.0 + g / shape))
    if dist.kind == "uniform" and dist.low != dist.high:
        low, high = dist.low or 0.0, dist.high or 0.0
        return np.asarray(np.log((high ** (g + 1) - low ** (g + 1)) / ((g + 1) * (high - low))))
    if dist.kind == "empirical":
        sample = np.asarray(dist.points)
        logs = np.log(sample[sample > 0.0])
        return np.array([float(logsumexp(x * logs)) for x in g]) - math.log(sample.size)
    return g * log_mean
