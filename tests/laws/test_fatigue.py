"""Fatigue: the equation, its effect over a shift, and a wider spread around the same mean."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import solve_ivp

import sim
from sim.engine import prepare
from sim.mechanisms.fatigue import after_handling, after_recovery, build_rate, spread_talk_time, talk_factor
from sim.rng.scores import quantile

A, IDLE, BREAK, E, EFFECT = 0.10, 0.35, 1.8, 1.5, 0.18
MISTREATED = 1 / (1 + math.exp(1.325))


def test_the_solutions_against_the_equations():
    hours = 2.7
    busy = solve_ivp(lambda _, f: 0.25 * (1 - f), (0, hours), [0.3], rtol=1e-10, atol=1e-12).y[0, -1]
    rest = solve_ivp(lambda _, f: -1.8 * f, (0, hours), [0.3], rtol=1e-10, atol=1e-12).y[0, -1]
    assert after_handling(0.3, 0.25, hours) == pytest.approx(busy, rel=1e-8)
    assert after_recovery(0.3, 1.8, hours) == pytest.approx(rest, rel=1e-8)


def test_no_time_and_no_rate_change_nothing():
    assert after_recovery(0.3, 1.8, 0.0) == 0.3
    assert after_recovery(0.3, 0.0, 5.0) == 0.3
    assert after_handling(0.3, 0.0, 5.0) == pytest.approx(0.3, abs=1e-15)
    assert after_handling(0.0, 0.0, 5.0) == 0.0


def test_two_spells_are_one():
    assert after_handling(after_handling(0.1, 0.2, 1.0), 0.2, 2.0) == pytest.approx(after_handling(0.1, 0.2, 3.0))
    assert after_recovery(after_recovery(0.4, 0.2, 1.0), 0.2, 2.0) == pytest.approx(after_recovery(0.4, 0.2, 3.0))


def test_mistreatment_tires_faster():
    assert build_rate(0.10, 1.5, False) == 0.10
    assert build_rate(0.10, 1.5, True) == pytest.approx(0.25)
    assert build_rate(0.10, 0.0, True) == 0.10


def test_talk_factor_by_hand():
    assert talk_factor(0.5, 0.18) == pytest.approx(1.09)
    assert talk_factor(0.0, 0.18) == talk_factor(0.7, 0.0) == 1.0


def over_a_shift(breaks, occupancy=0.85, call_s=300.0):
    """F after 8 h of calls of five minutes, every fifth or so with mistreatment, idle between them; breaks by hour."""
    cycle_h = call_s / 3600 / occupancy
    weight = 1 + E * MISTREATED
    fatigue, hour = 0.0, 0.0
    due = dict(breaks)
    while hour < 8.0:
        if due and hour >= min(due):
            length = due.pop(min(due))
            fatigue, hour = after_recovery(fatigue, BREAK, length), hour + length
            continue
        fatigue = after_handling(fatigue, A * weight, cycle_h * occupancy)
        fatigue = after_recovery(fatigue, IDLE, cycle_h * (1 - occupancy))
        hour += cycle_h
    return fatigue


@pytest.mark.parametrize(("breaks", "expected"), [({}, 1.09), ({2.0: 0.25, 4.0: 0.5, 6.0: 0.25}, 1.05)])
def test_handle_time_at_the_end_of_a_shift(breaks, expected):
    """8 h at 85 % occupancy: x 1.09 without breaks, x 1.05 with breaks of 15, 30 and 15 minutes."""
    assert round(talk_factor(over_a_shift(breaks), EFFECT), 2) == expected


BREAKS = [{"after": "2h", "length": "15m"}, {"after": "4h", "length": "30m"}, {"after": "6h", "length": "15m"}]


@pytest.mark.parametrize(("breaks", "calls", "expected"), [([], 1480, 1.09), (BREAKS, 1330, 1.05)])
def test_a_shift_simulated(engine, breaks, calls, expected):
    """Sixteen agents, eight hours, calls of about five minutes: the law's figures from each engine and its measures."""
    document = {
        "name": "a shift",
        "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-16:00", "interval": "60m"},
        "arrivals": {"per_day": calls},
        "intents": {"call": {"talk_time": {"distribution": "gamma", "mean": "250s", "cv": 0.5}, "resolution": 1.0}},
        "agents": {
            "team": {
                "skills": ["call"],
                "shifts": [{"count": 16, "start": "08:00", "length": "8h", "breaks": breaks}],
            }
        },
        "customers": {"patience": "infinite"},
        "mistreatment": {},
        "fatigue": {},
    }
    result = sim.run(sim.loads(document), seed=2, replications=10, engine=engine).measures
    assert result.loc["occupancy", "mean"] == pytest.approx(0.85, abs=0.02)
    assert result.loc["mistreatment_rate", "mean"] == pytest.approx(MISTREATED, abs=0.01)
    tired = 1 + EFFECT * result.loc["fatigue_end_of_shift"]
    assert tired["ci_high"] - tired["ci_low"] < 0.01
    assert tired["mean"] == pytest.approx(expected, abs=0.01)


