"""A number that the logs tell, else what was believed of it."""

from __future__ import annotations

import math

from sim.learning.clusters import Interval
from sim.learning.priors import Prior
from sim.learning.result import Known, Learned

NOTHING_BELIEVED = Prior(math.nan, math.nan, math.nan)
COVERED = 0.95
"""An interval that is no narrower than this part of what was believed tells nothing."""


def or_belief(key: str, found: Interval, prior: Prior, why: str, why_not: str, count: int = 0) -> Learned:
    """A number where it is told more narrowly than it was believed, else what was believed."""
    if found.high - found.low < COVERED * (prior.high - prior.low):
        return measured(key, found, why, count, prior)
    return believed(key, prior, "not_identified", why_not)


def measured(key: str, found: Interval, why: str, count: int = 0, prior: Prior = NOTHING_BELIEVED) -> Learned:
    """A number that the logs tell, beside what was believed of it."""
    return Learned(key, found.value, found.low, found.high, found.se, "measured", why, count, prior.low, prior.high)


def believed(key: str, prior: Prior, known: Known, why: str) -> Learned:
    """What was believed of a number, with its range."""
    ends = prior.low, prior.high
    return Learned(key, prior.value, *ends, math.nan, known, why, 0, *ends)
