"""What a forecast knows of days: the calendar, how days differ, drift; replay; formulas closed on the stretch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.calibrate.backtest.forecast import forecast_days
from sim.calibrate.backtest.formulas import by_formula, close_formula
from sim.calibrate.backtest.replay import replay
from sim.calibrate.backtest.walk_forward import walk_forward, windows_of
from sim.calibrate.document import DocumentOptions, Period, document_of, period_of, staff_of
from sim.calibrate.fits.centre import ObservedCounts
from sim.calibrate.fits.drift import Drift, find_drift
from sim.calibrate.fits.estimate import FittedNumber
from sim.calibrate.fits.known_days import AFTER, CLOSED, day_effects, known_days, spread_of_days
from sim.calibrate.staffing_closure import close_staffing
from sim.measures.counts import Count
from sim.study.replicate import RunOptions
from tests.calibrate.exports import JANUARY, small_centre


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return small_centre(28, tmp_path_factory.mktemp("log"))


@pytest.fixture(scope="module")
def fits(source):
    return source.fit(0, 28)


# The calendar -------------------------------------------------------------------------------------------------------

HOURS = {4: (8, 13), 5: (16, 20)}


def counts_of(
    totals: np.ndarray, hours: dict[int, tuple[int, int]] | None = None, handle_s: float = 300.0
) -> ObservedCounts:
    """Counts by the hour from a Monday: all day from 8 to 20, Fridays and Saturdays shorter; `hours` by day number."""
    dates = pd.date_range(JANUARY, periods=len(totals))
    offered = np.zeros((len(totals), 24))
    for day, total in enumerate(totals):
        first, last = (hours or {}).get(day, HOURS.get(dates[day].day_of_week, (8, 20)))
        offered[day, first:last] = total / max(last - first, 1)
    none = np.zeros_like(offered)
    return ObservedCounts(dates, offered, none, offered, none, none, offered > 0, handle_s * offered)


def test_a_day_that_opens_like_a_friday_counts_as_one():
    """The 24th day is a Wednesday before a holiday, the 25th one with a Saturday's hours, and the 26th comes after."""
    days = known_days(counts_of(np.full(35, 240.0), {23: (8, 13), 24: (16, 20)}), 3600.0, 21, 35)
    assert days.kind[:7].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert days.kind[[23, 24]].tolist() == [4, 5]
    assert np.flatnonzero(days.part == AFTER).tolist() == [25, 26, 27]


def test_a_day_a_little_shorter_keeps_its_weekday_and_a_closed_one_has_none():
    days = known_days(counts_of(np.full(35, 240.0), {23: (9, 19), 24: (0, 0)}), 3600.0, 21, 35)
    assert days.kind[[23, 24]].tolist() == [2, CLOSED]
    assert days.part[25] == AFTER


def test_the_hours_of_days_to_come_do_not_move_what_was_usual():
    totals = np.full(35, 240.0)
    plain, odd = (known_days(counts_of(totals, hours), 3600.0, 28, 35) for hours in ({}, {30: (8, 13)}))
    assert plain.kind[:28].tolist() == odd.kind[:28].tolist()
    assert odd.kind[30] == 4


def random_days(seed: int, days: int, busy: float = 0.1) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    """A generator, factors of days, and totals with Poisson noise around 1,200 on full days."""
    random = np.random.default_rng(seed)
    factor = random.gamma(1 / busy**2, busy**2, days)
    weekday = (JANUARY.weekday() + np.arange(days)) % 7
    usual = np.select([weekday == 4, weekday == 5], [400.0, 200.0], 1200.0)
    return random, factor, usual * factor


