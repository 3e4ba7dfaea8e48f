"""What first attempts draw, drawn for everybody before the first event.

A draw alone waits for each round of the generator, and what is made of it for each step of its formula; several at a
time keep the processor busy. So normal scores and times are made here too, where they follow from the draw and the
intent alone. Later attempts draw when they need it: a draw is a function of its name, so nobody can tell.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import FirstContacts
from sim.engine.distributions import DIST
from sim.engine.memory import reals, row
from sim.engine.parameter_table import ParameterTable
from sim.jit import compiled
from sim.mechanisms.difficulty import correlated_score
from sim.rng.philox import uniforms_by_name
from sim.rng.purposes import Purpose
from sim.rng.scores import DistributionKind, exponential_time, quantile, turn_into_scores

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ONCE, EACH = 0, 1
CHANCE, SCORE, TIME, TALK = 0, 1, 2, 3
"""What is made of a draw: nothing, a normal score, a time, or T0, which is correlated with the difficulty."""
_BLOCK = 256
_CHANCE, _SCORE, _TALK, _DIFFICULTY = CHANCE, SCORE, TALK, int(Purpose.DIFFICULTY)
_EXPONENTIAL = int(DistributionKind.EXPONENTIAL)


class PredrawnPurposes(NamedTuple):
    """What is drawn for every first attempt.

    Attributes
    ----------
    purpose, attempt : (draws,) attempt 0 for what is drawn once a need.
    form : (draws,) `CHANCE`, `SCORE`, `TIME` or `TALK`; scores come before what is correlated with them.
    slot, made : (purposes,) which draw belongs to a purpose, where it stays as it is, and where a score or a time is
        made of it; -1 if not.
    scored : (draws,) whether times of this draw are made of a normal score.
    dist : (draws, intents) the distribution of a time.
    dists, points : where those of the model's arrays lie; 0 until they are laid out.
    weight : (intents,) the correlation of T0 with the difficulty.
    """

    purpose: Ints
    attempt: Ints
    form: Ints
    slot: Ints
    made: Ints
    scored: npt.NDArray[np.bool_]
    dist: Ints
    dists: int
    points: int
    weight: Floats


def latent_intents(table: ParameterTable) -> npt.NDArray[np.bool_]:
    """Whether anything reads the difficulty of an intent's needs, as users' mechanisms may; (intents,)."""
    intents = table.intents
    if table.own:
        return np.ones(intents.size, bool)
    varies = (intents["resolution_slope"] != 0.0) & np.isfinite(intents["resolution_base"])
    asked = intents["supervisor"]["easy"] != intents["supervisor"]["hard"]
    found: npt.NDArray[np.bool_] = (
        (intents["weight"] != 0.0) | varies | (table.parameters.bot.selectivity != 0.0) | asked
    )
    return found


def predrawn_purposes(table: ParameterTable, latent: npt.NDArray[np.bool_]) -> PredrawnPurposes:
    """The draws that most first attempts of a scenario need."""
    parameters, intents = table.parameters, table.intents
    bot = bool(intents["has_bot"].any())
    wanted = {
        Purpose.DIFFICULTY: latent.any(),
        Purpose.CAPABILITY: bot,
        Purpose.EXPOSED: bot and 0.0 < parameters.bot.exposure < 1.0,
        Purpose.OPT_OUT: bot and 0.0 < parameters.bot.opt_out < 1.0,
        Purpose.BOT_TIME: bot and not parameters.bot.converses and _varies(table, np.array([parameters.bot.session])),
        Purpose.FALSE_CONTAINMENT: bot and intents["false_containment"].any(),
        Purpose.CONTEXT: bot and 0.0 < parameters.bot.context_kept < 1.0,
        Purpose.PATIENCE: _varies(table, intents["patience"]),
        Purpose.TALK: _varies(table, intents["talk"]),
        Purpose.WRAP_UP: _varies(table, intents["wrap"]),
        Purpose.MISTREATED: parameters.mistreatment.on,
        Purpose.RESOLUTION: np.isfinite(intents["resolution_base"]).any(),
        Purpose.SUPERVISED: intents["supervisor"]["hard"].any(),
    }
    purposes = [purpose for purpose, needed in wanted.items() if needed]
    forms = [_form(purpose, bot) for purpose in purposes]
    slot, made = np.full(max(Purpose) + 1, -1, np.int64), np.full(max(Purpose) + 1, -1, np.int64)
    for place, (purpose, form) in enumerate(zip(purposes, forms, strict=True)):
        (slot if form == CHANCE else made)[purpose] = place
    dist = np.array([_dists_of(table, purpose) for purpose in purposes], np.int64).reshape(-1, intents.size)
    return PredrawnPurposes(
        np.array(purposes, np.int64),
        np.array([ONCE if purpose in _ONCE_A_NEED else EACH for purpose in purposes], np.int64),
        np.array(forms, np.int64),
        slot,
        made,
        np.array([_is_scored(table, form, of_form) for form, of_form in zip(forms, dist, strict=True)], bool),
        dist,
        0,
        0,
        np.ascontiguousarray(intents["weight"]),
    )


_ONCE_A_NEED = (Purpose.DIFFICULTY, Purpose.CAPABILITY, Purpose.EXPOSED)


def _form(purpose: Purpose, bot: bool) -> int:
    """What is made of a draw beforehand: what almost everybody needs.

    Not everybody has to be patient, and not everybody talks to an agent after a bot.
    """
    if purpose in (Purpose.DIFFICULTY, Purpose.CAPABILITY):
        return SCORE
    if purpose == Purpose.BOT_TIME or (purpose == Purpose.WRAP_UP and not bot):
        return TIME
    return TALK if purpose == Purpose.TALK and not bot else CHANCE


def _dists_of(table: ParameterTable, purpose: Purpose) -> Ints:
    """The distribution of a purpose's time, by intent; of what is no time that of nothing."""
    columns = {Purpose.TALK: "talk", Purpose.WRAP_UP: "wrap"}
    if purpose in columns:
        return np.asarray(table.intents[columns[purpose]], np.int64)
    return np.full(table.intents.size, table.parameters.bot.session if purpose == Purpose.BOT_TIME else 0, np.int64)


