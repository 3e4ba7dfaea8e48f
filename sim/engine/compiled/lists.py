"""Waiting lines, one an intent, and lists of idle and absent agents, one a group: linked through the rows themselves.

Each is in order as it stands: whoever comes later goes to the end, and only those of the same microsecond are put in
order of their numbers.
"""

from typing import Any

import numpy.typing as npt

from sim.engine.compiled.state import State
from sim.jit import woven

Rows = npt.NDArray[Any]
NOWHERE = -2
_NOWHERE = NOWHERE


@woven
def link(rows: Rows, end: Any, n: int, follows: int) -> None:
    """Put row n behind row `follows` (-1: at the front)."""
    behind = rows[follows].after if follows >= 0 else end.first
    rows[n].before, rows[n].after = follows, behind
    if follows >= 0:
        rows[follows].after = n
    else:
        end.first = n
    if behind >= 0:
        rows[behind].before = n
    else:
        end.last = n


@woven
def unlink(rows: Rows, end: Any, n: int) -> None:
    """Take row n out, if it is in."""
    ahead, behind = rows[n].before, rows[n].after
    if ahead == _NOWHERE:
        return
    if ahead >= 0:
        rows[ahead].after = behind
    else:
        end.first = behind
    if behind >= 0:
        rows[behind].before = ahead
    else:
        end.last = ahead
    rows[n].before = _NOWHERE


@woven
def queue_up(s: State, n: int) -> None:
    """A customer joins the line of the intent: by (time waited + head start), then number."""
    p = s.people[n]
    line = s.lines[p.intent]
    follows = line.last
    while follows >= 0 and s.people[follows].rank_us == p.rank_us and follows > n:
        follows = s.people[follows].before
    link(s.people, line, n, follows)


@woven
def line_up(s: State, end: Any, a: int) -> None:
    """An agent joins the idle or the absent of the group: by the time since when, then number."""
    follows = end.last
    while follows >= 0 and s.agents[follows].since_us == s.agents[a].since_us and follows > a:
        follows = s.agents[follows].before
    link(s.agents, end, a, follows)
