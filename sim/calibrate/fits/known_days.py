"""What a calendar says of a day before it comes: as which weekday it opens, and which part of the month it is in.

A holiday opens like a Saturday and its eve like a Friday, and customers call as on those: a day whose known hours are
those of another weekday counts as that weekday. Days after such days, and parts of the month (salaries, bills), differ
from their weekday by a factor that the days before tell, moved towards 1 as far as chance explains it (empirical Bayes;
Efron and Morris 1973).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.calibrate.fits.arrivals import MAD_TO_SD, UNUSUAL_LEAST, UNUSUAL_MADS, hours_of_day
from sim.calibrate.fits.centre import ObservedCounts
from sim.calibrate.fits.estimate import Bools, Floats, Ints

CLOSED = -1
ALIKE, MORE_ALIKE = 0.75, 0.25
"""A day keeps its weekday if it shares so much of its hours, or if no other weekday shares so much more."""
DAYS_IN_PART, PARTS = 3, 10
"""The month in parts of three days; the 31st belongs to the last."""
AFTER = PARTS
"""The class of days after closed days and days that open like another weekday."""
AROUND, ENOUGH_DAYS = 28, 8
LEAST_DAYS = 56
"""Two months tell a part of the month from a change of level."""


@dataclass(frozen=True)
class KnownDays:
    """Days as a calendar knows them.

    Attributes
    ----------
    kind : (days,) the weekday as which each opens, Monday 0; CLOSED where it does not open.
    part : (days,) part of the month; AFTER for days after days out of the ordinary.
    """

    kind: Ints
    part: Ints


def known_days(counts: ObservedCounts, interval_s: float, last: int, end: int) -> KnownDays:
    """The days up to `end`, whose hours are known, by what was usual before `last`."""
    weekday = np.asarray(counts.dates.day_of_week[:end], np.int64)
    spans = np.array([hours_of_day(row, interval_s) or (0, 0) for row in counts.answered[:end]], np.float64)
    is_open = spans[:, 1] > spans[:, 0]
    usual = np.zeros((7, 2))
    for day in range(7):
        rows = spans[:last][(weekday == day)[:last] & is_open[:last]]
        usual[day] = np.median(rows, axis=0) if len(rows) else (0.0, 0.0)
    kind = np.array([_kind(span, usual, day) for span, day in zip(spans, weekday, strict=True)], np.int64)
    kind[~is_open] = CLOSED
    part = np.minimum((np.asarray(counts.dates.day[:end]) - 1) // DAYS_IN_PART, PARTS - 1)
    part[_after(kind, weekday, usual)] = AFTER
    return KnownDays(kind, np.asarray(part, np.int64))


def _kind(span: Floats, usual: Floats, weekday: int) -> int:
    """The weekday whose usual hours a day has."""
    both = np.minimum(span[1], usual[:, 1]) - np.maximum(span[0], usual[:, 0])
    either = np.maximum(span[1], usual[:, 1]) - np.minimum(span[0], usual[:, 0])
    shared = np.where(usual[:, 1] > usual[:, 0], np.maximum(both, 0.0) / np.maximum(either, 1.0), 0.0)
    best = int(np.argmax(shared))
    own = shared[weekday]
    return weekday if own >= ALIKE or shared[best] < own + MORE_ALIKE else best


def _after(kind: Ints, weekday: Ints, usual: Floats) -> Bools:
    """Usual days after days out of the ordinary, up to the first one with a whole day's hours."""
    length = usual[:, 1] - usual[:, 0]
    whole = length >= 0.75 * length.max()
    marked, after = np.zeros(len(kind), bool), False
    for day in range(len(kind)):
        odd = kind[day] != weekday[day] and length[weekday[day]] > 0
        marked[day] = after and not odd
        after = odd or (after and not whole[weekday[day]])
    return marked


def day_effects(totals: Floats, days: KnownDays, last: int) -> Floats:
    """How many times its weekday's usual contacts each day is expected to have, (days,).

    Parameters
    ----------
    totals : (days,) contacts; those before `last` are known.
    """
    effect = np.zeros(PARTS + 1)
    if last >= LEAST_DAYS:
        off = local_residuals(totals, days.kind, last)
        there = ~np.isnan(off) & (np.abs(off) < UNUSUAL_LEAST)
        effect = _moved(off[there], days.part[:last][there], np.flatnonzero(there))
    return np.asarray(np.exp(effect)[days.part])


def local_residuals(totals: Floats, kind: Ints, last: int) -> Floats:
    """Logarithms of each day's total against the median of its kind four weeks around; nan where there are too few."""
    logs, off = np.log(np.maximum(totals[:last], 1e-9)), np.full(last, np.nan)
    for day in range(last):
        near = np.arange(max(day - AROUND, 0), min(day + AROUND + 1, last))
        alike = near[(kind[near] == kind[day]) & (totals[near] > 0)]
        if kind[day] != CLOSED and totals[day] > 0 and len(alike) > 2:
            off[day] = logs[day] - np.median(logs[alike])
    return off


def _moved(off: Floats, part: Ints, day: Ints) -> Floats:
    """Mean residual of each part, moved towards 0; a part of one month is one observation, however many days it has."""
    table = pd.DataFrame({"part": part, "month": day // 30, "off": off}).groupby(["part", "month"])["off"].mean()
    means = table.groupby("part").agg(["mean", "size"])
    noise = float(((table - means["mean"].reindex(table.index, level="part")) ** 2).sum())
    noise /= max(len(table) - len(means), 1)
    error = noise / means["size"]
    between = max(float((means["mean"] ** 2 - error).mean()), 0.0)
    effect = np.zeros(PARTS + 1)
    effect[means.index.to_numpy()] = means["mean"] * between / np.maximum(between + error, 1e-12)
    return effect


# Spread -------------------------------------------------------------------------------------------------------------


def spread_of_days(offered: Floats, days: KnownDays, effects: Floats, last: int, interval_cv: float) -> float:
    """How far days stray from what the calendar says of them, beyond Poisson noise and that of intervals (cv), or nan.

    All days before `last` tell it, each stretch of four weeks around its own means: four weeks alone have too few days.

    Parameters
    ----------
    offered : (days, intervals) contacts.
    effects : (days,) what the calendar says of each day.
    """
    totals = offered[:last].sum(axis=1)
    part = offered[:last] / np.maximum(totals[:, None], 1.0)
    noise = 1.0 / np.maximum(totals, 1.0) + interval_cv**2 * (part**2).sum(axis=1)
    off = _stretch_residuals(totals / effects[:last], days.kind[:last])
    there = ~np.isnan(off)
    if there.sum() < ENOUGH_DAYS:
        return math.nan
    limit = max(UNUSUAL_MADS * MAD_TO_SD * float(np.median(np.abs(off[there]))), UNUSUAL_LEAST)
    usual = there & (np.abs(np.nan_to_num(off)) < limit)
    return float(np.sqrt(max(float((off[usual] ** 2 - noise[usual]).mean()), 0.0)))


def _stretch_residuals(values: Floats, kind: Ints) -> Floats:
    """Logarithms against the median of their kind in the same four weeks, made good for it being theirs; or nan."""
    off = np.full(len(kind), np.nan)
    stretch = (len(kind) - 1 - np.arange(len(kind))) // AROUND
    for piece in np.unique(stretch):
        for one in np.unique(kind[kind != CLOSED]):
            mine = np.flatnonzero((stretch == piece) & (kind == one) & (values > 0))
            if len(mine) > 1:
                logs = np.log(values[mine])
                off[mine] = (logs - np.median(logs)) * np.sqrt(len(mine) / (len(mine) - 1))
    return off
