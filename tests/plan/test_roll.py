"""People by name, drawn: as many as the Markov chain says, the same luck under another plan, and who goes first."""

import math

import numpy as np
import pytest

import sim
from sim.facts.headcount import MONTH_S, heads_by_month, leaving_law, mean_learning_factor, mean_speed
from sim.rng.philox import replication_key
from sim.scenario.planning import LetGo, TrainingClass, Transfer
from sim.scenario.planning_values import HiringRule
from sim.schema.values import DAY_S
from sim.study.plan.heads import people_drawn_from
from sim.study.plan.result import FileRule, YearPlan, plan_of
from sim.study.plan.roll import Roll, RollRules, crew_of
from sim.study.plan.sums import people_of

CENTRE = """
calendar: {start: 2026-11-23, days: 7, hours: "08:00-18:00"}
arrivals: {per_day: 100}
intents: {call: {talk_time: 5m}}
agents: {desk: {skills: [call], staff: 5}, back: {skills: [call], staff: 3}}
"""
NO_STRAIN = "attrition: {monthly: 3%, new_factor: 1, feedback: off}"
MANY = 600
"""Groups that are each a sample of its own."""
Z = 2.576


def centre(horizon, more=""):
    return sim.loads(f"{CENTRE}{more}\nhorizon: {{{horizon}}}")


def rules(scenario, plan=None, heads=(40, 20), groups=("desk", "back")):
    law, drawn = leaving_law(scenario), people_drawn_from(scenario)
    return RollRules(scenario, plan or plan_of(scenario), groups, np.array(heads), law, drawn)


def played(roll, months, strain=None):
    """Plays months without weeks; the heads on the queue in each, (months, groups)."""
    seen = []
    for month in range(1, months + 1):
        roll.begin(month)
        seen.append(roll.counts(roll.available(month)))
        roll.leave(month, np.ones(len(roll.rules.groups)) if strain is None else strain)
    return np.array(seen)


def many(scenario, classes, start):
    names = tuple(f"g{k}" for k in range(MANY))
    hired = tuple(TrainingClass(month=m, group=name, count=n) for m, n in classes.items() for name in names)
    made = rules(scenario, YearPlan("many", hired), [start] * MANY, names)
    return Roll(made, replication_key(scenario.run.seed, 0))


def agrees(sample, mean, variance):
    """Mean and variance of independent samples are within 99 % of what they should be; the mean to 2 %."""
    half = Z * math.sqrt(variance / sample.size)
    assert half <= 0.02 * mean
    assert abs(sample.mean() - mean) <= half
    assert abs(sample.var(ddof=1) / variance - 1) <= Z * math.sqrt(2 / sample.size)


# The Markov chain -----------------------------------------------------------------


def test_h1_drawn_by_name():
    scenario = centre(f"months: 24, hiring: {{training: 0s, graduates: 100%}}, {NO_STRAIN}")
    seen = played(many(scenario, dict.fromkeys(range(1, 25), 5), 0), 24)
    agrees(seen[11], 51.026, 7.153)
    agrees(seen[23], 86.430, 21.436)


def test_h5_drawn_by_name_with_training_and_dropping_out():
    scenario = centre(f"months: 14, hiring: {{training: 60d, graduates: 85%}}, {NO_STRAIN}")
    roll = many(scenario, dict.fromkeys(range(1, 15), 4), 113)
    seen = played(roll, 14)
    law = heads_by_month(113, [4.0] * 14, 0.03, training=2, graduates=0.85)
    agrees(seen[13], law.mean[13], law.variance[13])
    assert set(roll.in_training(14)) == {8}
    assert pytest.approx(120 * 4.0 / 4.2353, rel=1e-4) == 4.0 * 0.85 / 0.03


@pytest.mark.parametrize("days", [243, 365, 730, 1140])
def test_h3_of_people_drawn_by_name(days):
    more = f"workforce: {{speed_sd: 0, tenure: {{distribution: exponential, mean: {days}d}}}}"
    roll = Roll(rules(centre(NO_STRAIN, more), heads=(60_000, 0)), replication_key(1, 0))
    people = people_of(roll, 1, roll.begin(1))
    for name, law in (("learning_factor", mean_learning_factor), ("mean_speed", mean_speed)):
        top, bottom = people[name]
        assert top[0] / bottom[0] == pytest.approx(law(0.5, 90, days), rel=0.003)
    assert people["tenure_days"][0][0] / people["tenure_days"][1][0] == pytest.approx(days, rel=0.015)


def turnover_of(scenario, groups, heads, rule="replace"):
    plan = YearPlan("held", rule=FileRule(HiringRule(kind=rule)))
    roll = Roll(rules(scenario, plan, [heads] * groups, tuple(f"g{k}" for k in range(groups))), replication_key(1, 0))
    left, mean = np.zeros(groups), np.zeros(groups)
    for month in range(1, 13):
        roll.begin(month)
        before = roll.counts(roll.here)
        gone = roll.leave(month, np.ones(groups))
        left, mean = left + gone, mean + (before - gone / 2) / 12
    return left, mean


