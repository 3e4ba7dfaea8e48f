"""What each agent does from one moment to the next, and how tired it makes."""

from typing import Any

from sim.engine.compiled.lists import leave_list
from sim.engine.compiled.memory import row
from sim.engine.compiled.state import LINE
from sim.engine.records import SEGMENT, AgentState
from sim.jit import constant, small_part
from sim.mechanisms.fatigue import after_handling, after_recovery

_AVAILABLE, _HANDLING = constant(AgentState.AVAILABLE), constant(AgentState.HANDLING)
_HOUR_US = 3.6e9


@small_part
def fatigue_now(s: Any, agent: Any) -> float:
    """An agent's fatigue at this moment, from the start of the segment in progress."""
    if agent.rate == 0.0:
        return float(agent.fatigue)
    hours = (s.now - agent.since_us) / _HOUR_US
    if agent.state == _HANDLING:
        return after_handling(agent.fatigue, agent.rate, hours)
    return after_recovery(agent.fatigue, agent.rate, hours)


@small_part
def become(s: Any, a: int, agent: Any, state: int, rate: float) -> None:
    """Close an agent's segment in progress and begin another; fatigue is brought up to now."""
    if agent.state != 0 and s.now > agent.since_us:
        _write_segment(s, a, agent)
    if agent.state == _AVAILABLE:
        leave_list(s, row(s.idle, agent.group, LINE), agent)
    elif agent.state == 0:
        leave_list(s, row(s.off, agent.group, LINE), agent)
    agent.fatigue = fatigue_now(s, agent)
    agent.state, agent.since_us, agent.rate = state, s.now, rate


@small_part
def _write_segment(s: Any, a: int, agent: Any) -> None:
    if s.n_segments >= s.segments_room:
        s.full = 1
        return
    segment = row(s.segments, s.n_segments, SEGMENT)
    segment.agent, segment.group, segment.state = a, agent.group, agent.state
    segment.start_us, segment.end_us, segment.fatigue, segment.rate = agent.since_us, s.now, agent.fatigue, agent.rate
    s.n_segments += 1
