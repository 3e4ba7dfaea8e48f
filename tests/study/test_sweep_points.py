"""What `--set` says of a sweep, and the points that come of it."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.errors import CcsimError
from sim.study.sweep.points import make_plan, read_settings
from sim.study.sweep.values import MOST_POINTS, choice_of, python_values, quantity, read_values, split_list
from tests.report.tiny import AFTER


def make(settings):
    return sim.loads(AFTER, settings)


def plan(*texts, sample=None, seed=None):
    return make_plan(read_settings(texts, make, sample is not None), make, seed, sample)


def texts(given, accepts=lambda text: False):
    values, several = read_values("key", given, accepts)
    return [choice.text for choice in values], several


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("0.1:0.3:0.1", ["0.1", "0.2", "0.3"]),
        ("40:60:10", ["40", "50", "60"]),
        ("-1:1:1", ["-1", "0", "1"]),
        ("10%:50%:20%", ["10%", "30%", "50%"]),
        ("0:1%:0.5%", ["0%", "0.5%", "1%"]),
        ("4m:6m:30s", ["4m", "4m30s", "5m", "5m30s", "6m"]),
        ("0:2h:1h", ["0s", "1h", "2h"]),
        ("5:5:1", ["5"]),
        ("10:50:20", ["10", "30", "50"]),
        ("1:3:1,7", ["1", "2", "3", "7"]),
        ("a,b,c", ["a", "b", "c"]),
        ("[1,2],[3,4]", ["[1,2]", "[3,4]"]),
        ("{a: 1, b: 2},off", ["{a: 1, b: 2}", "off"]),
        ('"a,b",c', ['"a,b"', "c"]),
    ],
)
def test_grids_and_lists_are_several_values(given, values):
    assert texts(given) == (values, True)


@pytest.mark.parametrize("given", ["00:04:10", "08:00-20:00", "0.3", "08:00", "[1, 2, 3]", "{mon: 1, tue: 2}", "x:y:z"])
def test_one_value_is_one_value(given):
    assert texts(given) == ([given], False)


def test_a_clock_is_one_value_only_to_a_key_that_takes_it():
    assert texts("10:50:10", lambda text: True) == (["10:50:10"], False)
    assert plan("agents.desk.staff=10:50:10").keys[0].choices[-1].text == "50"
    (patience,) = read_settings(["customers.patience=10:50:10"], make)
    assert (patience[1][0].text, patience[2]) == ("10:50:10", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("10:50:15", "Write 10:40:15 or 10:55:15"),
        ("10%:50%:15%", "Write 10%:40%:15% or 10%:55%:15%"),
        ("4m:6m:50s", "Write 4m:5m40s:50s or 4m:6m30s:50s"),
        ("50:10:10", "Write 10:50:10"),
        ("1:5:0", "more than 0"),
        ("1:5:-1", "more than 0"),
        ("10%:50%:5", "Write all parts alike"),
        ("4m:6m:2", "Write all parts alike"),
        ("0:1:0.00001", "has 100,001 values"),
        ("0:1e12:1e-12", "Take a larger step"),
        ("1,2,1", "has 1 twice"),
        ("60s,1m", "has 1m twice"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_with_the_fix(given, said):
    with pytest.raises(CcsimError) as refused:
        read_values("some.key", given, lambda text: False)
    assert "--set some.key" in str(refused.value)
    assert said in str(refused.value)


def test_quantities_are_decimal_and_shares_and_durations_become_numbers():
    assert [choice_of(*quantity(text)).number for text in ("0.3", "30%", "4m10s", "00:04:10", "1.5ms", "1w2d")] == [
        0.3,
        0.3,
        250.0,
        250.0,
        0.0015,
        777_600.0,
    ]
    assert [quantity(text) for text in ("", "08:00-20:00", "4:10", "abc", "%", "9" * 50)] == [None] * 6


def test_commas_in_brackets_and_quotes_do_not_split():
    assert split_list("[1,(2,3)], x ,'y,z'") == ["[1,(2,3)]", "x", "'y,z'"]
    assert split_list("it's, fine") == ["it's", "fine"]


def test_values_from_python():
    choices = python_values("key", [np.float64(0.5), "10%", 3, dt.date(2026, 1, 5), [1, 2]])
    assert [(c.kind, c.number) for c in choices] == [
        ("number", 0.5),
        ("share", 0.1),
        ("number", 3.0),
        ("text", None),
        ("text", None),
    ]
    for bad, said in (
        ([], "no values"),
        ([float("nan")], "cannot take nan"),
        ([object()], "cannot take"),
        ([1, 1], "twice"),
    ):
        with pytest.raises(CcsimError, match=said):
            python_values("key", bad)


# Points -----------------------------------------------------------------------


def test_several_keys_make_a_full_grid_in_the_order_given():
    found = plan("agents.desk.staff=2:3:1", "name=Held", "customers.patience=1m,2m,3m")
    assert [found.words(point) for point in found.points] == [
        f"agents.desk.staff={staff}, customers.patience={patience}m" for staff in (2, 3) for patience in (1, 2, 3)
    ]
    assert found.base.name == "Held"
    assert {point.scenario.name for point in found.points} == {"Held"}
    digests = [make([*found.words(point).split(", "), "name=Held"]).digest for point in found.points]
    assert [point.scenario.digest for point in found.points] == digests
    assert [p.scenario.customers.patience.mean for p in found.points] == [60.0, 120.0, 180.0] * 2
    assert (found.varied, found.along) == ((0, 1), None)


def test_a_point_is_the_file_with_its_settings_in_their_order():
    found = plan("agents.desk={skills: [all], staff: 9}", "agents.desk.staff=2,3")
    assert [set(p.scenario.agents["desk"].staff.week.week) for p in found.points] == [{2}, {3}]


def test_a_later_setting_that_writes_over_what_is_swept_is_refused():
    with pytest.raises(CcsimError, match=r"--set agents\.desk: writes over agents\.desk\.staff, which is swept"):
        plan("agents.desk.staff=2,3", "agents.desk={skills: [all], staff: 9}")


def test_every_refusal_is_said_at_once_with_its_point():
    with pytest.raises(CcsimError) as refused:
        plan("agents.desk.staff=-1:1:1", "customers.balk=0.5,2")
    said = str(refused.value)
    assert "point 1 (agents.desk.staff=-1, customers.balk=0.5) and 1 other point: " in said
    assert "point 2 (agents.desk.staff=-1, customers.balk=2) and 2 other points: " in said
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["agents.desk.staff=3"], "no key has several values"),
        (["agents.desk.staff=3,4", "agents.desk.staff=5"], "is given twice"),
        (["run.seed=1,2"], "Use --seed"),
        (["run.replications=1,2"], "Use --replications"),
        (["agents.desk.staff"], "has no ="),
        (["agents.desk.staff=1:200:1", "customers.balk=0:0.99:0.01"], "200 x 100 makes 20,000 points"),
        (["agents.desk.stafff=1,2"], "stafff"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused(given, said):
    with pytest.raises(CcsimError, match=said):
        plan(*given)


def test_a_sample_is_a_latin_hypercube_of_the_seed():
    keys = ("agents.desk.staff=1:10", "customers.balk=0%:40%", "calendar.at_close=drain,clear")
    found = plan(*keys, sample=10, seed=3)
    columns = list(zip(*(point.choices for point in found.points), strict=True))
    assert sorted(int(c.text) for c in columns[0]) == list(range(1, 11))
    assert sorted(int(10 * c.number / 0.4) for c in columns[1]) == list(range(10))
    assert sorted(c.text for c in columns[2]) == ["clear"] * 5 + ["drain"] * 5
    assert [p.choices for p in plan(*keys, sample=10, seed=3).points] == [p.choices for p in found.points]
    assert [p.choices for p in plan(*keys, sample=10, seed=4).points] != [p.choices for p in found.points]


def test_a_key_that_takes_fractions_is_drawn_with_fractions():
    found = plan("bot.session=10s:20s", "arrivals.per_day=50:60", sample=20)
    assert any(point.choices[1].number % 1 for point in found.points)
    assert all(len(point.choices[0].text) <= len("10.123s") for point in found.points)


def test_a_range_needs_a_sample_and_a_width():
    with pytest.raises(CcsimError, match=r"no key has several values"):
        plan("agents.desk.staff=1:9")
    with pytest.raises(CcsimError, match=r"Write the lower end first"):
        plan("customers.balk=40%:10%", sample=3)
    with pytest.raises(CcsimError, match=f"more than {MOST_POINTS:,}"):
        plan("customers.balk=10%:40%", sample=MOST_POINTS + 1)


# Simulating -------------------------------------------------------------------


def test_every_point_measures_what_a_run_of_it_does():
    found = sim.sweep(sim.loads(AFTER), {"agents.desk.staff": [2, 4]}, seed=5, replications=3)
    for number, staff in ((1, 2), (2, 4)):
        alone = sim.run(make([f"agents.desk.staff={staff}"]), seed=5, replications=3).measures
        rows = found.table[found.table["point"] == number].set_index("measure")
        assert (rows["agents.desk.staff"] == staff).all()
        assert rows[["mean", "ci_low", "ci_high"]].equals(alone)


def test_python_takes_lists_texts_and_single_values():
    found = sim.sweep(
        sim.loads(AFTER), {"customers.balk": "0%:20%:10%", "agents.desk.staff": 2, "name": ["x", "y"]}, replications=1
    )
    assert list(found.points.columns) == ["point", "customers.balk", "name"]
    assert found.points["customers.balk"].tolist() == [0.0, 0.0, 0.1, 0.1, 0.2, 0.2]
    assert found.points["name"].tolist() == ["x", "y"] * 3
    assert set(found.table.query("measure == 'agents_on_queue'")["mean"]) == {2.0}
    assert list(found.table.columns) == ["point", "customers.balk", "name", "measure", "mean", "ci_low", "ci_high"]


def test_progress_runs_over_all_points():
    told = []
    sim.sweep(
        sim.loads(AFTER), {"agents.desk.staff": [2, 3]}, replications=2, jobs=1, progress=lambda *a: told.append(a)
    )
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
