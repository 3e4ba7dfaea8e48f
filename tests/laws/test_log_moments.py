"""Log moments of samples: as stated, and without overflow or underflow at any size."""

import math

import numpy as np
import pytest

from sim.engine.distributions import log_moments
from sim.mechanisms.fatigue import MOMENT_POINTS
from sim.scenario.model import Distribution


def of_sample(*points, spread):
    return log_moments(Distribution(kind="empirical", points=points), spread)


def test_moments_of_a_sample_with_a_zero_in_it():
    found = of_sample(0.0, 60.0, 180.0, spread=2.0)
    g = 1.0 + 2.0 * np.linspace(0.0, 1.0, MOMENT_POINTS)
    assert found == pytest.approx(np.log((60.0**g + 180.0**g) / 3), rel=1e-13)


@pytest.mark.parametrize("size", [1e-300, 1e12])
def test_moments_of_any_size_are_those_of_a_sample_of_size_one_moved(size):
    found = of_sample(size, 4 * size, spread=40.0)
    g = 1.0 + 40.0 * np.linspace(0.0, 1.0, MOMENT_POINTS)
    assert found == pytest.approx(of_sample(1.0, 4.0, spread=40.0) + g * math.log(size), rel=1e-12)
