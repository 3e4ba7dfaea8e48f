"""Wrap-up of a log that does not record it, from what agents leave between two contacts: a survival fit.

What an agent leaves between two contacts is wrap-up and then idle time, and the log does not say where the one ends.
But while somebody waits whom the agent takes, the agent is not idle: what goes on is wrap-up, and if the wait ends with
this agent taking the next contact, wrap-up ended there and then. So a wrap-up is under observation whenever somebody
waits. It comes under observation late where the queue was empty at first, and is censored where the queue empties by
the doings of others; neither depends on how much of this wrap-up is left, nor on which idle agent a switch picks
(independent censoring and late entry: Andersen, Borgan, Gill and Keiding 1993, Statistical Models Based on Counting
Processes). Gaps that end with a contact which did not wait tell less, and what they tell depends on the switch's way to
pick among idle agents: they count until the last moment that somebody waited.

An agent may also go away after a contact. So a share of the gaps, fitted with the rest, has time away in it that is
long against wrap-up. No gap is cut off: leaving out the long ones would leave out the long wrap-ups.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from sim.calibrate.fits.estimate import UNKNOWN, Bools, FittedNumber, Floats, Ints
from sim.calibrate.fits.talk import weibull_shape

LONGEST_SEEN_S = 1800.0
"""Gaps are looked at for half an hour; what goes on longer is time away and counts as going on."""
NEXT_SPELL_S = 2 * 3600.0
"""After a longer gap the agent begins anew: the next contact says nothing of the wrap-up before it."""
LONGEST_RINGING_S = 15.0
FINEST_S = 0.1
MOST_GAPS = 4_000
LEAST_ENDS = 10
"""Fewer wrap-ups that are seen to end tell nothing of their mean."""


@dataclass(frozen=True)
class Handled:
    """Contacts of a log; all times in seconds since one midnight.

    Attributes
    ----------
    joined, left : when each contact joined the queue and left it; nan where that is not known.
    answered : whether an agent took it.
    end : of the talk; nan where not answered, or unknown.
    agent : who took it; -1 unknown.
    intent : of each.
    """

    joined: Floats
    left: Floats
    answered: Bools
    end: Floats
    agent: Ints
    intent: Ints


@dataclass(frozen=True)
class ObservedWrapUps:
    """Wrap-ups under observation, by age: seconds since the end of talk.

    Attributes
    ----------
    on_from, on_to : spells during which a wrap-up was seen to go on.
    ended_after, ended_by : between which ages a wrap-up was seen to end; it went on until the first.
    resolution_s : of the log's times.
    """

    on_from: Floats
    on_to: Floats
    ended_after: Floats
    ended_by: Floats
    resolution_s: float = 0.0


@dataclass(frozen=True)
class WrapUpFit:
    """Wrap-up by maximum likelihood.

    Attributes
    ----------
    mean : s, with an interval that holds for every law that explains the gaps about as well.
    cv : of the law that explains them best.
    law : that law: lognormal, gamma or weibull; unknown where too few ends were seen.
    ends : wrap-ups that ended while somebody waited.
    away : share of gaps with time away in them.
    longest_s : 99 of 100 wrap-ups are shorter.
    """

    mean: FittedNumber
    cv: float = math.nan
    law: str = "unknown"
    ends: int = 0
    away: float = 0.0
    longest_s: float = math.nan

    @property
    def known(self) -> bool:
        """Whether the log tells it."""
        return self.law != "unknown"


# What is seen ---------------------------------------------------------------------------------------------------------


def observed_wrap_ups(handled: Handled, member: Ints, takes: Bools) -> ObservedWrapUps:
    """What a log shows of wrap-up.

    Parameters
    ----------
    member : (agents,) the group of each agent.
    takes : (groups, intents) which group takes which intent.
    """
    step = _resolution(handled)
    given = handled.left - np.where(handled.answered, _ringing(handled), 0.0)
    waited = given - handled.joined > step
    known = np.flatnonzero(handled.answered & (handled.agent >= 0) & ~np.isnan(handled.end) & ~np.isnan(given))
    order = known[np.lexsort((given[known], handled.agent[known]))]
    agent, end = handled.agent[order], handled.end[order]
    follows = np.append(agent[1:] == agent[:-1], False)
    gap = np.where(follows, np.append(given[order][1:], 0.0) - end, np.inf)
    gap = np.where(gap > NEXT_SPELL_S, np.inf, gap)
    exact = np.append(waited[order][1:], False) & (gap <= LONGEST_SEEN_S)
    rows = np.flatnonzero(gap > -2 * step)
    rows = rows[:: max(math.ceil(len(rows) / MOST_GAPS), 1)]
    parts = []
    for group in range(len(takes)):
        mine = rows[member[agent[rows]] == group]
        spells = _waiting(handled.joined, given, waited & takes[group][handled.intent])
        parts.append(_seen(end[mine], np.maximum(gap[mine], 0.0), exact[mine], spells, step))
    on_from, on_to, after, by = (np.concatenate(column) for column in zip(*parts, strict=True))
    return ObservedWrapUps(on_from, on_to, after, by, step)


def _ringing(handled: Handled) -> float:
    """How long every contact waits until it is connected (s): what nearly all answered waits have in common."""
    waits = (handled.left - handled.joined)[handled.answered]
    waits = waits[~np.isnan(waits)]
    return min(float(np.quantile(waits, 0.02, method="lower")), LONGEST_RINGING_S) if waits.size else 0.0


def _resolution(handled: Handled) -> float:
    """The resolution of the log's times (s): a second where all are whole."""
    times = handled.left[~np.isnan(handled.left)]
    return 1.0 if (times == np.round(times)).all() else FINEST_S


