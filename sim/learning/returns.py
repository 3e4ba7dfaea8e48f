"""Who comes back, how many and when: after what the bot closed as done, and after agents left a need unresolved.

A customer comes back for the same need with a probability and after a delay, and for a new one at a steady rate that
those whose need was resolved show. Who has not come back by the end of the log still may. A return that falls on hours
in which nobody answers is made at the next opening.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit, ndtr

from sim.calibrate.fits.estimate import Z95
from sim.learning.clusters import Interval, interval
from sim.learning.contacts import DAY_S, NOBODY, Bools, Floats, Ints, LoggedContacts, SessionEnd, Sessions

WATCHED_S = 14 * DAY_S
LEAST_EVENTS, LEAST_RETURNS = 50, 20
SMALLEST, STEP, LONGEST = 1e-12, 1e-4, 25.0
EXPONENTIAL, LOGNORMAL = "exponential", "lognormal"


class Followed(NamedTuple):
    """What became of customers after an event, until the last close of two weeks or the end of the log.

    Attributes
    ----------
    after_s : (events,) until the customer came back; the time watched where it did not.
    came : whether it came back.
    early_s, opened_s : (events,) until the last close before the return, and until the opening after that; 0 where they
        lie before the event.
    open_s : (events,) length of the opening hours in which the return fell.
    customers : whose event it is.
    """

    after_s: Floats
    came: Bools
    early_s: Floats
    opened_s: Floats
    open_s: Floats
    customers: Ints


@dataclass(frozen=True)
class Returned:
    """Returns after one kind of event.

    Attributes
    ----------
    probability : comes back for the same need, sooner or later.
    delay_s : mean delay of those who do.
    cv : of the delay.
    within_week : share that came back within seven days, for whatever reason.
    """

    probability: Interval
    delay_s: Interval
    within_week: Interval
    events: int
    cv: float


class Hours(NamedTuple):
    """When the centre was open: (dates,) seconds of the first and the last contact of each date, in order."""

    opened: Floats
    closed: Floats


def hours_of(contacts: LoggedContacts) -> Hours:
    """Opening hours by date, as contacts show them."""
    order = np.argsort(contacts.time_s)
    times = contacts.time_s[order]
    _, first = np.unique(times // DAY_S, return_index=True)
    last = np.append(first[1:], times.size) - 1
    return Hours(times[first], times[last])


def followed(index: Bools, contacts: LoggedContacts, sessions: Sessions | None, of_sessions: bool) -> Followed:
    """What became of customers after some contacts, or after some sessions.

    Parameters
    ----------
    index : which contacts, or which sessions where `of_sessions`.
    """
    who, what, when, chosen = _events(index, contacts, sessions, of_sessions)
    order = np.lexsort((when, what, who))
    who, what, when, chosen = who[order], what[order], when[order], chosen[order]
    same = np.append((np.diff(who) == 0) & (np.diff(what) == 0), False)
    gap = np.append(np.diff(when), np.inf)
    hours = hours_of(contacts)
    until = np.minimum(_end_of_log(contacts, when), _last_close(hours, when + WATCHED_S)) - when
    came = same & (gap <= until)
    after = np.where(came, gap, np.maximum(until, 0.0))
    kept = chosen & (after > 0.0) & (who != NOBODY)
    back = (when + after)[kept]
    at = np.clip(np.searchsorted(hours.opened, back, "right") - 1, 0, hours.opened.size - 1)
    opened, open_s = hours.opened[at], np.maximum(hours.closed[at] - hours.opened[at], 3600.0)
    shut = np.where(at > 0, hours.closed[at - 1], -np.inf)
    begun = when[kept]
    early, late = np.maximum(shut - begun, 0.0), np.maximum(opened - begun, 0.0)
    return Followed(after[kept], came[kept], early, late, open_s, who[kept])


def _last_close(hours: Hours, at: Floats) -> Floats:
    """(events,) the last close by a moment.

    After it nobody is on the way: at any other moment, some of those whose delay is over wait for a next opening.
    """
    place = np.searchsorted(hours.closed, at, "right") - 1
    return np.where(place >= 0, hours.closed[np.maximum(place, 0)], -np.inf)


def _end_of_log(contacts: LoggedContacts, when: Floats) -> Floats:
    """(events,) until when the log of the same period goes on: between two periods there may be a gap."""
    last = float(contacts.time_s.max())
    if not contacts.after.any() or contacts.after.all():
        return np.full(when.size, last)
    return np.where(when < contacts.time_s[contacts.after].min(), contacts.time_s[~contacts.after].max(), last)


def _events(
    index: Bools, contacts: LoggedContacts, sessions: Sessions | None, of_sessions: bool
) -> tuple[Ints, Ints, Floats, Bools]:
    """Customers, intents and times of all contacts and of sessions that kept them, and which are looked at."""
    who, what, when = [contacts.customer], [contacts.intent], [contacts.time_s]
    chosen = [np.zeros(len(contacts), bool) if of_sessions else index]
    if sessions is not None:
        kept = sessions.ended == SessionEnd.CONTAINED
        who.append(sessions.customer[kept])
        what.append(sessions.intent[kept])
        when.append(sessions.time_s[kept])
        chosen.append(index[kept] if of_sessions else np.zeros(int(kept.sum()), bool))
    return np.concatenate(who), np.concatenate(what), np.concatenate(when), np.concatenate(chosen)


# New needs ------------------------------------------------------------------------------------------------------------


def new_needs(resolved: Followed) -> float:
    """Returns a second of those whose need was resolved: new needs."""
    watched = float(resolved.after_s.sum())
    return float(resolved.came.sum()) / watched if watched > 0.0 else 0.0


# Returns for the same need ------------------------------------------------------------------------------------------


def returned(events: Followed, rate: float, shape: str) -> Returned | None:
    """Probability and delay of returns by likelihood; None where too few came back.

    Parameters
    ----------
    rate : of new needs, a second.
    shape : of the delay: exponential or lognormal.
    """
    if events.came.size < LEAST_EVENTS or events.came.sum() < LEAST_RETURNS:
        return None
    start = np.array([float(logit(np.clip(events.came.mean(), 0.02, 0.95))), math.log(2.5 * DAY_S), math.log(0.8)])
    size = 3 if shape == LOGNORMAL else 2
    found = minimize(_loss, start[:size], args=(events, rate), method="Nelder-Mead", options={"maxiter": 2000})
    values = np.asarray(found.x)
    spread = _covariance(values, events, rate)
    ends = [interval(float(values[k]), math.sqrt(spread[k, k]), 10**6) for k in range(2)]
    middle = [float(expit(end)) for end in (ends[0].value, ends[0].low, ends[0].high)]
    probability = Interval(middle[0], (middle[2] - middle[1]) / (2.0 * Z95), middle[1], middle[2])
    delay = _mean_delay(values, spread)
    week = (events.came & (events.after_s <= DAY_S * 7)).mean()
    se = math.sqrt(week * (1.0 - week) / events.came.size)
    cv = 1.0 if values.size == 2 else math.sqrt(math.expm1(math.exp(2.0 * float(values[2]))))
    return Returned(probability, delay, interval(float(week), se, 10**6), events.came.size, cv)


def _mean_delay(values: Floats, spread: Floats) -> Interval:
    """Mean of the delay: of a lognormal one from median and spread."""
    along = np.zeros(values.size)
    along[1] = 1.0
    logarithm = float(values[1])
    if values.size == 3:
        sd = math.exp(float(values[2]))
        logarithm, along[2] = logarithm + sd * sd / 2.0, sd * sd
    own = interval(logarithm, math.sqrt(float(along @ spread @ along)), 10**6)
    value, low, high = (math.exp(min(end, LONGEST)) for end in (own.value, own.low, own.high))
    return Interval(value, (high - low) / (2.0 * Z95), low, high)


def _covariance(values: Floats, events: Followed, rate: float) -> Floats:
    """Of the parameters, by what each customer adds to the score."""
    scores = np.empty((events.came.size, values.size))
    for k in range(values.size):
        step = np.zeros(values.size)
        step[k] = STEP
        scores[:, k] = (_logs(values + step, events, rate) - _logs(values - step, events, rate)) / (2 * STEP)
    groups = np.unique(events.customers, return_inverse=True)[1]
    sums = np.stack([np.bincount(groups, column) for column in scores.T], axis=1)
    return np.asarray(np.linalg.pinv(sums.T @ sums, hermitian=True))


def _loss(values: Floats, events: Followed, rate: float) -> float:
    return -float(_logs(values, events, rate).sum())


def _logs(values: Floats, events: Followed, rate: float) -> Floats:
    """(events,) log likelihood of coming back when they did, or of not having come back yet.

    A return at time t of a date is one that fell there, or one that fell between the last close and this opening and
    is made at a time of the opening hours.
    """
    chance = float(expit(values[0]))
    by, density = _by(values, events.after_s), _density(values, events.after_s)
    past_night = np.where(events.after_s >= events.opened_s, 1.0 / events.open_s, 0.0)
    density = density + (_by(values, events.opened_s) - _by(values, events.early_s)) * past_night
    stays = 1.0 - chance * by
    comes = chance * density + rate * (1.0 + (events.opened_s - events.early_s) * past_night) * stays
    return np.asarray(np.log(np.maximum(np.where(events.came, comes, stays), SMALLEST)) - rate * events.after_s)


def _by(values: Floats, times: Floats) -> Floats:
    """Share of delays that are over by some times."""
    if values.size == 3:
        spread = math.exp(float(values[2]))
        return np.where(times > 0.0, ndtr((np.log(np.maximum(times, 1.0)) - values[1]) / spread), 0.0)
    return np.asarray(-np.expm1(-times / math.exp(float(values[1]))))


def _density(values: Floats, times: Floats) -> Floats:
    """Density of delays at some times."""
    if values.size == 3:
        spread, place = math.exp(float(values[2])), np.maximum(times, 1.0)
        score = (np.log(place) - values[1]) / spread
        return np.asarray(np.exp(-0.5 * score * score) / (math.sqrt(2.0 * math.pi) * spread * place))
    mean = math.exp(float(values[1]))
    return np.asarray(np.exp(-times / mean) / mean)
