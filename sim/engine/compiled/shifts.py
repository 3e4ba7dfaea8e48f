"""Who is at work: shifts, breaks, counts, opening and closing (docs/semantics.md)."""

from sim.engine.compiled.customer import drop_call, hang_on_or_up
from sim.engine.compiled.events import push
from sim.engine.compiled.floor import (
    anybody_stays,
    become,
    close,
    disconnect,
    drop_item,
    finish,
    leave_the_line,
    offer_item,
    plan_moved,
    refuses,
    stay_busy,
)
from sim.engine.compiled.headcount import (
    close_if_full,
    come_on,
    count_of,
    fall,
    go,
    is_relieved,
    open_again,
    place_of,
    relief,
    staffing,
)
from sim.engine.compiled.supervisor_queue import decided, free
from sim.engine.memory import put_whole, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import AgentState, Event, Outcome
from sim.engine.rows import (
    AGENT,
    ASKING,
    FREE,
    GONE,
    LINE,
    PERSON,
    TEAM,
    WORKING,
    WRAPPING,
    Agent,
    Line,
    ModelRow,
    StateRow,
)
from sim.engine.rules.backlog import is_deferred, may_put_aside
from sim.engine.rules.callback import find_out, is_ghost
from sim.engine.rules.hands import find_hand, finish_hand, hand_at, let_go, seat_of
from sim.engine.rules.people import fatigue_now, write_duty
from sim.engine.rules.service import handled
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
_FREE, _ASKING, _WRAPPING = constant(FREE), constant(ASKING), constant(WRAPPING)
_WORKING, _GONE, _DISCONNECTED = constant(WORKING), constant(GONE), constant(Outcome.DISCONNECTED)


@part
def happen(model: ModelRow, state: StateRow, kind: int, who: int, value: int) -> None:
    """An event of the plan."""
    if kind == _OPEN:
        _open(model, state)
    elif kind == _CLOSE:
        _close(model, state)
    elif kind == _SHIFT_START:
        _shift_start(model, state, who, value)
    elif kind == _SHIFT_END:
        _shift_end(model, state, who, value)
    elif kind == _BREAK_DUE:
        _break_due(model, state, who, value)
    elif kind == _STAFFING:
        staffing(model, state, who, value)
    else:
        relief(model, state, who, value)


# Opening and closing ----------------------------------------------------------


@part
def _open(model: ModelRow, state: StateRow) -> None:
    if state.draining:
        end_drain(model, state)
    state.closed = False


@part
def _close(model: ModelRow, state: StateRow) -> None:
    state.closed, state.closed_at, state.draining = True, state.now, model.centre.drains
    if state.draining:
        _keep_everybody(model, state)
        if model.interrupts:
            _drop_items(model, state)
    for line in range(2 * model.n_intents):
        _empty_line(model, state, row(state.lines, line, LINE), line % model.n_intents)
    between = row(state.between, 0, LINE)
    while not state.draining and between.first >= 0:
        drop_call(model, state, between.first, _DISCONNECTED)
    if not state.draining:
        _send_counted_home(model, state)


@part
def _empty_line(model: ModelRow, state: StateRow, line: Line, intent: int) -> None:
    """Ghosts vanish; live contacts are disconnected, unless somebody serves them still; the backlog stays."""
    if line.first < 0 or is_deferred(model, intent):
        return
    refused, need = refuses(model, state, row(model.intents, intent, INTENT).skill), line.first
    while need >= 0:
        behind = row(state.people, need, PERSON).after
        if is_ghost(state, need):
            leave_the_line(model, state, need)
        elif refused:
            disconnect(model, state, need)
        need = behind


@part
def _drop_items(model: ModelRow, state: StateRow) -> None:
    """Whoever is there by counts puts an item aside at close, and is there for those who wait live."""
    for agent_number in range(model.n_agents):
        if whole(model.counted, whole(model.group_of, agent_number)) and may_put_aside(model, state, agent_number):
            drop_item(model, state, agent_number)
            free(model, state, agent_number)


@part
def _keep_everybody(model: ModelRow, state: StateRow) -> None:
    """Whoever is on duty, and not about to leave, stays until the drain ends."""
    for group in range(model.n_groups):
        if anybody_stays(model, state, group):
            for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
                agent = row(state.agents, agent_number, AGENT)
                if agent.state != 0 and not agent.leaving:
                    agent.kept = True


