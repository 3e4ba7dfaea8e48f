"""The events to come: a heap with four children a node, ordered by time, then kind, then number.

The event in hand stays at the top as a hole until the next one is asked for; what is planned meanwhile drops into it.
"""

from typing import Any

import numpy.typing as npt

from sim.engine.compiled.state import State
from sim.jit import woven

Rows = npt.NDArray[Any]


@woven
def before(time_us: int, code: int, other: Any) -> bool:
    """Whether an event comes before another."""
    return bool(time_us < other.time_us or (time_us == other.time_us and code < other.code))


@woven
def sink(heap: Rows, size: int, time_us: int, code: int) -> None:
    """Put an event at the top and let it sink to its place."""
    hole = 0
    while True:
        first = 4 * hole + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if before(heap[child].time_us, heap[child].code, heap[least]):
                least = child
        if before(time_us, code, heap[least]):
            break
        heap[hole].time_us, heap[hole].code = heap[least].time_us, heap[least].code
        hole = least
    heap[hole].time_us, heap[hole].code = time_us, code


@woven
def rise(heap: Rows, hole: int, time_us: int, code: int) -> None:
    """Let an event rise to its place from the bottom."""
    while hole > 0:
        parent = (hole - 1) >> 2
        if not before(time_us, code, heap[parent]):
            break
        heap[hole].time_us, heap[hole].code = heap[parent].time_us, heap[parent].code
        hole = parent
    heap[hole].time_us, heap[hole].code = time_us, code


@woven
def push(s: State, time_us: int, kind: int, who: int) -> None:
    """Plan an event."""
    v, code = s.v[0], kind << 32 | who
    if v.hole:
        v.hole = 0
        sink(s.heap, v.heap, time_us, code)
    elif v.heap < s.heap.size:
        v.heap += 1
        rise(s.heap, v.heap - 1, time_us, code)
    else:
        v.full = 1


@woven
def settle(s: State) -> None:
    """Close the hole that the event in hand has left."""
    v = s.v[0]
    if v.hole:
        v.hole = 0
        v.heap -= 1
        last = s.heap[v.heap]
        sink(s.heap, v.heap, last.time_us, last.code)
