"""How much memory there is, and how often needs may come back."""

import math

import pytest

from sim.loading import size
from sim.loading.load import loads
from sim.loading.size import available_bytes, most_returns

SECOND = {"distribution": "constant", "value": "1s"}
REDIAL = {"probability": 1, "next_day": 0, "delay": SECOND}


def centre(**customers):
    """Two open days of two hours, a hundred contacts each."""
    return {
        "name": "two days",
        "calendar": {"start": "2026-01-05", "days": 2, "hours": "08:00-10:00"},
        "arrivals": {"per_day": 100},
        "intents": {"a": {"talk_time": "3m"}},
        "customers": {"patience": "1m"} | customers,
        "agents": {"g": {"skills": ["a"], "staff": 1}},
        "run": {"warm_up": "0d", "follow_up": "0d"},
    }


@pytest.mark.parametrize(
    ("customers", "most"),
    [
        ({"redial": REDIAL}, 4 * 3600),
        ({"redial": REDIAL | {"delay": "15m"}}, 16),
        ({"redial": REDIAL | {"probability": 0.9991}}, 4 * 3600),
        ({"redial": REDIAL, "max_attempts": 5}, 4),
        ({"redial": REDIAL | {"delay": "0s"}, "max_attempts": 5000}, 4999),
        ({"redial": REDIAL | {"next_day": 0.1}}, 20),
        ({"redial": REDIAL, "patience": "infinite", "balk": 0.1}, 4 * 3600),
        ({"redial": REDIAL, "patience": "infinite"}, 0),
        ({"redial": REDIAL | {"probability": 0.99}}, 0),
        ({"repeat": {"probability": 1, "delay": "1h"}}, 0),
        ({"repeat": {"probability": 1, "delay": "1h"}, "difficulty_slope": 100}, 4),
    ],
)
def test_how_often_a_need_may_come_back(customers, most):
    scenario = loads(centre(**customers))
    back = scenario.customers.redial or scenario.customers.repeat
    assert most_returns(scenario, back) == pytest.approx(most)


def test_nothing_but_the_limit_ends_what_is_at_once():
    scenario = loads(centre(redial=REDIAL | {"delay": "0s"}, max_attempts=5000))
    endless = scenario.customers.model_copy(update={"max_attempts": None})
    scenario = scenario.model_copy(update={"customers": endless})
    assert most_returns(scenario, endless.redial) == math.inf


def test_returns_beyond_memory_are_noted(monkeypatch):
    """Room for 2,000 attempts: ten of each need."""
    monkeypatch.setattr(size, "most_attempts", lambda: 2_000)
    told = [note for note in loads(centre(redial=REDIAL)).notes if "memory" in note]
    assert told == [
        "customers.redial: with a probability of 1 and a mean delay of 1s a need may come back 14,400 times, and "
        "memory has room for 10 attempts of each. Set customers.max_attempts, or a lower probability"
    ]
    assert not [note for note in loads(centre(redial=REDIAL, max_attempts=10)).notes if "memory" in note]
    assert [note for note in loads(centre(redial=REDIAL, max_attempts=11)).notes if "memory" in note]


# Memory -----------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with 8 GB free; returns the folder of a container's memory."""
    (tmp_path / "meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable: 8000000 kB\n")
    monkeypatch.setattr(size, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(size, "CGROUPS", ((str(tmp_path), "memory.max", "memory.current", "inactive_file"),))
    return tmp_path


def container(folder, most, used, cached):
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\nactive_file 7\n")


@pytest.mark.parametrize(
    ("most", "used", "cached", "free"),
    [
        (2_000_000_000, 500_000_000, 100_000_000, 1_600_000_000),
        (2_000_000_000, 2_100_000_000, 0, 0),
        (50_000_000_000, 500_000_000, 0, 8_192_000_000),
        ("max", 500_000_000, 0, 8_192_000_000),
    ],
)
def test_a_container_may_hold_less_than_its_machine(machine, most, used, cached, free):
    container(machine, most, used, cached)
    assert available_bytes() == free


def test_without_a_container_it_is_the_machine(machine):
    assert available_bytes() == 8_192_000_000
