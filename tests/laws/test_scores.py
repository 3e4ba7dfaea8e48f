"""Normal scores and the quantile functions of every family, against scipy."""

import math

import numpy as np
import pytest
from scipy import special, stats

from sim import loads
from sim.engine import prepare
from sim.jit import compiled
from sim.rng.scores import LONGEST_US, quantile, score_of, share_below, to_us, turn_into_scores

SCORES = np.linspace(-6.0, 6.0, 97)


@pytest.fixture(scope="module")
def inverse():
    """A family's quantile (s) at a score, as a scenario file would make it."""

    def build(distribution):
        document = {
            "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00"},
            "arrivals": {"per_day": 10},
            "intents": {"call": {"talk_time": distribution}},
            "agents": {"team": {"skills": ["call"], "staff": 1}},
        }
        table = prepare(loads(document)).table
        kind, a, b, first, length, _ = table.dists[table.intents[0]["talk"]].item()
        points = table.points[first : first + length]
        return lambda score: quantile(kind, a, b, points, score)

    return build


def test_scores_are_normal_quantiles():
    tails = 10.0 ** -np.arange(1, 17)
    u = np.concatenate([tails, np.linspace(0.001, 0.999, 1999), 1 - tails[:15], [0.5 - 0.425, 0.5 + 0.425]])
    assert [score_of(x) for x in u] == pytest.approx(special.ndtri(u), rel=2e-14, abs=1e-15)


_turn_into_scores = turn_into_scores


@compiled
def scores_in_a_row(values, kept):
    _turn_into_scores(values, kept)


def test_many_scores_at_a_time_are_those_of_each_to_the_last_bit():
    u = np.concatenate([np.random.default_rng(1).random(1_000), [0.5, 0.075, 0.925, np.nextafter(0.075, 0.0), 1e-300]])
    values, kept = u.copy(), np.empty(u.size)
    scores_in_a_row(values, kept)
    assert (kept == u).all()
    assert values.tolist() == [score_of(x) for x in u]


def test_scores_are_finite_at_the_ends_of_luck():
    low, high = 0.5 / 2.0**53, 1.0 - 0.5 / 2.0**53
    assert score_of(low) == pytest.approx(special.ndtri(low), rel=1e-14)
    assert math.isfinite(score_of(np.nextafter(high, 0.0)))


def test_share_below_is_the_normal_distribution_function():
    assert [share_below(x) for x in SCORES] == pytest.approx(special.ndtr(SCORES), rel=1e-13)


def sigma(cv):
    return math.sqrt(math.log1p(cv * cv))


# The last number is how near: gamma goes through a table of log quantiles, linear between its points.
FAMILIES = [
    ({"distribution": "exponential", "mean": "4m"}, stats.expon(scale=240), 1e-7),
    *[
        (
            {"distribution": "lognormal", "mean": "4m", "cv": cv},
            stats.lognorm(sigma(cv), scale=240 * math.exp(-0.5 * sigma(cv) ** 2)),
            1e-7,
        )
        for cv in (0.1, 0.8, 1.0, 2.5)
    ],
    *[
        (
            {"distribution": "gamma", "mean": "4m", "cv": cv},
            stats.gamma(cv**-2, scale=240 * cv**2),
            2e-3 * max(cv, 1) ** 2,
        )
        for cv in (0.1, 0.7071, 1.0, 2.0)
    ],
    *[
        (
            {"distribution": "weibull", "mean": "4m", "shape": shape},
            stats.weibull_min(shape, scale=240 / math.gamma(1 + 1 / shape)),
            1e-6,
        )
        for shape in (0.5, 1.0, 3.6)
    ],
    ({"distribution": "uniform", "low": "1m", "high": "9m"}, stats.uniform(60, 480), 1e-7),
]


families = pytest.mark.parametrize(
    ("distribution", "law", "near"), FAMILIES, ids=["-".join(map(str, d.values())) for d, *_ in FAMILIES]
)


@families
def test_quantiles_against_scipy(inverse, distribution, law, near):
    """The upper half by the survival function, which keeps its digits there."""
    q = inverse(distribution)
    for score in SCORES:
        exact = law.ppf(special.ndtr(score)) if score < 0 else law.isf(special.ndtr(-score))
        assert q(score) == pytest.approx(exact, rel=near, abs=1e-9), score


@families
def test_the_stated_mean_and_spread(inverse, distribution, law, near):
    """Integrated over the scores; heavy tails beyond 9 carry less than a part in 10,000 at these spreads."""
    q = inverse(distribution)
    x = np.linspace(-9.0, 9.0, 6001)
    density = stats.norm.pdf(x) * (x[1] - x[0])
    values = np.array([q(score) for score in x])
    mean = (values * density).sum()
    assert mean == pytest.approx(law.mean(), rel=1e-4)
    assert math.sqrt((values**2 * density).sum() - mean**2) == pytest.approx(law.std(), rel=2e-3)


@families
def test_quantiles_never_fall(inverse, distribution, law, near):
    q = inverse(distribution)
    values = [q(score) for score in np.linspace(-9.5, 9.5, 200)]
    assert values == sorted(values)
    assert values[0] >= 0.0
    assert math.isfinite(values[-1])


def test_a_constant_is_itself(inverse):
    q = inverse({"distribution": "constant", "value": "70s"})
    assert {q(score) for score in SCORES} == {70.0}


def test_an_empirical_sample_gives_each_of_its_points_alike(inverse):
    """Five points: a fifth of the probability each, and nothing in between."""
    q = inverse({"distribution": "empirical", "points": [50, 10, 20, 40, 30]})
    shares = [0.001, 0.199, 0.201, 0.399, 0.401, 0.5, 0.599, 0.601, 0.799, 0.801, 0.999]
    assert [q(special.ndtri(p)) for p in shares] == [10, 10, 20, 20, 30, 30, 30, 40, 40, 50, 50]
    assert q(9.0) == 50
    assert q(-9.0) == 10


def test_infinite_patience_is_infinite():
    assert quantile(7, 0.0, 0.0, np.empty(0), 1.0) == math.inf


def test_microseconds_round_half_up_and_end_after_ten_years():
    moments = [to_us(x) for x in (0.0, 4e-7, 5e-7, 1.0000005, 2.4999999)]
    assert moments == [0, 0, 1, 1_000_001, 2_500_000]
    assert to_us(math.inf) == to_us(1e12) == LONGEST_US
