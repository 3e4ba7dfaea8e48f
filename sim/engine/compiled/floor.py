"""Who takes whom, and what each agent does from one moment to the next."""

from typing import Any

from sim.behaviour.fatigue import after_handling, after_recovery, build_rate
from sim.behaviour.frustration import after_waiting
from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import join_line, join_list, leave_line, leave_list
from sim.engine.compiled.memory import row, whole
from sim.engine.compiled.returns import conclude
from sim.engine.compiled.service import perform
from sim.engine.compiled.state import AGENT, LINE, PERSON
from sim.engine.order import Event
from sim.engine.records import CONTACT, CREW, SEGMENT, AgentState, Outcome
from sim.engine.table import INTENT
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_ANSWERED, _HANDLE_END = constant(Outcome.ANSWERED), constant(Event.HANDLE_END)
_HOUR_US = 3.6e9
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
    p.frustration = after_waiting(p.frustration, waited_s, m.wait_grace_s, m.per_minute)
    contact.frustration = p.frustration
    if p.waits:
        p.waits = False
        s.waiting -= 1
        leave_line(s, p)


@small_part
def fatigue_now(s: Any, agent: Any) -> float:
    """An agent's fatigue at this moment, from the start of the segment in progress."""
    if agent.rate == 0.0:
        return float(agent.fatigue)
    hours = (s.now - agent.since_us) / _HOUR_US
    if agent.state == _HANDLING:
        return after_handling(agent.fatigue, agent.rate, hours)
    return after_recovery(agent.fatigue, agent.rate, hours)


@small_part
def become(s: Any, a: int, agent: Any, state: int, rate: float) -> None:
    """Close an agent's segment in progress and begin another; fatigue is brought up to now."""
    if agent.state != 0 and s.now > agent.since_us:
        _write_segment(s, a, agent)
    if agent.state == _AVAILABLE:
        leave_list(s, row(s.idle, agent.group, LINE), agent)
    elif agent.state == 0:
        leave_list(s, row(s.off, agent.group, LINE), agent)
    agent.fatigue = fatigue_now(s, agent)
    agent.state, agent.since_us, agent.rate = state, s.now, rate


@small_part
def _write_segment(s: Any, a: int, agent: Any) -> None:
    if s.n_segments >= s.segments_room:
        s.full = 1
        return
    segment = row(s.segments, s.n_segments, SEGMENT)
    segment.agent, segment.group, segment.state = a, agent.group, agent.state
    segment.start_us, segment.end_us, segment.fatigue, segment.rate = agent.since_us, s.now, agent.fatigue, agent.rate
    s.n_segments += 1


@small_part
def free(m: Any, s: Any, a: int, agent: Any) -> None:
    """An agent can take a contact: the next in the lines, or it is idle."""
    become(s, a, agent, _AVAILABLE, m.recover_available)
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
    own = row(s.crew, a, CREW)
    perform(m, s, p, contact, agent, own)
    agent.row = p.row
    agent.rate = build_rate(m.build_per_hour * own.build_up, m.mistreatment_weight, contact.mistreated != 0)
    push(s, s.now + contact.talk_us + contact.wrap_us, _HANDLE_END, a)
    conclude(m, s, n)
