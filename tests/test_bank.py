"""The bank's weeks: they load, they reproduce what was observed, and what derives them computes what it says."""

import datetime as dt
import gzip
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim

BANK = Path(__file__).parents[1] / "scenarios" / "bank"
sys.path.insert(0, str(BANK))

import bank_fit  # noqa: E402
import bank_log  # noqa: E402
import bank_staff  # noqa: E402
import compare_observed  # noqa: E402
import derive  # noqa: E402
import replay  # noqa: E402

SUNDAY = dt.date(1999, 1, 31)
HEADER = (
    "arrival,date,vru_line,call_id,customer,priority,type,vru_s,queued,wait_s,"
    "service_s,service_start,outcome,agent,flags"
)


# The scenarios -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "folder"), list(compare_observed.WEEKS.items()))
def test_scenarios_load_without_notes_and_cover_the_week_observed(name, folder):
    scenario = sim.load(BANK / f"{name}.yaml")
    observed = pd.read_csv(BANK / folder / "observed_by_hour.csv")
    assert scenario.notes == ()
    assert [day.isoformat() for day in scenario.dates()] == sorted(set(observed["date"]))
    assert scenario.intents["ps_high"].head_start == 90
    assert scenario.intents["ps_regular"].head_start == 0


@pytest.mark.parametrize("table", ["week/arrivals.csv", "next-week/arrivals_observed.csv"])
def test_counts_are_the_calls_observed_hour_by_hour(table):
    counts = pd.read_csv(BANK / table)
    observed = pd.read_csv(BANK / table.split("/")[0] / "observed_by_hour.csv")
    hourly = counts.assign(hour=counts["time"].str[:2]).groupby(["date", "hour"])[list(bank_log.INTENTS)].sum()
    seen = observed.assign(hour=observed["time"].str[:2]).groupby(["date", "hour"])["offered"].sum()
    assert hourly.sum(axis=1).to_dict() == seen.to_dict()
    assert (observed["offered"] == observed["answered"] + observed["abandoned"]).all()


@pytest.mark.parametrize("name", ["week", "next-week-known-volume"])
def test_the_weeks_come_out_as_observed(name):
    result = sim.run(sim.load(BANK / f"{name}.yaml"), replications=3)
    seen = compare_observed.rates(compare_observed.observed(compare_observed.WEEKS[name]), None).loc["week"]
    made = compare_observed.rates(compare_observed.simulated(result), None).loc["week"]
    assert made["offered"] == seen["offered"]
    assert made["abandonment"] == pytest.approx(seen["abandonment"], abs=0.025)
    assert made["mean_wait_s"] == pytest.approx(seen["mean_wait_s"], rel=0.35)
    assert made["occupancy"] == pytest.approx(seen["occupancy"], abs=0.03)


def test_side_by_side_adds_up_and_a_table_beside_itself_misses_nothing():
    sums = pd.DataFrame(
        {
            "date": ["d1", "d1", "d2"],
            "time": ["07:00", "08:00", "07:00"],
            "offered": [10, 20, 30],
            "answered": [8, 20, 20],
            "lost": [2, 0, 10],
            "waited": [80.0, 0.0, 600.0],
            "agents": [2.0, 4.0, 2.0],
            "busy": [1.0, 3.0, 2.0],
        }
    )
    week = compare_observed.side_by_side(sums, sums, "time").loc["week"]
    assert week["offered", "obs"] == 60
    assert week["abandonment", "sim"] == pytest.approx(0.2)
    assert week["mean_wait_s", "obs"] == pytest.approx(680 / 48)
    assert week["occupancy", "sim"] == pytest.approx(0.75)
    assert " 0 calls, 0.0 points of abandonment, 0 s" in compare_observed.misses(sums, sums)
    later = sums.assign(waited=sums["waited"] + 10 * sums["answered"])
    assert "10 s of wait" in compare_observed.misses(sums, later)


# Reading the log -----------------------------------------------------------------------------------------------------


def write_log(path, rows):
    lines = [
        f"{arrival},{arrival[:10]},AA01,1,0,{priority},{kind},{vru},{wait > 0},{wait},{service},,{outcome},{agent},"
        for arrival, priority, kind, vru, wait, service, outcome, agent in rows
    ]
    with gzip.open(path, "wt") as file:
        file.write("\n".join([HEADER, *lines]) + "\n")
    return path


