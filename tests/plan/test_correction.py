"""What the next turn wants, and what a simulated year is said to hold, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.scenario.targets import MeasureTarget
from sim.study.plan.correction import CorrectionRound, corrected, plan_of_moves
from sim.study.plan.mean_heads import HeadMoves
from sim.study.plan.programme import least_cost
from sim.study.plan.requirement import Requirement, quantile
from sim.study.plan.result import YearPlan
from tests.plan.test_programme import problem_of


def turn_of(
    wanted: list[list[float]], holds: list[float], slack: list[float] | list[list[float]], cost: float = 1.0
) -> CorrectionRound:
    """A turn whose plan has just what is wanted, everybody staying."""
    asked = np.array(wanted)
    programme = least_cost(problem_of(asked, [row[0] for row in wanted], leave=0.0))
    return CorrectionRound(asked, programme, YearPlan("best"), np.array(holds), np.atleast_2d(slack), cost, 0.8)


def requirement_of(wanted: list[list[float]], slope: float, some: bool = False) -> Requirement:
    """A requirement of which a share of heads gains so much of the target."""
    months, targets = len(wanted[0]), {"sl": MeasureTarget(0.8, True), "b.sl": MeasureTarget(0.8, True)}
    serve = np.array([[True, True], [False, True]])
    chosen = dict(list(targets.items())[: 2 if some else 1])
    slopes = np.full((len(chosen), months), slope)
    return Requirement(("a", "b"), np.array(wanted), chosen, (), {}, slopes, serve[: len(chosen)])


def test_a_month_that_misses_wants_what_the_curve_says_and_one_head_at_least() -> None:
    wanted = [[30.0, 30.0, 30.0], [10.0, 10.0, 10.0]]
    turn = turn_of(wanted, [0.7, 0.79, 0.9], [-0.10, -0.001, 0.0])
    assert turn.missed.tolist() == [1, 2]
    following = corrected(requirement_of(wanted, 2.0), turn)
    assert following[:, 0] == pytest.approx([31.5, 10.5]), "a tenth short, 2 gained by twice the heads: 5 % more"
    assert following[:, 1] == pytest.approx([30.75, 10.25])
    assert following[:, 2] == pytest.approx([30.0, 10.0])
    far = turn_of(wanted, [0.0, 0.9, 0.9], [-0.9, 0.0, 0.0])
    assert corrected(requirement_of(wanted, 0.5), far)[:, 0] == pytest.approx([37.5, 12.5]), "a quarter at most"


def test_a_month_gives_back_half_of_what_it_can_spare_where_it_is_there_for_itself() -> None:
    wanted = [[30.0, 30.0, 20.0], [10.0, 10.0, 10.0]]
    turn = turn_of(wanted, [1.0, 1.0, 1.0], [0.04, np.inf, 0.04])
    turn = replace(turn, programme=least_cost(replace(turn.programme.problem, let_go=False)))
    following = corrected(requirement_of(wanted, 1.0), turn)
    assert following[:, 0] == pytest.approx([29.4, 9.8])
    assert following[:, 1] == pytest.approx([30.0, 10.0]), "nothing is known"
    assert following[:, 2] == pytest.approx([20.0, 9.8]), "heads of the first group are there from before"


def test_a_target_of_some_moves_the_heads_of_who_serves_them() -> None:
    wanted = [[30.0, 30.0], [10.0, 10.0]]
    turn = turn_of(wanted, [0.5, 0.5], [[0.05, -0.10], [-0.2, 0.0]])
    following = corrected(requirement_of(wanted, 2.0, some=True), turn)
    assert following[:, 0] == pytest.approx([30.0, 11.0]), "only b is short: a tenth of its heads"
    assert following[:, 1] == pytest.approx([31.5, 10.5]), "all are"


def test_a_month_that_no_class_reaches_in_time_wants_no_more() -> None:
    wanted = [[30.0, 30.0, 30.0], [10.0, 10.0, 10.0]]
    turn = turn_of(wanted, [0.0, 0.0, 0.0], [-0.1, -0.1, -0.1])
    late = replace(turn, programme=least_cost(replace(turn.programme.problem, lead=1, training=1)))
    assert late.missed.tolist() == [1, 2, 3]
    assert late.mendable.tolist() == [3]
    following = corrected(requirement_of(wanted, 2.0), late)
    assert following[:, :2].tolist() == [[30.0, 30.0], [10.0, 10.0]]
    assert following[0, 2] == pytest.approx(31.5)


def test_turns_rank_by_months_missed_then_by_cost() -> None:
    wanted = [[30.0], [10.0]]
    turns = [
        turn_of(wanted, [0.5], [-0.1], 1.0),
        turn_of(wanted, [0.8], [0.0], 3.0),
        turn_of(wanted, [0.9], [0.0], 2.0),
    ]
    assert min(turns, key=lambda turn: turn.rank) is turns[2]


def test_moves_become_a_plan_by_month_without_those_after_the_horizon() -> None:
    problem = replace(problem_of(np.full((2, 4), 5.0), [5.0, 5.0]), counted=3, transfers=((1, 0),))
    hired = np.array([[0.0, 3.0, 0.0, 9.0], [2.0, 0.0, 0.0, 0.0]])
    gone = np.array([[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    plan = plan_of_moves("best", problem, HeadMoves(hired, gone, np.array([[0.0, 0.0, 4.0, 0.0]])), [86_400.0])
    assert [(c.month, c.group, c.count) for c in plan.classes] == [(1, "b", 2), (2, "a", 3)]
    assert [(c.month, c.group, c.count) for c in plan.let_go] == [(3, "a", 1)]
    (move,) = plan.transfers
    assert (move.month, move.from_group, move.to_group, move.count, move.training) == (3, "b", "a", 4, 86_400.0)


def test_a_quantile_is_straight_between_years_and_keeps_what_is_unknown() -> None:
    values = np.array([[3.0, np.inf], [1.0, np.inf], [2.0, 1.0], [4.0, np.inf], [5.0, np.inf]])
    assert quantile(values, 0.2).tolist()[0] == pytest.approx(1.8)
    assert quantile(values, 0.5).tolist() == [3.0, np.inf]
