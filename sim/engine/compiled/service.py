"""What happens between an agent and a contact: how long it takes and whether it helps."""

from typing import Any

from sim.behaviour import fatigue as tired
from sim.behaviour import frustration as upset
from sim.behaviour.handle import needed_talk
from sim.behaviour.mistreatment import mistreatment_probability
from sim.behaviour.pace import running_mean, squeeze, squeezed_logit
from sim.behaviour.resolution import expit, resolution_logit
from sim.engine.compiled.draws import a_chance, a_time, base_talk, profile_factor
from sim.engine.compiled.memory import put_real, real, reals, row
from sim.engine.table import INTENT
from sim.jit import constant, small_part
from sim.world.luck import Purpose
from sim.world.scores import to_us

_WRAP_UP, _MISTREATED, _RESOLUTION = (
    constant(Purpose.WRAP_UP),
    constant(Purpose.MISTREATED),
    constant(Purpose.RESOLUTION),
)
_spread_talk_time = tired.spread_talk_time
_tired_factor, _upset_factor = tired.talk_factor, upset.talk_factor


@small_part
def prepare(m: Any, s: Any, p: Any, contact: Any) -> None:
    """Draw T0 and wrap-up, before any effect, for a contact that joins the queue."""
    intent = row(m.intents, p.intent, INTENT)
    p.base_s = base_talk(m, s, p)
    p.scale = profile_factor(m, s, p, intent.talk)
    contact.base_us = to_us(p.base_s * p.scale)
    contact.wrap_us = to_us(a_time(m, s, p, _WRAP_UP, intent.wrap))


@small_part
def perform(m: Any, s: Any, p: Any, contact: Any, agent: Any) -> None:
    """Settle a service at its start: mistreatment, talk, resolution."""
    intent = row(m.intents, p.intent, INTENT)
    rise = p.frustration - m.start
    contact.fatigue = agent.fatigue
    if m.mistreats:
        chance = mistreatment_probability(p.frustration, m.mistreatment_intercept, m.mistreatment_slope)
        contact.mistreated = a_chance(m, s, p, _MISTREATED, chance)
    needed = _needed(m, p, contact, agent, rise)
    factor = squeeze(real(s.running, intent.pace_mean), intent.pace_target_s, m.push)
    contact.natural_talk_us, contact.talk_us = to_us(needed), to_us(needed * factor)
    contact.resolved = _resolves(m, s, p, rise, agent.fatigue, factor)


@small_part
def _needed(m: Any, p: Any, contact: Any, agent: Any, rise: float) -> float:
    intent, talk = row(m.intents, p.intent, INTENT), p.base_s
    if m.fatigue_spread != 0.0:
        moments = reals(m.moments, p.intent * m.n_moments, m.n_moments)
        talk = _spread_talk_time(talk, agent.fatigue, m.fatigue_spread, intent.log_mean, moments)
    return needed_talk(
        talk * p.scale,
        _upset_factor(rise, m.talk_effect),
        _tired_factor(agent.fatigue, m.fatigue_talk),
        real(m.speed, agent.group * m.n_skills + intent.skill),
        m.lost_context_s if contact.context_lost else 0.0,
    )


@small_part
def _resolves(m: Any, s: Any, p: Any, rise: float, fatigue: float, factor: float) -> bool:
    intent = row(m.intents, p.intent, INTENT)
    logit = resolution_logit(
        intent.resolution_base,
        intent.resolution_slope,
        p.difficulty,
        m.resolution_effect,
        rise,
        m.fatigue_resolution,
        fatigue,
    )
    return a_chance(m, s, p, _RESOLUTION, expit(squeezed_logit(logit, factor, m.pace_slope)))


@small_part
def count_handled(m: Any, s: Any, contact: Any) -> None:
    """Count a finished contact in the running mean of unsqueezed handle times."""
    mean = row(m.intents, contact.intent, INTENT).pace_mean
    handled_s = (contact.natural_talk_us + contact.wrap_us) / 1e6
    put_real(s.running, mean, running_mean(real(s.running, mean), handled_s))
