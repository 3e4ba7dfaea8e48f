"""What happens between an agent and a contact: how long it takes and whether it helps.

A service whose end is certain at its start is concluded then, since nothing can change any more what becomes of it. One
whose end can move, because somebody else has to decide, is concluded at its end. Either way the moment at which what
is done now ends stands with the contact in hand, and an event of another moment is stale.
"""

from sim.engine.memory import address, put_real, real, row
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CHANNEL, CONTACT, Cause
from sim.engine.rows import AGENT, CHAT, PERSON, TALKING, Agent, Contact, ModelRow, Person, StateRow, Traits
from sim.engine.rules.backlog import go_on_with, is_deferred, join_backlog
from sim.engine.rules.draws import a_chance, a_time, base_talk, profile_factor
from sim.engine.rules.hands import hand_at, handled_s, resume_wrapping, take_step, take_whole
from sim.engine.rules.moments import needed_talk, shortened_wrap_up
from sim.engine.rules.own import call_own
from sim.engine.rules.people import fatigue_now
from sim.jit import constant, part, small_part
from sim.mechanisms.fatigue import build_rate, is_hard, pause_us
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
_CONSULTATION, _TALKING, _CHAT = constant(Purpose.CONSULTATION), constant(TALKING), constant(CHAT)


@part
def join(model: ModelRow, state: StateRow, need: int) -> int:
    """A customer joins the queue: T0 and wrap-up are drawn, before any effect; the skill asked for."""
    person = row(state.people, need, PERSON)
    intent, contact = row(model.intents, person.intent, INTENT), row(state.contacts, person.row, CONTACT)
    contact.joined_us, person.rank_us = state.now, state.now - intent.head_start_us
    if is_deferred(model, person.intent):
        join_backlog(model, state, person, contact)
    person.base_s = base_talk(model, state, person)
    person.scale = profile_factor(model, state, person, intent.talk)
    contact.stated_us, contact.base_us = to_us(intent.talk_s * person.scale), to_us(person.base_s * person.scale)
    contact.wrap_us = to_us(a_time(model, state, person, _WRAP_UP, intent.wrap))
    return int(intent.skill)


@small_part
def steps(model: ModelRow, intent: int) -> bool:
    """Whether a contact of an intent goes on step by step: its talk ends by itself, and then its wrap-up."""
    return bool(model.channels and row(model.intents, intent, INTENT).channel > 0)


@part
def serve(model: ModelRow, state: StateRow, need: int, agent_number: int) -> bool:
    """An agent has taken a contact; whether, after the talk, somebody else has to decide.

    What goes on step by step has its ends planned as those that have moved.
    """
    person, agent = row(state.people, need, PERSON), row(state.agents, agent_number, AGENT)
    contact, traits = row(state.contacts, person.row, CONTACT), row(state.traits, agent_number, AGENT_TRAITS)
    contact.agent, contact.group = agent_number, agent.group
    _perform(model, state, person, contact, agent, traits)
    asks = model.supervisor.on and _is_supervised(model, state, person, contact)
    if model.channels:
        if steps(model, person.intent):
            _begin_step(model, state, person, contact, agent_number, bool(asks))
            return bool(asks)
        take_whole(state, agent_number)
    agent.rate = _tiring(model, traits, int(contact.mistreated))
    hand = hand_at(state, agent_number)
    hand.row, hand.need, hand.agent, hand.ends_us = person.row, need, agent_number, state.now + contact.talk_us
    if not asks:
        hand.ends_us += contact.wrap_us
    return bool(asks)


@part
def resume(model: ModelRow, state: StateRow, need: int, agent_number: int) -> None:
    """An agent goes on with an item that was put aside."""
    person = row(state.people, need, PERSON)
    contact = row(state.contacts, person.row, CONTACT)
    contact.agent, contact.group = agent_number, row(state.agents, agent_number, AGENT).group
    go_on_with(model, state, agent_number, person.row)


@part
def _begin_step(
    model: ModelRow, state: StateRow, person: Person, contact: Contact, agent_number: int, asks: bool
) -> None:
    """A chat begins beside what else is in hand, or deferred work that takes the whole agent."""
    channel = row(state.channels, person.row, CHANNEL)
    channel.asks = asks
    if is_deferred(model, person.intent):
        channel.rest_us = contact.talk_us if asks else contact.talk_us + contact.wrap_us
        go_on_with(model, state, agent_number, person.row)
    else:
        take_step(model, state, agent_number, person.row, _TALKING, contact.talk_us)


@small_part
def _perform(model: ModelRow, state: StateRow, person: Person, contact: Contact, agent: Agent, traits: Traits) -> None:
    """Settle a service at its start: mistreatment, talk and wrap-up, resolution."""
    intent = row(model.intents, person.intent, INTENT)
    rise = person.frustration - model.frustration.start
    contact.fatigue = agent.fatigue
    if model.mistreatment.on:
        intercept = model.mistreatment.intercept + traits.mistreatment
        chance = mistreatment_probability(person.frustration, intercept, model.mistreatment.slope)
        contact.mistreated = a_chance(model, state, person, _MISTREATED, chance)
    needed = needed_talk(model, state, person, contact, agent, traits)
    factor = squeeze(real(state.running, intent.pace.mean), intent.pace.target_s, model.pace.push)
    contact.natural_talk_us = contact.talk_us = to_us(needed)
    if factor != 1.0:
        contact.talk_us = to_us(needed * factor)
    if traits.uses:
        _wrap_up(model, state, person, contact, traits)
    if model.pace.sends_away > 0.0 and person.cause != _TRANSFER:
        pressed = is_pressed(real(state.running, intent.pace.mean), intent.pace.target_s, model.pace.sends_away_below)
        contact.transferred = pressed and a_chance(model, state, person, _SENT_AWAY, model.pace.sends_away)
        state.inbound += contact.transferred and not is_deferred(model, person.intent)
    contact.resolved = not contact.transferred and _resolves(model, state, person, contact, rise, factor, traits)


