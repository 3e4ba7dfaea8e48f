"""The event loop: one replication, from the first arrival to the last."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.customer import arrive, bot_end, give_up
from sim.engine.compiled.heap import clear, fill_hole
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.memory import put_real, real, row, whole
from sim.engine.compiled.shifts import break_end, consulted, end_drain, handled, happen
from sim.engine.compiled.state import AGENT, EVENT, LINE, TEAM
from sim.engine.compiled.supervisor_queue import talk_end
from sim.engine.order import Event
from sim.engine.plan import PLANNED
from sim.jit import compiled, constant, small_part

Rows = npt.NDArray[Any]

_BREAK_END, _HANDLE_END, _BOT_END = constant(Event.BREAK_END), constant(Event.HANDLE_END), constant(Event.BOT_END)
_ARRIVAL, _PATIENCE_END = constant(Event.ARRIVAL), constant(Event.PATIENCE_END)
_TALK_END, _CONSULT_END = constant(Event.TALK_END), constant(Event.CONSULT_END)
_NEVER = 1 << 62
_WHO = (1 << 32) - 1


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
    s.k0, s.k1, s.n_needs, s.n_plan = k0, k1, needs, planned
    _reset(m, s)
    while not s.full:
        code = _take_next(s)
        if code < 0:
            break
        _happen(m, s, code >> 32, code & _WHO)
        if s.draining and s.waiting == 0 and s.coming == 0:
            end_drain(m, s)
    return bool(not s.full)


@small_part
def _happen(m: Any, s: Any, kind: int, who: int) -> None:
    if kind == _HANDLE_END:
        handled(m, s, who)
    elif kind == _ARRIVAL:
        arrive(m, s, who)
    elif kind == _PATIENCE_END:
        give_up(m, s, who)
    elif kind == _BOT_END:
        bot_end(m, s, who)
    elif kind == _BREAK_END:
        break_end(m, s, who)
    elif kind == _TALK_END:
        talk_end(m, s, who)
    elif kind == _CONSULT_END:
        consulted(m, s, who)
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
def _reset(m: Any, s: Any) -> None:
    """The hour before the first event: everybody off duty, every line empty."""
    s.now, s.born, s.planned, s.extra, s.n_segments, s.n_duties = 0, 0, 0, 0, 0, 0
    s.waiting, s.coming, s.closed, s.closed_at, s.draining, s.full = 0, 0, True, -1, False, 0
    clear(s)
    _empty(row(s.desk, 0, LINE))
    for k in range(m.n_means):
        put_real(s.running, k, real(m.pace_start, k))
    for intent in range(m.n_intents):
        _empty(row(s.lines, intent, LINE))
    for group in range(m.n_groups):
        team = row(s.teams, group, TEAM)
        team.on, team.pending_first, team.pending = 0, 0, 0
        _empty(row(s.idle, group, LINE))
        _empty(row(s.off, group, LINE))
    for a in range(m.n_agents):
        _send_off(s, a, whole(m.group_of, a))


@small_part
def _empty(line: Any) -> None:
    line.first, line.last = -1, -1


@small_part
def _send_off(s: Any, a: int, group: int) -> None:
    agent = row(s.agents, a, AGENT)
    agent.group, agent.state, agent.since_us, agent.fatigue, agent.rate = group, 0, -1, 0.0, 0.0
    agent.called_us, agent.spell_us, agent.duty_end_us, agent.break_until_us = -1, -1, -1, -1
    agent.leaving, agent.kept, agent.tired, agent.breaks, agent.row = False, False, False, 0, 0
    join_list(s, row(s.off, group, LINE), a)


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
