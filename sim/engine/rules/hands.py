"""Contacts that go on step by step in an agent's hands, several at once: how far each has come, and when it ends.

A chat beside others takes `L(n)` times as long as one alone. What is left of each is brought up to now only when the
agent's level n changes, never by another event; while it has not changed, the end is begin + time x L(n), exactly.
"""

import numpy as np

from sim.engine.memory import real, row, whole
from sim.engine.records import AGENT_TRAITS, CHANNEL, CONTACT
from sim.engine.rows import (
    AGENT,
    ASKING,
    FREE,
    HAND,
    SEAT,
    TALKING,
    WORKING,
    WRAPPING,
    Channel,
    Contact,
    Hand,
    ModelRow,
    Seat,
    StateRow,
)
from sim.jit import constant, part, small_part
from sim.mechanisms.fatigue import build_rate

_FREE, _TALKING, _ASKING, _WRAPPING = constant(FREE), constant(TALKING), constant(ASKING), constant(WRAPPING)
_WORKING = constant(WORKING)
_NOT_FOUND = constant(-1)


@small_part
def seat_of(state: StateRow, agent_number: int) -> Seat:
    """What an agent has in hand."""
    seat: Seat = row(state.seats, agent_number, SEAT)
    return seat


@small_part
def place_of_hand(model: ModelRow, agent_number: int, k: int) -> int:
    """Where the k-th contact of an agent stands among all that are in hand."""
    return agent_number if k == 0 else whole(model.more_hands, agent_number) + k - 1


@small_part
def hand_at(state: StateRow, place: int) -> Hand:
    """A contact in hand, by its place among all."""
    hand: Hand = row(state.hands, place, HAND)
    return hand


@small_part
def find_hand(model: ModelRow, state: StateRow, agent_number: int, need: int, phase: int) -> int:
    """The place of a need among the contacts in hand, for a phase that ends now; -1 where the event is stale."""
    if not model.channels:
        return agent_number if hand_at(state, agent_number).ends_us == state.now else _NOT_FOUND
    return _search(model, state, agent_number, need, phase)


@part
def _search(model: ModelRow, state: StateRow, agent_number: int, need: int, phase: int) -> int:
    for k in range(seat_of(state, agent_number).cap):
        place = place_of_hand(model, agent_number, k)
        hand = hand_at(state, place)
        if (
            hand.need == need
            and hand.ends_us == state.now
            and (hand.phase == phase or hand.phase == _FREE or (phase == _WRAPPING and hand.phase == _WORKING))
        ):
            return place
    return _NOT_FOUND


@small_part
def has_room(state: StateRow, agent_number: int) -> bool:
    """Whether a chat fits in beside what an agent has in hand."""
    seat = seat_of(state, agent_number)
    return bool(seat.held < seat.cap and not seat.whole)


# Levels -----------------------------------------------------------------------


@small_part
def _goes_on(hand: Hand) -> bool:
    return bool((hand.phase == _TALKING) | (hand.phase == _WRAPPING) | (hand.phase == _WORKING))


@small_part
def _length(model: ModelRow, contact: Contact, level: int) -> float:
    """How many times as long a contact takes with so many that go on."""
    return real(model.lengths, contact.intent * (model.levels + 1) + level)


