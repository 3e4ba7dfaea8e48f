"""What happens between an agent and a contact: how long it takes and whether it helps."""

from typing import Any

from sim.behaviour import fatigue as tired
from sim.behaviour import frustration as upset
from sim.behaviour.handle import needed_talk
from sim.behaviour.mistreatment import mistreatment_probability
from sim.behaviour.pace import running_mean, squeeze, squeezed_logit
from sim.behaviour.resolution import expit, resolution_logit
from sim.engine.compiled.draws import a_chance, a_time, base_talk, profile_factor
from sim.engine.compiled.model import Model
from sim.engine.compiled.state import State
from sim.jit import woven
from sim.world.luck import Purpose
from sim.world.scores import to_us

_WRAP_UP, _MISTREATED, _RESOLUTION = int(Purpose.WRAP_UP), int(Purpose.MISTREATED), int(Purpose.RESOLUTION)
_spread_talk_time = tired.spread_talk_time
_tired_factor, _upset_factor = tired.talk_factor, upset.talk_factor


@woven
def prepare(m: Model, s: State, n: int) -> None:
    """Draw T0 and wrap-up, before any effect, for a contact that joins the queue."""
    p = s.people[n]
    intent, contact = m.intents[p.intent], s.contacts[p.row]
    p.base_s = base_talk(m, s, n)
    p.scale = profile_factor(m, s, n, intent.talk)
    contact.base_us = to_us(p.base_s * p.scale)
    contact.wrap_us = to_us(a_time(m, s, n, _WRAP_UP, intent.wrap))


@woven
def perform(m: Model, s: State, n: int, a: int) -> None:
    """Settle a service at its start: mistreatment, talk, resolution."""
    p, laws = s.people[n], m.laws[0]
    contact, intent = s.contacts[p.row], m.intents[p.intent]
    rise = p.frustration - laws.start
    contact.fatigue = s.agents[a].fatigue
    if laws.mistreats:
        chance = mistreatment_probability(p.frustration, laws.mistreatment_intercept, laws.mistreatment_slope)
        contact.mistreated = a_chance(s, n, _MISTREATED, chance)
    needed = _needed(m, s, n, a, rise)
    factor = squeeze(s.running[intent.pace_mean], intent.pace_target_s, laws.push)
    contact.natural_talk_us, contact.talk_us = to_us(needed), to_us(needed * factor)
    contact.resolved = _resolves(m, s, n, rise, contact.fatigue, factor)


@woven
def _needed(m: Model, s: State, n: int, a: int, rise: float) -> float:
    p, laws, agent = s.people[n], m.laws[0], s.agents[a]
    intent, talk = m.intents[p.intent], p.base_s
    if laws.fatigue_spread != 0.0:
        moments = m.moments[p.intent]
        talk = _spread_talk_time(talk, agent.fatigue, laws.fatigue_spread, intent.log_mean, moments)
    return needed_talk(
        talk * p.scale,
        _upset_factor(rise, laws.talk_effect),
        _tired_factor(agent.fatigue, laws.fatigue_talk),
        m.speed[agent.group, intent.skill],
        laws.lost_context_s if s.contacts[p.row].context_lost else 0.0,
    )


@woven
def _resolves(m: Model, s: State, n: int, rise: float, fatigue: float, factor: float) -> bool:
    p, laws = s.people[n], m.laws[0]
    intent = m.intents[p.intent]
    logit = resolution_logit(
        intent.resolution_base,
        intent.resolution_slope,
        p.difficulty,
        laws.resolution_effect,
        rise,
        laws.fatigue_resolution,
        fatigue,
    )
    return a_chance(s, n, _RESOLUTION, expit(squeezed_logit(logit, factor, laws.pace_slope)))


@woven
def count_handled(m: Model, s: State, contact: Any) -> None:
    """Count a finished contact in the running mean of unsqueezed handle times."""
    mean = m.intents[contact.intent].pace_mean
    s.running[mean] = running_mean(s.running[mean], (contact.natural_talk_us + contact.wrap_us) / 1e6)
