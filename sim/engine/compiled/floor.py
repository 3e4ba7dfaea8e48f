"""Who takes whom."""

from typing import Any

from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import join_line, join_list, leave_line
from sim.engine.compiled.memory import row, whole
from sim.engine.compiled.returns import conclude
from sim.engine.compiled.segments import become
from sim.engine.compiled.service import perform, takes_supervisor, tiring
from sim.engine.compiled.state import AGENT, LINE, PERSON
from sim.engine.compiled.supervisor_queue import next_at_desk
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CONTACT, AgentState, Outcome
from sim.jit import constant, part, small_part
from sim.mechanisms.frustration import after_waiting

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_ANSWERED, _HANDLE_END, _TALK_END = constant(Outcome.ANSWERED), constant(Event.HANDLE_END), constant(Event.TALK_END)
_NOBODY = 1 << 62


@small_part
def idle_agent(m: Any, s: Any, skill: int) -> int:
    """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number; or -1."""
    best, liked, since = -1, _NOBODY, 0
    for group in range(m.n_groups):
        preference, a = whole(m.preference, group * m.n_skills + skill), row(s.idle, group, LINE).first
        if preference > 0 and a >= 0 and preference <= liked:
            start = row(s.agents, a, AGENT).since_us
            if preference < liked or start < since or (start == since and a < best):
                best, liked, since = a, preference, start
    return best


@small_part
def next_for(m: Any, s: Any, group: int) -> int:
    """The waiting customer that a freed agent takes: lowest preference, then the longest wait; or -1."""
    best, liked, rank = -1, _NOBODY, 0
    for intent in range(m.n_intents):
        n = row(s.lines, intent, LINE).first
        if n < 0:
            continue
        preference = whole(m.preference, group * m.n_skills + row(m.intents, intent, INTENT).skill)
        if preference > 0:
            liking = 0 if whole(m.longest_wait, group) else preference
            place = row(s.people, n, PERSON).rank_us
            if liking < liked or (liking == liked and (place < rank or (place == rank and n < best))):
                best, liked, rank = n, liking, place
    return best


@small_part
def wait(s: Any, n: int, contact: Any) -> None:
    """A customer joins the line."""
    row(s.people, n, PERSON).waits = True
    contact.delayed = True
    s.waiting += 1
    join_line(s, n)


@small_part
def leave_queue(m: Any, s: Any, p: Any, contact: Any, outcome: int) -> None:
    """A customer stops waiting, one way or another; the wait tells on the frustration."""
    contact.outcome, contact.left_us = outcome, s.now
    waited_s = (s.now - contact.joined_us) / 1e6
    p.frustration = after_waiting(p.frustration, waited_s, m.frustration.wait_grace_s, m.frustration.per_minute)
    contact.frustration = p.frustration
    if p.waits:
        p.waits = False
        s.waiting -= 1
        leave_line(s, p)


@small_part
def free(m: Any, s: Any, a: int, agent: Any) -> None:
    """An agent can take a contact: the next in the lines, or it is idle; supervisors first decide."""
    become(s, a, agent, _AVAILABLE, m.fatigue.recover_available)
    if m.supervisor.on and next_at_desk(m, s, a, agent):
        return
    n = next_for(m, s, agent.group) if s.waiting > 0 else -1
    if n < 0:
        join_list(s, row(s.idle, agent.group, LINE), a)
    else:
        serve(m, s, n, a)


@part
def serve(m: Any, s: Any, n: int, a: int) -> None:
    """An agent takes a contact, and is busy with it to the end of wrap-up; the attempt's outcome is settled now."""
    p, agent = row(s.people, n, PERSON), row(s.agents, a, AGENT)
    contact = row(s.contacts, p.row, CONTACT)
    contact.agent, contact.group = a, agent.group
    leave_queue(m, s, p, contact, _ANSWERED)
    become(s, a, agent, _HANDLING, 0.0)
    own = row(s.crew, a, AGENT_TRAITS)
    perform(m, s, p, contact, agent, own)
    agent.row = p.row
    agent.rate = tiring(m, own, contact.mistreated != 0)
    if m.supervisor.on and takes_supervisor(m, s, p, contact):
        push(s, s.now + contact.talk_us, _TALK_END, a)
    else:
        push(s, s.now + contact.talk_us + contact.wrap_us, _HANDLE_END, a)
        conclude(m, s, n)
