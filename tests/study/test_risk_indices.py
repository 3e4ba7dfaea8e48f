"""Indices of what is not known, held to functions whose indices are known: Ishigami, and queues by quadrature."""

import numpy as np
import pytest

from sim.study.risk.indices import first_order, share_of_luck, surrogate_indices
from sim.study.risk.polynomials import ranks
from sim.study.risk.surrogate import candidate_terms, fit_surrogate
from tests.study.known import FIRST, TOTAL, drawn, erlang_a_world, erlang_c_world, indices_by_quadrature, ishigami
from tests.study.saltelli import designed_indices

TINY = 1e-4
"""Nobody reads the fifth digit of an index; without luck the intervals of a smooth function are as narrow as that."""


def near(found, wanted, within):
    """Every interval holds what is right, and is narrow enough to notice if it were not."""
    for estimate, right in zip(found, wanted, strict=True):
        assert estimate.low - TINY <= right <= estimate.high + TINY
        assert estimate.high - estimate.low < 2 * within


# By a design of its own -------------------------------------------------------------


def test_a_design_of_its_own_finds_ishigamis_indices():
    found = designed_indices(ishigami, 3, 1024, seed=2)
    near(found.first, FIRST, 0.01)
    near(found.total, TOTAL, 0.01)
    assert found.runs == 16 * 1024 * 5


@pytest.mark.parametrize("world", [erlang_c_world, erlang_a_world])
def test_a_design_of_its_own_finds_those_of_a_queue(world):
    first, total = indices_by_quadrature(world)
    found = designed_indices(world, 3, 64)
    near(found.first, first, 0.04)
    near(found.total, total, 0.04)


def test_a_function_that_does_not_vary_has_no_indices():
    found = designed_indices(lambda points: np.ones(len(points)), 2, 64)
    assert [estimate.mean for estimate in (*found.first, *found.total)] == [0, 0, 0, 0]


# From a sample ------------------------------------------------------------------------


def test_first_order_from_a_sample():
    points = drawn(1000, 3, 1)
    near([one.share for one in first_order(points, ishigami(points))], FIRST, 0.09)


def test_what_a_belief_does_at_its_ends():
    points = drawn(400, 2, 2)
    rises, nothing = first_order(points, 10 * points[:, 0] + 0.1 * drawn(400, 1, 3)[:, 0])
    assert (rises.at_low, rises.at_high) == pytest.approx((0.55, 9.55), abs=0.1)
    assert nothing.at_low == pytest.approx(nothing.at_high, abs=1.0)
    assert rises.share.low > 0.99
    assert nothing.share.low == 0


def test_neither_unit_nor_shape_of_a_belief_matters():
    points = drawn(300, 3, 4)
    values = ishigami(points)
    squeezed = np.exp(7 * points)
    assert (ranks(squeezed) == ranks(points)).all()
    near([one.share for one in first_order(ranks(squeezed), values)], FIRST, 0.15)


@pytest.mark.parametrize("inputs", [3, 12])
def test_totals_by_a_surrogate(inputs):
    """The nine inputs more do nothing, and are found to."""
    points = drawn(400, inputs, 5)
    found = surrogate_indices(points, ishigami(points), noise=0.0)
    assert found.fit > 0.95
    near(found.first[:3], FIRST, 0.03)
    near(found.total[:3], TOTAL, 0.03)
    assert all(estimate.mean < 0.002 for estimate in found.total[3:])


@pytest.mark.parametrize("world", [pytest.param(erlang_c_world, marks=pytest.mark.long), erlang_a_world])
def test_totals_of_a_queue_by_a_surrogate(world):
    first, total = indices_by_quadrature(world)
    points = drawn(300, 3, 6)
    found = surrogate_indices(points, world(points), noise=0.0)
    assert found.fit > 0.9
    near(found.first, first, 0.01)
    near(found.total, total, 0.01)


