"""Who is at work: shifts, breaks, counts, opening and closing (docs/semantics.md).

What is rare is called, not woven into the loop. Whoever is matched or leaves here is noted; the loop settles it.
"""

import numpy as np

from sim.engine.compiled.floor import become, fatigue_now, free, leave_queue
from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import line_up
from sim.engine.compiled.model import Model
from sim.engine.compiled.service import count_handled
from sim.engine.compiled.state import State
from sim.engine.order import Event
from sim.engine.records import AgentState, Outcome
from sim.jit import rare, woven
from sim.world.horizon import DAY_US

_AVAILABLE, _HANDLING, _BREAK = int(AgentState.AVAILABLE), int(AgentState.HANDLING), int(AgentState.BREAK)
_OPEN, _CLOSE, _SHIFT_START = int(Event.OPEN), int(Event.CLOSE), int(Event.SHIFT_START)
_SHIFT_END, _BREAK_DUE, _BREAK_END = int(Event.SHIFT_END), int(Event.BREAK_DUE), int(Event.BREAK_END)
_DISCONNECTED = int(Outcome.DISCONNECTED)
_DAY_US = DAY_US


@woven
def _note_match(s: State, n: int, a: int) -> None:
    """An agent takes a customer; nothing for customer -1."""
    if n >= 0:
        v = s.v[0]
        s.matches[v.matched].person, s.matches[v.matched].agent = n, a
        v.matched += 1


@rare
def happen(m: Model, s: State, kind: int, who: int, value: int) -> None:
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
    else:
        _staffing(m, s, who, value)


# Opening and closing ----------------------------------------------------------


@rare
def refuses(m: Model, s: State, skill: int) -> bool:
    """Whether a contact that joins now is disconnected: after close, unless somebody on duty has the skill."""
    if not s.v[0].closed:
        return False
    if s.v[0].draining:
        for group in range(s.teams.size):
            if m.preference[group, skill] > 0 and _anybody_stays(m, s, group):
                return False
    return True


@rare
def _anybody_stays(m: Model, s: State, group: int) -> bool:
    """Whether a group has more agents on duty and not about to leave than departures announced."""
    staying = 0
    for a in range(m.roster.first[group], m.roster.first[group + 1]):
        staying += s.agents[a].state != 0 and not s.agents[a].leaving
    return bool(staying > s.teams[group].pending)


@rare
def _open(m: Model, s: State) -> None:
    if s.v[0].draining:
        end_drain(m, s)
    s.v[0].closed = False


@rare
def _close(m: Model, s: State) -> None:
    v = s.v[0]
    v.closed, v.closed_at, v.draining = True, v.now, m.laws[0].drains
    if v.draining:
        _keep_everybody(m, s)
    for intent in range(s.lines.size):
        if s.lines[intent].first >= 0 and refuses(m, s, m.intents[intent].skill):
            while s.lines[intent].first >= 0:
                n = s.lines[intent].first
                leave_queue(m, s, n, _DISCONNECTED)
                _note_match(s, n, -1)
    if not v.draining:
        _send_counted_home(m, s)


@rare
def _keep_everybody(m: Model, s: State) -> None:
    """Whoever is on duty, and not about to leave, stays until the drain ends."""
    for group in range(s.teams.size):
        if _anybody_stays(m, s, group):
            for a in range(m.roster.first[group], m.roster.first[group + 1]):
                if s.agents[a].state != 0 and not s.agents[a].leaving:
                    s.agents[a].kept = True


@rare
def end_drain(m: Model, s: State) -> None:
    """Nobody waits and nobody is with the bot, or the centre opens again: whoever was kept may go."""
    s.v[0].draining = False
    _send_counted_home(m, s)
    for a in range(s.agents.size):
        agent = s.agents[a]
        if agent.kept and not m.roster.counted[agent.group] and agent.duty_end_us <= s.v[0].now:
            _dismiss(m, s, a)
        agent.kept = False


@rare
def _send_counted_home(m: Model, s: State) -> None:
    for group in range(s.teams.size):
        if m.roster.counted[group]:
            _fall(m, s, group, _count(s, group), s.v[0].closed_at)


# Shifts -----------------------------------------------------------------------


@rare
def _shift_start(m: Model, s: State, a: int, end_us: int) -> None:
    agent = s.agents[a]
    if agent.state != 0:
        _write_duty(s, a, agent.group, agent.spell_us, agent.duty_end_us, fatigue_now(s, a))
        agent.leaving, agent.kept, agent.spell_us, agent.duty_end_us = False, False, s.v[0].now, end_us
        agent.breaks = 0
        return
    agent.duty_end_us = end_us
    _come_on(m, s, a)


@rare
def _shift_end(m: Model, s: State, a: int, end_us: int) -> None:
    agent = s.agents[a]
    kept = s.v[0].draining and agent.kept
    if agent.state != 0 and agent.duty_end_us == end_us and not kept:
        _dismiss(m, s, a)


@rare
def _dismiss(m: Model, s: State, a: int) -> None:
    """Send an agent of a shift home: at once, or when the contact in hand is done."""
    if s.agents[a].state == _HANDLING:
        s.agents[a].leaving = True
    else:
        _go(m, s, a, s.agents[a].duty_end_us)


@rare
def _break_due(m: Model, s: State, a: int, length_us: int) -> None:
    agent = s.agents[a]
    if agent.state == 0 or agent.leaving:
        return
    s.breaks[a, agent.breaks] = length_us
    agent.breaks += 1
    if agent.state == _AVAILABLE:
        _note_match(s, next_duty(m, s, a), a)


