"""Worlds in which the engines once differed, or one of them broke."""

import numpy as np
import pytest

from sim import load, loads, run, simulate
from sim.engine.records import Outcome
from tests.engines.same import same_engines

OVERNIGHT = {
    # on duty at close, kept for the drain, and the next shift begins while customers still wait
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "00:00-08:00"},
    "arrivals": {"per_day": 1500},
    "intents": {"a": {"talk_time": "4m"}},
    "agents": {"g": {"skills": ["a"], "shifts": [{"count": 2, "start": "16:00", "length": "16h"}]}},
}
ROUND_THE_CLOCK = {
    "calendar": {"start": "2026-11-23", "days": 3, "hours": "08:00-20:00"},
    "arrivals": {"per_day": 20},
    "intents": {"a": {"talk_time": {"distribution": "constant", "value": "60h"}}},
    "agents": {"g": {"skills": ["a"], "shifts": [{"count": 1, "start": "08:00", "length": "24h"}]}},
}
INFINITELY_PATIENT = {
    # patience without end, times a factor that is too small to be more than 0
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00"},
    "arrivals": {"per_day": 50, "process": "fixed_count"},
    "intents": {"a": {"talk_time": "40m", "bot": {"resolves": 0.2}}},
    "customers": {"patience": "infinite"},
    "bot": {"opt_out": 0},
    "frustration": {"start": 0, "failed_turn": 1, "effects": {"patience": 1_000_000}},
    "agents": {"g": {"skills": ["a"], "staff": 1}},
}


@pytest.mark.parametrize("world", [OVERNIGHT, ROUND_THE_CLOCK, INFINITELY_PATIENT])
def test_both_engines_agree_and_everybody_leaves_the_queue(world):
    scenario = loads({"name": "a counterexample", **world})
    for replication in range(3):
        records = simulate(scenario, replication=replication)
        same_engines(records, simulate(scenario, replication=replication, engine="simpy"))
        joined = records.contacts[records.contacts["joined_us"] >= 0]
        assert (joined["left_us"] >= joined["joined_us"]).all()
        assert (joined["outcome"] != Outcome.NONE).all()
        assert (records.needs["attempts"] > 0).all()


def test_whoever_is_kept_for_the_drain_stays_though_the_next_shift_begins_and_ends():
    """On the first day nobody comes before 16:00; on the second two are there from the start."""
    contacts = simulate(loads({"name": "overnight", **OVERNIGHT})).contacts
    assert (contacts["outcome"][contacts["day"] == 1] == Outcome.ANSWERED).all()


def test_infinite_patience_stays_infinite():
    contacts = simulate(loads({"name": "patient", **INFINITELY_PATIENT})).contacts
    assert not np.isin(contacts["outcome"], (Outcome.ABANDONED, Outcome.BALKED)).any()


def test_busy_days_beyond_the_limit_are_refused_before_they_are_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.loading.size.available_bytes", lambda: 0)
    monkeypatch.setattr("sim.loading.size.LEAST", 2_000)
    path = tmp_path / "busy.yaml"
    path.write_text(
        "name: busy\ncalendar: {start: 2026-11-23, days: 1, hours: '08:00-20:00'}\n"
        "arrivals: {per_day: 1500, busyness_cv: 2}\nintents: {a: {talk_time: 1m}}\n"
        "agents: {g: {skills: [a], staff: 50}}\n"
    )
    with pytest.raises(Exception, match=r"more than 2,000 contacts.*Lower arrivals, busyness_cv"):
        run(load(path), replications=40, jobs=1)
