"""Heads wanted by month: where a target is met, and what follows the work."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import sim
from sim.study.levels import Level, staffed
from sim.study.plan.requirement import (
    StaffingCurve,
    crossing,
    in_proportion,
    plenty_of,
    requirement_by_month,
    work_by_group,
)
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all

DESK = """
schema_version: 1
name: desk
calendar: {start: 2026-03-02, days: 5, hours: {mon-fri: 09:00-17:00}, interval: 30m}
arrivals: {per_day: 1000}
intents:
  billing: {share: 60%, talk_time: 5m}
  claims: {share: 40%, talk_time: 5m}
customers: {patience: 2m}
agents: {desk: {skills: [billing, claims], staff: 12}}
targets: {service_level: 80/20}
run: {replications: 6, warm_up: 0d, follow_up: 0d}
"""


def test_crossing_is_where_it_rises_for_good() -> None:
    factors = np.array([0.8, 1.0, 1.2, 1.4])
    assert crossing(factors, np.array([-0.2, -0.1, 0.1, 0.2])) == pytest.approx(1.1)
    assert crossing(factors, np.array([0.05, -0.1, 0.3, 0.4])) == pytest.approx(1.05)
    assert crossing(factors, np.array([0.1, 0.1, 0.3, 0.4])) == 0.8
    assert crossing(factors, np.array([-0.4, -0.3, -0.2, -0.1])) == 1.4


def test_the_tightest_target_decides_and_those_beyond_staff_do_not() -> None:
    curve = StaffingCurve(np.array([0.5, 1.0, 2.0]), np.array([[-0.5, -0.1, -0.3], [0.5, 0.3, -0.3], [1.0, 0.5, -0.3]]))
    assert curve.least([0]) == pytest.approx(0.75)
    assert curve.least([1]) == pytest.approx(0.625)
    assert curve.least([0, 1]) == pytest.approx(0.75)
    assert curve.slope(0) == pytest.approx(2.0)
    assert curve.slope(1) == pytest.approx(0.8)
    assert curve.least([0, 1, 2]) == 2.0
    assert curve.least([]) == 0.5


def test_heads_follow_the_work_of_what_a_group_serves() -> None:
    assert in_proportion(np.array([10.0, 4.0]), np.array([50.0, 0.0]), np.array([75.0, 3.0])).tolist() == [15.0, 4.0]
    groups = "a: {skills: [billing], staff: 6}, b: {skills: [billing, claims], staff: 6}"
    text = DESK.replace("desk: {skills: [billing, claims], staff: 12}", groups)
    hours = 5 * 1000 * 5 / 60
    assert work_by_group(sim.loads(text), ("a", "b"), np.array([6.0, 2.0])) == pytest.approx(
        [0.45 * hours, 0.55 * hours]
    )


def weeks_of(*months: sim.Scenario) -> Callable[[int, np.ndarray], sim.Scenario]:
    """The week of each month, with so many heads at its desk."""
    return lambda month, heads: staffed(months[month - 1], Level("", {"desk": float(heads[0]) / 12.0}))


def test_the_requirement_meets_the_target_and_a_head_fewer_does_not() -> None:
    """A week with the heads found meets 80/20 on its customers; with 6 % fewer it does not."""
    desk = sim.loads(DESK)
    double = sim.loads(DESK.replace("per_day: 1000", "per_day: 2000"))

    week = weeks_of(desk, double)
    found = requirement_by_month(desk, week, {"desk": 12}, 2, RunOptions(1, jobs=1), 6, 0.5)
    assert found.beyond_staff == ()
    assert found.heads.shape == (1, 2)
    assert found.heads[0, 0] < found.heads[0, 1] < 2.0 * found.heads[0, 0]
    for month in (1, 2):
        need = found.heads[:, month - 1]
        weeks = [week(month, need * factor) for factor in (1.03, 0.94)]
        enough, fewer = (one.mean("sl_offered") for one in simulate_all(weeks, RunOptions(1, jobs=1), 6))
        assert enough > 0.8 > fewer


def test_targets_that_no_staff_reaches_are_left_out() -> None:
    desk = sim.loads(DESK.replace("service_level: 80/20", "service_level: 80/20, resolution: 99%"))
    found = requirement_by_month(desk, weeks_of(desk), {"desk": 12}, 1, RunOptions(1, jobs=1), 6, 0.5)
    assert found.beyond_staff == ("resolution_rate",)
    assert 10.0 < found.heads[0, 0] < 18.0


def test_plenty_for_little_work_is_measured_by_todays_heads() -> None:
    assert plenty_of(12.0, 12.0) == plenty_of(12.0, 24.0) == plenty_of(12.0, 0.0) == 2.0
    assert plenty_of(12.0, 3.0) == 8.0


def test_a_month_with_little_work_drops_no_target() -> None:
    """A hundredth of the work wants far more than a hundredth of the heads: twice that is nobody, not plenty."""
    desk = sim.loads(DESK)
    quiet = sim.loads(DESK.replace("per_day: 1000", "per_day: 10"))
    found = requirement_by_month(desk, weeks_of(desk, quiet), {"desk": 12}, 2, RunOptions(1, jobs=1), 4, 0.5)
    assert found.beyond_staff == ()
    assert 0.5 < found.heads[0, 1] < 6.0 < 10.0 < found.heads[0, 0]


def test_a_target_of_some_wants_heads_of_who_serves_them() -> None:
    """Two desks apart: the one that is short gets heads, the other keeps what its own target needs."""
    groups = "a: {skills: [billing], staff: 20}, b: {skills: [claims], staff: 4}"
    targets = "billing: {service_level: 80/20}, claims: {service_level: 80/20}"
    text = DESK.replace("desk: {skills: [billing, claims], staff: 12}", groups)
    desk = sim.loads(text.replace("targets: {service_level: 80/20}", f"targets: {{{targets}}}"))

    def week(month: int, heads: np.ndarray) -> sim.Scenario:
        return staffed(desk, Level("", {"a": float(heads[0]) / 20.0, "b": float(heads[1]) / 4.0}))

    found = requirement_by_month(desk, week, {"a": 20, "b": 4}, 1, RunOptions(1, jobs=1), 6, 0.5)
    assert found.serve.tolist() == [[True, False], [False, True]]
    assert found.heads[0, 0] < 13.0
    assert found.heads[1, 0] > 5.0