def test_parts_of_the_month_are_found_where_they_differ():
    _, _, totals = random_days(1, 210)
    dates = pd.date_range(JANUARY, periods=210)
    early = np.asarray(dates.day <= 3)
    found = {}
    for name, times in (("none", 1.0), ("more", 1.25)):
        counts = counts_of(totals * np.where(early, times, 1.0))
        found[name] = day_effects(counts.offered.sum(axis=1), known_days(counts, 3600.0, 203, 210), 203)
    assert found["more"][:203][early[:203]].mean() / found["more"][:203][~early[:203]].mean() == pytest.approx(
        1.25, abs=0.06
    )
    assert np.abs(np.log(found["none"])).max() < 0.05


def test_two_months_are_needed_for_parts_of_the_month():
    counts = counts_of(random_days(1, 60)[2])
    assert day_effects(counts.offered.sum(axis=1), known_days(counts, 3600.0, 49, 56), 49).tolist() == [1.0] * 56


def test_the_spread_of_days_comes_out_as_it_went_in():
    random, _, totals = random_days(7, 560, busy=0.15)
    counts = counts_of(random.poisson(totals).astype(float))
    days = known_days(counts, 3600.0, 560, 560)
    assert spread_of_days(counts.offered, days, np.ones(560), 560, 0.0) == pytest.approx(0.15, rel=0.12)


def test_what_the_calendar_explains_is_no_spread():
    random, _, totals = random_days(8, 280, busy=0.08)
    busier = np.where(np.arange(280) % 9 < 3, 1.3, 0.9)
    counts = counts_of(random.poisson(totals * busier).astype(float))
    days = known_days(counts, 3600.0, 280, 280)
    told, untold = (spread_of_days(counts.offered, days, effects, 280, 0.0) for effects in (busier, np.ones(280)))
    assert told == pytest.approx(0.08, rel=0.15)
    assert untold > 1.6 * told


def test_a_forecast_takes_an_eve_for_a_friday(source, fits):
    """The last Wednesday closes at 13:00, as Fridays do in this centre."""
    totals = np.full(35, 240.0)
    counts = counts_of(totals, {30: (8, 13)})
    period = Period(counts.dates[28:], fits.arrivals.spans, 3600.0)
    forecast, found = forecast_days(counts, fits, period, 0, 28)
    assert {day.isoformat(): kind for day, kind in forecast.kinds.items()}["2026-02-04"] == 4
    assert set(forecast.busier.values()) == {1.0}
    assert found.arrivals.busyness_cv.value < fits.arrivals.busyness_cv.value


def test_the_staffing_is_closed_with_the_spread_with_which_it_forecasts(source):
    """Of days that are all alike the staffing that reproduces the stretch would lose fewer contacts than were seen."""
    test = walk_forward(source, windows_of(28, 21), 20.0, RunOptions(1))
    assert test is not None
    window = test.windows.iloc[0]
    observed, fits = source.observed_counts(20.0), source.fit(0, 21)
    _, fits = forecast_days(observed, fits, Period(source.dates[21:28], fits.arrivals.spans, 1800.0), 0, 21)
    closed = close_staffing(fits, None, None)
    assert window["staff_factor"] == pytest.approx(closed.choice.staff_factor, rel=0.01)


def test_a_date_gets_the_contacts_and_agents_of_its_kind(fits):
    date = pd.Timestamp("2026-02-04")
    period = Period(pd.DatetimeIndex([date]), fits.arrivals.spans, 1800.0, {date.date(): 4}, {date.date(): 1.5})
    document = document_of("day", fits, period, staff_of(fits, period, DocumentOptions()), DocumentOptions())
    counts = document["arrivals"]["file"]["counts"]["2026-02-04"]["calls"]
    first, last = fits.arrivals.spans[2]
    assert sum(counts) == pytest.approx(1.5 * fits.arrivals.expected[4, first:last].sum(), rel=1e-3)
    friday = Period(pd.DatetimeIndex([pd.Timestamp("2026-02-06")]), fits.arrivals.spans, 1800.0)
    own, as_friday = (next(iter(staff_of(fits, one, DocumentOptions()).values())) for one in (period, friday))
    assert (own == as_friday).all()


