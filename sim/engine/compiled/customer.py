"""A customer's attempt: arrival, the end of a bot session, the queue."""

from sim.engine.compiled.floor import disconnect, finish, idle_agent, quit_queue, refuses, serve, wait
from sim.engine.compiled.heap import push
from sim.engine.memory import row
from sim.engine.records import CONTACT, Event, Outcome
from sim.engine.rows import PERSON, ModelRow, StateRow
from sim.engine.rules.bot import NO_SESSION, TURNED_AWAY, arrive, end_session
from sim.engine.rules.people import balks
from sim.engine.rules.service import join
from sim.jit import constant, part, small_part

_BOT_END = constant(Event.BOT_END)
_ABANDONED, _BALKED = constant(Outcome.ABANDONED), constant(Outcome.BALKED)
_NO_SESSION, _TURNED_AWAY = NO_SESSION, TURNED_AWAY


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
    if refuses(model, state, skill):
        disconnect(model, state, need)
        return
    agent_number = idle_agent(model, state, need, skill)
    if agent_number >= 0:
        serve(model, state, need, agent_number)
    elif balks(model, state, row(state.people, need, PERSON)):
        quit_queue(model, state, need, _BALKED)
        finish(model, state, need)
    else:
        wait(model, state, need)


@small_part
def give_up(model: ModelRow, state: StateRow, need: int) -> None:
    """Patience ends; nothing to one who no longer waits, or waits again and longer."""
    person = row(state.people, need, PERSON)
    if person.waits and person.gives_up_us == state.now:
        quit_queue(model, state, need, _ABANDONED)
        finish(model, state, need)
