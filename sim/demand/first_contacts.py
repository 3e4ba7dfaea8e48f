"""When contacts arrive: one process for each intent and date, so that a change in one moves nobody in another.

A Poisson process runs at unit rate and is mapped through the day's cumulative rate: more volume brings more people
and renames nobody.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.demand.volumes import FIXED_BY_DAY, FIXED_BY_INTERVAL, POISSON, Volumes
from sim.jit import compiled, constant
from sim.rng.philox import happens, uniform, uniforms
from sim.rng.purposes import Purpose

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_GAP = constant(Purpose.ARRIVAL_GAP)
_PLACE = constant(Purpose.ARRIVAL_PLACE)
_TRACE_INTENT = constant(Purpose.TRACE_INTENT)
_EXPOSED = constant(Purpose.EXPOSED)
_NONE = constant(0)
_INTERVAL_NUMBERS = 1 << 20
_NIGHT_NUMBERS = 1 << 31
BACKLOG_NUMBERS = 3 << 30
"""From here on count the numbers of what is there before the first day."""
_GAPS = 64  # a power of two
_NEVER = 1 << 62
_POISSON, _FIXED_BY_DAY, _FIXED_BY_INTERVAL = POISSON, FIXED_BY_DAY, FIXED_BY_INTERVAL


class FirstContacts(NamedTuple):
    """Room for the first arrivals of one replication, in order of time, then intent, then number.

    Attributes
    ----------
    time, intent, day, number : (room,) arrival (us), intent, simulated day, number in its own process.
    stream_time, stream_number : (room,) one day's processes, one after the other, before they are merged.
    stream_end : (2 intents,) where each process ends, by day and then out of hours.
    source, cursor, head : (2 intents,) those of them that bring anybody, how far each is merged, and its next arrival.
    cumulative : (intervals + 1,) one process's cumulative rate.
    gaps : (64,) the draws of the next gaps.
    """

    time: Ints
    intent: Ints
    day: Ints
    number: Ints
    stream_time: Ints
    stream_number: Ints
    stream_end: Ints
    source: Ints
    cursor: Ints
    head: Ints
    cumulative: Floats
    gaps: Floats


def room_for(processes: int, intervals: int, size: int) -> FirstContacts:
    """Empty room for so many arrivals of so many processes, with so many edges of intervals a day."""
    a, b, c, d, e, f = (np.empty(size, np.int64) for _ in range(6))
    end, source, cursor, head = (np.empty(2 * processes, np.int64) for _ in range(4))
    return FirstContacts(a, b, c, d, e, f, end, source, cursor, head, np.empty(intervals), np.empty(_GAPS))


def likely_calls(volumes: Volumes) -> int:
    """Room that almost every replication's arrivals fit into."""
    mean = float(volumes.expected.sum()) + float(volumes.fixed.sum()) + volumes.trace_time.size
    mean += float(volumes.expected.sum(axis=(1, 2)) @ volumes.night)
    return int(mean + 8.0 * math.sqrt(mean) + 64.0)


@compiled
def draw_calls(v: Volumes, rates: Floats, k0: int, k1: int, calls: FirstContacts) -> int:
    """Draw the first arrivals of one replication; how many, or -1 if they do not fit into the room.

    Parameters
    ----------
    v : who may call.
    rates : (intents, days, intervals) expected counts after busyness.
    k0, k1 : the replication's key words.
    """
    total = 0
    for day in range(v.intervals.size):
        end = _NONE
        for intent in range(v.process.size):
            if v.intervals[day] > 0:
                end = _draw_stream(v, rates, k0, k1, intent, day, calls, end)
            if end < 0:
                return -1
            calls.stream_end[intent] = end
        for intent in range(v.process.size):
            if v.intervals[day] > 0 and v.night[intent] > 0.0:
                end = _at_night(v, rates, k0, k1, intent, day, calls, end)
            if end < 0:
                return -1
            calls.stream_end[v.process.size + intent] = end
        if total + end > calls.time.size:
            return -1
        _merge(day, calls, total)
        total += end
    return total