@part
def _wrap_up(model: ModelRow, state: StateRow, person: Person, contact: Contact, traits: Traits) -> None:
    """What the assistant does to wrap-up: it writes the summary, and is corrected."""
    shorter = shortened_wrap_up(contact.wrap_us, traits.summary)
    contact.summary_us = shorter - contact.wrap_us
    if a_chance(model, state, person, _CLEANUP, model.assistant.cleanup):
        contact.cleanup_us = to_us(a_time(model, state, person, _CLEANUP_TIME, model.assistant.cleanup_time))
    contact.wrap_us = shorter + contact.cleanup_us


@small_part
def _resolves(
    model: ModelRow, state: StateRow, person: Person, contact: Contact, rise: float, factor: float, traits: Traits
) -> bool:
    intent = row(model.intents, person.intent, INTENT)
    logit = resolution_logit(
        intent.resolution_base,
        intent.resolution_slope,
        person.difficulty,
        model.frustration.resolution,
        rise,
        model.fatigue.resolution,
        contact.fatigue,
    )
    logit += traits.logit
    for k in range(model.n_own_resolution):
        logit = call_own(model.own_resolution, k, person, contact, address(traits), logit)
    chance = expit(squeezed_logit(logit, factor, model.pace.slope))
    return a_chance(model, state, person, _RESOLUTION, less_points(chance, traits.points))


@small_part
def _tiring(model: ModelRow, traits: Traits, mistreated: int) -> float:
    """How fast a contact tires an agent (an hour)."""
    per_hour = model.fatigue.build_per_hour * traits.build_up
    return build_rate(per_hour, model.fatigue.mistreatment_weight, mistreated)


@part
def handled(model: ModelRow, state: StateRow, place: int) -> int:
    """An agent is through with a contact in hand: it counts in the running mean; the pause (us) that it calls for."""
    hand = hand_at(state, place)
    contact, pause = row(state.contacts, hand.row, CONTACT), 0
    if model.pauses:
        handled_us = contact.talk_us + contact.supervisor_us + contact.wrap_us
        stated_s, mechanism = row(model.intents, contact.intent, INTENT).aht_s, model.fatigue
        hard = is_hard(contact.mistreated != 0, handled_us, stated_s, mechanism.long_contact)
        tired = fatigue_now(state, row(state.agents, hand.agent, AGENT))
        pause = pause_us(tired, mechanism.break_at, mechanism.break_us, hard, mechanism.recovery_us)
    if model.paces:
        mean = row(model.intents, contact.intent, INTENT).pace.mean
        if row(model.intents, contact.intent, INTENT).channel == _CHAT:
            seconds = handled_s(contact, row(state.channels, hand.row, CHANNEL))
        else:
            seconds = (contact.natural_talk_us + contact.supervisor_us + contact.wrap_us) / 1e6
        put_real(state.running, mean, running_mean(real(state.running, mean), seconds))
    if model.calls_back:
        skill = row(model.intents, contact.intent, INTENT).skill
        seconds = (contact.talk_us + contact.supervisor_us + contact.wrap_us) / 1e6
        put_real(state.skill_means, skill, running_mean(real(state.skill_means, skill), seconds))
    return int(pause)


# Contacts that somebody else decides -------------------------------------------


@small_part
def deciders(model: ModelRow) -> int:
    """The group that decides for others; -1 where nobody asks."""
    return int(model.supervisor.group)


@part
def _is_supervised(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> bool:
    """Whether an agent may not decide a contact alone."""
    if contact.group == model.supervisor.group or contact.transferred:
        return False
    shares = row(model.intents, person.intent, INTENT).supervisor
    share = supervised_share(person.difficulty, shares.easy, shares.hard, model.supervisor.difficult_above)
    return a_chance(model, state, person, _SUPERVISED, share)


@part
def ask(state: StateRow, place: int) -> None:
    """A contact waits from now on for somebody who decides."""
    hand = hand_at(state, place)
    hand.asked_us = state.now


@part
def consult(model: ModelRow, state: StateRow, place: int, decider: int) -> int:
    """Somebody turns to what an agent has asked about a contact in hand; when (us) it is decided."""
    hand = hand_at(state, place)
    contact = row(state.contacts, hand.row, CONTACT)
    person = row(state.people, contact.need, PERSON)
    contact.supervisor = decider
    contact.consultation_us = to_us(a_time(model, state, person, _CONSULTATION, model.supervisor.consultation))
    row(state.agents, decider, AGENT).rate = _tiring(model, row(state.traits, decider, AGENT_TRAITS), 0)
    if model.channels:
        take_whole(state, decider)
    hand.ends_us = state.now + contact.consultation_us
    return int(hand.ends_us)


@part
def decide(model: ModelRow, state: StateRow, place: int) -> None:
    """What an agent asked has been decided, by whomever: wrap-up begins."""
    hand = hand_at(state, place)
    contact = row(state.contacts, hand.row, CONTACT)
    contact.supervisor_us = state.now - hand.asked_us
    if steps(model, contact.intent):
        resume_wrapping(model, state, place)
    else:
        hand.ends_us = state.now + contact.wrap_us
