"""People by name in the seats of a roster: the roster's own change nothing, others bring their own luck and tenure."""

import numpy as np
import pytest

import sim
from sim.engine import COMPILED, SIMPY, prepare
from sim.engine.crew import Crew, own_crew
from sim.rng.philox import name_hash

from .same import same, same_engines

WORLD = """
calendar: {start: 2026-11-23, days: 2, hours: "08:00-12:00"}
arrivals: {per_day: 220}
intents: {call: {share: 0.6, talk_time: 5m}, talk: {share: 0.4, talk_time: 6m, channel: chat}}
customers: {patience: 2m, redial: {}}
agents:
  desk: {skills: [call, talk], staff: 6, absence: 20%, relief: 90m, concurrency: {0d: 1, 200d: 2}}
  back: {skills: [call], absence: 10%, shifts: [{count: 4, start: "08:00", length: 4h}]}
workforce: {}
assistant: {adoption: 50%}
fatigue: {}
run: {warm_up: 0s, follow_up: 0s}
"""


@pytest.fixture(scope="module")
def scenario():
    return sim.loads(WORLD)


@pytest.fixture(scope="module")
def own(scenario):
    return prepare(scenario)


@pytest.fixture(scope="module")
def crew(own):
    """Hired people in every third seat, the others moved on by a year, one of them from elsewhere."""
    sizes = np.diff(own.model.roster.first).tolist()
    crew = own_crew(["desk", "back"], sizes)
    third = np.arange(crew.word.size) % 3 == 0
    word, number = (
        np.where(third, name_hash("desk\n3\n0"), crew.word),
        np.where(third, np.arange(third.size), crew.number),
    )
    word[1] = name_hash("elsewhere")
    return Crew(word, number, np.where(third, 30 * 86_400.0, np.nan), np.full(third.size, 365 * 86_400.0))


@pytest.mark.parametrize("engine", [COMPILED, SIMPY])
def test_the_rosters_own_people_change_no_bit(scenario, own, engine):
    sizes = np.diff(own.model.roster.first).tolist()
    named = prepare(scenario, crew=own_crew(["desk", "back"], sizes))
    same(named.replicate(1, 0, engine), own.replicate(1, 0, engine))
    np.testing.assert_array_equal(named.replicate(1, 0, engine).agents, own.replicate(1, 0, engine).agents)


def test_both_engines_play_a_crew_alike(scenario, crew):
    played = prepare(scenario, crew=crew)
    for replication in range(3):
        same_engines(played.replicate(1, replication, COMPILED), played.replicate(1, replication, SIMPY))


def test_a_crew_has_its_own_luck_and_time_in_the_job(scenario, own, crew):
    plain, other = own.replicate(1, 0).agents, prepare(scenario, crew=crew).replicate(1, 0).agents
    third = ~np.isnan(crew.tenure_s)
    assert other["tenure_s"][third] == pytest.approx(395 * 86_400.0)
    kept = ~third & (np.arange(third.size) != 1)
    assert other["tenure_s"][kept] == pytest.approx(plain["tenure_s"][kept] + 365 * 86_400.0)
    np.testing.assert_array_equal(other["speed"][kept], plain["speed"][kept])
    assert not (other["speed"][~kept] == plain["speed"][~kept]).any()


def test_who_is_absent_goes_by_name(scenario, own, crew):
    absent = {}
    for name, prepared in (("own", own), ("crew", prepare(scenario, crew=crew))):
        rows = []
        for replication in range(20):
            state = prepared.compiled.play(1, replication)
            rows.append(state.present.copy())
            prepared.compiled.give_back(state)
        absent[name] = np.array(rows)
    kept = np.isnan(crew.tenure_s) & (np.arange(crew.word.size) != 1)
    np.testing.assert_array_equal(absent["own"][:, kept], absent["crew"][:, kept])
    assert (absent["own"][:, ~kept] != absent["crew"][:, ~kept]).any()
