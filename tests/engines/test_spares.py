"""Whoever comes after a scenario of equal sizes takes its states, and what they hold makes no difference."""

import gc

import numpy as np
import pytest

from sim.engine import prepare, spares
from sim.engine.state import LARGE
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


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"agents.first.staff": 40}, {"agents.first.staff": 2}),
        ({"agents.first.staff": 2}, {"agents.first.staff": 40}),
        (ABSENT, {"agents.first.staff": 3}),
        (DRIFTS, {"agents.first.staff": 9, **STEADY}),
    ],
)
def test_other_sizes_take_the_memory_and_nothing_of_what_it_holds(first, then, monkeypatch):
    alone = replicated(then)
    gc.collect()
    monkeypatch.setattr(spares, "_kept", {})
    replicated(first)
    gc.collect()
    ((old,),) = spares._kept.values()
    again = replicated(then)
    gc.collect()
    ((new,),) = spares._kept.values()
    assert new.sizes != old.sizes
    shared = {name for name in LARGE if name in new.arrays and np.shares_memory(new.arrays[name], old.arrays[name])}
    assert {"people", "contacts", "needs", "order", "time"} <= shared
    assert new.bytes >= sum(array.nbytes for array in new.arrays.values())
    same(again, alone)


def test_other_needs_take_no_state_of_these():
    replicated({})
    replicated({"arrivals.per_day": 900})
    gc.collect()
    assert sum(len(states) for states in spares._kept.values()) == 2


def test_what_rests_lets_others_have_its_states_and_is_simulated_again():
    one = prepare(small())
    alone = one.replicate(1, 0)
    one.compiled.rest()
    assert sum(len(states) for states in spares._kept.values()) == 1
    replicated({"agents.first.staff": 3})
    same(one.replicate(1, 0), alone)


def test_where_memory_is_short_the_oldest_sizes_go_first(monkeypatch):
    replicated({})
    gc.collect()
    (old,) = spares._kept
    size = spares._kept[old][0].bytes
    monkeypatch.setattr(spares, "available_bytes", lambda: int(1.9 * size * spares.PART))
    replicated({"arrivals.per_day": 53})
    gc.collect()
    assert (len(spares._kept), old in spares._kept) == (1, False)
