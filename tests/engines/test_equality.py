"""Both engines write the same records, to the last bit, whatever the world.

Each world is played by the compiled engine twice: in the room that another replication of it has been played in, and
once more with the counts taken on the way, as studies do it.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import loads
from sim.engine import SIMPY, prepare
from sim.measures import make_frame, tally
from sim.study.tallies import count_chunk
from tests.engines.same import same_engines, same_tallies
from tests.properties.conftest import LONG, QUICK
from tests.properties.worlds import worlds

SEED = 7


def check(world, replication):
    scenario = loads(world)
    prepared, frame = prepare(scenario), make_frame(scenario)
    reference = prepared.replicate(SEED, replication, SIMPY)
    prepared.replicate(SEED, replication + 1)
    same_engines(prepared.replicate(SEED, replication), reference)
    counted = count_chunk(prepared.compiled, frame, SEED, replication, 1)
    same_tallies(counted[0], tally(reference, frame))


@settings(QUICK, max_examples=120)
@given(world=worlds(crowds=True), replication=st.integers(0, 3))
def test_both_engines_write_the_same_records(world, replication):
    check(world, replication)


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
