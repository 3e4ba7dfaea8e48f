"""Agents who may not decide alone wait here, first come, first served, their customers with them."""

from sim.engine.compiled.events import push_for_hand
from sim.engine.compiled.floor import become, finish, plan_moved, stay_busy, take_next
from sim.engine.memory import row
from sim.engine.records import CONTACT, AgentState, Event
from sim.engine.rows import AGENT, ASKING, LINE, TALKING, TEAM, ModelRow, StateRow
from sim.engine.rules.hands import begin_asking, begin_wrapping, find_hand, hand_at
from sim.engine.rules.service import ask, consult, decide, deciders
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_CONSULT_END, _HANDLE_END = constant(Event.CONSULT_END), constant(Event.HANDLE_END)
_TALKING, _ASKING = constant(TALKING), constant(ASKING)


@small_part
def free(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent can take a contact; who decides for others first does that."""
    become(model, state, agent_number, _AVAILABLE)
    if row(state.agents, agent_number, AGENT).group != deciders(model) or not _take_asker(model, state, agent_number):
        take_next(model, state, agent_number)


@part
def talk_end(model: ModelRow, state: StateRow, agent_number: int, need: int) -> None:
    """An agent has talked: wrap-up begins, or it now asks one who decides."""
    place = find_hand(model, state, agent_number, need, _TALKING)
    if place < 0:
        return
    hand = hand_at(state, place)
    if hand.phase == _TALKING and not hand.asks:
        begin_wrapping(model, state, place)
        plan_moved(model, state, agent_number)
        finish(model, state, need)
        return
    if hand.phase == _TALKING:
        stay_busy(model, state, agent_number)
        begin_asking(model, state, place)
        plan_moved(model, state, agent_number)
    _ask(model, state, place)


@part
def _ask(model: ModelRow, state: StateRow, place: int) -> None:
    """An agent asks one who is idle, the next who is free, or nobody at all."""
    group = deciders(model)
    ask(state, place)
    if row(state.teams, group, TEAM).on == 0:
        _decided(model, state, place)
        return
    askers = row(state.askers, 0, LINE)
    if askers.first < 0:
        askers.first = place
    else:
        hand_at(state, askers.last).after = place
    askers.last = place
    hand_at(state, place).after = -1
    idle = row(state.idle, group * model.levels, LINE).first
    if idle >= 0:
        _take_asker(model, state, idle)


@part
def _take_asker(model: ModelRow, state: StateRow, decider: int) -> bool:
    """Whether one who decides, and is free, takes the next who waits here."""
    askers = row(state.askers, 0, LINE)
    if askers.first < 0:
        return False
    place = askers.first
    askers.first = hand_at(state, place).after
    become(model, state, decider, _HANDLING)
    consult(model, state, place, decider)
    push_for_hand(state, place, _CONSULT_END)
    return True


@part
def decided(model: ModelRow, state: StateRow, place: int) -> int:
    """What an agent asked has been decided; by whom, who is then through with it."""
    decider = row(state.contacts, hand_at(state, place).row, CONTACT).supervisor
    _decided(model, state, place)
    return int(decider)


@part
def nobody_comes(model: ModelRow, state: StateRow) -> None:
    """Nobody who decides is on duty: whoever waits decides alone."""
    askers = row(state.askers, 0, LINE)
    while askers.first >= 0:
        place = askers.first
        askers.first = hand_at(state, place).after
        _decided(model, state, place)


@part
def _decided(model: ModelRow, state: StateRow, place: int) -> None:
    hand = hand_at(state, place)
    if hand.phase == _ASKING:
        stay_busy(model, state, hand.agent)
        decide(model, state, place)
        plan_moved(model, state, hand.agent)
    else:
        decide(model, state, place)
        push_for_hand(state, place, _HANDLE_END)
    finish(model, state, row(state.contacts, hand.row, CONTACT).need)
