"""The rules as Python calls them: on the one row of a model and of a state, at a moment (us), by numbers of rows.

The compiled engine calls the rules themselves. A call from Python costs about a microsecond.
"""

import math
from typing import Any

import numpy.typing as npt

from sim.engine.memory import row
from sim.engine.records import CONTACT
from sim.engine.rows import AGENT, PERSON
from sim.engine.rules.bot import arrive as _arrive
from sim.engine.rules.bot import end_session as _end_session
from sim.engine.rules.people import balks as _balks
from sim.engine.rules.people import begin_segment as _begin_segment
from sim.engine.rules.people import begin_waiting as _begin_waiting
from sim.engine.rules.people import fatigue_now as _fatigue_now
from sim.engine.rules.people import leave_queue as _leave_queue
from sim.engine.rules.people import reset as _reset
from sim.engine.rules.people import write_duty as _write_duty
from sim.engine.rules.returns import conclude as _conclude
from sim.engine.rules.service import consult as _consult
from sim.engine.rules.service import decide as _decide
from sim.engine.rules.service import deciders as _deciders
from sim.engine.rules.service import handled as _handled
from sim.engine.rules.service import in_hand as _in_hand
from sim.engine.rules.service import join as _join
from sim.engine.rules.service import serve as _serve
from sim.jit import compiled

Rows = npt.NDArray[Any]


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
def join(model: Rows, state: Rows, now: int, need: int) -> tuple[int, int]:
    """A customer joins the queue; the skill asked for, and the place in the line (us)."""
    state[0].now = now
    return _join(model[0], state[0], need), row(state[0].people, need, PERSON).rank_us


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
def conclude(model: Rows, state: Rows, need: int) -> int:
    """An attempt has ended for the customer; when (us) the next begins, or -1."""
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
    """An agent has taken a contact; whether somebody else has to decide, and when (us) what is done now ends."""
    return _serve(model[0], state[0], need, agent), _in_hand(state[0], agent).ends_us


@compiled
def is_stale(state: Rows, now: int, agent: int) -> bool:
    """Whether what an agent has in hand ends at another moment."""
    return _in_hand(state[0], agent).ends_us != now


@compiled
def handled(model: Rows, state: Rows, now: int, agent: int) -> int:
    """An agent is through with a contact; the pause (us) that it calls for."""
    state[0].now = now
    return _handled(model[0], state[0], agent)


@compiled
def deciders(model: Rows) -> int:
    """The group that decides for others; -1 where nobody asks."""
    return _deciders(model[0])


@compiled
def ask(state: Rows, now: int, agent: int) -> None:
    """An agent has talked, and now waits for somebody who decides."""
    row(state[0].agents, agent, AGENT).asked_us = now


@compiled
def consult(model: Rows, state: Rows, now: int, agent: int, decider: int) -> int:
    """Somebody turns to what an agent has asked; when (us) it is decided."""
    state[0].now = now
    return _consult(model[0], state[0], agent, decider)


@compiled
def decide(state: Rows, now: int, agent: int) -> int:
    """What an agent asked has been decided; when (us) wrap-up ends."""
    state[0].now = now
    return _decide(state[0], agent)
