"""The event loop: one replication, from the first arrival to the last."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.customer import arrival, bot_end, callback_due, callback_expires, give_up, overflow
from sim.engine.compiled.events import clear, take_next
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.shifts import break_end, consult_end, end_drain, handle_end, happen, ring_end, silent_end
from sim.engine.compiled.supervisor_queue import talk_end
from sim.engine.memory import knowing, row, whole
from sim.engine.model import BY_PHONE, CompiledModel
from sim.engine.plan import PLANNED
from sim.engine.records import Event
from sim.engine.rows import LINE, TEAM, Line, ModelRow, StateRow
from sim.engine.rules.people import reset
from sim.engine.state import State
from sim.jit import compiled, constant, part, small_part

Rows = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

_BREAK_END, _HANDLE_END, _BOT_END = constant(Event.BREAK_END), constant(Event.HANDLE_END), constant(Event.BOT_END)
_ARRIVAL, _PATIENCE_END = constant(Event.ARRIVAL), constant(Event.PATIENCE_END)
_TALK_END, _CONSULT_END = constant(Event.TALK_END), constant(Event.CONSULT_END)
_RING_END, _SILENT_END = constant(Event.RING_END), constant(Event.SILENT_END)
_OVERFLOW_DUE, _CALLBACK_DUE = constant(Event.OVERFLOW_DUE), constant(Event.CALLBACK_DUE)
_by_phone = knowing(BY_PHONE)
_WHO, _NEED = (1 << 56) - 1, (1 << 32) - 1


def run_compiled(model: CompiledModel, state: State, key: tuple[int, int], needs: int, planned: int) -> bool:
    """Simulate one replication; the parameters are those of `sim.engine.simpy.run_simpy`."""
    player = play_by_phone if model.by_phone else play
    return player(model.record, state.record, *key, needs, planned)


@compiled
def play(model: Rows, state: Rows, k0: int, k1: int, needs: int, planned: int) -> bool:
    """Play one replication. False if some room was too small: then enlarge it and start again.

    Parameters
    ----------
    model : (1,) dtype `MODEL`; state : (1,) dtype `STATE`, whose calls and plan are drawn.
    k0, k1 : the replication's key words.
    needs, planned : how many first arrivals there are, and events of the plan.
    """
    return _play(model[0], state[0], k0, k1, needs, planned)


@compiled
def play_by_phone(model: Rows, state: Rows, k0: int, k1: int, needs: int, planned: int) -> bool:
    """Play one replication of a scenario in which nothing goes beyond a telephone line; nobody pays for the rest."""
    return _play(_by_phone(model[0]), state[0], k0, k1, needs, planned)


@small_part
def _play(model: ModelRow, state: StateRow, k0: int, k1: int, needs: int, planned: int) -> bool:
    reset(model, state, k0, k1, needs, planned)
    _empty_lists(model, state)
    while not state.full:
        code = take_next(state)
        if code < 0:
            break
        _happen(model, state, code >> 56, code & _WHO)
        if state.draining and state.waiting == 0 and state.inbound == 0:
            end_drain(model, state)
    return bool(not state.full)


@small_part
def _happen(model: ModelRow, state: StateRow, kind: int, who: int) -> None:
    if kind == _HANDLE_END:
        handle_end(model, state, who >> 32, who & _NEED)
    elif kind == _ARRIVAL:
        arrival(model, state, who)
    elif kind == _PATIENCE_END:
        give_up(model, state, who)
    elif kind == _BOT_END:
        bot_end(model, state, who)
    elif kind == _BREAK_END:
        break_end(model, state, who)
    elif kind == _TALK_END:
        talk_end(model, state, who >> 32, who & _NEED)
    elif kind == _CONSULT_END:
        consult_end(model, state, who >> 32, who & _NEED)
    elif kind > _CONSULT_END:
        _happen_beside(model, state, kind, who)
    else:
        happen(model, state, kind, who, row(state.plan, state.planned - 1, PLANNED).value)


@part
def _happen_beside(model: ModelRow, state: StateRow, kind: int, who: int) -> None:
    """What happens only where there is more than a telephone line."""
    if kind == _SILENT_END:
        silent_end(model, state, who >> 32, who & _NEED)
    elif kind == _OVERFLOW_DUE:
        overflow(model, state, who)
    elif kind == _RING_END:
        ring_end(model, state, who >> 32, who & _NEED)
    elif kind == _CALLBACK_DUE:
        callback_due(model, state, who)
    else:
        callback_expires(model, state, who)


@small_part
def _empty_lists(model: ModelRow, state: StateRow) -> None:
    """No event to come, nobody in a line, everybody off duty."""
    clear(state)
    _empty(row(state.askers, 0, LINE))
    _empty(row(state.between, 0, LINE))
    for line in range(2 * model.n_intents):
        _empty(row(state.lines, line, LINE))
    for group in range(model.n_groups):
        team = row(state.teams, group, TEAM)
        team.on, team.pending_first, team.pending, team.named = 0, 0, 0, 0
        for level in range(model.levels):
            _empty(row(state.idle, group * model.levels + level, LINE))
        _empty(row(state.off, group, LINE))
        for agent_number in range(whole(model.first, group), whole(model.first, group + 1)):
            join_list(state, row(state.off, group, LINE), agent_number)


@small_part
def _empty(line: Line) -> None:
    line.first, line.last = -1, -1


@compiled
def put_in_order(contacts: Rows, needs: Rows, order: Ints) -> None:
    """Put the rows of contacts into canonical order: by need, then attempt; first attempts lie in it, in front.

    Parameters
    ----------
    order : (contacts,) room for the numbers of the rows.
    """
    begins = np.empty(needs.size, np.int64)
    place = 0
    for need in range(needs.size):
        begins[need], order[place] = place, need
        place += needs[need].attempts
    for k in range(needs.size, contacts.size):
        contact = contacts[k]
        order[begins[contact.need] + contact.attempt - 1] = k
