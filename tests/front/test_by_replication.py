"""Figures by replication, and paired differences between points of a sweep."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim.study import tallies

COLUMNS = ["replication", "replications", "measure", "value"]


def wide(table):
    return table.pivot(index="replication", columns="measure", values="value")


def test_every_replication_is_what_it_is_alone(after, result):
    table = result.by_replication
    assert list(table.columns) == COLUMNS
    assert set(table["replications"]) == {1}
    assert wide(table).index.tolist() == [0, 1, 2]
    assert set(table["measure"]) == set(result.measures.index)
    contacts = result.contacts
    answered = contacts[contacts["outcome"] == "answered"]
    assert answered["replication"].unique().tolist() == [0, 1, 2]
    for number, mine in answered.groupby("replication"):
        seconds = mine["talk_s"] + mine["wrap_s"]
        assert wide(table).loc[number, "aht_s"] == pytest.approx(seconds.mean())


def test_the_first_one_is_a_run_of_one(after, result):
    alone = sim.run(after, replications=1).measures["mean"]
    mine = wide(result.by_replication).loc[0]
    pd.testing.assert_series_equal(mine, alone.loc[mine.index], check_names=False)


def test_counts_have_the_mean_of_the_run_and_ratios_do_not(result):
    means = wide(result.by_replication).mean()
    assert means["offered"] == pytest.approx(result.measures.loc["offered", "mean"])
    assert means["aht_s"] != result.measures.loc["aht_s", "mean"]


def test_nothing_to_divide_by_is_nan(after):
    empty = sim.run(sim.changed(after, {"arrivals.per_day": 0}), replications=2)
    assert wide(empty.by_replication)["aht_s"].isna().all()


def test_neighbours_are_added_up_beyond_the_most_rows(after, monkeypatch):
    one_by_one = wide(sim.run(after, replications=7, jobs=1).by_replication)
    monkeypatch.setattr(tallies, "MOST_ROWS", 4)
    table = sim.run(after, replications=7, jobs=1).by_replication
    rows = table[table["measure"] == "offered"]
    assert rows["replication"].tolist() == [0, 2, 4, 6]
    assert rows["replications"].tolist() == [2, 2, 2, 1]
    offered = one_by_one["offered"].to_numpy()
    assert rows["value"].tolist() == [*offered[:6].reshape(3, 2).mean(axis=1), offered[6]]
    handled, answered = one_by_one["aht_s"] * one_by_one["answered"], one_by_one["answered"]
    assert wide(table).loc[0, "aht_s"] == pytest.approx(handled[:2].sum() / answered[:2].sum())


def test_a_comparison_has_all_scenarios_with_their_names(comparison):
    table = comparison.by_replication
    assert list(table.columns) == ["scenario", *COLUMNS]
    assert table["scenario"].unique().tolist() == list(comparison.results)
    both = table[table["measure"] == "offered"].pivot(index="replication", columns="scenario", values="value")
    change = (both["Tiny after"] - both["Tiny before"]).mean()
    differences = comparison.differences.set_index("measure")
    assert differences.loc["offered", "mean"] == pytest.approx(change)
    fall = 1 - both["Tiny after"] / both["Tiny before"]
    after = table[table["scenario"] == "Tiny after"]
    assert wide(after)["net_deflection_rate"].tolist() == fall.tolist()


# Points of a sweep ------------------------------------------------------------


def test_a_difference_is_that_of_a_comparison(after, swept):
    two = [
        sim.changed(after, {"agents.desk.staff": n, "bot.exposure": e, "name": f"{n}"}) for n, e in ((2, 1.0), (3, 0.5))
    ]
    reference = sim.compare(*two, replications=6).differences.set_index("measure")
    found = swept.difference(3, 2)
    assert list(found.columns) == ["mean", "ci_low", "ci_high"]
    shared = reference.index.intersection(found.index)
    assert len(shared) > 40
    pd.testing.assert_frame_equal(found.loc[shared], reference.loc[shared, list(found.columns)], rtol=1e-9, atol=1e-9)


def test_a_difference_is_paired(swept):
    table = swept.table.set_index(["point", "measure"])
    halves = [table.loc[(p, "demand"), "ci_high"] - table.loc[(p, "demand"), "mean"] for p in (1, 3)]
    assert min(halves) > 0
    assert swept.difference(3, 1, "demand").loc["demand"].tolist() == [0.0, 0.0, 0.0]


def test_a_point_less_itself_is_exactly_zero(swept):
    assert np.nan_to_num(swept.difference(2, 2)).any() == np.False_


def test_one_measure_may_be_asked_for(swept):
    assert swept.difference(2, 1, "service_level").index.tolist() == ["sl_offered"]
    assert swept.difference(2, 1, "aht_s").index.tolist() == ["aht_s"]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_point_that_is_not_there(swept, number):
    with pytest.raises(sim.ArgumentError, match=r"^point: must be the number of a point, from 1 to 4"):
        swept.difference(number, 1)


def test_what_cannot_be_compared_is_left_out(after):
    swept = sim.sweep(after, {"targets.service_level": ["80/20", "80/60"]}, replications=2)
    assert "sl_offered" not in swept.difference(2, 1).index
    assert "aht_s" in swept.difference(2, 1).index
    with pytest.raises(sim.NotComparableError, match="points 2 and 1 share no sl_offered"):
        swept.difference(2, 1, "sl_offered")


def test_one_replication_has_no_interval(after):
    swept = sim.sweep(after, {"agents.desk.staff": [2, 3]}, replications=1)
    found = swept.difference(2, 1)
    assert found["mean"].notna().any()
    assert found[["ci_low", "ci_high"]].isna().all().all()
