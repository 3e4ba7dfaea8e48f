"""Agents expected to quit in the days measured, from how tired each of them is on average."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import HOUR_US
from sim.engine.records import AgentState
from sim.jit import apart, borrowing
from sim.measures.batch import Counts
from sim.measures.clock import fatigue_integral, level_after
from sim.measures.counts import Count
from sim.measures.grid import Grid
from sim.mechanisms.attrition import quit_hazard

Rows = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

_BUSY, _LEAVERS = int(AgentState.HANDLING), int(Count.LEAVERS)


@apart
def add_leavers(segments: Rows, agents: Rows, grid: Grid, on_us: Ints, tired_us: Ints, out: Counts) -> None:
    """Count them by group and in all.

    Parameters
    ----------
    agents : dtype `sim.engine.records.CREW`.
    on_us, tired_us : (agents,) zeros; time on duty in the days measured, and the integral of fatigue over it.
    """
    for s in range(segments.size):
        _add_spell(segments[s], grid, on_us, tired_us)
    for a in range(agents.size):
        if on_us[a] > 0:
            agent = agents[a]
            weeks = on_us[a] / grid.on_phones[agent["group"]] / grid.week_us
            tired = tired_us[a] / on_us[a]
            leaving = weeks * quit_hazard(grid.quitting, tired, agent["tenure_s"], agent["uses"] == 1)
            out.group[agent["group"], _LEAVERS] += leaving
            out.overall[0, _LEAVERS] += leaving


@borrowing
def _add_spell(row: Any, grid: Grid, on_us: Ints, tired_us: Ints) -> None:
    edges = grid.pieces.edges
    start, end = max(row["start_us"], edges[0]), min(row["end_us"], edges[edges.size - 2])
    if start >= end:
        return
    busy = row["state"] == _BUSY
    at_start = level_after(row["fatigue"], row["rate"], busy, (start - row["start_us"]) / HOUR_US)
    spent = fatigue_integral(at_start, row["rate"], busy, (end - start) / HOUR_US)
    on_us[row["agent"]] += end - start
    tired_us[row["agent"]] += int(np.floor(spent * HOUR_US + 0.5))
