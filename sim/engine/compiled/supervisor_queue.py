"""The supervisors' desk: agents who may not decide alone wait there, their customers with them."""

from typing import Any

from sim.engine.compiled.draws import a_time
from sim.engine.compiled.heap import push
from sim.engine.compiled.memory import row
from sim.engine.compiled.returns import conclude
from sim.engine.compiled.segments import become
from sim.engine.compiled.service import tiring
from sim.engine.compiled.state import AGENT, LINE, PERSON, TEAM
from sim.engine.order import Event
from sim.engine.records import AGENT_TRAITS, CONTACT, AgentState
from sim.jit import constant, part
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_HANDLING, _CONSULTATION = constant(AgentState.HANDLING), constant(Purpose.CONSULTATION)
_CONSULT_END, _HANDLE_END = constant(Event.CONSULT_END), constant(Event.HANDLE_END)


@part
def talk_end(m: Any, s: Any, a: int) -> None:
    """An agent has talked and now needs a supervisor: one who is idle, the next who is free, or none at all."""
    row(s.agents, a, AGENT).asked_us = s.now
    group = m.supervisor.group
    if row(s.teams, group, TEAM).on == 0:
        _decided(m, s, a)
        return
    desk = row(s.desk, 0, LINE)
    if desk.first < 0:
        desk.first = a
    else:
        row(s.agents, desk.last, AGENT).after = a
    desk.last = a
    row(s.agents, a, AGENT).after = -1
    idle = row(s.idle, group, LINE).first
    if idle >= 0:
        next_at_desk(m, s, idle, row(s.agents, idle, AGENT))


@part
def next_at_desk(m: Any, s: Any, b: int, supervisor: Any) -> bool:
    """Whether a supervisor who is free takes the next who waits here."""
    desk = row(s.desk, 0, LINE)
    if supervisor.group != m.supervisor.group or desk.first < 0:
        return False
    a = desk.first
    agent = row(s.agents, a, AGENT)
    desk.first = agent.after
    contact = row(s.contacts, agent.row, CONTACT)
    contact.supervisor = b
    p = row(s.people, contact.need, PERSON)
    contact.consultation_us = to_us(a_time(m, s, p, _CONSULTATION, m.supervisor.consultation))
    become(s, b, supervisor, _HANDLING, 0.0)
    supervisor.rate = tiring(m, row(s.crew, b, AGENT_TRAITS), False)
    push(s, s.now + contact.consultation_us, _CONSULT_END, a)
    return True


@part
def decided(m: Any, s: Any, a: int) -> int:
    """A supervisor has decided what an agent asked; the supervisor, who is then through with it."""
    b = row(s.contacts, row(s.agents, a, AGENT).row, CONTACT).supervisor
    _decided(m, s, a)
    return int(b)


@part
def nobody_comes(m: Any, s: Any) -> None:
    """No supervisor is on duty: whoever waits decides alone."""
    desk = row(s.desk, 0, LINE)
    while desk.first >= 0:
        a = desk.first
        desk.first = row(s.agents, a, AGENT).after
        _decided(m, s, a)


@part
def _decided(m: Any, s: Any, a: int) -> None:
    agent = row(s.agents, a, AGENT)
    contact = row(s.contacts, agent.row, CONTACT)
    contact.supervisor_us = s.now - agent.asked_us
    push(s, s.now + contact.wrap_us, _HANDLE_END, a)
    conclude(m, s, contact.need)
