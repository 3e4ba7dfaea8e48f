"""Distributions fitted to the bank's log: talk, patience, volumes. All times in seconds."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from bank_log import INTENTS, dates, starts
from scipy import optimize, stats

PATIENCE_POINTS = 200
WORKDAYS = (6, 0, 1, 2, 3)
"""Sunday to Thursday, the bank's working days (0 is Monday)."""


@dataclass(frozen=True)
class TalkFit:
    """Talk time of an intent: calls, mean, coefficient of variation, Kolmogorov-Smirnov distance to the lognormal."""

    calls: int
    mean: float
    cv: float
    distance: float


@dataclass(frozen=True)
class PatienceFit:
    """Patience of an intent, three ways: exponential, Weibull, Kaplan-Meier; log likelihoods of the first two."""

    queued: int
    abandoned: int
    exponential_mean: float
    weibull_shape: float
    weibull_mean: float
    exponential_likelihood: float
    weibull_likelihood: float
    points: tuple[float, ...]


# Talk ----------------------------------------------------------------------------------------------------------------


def fit_talk(talk: np.ndarray) -> TalkFit:
    """Return the lognormal with the mean and the cv of `talk`, records of 0 s included."""
    mean, spread = float(talk.mean()), float(talk.std(ddof=1))
    cv = spread / mean
    sigma = math.sqrt(math.log1p(cv * cv))
    law = stats.lognorm(sigma, scale=mean / math.sqrt(1 + cv * cv))
    return TalkFit(len(talk), mean, cv, float(stats.kstest(talk, law.cdf).statistic))


