"""The way back: what a customer does once an attempt has ended."""

from sim.demand.first_contacts import place_between
from sim.demand.horizon import DAY_US
from sim.engine.memory import real, row, whole
from sim.engine.records import CONTACT, NEED, BotOutcome, Cause, NeedStatus, Outcome
from sim.engine.rows import PERSON, Contact, ModelRow, Person, StateRow
from sim.engine.rules.draws import a_chance, a_time, a_uniform
from sim.engine.rules.people import feel
from sim.engine.rules.service import steps
from sim.jit import constant, part, small_part
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_ANSWERED, _FALSELY = constant(Outcome.ANSWERED), constant(BotOutcome.FALSELY_CONTAINED)
_REPEAT, _REDIAL, _FALSE_CAUSE = constant(Cause.REPEAT), constant(Cause.REDIAL), constant(Cause.FALSELY_CONTAINED)
_TRANSFER = constant(Cause.TRANSFER)
_PENDING, _RESOLVED, _LOST = constant(NeedStatus.PENDING), constant(NeedStatus.RESOLVED), constant(NeedStatus.LOST)
_P_REDIAL, _P_NEXT_DAY = constant(Purpose.REDIAL), constant(Purpose.REDIAL_NEXT_DAY)
_P_REDIAL_DELAY, _P_REPEAT = constant(Purpose.REDIAL_DELAY), constant(Purpose.REPEAT)
_P_REPEAT_DELAY, _P_RETURN_TIME = constant(Purpose.REPEAT_DELAY), constant(Purpose.RETURN_TIME)
_DAY_US = DAY_US


@part
def conclude(model: ModelRow, state: StateRow, need: int) -> int:
    """An attempt has ended for the customer: resolved, lost, or on the way back; when (us) the next begins, or -1."""
    person, record = row(state.people, need, PERSON), row(state.needs, need, NEED)
    contact = row(state.contacts, person.row, CONTACT)
    feel(model, person, contact)
    ends_us = contact.arrival_us + contact.bot_us
    if contact.outcome == _ANSWERED and steps(model, person.intent):
        ends_us = state.now
    elif contact.left_us >= 0:
        ends_us = contact.left_us + contact.talk_us + contact.supervisor_us
    if contact.transferred:
        record.status, person.cause = _PENDING, _TRANSFER
        return int(ends_us)
    if contact.resolved:
        record.status, record.resolved_us = _RESOLVED, ends_us
        return -1
    chance, dist = _way_back(model, person, contact)
    purpose = _P_REDIAL if person.cause == _REDIAL else _P_REPEAT
    may = person.attempts - person.transfers < model.customers.max_attempts
    if not may or not a_chance(model, state, person, purpose, chance):
        record.status = _LOST
        return -1
    record.status = _PENDING
    return int(_return_time(model, state, person, dist, ends_us))


@small_part
def _way_back(model: ModelRow, person: Person, contact: Contact) -> tuple[float, int]:
    """The chance and the delay with which an unresolved customer tries again, and why."""
    if contact.outcome == _ANSWERED:
        person.cause, chance, dist = _REPEAT, model.customers.repeat, model.customers.repeat_delay
    elif contact.bot == _FALSELY:
        person.cause, chance, dist = _FALSE_CAUSE, model.customers.false_return, model.customers.false_delay
    else:
        person.cause, chance, dist = _REDIAL, model.customers.redial, model.customers.redial_delay
    return chance, dist


@part
def _return_time(model: ModelRow, state: StateRow, person: Person, dist: int, ends_us: int) -> int:
    """When a return comes: after its delay, or on a later day; -1 beyond the last simulated day."""
    redials = person.cause == _REDIAL
    if redials and a_chance(model, state, person, _P_NEXT_DAY, model.customers.redial_next_day):
        day = ends_us // _DAY_US + 1
        while day < model.n_days and whole(model.open_us, day) < 0:
            day += 1
        return _on_day(model, state, person, day)
    back_us = ends_us + to_us(a_time(model, state, person, _P_REDIAL_DELAY if redials else _P_REPEAT_DELAY, dist))
    day = back_us // _DAY_US
    if day < model.n_days and whole(model.open_us, day) <= back_us < whole(model.close_us, day):
        return back_us
    while day < model.n_days and whole(model.open_us, day) <= back_us:
        day += 1
    return _on_day(model, state, person, day)


@part
def _on_day(model: ModelRow, state: StateRow, person: Person, day: int) -> int:
    """The time of day that a return's own draw picks from that day's profile of its intent; -1 beyond the last day."""
    if day >= model.n_days:
        return -1
    last, edges = whole(model.intervals, day) - 1, day * (model.n_intervals + 1)
    profile = (person.intent * model.n_days + day) * (model.n_intervals + 1)
    amount = a_uniform(model, state, person, _P_RETURN_TIME) * real(model.return_profile, profile + last + 1)
    j = 0
    while j < last and real(model.return_profile, profile + j + 1) <= amount:
        j += 1
    while j > 0 and real(model.return_profile, profile + j + 1) <= real(model.return_profile, profile + j):
        j -= 1
    low, high = real(model.return_profile, profile + j), real(model.return_profile, profile + j + 1)
    return place_between(amount, low, high, whole(model.edges, edges + j), whole(model.edges, edges + j + 1))
