"""The events to come: a heap with four children a node, ordered by time, then kind, then number.

The event in hand stays at the top as a hole until the next one is asked for; what is planned meanwhile drops into it.
"""

from typing import Any

from sim.engine.memory import row
from sim.engine.rows import EVENT, HAND, StateRow
from sim.jit import small_part

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


@small_part
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
def clear(state: StateRow) -> None:
    """No event to come."""
    state.heap_size, state.hole = 0, 0
    for place in range(4):
        put(state.heap, place, _NEVER, 0)


@small_part
def push(state: StateRow, time_us: int, kind: int, who: int) -> None:
    """Plan an event; `who` is a number below 2 ** 56."""
    code = kind << 56 | who
    if state.hole:
        state.hole = 0
        sink(state.heap, state.heap_size, time_us, code)
    elif state.heap_size < state.heap_capacity:
        state.heap_size += 1
        put(state.heap, state.heap_size + 3, _NEVER, 0)
        rise(state.heap, state.heap_size - 1, time_us, code)
    else:
        state.full = 1


@small_part
def push_for_hand(state: StateRow, place: int, kind: int) -> None:
    """Plan the end of what is now done with a contact in hand: numbered by agent, then by need."""
    hand = row(state.hands, place, HAND)
    push(state, hand.ends_us, kind, hand.agent << 32 | hand.need)


@small_part
def fill_hole(state: StateRow) -> None:
    """Close the hole that the event in hand has left."""
    if state.hole:
        state.hole = 0
        state.heap_size -= 1
        last = row(state.heap, state.heap_size, EVENT)
        time_us, code = last.time_us, last.code
        put(state.heap, state.heap_size, _NEVER, 0)
        if state.heap_size > 0:
            sink(state.heap, state.heap_size, time_us, code)