@compiled
def _draw_stream(
    v: Volumes, rates: Floats, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int
) -> int:
    """One intent's arrivals of one day, from `first` on; where they end, or -1."""
    count = v.intervals[day]
    calls.cumulative[0] = 0.0
    for j in range(count):
        calls.cumulative[j + 1] = calls.cumulative[j] + rates[intent, day, j]
    total = calls.cumulative[count]
    if total <= 0.0:
        return first
    if v.process[intent] == _POISSON:
        return _poisson(v, k0, k1, intent, day, calls, first)
    if v.process[intent] == _FIXED_BY_DAY:
        end = _fixed_by_day(v, k0, k1, intent, day, calls, first)
    elif v.process[intent] == _FIXED_BY_INTERVAL:
        end = _fixed_by_interval(v, k0, k1, intent, day, calls, first)
    else:
        end = _traced(v, k0, k1, intent, day, calls, first)
    if end > first:
        _put_in_order(calls.stream_time[first:end], calls.stream_number[first:end])
    return end


@compiled
def _put_in_order(time: Ints, number: Ints) -> None:
    order, old_time, old_number = np.argsort(time, kind="mergesort"), time.copy(), number.copy()
    for i in range(order.size):
        time[i], number[i] = old_time[order[i]], old_number[order[i]]


@compiled
def _poisson(v: Volumes, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int) -> int:
    """The n-th arrival belongs to customer n of that process; `j` follows the interval that it falls into."""
    ordinal, name, last = v.ordinal[day], v.name[intent], v.intervals[day] - 1
    total, j, count = calls.cumulative[last + 1], 0, 0
    room = calls.stream_time.size - first
    uniforms(k0, k1, _NONE, ordinal, name, _GAP, calls.gaps)
    reached = -math.log(calls.gaps[0])
    while reached < total:
        if count >= room:
            return -1
        while j < last and calls.cumulative[j + 1] <= reached:
            j += 1
        low, high = calls.cumulative[j], calls.cumulative[j + 1]
        calls.stream_time[first + count] = place_between(reached, low, high, v.edges[day, j], v.edges[day, j + 1])
        calls.stream_number[first + count] = count
        count += 1
        at = count & (_GAPS - 1)
        if at == 0:
            uniforms(k0, k1, count, ordinal, name, _GAP, calls.gaps)
        reached -= math.log(calls.gaps[at])
    return int(first + count)


@compiled
def _at_night(
    v: Volumes, rates: Floats, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int
) -> int:
    """Customers of one intent and date who come while only the bot is there, evenly over that time."""
    a, b, c, d = v.night_edges[day]
    span, total, count, reached = b - a + d - c, v.night[intent] * total_of(rates[intent, day]), 0, 0.0
    kept = 0
    if span <= 0 or total <= 0.0:
        return first
    while True:
        u = uniform(k0, k1, _NIGHT_NUMBERS + count, v.ordinal[day], v.name[intent], _GAP, _NONE)
        reached -= math.log(u)
        if reached >= total:
            return int(first + kept)
        number = _NIGHT_NUMBERS + count
        count += 1
        if not happens(k0, k1, number, v.ordinal[day], v.name[intent], _EXPOSED, _NONE, v.exposure):
            continue
        if first + kept >= calls.stream_time.size:
            return -1
        at = min(math.floor(reached / total * span), span - 1)
        calls.stream_time[first + kept] = a + at if at < b - a else c + at - (b - a)
        calls.stream_number[first + kept] = number
        kept += 1


@compiled
def _fixed_by_day(v: Volumes, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int) -> int:
    """So many arrivals, each at its own draw from the day's profile."""
    count = v.fixed[intent, day, 0]
    if first + count > calls.stream_time.size:
        return -1
    cumulative, edges = calls.cumulative[: v.intervals[day] + 1], v.edges[day, : v.intervals[day] + 1]
    for i in range(count):
        u = uniform(k0, k1, i, v.ordinal[day], v.name[intent], _PLACE, _NONE)
        calls.stream_time[first + i] = place(u * cumulative[-1], cumulative, edges)
        calls.stream_number[first + i] = i
    return first + int(count)


