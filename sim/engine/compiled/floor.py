"""The floor, below whoever works on it: who takes whom, who waits, what becomes of a customer who leaves."""

from sim.engine.compiled.heap import push, push_for_hand
from sim.engine.compiled.lists import join_line, join_list, join_open, leave_line, leave_list
from sim.engine.memory import call, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CONTACT, AgentState, Event, Outcome
from sim.engine.rows import AGENT, LINE, PERSON, TALKING, TEAM, Line, ModelRow, StateRow
from sim.engine.rules import service
from sim.engine.rules.hands import hand_at, has_room, next_moved, seat_of
from sim.engine.rules.people import NOWHERE, begin_segment, begin_waiting, leave_queue
from sim.engine.rules.returns import conclude
from sim.engine.rules.service import steps
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_ANSWERED, _DISCONNECTED = constant(Outcome.ANSWERED), constant(Outcome.DISCONNECTED)
_ARRIVAL, _PATIENCE_END = constant(Event.ARRIVAL), constant(Event.PATIENCE_END)
_HANDLE_END, _TALK_END = constant(Event.HANDLE_END), constant(Event.TALK_END)
_NOBODY, _EMPTY_HANDED = 1 << 62, constant(0)
_TALKING, _NOWHERE, _IDLE = constant(TALKING), NOWHERE, constant(0)
_serve = service.serve


# Who takes whom ---------------------------------------------------------------


@small_part
def idle_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number; or -1."""
    if model.routing:
        return _routed_agent(model, state, need, skill)
    if model.levels > 1 and steps(model, row(state.people, need, PERSON).intent):
        return _open_agent(model, state, skill)
    best, liked, since = -1, _NOBODY, 0
    for group in range(model.n_groups):
        preference, agent_number = (
            whole(model.preference, group * model.n_skills + skill),
            row(state.idle, group * model.levels, LINE).first,
        )
        if preference > 0 and agent_number >= 0 and preference <= liked:
            start = row(state.agents, agent_number, AGENT).since_us
            if preference < liked or start < since or (start == since and agent_number < best):
                best, liked, since = agent_number, preference, start
    return best


@part
def _open_agent(model: ModelRow, state: StateRow, skill: int) -> int:
    """The agent that a joining chat takes: lowest preference, fewest in hand, longest idle or without a new one; or -1."""
    best, liked, fewest, since = -1, _NOBODY, 0, 0
    for group in range(model.n_groups):
        preference, held = whole(model.preference, group * model.n_skills + skill), 0
        while held < model.levels and row(state.idle, group * model.levels + held, LINE).first < 0:
            held += 1
        if preference == 0 or held == model.levels:
            continue
        agent_number = row(state.idle, group * model.levels + held, LINE).first
        start = seat_of(state, agent_number).assigned_us if held else row(state.agents, agent_number, AGENT).since_us
        as_good = preference == liked and held == fewest
        fewer = preference == liked and held < fewest
        first = start < since or (start == since and agent_number < best)
        if preference < liked or fewer or (as_good and first):
            best, liked, fewest, since = agent_number, preference, held, start
    return best


@small_part
def next_for(model: ModelRow, state: StateRow, agent_number: int, group: int) -> int:
    """The waiting customer that a freed agent takes: lowest preference, then the longest wait; or -1.

    Who has chats in hand takes only another chat.
    """
    if model.routing:
        return _routed_need(model, state, agent_number, group)
    busy = model.levels > 1 and seat_of(state, agent_number).held > 0
    best, liked, rank = -1, _NOBODY, 0
    for intent in range(model.n_intents):
        need = row(state.lines, intent, LINE).first
        if need < 0 or (busy and not steps(model, intent)):
            continue
        preference = whole(model.preference, group * model.n_skills + row(model.intents, intent, INTENT).skill)
        if preference > 0:
            liking = 0 if whole(model.longest_wait, group) else preference
            place = row(state.people, need, PERSON).rank_us
            if liking < liked or (liking == liked and (place < rank or (place == rank and need < best))):
                best, liked, rank = need, liking, place
    return best


@part
def _score(model: ModelRow, state: StateRow, need: int, agent_number: int, preference: int) -> float:
    """What a user's rule makes of a customer and an agent."""
    agent = row(state.agents, agent_number, AGENT)
    waited_us, tenure_s = (
        state.now - row(state.people, need, PERSON).rank_us,
        row(state.traits, agent_number, AGENT_TRAITS).tenure_s,
    )
    held = seat_of(state, agent_number).held if model.levels > 1 else _EMPTY_HANDED
    idle_us = 0 if held else state.now - agent.since_us
    return call(model.routing, preference, waited_us, idle_us, held, tenure_s)


