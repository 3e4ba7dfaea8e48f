"""When leavers make leavers: by hand-made years."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.plan.spiral import amplification, gap_by_leaving, spiral_month, threshold_of


def test_three_months_of_more_leavers_from_fewer_people_are_a_spiral() -> None:
    heads, rising = np.array([[40.0, 39.0, 38.0, 36.5, 34.5, 32.0, 31.0]]), np.arange(1.0, 8.0)[None]
    assert spiral_month(np.array([[1.0, 1.0, 1.1, 1.3, 1.6, 1.5, 1.4]]), heads) == 3
    assert spiral_month(np.array([[1.0, 1.0, 1.1, 1.3, 1.2, 1.5, 1.6]]), heads) is None, "two in a row"
    assert spiral_month(rising, np.arange(40.0, 47.0)[None]) is None, "more leave since more are there"
    assert spiral_month(rising, heads) == 2


def test_a_rise_that_luck_may_have_made_is_no_spiral() -> None:
    heads, rising = np.tile(np.arange(40.0, 33.0, -1.0), (4, 1)), np.tile(np.linspace(1.0, 1.06, 7), (4, 1))
    slopes = np.array([[2.0], [-1.8], [1.9], [-1.7]]) * np.linspace(0.0, 0.06, 7)
    assert spiral_month(rising + 0.1 * slopes, heads) == 2
    assert spiral_month(rising + slopes, heads) is None


def test_a_gap_grows_by_those_whom_it_makes_leave() -> None:
    other = np.array([[1.0, 1.0, 1.0], [2.0, 0.0, 1.0]])
    left = np.array([[1.0, 2.0, 1.0], [3.0, 0.0, 0.0]])
    gap = gap_by_leaving(2.0, left, other)
    assert gap.tolist() == [[2.0, 2.0, 3.0], [2.0, 3.0, 3.0]]
    more = np.array([[0.5, 0.5, 0.3], [1.0, 0.5, 0.0]])
    assert amplification(gap, more).mean == pytest.approx([1.375, 1.2, 1.05])


def test_without_strain_a_gap_shrinks_by_the_share_that_leaves() -> None:
    heads = 40.0 * 0.97 ** np.arange(5)
    fewer = 38.0 * 0.97 ** np.arange(5)
    left, other = np.tile(0.03 * fewer, (3, 1)), np.tile(0.03 * heads, (3, 1))
    found = amplification(gap_by_leaving(2.0, left, other), left - other)
    assert found.mean == pytest.approx(np.full(5, 0.97))
    assert found.half_width == pytest.approx(np.zeros(5))


def test_the_threshold_is_looked_for_down_from_a_sound_centre_and_up_from_one_in_its_spiral() -> None:
    assert threshold_of(lambda staff: staff < 0.83, here=False) == pytest.approx(0.85)
    assert threshold_of(lambda staff: staff < 1.13, here=True) == pytest.approx(1.15)
    assert threshold_of(lambda staff: False, here=False) is None
    assert threshold_of(lambda staff: True, here=True) is None
