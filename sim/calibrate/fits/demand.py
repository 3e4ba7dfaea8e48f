"""How many contacts came, by date, interval and intent: what arrivals are fitted to, from either kind of export."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
DAY_S = 86_400.0


@dataclass(frozen=True)
class Demand:
    """Contacts that joined a queue.

    Attributes
    ----------
    dates : (days,) consecutive.
    interval_s : length of an interval (s).
    intents : names.
    counts : (days, intervals of a day, intents).
    known : (days, intervals of a day) where the export says anything.
    """

    dates: pd.DatetimeIndex
    interval_s: float
    intents: tuple[str, ...]
    counts: Floats
    known: Bools

    @property
    def totals(self) -> Floats:
        """All intents together, (days, intervals)."""
        return np.asarray(self.counts.sum(axis=2))

    @property
    def weekdays(self) -> npt.NDArray[np.int64]:
        """(days,) 0 is Monday."""
        return np.asarray(self.dates.day_of_week, np.int64)

    def between(self, first: int, last: int) -> Demand:
        """The days from one to before another."""
        cut = slice(first, last)
        return replace(self, dates=self.dates[cut], counts=self.counts[cut], known=self.known[cut])


def demand_of(
    times: npt.NDArray[np.datetime64],
    intents: npt.NDArray[np.int64],
    names: tuple[str, ...],
    interval_s: float,
    weights: Floats | None = None,
) -> Demand:
    """Count contacts.

    Parameters
    ----------
    times, intents : of each contact.
    names : of the intents.
    interval_s : length of an interval (s).
    weights : how much each contact counts; 1 when left out.
    """
    stamps = times.astype("datetime64[us]").astype(np.int64)
    day_us, step = int(DAY_S * 1e6), int(interval_s * 1e6)
    first, last = int(stamps.min() // day_us), int(stamps.max() // day_us)
    days, slots = last - first + 1, int(DAY_S // interval_s)
    place = ((stamps // day_us - first) * slots + (stamps % day_us) // step) * len(names) + intents
    counts = (
        np.bincount(place, weights, minlength=days * slots * len(names))
        .reshape(days, slots, len(names))
        .astype(np.float64)
    )
    dates = pd.date_range(pd.Timestamp(first * day_us, unit="us"), periods=days)
    whole = counts.sum(axis=(1, 2)) > 0
    return Demand(dates, interval_s, names, counts, np.repeat(whole[:, None], slots, axis=1))