def test_read_log_keeps_what_joined_the_queue(tmp_path):
    log = write_log(
        tmp_path / "log.csv.gz",
        [
            ("1999-01-31 07:29:55", 2, "PS", 10, 0, 100, "served", "A01"),
            ("1999-01-31 07:10:00", 0, "PS", 10, 5, 0, "phantom", ""),
            ("1999-01-31 07:11:00", 0, "NW", 10, 0, 0, "abandoned_vru", ""),
            ("1999-01-31 07:12:00", 1, "PS", -30, 40, 0, "abandoned_queue", ""),
            ("1999-01-31 06:59:00", 0, "TT", 10, 1, 5, "served", "A01"),
            ("1999-01-31 23:59:55", 0, "IN", 10, 1, 4000, "served", "A02"),
            ("1999-02-01 08:00:00", 0, "AA", 10, 1, 7, "served", "A01"),
        ],
    )
    calls = bank_log.read_log(log, SUNDAY, 1)
    assert calls["joined_s"].tolist() == [6 * 3600 + 59 * 60 + 10, 7 * 3600 + 12 * 60, 7.5 * 3600 + 5]
    assert calls["open"].tolist() == [False, True, True]
    assert calls["interval"].tolist() == [-1, 0, 1]
    assert calls["intent"].tolist() == ["tt", "ps_regular", "ps_regular"]
    assert calls["left_s"].tolist()[1] == calls["joined_s"].tolist()[1] + 40
    later = bank_log.read_log(log, SUNDAY, 2)
    assert later["day"].dt.day.tolist()[-2:] == [1, 1]
    assert later["talk_s"].isna().tolist() == [False, True, False, True, False]


def test_unrecorded_priorities_follow_the_share_among_those_who_queued():
    calls = pd.DataFrame(
        {
            "type": ["PS"] * 16 + ["NE", "NE", "NW", "TT", "PE", "IN"],
            "queued": [True] * 4 + [False] * 12 + [True] * 6,
            "priority": [2, 2, 2, 1] + [0] * 12 + [2, 1, 2, 2, 2, 0],
        }
    )
    names = bank_log.intents(calls)
    assert names[:4].tolist() == ["ps_high"] * 3 + ["ps_regular"]
    assert names[4:16].value_counts().to_dict() == {"ps_high": 9, "ps_regular": 3}
    assert names[16:].tolist() == ["ne_high", "other", "nw", "tt", "other", "other"]


@pytest.mark.parametrize(("count", "share", "high"), [(0, 0.6, 0), (10, 0.0, 0), (10, 1.0, 10), (10, 0.63, 6)])
def test_in_turn_spreads_a_share(count, share, high):
    assert bank_log.in_turn(count, share).sum() == high


# Patience, talk, volumes ---------------------------------------------------------------------------------------------


def test_kaplan_meier_by_hand():
    waits = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    gave_up = np.array([True, True, False, False, True])
    times, alive = bank_fit.kaplan_meier(waits, gave_up)
    assert times.tolist() == [1, 2, 4]
    assert alive.tolist() == pytest.approx([4 / 5, 4 / 5 * 3 / 4, 0])


def test_patience_points_are_quantiles_of_kaplan_meier_with_an_exponential_tail():
    waits = np.array([10.0, 20.0, 30.0, 40.0])
    assert bank_fit.patience_points(waits, np.ones(4, dtype=bool), count=4) == (10, 20, 30, 40)
    cut = np.array([True, True, False, False])
    points = bank_fit.patience_points(waits, cut, count=4)
    assert points[:2] == (10, 20)
    assert points[2] == pytest.approx(20 + 50 * np.log(0.5 / 0.375), abs=0.1)
    assert points[3] == pytest.approx(20 + 50 * np.log(0.5 / 0.125), abs=0.1)


def test_fitted_patience_recovers_a_weibull_behind_censored_waits():
    random = np.random.default_rng(1)
    patience = 300 * random.weibull(0.8, 40_000)
    limit = random.exponential(150, 40_000)
    fitted = bank_fit.fit_patience(np.minimum(patience, limit), patience < limit)
    assert fitted.weibull_shape == pytest.approx(0.8, rel=0.03)
    assert fitted.weibull_mean == pytest.approx(339.9, rel=0.04)
    assert fitted.weibull_likelihood > fitted.exponential_likelihood + 100
    assert np.median(fitted.points) == pytest.approx(300 * np.log(2) ** (1 / 0.8), rel=0.05)


