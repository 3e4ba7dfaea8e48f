import numpy as np
import pytest

from sim.report.comparison.narrative import nothing_differs
from sim.study.estimates import Estimate
from tests.report.made import findings, result, scenario

FIRST = np.array([100.0, 110.0, 90.0, 104.0])
SECOND = np.array([80.0, 90.0, 71.0, 80.0])


def _estimate(values):
    return Estimate(values.mean(keepdims=True), (values - values.mean())[:, None])


def _pair(estimate):
    return float(estimate.mean[0]), float(estimate.half_width[0])


def test_a_fall_has_the_interval_of_the_paired_ratio():
    before, after = _estimate(FIRST), _estimate(SECOND)
    told = findings(
        result(scenario("a"), {"workload_hours": _pair(before)}),
        result(scenario("b"), {"workload_hours": _pair(after)}),
        differences={"b": {"workload_hours": _pair(after.minus(before))}},
    )
    fall, exact = told.fall("b", "workload_hours"), after.relative_fall(before)
    assert fall.mean == pytest.approx(exact.mean[0])
    assert fall.half_width == pytest.approx(exact.half_width[0])


def test_a_fall_in_proportion_is_known_exactly():
    before, after = _estimate(FIRST), _estimate(0.8 * FIRST)
    told = findings(
        result(scenario("a"), {"workload_hours": _pair(before)}),
        result(scenario("b"), {"workload_hours": _pair(after)}),
        differences={"b": {"workload_hours": _pair(after.minus(before))}},
    )
    fall = told.fall("b", "workload_hours")
    assert (fall.mean, fall.half_width) == (pytest.approx(0.2), pytest.approx(0.0, abs=1e-7))


def test_there_is_no_fall_from_nothing_or_without_a_difference():
    told = findings(
        result(scenario("a"), {"workload_hours": 0.0, "fte": 3.0}),
        result(scenario("b"), {"workload_hours": 2.0, "fte": 3.0}),
        differences={"b": {"workload_hours": 2.0}},
    )
    assert not told.fall("b", "workload_hours").known
    assert not told.fall("b", "fte").known


def test_a_difference_of_rounding_alone_is_zero():
    first = {"frustration_at_agent": 0.3, "cost": 5e6, "fte": 7.0}
    told = findings(
        result(scenario("a"), first),
        result(scenario("b"), first),
        differences={"b": {"frustration_at_agent": (3e-17, 1e-17), "cost": (1e-6, None), "fte": (1e-17, 0.2)}},
    )
    change = told.change("b", "frustration_at_agent")
    assert (change.mean, change.low, change.high) == (0.0, 0.0, 0.0)
    assert told.change("b", "cost").mean == 0.0
    assert not told.change("b", "cost").judged
    assert told.change("b", "fte").mean == 1e-17
    assert nothing_differs(told, "b") is False


def test_values_and_changes_are_those_of_the_study(found, comparison):
    row = comparison.results["Tiny after"].measures.loc["aht_s"]
    assert found.value("Tiny after", "aht_s").mean == row["mean"]
    assert found.value("Tiny after", "aht_s").low == row["ci_low"]
    table = comparison.differences.set_index(["scenario", "measure"])
    assert found.change("Tiny cut", "aht_s").mean == table.loc[("Tiny cut", "aht_s"), "mean"]
    assert not found.value("Tiny after", "no such measure").known
    assert (found.base, found.others) == ("Tiny before", ["Tiny after", "Tiny cut"])
