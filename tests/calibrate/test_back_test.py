"""Closing, walking forward, scoring: on logs of centres whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from sim.calibrate.backtest import walk_forward as module
from sim.calibrate.backtest.formulas import by_formula
from sim.calibrate.backtest.hour_ranges import DrawnHours, with_ranges
from sim.calibrate.backtest.walk_forward import BackTest, Window, by_month, scores, walk_forward, windows_of
from sim.calibrate.closing_checks import need_met
from sim.calibrate.document import DocumentOptions, period_of
from sim.calibrate.reading.import_log import ExportError
from sim.calibrate.staffing_closure import close_staffing, week_of
from sim.study.replicate import RunOptions
from sim.study.staffing.erlang import Queue, predict
from tests.calibrate.exports import small_centre


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return small_centre(49, tmp_path_factory.mktemp("log"))


@pytest.fixture(scope="module")
def test(source) -> BackTest:
    return walk_forward(source, windows_of(len(source.dates), 28), 20.0, RunOptions(1))


def test_windows():
    assert windows_of(49, 28) == [Window(0, 28, 35), Window(7, 35, 42), Window(14, 42, 49)]
    assert windows_of(41) == [Window(0, 14, 21), Window(7, 21, 28), Window(14, 28, 35)]
    assert [w.last for w in windows_of(56)] == [28, 35, 42, 49]
    assert [w.last for w in windows_of(300, 28, 3)] == [28, 154, 287]
    assert windows_of(20) == []


def test_closing_reproduces_the_stretch(source):
    fits = source.fit(0, 49)
    closed = close_staffing(fits)
    assert closed.met
    assert closed.abandonment == pytest.approx(fits.seen.abandonment, rel=0.02)
    assert closed.wait_all_s == pytest.approx(fits.seen.wait_all_s, rel=0.1)
    assert 0.9 < closed.choice.staff_factor < 1.15
    again = sim.run(week_of(fits, closed.choice), replications=150, seed=9).measures
    low, high = again.loc["abandonment_rate", ["ci_low", "ci_high"]]
    assert low - 0.01 < fits.seen.abandonment < high + 0.01


def test_closing_finds_a_staffing_that_was_halved(source):
    fits = source.fit(0, 49)
    found = close_staffing(fits).choice.staff_factor
    halved = close_staffing(replace(fits, presence=fits.presence / 2)).choice.staff_factor
    assert halved == pytest.approx(2 * found, rel=0.05)


def test_closing_says_when_nothing_in_reach_helps(source):
    fits = source.fit(0, 49)
    closed = close_staffing(replace(fits, presence=fits.presence / 10))
    assert not closed.met
    assert closed.choice.staff_factor == 2.5
    with pytest.raises(ExportError, match=r"no staffing from a half to two and a half times the agents seen.*--staff"):
        need_met(fits, closed, "calls.csv")


def test_a_staffing_that_is_given_is_left_alone(source):
    closed = close_staffing(replace(source.fit(0, 49), staff_given=True))
    assert closed.choice == DocumentOptions()


def test_intervals_cover_what_they_promise(test):
    """Of 420 half-hours and 210 hours in three weeks, in a centre that is exactly as the model says."""
    whole = by_month(test).iloc[-1]
    assert whole["half_hours"] == 420
    assert whole["hours"] == 210
    assert 0.84 < whole["offered_covered"] < 0.97
    assert 0.80 < whole["abandonment_covered"] < 0.98
    assert whole["expected"] == pytest.approx(whole["offered"], rel=0.08)


def test_a_day_is_compared_with_what_came(test, source):
    cells = source.observed_counts(20.0)
    day = test.days.iloc[0]
    assert str(day["date"].date()) == "2026-02-02"
    assert day["offered"] == cells.offered[28].sum()
    assert day["abandonment"] == cells.abandoned[28].sum() / cells.offered[28].sum()
    assert day["wait_s"] == pytest.approx(cells.waited_s[28].sum() / cells.offered[28].sum())
    assert day["within"] == cells.within[28].sum() / cells.offered[28].sum()


def test_errors_are_small_where_the_centre_is_as_the_model_says(test):
    table = scores(test).set_index(["figure", "model"])
    assert abs(table.loc[("abandonment", "sim"), "bias"]) < 0.03
    assert abs(table.loc[("wait_s", "sim"), "bias"]) < 8
    assert table.loc[("abandonment", "erlang_c"), "predicted"] == 0
    for figure in ("abandonment", "wait_s"):
        assert table.loc[(figure, "sim"), "mae"] < table.loc[(figure, "erlang_c"), "mae"]


def test_a_replay_misses_days_by_less_than_a_forecast(test):
    table = scores(test).set_index(["figure", "model"])["mae"]
    for figure in ("abandonment", "wait_s"):
        assert table[figure, "replay"] < 0.8 * table[figure, "sim"]


def test_scores_by_hand():
    days = pd.DataFrame({"date": pd.to_datetime(["2026-01-05", "2026-01-06"]), "offered": [100.0, 300.0]})
    for figure in ("abandonment", "wait_s", "within"):
        days[figure] = [0.1, 0.2]
        days[f"sim_{figure}"] = [0.2, 0.2]
        days[f"erlang_a_{figure}"] = [0.1, 0.5]
        days[f"erlang_c_{figure}"] = [0.0, 0.0]
    days["sim_offered"] = days["offered"]
    empty = pd.DataFrame({"date": days["date"], "inside": [True, False]})
    table = scores(BackTest(empty, empty, days, pd.DataFrame(), 0.0, 20.0, 1)).set_index(["figure", "model"])
    own, other = table.loc[("wait_s", "sim")], table.loc[("wait_s", "erlang_a")]
    assert own[["observed", "predicted", "mae"]].tolist() == pytest.approx([0.175, 0.2, 0.05])
    assert own["rmse"] == pytest.approx(np.sqrt(0.01 / 2))
    assert other[["bias", "mae", "mae_more"]].tolist() == pytest.approx([0.225, 0.15, 0.1])
    assert other["sim_closer"] == 0.5


def test_the_formulas_get_the_same_inputs(source):
    fits = source.fit(0, 28)
    period = period_of(fits, source.dates[28:29])
    staff = {period.dates[0].date(): np.full((1, 20), 5)}
    said = {name: by_formula(fits, period, staff, 20.0, name) for name in ("erlang_a", "erlang_c")}
    volume = fits.arrivals.expected[0, 16:36, 0]
    aht = fits.talk["calls"].mean.value * fits.talk_by_time[16:36] + fits.wrap_up_s["calls"].value
    by_hand = [
        predict(Queue(v / 1800, h, fits.mean_patience_s, fits.balk, 20.0), 5) for v, h in zip(volume, aht, strict=True)
    ]
    expected = np.average([p.abandonment for p in by_hand], weights=volume)
    assert said["erlang_a"][period.dates[0]].abandonment == pytest.approx(expected)
    within = np.average([p.answered_within for p in by_hand], weights=volume)
    assert said["erlang_a"][period.dates[0]].within == pytest.approx(within)
    few = by_formula(fits, period, {period.dates[0].date(): np.full((1, 20), 1)}, 20.0, "erlang_c")
    assert few[period.dates[0]].unstable == 20
    assert few[period.dates[0]].wait_s == pytest.approx(1800)


def test_known_staff_is_that_of_the_days_predicted(source):
    windows = windows_of(49, 28)[:1]
    plain, known = (walk_forward(source, windows, 20.0, RunOptions(1), known_staff=k) for k in (False, True))
    assert plain.half_hours["expected"].tolist() == known.half_hours["expected"].tolist()
    assert plain.days["sim_abandonment"].tolist() != known.days["sim_abandonment"].tolist()


def test_ranges_of_hours_learn_from_the_weeks_before(source, monkeypatch):
    """The first week predicted has none before it, the second has the first."""
    given = list[tuple[DrawnHours, list[DrawnHours]]]()

    def noted(now: DrawnHours, before: list[DrawnHours]) -> pd.DataFrame:
        given.append((now, list(before)))
        return with_ranges(now, before)

    monkeypatch.setattr(module, "with_ranges", noted)
    monkeypatch.setattr(
        module, "close_staffing", lambda *_: close_staffing(replace(source.fit(0, 28), staff_given=True))
    )
    monkeypatch.setattr(module, "CONTACTS", 0)
    walk_forward(source, windows_of(49, 28)[:2], 20.0, RunOptions(1))
    (first, none), (second, before) = given
    assert none == []
    assert [hours is first for hours in before] == [True]
    assert [str(hours.table["date"].iloc[0].date()) for hours in (first, second)] == ["2026-02-02", "2026-02-09"]
