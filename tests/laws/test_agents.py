"""Agents who differ and learn; a redundancy round; the assistant: laws against closed forms and documented figures."""

import math

import numpy as np
import pytest

from sim.mechanisms.assistant import fast_factor, kept_factor, reinvested_logit
from sim.mechanisms.workforce import less_points, speed_factor, tenure_factor, what_is_left

DAY = 86_400.0
MONTH = 365 / 12 * DAY
GRID = (np.arange(20_000) + 0.5) / 20_000


def test_a_new_starter_is_half_as_slow_again_and_learns():
    assert tenure_factor(0.0, 0.5, 90.0) == 1.5
    assert tenure_factor(90 * DAY, 0.5, 90.0) == pytest.approx(1 + 0.5 / math.e)
    assert tenure_factor(730 * DAY, 0.5, 90.0) == pytest.approx(1.0, abs=2e-4)


def test_without_a_start_there_is_nothing_to_learn():
    assert tenure_factor(0.0, 0.0, 90.0) == 1.0


def test_speed_has_mean_one_and_the_stated_spread():
    scores = np.random.default_rng(1).standard_normal(200_000)
    factors = np.array([speed_factor(z, 0.15) for z in scores])
    assert factors.mean() == pytest.approx(1.0, abs=4 * 0.15 / math.sqrt(scores.size))
    assert np.log(factors).std() == pytest.approx(0.15, rel=0.01)
    assert speed_factor(2.5, 0.0) == 1.0


@pytest.mark.parametrize(("months", "uplift"), [(0, 0.34), (8, 0.146), (15, 0.097), (24, 0.068)])
def test_mean_uplift_of_a_workforce_by_its_mean_tenure(months, uplift):
    """Brynjolfsson, Li and Raymond: contacts an hour; exponential tenures."""
    tenures = -months * MONTH * np.log(1 - GRID)
    gains = [1 / fast_factor(t, 0.34, 6 * MONTH) - 1 for t in tenures]
    assert np.mean(gains) == pytest.approx(uplift, abs=5e-4)


def test_time_that_is_reinvested_is_not_saved_and_helps():
    fast = fast_factor(0.0, 0.25, 6 * MONTH)
    assert fast == 0.8
    assert kept_factor(fast, 0.0) == fast
    assert kept_factor(fast, 0.5) == pytest.approx(0.9)
    assert kept_factor(fast, 1.0) == 1.0
    assert reinvested_logit(fast, 0.9, 1.5) == pytest.approx(1.5 * math.log(0.9 / 0.8))
    assert reinvested_logit(fast, fast, 1.5) == 0.0


def test_what_a_round_did_halves_with_every_half_life():
    assert what_is_left(0.05, 0.0, 100.0) == 0.05
    assert [what_is_left(0.04, t, 100.0) for t in (100, 200)] == pytest.approx([0.02, 0.01])


def test_points_are_taken_off_a_chance_and_clipped():
    assert less_points(0.7, 0.02) == pytest.approx(0.68)
    assert less_points(0.01, 0.02) == 0.0
    assert less_points(0.7, 0.0) == 0.7
