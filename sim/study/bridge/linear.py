"""Sums of estimates on common customers: luck that they share cancels."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.study.estimates import Estimate


def combined(terms: Iterable[tuple[float, Estimate]]) -> Estimate:
    """Return a weighted sum of estimates over the same replications; at least one term."""
    weights, estimates = zip(*terms, strict=True)
    pairs = list(zip(weights, estimates, strict=True))
    mean = np.sum([weight * e.mean for weight, e in pairs], axis=0)
    return Estimate(mean, np.sum([weight * e.replicates for weight, e in pairs], axis=0))


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    return Estimate(estimate.mean * factor, estimate.replicates * factor)


def product(one: Estimate, other: Estimate) -> Estimate:
    """Return the product of two estimates over the same replications, to first order."""
    replicates = one.mean * other.replicates + other.mean * one.replicates
    return Estimate(one.mean * other.mean, replicates)