def _is_scored(table: ParameterTable, form: int, dists: Ints) -> bool:
    """Whether the times of some distributions need a normal score, as what is correlated does."""
    without = (DistributionKind.CONSTANT, DistributionKind.INFINITE, DistributionKind.EXPONENTIAL)
    correlated = form == TALK and bool(table.intents["weight"].any())
    return correlated or not np.isin(table.dists["kind"][dists], without).all()


def _varies(table: ParameterTable, dists: Ints) -> bool:
    return not np.isin(table.dists["kind"][dists], (DistributionKind.CONSTANT, DistributionKind.INFINITE)).all()


@compiled
def draw_first_attempts(
    wanted: PredrawnPurposes,
    name: Ints,
    ordinal: Ints,
    k0: int,
    k1: int,
    calls: FirstContacts,
    needs: int,
    out: Floats,
) -> None:
    """Draw it.

    Parameters
    ----------
    name, ordinal : (intents,), (days,) the names that draws go by.
    k0, k1 : the replication's key words.
    calls : the first arrivals, `needs` of them.
    out : (draws, room) uniform numbers, or what is made of them.
    """
    names, dates, kept = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64), np.empty(_BLOCK)
    for first in range(0, needs, _BLOCK):
        last = min(first + _BLOCK, needs)
        for i in range(first, last):
            names[i - first], dates[i - first] = name[calls.intent[i]], ordinal[calls.day[i]]
        for k in range(wanted.purpose.size):
            values = out[k, first:last]
            number, purpose = calls.number[first:last], wanted.purpose[k]
            uniforms_by_name(k0, k1, number, dates, names, purpose, wanted.attempt[k], values)
            if wanted.form[k] == _SCORE:
                turn_into_scores(values, kept)
            elif wanted.form[k] != _CHANCE:
                difficulties = out[max(wanted.made[_DIFFICULTY], 0), first:last]
                _turn_into_times(wanted, k, calls.intent[first:last], difficulties, values, kept)


@compiled
def _turn_into_times(
    wanted: PredrawnPurposes, k: int, intent: Ints, difficulties: Floats, values: Floats, kept: Floats
) -> None:
    """Make times of uniform numbers: each of its intent's distribution, T0 correlated with the difficulty."""
    dist, weight, talk = wanted.dist[k], wanted.weight, wanted.form[k] == _TALK
    if wanted.scored[k]:
        turn_into_scores(values, kept)
    else:
        for i in range(values.size):
            kept[i] = values[i]
    for i in range(values.size):
        d = row(wanted.dists, dist[intent[i]], DIST)
        if talk and weight[intent[i]] != 0.0:
            score = correlated_score(weight[intent[i]], difficulties[i], values[i])
            values[i] = quantile(d.kind, d.a, d.b, reals(wanted.points, d.first, d.length), score)
        elif d.kind == _EXPONENTIAL:
            values[i] = exponential_time(d.a, kept[i])
        else:
            values[i] = quantile(d.kind, d.a, d.b, reals(wanted.points, d.first, d.length), values[i])
