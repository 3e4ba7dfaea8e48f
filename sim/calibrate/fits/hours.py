"""When the centre is open: the intervals of a weekday in which contacts come as they do in others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.calibrate.fits.demand import Demand

Span = tuple[int, int]
BUSY, LITTLE, TRIMMED = 0.75, 0.06, 0.004
LEAST_A_DAY, SELDOM = 5.0, 0.1


def open_spans(demand: Demand) -> tuple[Span | None, ...]:
    """The first and the last interval (exclusive) of each weekday, Monday first; None for a closed one.

    From either end the intervals are cut off that have less than 6 % of what the busier intervals of the weekday have,
    if all of them together have less than 0.4 % of its contacts: a quiet night of a centre that never closes stays.
    """
    means = [_usual(demand, weekday) for weekday in range(7)]
    least = min(LEAST_A_DAY, SELDOM * max(float(mean.sum()) for mean in means))
    return tuple(_span(mean, least) for mean in means)


def _usual(demand: Demand, weekday: int) -> npt.NDArray[np.float64]:
    """Mean contacts by interval."""
    days = demand.weekdays == weekday
    seen = demand.known[days]
    whole = np.where(seen, demand.totals[days], 0.0).sum(axis=0)
    return np.asarray(whole / np.maximum(seen.sum(axis=0), 1))


def _span(mean: npt.NDArray[np.float64], least: float) -> Span | None:
    """The open intervals of a weekday with these means."""
    whole = float(mean.sum())
    if whole <= 0 or whole < least:
        return None
    limit = LITTLE * float(np.quantile(mean[mean > 0], BUSY))
    busy = np.flatnonzero(mean >= limit)
    some = np.flatnonzero(mean > 0)
    first, last, spare = int(some[0]), int(some[-1]) + 1, TRIMMED * whole
    before, after = float(mean[first : busy[0]].sum()), float(mean[busy[-1] + 1 : last].sum())
    for early, cut in sorted(((True, before), (False, after)), key=lambda end: end[1]):
        if cut <= spare:
            spare -= cut
            first, last = (int(busy[0]), last) if early else (first, int(busy[-1]) + 1)
    return first, last


def hours_of_day(contacts: npt.NDArray[np.float64], interval_s: float) -> Span | None:
    """The opening intervals of one date: its longest stretch with contacts, gaps of up to an hour included.

    Parameters
    ----------
    contacts : (intervals of the day,) answered.
    interval_s : length of an interval.
    """
    busy = np.flatnonzero(contacts > 0)
    if not busy.size:
        return None
    cuts = np.flatnonzero(np.diff(busy) > max(3600.0 / interval_s, 1.0) + 1) + 1
    first, last = max(((part[0], part[-1] + 1) for part in np.split(busy, cuts)), key=lambda part: part[1] - part[0])
    return int(first), int(last)
