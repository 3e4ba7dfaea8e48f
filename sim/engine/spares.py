"""States that nobody uses any more: a scenario takes one or its parts, so that the system need not give memory anew.

Memory that is new costs as much as half a simulation, since the system clears every page when it is first written to.
A study of many scenarios that differ in a few numbers would pay that for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock

from sim.engine.state import Sizes, State
from sim.loading.size import available_bytes

PART = 8
"""What is kept holds no more than one in so many of the bytes that are free."""

_lock = RLock()
_kept: dict[Sizes, list[State]] = {}
"""By sizes, those that were put by last at the end."""


def take(sizes: Sizes) -> State | None:
    """Return a state of these sizes, if one is there; what it holds is another scenario's."""
    with _lock:
        states = _kept.get(sizes)
        if not states:
            return None
        state = states.pop()
        if not states:
            del _kept[sizes]
        return state


def take_for_parts(sizes: Sizes) -> State | None:
    """Return a state of other sizes for as many needs, if one is there: its large arrays serve again (`make_state`)."""
    with _lock:
        alike = next((kept for kept in reversed(_kept) if (kept.needs, kept.times) == (sizes.needs, sizes.times)), None)
        if alike is None:
            return None
        states = _kept[alike]
        state = states.pop()
        if not states:
            del _kept[alike]
        return state


def keep(states: Iterable[State]) -> None:
    """Put states by for others; the oldest sizes go where memory is short."""
    with _lock:
        for state in states:
            _kept[state.sizes] = [*_kept.pop(state.sizes, []), state]
        most = available_bytes() // PART
        while _kept and sum(state.bytes for of_size in _kept.values() for state in of_size) > most:
            oldest = next(iter(_kept))
            if len(_kept[oldest]) > 1:
                _kept[oldest].pop()
            else:
                del _kept[oldest]
