"""Agents come on duty and go home; staff by counts: rises, falls, announced departures, relief (docs/semantics.md)."""

from typing import Any

import numpy as np

from sim.demand.horizon import DAY_US
from sim.engine.compiled.floor import become
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.supervisor_queue import free, nobody_comes
from sim.engine.memory import flag, put_whole, row, whole
from sim.engine.records import AgentState
from sim.engine.rows import AGENT, LINE, TEAM
from sim.engine.rules.people import write_duty
from sim.engine.rules.service import deciders
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING, _BREAK = (
    constant(AgentState.AVAILABLE),
    constant(AgentState.HANDLING),
    constant(AgentState.BREAK),
)
_NOBODY, _OFF, _DAY_US = constant(-1), constant(0), DAY_US


@part
def come_on(m: Any, s: Any, a: int) -> None:
    """An agent comes on duty, and takes the next contact or is idle."""
    agent = row(s.agents, a, AGENT)
    agent.called_us = agent.spell_us = s.now
    agent.leaving, agent.kept, agent.tired, agent.breaks = False, False, False, 0
    row(s.teams, agent.group, TEAM).on += 1
    free(m, s, a)


@part
def go(m: Any, s: Any, a: int, duty_end_us: int) -> None:
    """An agent goes home now; duty was to end at `duty_end_us`."""
    agent = row(s.agents, a, AGENT)
    become(m, s, a, _OFF)
    write_duty(s, a, agent.group, agent.spell_us, duty_end_us, agent.fatigue)
    agent.leaving, agent.kept = False, False
    row(s.teams, agent.group, TEAM).on -= 1
    join_list(s, row(s.off, agent.group, LINE), a)
    if agent.group == deciders(m) and row(s.teams, agent.group, TEAM).on == 0:
        nobody_comes(m, s)


@part
def count_of(s: Any, group: int) -> int:
    """Agents of a counted group on duty, less the departures announced."""
    team = row(s.teams, group, TEAM)
    return int(team.on - team.pending)


@part
def staffing(m: Any, s: Any, group: int, count: int) -> None:
    """A group's count changes."""
    change = count - count_of(s, group)
    if change > 0:
        _rise(m, s, group, change)
    elif change < 0:
        fall(m, s, group, -change, s.now)


@part
def _rise(m: Any, s: Any, group: int, number: int) -> None:
    """Cancel the latest departures, then call in whoever has been off longest."""
    team = row(s.teams, group, TEAM)
    while team.pending > 0 and number > 0:
        team.pending -= 1
        announced_us = whole(s.pending, place_of(m, group, team.pending_first + team.pending))
        write_duty(s, _NOBODY, group, announced_us, announced_us, np.nan)
        number -= 1
    day, a = s.now // _DAY_US, row(s.off, group, LINE).first
    while a >= 0 and number > 0:
        behind = row(s.agents, a, AGENT).after
        if flag(s.present, a * m.n_days + day):
            come_on(m, s, a)
            number -= 1
        a = behind


@part
def place_of(m: Any, group: int, number: int) -> int:
    """Where a departure stands in its group's ring."""
    return group * (m.team + 1) + number % (m.team + 1)  # type: ignore[no-any-return]


@part
def fall(m: Any, s: Any, group: int, number: int, announced_us: int) -> None:
    """Idle agents go first, longest on duty first; for the rest a departure is announced."""
    first, last, idle = whole(m.first, group), whole(m.first, group + 1), 0
    for a in range(first, last):
        idle += _has_no_contact(row(s.agents, a, AGENT))
    if idle <= number:
        for a in range(first, last):
            if _has_no_contact(row(s.agents, a, AGENT)):
                go(m, s, a, announced_us)
    else:
        for _ in range(number):
            go(m, s, _longest_on_duty(s, first, last), announced_us)
    team = row(s.teams, group, TEAM)
    for _ in range(number - idle):
        put_whole(s.pending, place_of(m, group, team.pending_first + team.pending), announced_us)
        team.pending += 1


@small_part
def _has_no_contact(agent: Any) -> bool:
    return bool((agent.state == _AVAILABLE) | (agent.state == _BREAK))


@part
def _longest_on_duty(s: Any, first: int, last: int) -> int:
    """The idle agent who was called in first, then with the lowest number."""
    best, called = -1, 0
    for a in range(first, last):
        agent = row(s.agents, a, AGENT)
        if _has_no_contact(agent) and (best < 0 or agent.called_us < called):
            best, called = a, agent.called_us
    return best


@part
def relief(m: Any, s: Any, group: int, number: int) -> None:
    """Those longest on duty are relieved: at once, or when the contact in hand is done."""
    for _ in range(number):
        a = _most_tired(m, s, group)
        if a >= 0:
            agent = row(s.agents, a, AGENT)
            agent.tired = True
            if agent.state != _HANDLING:
                is_relieved(m, s, a, agent)


@part
def _most_tired(m: Any, s: Any, group: int) -> int:
    """The agent on duty, and not about to be relieved, who was called in first, then with the lowest number."""
    best, called = -1, 0
    for a in range(whole(m.first, group), whole(m.first, group + 1)):
        agent = row(s.agents, a, AGENT)
        if agent.state != 0 and not agent.tired and (best < 0 or agent.called_us < called):
            best, called = a, agent.called_us
    return best


@part
def is_relieved(m: Any, s: Any, a: int, agent: Any) -> bool:
    """Whether somebody rested comes in an agent's place; without anybody, and after close, the agent stays."""
    agent.tired = False
    b, day = row(s.off, agent.group, LINE).first, s.now // _DAY_US
    if s.closed:
        return False
    while b >= 0 and not flag(s.present, b * m.n_days + day):
        b = row(s.agents, b, AGENT).after
    if b >= 0:
        come_on(m, s, b)
        go(m, s, a, s.now)
    return bool(b >= 0)