@part
def end_drain(model: ModelRow, state: StateRow) -> None:
    """Nobody waits and nobody is with the bot, or the centre opens again: whoever was kept may go."""
    state.draining = False
    _send_counted_home(model, state)
    for agent_number in range(model.n_agents):
        agent = row(state.agents, agent_number, AGENT)
        if agent.kept and not whole(model.counted, agent.group) and agent.duty_end_us <= state.now:
            _dismiss(model, state, agent_number, agent)
        agent.kept = False


@part
def _send_counted_home(model: ModelRow, state: StateRow) -> None:
    for group in range(model.n_groups):
        if whole(model.counted, group):
            fall(model, state, group, count_of(state, group), state.closed_at)


# Shifts -----------------------------------------------------------------------


@part
def _shift_start(model: ModelRow, state: StateRow, agent_number: int, end_us: int) -> None:
    agent = row(state.agents, agent_number, AGENT)
    if agent.state != 0:
        write_duty(state, agent_number, agent.group, agent.spell_us, agent.duty_end_us, fatigue_now(state, agent))
        agent.leaving, agent.spell_us, agent.duty_end_us = False, state.now, end_us
        agent.breaks = 0
        if agent.state == _HANDLING:
            open_again(model, state, agent_number)
        return
    agent.duty_end_us = end_us
    come_on(model, state, agent_number)


@part
def _shift_end(model: ModelRow, state: StateRow, agent_number: int, end_us: int) -> None:
    agent = row(state.agents, agent_number, AGENT)
    kept = state.draining and agent.kept
    if agent.state != 0 and agent.duty_end_us == end_us and not kept:
        _dismiss(model, state, agent_number, agent)


