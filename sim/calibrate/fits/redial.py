"""Who calls again after giving up, from customers whose identity is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.estimate import FittedNumber, Floats, share

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


def _open_days(table: pd.DataFrame, start: Floats) -> npt.NDArray[np.int64]:
    """The number of the day on which each contact came, closed days not counted."""
    every = np.unique(table["time"].to_numpy("datetime64[D]").astype(np.int64))
    return np.searchsorted(every, (start // 86_400).astype(np.int64))


def _fitted(
    table: pd.DataFrame,
    order: npt.NDArray[np.int64],
    gap: Floats,
    days: npt.NDArray[np.int64],
    answered: npt.NDArray[np.bool_],
    seen: npt.NDArray[np.bool_],
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
    lost: npt.NDArray[np.bool_],
    same: npt.NDArray[np.bool_],
    days: npt.NDArray[np.int64],
    answered: npt.NDArray[np.bool_],
) -> tuple[float, float]:
    """How many come on the next day, and how many more than of those who were served."""
    left = lost & ~same
    usual = float(((days == 1) & answered).sum()) / max(float((answered & ~same).sum()), 1.0)
    came = float(((days == 1) & left).sum())
    return came, max(came - usual * float(left.sum()), 0.0)


def _again(
    table: pd.DataFrame,
    order: npt.NDArray[np.int64],
    gap: Floats,
    days: npt.NDArray[np.int64],
    lost: npt.NDArray[np.bool_],
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
