"""The rules as Python calls them: on the one row of a model and of a state, at a moment (us), by numbers of rows.

The compiled engine calls the rules themselves. A call from Python costs about a microsecond.
"""

import math
from typing import Any

import numpy.typing as npt

from sim.engine.memory import row
from sim.engine.records import CONTACT
from sim.engine.rows import AGENT, PERSON, TO_BE_CALLED
from sim.engine.rules.backlog import is_begun as _is_begun
from sim.engine.rules.backlog import may_put_aside as _may_put_aside
from sim.engine.rules.backlog import put_aside as _put_aside
from sim.engine.rules.bot import arrive as _arrive
from sim.engine.rules.bot import end_session as _end_session
from sim.engine.rules.callback import accepts_call as _accepts_call
from sim.engine.rules.callback import become_ghost as _become_ghost
from sim.engine.rules.callback import expires_now as _expires_now
from sim.engine.rules.callback import find_out as _find_out
from sim.engine.rules.callback import is_given_up as _is_given_up
from sim.engine.rules.callback import leaves_silently as _leaves_silently
from sim.engine.rules.callback import picks_up as _picks_up
from sim.engine.rules.callback import promise_call as _promise_call
from sim.engine.rules.callback import ring as _ring
from sim.engine.rules.callback import take_ghost as _take_ghost
from sim.engine.rules.hands import begin_asking as _begin_asking
from sim.engine.rules.hands import begin_wrapping as _begin_wrapping
from sim.engine.rules.hands import find_hand as _find_hand
from sim.engine.rules.hands import finish_hand as _finish_hand
from sim.engine.rules.hands import hand_at as _hand_at
from sim.engine.rules.hands import has_room as _has_room
from sim.engine.rules.hands import let_go as _let_go
from sim.engine.rules.hands import next_moved as _next_moved
from sim.engine.rules.people import balks as _balks
from sim.engine.rules.people import begin_segment as _begin_segment
from sim.engine.rules.people import begin_waiting as _begin_waiting
from sim.engine.rules.people import fatigue_now as _fatigue_now
from sim.engine.rules.people import leave_queue as _leave_queue
from sim.engine.rules.people import reset as _reset
from sim.engine.rules.people import write_duty as _write_duty
from sim.engine.rules.returns import conclude as _conclude
from sim.engine.rules.service import ask as _ask
from sim.engine.rules.service import consult as _consult
from sim.engine.rules.service import decide as _decide
from sim.engine.rules.service import deciders as _deciders
from sim.engine.rules.service import handled as _handled
from sim.engine.rules.service import join as _join
from sim.engine.rules.service import resume as _resume
from sim.engine.rules.service import serve as _serve
from sim.jit import compiled, constant

Rows = npt.NDArray[Any]
_TO_BE_CALLED = constant(TO_BE_CALLED)


@compiled
def reset(model: Rows, state: Rows, k0: int, k1: int, needs: int, planned: int) -> None:
    """The hour before the first event; the parameters are those of `sim.engine.compiled.loop.play`."""
    _reset(model[0], state[0], k0, k1, needs, planned)


# Customers --------------------------------------------------------------------


@compiled
def arrive(model: Rows, state: Rows, now: int, need: int) -> int:
    """An attempt begins; the end (us) of its bot session, or what `sim.engine.rules.bot` says instead."""
    state[0].now = now
    return _arrive(model[0], state[0], need)


@compiled
def end_session(model: Rows, state: Rows, now: int, need: int) -> bool:
    """A bot session ends; whether the customer goes on to a human."""
    state[0].now = now
    person = row(state[0].people, need, PERSON)
    return _end_session(model[0], state[0], person, row(state[0].contacts, person.row, CONTACT))


@compiled
def join(model: Rows, state: Rows, now: int, need: int) -> int:
    """A customer joins the queue; the skill asked for."""
    state[0].now = now
    return _join(model[0], state[0], need)