def talk_profile(calls: pd.DataFrame) -> list[float]:
    """Return the relative mean talk by half-hour of a working day, from hourly means at the same mix of intents."""
    answered = calls[calls["talk_s"].notna() & calls["open"] & calls["day"].dt.day_of_week.isin(WORKDAYS)]
    expected = answered["intent"].map(answered.groupby("intent")["talk_s"].mean())
    hour = (answered["joined_s"] // 3600).astype(int)
    ratio = answered["talk_s"].groupby(hour).sum() / expected.groupby(hour).sum()
    return [round(float(ratio[hour]), 2) for hour in range(7, 24) for _ in range(2)]


# Patience ------------------------------------------------------------------------------------------------------------


def kaplan_meier(waits: np.ndarray, abandoned: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (times, share still waiting after each) from waits that service cuts short.

    Parameters
    ----------
    waits
        Seconds waited, one a queued call.
    abandoned
        True where the wait ended with the customer giving up.
    """
    times, deaths = np.unique(waits[abandoned], return_counts=True)
    at_risk = len(waits) - np.searchsorted(np.sort(waits), times, side="left")
    return times, np.cumprod(1 - deaths / at_risk)


def patience_points(waits: np.ndarray, abandoned: np.ndarray, count: int = PATIENCE_POINTS) -> tuple[float, ...]:
    """Return `count` equally likely patience times, in seconds.

    Quantiles of Kaplan-Meier; beyond the longest patience seen, where it ends, the tail is exponential with the mean
    hazard of all waits.
    """
    times, alive = kaplan_meier(waits, abandoned)
    levels = 1 - (np.arange(count) + 0.5) / count
    place = np.searchsorted(-alive, -levels)
    tail = np.maximum(alive[-1], 1e-9) / levels
    beyond = times[-1] + np.log(np.maximum(tail, 1)) * waits.sum() / abandoned.sum()
    inside = times[np.minimum(place, len(times) - 1)]
    return tuple(float(round(t, 1)) for t in np.where(place < len(times), inside, beyond))


def fit_patience(waits: np.ndarray, abandoned: np.ndarray) -> PatienceFit:
    """Return the patience of queued calls, by maximum likelihood with waits cut short by service."""
    mean = float(waits.sum() / abandoned.sum())
    times = np.maximum(waits, 0.5)

    def loss(logs: np.ndarray) -> float:
        shape, scale = np.exp(logs)
        hazard = np.log(shape / scale) + (shape - 1) * np.log(times / scale)
        return float(((times / scale) ** shape).sum() - hazard[abandoned].sum())

    best = optimize.minimize(loss, np.array([0.0, math.log(mean)]), method="Nelder-Mead")
    shape, scale = np.exp(best.x)
    return PatienceFit(
        queued=len(waits),
        abandoned=int(abandoned.sum()),
        exponential_mean=mean,
        weibull_shape=float(shape),
        weibull_mean=float(scale * math.gamma(1 + 1 / shape)),
        exponential_likelihood=-loss(np.array([0.0, math.log(mean)])),
        weibull_likelihood=-float(best.fun),
        points=patience_points(waits, abandoned),
    )


# Volumes -------------------------------------------------------------------------------------------------------------


def counts(calls: pd.DataFrame, first: dt.date, days: int) -> pd.DataFrame:
    """Return calls offered by date and half-hour (rows) and intent (columns), zeros included."""
    index = pd.MultiIndex.from_tuples(
        [(pd.Timestamp(day), k) for day in dates(first, days) for k in range(len(starts(day)))],
        names=["day", "interval"],
    )
    inside = calls[calls["open"]]
    table = inside.groupby(["day", "interval", "intent"]).size().unstack(fill_value=0)
    return table.reindex(index=index, columns=list(INTENTS), fill_value=0).fillna(0).astype(int)


def forecast(history: pd.DataFrame, first: dt.date, days: int) -> pd.DataFrame:
    """Return expected calls by date, half-hour and intent.

    The total of a date is the mean of its weekday in `history`. How it spreads over half-hours and intents is common
    to the working days, pooled, and each of Friday's and Saturday's own.
    """
    weekday = weekdays(history)
    total = history.sum(axis=1).groupby(level="day").sum()
    volume = total.groupby(pd.DatetimeIndex(total.index).day_of_week).mean()
    parts = []
    for day in dates(first, days):
        alike = WORKDAYS if day.weekday() in WORKDAYS else (day.weekday(),)
        pooled = history[np.isin(weekday, alike)].groupby(level="interval").sum()
        share = pooled / pooled.to_numpy().sum()
        parts.append((share * volume[day.weekday()]).assign(day=pd.Timestamp(day)))
    result: pd.DataFrame = pd.concat(parts).reset_index().set_index(["day", "interval"])
    return result


def weekdays(history: pd.DataFrame) -> np.ndarray:
    """Return the weekday (0 is Monday) of each row of `counts`."""
    return np.asarray(pd.DatetimeIndex(history.index.get_level_values("day")).day_of_week)


def variation(history: pd.DataFrame) -> tuple[float, float]:
    """Return the cv of working days around their weekday's mean, and of half-hours within a day, beyond Poisson."""
    weekday = weekdays(history)
    cells = history[np.isin(weekday, WORKDAYS)].sum(axis=1).unstack("interval")
    totals = cells.sum(axis=1)
    means = totals.groupby(pd.DatetimeIndex(totals.index).day_of_week).transform("mean")
    weeks = len(totals) / len(WORKDAYS)
    busy = _excess(totals.to_numpy(), means.to_numpy(), weeks / (weeks - 1))
    shape = (cells.sum() / cells.to_numpy().sum()).to_numpy()
    expected = totals.to_numpy()[:, None] * shape[None, :]
    lost = cells.size / ((cells.shape[0] - 1) * (cells.shape[1] - 1))
    return busy, _excess(cells.to_numpy(), expected, lost)


def _excess(seen: np.ndarray, expected: np.ndarray, correction: float) -> float:
    """Return the cv of a gamma factor that explains the spread beyond Poisson; `correction` for fitted means."""
    variance = float((((seen - expected) ** 2) * correction - expected).sum())
    return math.sqrt(max(variance / float((expected**2).sum()), 0.0))
