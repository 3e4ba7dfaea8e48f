"""Resolution: the logistic law, and an intercept that holds the stated share."""

import math

import numpy as np
import pytest

from sim.engine.parameter_table import resolution_base
from sim.mechanisms.resolution import expit, resolution_logit

X, W = np.polynomial.hermite_e.hermegauss(150)
W = W / W.sum()


def test_expit_by_hand_and_at_the_infinities():
    assert expit(0.0) == 0.5
    assert expit(math.log(3)) == pytest.approx(0.75)
    assert expit(-800.0) == 0.0
    assert expit(800.0) == 1.0
    assert expit(math.inf) == 1.0
    assert expit(-math.inf) == 0.0


def test_effects_add_on_the_logit():
    assert resolution_logit(1.0, 0.9, 0.5, 0.4, 0.2, 0.6, 0.3) == pytest.approx(1.0 - 0.45 - 0.08 - 0.18)


def test_no_effects_leave_the_base_to_the_last_bit():
    assert resolution_logit(0.8472978603872034, 0.0, 1.3, 0.0, 0.4, 0.0, 0.7) == 0.8472978603872034
    assert resolution_logit(0.8472978603872034, 0.9, 0.0, 0.4, 0.0, 0.6, 0.0) == 0.8472978603872034


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.9, 1.5, -0.9, 4.0])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.61, 0.70, 0.97])
def test_the_base_holds_the_share_over_the_whole_population(share, slope):
    base = resolution_base(share, slope)
    held = sum(w * expit(resolution_logit(base, slope, z, 0.4, 0.0, 0.6, 0.0)) for z, w in zip(X, W, strict=True))
    assert held == pytest.approx(share, abs=1e-6)


def test_the_base_without_a_slope_is_the_log_odds():
    assert resolution_base(0.65, 0.0) == math.log(0.65 / 0.35)


def test_all_or_nothing_resolves_whatever_the_difficulty():
    for z in (-9.0, 9.0):
        assert expit(resolution_logit(resolution_base(1.0, 0.9), 0.9, z, 0.4, 0.85, 0.6, 1.0)) == 1.0
        assert expit(resolution_logit(resolution_base(0.0, 0.9), 0.9, z, 0.4, 0.0, 0.6, 0.0)) == 0.0
