"""The floor, below whoever works on it: who waits, what becomes of a customer who leaves, what agents have in hand."""

from sim.engine.compiled.events import cancel, push, push_for_hand
from sim.engine.compiled.lists import join_line, join_list, join_open, leave_line, leave_list
from sim.engine.compiled.routing import backlog_agent, interrupted_agent, next_for, takes_more
from sim.engine.memory import put_whole, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import CONTACT, AgentState, Event, Outcome
from sim.engine.rows import AGENT, GONE, LINE, PERSON, TALKING, TEAM, TO_BE_CALLED, Line, ModelRow, Person, StateRow
from sim.engine.rules import service
from sim.engine.rules.backlog import is_begun, is_deferred, put_aside
from sim.engine.rules.callback import is_called, is_ghost, picks_up, ring, take_ghost
from sim.engine.rules.hands import hand_at, next_moved, seat_of
from sim.engine.rules.people import begin_segment, begin_waiting, leave_queue
from sim.engine.rules.returns import conclude
from sim.engine.rules.service import resume, steps
from sim.jit import constant, part, small_part

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_ANSWERED, _DISCONNECTED = constant(Outcome.ANSWERED), constant(Outcome.DISCONNECTED)
_ARRIVAL, _PATIENCE_END, _OVERFLOW_DUE = (
    constant(Event.ARRIVAL),
    constant(Event.PATIENCE_END),
    constant(Event.OVERFLOW_DUE),
)
_HANDLE_END, _TALK_END = constant(Event.HANDLE_END), constant(Event.TALK_END)
_RING_END, _SILENT_END = constant(Event.RING_END), constant(Event.SILENT_END)
_TALKING, _GONE, _TO_BE_CALLED = constant(TALKING), constant(GONE), constant(TO_BE_CALLED)
_serve = service.serve


# Opening hours ----------------------------------------------------------------


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
def skill_of(model: ModelRow, person: Person) -> int:
    """The queue that a customer joins."""
    return int(row(model.intents, person.intent, INTENT).skill)


@small_part
def line_of(model: ModelRow, state: StateRow, person: Person) -> Line:
    """The line that a customer stands in."""
    lost = model.calls_back and not model.callback.keeps_place and person.calls == _TO_BE_CALLED
    line: Line = row(state.lines, person.intent + (model.n_intents if lost else 0), LINE)
    return line


@small_part
def wait(model: ModelRow, state: StateRow, need: int) -> None:
    """A customer joins the line, with so much patience."""
    person = row(state.people, need, PERSON)
    if begin_waiting(model, state, person, row(state.contacts, person.row, CONTACT)):
        person.event = push(state, person.gives_up_us, _PATIENCE_END, need)
    line_up(model, state, need)
    if model.overflows:
        plan_overflow(model, state, need, skill_of(model, person))


@small_part
def line_up(model: ModelRow, state: StateRow, need: int) -> None:
    """A customer, an item or a ghost is in the line from now on."""
    person = row(state.people, need, PERSON)
    join_line(state, line_of(model, state, person), need)
    _count(model, state, need, person, 1)


@small_part
def leave_the_line(model: ModelRow, state: StateRow, need: int) -> None:
    """The same undone."""
    person = row(state.people, need, PERSON)
    leave_line(state, line_of(model, state, person), person)
    _count(model, state, need, person, -1)
    person.waits = False


@small_part
def _count(model: ModelRow, state: StateRow, need: int, person: Person, change: int) -> None:
    """Who is lined up at all; who waits live; who takes a place of the queue."""
    state.lined += change
    if model.beside or model.limits:
        _count_apart(model, state, need, person, change)
    else:
        state.waiting += change


@part
def _count_apart(model: ModelRow, state: StateRow, need: int, person: Person, change: int) -> None:
    """The same where not all who are lined up wait live, or places are counted."""
    if is_deferred(model, person.intent):
        return
    if not is_ghost(state, need):
        state.waiting += change
    skill = skill_of(model, person)
    put_whole(state.in_line, skill, whole(state.in_line, skill) + change)


@part
def plan_overflow(model: ModelRow, state: StateRow, need: int, skill: int) -> None:
    """When each group that helps out later takes a look."""
    joined_us = row(state.contacts, row(state.people, need, PERSON).row, CONTACT).joined_us
    for group in range(model.n_groups):
        delay_us = whole(model.overflow_us, group * model.n_skills + skill)
        if delay_us > 0:
            push(state, joined_us + delay_us, _OVERFLOW_DUE, need)