def test_yearly_31_percent_is_leavers_over_mean_heads():
    scenario = centre("months: 12, hiring: {training: 0s, graduates: 100%}, attrition: {yearly: 31%, new_factor: 1}")
    left, mean = turnover_of(scenario, 60, 1000)
    share = left / mean
    half = Z * share.std(ddof=1) / math.sqrt(60)
    assert half < 0.02 * 0.31
    assert abs(share.mean() - 0.31) < half


def test_yearly_31_percent_holds_at_todays_mix_of_new_and_old():
    scenario = centre("attrition: {yearly: 31%, new_factor: 2.5, new_for: 90d}")
    roll = Roll(rules(scenario, heads=(300_000, 0)), replication_key(1, 0))
    roll.begin(1)
    hazard = -12 * math.log1p(-roll.leave(1, np.ones(2))[0] / 300_000)
    assert hazard == pytest.approx(0.31, rel=0.02)


def test_who_is_let_go_is_no_leaver():
    scenario = centre("months: 3, attrition: {monthly: 0%}")
    plan = YearPlan("cut", let_go=(LetGo(month=2, group="desk", count=15),))
    roll = Roll(rules(scenario, plan), replication_key(1, 0))
    left = []
    for month in (1, 2, 3):
        roll.begin(month)
        left.append(int(roll.leave(month, np.ones(2)).sum()))
    assert left == [0, 0, 0]
    assert roll.counts(roll.here).tolist() == [25, 20]


def test_a_known_strain_moves_the_chance_of_leaving():
    scenario = centre("attrition: {monthly: 3%, new_factor: 1, strain_slope: 0.25, sd: 0.1}")
    roll = Roll(rules(scenario, heads=(100_000, 100_000)), replication_key(1, 0))
    roll.begin(1)
    left = roll.leave(1, roll.rules.law.strain_factor(np.array([0.1, 0.0]), np.zeros(2)))
    hazards = -np.log1p(-left / 100_000)
    assert hazards[1] == pytest.approx(-math.log(0.97), rel=0.05)
    assert hazards[0] / hazards[1] == pytest.approx(math.exp(0.25), rel=0.05)


# Names ----------------------------------------------------------------------------


def fates(roll, months):
    """By name: state at the end, and traits in the last month."""
    played(roll, months)
    names = list(zip(roll.people["word"].tolist(), roll.people["number"].tolist(), strict=True))
    traits = roll.traits(np.ones(roll.people.size, bool), months)
    kept = [(t["speed"], t["uses"], t["affected"], t["tenure_s"]) for t in traits]
    return dict(zip(names, zip(roll.people["state"].tolist(), kept, strict=True), strict=True))


def test_another_plan_leaves_the_luck_of_everybody_else_alone():
    scenario = centre("months: 12, attrition: {yearly: 60%}", "workforce: {}\nassistant: {adoption: 50%}")
    few = YearPlan(
        "few", (TrainingClass(month=2, group="desk", count=6), TrainingClass(month=5, group="back", count=4))
    )
    more = YearPlan(
        "more",
        (
            TrainingClass(month=2, group="desk", count=9),
            TrainingClass(month=3, group="desk", count=7),
            TrainingClass(month=3, group="back", count=2),
            TrainingClass(month=5, group="back", count=4),
        ),
    )
    one, other = (fates(Roll(rules(scenario, plan), replication_key(1, 3)), 12) for plan in (few, more))
    assert len(one) == 70
    assert len(other) == 82
    assert {name: other[name] for name in one} == one
    assert len({kept[0] for _, kept in other.values()}) == 82
    assert {state for state, _ in one.values()} == {1, 2}


def test_incumbents_leave_by_the_same_luck_whether_or_not_anybody_is_hired():
    scenario = centre("months: 6, attrition: {yearly: 60%}, hiring: {rule: replace}")
    with_rule, without = (Roll(rules(scenario, plan), replication_key(1, 0)) for plan in (None, YearPlan("none")))
    played(with_rule, 6)
    played(without, 6)
    assert with_rule.people.size > 60
    assert with_rule.people["state"][:60].tolist() == without.people["state"].tolist()


# Moves ----------------------------------------------------------------------------


def test_replacing_holds_the_level_after_training():
    scenario = centre("months: 36, hiring: {rule: replace, training: 30d, graduates: 100%}, attrition: {monthly: 5%}")
    seen = played(Roll(rules(scenario, heads=(2000, 0)), replication_key(1, 0)), 36)
    assert seen[-12:, 0].mean() == pytest.approx(1900, rel=0.01)


