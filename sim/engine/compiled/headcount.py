"""Agents come on duty and go home; staff by counts: rises, falls, announced departures, relief (docs/semantics.md)."""

from typing import Any

import numpy as np

from sim.demand.horizon import DAY_US
from sim.engine.compiled.floor import become, close, drop_item, offer_item, take_next
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.routing import takes_more
from sim.engine.compiled.supervisor_queue import free, nobody_comes
from sim.engine.memory import flag, put_whole, row, whole
from sim.engine.records import AgentState
from sim.engine.rows import AGENT, LINE, TEAM, Agent, ModelRow, StateRow
from sim.engine.rules.backlog import may_put_aside
from sim.engine.rules.hands import seat_of
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
def come_on(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent comes on duty, and takes the next contact or is idle."""
    agent = row(state.agents, agent_number, AGENT)
    agent.called_us = agent.spell_us = state.now
    agent.leaving, agent.kept, agent.tired, agent.breaks = False, False, False, 0
    row(state.teams, agent.group, TEAM).on += 1
    free(model, state, agent_number)


@part
def go(model: ModelRow, state: StateRow, agent_number: int, duty_end_us: int) -> None:
    """An agent goes home now; duty was to end at `duty_end_us`."""
    agent = row(state.agents, agent_number, AGENT)
    become(model, state, agent_number, _OFF)
    write_duty(state, agent_number, agent.group, agent.spell_us, duty_end_us, agent.fatigue)
    agent.leaving, agent.kept = False, False
    row(state.teams, agent.group, TEAM).on -= 1
    if whole(model.several, agent.group):
        _forget_name(state, agent_number)
    join_list(state, row(state.off, agent.group, LINE), agent_number)
    if agent.group == deciders(model) and row(state.teams, agent.group, TEAM).on == 0:
        nobody_comes(model, state)


@part
def count_of(state: StateRow, group: int) -> int:
    """Agents of a counted group on duty, less the departures announced."""
    team = row(state.teams, group, TEAM)
    return int(team.on - team.pending)


@part
def staffing(model: ModelRow, state: StateRow, group: int, count: int) -> None:
    """A group's count changes."""
    change = count - count_of(state, group)
    if change > 0:
        _rise(model, state, group, change)
    elif change < 0:
        fall(model, state, group, -change, state.now)


@part
def _rise(model: ModelRow, state: StateRow, group: int, number: int) -> None:
    """Cancel the latest departures, then call in whoever has been off longest."""
    team = row(state.teams, group, TEAM)
    while whole(model.several, group) and team.pending > 0 and number > 0:
        _stay_after_all(model, state, group)
        number -= 1
    while team.pending > 0 and number > 0:
        team.pending -= 1
        announced_us = whole(state.pending, place_of(model, group, team.pending_first + team.pending))
        write_duty(state, _NOBODY, group, announced_us, announced_us, np.nan)
        number -= 1
    day, agent_number = state.now // _DAY_US, row(state.off, group, LINE).first
    while agent_number >= 0 and number > 0:
        behind = row(state.agents, agent_number, AGENT).after
        if flag(state.present, agent_number * model.n_days + day):
            come_on(model, state, agent_number)
            number -= 1
        agent_number = behind


@part
def place_of(model: Any, group: int, number: int) -> int:
    """Where a departure stands in its group's ring."""
    return group * (model.team + 1) + number % (model.team + 1)  # type: ignore[no-any-return]


@part
def fall(model: ModelRow, state: StateRow, group: int, number: int, announced_us: int) -> None:
    """Idle agents go first, longest on duty first; for the rest a departure is announced."""
    if whole(model.several, group):
        _fall_by_name(model, state, group, number, announced_us)
        return
    first, last, idle = whole(model.first, group), whole(model.first, group + 1), 0
    for agent_number in range(first, last):
        idle += _has_no_contact(row(state.agents, agent_number, AGENT))
    if idle <= number:
        for agent_number in range(first, last):
            if _has_no_contact(row(state.agents, agent_number, AGENT)):
                go(model, state, agent_number, announced_us)
    else:
        for _ in range(number):
            go(model, state, _longest_on_duty(state, first, last), announced_us)
    if model.interrupts and number > idle:
        number -= _drop_and_go(model, state, group, number - idle, announced_us)
    team = row(state.teams, group, TEAM)
    for _ in range(number - idle):
        put_whole(state.pending, place_of(model, group, team.pending_first + team.pending), announced_us)
        team.pending += 1


@small_part
def _has_no_contact(agent: Agent) -> bool:
    return bool((agent.state == _AVAILABLE) | (agent.state == _BREAK))


@part
def _longest_on_duty(state: StateRow, first: int, last: int) -> int:
    """The idle agent who was called in first, then with the lowest number."""
    best, called = -1, 0
    for agent_number in range(first, last):
        agent = row(state.agents, agent_number, AGENT)
        if _has_no_contact(agent) and (best < 0 or agent.called_us < called):
            best, called = agent_number, agent.called_us
    return best


@part
def relief(model: ModelRow, state: StateRow, group: int, number: int) -> None:
    """Those longest on duty are relieved: at once, or when the contact in hand is done."""
    for _ in range(number):
        agent_number = _most_tired(model, state, group)
        if agent_number >= 0:
            agent = row(state.agents, agent_number, AGENT)
            agent.tired = True
            if agent.state != _HANDLING:
                is_relieved(model, state, agent_number, agent)
            else:
                close_if_full(model, state, agent_number)


@part
def _most_tired(model: ModelRow, state: StateRow, group: int) -> int:
    """The agent on duty, and not about to be relieved, who was called in first, then with the lowest number.

    Where agents have several contacts in hand, who has fewest comes before.
    """
    best, called, fewest, several = -1, 0, 0, whole(model.several, group)
    for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
        agent = row(state.agents, agent_number, AGENT)
        if agent.state == 0 or agent.tired:
            continue
        held = seat_of(state, agent_number).held if several else 0
        if best < 0 or held < fewest or (held == fewest and agent.called_us < called):
            best, called, fewest = agent_number, agent.called_us, held
    return best


@part
def is_relieved(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> bool:
    """Whether somebody rested comes in an agent's place; without anybody, and after close, the agent stays."""
    agent.tired = False
    rested, day = row(state.off, agent.group, LINE).first, state.now // _DAY_US
    if state.closed:
        return False
    while rested >= 0 and not flag(state.present, rested * model.n_days + day):
        rested = row(state.agents, rested, AGENT).after
    if rested >= 0:
        come_on(model, state, rested)
        go(model, state, agent_number, state.now)
    return bool(rested >= 0)


# Agents with several contacts in hand -----------------------------------------


@part
def close_if_full(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent with contacts in hand who is on the way out takes no more."""
    if model.levels > 1 and not takes_more(state, agent_number):
        close(model, state, agent_number)


@part
def open_again(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent with chats in hand takes the next ones, or is open for one, if there is room."""
    if model.levels > 1 and takes_more(state, agent_number):
        close(model, state, agent_number)
        take_next(model, state, agent_number)


@part
def _fall_by_name(model: ModelRow, state: StateRow, group: int, number: int, announced_us: int) -> None:
    """Who has least in hand goes first, longest on duty first: at once, or, named now, when the last contact ends."""
    team = row(state.teams, group, TEAM)
    for _ in range(number):
        agent_number = _next_to_go(model, state, group)
        if agent_number < 0:
            return
        agent, seat = row(state.agents, agent_number, AGENT), seat_of(state, agent_number)
        if _has_no_contact(agent):
            go(model, state, agent_number, announced_us)
            continue
        if may_put_aside(model, state, agent_number):
            _drop_item_and_go(model, state, agent_number, announced_us)
            continue
        team.named += 1
        team.pending += 1
        seat.named, seat.named_us = team.named, announced_us
        close(model, state, agent_number)


@part
def _drop_and_go(model: ModelRow, state: StateRow, group: int, number: int, announced_us: int) -> int:
    """So many who may put an item aside do, longest on duty first, and go; how many did."""
    gone = 0
    while gone < number:
        best, called = -1, 0
        for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
            agent = row(state.agents, agent_number, AGENT)
            first = best < 0 or agent.called_us < called
            if first and agent.state == _HANDLING and may_put_aside(model, state, agent_number):
                best, called = agent_number, agent.called_us
        if best < 0:
            break
        _drop_item_and_go(model, state, best, announced_us)
        gone += 1
    return gone


@part
def _drop_item_and_go(model: ModelRow, state: StateRow, agent_number: int, announced_us: int) -> None:
    item = drop_item(model, state, agent_number)
    go(model, state, agent_number, announced_us)
    offer_item(model, state, item)


@part
def _next_to_go(model: ModelRow, state: StateRow, group: int) -> int:
    best, called, fewest = -1, 0, 0
    for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
        agent, seat = row(state.agents, agent_number, AGENT), seat_of(state, agent_number)
        if agent.state == 0 or seat.named > 0:
            continue
        held = 0 if _has_no_contact(agent) else 1 + seat.held
        if held > 0 and may_put_aside(model, state, agent_number):
            held = 1
        if best < 0 or held < fewest or (held == fewest and agent.called_us < called):
            best, called, fewest = agent_number, agent.called_us, held
    return best


@part
def _stay_after_all(model: ModelRow, state: StateRow, group: int) -> None:
    """Whoever was named last stays; the time since is overtime of the group."""
    latest, name = -1, 0
    for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
        if seat_of(state, agent_number).named > name:
            latest, name = agent_number, seat_of(state, agent_number).named
    named_us = seat_of(state, latest).named_us
    write_duty(state, _NOBODY, group, named_us, named_us, np.nan)
    _forget_name(state, latest)
    open_again(model, state, latest)


@part
def _forget_name(state: StateRow, agent_number: int) -> None:
    seat = seat_of(state, agent_number)
    if seat.named > 0:
        seat.named = 0
        row(state.teams, row(state.agents, agent_number, AGENT).group, TEAM).pending -= 1
