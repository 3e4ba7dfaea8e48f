"""One queue, one group, infinite patience, no returns, no head starts, no mechanism: one more agent delays nobody.

By counts, which may rise and fall, or by a line of shifts without breaks. Where named agents have breaks or go home at
different times it is not so, and should not be: with one more colleague, another agent may have the long contact in
hand when the break falls due or the shift ends.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.records import Outcome
from tests.properties.calendars import calendars, intervals
from tests.properties.conftest import LONG, QUICK
from tests.properties.floors import shift
from tests.properties.people import arrivals, durations
from tests.properties.worlds import play


@st.composite
def plain(draw):
    """A plain queue, and the same with one more agent."""
    calendar = draw(calendars())
    if draw(st.booleans()):
        counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
        staff, more = ({"staff": pattern(calendar, [n + k for n in counts])} for k in (0, 1))
    else:
        line = draw(shift(calendar)) | {"breaks": []}
        staff, more = ({"shifts": [line | {"count": line["count"] + k}]} for k in (0, 1))
    world = {
        "name": "a plain queue",
        "calendar": calendar,
        "arrivals": draw(arrivals(calendar, ["call"])),
        "intents": {"call": {"talk_time": draw(durations()), "wrap_up": draw(durations(zero=True))}},
        "run": {"warm_up": "0d", "follow_up": "0d"},
    }
    return tuple(world | {"agents": {"team": {"skills": ["call"]} | s}} for s in (staff, more))


def pattern(calendar, counts):
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    sizes = [intervals(calendar, weekday) for weekday in range(7)]
    return {n: [counts[k % len(counts)] for k in range(size)] or 0 for n, size in zip(names, sizes, strict=True)}


def check(engine, fewer, more):
    """Of those answered with fewer agents, none waits longer with more; whom closing time cut off is not compared."""
    one, two = (play(world, engine).records.contacts for world in (fewer, more))
    assert one.size == two.size
    answered = one["outcome"] == Outcome.ANSWERED
    assert (two["outcome"][answered] == Outcome.ANSWERED).all()
    waits = [c["left_us"] - c["joined_us"] for c in (one, two)]
    longer = answered & (waits[1] > waits[0])
    assert not longer.any(), np.stack([one[longer], two[longer]])


@settings(QUICK)
@given(pair=plain())
def test_one_more_agent_delays_nobody(engine, pair):
    check(engine, *pair)


@pytest.mark.long
@settings(LONG)
@given(pair=plain())
def test_one_more_agent_delays_nobody_in_thousands_of_queues(engine, pair):
    check(engine, *pair)