@compiled
def balks(model: Rows, state: Rows, need: int) -> bool:
    """Whether a customer who would have to wait leaves at once."""
    return _balks(model[0], state[0], row(state[0].people, need, PERSON))


@compiled
def begin_waiting(model: Rows, state: Rows, need: int) -> int:
    """A customer joins a line; when (us) patience ends, or -1 where it never does."""
    person = row(state[0].people, need, PERSON)
    ends = _begin_waiting(model[0], state[0], person, row(state[0].contacts, person.row, CONTACT))
    return person.gives_up_us if ends else -1


@compiled
def leave_queue(model: Rows, state: Rows, now: int, need: int, outcome: int) -> None:
    """A customer stops waiting, with such an outcome."""
    state[0].now = now
    person = row(state[0].people, need, PERSON)
    _leave_queue(model[0], state[0], person, row(state[0].contacts, person.row, CONTACT), outcome)


@compiled
def leaves_silently(model: Rows, state: Rows, need: int) -> bool:
    """Whether somebody who gives up on a chat says nothing."""
    return _leaves_silently(model[0], state[0], row(state[0].people, need, PERSON))


@compiled
def become_ghost(state: Rows, need: int) -> int:
    """The number of who holds the place of one who has left; -1 where there is no room."""
    return _become_ghost(state[0], need)


@compiled
def accepts_call(model: Rows, state: Rows, now: int, need: int, ahead: int, agents: int) -> int:
    """Whether a customer is offered a call-back, and accepts: until when (us) it is called, or -1."""
    state[0].now = now
    person = row(state[0].people, need, PERSON)
    if not _accepts_call(model[0], state[0], person, ahead, agents):
        return -1
    return _promise_call(model[0], state[0], person)


@compiled
def picks_up(model: Rows, state: Rows, need: int) -> bool:
    """Whether a customer who is called now answers."""
    return _picks_up(model[0], state[0], row(state[0].people, need, PERSON))


@compiled
def ring(model: Rows, state: Rows, now: int, agent: int, need: int) -> int:
    """An agent rings somebody who does not answer; until when (us)."""
    state[0].now = now
    return _ring(model[0], state[0], agent, row(state[0].people, need, PERSON), need)


@compiled
def next_call(model: Rows, state: Rows, now: int, need: int) -> int:
    """Nobody has answered; when (us) the customer is called again, or -1."""
    state[0].now = now
    person = row(state[0].people, need, PERSON)
    return -1 if _is_given_up(model[0], state[0], person) else person.gives_up_us


@compiled
def line_up_again(state: Rows, need: int) -> None:
    """A customer is to be called once more, from the old place in the line."""
    row(state[0].people, need, PERSON).calls = _TO_BE_CALLED


@compiled
def expires_now(model: Rows, state: Rows, now: int, need: int) -> bool:
    """Whether the promise to call somebody ends now."""
    state[0].now = now
    return _expires_now(model[0], state[0], row(state[0].people, need, PERSON))


@compiled
def is_begun(model: Rows, state: Rows, need: int) -> bool:
    """Whether somebody has worked on an item before."""
    return _is_begun(state[0], row(state[0].people, need, PERSON))


@compiled
def conclude(model: Rows, state: Rows, now: int, need: int) -> int:
    """An attempt has ended for the customer; when (us) the next begins, or -1."""
    state[0].now = now
    return _conclude(model[0], state[0], need)


# Agents -----------------------------------------------------------------------


@compiled
def begin_segment(model: Rows, state: Rows, now: int, agent: int, new: int) -> None:
    """An agent's next segment begins; `new` is an `AgentState`, or 0 off duty."""
    state[0].now = now
    _begin_segment(model[0], state[0], agent, row(state[0].agents, agent, AGENT), new)


@compiled
def write_duty(state: Rows, now: int, agent: int, group: int, start_us: int, end_us: int) -> None:
    """A spell of duty ends; of agent -1, who is nobody, none knows how tired."""
    state[0].now = now
    fatigue = _fatigue_now(state[0], row(state[0].agents, agent, AGENT)) if agent >= 0 else math.nan
    _write_duty(state[0], agent, group, start_us, end_us, fatigue)


