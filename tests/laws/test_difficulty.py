"""One difficulty behind everything: correlations on normal scores."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.mechanisms.difficulty import bot_is_capable, correlated_score
from sim.rng.scores import DistributionKind, quantile

NONE = np.empty(0)
# A product rule for two independent standard normals.
X, W = np.polynomial.hermite_e.hermegauss(80)
W = W / W.sum()


def test_weight_zero_is_the_noise_to_the_last_bit():
    assert correlated_score(0.0, 1.7, 0.123456789) == 0.123456789


def test_weight_one_is_the_difficulty_and_minus_one_its_mirror():
    assert correlated_score(1.0, 1.7, -0.4) == 1.7
    assert correlated_score(-1.0, 1.7, -0.4) == -1.7


@pytest.mark.parametrize("weight", [-0.9, -0.3, 0.2, 0.6, 0.99])
def test_scores_keep_their_law_and_have_the_stated_correlation(weight):
    """Mean 0, variance 1, correlation `weight` with the difficulty; fourth moment 3, as the normal law has it."""
    score = np.array([[correlated_score(weight, z, n) for n in X] for z in X])
    both = np.outer(W, W)
    assert (both * score).sum() == pytest.approx(0, abs=1e-12)
    assert (both * score**2).sum() == pytest.approx(1, rel=1e-12)
    assert (both * score**4).sum() == pytest.approx(3, rel=1e-10)
    assert (both * score * X[:, None]).sum() == pytest.approx(weight, rel=1e-12)


def test_talk_time_by_hand():
    """Exponential, mean 100 s, at the score 0: 100 ln 2. With weight .6, difficulty 1 and noise -.75 the score is 0."""
    kind = int(DistributionKind.EXPONENTIAL)
    times = [quantile(kind, 100.0, 0.0, NONE, correlated_score(0.6, 1.0, noise)) for noise in (-0.75, 0.0)]
    assert times == pytest.approx([100 * math.log(2), -100 * math.log(ndtr(-0.6))])


@pytest.mark.parametrize("selectivity", [-0.5, 0.0, 0.4, 0.7, 1.0])
@pytest.mark.parametrize("share", [0.05, 0.35, 0.8])
def test_capability_is_decided_by_the_correlated_score(selectivity, share):
    threshold = float(ndtri(share))
    for z in (-2.0, -0.1, 0.3, 1.9):
        for noise in (-1.1, 0.2, 2.2):
            score = selectivity * z + math.sqrt(1 - selectivity**2) * noise
            assert bot_is_capable(selectivity, z, noise, threshold) == (score < threshold)


def test_capability_of_everything_and_nothing():
    assert bot_is_capable(0.7, 3.0, 3.0, math.inf)
    assert not bot_is_capable(0.7, -3.0, -3.0, -math.inf)