# Drift --------------------------------------------------------------------------------------------------------------


def drift_of(agents: np.ndarray) -> Drift:
    counts = counts_of(random_days(5, len(agents))[2])
    days = known_days(counts, 3600.0, len(agents), len(agents))
    found = find_drift(counts, agents, days, np.ones(len(agents)), len(agents))
    return {drift.what: drift for drift in found}["agents"]


def test_changes_that_last_are_corrected_and_noise_is_not():
    random = np.random.default_rng(2)
    noise = np.exp(random.normal(0.0, 0.05, 210))
    walk = np.exp(np.repeat(np.cumsum(random.normal(0.0, 0.12, 30)), 7))
    noisy, walking = drift_of(60.0 * noise), drift_of(60.0 * noise * walk)
    assert noisy.lasts < 0.25
    assert walking.lasts > 0.35
    assert abs(np.log(noisy.correction)) < 0.02


def test_a_week_with_fewer_agents_is_seen():
    level = np.ones(63)
    level[-7:] = 0.8
    found = drift_of(60.0 * level * np.exp(np.random.default_rng(3).normal(0.0, 0.04, 63)))
    assert found.change.value == pytest.approx(0.8, abs=0.04)
    assert found.certain
    assert not drift_of(60.0 * np.exp(np.random.default_rng(3).normal(0.0, 0.04, 63))).certain


def test_five_weeks_are_needed_to_see_drift():
    counts = counts_of(random_days(5, 34)[2])
    days = known_days(counts, 3600.0, 34, 34)
    assert find_drift(counts, np.ones(34), days, np.ones(34), 34) == ()


def test_the_correction_is_offered_in_words():
    words = Drift("agents", FittedNumber(0.8, 0.75, 0.85), 0.5).words
    assert "agents on the queue of the last week -20 % against the four weeks before it (-25 to -15 %)" in words
    assert "expect 0.89 times the mean of the last four" in words


# Formulas and replay ------------------------------------------------------------------------------------------------


def test_formulas_reproduce_the_stretch(fits):
    period = period_of(fits, pd.date_range("2026-02-02", periods=7))
    found = {}
    for name in ("erlang_a", "erlang_c"):
        found[name] = close_formula(fits, DocumentOptions(), name)
        days = by_formula(fits, period, staff_of(fits, period, found[name]), 20.0, name)
        figure, seen = (
            ("abandonment", fits.seen.abandonment) if name == "erlang_a" else ("wait_s", fits.seen.wait_all_s)
        )
        assert np.mean([getattr(day, figure) for day in days.values()]) == pytest.approx(seen, rel=0.06)
    assert found["erlang_c"].staff_factor > found["erlang_a"].staff_factor


def test_staff_that_is_said_is_left_to_the_formulas_as_it_is(fits):
    said = DocumentOptions(1.0)
    assert close_formula(replace(fits, staff_given=True), said, "erlang_a") == said


def test_a_replay_has_the_contacts_that_came(source, fits):
    week = Period(source.dates[7:14], fits.arrivals.spans, 1800.0)
    run = replay(source, fits, DocumentOptions(), week, 20.0, RunOptions(1))
    assert run is not None
    offered = run.tallies.counts("interval")[:, :, Count.OFFERED].sum(axis=1)
    came = source.contacts(7, 14).sum()
    assert np.abs(offered / came - 1.0).max() < 0.02
    lost = float(run.estimates("overall")["abandonment_rate"].mean[0])
    assert lost == pytest.approx(source.observed_counts(20.0).abandoned[7:14].sum() / came, abs=0.03)


def test_without_agents_in_the_export_there_is_no_replay(source, fits):
    week = Period(source.dates[7:14], fits.arrivals.spans, 1800.0)
    assert replay(source, replace(fits, staff_seen=False), DocumentOptions(), week, 20.0, RunOptions(1)) is None
