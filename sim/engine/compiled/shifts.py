"""Who is at work: shifts, breaks, counts, opening and closing (docs/semantics.md)."""

from typing import Any

from sim.engine.compiled.attendance import come_on, go, write_duty
from sim.engine.compiled.floor import free, leave_queue
from sim.engine.compiled.headcount import count_of, fall, is_relieved, place_of, relief, staffing
from sim.engine.compiled.heap import push
from sim.engine.compiled.memory import put_whole, row, whole
from sim.engine.compiled.returns import conclude
from sim.engine.compiled.segments import become, fatigue_now
from sim.engine.compiled.service import count_handled
from sim.engine.compiled.state import AGENT, LINE, PERSON, TEAM
from sim.engine.compiled.supervisor_queue import decided
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import CONTACT, AgentState, Outcome
from sim.jit import constant, part, small_part
from sim.mechanisms.fatigue import is_hard, pause_us

_AVAILABLE, _HANDLING, _BREAK = (
    constant(AgentState.AVAILABLE),
    constant(AgentState.HANDLING),
    constant(AgentState.BREAK),
)
_OPEN, _CLOSE, _SHIFT_START = constant(Event.OPEN), constant(Event.CLOSE), constant(Event.SHIFT_START)
_SHIFT_END, _BREAK_DUE, _BREAK_END = constant(Event.SHIFT_END), constant(Event.BREAK_DUE), constant(Event.BREAK_END)
_DISCONNECTED = constant(Outcome.DISCONNECTED)
_STAFFING = constant(Event.STAFFING)
_OFF = constant(0)


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
def refuses(m: Any, s: Any, skill: int) -> bool:
    """Whether a contact that joins now is disconnected: after close, unless somebody on duty has the skill."""
    if not s.closed:
        return False
    if s.draining:
        for group in range(m.n_groups):
            if whole(m.preference, group * m.n_skills + skill) > 0 and _anybody_stays(m, s, group):
                return False
    return True


@part
def _anybody_stays(m: Any, s: Any, group: int) -> bool:
    """Whether a group has more agents on duty and not about to leave than departures announced."""
    staying = 0
    for a in range(whole(m.first, group), whole(m.first, group + 1)):
        agent = row(s.agents, a, AGENT)
        staying += agent.state != 0 and not agent.leaving
    return bool(staying > row(s.teams, group, TEAM).pending)


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
                _disconnect(m, s, line.first)
    if not s.draining:
        _send_counted_home(m, s)


@part
def _disconnect(m: Any, s: Any, n: int) -> None:
    p = row(s.people, n, PERSON)
    leave_queue(m, s, p, row(s.contacts, p.row, CONTACT), _DISCONNECTED)
    conclude(m, s, n)


@part
def _keep_everybody(m: Any, s: Any) -> None:
    """Whoever is on duty, and not about to leave, stays until the drain ends."""
    for group in range(m.n_groups):
        if _anybody_stays(m, s, group):
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
        free(m, s, a, agent)


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
    become(s, a, agent, _BREAK, m.fatigue.recover_break)
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
def handled(m: Any, s: Any, a: int) -> None:
    """An agent is through with a contact: home, break, or the next one."""
    agent = row(s.agents, a, AGENT)
    pause = 0
    if m.pauses:
        pause = _pause_us(m, s, agent)
    if m.paces:
        count_handled(m, s, row(s.contacts, agent.row, CONTACT))
    _through(m, s, a, agent, pause)


@part
def consulted(m: Any, s: Any, a: int) -> None:
    """A supervisor has decided for an agent, and goes on."""
    b = decided(m, s, a)
    _through(m, s, b, row(s.agents, b, AGENT), _OFF)


@part
def _pause_us(m: Any, s: Any, agent: Any) -> int:
    """The pause that a contact calls for."""
    contact = row(s.contacts, agent.row, CONTACT)
    handled_us = contact.talk_us + contact.supervisor_us + contact.wrap_us
    stated_s = row(m.intents, contact.intent, INTENT).aht_s
    hard = is_hard(contact.mistreated != 0, handled_us, stated_s, m.fatigue.long_contact)
    return int(pause_us(fatigue_now(s, agent), m.fatigue.break_at, m.fatigue.break_us, hard, m.fatigue.recovery_us))


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
