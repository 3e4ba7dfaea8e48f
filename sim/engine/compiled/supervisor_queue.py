"""Agents who may not decide alone wait here, first come, first served, their customers with them."""

from typing import Any

from sim.engine.compiled.floor import become, finish, take_next
from sim.engine.compiled.heap import push
from sim.engine.memory import row
from sim.engine.order import Event
from sim.engine.records import CONTACT, AgentState
from sim.engine.rows import AGENT, LINE, TEAM
from sim.engine.rules.service import consult, decide, deciders, in_hand
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_CONSULT_END, _HANDLE_END = constant(Event.CONSULT_END), constant(Event.HANDLE_END)


@small_part
def free(m: Any, s: Any, a: int) -> None:
    """An agent can take a contact; who decides for others first does that."""
    become(m, s, a, _AVAILABLE)
    if row(s.agents, a, AGENT).group != deciders(m) or not _take_asker(m, s, a):
        take_next(m, s, a)


@part
def talk_end(m: Any, s: Any, a: int) -> None:
    """An agent has talked and now asks: one who is idle, the next who is free, or nobody at all."""
    agent, group = row(s.agents, a, AGENT), deciders(m)
    agent.asked_us = s.now
    if row(s.teams, group, TEAM).on == 0:
        _decided(m, s, a)
        return
    askers = row(s.askers, 0, LINE)
    if askers.first < 0:
        askers.first = a
    else:
        row(s.agents, askers.last, AGENT).after = a
    askers.last = a
    agent.after = -1
    idle = row(s.idle, group, LINE).first
    if idle >= 0:
        _take_asker(m, s, idle)


@part
def _take_asker(m: Any, s: Any, b: int) -> bool:
    """Whether one who decides, and is free, takes the next who waits here."""
    askers = row(s.askers, 0, LINE)
    if askers.first < 0:
        return False
    a = askers.first
    askers.first = row(s.agents, a, AGENT).after
    become(m, s, b, _HANDLING)
    push(s, consult(m, s, a, b), _CONSULT_END, a)
    return True


@part
def decided(m: Any, s: Any, a: int) -> int:
    """What an agent asked has been decided; by whom, who is then through with it."""
    decider = row(s.contacts, in_hand(s, a).row, CONTACT).supervisor
    _decided(m, s, a)
    return int(decider)


@part
def nobody_comes(m: Any, s: Any) -> None:
    """Nobody who decides is on duty: whoever waits decides alone."""
    askers = row(s.askers, 0, LINE)
    while askers.first >= 0:
        a = askers.first
        askers.first = row(s.agents, a, AGENT).after
        _decided(m, s, a)


@part
def _decided(m: Any, s: Any, a: int) -> None:
    push(s, decide(s, a), _HANDLE_END, a)
    finish(m, s, row(s.contacts, in_hand(s, a).row, CONTACT).need)