@part
def share(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """The time since an agent's last step is shared by the chats that go on; where none does, by those that wait."""
    seat = seat_of(state, agent_number)
    spent_us, sharers, waits = state.now - seat.shared_us, seat.level, False
    seat.shared_us = state.now
    if sharers == 0:
        waits = True
        for k in range(seat.cap):
            sharers += hand_at(state, place_of_hand(model, agent_number, k)).phase == _ASKING
    if sharers == 0 or spent_us == 0:
        return
    each_us, more = spent_us // sharers, spent_us % sharers
    for k in range(seat.cap):
        hand = hand_at(state, place_of_hand(model, agent_number, k))
        if _goes_on(hand) or (waits and hand.phase == _ASKING):
            channel = row(state.channels, hand.row, CHANNEL)
            if hand.phase == _WRAPPING:
                channel.wrap_share_us += each_us + (more > 0)
            else:
                channel.talk_share_us += each_us + (more > 0)
            more -= 1


@part
def settle(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """Bring what an agent has in hand up to now, before its level changes."""
    share(model, state, agent_number)
    seat = seat_of(state, agent_number)
    for k in range(seat.cap):
        hand = hand_at(state, place_of_hand(model, agent_number, k))
        if _goes_on(hand):
            contact = row(state.contacts, hand.row, CONTACT)
            hand.left -= (state.now - hand.since_us) / _length(model, contact, seat.level)
            hand.since_us = state.now


@part
def replan(model: ModelRow, state: StateRow, agent_number: int, level: int) -> None:
    """An agent's level is another from now on: the ends of what is in hand move, and so does what tires it."""
    seat = seat_of(state, agent_number)
    seat.level = level
    for k in range(seat.cap):
        hand = hand_at(state, place_of_hand(model, agent_number, k))
        if _goes_on(hand):
            contact = row(state.contacts, hand.row, CONTACT)
            _move(state, hand, hand.left * _length(model, contact, level))
    tire(model, state, agent_number)


@small_part
def _move(state: StateRow, hand: Hand, left_us: float) -> None:
    ends_us = state.now + max(int(np.rint(left_us)), 0)
    if ends_us != hand.ends_us:
        hand.ends_us, hand.moved = ends_us, True


@part
def tire(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """How much of an agent's attention is taken, and how fast that tires it."""
    seat = seat_of(state, agent_number)
    agent, traits = row(state.agents, agent_number, AGENT), row(state.traits, agent_number, AGENT_TRAITS)
    mistreated, taken = 0, 0.0
    for k in range(seat.cap):
        hand = hand_at(state, place_of_hand(model, agent_number, k))
        if hand.phase != _FREE:
            contact = row(state.contacts, hand.row, CONTACT)
            mistreated += contact.mistreated
            if _goes_on(hand):
                taken += real(model.attention, contact.intent * (model.levels + 1) + seat.level)
    if seat.cap == 1 or seat.whole:
        seat.attention = 1.0
    elif whole(model.by_slots, agent.group):
        seat.attention = seat.held / seat.cap
    else:
        seat.attention = taken / max(seat.level, 1)
    rate = build_rate(model.fatigue.build_per_hour * traits.build_up, model.fatigue.mistreatment_weight, mistreated)
    agent.rate = rate * seat.attention


# Steps ------------------------------------------------------------------------


@part
def take_whole(state: StateRow, agent_number: int) -> None:
    """A contact takes the whole agent: a call, or another's question."""
    seat = seat_of(state, agent_number)
    seat.assigned_us, seat.held, seat.whole, seat.attention = state.now, 1, True, 1.0


@part
def let_go(state: StateRow, agent_number: int) -> None:
    """What took the whole agent is done."""
    seat = seat_of(state, agent_number)
    seat.held, seat.whole = 0, False


@small_part
def free_place(model: ModelRow, state: StateRow, agent_number: int) -> int:
    """The first place in an agent's hands that is free."""
    place = agent_number
    for k in range(seat_of(state, agent_number).cap):
        place = place_of_hand(model, agent_number, k)
        if hand_at(state, place).phase == _FREE:
            break
    return place


@part
def take_step(model: ModelRow, state: StateRow, agent_number: int, contact_row: int, phase: int, left_us: int) -> None:
    """A contact comes into an agent's hands, to go on step by step; everything else there is slower from now on."""
    settle(model, state, agent_number)
    seat, place = seat_of(state, agent_number), free_place(model, state, agent_number)
    hand, contact = hand_at(state, place), row(state.contacts, contact_row, CONTACT)
    channel = row(state.channels, contact_row, CHANNEL)
    hand.row, hand.need, hand.agent, hand.asks = contact_row, contact.need, agent_number, channel.asks
    hand.phase, hand.ends_us, hand.since_us, hand.left = phase, -1, state.now, float(left_us)
    seat.assigned_us = state.now
    seat.held += 1
    replan(model, state, agent_number, seat.level + 1)


@part
def begin_asking(model: ModelRow, state: StateRow, place: int) -> None:
    """A chat's talk has ended, and it stands still until somebody else has decided."""
    hand = hand_at(state, place)
    settle(model, state, hand.agent)
    hand.phase, hand.ends_us = _ASKING, -1
    replan(model, state, hand.agent, seat_of(state, hand.agent).level - 1)


@part
def begin_wrapping(model: ModelRow, state: StateRow, place: int) -> None:
    """A chat's talk has ended, and its wrap-up begins: the level stays as it is."""
    hand = hand_at(state, place)
    share(model, state, hand.agent)
    contact = row(state.contacts, hand.row, CONTACT)
    row(state.channels, hand.row, CHANNEL).talked_us = state.now
    hand.phase, hand.since_us, hand.left = _WRAPPING, state.now, float(contact.wrap_us)
    _move(state, hand, hand.left * _length(model, contact, seat_of(state, hand.agent).level))
    hand.moved = True


@part
def resume_wrapping(model: ModelRow, state: StateRow, place: int) -> None:
    """What an agent asked is decided: the chat goes on, with its wrap-up."""
    hand = hand_at(state, place)
    settle(model, state, hand.agent)
    row(state.channels, hand.row, CHANNEL).talked_us = state.now
    hand.phase, hand.since_us = _WRAPPING, state.now
    hand.left = float(row(state.contacts, hand.row, CONTACT).wrap_us)
    hand.moved = True
    replan(model, state, hand.agent, seat_of(state, hand.agent).level + 1)


@part
def finish_hand(model: ModelRow, state: StateRow, place: int) -> None:
    """A contact is done with: its place is free, and everything else in hand is faster from now on."""
    hand = hand_at(state, place)
    settle(model, state, hand.agent)
    channel = row(state.channels, hand.row, CHANNEL)
    channel.closed_us = state.now
    if hand.phase == _WORKING:
        channel.talked_us, channel.rest_us = state.now, 0
        channel.wrap_share_us = row(state.contacts, hand.row, CONTACT).wrap_us
        channel.talk_share_us -= channel.wrap_share_us
    leave_hand(model, state, place, seat_of(state, hand.agent).level - 1)


@part
def leave_hand(model: ModelRow, state: StateRow, place: int, level: int) -> None:
    """A place in an agent's hands is free, and its level another, after what was there has been settled."""
    hand = hand_at(state, place)
    seat = seat_of(state, hand.agent)
    hand.phase, hand.need, hand.ends_us, hand.moved = _FREE, -1, -1, False
    seat.held -= 1
    seat.whole = False
    replan(model, state, hand.agent, level)


@part
def next_moved(model: ModelRow, state: StateRow, agent_number: int) -> int:
    """The place of a contact in hand whose end has moved, which from now on counts as planned; -1 for none."""
    for k in range(seat_of(state, agent_number).cap):
        place = place_of_hand(model, agent_number, k)
        hand = hand_at(state, place)
        if hand.moved:
            hand.moved = False
            return place
    return _NOT_FOUND


@part
def handled_s(contact: Contact, channel: Channel) -> float:
    """What a chat's handle time is held against a target as (s): as the customer saw it, but unhurried."""
    talked_us, wrapped_us = channel.talked_us - contact.left_us, channel.closed_us - channel.talked_us
    elapsed_us = talked_us - contact.supervisor_us
    natural_us = float(contact.natural_talk_us)
    if contact.talk_us > 0:
        natural_us *= elapsed_us / contact.talk_us
    return (natural_us + contact.supervisor_us + wrapped_us) / 1e6