def test_fitted_talk_has_the_moments_of_the_sample_and_knows_a_lognormal():
    random = np.random.default_rng(2)
    sample = random.lognormal(4.5, 0.9, 20_000)
    fitted = bank_fit.fit_talk(sample)
    assert fitted.mean == pytest.approx(sample.mean())
    assert fitted.cv == pytest.approx(sample.std(ddof=1) / sample.mean())
    assert fitted.distance < 0.03
    assert bank_fit.fit_talk(np.r_[sample, np.full(20_000, 3.0)]).distance > 0.2


def history(random, day_cv, interval_cv):
    days = bank_log.dates(dt.date(1999, 1, 3), 140)
    index = pd.MultiIndex.from_tuples(
        [(pd.Timestamp(day), k) for day in days for k in range(len(bank_log.starts(day)))], names=["day", "interval"]
    )
    factor = {day: random.gamma(1 / day_cv**2, day_cv**2) if day_cv else 1.0 for day in days}
    ripple = random.gamma(1 / interval_cv**2, interval_cv**2, len(index)) if interval_cv else np.ones(len(index))
    mean = np.array([(10 + k) * (1 + day.weekday() / 5) * factor[day.date()] for day, k in index]) * ripple
    table = pd.DataFrame(0, index=index, columns=list(bank_log.INTENTS))
    return table.assign(ps_high=random.poisson(mean), nw=random.poisson(mean))


def test_variation_is_none_for_poisson_counts_and_found_where_there_is_some():
    random = np.random.default_rng(3)
    assert max(bank_fit.variation(history(random, 0, 0))) < 0.05
    busy, ripple = bank_fit.variation(history(random, 0.2, 0.15))
    assert busy == pytest.approx(0.2, rel=0.2)
    assert ripple == pytest.approx(0.15, rel=0.2)


def test_forecast_has_the_mean_of_its_weekday_and_the_pooled_profile():
    past = history(np.random.default_rng(4), 0, 0)
    expected = bank_fit.forecast(past, dt.date(1999, 6, 6), 7)
    totals = expected[list(bank_log.INTENTS)].sum(axis=1).groupby(level="day").sum()
    before = past.sum(axis=1).groupby(level="day").sum()
    for day, total in totals.items():
        assert total == pytest.approx(before[before.index.day_of_week == day.day_of_week].mean())
    sunday, monday = (expected.loc[pd.Timestamp(1999, 6, day)]["nw"] for day in (6, 7))
    assert (sunday / sunday.sum()).to_numpy() == pytest.approx((monday / monday.sum()).to_numpy())


# Who was on the queue ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "start", "leaves"),
    [
        (0, 120, None),  # two minutes are wrap-up, whoever waits
        (0, 121, 0),  # somebody waited already when the call ended: away at once
        (200, 900, 300),  # half-way to the first proof, at 400
        (500, 900, None),  # nobody waited
        (500, 4200, 500),  # more than an hour is away
        (200, 410, None),  # proof so near the next call is the call itself
    ],
)
def test_when_an_agent_left(last, start, leaves):
    proofs = np.array([[0.0, 400.0], [100.0, 450.0]])
    assert bank_staff.leaving(last, start, proofs, stay=0.5) == leaves


def call(joined, wait, talk, agent, kind="PS"):
    return {
        "day": pd.Timestamp(SUNDAY),
        "joined_s": joined,
        "left_s": joined + wait,
        "wait_s": wait,
        "answered": agent != "",
        "talk_s": talk if agent else np.nan,
        "agent": agent,
        "type": kind,
    }