@compiled
def _fixed_by_interval(v: Volumes, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int) -> int:
    """So many arrivals in each interval, each at its own draw within it; numbered by interval."""
    end = first
    for j in range(v.intervals[day]):
        if end + v.fixed[intent, day, j] > calls.stream_time.size:
            return -1
        start, length = v.edges[day, j], v.edges[day, j + 1] - v.edges[day, j]
        for i in range(v.fixed[intent, day, j]):
            number = j * _INTERVAL_NUMBERS + i
            u = uniform(k0, k1, number, v.ordinal[day], v.name[intent], _PLACE, _NONE)
            calls.stream_time[end] = start + min(math.floor(u * length), length - 1)
            calls.stream_number[end] = number
            end += 1
    return end


@compiled
def _traced(v: Volumes, k0: int, k1: int, intent: int, day: int, calls: FirstContacts, first: int) -> int:
    """The rows of a trace, those without an intent of their own where a draw says so."""
    begin, stop = v.trace_first[intent, day], v.trace_first[intent, day + 1]
    if first + stop - begin > calls.stream_time.size:
        return -1
    end = first
    for row in range(begin, stop):
        u = uniform(k0, k1, v.trace_number[row], v.ordinal[day], _NONE, _TRACE_INTENT, _NONE)
        if v.trace_low[row] <= u < v.trace_high[row]:
            calls.stream_time[end] = v.trace_time[row]
            calls.stream_number[end] = v.trace_number[row]
            end += 1
    return end


@compiled
def _merge(day: int, calls: FirstContacts, total: int) -> None:
    """Put one day's processes into one line, by time, then intent.

    The first of them is found without a branch, since nobody could foresee it.
    """
    ends, source, cursor, head = calls.stream_end, calls.source, calls.cursor, calls.head
    count, intents = _begin_merge(calls), ends.size // 2
    for n in range(total, total + ends[-1]):
        best, least = 0, head[0]
        for i in range(1, count):
            earlier = head[i] < least
            best, least = i if earlier else best, head[i] if earlier else least
        at, stream = cursor[best], source[best]
        calls.time[n], calls.number[n], calls.day[n] = least, calls.stream_number[at], day
        calls.intent[n] = stream if stream < intents else stream - intents
        cursor[best] = at + 1
        head[best] = calls.stream_time[at + 1] if at + 1 < ends[stream] else _NEVER


@compiled
def _begin_merge(calls: FirstContacts) -> int:
    """Stand at the beginning of every process that brings anybody; how many there are."""
    count, first = 0, 0
    for stream in range(calls.stream_end.size):
        if calls.stream_end[stream] > first:
            calls.source[count], calls.cursor[count], calls.head[count] = stream, first, calls.stream_time[first]
            count += 1
        first = calls.stream_end[stream]
    return count


# When within its interval a contact falls -------------------------------------------


@compiled
def place(amount: float, cumulative: Floats, edges: Ints) -> int:
    """The time (us) at which a cumulative rate, linear between the edges, reaches an amount."""
    j = min(_passed(cumulative, amount) - 1, edges.size - 2)
    while j > 0 and cumulative[j + 1] <= cumulative[j]:
        j -= 1
    return place_between(amount, cumulative[j], cumulative[j + 1], edges[j], edges[j + 1])


@compiled
def place_between(amount: float, low: float, high: float, start: int, end: int) -> int:
    """The time (us), from start and before end, at which a rate that takes a sum from low to high reaches an amount."""
    part = (amount - low) / (high - low)
    return int(min(start + math.floor(part * (end - start)), end - 1))


@compiled
def _passed(cumulative: Floats, amount: float) -> int:
    """How many cumulative rates do not lie above an amount."""
    low, high = 0, cumulative.size
    while low < high:
        middle = (low + high) >> 1
        if cumulative[middle] <= amount:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def total_of(values: Floats) -> float:
    """The sum of numbers, one after the other: the array's own method takes much longer to compile."""
    total = 0.0
    for n in range(values.size):
        total += values[n]
    return total