@woven
def next_duty(m: Model, s: State, a: int) -> int:
    """What an agent does who is through with a contact or a break: a break that is due, or work: the customer, or -1."""
    agent = s.agents[a]
    if agent.breaks > 0:
        if s.v[0].now < agent.duty_end_us:
            _take_break(m, s, a)
            return -1
        agent.breaks = 0
    return free(m, s, a)


@rare
def _take_break(m: Model, s: State, a: int) -> None:
    agent = s.agents[a]
    length_us = s.breaks[a, 0]
    agent.breaks -= 1
    for k in range(agent.breaks):
        s.breaks[a, k] = s.breaks[a, k + 1]
    become(s, a, _BREAK, m.laws[0].recover_break)
    agent.break_until_us = s.v[0].now + length_us
    push(s, agent.break_until_us, _BREAK_END, a)


@rare
def break_end(m: Model, s: State, a: int) -> None:
    """A break is over, unless the agent has gone, or has begun another."""
    if s.agents[a].state == _BREAK and s.agents[a].break_until_us == s.v[0].now:
        _note_match(s, next_duty(m, s, a), a)


# Counts -----------------------------------------------------------------------


@woven
def _count(s: State, group: int) -> int:
    """Agents of a counted group on duty, less the departures announced."""
    return int(s.teams[group].on - s.teams[group].pending)


@rare
def _staffing(m: Model, s: State, group: int, count: int) -> None:
    change = count - _count(s, group)
    if change > 0:
        _rise(m, s, group, change)
    elif change < 0:
        _fall(m, s, group, -change, s.v[0].now)


@rare
def _rise(m: Model, s: State, group: int, number: int) -> None:
    """Cancel the latest departures, then call in whoever has been off longest."""
    while s.teams[group].pending > 0 and number > 0:
        _cancel_departure(s, group)
        number -= 1
    day, a = s.v[0].now // _DAY_US, s.off[group].first
    while a >= 0 and number > 0:
        behind = s.agents[a].after
        if s.present[a, day]:
            _come_on(m, s, a)
            number -= 1
        a = behind


@rare
def _cancel_departure(s: State, group: int) -> None:
    """The time between is overtime of somebody unnamed."""
    team = s.teams[group]
    team.pending -= 1
    announced_us = s.pending[group, (team.pending_first + team.pending) % s.pending.shape[1]]
    _write_duty(s, -1, group, announced_us, announced_us, np.nan)


@rare
def _fall(m: Model, s: State, group: int, number: int, announced_us: int) -> None:
    """Idle agents go first, longest on duty first; for the rest a departure is announced."""
    first, last, idle = m.roster.first[group], m.roster.first[group + 1], 0
    for a in range(first, last):
        idle += s.agents[a].state == _AVAILABLE
    if idle <= number:
        for a in range(first, last):
            if s.agents[a].state == _AVAILABLE:
                _go(m, s, a, announced_us)
    else:
        for _ in range(number):
            _go(m, s, _longest_on_duty(s, first, last), announced_us)
    team = s.teams[group]
    for _ in range(number - idle):
        s.pending[group, (team.pending_first + team.pending) % s.pending.shape[1]] = announced_us
        team.pending += 1


@woven
def _longest_on_duty(s: State, first: int, last: int) -> int:
    """The idle agent who was called in first, then with the lowest number."""
    best = -1
    for a in range(first, last):
        if s.agents[a].state == _AVAILABLE and (best < 0 or s.agents[a].called_us < s.agents[best].called_us):
            best = a
    return best


# Coming and going -------------------------------------------------------------


@rare
def _come_on(m: Model, s: State, a: int) -> None:
    agent = s.agents[a]
    agent.called_us = agent.spell_us = s.v[0].now
    agent.leaving, agent.kept, agent.breaks = False, False, 0
    s.teams[agent.group].on += 1
    _note_match(s, free(m, s, a), a)


@rare
def _go(m: Model, s: State, a: int, duty_end_us: int) -> None:
    agent = s.agents[a]
    become(s, a, 0, m.laws[0].recover_off)
    _write_duty(s, a, agent.group, agent.spell_us, duty_end_us, agent.fatigue)
    agent.leaving, agent.kept = False, False
    s.teams[agent.group].on -= 1
    line_up(s, s.off[agent.group], a)


@rare
def _write_duty(s: State, a: int, group: int, start_us: int, end_us: int, fatigue: float) -> None:
    """A spell of duty ends now; `end_us` is when it should have."""
    v = s.v[0]
    if v.duties >= s.duties.size:
        v.full = 1
        return
    row = s.duties[v.duties]
    row.agent, row.group, row.day, row.start_us = a, group, start_us // _DAY_US, start_us
    row.end_us, row.left_us, row.fatigue_left = end_us, v.now, fatigue
    v.duties += 1


@woven
def handled(m: Model, s: State, a: int) -> int:
    """An agent is through with a contact: home, break, or the next customer, who is returned; else -1."""
    agent = s.agents[a]
    count_handled(m, s, s.contacts[agent.row])
    if agent.leaving:
        _go(m, s, a, agent.duty_end_us)
        return -1
    if s.teams[agent.group].pending > 0:
        _go_as_announced(m, s, a)
        return -1
    return next_duty(m, s, a)


@rare
def _go_as_announced(m: Model, s: State, a: int) -> None:
    """The departure that was announced first is this agent's."""
    team = s.teams[s.agents[a].group]
    announced_us = s.pending[s.agents[a].group, team.pending_first]
    team.pending_first = (team.pending_first + 1) % s.pending.shape[1]
    team.pending -= 1
    _go(m, s, a, announced_us)