@part
def _dismiss(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> None:
    """Send an agent of a shift home: at once, or when the contact in hand is done."""
    if agent.state == _HANDLING and may_put_aside(model, state, agent_number):
        item = drop_item(model, state, agent_number)
        go(model, state, agent_number, agent.duty_end_us)
        offer_item(model, state, item)
    elif agent.state == _HANDLING:
        agent.leaving = True
        close_if_full(model, state, agent_number)
    else:
        go(model, state, agent_number, agent.duty_end_us)


@part
def _break_due(model: ModelRow, state: StateRow, agent_number: int, length_us: int) -> None:
    agent = row(state.agents, agent_number, AGENT)
    if agent.state == 0 or agent.leaving:
        return
    put_whole(state.breaks, agent_number * model.due + agent.breaks, length_us)
    agent.breaks += 1
    if agent.state == _AVAILABLE:
        next_duty(model, state, agent_number, agent)
    elif agent.state == _HANDLING:
        close_if_full(model, state, agent_number)


@part
def next_duty(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> None:
    """What an agent does who is through with a contact or a break: the next break that is due, or work."""
    if agent.breaks > 0 and state.now < agent.duty_end_us:
        _take_break(model, state, agent_number, agent)
    else:
        agent.breaks = 0
        free(model, state, agent_number)


@part
def _take_break(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> None:
    first = agent_number * model.due
    length_us = whole(state.breaks, first)
    agent.breaks -= 1
    for k in range(agent.breaks):
        put_whole(state.breaks, first + k, whole(state.breaks, first + k + 1))
    _rest(model, state, agent_number, agent, length_us)


@part
def _rest(model: ModelRow, state: StateRow, agent_number: int, agent: Agent, length_us: int) -> None:
    become(model, state, agent_number, _BREAK)
    agent.break_until_us = state.now + length_us
    push(state, agent.break_until_us, _BREAK_END, agent_number)


@part
def break_end(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """A break is over, unless the agent has gone, or has begun another."""
    agent = row(state.agents, agent_number, AGENT)
    if agent.state == _BREAK and agent.break_until_us == state.now:
        next_duty(model, state, agent_number, agent)


# Through with a contact -------------------------------------------------------


@small_part
def handle_end(model: ModelRow, state: StateRow, agent_number: int, need: int) -> None:
    """An agent is through with a contact: home, break, or the next one; or on with what else is in hand."""
    place = find_hand(model, state, agent_number, need, _WRAPPING)
    if place < 0:
        return
    if model.channels:
        _end_in_seat(model, state, agent_number, place)
    else:
        _through(model, state, agent_number, row(state.agents, agent_number, AGENT), handled(model, state, place))


@part
def _end_in_seat(model: ModelRow, state: StateRow, agent_number: int, place: int) -> None:
    """The same where there is chat."""
    agent, seat = row(state.agents, agent_number, AGENT), seat_of(state, agent_number)
    if hand_at(state, place).phase == _FREE:
        _release(model, state, agent_number)
        _through(model, state, agent_number, agent, handled(model, state, place))
        return
    need = hand_at(state, place).need if hand_at(state, place).phase == _WORKING else -1
    close(model, state, agent_number)
    stay_busy(model, state, agent_number)
    finish_hand(model, state, place)
    if need >= 0:
        finish(model, state, need)
    seat.pause_us = max(seat.pause_us, handled(model, state, place))
    plan_moved(model, state, agent_number)
    _on_with_the_rest(model, state, agent_number)


@part
def _on_with_the_rest(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent goes on with what else is in hand, or is through with all: the longest pause called for follows."""
    agent, seat = row(state.agents, agent_number, AGENT), seat_of(state, agent_number)
    if seat.held > 0:
        open_again(model, state, agent_number)
        return
    pause, seat.pause_us = seat.pause_us, 0
    _through(model, state, agent_number, agent, pause)


@part
def _release(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """What took an agent whole is done; the segment in which it did ends first."""
    if model.channels:
        stay_busy(model, state, agent_number)
        let_go(state, agent_number)


@part
def consult_end(model: ModelRow, state: StateRow, agent_number: int, need: int) -> None:
    """What an agent asked has been decided; who did goes on."""
    place = find_hand(model, state, agent_number, need, _ASKING)
    if place >= 0:
        decider = decided(model, state, place)
        _release(model, state, decider)
        _through(model, state, decider, row(state.agents, decider, AGENT), _NO_PAUSE)


@part
def silent_end(model: ModelRow, state: StateRow, agent_number: int, need: int) -> None:
    """An agent finds out that nobody is in a chat, and goes on with what else is in hand."""
    place = find_hand(model, state, agent_number, need, _GONE)
    if place < 0:
        return
    close(model, state, agent_number)
    stay_busy(model, state, agent_number)
    find_out(model, state, place)
    _on_with_the_rest(model, state, agent_number)


@part
def ring_end(model: ModelRow, state: StateRow, agent_number: int, need: int) -> None:
    """Nobody has answered a call-back; the agent goes on as after a contact."""
    if find_hand(model, state, agent_number, need, _FREE) >= 0:
        hang_on_or_up(model, state, need)
        _release(model, state, agent_number)
        _through(model, state, agent_number, row(state.agents, agent_number, AGENT), _NO_PAUSE)


@small_part
def _through(model: ModelRow, state: StateRow, agent_number: int, agent: Agent, pause: int) -> None:
    """An agent goes on: home, to a break, or to the next contact."""
    team = row(state.teams, agent.group, TEAM)
    if agent.leaving:
        go(model, state, agent_number, agent.duty_end_us)
    elif (team.pending > 0 and _is_announced(model, state, agent_number, agent)) or (
        agent.tired and is_relieved(model, state, agent_number, agent)
    ):
        return
    elif pause > 0 and agent.breaks == 0 and _stays_on(model, state, agent):
        _rest(model, state, agent_number, agent, pause)
    else:
        next_duty(model, state, agent_number, agent)


@part
def _is_announced(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> bool:
    """Whether a departure that was announced is this agent's, who then goes."""
    team, seat = row(state.teams, agent.group, TEAM), seat_of(state, agent_number)
    if whole(model.several, agent.group):
        if seat.named > 0:
            go(model, state, agent_number, seat.named_us)
            return True
        return False
    announced_us = whole(state.pending, place_of(model, agent.group, team.pending_first))
    team.pending_first = (team.pending_first + 1) % (model.team + 1)
    team.pending -= 1
    go(model, state, agent_number, announced_us)
    return True


@part
def _stays_on(model: ModelRow, state: StateRow, agent: Agent) -> bool:
    """Whether duty goes on, so that a pause makes sense."""
    return bool(not state.closed if whole(model.counted, agent.group) else state.now < agent.duty_end_us)
