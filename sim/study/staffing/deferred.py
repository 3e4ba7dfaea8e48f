"""Deferred work in a first staffing: into quiet intervals before it is due, and more agents only where they lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Intent
from sim.study.staffing.plan import Ints, StaffingProblem, interval_spans

if TYPE_CHECKING:
    from sim.study.staffing.erlang_start import OfferedLoad

Floats = npt.NDArray[np.float64]
LEAST_HOURS = 1e-6
MOST_ADDED = 100_000
Item = tuple[int, int, float]
"""The last cell before it is due, the cell in which it came, and its hours of work."""


def with_deferred(problem: StaffingProblem, load: OfferedLoad, counts: Ints) -> Ints:
    """(groups, blocks) the agents for live contacts, and as many more as deferred work takes beside them.

    Work is done first that is due first, by whoever has nothing live. Where that does not do it by due, an agent comes
    to the interval with the fewest between its arrival and its due time, until it does.
    """
    counts = counts.copy()
    for group, name in enumerate(problem.groups):
        items = [item for of_intent in _items(problem, load, group) for item in of_intent]
        idle = problem.scenario.agents[name].keep_idle
        for _ in range(MOST_ADDED):
            late = first_late(problem.hours, counts[group][problem.block_of] - idle - load.live[group], items)
            if late is None:
                break
            _add(problem, counts[group], late)
    return counts


def _add(problem: StaffingProblem, counts: Ints, late: Item) -> None:
    """An agent after the other where there are fewest, until they make up for what is late."""
    window = slice(late[1], late[0] + 1)
    blocks, hours, left = problem.block_of[window], problem.hours[window], late[2]
    while left > LEAST_HOURS:
        block = blocks[np.argmin(counts[blocks])]
        counts[block] += 1
        left -= float(hours[blocks == block].sum())


def _items(problem: StaffingProblem, load: OfferedLoad, group: int) -> list[list[Item]]:
    return [
        [
            (_last_before_due(problem, problem.scenario.intents[name], cell), cell, hours)
            for cell, hours in enumerate((busy[group] * problem.hours).tolist())
            if hours > 0.0
        ]
        for name, busy in load.waiting.items()
    ]


def first_late(hours: Floats, spare: Floats, items: Sequence[Item]) -> Item | None:
    """The first work that is not done before it is due; None where all is.

    Parameters
    ----------
    hours : (cells,) length of every interval.
    spare : (cells,) agents with nothing live, on average.
    items : the work.
    """
    waiting: list[list[float]] = []
    coming = sorted(items, key=lambda item: item[1])
    place = 0
    for cell, room in enumerate((np.maximum(spare, 0.0) * hours).tolist()):
        while place < len(coming) and coming[place][1] <= cell:
            waiting.append([float(part) for part in coming[place]])
            place += 1
        waiting.sort()
        for item in waiting:
            done = min(room, item[2])
            room, item[2] = room - done, item[2] - done
        waiting = [item for item in waiting if item[2] > LEAST_HOURS]
        if waiting and waiting[0][0] <= cell:
            return int(waiting[0][0]), int(waiting[0][1]), waiting[0][2]
    return None


def _last_before_due(problem: StaffingProblem, intent: Intent, cell: int) -> int:
    """The last interval that ends before work which comes in an interval is due, at the least that interval itself."""
    last = len(problem.cells) - 1
    if intent.due is None:
        return last
    if intent.clock == "elapsed":
        ends = _ends(problem)
        begin = ends[cell] - float(problem.hours[cell])
        within = np.flatnonzero(ends <= begin + intent.due / 3600.0)
    else:
        open_hours = np.cumsum(problem.hours)
        within = np.flatnonzero(open_hours <= open_hours[cell] - problem.hours[cell] + intent.due / 3600.0)
    return max(cell, int(within[-1]) if within.size else cell)


def _ends(problem: StaffingProblem) -> Floats:
    """(cells,) hours from the first midnight to the end of each interval."""
    calendar, first = problem.scenario.calendar, problem.days[0]
    return np.array(
        [(day - first).days * 24.0 + interval_spans(calendar, day)[k][1] / 3600.0 for day, k in problem.cells]
    )
