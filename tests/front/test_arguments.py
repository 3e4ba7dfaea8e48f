"""What a public function cannot take, it refuses in one clear error before it begins."""

import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from tests.report.tiny import AFTER

VERBS = ("run", "sweep", "staff", "targets", "release", "simulate", "null_world", "make_baseline", "changed")
WRONG = [0, -1, "3", 2.5, True, np.array([1, 2]), np.nan, [3]]


def call(name, scenario, **arguments):
    """Call a verb on a scenario with what it needs beside it."""
    more = {"sweep": {"keys": {"agents.desk.staff": [2, 3]}}, "release": {"freed": 1}, "changed": {"settings": ()}}
    return getattr(sim, name)(scenario, **more.get(name, {}) | arguments)


@pytest.mark.parametrize("name", VERBS)
@pytest.mark.parametrize("given", ["centre.yaml", Path("centre.yaml")])
def test_a_path_where_a_scenario_belongs(name, given):
    with pytest.raises(sim.ArgumentError, match=r"^scenario: must be a Scenario .*sim\.load\('centre\.yaml'\)$"):
        call(name, given)


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ("name: a\ncalendar: {}", "Load a text with sim.loads"),
        (AFTER, "Make a scenario of plain data with sim.loads"),
        (None, "Load one with sim.load"),
    ],
)
def test_what_else_may_stand_for_a_scenario(given, fix):
    with pytest.raises(sim.ArgumentError, match=f"^scenario: must be a Scenario .*{fix}$"):
        sim.run(given)


def test_a_result_where_a_scenario_belongs(result):
    with pytest.raises(sim.ArgumentError, match=r"got a RunResult\). It has one: pass its \.scenario"):
        sim.run(result)


def test_scenarios_are_compared_one_by_one(after):
    with pytest.raises(sim.ArgumentError, match=r"^scenarios: .*Pass scenarios one by one$"):
        sim.compare([after, after])
    with pytest.raises(sim.ArgumentError, match=r"^after: must be a Scenario"):
        sim.bridge(after, "after.yaml")


@pytest.mark.parametrize("name", ["run", "sweep", "staff", "targets", "release", "make_baseline"])
@pytest.mark.parametrize("key", ["replications", "jobs"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_counts_are_whole_and_at_least_one(after, name, key, value):
    with pytest.raises(sim.ArgumentError, match=f"^{key}: must be a whole number of at least 1 \\(got "):
        call(name, after, **{key: value})


@pytest.mark.parametrize("value", [-1, "1", 1.0, 10**13, np.array([1, 2])], ids=repr)
def test_a_seed_is_what_a_file_may_say(after, value):
    with pytest.raises(sim.ArgumentError, match=r"^seed: must be a whole number from 0 to 1,000,000,000,000 \(got "):
        sim.run(after, seed=value)


def test_an_array_is_named_by_its_shape(after):
    with pytest.raises(sim.ArgumentError, match=r"got a ndarray of shape \(2, 3\)"):
        sim.run(after, replications=np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("run", {"contacts": "yes"}, "contacts: must be True or False"),
        ("run", {"engine": 3}, "engine: must be a text"),
        ("run", {"progress": 3}, "progress: must be a function"),
        ("simulate", {"replication": -1}, "replication: must be a whole number of at least 0"),
        ("sweep", {"keys": [1]}, "keys: must be a dict"),
        ("sweep", {"sample": 0}, "sample: must be a whole number of at least 1"),
        ("targets", {"paces": 300.0}, "paces: must be a list"),
        ("targets", {"paces": ["300"]}, "paces: must be a number"),
        ("targets", {"shares": [-0.5]}, "shares: must be a number above 0"),
        ("targets", {"staffing": [0.9]}, "staffing: must be a Level"),
        ("staff", {"budget": -5}, "budget: must be a number above 0"),
        ("staff", {"by": "hour"}, "by: hour: is not known. Use interval, day, whole"),
        ("staff", {"each": 3}, "each: must be a text"),
        ("staff", {"rules": True}, "rules: must be a ShiftRules"),
        ("release", {"freed": "1"}, "freed: must be a number"),
        ("changed", {"settings": 3}, "settings: must be a list or a dict"),
        ("changed", {"settings": [3]}, "settings: must be texts key.path=value"),
    ],
)
def test_other_arguments(after, name, arguments, words):
    with pytest.raises(sim.ArgumentError, match=f"^{words}"):
        call(name, after, **arguments)


@pytest.mark.parametrize(
    ("function", "argument"), [(sim.load, 3), (sim.load, None), (sim.loads, Path("a.yaml")), (sim.loads, [1])]
)
def test_what_cannot_be_loaded(function, argument):
    with pytest.raises(sim.ArgumentError, match=r"must be a text or a (Path|dict) \(got "):
        function(argument)


def test_groups_of_a_level_are_those_of_the_scenario(after):
    with pytest.raises(sim.ArgumentError, match=r"^groups: nobody: is no group of Tiny after. Name one of desk"):
        sim.by_factor(after, 0.9, ["nobody"])
    with pytest.raises(sim.ArgumentError, match=r"^groups: must be a list"):
        sim.by_factor(after, 0.9, "desk")


def test_every_refusal_is_a_ccsim_error_and_a_value_error():
    assert issubclass(sim.ArgumentError, sim.CcsimError)
    assert issubclass(sim.ArgumentError, ValueError)


def test_python_itself_says_what_is_missing_or_unknown(after):
    with pytest.raises(TypeError, match=r"run\(\) got an unexpected keyword argument 'replication'"):
        sim.run(after, replication=3)
    with pytest.raises(TypeError, match=r"run\(\) missing 1 required positional argument"):
        sim.run()


def test_numbers_of_numpy_are_numbers(after):
    plain = sim.run(after, replications=2, seed=3)
    numpy = sim.run(after, replications=np.int64(2), seed=np.uint8(3), contacts=np.bool_(False))
    pd.testing.assert_frame_equal(plain.measures, numpy.measures, check_exact=True)
    assert type(numpy.replications) is type(numpy.seed) is int


def test_arrays_are_lists_of_values(after):
    profile = [1.0, 2.0, 3.0, 4.0]
    listed = sim.changed(after, {"arrivals.profile": profile})
    assert sim.changed(after, {"arrivals.profile": np.array(profile)}) == listed
    assert sim.changed(after, {"arrivals.profile": pd.Series(profile)}) == listed
    with pytest.raises(sim.ScenarioError, match=r"agents\.desk\.staff: has 2 values"):
        sim.changed(after, {"agents.desk.staff": np.array([1, 2])})


def test_arrays_are_values_of_a_sweep(after):
    swept = sim.sweep(after, {"agents.desk.staff": np.arange(2, 4), "bot.exposure": np.array(0.5)}, replications=2)
    assert swept.points["agents.desk.staff"].tolist() == [2, 3]


def test_a_checked_function_looks_like_itself():
    assert sim.run.__name__ == "run"
    assert "Parameters" in (inspect.getdoc(sim.run) or "")
    assert next(iter(inspect.signature(sim.run).parameters)) == "scenario"