def test_luck_is_a_share_of_its_own():
    """Luck of a third of the variance: the beliefs share the rest, and the fit is judged without luck."""
    points = drawn(1000, 3, 7)
    values = ishigami(points)
    noise = values.var() / 2
    noisy = values + np.random.default_rng(7).normal(0, np.sqrt(noise), 1000)
    found = surrogate_indices(points, noisy, noise=noise)
    assert found.fit > 0.9
    assert [one.mean for one in found.total] == pytest.approx([2 / 3 * share for share in TOTAL], abs=0.03)
    assert all(one.high - one.low < 0.08 for one in found.total)
    assert surrogate_indices(points, noisy).fit == pytest.approx(2 / 3, abs=0.05)


def test_no_totals_where_the_fit_is_poor():
    points = drawn(200, 4, 8)
    found = surrogate_indices(points, np.random.default_rng(8).normal(size=200))
    assert found.fit < 0.3
    assert found.first == found.total == ()


def test_the_fit_is_that_of_draws_not_seen():
    """A polynomial with as many terms as it likes goes through its own points; draws left out tell."""
    points = drawn(100, 8, 9)
    values = np.random.default_rng(9).normal(size=100)
    fitted = fit_surrogate(points, values)
    fresh = drawn(4000, 8, 10)
    truly = -(fitted.predict(fresh) ** 2).mean()
    assert truly <= 0.0
    assert fitted.fit == pytest.approx(truly, abs=0.3)


def test_there_are_not_too_many_candidates_whatever_the_number_of_inputs():
    for inputs in (1, 2, 3, 8, 20, 40):
        terms = candidate_terms(inputs)
        assert len(set(terms)) == len(terms) < 2000
        assert {((k, degree),) for k in range(inputs) for degree in range(1, 9)} <= set(terms)


def test_ranks_lie_between_0_and_1():
    assert ranks(np.array([[3.0], [1.0], [2.0], [2.0]]))[:, 0].tolist() == [0.875, 0.125, 0.5, 0.5]


# Luck ---------------------------------------------------------------------------------


def test_the_share_of_luck():
    luck = np.random.default_rng(11)
    values = luck.normal(0, 3, (400, 1)) + luck.normal(0, 1, (400, 2))
    found = share_of_luck(values)
    assert found.low <= 0.1 <= found.high
    assert found.high - found.low < 0.06
    assert share_of_luck(np.ones((10, 2))).mean == 0


# Do the intervals cover? --------------------------------------------------------------


def test_intervals_of_first_order_cover():
    """200 samples of 200 draws with luck of a fifth: at least nine in ten intervals hold the true share."""
    share = 0.8 * np.array([1.0, 0.25, 0.0]) ** 2 / 1.0625
    hits = np.zeros(3)
    for sample in range(200):
        points, luck = drawn(200, 3, 1000 + sample), np.random.default_rng(sample)
        values = points @ [1.0, 0.25, 0.0] + luck.normal(0, np.sqrt(1.0625 / 12 / 4), 200)
        found = first_order(points, values)
        hits += [one.share.low <= right <= one.share.high for one, right in zip(found, share, strict=True)]
    assert (hits / 200 > 0.9).all()


@pytest.mark.long
def test_intervals_of_totals_cover():
    hits = np.zeros(3)
    for sample in range(100):
        points = drawn(400, 3, 2000 + sample)
        found = surrogate_indices(points, ishigami(points), noise=0.0)
        hits += [one.low <= right <= one.high for one, right in zip(found.total, TOTAL, strict=True)]
    assert (hits / 100 > 0.9).all()


@pytest.mark.long
def test_intervals_of_a_design_cover():
    hits = np.zeros(6)
    for seed in range(100):
        found = designed_indices(ishigami, 3, 128, seed=seed)
        every = zip((*found.first, *found.total), (*FIRST, *TOTAL), strict=True)
        hits += [one.low <= right <= one.high for one, right in every]
    assert (hits / 100 > 0.88).all()
