"""Both engines write the same records, to the last bit, whatever the world.

Each world is played by the compiled engine twice: in the room that another replication of it has been played in, and
once more with the counts taken on the way, as studies do it.
"""

from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim import loads
from sim.engine import SIMPY, prepare
from sim.engine.compiled import loop
from sim.loading.load import changed
from sim.measures import make_frame, tally
from sim.study.tallies import count_chunk
from tests.engines.same import same, same_engines, same_tallies
from tests.properties.conftest import LONG, QUICK
from tests.properties.worlds import worlds
from tests.study.small import small

SEED = 7


def check(world, replication):
    scenario = loads(world)
    prepared, frame = prepare(scenario), make_frame(scenario)
    reference = prepared.replicate(SEED, replication, SIMPY)
    prepared.replicate(SEED, replication + 1)
    same_engines(prepared.replicate(SEED, replication), reference)
    counted = count_chunk(prepared.compiled, frame, SEED, replication, 1)
    same_tallies(counted[0], tally(reference, frame))


@settings(QUICK, max_examples=80)
@given(world=worlds(crowds=True), replication=st.integers(0, 3))
def test_both_engines_write_the_same_records(world, replication):
    check(world, replication)


@settings(QUICK, max_examples=40)
@given(world=worlds(crowds=True), replication=st.integers(0, 3))
def test_the_loop_for_calls_alone_writes_what_the_loop_for_all_channels_writes(world, replication):
    """In one process, one after the other: neither may have been compiled as the other."""
    prepared = prepare(loads(world))
    assume(prepared.model.by_phone)
    mine = prepared.replicate(SEED, replication)
    with patch.dict(vars(prepared.model), by_phone=False), patch.object(loop, "play_by_phone", None):
        same(mine, prepared.replicate(SEED, replication), names=("by phone", "all channels"))


BEYOND_CALLS = {
    "chat": {"intents.fault.channel": "chat"},
    "deferred": {"intents.fault.channel": "deferred"},
    "call-back": {"customers.callback": {}},
    "overflow": {"agents.second.skills": {"fault": {}, "order": {"preference": 2, "overflow_after": "1m"}}},
    "limit": {"queues": {"fault": {"limit": 5}}},
    "sessions": {"bot.max_sessions": 3},
    "outage": {"bot.outage": {"per_day": 0.1, "length": "1h"}},
}


@pytest.mark.parametrize("settings", BEYOND_CALLS.values(), ids=BEYOND_CALLS)
def test_what_goes_beyond_calls_has_the_loop_for_all_channels(settings):
    assert prepare(small()).model.by_phone
    assert not prepare(changed(small(), settings)).model.by_phone


@pytest.mark.long
@settings(LONG, max_examples=5_000)
@given(world=worlds(crowds=True), replication=st.integers(0, 3))
def test_both_engines_write_the_same_records_in_thousands_of_worlds(world, replication):
    check(world, replication)


@settings(QUICK, max_examples=40)
@given(world=worlds(channels=True), replication=st.integers(0, 3))
def test_both_engines_write_the_same_records_of_channels(world, replication):
    check(world, replication)


@pytest.mark.long
@settings(LONG, max_examples=5_000)
@given(world=worlds(channels=True), replication=st.integers(0, 3))
def test_both_engines_write_the_same_records_of_channels_in_thousands_of_worlds(world, replication):
    check(world, replication)
