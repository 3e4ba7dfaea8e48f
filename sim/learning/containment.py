"""What the bot takes: containment, opt-out and the false share by sessions; by the fall of contacts without them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.clusters import Interval, clusters, interval, variance
from sim.learning.contacts import NOBODY, Arm, Bools, Floats, Ints, LoggedContacts, SessionEnd, Sessions, first_sessions

LEAST_SESSIONS = 50
LEAST_DAYS = 7
ONE_TAIL = 0.025
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Intake:
    """What the bot makes of the first sessions of one intent.

    Attributes
    ----------
    contained, opted_out, handed_over : shares of sessions, each with its interval; opted_out and handed_over are nan
        where no session is known.
    false_share : of what was contained, by sessions that somebody checked; nan where nobody did.
    sessions : how many.
    """

    intent: int
    contained: Interval
    opted_out: Interval
    handed_over: Interval
    false_share: Interval
    sessions: int


NOTHING = Interval(math.nan, math.nan, math.nan, math.nan)


def share(which: Bools, days: Ints, customers: Ints) -> Interval:
    """A share with its interval, clustered by day and by customer; exact where it is none or all (Clopper, Pearson)."""
    if which.size < LEAST_SESSIONS:
        return NOTHING
    value = float(which.mean())
    if value in (0.0, 1.0):
        far = 1.0 - ONE_TAIL ** (1.0 / which.size)
        return Interval(value, far / (2.0 * Z95), max(value - far, 0.0), min(value + far, 1.0))
    influence = ((which - value) / which.size)[:, None]
    se = float(np.sqrt(variance(influence, days, customers)[0, 0]))
    return _within(interval(value, se, clusters(days, np.full(days.size, NOBODY))))


def _within(found: Interval) -> Interval:
    """The same with ends from 0 to 1."""
    return found._replace(low=max(found.low, 0.0), high=min(found.high, 1.0))


def intakes(sessions: Sessions) -> dict[int, Intake]:
    """What the bot makes of each intent."""
    first = sessions.chosen(first_sessions(sessions) & (sessions.arm != Arm.CONTROL))
    return {
        int(intent): _intake(first.chosen(first.intent == intent), int(intent)) for intent in np.unique(first.intent)
    }


def _intake(sessions: Sessions, intent: int) -> Intake:
    days, customers = sessions.day, sessions.customer
    ends = (SessionEnd.CONTAINED, SessionEnd.OPTED_OUT, SessionEnd.HANDED_OVER)
    contained, opted_out, handed_over = (share(sessions.ended == end, days, customers) for end in ends)
    checked = (sessions.ended == SessionEnd.CONTAINED) & np.isfinite(sessions.resolved)
    false = share(sessions.resolved[checked] == 0.0, days[checked], customers[checked])
    return Intake(intent, contained, opted_out, handed_over, false, len(sessions))


def opt_out(sessions: Sessions) -> Interval:
    """The share of all first sessions in which a human was asked for at once."""
    first = sessions.chosen(first_sessions(sessions) & (sessions.arm != Arm.CONTROL))
    return share(first.ended == SessionEnd.OPTED_OUT, first.day, first.customer)


def false_containment(sessions: Sessions) -> Interval:
    """Of first sessions that resolved nothing, the share that the bot closed as done, by those that were checked."""
    first = sessions.chosen(first_sessions(sessions) & (sessions.arm != Arm.CONTROL))
    contained = first.ended == SessionEnd.CONTAINED
    checked = contained & np.isfinite(first.resolved)
    if checked.sum() < LEAST_SESSIONS:
        return NOTHING
    false = share(first.resolved[checked] == 0.0, first.day[checked], first.customer[checked])
    closed, over = float(contained.sum()) * false.value, float((first.ended == SessionEnd.HANDED_OVER).sum())
    whole = max(closed + over, 1.0)
    by_share = float(contained.sum()) * over / whole**2 * false.se
    value = closed / whole
    return _within(interval(value, math.hypot(by_share, math.sqrt(value * (1.0 - value) / whole)), clusters_of(first)))


def clusters_of(sessions: Sessions) -> int:
    """How many days there are."""
    return int(np.unique(sessions.day).size)


# Without sessions -----------------------------------------------------------------------------------------------------


def by_volume(contacts: LoggedContacts, intent: int, others: Bools) -> Intake | None:
    """Containment by the fall of an intent's contacts beside those of others; None where that cannot be told.

    Parameters
    ----------
    contacts : all of them, returns and those that gave up among them.
    others : the contacts that no bot can have taken, over both periods.

    Notes
    -----
    The mean over days of log(contacts of the intent / contacts of others), after less before; a share is one less its
    exponential. Days are the sample.
    """
    own = contacts.intent == intent
    ratios = []
    for after in (False, True):
        there = contacts.after == after
        ratios.append(_log_ratio(contacts.day[there & own], contacts.day[there & others]))
    if min(ratio.size for ratio in ratios) < LEAST_DAYS:
        return None
    fall = float(ratios[1].mean() - ratios[0].mean())
    se = math.sqrt(sum(float(ratio.var(ddof=1)) / ratio.size for ratio in ratios))
    found = interval(fall, se, min(ratio.size for ratio in ratios))
    contained = Interval(-math.expm1(fall), math.exp(fall) * se, -math.expm1(found.high), -math.expm1(found.low))
    return Intake(intent, contained, NOTHING, NOTHING, NOTHING, int(own.sum()))


def _log_ratio(own: Ints, others: Ints) -> Floats:
    """By day, where there are contacts of both."""
    days, counts = np.unique(own, return_counts=True)
    there, beside = np.unique(others, return_counts=True)
    common, first, second = np.intersect1d(days, there, return_indices=True)
    return np.log(counts[first] / beside[second]) if common.size else np.zeros(0)
