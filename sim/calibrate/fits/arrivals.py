"""Arrivals by weekday and interval, and how far days and intervals stray beyond Poisson noise.

The count of an interval is Poisson around mean x B x I, with B a gamma factor of the day and I one of the interval,
both with mean 1 (Jongbloed and Koole 2001; Avramidis, Deslauriers and L'Ecuyer 2004). Moments tell the three apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.fits.estimate import (
    Bools,
    FittedNumber,
    Floats,
    Ints,
    around,
    chi_square_span,
    levels,
    own_weight,
    root,
)
from sim.schema.values import DAY_S


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
    def weekdays(self) -> Ints:
        """(days,) 0 is Monday."""
        return np.asarray(self.dates.day_of_week, np.int64)

    def between(self, first: int, last: int) -> Demand:
        """The days from one to before another."""
        cut = slice(first, last)
        return replace(self, dates=self.dates[cut], counts=self.counts[cut], known=self.known[cut])


def demand_of(
    times: npt.NDArray[np.datetime64],
    intents: Ints,
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


def _usual(demand: Demand, weekday: int) -> Floats:
    """Mean contacts by interval."""
    days = demand.weekdays == weekday
    seen = demand.known[days]
    whole = np.where(seen, demand.totals[days], 0.0).sum(axis=0)
    return np.asarray(whole / np.maximum(seen.sum(axis=0), 1))


def _span(mean: Floats, least: float) -> Span | None:
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


def hours_of_day(contacts: Floats, interval_s: float) -> Span | None:
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


UNUSUAL_MADS, UNUSUAL_LEAST, ALIKE = 4.0, math.log(1.5), 0.75
MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class ArrivalFit:
    """Expected contacts, and how they vary.

    Attributes
    ----------
    spans : opening intervals by weekday, Monday first.
    expected : (7, intervals of a day, intents) contacts, the few outside opening hours included.
    error : (7, intervals of a day) relative standard error of all intents together.
    per_day : of each weekday by itself, all intents; `expected` has borrowed from alike weekdays.
    busyness_cv, interval_cv : spread of the day's and of the interval's factor, beyond Poisson.
    weeks : (7,) days that each weekday rests on.
    unusual : (date, contacts, usual) of the days that were left out.
    outside : contacts outside the opening hours.
    """

    intents: tuple[str, ...]
    interval_s: float
    spans: tuple[Span | None, ...]
    expected: Floats
    error: Floats
    per_day: tuple[FittedNumber, ...]
    busyness_cv: FittedNumber
    interval_cv: FittedNumber
    weeks: Ints
    unusual: tuple[tuple[pd.Timestamp, float, float], ...]
    outside: float

    @property
    def forecast_cv(self) -> float:
        """The spread of a day yet to come: that of days, and of a mean that is known from a few of them only."""
        return self.busyness_cv.value * math.sqrt(1.0 + 1.0 / max(float(self.weeks.max()), 1.0))


def fit_arrivals(
    demand: Demand, keep_unusual: bool = False, spans: tuple[Span | None, ...] | None = None
) -> ArrivalFit:
    """Fit arrivals.

    Parameters
    ----------
    demand : contacts by date, interval and intent.
    keep_unusual : keep days that are far from their weekday's median (an outage, a holiday).
    spans : opening intervals by weekday, where something else tells them than when contacts come.
    """
    spans = open_spans(demand) if spans is None else spans
    inside = np.zeros((7, demand.counts.shape[1]), bool)
    for weekday, span in enumerate(spans):
        if span is not None:
            inside[weekday, span[0] : span[1]] = True
    use = demand.known & inside[demand.weekdays]
    outside = float(demand.totals[demand.known & ~use].sum())
    usual = _usual_totals(demand, use, spans)
    unusual = np.zeros(len(demand.dates), bool) if keep_unusual else _unusual(demand, use, usual)
    odd = np.flatnonzero(unusual).tolist()
    unusual_days = tuple((demand.dates[d], float(demand.totals[d].sum()), usual[demand.weekdays[d]]) for d in odd)
    use = use & ~unusual[:, None]
    mean, seen = _cell_means(demand, use)
    interval = _interval_cv(demand, use, mean, seen)
    busy = _busyness_cv(demand, use, mean, interval.value)
    weeks = np.array([(use.any(axis=1) & (demand.weekdays == weekday)).sum() for weekday in range(7)], np.int64)
    per_day = tuple(_day(mean[weekday], busy.value, interval.value, int(weeks[weekday])) for weekday in range(7))
    mean, error = _towards_common(mean, seen, spans, busy.value, interval.value)
    expected = _by_intent(demand, use, mean, spans)
    strays, _ = _cell_means(demand, demand.known & ~inside[demand.weekdays] & ~unusual[:, None])
    expected[:, :, int(np.argmax(expected.sum(axis=(0, 1))))] += strays
    return ArrivalFit(
        demand.intents, demand.interval_s, spans, expected, error, per_day, busy, interval, weeks, unusual_days, outside
    )


# Days and cells -----------------------------------------------------------------------------------------------------


def _day_totals(demand: Demand, use: Bools) -> Floats:
    """Contacts of each day, scaled up where some of its intervals are not known."""
    totals = np.where(use, demand.totals, 0.0)
    mean = np.stack(
        [_mean(totals[demand.weekdays == weekday], use[demand.weekdays == weekday]) for weekday in range(7)]
    )
    usual = mean[demand.weekdays]
    part = np.where(use, usual, 0.0).sum(axis=1) / np.maximum(usual.sum(axis=1), 1e-12)
    return np.where(part > 0.2, totals.sum(axis=1) / np.maximum(part, 0.2), np.nan)


def _mean(values: Floats, use: Bools) -> Floats:
    return np.asarray(np.where(use, values, 0.0).sum(axis=0) / np.maximum(use.sum(axis=0), 1))


def _usual_totals(demand: Demand, use: Bools, spans: tuple[Span | None, ...]) -> Floats:
    """(7,) the usual contacts of each weekday: the median of its days; where most of them are not alike, since holidays
    fell on it, of those that are like days of the weekdays with about the same hours.
    """
    logs = np.log(np.maximum(_day_totals(demand, use), 0.5))
    middle = np.array([_median(logs[demand.weekdays == weekday]) for weekday in range(7)])
    for weekday, span in enumerate(spans):
        own = logs[(demand.weekdays == weekday) & (logs > 0)]
        if span is None or 2 * _near(own, middle[weekday]).sum() > own.size:
            continue
        alike = [other for other in range(7) if _shared(span, spans[other]) >= ALIKE]
        near = own[_near(own, _median(logs[np.isin(demand.weekdays, alike)]))]
        middle[weekday] = np.median(near) if near.size else middle[weekday]
    return np.asarray(np.exp(middle))


def _shared(one: Span, other: Span | None) -> float:
    """The share of their hours that two weekdays have in common."""
    first, last = other or (0, 0)
    both = max(min(one[1], last) - max(one[0], first), 0)
    return both / (one[1] - one[0] + last - first - both)


def _near(logs: Floats, middle: float) -> Bools:
    """Which days are no further from a middle than any day may be."""
    return np.asarray(np.abs(logs - middle) <= UNUSUAL_LEAST)


def _unusual(demand: Demand, use: Bools, usual: Floats) -> Bools:
    """Days whose contacts are far from what is usual on their weekday, against how far days usually are."""
    off = np.log(np.maximum(_day_totals(demand, use), 0.5)) - np.log(usual)[demand.weekdays]
    spread = MAD_TO_SD * _median(np.abs(off))
    far = np.abs(np.nan_to_num(off)) > max(UNUSUAL_MADS * spread, UNUSUAL_LEAST)
    left = np.unique(demand.weekdays[use.any(axis=1) & ~far])
    return np.asarray(far & np.isin(demand.weekdays, left))


def _median(values: Floats) -> float:
    values = values[~np.isnan(values)]
    return float(np.median(values)) if values.size else math.nan


def _cell_means(demand: Demand, use: Bools) -> tuple[Floats, Floats]:
    """Mean contacts and the number of days, (7, intervals) each."""
    days = [demand.weekdays == weekday for weekday in range(7)]
    mean = np.stack([_mean(demand.totals[rows], use[rows]) for rows in days])
    seen = np.stack([use[rows].sum(axis=0) for rows in days]).astype(np.float64)
    return mean, seen


def _towards_common(
    mean: Floats, seen: Floats, spans: tuple[Span | None, ...], busy: float, interval_cv: float
) -> tuple[Floats, Floats]:
    """Move each weekday towards all weekdays with the same hours, its level and its profile, as far as noise explains.

    Returns means and the relative standard errors of the profile.
    """
    mean, error = mean.copy(), np.zeros_like(mean)
    for span in {span for span in spans if span is not None}:
        cut = slice(*span)
        days = [weekday for weekday in range(7) if spans[weekday] == span and mean[weekday, cut].sum() > 0]
        totals, weeks = mean[days, cut].sum(axis=1), np.maximum(seen[days, cut].max(axis=1), 1.0)
        own = mean[days, cut] / totals[:, None]
        common = np.average(own, axis=0, weights=totals * weeks)
        cells = np.maximum(totals[:, None] * common, 1e-9)
        noise = (1.0 / cells + interval_cv**2) / np.maximum(seen[days, cut], 1.0)
        weight = own_weight(own, common, noise)
        part = weight * own + (1.0 - weight) * common
        level = levels(totals, (busy**2 + 1.0 / totals) / weeks)
        mean[days, cut] = level[:, None] * part / part.sum(axis=1, keepdims=True)
        error[days, cut] = np.sqrt(weight * noise + (1.0 - weight) * noise / len(days))
    return mean, error


def _by_intent(demand: Demand, use: Bools, mean: Floats, spans: tuple[Span | None, ...]) -> Floats:
    """Spread expected contacts over intents: by their shares around the hour, of all weekdays with these hours."""
    shares = np.zeros((*mean.shape, len(demand.intents)))
    whole = np.where(use[:, :, None], demand.counts, 0.0)
    around_it = max(1, round(3600 / demand.interval_s))
    for span in {span for span in spans if span is not None}:
        days = [weekday for weekday in range(7) if spans[weekday] == span]
        counts = whole[np.isin(demand.weekdays, days)].sum(axis=0)
        smooth = np.stack([np.convolve(column, np.ones(2 * around_it + 1), "same") for column in counts.T], axis=1)
        smooth = smooth + 2.0 * counts.sum(axis=0) / max(counts.sum(), 1.0)
        shares[days] = smooth / np.maximum(smooth.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(mean[:, :, None] * shares)


# Spread beyond Poisson ----------------------------------------------------------------------------------------------


def _interval_cv(demand: Demand, use: Bools, mean: Floats, seen: Floats) -> FittedNumber:
    """Spread of intervals around their day's own level, with an interval from leaving out a day at a time.

    Given the day's count T, cells that differ by Poisson noise alone are multinomial with the weekday's shares p; the
    mean of (N - T p)^2 - T p (1 - p) is the rest. Shares come from the same days: the loss of freedom is made good.
    """
    rows = []
    for day in np.flatnonzero(use.any(axis=1)):
        weekday, cells = demand.weekdays[day], use[day]
        usual = mean[weekday, cells]
        weeks = float(seen[weekday].max())
        if weeks < 2 or usual.sum() <= 0 or cells.sum() < 2:
            continue
        part, counts = usual / usual.sum(), demand.totals[day, cells]
        whole = counts.sum()
        fix = weeks / (weeks - 1.0)
        over = ((counts - whole * part) ** 2).sum() * fix - whole * (1.0 - (part**2).sum())
        squares = (part**2).sum()
        under = whole * whole * (squares - 2 * (part**3).sum() + squares**2)
        rows.append((over, under))
    if len(rows) < 2:
        return FittedNumber(0.0)
    blocks = np.array(rows)
    value = float(blocks[:, 0].sum() / blocks[:, 1].sum())
    rest = blocks.sum(axis=0) - blocks
    each = rest[:, 0] / rest[:, 1]
    count = len(rows)
    error = math.sqrt((count - 1) / count * float(((each - each.mean()) ** 2).sum()))
    span = around(value, error)
    return root(*span)


def _busyness_cv(demand: Demand, use: Bools, mean: Floats, interval_cv: float) -> FittedNumber:
    """Spread of days around their weekday's mean, beyond Poisson and the spread of intervals."""
    days = np.flatnonzero(use.any(axis=1))
    usual = np.where(use[days], mean[demand.weekdays[days]], 0.0)
    counts = np.where(use[days], demand.totals[days], 0.0).sum(axis=1)
    expected, noise = usual.sum(axis=1), usual.sum(axis=1) + interval_cv**2 * (usual**2).sum(axis=1)
    weekdays = demand.weekdays[days]
    sizes = np.bincount(weekdays, minlength=7)[weekdays]
    enough = (sizes > 1) & (expected > 0)
    degrees = int(enough.sum() - len(set(weekdays[enough])))
    if degrees < 2:
        return FittedNumber(0.0)
    off = (counts - expected)[enough] ** 2
    weight = expected[enough] ** 2
    fix = enough.sum() / degrees
    variance = float(off.sum() * fix / weight.sum())
    plain = float(noise[enough].sum() / weight.sum())
    value = variance - plain
    even = float(weight.sum() ** 2 / (weight**2).sum()) * degrees / enough.sum()
    tails = max(even / (1.0 + 3.0 * max(value, 0.0)), 1.0)
    low, high = chi_square_span(variance, tails)
    return root(value, low - plain, high - plain)


def _day(mean: Floats, busy: float, interval_cv: float, weeks: int) -> FittedNumber:
    """Contacts of a weekday with an interval of its mean."""
    total = float(mean.sum())
    if weeks < 1 or total <= 0:
        return FittedNumber(total)
    variance = total + interval_cv**2 * float((mean**2).sum()) + (busy * total) ** 2
    return around(total, math.sqrt(variance / weeks), 0.0)
