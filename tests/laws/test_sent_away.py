"""When a target presses agents so hard that they send contacts away."""

import pytest

from sim.mechanisms.pace import is_pressed


@pytest.mark.parametrize(
    ("target", "expected"), [(1.0, True), (209.999999, True), (210.0, False), (210.000001, False), (300.0, False)]
)
def test_below_seven_tenths_of_what_contacts_need(target, expected):
    """The running mean is 300 s: .7 of it are 210."""
    assert is_pressed(300.0, target, 0.7) == expected


@pytest.mark.parametrize("mean", [1.0, 300.0, 1e9])
def test_no_target_presses_nobody(mean):
    assert not is_pressed(mean, 0.0, 0.7)
    assert not is_pressed(mean, 0.0, 1.0)


def test_the_limit_is_the_given_one():
    assert is_pressed(300.0, 299.0, 1.0)
    assert not is_pressed(300.0, 300.0, 1.0)
    assert is_pressed(300.0, 149.0, 0.5)
    assert not is_pressed(300.0, 150.0, 0.5)
    assert not is_pressed(300.0, 1e-6, 0.0)


def test_the_mean_decides_as_much_as_the_target():
    assert [is_pressed(mean, 210.0, 0.7) for mean in (100.0, 300.0, 300.001, 900.0)] == [False, False, True, True]
