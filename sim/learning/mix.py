"""How much harder what reaches agents is: difficulty_weight times selectivity, by likelihood on normal scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.learning.adjusted import CHOSEN, LEAST_CONTACTS, LEAST_SPREAD, Adjusted
from sim.learning.contacts import Floats, Ints
from sim.learning.copula import Taken, likeliest, normal_scores, rank_part, slope
from sim.learning.result import BY_SELECTIVITY

STEP = 1e-3
PRODUCT = "intents.{}.difficulty_weight" + BY_SELECTIVITY
"""What the product of an intent is called."""


@dataclass(frozen=True)
class Product:
    """difficulty_weight times selectivity of one intent.

    Attributes
    ----------
    value : of most likelihood.
    influence : (contacts,) what each contact adds to its error.
    by_shift : how it moves with the log talk time of all that the bot has chosen from.
    by_capable : how it moves with the share that the bot can resolve, which is known by sessions and not by contacts.
    scores : (contacts of the kind,) normal scores of talk times among contacts that no bot has chosen from.
    """

    intent: int
    value: float
    influence: Floats
    by_shift: float
    by_capable: float
    scores: Floats
    taken: Taken


def product_of(data: Adjusted, intent: int, taken: Taken) -> Product | None:
    """The product of an intent; None where there are too few contacts, or nothing to set them beside.

    Parameters
    ----------
    data : talk times, made comparable.
    taken : how much the bot took of the intent.
    """
    place = data.kind(intent, CHOSEN)
    if place < 0 or np.isnan(data.found.shifts[place]):
        return None
    reference, rows = np.flatnonzero(data.reference(intent)), np.flatnonzero(data.kinds[place].rows)
    if min(reference.size, rows.size) < LEAST_CONTACTS or not 0.0 < taken.capable < 1.0:
        return None
    among = data.rest[reference]
    scores = normal_scores(data.rest[rows], among)
    value = likeliest(scores, taken)
    score, pull = slope(scores, value, taken), _pull(scores, value, taken)
    curve = _curve(scores, value, taken)
    if not curve > 0.0 or np.std(among) < LEAST_SPREAD:
        return None
    influence = np.zeros(data.rest.size)
    influence[rows] += score - score.mean()
    influence[reference] += rank_part(scores, pull, normal_scores(among, among))
    by_shift = float(pull.sum()) / float(np.std(among))
    influence += by_shift * common_part(data, place, reference, rows)
    by_capable = _by_capable(scores, value, taken)
    return Product(intent, value, influence / curve, by_shift / curve, by_capable, scores, taken)


def common_part(data: Adjusted, place: int, reference: Ints, rows: Ints) -> Floats:
    """What each contact adds to the error of a kind's shift by what is taken for common to all intents."""
    noise = data.found.noise
    part = data.found.influence[:, place].copy()
    part[rows] -= noise[rows] / rows.size
    part[reference] += noise[reference] / reference.size
    return part


def _pull(scores: Floats, value: float, taken: Taken) -> Floats:
    """How the score function moves with the scores."""
    return np.asarray((slope(scores + STEP, value, taken) - slope(scores - STEP, value, taken)) / (2 * STEP))


def _curve(scores: Floats, value: float, taken: Taken) -> float:
    """Observed information on the product."""
    up, down = (float(slope(scores, at, taken).sum()) for at in (value + STEP, value - STEP))
    observed = (down - up) / (2 * STEP)
    expected = float((slope(scores, value, taken) ** 2).sum())
    return observed if observed > 0.2 * expected else expected


def _by_capable(scores: Floats, value: float, taken: Taken) -> float:
    """Derivative of the product in the share that the bot can resolve."""
    step = min(0.01, taken.capable / 2, (1.0 - taken.capable) / 2)
    up, down = (likeliest(scores, taken._replace(capable=taken.capable + sign * step)) for sign in (1, -1))
    return (up - down) / (2 * step)