def test_replacing_makes_up_for_who_does_not_graduate_and_rounds_over_the_months():
    """A small group, of whom one leaves now and then: 1 / 85 % is not 2 each time."""
    scenario = centre(f"hiring: {{rule: replace, training: 30d, graduates: 85%}}, {NO_STRAIN}")
    made = rules(scenario, heads=[20] * 200, groups=tuple(f"g{k}" for k in range(200)))
    roll = Roll(made, replication_key(1, 0))
    hired = 0
    for month in range(1, 13):
        roll.leave(month - 1, np.ones(200))
        hired += roll.begin(month).hired.sum()
    assert hired == pytest.approx(roll.left.sum() / 0.85, rel=0.02)
    assert roll.counts(roll.available(12)).mean() == pytest.approx(20 * 0.97, rel=0.03)


def test_a_rule_orders_no_more_than_is_wanted_while_its_hires_are_on_the_way():
    scenario = centre(
        "hiring: {rule: {up_to: {desk: 50}}, lead_time: 45d, training: 60d, graduates: 100%}, attrition: {monthly: 0%}"
    )
    roll = Roll(rules(scenario), replication_key(1, 0))
    hired, seen = [], []
    for month in range(1, 8):
        hired.append(roll.begin(month).hired.tolist())
        seen.append(int(roll.counts(roll.available(month))[0]))
        roll.leave(month, np.ones(2))
    assert hired == [[0, 0], [0, 0], [10, 0], [0, 0], [0, 0], [0, 0], [0, 0]]
    assert seen == [40, 40, 40, 40, 50, 50, 50]


def test_a_transfer_keeps_the_name_and_is_off_the_queue_while_it_trains():
    scenario = centre("attrition: {monthly: 0%}")
    plan = YearPlan(
        "move", transfers=(Transfer(**{"month": 2, "from": "desk", "to": "back", "count": 3, "training": 60 * DAY_S}),)
    )
    roll = Roll(rules(scenario, plan), replication_key(1, 0))
    before = roll.people["word"].tolist()
    assert played(roll, 4).tolist() == [[40, 20], [37, 20], [37, 20], [37, 23]]
    assert roll.people["word"].tolist() == before
    assert np.flatnonzero(roll.people["settled"] == 0).tolist() == [37, 38, 39]


def test_those_who_came_last_go_first_and_nobody_goes_from_a_class():
    scenario = centre("hiring: {training: 0s, graduates: 100%}, attrition: {monthly: 0%}")
    classes = (TrainingClass(month=1, group="desk", count=4),)
    plan = YearPlan(
        "cut", classes, let_go=(LetGo(month=2, group="desk", count=6), LetGo(month=3, group="back", count=99))
    )
    roll = Roll(rules(scenario, plan), replication_key(1, 0))
    assert played(roll, 3).tolist() == [[44, 20], [38, 20], [38, 0]]
    assert np.flatnonzero(roll.people["state"] == 2).tolist() == [*range(38, 64)]


# Seats ----------------------------------------------------------------------------


def test_as_long_as_nobody_moves_the_seats_are_the_rosters_own():
    roll = Roll(rules(centre("attrition: {monthly: 0%}")), replication_key(1, 0))
    roll.begin(1)
    crew = crew_of(roll, 1, [45, 5])
    assert crew.number.tolist() == [*range(45), *range(5)]
    assert np.isnan(crew.tenure_s).all()
    assert not crew.added_s.any()
    assert crew_of(roll, 3, [45, 5]).added_s == pytest.approx(np.full(50, 2 * MONTH_S))


def test_seats_have_the_share_of_hired_people_that_heads_have():
    scenario = centre("hiring: {training: 0s, graduates: 100%}, attrition: {monthly: 0%}")
    plan = YearPlan(
        "grow", (TrainingClass(month=1, group="desk", count=20), TrainingClass(month=2, group="desk", count=20))
    )
    roll = Roll(rules(scenario, plan), replication_key(1, 0))
    roll.begin(1)
    roll.leave(1, np.ones(2))
    roll.begin(2)
    crew = crew_of(roll, 2, [40, 2])
    hired = ~np.isnan(crew.tenure_s[:40])
    assert np.flatnonzero(hired).tolist() == [*range(1, 40, 2)]
    assert crew.number[:40][~hired].tolist() == [*range(20)]
    assert (crew.tenure_s + crew.added_s)[:40][hired] == pytest.approx(np.repeat([1.5, 0.5], 10) * MONTH_S)


def test_more_seats_than_people_have_names_of_their_own():
    roll = Roll(rules(centre("attrition: {monthly: 0%}"), heads=(4, 0)), replication_key(1, 0))
    roll.begin(1)
    crew = crew_of(roll, 1, [10, 2])
    assert crew.number[:10].tolist() == [*range(10)]
