"""What takes the product apart: resolution falls with difficulty too, by likelihood on cells of normal scores.

Talk time after the bot tells difficulty_weight times selectivity. Resolution against talk time among needs that no bot
has chosen from tells difficulty_weight times difficulty_slope, and the fall of resolution after it selectivity times
difficulty_slope: three products of three numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.learning.adjusted import ASKED, CHOSEN, LEAST_CONTACTS, Adjusted
from sim.learning.cells import (
    DENSITY,
    EDGE,
    SCORES,
    SELECTIVITY,
    WIDTH,
    Cells,
    Place,
    likeliest,
    log_chances,
    score,
    slopes,
    total,
)
from sim.learning.contacts import Bools, Floats, Ints
from sim.learning.copula import normal_scores, rank_part
from sim.learning.mix import Product, common_part

MOST_CONTROLS = 6
STEP_CAPABLE = 0.01
TOLD = 1.0 - 1e-6
"""A parameter is told where the information turns it into itself, and into no mixture with others."""
TRIED, LEAST_START, MOST_START = (0.4, 0.8), 0.1, 0.8


@dataclass(frozen=True)
class Separation:
    """Selectivity and difficulty weights apart.

    Attributes
    ----------
    values : (parameters,) tanh^-1 of selectivity, logarithm of the slope, change of the log odds of resolution that
        all intents share; then for each intent tanh^-1 of its weight and its base log odds.
    influence : (contacts, parameters).
    intents : those whose weight is known, to its place among the parameters.
    counts : by intent, contacts that no bot has chosen from, and those that it has.
    by_capable, by_shift : (parameters,) how they move with the share that the bot can resolve of every intent, and with
        the log talk time of all that it has chosen from.
    cells, covariance : of the likelihood, and what it says where all contacts are independent and scores are exact.
    """

    values: Floats
    influence: Floats
    intents: dict[int, int]
    by_capable: Floats
    by_shift: Floats
    counts: dict[int, tuple[float, float]]
    cells: tuple[Cells, ...]
    covariance: Floats


def separate(data: Adjusted, products: Sequence[Product]) -> Separation | None:
    """Take products apart by resolution; None where too few contacts say whether they resolved."""
    known = np.isfinite(data.contacts.resolved)
    usable = [one for one in products if _has_resolution(data, one.intent, known)]
    if not usable:
        return None
    places, cells = _laid_out(data, usable, known)
    if not any(cell.after and not cell.chosen for cell in cells):
        return None
    values = max((likeliest(cells, start) for start in _starts(places, usable)), key=partial(total, cells))
    up, down = (likeliest(_with_capable(cells, sign), values) for sign in (1.0, -1.0))
    by_capable = (up - down) / (2 * STEP_CAPABLE)
    weights = {intent: place.weight for intent, place in places.items() if place.taken is not None}
    covariance = _inverse(score(cells, values)[1])
    influence, by_shift = _influence(data, cells, values, covariance)
    found = weights, by_capable, by_shift, _counts(places, cells), tuple(cells), covariance
    return Separation(values, influence, *found)


def _inverse(information: Floats) -> Floats:
    return np.asarray(np.linalg.pinv(information, rcond=1e-12, hermitian=True))


def _counts(places: dict[int, Place], cells: list[Cells]) -> dict[int, tuple[float, float]]:
    """Contacts of each intent with a bot: those that it has not chosen from, and those that it has."""
    found = {}
    for intent, place in places.items():
        if place.taken is not None:
            own = [cell for cell in cells if cell.place.weight == place.weight]
            sizes = [sum(float(cell.rows.size) for cell in own if cell.chosen == chosen) for chosen in (False, True)]
            found[intent] = (sizes[0], sizes[1])
    return found


def _with_capable(cells: list[Cells], sign: float) -> list[Cells]:
    """The same cells where the bot can resolve a little more, or less, of every intent."""
    moved = []
    for cell in cells:
        taken = cell.place.taken
        if taken is not None:
            taken = taken._replace(capable=min(max(taken.capable + sign * STEP_CAPABLE, 0.005), 0.995))
        moved.append(replace(cell, place=cell.place._replace(taken=taken)))
    return moved


# Cells ----------------------------------------------------------------------------------------------------------------


def _has_resolution(data: Adjusted, intent: int, known: Bools) -> bool:
    kind = data.kinds[data.kind(intent, CHOSEN)]
    counts = [(data.reference(intent) & known).sum(), (kind.rows & known).sum()]
    return bool(min(counts) >= LEAST_CONTACTS)


def _laid_out(data: Adjusted, products: Sequence[Product], known: Bools) -> tuple[dict[int, Place], list[Cells]]:
    """The parameters of each intent, and its cells."""
    taken = {one.intent: one.taken for one in products}
    others = [i for i in _largest(data, known) if i not in taken and not data.met[data.contacts.intent == i].any()]
    places = {
        intent: Place(3 + 2 * k, 4 + 2 * k, taken.get(intent))
        for k, intent in enumerate([*taken, *others[:MOST_CONTROLS]])
    }
    cells = []
    for intent, place in places.items():
        reference = data.reference(intent) & known
        among = data.rest[data.reference(intent)]
        sorts = [(reference & ~data.contacts.after, False, False), (reference & data.contacts.after, False, True)]
        if place.taken is not None:
            asked = data.kind(intent, ASKED)
            sorts.append((data.kinds[data.kind(intent, CHOSEN)].rows & known, True, True))
            if asked >= 0:
                sorts.append((data.kinds[asked].rows & known, False, True))
        for rows, chosen, after in sorts:
            if rows.any():
                cells.append(_counted(data, place, np.flatnonzero(rows), among, (chosen, after)))
    return places, cells


def _largest(data: Adjusted, known: Bools) -> list[int]:
    """The intents in which most contacts before say whether they resolved."""
    counts = np.bincount(data.contacts.intent[known & ~data.met])
    return [int(i) for i in np.argsort(-counts, kind="stable") if counts[i] >= LEAST_CONTACTS]


def _counted(data: Adjusted, place: Place, rows: Ints, among: Floats, sort: tuple[bool, bool]) -> Cells:
    scores = normal_scores(data.rest[rows], among)
    cell = np.rint((np.clip(scores, -EDGE, EDGE) + EDGE) / WIDTH).astype(np.int64)
    resolved = data.contacts.resolved[rows].astype(np.int64)
    odds = data.lengthened.odds if sort[0] and place.taken and place.taken.unchosen == 0.0 else 0.0
    return Cells(place, sort[0], sort[1], rows, cell + resolved * SCORES.size, odds)


def _starts(places: dict[int, Place], products: Sequence[Product]) -> Iterator[Floats]:
    """Where to begin: some selectivities, and the weights that then give the products that talk times tell."""
    told = {one.intent: one.value for one in products}
    mean = float(np.mean(list(told.values())))
    for selectivity in TRIED:
        values = np.zeros(3 + 2 * len(places))
        values[SELECTIVITY] = math.copysign(math.atanh(selectivity), mean)
        for intent, place in places.items():
            weight = told.get(intent, mean) / math.copysign(selectivity, mean)
            values[place.weight], values[place.base] = math.atanh(min(max(weight, LEAST_START), MOST_START)), 1.0
        yield values


# Errors ---------------------------------------------------------------------------------------------------------------


def _influence(data: Adjusted, cells: list[Cells], values: Floats, inverse: Floats) -> tuple[Floats, Floats]:
    """What each contact adds to the error (its own score, the ranks, what is common to all), and `by_shift`."""
    added = np.zeros((data.rest.size, values.size))
    for cell in cells:
        added[cell.rows] += slopes(cell, values)[cell.at]
    shift = np.zeros(values.size)
    for intent in np.unique(data.contacts.intent[np.concatenate([cell.rows for cell in cells])]):
        shift += _add_errors_of_scores(data, int(intent), cells, values, added)
    return np.asarray(added @ inverse), np.asarray(shift @ inverse)


def _add_errors_of_scores(data: Adjusted, intent: int, cells: list[Cells], values: Floats, added: Floats) -> Floats:
    """Add what errors of the scores of an intent do to the sum of the likelihood; what a shift does is returned."""
    own = [cell for cell in cells if data.contacts.intent[cell.rows[0]] == intent]
    reference = np.flatnonzero(data.reference(intent))
    among = data.rest[reference]
    places = normal_scores(among, among)
    moved = [_pull(cell, values) * cell.counts[:, None] for cell in own]
    scores, shift = np.tile(SCORES, 2 * len(own)), np.zeros(values.size)
    for k in np.flatnonzero(np.any([np.abs(pull).max(axis=0) > 0 for pull in moved], axis=0)):
        added[reference, k] += rank_part(scores, np.concatenate([pull[:, k] for pull in moved]), places)
    for cell, pull in zip(own, moved, strict=True):
        if cell.chosen:
            part = common_part(data, data.kind(intent, CHOSEN), reference, np.flatnonzero(_rows(data, intent)))
            steep = pull.sum(axis=0) / float(np.std(among))
            added += np.outer(part, steep)
            shift += steep
    return shift


def _rows(data: Adjusted, intent: int) -> Bools:
    return data.kinds[data.kind(intent, CHOSEN)].rows


def _pull(cell: Cells, values: Floats) -> Floats:
    """(2 scores, parameters) how the slopes move with the score."""
    steep = slopes(cell, values).reshape(2, SCORES.size, values.size)
    moved = np.asarray(np.gradient(steep, WIDTH, axis=1))
    return moved.reshape(2 * SCORES.size, values.size)


# Before there are contacts -------------------------------------------------------------------------------------------


def expected_covariance(places: Sequence[Place], counts: Sequence[tuple[float, float]], values: Floats) -> Floats:
    """(parameters, parameters) covariance that contacts yet to come would give, at best.

    Parameters
    ----------
    places : of intents with a bot.
    counts : by intent, contacts of a control arm, and contacts that the bot has chosen from.
    values : what is true, as in `Separation`.

    Returns
    -------
    numpy.ndarray
        Infinite on the diagonal for what so many contacts cannot tell at all.
    """
    nothing = np.zeros(0, np.int64)
    information = np.zeros((values.size, values.size))
    shifts = []
    for place, (control, chosen) in zip(places, counts, strict=True):
        for count, is_chosen in ((control, False), (chosen, True)):
            cell = Cells(place, is_chosen, False, nothing, nothing)
            expected = count * DENSITY * np.exp(log_chances(cell, values))
            steep = slopes(cell, values)
            information += (steep * expected[:, None]).T @ steep
            if is_chosen:
                shifts.append((expected @ _pull(cell, values)) / math.sqrt(max(control, 1e-9)))
    inverse = _inverse(information)
    moved = np.array(shifts) @ inverse
    told = np.diag(information @ inverse) > TOLD
    return np.asarray(inverse + moved.T @ moved + np.diag(np.where(told, 0.0, np.inf)))
