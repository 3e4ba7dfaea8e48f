"""Frustration, by hand."""

import math

import pytest

from sim.mechanisms.frustration import after_waiting, raised, shortened_patience, talk_factor
from sim.mechanisms.mistreatment import mistreatment_probability


def test_a_rise_is_a_share_of_what_is_left():
    assert raised(0.15, 0.12) == pytest.approx(0.252)
    assert raised(raised(0.15, 0.12), 0.12) == pytest.approx(0.34176)
    assert raised(1.0, 0.5) == 1.0
    assert raised(0.15, 1.0) == 1.0


def test_a_rise_of_nothing_changes_no_bit():
    assert raised(0.15, 0.0) == 0.15


@pytest.mark.parametrize(("waited", "expected"), [(0, 0.15), (59, 0.15), (60, 0.15), (120, 0.1755), (180, 0.200235)])
def test_each_minute_beyond_the_grace_raises_it(waited, expected):
    """One minute: .15 + .03 x .85 = .1755; two: .1755 + .03 x .8245."""
    assert after_waiting(0.15, waited, 60.0, 0.03) == pytest.approx(expected, abs=1e-12)


def test_half_a_minute_is_half_a_step_of_the_power():
    assert after_waiting(0.15, 90.0, 60.0, 0.03) == pytest.approx(0.15 + 0.85 * (1 - math.sqrt(0.97)))


def test_a_wait_within_the_grace_changes_no_bit():
    assert after_waiting(0.3, 60.0, 60.0, 0.03) == 0.3
    assert after_waiting(0.3, 1e6, 60.0, 0.0) == 0.3


def test_a_wait_in_two_parts_frustrates_like_one():
    once = after_waiting(0.15, 300.0, 0.0, 0.03)
    assert after_waiting(after_waiting(0.15, 100.0, 0.0, 0.03), 200.0, 0.0, 0.03) == pytest.approx(once)


def test_frustration_that_rises_fully_each_minute():
    assert after_waiting(0.15, 61.0, 60.0, 1.0) == 1.0


def test_effects_by_hand():
    assert shortened_patience(240.0, 0.5, 0.7) == pytest.approx(240 * math.exp(-0.35))
    assert talk_factor(0.5, 0.15) == pytest.approx(1.075)


def test_no_rise_or_no_effect_changes_nothing():
    assert (talk_factor(0.0, 0.7), talk_factor(0.4, 0.0)) == (1.0, 1.0)
    assert (shortened_patience(77.7, 0.0, 0.7), shortened_patience(77.7, 0.4, 0.0)) == (77.7, 77.7)


def test_who_never_gives_up_never_does_however_frustrated():
    assert shortened_patience(math.inf, 1.0, 1e6) == math.inf


def test_a_fresh_customer_mistreats_in_one_contact_of_five():
    """The stated .21: logit = -1.70 + 2.5 x .15."""
    assert mistreatment_probability(0.15, -1.70, 2.5) == pytest.approx(0.21, abs=0.0005)
    assert mistreatment_probability(0.15, -1.70, 2.5) == pytest.approx(1 / (1 + math.exp(1.325)))
    assert mistreatment_probability(1.0, -1.70, 2.5) == pytest.approx(1 / (1 + math.exp(-0.8)))
