"""A customer's attempt: arrival, the end of a bot session, the queue."""

from typing import Any

from sim.demand.horizon import DAY_US
from sim.engine.compiled.bot import hands_off, starts_session
from sim.engine.compiled.draws import a_chance, a_score, a_time
from sim.engine.compiled.floor import idle_agent, leave_queue, serve, wait
from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import NOWHERE
from sim.engine.compiled.memory import row, whole
from sim.engine.compiled.returns import conclude
from sim.engine.compiled.service import prepare
from sim.engine.compiled.shifts import refuses
from sim.engine.compiled.state import PERSON
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import CONTACT, NEED, Cause, NeedStatus, Outcome
from sim.jit import constant, part, small_part
from sim.mechanisms.frustration import raised, shortened_patience
from sim.rng.purposes import Purpose
from sim.rng.scores import LONGEST_US, to_us

_PATIENCE_END, _TRANSFER = constant(Event.PATIENCE_END), constant(Cause.TRANSFER)
_ABANDONED, _BALKED, _DISCONNECTED = (
    constant(Outcome.ABANDONED),
    constant(Outcome.BALKED),
    constant(Outcome.DISCONNECTED),
)
_PENDING, _P_DIFFICULTY = constant(NeedStatus.PENDING), constant(Purpose.DIFFICULTY)
_P_BALK, _P_PATIENCE = constant(Purpose.BALK), constant(Purpose.PATIENCE)
_ONCE = constant(0)
_DAY_US, _LONGEST_US, _NOWHERE = DAY_US, LONGEST_US, NOWHERE


# Arrival ----------------------------------------------------------------------


@small_part
def be_born(m: Any, s: Any, n: int) -> None:
    """A need arises: its customer, and its row."""
    p, intent, day = row(s.people, n, PERSON), whole(s.intent, n), whole(s.day, n)
    s.born += 1
    p.first, p.intent, p.number = n, intent, whole(s.number, n)
    p.date, p.name = whole(m.ordinal, day), whole(m.name, intent)
    p.frustration, p.difficulty = min(m.frustration.start + m.expectations.start, 1.0), 0.0
    p.attempts, p.cause, p.capable, p.bot_failed, p.waits = 0, 0, -1, False, False
    p.trust, p.transfers = m.trust.start, 0
    p.before = _NOWHERE
    if whole(m.latent, intent):
        p.difficulty = a_score(m, s, p, _P_DIFFICULTY, _ONCE)
    need = row(s.needs, n, NEED)
    need.intent, need.day, need.measured = intent, day, whole(m.measured, day)
    need.status, need.attempts, need.born_us, need.resolved_us = _PENDING, 0, s.now, -1


@small_part
def begin(m: Any, s: Any, n: int, p: Any) -> None:
    """Begin an attempt: its number, its row, and what a return does to the mood."""
    p.attempts += 1
    p.row = n
    if p.cause != _TRANSFER:
        p.placed_us = s.now
    if p.attempts > 1:
        step = m.frustration.transferred if p.cause == _TRANSFER else m.frustration.returns
        p.frustration = raised(p.frustration, step)
        s.coming -= p.cause == _TRANSFER
        p.transfers += p.cause == _TRANSFER
        p.row = s.n_needs + s.extra
        s.extra += 1
    if p.row >= s.contacts_room:
        s.full, p.row = 1, n
    contact = row(s.contacts, p.row, CONTACT)
    contact.need, contact.attempt, contact.intent, contact.cause = n, p.attempts, p.intent, p.cause
    contact.day, contact.arrival_us = s.now // _DAY_US, s.now
    contact.bot, contact.bot_us, contact.context_lost = 0, 0, False
    contact.outcome, contact.delayed, contact.mistreated, contact.resolved = 0, False, False, False
    contact.joined_us, contact.left_us, contact.agent, contact.group = -1, -1, -1, -1
    contact.stated_us, contact.base_us, contact.natural_talk_us, contact.talk_us = 0, 0, 0, 0
    contact.frustration_us, contact.fatigue_us, contact.tenure_us, contact.redundancy_us = 0, 0, 0, 0
    contact.speed_us, contact.assistant_us, contact.context_us, contact.screens_us = 0, 0, 0, 0
    contact.wrap_us, contact.summary_us, contact.cleanup_us = 0, 0, 0
    contact.transferred, contact.out_of_hours, contact.failed_turns = False, False, 0
    contact.supervisor, contact.supervisor_us, contact.consultation_us = -1, 0, 0
    contact.frustration, contact.fatigue = 0.0, 0.0


@part
def arrive(m: Any, s: Any, n: int) -> None:
    """A first or a returning customer arrives: to the bot, or straight to the queue."""
    if n == s.born:
        be_born(m, s, n)
    p = row(s.people, n, PERSON)
    begin(m, s, n, p)
    contact = row(s.contacts, p.row, CONTACT)
    if not starts_session(m, s, n, p, contact):
        join(m, s, n, p, contact)


@small_part
def bot_end(m: Any, s: Any, n: int) -> None:
    """A session ends: the need is resolved, or the customer believes so, has left, or wants a human now."""
    p = row(s.people, n, PERSON)
    contact = row(s.contacts, p.row, CONTACT)
    s.coming -= not contact.out_of_hours
    if hands_off(m, s, p, contact):
        join(m, s, n, p, contact)
    else:
        conclude(m, s, n)


# The queue --------------------------------------------------------------------


@part
def join(m: Any, s: Any, n: int, p: Any, contact: Any) -> None:
    """A customer joins the human queue: to an agent at once, to the line, or away."""
    intent = row(m.intents, p.intent, INTENT)
    contact.joined_us = s.now
    p.rank_us = s.now - intent.head_start_us
    prepare(m, s, p, contact)
    refused = refuses(m, s, intent.skill)
    a = -1 if refused else idle_agent(m, s, intent.skill)
    if a >= 0:
        serve(m, s, n, a)
    elif refused or a_chance(m, s, p, _P_BALK, m.customers.balk):
        leave_queue(m, s, p, contact, _DISCONNECTED if refused else _BALKED)
        conclude(m, s, n)
    else:
        wait(s, n, contact)
        _set_patience(m, s, n, p, intent.patience)


@small_part
def _set_patience(m: Any, s: Any, n: int, p: Any, dist: int) -> None:
    patience = a_time(m, s, p, _P_PATIENCE, dist)
    limit = to_us(shortened_patience(patience, p.frustration - m.frustration.start, m.frustration.patience))
    p.gives_up_us = s.now + limit
    if limit < _LONGEST_US:
        push(s, p.gives_up_us, _PATIENCE_END, n)


@small_part
def give_up(m: Any, s: Any, n: int) -> None:
    """Patience ends; nothing to one who no longer waits, or waits again and longer."""
    p = row(s.people, n, PERSON)
    if p.waits and p.gives_up_us == s.now:
        leave_queue(m, s, p, row(s.contacts, p.row, CONTACT), _ABANDONED)
        conclude(m, s, n)
