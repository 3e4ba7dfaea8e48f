"""What a baseline keeps of a scenario."""

import math

import pytest

import sim
from sim.study.baseline import Baseline, make_baseline
from tests.study.steady import STEADY, steady


@pytest.fixture(scope="module")
def made():
    return make_baseline(steady(), replications=4, settings=["calendar.days=1"])


@pytest.fixture(scope="module")
def result():
    return sim.run(steady(), replications=4)


def test_it_keeps_what_it_takes_to_simulate_again(made):
    assert (made.scenario, made.digest) == ("Steady", steady().digest)
    assert (made.seed, made.replications, made.settings) == (1, 4, ("calendar.days=1",))


def test_every_measure_is_kept_with_its_standard_error(made, result):
    assert set(made.measures) == set(result.measures.index)
    for name, row in result.measures.iterrows():
        kept = made.measures[name]
        if math.isnan(row["mean"]):
            assert (kept.mean, kept.se) == (None, None)
            continue
        half = 3.182446 * kept.se  # Student's t with 3 degrees of freedom
        assert kept.mean == pytest.approx(row["mean"], rel=1e-11)
        assert half == pytest.approx(row["ci_high"] - row["mean"], rel=1e-4, abs=1e-12)


def test_a_standard_error_by_hand(made):
    daily = [sim.run(steady(), replications=n).measures.loc["demand", "mean"] * n for n in (1, 2, 3, 4)]
    each = [now - before for before, now in zip([0, *daily], daily, strict=False)]
    mean = sum(each) / 4
    by_hand = math.sqrt(sum((x - mean) ** 2 for x in each) / 3 / 4)
    assert made.measures["demand"].se == pytest.approx(by_hand, rel=1e-5)


def test_counts_have_no_tolerance_and_the_rest_that_of_rounding(made):
    tolerances = {
        name: made.measures[name].tolerance for name in ("demand", "answered", "aht_s", "sl_offered", "wait_p90_s")
    }
    assert tolerances == {"demand": 0.0, "answered": 0.0, "aht_s": 1e-9, "sl_offered": 1e-9, "wait_p90_s": 1e-9}
    assert {kept.tolerance_other_seed for kept in made.measures.values()} == {0.0}


def test_one_replication_has_no_standard_error():
    made = make_baseline(steady(), replications=1)
    assert {kept.se for kept in made.measures.values()} == {None}
    assert made.table["se"].isna().all()


def test_tolerances_of_an_older_one_are_kept(made):
    measures = made.measures | {"aht_s": made.measures["aht_s"].model_copy(update={"tolerance": 0.01, "mean": 1.0})}
    older = made.model_copy(update={"measures": measures})
    again = make_baseline(steady(), replications=4, tolerances=older)
    assert again.measures["aht_s"].tolerance == 0.01
    assert again.measures["aht_s"].mean == made.measures["aht_s"].mean


def test_no_more_digits_are_kept_than_machines_agree_on(made):
    for kept in made.measures.values():
        assert (kept.mean, kept.se) == (kept.mean and float(f"{kept.mean:.12g}"), kept.se and float(f"{kept.se:.6g}"))


def test_the_table_has_a_row_a_measure(made):
    assert list(made.table.columns) == ["mean", "se", "n", "tolerance", "tolerance_other_seed"]
    assert made.table.loc["demand", "mean"] == made.measures["demand"].mean
    assert list(made.table.index) == sorted(made.measures)


def test_sections_tell_intents_and_groups_apart(made):
    other = make_baseline(steady(agents__desk__staff=6, customers__balk=0.1), replications=1)
    assert {key for key in made.sections if made.sections[key] != other.sections[key]} == {"agents.desk", "customers"}
    assert {"intents.all", "calendar", "run"} <= set(made.sections)


def test_precision_decides_the_replications():
    precise = sim.loads({**STEADY, "run": {"precision": {"aht_s": "10%"}}})
    assert make_baseline(precise).replications == 30


@pytest.mark.parametrize("change", [{"n": 3}, {"se": None}, {"mean": None}, {"tolerance": -1.0}])
def test_what_does_not_add_up_is_refused(made, change):
    told = made.model_dump(mode="json")
    told["measures"]["aht_s"] |= change
    told["settings"] = tuple(told["settings"])
    with pytest.raises(ValueError, match="aht_s"):
        Baseline.model_validate(told)
