"""Call-backs and ghosts: who waits without being there, and who is no longer there but waits."""

from sim.engine.memory import real, row
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CHANNEL, CONTACT, GHOST
from sim.engine.rows import (
    AGENT,
    BETWEEN_CALLS,
    FREE,
    GONE,
    HAND,
    NOT_CALLED,
    PERSON,
    PHONE,
    RUNG,
    TO_BE_CALLED,
    ModelRow,
    Person,
    StateRow,
)
from sim.engine.rules.draws import a_chance, named_chance
from sim.engine.rules.hands import free_place, hand_at, seat_of, share, take_whole, tire
from sim.jit import constant, part, small_part
from sim.mechanisms.callback import expected_wait_s
from sim.mechanisms.fatigue import build_rate
from sim.rng.purposes import Purpose

_ACCEPTS, _ANSWERS, _SILENT = (
    constant(Purpose.CALLBACK_ACCEPTS),
    constant(Purpose.CALLBACK_ANSWERS),
    constant(Purpose.SILENT),
)
_NOT_CALLED, _TO_BE_CALLED, _RUNG = constant(NOT_CALLED), constant(TO_BE_CALLED), constant(RUNG)
_BETWEEN, _FREE, _GONE, _PHONE = constant(BETWEEN_CALLS), constant(FREE), constant(GONE), constant(PHONE)
_TRIES, _NOBODY = 64, constant(0)


@part
def accepts_call(model: ModelRow, state: StateRow, person: Person, ahead: int, agents: int) -> bool:
    """Whether a customer who would have to wait is offered a call-back, and accepts.

    Parameters
    ----------
    ahead : contacts in the line of the skill.
    agents : on duty, not leaving, not on a break, who have the skill.
    """
    intent = row(model.intents, person.intent, INTENT)
    if intent.channel != _PHONE or person.called:
        return False
    if expected_wait_s(ahead, real(state.skill_means, intent.skill), agents) <= model.callback.offer_above_s:
        return False
    return a_chance(model, state, person, _ACCEPTS, model.callback.accepts)


@part
def promise_call(model: ModelRow, state: StateRow, person: Person) -> int:
    """A customer hangs up, to be called back; when (us) nobody calls any more."""
    person.calls, person.called = _TO_BE_CALLED, True
    person.waits = True
    contact = row(state.contacts, person.row, CONTACT)
    contact.delayed = True
    row(state.channels, person.row, CHANNEL).called_back = True
    return int(contact.joined_us + model.callback.expires_us)


@small_part
def is_called(person: Person) -> bool:
    """Whether a customer waits to be called back."""
    return bool(person.calls != _NOT_CALLED)


@part
def picks_up(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether a customer who is called now answers."""
    channel = row(state.channels, person.row, CHANNEL)
    channel.tries += 1
    name = person.attempts * _TRIES + channel.tries
    return named_chance(model, state, person, _ANSWERS, name, model.callback.answers)


@part
def ring(model: ModelRow, state: StateRow, agent_number: int, person: Person, need: int) -> int:
    """An agent rings somebody who does not answer; until when (us)."""
    person.calls, person.waits = _RUNG, False
    hand = row(state.hands, agent_number, HAND)
    hand.row, hand.need, hand.agent, hand.ends_us = person.row, need, agent_number, state.now + model.callback.ring_us
    traits = row(state.traits, agent_number, AGENT_TRAITS)
    per_hour = model.fatigue.build_per_hour * traits.build_up
    row(state.agents, agent_number, AGENT).rate = build_rate(per_hour, model.fatigue.mistreatment_weight, _NOBODY)
    if model.channels:
        take_whole(state, agent_number)
    return int(hand.ends_us)


@part
def is_given_up(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether a customer who did not answer is called no more; otherwise it is out of the line until the next call."""
    expires_us = row(state.contacts, person.row, CONTACT).joined_us + model.callback.expires_us
    if row(state.channels, person.row, CHANNEL).tries >= model.callback.attempts or state.now >= expires_us:
        return True
    person.calls, person.gives_up_us = _BETWEEN, state.now + model.callback.between_us
    return False


@part
def expires_now(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether a promise ends now: the customer is in the line, or between calls."""
    if person.calls != _TO_BE_CALLED and person.calls != _BETWEEN:
        return False
    return bool(row(state.contacts, person.row, CONTACT).joined_us + model.callback.expires_us == state.now)


# Ghosts -----------------------------------------------------------------------


@part
def leaves_silently(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether somebody who gives up on a chat says nothing, so that the place in the line stays taken."""
    if model.customers.silent <= 0.0 or not model.channels or row(model.intents, person.intent, INTENT).channel != 1:
        return False
    return a_chance(model, state, person, _SILENT, model.customers.silent)


@part
def become_ghost(state: StateRow, need: int) -> int:
    """The row, among the people, of who holds the place of one who has left; -1 where there is no room."""
    if state.n_ghosts >= state.ghosts_capacity:
        state.full = 1
        return -1
    person, number = row(state.people, need, PERSON), state.people_capacity + state.n_ghosts
    ghost, record = row(state.people, number, PERSON), row(state.ghosts, state.n_ghosts, GHOST)
    state.n_ghosts += 1
    contact = row(state.contacts, person.row, CONTACT)
    row(state.channels, person.row, CHANNEL).silent = True
    ghost.first, ghost.intent, ghost.rank_us, ghost.row = number, person.intent, person.rank_us, person.row
    ghost.waits, ghost.calls, ghost.before, ghost.event = True, _NOT_CALLED, -2, -1
    record.need, record.intent, record.joined_us = need, person.intent, contact.joined_us
    record.group, record.agent, record.assigned_us, record.left_us = -1, -1, -1, -1
    return int(number)


@small_part
def is_ghost(state: StateRow, need: int) -> bool:
    """Whether somebody in a line has left it."""
    return bool(need >= state.people_capacity)


@part
def take_ghost(model: ModelRow, state: StateRow, need: int, agent_number: int, group: int) -> None:
    """An agent takes a chat that nobody is in; the level stays as it is."""
    share(model, state, agent_number)
    seat, hand = seat_of(state, agent_number), hand_at(state, free_place(model, state, agent_number))
    ghost, record = row(state.people, need, PERSON), row(state.ghosts, need - state.people_capacity, GHOST)
    record.agent, record.group, record.assigned_us = agent_number, group, state.now
    ghost.waits = False
    hand.row, hand.need, hand.agent, hand.phase = ghost.row, need, agent_number, _GONE
    hand.ends_us, hand.since_us, hand.moved, hand.asks = state.now + model.customers.silent_us, state.now, True, False
    seat.assigned_us = state.now
    seat.held += 1
    tire(model, state, agent_number)


@part
def find_out(model: ModelRow, state: StateRow, place: int) -> None:
    """An agent finds out that nobody is there: the place is free."""
    hand = hand_at(state, place)
    share(model, state, hand.agent)
    row(state.ghosts, hand.need - state.people_capacity, GHOST).left_us = state.now
    hand.phase, hand.need, hand.ends_us, hand.moved = _FREE, -1, -1, False
    seat_of(state, hand.agent).held -= 1
    tire(model, state, hand.agent)
