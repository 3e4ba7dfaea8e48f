"""What it is worth to know a number, held to the case of two plans and normal numbers, which has a closed form."""

import math

import numpy as np
import pytest
from scipy.special import ndtr

from sim.study.risk import worth
from sim.study.risk.worth import worth_of_everything, worth_of_knowing

GAIN, SLOPES = 0.3, np.array([1.0, 0.5, 0.0])
"""The second plan gains 0.3 + x1 + 0.5 x2 + luck over the first; x normal, x3 does nothing."""


def closed(gain, slope):
    """E max(0, gain + slope x) - max(0, gain), x standard normal."""
    if slope == 0:
        return 0.0
    away = abs(gain) / slope
    return slope * math.exp(-away * away / 2) / math.sqrt(2 * math.pi) - abs(gain) * ndtr(-away)


RIGHT = [closed(GAIN, slope) for slope in SLOPES]


def case(draws, seed, luck=1.0):
    """Where each number was drawn, and the costs of both plans, with luck that they share and luck that they do not."""
    source = np.random.default_rng(seed)
    x = source.normal(size=(draws, 3))
    shared = source.normal(0, 5, draws)
    gain = GAIN + x @ SLOPES + source.normal(0, luck, draws)
    return ndtr(x), np.column_stack([shared, shared - gain])


def test_two_plans_and_normal_numbers():
    found = worth_of_knowing(*case(4000, 1))
    for one, right in zip(found, RIGHT, strict=True):
        assert one.worth.low <= right <= one.worth.high
        assert one.worth.high - one.worth.low < 0.06
    assert [one.shown for one in found] == [True, True, False]
    assert found[0].changes == pytest.approx(ndtr(-GAIN), abs=0.03)


def test_a_number_that_does_nothing_is_worth_nothing_and_not_shown():
    """The plain form would give every one of them something."""
    _, costs = case(200, 2)
    beside = np.random.default_rng(2).random((200, 20))
    found = worth_of_knowing(beside, costs)
    assert sum(one.shown for one in found) <= 3
    assert np.mean([one.worth.mean for one in found]) < 0
    assert all(one.worth.low == 0 for one in found if not one.shown)
    assert np.mean([worth._plain(worth.basis(along, 3), costs) for along in beside.T]) > 0


def test_money_over_the_life_of_the_decision():
    points, costs = case(300, 3)
    week, years = worth_of_knowing(points, costs)[0], worth_of_knowing(points, costs, life=104)[0]
    assert years.worth.mean == pytest.approx(104 * week.worth.mean)
    assert years.by_chance == pytest.approx(104 * week.by_chance)
    assert worth_of_everything(costs, life=104).mean == pytest.approx(104 * worth_of_everything(costs).mean)


def test_neither_what_plans_share_nor_their_order_matters():
    points, costs = case(300, 4)
    plain = worth_of_knowing(points, costs)[0].worth
    moved = worth_of_knowing(points, costs + 1000 * np.arange(300)[:, None])[0].worth
    turned = worth_of_knowing(points, costs[:, ::-1])[0].worth
    assert moved == pytest.approx(plain)
    assert turned == pytest.approx(plain)


def test_everything_is_a_ceiling():
    """Knowing all numbers and the luck: E max(0, gain) with the spread of all that varies."""
    points, costs = case(4000, 5)
    everything = worth_of_everything(costs)
    right = closed(GAIN, math.sqrt(1 + 0.25 + 1))
    assert everything.low <= right <= everything.high
    assert all(one.worth.mean < everything.mean for one in worth_of_knowing(points, costs))


def test_where_one_plan_is_always_best_nothing_is_worth_knowing():
    points, costs = case(300, 6)
    costs[:, 1] = costs[:, 0] + 1
    assert worth_of_everything(costs).mean == 0
    assert [one.worth.mean for one in worth_of_knowing(points, costs)] == [0, 0, 0]
    assert not any(one.shown for one in worth_of_knowing(points, costs))


def test_three_plans_of_which_another_is_best_at_either_end():
    """Costs 0, 1 - 4 x and 4 x - 3 for x from 0 to 1: the middle plan saves nothing at the ends, by hand 0.5 - 0."""
    x = np.random.default_rng(7).random(2000)
    costs = np.column_stack([np.zeros(2000), 1 - 4 * x, 4 * x - 3])
    found = worth_of_knowing(x[:, None], costs)[0]
    right = -np.mean(costs.min(axis=1)) + costs.mean(axis=0).min()
    assert found.worth.mean == pytest.approx(right, abs=0.02)


def test_intervals_cover(monkeypatch):
    monkeypatch.setattr(worth, "PERMUTATIONS", 1)
    hits = np.zeros(3)
    for seed in range(200):
        found = worth_of_knowing(*case(200, 100 + seed), seed=seed)
        hits += [one.worth.low <= right <= one.worth.high for one, right in zip(found, RIGHT, strict=True)]
    assert (hits / 200 > 0.9).all()
