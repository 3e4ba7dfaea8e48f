"""Who is at work: shifts, breaks, counts, opening and closing (docs/semantics.md)."""

from typing import Any

from sim.engine.compiled.floor import anybody_stays, become, disconnect, refuses
from sim.engine.compiled.headcount import come_on, count_of, fall, go, is_relieved, place_of, relief, staffing
from sim.engine.compiled.heap import push
from sim.engine.compiled.supervisor_queue import decided, free
from sim.engine.memory import put_whole, row, whole
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import AgentState
from sim.engine.rows import AGENT, LINE, TEAM
from sim.engine.rules.people import fatigue_now, write_duty
from sim.engine.rules.service import handled, in_hand
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING, _BREAK = (
    constant(AgentState.AVAILABLE),
    constant(AgentState.HANDLING),
    constant(AgentState.BREAK),
)
_OPEN, _CLOSE, _SHIFT_START = constant(Event.OPEN), constant(Event.CLOSE), constant(Event.SHIFT_START)
_SHIFT_END, _BREAK_DUE, _BREAK_END = constant(Event.SHIFT_END), constant(Event.BREAK_DUE), constant(Event.BREAK_END)
_STAFFING = constant(Event.STAFFING)
_NO_PAUSE = constant(0)


@part
def happen(m: Any, s: Any, kind: int, who: int, value: int) -> None:
    """An event of the plan."""
    if kind == _OPEN:
        _open(m, s)
    elif kind == _CLOSE:
        _close(m, s)
    elif kind == _SHIFT_START:
        _shift_start(m, s, who, value)
    elif kind == _SHIFT_END:
        _shift_end(m, s, who, value)
    elif kind == _BREAK_DUE:
        _break_due(m, s, who, value)
    elif kind == _STAFFING:
        staffing(m, s, who, value)
    else:
        relief(m, s, who, value)


# Opening and closing ----------------------------------------------------------


@part
def _open(m: Any, s: Any) -> None:
    if s.draining:
        end_drain(m, s)
    s.closed = False


@part
def _close(m: Any, s: Any) -> None:
    s.closed, s.closed_at, s.draining = True, s.now, m.centre.drains
    if s.draining:
        _keep_everybody(m, s)
    for intent in range(m.n_intents):
        line = row(s.lines, intent, LINE)
        if line.first >= 0 and refuses(m, s, row(m.intents, intent, INTENT).skill):
            while line.first >= 0:
                disconnect(m, s, line.first)
    if not s.draining:
        _send_counted_home(m, s)


@part
def _keep_everybody(m: Any, s: Any) -> None:
    """Whoever is on duty, and not about to leave, stays until the drain ends."""
    for group in range(m.n_groups):
        if anybody_stays(m, s, group):
            for a in range(whole(m.first, group), whole(m.first, group + 1)):
                agent = row(s.agents, a, AGENT)
                if agent.state != 0 and not agent.leaving:
                    agent.kept = True


@part
def end_drain(m: Any, s: Any) -> None:
    """Nobody waits and nobody is with the bot, or the centre opens again: whoever was kept may go."""
    s.draining = False
    _send_counted_home(m, s)
    for a in range(m.n_agents):
        agent = row(s.agents, a, AGENT)
        if agent.kept and not whole(m.counted, agent.group) and agent.duty_end_us <= s.now:
            _dismiss(m, s, a, agent)
        agent.kept = False


@part
def _send_counted_home(m: Any, s: Any) -> None:
    for group in range(m.n_groups):
        if whole(m.counted, group):
            fall(m, s, group, count_of(s, group), s.closed_at)


# Shifts -----------------------------------------------------------------------


@part
def _shift_start(m: Any, s: Any, a: int, end_us: int) -> None:
    agent = row(s.agents, a, AGENT)
    if agent.state != 0:
        write_duty(s, a, agent.group, agent.spell_us, agent.duty_end_us, fatigue_now(s, agent))
        agent.leaving, agent.spell_us, agent.duty_end_us = False, s.now, end_us
        agent.breaks = 0
        return
    agent.duty_end_us = end_us
    come_on(m, s, a)


