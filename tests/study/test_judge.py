"""Met, missed, or too close to call: at the target itself, on either side of it, and without an interval."""

import math

import pytest

from sim.scenario.targets import CLOSE, MET, MISSED, MeasureTarget, judge

NONE = math.nan


@pytest.mark.parametrize(
    ("interval", "at_least", "at_most"),
    [
        ((0.85, 0.81, 0.89), MET, MISSED),
        ((0.75, 0.71, 0.79), MISSED, MET),
        ((0.80, 0.78, 0.82), CLOSE, CLOSE),
        ((0.82, 0.80, 0.84), MET, CLOSE),
        ((0.78, 0.76, 0.80), CLOSE, MET),
        ((0.80, 0.80, 0.80), MET, MET),
        ((0.80, NONE, NONE), MET, MET),
        ((0.81, NONE, NONE), MET, MISSED),
        ((0.79, NONE, NONE), MISSED, MET),
        ((NONE, NONE, NONE), MISSED, MISSED),
    ],
)
def test_the_whole_interval_decides(interval, at_least, at_most):
    assert judge(interval, MeasureTarget(0.8, True)) == at_least
    assert judge(interval, MeasureTarget(0.8, False)) == at_most
