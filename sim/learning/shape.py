"""Lost context where no column says whose it was: by the shape of talk times, selection corrected by the model.

Those who were handed over are a mixture: some talk as long as the bot's choosing makes it, the others so many seconds
longer. Seconds shift short talks most, choosing the long ones: the two differ in shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtri

from sim.calibrate.fits.estimate import Z95
from sim.learning.adjusted import CHOSEN, LEAST_CONTACTS, Adjusted
from sim.learning.clusters import Interval, interval
from sim.learning.contacts import Bools, Floats, Ints, Route
from sim.learning.context import LostContext
from sim.learning.copula import MOST, Taken, left_over
from sim.learning.lengthened import Lengthened

DEGREE, KNOTS = 3, 199
STEP = 1e-4
SURE = 13.8
"""Twice the gain in log likelihood at which two more numbers are taken to be there (chi-squared, 0.1 %)."""
MOST_CONTACTS = 60_000


class HandedOver(NamedTuple):
    """Those of one intent who were handed over.

    Attributes
    ----------
    level : (contacts,) log talk time less what is left of it: what is common to all.
    talk : (contacts,) seconds.
    curve : coefficients of the normal score in what is left of log talk time, of contacts that no bot has chosen from.
    """

    intent: int
    taken: Taken
    rows: Ints
    level: Floats
    talk: Floats
    curve: Floats


@dataclass(frozen=True)
class ByShape:
    """What the shape tells.

    Attributes
    ----------
    found : share kept and seconds, with intervals.
    products : difficulty_weight times selectivity by intent, told together with it.
    product_of_both : standard error of (1 - kept) x seconds, as a part of itself.
    """

    found: LostContext
    product_of_both: float
    products: dict[int, Interval]

    def instead_of(self, believed: Lengthened) -> Lengthened:
        """What is taken out of talk, with what the shape tells in place of what is believed."""
        kept, seconds = self.found.kept.value, self.found.seconds.value
        return believed._replace(lost=1.0 - kept, lost_s=seconds, lost_spread=self.product_of_both)


def lost_by_shape(data: Adjusted, taken: dict[int, Taken]) -> ByShape | None:
    """Tell lost context by shape; None where contacts are too few, or talk times show none.

    Parameters
    ----------
    data : talk times, made comparable; whose context was lost is not known.
    taken : how much the bot took, by intent.
    """
    parts = [part for intent, one in taken.items() if (part := _part(data, intent, one)) is not None]
    if not parts or sum(part.rows.size for part in parts) > MOST_CONTACTS:
        return None
    start = np.array([0.0, math.log(60.0), *[0.4] * len(parts)])
    with_it = minimize(_loss, start, args=(parts, True), method="BFGS")
    without = minimize(_loss, start[2:], args=(parts, False), method="BFGS")
    if 2.0 * (without.fun - with_it.fun) < SURE:
        return None
    values = np.asarray(with_it.x)
    spread = _spread(data, parts, values)
    if not np.isfinite(spread).all() or (np.diag(spread) <= 0.0).any():
        return None
    products = {}
    for p, part in enumerate(parts):
        own = interval(float(values[2 + p]), math.sqrt(float(spread[2 + p, 2 + p])), data.clusters)
        value, low, high = (math.tanh(end) for end in (own.value, own.low, own.high))
        products[part.intent] = Interval(value, own.se * (1.0 - value * value), low, high)
    return _told(data, values, spread, products)


def _told(data: Adjusted, values: Floats, spread: Floats, products: dict[int, Interval]) -> ByShape | None:
    """What the shape tells; None where days are too few for the error of both together."""
    ends = [interval(float(values[k]), math.sqrt(float(spread[k, k])), data.clusters) for k in (0, 1)]
    kept, seconds = (
        Interval(float(unit(e.value)), 0.0, float(unit(e.low)), float(unit(min(e.high, 9.0))))
        for unit, e in zip((expit, np.exp), ends, strict=True)
    )
    kept, seconds = (one._replace(se=(one.high - one.low) / (2.0 * Z95)) for one in (kept, seconds))
    along = np.zeros(values.size)
    along[:2] = -kept.value, 1.0
    both = float(along @ spread @ along)
    return ByShape(LostContext(kept, seconds), math.sqrt(both), products) if both >= 0.0 else None


def _part(data: Adjusted, intent: int, taken: Taken) -> HandedOver | None:
    place = data.kind(intent, CHOSEN)
    if place < 0 or not np.isfinite(data.found.shifts[place]):
        return None
    contacts, reference = data.contacts, data.reference(intent)
    mine: Bools = data.kinds[place].rows & (contacts.route == Route.HANDED_OVER)
    rows = np.flatnonzero(mine)
    if min(rows.size, int(reference.sum())) < 3 * LEAST_CONTACTS:
        return None
    level = data.values[rows] - data.found.rest[rows] + data.lengthened.talk
    chances = (np.arange(KNOTS) + 1.0) / (KNOTS + 1.0)
    curve = np.polyfit(np.quantile(data.found.rest[reference], chances), ndtri(chances), DEGREE)
    return HandedOver(intent, taken, rows, level, contacts.talk_s[rows], curve)


def _loss(values: Floats, parts: list[HandedOver], lost: bool) -> float:
    return -sum(float(each.sum()) for each in _logs(values, parts, lost))


def _logs(values: Floats, parts: list[HandedOver], lost: bool, shift: float = 0.0) -> list[Floats]:
    """(contacts,) log likelihood of each part."""
    kept = float(expit(values[0])) if lost else 1.0
    seconds = math.exp(min(float(values[1]), 9.0)) if lost else 0.0
    products = np.tanh(values[2:] if lost else values)
    found = []
    for part, product in zip(parts, products, strict=True):
        here = np.log(part.talk) - part.level + shift
        density = kept * _density(here, part, float(product))
        if lost:
            rest = np.maximum(part.talk - seconds, 1e-9)
            there = _density(np.log(rest) - part.level + shift, part, float(product)) * part.talk / rest
            density = density + (1.0 - kept) * np.where(part.talk > seconds + 1.0, there, 0.0)
        found.append(np.log(np.maximum(density, 1e-12)))
    return found


def _density(rest: Floats, part: HandedOver, product: float) -> Floats:
    """Density of what is left of log talk time among those that the bot has chosen, without what lost context takes."""
    score: Floats = np.asarray(np.polyval(part.curve, rest), np.float64)
    steep = np.maximum(np.polyval(np.polyder(part.curve), rest), 1e-3)
    hard = left_over(score, min(max(product, -MOST), MOST), part.taken.capable)
    return np.asarray(np.exp(-0.5 * score * score) / math.sqrt(2.0 * math.pi) * steep * hard)


def _spread(data: Adjusted, parts: list[HandedOver], values: Floats) -> Floats:
    """Covariance: of each contact's own score, and of what is common to all."""
    whole = np.zeros((data.values.size, values.size))
    own = []
    for k in range(values.size):
        step = np.zeros(values.size)
        step[k] = STEP
        ends = [_logs(values + sign * step, parts, True) for sign in (1.0, -1.0)]
        own.append([(up - down) / (2.0 * STEP) for up, down in zip(*ends, strict=True)])
    information = np.zeros((values.size, values.size))
    for p, part in enumerate(parts):
        scores = np.stack([column[p] for column in own], axis=1)
        whole[part.rows] = scores
        information += scores.T @ scores
    for p, part in enumerate(parts):
        steep = _by_shift(parts, values, p)
        place = data.kind(part.intent, CHOSEN)
        common = data.found.influence[:, place].copy()
        rows = np.flatnonzero(data.kinds[place].rows)
        common[rows] -= data.found.noise[rows] / rows.size
        whole += np.outer(common, steep)
    return data.variance(whole @ np.linalg.pinv(information, hermitian=True))


def _by_shift(parts: list[HandedOver], values: Floats, p: int) -> Floats:
    """How the sum of scores moves with the log talk time of one part."""
    found = np.zeros(values.size)
    wide = 1e-3
    for k in range(values.size):
        step = np.zeros(values.size)
        step[k] = wide
        corners = [
            sign * other * float(_logs(_only(values + sign * step, p), [parts[p]], True, other * wide)[0].sum())
            for sign in (1.0, -1.0)
            for other in (1.0, -1.0)
        ]
        found[k] = sum(corners) / (4.0 * wide * wide)
    return found


def _only(values: Floats, p: int) -> Floats:
    """The parameters that concern one part."""
    return values[[0, 1, 2 + p]]
