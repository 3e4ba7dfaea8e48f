"""What follows of heads without simulating, against known answers (H1, H3, H5, H7)."""

import math

import numpy as np
import pytest

import sim
from sim.facts.headcount import (
    chance_of_staying,
    first_month_after,
    first_start_after,
    heads_by_month,
    hires_that_hold,
    leaving_law,
    limit_of_hiring,
    mean_learning_factor,
    mean_speed,
    monthly_chance,
    share_below,
    share_gone,
    yearly_hazard,
)
from sim.schema.distribution import Distribution, exponential, lognormal, uniform
from sim.schema.values import DAY_S

CENTRE = """
calendar: {start: 2026-11-23, days: 7, hours: "08:00-18:00"}
arrivals: {per_day: 100}
intents: {call: {talk_time: 5m}}
agents: {desk: {skills: [call], staff: 5}}
"""


def test_h1_five_hires_a_month_from_none():
    law = heads_by_month(0, [5] * 24, 0.03)
    assert law.mean[[11, 23]] == pytest.approx([51.026, 86.430], abs=5e-4)
    assert law.variance[[11, 23]] == pytest.approx([7.153, 21.436], abs=5e-4)
    assert limit_of_hiring(5, 0.03) == pytest.approx((166.667, 9.059), abs=5e-4)


def test_the_chain_knows_chances_by_months_on_the_queue():
    law = heads_by_month(100, [10, 0, 0, 0], [0.5, 0.2, 0.1], graduates=0.8)
    stays = np.array([1.0, 0.5, 0.5 * 0.8, 0.5 * 0.8 * 0.9])
    assert law.mean == pytest.approx(100 * 0.9 ** np.arange(4) + 8 * stays)
    assert law.variance[1] == pytest.approx(100 * 0.9 * 0.1 + 10 * 0.4 * 0.6)
    long = heads_by_month(0, [5] * 900, 0.03, training=2, graduates=0.85)
    assert limit_of_hiring(5, 0.03, graduates=0.85) == pytest.approx((long.mean[-1], long.variance[-1] ** 0.5))


@pytest.mark.parametrize(
    ("days", "factor", "speed"),
    [(243, 1.1351, 0.8940), (365, 1.0989, 0.9216), (730, 1.0549, 0.9560), (1140, 1.0366, 0.9706)],
)
def test_h3_learning_over_exponential_tenure(days, factor, speed):
    assert mean_learning_factor(0.5, 90, days) == pytest.approx(factor, abs=5e-5)
    assert mean_speed(0.5, 90, days) == pytest.approx(speed, abs=5e-5)
    assert 1 / mean_speed(0.5, 90, days) < mean_learning_factor(0.5, 90, days)


def test_h5_what_holds_a_level():
    holding = hires_that_hold(120, 0.03, training=2, graduates=0.85)
    assert holding == pytest.approx((4.235, 8.470), abs=1e-3)
    law = heads_by_month(0, [holding.hires] * 600, 0.03, training=2, graduates=0.85)
    assert law.mean[-1] == pytest.approx(120.0, rel=1e-6)
    assert law.in_training[-1] == pytest.approx(8.4706, abs=1e-4)


def test_h7_shares_of_a_month_and_of_a_year():
    assert share_gone(0.03, 12) == pytest.approx(0.306, abs=5e-4)
    assert chance_of_staying(0.54, 24) == pytest.approx(0.0253, abs=5e-5)
    assert monthly_chance(0.31) == pytest.approx(0.0255, abs=5e-5)
    assert monthly_chance(yearly_hazard(0.0255)) == pytest.approx(0.0255, rel=1e-12)


def law_of(horizon: str, more: str = ""):
    return leaving_law(sim.loads(f"{CENTRE}{more}\nhorizon: {horizon}"))


def test_the_base_is_solved_to_the_yearly_figure_at_todays_mix():
    law = law_of("{attrition: {yearly: 31%, new_factor: 2.5, new_for: 90d}}")
    share = 1 - math.exp(-90 / 730)
    assert law.base * (1 + share * 1.5) == pytest.approx(0.31, rel=1e-12)
    tenure = np.random.default_rng(1).exponential(730 * DAY_S, 400_000)
    hazard = -12 * np.log1p(-law.chances(tenure, np.zeros(tenure.size, bool)))
    assert hazard.mean() == pytest.approx(0.31, rel=0.005)