@small_part
def quit_queue(model: ModelRow, state: StateRow, need: int, outcome: int) -> None:
    """A customer leaves the queue, one way or another."""
    person = row(state.people, need, PERSON)
    if person.waits:
        leave_the_line(model, state, need)
        cancel(state, person.event, _PATIENCE_END, need)
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
        need = next_for(model, state, agent_number, group) if state.lined > 0 else -1
        if need < 0:
            _be_open(model, state, agent_number, group)
            return
        _take(model, state, need, agent_number)
        if model.levels == 1 or not takes_more(state, agent_number):
            return


@small_part
def _be_open(model: ModelRow, state: StateRow, agent_number: int, group: int) -> None:
    """An agent is there for the next who comes."""
    if model.levels > 1 and seat_of(state, agent_number).held > 0:
        join_open(state, open_list(model, state, agent_number, group), agent_number)
    else:
        join_list(state, row(state.idle, group * model.levels, LINE), agent_number)


@part
def serve(model: ModelRow, state: StateRow, need: int, agent_number: int) -> None:
    """An agent takes a contact for which nobody else waits."""
    _take(model, state, need, agent_number)
    if model.levels > 1 and takes_more(state, agent_number):
        _be_open(model, state, agent_number, row(state.agents, agent_number, AGENT).group)


@small_part
def _take(model: ModelRow, state: StateRow, need: int, agent_number: int) -> None:
    """An agent takes a contact, and is busy with it to the end of wrap-up."""
    person = row(state.people, need, PERSON)
    if model.beside and _takes_otherwise(model, state, need, agent_number):
        return
    quit_queue(model, state, need, _ANSWERED)
    become(model, state, agent_number, _HANDLING)
    asks = _serve(model, state, need, agent_number)
    if steps(model, person.intent):
        plan_moved(model, state, agent_number)
    elif asks:
        push_for_hand(state, agent_number, _TALK_END)
    else:
        push_for_hand(state, agent_number, _HANDLE_END)
        finish(model, state, need)


@part
def _takes_otherwise(model: ModelRow, state: StateRow, need: int, agent_number: int) -> bool:
    """Whether whom an agent turns to is not there, or was begun with: a ghost, a call-back without answer, an item."""
    person = row(state.people, need, PERSON)
    if is_ghost(state, need):
        leave_the_line(model, state, need)
        become(model, state, agent_number, _HANDLING)
        take_ghost(model, state, need, agent_number, row(state.agents, agent_number, AGENT).group)
        plan_moved(model, state, agent_number)
        return True
    if is_deferred(model, person.intent) and is_begun(state, person):
        leave_the_line(model, state, need)
        become(model, state, agent_number, _HANDLING)
        resume(model, state, need, agent_number)
        plan_moved(model, state, agent_number)
        return True
    if not is_called(person) or picks_up(model, state, person):
        return False
    if person.waits:
        leave_the_line(model, state, need)
    become(model, state, agent_number, _HANDLING)
    ring(model, state, agent_number, person, need)
    push_for_hand(state, agent_number, _RING_END)
    return True


@part
def plan_moved(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """Plan the ends that have moved of what an agent has in hand."""
    place = next_moved(model, state, agent_number)
    while place >= 0:
        phase = hand_at(state, place).phase
        kind = _HANDLE_END
        if phase == _TALKING:
            kind = _TALK_END
        elif phase == _GONE:
            kind = _SILENT_END
        push_for_hand(state, place, kind)
        place = next_moved(model, state, agent_number)


# The backlog ------------------------------------------------------------------


@part
def offer_item(model: ModelRow, state: StateRow, need: int) -> None:
    """An item of the backlog goes to somebody who is idle, if there are enough."""
    agent_number = backlog_agent(model, state, need, skill_of(model, row(state.people, need, PERSON)))
    if agent_number >= 0:
        _take(model, state, need, agent_number)


@part
def drop_item(model: ModelRow, state: StateRow, agent_number: int) -> int:
    """An agent puts its item aside, and has nothing in hand; whose it is, in the line again."""
    stay_busy(model, state, agent_number)
    need = put_aside(model, state, agent_number)
    line_up(model, state, need)
    return need


@part
def is_taken_by_interrupting(model: ModelRow, state: StateRow, need: int, skill: int) -> bool:
    """Whether somebody puts an item aside for a live contact; who is idle elsewhere goes on with it."""
    agent_number = interrupted_agent(model, state, need, skill) if model.interrupts else -1
    if agent_number < 0:
        return False
    item = drop_item(model, state, agent_number)
    serve(model, state, need, agent_number)
    offer_item(model, state, item)
    return True
