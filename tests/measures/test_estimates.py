"""Confidence intervals: known answers, coverage, and pairs."""

import numpy as np
import pytest
from scipy import stats

from sim.measures import MEASURES, Measure
from sim.measures.counts import WAIT_BINS, Count
from sim.study.estimates import Estimate, percentile_estimate, ratio_estimate

RATE = Measure("rate", "share", {Count.ANSWERED: 1.0}, {Count.OFFERED: 1.0}, frozenset())
NUMBER = Measure("number", "count", {Count.OFFERED: 1.0}, {Count.REPLICATIONS: 1.0}, frozenset())


def counts(tops, bottoms):
    """Replications of one cell."""
    table = np.zeros((len(tops), 1, len(Count)))
    table[:, 0, Count.ANSWERED], table[:, 0, Count.OFFERED] = tops, bottoms
    table[:, 0, Count.REPLICATIONS] = 1
    return table


def test_a_number_has_the_ordinary_t_interval():
    values = np.array([12.0, 15.0, 9.0, 14.0, 11.0])
    found = ratio_estimate(counts(values, values), NUMBER)
    low, high = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert found.mean[0] == values.mean()
    assert [found.mean[0] - found.half_width[0], found.mean[0] + found.half_width[0]] == pytest.approx([low, high])


def test_a_ratio_is_the_ratio_of_sums():
    """8 of 10 and 10 of 100 are 18 of 110, not the mean of 80 % and 10 %."""
    assert ratio_estimate(counts([8, 10], [10, 100]), RATE).mean[0] == pytest.approx(18 / 110)


def test_a_ratio_interval_by_hand():
    """psi = (x - R y) / mean(y): R = .5, mean(y) = 20; (2 - 5, 10 - 10, 18 - 15) / 20, and t with 2 degrees."""
    found = ratio_estimate(counts([2, 10, 18], [10, 20, 30]), RATE)
    assert found.mean[0] == 0.5
    assert found.replicates[:, 0] == pytest.approx([-0.15, 0.0, 0.15])
    assert found.half_width[0] == pytest.approx(stats.t.ppf(0.975, 2) * 0.15 / np.sqrt(3))


def test_what_always_is_the_same_has_no_width():
    assert ratio_estimate(counts([3, 3, 3], [4, 4, 4]), RATE).half_width[0] == 0


def test_one_replication_has_no_interval_and_an_empty_cell_no_value():
    assert np.isnan(ratio_estimate(counts([3], [4]), RATE).half_width[0])
    assert np.isnan(ratio_estimate(counts([0, 0], [0, 0]), RATE).mean[0])


def test_the_ratio_interval_covers():
    """2,000 studies of 30 replications with a busyness of cv .1 that also hurts: 95 % of intervals, +- 1.9 points."""
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(2_000):
        busy = random.gamma(100, 1 / 100, 30)
        offered = random.poisson(200 * busy)
        answered = random.binomial(offered, np.clip(1.1 - 0.3 * busy, 0, 1))
        found = ratio_estimate(counts(answered, offered), RATE)
        truth = 1.1 - 0.3 * (1 + 1 / 100)
        hits += abs(found.mean[0] - truth) <= found.half_width[0]
    assert hits / 2_000 == pytest.approx(0.95, abs=0.019)


def histogram(waits):
    place = np.minimum(np.searchsorted(WAIT_BINS, waits), WAIT_BINS.size - 1)
    return np.bincount(place, minlength=WAIT_BINS.size).astype(float)


def test_a_percentile_against_the_sample():
    """Within a bin's width: a second up to a minute, 2 % beyond."""
    waits = np.random.default_rng(3).exponential(70, (1, 50_000))
    for share in (0.2, 0.5, 0.9, 0.99):
        found = percentile_estimate(histogram(waits[0])[None, None], share).mean[0]
        exact = np.quantile(waits, share)
        assert found == pytest.approx(exact, abs=max(1.0, 0.02 * exact))


def test_a_percentile_of_those_who_do_not_wait_is_zero():
    found = percentile_estimate(histogram(np.array([0.0] * 95 + [30.0] * 5))[None, None], 0.9)
    assert found.mean[0] == 0.0


def test_the_percentile_interval_covers():
    random = np.random.default_rng(4)
    truth = 70 * np.log(10)
    hits = 0
    for _ in range(400):
        waits = np.stack([histogram(random.exponential(70, 150)) for _ in range(30)])[:, None]
        found = percentile_estimate(waits, 0.9)
        hits += abs(found.mean[0] - truth) <= found.half_width[0]
    assert hits / 400 == pytest.approx(0.95, abs=0.035)


# Differences ------------------------------------------------------------------------


def test_a_difference_with_itself_is_exactly_zero():
    found = ratio_estimate(counts([2, 10, 18], [10, 21, 33]), RATE)
    gap = found.minus(found)
    assert gap.mean[0] == gap.half_width[0] == 0.0


def test_a_paired_difference_is_judged_by_pairs():
    """Means 10 apart with a spread of 5; pair by pair always 1 apart but for the last."""
    first = np.array([10.0, 20.0, 15.0, 5.0, 12.0])
    second = first + np.array([1.0, 1.0, 1.0, 1.0, 1.5])
    gap = ratio_estimate(counts(second, second), NUMBER).minus(ratio_estimate(counts(first, first), NUMBER))
    low, high = stats.t.interval(0.95, 4, 1.1, stats.sem(second - first))
    assert gap.mean[0] == pytest.approx(1.1)
    assert 2 * gap.half_width[0] == pytest.approx(high - low)


def test_the_difference_interval_covers_and_is_narrow():
    """Two centres on the same busy days: the pairs take the day's luck out."""
    random = np.random.default_rng(2)
    hits, paired, alone = 0, 0.0, 0.0
    for _ in range(1_000):
        busy = random.gamma(20, 1 / 20, 30)
        offered = random.poisson(200 * busy)
        chance = np.clip(1.1 - 0.3 * busy, 0, 1)
        before, after = random.binomial(offered, chance), random.binomial(offered, 0.9 * chance)
        one, two = ratio_estimate(counts(before, offered), RATE), ratio_estimate(counts(after, offered), RATE)
        gap = two.minus(one)
        hits += abs(gap.mean[0] + 0.1 * (1.1 - 0.3 * 1.05)) <= gap.half_width[0]
        paired, alone = paired + gap.half_width[0], alone + np.hypot(one.half_width[0], two.half_width[0])
    assert hits / 1_000 == pytest.approx(0.95, abs=0.027)
    assert paired < 0.75 * alone


def test_a_relative_fall_by_hand():
    """From 100 to 80 contacts: .2; from themselves: exactly 0."""
    one, two = (ratio_estimate(counts(v, v), NUMBER) for v in ([90, 110], [80, 80]))
    fall = two.relative_fall(one)
    assert fall.mean[0] == pytest.approx(0.2)
    assert fall.replicates[:, 0] == pytest.approx([-0.08, 0.08])
    same = one.relative_fall(one)
    assert same.mean[0] == same.half_width[0] == 0.0


def test_an_estimate_uses_students_t():
    found = Estimate(np.array([1.0]), np.array([[-1.0], [0.0], [1.0]]))
    assert found.half_width[0] == pytest.approx(4.302652729749462 * 1 / np.sqrt(3))


def test_every_measure_is_a_ratio_of_counts():
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert measure.top
        assert measure.bottom
        assert measure.slices <= {"overall", "day", "interval", "intent", "group", "channel"}
