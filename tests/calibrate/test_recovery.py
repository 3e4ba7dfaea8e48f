"""Parameters that made a log are found again within their intervals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from sim.calibrate.fits.abandonment import fit_patience, kaplan_meier
from sim.calibrate.fits.arrivals import Demand, fit_arrivals
from sim.calibrate.fits.talk import fit_talk
from sim.calibrate.fitted_tables import fitted_numbers
from sim.calibrate.staffing_closure import DocumentOptions, StaffingClosure
from tests.calibrate.exports import contact_log, read

START = dt.date(2026, 1, 5)
LOGS = 24
TRUTH = """
schema_version: 1
name: truth
calendar: {start: 2026-01-05, days: 42, hours: {mon-fri: "08:00-18:00", sat: "09:00-13:00", sun: closed}, interval: 30m}
arrivals:
  per_day: {mon: 600, tue-fri: 500, sat: 160, sun: 0}
  profile:
    mon-fri: [3, 5, 8, 9, 10, 10, 9, 8, 7, 7, 8, 9, 9, 8, 8, 7, 7, 6, 6, 5]
    sat: [5, 7, 9, 9, 9, 8, 7, 6]
    sun: 1
  busyness_cv: 0.15
  interval_cv: 0.12
intents:
  orders: {share: 0.6, skill: general, talk_time: {distribution: lognormal, mean: 4m, cv: 0.7},
    wrap_up: 30s, patience: 3m}
  billing: {share: 0.4, skill: general, talk_time: {distribution: lognormal, mean: 6m, cv: 0.6},
    wrap_up: 30s, patience: 5m}
customers: {balk: 0.05, redial: {probability: 0.45, delay: 20m, next_day: 25%}, max_attempts: unlimited}
agents:
  all:
    skills: [general]
    staff: {mon-fri: 5, sat: 4, sun: 0}
