"""The floor, below whoever works on it: who takes whom, who waits, what becomes of a customer who leaves."""

from typing import Any

from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import join_line, join_list, leave_line, leave_list
from sim.engine.memory import call, row, whole
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CONTACT, AgentState, Outcome
from sim.engine.rows import AGENT, LINE, PERSON, TEAM
from sim.engine.rules import service
from sim.engine.rules.people import begin_segment, begin_waiting, leave_queue
from sim.engine.rules.returns import conclude
from sim.engine.rules.service import in_hand
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_ANSWERED, _DISCONNECTED = constant(Outcome.ANSWERED), constant(Outcome.DISCONNECTED)
_ARRIVAL, _PATIENCE_END = constant(Event.ARRIVAL), constant(Event.PATIENCE_END)
_HANDLE_END, _TALK_END = constant(Event.HANDLE_END), constant(Event.TALK_END)
_NOBODY, _EMPTY_HANDED = 1 << 62, constant(0)
_serve = service.serve


# Who takes whom ---------------------------------------------------------------


@small_part
def idle_agent(m: Any, s: Any, n: int, skill: int) -> int:
    """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number; or -1."""
    if m.routing:
        return _routed_agent(m, s, n, skill)
    best, liked, since = -1, _NOBODY, 0
    for group in range(m.n_groups):
        preference, a = whole(m.preference, group * m.n_skills + skill), row(s.idle, group, LINE).first
        if preference > 0 and a >= 0 and preference <= liked:
            start = row(s.agents, a, AGENT).since_us
            if preference < liked or start < since or (start == since and a < best):
                best, liked, since = a, preference, start
    return best


@small_part
def next_for(m: Any, s: Any, a: int, group: int) -> int:
    """The waiting customer that a freed agent takes: lowest preference, then the longest wait; or -1."""
    if m.routing:
        return _routed_need(m, s, a, group)
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


@part
def _score(m: Any, s: Any, n: int, a: int, preference: int) -> float:
    """What a user's rule makes of a customer and an agent."""
    agent = row(s.agents, a, AGENT)
    waited_us, tenure_s = s.now - row(s.people, n, PERSON).rank_us, row(s.traits, a, AGENT_TRAITS).tenure_s
    return call(m.routing, preference, waited_us, s.now - agent.since_us, _EMPTY_HANDED, tenure_s)


@part
def _routed_agent(m: Any, s: Any, n: int, skill: int) -> int:
    """The idle agent that a user's rule gives a joining contact: the lowest score, longest idle, lowest number."""
    best, lowest, since = -1, 0.0, 0
    for group in range(m.n_groups):
        preference, a = whole(m.preference, group * m.n_skills + skill), row(s.idle, group, LINE).first
        while preference > 0 and a >= 0:
            agent, score = row(s.agents, a, AGENT), _score(m, s, n, a, preference)
            first = agent.since_us < since or (agent.since_us == since and a < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, since = a, score, agent.since_us
            a = agent.after
    return best


@part
def _routed_need(m: Any, s: Any, a: int, group: int) -> int:
    """The waiting customer that a user's rule gives a freed agent: the lowest score, longest wait, lowest number."""
    best, lowest, rank = -1, 0.0, 0
    for intent in range(m.n_intents):
        preference = whole(m.preference, group * m.n_skills + row(m.intents, intent, INTENT).skill)
        n = row(s.lines, intent, LINE).first
        while preference > 0 and n >= 0:
            p, score = row(s.people, n, PERSON), _score(m, s, n, a, preference)
            first = p.rank_us < rank or (p.rank_us == rank and n < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, rank = n, score, p.rank_us
            n = p.after
    return best


@part
def refuses(m: Any, s: Any, skill: int) -> bool:
    """Whether a contact that joins now is disconnected: after close, unless somebody on duty has the skill."""
    if not s.closed:
        return False
    if s.draining:
        for group in range(m.n_groups):
            if whole(m.preference, group * m.n_skills + skill) > 0 and anybody_stays(m, s, group):
                return False
    return True


@part
def anybody_stays(m: Any, s: Any, group: int) -> bool:
    """Whether a group has more agents on duty and not about to leave than departures announced."""
    staying = 0
    for a in range(whole(m.first, group), whole(m.first, group + 1)):
        agent = row(s.agents, a, AGENT)
        staying += agent.state != 0 and not agent.leaving
    return bool(staying > row(s.teams, group, TEAM).pending)


# Customers --------------------------------------------------------------------


@small_part
def wait(m: Any, s: Any, n: int) -> None:
    """A customer joins the line."""
    p = row(s.people, n, PERSON)
    s.waiting += 1
    join_line(s, n)
    if begin_waiting(m, s, p, row(s.contacts, p.row, CONTACT)):
        push(s, p.gives_up_us, _PATIENCE_END, n)


@small_part
def quit_queue(m: Any, s: Any, n: int, outcome: int) -> None:
    """A customer leaves the queue, one way or another."""
    p = row(s.people, n, PERSON)
    if p.waits:
        s.waiting -= 1
        leave_line(s, p)
    leave_queue(m, s, p, row(s.contacts, p.row, CONTACT), outcome)


@part
def disconnect(m: Any, s: Any, n: int) -> None:
    """The centre disconnects a customer."""
    quit_queue(m, s, n, _DISCONNECTED)
    finish(m, s, n)


@part
def finish(m: Any, s: Any, n: int) -> None:
    """An attempt has ended for its customer, who may come back."""
    back_us = conclude(m, s, n)
    if back_us >= 0:
        push(s, back_us, _ARRIVAL, n)


# Agents -----------------------------------------------------------------------


@small_part
def become(m: Any, s: Any, a: int, state: int) -> None:
    """An agent does something else from now on."""
    agent = row(s.agents, a, AGENT)
    if agent.state == _AVAILABLE:
        leave_list(s, row(s.idle, agent.group, LINE), agent)
    elif agent.state == 0:
        leave_list(s, row(s.off, agent.group, LINE), agent)
    begin_segment(m, s, a, agent, state)


@part
def take_next(m: Any, s: Any, a: int) -> None:
    """An agent who is free takes the next contact of the lines, or is idle."""
    group = row(s.agents, a, AGENT).group
    n = next_for(m, s, a, group) if s.waiting > 0 else -1
    if n < 0:
        join_list(s, row(s.idle, group, LINE), a)
    else:
        serve(m, s, n, a)


@part
def serve(m: Any, s: Any, n: int, a: int) -> None:
    """An agent takes a contact, and is busy with it to the end of wrap-up."""
    quit_queue(m, s, n, _ANSWERED)
    become(m, s, a, _HANDLING)
    if _serve(m, s, n, a):
        push(s, in_hand(s, a).ends_us, _TALK_END, a)
    else:
        push(s, in_hand(s, a).ends_us, _HANDLE_END, a)
        finish(m, s, n)
