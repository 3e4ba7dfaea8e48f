"""The events to come: those of the next minutes in a timing wheel, the later ones in a heap.

A wheel has a slot for each step of time, a quarter of a second, over the next eighteen minutes; the events of a slot
are linked in order. Most events end a service or somebody's patience and lie within it, so that one is put in or taken
out in the same few steps however many there are, and one that has become void, such as the patience of who has been
answered, is taken out before it comes. What lies beyond, returns above all, goes into the heap, and so does what finds
no room or would come behind too many of its slot. Neither the width of a step nor where an event is kept changes the
order.

Varghese and Lauck, "Hashed and hierarchical timing wheels", SOSP 1987.
"""

from sim.engine.compiled.heap import drop_first, empty, put_by
from sim.engine.memory import first_bit, put_whole, row, whole
from sim.engine.plan import PLANNED
from sim.engine.records import Event
from sim.engine.rows import EVENT, HAND, NODE, SLOT, SLOTS, WORDS, StateRow, WheelNode
from sim.engine.rules.people import fetch_customer
from sim.jit import constant, part, small_part

_ARRIVAL = constant(Event.ARRIVAL)
_NEVER, _NEED = 1 << 62, (1 << 32) - 1
_STEP, _SLOTS, _WORDS, _VOID = 18, SLOTS, WORDS, constant(-1)
"""Binary logarithm of a slot's width (us); how many slots there are, and words of their bits."""
_MOST, _FAR = 64, -2
"""Events of a slot that one is put behind at most: where thousands are planned for one moment, the heap is quicker."""
_UNKNOWN, _LATER, _CALLS, _PLAN = 0, 1, 2, 3
"""Where the first event beside those of the wheel comes from: `state.source`."""


@part
def clear(state: StateRow) -> None:
    """No event to come."""
    empty(state)
    for slot in range(_SLOTS):
        row(state.slots, slot, SLOT).first = -1
    for word in range(_WORDS):
        put_whole(state.words, word, 0)
    state.filled, state.n_nodes, state.free, state.source = 0, 0, -1, _UNKNOWN


# What is planned --------------------------------------------------------------


@small_part
def push(state: StateRow, time_us: int, kind: int, who: int) -> int:
    """Plan an event; `who` is a number below 2 ** 56. Its node in the wheel, or -1 if it is not there."""
    code = kind << 56 | who
    now = state.now >> _STEP
    step = max(time_us >> _STEP, now)
    before = _FAR
    if step - now < _SLOTS and (state.free >= 0 or state.n_nodes < state.nodes_capacity):
        before = _last_before(state, row(state.slots, step & (_SLOTS - 1), SLOT).first, time_us, code)
    if before == _FAR:
        put_by(state, time_us, code)
        state.source = _UNKNOWN
        return -1
    number = _new_node(state)
    node = row(state.nodes, number, NODE)
    node.time_us, node.code, node.slot = time_us, code, step & (_SLOTS - 1)
    _link(state, node, number, before)
    return int(number)


@small_part
def _last_before(state: StateRow, first: int, time_us: int, code: int) -> int:
    """The last of a slot's events that come before one; -1 if none does, `_FAR` if that takes too long to find."""
    before, after = -1, first
    for _ in range(_MOST):
        if after < 0:
            return before
        node = row(state.nodes, after, NODE)
        if node.time_us > time_us or (node.time_us == time_us and node.code > code):
            return before
        before, after = after, node.after
    return _FAR


@small_part
def _new_node(state: StateRow) -> int:
    number = state.free
    if number >= 0:
        state.free = row(state.nodes, number, NODE).after
    else:
        number = state.n_nodes
        state.n_nodes += 1
    return int(number)


@small_part
def _link(state: StateRow, node: WheelNode, number: int, before: int) -> None:
    """Put a node behind another one of its slot, or first in it."""
    if before >= 0:
        node.after = row(state.nodes, before, NODE).after
        row(state.nodes, before, NODE).after = number
    else:
        slot = row(state.slots, node.slot, SLOT)
        node.after, slot.first = slot.first, number
        if node.after < 0:
            word = node.slot >> 6
            put_whole(state.words, word, whole(state.words, word) | 1 << (node.slot & 63))
            state.filled |= 1 << word
    node.before = before
    if node.after >= 0:
        row(state.nodes, node.after, NODE).before = number


