"""The event loop: one replication, from the first arrival to the last."""

import numpy as np
import numpy.typing as npt

from sim.engine.compiled.customer import LEFT, arrive, bot_end, conclude, give_up, join
from sim.engine.compiled.duty import break_end, end_drain, handled, happen, refuses
from sim.engine.compiled.floor import answer
from sim.engine.compiled.heap import settle
from sim.engine.compiled.lists import line_up
from sim.engine.compiled.model import Model
from sim.engine.compiled.state import State
from sim.engine.order import Event
from sim.engine.plan import lay_out
from sim.jit import compiled, rare, woven
from sim.world.calls import draw_calls
from sim.world.luck import replication_key

_BREAK_END, _HANDLE_END, _BOT_END = int(Event.BREAK_END), int(Event.HANDLE_END), int(Event.BOT_END)
_ARRIVAL, _PATIENCE_END = int(Event.ARRIVAL), int(Event.PATIENCE_END)
_LEFT = LEFT
_NEVER = 1 << 62
_WHO = (1 << 32) - 1


@compiled
def replicate(m: Model, rates: npt.NDArray[np.float64], seed: int, replication: int, s: State) -> bool:
    """Simulate one replication. False if some room was too small: then enlarge it and start again.

    Parameters
    ----------
    m : the scenario.
    rates : (intents, days, intervals) expected counts after busyness.
    seed, replication : name the luck.
    s : room; afterwards `people`, the records and `v` hold what happened.
    """
    k0, k1 = replication_key(seed, replication)
    needs = draw_calls(m.volumes, rates, k0, k1, s.calls)
    if needs < 0:
        return False
    _reset(m, s, k0, k1, needs)
    s.v[0].plan = lay_out(m.roster, k0, k1, s.plan, s.present)
    _play(m, s)
    if s.v[0].full:
        return False
    if s.v[0].extra > 0:
        _put_in_order(s)
    return True


@rare
def _reset(m: Model, s: State, k0: int, k1: int, needs: int) -> None:
    v = s.v[0]
    v.k0, v.k1, v.now, v.heap, v.hole, v.needs, v.born, v.planned = k0, k1, 0, 0, 0, needs, 0, 0
    v.extra, v.segments, v.duties, v.matched, v.waiting, v.in_bot = 0, 0, 0, 0, 0, 0
    v.closed, v.closed_at, v.draining, v.full = True, -1, False, 0
    for k in range(s.running.size):
        s.running[k] = m.pace_start[k]
    for i in range(s.lines.size):
        s.lines[i].first, s.lines[i].last = -1, -1
    for g in range(s.teams.size):
        s.teams[g].on, s.teams[g].pending_first, s.teams[g].pending = 0, 0, 0
        s.idle[g].first, s.idle[g].last, s.off[g].first, s.off[g].last = -1, -1, -1, -1
    for a in range(s.agents.size):
        agent = s.agents[a]
        agent.state, agent.since_us, agent.fatigue, agent.rate = 0, -1, 0.0, 0.0
        agent.called_us, agent.spell_us, agent.duty_end_us, agent.break_until_us = -1, -1, -1, -1
        agent.leaving, agent.kept, agent.breaks, agent.row = False, False, 0, -1
        agent.group = m.roster.group_of[a]
        line_up(s, s.off[agent.group], a)


@woven
def _take_next(s: State) -> int:
    """The next event of all that are planned: the clock moves to it; kind << 32 | who, or -1."""
    v = s.v[0]
    settle(s)
    time_us, code, source = _NEVER, -1, 0
    if v.heap > 0:
        time_us, code, source = s.heap[0].time_us, s.heap[0].code, 1
    if v.born < v.needs:
        arrival = s.calls.time[v.born]
        if arrival < time_us or (arrival == time_us and (_ARRIVAL << 32 | v.born) < code):
            time_us, code, source = arrival, _ARRIVAL << 32 | v.born, 2
    if v.planned < v.plan:
        row = s.plan[v.planned]
        if row.time_us < time_us or (row.time_us == time_us and (row.kind << 32 | row.who) < code):
            time_us, code, source = row.time_us, row.kind << 32 | row.who, 3
    v.hole = source == 1
    v.planned += source == 3
    v.now = time_us
    return code


@rare
def _play(m: Model, s: State) -> None:
    """Everything that happens, in order. Who is served, and whose attempt has ended, is settled in one place."""
    v = s.v[0]
    while not v.full:
        code = _take_next(s)
        if code < 0:
            break
        kind, who = code >> 32, code & _WHO
        joins, agent, served, ended = False, -1, -1, -1
        if kind == _HANDLE_END:
            served, agent = handled(m, s, who), who
        elif kind == _ARRIVAL:
            joins = arrive(m, s, who)
        elif kind == _PATIENCE_END:
            ended = who if give_up(m, s, who) else -1
        elif kind == _BOT_END:
            joins = bot_end(m, s, who)
            ended = -1 if joins else who
        elif kind == _BREAK_END:
            break_end(m, s, who)
        else:
            happen(m, s, kind, who, s.plan[v.planned - 1].value)
        if joins:
            agent = join(m, s, who, v.closed and refuses(m, s, m.intents[s.people[who].intent].skill))
            served, ended = (who if agent >= 0 else -1), (who if agent == _LEFT else -1)
        while True:
            if v.matched > 0:
                v.matched -= 1
                match = s.matches[v.matched]
                served, agent, ended = (match.person if match.agent >= 0 else -1), match.agent, match.person
            if served >= 0:
                answer(m, s, served, agent)
                ended = served
            if ended >= 0:
                conclude(m, s, ended)
            if v.matched == 0:
                break
        if v.draining and v.waiting == 0 and v.in_bot == 0:
            end_drain(m, s)


@rare
def _put_in_order(s: State) -> None:
    """Copy the contacts into canonical order: by need, then attempt."""
    v, place = s.v[0], 0
    for n in range(v.needs):
        s.offsets[n] = place
        place += s.people[n].attempts
    for row in range(v.needs + v.extra):
        contact = s.contacts[row]
        s.ordered[s.offsets[contact.need] + contact.attempt - 1] = contact
