"""Where a measure crosses its target and where it bends: on curves that are known."""

import math

import numpy as np
import pytest

import sim
from sim.errors import CcsimError
from sim.scenario.targets import MeasureTarget
from sim.study.sweep import bend as bends
from sim.study.sweep.cliff import _merged, find_bend, find_crossings, resampled
from tests.report.tiny import AFTER

X = np.arange(0.0, 11.0)
AT_LEAST = (MeasureTarget(0.5, True),) * len(X)
LUCK = 7


def crossings(means, goals=AT_LEAST, curves=None):
    return find_crossings(X, means, np.empty((0, len(X))) if curves is None else curves, goals)


def test_crossings_are_interpolated_and_all_found():
    means = np.interp(X, [0, 4, 8, 10], [0.2, 1.0, 0.4, 0.9])
    found = crossings(means)
    assert [c.at for c in found] == pytest.approx([1.5, 7 + 1 / 3, 8.4])
    assert [c.meets_beyond for c in found] == [True, False, True]
    assert all(math.isnan(c.low) and math.isnan(c.high) for c in found)


def test_a_bound_from_above_is_met_below_it():
    (found,) = crossings(X / 10, (MeasureTarget(0.33, False),) * len(X))
    assert (found.at, found.meets_beyond) == (pytest.approx(3.3), False)


def test_a_point_on_the_target_is_the_crossing():
    (found,) = crossings(X / 10)
    assert found.at == 5.0


def test_a_target_that_is_swept_moves_along():
    (found,) = crossings(np.full(11, 0.42), tuple(MeasureTarget(float(share), True) for share in np.linspace(0, 1, 11)))
    assert (found.at, found.meets_beyond) == (pytest.approx(4.2), False)


def test_no_crossing_where_the_target_is_always_met():
    assert crossings(np.full(11, 0.9)) == ()


def test_an_interval_that_leaves_the_range_is_open():
    means = np.interp(X, [0, 10], [0.4, 0.6])
    curves = means + np.linspace(-0.3, 0.05, 200)[:, None]
    (found,) = crossings(means, curves=curves)
    assert found.high == math.inf
    assert 2.0 < found.low < 3.0


def noisy(luck, truth, replications, spread=0.05, common=0.1):
    """Replications whose points share most of their luck."""
    together = luck.normal(0, common, (replications, 1))
    return truth + together + luck.normal(0, spread, (replications, len(truth)))


@pytest.mark.parametrize("replications", [4, 20])
def test_the_interval_of_a_crossing_covers_as_often_as_it_says(replications):
    truth, luck = np.interp(X, [0, 10], [0.0, 1.0]), np.random.default_rng(LUCK)
    covered = 0
    for _ in range(300):
        rows = noisy(luck, truth, replications)
        curves = resampled(rows.mean(axis=0), rows, luck, 400)
        (found, *_) = [c for c in crossings(rows.mean(axis=0), curves=curves) if c.meets_beyond]
        covered += found.low <= 5.0 <= found.high
    assert 0.90 <= covered / 300 <= 0.985


def test_common_luck_is_kept_together():
    """Noise that all points share moves a level, not a difference of two points."""
    luck = np.random.default_rng(LUCK)
    rows = X + luck.normal(0, 5, (10, 1))
    curves = resampled(rows.mean(axis=0), rows, luck)
    assert curves.std(axis=0).min() > 1.0
    assert np.diff(curves, axis=1) == pytest.approx(np.ones((len(curves), 10)))


def test_resampled_means_spread_as_widely_as_students_t_asks():
    luck = np.random.default_rng(LUCK)
    rows = luck.normal(size=(4, 3))
    spread = resampled(rows.mean(axis=0), rows, luck, 100_000).std(axis=0)
    assert spread == pytest.approx(3.182446 / 1.959964 * rows.std(axis=0, ddof=1) / 2, rel=0.02)


# The bend ---------------------------------------------------------------------


@pytest.mark.parametrize("at", [1.0, 3.5, 5.0, 7.75, 9.0])
def test_an_exact_bend_is_found_exactly(at):
    curve = 3.0 + 0.5 * X - 2.0 * np.maximum(X - at, 0)
    found = bends.fit(X, curve[None])
    assert (found.at[0], found.before[0], found.beyond[0]) == pytest.approx((at, 0.5, -1.5))
    assert bends.advantage(found, curve[None])[0] > 1e6


def test_the_fit_is_the_best_of_all_bends():
    luck = np.random.default_rng(LUCK)
    x = np.sort(luck.uniform(0, 10, 12))
    for curve in luck.normal(size=(6, 12)):
        squares = []
        for bend in np.linspace(x[1], x[-2], 4001):
            design = np.column_stack([np.ones(12), x, np.maximum(x - bend, 0)])
            squares.append(((curve - design @ np.linalg.lstsq(design, curve, rcond=None)[0]) ** 2).sum())
        assert bends.fit(x, curve[None]).squares[0] <= min(squares) + 1e-9
        assert bends.fit(x, curve[None]).squares[0] == pytest.approx(min(squares), rel=1e-3)


