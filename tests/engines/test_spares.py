"""Whoever comes after a scenario of equal sizes takes its states, and what they hold makes no difference."""

import gc

import pytest

from sim.engine import prepare, spares
from sim.loading.load import changed
from tests.engines.same import same
from tests.study.small import small

ABSENT = {"agents.first.absence": 0.3, "agents.second.absence": 0.3, "workforce": {"tenure": "200d"}}
NOBODY_ABSENT = {"agents.second.absence": 0.0}
DRIFTS = {"bot.day_sd": 0.8, "bot.outage": {"per_day": 0.9, "length": "2h"}, "workforce": {"tenure": "200d"}}
STEADY = {"bot.day_sd": 0.0, "bot.outage": {"per_day": 0.0001, "length": "2h"}}


@pytest.fixture(autouse=True)
def none_from_elsewhere(monkeypatch):
    monkeypatch.setattr(spares, "_kept", {})


def replicated(settings):
    return prepare(changed(small(), settings)).replicate(1, 0)


@pytest.mark.parametrize(
    ("first", "then"), [(ABSENT, NOBODY_ABSENT), (DRIFTS, STEADY), ({"bot.day_sd": 0.8}, {"pace.target": "2m"})]
)
def test_what_another_scenario_has_left_changes_nothing(first, then, monkeypatch):
    alone = replicated(then)
    gc.collect()
    monkeypatch.setattr(spares, "_kept", {})
    replicated(first)
    gc.collect()
    (state,) = (state for states in spares._kept.values() for state in states)
    again = replicated(then)
    gc.collect()
    assert [s for states in spares._kept.values() for s in states] == [state], "it was taken, and put by again"
    same(again, alone)


def test_other_sizes_take_no_state_of_these():
    replicated({})
    replicated({"agents.first.staff": 3})
    gc.collect()
    assert sum(len(states) for states in spares._kept.values()) == 2


def test_where_memory_is_short_the_oldest_sizes_go_first(monkeypatch):
    replicated({})
    gc.collect()
    (old,) = spares._kept
    size = spares._kept[old][0].bytes
    monkeypatch.setattr(spares, "available_bytes", lambda: int(1.9 * size * spares.PART))
    replicated({"agents.first.staff": 3})
    gc.collect()
    assert (len(spares._kept), old in spares._kept) == (1, False)
