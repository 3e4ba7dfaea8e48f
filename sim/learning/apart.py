"""Selectivity, weights and slope, each by itself: how sure they are, and whether so many contacts can tell them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.adjusted import Adjusted
from sim.learning.clusters import Interval, interval
from sim.learning.containment import Intake
from sim.learning.copula import Taken
from sim.learning.design import parameters_at
from sim.learning.priors import Prior, prior_of
from sim.learning.separation import SELECTIVITY, SLOPE, Place, Separation, expected_covariance
from sim.scenario.model import Scenario

USUAL_RESOLUTION, ONE_THIRD = 0.8, 1.0 / 3.0


@dataclass(frozen=True)
class BotShare:
    """What is known of the bot's part of one intent.

    Attributes
    ----------
    taken : for the law of what reaches agents.
    capable_se : of the share that it can resolve, by sessions.
    false_share : what is believed of it where nobody checked.
    capable_by_belief : how much wider the belief about the false share makes that, as a standard deviation.
    """

    intake: Intake
    taken: Taken
    capable_se: float
    capable_by_belief: float
    false_share: Prior


def ends_of(data: Adjusted, bots: dict[int, BotShare], apart: Separation) -> dict[int, Interval]:
    """Each parameter in its own unit, with its interval."""
    believed = apart.by_capable**2 * _common_doubt(bots, apart) + (apart.by_shift * _talk_doubt(data, apart)) ** 2
    spread = np.sqrt(np.diag(data.variance(apart.influence)) + believed)
    found = {}
    for place in (SELECTIVITY, SLOPE, *apart.intents.values()):
        own = interval(float(apart.values[place]), float(spread[place]), data.clusters)
        unit = math.exp if place == SLOPE else math.tanh
        value, low, high = (unit(max(min(end, 50.0), -50.0)) for end in (own.value, own.low, own.high))
        if place not in (SELECTIVITY, SLOPE):
            low, high = _by_ratio(value, own) or (low, high)
        found[place] = Interval(value, own.se * (high - low) / max(own.high - own.low, 1e-12), low, high)
    return found


def _by_ratio(value: float, own: Interval) -> tuple[float, float] | None:
    """The ends of a weight, which is told as a quotient; None where it may be as good as nothing.

    Resolution before the bot tells weight times slope: the larger the weight that is found, the larger its error.
    """
    part = own.se * (1.0 - value * value) / max(abs(value), 1e-9)
    if part > ONE_THIRD or not own.se > 0.0:
        return None
    steps = (own.high - own.value) / own.se * part
    ends = sorted((value * math.exp(-steps), value * math.exp(steps)))
    return max(ends[0], -1.0), min(ends[1], 1.0)


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
