import math

import pytest

from sim.report.numbers import DASH, NOTHING, Value, duration, form_of, round_percent


def value(mean, half=None):
    return Value(mean, *((math.nan, math.nan) if half is None else (mean - half, mean + half)))


@pytest.mark.parametrize(
    ("kind", "shown", "text", "change"),
    [
        ("share", value(0.8131, 0.006), "81.3 % ± 0.6", "+81.3 pt ± 0.6"),
        ("share", value(-0.1486, 0.0311), "-14.9 % ± 3.1", "-14.9 pt ± 3.1"),
        ("s", value(10.91, 2.72), "10.9 ± 2.7", "+10.9 ± 2.7"),
        ("s", value(391.95, 5.2), "6:32 ± 0:05", "+6:32 ± 0:05"),
        ("s", value(41_899.7, 4152.0), "11:38 ± 1:09", "+11:38 ± 1:09"),
        ("s", value(-72.6), "-1:13", "-1:13"),
        ("min", value(521.97, 11.8), "8.70 ± 0.20", "+8.70 ± 0.20"),
        ("number", value(4041.5, 245.4), "4,042 ± 245", "+4,042 ± 245"),
        ("number", value(14.07, 0.04), "14.1 ± 0.0", "+14.1 ± 0.0"),
        ("number", value(5.0, 0.0), "5.00 ± 0.00", "+5.00 ± 0.00"),
        ("staff", value(138.04, 0.26), "138.0 ± 0.3", "+138.0 ± 0.3"),
        ("points", value(71.24, 0.44), "71.2 ± 0.4", "+71.2 ± 0.4"),
        ("index", value(0.1905, 0.0004), "0.191 ± 0.000", "+0.191 ± 0.000"),
        ("price", value(12.9505, 0.75), "12.95 ± 0.75", "+12.95 ± 0.75"),
    ],
)
def test_numbers_are_written_as_planners_do(kind, shown, text, change):
    form = form_of(kind, [shown])
    assert (form.value(shown), form.change(shown)) == (text, change)


def test_what_is_not_known_is_a_dash_and_without_an_interval_there_is_none():
    form = form_of("share", [value(0.5)])
    assert form.value(NOTHING) == DASH
    assert form.value(value(0.5)) == "50.0 %"


def test_nothing_has_no_sign():
    form = form_of("share", [value(0.5)])
    assert form.change(value(-0.0001, 0.0)) == "0.0 pt ± 0.0"


@pytest.mark.parametrize(
    ("kind", "number", "nothing"),
    [
        ("share", 0.0004, True),
        ("share", -0.0006, False),
        ("s", -0.04, True),
        ("s", 0.06, False),
        ("index", 1e-17, True),
        ("number", 0.004, True),
    ],
)
def test_what_rounds_to_zeros_vanishes(kind, number, nothing):
    shown = value(number, 1e-9)
    assert form_of(kind, [shown]).vanishes(shown) == nothing


def test_one_form_serves_a_whole_row():
    form = form_of("s", [value(20.0), value(90.0)])
    assert [form.value(value(s)) for s in (20.0, 90.0)] == ["0:20", "1:30"]
    assert form.unit == "m:ss"


def test_a_target_has_no_more_digits_than_it_needs():
    form = form_of("share", [value(0.8)])
    assert (form.bare(0.8), form.bare(0.825)) == ("80 %", "82.5 %")


def test_numbers_in_sentences():
    assert [round_percent(x) for x in (0.351, 0.0996, 0.042, 1.0)] == ["35 %", "10 %", "4.2 %", "100 %"]
    assert [duration(x) for x in (4.13, 23.2, 72.6, 10_000.0)] == ["4.1 s", "23 s", "1:13 min", "2:47 h"]
