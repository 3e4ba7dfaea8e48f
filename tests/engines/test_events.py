"""The events to come happen in order, whether the wheel or the heap keeps them, and a cancelled one not at all."""

import heapq

import numpy as np
import pytest

from sim.engine import prepare
from sim.engine.compiled.events import _STEP, cancel, clear, push, take_next
from sim.engine.rows import SLOTS
from sim.engine.state import make_state, sizes_of
from sim.jit import compiled
from tests.study.small import small

_cancel, _clear, _push, _take = cancel, clear, push, take_next


@compiled
def begin(state):
    _clear(state[0])
    state[0].now, state[0].n_needs, state[0].born, state[0].n_plan, state[0].planned, state[0].full = 0, 0, 0, 0, 0, 0


@compiled
def plan(state, time_us, kind, who):
    return _push(state[0], time_us, kind, who)


@compiled
def drop(state, node, kind, who):
    _cancel(state[0], node, kind, who)


@compiled
def take(state):
    return _take(state[0])


@pytest.fixture
def state():
    made = make_state(sizes_of(prepare(small()).model, 500))
    begin(made.record)
    return made


AHEAD = SLOTS << _STEP
"""How far the wheel reaches (us)."""


@pytest.mark.parametrize("longest", [1_000, AHEAD // 50, AHEAD, 10 * AHEAD], ids=["ties", "near", "both", "late"])
@pytest.mark.parametrize("room", [None, 20], ids=["room", "no room in the wheel"])
def test_events_happen_in_order_and_cancelled_ones_do_not(state, longest, room):
    if room is not None:
        state.record["nodes_capacity"] = room
    luck, now, events, nodes = np.random.default_rng(longest), 0, [], {}
    for number in range(3_000):
        if len(events) < 200 and luck.random() < 0.6:
            time_us, kind = now + int(luck.integers(longest)), int(luck.integers(1, 20))
            nodes[kind << 56 | number] = plan(state.record, time_us, kind, number)
            heapq.heappush(events, (time_us, kind << 56 | number))
        elif events and luck.random() < 0.3:
            code = events[int(luck.integers(len(events)))][1]
            drop(state.record, nodes[code], code >> 56, code & ((1 << 56) - 1))
            if nodes[code] >= 0:
                events = [event for event in events if event[1] != code]
                heapq.heapify(events)
        elif events:
            now, code = heapq.heappop(events)
            assert (take(state.record), state.number("now")) == (code, now)
    while events:
        now, code = heapq.heappop(events)
        assert (take(state.record), state.number("now")) == (code, now)
    assert take(state.record) == -1


def test_a_node_that_serves_another_event_is_left_alone(state):
    """The event that a customer remembers has happened, and its node has been given to somebody else's."""
    node = plan(state.record, 5, 18, 1)
    assert take(state.record) == 18 << 56 | 1
    assert plan(state.record, 7, 18, 2) == node
    drop(state.record, node, 18, 1)
    assert take(state.record) == 18 << 56 | 2


def test_of_many_at_one_moment_the_last_are_in_the_heap_and_all_happen_in_order(state):
    """Thousands of agents may come back from one break; whoever comes early enough is still put into the wheel."""
    order = np.random.default_rng(3).permutation(500)
    wheel = [plan(state.record, 5, 18, int(who)) >= 0 for who in order]
    assert sum(wheel) == 500 - state.number("heap_size")
    assert sum(plan(state.record, 5, 18, who) >= 0 for who in range(500, 1_000)) == 0
    assert plan(state.record, 4, 18, 1_000) >= 0
    assert take(state.record) == 18 << 56 | 1_000
    assert [take(state.record) for _ in range(1_000)] == [18 << 56 | who for who in range(1_000)]
    assert take(state.record) == -1


def test_later_events_are_in_the_heap_and_near_ones_in_the_wheel(state):
    assert plan(state.record, AHEAD - 1, 1, 0) >= 0
    assert plan(state.record, AHEAD, 1, 1) == -1
    assert state.number("heap_size") == 1