@small_part
def push_for_hand(state: StateRow, place: int, kind: int) -> None:
    """Plan the end of what is now done with a contact in hand: numbered by agent, then by need."""
    hand = row(state.hands, place, HAND)
    push(state, hand.ends_us, kind, hand.agent << 32 | hand.need)


@small_part
def cancel(state: StateRow, number: int, kind: int, who: int) -> None:
    """Take a planned event out of the wheel, if that node is still its own."""
    if number >= 0:
        node = row(state.nodes, number, NODE)
        if node.code == kind << 56 | who:
            _unlink(state, node, number)


@small_part
def _unlink(state: StateRow, node: WheelNode, number: int) -> None:
    """Take a node out of its slot, and keep it for another event."""
    if node.after >= 0:
        row(state.nodes, node.after, NODE).before = node.before
    if node.before >= 0:
        row(state.nodes, node.before, NODE).after = node.after
    else:
        row(state.slots, node.slot, SLOT).first = node.after
        if node.after < 0:
            _mark_empty(state, node.slot)
    node.code, node.after = _VOID, state.free
    state.free = number


@small_part
def _mark_empty(state: StateRow, slot: int) -> None:
    word = slot >> 6
    left = whole(state.words, word) & ~(1 << (slot & 63))
    put_whole(state.words, word, left)
    if left == 0:
        state.filled &= ~(1 << word)


# What happens next ------------------------------------------------------------


@small_part
def take_next(state: StateRow) -> int:
    """The next event of all that are to come: the clock moves to it; kind << 56 | who, or -1."""
    if state.source == _UNKNOWN:
        _look_beside(state)
    if state.filled != 0:
        number = row(state.slots, _first_slot(state), SLOT).first
        node = row(state.nodes, number, NODE)
        if node.time_us < state.next_us or (node.time_us == state.next_us and node.code < state.next_code):
            code, state.now = node.code, node.time_us
            _unlink(state, node, number)
            return int(code)
    return _take_beside(state)


@small_part
def _first_slot(state: StateRow) -> int:
    """The first slot that holds an event, from the present one on, around the wheel."""
    now = (state.now >> _STEP) & (_SLOTS - 1)
    word = now >> 6
    bits = whole(state.words, word) & (-1 << (now & 63))
    if bits == 0:
        later = state.filled & (-2 << word)
        word = first_bit(later if later != 0 else state.filled)
        bits = whole(state.words, word)
    return word << 6 | first_bit(bits)


@part
def _look_beside(state: StateRow) -> None:
    """Find the first event beside those of the wheel: among the later ones, the first arrivals and the plan."""
    time_us, code, source = _NEVER, -1, _LATER
    if state.heap_size > 0:
        event = row(state.heap, 0, EVENT)
        time_us, code = event.time_us, event.code
        fetch_customer(state, code & _NEED)
    if state.born < state.n_needs:
        arrival, first = whole(state.time, state.born), _ARRIVAL << 56 | state.born
        if arrival < time_us or (arrival == time_us and first < code):
            time_us, code, source = arrival, first, _CALLS
    if state.planned < state.n_plan:
        plan = row(state.plan, state.planned, PLANNED)
        if plan.time_us < time_us or (plan.time_us == time_us and (plan.kind << 56 | plan.who) < code):
            time_us, code, source = plan.time_us, plan.kind << 56 | plan.who, _PLAN
    state.next_us, state.next_code, state.source = time_us, code, source


@small_part
def _take_beside(state: StateRow) -> int:
    """Take that event; who has been born by then is known when it has happened."""
    code, state.now = state.next_code, state.next_us
    if state.source == _LATER:
        if code >= 0:
            drop_first(state)
    elif state.source == _PLAN:
        state.planned += 1
    state.source = _UNKNOWN
    return int(code)
