"""What first attempts draw, drawn for everybody before the first event.

A draw alone waits for each round of the generator; several at a time keep the processor busy. Later attempts draw when
they need it: a draw is a function of its name, so nobody can tell.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import FirstContacts
from sim.engine.parameter_table import ParameterTable
from sim.jit import compiled
from sim.rng.philox import uniforms_by_name
from sim.rng.purposes import Purpose
from sim.rng.scores import DistributionKind

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ONCE, EACH = 0, 1
_BLOCK = 64


class PredrawnPurposes(NamedTuple):
    """What is drawn for every first attempt.

    Attributes
    ----------
    purpose, attempt : (draws,) attempt 0 for what is drawn once a need.
    slot : (purposes,) which draw belongs to a purpose; -1 if it is drawn when needed.
    """

    purpose: Ints
    attempt: Ints
    slot: Ints


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
    once = (Purpose.DIFFICULTY, Purpose.CAPABILITY, Purpose.EXPOSED)
    purposes = [int(purpose) for purpose, needed in wanted.items() if needed]
    slot = np.full(max(Purpose) + 1, -1, np.int64)
    slot[purposes] = np.arange(len(purposes))
    attempts = [ONCE if purpose in once else EACH for purpose in purposes]
    return PredrawnPurposes(np.array(purposes, np.int64), np.array(attempts, np.int64), slot)


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
    out : (draws, room) uniform numbers.
    """
    names, dates = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    for first in range(0, needs, _BLOCK):
        last = min(first + _BLOCK, needs)
        for i in range(first, last):
            names[i - first], dates[i - first] = name[calls.intent[i]], ordinal[calls.day[i]]
        for k in range(wanted.purpose.size):
            purpose, attempt = wanted.purpose[k], wanted.attempt[k]
            uniforms_by_name(k0, k1, calls.number[first:last], dates, names, purpose, attempt, out[k, first:])
