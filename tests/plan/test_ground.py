"""Who stays, what new people are worth, and what heads cost, as the programme takes them from a file."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.facts.headcount import mean_speed
from sim.study.plan.ground import heads_problem, mix_of, prices_of, staying_of

DESK = """
schema_version: 1
name: desk
calendar: {start: 2026-03-02, days: 7, hours: {mon-fri: 09:00-17:00}, interval: 30m}
arrivals: {per_day: 100}
intents: {billing: {share: 100%, talk_time: 5m}}
agents:
  a: {skills: [billing], staff: 19, shrinkage: 20%}
  b: {skills: [billing], staff: 19, contract_share: 0.5}
costs: {agent_hour: 30, hire: 5000, severance: 9000, notice: 30d}
horizon:
  months: 6
  heads: {a: 25, b: 40}
  hiring: {lead_time: 35d, training: 56d, graduates: 80%, cost: 4000}
  attrition: {monthly: 3%, new_factor: 1}
  supervisors: {agents_each: 10, cost_month: 5000}
  budget: 1000000
"""


def test_with_one_chance_everybody_stays_alike() -> None:
    found = staying_of(sim.loads(DESK), 6)
    assert found.today == pytest.approx(np.full(6, 0.97))
    assert found.new == pytest.approx(np.full(6, 0.97))
    assert found.worth == pytest.approx(np.ones(6))
    strained = staying_of(sim.loads(DESK), 6, np.full(6, 2.0))
    assert strained.today == pytest.approx(np.full(6, 0.97**2))


def test_new_people_leave_more_and_todays_mix_comes_to_the_yearly_figure() -> None:
    """Of exponential tenure, as where hiring was even; those who are new leave three times as often."""
    desk = sim.loads(
        DESK.replace("{monthly: 3%, new_factor: 1}", "{yearly: 36%, new_factor: 3, new_for: 91d}"),
        settings={"workforce.tenure": "365d"},
    )
    found = staying_of(desk, 6)
    assert found.today[0] == pytest.approx(math.exp(-0.03), abs=0.001)
    assert found.today[5] > found.today[0], "those who were new no longer are"
    base = 0.36 / (1.0 + 2.0 * (1.0 - math.exp(-91.0 / 365.0)))
    assert found.new[:2] == pytest.approx(np.full(2, math.exp(-3.0 * base / 12.0)))
    assert found.new[3:] == pytest.approx(np.full(3, math.exp(-base / 12.0)))


def test_what_new_people_are_worth_is_their_speed_beside_todays() -> None:
    desk = sim.loads(DESK, settings={"workforce.tenure": "365d"})
    found = staying_of(desk, 6)
    month = 365.0 / 12.0
    tenure = 0.5 * month + 2 * month - 56.0
    speed = 1.0 / (1.0 + 0.5 * math.exp(-tenure / 90.0))
    assert found.worth[0] == pytest.approx(speed / mean_speed(0.5, 90.0, 365.0), rel=2e-3)
    assert (np.diff(found.worth) > 0.0).all()
    assert found.worth[5] > 1.0


@pytest.mark.parametrize("text", ["[30d, 90d, 700d]", "{distribution: lognormal, mean: 500d, cv: 1}", "400d"])
def test_a_mix_of_tenures_has_its_mean(text: str) -> None:
    desk = sim.loads(DESK + f"workforce: {{tenure: {text}}}\n")
    assert desk.workforce is not None
    tenure, weight = mix_of(desk.workforce.tenure)
    assert weight.sum() == pytest.approx(1.0)
    assert weight @ tenure == pytest.approx(desk.workforce.tenure.average, rel=0.02)


def test_a_head_costs_its_part_of_the_plan() -> None:
    """19 seats of 40 hours are 950 paid hours a week at 20 % shrinkage, of 25 heads; 52 / 12 weeks a month."""
    prices = prices_of(sim.loads(DESK), ("a", "b"))
    assert prices.pay == pytest.approx([30 * 950 / 25 * 52 / 12, 30 * 760 / 40 * 52 / 12])
    assert (prices.hire, prices.severance, prices.supervisor, prices.agents_each) == (4000.0, 9000.0, 5000.0, 10.0)
    assert prices.notice == pytest.approx(30 / 7 / (52 / 12))
    counted = prices_of(sim.loads(DESK, settings={"costs": "off", "horizon.budget": "off"}), ("a", "b"))
    assert counted.pay.tolist() == [1.0, 1.0]
    assert (counted.hire, counted.severance, counted.supervisor) == (1.0, 1.0, 0.0)


def test_the_problem_goes_on_for_as_long_as_a_class_takes() -> None:
    wanted = np.arange(12.0).reshape(2, 6)
    found = heads_problem(sim.loads(DESK), ("a", "b"), wanted)
    assert (found.lead, found.training, found.told, found.months) == (2, 2, 6, 8)
    assert found.requirement[:, 5:].tolist() == [[5.0] * 3, [11.0] * 3]
    assert (found.graduates, found.budget) == (0.8, 1e6)
    moving = heads_problem(sim.loads(DESK), ("a", "b"), wanted, transfers={("b", "a"): 40 * 86_400.0})
    assert (moving.transfers, moving.transfer_training) == (((1, 0),), 1)
