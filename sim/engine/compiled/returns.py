"""The way back: what a customer does once an attempt has ended."""

from typing import Any

from sim.demand.horizon import DAY_US
from sim.demand.placing import place_between
from sim.engine.compiled.draws import a_chance, a_time, a_uniform
from sim.engine.compiled.heap import push
from sim.engine.compiled.memory import real, row, whole
from sim.engine.compiled.state import PERSON
from sim.engine.order import Event
from sim.engine.records import CONTACT, NEED, BotOutcome, Cause, NeedStatus, Outcome
from sim.jit import constant, part, small_part
from sim.mechanisms.trust import lifted, lowered
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_ARRIVAL, _ANSWERED, _FALSELY = (
    constant(Event.ARRIVAL),
    constant(Outcome.ANSWERED),
    constant(BotOutcome.FALSELY_CONTAINED),
)
_REPEAT, _REDIAL, _FALSE_CAUSE = constant(Cause.REPEAT), constant(Cause.REDIAL), constant(Cause.FALSELY_CONTAINED)
_TRANSFER = constant(Cause.TRANSFER)
_PENDING, _RESOLVED, _LOST = constant(NeedStatus.PENDING), constant(NeedStatus.RESOLVED), constant(NeedStatus.LOST)
_P_REDIAL, _P_NEXT_DAY = constant(Purpose.REDIAL), constant(Purpose.REDIAL_NEXT_DAY)
_P_REDIAL_DELAY, _P_REPEAT = constant(Purpose.REDIAL_DELAY), constant(Purpose.REPEAT)
_P_REPEAT_DELAY, _P_RETURN_TIME = constant(Purpose.REPEAT_DELAY), constant(Purpose.RETURN_TIME)
_DAY_US = DAY_US


@part
def conclude(m: Any, s: Any, n: int) -> None:
    """An attempt has ended for the customer: resolved, lost, or on the way back."""
    p, need = row(s.people, n, PERSON), row(s.needs, n, NEED)
    contact = row(s.contacts, p.row, CONTACT)
    if contact.resolved:
        p.trust = lifted(p.trust, m.trust.good)
    elif contact.outcome == _ANSWERED and not contact.transferred:
        p.trust = lowered(p.trust, m.trust.unresolved)
    contact.frustration_end, contact.trust_end = p.frustration, p.trust
    need.attempts = p.attempts
    ends_us = contact.arrival_us + contact.bot_us
    if contact.left_us >= 0:
        ends_us = contact.left_us + contact.talk_us + contact.supervisor_us
    if contact.transferred:
        need.status, p.cause = _PENDING, _TRANSFER
        s.coming += 1
        push(s, ends_us, _ARRIVAL, n)
    elif contact.resolved:
        need.status, need.resolved_us = _RESOLVED, ends_us
    else:
        need.status = _PENDING if _comes_back(m, s, n, p, contact, ends_us) else _LOST


@small_part
def _comes_back(m: Any, s: Any, n: int, p: Any, contact: Any, ends_us: int) -> bool:
    """Whether an unresolved customer tries again, be it beyond the horizon."""
    if contact.outcome == _ANSWERED:
        p.cause, chance, dist = _REPEAT, m.customers.repeat, m.customers.repeat_delay
    elif contact.bot == _FALSELY:
        p.cause, chance, dist = _FALSE_CAUSE, m.customers.false_return, m.customers.false_delay
    else:
        p.cause, chance, dist = _REDIAL, m.customers.redial, m.customers.redial_delay
    if p.attempts - p.transfers >= m.customers.max_attempts or not a_chance(
        m, s, p, _P_REDIAL if p.cause == _REDIAL else _P_REPEAT, chance
    ):
        return False
    back_us = _return_time(m, s, p, dist, ends_us)
    if back_us >= 0:
        push(s, back_us, _ARRIVAL, n)
    return True


@part
def _return_time(m: Any, s: Any, p: Any, dist: int, ends_us: int) -> int:
    """When a return comes: after its delay, or on a later day; -1 beyond the last simulated day."""
    redials = p.cause == _REDIAL
    if redials and a_chance(m, s, p, _P_NEXT_DAY, m.customers.redial_next_day):
        day = ends_us // _DAY_US + 1
        while day < m.n_days and whole(m.open_us, day) < 0:
            day += 1
        return _on_day(m, s, p, day)
    back_us = ends_us + to_us(a_time(m, s, p, _P_REDIAL_DELAY if redials else _P_REPEAT_DELAY, dist))
    day = back_us // _DAY_US
    if day < m.n_days and whole(m.open_us, day) <= back_us < whole(m.close_us, day):
        return back_us
    while day < m.n_days and whole(m.open_us, day) <= back_us:
        day += 1
    return _on_day(m, s, p, day)


@part
def _on_day(m: Any, s: Any, p: Any, day: int) -> int:
    """The time of day that a return's own draw picks from that day's profile of its intent; -1 beyond the last day."""
    if day >= m.n_days:
        return -1
    last, edges = whole(m.intervals, day) - 1, day * (m.n_intervals + 1)
    profile = (p.intent * m.n_days + day) * (m.n_intervals + 1)
    amount = a_uniform(m, s, p, _P_RETURN_TIME) * real(m.return_profile, profile + last + 1)
    j = 0
    while j < last and real(m.return_profile, profile + j + 1) <= amount:
        j += 1
    while j > 0 and real(m.return_profile, profile + j + 1) <= real(m.return_profile, profile + j):
        j -= 1
    low, high = real(m.return_profile, profile + j), real(m.return_profile, profile + j + 1)
    return place_between(amount, low, high, whole(m.edges, edges + j), whole(m.edges, edges + j + 1))
