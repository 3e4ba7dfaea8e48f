"""How much a bot took from week to week, where that differed: most grow into their work."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from sim.learning.checks import DOUBTFUL
from sim.learning.contacts import Arm, Floats, SessionEnd, Sessions, first_sessions
from sim.learning.copula import Taken, mean_score

WEEK, LEAST_SESSIONS, LEAST_WEEKS = 7, 50, 2
LEAST, MOST = 0.005, 0.99


class Weekly(NamedTuple):
    """What the bot took of an intent, week by week.

    Attributes
    ----------
    start : the day with which the first week begins.
    taken : of each week.
    reached : (weeks,) sessions that were not contained.
    """

    start: int
    taken: tuple[Taken, ...]
    reached: Floats

    def as_hard_as(self) -> float:
        """The share taken that leaves needs as hard as those that all weeks leave together."""
        parts = [_harder(each.capable) for each in self.taken]
        mean = float(self.reached @ parts) / float(self.reached.sum())
        return float(brentq(lambda capable: _harder(capable) - mean, LEAST, MOST))


def _harder(capable: float) -> float:
    return mean_score(1.0, Taken(capable, 0.0))


def weekly(sessions: Sessions, intent: int, whole: Taken, contained: float) -> Weekly | None:
    """What the bot took week by week; None where that differed hardly more than luck gives.

    Parameters
    ----------
    whole, contained : what it took over all weeks, and the containment that goes with it.
    """
    first = first_sessions(sessions) & (sessions.arm != Arm.CONTROL) & (sessions.intent == intent)
    start = int(sessions.day.min())
    week, kept_rows = (sessions.day[first] - start) // WEEK, sessions.ended[first] == SessionEnd.CONTAINED
    count, kept = (np.asarray(np.bincount(week, each), np.float64) for each in (None, kept_rows))
    parts = _parts(count, kept)
    if parts is None:
        return None
    capable = np.clip(whole.capable * parts, LEAST, MOST)
    left = np.maximum(1.0 - contained * parts, LEAST)
    asked = np.minimum(whole.unchosen * (1.0 - contained) / left, 1.0)
    taken = tuple(Taken(float(one), float(other)) for one, other in zip(capable, asked, strict=True))
    return Weekly(start, taken, count - kept)


def _parts(count: Floats, kept: Floats) -> Floats | None:
    """(weeks,) containment over that of all weeks, drawn towards 1 as far as differences are luck."""
    enough = count >= LEAST_SESSIONS
    if enough.sum() < LEAST_WEEKS or not 0.0 < kept[enough].sum() < count[enough].sum():
        return None
    mean = float(kept[enough].sum() / count[enough].sum())
    apart = np.where(enough, kept / np.maximum(count, 1.0) - mean, 0.0)
    beyond = float(count[enough] @ apart[enough] ** 2) / (mean * (1.0 - mean))
    free = int(enough.sum()) - 1
    if chi2.sf(beyond, free) >= DOUBTFUL:
        return None
    return np.asarray(1.0 + (1.0 - free / beyond) * apart / mean)
