"""A customer's attempt: arrival, the end of a bot session, the queue, the end of patience, call-backs."""

from sim.demand.horizon import DAY_US
from sim.engine.compiled.events import push
from sim.engine.compiled.floor import (
    disconnect,
    finish,
    is_taken_by_interrupting,
    line_up,
    offer_item,
    plan_overflow,
    quit_queue,
    refuses,
    serve,
    skill_of,
    wait,
)
from sim.engine.compiled.lists import join_line, leave_line
from sim.engine.compiled.routing import idle_agent
from sim.engine.memory import row, whole
from sim.engine.records import CONTACT, AgentState, Cause, Event, Outcome
from sim.engine.rows import AGENT, BETWEEN_CALLS, LINE, NOT_CALLED, PERSON, TEAM, TO_BE_CALLED, ModelRow, StateRow
from sim.engine.rules.backlog import is_deferred
from sim.engine.rules.bot import NO_SESSION, TURNED_AWAY, arrive, end_session
from sim.engine.rules.callback import (
    accepts_call,
    become_ghost,
    expires_now,
    is_given_up,
    leaves_silently,
    promise_call,
)
from sim.engine.rules.people import balks
from sim.engine.rules.service import join
from sim.jit import constant, part, small_part

_BOT_END, _CALLBACK_DUE = constant(Event.BOT_END), constant(Event.CALLBACK_DUE)
_CALLBACK_EXPIRES, _TRANSFER = constant(Event.CALLBACK_EXPIRES), constant(Cause.TRANSFER)
_ABANDONED, _BALKED, _BLOCKED = constant(Outcome.ABANDONED), constant(Outcome.BALKED), constant(Outcome.BLOCKED)
_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_NOT_CALLED, _TO_BE_CALLED, _BETWEEN = constant(NOT_CALLED), constant(TO_BE_CALLED), constant(BETWEEN_CALLS)
_NO_SESSION, _TURNED_AWAY, _DAY_US = NO_SESSION, TURNED_AWAY, DAY_US


@part
def arrival(model: ModelRow, state: StateRow, need: int) -> None:
    """A first or a returning customer arrives: to the bot, or straight to the queue."""
    ends_us = arrive(model, state, need)
    if ends_us >= 0:
        push(state, ends_us, _BOT_END, need)
    elif ends_us == _NO_SESSION:
        _enter(model, state, need)
    elif ends_us == _TURNED_AWAY:
        finish(model, state, need)


@small_part
def bot_end(model: ModelRow, state: StateRow, need: int) -> None:
    """A session ends: the need is resolved, or the customer believes so, has left, or wants a human now."""
    person = row(state.people, need, PERSON)
    if end_session(model, state, person, row(state.contacts, person.row, CONTACT)):
        _enter(model, state, need)
    else:
        finish(model, state, need)


@part
def _enter(model: ModelRow, state: StateRow, need: int) -> None:
    """A customer joins the human queue: to an agent at once, to the line, or away."""
    skill = join(model, state, need)
    person = row(state.people, need, PERSON)
    if is_deferred(model, person.intent):
        wait(model, state, need)
        offer_item(model, state, need)
        return
    if refuses(model, state, skill):
        disconnect(model, state, need)
        return
    agent_number = idle_agent(model, state, need, skill)
    if agent_number >= 0:
        serve(model, state, need, agent_number)
        return
    if is_taken_by_interrupting(model, state, need, skill):
        return
    if model.limits and whole(state.in_line, skill) >= whole(model.limit, skill) and person.cause != _TRANSFER:
        quit_queue(model, state, need, _BLOCKED)
        finish(model, state, need)
    elif balks(model, state, person):
        quit_queue(model, state, need, _BALKED)
        finish(model, state, need)
    elif model.calls_back and _hangs_up(model, state, need, skill):
        return
    else:
        wait(model, state, need)


@small_part
def give_up(model: ModelRow, state: StateRow, need: int) -> None:
    """Patience ends; nothing to one who no longer waits, or waits again and longer."""
    person = row(state.people, need, PERSON)
    if person.waits and person.calls == _NOT_CALLED and person.gives_up_us == state.now:
        silent = model.channels and not state.closed and leaves_silently(model, state, person)
        quit_queue(model, state, need, _ABANDONED)
        if silent:
            _leave_a_ghost(model, state, need)
        finish(model, state, need)


