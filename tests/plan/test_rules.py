"""Rules of hiring, month by month, and the plans that are set beside each other."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import ArgumentError
from sim.study.decide.plans import Assumed
from sim.study.plan import rules
from sim.study.plan.result import MonthView
from sim.study.plan.rules import HireUpTo, HireWhenShort, Required

DESK = """
schema_version: 1
name: desk
calendar: {start: 2026-03-02, days: 5, hours: {mon-fri: 09:00-17:00}, interval: 30m}
arrivals: {per_day: 1000}
bot: {claimed: 30%}
intents:
  billing: {share: 60%, talk_time: 5m, bot: {containment: 25%}}
  claims: {share: 40%, talk_time: 5m, resolution: 99%}
agents:
  a: {skills: [billing, claims], staff: 20}
  b: {skills: [claims], staff: 8}
horizon: {months: 12, hiring: {graduates: 80%}, bot: {ramp: [0%, 50%, 100%]}}
"""
REQUIRED = Required(("a",), ((20.0, 20.0, 24.0, 26.0),))
HEADS = {"a": 20, "b": 8}


def seen(month: int, available: int, in_training: int) -> MonthView:
    """A month of two groups, the second of which nobody hires for."""
    return MonthView(month, ("b", "a"), np.array([5, available]), np.array([0, in_training]), np.array([0, 0]))


def test_who_hires_when_short_counts_those_in_training_and_looks_no_further() -> None:
    rule, desk = HireWhenShort(REQUIRED), sim.loads(DESK)
    assert rule.orders(seen(1, 20, 0), desk) == {"a": 0}
    assert rule.orders(seen(1, 18, 0), desk) == {"a": 3}, "2 / 0.8, rounded up"
    assert rule.orders(seen(1, 16, 5), desk) == {"a": 0}, "5 in training, of whom 4 come"
    assert rule.orders(seen(3, 20, 0), desk) == {"a": 5}
    assert rule.orders(seen(9, 20, 0), desk) == {"a": 8}, "the last month's holds"


def test_who_hires_up_to_a_level_looks_as_far_as_an_order_takes() -> None:
    rule, desk = HireUpTo(REQUIRED, (0.9,), 2), sim.loads(DESK)
    assert rule.orders(seen(1, 20, 0), desk) == {"a": 10}, "24 in two months, and 0.9 x 0.9 x 20 are left of today's"
    assert rule.orders(seen(1, 20, 10), desk) == {"a": 0}
    assert rule.orders(seen(2, 40, 0), desk) == {"a": 0}


def test_what_a_bot_is_said_to_take_is_cut_or_waited_for() -> None:
    desk = sim.loads(DESK)
    assert rules.claimed_share(desk) == 0.3
    unclaimed = sim.loads(DESK.replace("bot: {claimed: 30%}", "bot: {}"))
    assert 0.1 < rules.claimed_share(unclaimed) <= 0.6 * 0.25 + 1e-9
    cut = rules.cut_now(desk, HEADS)
    assert cut is not None
    assert [(gone.month, gone.group, gone.count) for gone in cut.let_go] == [(1, "a", 6), (1, "b", 2)]
    waited = rules.by_attrition(desk, HEADS)
    assert waited is not None
    assert waited.let_go == ()
    assert waited.rule.orders(seen(1, 15, 0), desk) == {"a": 0, "b": 1}
    assert waited.rule.orders(seen(1, 12, 0), desk) == {"a": 2, "b": 1}


def test_freed_time_is_spent_from_the_fourth_month_on() -> None:
    plan = rules.reinvest(sim.loads(DESK), HEADS, Assumed(root_causes=0.1, coaching=0.02))
    assert plan is not None
    (change,) = plan.changes
    assert change.month == 4
    later = sim.loads(DESK, settings=change.settings)
    assert later.intents["billing"].resolution == pytest.approx(0.72)
    assert later.intents["claims"].resolution == 1.0
    assert later.arrivals is not None
    assert change.settings["arrivals.per_day"] == 900.0


def test_redesign_has_the_bot_wait_and_pass_the_context_on() -> None:
    plan = rules.redesign_first(sim.loads(DESK), HEADS)
    assert plan is not None
    first, later = plan.changes
    assert (first.month, later.month) == (1, 4)
    waiting = sim.loads(DESK, settings=first.settings)
    assert waiting.horizon is not None
    assert waiting.horizon.bot is not None
    assert waiting.horizon.bot.ramp == (0.0, 0.0, 0.0, 0.0, 0.5, 1.0)
    assert later.settings == {"bot.context_kept": 1.0}
    screens = rules.redesign_first(sim.loads(DESK + "screens: {}\n"), HEADS)
    assert screens is not None
    assert screens.changes[1].settings["screens.systems"] == 1


def test_plans_that_need_a_bot_are_left_out_without_one_and_names_are_checked() -> None:
    desk = sim.loads(DESK, settings={"bot": "off", "horizon.bot": "off"})
    made = rules.compared_plans(desk, rules.COMPARED, HEADS)
    assert [plan.name for plan in made] == ["keep", "reinvest"]
    whole = rules.compared_plans(sim.loads(DESK), rules.COMPARED, HEADS)
    assert [plan.name for plan in whole] == list(rules.COMPARED)
    told = rules.assumptions(sim.loads(DESK), whole)
    assert len(told) == 3
    assert "30%" in told[0]
    with pytest.raises(ArgumentError, match=r"kept: is no plan\. Use keep, cut"):
        rules.compared_plans(desk, ["kept"], HEADS)