run: {warm_up: 0d, follow_up: 0d}
"""
KNOWN = {
    ("arrivals", "mon", "per_day"): 600.0,
    ("arrivals", "tue", "per_day"): 500.0,
    ("arrivals", "sat", "per_day"): 160.0,
    ("arrivals", "all", "busyness_cv"): 0.15,
    ("arrivals", "all", "interval_cv"): 0.12,
    ("talk", "orders", "mean_s"): 240.0,
    ("talk", "orders", "cv"): 0.7,
    ("talk", "billing", "mean_s"): 360.0,
    ("wrap_up", "orders", "mean_s"): 30.0,
    ("patience", "orders", "exponential_mean_s"): 180.0,
    ("patience", "billing", "exponential_mean_s"): 300.0,
    ("balking", "orders", "share"): 0.05,
    ("redial", "all", "probability"): 0.45,
    ("redial", "all", "delay_s"): 1200.0,
    ("redial", "all", "next_day"): 0.25,
}
CLOSED = StaffingClosure(DocumentOptions(), 0.0, 0.0, 0.0, 0.0, met=True)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory) -> pd.DataFrame:
    """What was fitted to each of many logs of the same centre."""
    result = sim.run(sim.loads(TRUTH), replications=LOGS, seed=3, contacts=True)
    assert 0.15 < result.measures.loc["abandonment_rate", "mean"] < 0.30
    folder, tables = tmp_path_factory.mktemp("logs"), []
    for number, contacts in result.contacts.groupby("replication"):
        source, _ = read(contact_log(contacts, START, Path(folder) / "log.csv"))
        tables.append(fitted_numbers(source.fit(0, len(source.dates)), CLOSED).assign(log=number))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("key", KNOWN, ids="-".join)
def test_intervals_hold_what_made_the_log(fitted, key):
    """An interval that holds the truth in 95 of 100 logs holds it in fewer than 18 of 24 once in ten thousand times."""
    rows = fitted[(fitted["what"] == key[0]) & (fitted["of"] == key[1]) & (fitted["figure"] == key[2])]
    held = int(((rows["low"] <= KNOWN[key]) & (KNOWN[key] <= rows["high"])).sum())
    assert len(rows) == LOGS
    assert held >= 18
    assert rows["value"].mean() == pytest.approx(KNOWN[key], rel=0.06)


# One thing at a time ------------------------------------------------------------------------------------------------


def demand(random: np.random.Generator, busyness: float, ripple: float, days: int = 84) -> Demand:
    """Counts of a centre open from 08:00 to 18:00, more on each weekday than on the one before."""
    slots = np.zeros(48)
    slots[16:36] = 8 + 6 * np.sin(np.arange(20) / 20 * np.pi)
    day = random.gamma(1 / busyness**2, busyness**2, days) if busyness else np.ones(days)
    cell = random.gamma(1 / ripple**2, ripple**2, (days, 48)) if ripple else np.ones((days, 48))
    weekday = np.arange(days) % 7
    mean = slots * (1 + 0.1 * weekday[:, None]) * day[:, None] * cell * (weekday < 6)[:, None]
    counts = random.poisson(mean).astype(float)
    return Demand(pd.date_range("2026-01-05", periods=days), 1800.0, ("all",), counts[:, :, None], counts >= 0)


def test_poisson_counts_have_no_more_spread_than_that():
    random = np.random.default_rng(1)
    fits = [fit_arrivals(demand(random, 0, 0)) for _ in range(40)]
    assert np.mean([f.busyness_cv.low == 0 and f.interval_cv.low == 0 for f in fits]) > 0.9
    assert max(f.busyness_cv.value for f in fits) < 0.04


@pytest.mark.parametrize(("busyness", "ripple"), [(0.2, 0), (0, 0.2), (0.15, 0.15)])
def test_spread_of_days_and_of_intervals_is_told_apart(busyness, ripple):
    random = np.random.default_rng(2)
    fits = [fit_arrivals(demand(random, busyness, ripple)) for _ in range(60)]
    held = [f.busyness_cv.low <= busyness <= f.busyness_cv.high for f in fits]
    also = [f.interval_cv.low <= ripple <= f.interval_cv.high for f in fits]
    assert sum(held) >= 50
    assert sum(also) >= 50
    assert np.mean([f.busyness_cv.value for f in fits]) == pytest.approx(
        busyness, abs=0.025 if busyness == 0 else 0.012
    )
    assert np.mean([f.interval_cv.value for f in fits]) == pytest.approx(ripple, abs=0.025 if ripple == 0 else 0.012)


def test_opening_hours_closed_days_and_unusual_days():
    random = np.random.default_rng(3)
    made = demand(random, 0.1, 0)
    made.counts[10] = made.counts[10] // 5
    made.counts[3, 4] = 1
    fit = fit_arrivals(made)
    assert fit.spans == ((16, 36),) * 6 + (None,)
    assert [str(date.date()) for date, *_ in fit.unusual] == ["2026-01-15"]
    assert fit.weeks[3] == 11
    assert fit.outside == 1
    assert fit_arrivals(made, keep_unusual=True).weeks[3] == 12


def test_a_weekday_with_holidays_on_half_of_its_days_is_known_by_the_others():
    """Of four Wednesdays three are short in their own ways: the whole one is like Tuesdays and Thursdays."""
    made = demand(np.random.default_rng(5), 0.05, 0)
    made = made.between(0, 28)
    for week, part in enumerate((0.35, 0.12, 1.0, 0.2)):
        made.counts[7 * week + 2] = np.floor(part * made.counts[7 * week + 2])
    fit = fit_arrivals(made)
    assert [date.day_of_week for date, *_ in fit.unusual] == [2, 2, 2]
    assert fit.weeks.tolist() == [4, 4, 1, 4, 4, 4, 0]
    days = fit.expected.sum(axis=(1, 2))
    assert days[1] * 0.9 < days[2] < days[3] * 1.1


def test_a_weekday_that_is_quieter_by_nature_keeps_its_own_level():
    made = demand(np.random.default_rng(6), 0.05, 0).between(0, 28)
    made.counts[2::7] = np.floor(0.4 * made.counts[2::7])
    made.counts[9] = np.floor(2.5 * made.counts[9])
    fit = fit_arrivals(made)
    assert [str(date.date()) for date, *_ in fit.unusual] == ["2026-01-14"]
    assert fit.weeks.tolist() == [4, 4, 3, 4, 4, 4, 0]


def test_a_quiet_night_stays_open():
    made = demand(np.random.default_rng(4), 0, 0)
    made.counts[:, :16] = made.counts[:, 36:] = 0.6
    assert fit_arrivals(made).spans[0] == (0, 48)


@pytest.mark.parametrize(
    ("law", "name"), [(stats.lognorm(0.8, scale=150), "lognormal"), (stats.gamma(1.2, scale=150), "gamma")]
)
def test_talk_has_the_moments_of_the_sample_and_the_law_that_made_it(law, name):
    seconds = law.rvs(20_000, random_state=5)
    fit = fit_talk(seconds)
    assert fit.law == name
    assert fit.mean.value == pytest.approx(seconds.mean())
    assert fit.mean.low < law.mean() < fit.mean.high
    assert fit.cv.low < law.std() / law.mean() < fit.cv.high
    assert fit.distances[name] < 0.02


def test_kaplan_meier_by_hand():
    table = kaplan_meier(np.array([1.0, 2, 2, 3, 4]), np.array([True, True, False, False, True]))
    assert table[:, 0].tolist() == [1, 2, 4]
    assert table[:, 1].tolist() == pytest.approx([4 / 5, 3 / 5, 0])
    assert table[0, 2] == pytest.approx(4 / 5 * np.sqrt(1 / (5 * 4)))


@pytest.mark.parametrize(("shape", "name"), [(1.0, "exponential"), (0.6, "weibull"), (1.7, "weibull")])
def test_patience_behind_waits_that_service_cuts_short(shape, name):
    random = np.random.default_rng(6)
    patience = 300 * random.weibull(shape, 40_000)
    limit = random.exponential(100, 40_000)
    fit = fit_patience(np.minimum(patience, limit), patience < limit)
    assert fit.law == name
    assert fit.weibull_shape.low < shape < fit.weibull_shape.high
    mean = 300 * stats.weibull_min(shape).mean()
    assert fit.weibull_mean.low < mean < fit.weibull_mean.high
    assert np.median(fit.points) == pytest.approx(300 * np.log(2) ** (1 / shape), rel=0.05)


def test_balkers_are_told_from_those_who_wait_a_little():
    random = np.random.default_rng(7)
    patience = random.exponential(200, 20_000)
    balks = random.random(20_000) < 0.06
    limit = random.exponential(150, 20_000)
    waits = np.where(balks, 0.0, np.minimum(patience, limit))
    fit = fit_patience(waits, balks | (patience < limit))
    assert fit.balk.low < 0.06 < fit.balk.high
    assert fit.exponential_mean.low < 200 < fit.exponential_mean.high
    plain = fit_patience(np.minimum(patience, limit), patience < limit)
    assert plain.balk.value == 0