def test_assistants_of_new_agents_are_in_todays_mix_too():
    law = law_of("{attrition: {yearly: 31%}}", "assistant: {adoption: 50%}\nattrition: {assistant: 0.8}")
    share = 1 - math.exp(-90 / 730)
    assert law.base * (1 + share * (2.5 * 0.9 - 1)) == pytest.approx(0.31, rel=1e-12)


def test_what_is_not_given_is_as_in_attrition():
    law = law_of("{}", "attrition: {weekly: 0.5%, fatigue_slope: 0.4, sd: 0.2, new_factor: 1}")
    assert law.base == pytest.approx(0.26)
    assert (law.slope, law.sd) == (0.4, 0.2)
    assert law_of("{attrition: {monthly: 3%, new_factor: 1}}").chances(
        np.array([0.0]), np.array([False])
    ) == pytest.approx(0.03, rel=1e-12)


def test_a_chance_of_a_month_is_everybodys_unless_new_people_are_told_apart():
    """H1 as a file says it: new or not, with an assistant or without."""
    new, uses = np.array([0.0, 0.0, 1e9]), np.array([False, True, False])
    more = "assistant: {adoption: 50%}\nattrition: {}"
    assert law_of("{attrition: {monthly: 3%}}", more).chances(new, uses) == pytest.approx([0.03] * 3, rel=1e-12)
    apart = law_of("{attrition: {monthly: 3%, new_factor: 2}}", more).chances(new, uses)
    assert apart[0] > apart[1] > apart[2]


def test_no_strain_is_too_much_to_be_counted():
    law = law_of("{attrition: {strain_slope: 1e11, sd: 1e-300}}")
    assert law.chances(
        np.zeros(2), np.zeros(2, bool), law.strain_factor(np.array([0.1, -0.1]), np.zeros(2))
    ).tolist() == [
        1.0,
        0.0,
    ]


def test_strain_acts_in_the_stated_size():
    law = law_of("{attrition: {strain_slope: 0.25, sd: 0.1, mistreatment_slope: 2}}")
    factor = law.strain_factor(np.array([0.1, -0.1, 0.0]), np.array([0.0, 0.0, 0.05]))
    assert factor == pytest.approx(np.exp([0.25, -0.25, 0.1]))


@pytest.mark.parametrize(
    "dist",
    [
        exponential(700.0),
        lognormal(700.0, 0.8),
        uniform(0.0, 900.0),
        Distribution(kind="gamma", mean=700.0, cv=0.5),
        Distribution(kind="weibull", mean=700.0, shape=1.7),
        Distribution(kind="empirical", points=(100.0, 300.0, 400.0)),
        Distribution(kind="constant", value=300.0),
    ],
    ids=lambda dist: dist.kind,
)
def test_shares_below_are_those_of_the_distribution(dist):
    rng = np.random.default_rng(1)
    n = 200_000
    scale = {"gamma": 700 / 4, "weibull": 700 / math.gamma(1 + 1 / 1.7)}
    drawn = {
        "exponential": lambda: rng.exponential(700.0, n),
        "lognormal": lambda: rng.lognormal(math.log(700) - math.log1p(0.64) / 2, math.sqrt(math.log1p(0.64)), n),
        "uniform": lambda: rng.uniform(0.0, 900.0, n),
        "gamma": lambda: rng.gamma(4.0, scale["gamma"], n),
        "weibull": lambda: scale["weibull"] * rng.weibull(1.7, n),
        "empirical": lambda: rng.choice([100.0, 300.0, 400.0], n),
        "constant": lambda: np.full(n, 300.0),
    }[dist.kind]()
    for at in (0.0, 250.0, 350.0, 800.0):
        assert share_below(dist, at) == pytest.approx(float((drawn < at).mean()), abs=0.005)


def test_months_that_training_and_lead_time_reach():
    days = DAY_S
    assert [first_month_after(3, d * days) for d in (0, 15, 16, 42, 60, 61, 90)] == [3, 3, 4, 4, 5, 5, 6]
    assert [first_start_after(2, d * days) for d in (0, 14, 30, 31)] == [2, 3, 3, 4]