@part
def _leave_a_ghost(model: ModelRow, state: StateRow, need: int) -> None:
    ghost = become_ghost(state, need)
    if ghost >= 0:
        line_up(model, state, ghost)


@part
def overflow(model: ModelRow, state: StateRow, need: int) -> None:
    """A group that helps out takes a look at a contact that still waits."""
    person = row(state.people, need, PERSON)
    if not person.waits:
        return
    if is_deferred(model, person.intent):
        offer_item(model, state, need)
        return
    agent_number = idle_agent(model, state, need, skill_of(model, person))
    if agent_number >= 0:
        serve(model, state, need, agent_number)
    else:
        is_taken_by_interrupting(model, state, need, skill_of(model, person))


# Call-backs -------------------------------------------------------------------


@part
def _hangs_up(model: ModelRow, state: StateRow, need: int, skill: int) -> bool:
    """Whether a customer accepts to be called back, and so waits without being there."""
    person = row(state.people, need, PERSON)
    agents = _serving(model, state, skill)
    if not accepts_call(model, state, person, whole(state.in_line, skill), agents):
        return False
    push(state, promise_call(model, state, person), _CALLBACK_EXPIRES, need)
    line_up(model, state, need)
    if model.overflows:
        plan_overflow(model, state, need, skill)
    return True


@part
def _serving(model: ModelRow, state: StateRow, skill: int) -> int:
    """Agents on duty who have a skill, but for those on a break and those who leave."""
    serving = 0
    for group in range(model.n_groups):
        if whole(model.preference, group * model.n_skills + skill) > 0:
            for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
                agent = row(state.agents, agent_number, AGENT)
                serving += (agent.state == _AVAILABLE or agent.state == _HANDLING) and not agent.leaving
            serving -= row(state.teams, group, TEAM).pending
    return serving


@part
def hang_on_or_up(model: ModelRow, state: StateRow, need: int) -> None:
    """Nobody has answered: the customer is called again later, or no more."""
    person = row(state.people, need, PERSON)
    if is_given_up(model, state, person):
        quit_queue(model, state, need, _ABANDONED)
        finish(model, state, need)
    else:
        join_line(state, row(state.between, 0, LINE), need)
        push(state, person.gives_up_us, _CALLBACK_DUE, need)


@part
def callback_due(model: ModelRow, state: StateRow, need: int) -> None:
    """Somebody is to be called again: by who is idle, or from the old place in the line; the next day after close."""
    person = row(state.people, need, PERSON)
    if person.calls != _BETWEEN or person.gives_up_us != state.now:
        return
    if state.closed:
        day = state.now // _DAY_US
        while day < model.n_days and whole(model.open_us, day) <= state.now:
            day += 1
        if day < model.n_days:
            person.gives_up_us = whole(model.open_us, day)
            push(state, person.gives_up_us, _CALLBACK_DUE, need)
        return
    leave_line(state, row(state.between, 0, LINE), person)
    person.calls, skill = _TO_BE_CALLED, skill_of(model, person)
    agent_number = idle_agent(model, state, need, skill)
    if agent_number >= 0:
        serve(model, state, need, agent_number)
    elif not is_taken_by_interrupting(model, state, need, skill):
        person.waits = True
        line_up(model, state, need)


@part
def callback_expires(model: ModelRow, state: StateRow, need: int) -> None:
    """Nobody calls any more."""
    person = row(state.people, need, PERSON)
    if expires_now(model, state, person):
        drop_call(model, state, need, _ABANDONED)


@part
def drop_call(model: ModelRow, state: StateRow, need: int, outcome: int) -> None:
    """A customer who is in the line, or between calls, will not be called back."""
    person = row(state.people, need, PERSON)
    if person.calls == _BETWEEN:
        leave_line(state, row(state.between, 0, LINE), person)
    quit_queue(model, state, need, outcome)
    finish(model, state, need)
