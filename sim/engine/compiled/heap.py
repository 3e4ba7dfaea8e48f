"""The events of later: a heap with four children a node, ordered by time, then kind, then number."""

from typing import Any

from sim.engine.memory import row
from sim.engine.rows import EVENT, StateRow
from sim.jit import part, small_part

_NEVER = 1 << 62


@small_part
def before(one: Any, other: Any) -> bool:
    """Whether an event comes before another; without a branch, since nobody could foresee it."""
    return bool((one.time_us < other.time_us) | ((one.time_us == other.time_us) & (one.code < other.code)))


@small_part
def least_child(heap: int, first: int) -> int:
    """The earliest of four children. Behind the last event there is always room for events that never come."""
    one = first + before(row(heap, first + 1, EVENT), row(heap, first, EVENT))
    other = first + 2 + before(row(heap, first + 3, EVENT), row(heap, first + 2, EVENT))
    return other if before(row(heap, other, EVENT), row(heap, one, EVENT)) else one


@small_part
def put(heap: int, place: int, time_us: int, code: int) -> None:
    """Write an event."""
    event = row(heap, place, EVENT)
    event.time_us, event.code = time_us, code


@part
def sink(heap: int, size: int, time_us: int, code: int) -> None:
    """Put an event at the top and let it sink to its place."""
    hole = 0
    while 4 * hole + 1 < size:
        child = least_child(heap, 4 * hole + 1)
        event = row(heap, child, EVENT)
        if time_us < event.time_us or (time_us == event.time_us and code < event.code):
            break
        put(heap, hole, event.time_us, event.code)
        hole = child
    put(heap, hole, time_us, code)


@small_part
def rise(heap: int, hole: int, time_us: int, code: int) -> None:
    """Let an event rise to its place from the bottom."""
    while hole > 0:
        parent = (hole - 1) >> 2
        event = row(heap, parent, EVENT)
        if time_us > event.time_us or (time_us == event.time_us and code > event.code):
            break
        put(heap, hole, event.time_us, event.code)
        hole = parent
    put(heap, hole, time_us, code)


@small_part
def empty(state: StateRow) -> None:
    """No event of later."""
    state.heap_size = 0
    for place in range(4):
        put(state.heap, place, _NEVER, 0)


@part
def put_by(state: StateRow, time_us: int, code: int) -> None:
    """Put an event in; the replication stops where there is no room."""
    if state.heap_size >= state.heap_capacity:
        state.full = 1
        return
    state.heap_size += 1
    put(state.heap, state.heap_size + 3, _NEVER, 0)
    rise(state.heap, state.heap_size - 1, time_us, code)


@part
def drop_first(state: StateRow) -> None:
    """Take the earliest event out."""
    state.heap_size -= 1
    last = row(state.heap, state.heap_size, EVENT)
    time_us, code = last.time_us, last.code
    put(state.heap, state.heap_size, _NEVER, 0)
    if state.heap_size > 0:
        sink(state.heap, state.heap_size, time_us, code)
