"""A pilot before it is run: how well each number would be known after some weeks, by information."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.demand.expected import expected_counts
from sim.facts.bot_probabilities import bot_probabilities
from sim.learning.cells import SELECTIVITY, SLOPE, Place
from sim.learning.contacts import Floats
from sim.learning.copula import Taken, log_density, slope
from sim.learning.mix import PRODUCT, STEP
from sim.learning.priors import Prior, prior_of
from sim.learning.result import is_product
from sim.learning.separation import expected_covariance
from sim.scenario.model import Intent, Scenario

QUARTER = 0.25
CHECKED = "sessions: resolved"
RESOLVED, CUSTOMER, CONTEXT, ROUTE = "contacts: resolved", "customer in all logs", "contacts: context_kept", "ended"


class Load(NamedTuple):
    """What a week of an intent comes to, all customers exposed.

    Attributes
    ----------
    contacts : first contacts. contained, false, asked, over : shares of the sessions.
    """

    contacts: float
    taken: Taken
    contained: float
    false: float
    asked: float
    over: float


@dataclass(frozen=True)
class Foreseen:
    """How well a number would be known.

    Attributes
    ----------
    key, value : the number, and what the scenario has for it.
    prior : what is believed; nan ends where nothing is.
    half_widths : of the 95 % interval, by weeks, at best: with independent days and agents.
    needs : what must be logged for it.
    """

    key: str
    value: float
    prior: Prior
    half_widths: Mapping[float, float]
    needs: str

    def weeks_until(self, part: float = QUARTER) -> float:
        """Weeks until the interval is this part of what is believed; nan where nothing is."""
        weeks, half = next(iter(self.half_widths.items()))
        wanted = part * (self.prior.high - self.prior.low) / 2.0
        return weeks * (half / wanted) ** 2 if wanted > 0.0 else math.nan


def foreseen(scenario: Scenario, weeks: list[float], exposed: float) -> list[Foreseen]:
    """How well a pilot with a randomised control arm would know each number.

    Parameters
    ----------
    scenario : with a bot; what it believes to be true.
    weeks : how long, one or several.
    exposed : the share of customers who meet the bot.
    """
    loads = {name: _load(scenario, intent) for name, intent in scenario.intents.items() if intent.bot is not None}
    by_week = [dict(_errors(scenario, loads, each, exposed)) for each in weeks]
    found = []
    for key, (value, _, needs) in by_week[0].items():
        prior = _prior(scenario, key, value)
        halves = {each: Z95 * errors[key][1] for each, errors in zip(weeks, by_week, strict=True)}
        found.append(Foreseen(key, value, prior, halves, needs))
    return found


def _prior(scenario: Scenario, key: str, value: float) -> Prior:
    if key.endswith("containment") or is_product(key):
        return Prior(value, math.nan, math.nan)
    return prior_of(scenario, key)


def _load(scenario: Scenario, intent: Intent) -> Load:
    calendar, bot, own = scenario.calendar, scenario.bot, intent.bot
    assert bot is not None
    assert own is not None
    contacts = sum(sum(expected_counts(scenario, intent, day)) for day in calendar.dates()) / calendar.weeks()
    capable, false = bot_probabilities(bot, own)
    stays, unable = 1.0 - bot.opt_out, 1.0 - capable
    contained, over = stays * (capable + unable * false), stays * unable * (1.0 - false)
    share = stays * unable * false / contained if contained > 0.0 else 0.0
    return Load(contacts, Taken(min(max(capable, 0.01), 0.99), 0.0), contained, share, bot.opt_out, over)


Errors = Iterator[tuple[str, tuple[float, float, str]]]


def _errors(scenario: Scenario, loads: Mapping[str, Load], weeks: float, exposed: float) -> Errors:
    """Number by number: its value, its standard error at best, what must be logged."""
    bot = scenario.bot
    assert bot is not None
    sessions = {name: load.contacts * weeks * exposed for name, load in loads.items()}
    whole = sum(sessions.values())
    for name, load in loads.items():
        yield f"intents.{name}.bot.containment", (load.contained, _share_se(load.contained, sessions[name]), ROUTE)
        checked = sessions[name] * load.contained
        yield f"intents.{name}.bot.false_share", (load.false, _share_se(load.false, checked), CHECKED)
    yield "bot.opt_out", (bot.opt_out, _share_se(bot.opt_out, whole), ROUTE)
    false = sum(sessions[name] * load.contained * load.false for name, load in loads.items())
    key = "customers.repeat.falsely_contained.probability"
    back = prior_of(scenario, key).value
    yield key, (back, _share_se(back, false), f"{CHECKED}, {CUSTOMER}")
    over = sum(sessions[name] * load.over for name, load in loads.items())
    yield from _of_context(scenario, loads, sessions, over)
    yield from _of_choosing(scenario, loads, weeks, exposed)


def _share_se(share: float, count: float) -> float:
    return math.sqrt(share * (1.0 - share) / count) if count > 0.0 else math.inf


def _of_context(scenario: Scenario, loads: Mapping[str, Load], sessions: Mapping[str, float], over: float) -> Errors:
    bot = scenario.bot
    assert bot is not None
    kept = bot.context_kept
    yield "bot.context_kept", (kept, _share_se(kept, over), CONTEXT)
    if not 0.0 < kept < 1.0:
        return
    told = 0.0
    for name, load in loads.items():
        talk = scenario.intents[name].talk_time
        spread = talk.average * (1.0 if talk.cv is None else talk.cv)
        told += sessions[name] * load.over * kept * (1.0 - kept) / max(spread, 1.0) ** 2
    yield "bot.lost_context_time", (bot.lost_context_time, 1.0 / math.sqrt(told) if told > 0.0 else math.inf, CONTEXT)


def _of_choosing(scenario: Scenario, loads: Mapping[str, Load], weeks: float, exposed: float) -> Errors:
    """Products by talk times alone, and what they are made of by resolution too."""
    bot = scenario.bot
    assert bot is not None
    places, counts, weights = {}, {}, []
    for k, (name, load) in enumerate(loads.items()):
        intent = scenario.intents[name]
        control = load.contacts * weeks * (1.0 - exposed)
        chosen = load.contacts * weeks * exposed * load.over * bot.context_kept
        product = intent.difficulty_weight * bot.selectivity
        yield PRODUCT.format(name), (product, _product_se(product, load.taken, chosen, control), CONTEXT)
        places[name] = Place(3 + 2 * k, 4 + 2 * k, load.taken)
        counts[name] = (control, chosen)
        weights.append((intent.difficulty_weight, intent.resolution))
    slope_of = next(scenario.intents[name].difficulty_slope for name in loads)
    if slope_of is None or slope_of <= 0.0:
        return
    values = parameters_at(bot.selectivity, slope_of, weights)
    spread = np.sqrt(np.diag(expected_covariance([*places.values()], [*counts.values()], values)))
    needs = f"{RESOLVED}, {CONTEXT}"
    errors = spread * (1.0 - np.tanh(values) ** 2)
    yield "bot.selectivity", (bot.selectivity, float(errors[SELECTIVITY]), needs)
    for name, place in places.items():
        weight = scenario.intents[name].difficulty_weight
        yield f"intents.{name}.difficulty_weight", (weight, float(errors[place.weight]), needs)
    yield "customers.difficulty_slope", (slope_of, float(spread[SLOPE]) * slope_of, needs)


def parameters_at(selectivity: float, slope_of: float, weights: list[tuple[float, float]]) -> Floats:
    """The scenario's own numbers as parameters of the likelihood."""
    found = [math.atanh(min(max(selectivity, -0.98), 0.98)), math.log(slope_of), 0.0]
    for weight, resolution in weights:
        share = min(max(resolution, 0.02), 0.98)
        flatter = math.sqrt(1.0 + slope_of * slope_of * math.pi / 8.0)
        found += [math.atanh(min(max(weight, -0.98), 0.98)), math.log(share / (1.0 - share)) * flatter]
    return np.array(found)


def _product_se(product: float, taken: Taken, chosen: float, control: float) -> float:
    """Standard error of a product: of those chosen, and of what they are set beside."""
    if chosen <= 0.0 or control <= 0.0:
        return math.inf
    product = min(max(product, -0.95), 0.95)
    scores = np.linspace(-5.0, 5.0, 1001)
    mass = np.exp(-0.5 * scores * scores + log_density(scores, product, taken))
    mass /= mass.sum()
    information = float(mass @ slope(scores, product, taken) ** 2)
    ends = [float(mass @ slope(scores + step, product, taken)) for step in (STEP, -STEP)]
    pull = (ends[0] - ends[1]) / (2.0 * STEP)
    return math.sqrt(1.0 / (chosen * information) + (pull / information) ** 2 / control)
