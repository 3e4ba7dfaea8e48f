"""Selectivity, weights and slope, each by itself: how sure they are, and whether so many contacts can tell them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.adjusted import Adjusted
from sim.learning.cells import SELECTIVITY, SLOPE, Place
from sim.learning.clusters import Interval, errors_each_side
from sim.learning.containment import Intake
from sim.learning.copula import Taken
from sim.learning.design import parameters_at
from sim.learning.priors import Prior, prior_of
from sim.learning.profile import profiled
from sim.learning.separation import Separation, expected_covariance
from sim.learning.weekly import Weekly
from sim.scenario.model import Scenario

USUAL_RESOLUTION = 0.8


@dataclass(frozen=True)
class BotShare:
    """What is known of the bot's part of one intent.

    Attributes
    ----------
    taken : for the law of what reaches agents.
    capable_se : of the share that it can resolve, by sessions.
    false_share : what is believed of it where nobody checked.
    capable_by_belief : how much wider the belief about the false share makes that, as a standard deviation.
    weekly : what it took week by week; None where that hardly differed.
    """

    intake: Intake
    taken: Taken
    capable_se: float
    capable_by_belief: float
    false_share: Prior
    weekly: Weekly | None


def ends_of(data: Adjusted, bots: dict[int, BotShare], apart: Separation, places: Iterable[int]) -> dict[int, Interval]:
    """Some of the parameters, each in its own unit, with its interval."""
    believed = apart.by_capable**2 * _common_doubt(bots, apart) + (apart.by_shift * _talk_doubt(data, apart)) ** 2
    spread = np.sqrt(np.diag(data.variance(apart.influence)) + believed)
    found = {}
    for place in places:
        own = profiled(apart, place, float(spread[place]), data.clusters)
        unit = math.exp if place == SLOPE else math.tanh
        value, low, high = (unit(max(min(end, 50.0), -50.0)) for end in (own.value, own.low, own.high))
        found[place] = Interval(value, (high - low) / 2.0 / errors_each_side(data.clusters), low, high)
    return found


def could_tell(
    data: Adjusted, bots: dict[int, BotShare], apart: Separation, scenario: Scenario | None
) -> dict[int, float]:
    """How wide an interval so many contacts give of each number, were it as believed.

    Whether logs can tell a number is judged by how many they are, and not by what they say: else only those estimates
    would be shown that luck made look sure.
    """
    names, order = data.contacts.intents, list(apart.intents)
    own = [prior_of(scenario, f"intents.{names[i]}.difficulty_weight").value for i in order]
    selectivity, steep = (prior_of(scenario, key).value for key in ("bot.selectivity", "customers.difficulty_slope"))
    values = parameters_at(selectivity, max(steep, 0.1), [(weight, USUAL_RESOLUTION) for weight in own])
    places = [Place(3 + 2 * k, 4 + 2 * k, bots[i].taken) for k, i in enumerate(order)]
    spread = np.sqrt(np.diag(expected_covariance(places, [apart.counts[i] for i in order], values)))
    found = {SELECTIVITY: float(spread[SELECTIVITY]) * (1.0 - selectivity**2), SLOPE: float(spread[SLOPE]) * steep}
    for k, (i, weight) in enumerate(zip(order, own, strict=True)):
        found[apart.intents[i]] = float(spread[3 + 2 * k]) * (1.0 - weight * weight)
    return {place: 2.0 * Z95 * se for place, se in found.items()}


def _talk_doubt(data: Adjusted, apart: Separation) -> float:
    """Standard deviation, by belief, of the log talk time of those handed over, taken as common to all intents."""
    return float(np.mean([data.spread(i) for i in apart.intents]))


def _common_doubt(bots: dict[int, BotShare], apart: Separation) -> float:
    """Variance of the share that the bot can resolve, taken as common to all intents."""
    return float(np.mean([bots[i].capable_se ** 2 + bots[i].capable_by_belief ** 2 for i in apart.intents]))
