"""What happens between an agent and a contact: how long it takes and whether it helps."""

from typing import Any

from sim.engine.compiled.draws import a_chance, a_time, base_talk, profile_factor
from sim.engine.compiled.memory import put_real, real, reals, row
from sim.engine.parameter_table import INTENT
from sim.engine.records import Cause
from sim.engine.rules.handle_time import needed_talk, shortened_wrap_up
from sim.jit import constant, part, small_part
from sim.mechanisms import fatigue as tired
from sim.mechanisms import frustration as upset
from sim.mechanisms.mistreatment import mistreatment_probability
from sim.mechanisms.pace import is_pressed, running_mean, squeeze, squeezed_logit
from sim.mechanisms.resolution import expit, resolution_logit
from sim.mechanisms.supervisor import supervised_share
from sim.mechanisms.workforce import less_points
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_WRAP_UP, _MISTREATED, _RESOLUTION = (
    constant(Purpose.WRAP_UP),
    constant(Purpose.MISTREATED),
    constant(Purpose.RESOLUTION),
)
_CLEANUP, _CLEANUP_TIME = constant(Purpose.CLEANUP), constant(Purpose.CLEANUP_TIME)
_SENT_AWAY, _SUPERVISED = constant(Purpose.SENT_AWAY), constant(Purpose.SUPERVISED)
_TRANSFER = constant(Cause.TRANSFER)
_spread_talk_time, _build_rate = tired.spread_talk_time, tired.build_rate
_tired_factor, _upset_factor = tired.talk_factor, upset.talk_factor


@small_part
def prepare(m: Any, s: Any, p: Any, contact: Any) -> None:
    """Draw T0 and wrap-up, before any effect, for a contact that joins the queue."""
    intent = row(m.intents, p.intent, INTENT)
    p.base_s = base_talk(m, s, p)
    p.scale = profile_factor(m, s, p, intent.talk)
    contact.stated_us, contact.base_us = to_us(intent.talk_s * p.scale), to_us(p.base_s * p.scale)
    contact.wrap_us = to_us(a_time(m, s, p, _WRAP_UP, intent.wrap))


@small_part
def perform(m: Any, s: Any, p: Any, contact: Any, agent: Any, own: Any) -> None:
    """Settle a service at its start: mistreatment, talk and wrap-up, resolution."""
    intent = row(m.intents, p.intent, INTENT)
    rise = p.frustration - m.frustration.start
    contact.fatigue = agent.fatigue
    if m.mistreatment.on:
        intercept = m.mistreatment.intercept + own.mistreatment
        chance = mistreatment_probability(p.frustration, intercept, m.mistreatment.slope)
        contact.mistreated = a_chance(m, s, p, _MISTREATED, chance)
    needed = _needed(m, p, contact, agent, own, rise)
    factor = squeeze(real(s.running, intent.pace.mean), intent.pace.target_s, m.pace.push)
    contact.natural_talk_us, contact.talk_us = to_us(needed), to_us(needed * factor)
    if own.uses:
        _wrap_up(m, s, p, contact, own)
    if m.pace.sends_away > 0.0 and p.cause != _TRANSFER:
        pressed = is_pressed(real(s.running, intent.pace.mean), intent.pace.target_s, m.pace.sends_away_below)
        contact.transferred = pressed and a_chance(m, s, p, _SENT_AWAY, m.pace.sends_away)
    contact.resolved = not contact.transferred and _resolves(m, s, p, rise, agent.fatigue, factor, own)


@small_part
def _needed(m: Any, p: Any, contact: Any, agent: Any, own: Any, rise: float) -> float:
    intent, tired = row(m.intents, p.intent, INTENT), p.base_s
    if not m.parted:
        needed = p.base_s * p.scale / real(m.speed, agent.group * m.n_skills + intent.skill)
        contact.speed_us = to_us(needed) - contact.base_us
        return float(needed)
    if m.fatigue.spread != 0.0:
        moments = reals(m.moments, p.intent * m.n_moments, m.n_moments)
        tired = _spread_talk_time(tired, agent.fatigue, m.fatigue.spread, intent.log_mean, moments)
    needed, a, b, c, d, e, f, g, h = needed_talk(
        p.base_s * p.scale,
        tired * p.scale,
        _upset_factor(rise, m.frustration.talk),
        _tired_factor(agent.fatigue, m.fatigue.talk),
        own.tenure,
        own.redundancy,
        own.speed,
        real(m.speed, agent.group * m.n_skills + intent.skill),
        own.assistant,
        own.extra_s,
        m.bot.lost_context_s if contact.context_lost else 0.0,
        m.screens.added_s,
    )
    contact.frustration_us, contact.fatigue_us, contact.tenure_us, contact.redundancy_us = a, b, c, d
    contact.speed_us, contact.assistant_us, contact.context_us, contact.screens_us = e, f, g, h
    return float(needed)


@part
def _wrap_up(m: Any, s: Any, p: Any, contact: Any, own: Any) -> None:
    """What the assistant does to wrap-up: it writes the summary, and is corrected."""
    shorter = shortened_wrap_up(contact.wrap_us, own.summary)
    contact.summary_us = shorter - contact.wrap_us
    if a_chance(m, s, p, _CLEANUP, m.assistant.cleanup):
        contact.cleanup_us = to_us(a_time(m, s, p, _CLEANUP_TIME, m.assistant.cleanup_time))
    contact.wrap_us = shorter + contact.cleanup_us


@small_part
def _resolves(m: Any, s: Any, p: Any, rise: float, fatigue: float, factor: float, own: Any) -> bool:
    intent = row(m.intents, p.intent, INTENT)
    logit = resolution_logit(
        intent.resolution_base,
        intent.resolution_slope,
        p.difficulty,
        m.frustration.resolution,
        rise,
        m.fatigue.resolution,
        fatigue,
    )
    chance = expit(squeezed_logit(logit + own.logit, factor, m.pace.slope))
    return a_chance(m, s, p, _RESOLUTION, less_points(chance, own.points))


@small_part
def tiring(m: Any, own: Any, mistreated: bool) -> float:
    """How fast a contact tires an agent (an hour)."""
    return _build_rate(m.fatigue.build_per_hour * own.build_up, m.fatigue.mistreatment_weight, mistreated)


@part
def takes_supervisor(m: Any, s: Any, p: Any, contact: Any) -> bool:
    """Whether an agent may not decide a contact alone."""
    if contact.group == m.supervisor.group or contact.transferred:
        return False
    intent = row(m.intents, p.intent, INTENT)
    share = supervised_share(p.difficulty, intent.supervisor.easy, intent.supervisor.hard, m.supervisor.difficult_above)
    return bool(a_chance(m, s, p, _SUPERVISED, share))


@small_part
def count_handled(m: Any, s: Any, contact: Any) -> None:
    """Count a finished contact in the running mean of unsqueezed handle times."""
    mean = row(m.intents, contact.intent, INTENT).pace.mean
    handled_s = (contact.natural_talk_us + contact.supervisor_us + contact.wrap_us) / 1e6
    put_real(s.running, mean, running_mean(real(s.running, mean), handled_s))
