"""Who takes whom, and what each agent does from one moment to the next."""

from sim.behaviour.fatigue import after_handling, after_recovery, build_rate
from sim.behaviour.frustration import after_waiting
from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import line_up, queue_up, unlink
from sim.engine.compiled.model import Model
from sim.engine.compiled.service import perform
from sim.engine.compiled.state import State
from sim.engine.order import Event
from sim.engine.records import AgentState, Outcome
from sim.jit import woven

_AVAILABLE, _HANDLING = int(AgentState.AVAILABLE), int(AgentState.HANDLING)
_ANSWERED, _HANDLE_END = int(Outcome.ANSWERED), int(Event.HANDLE_END)
_HOUR_US = 3.6e9
_NOBODY = 1 << 62


@woven
def idle_agent(m: Model, s: State, skill: int) -> int:
    """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number; or -1."""
    best, liked, since = -1, _NOBODY, 0
    for group in range(s.idle.size):
        preference, a = m.preference[group, skill], s.idle[group].first
        if preference > 0 and a >= 0 and preference <= liked:
            start = s.agents[a].since_us
            if preference < liked or start < since or (start == since and a < best):
                best, liked, since = a, preference, start
    return best


@woven
def next_for(m: Model, s: State, group: int) -> int:
    """The waiting customer that a freed agent takes: lowest preference, then the longest wait; or -1."""
    best, liked, rank = -1, _NOBODY, 0
    for intent in range(s.lines.size):
        n = s.lines[intent].first
        if n < 0:
            continue
        preference = m.preference[group, m.intents[intent].skill]
        if preference > 0:
            liking = 0 if m.longest_wait[group] else preference
            place = s.people[n].rank_us
            if liking < liked or (liking == liked and (place < rank or (place == rank and n < best))):
                best, liked, rank = n, liking, place
    return best


@woven
def wait(s: State, n: int) -> None:
    """A customer joins the line."""
    s.people[n].waits = True
    s.contacts[s.people[n].row].delayed = True
    s.v[0].waiting += 1
    queue_up(s, n)


@woven
def leave_queue(m: Model, s: State, n: int, outcome: int) -> None:
    """A customer stops waiting, one way or another; the wait tells on the frustration."""
    p, laws, now = s.people[n], m.laws[0], s.v[0].now
    contact = s.contacts[p.row]
    contact.outcome, contact.left_us = outcome, now
    waited_s = (now - contact.joined_us) / 1e6
    p.frustration = after_waiting(p.frustration, waited_s, laws.wait_grace_s, laws.per_minute)
    contact.frustration = p.frustration
    if p.waits:
        p.waits = False
        s.v[0].waiting -= 1
        unlink(s.people, s.lines[p.intent], n)


@woven
def fatigue_now(s: State, a: int) -> float:
    """An agent's fatigue at this moment, from the start of the segment in progress."""
    agent = s.agents[a]
    hours = (s.v[0].now - agent.since_us) / _HOUR_US
    if agent.state == _HANDLING:
        return after_handling(agent.fatigue, agent.rate, hours)
    return after_recovery(agent.fatigue, agent.rate, hours)


@woven
def become(s: State, a: int, state: int, rate: float) -> None:
    """Close an agent's segment in progress and begin another; fatigue is brought up to now."""
    agent, now = s.agents[a], s.v[0].now
    if agent.state != 0 and now > agent.since_us:
        _write_segment(s, a)
    if agent.state == _AVAILABLE:
        unlink(s.agents, s.idle[agent.group], a)
    elif agent.state == 0:
        unlink(s.agents, s.off[agent.group], a)
    agent.fatigue = fatigue_now(s, a)
    agent.state, agent.since_us, agent.rate = state, now, rate


@woven
def _write_segment(s: State, a: int) -> None:
    v, agent = s.v[0], s.agents[a]
    if v.segments >= s.segments.size:
        v.full = 1
        return
    row = s.segments[v.segments]
    row.agent, row.group, row.state = a, agent.group, agent.state
    row.start_us, row.end_us, row.fatigue, row.rate = agent.since_us, v.now, agent.fatigue, agent.rate
    v.segments += 1


@woven
def free(m: Model, s: State, a: int) -> int:
    """An agent can take a contact: the customer who is next, out of the line now; or -1, and the agent is idle."""
    become(s, a, _AVAILABLE, m.laws[0].recover_available)
    group = s.agents[a].group
    n = next_for(m, s, group) if s.v[0].waiting > 0 else -1
    if n < 0:
        line_up(s, s.idle[group], a)
    else:
        unlink(s.people, s.lines[s.people[n].intent], n)
    return n


@woven
def answer(m: Model, s: State, n: int, a: int) -> None:
    """An agent takes a contact, and is busy with it to the end of wrap-up."""
    agent, row, laws = s.agents[a], s.people[n].row, m.laws[0]
    contact = s.contacts[row]
    contact.agent, contact.group = a, agent.group
    leave_queue(m, s, n, _ANSWERED)
    become(s, a, _HANDLING, 0.0)
    perform(m, s, n, a)
    agent.row = row
    agent.rate = build_rate(laws.build_per_hour, laws.mistreatment_weight, contact.mistreated != 0)
    push(s, s.v[0].now + contact.talk_us + contact.wrap_us, _HANDLE_END, a)
