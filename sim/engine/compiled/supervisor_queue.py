"""Agents who may not decide alone wait here, first come, first served, their customers with them."""

from sim.engine.compiled.floor import become, finish, take_next
from sim.engine.compiled.heap import push
from sim.engine.memory import row
from sim.engine.records import CONTACT, AgentState, Event
from sim.engine.rows import AGENT, LINE, TEAM, ModelRow, StateRow
from sim.engine.rules.service import consult, decide, deciders, in_hand
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_CONSULT_END, _HANDLE_END = constant(Event.CONSULT_END), constant(Event.HANDLE_END)


@small_part
def free(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent can take a contact; who decides for others first does that."""
    become(model, state, agent_number, _AVAILABLE)
    if row(state.agents, agent_number, AGENT).group != deciders(model) or not _take_asker(model, state, agent_number):
        take_next(model, state, agent_number)


@part
def talk_end(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent has talked and now asks: one who is idle, the next who is free, or nobody at all."""
    agent, group = row(state.agents, agent_number, AGENT), deciders(model)
    agent.asked_us = state.now
    if row(state.teams, group, TEAM).on == 0:
        _decided(model, state, agent_number)
        return
    askers = row(state.askers, 0, LINE)
    if askers.first < 0:
        askers.first = agent_number
    else:
        row(state.agents, askers.last, AGENT).after = agent_number
    askers.last = agent_number
    agent.after = -1
    idle = row(state.idle, group, LINE).first
    if idle >= 0:
        _take_asker(model, state, idle)


@part
def _take_asker(model: ModelRow, state: StateRow, decider: int) -> bool:
    """Whether one who decides, and is free, takes the next who waits here."""
    askers = row(state.askers, 0, LINE)
    if askers.first < 0:
        return False
    agent_number = askers.first
    askers.first = row(state.agents, agent_number, AGENT).after
    become(model, state, decider, _HANDLING)
    push(state, consult(model, state, agent_number, decider), _CONSULT_END, agent_number)
    return True


@part
def decided(model: ModelRow, state: StateRow, agent_number: int) -> int:
    """What an agent asked has been decided; by whom, who is then through with it."""
    decider = row(state.contacts, in_hand(state, agent_number).row, CONTACT).supervisor
    _decided(model, state, agent_number)
    return int(decider)


@part
def nobody_comes(model: ModelRow, state: StateRow) -> None:
    """Nobody who decides is on duty: whoever waits decides alone."""
    askers = row(state.askers, 0, LINE)
    while askers.first >= 0:
        agent_number = askers.first
        askers.first = row(state.agents, agent_number, AGENT).after
        _decided(model, state, agent_number)


@part
def _decided(model: ModelRow, state: StateRow, agent_number: int) -> None:
    push(state, decide(state, agent_number), _HANDLE_END, agent_number)
    finish(model, state, row(state.contacts, in_hand(state, agent_number).row, CONTACT).need)
