"""Many scenarios, all workers busy: the same figures as each by itself."""

import numpy as np
import pytest

import sim
from sim.loading.load import changed
from sim.measures.tally import SLICES
from sim.study import scenario_results
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.scenario_results import simulate_all, tidy_result
from tests.study.small import small

ORDERS = RunOptions(1)


@pytest.fixture(scope="module")
def results():
    return list(simulate_all([small(), small(pace="off")], ORDERS, 6, slices=("intent", "day")))


def test_a_cell_measures_what_a_run_measures(results):
    for result, scenario in zip(results, (small(), small(pace="off")), strict=True):
        alone = sim.run(scenario, seed=1, replications=6).measures
        told = tidy_result(result).set_index("measure")
        np.testing.assert_array_equal(told.loc[alone.index].to_numpy(float), alone.to_numpy(float))
        assert result.replications == 6


def test_every_replication_has_its_own_value(results):
    first = sim.run(small(), seed=1, replications=1).measures["mean"]
    for measure in ("aht_s", "sl_offered", "offered"):
        assert results[0].values[measure][0] == first[measure]
    assert results[0].values["offered"].shape == (6,)
    assert results[0].values["offered"].mean() == pytest.approx(results[0].mean("offered"), rel=1e-12)


def test_slices_come_with_their_labels(results):
    result = sim.run(small(), seed=1, replications=6).by_intent
    wanted = result[result["measure"] == "aht_s"]
    assert list(results[0].labels["intent"]["intent"]) == list(wanted["intent"])
    np.testing.assert_array_equal(results[0].slices["intent"]["aht_s"].mean, wanted["mean"])
    assert set(results[0].slices) == {"intent", "day"}


def test_differences_are_paired_on_the_same_customers(results):
    hurried, free = results
    found = sim.compare(small(), small(pace="off", name="free"), seed=1, replications=6).differences
    row = found[found["measure"] == "aht_s"].iloc[0]
    change = free.change(hurried, "aht_s")
    assert (change.mean[0], change.low[0]) == (row["mean"], row["ci_low"])
    same = free.change(free, "aht_s")
    assert (same.mean[0], same.half_width[0]) == (0.0, 0.0)


def test_a_measure_that_one_of_them_lacks_has_no_difference(results):
    (bare,) = simulate_all([small(costs="off")], ORDERS, 2)
    assert results[0].change(bare, "cost") is None
    assert np.isnan(bare.mean("cost"))


def test_progress_counts_over_all_scenarios_and_begins_once():
    told = []
    list(simulate_all([small(), small(), small()], ORDERS, 4, progress=lambda *done: told.append(done)))
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert sum(done == 0 for done, _ in told) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_workers_change_nothing(results, jobs, monkeypatch):
    monkeypatch.setattr("sim.study.replicate.ALONE_BELOW", 0)
    (again,) = simulate_all([small()], RunOptions(1, jobs=jobs), 6)
    assert {m: e.mean[0] for m, e in again.estimates.items() if e.mean[0] == e.mean[0]} == {
        m: e.mean[0] for m, e in results[0].estimates.items() if e.mean[0] == e.mean[0]
    }


def test_the_next_scenarios_are_begun_before_the_first_is_handed_over(monkeypatch):
    monkeypatch.setattr("sim.study.replicate.ALONE_BELOW", 0)
    ready, make = [], scenario_results.make_run
    monkeypatch.setattr(scenario_results, "make_run", lambda *given, **how: ready.append(1) or make(*given, **how))
    results = simulate_all([small()] * 6, RunOptions(1, jobs=2), 2)
    next(results)
    results.close()
    assert len(ready) == 3, "two workers have four pieces of work ahead, and no scenario is made ready before its turn"


def test_every_scenario_gets_its_own_counts_however_they_are_shared_out(engine, monkeypatch):
    monkeypatch.setattr("sim.study.replicate.ALONE_BELOW", 0)
    different = [small(), changed(small(), {"agents.first.staff": 4}), small()]
    names = ["offered", "aht_s", "occupancy"]
    alone = [next(simulate_all([scenario], RunOptions(1, jobs=1), 3)) for scenario in different]
    shared = simulate_all(different, RunOptions(1, engine, jobs=2), 3)
    for one, other in zip(alone, shared, strict=True):
        assert [one.mean(name) for name in names] == [other.mean(name) for name in names]
    assert alone[0].mean("occupancy") != alone[1].mean("occupancy")


# What is kept, and when scenarios are made ----------------------------------------------------------


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_only_what_is_asked_for_is_kept_of_a_replication(engine):
    """The whole is always there, and by intent where targets of some contacts need it; figures stay as they are."""
    goals = {"fault": {"resolution": 0.5}}
    plain, with_goals = small(), small(targets=goals)
    runs = [
        make_run(plain),
        make_run(plain, slices=()),
        make_run(plain, slices=("day",)),
        make_run(with_goals, slices=()),
    ]
    replicate(runs, RunOptions(1, engine, jobs=1), 3)
    kept = [(set(run.tallies.rows[0].counts), set(run.tallies.rows[0].waits)) for run in runs]
    assert kept[0] == (set(SLICES), {"overall", "day", "intent"})
    assert kept[1:] == [({"overall"},) * 2, ({"overall", "day"},) * 2, ({"overall", "intent"},) * 2]
    for run in runs[1:]:
        for name, estimate in runs[0].estimates("overall").items():
            assert run.estimates("overall")[name].replicates.tobytes() == estimate.replicates.tobytes()


def test_scenarios_are_made_while_earlier_ones_are_simulated():
    made = []

    def source():
        for factor in range(12):
            made.append(factor)
            yield small(pace="off")

    results = simulate_all(source(), RunOptions(1, jobs=1), 2, count=12)
    next(results)
    assert len(made) < 12
    assert len(list(results)) == 11