def bend_of(rows, luck, resamples=400):
    means = rows.mean(axis=0)
    return find_bend(X, means, resampled(means, rows, luck, resamples), luck)


def test_a_bend_in_noise_is_clear_and_its_interval_covers():
    truth, luck = np.maximum(X - 6.0, 0), np.random.default_rng(LUCK)
    found = [bend_of(noisy(luck, truth, 12, 0.3, 1.0), luck) for _ in range(40)]
    assert all(bend.clear for bend in found)
    assert np.mean([bend.low <= 6.0 <= bend.high for bend in found]) >= 0.85
    assert np.mean([bend.at for bend in found]) == pytest.approx(6.0, abs=0.1)
    assert max(bend.high - bend.low for bend in found) < 3.0


def test_a_straight_line_has_no_clear_bend():
    luck = np.random.default_rng(LUCK)
    found = [bend_of(noisy(luck, 0.3 * X, 12), luck, 200) for _ in range(40)]
    assert sum(bend.clear for bend in found) <= 4


def test_an_exact_line_has_none_at_all():
    luck = np.random.default_rng(LUCK)
    bend = bend_of(np.tile(0.3 * X, (5, 1)), luck)
    assert not bend.clear
    assert bend.chance == 1.0


def test_few_points_have_no_bend_and_one_replication_no_interval():
    luck = np.random.default_rng(LUCK)
    assert find_bend(X[:5], X[:5] ** 2, np.empty((0, 5)), luck) is None
    alone = bend_of(np.maximum(X - 6.0, 0)[None], luck)
    assert alone.at == pytest.approx(6.0)
    assert math.isnan(alone.low)
    assert not alone.clear


# Of a sweep -------------------------------------------------------------------


def test_the_cliff_of_a_sweep():
    found = sim.sweep(sim.loads(AFTER), {"agents.desk.staff": [8, 1, 2, 3, 4, 5, 6, 7]}, replications=4)
    cliff = sim.find_cliff(found, "service_level")
    assert cliff.measure == "sl_offered"
    assert cliff.x.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    (crossing,) = cliff.crossings
    below, above = (cliff.means[cliff.x == x][0] for x in (math.floor(crossing.at), math.ceil(crossing.at)))
    assert below < 0.8 <= above
    assert crossing.low < crossing.at < crossing.high
    assert cliff.bend is not None
    again = sim.find_cliff(found, "service_level")
    assert (again.crossings, again.bend) == (cliff.crossings, cliff.bend)
    assert sim.find_cliff(found, "asa_s").goals is None


def test_rows_are_centred_on_the_estimate_for_ratios_and_percentiles():
    found = sim.sweep(sim.loads(AFTER), {"agents.desk.staff": [2, 3]}, replications=5)
    for outcome in found.outcomes:
        for name in ("sl_offered", "aht_s", "wait_p90_s"):
            assert outcome.rows[name].mean() == pytest.approx(outcome.estimates[name][0])
            assert len(outcome.rows[name]) == 5


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"agents.desk.staff": [2, 3], "customers.balk": [0, 0.1]}, "agents.desk.staff, customers.balk have"),
        ({"calendar.at_close": ["drain", "clear"]}, "are no numbers"),
        ({"agents.desk.staff": [2]}, "none has"),
    ],
)
def test_a_cliff_needs_one_key_with_several_numbers(keys, said):
    with pytest.raises(CcsimError, match=said):
        sim.find_cliff(sim.sweep(sim.loads(AFTER), keys, replications=1), "sl_offered")


def test_a_gentle_curve_has_no_clear_bend_though_it_is_not_straight():
    luck = np.random.default_rng(3)
    found = [bend_of(noisy(luck, 0.004 * (X - 6.0) ** 2, 12, 0.12, 1.0), luck) for _ in range(20)]
    wide = [bend for bend in found if bend.high - bend.low > 0.5 * (X[-1] - X[0])]
    assert wide
    assert not any(bend.clear for bend in wide)


def test_a_value_that_was_drawn_again_is_no_other_point():
    x = np.array([1.0, 1.0, 2.0, 3.0, 3.0])
    rows = np.arange(10.0).reshape(2, 5)
    goals = tuple(MeasureTarget(0.1 * k, True) for k in range(5))
    once, mine, means, left = _merged(x, rows, rows.mean(axis=0), goals)
    assert once.tolist() == [1.0, 2.0, 3.0]
    assert mine.tolist() == [[0.0, 2.0, 3.0], [5.0, 7.0, 8.0]]
    assert means.tolist() == [2.5, 4.5, 5.5]
    assert left == (goals[0], goals[2], goals[3])
