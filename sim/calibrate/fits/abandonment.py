"""Who gives up, who leaves at once, and who calls again after that.

Patience stands behind waits that service cuts short: Kaplan and Meier (1958) without a law; the exponential and the
Weibull by maximum likelihood, with answered waits as censored; Brown and others (2005) for a call centre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import optimize

from sim.calibrate.fits.estimate import UNKNOWN, Z95, Bools, FittedNumber, Floats, Ints, around, exponential_mean, share

POINTS = 200
AT_ONCE_S, MIDDLE_S, JUST_AFTER_S = 1.0, 3.0, 10.0
POWERS = (0.4, 2.0)
ENOUGH = 100
ROUGH = 0.02


@dataclass(frozen=True)
class PatienceFit:
    """Patience of those who had to wait.

    Attributes
    ----------
    waited, gave_up : contacts that had to wait, and those of them that gave up, balkers left out.
    exponential_mean, weibull_mean, weibull_shape : by maximum likelihood (s).
    weibull_better : twice the log likelihood that the Weibull gains; above 6.6 chance hardly explains it.
    law : exponential, weibull or empirical: the simplest that agrees with Kaplan-Meier.
    distance : largest distance between that law and Kaplan-Meier, where contacts were at risk.
    points : equally likely times (s), for empirical.
    balk : share of those who would have to wait that leave at once.
    survival : (times, 3) seconds, share still waiting by Kaplan-Meier, its standard error (Greenwood).
    """

    waited: int
    gave_up: int
    exponential_mean: FittedNumber = UNKNOWN
    weibull_mean: FittedNumber = UNKNOWN
    weibull_shape: FittedNumber = UNKNOWN
    weibull_better: float = 0.0
    law: str = "unknown"
    distance: float = math.nan
    points: tuple[float, ...] = ()
    balk: FittedNumber = FittedNumber(0.0)  # noqa: RUF009
    survival: Floats = field(default_factory=lambda: np.empty((0, 3)))


def fit_patience(waits: Floats, gave_up: Bools) -> PatienceFit:
    """Fit the patience of contacts that had to wait.

    Parameters
    ----------
    waits : seconds waited, one a contact.
    gave_up : whether the wait ended with the customer giving up.

    Notes
    -----
    Those who leave within a second count as balking as far as the seconds after do not explain them.
    """
    balk, kept = _balking(waits, gave_up)
    waits, gave_up = waits[kept], gave_up[kept]
    deaths = int(gave_up.sum())
    if deaths < 1 or not waits.sum() > 0:
        return PatienceFit(len(waits), deaths, balk=balk)
    mean = float(waits.sum() / deaths)
    exponential = exponential_mean(float(waits.sum()), deaths)
    if deaths == 1:
        return PatienceFit(len(waits), deaths, exponential, law="exponential", balk=balk)
    weibull_mean, shape, better = _weibull(waits, gave_up, mean)
    survival = kaplan_meier(waits, gave_up)
    law, distance = _law(survival, waits, mean, weibull_mean.value, shape.value, better, deaths)
    points = _points(survival, waits, deaths)
    return PatienceFit(
        len(waits), deaths, exponential, weibull_mean, shape, better, law, distance, points, balk, survival
    )


def said_patience(mean_s: float, waited: int, gave_up: int) -> PatienceFit:
    """Patience as the caller says it: exponential with a mean (s)."""
    return PatienceFit(waited, gave_up, FittedNumber(mean_s), law="exponential")


# Balking ------------------------------------------------------------------------------------------------------------


def _balking(waits: Floats, gave_up: Bools) -> tuple[FittedNumber, Bools]:
    """The share that leaves at once, and which contacts remain when as many of the quickest are taken away."""
    quick = gave_up & (waits <= AT_ONCE_S)
    count, expected, known = float(quick.sum()), *_soon(waits, gave_up)
    extra = max(count - expected, 0.0)
    error = math.sqrt(count + expected**2 / max(known, 1.0))
    kept = np.ones(len(waits), bool)
    if len(waits) == 0 or extra < 2.0 * error:
        return FittedNumber(0.0, 0.0, (extra + Z95 * error) / max(len(waits), 1)), kept
    kept[np.flatnonzero(quick)[np.argsort(waits[quick], kind="stable")][: round(extra)]] = False
    return around(extra / len(waits), error / len(waits), 0.0), kept


def _soon(waits: Floats, gave_up: Bools) -> tuple[float, float]:
    """How many would give up within the first second if the seconds after it are any guide, and on how many it rests.

    The hazard is taken as a power of time: of the waits from one to ten seconds, how many give up before three of them
    says which.
    """
    edges = (AT_ONCE_S, MIDDLE_S, JUST_AFTER_S)
    deaths = [float((gave_up & (waits > low) & (waits <= high)).sum()) for low, high in pairwise(edges)]
    at_risk = [float(np.clip(waits, low, high).sum() - low * len(waits)) for low, high in pairwise(edges)]
    if min(at_risk) <= 0 or sum(deaths) == 0:
        return 0.0, 0.0
    spans = [high - low for low, high in pairwise(edges)]
    passed = [count / exposure * length for count, exposure, length in zip(deaths, at_risk, spans, strict=True)]
    power = _power(passed[1] / max(passed[0], 1e-12))
    return sum(passed) / (JUST_AFTER_S**power - 1.0) * len(waits), sum(deaths)


def _power(ratio: float) -> float:
    """The power k for which (10^k - 3^k) / (3^k - 1) is a ratio, within POWERS."""

    def off(power: float) -> float:
        return float((JUST_AFTER_S**power - MIDDLE_S**power) / (MIDDLE_S**power - 1.0) - ratio)

    low, high = POWERS
    if off(low) >= 0:
        return low
    return high if off(high) <= 0 else float(optimize.brentq(off, low, high))


# Kaplan-Meier -------------------------------------------------------------------------------------------------------


def kaplan_meier(waits: Floats, gave_up: Bools) -> Floats:
    """Survival of patience, (times, 3): seconds, share still waiting, standard error (Greenwood)."""
    times, deaths = np.unique(waits[gave_up], return_counts=True)
    at_risk = len(waits) - np.searchsorted(np.sort(waits), times, side="left")
    alive = np.cumprod(1.0 - deaths / at_risk)
    ends = np.maximum(at_risk - deaths, 0.5)
    error = alive * np.sqrt(np.cumsum(deaths / (at_risk * ends)))
    return np.stack([times, alive, error], axis=1)


def _points(survival: Floats, waits: Floats, deaths: int) -> tuple[float, ...]:
    """Quantiles of Kaplan-Meier; beyond its end the tail is exponential with the mean hazard of all waits."""
    times, alive = survival[:, 0], survival[:, 1]
    levels = 1.0 - (np.arange(POINTS) + 0.5) / POINTS
    place = np.searchsorted(-alive, -levels)
    beyond = times[-1] + np.log(np.maximum(np.maximum(alive[-1], 1e-9) / levels, 1.0)) * waits.sum() / deaths
    inside = times[np.minimum(place, len(times) - 1)]
    points = np.where(place < len(times), inside, beyond)
    return tuple(float(round(max(seconds, 0.1), 1)) for seconds in points)


# Laws ---------------------------------------------------------------------------------------------------------------


def _weibull(waits: Floats, gave_up: Bools, mean: float) -> tuple[FittedNumber, FittedNumber, float]:
    """Mean and shape by maximum likelihood, and twice the gain over the exponential."""
    times = np.maximum(waits, 0.25 if (waits == np.round(waits)).all() else 0.001)
    logs, deaths = np.log(times), float(gave_up.sum())

    def score(shape: float) -> float:
        powers = times**shape
        return float(deaths / shape + logs[gave_up].sum() - deaths * (powers * logs).sum() / powers.sum())

    try:
        shape = float(optimize.brentq(score, 0.05, 20.0))
    except ValueError:
        return FittedNumber(mean), FittedNumber(1.0), 0.0
    scale = float(((times**shape).sum() / deaths) ** (1.0 / shape))
    step = 1e-3 * shape
    error = math.sqrt(max(-2.0 * step / min(score(shape + step) - score(shape - step), -1e-12), 0.0))
    centre = scale * math.gamma(1.0 + 1.0 / shape)
    slope = centre * 1.0 / shape
    spread = math.hypot(centre / (shape * math.sqrt(deaths)), slope * error)
    gain = 2.0 * (_likelihood(times, gave_up, shape, scale) - _likelihood(times, gave_up, 1.0, times.sum() / deaths))
    return around(centre, spread, 0.0), around(shape, error, 0.0), max(gain, 0.0)


def _likelihood(times: Floats, gave_up: Bools, shape: float, scale: float) -> float:
    hazard = math.log(shape / scale) + (shape - 1.0) * np.log(times / scale)
    return float(hazard[gave_up].sum() - ((times / scale) ** shape).sum())


def _law(
    survival: Floats, waits: Floats, mean: float, weibull: float, shape: float, better: float, deaths: int
) -> tuple[str, float]:
    """The simplest law that agrees with Kaplan-Meier where at least thirty contacts were at risk."""
    times, alive, error = survival.T
    at_risk = len(waits) - np.searchsorted(np.sort(waits), times, side="left")
    sure = at_risk >= min(30, len(waits) // 2)
    scale = weibull / math.gamma(1.0 + 1.0 / shape)
    curves = {"exponential": np.exp(-times / mean), "weibull": np.exp(-((times / scale) ** shape))}
    distance = {law: float(np.abs(curve - alive)[sure].max(initial=0.0)) for law, curve in curves.items()}
    allowed = ROUGH + 1.36 * float(error[sure].max(initial=0.0))
    if deaths < ENOUGH or (better < 6.63 and distance["exponential"] <= allowed):
        return "exponential", distance["exponential"]
    if distance["weibull"] <= allowed:
        return "weibull", distance["weibull"]
    return "empirical", 0.0


SOON_S, QUIET_S = 3 * 3600.0, 6 * 3600.0
LEAST, SURE = 100, 0.01


@dataclass(frozen=True)
class RedialFit:
    """Calling again after giving up.

    Attributes
    ----------
    gave_up : abandoned contacts of known customers.
    probability, delay_s, next_day : as in the scenario; the delay is that on the same day.
    known : share of contacts whose customer is known.
    again : (contacts,) how likely each contact is such a second try; nan where the customer is not known.
    """

    gave_up: int
    probability: FittedNumber
    delay_s: FittedNumber
    next_day: FittedNumber
    known: float
    again: Floats


def fit_redial(table: pd.DataFrame) -> RedialFit | None:
    """Fit redials; None where too few customers are known.

    A customer also calls for other reasons: contacts between three and six hours after giving up say how often, and for
    the next day those of customers who were served.

    Parameters
    ----------
    table : of `Calls`.
    """
    customer = table["customer"].to_numpy()
    known = customer >= 0
    if (known & ~table["answered"].to_numpy()).sum() < LEAST:
        return None
    order = np.flatnonzero(known)
    start = table["time"].to_numpy("M8[us]").astype(np.int64)[order] / 1e6
    order = order[np.lexsort((start, customer[order]))]
    start = table["time"].to_numpy("M8[us]").astype(np.int64)[order] / 1e6
    lasted = table["wait_s"].to_numpy() + table["talk_s"].fillna(0.0).to_numpy()
    end, answered = start + lasted[order], table["answered"].to_numpy()[order]
    follows = np.append(customer[order][1:] == customer[order][:-1], False)
    gap = np.where(follows, np.append(start[1:], 0.0) - end, np.inf)
    open_day = _open_days(table, start)
    days = np.where(follows, np.append(open_day[1:], 0) - open_day, 99)
    seen = open_day < open_day.max(initial=0)
    return _fitted(table, order, gap, days, answered, seen, float(known.mean()))


def _open_days(table: pd.DataFrame, start: Floats) -> Ints:
    """The number of the day on which each contact came, closed days not counted."""
    every = np.unique(table["time"].to_numpy("datetime64[D]").astype(np.int64))
    return np.searchsorted(every, (start // 86_400).astype(np.int64))


def _fitted(
    table: pd.DataFrame,
    order: Ints,
    gap: Floats,
    days: Ints,
    answered: Bools,
    seen: Bools,
    known: float,
) -> RedialFit:
    lost, same = ~answered & seen, days == 0
    count = int(lost.sum())
    soon = lost & same & (gap <= SOON_S)
    quiet = lost & same & (gap > SOON_S) & (gap <= QUIET_S)
    rate = float(quiet.sum()) / (QUIET_S - SOON_S)
    extra = max(float(soon.sum()) - rate * SOON_S, 0.0)
    came, next_day = _next_day(lost, same, days, answered)
    whole = extra + next_day
    again = _again(table, order, gap, days, lost, rate, next_day / max(came, 1.0))
    waited = float(np.maximum(gap[soon], 0.0).sum()) - rate * SOON_S**2 / 2
    delay = max(waited / extra, 1.0) if extra > 0 else 900.0
    spread = delay * 1.96 * (1.0 + rate * SOON_S / max(extra, 1.0)) / max(extra, 1.0) ** 0.5
    return RedialFit(
        count,
        share(whole, count),
        FittedNumber(delay, max(delay - spread, 0.0), delay + spread),
        share(next_day, whole) if whole > 0 else FittedNumber(0.0),
        known,
        again,
    )


def _next_day(
    lost: Bools,
    same: Bools,
    days: Ints,
    answered: Bools,
) -> tuple[float, float]:
    """How many come on the next day, and how many more than of those who were served."""
    left = lost & ~same
    usual = float(((days == 1) & answered).sum()) / max(float((answered & ~same).sum()), 1.0)
    came = float(((days == 1) & left).sum())
    return came, max(came - usual * float(left.sum()), 0.0)


def _again(
    table: pd.DataFrame,
    order: Ints,
    gap: Floats,
    days: Ints,
    lost: Bools,
    rate: float,
    late: float,
) -> Floats:
    """How likely each contact of a known customer is a second try after giving up."""
    edges = np.array([0.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, SOON_S])
    bins = np.clip(np.searchsorted(edges, np.maximum(gap, 0.0), side="right") - 1, 0, len(edges) - 2)
    soon = lost & (days == 0) & (gap <= SOON_S)
    seen = np.bincount(bins[soon], minlength=len(edges) - 1)
    chance = np.clip(1.0 - rate * np.diff(edges) / np.maximum(seen, 1), 0.0, 1.0)
    likelihood = np.full(len(table), np.nan)
    likelihood[order] = 0.0
    after = np.flatnonzero(soon)
    likelihood[order[after + 1]] = chance[bins[after]]
    likelihood[order[np.flatnonzero(lost & (days == 1)) + 1]] = late
    return likelihood