def _waiting(joined: Floats, given: Floats, waited: Bools) -> tuple[Floats, Floats]:
    """The spells during which somebody waits, apart from each other and in order."""
    rows = np.flatnonzero(waited)
    order = rows[np.argsort(joined[rows], kind="stable")]
    if not order.size:
        return np.empty(0), np.empty(0)
    begins, ends = joined[order], np.maximum.accumulate(given[order])
    apart = np.append(True, begins[1:] > ends[:-1])
    return begins[apart], ends[np.append(apart[1:], True)]


def _seen(end: Floats, gap: Floats, exact: Bools, spells: tuple[Floats, Floats], step: float) -> tuple[Floats, ...]:
    """The spells of each gap during which somebody waited, and its end where somebody waited then."""
    begins, ends = spells
    after = np.maximum(gap - step / 2, 0.0)
    until = np.where(exact, after, np.minimum(gap, LONGEST_SEEN_S))
    first, last = np.searchsorted(ends, end, "right"), np.searchsorted(begins, end + until, "left")
    count = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(end)), count)
    place = np.arange(count.sum()) + np.repeat(first - np.cumsum(count) + count, count)
    low = np.maximum(begins[place] - end[row], 0.0)
    high = np.minimum(ends[place] - end[row], until[row])
    going = high > low
    return low[going], high[going], after[exact], gap[exact] + step / 2


# Likelihood -----------------------------------------------------------------------------------------------------------

LAWS = ("lognormal", "gamma", "weibull")
TOLD_APART = 1.92
"""Half the 95 % point of a chi-square: so far may a log likelihood lie below the best, of a mean or of a law."""
AWAY_S, AWAY_TIMES = 600.0, 6.0
"""Time away is exponential, with a mean of ten minutes and of six mean wrap-ups at least."""
MEANS, CVS, ODDS = (1.0, 1800.0), (0.05, 3.0), (-9.0, 0.0)
"""Within which the fit looks: mean (s), cv, log odds that a gap has time away in it."""


def share_longer(law: str, age: Floats, mean: float, cv: float) -> Floats:
    """The share of wrap-ups that are longer than an age."""
    if law == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr(-(np.log(age / mean) + sigma * sigma / 2) / sigma))
    if law == "gamma":
        return np.asarray(special.gammaincc(1.0 / (cv * cv), age / (mean * cv * cv)))
    shape = weibull_shape(cv)
    return np.asarray(np.exp(-((age / mean * math.gamma(1.0 + 1.0 / shape)) ** shape)))