# The spread ---------------------------------------------------------------------

SPREAD = 0.65
FAMILIES = {
    "exponential": {"distribution": "exponential", "mean": "4m"},
    "lognormal": {"distribution": "lognormal", "mean": "4m", "cv": 0.9},
    "gamma": {"distribution": "gamma", "mean": "4m", "cv": 0.7},
    "weibull": {"distribution": "weibull", "mean": "4m", "shape": 1.4},
    "uniform": {"distribution": "uniform", "low": "1m", "high": "9m"},
    "empirical": {"distribution": "empirical", "points": [30, 60, 60, 95, 250, 700.5]},
    "constant": {"distribution": "constant", "value": "4m"},
}
PROBABILITIES = np.linspace(-8.5, 8.5, 12001)


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def population(request):
    """Values and weights of a family's whole population, its log mean, log moments and mean, as the engine has them."""
    document = {
        "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-20:00"},
        "arrivals": {"per_day": 10},
        "intents": {"call": {"talk_time": FAMILIES[request.param]}},
        "agents": {"team": {"skills": ["call"], "staff": 1}},
        "fatigue": {"effects": {"spread": SPREAD}},
    }
    scenario = sim.loads(document)
    table = prepare(scenario).table
    row = table.intents[0]
    kind, a, b, first, length, _ = table.dists[row["talk"]].item()
    points = table.points[first : first + length]
    if request.param == "empirical":
        values, weights = points, np.full(points.size, 1 / points.size)
    else:
        weights = stats.norm.pdf(PROBABILITIES)
        weights /= weights.sum()
        values = np.array([quantile(kind, a, b, points, score) for score in PROBABILITIES])
    return values, weights, float(row["log_mean"]), table.moments[0], scenario.intents["call"].talk_time.average


@pytest.mark.parametrize("fatigue", [0.0, 0.1003, 0.35, 0.7211, 1.0])
def test_a_tired_agent_has_the_same_mean_and_the_stated_spread(population, fatigue):
    """T = E[T0] T0^g / E[T0^g]: mean E[T0], second moment E[T0]^2 E[T0^2g] / E[T0^g]^2."""
    values, weights, log_mean, moments, mean = population
    spread = np.array([spread_talk_time(v, fatigue, SPREAD, log_mean, moments) for v in values])
    g = 1 + SPREAD * fatigue
    assert (weights * spread).sum() == pytest.approx(mean, rel=3e-4)
    second = mean**2 * (weights * values ** (2 * g)).sum() / (weights * values**g).sum() ** 2
    assert (weights * spread**2).sum() == pytest.approx(second, rel=2e-3)


def test_a_rested_agent_and_no_spread_change_no_bit(population):
    values, _, log_mean, moments, _ = population
    for value in values[:: max(len(values) // 20, 1)]:
        assert spread_talk_time(value, 0.0, SPREAD, log_mean, moments) == value
        assert spread_talk_time(value, 0.8, 0.0, log_mean, moments) == value


def test_the_spread_widens(population):
    values, weights, log_mean, moments, mean = population
    tired = np.array([spread_talk_time(v, 0.5, SPREAD, log_mean, moments) for v in values])
    before, after = ((weights * (x - mean) ** 2).sum() for x in (values, tired))
    assert after > before * 1.2 or before < 1e-9
