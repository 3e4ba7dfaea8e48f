"""Weekdays that are alike borrow strength from each other, as far as chance explains how they differ.

Empirical Bayes (James and Stein 1961; Efron and Morris 1973): the weight of a weekday's own value is the variance
between weekdays over that and its noise.
"""

from __future__ import annotations

import numpy as np

from sim.calibrate.fits.estimate import Floats

LEAST = 1e-9


def levels(totals: Floats, noise: Floats) -> Floats:
    """Totals of alike weekdays moved towards their mean.

    Parameters
    ----------
    totals : (weekdays,).
    noise : (weekdays,) relative variance of each total.
    """
    mean = float(totals.mean())
    if len(totals) < 2 or mean <= 0:
        return totals
    between = max(float(((totals / mean - 1.0) ** 2).sum() / (len(totals) - 1) - noise.mean()), 0.0)
    own = between / np.maximum(between + noise, LEAST)
    return np.asarray(mean * (1.0 + own * (totals / mean - 1.0)))


def own_weight(own: Floats, common: Floats, noise: Floats) -> Floats:
    """The weight of each weekday's own share of an interval, (weekdays, intervals), against that of all.

    Parameters
    ----------
    own : (weekdays, intervals) shares.
    common : (intervals,) shares of all weekdays together.
    noise : (weekdays, intervals) relative variance of each own share.
    """
    days, some = len(own), common > 0
    if days < 2 or not some.any():
        return np.ones_like(noise)
    off = (own[:, some] / common[some] - 1.0) ** 2 * days / (days - 1)
    weight = np.broadcast_to(common[some], off.shape)
    between = max(float(np.average(off - noise[:, some], weights=weight)), 0.0)
    return np.asarray(between / np.maximum(between + noise, LEAST))
