"""Chunks: the tally of every replication in them, in rooms that grow where they are too small."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import sim
from sim.demand.first_contacts import likely_calls
from sim.engine import SIMPY, prepare
from sim.errors import LimitError
from sim.loading import size
from sim.measures import make_frame, tally
from sim.study.tallies import count_chunk
from tests.engines.same import same_engines, same_tallies
from tests.study.small import SMALL, small

# Contacts that come to nothing: each need is tried twenty times within the morning.
ENDLESS = {
    "name": "endless",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00", "interval": "60m"},
    "arrivals": {"per_day": 60},
    "intents": {"call": {"talk_time": "10s", "resolution": 0.05}},
    "customers": {"repeat": {"probability": 1, "delay": "30s"}, "max_attempts": 20},
    "agents": {"team": {"skills": ["call"], "staff": 4}},
    "run": {"warm_up": "0d", "follow_up": "0d"},
}
# Nobody answers and nobody gives up for long: customers come back and wait, wait and come back.
RESTLESS = {
    **ENDLESS,
    "name": "restless",
    "customers": {
        "patience": {"distribution": "constant", "value": "1s"},
        "redial": {"probability": 1, "delay": {"distribution": "constant", "value": "1s"}, "next_day": 0},
        "max_attempts": 40,
    },
    "agents": {"team": {"skills": ["call"], "staff": 0}},
}
# Some days have ten times the customers of others: more first arrivals than room was made for.
BUSY = {**ENDLESS, "name": "busy", "arrivals": {"per_day": 100, "busyness_cv": 3}, "customers": {}}
# Counts that rise and fall every minute, and nobody calls: more spells of duty and segments than contacts.
RESTAFFED = {
    **ENDLESS,
    "name": "restaffed",
    "calendar": {**ENDLESS["calendar"], "interval": "1m"},
    "arrivals": {"per_hour": 1},
    "customers": {},
    "agents": {"team": {"skills": ["call"], "staff": [0, 40] * 360}},
}
TIGHT = {"endless": ENDLESS, "restless": RESTLESS, "busy": BUSY, "restaffed": RESTAFFED}


def ready(document):
    scenario = sim.loads(document)
    return prepare(scenario), make_frame(scenario)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_chunk_is_the_tallies_of_its_replications(size):
    prepared, frame = ready(SMALL)
    found = count_chunk(prepared.compiled, frame, 3, 4, size)
    assert len(found) == size
    for n, counted in enumerate(found):
        same_tallies(counted, tally(prepared.replicate(3, 4 + n, SIMPY), frame))


def test_chunks_side_by_side_do_not_meet():
    """Eight threads on one engine: each has a room to itself."""
    prepared, frame = ready(SMALL)
    alone = count_chunk(prepared.compiled, frame, 3, 0, 40)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda first: count_chunk(prepared.compiled, frame, 3, first, 5), range(0, 40, 5)))
    for one, other in zip(alone, [t for part in parts for t in part], strict=True):
        same_tallies(one, other)


# Rooms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TIGHT)
def test_too_small_a_room_is_enlarged(name):
    """The same records as the engine that needs no rooms, replication after replication in the room that grew."""
    prepared, frame = ready(TIGHT[name])
    for n in range(6):
        reference = prepared.replicate(1, n, SIMPY)
        same_engines(prepared.replicate(1, n), reference)
        same_tallies(count_chunk(prepared.compiled, frame, 1, n, 1)[0], tally(reference, frame))
    counted = count_chunk(prepared.compiled, frame, 1, 0, 6)
    same_tallies(counted[5], tally(reference, frame))


def test_these_rooms_are_too_small():
    """What is likely to be needed is for first attempts: these scenarios make several times as many, or more else."""
    made = {}
    for name, document in TIGHT.items():
        prepared, _ = ready(document)
        found = [prepared.replicate(1, n, SIMPY) for n in range(6)]
        needs, attempts = (max(getattr(r, table).size for r in found) for table in ("needs", "contacts"))
        made[name] = attempts / likely_calls(prepared.compiled.model.volumes), needs, attempts
    assert made["endless"][0] > 4
    assert made["restless"][0] > 8
    assert made["busy"][0] > 2
    assert made["busy"][1] == made["busy"][2]


def test_a_room_that_has_grown_is_as_good_as_new():
    """A replication after a larger one, and before: the same."""
    prepared, _ = ready(BUSY)
    sizes = [prepared.replicate(1, n).needs.size for n in range(12)]
    largest, least = int(np.argmax(sizes)), int(np.argmin(sizes))
    fresh = ready(BUSY)[0].replicate(1, least)
    prepared.replicate(1, largest)
    same_engines(prepared.replicate(1, least), fresh)


# Limits ----------------------------------------------------------------------------------------


@pytest.fixture
def little_memory(monkeypatch):
    """A machine that holds five hundred contacts."""
    monkeypatch.setattr(size, "available_bytes", lambda: 0)
    monkeypatch.setattr(size, "LEAST", 500)


def refusal(call):
    with pytest.raises(LimitError) as caught:
        call()
    return str(caught.value)


@pytest.mark.usefixtures("little_memory")
def test_more_contacts_than_memory_holds_are_refused_in_the_same_words():
    """Endless and restless returns make more than a thousand attempts each."""
    for document in (ENDLESS, RESTLESS):
        scenario = sim.loads(document)
        told = {refusal(lambda s=scenario, e=e: sim.simulate(s, engine=e)) for e in ("compiled", "simpy")}
        told |= {refusal(lambda s=scenario, e=e: sim.run(s, replications=2, engine=e)) for e in ("compiled", "simpy")}
        (words,) = told
        assert "more than 500 contacts in one replication" in words
        assert "set customers.max_attempts" in words


@pytest.mark.usefixtures("little_memory")
def test_a_study_goes_on_after_a_refusal(engine):
    refusal(lambda: sim.run(sim.loads(ENDLESS), replications=2, engine=engine))
    assert sim.run(small(), replications=2, engine=engine).replications == 2


@pytest.mark.usefixtures("little_memory")
def test_what_fits_is_not_refused(engine):
    assert sim.simulate(sim.loads({**ENDLESS, "customers": {}}), engine=engine).contacts.size < 100
