"""Deferred work: how old it is, when it is due, how it is put aside and taken up again.

It waits in the line of its intent over nights and weekends, and takes an agent whole. Talk and wrap-up are one piece of
work, at the end of which its customer hears of it; where a supervisor is asked in between, they are two.
"""

from sim.demand.first_contacts import BACKLOG_NUMBERS
from sim.demand.horizon import DAY_US
from sim.engine.memory import row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import CHANNEL, CONTACT, NEVER
from sim.engine.rows import DEFERRED, PERSON, TALKING, WORKING, Contact, ModelRow, Person, StateRow
from sim.engine.rules.hands import hand_at, leave_hand, seat_of, settle, take_step
from sim.jit import constant, part, small_part

_DEFERRED, _TALKING, _WORKING = constant(DEFERRED), constant(TALKING), constant(WORKING)
_BACKLOG_NUMBERS, _NEVER, _DAY_US = BACKLOG_NUMBERS, NEVER, DAY_US


@small_part
def is_deferred(model: ModelRow, intent: int) -> bool:
    """Whether an intent's work waits in a backlog."""
    return bool(model.deferred and row(model.intents, intent, INTENT).channel == _DEFERRED)


@small_part
def was_there(person: Person) -> bool:
    """Whether this is the first attempt of work that was there before the first day."""
    return bool(person.number >= _BACKLOG_NUMBERS and person.attempts <= 1)


# Clocks -----------------------------------------------------------------------


@part
def after_open_hours(model: ModelRow, start_us: int, length_us: int) -> int:
    """The moment at which so many opening hours have passed since another; `NEVER` beyond the last day."""
    day, left_us = start_us // _DAY_US, length_us
    while day < model.n_days:
        opens, closes = max(whole(model.open_us, day), start_us), whole(model.close_us, day)
        if whole(model.open_us, day) >= 0 and opens < closes:
            if left_us <= closes - opens:
                return opens + left_us
            left_us -= closes - opens
        day += 1
    return _NEVER


@part
def open_hours_between(model: ModelRow, start_us: int, end_us: int) -> int:
    """Opening hours (us) between two moments."""
    day, total = max(start_us, 0) // _DAY_US, 0
    while day < model.n_days and day * _DAY_US < end_us:
        if whole(model.open_us, day) >= 0:
            total += max(min(end_us, whole(model.close_us, day)) - max(start_us, whole(model.open_us, day)), 0)
        day += 1
    return total


@part
def join_backlog(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> None:
    """Deferred work joins the backlog: its age, its place by age, and when it is due."""
    intent, channel = row(model.intents, person.intent, INTENT), row(state.channels, person.row, CHANNEL)
    channel.age_us = intent.age_us if was_there(person) else 0
    person.rank_us -= channel.age_us
    left_us = intent.due_us - channel.age_us
    if intent.due_us < 0:
        channel.due_us = _NEVER
    elif left_us <= 0 or not intent.by_business:
        channel.due_us = contact.joined_us + left_us
    else:
        channel.due_us = after_open_hours(model, contact.joined_us, left_us)


@part
def late_hours(model: ModelRow, state: StateRow, person: Person) -> float:
    """Business hours for which deferred work that is begun now has been overdue."""
    due_us = row(state.channels, person.row, CHANNEL).due_us
    if due_us >= state.now:
        return 0.0
    return open_hours_between(model, due_us, state.now) / 3.6e9


# Begun, put aside, taken up again ---------------------------------------------


@small_part
def is_begun(state: StateRow, person: Person) -> bool:
    """Whether somebody has worked on it before."""
    return bool(row(state.channels, person.row, CHANNEL).rest_us >= 0)


@part
def go_on_with(model: ModelRow, state: StateRow, agent_number: int, contact_row: int) -> None:
    """An agent works on an item: on all that is left of it."""
    channel = row(state.channels, contact_row, CHANNEL)
    seat_of(state, agent_number).whole = True
    phase = _TALKING if channel.asks else _WORKING
    take_step(model, state, agent_number, contact_row, phase, channel.rest_us)


@part
def may_put_aside(model: ModelRow, state: StateRow, agent_number: int) -> bool:
    """Whether what an agent has in hand is an item that may be put aside now."""
    if not model.interrupts:
        return False
    hand = hand_at(state, agent_number)
    if hand.phase != _WORKING and hand.phase != _TALKING:
        return False
    intent = row(state.contacts, hand.row, CONTACT).intent
    return bool(is_deferred(model, intent) and row(model.intents, intent, INTENT).interruptible)


@part
def put_aside(model: ModelRow, state: StateRow, agent_number: int) -> int:
    """An agent puts its item aside, none of the work lost; whose it is. It is in the line again."""
    settle(model, state, agent_number)
    hand = hand_at(state, agent_number)
    need, channel = hand.need, row(state.channels, hand.row, CHANNEL)
    channel.rest_us = int(hand.left)
    channel.aside += 1
    row(state.people, need, PERSON).waits = True
    leave_hand(model, state, agent_number, 0)
    return int(need)