@part
def _routed_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The idle agent that a user's rule gives a joining contact: the lowest score, longest idle, lowest number."""
    best, lowest, since = -1, 0.0, 0
    levels = model.levels if steps(model, row(state.people, need, PERSON).intent) else 1
    for place in range(model.n_groups * levels):
        group, held = place // levels, place % levels
        preference = whole(model.preference, group * model.n_skills + skill)
        agent_number = row(state.idle, group * model.levels + held, LINE).first
        while preference > 0 and agent_number >= 0:
            agent, score = row(state.agents, agent_number, AGENT), _score(model, state, need, agent_number, preference)
            first = agent.since_us < since or (agent.since_us == since and agent_number < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, since = agent_number, score, agent.since_us
            agent_number = agent.after
    return best


@part
def _routed_need(model: ModelRow, state: StateRow, agent_number: int, group: int) -> int:
    """The waiting customer that a user's rule gives a freed agent: the lowest score, longest wait, lowest number."""
    best, lowest, rank = -1, 0.0, 0
    busy = model.levels > 1 and seat_of(state, agent_number).held > 0
    for intent in range(model.n_intents):
        if busy and not steps(model, intent):
            continue
        preference = whole(model.preference, group * model.n_skills + row(model.intents, intent, INTENT).skill)
        need = row(state.lines, intent, LINE).first
        while preference > 0 and need >= 0:
            person, score = row(state.people, need, PERSON), _score(model, state, need, agent_number, preference)
            first = person.rank_us < rank or (person.rank_us == rank and need < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, rank = need, score, person.rank_us
            need = person.after
    return best


@part
def refuses(model: ModelRow, state: StateRow, skill: int) -> bool:
    """Whether a contact that joins now is disconnected: after close, unless somebody on duty has the skill."""
    if not state.closed:
        return False
    if state.draining:
        for group in range(model.n_groups):
            if whole(model.preference, group * model.n_skills + skill) > 0 and anybody_stays(model, state, group):
                return False
    return True


@part
def anybody_stays(model: ModelRow, state: StateRow, group: int) -> bool:
    """Whether a group has more agents on duty and not about to leave than departures announced."""
    staying = 0
    for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
        agent = row(state.agents, agent_number, AGENT)
        staying += agent.state != 0 and not agent.leaving
    return bool(staying > row(state.teams, group, TEAM).pending)


# Customers --------------------------------------------------------------------


@small_part
def wait(model: ModelRow, state: StateRow, need: int) -> None:
    """A customer joins the line."""
    person = row(state.people, need, PERSON)
    state.waiting += 1
    join_line(state, need)
    if begin_waiting(model, state, person, row(state.contacts, person.row, CONTACT)):
        push(state, person.gives_up_us, _PATIENCE_END, need)


@small_part
def quit_queue(model: ModelRow, state: StateRow, need: int, outcome: int) -> None:
    """A customer leaves the queue, one way or another."""
    person = row(state.people, need, PERSON)
    if person.waits:
        state.waiting -= 1
        leave_line(state, person)
    leave_queue(model, state, person, row(state.contacts, person.row, CONTACT), outcome)


@part
def disconnect(model: ModelRow, state: StateRow, need: int) -> None:
    """The centre disconnects a customer."""
    quit_queue(model, state, need, _DISCONNECTED)
    finish(model, state, need)


@part
def finish(model: ModelRow, state: StateRow, need: int) -> None:
    """An attempt has ended for its customer, who may come back."""
    back_us = conclude(model, state, need)
    if back_us >= 0:
        push(state, back_us, _ARRIVAL, need)


# Agents -----------------------------------------------------------------------


@small_part
def open_list(model: ModelRow, state: StateRow, agent_number: int, group: int) -> Line:
    """The list of those who can take a contact that an agent belongs to, by what it has in hand."""
    held = seat_of(state, agent_number).held if model.levels > 1 else 0
    line: Line = row(state.idle, group * model.levels + held, LINE)
    return line


@small_part
def become(model: ModelRow, state: StateRow, agent_number: int, new: int) -> None:
    """An agent does something else from now on."""
    agent = row(state.agents, agent_number, AGENT)
    if agent.state == _AVAILABLE:
        leave_list(state, row(state.idle, agent.group * model.levels, LINE), agent)
    elif agent.state == 0:
        leave_list(state, row(state.off, agent.group, LINE), agent)
    elif model.levels > 1:
        close(model, state, agent_number)
    begin_segment(model, state, agent_number, agent, new)


@part
def takes_more(state: StateRow, agent_number: int) -> bool:
    """Whether an agent with contacts in hand takes a chat besides: there is room, and no way out is waited for."""
    agent, seat = row(state.agents, agent_number, AGENT), seat_of(state, agent_number)
    breaks = agent.breaks > 0 and state.now < agent.duty_end_us
    goes = agent.leaving or agent.tired or breaks or seat.named > 0 or seat.pause_us > 0
    return bool(not goes and has_room(state, agent_number))


@part
def close(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent with chats in hand takes no more."""
    agent = row(state.agents, agent_number, AGENT)
    leave_list(state, open_list(model, state, agent_number, agent.group), agent)


@small_part
def stay_busy(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent's work changes, but not what it can take: another segment."""
    begin_segment(model, state, agent_number, row(state.agents, agent_number, AGENT), _HANDLING)


@part
def take_next(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent takes the next contact of the lines, one after the other while it has room, or is open for one."""
    group = row(state.agents, agent_number, AGENT).group
    while True:
        need = next_for(model, state, agent_number, group) if state.waiting > 0 else -1
        if need < 0:
            _be_open(model, state, agent_number, group)
            return
        _take(model, state, need, agent_number)
        if model.levels == 1 or not takes_more(state, agent_number):
            return


@small_part
def _be_open(model: ModelRow, state: StateRow, agent_number: int, group: int) -> None:
    """An agent is there for the next who comes."""
    line = open_list(model, state, agent_number, group)
    if model.levels > 1 and seat_of(state, agent_number).held > 0:
        join_open(state, line, agent_number)
    else:
        join_list(state, line, agent_number)


@part
def serve(model: ModelRow, state: StateRow, need: int, agent_number: int) -> None:
    """An agent takes a contact that has just come, for which nobody waits."""
    _take(model, state, need, agent_number)
    if model.levels > 1 and takes_more(state, agent_number):
        _be_open(model, state, agent_number, row(state.agents, agent_number, AGENT).group)


@small_part
def _take(model: ModelRow, state: StateRow, need: int, agent_number: int) -> None:
    """An agent takes a contact, and is busy with it to the end of wrap-up."""
    quit_queue(model, state, need, _ANSWERED)
    become(model, state, agent_number, _HANDLING)
    asks = _serve(model, state, need, agent_number)
    if steps(model, row(state.people, need, PERSON).intent):
        plan_moved(model, state, agent_number)
    elif asks:
        push_for_hand(state, agent_number, _TALK_END)
    else:
        push_for_hand(state, agent_number, _HANDLE_END)
        finish(model, state, need)


@part
def plan_moved(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """Plan the ends that have moved of what an agent has in hand."""
    place = next_moved(model, state, agent_number)
    while place >= 0:
        push_for_hand(state, place, _TALK_END if hand_at(state, place).phase == _TALKING else _HANDLE_END)
        place = next_moved(model, state, agent_number)