@part
def _shift_end(m: Any, s: Any, a: int, end_us: int) -> None:
    agent = row(s.agents, a, AGENT)
    kept = s.draining and agent.kept
    if agent.state != 0 and agent.duty_end_us == end_us and not kept:
        _dismiss(m, s, a, agent)


@part
def _dismiss(m: Any, s: Any, a: int, agent: Any) -> None:
    """Send an agent of a shift home: at once, or when the contact in hand is done."""
    if agent.state == _HANDLING:
        agent.leaving = True
    else:
        go(m, s, a, agent.duty_end_us)


@part
def _break_due(m: Any, s: Any, a: int, length_us: int) -> None:
    agent = row(s.agents, a, AGENT)
    if agent.state == 0 or agent.leaving:
        return
    put_whole(s.breaks, a * m.due + agent.breaks, length_us)
    agent.breaks += 1
    if agent.state == _AVAILABLE:
        next_duty(m, s, a, agent)


@part
def next_duty(m: Any, s: Any, a: int, agent: Any) -> None:
    """What an agent does who is through with a contact or a break: the next break that is due, or work."""
    if agent.breaks > 0 and s.now < agent.duty_end_us:
        _take_break(m, s, a, agent)
    else:
        agent.breaks = 0
        free(m, s, a)


@part
def _take_break(m: Any, s: Any, a: int, agent: Any) -> None:
    first = a * m.due
    length_us = whole(s.breaks, first)
    agent.breaks -= 1
    for k in range(agent.breaks):
        put_whole(s.breaks, first + k, whole(s.breaks, first + k + 1))
    _rest(m, s, a, agent, length_us)


@part
def _rest(m: Any, s: Any, a: int, agent: Any, length_us: int) -> None:
    become(m, s, a, _BREAK)
    agent.break_until_us = s.now + length_us
    push(s, agent.break_until_us, _BREAK_END, a)


@part
def break_end(m: Any, s: Any, a: int) -> None:
    """A break is over, unless the agent has gone, or has begun another."""
    agent = row(s.agents, a, AGENT)
    if agent.state == _BREAK and agent.break_until_us == s.now:
        next_duty(m, s, a, agent)


# Through with a contact -------------------------------------------------------


@small_part
def handle_end(m: Any, s: Any, a: int) -> None:
    """An agent is through with a contact: home, break, or the next one."""
    if in_hand(s, a).ends_us == s.now:
        _through(m, s, a, row(s.agents, a, AGENT), handled(m, s, a))


@part
def consult_end(m: Any, s: Any, a: int) -> None:
    """What an agent asked has been decided; who did goes on."""
    if in_hand(s, a).ends_us == s.now:
        decider = decided(m, s, a)
        _through(m, s, decider, row(s.agents, decider, AGENT), _NO_PAUSE)


@small_part
def _through(m: Any, s: Any, a: int, agent: Any, pause: int) -> None:
    """An agent goes on: home, to a break, or to the next contact."""
    team = row(s.teams, agent.group, TEAM)
    if agent.leaving:
        go(m, s, a, agent.duty_end_us)
    elif team.pending > 0:
        announced_us = whole(s.pending, place_of(m, agent.group, team.pending_first))
        team.pending_first = (team.pending_first + 1) % (m.team + 1)
        team.pending -= 1
        go(m, s, a, announced_us)
    elif agent.tired and is_relieved(m, s, a, agent):
        return
    elif pause > 0 and agent.breaks == 0 and _stays_on(m, s, agent):
        _rest(m, s, a, agent, pause)
    else:
        next_duty(m, s, a, agent)


@part
def _stays_on(m: Any, s: Any, agent: Any) -> bool:
    """Whether duty goes on, so that a pause makes sense."""
    return bool(not s.closed if whole(m.counted, agent.group) else s.now < agent.duty_end_us)
