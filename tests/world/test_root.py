"""The root of a function, as scipy finds it."""

import math
import random

import pytest
from scipy.optimize import brentq

from sim.engine.root import root_between


def test_it_is_scipys_to_the_last_bit():
    luck = random.Random(14)
    for _ in range(500):
        at, steep, shift = luck.uniform(-5, 5), 10 ** luck.uniform(-2, 3), luck.uniform(-1, 1)

        def curve(x, at=at, steep=steep, shift=shift):
            return math.atan(steep * (x - at)) + shift + 0.01 * (x - at) ** 3

        assert root_between(curve, -50.0, 60.0, 1e-13) == brentq(curve, -50.0, 60.0, xtol=1e-13)


@pytest.mark.parametrize(("low", "high"), [(0.0, 3.0), (-3.0, 0.0)])
def test_an_end_may_be_the_root(low, high):
    assert root_between(lambda x: x, low, high, 1e-13) == 0.0


def test_without_a_change_of_sign_there_is_none_to_find():
    with pytest.raises(ValueError, match="signs"):
        root_between(lambda x: 1.0 + x * x, -1.0, 2.0, 1e-13)
