"""Talk time by intent: mean and spread, which distribution it is, and how it changes over the day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from scipy import optimize, stats

from sim.calibrate.fits.estimate import FittedNumber, Floats, Ints, around

LEAST = 30
DECISIVE = 0.01
"""A distribution other than the lognormal is taken where its largest distance to the sample is smaller by this."""
LAWS = ("lognormal", "gamma", "weibull")


@dataclass(frozen=True)
class TalkFit:
    """Talk time of an intent.

    Attributes
    ----------
    mean, cv : of all contacts answered (s).
    law : the distribution that the scenario takes.
    quantiles : of the sample at 1 %, 2 %, ... 99 % (s); none where there are too few.
    distances : largest distance between the sample's distribution and each law's with this mean and cv
        (Kolmogorov-Smirnov).
    """

    contacts: int
    mean: FittedNumber
    cv: FittedNumber
    law: str = "lognormal"
    distances: dict[str, float] = field(default_factory=dict)
    quantiles: tuple[float, ...] = ()


def fit_talk(seconds: Floats) -> TalkFit:
    """Fit talk times by their moments, so that the work is right whatever the shape.

    Parameters
    ----------
    seconds : talk and hold of answered contacts, those of 0 s included.
    """
    count = len(seconds)
    if count < LEAST or not seconds.mean() > 0:
        mean = float(seconds.mean()) if count else math.nan
        return TalkFit(count, FittedNumber(mean), FittedNumber(1.0))
    mean, spread = float(seconds.mean()), float(seconds.std(ddof=1))
    cv = max(spread / mean, 0.01)
    ordered = np.sort(seconds)
    distances = {law: _distance(ordered, law, mean, cv) for law in LAWS}
    best = min(LAWS, key=lambda law: distances[law])
    law = best if distances[best] < distances["lognormal"] - DECISIVE else "lognormal"
    quantiles = tuple(float(quantile) for quantile in np.quantile(ordered, np.arange(0.01, 0.995, 0.01)))
    spread_of_cv = around(cv, _cv_error(seconds, mean, cv), 0.0)
    return TalkFit(count, around(mean, spread / math.sqrt(count), 0.0), spread_of_cv, law, distances, quantiles)


def _cv_error(seconds: Floats, mean: float, cv: float) -> float:
    """Standard error of a coefficient of variation: by the sample's own moments, or those of a lognormal if larger.

    A sample seldom has the rare long times that make its own moments as large as they should be.
    """
    off = seconds / mean - 1.0
    own = float(((off**2 - cv * cv) / (2.0 * cv) - cv * off).var(ddof=1))
    omega = 1.0 + cv * cv
    kurtosis, skewness = omega**4 + 2 * omega**3 + 3 * omega**2 - 3, (omega + 2) * cv
    by_law = cv * cv * ((kurtosis - 1.0) / 4.0 + cv * cv - cv * skewness)
    return math.sqrt(max(own, min(by_law, 4.0 * own)) / len(seconds))


def _distance(ordered: Floats, law: str, mean: float, cv: float) -> float:
    if law == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        reached = stats.norm.cdf((np.log(np.maximum(ordered, 1e-9)) - math.log(mean) + sigma * sigma / 2) / sigma)
    elif law == "gamma":
        reached = stats.gamma.cdf(ordered, 1.0 / (cv * cv), scale=mean * cv * cv)
    else:
        shape = weibull_shape(cv)
        reached = -np.expm1(-((ordered / mean * math.gamma(1.0 + 1.0 / shape)) ** shape))
    count = len(ordered)
    _, first = np.unique(ordered, return_index=True)
    last = np.append(first[1:], count)
    at = reached[first]
    return float(np.maximum(np.abs(at - last / count), np.abs(at - first / count)).max())


def weibull_shape(cv: float) -> float:
    """The shape of a Weibull with this coefficient of variation."""

    def off(shape: float) -> float:
        return math.lgamma(1.0 + 2.0 / shape) - 2.0 * math.lgamma(1.0 + 1.0 / shape) - math.log1p(cv * cv)

    return float(optimize.brentq(off, 0.15, 60.0))


def by_time_of_day(seconds: Floats, expected: Floats, slots: Ints, intervals: int, per_hour: int) -> Floats:
    """Mean talk by hour of the day against that expected of the same intents, (intervals of a day,); 1 is as usual.

    An hour is moved towards 1 as far as chance explains it (empirical Bayes).

    Parameters
    ----------
    seconds : talk of each contact.
    expected : mean talk of its intent.
    slots : interval of the day in which it joined.
    intervals, per_hour : intervals of a day and of an hour.
    """
    hours = slots // per_hour
    count = -(-intervals // per_hour)
    above, below = (np.bincount(hours, values, count) for values in (seconds, expected))
    seen = np.bincount(hours, minlength=count)
    ratio = np.where(seen > 0, above / np.maximum(below, 1e-12), 1.0)
    squares = np.bincount(hours, (seconds - expected * ratio[hours]) ** 2, count)
    noise = np.where(seen > 1, squares / np.maximum(below, 1e-12) ** 2, np.inf)
    some = np.isfinite(noise) & (seen > LEAST)
    if some.sum() < 3:
        return np.ones(intervals)
    weight = seen[some]
    between = max(float(np.average((ratio[some] - 1.0) ** 2 - noise[some], weights=weight)), 0.0)
    moved = 1.0 + (ratio - 1.0) * np.where(np.isfinite(noise), between / np.maximum(between + noise, 1e-12), 0.0)
    return np.repeat(np.clip(moved, 0.2, 5.0), per_hour)[:intervals]
