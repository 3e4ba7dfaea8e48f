"""What takes the product apart: resolution falls with difficulty too, by likelihood on cells of normal scores.

Talk time after the bot tells difficulty_weight times selectivity. Resolution against talk time among needs that no bot
has chosen from tells difficulty_weight times difficulty_slope, and the fall of resolution after it selectivity times
difficulty_slope: three products of three numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from sim.learning.adjusted import ASKED, CHOSEN, LEAST_CONTACTS, Adjusted
from sim.learning.contacts import Bools, Floats, Ints
from sim.learning.copula import Taken, left_over, normal_scores, rank_part
from sim.learning.mix import Product, common_part

NODES, ROOTS = 40, np.sqrt(2.0 * np.pi)
EDGE, WIDTH = 3.5, 0.1
MOST_STEPS, SMALL, ENOUGH = 80, 1e-5, 1e-7
MOST_CONTROLS = 6
Z, MASS = (part / (1.0 if k == 0 else ROOTS) for k, part in enumerate(np.polynomial.hermite_e.hermegauss(NODES)))
SCORES = np.linspace(-EDGE, EDGE, round(2 * EDGE / WIDTH) + 1)


class Place(NamedTuple):
    """Where an intent's own numbers stand among the parameters, and how much the bot took."""

    weight: int
    base: int
    taken: Taken | None