@compiled
def serve(model: Rows, state: Rows, need: int, agent: int) -> tuple[bool, int]:
    """An agent has taken a contact; whether somebody else has to decide, and when (us) what is done now ends.

    The ends of what goes on step by step are those that `next_moved` finds.
    """
    return _serve(model[0], state[0], need, agent), _hand_at(state[0], agent).ends_us


@compiled
def resume(model: Rows, state: Rows, now: int, need: int, agent: int) -> None:
    """An agent goes on with an item that was put aside."""
    state[0].now = now
    _resume(model[0], state[0], need, agent)


@compiled
def find_hand(model: Rows, state: Rows, now: int, agent: int, need: int, phase: int) -> int:
    """The place of a need among the contacts in hand, for a phase that ends now; -1 where the event is stale."""
    state[0].now = now
    return _find_hand(model[0], state[0], agent, need, phase)


@compiled
def next_moved(model: Rows, state: Rows, agent: int) -> int:
    """The place of a contact in hand whose end has moved, which from now on counts as planned; -1 if there is none."""
    return _next_moved(model[0], state[0], agent)


@compiled
def begin_wrapping(model: Rows, state: Rows, now: int, place: int) -> None:
    """A chat's talk has ended, and its wrap-up begins."""
    state[0].now = now
    _begin_wrapping(model[0], state[0], place)


@compiled
def begin_asking(model: Rows, state: Rows, now: int, place: int) -> None:
    """A chat's talk has ended, and it stands still until somebody else has decided."""
    state[0].now = now
    _begin_asking(model[0], state[0], place)


@compiled
def finish_hand(model: Rows, state: Rows, now: int, place: int) -> None:
    """A chat is done with: its place is free."""
    state[0].now = now
    _finish_hand(model[0], state[0], place)


@compiled
def take_ghost(model: Rows, state: Rows, now: int, node: int, agent: int, group: int) -> None:
    """An agent takes a chat that nobody is in."""
    state[0].now = now
    _take_ghost(model[0], state[0], node, agent, group)


@compiled
def find_out(model: Rows, state: Rows, now: int, place: int) -> None:
    """An agent finds out that nobody is there."""
    state[0].now = now
    _find_out(model[0], state[0], place)


@compiled
def may_put_aside(model: Rows, state: Rows, agent: int) -> bool:
    """Whether what an agent has in hand is an item that may be put aside now."""
    return _may_put_aside(model[0], state[0], agent)


@compiled
def put_aside(model: Rows, state: Rows, now: int, agent: int) -> int:
    """An agent puts its item aside; whose it is."""
    state[0].now = now
    return _put_aside(model[0], state[0], agent)


@compiled
def has_room(state: Rows, agent: int) -> bool:
    """Whether a chat fits in beside what an agent has in hand."""
    return _has_room(state[0], agent)


@compiled
def let_go(state: Rows, agent: int) -> None:
    """What took the whole agent is done."""
    _let_go(state[0], agent)


@compiled
def handled(model: Rows, state: Rows, now: int, place: int) -> int:
    """An agent is through with a contact in hand; the pause (us) that it calls for."""
    state[0].now = now
    return _handled(model[0], state[0], place)


@compiled
def deciders(model: Rows) -> int:
    """The group that decides for others; -1 where nobody asks."""
    return _deciders(model[0])


@compiled
def ask(state: Rows, now: int, place: int) -> None:
    """A contact waits from now on for somebody who decides."""
    state[0].now = now
    _ask(state[0], place)


@compiled
def consult(model: Rows, state: Rows, now: int, place: int, decider: int) -> int:
    """Somebody turns to what an agent has asked; when (us) it is decided."""
    state[0].now = now
    return _consult(model[0], state[0], place, decider)


@compiled
def decide(model: Rows, state: Rows, now: int, place: int) -> None:
    """What an agent asked has been decided: wrap-up begins."""
    state[0].now = now
    _decide(model[0], state[0], place)
