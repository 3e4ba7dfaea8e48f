"""Rooms of the compiled engine: what they are limited by, and what becomes of them in another process."""

import subprocess
import sys
from pathlib import Path

from sim import loads, simulate
from sim.loading import size
from tests.engines.same import same_engines

# A hundred agents who come in the morning and go at night, for sixty days: six thousand spells of duty.
DAY_AND_NIGHT = {
    "name": "day and night",
    "calendar": {"start": "2026-11-23", "days": 60, "hours": "08:00-20:00"},
    "arrivals": {"per_day": 60},
    "intents": {"call": {"talk_time": "4m"}},
    "agents": {"team": {"skills": ["call"], "staff": 100}},
    "run": {"warm_up": "0d", "follow_up": "0d"},
}


def test_many_spells_of_duty_are_not_many_contacts(monkeypatch):
    """3,600 contacts on a machine that holds 5,000."""
    monkeypatch.setattr(size, "available_bytes", lambda: 0)
    monkeypatch.setattr(size, "LEAST", 5_000)
    scenario = loads(DAY_AND_NIGHT)
    reference = simulate(scenario, engine="simpy")
    assert reference.duties.size == 6_000
    same_engines(simulate(scenario), reference)


SENT = """
import gc, pickle, sys
sys.path.insert(0, sys.argv[1])
from tests.engines.same import same
from sim.engine import prepare
from tests.study.small import small
prepared = prepare(small())
first = prepared.replicate(1, 0)
sent = pickle.dumps(prepared)
del prepared
gc.collect()
same(pickle.loads(sent).replicate(1, 0), first)
"""


def test_a_scenario_made_ready_can_be_sent_to_another_process():
    """Used before it is sent; in a process of the test's own, since it might crash."""
    tests = str(Path(__file__).resolve().parents[1])
    done = subprocess.run([sys.executable, "-c", SENT, tests], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, (done.returncode, done.stderr)
