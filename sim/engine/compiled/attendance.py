"""Agents come on duty and go home, whatever brings or sends them."""

from typing import Any

from sim.demand.horizon import DAY_US
from sim.engine.compiled.floor import free
from sim.engine.compiled.lists import join_list
from sim.engine.compiled.memory import row
from sim.engine.compiled.segments import become
from sim.engine.compiled.state import AGENT, LINE, TEAM
from sim.engine.compiled.supervisor_queue import nobody_comes
from sim.engine.records import DUTY
from sim.jit import constant, part

_OFF, _DAY_US = constant(0), DAY_US


@part
def come_on(m: Any, s: Any, a: int) -> None:
    """An agent comes on duty, and takes the next contact or is idle."""
    agent = row(s.agents, a, AGENT)
    agent.called_us = agent.spell_us = s.now
    agent.leaving, agent.kept, agent.tired, agent.breaks = False, False, False, 0
    row(s.teams, agent.group, TEAM).on += 1
    free(m, s, a, agent)


@part
def go(m: Any, s: Any, a: int, duty_end_us: int) -> None:
    """An agent goes home now; duty was to end at `duty_end_us`."""
    agent = row(s.agents, a, AGENT)
    become(s, a, agent, _OFF, m.fatigue.recover_off)
    write_duty(s, a, agent.group, agent.spell_us, duty_end_us, agent.fatigue)
    agent.leaving, agent.kept = False, False
    row(s.teams, agent.group, TEAM).on -= 1
    join_list(s, row(s.off, agent.group, LINE), a)
    if agent.group == m.supervisor.group and row(s.teams, agent.group, TEAM).on == 0:
        nobody_comes(m, s)


@part
def write_duty(s: Any, a: int, group: int, start_us: int, end_us: int, fatigue: float) -> None:
    """A spell of duty ends now; `end_us` is when it should have."""
    if s.n_duties >= s.duties_room:
        s.full = 1
        return
    duty = row(s.duties, s.n_duties, DUTY)
    duty.agent, duty.group, duty.day, duty.start_us = a, group, start_us // _DAY_US, start_us
    duty.end_us, duty.left_us, duty.fatigue_left = end_us, s.now, fatigue
    s.n_duties += 1