@dataclass(frozen=True)
class Cells:
    """Contacts of one intent and sort, counted by score and whether they resolved.

    Attributes
    ----------
    chosen : whether the bot has chosen from them; the likelihood is then of score and resolution together.
    odds : what frustration takes from the log odds of resolution.
    after : whether in the period with the bot.
    rows : which contacts; `at` is the cell of each, first those that did not resolve.
    """

    place: Place
    chosen: bool
    after: bool
    rows: Ints
    at: Ints
    odds: float = 0.0

    @property
    def counts(self) -> Floats:
        """(2 scores,) contacts in each cell."""
        return np.bincount(self.at, minlength=2 * SCORES.size).astype(np.float64)


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
    """

    values: Floats
    influence: Floats
    intents: dict[int, int]
    by_capable: Floats
    by_shift: Floats
    counts: dict[int, tuple[float, float]]


SELECTIVITY, SLOPE, COMMON = 0, 1, 2


def separate(data: Adjusted, products: Sequence[Product]) -> Separation | None:
    """Take products apart by resolution; None where too few contacts say whether they resolved."""
    known = np.isfinite(data.contacts.resolved)
    usable = [one for one in products if _has_resolution(data, one.intent, known)]
    if not usable:
        return None
    places, cells = _laid_out(data, usable, known)
    if not any(cell.after and not cell.chosen for cell in cells):
        return None
    start = _start(places, usable)
    values = _likeliest(cells, start)
    if values is None:
        return None
    moved = [_with_capable(cells, sign) for sign in (1.0, -1.0)]
    ends = [_likeliest(part, values) for part in moved]
    slope = np.zeros(values.size) if ends[0] is None or ends[1] is None else (ends[0] - ends[1]) / (2 * STEP_CAPABLE)
    weights = {intent: place.weight for intent, place in places.items() if place.taken is not None}
    influence, by_shift = _influence(data, cells, values)
    return Separation(values, influence, weights, slope, by_shift, _counts(places, cells))


STEP_CAPABLE = 0.01


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
        among = data.found.rest[data.reference(intent)]
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
    scores = normal_scores(data.found.rest[rows], among)
    cell = np.rint((np.clip(scores, -EDGE, EDGE) + EDGE) / WIDTH).astype(np.int64)
    resolved = data.contacts.resolved[rows].astype(np.int64)
    odds = data.lengthened.odds if sort[0] and place.taken and place.taken.unchosen == 0.0 else 0.0
    return Cells(place, sort[0], sort[1], rows, cell + resolved * SCORES.size, odds)


# Likelihood -----------------------------------------------------------------------------------------------------------


def _log_chances(cell: Cells, values: Floats) -> Floats:
    """(2 scores,) log chance of each outcome given the score; of a chosen cell times its density over that of all."""
    weight = math.tanh(values[cell.place.weight])
    spread = math.sqrt(1.0 - weight * weight)
    z = weight * SCORES[:, None] + spread * Z[None, :]
    base = values[cell.place.base] + cell.after * values[COMMON] - cell.odds
    odds = base - math.exp(values[SLOPE]) * z
    resolves = expit(odds)
    both = np.concatenate([(1.0 - resolves) @ MASS, resolves @ MASS])
    taken = cell.place.taken
    if cell.chosen and taken is not None:
        lam = math.tanh(values[SELECTIVITY])
        hard = left_over(z, lam, taken.capable)
        chosen = np.concatenate([((1.0 - resolves) * hard) @ MASS, (resolves * hard) @ MASS])
        both = taken.unchosen * both + (1.0 - taken.unchosen) * chosen
    return np.asarray(np.log(np.maximum(both, 1e-300)))


def _slopes(cell: Cells, values: Floats) -> Floats:
    """(2 scores, parameters) derivatives of the log chances."""
    own = (SELECTIVITY, SLOPE, COMMON, cell.place.weight, cell.place.base)
    found = np.zeros((2 * SCORES.size, values.size))
    for k in own:
        step = np.zeros(values.size)
        step[k] = SMALL
        found[:, k] = (_log_chances(cell, values + step) - _log_chances(cell, values - step)) / (2 * SMALL)
    return found


def _start(places: dict[int, Place], products: Sequence[Product]) -> Floats:
    values = np.zeros(3 + 2 * len(places))
    mean = float(np.mean([one.value for one in products]))
    size = math.sqrt(min(max(abs(mean), 0.05), 0.8))
    values[SELECTIVITY], values[SLOPE] = math.copysign(math.atanh(size), mean), 0.0
    for place in places.values():
        values[place.weight], values[place.base] = math.atanh(size), 1.0
    return values


def _likeliest(cells: list[Cells], start: Floats) -> Floats | None:
    """The parameters of most likelihood, by scoring with damping; None where it does not settle."""
    values, damping, counts = start, 1e-3, [cell.counts for cell in cells]
    best = _total(cells, counts, values)
    for _ in range(MOST_STEPS):
        gradient, information = _score(cells, counts, values)
        while True:
            step = np.linalg.solve(information + damping * np.diag(np.diag(information) + 1e-6), gradient)
            step = np.clip(step, -0.5, 0.5)
            there = _total(cells, counts, values + step)
            if there >= best - ENOUGH or damping > 1e9:
                break
            damping *= 10.0
        if damping > 1e9:
            return values
        gained, best, damping = there - best, there, max(damping / 10.0, 1e-9)
        values = np.asarray(values + step)
        if abs(gained) < 1e-6 and np.abs(step).max() < 1e-4:
            return values
    return values


def _total(cells: list[Cells], counts: list[Floats], values: Floats) -> float:
    if np.abs(values[SELECTIVITY]) > 3.0 or any(abs(values[cell.place.weight]) > 3.0 for cell in cells):
        return -math.inf
    if not -4.0 < values[SLOPE] < 2.5:
        return -math.inf
    return float(sum(count @ _log_chances(cell, values) for cell, count in zip(cells, counts, strict=True)))


def _score(cells: list[Cells], counts: list[Floats], values: Floats) -> tuple[Floats, Floats]:
    """The score and the information."""
    gradient, information = np.zeros(values.size), np.zeros((values.size, values.size))
    for cell, count in zip(cells, counts, strict=True):
        slopes = _slopes(cell, values)
        gradient += count @ slopes
        information += (slopes * count[:, None]).T @ slopes
    return gradient, information


# Errors ---------------------------------------------------------------------------------------------------------------


def _influence(data: Adjusted, cells: list[Cells], values: Floats) -> tuple[Floats, Floats]:
    """What each contact adds to the error (its own score, the ranks, what is common to all), and `by_shift`."""
    counts = [cell.counts for cell in cells]
    _, information = _score(cells, counts, values)
    added = np.zeros((data.found.rest.size, values.size))
    for cell in cells:
        slopes = _slopes(cell, values)
        added[cell.rows] += slopes[cell.at]
    shift = np.zeros(values.size)
    for intent in np.unique(data.contacts.intent[np.concatenate([cell.rows for cell in cells])]):
        shift += _add_errors_of_scores(data, int(intent), cells, values, added)
    inverse = np.linalg.pinv(information, rcond=1e-12, hermitian=True)
    return np.asarray(added @ inverse), np.asarray(shift @ inverse)


def _add_errors_of_scores(data: Adjusted, intent: int, cells: list[Cells], values: Floats, added: Floats) -> Floats:
    """Add what errors of the scores of an intent do to the sum of the likelihood; what a shift does is returned."""
    own = [cell for cell in cells if data.contacts.intent[cell.rows[0]] == intent]
    reference = np.flatnonzero(data.reference(intent))
    among = data.found.rest[reference]
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
    slopes = _slopes(cell, values).reshape(2, SCORES.size, values.size)
    moved = np.asarray(np.gradient(slopes, WIDTH, axis=1))
    return moved.reshape(2 * SCORES.size, values.size)


# Before there are contacts -------------------------------------------------------------------------------------------


def expected_covariance(places: Sequence[Place], counts: Sequence[tuple[float, float]], values: Floats) -> Floats:
    """(parameters, parameters) covariance that contacts yet to come would give, at best.

    Parameters
    ----------
    places : of intents with a bot.
    counts : by intent, contacts of a control arm, and contacts that the bot has chosen from.
    values : what is true, as in `Separation`.
    """
    nothing = np.zeros(0, np.int64)
    information = np.zeros((values.size, values.size))
    shifts = []
    density = np.tile(np.exp(-0.5 * SCORES * SCORES) * WIDTH / ROOTS, 2)
    for place, (control, chosen) in zip(places, counts, strict=True):
        for count, is_chosen in ((control, False), (chosen, True)):
            cell = Cells(place, is_chosen, False, nothing, nothing)
            expected = count * density * np.exp(_log_chances(cell, values))
            slopes = _slopes(cell, values)
            information += (slopes * expected[:, None]).T @ slopes
            if is_chosen:
                shifts.append((expected @ _pull(cell, values)) / math.sqrt(max(control, 1e-9)))
    inverse = np.linalg.pinv(information, rcond=1e-12, hermitian=True)
    moved = np.array(shifts) @ inverse
    return np.asarray(inverse + moved.T @ moved)
