"""Who the agents are in one replication: their own traits, and what these do. Both engines read it."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.crew import Crew
from sim.engine.parameter_table import ParameterTable
from sim.engine.plan import Roster
from sim.jit import compiled, constant
from sim.mechanisms.assistant import fast_factor, kept_factor, reinvested_logit
from sim.mechanisms.workforce import speed_factor, tenure_factor, what_is_left
from sim.rng.philox import happens, uniform
from sim.rng.purposes import Purpose
from sim.rng.scores import certain_time, is_certain, score_draw, time_of

Rows = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SPEED, _TENURE = constant(Purpose.AGENT_SPEED), constant(Purpose.AGENT_TENURE)
_ADOPTS, _AFFECTED, _NONE = constant(Purpose.AGENT_ADOPTS), constant(Purpose.AGENT_AFFECTED), constant(0)


class Hiring(NamedTuple):
    """What agents are drawn from.

    Attributes
    ----------
    group_of, crew : (agents,) the group of each agent, and who it is.
    kind, a, b, points : the distribution of tenure.
    parameters : those of the mechanisms.
    """

    group_of: Ints
    crew: Crew
    kind: int
    a: float
    b: float
    points: Floats
    parameters: Any


def hiring_of(table: ParameterTable, roster: Roster) -> Hiring:
    """Return what a scenario's agents are drawn from."""
    kind, a, b, first, length, _ = table.dists[table.parameters.centre.tenure].tolist()
    return Hiring(roster.group_of, roster.crew, kind, a, b, table.points[first : first + length], table.parameters)


@compiled
def draw_agents(h: Hiring, k0: int, k1: int, traits: Rows) -> None:
    """Draw who the agents of one replication are.

    Parameters
    ----------
    k0, k1 : the replication's key words.
    traits : (agents,) dtype `AGENT_TRAITS`.
    """
    for a in range(h.group_of.size):
        traits[a].group = h.group_of[a]
        _draw_agent(h, k0, k1, h.crew.number[a], h.crew.word[a], traits[a])
        if not math.isnan(h.crew.tenure_s[a]):
            traits[a].tenure_s = h.crew.tenure_s[a]
        traits[a].tenure_s += h.crew.added_s[a]
        _apply_traits(h.parameters, traits[a])


@compiled
def _draw_agent(h: Hiring, k0: int, k1: int, number: int, name: int, agent: Any) -> None:
    parameters = h.parameters
    agent.uses = parameters.assistant.on and happens(
        k0, k1, number, _NONE, name, _ADOPTS, _NONE, parameters.assistant.adoption
    )
    agent.affected = happens(k0, k1, number, _NONE, name, _AFFECTED, _NONE, parameters.workforce.affected)
    agent.speed = 1.0
    if parameters.workforce.speed_sd > 0.0:
        agent.speed = speed_factor(
            score_draw(k0, k1, number, _NONE, name, _SPEED, _NONE), parameters.workforce.speed_sd
        )
    if is_certain(h.kind):
        agent.tenure_s = certain_time(h.kind, h.a)
    else:
        agent.tenure_s = time_of(h.kind, h.a, h.b, h.points, uniform(k0, k1, number, _NONE, name, _TENURE, _NONE))


@compiled
def _apply_traits(parameters: Any, agent: Any) -> None:
    """What an agent's traits do."""
    assistant, force = parameters.assistant, parameters.workforce
    agent.tenure = tenure_factor(agent.tenure_s, force.learning_start, force.learning_days)
    agent.redundancy, agent.points = 1.0, 0.0
    if agent.affected:
        since_s, half_life_s = force.redundancy_since_s, force.half_life_s
        agent.redundancy = 1.0 + what_is_left(force.redundancy_time, since_s, half_life_s)
        agent.points = what_is_left(force.redundancy_points, since_s, half_life_s)
    agent.assistant, agent.extra_s, agent.logit, agent.mistreatment = 1.0, 0.0, 0.0, 0.0
    agent.summary, agent.build_up = 1.0, 1.0
    if agent.uses:
        fast = fast_factor(agent.tenure_s, assistant.uplift, assistant.uplift_decay_s)
        agent.assistant = kept_factor(fast, assistant.reinvest)
        agent.logit = reinvested_logit(fast, agent.assistant, assistant.reinvest_slope)
        agent.extra_s, agent.mistreatment = assistant.extra_s, assistant.mistreatment
        agent.summary, agent.build_up = assistant.summary, assistant.build_up
