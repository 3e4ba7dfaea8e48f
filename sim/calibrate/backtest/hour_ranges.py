"""The range of an hour: the narrowest that, by the hours predicted before, holds nine in ten.

A simulation makes busy hours too bad and quiet ones too good, where agents come when there is a queue and step away
when there is none. What it says of the hours of earlier weeks, beside what came, tells by how much: each quantile of
its draws is moved along a straight line (quantile regression; Koenker and Bassett 1978), and of the corrected ranges
that hold 90 % the narrowest is taken (sharpness subject to calibration; Gneiting, Balabdaoui and Raftery 2007).
Abandonment is skewed and often 0: equal tails leave out hours without any, and reach further up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from sim.calibrate.fits.estimate import Floats

COVER = 0.90
TAILS = np.arange(6) * (1.0 - COVER) / 10.0
"""What is left out below: from nothing, where the range begins at 0, to as much as above."""
ENOUGH = 250
"""Hours predicted before, so that a dozen lie beyond a twentieth."""


@dataclass(frozen=True)
class DrawnHours:
    """Hours predicted, and quantiles of the draws of each.

    Attributes
    ----------
    table : date, hour, offered, abandonment, expected; low and high with equal tails.
    low, high : (hours, tails) the share of contacts lost below which TAILS of the draws lie, and COVER more of them.
    """

    table: pd.DataFrame
    low: Floats
    high: Floats


def quantiles_of(share: Floats) -> tuple[Floats, Floats]:
    """Both ends of the ranges, (tails,) each, from the draws of an hour; all there is where none has a contact."""
    if not share.size:
        return np.zeros(len(TAILS)), np.ones(len(TAILS))
    low, high = (np.quantile(share, tails, method="weibull") for tails in (TAILS, TAILS + COVER))
    return np.where(TAILS > 0, low, 0.0), np.asarray(high)


def with_ranges(now: DrawnHours, before: Sequence[DrawnHours]) -> pd.DataFrame:
    """The hours with their ranges, and whether each held what came; equal tails while hours before are few.

    Parameters
    ----------
    now : what came in these hours is compared only.
    before : hours of earlier weeks.
    """
    low, high = (now.table[end].to_numpy() for end in ("low", "high"))
    if sum(len(hours.table) for hours in before) >= ENOUGH:
        low, high = _narrowest(now, before)
    came = now.table["abandonment"]
    inside = (came >= low - 1e-12) & (came <= high + 1e-12)
    return now.table.assign(low=low, high=high, inside=inside)


def _narrowest(now: DrawnHours, before: Sequence[DrawnHours]) -> tuple[Floats, Floats]:
    came = np.concatenate([hours.table["abandonment"].to_numpy() for hours in before])
    lows, highs = (np.concatenate([getattr(hours, end) for hours in before]) for end in ("low", "high"))
    low, high = np.zeros_like(now.low), np.zeros_like(now.high)
    for number, tail in enumerate(TAILS):
        if tail > 0:
            low[:, number] = _moved(now.low[:, number], lows[:, number], came, float(tail))
        high[:, number] = _moved(now.high[:, number], highs[:, number], came, float(tail) + COVER)
    width = np.where(high >= low, high - low, np.inf)
    best = np.argmin(width, axis=1)[:, None]
    chosen_low, chosen_high = (np.take_along_axis(ends, best, axis=1)[:, 0] for ends in (low, high))
    return chosen_low, chosen_high


def _moved(drawn: Floats, before: Floats, came: Floats, quantile: float) -> Floats:
    """Quantiles of draws along the line that fits those of hours before, a share from 0 to 1."""
    level, slope = quantile_line(before, came, quantile)
    return np.clip(level + slope * drawn, 0.0, 1.0)


def quantile_line(x: Floats, y: Floats, quantile: float) -> tuple[float, float]:
    """Level and slope of the straight line below which a share `quantile` of the points lies.

    It is found from the dual linear programme, which has two rows whatever the number of points.
    """
    rows = np.stack([np.ones_like(x), x])
    found = optimize.linprog(-y, A_eq=rows, b_eq=(1.0 - quantile) * rows.sum(axis=1), bounds=(0.0, 1.0), method="highs")
    level, slope = -found.eqlin.marginals
    return float(level), float(slope)
