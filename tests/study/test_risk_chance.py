"""Chances, their intervals, and the staff that a chance needs: by hand, and by how often intervals cover."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.study.risk.chance import chance_curve, chance_difference, chance_of
from sim.study.risk.resampling import blocks_of, jackknife, t_interval

STAFF = np.arange(40.0, 64.0, 3.0)


def meets(draws, seed):
    """Draws whose need of staff is normal (50, 4), with luck of 3 by plan: the chance at s is that of (s - 50) / 5."""
    source = np.random.default_rng(seed)
    return source.normal(50, 4, (draws, 1)) + source.normal(0, 3, (draws, STAFF.size)) < STAFF


def right(staff):
    return ndtr((staff - 50) / 5)


# One plan -----------------------------------------------------------------------------


def test_wilsons_interval():
    """By hand for 8 of 10: (0.8 + 0.19207) / 1.38415 -+ 0.2264."""
    found = chance_of(np.array([True] * 8 + [False] * 2))
    assert found == pytest.approx((0.8, 0.49016, 0.94332), abs=1e-4)


def test_all_or_none_leaves_a_doubt():
    always, never = chance_of(np.ones(100, bool)), chance_of(np.zeros(100, bool))
    assert always == pytest.approx((1, 0.963, 1), abs=1e-3)
    assert never == pytest.approx((0, 0, 0.037), abs=1e-3)
    assert math.isnan(chance_of(np.zeros(0, bool)).mean)


# Two plans ----------------------------------------------------------------------------


def test_plans_that_share_their_draws_are_told_apart_sooner():
    one = np.array([True] * 60 + [False] * 40)
    other = np.array([True] * 50 + [False] * 50)
    found = chance_difference(one, other)
    assert found.mean == pytest.approx(0.1)
    assert found.low > 0
    shuffled = np.random.default_rng(1).permutation(other)
    assert chance_difference(one, shuffled).low < 0
    assert chance_difference(one, one).mean == 0


# Against staff ------------------------------------------------------------------------


def by_shares(*shares):
    """Draws that meet with exactly these shares of ten."""
    return np.array([[k < 10 * share for share in shares] for k in range(10)])


def test_a_curve_never_falls():
    curve = chance_curve(np.array([10.0, 12, 14, 16]), by_shares(0.2, 0.6, 0.4, 0.9))
    assert curve.shares.tolist() == pytest.approx([0.2, 0.6, 0.4, 0.9])
    assert curve.fitted.tolist() == pytest.approx([0.2, 0.5, 0.5, 0.9])
    assert curve.chance_at(15.0) == pytest.approx(0.7)
    assert math.isnan(curve.chance_at(17.0))


def test_the_staff_that_a_chance_needs():
    """From 0.5 at 14 to 0.9 at 16: 0.8 at 15.5."""
    curve = chance_curve(np.array([10.0, 12, 14, 16]), by_shares(0.2, 0.6, 0.4, 0.9))
    assert curve.staff_for(0.8).mean == pytest.approx(15.5)
    assert curve.staff_for(0.1).mean == -math.inf
    assert curve.staff_for(0.95).mean == math.inf


def test_an_end_that_was_not_looked_at_is_not_made_up():
    curve = chance_curve(np.array([10.0, 12, 14]), by_shares(0.2, 0.5, 0.8))
    found = curve.staff_for(0.7)
    assert found.mean == pytest.approx(10 + 2 + 2 * 2 / 3)
    assert found.high == math.inf


def test_plans_in_any_order_and_of_the_same_staff():
    met = by_shares(0.9, 0.2, 0.5, 0.7)
    curve = chance_curve(np.array([16.0, 10, 14, 14]), met)
    assert curve.staff.tolist() == [10, 14, 16]
    assert curve.shares.tolist() == pytest.approx([0.2, 0.6, 0.9])


def test_the_same_seed_gives_the_same_interval():
    curve = chance_curve(STAFF, meets(100, 3))
    assert curve.staff_for(0.8, seed=5) == curve.staff_for(0.8, seed=5)
    low, high = curve.band()
    assert ((low <= curve.fitted) & (curve.fitted <= high)).all()


# Do the intervals cover? --------------------------------------------------------------


def test_intervals_cover():
    """300 samples of 200 draws; the staff for 80 % is held to the true curve, not to the lines between plans."""
    wanted, hits = 50 + 5 * ndtri(0.8), np.zeros(3)
    for seed in range(300):
        met = meets(200, 10 + seed)
        staff = chance_curve(STAFF, met).staff_for(0.8, seed, times=300)
        one, two = chance_of(met[:, 4]), chance_difference(met[:, 5], met[:, 3])
        difference = right(STAFF[5]) - right(STAFF[3])
        hits += [
            staff.low <= wanted <= staff.high,
            one.low <= right(STAFF[4]) <= one.high,
            two.low <= difference <= two.high,
        ]
    assert (hits / 300 > 0.91).all()
    assert staff.high - staff.low < 3


# Resampling ---------------------------------------------------------------------------


def test_a_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(4).normal(size=40)
    mean, error = jackknife(lambda rows: values[rows].mean(), np.arange(40))
    assert mean == pytest.approx(values.mean())
    assert error == pytest.approx(values.std(ddof=1) / math.sqrt(40))


def test_blocks_are_of_neighbours_and_of_like_size():
    assert blocks_of(10, 4).tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]
    assert blocks_of(3, 20).tolist() == [0, 1, 2]


def test_one_part_tells_nothing_of_luck():
    found = t_interval(1.0, 0.5, 1)
    assert found.mean == 1
    assert math.isnan(found.low)