class _Likelihood:
    """Minus the log likelihood of a law, as a function of log mean, log cv and log odds of time away."""

    def __init__(self, law: str, seen: ObservedWrapUps) -> None:
        self.law = law
        self.ages = np.concatenate([seen.on_from, seen.on_to, seen.ended_after, seen.ended_by])
        going, ends = len(seen.on_from), len(seen.ended_after)
        self.cuts = (going, 2 * going, 2 * going + ends)
        self.bounds = [tuple(math.log(edge) for edge in MEANS), tuple(math.log(edge) for edge in CVS), ODDS]

    def within(self, place: Floats) -> Floats:
        """The nearest parameters that are allowed."""
        low, high = np.array(self.bounds).T
        return np.clip(place, low[-len(place) :], high[-len(place) :])

    def minus(self, place: Floats) -> float:
        """Minus the log likelihood, rising outside the bounds."""
        at = self.within(place)
        mean, cv, away = math.exp(at[0]), math.exp(at[1]), float(special.expit(at[2]))
        longer = max(AWAY_TIMES * mean, AWAY_S)
        share = (1.0 - away) * share_longer(self.law, self.ages, mean, cv) + away * np.exp(-self.ages / longer)
        low, high, after, by = np.split(np.maximum(share, 1e-300), self.cuts)
        ended = np.log(np.maximum(1.0 - by / after, 1e-12)).sum()
        return float(-np.log(high / low).sum() - ended + 100.0 * ((place - at) ** 2).sum())

    def best(self, start: Floats) -> tuple[float, Floats]:
        """The least value and where it is."""
        value, place = _least(self.minus, start)
        return value, self.within(place)

    def profile(self, log_mean: float, start: Floats) -> float:
        """The least value at a mean."""
        return _least(lambda rest: self.minus(np.append(log_mean, rest)), start[1:])[0]

    def interval(self, best: float, place: Floats, level: float) -> tuple[float, float]:
        """The logarithms of the means whose profile is no higher than a level."""
        ends = []
        for sign, bound in ((-1.0, self.bounds[0][0]), (1.0, self.bounds[0][1])):
            inner, step = float(place[0]), 0.05

            def above(log_mean: float) -> float:
                return self.profile(log_mean, place) - level

            while (outer := inner + sign * step) * sign < bound * sign and above(outer) < 0:
                inner, step = outer, 1.6 * step
            outer = sign * min(outer * sign, bound * sign)
            ends.append(outer if above(outer) < 0 else optimize.brentq(above, inner, outer, xtol=0.004))
        return ends[0], ends[1]


def _least(minus: Callable[[Floats], float], start: Floats) -> tuple[float, Floats]:
    """The least value of a function, and where it is."""
    found = optimize.minimize(minus, start, method="Nelder-Mead", options={"maxfev": 600, "xatol": 2e-3, "fatol": 2e-3})
    return float(found.fun), np.asarray(found.x, np.float64)


def fit_wrap_up(seen: ObservedWrapUps) -> WrapUpFit:
    """Fit wrap-up by maximum likelihood, with the law that explains what was seen best.

    Notes
    -----
    The interval is by profile likelihood, and covers those of all laws that explain what was seen about as well: a law
    decides how long the wrap-ups are that were seen to go on, and not to end. No end is surer than half the log's
    resolution.
    """
    ends = len(seen.ended_by)
    if ends < LEAST_ENDS:
        return WrapUpFit(UNKNOWN, ends=ends)
    start = np.array([math.log(max(float(np.median(seen.ended_by)), 2.0)), -0.2, -3.0])
    fits = {law: (likelihood := _Likelihood(law, seen), *likelihood.best(start)) for law in LAWS}
    law = min(LAWS, key=lambda name: fits[name][1])
    _, least, place = fits[law]
    level = least + TOLD_APART
    spans = [fit.interval(value, at, level) for fit, value, at in fits.values() if value < level]
    mean, cv = math.exp(place[0]), math.exp(place[1])
    ages = mean * np.linspace(0.0, 20.0, 2001)[1:]
    longest = float(ages[np.argmin(share_longer(law, ages, mean, cv) >= 0.01)])
    finest = seen.resolution_s / 2
    low, high = math.exp(min(low for low, _ in spans)), math.exp(max(high for _, high in spans))
    fitted = FittedNumber(mean, max(low - finest, 0.0), high + finest)
    return WrapUpFit(fitted, cv, law, ends, float(special.expit(place[2])), longest)
