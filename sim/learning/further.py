"""Numbers beside the bot's choosing: returns, lost context, what waiting does, talk by time on duty."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.adjusted import Adjusted
from sim.learning.believing import believed, measured, or_belief
from sim.learning.clusters import Interval
from sim.learning.contacts import NOBODY, Bools, LoggedContacts, SessionEnd, Sessions, first_sessions
from sim.learning.context import LostContext, lost_context
from sim.learning.fatigue import by_time_on_duty
from sim.learning.lengthened import TALK
from sim.learning.priors import Prior, prior_of
from sim.learning.result import Learned
from sim.learning.returns import EXPONENTIAL, LOGNORMAL, Followed, Returned, followed, new_needs, returned
from sim.learning.waits import patience_of_returns, talk_by_waiting
from sim.scenario.model import Scenario

REPEAT, FALSELY = "customers.repeat", "customers.repeat.falsely_contained"
SOONER, ON_DUTY = "patience of those who come back", "talk by an hour on duty"
AT_LEAST = "false share of {} at least"


class Returns:
    """Who came back after what, of all contacts and sessions; new needs by those whose need an agent resolved."""

    def __init__(self, contacts: LoggedContacts, sessions: Sessions | None) -> None:
        self.contacts, self.sessions = contacts, sessions
        resolved = self._after(contacts.resolved == 1.0)
        self.rate = new_needs(resolved)
        self.known = bool((contacts.customer != NOBODY).any()) and resolved.came.size > 0

    def _after(self, index: Bools, of_sessions: bool = False) -> Followed:
        return followed(index, self.contacts, self.sessions, of_sessions)

    def unresolved(self) -> Returned | None:
        """After contacts that resolved nothing."""
        return returned(self._after(self.contacts.resolved == 0.0), self.rate, LOGNORMAL) if self.known else None

    def contained(self, sessions: Sessions, which: Bools) -> Returned | None:
        """After some of the sessions that were contained."""
        rows = which & (sessions.ended == SessionEnd.CONTAINED)
        return returned(self._after(rows, True), self.rate, EXPONENTIAL) if self.known else None


def false_shares(returns: Returns, sessions: Sessions) -> dict[int, Interval]:
    """The least that the false share of each intent can be: who comes back for the same need was not helped.

    Of first sessions, as the false share itself: those who meet the bot again bring needs that it did not resolve.
    """
    found, first = {}, first_sessions(sessions)
    for intent in np.unique(sessions.intent):
        back = returns.contained(sessions, first & (sessions.intent == intent))
        if back is not None:
            found[int(intent)] = back.probability
    return found


def false_share_by_returns(least: Interval, prior: Prior, comes_back: Prior) -> Prior:
    """What is believed of a false share once returns are counted: so many, over the share of such that come back."""
    low = max(prior.low, least.low)
    high = max(min(prior.high, least.high / max(comes_back.low, 0.05)), least.high, low + 0.01)
    return Prior(min(max(least.value / comes_back.value, low), high), low, high)


def checked_and_returned(checked: Interval, least: Interval | None) -> Interval:
    """A false share by checked sessions, which is no less than who came back.

    Notes
    -----
    The low end is the higher of both. Where the checks alone say less than the returns do, by luck, both are pooled by
    their variances, the likeliest under the bound, and the interval is no narrower than that of the pooled value. Where
    they contradict each other the interval holds both.
    """
    if least is None or math.isnan(checked.value) or least.low <= checked.low:
        return checked
    if contradicted(checked, least):
        low, high, value = checked.low, least.high, 0.5 * (checked.value + least.value)
    else:
        shares = np.array([checked.se, least.se]) ** -2.0
        pooled, half = float(shares @ [checked.value, least.value] / shares.sum()), Z95 * float(shares.sum()) ** -0.5
        value = min(max(checked.value, pooled, least.low), checked.high)
        low, high = min(least.low, value - half), max(checked.high, value + half)
    return Interval(value, (high - low) / (2.0 * Z95), low, high)


def contradicted(checked: Interval, least: Interval) -> bool:
    """Whether more came back than checked sessions say were not resolved, by more than luck."""
    return checked.high < least.low


def further_numbers(
    data: Adjusted,
    returns: Returns,
    first: Bools,
    least: dict[int, Interval],
    scenario: Scenario | None,
    by_shape: LostContext | None = None,
) -> Iterator[Learned]:
    """Everything beside the bot's choosing, in the order of the report."""
    names, sessions = data.contacts.intents, returns.sessions
    for intent, found in least.items():
        why = "contained sessions whose customer came back for the same need; who gives up leaves no trace"
        yield measured(AT_LEAST.format(names[intent]), found, why)
    yield from _of_returns(REPEAT, returns.unresolved(), scenario, "no column says what was resolved, or customers")
    if sessions is not None and (checked := np.isfinite(sessions.resolved)).any():
        false = returns.contained(sessions, checked & (sessions.resolved == 0.0))
        yield from _of_returns(FALSELY, false, scenario, "too few such sessions, or customers are not known")
    yield from _of_context(data, scenario, by_shape)
    yield from _of_waits(data, returns.contacts, first, scenario)
    duty = by_time_on_duty(data)
    if duty is not None:
        why = "talk of agents on days on which they began at other times: the product of build-up and effect of fatigue"
        yield measured(ON_DUTY, duty, why, data.clusters)


def _of_returns(key: str, found: Returned | None, scenario: Scenario | None, why_not: str) -> Iterator[Learned]:
    prior = prior_of(scenario, f"{key}.probability")
    if found is None:
        yield believed(f"{key}.probability", prior, "not_identified", why_not)
        return
    why = f"{found.events:,} such needs, followed for two weeks; returns for new needs taken out"
    yield or_belief(f"{key}.probability", found.probability, prior, why, "too few returns", found.events)
    yield replace(measured(f"{key}.delay", found.delay_s, why, found.events), cv=found.cv)


def _of_context(data: Adjusted, scenario: Scenario | None, by_shape: LostContext | None) -> Iterator[Learned]:
    found = by_shape or lost_context(data, scenario)
    kept, time = (prior_of(scenario, key) for key in ("bot.context_kept", "bot.lost_context_time"))
    if found is None:
        why = "no column says whether the context came along"
        yield believed("bot.context_kept", kept, "not_identified", why)
        yield believed("bot.lost_context_time", time, "not_identified", why)
        return
    why = "those handed over without the context beside those with it"
    if by_shape is not None:
        why = "the shape of talk times of those handed over, the bot's choosing taken out by the model"
    yield or_belief("bot.context_kept", found.kept, kept, why, "too few handed over", data.clusters)
    yield or_belief("bot.lost_context_time", found.seconds, time, why, "too few handed over", data.clusters)


def _of_waits(data: Adjusted, contacts: LoggedContacts, first: Bools, scenario: Scenario | None) -> Iterator[Learned]:
    section = None if scenario is None else scenario.frustration
    if section is None:
        return
    found, prior = talk_by_waiting(data, section), prior_of(scenario, TALK)
    nothing = Interval(math.nan, math.inf, -math.inf, math.inf)
    why = "talk of those who waited longer on the same date and hour, at the scenario's frustration.per_minute"
    yield or_belief(TALK, found or nothing, prior, why, "waits are too short, or contacts too few", data.clusters)
    sooner = patience_of_returns(contacts, first)
    if sooner is not None:
        why = "log of the ratio of rates of giving up; the product of frustration.effects.patience and the rise"
        yield measured(SOONER, sooner, why)
