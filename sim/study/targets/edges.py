"""Where a cell lies at an edge of the grid, behind which something cheaper may lie, and what to try there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.mechanisms.chat import MOST_CHATS
from sim.study.levels import Level
from sim.study.targets.axes import GridPlace, by_tightness, seconds_of

STAFFING, HANDLE_TIME, CONCURRENCY = "staffing", "target", "concurrency"
STEP, STEPS = 0.05, 4
LEAST_SHARE = 0.05
FURTHER = 3
"""More chats at once to try."""


@dataclass(frozen=True)
class GridEdge:
    """An edge of the grid.

    Attributes
    ----------
    axis : staffing, target or concurrency.
    words : which value of it, as a planner calls it, such as "the lowest staffing tried".
    flag : what to ask next, as it is written on the command line.
    """

    axis: str
    words: str
    flag: str


def edges_of(places: Sequence[GridPlace], k: int, natural_s: float) -> list[GridEdge]:
    """The edges of the grid at which a cell lies. Nothing is looser than no target, and nobody has less than one chat.

    Parameters
    ----------
    places : of all cells.
    k : the cell.
    natural_s : the natural handle time (s), of which targets are suggested as shares.
    """
    place = places[k]
    edges = []
    if place.level.factor <= min(other.level.factor for other in places):
        edges.append(GridEdge(STAFFING, "the lowest staffing tried", _less_staff(places)))
    paces = by_tightness([other.pace for other in places])
    if place.pace.target is not None and place.pace == paces[-1]:
        share = min(1.0, seconds_of(place.pace.target) / natural_s)
        edges.append(GridEdge(HANDLE_TIME, "the tightest target tried", f"--aht {_below(share, STEP)}"))
    return [*edges, *_edges_of_caps(places, place)]


def _edges_of_caps(places: Sequence[GridPlace], place: GridPlace) -> list[GridEdge]:
    """The fewest or the most chats at once; where only one cap was tried it is both."""
    if place.cap is None:
        return []
    tried, most, edges = [other.cap.most for other in places if other.cap is not None], place.cap.most, []
    if most == max(tried) and most < MOST_CHATS:
        flag = f"--concurrency {most}:{min(most + FURTHER, MOST_CHATS)}"
        edges.append(GridEdge(CONCURRENCY, "the most chats at once tried", flag))
    if most == min(tried) and most > 1:
        edges.append(GridEdge(CONCURRENCY, "the fewest chats at once tried", f"--concurrency 1:{most}"))
    return edges


def _less_staff(places: Sequence[GridPlace]) -> str:
    """Levels below the lowest: multiples of the file's own staffing, of the groups that were moved."""
    levels = sorted({p.level.factor: p.level for p in places}.values(), key=lambda level: level.factor)
    lowest = levels[0]
    step = levels[1].factor - lowest.factor if len(levels) > 1 else STEP
    words = _below(lowest.factor, max(0.01, round(step, 2)))
    return f"--staff {_group(lowest)}{words}"


def _group(level: Level) -> str:
    """The group in front of the levels, where the level names one."""
    names = list(level.factors)
    return f"{names[0]}=" if len(names) == 1 and level.name.startswith(f"{names[0]} ") else ""


def _below(share: float, step: float) -> str:
    """A range of shares that ends at one, in whole percent."""
    first = min(share, max(LEAST_SHARE, share - STEPS * step))
    ends = [max(1, round(100 * value)) for value in (first, share)]
    width = min(round(100 * step), max(1, ends[1] - ends[0]))
    return f"{ends[1] - (ends[1] - ends[0]) // width * width}%:{ends[1]}%:{width}%"
