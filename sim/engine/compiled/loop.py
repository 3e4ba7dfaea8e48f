"""The event loop: one replication, from the first arrival to the last."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.customer import arrival, bot_end, give_up
from sim.engine.compiled.heap import clear, fill_hole
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.shifts import break_end, consult_end, end_drain, handle_end, happen
from sim.engine.compiled.supervisor_queue import talk_end
from sim.engine.memory import row, whole
from sim.engine.model import CompiledModel
from sim.engine.order import Event
from sim.engine.plan import PLANNED
from sim.engine.rows import EVENT, LINE, TEAM
from sim.engine.rules.people import reset
from sim.engine.rules.service import in_hand
from sim.engine.state import State
from sim.jit import compiled, constant, small_part

Rows = npt.NDArray[Any]

_BREAK_END, _HANDLE_END, _BOT_END = constant(Event.BREAK_END), constant(Event.HANDLE_END), constant(Event.BOT_END)
_ARRIVAL, _PATIENCE_END = constant(Event.ARRIVAL), constant(Event.PATIENCE_END)
_TALK_END, _CONSULT_END = constant(Event.TALK_END), constant(Event.CONSULT_END)
_NEVER = 1 << 62
_WHO = (1 << 32) - 1


def run_compiled(model: CompiledModel, state: State, key: tuple[int, int], needs: int, planned: int) -> bool:
    """Simulate one replication; the parameters are those of `sim.engine.simpy.run_simpy`."""
    return play(model.record, state.record, *key, needs, planned)


@compiled
def play(model: Rows, state: Rows, k0: int, k1: int, needs: int, planned: int) -> bool:
    """Play one replication. False if some room was too small: then enlarge it and start again.

    Parameters
    ----------
    model : (1,) dtype `MODEL`; state : (1,) dtype `STATE`, whose calls and plan are drawn.
    k0, k1 : the replication's key words.
    needs, planned : how many first arrivals there are, and events of the plan.
    """
    m, s = model[0], state[0]
    reset(m, s, k0, k1, needs, planned)
    _empty_lists(m, s)
    while not s.full:
        code = _take_next(s)
        if code < 0:
            break
        _happen(m, s, code >> 32, code & _WHO)
        if s.draining and s.waiting == 0 and s.inbound == 0:
            end_drain(m, s)
    return bool(not s.full)


@small_part
def _happen(m: Any, s: Any, kind: int, who: int) -> None:
    if kind == _HANDLE_END:
        handle_end(m, s, who)
    elif kind == _ARRIVAL:
        arrival(m, s, who)
    elif kind == _PATIENCE_END:
        give_up(m, s, who)
    elif kind == _BOT_END:
        bot_end(m, s, who)
    elif kind == _BREAK_END:
        break_end(m, s, who)
    elif kind == _TALK_END:
        if in_hand(s, who).ends_us == s.now:
            talk_end(m, s, who)
    elif kind == _CONSULT_END:
        consult_end(m, s, who)
    else:
        happen(m, s, kind, who, row(s.plan, s.planned - 1, PLANNED).value)


@small_part
def _take_next(s: Any) -> int:
    """The next event of all that are to come: the clock moves to it; kind << 32 | who, or -1."""
    fill_hole(s)
    time_us, code, source = _NEVER, -1, 0
    if s.heap_size > 0:
        event = row(s.heap, 0, EVENT)
        time_us, code, source = event.time_us, event.code, 1
    if s.born < s.n_needs:
        arrival, first = whole(s.time, s.born), _ARRIVAL << 32 | s.born
        if arrival < time_us or (arrival == time_us and first < code):
            time_us, code, source = arrival, first, 2
    if s.planned < s.n_plan:
        plan = row(s.plan, s.planned, PLANNED)
        if plan.time_us < time_us or (plan.time_us == time_us and (plan.kind << 32 | plan.who) < code):
            time_us, code, source = plan.time_us, plan.kind << 32 | plan.who, 3
    s.hole = source == 1
    s.planned += source == 3
    s.now = time_us
    return code


@small_part
def _empty_lists(m: Any, s: Any) -> None:
    """No event to come, nobody in a line, everybody off duty."""
    clear(s)
    _empty(row(s.askers, 0, LINE))
    for intent in range(m.n_intents):
        _empty(row(s.lines, intent, LINE))
    for group in range(m.n_groups):
        team = row(s.teams, group, TEAM)
        team.on, team.pending_first, team.pending = 0, 0, 0
        _empty(row(s.idle, group, LINE))
        _empty(row(s.off, group, LINE))
        for a in range(whole(m.first, group), whole(m.first, group + 1)):
            join_list(s, row(s.off, group, LINE), a)


@small_part
def _empty(line: Any) -> None:
    line.first, line.last = -1, -1


@compiled
def put_in_order(contacts: Rows, ordered: Rows, needs: Rows) -> None:
    """Copy the contacts into canonical order: by need, then attempt."""
    offsets = np.empty(needs.size, np.int64)
    place = 0
    for n in range(needs.size):
        offsets[n] = place
        place += needs[n].attempts
    for k in range(contacts.size):
        contact = contacts[k]
        ordered[offsets[contact.need] + contact.attempt - 1] = contact
