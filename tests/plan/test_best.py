"""The plan at least cost and what is set beside it, on a small centre whose years are simulated."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import ArgumentError
from sim.study.plan.answer import PlanAnswer, plan
from sim.study.plan.best import least_cost_plan
from sim.study.plan.correction import holds_of
from sim.study.plan.result import PlanOptions
from sim.study.plan.spiral import find_spiral

CENTRE = """
schema_version: 1
name: small
calendar: {start: 2027-01-04, days: 3, hours: {mon-fri: 09:00-17:00}, interval: 30m}
arrivals: {per_day: 400}
intents: {call: {share: 100%, talk_time: 5m}}
customers: {patience: 3m}
fatigue: {}
attrition: {}
agents: {front: {skills: [call], staff: 8, relief: 4h}}
targets: {service_level: 80/20}
costs: {agent_hour: 30, hire: 4000, severance: 9000, notice: 28d, currency: EUR}
run: {warm_up: 0d, follow_up: 0d}
horizon:
  months: 6
  growth: 3%
  heads: {front: 18}
  hiring: {lead_time: 4w, training: 4w, graduates: 80%}
  attrition: {monthly: 4%, new_factor: 1}
"""


@pytest.fixture(scope="module")
def answer() -> PlanAnswer:
    """All plans of the small centre."""
    return plan(sim.loads(CENTRE), ("keep",), replications=6, jobs=1, spiral=False)


def test_the_plan_at_least_cost_holds_where_hiring_when_short_does_not(answer: PlanAnswer) -> None:
    found = answer.optimised
    assert found is not None
    assert [one.plan.name for one in answer.plans.plans] == ["file", "best", "short", "up_to", "keep"]
    holds = {one.plan.name: holds_of(one, list(one.goals)) for one in answer.plans.plans}
    assert (holds["best"] >= 0.8).all()
    assert (holds["short"] < 0.8).any()
    assert holds["file"].sum() < holds["short"].sum()
    hold = [name for name in ("up_to", "keep") if (holds[name] >= 0.8).all()]
    cheaper = all(answer.lead.spent.mean() < answer.plans[name].spent.mean() for name in hold)
    assert "up_to" in hold, (holds, {one.plan.name: one.spent.mean() for one in answer.plans.plans})
    assert cheaper, "who hires up to what is wanted by luck too, or replaces everybody, pays more where it holds"
    assert found.programme.problem.lead == 1
    assert min(entry.month for entry in found.plan.classes) >= 2, "nobody decides before the first month"
    assert 0.0 <= found.gap < 0.01
    assert 0.0 <= found.small.gap < 0.01
    assert answer.needed is not None
    assert answer.needed.shape == (1, 6)
    assert answer.needed[0, 5] > 1.05 * answer.needed[0, 0]


def test_of_the_turns_that_miss_least_the_cheapest_is_kept(answer: PlanAnswer) -> None:
    found = answer.optimised
    assert found is not None
    kept = found.round
    assert all(kept.rank <= turn.rank for turn in found.rounds)
    assert kept.cost == pytest.approx(answer.lead.spent.mean()), "as many years, on the same luck"
    assert (kept.holds == holds_of(answer.lead, list(answer.lead.goals))).all()


def test_means_are_those_of_the_simulated_years(answer: PlanAnswer) -> None:
    """Feedback is weak here, so that the programme's heads are those of the years, within their luck."""
    found = answer.optimised
    assert found is not None
    expected = found.programme.outcome.available[0, :6]
    there = answer.lead.values["available"][:, :, 0]
    half = 3.0 * there.std(axis=0, ddof=1) / np.sqrt(len(there)) + 0.3
    assert (np.abs(there.mean(axis=0) - expected) < half).all()
    cash = sum(line[:6].sum() for line in found.programme.outcome.cash.values())
    assert answer.lead.spent.mean() == pytest.approx(cash, rel=0.03)


def test_what_is_wanted_too_low_is_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn by turn more heads are wanted, until the simulated year holds."""
    from sim.study.plan import best

    real = best.requirement_by_month

    def too_low(*args: object) -> object:
        found = real(*args)  # type: ignore[arg-type]
        return best.replace(found, heads=0.8 * found.heads)

    monkeypatch.setattr(best, "requirement_by_month", too_low)
    centre = sim.loads(CENTRE, settings={"horizon.growth": "5%"})
    found = least_cost_plan(centre, PlanOptions(5, jobs=1), rounds=3)
    assert len(found.rounds[0].missed) > len(found.round.missed)
    assert found.round.wanted.sum() > found.rounds[0].wanted.sum()


@pytest.mark.long
def test_workers_change_nothing() -> None:
    found, other = (least_cost_plan(sim.loads(CENTRE), PlanOptions(6, jobs=jobs)) for jobs in (1, 2))
    assert found.plan == other.plan
    assert [turn.cost for turn in found.rounds] == [turn.cost for turn in other.rounds]


def test_a_group_that_nobody_is_in_yet_is_hired_for() -> None:
    text = CENTRE.replace("heads: {front: 18}", "heads: {front: 0}").replace("months: 6", "months: 3")
    found = least_cost_plan(sim.loads(text), PlanOptions(3, jobs=1), rounds=1)
    assert found.requirement.heads[0, 0] > 5.0
    assert sum(entry.count for entry in found.plan.classes if entry.month == 2) > 5
    assert [short.month for short in found.programme.outcome.short][:2] == [0, 1]


def test_what_cannot_be_asked_is_said() -> None:
    centre = sim.loads(CENTRE)
    with pytest.raises(ArgumentError, match="sure: 1: must be above 0 and below 1"):
        least_cost_plan(centre, sure=1.0)
    with pytest.raises(ArgumentError, match="rounds: 0: must be at least 1"):
        least_cost_plan(centre, rounds=0)


def test_without_targets_there_is_no_best_plan() -> None:
    centre = sim.loads(CENTRE, settings={"targets.service_level": "off", "horizon.months": 1})
    found = plan(centre, (), replications=2, jobs=1, spiral=False)
    assert (found.best, found.optimised, found.needed) == ("", None, None)
    assert found.lead is found.file


# The spiral -----------------------------------------------------------------------

STRAINED = {"horizon.attrition.strain_slope": 6.0, "horizon.growth": "0%", "horizon.months": 7}


def test_strain_that_makes_leavers_is_a_spiral_and_without_feedback_it_is_none() -> None:
    few = PlanOptions(8, jobs=1)
    found = find_spiral(sim.loads(CENTRE, settings=STRAINED), options=few, threshold=False)
    assert found.month == 3
    assert set(found.feeds_itself) & {3, 6, 7}
    assert found.leaving[6] / found.available[6] > 2.0 * found.leaving[0] / found.available[0]
    assert found.back is not None
    assert found.back.month == 7
    assert found.back.hired >= (18 - found.available[5]) / 0.8 - 1e-9
    assert found.back.hiring >= 4000.0 * found.back.hired
    still = STRAINED | {"horizon.attrition.feedback": "off"}
    neutral = find_spiral(sim.loads(CENTRE, settings=still), options=PlanOptions(2, jobs=1), threshold=False)
    assert neutral.month is None
    assert neutral.feeds_itself == []
    assert neutral.amplification.mean == pytest.approx(np.full(7, 0.96), abs=1e-9)