def test_spells_and_groups_of_two_agents():
    calls = pd.DataFrame(
        [
            call(25200.0, 0.0, 100.0, "A01"),
            call(25200.0, 0.0, 100.0, "A02", "NW"),
            call(25400.0, 115.0, 0.0, "", "NW"),  # waits till 25515: A02 could have taken it, A01 could not
            call(25600.0, 0.0, 100.0, "A01"),
            call(25700.0, 0.0, 100.0, "A02"),
        ]
    )
    members = bank_staff.groups_of(calls)
    assert members == {"A01": "no_nw", "A02": "all_calls"}
    found = {stay: {(s.agent, s.start, s.end) for s in bank_staff.spells(calls, members, stay)} for stay in (0.0, 1.0)}
    assert found[1.0] == {("A01", 25200, 25700), ("A02", 25200, 25415), ("A02", 25700, 25800)}
    assert ("A02", 25200, 25300) in found[0.0]
    spells = bank_staff.spells(calls, members, 1.0)
    assert bank_staff.presence(spells, SUNDAY, np.array([25200.0, 25400.0, 25800.0])) == pytest.approx(
        [2, (300 + 15 + 100) / 400]
    )


def test_rounding_keeps_the_total_and_never_closes():
    agents = np.array([[1.4, 2.5, 0.1, 0.6], [1.4, 0.4, 0.2, 0.6]])
    assert bank_staff.rounded(agents).tolist() == [[2, 3, 0, 1], [1, 0, 1, 0]]


def test_wrap_up_is_the_gap_while_work_waits():
    calls = pd.DataFrame(
        [
            call(25200.0, 0.0, 100.0, "A01"),
            call(25210.0, 98.0, 50.0, "A01"),  # starts 8 s after the first ended, with two waiting
            call(25250.0, 500.0, 60.0, "A01"),
            call(25900.0, 0.0, 60.0, "A01"),  # nobody waited before it
        ]
    )
    assert bank_staff.wrap_up(calls) == (8.0, 1)


# From a log to scenarios ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made_up_log(tmp_path_factory):
    random = np.random.default_rng(5)
    rows = []
    for day in bank_log.dates(derive.HISTORY, 28):
        opens, closes = bank_log.OPEN_HOURS[day.weekday()]
        for second in np.sort(random.uniform(opens, closes - 60, 220)):
            arrival = pd.Timestamp(day) + pd.Timedelta(seconds=int(second))
            kind = random.choice(["PS", "NE", "NW", "TT", "IN"], p=[0.5, 0.15, 0.2, 0.05, 0.1])
            wait = int(random.exponential(40)) if random.random() < 0.6 else 0
            lost = wait > 0 and random.random() < 0.3
            outcome = ("abandoned_queue", 0, "") if lost else ("served", int(random.lognormal(4.8, 1)), "")
            agent = "" if lost else f"A{random.integers(1, 6):02d}"
            priority = int(random.integers(1, 3)) if wait else 0
            rows.append((str(arrival), priority, kind, 6, wait, outcome[1], outcome[0], agent))
    return write_log(tmp_path_factory.mktemp("log") / "log.csv.gz", rows)


def test_derive_writes_scenarios_that_load_and_run(made_up_log, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["derive.py", str(made_up_log), "--out", str(tmp_path), "--stay", "0.5"])
    derive.main()
    assert {path.name for path in tmp_path.glob("*.yaml")} == {path.name for path in BANK.glob("*.yaml")}
    assert {path.name for path in tmp_path.glob("*/*")} == {path.name for path in BANK.glob("*/*.csv")}
    week = sim.load(tmp_path / "week.yaml")
    observed = pd.read_csv(tmp_path / "week" / "observed_by_hour.csv")
    assert sim.run(week, replications=2).measures.loc["offered", "mean"] == observed["offered"].sum()
    assert sim.load(tmp_path / "next-week-known-volume.yaml").arrivals.process == "fixed_count"


# The replay ----------------------------------------------------------------------------------------------------------


def test_replay_of_three_calls_by_hand():
    both, general = bank_staff.GROUPS, bank_staff.GROUPS[:1]
    calls = [
        replay.Call(100.0, 0.0, 1000.0, 60.0, both),  # taken at once, till 160
        replay.Call(110.0, 0.0, 1000.0, 30.0, general),  # overtaken by the next, served at 180
        replay.Call(130.0, 90.0, 1000.0, 20.0, both),  # has 90 s of credit: served at 160
        replay.Call(140.0, 0.0, 15.0, 20.0, both),  # gives up at 155
    ]
    floor = replay.Floor(calls)
    floor.run([bank_staff.Spell("A01", SUNDAY, 50.0, 400.0)], {"A01": "all_calls"})
    assert floor.waits == {0: 0.0, 2: 30.0, 1: 70.0}
