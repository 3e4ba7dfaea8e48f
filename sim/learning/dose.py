"""Dose and response: whether talk times follow, week by week, how much the bot takes.

What the bot's choosing does grows with containment, by the law of what is left over; a change that came to the same
intents for another reason does not. Where containment differed from week to week, what talk times would be at no
containment at all can be told: with the choosing alone, as they were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.calibrate.fits.estimate import Z95
from sim.learning.adjusted import CHOSEN, Adjusted
from sim.learning.checks import ShiftCheck, wald
from sim.learning.clusters import Interval, interval
from sim.learning.contacts import Floats
from sim.learning.contrasts import contrast
from sim.learning.copula import log_density, mean_score, normal_scores
from sim.learning.mix import Product
from sim.learning.weekly import WEEK, Weekly

AT_NO_DOSE = "at no containment, by weeks with more of it and weeks with less"
USUAL_PRODUCT = 0.4


class Response(NamedTuple):
    """How talk times follow containment.

    Attributes
    ----------
    check : that talk would be as it was at no containment.
    products : by intent, difficulty_weight times selectivity as the weeks alone tell it.
    """

    check: ShiftCheck
    products: dict[int, Interval]


def dose_and_response(
    data: Adjusted, by_week: Mapping[int, Weekly | None], products: Sequence[Product]
) -> Response | None:
    """Compare weeks in which the bot took more with weeks in which it took less.

    Parameters
    ----------
    data : talk times, made comparable.
    by_week : what the bot took of each intent, where that differed from week to week.
    products : as all weeks together, beside what no bot has chosen from, tell them.

    Returns
    -------
    response : None where containment hardly differed, or contacts are so few that a change for another reason could
        not be told from the choosing.
    """
    doses = [(one, _dose(data, week, one)) for one in products if (week := by_week.get(one.intent)) is not None]
    if not doses or data.control == "none":
        return None
    kinds, told = [kind.rows for kind in data.kinds], [one for one, _ in doses]
    found = contrast(data.values, data.weights, data.effects, [*kinds, *(dose for _, dose in doses)])
    places = [data.kind(one.intent, CHOSEN) for one in told]
    own = list(range(len(kinds), len(kinds) + len(told)))
    if not np.isfinite(found.shifts[[*places, *own]]).all():
        return None
    spread = data.variance(found.influence[:, places])
    usual = float(np.mean([mean_score(USUAL_PRODUCT, one.taken) * _sd(data, one) for one in told]))
    if Z95 / math.sqrt(float((1.0 / np.diag(spread)).sum())) > usual:
        return None
    errors = np.sqrt(np.diag(data.variance(found.influence[:, own])))
    by_weeks = {
        one.intent: interval(one.value * float(found.shifts[k]), abs(one.value) * float(error), data.clusters)
        for one, k, error in zip(told, own, errors, strict=True)
    }
    return Response(ShiftCheck(AT_NO_DOSE, *wald(found.shifts[places], spread)), by_weeks)


def _sd(data: Adjusted, product: Product) -> float:
    return float(np.std(data.found.rest[data.reference(product.intent)]))


def _dose(data: Adjusted, by_week: Weekly, product: Product) -> Floats:
    """(contacts,) how much longer talk is expected to be by what the bot took that week."""
    among = data.found.rest[data.reference(product.intent)]
    scores, longer = normal_scores(among, among), []
    for taken in by_week.taken:
        density = np.exp(log_density(scores, product.value, taken))
        longer.append(float(density @ among / density.sum() - among.mean()))
    week = np.clip((data.contacts.day - by_week.start) // WEEK, 0, len(longer) - 1)
    return np.where(data.kinds[data.kind(product.intent, CHOSEN)].rows, np.array(longer)[week], 0.0)
