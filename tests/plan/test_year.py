"""The loop of months: one month is a week of `run`, strain moves who leaves, backlog and bot go on, nothing is lost."""

import json
import math

import numpy as np
import pytest

import sim
from sim.engine import COMPILED, SIMPY
from sim.errors import ArgumentError, ScenarioError
from sim.measures.definitions import weighted
from sim.report.plan import plan_report
from sim.report.plan.words import Told
from sim.rng.philox import replication_key
from sim.scenario.planning import LetGo, TrainingClass
from sim.study.plan.month import drift_of, month_labels, month_weeks, shifted, with_bot, with_staff
from sim.study.plan.result import Change, PlanOptions, YearPlan, plan_of
from sim.study.plan.week import measures_named, play_week
from sim.study.plan.year import make_years, one_year, people_alone, simulate_plans
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.workplace import pack, unpack, working_at

from .desk import desk

QUIET = "attrition: {monthly: 0%, feedback: off}"


def years_of(scenario, *plans, **options):
    return simulate_plans(
        scenario, plans or (plan_of(scenario),), PlanOptions(**{"replications": 2, "jobs": 1} | options)
    )


# One month ------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [COMPILED, SIMPY])
def test_one_month_without_feedback_and_moves_is_the_week_of_run_to_the_last_bit(engine):
    scenario = desk(f"months: 1, {QUIET}")
    (year,) = years_of(scenario, engine=engine).plans
    run = make_run(scenario.model_copy(update={"horizon": None}))
    replicate([run], RunOptions(3, engine, 1), 2)
    whole, by_group = run.tallies.counts("overall")[:, 0], run.tallies.counts("group")
    named = measures_named(scenario, run.measures)
    assert len(named) == 13
    for name, measure in named.items():
        for sums, weights in ((year.week.tops, measure.top), (year.week.bottoms, measure.bottom)):
            np.testing.assert_array_equal(sums[name][:, 0, -1], weighted(whole, weights))
            if "group" in measure.slices:
                np.testing.assert_array_equal(sums[name][:, 0, :-1], weighted(by_group, weights))
    for target, goal in year.goals.items():
        estimate = run.estimates("overall")[target]
        assert year.week.met[target].shape == (2, 1)
        assert goal.met(float(estimate.mean[0])) in year.week.met[target].astype(bool)


def test_both_engines_give_the_same_year():
    scenario = desk("months: 3, hiring: {rule: replace, training: 0s}, attrition: {yearly: 200%}")
    one, other = (years_of(scenario, engine=engine, replications=1).plans[0] for engine in (COMPILED, SIMPY))
    for sums in ("people", "week"):
        for side in ("tops", "bottoms"):
            for name, values in getattr(getattr(one, sums), side).items():
                np.testing.assert_array_equal(values, getattr(getattr(other, sums), side)[name], name)


# The chain and the loop -----------------------------------------------------------


def test_with_feedback_off_people_are_those_of_the_chain():
    scenario = desk("months: 4, hiring: {rule: replace}, attrition: {yearly: 90%, feedback: off}")
    (year,) = years_of(scenario, replications=3).plans
    alone = people_alone(scenario, plan_of(scenario), 3)
    for name, values in alone.tops.items():
        np.testing.assert_array_equal(values, year.people.tops[name], name)


def test_a_strained_month_makes_more_leave_by_the_stated_factor():
    """Half of the staff is let go in month 2: the hazard of its end is that of the week's own fatigue."""
    attrition = "attrition: {yearly: 31%, new_factor: 1, strain_slope: 1, sd: 0.05}"
    scenario = desk(f"months: 2, heads: {{front: 4000, second: 40}}, {attrition}")
    cut = YearPlan("cut", let_go=(LetGo(month=2, group="front", count=2000),))
    options = PlanOptions(replications=1, jobs=1)
    years = make_years(scenario, [cut], options)
    outcome = one_year(years, 0, 0)
    top, bottom = (np.array(side) for side in outcome["week"]["fatigue_mean"])
    fatigue = (top / bottom)[:, 0]
    assert fatigue[1] > fatigue[0] + 0.03
    expected = 1 - np.exp(-0.31 / 12 * np.exp((fatigue - years.neutral.fatigue[0]) / 0.05))
    left = np.array(outcome["people"]["left"][0])[:, 0]
    heads = np.array([4000, 2000 - left[0]])
    sd = np.sqrt(heads * expected * (1 - expected))
    assert np.abs(left - heads * expected).max() < 3.3 * sd.max()
    assert abs(left[1] - heads[1] * (1 - math.exp(-0.31 / 12))) > 3.3 * sd[1]


def test_strain_of_today_is_neutral():
    scenario = desk(
        "months: 1, heads: {front: 4000, second: 4000}, attrition: {yearly: 31%, new_factor: 1, strain_slope: 0.5}"
    )
    (year,) = years_of(scenario, replications=3).plans
    assert year.turnover == pytest.approx(0.31, rel=0.1)
    given = desk("months: 1, attrition: {reference: 0.3}")
    assert make_years(given, [plan_of(given)], PlanOptions(replications=1)).neutral.fatigue.tolist() == [0.3, 0.3]


# Staff ----------------------------------------------------------------------------


def test_counts_and_shifts_go_with_the_heads_on_the_queue():
    scenario = desk()
    changed = with_staff(scenario, [2 / 3, 0.5])
    day = scenario.calendar.start
    assert set(changed.agents["front"].staff.of(day, scenario.calendar)) == {6}
    assert [shift.count for shift in changed.agents["second"].shifts] == [2]
    assert with_staff(scenario, [1.0, 1.0]) == scenario


def test_hires_come_to_the_queue_and_into_the_roster():
    scenario = desk(f"months: 3, heads: {{front: 18, second: 8}}, hiring: {{training: 20d, graduates: 100%}}, {QUIET}")
    (year,) = years_of(scenario, YearPlan("grow", (TrainingClass(month=1, group="front", count=9),))).plans
    people = {name: year.people.tops[name][0, :, 0].tolist() for name in ("available", "in_training", "hired", "heads")}
    assert people == {"available": [18, 27, 27], "in_training": [9, 0, 0], "hired": [9, 0, 0], "heads": [27, 27, 27]}
    on_queue = year.week.value("agents_on_queue")[:, :, 0].mean(axis=0)
    assert on_queue[1] / on_queue[0] == pytest.approx(1.5, rel=0.06)
    assert year.people.value("tenure_days")[0, 1, 0] < year.people.value("tenure_days")[0, 0, 0]


def test_heads_are_rostered_fte_unless_given():
    scenario = desk("months: 1", **{"agents.front.shrinkage": 0.25, "agents.front.contract_share": 0.5})
    (year,) = years_of(scenario).plans
    paid = 9 * 8 / 0.75 / (2 / 7)
    assert year.people.tops["available"][0, 0].tolist() == [math.ceil(paid / 38 / 0.5), 4, math.ceil(paid / 19) + 4]


def test_nobody_on_the_queue_is_no_fault():
    scenario = desk(f"months: 2, {QUIET}")
    (year,) = years_of(scenario, YearPlan("all", let_go=(LetGo(month=2, group="front", count=999),))).plans
    assert year.week.value("abandonment_rate")[:, 1, -1].min() > 0.4
    assert np.isnan(year.week.value("occupancy")[:, 1, 0]).all()


# Demand, bot, backlog -------------------------------------------------------------


def test_growth_and_seasons_multiply_the_demand():
    scenario = desk("start: 2027-12, months: 2, growth: [1, 150%], seasonality: [80%, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]")
    assert month_labels(scenario) == ("2027-12", "2028-01")
    first, second = (weeks.typical[0] for weeks in month_weeks(scenario, plan_of(scenario)))
    assert first == scenario
    assert second.intents["call"].arrivals.per_day.week[0] == pytest.approx(120 * 1.2)


def test_a_peak_week_is_told_beside_the_typical_one():
    (year,) = years_of(desk(f"months: 2, peak: 160%, {QUIET}"), replications=3).plans
    ratio = year.peak.tops["demand"][:, :, -1].sum() / year.week.tops["demand"][:, :, -1].sum()
    assert ratio == pytest.approx(1.6, rel=0.1)
    assert year.peak.estimate("service_level").mean[-1] < year.week.estimate("service_level").mean[-1]
    assert set(year.peak_months["measure"]) == set(year.week.tops)


def test_each_month_has_other_customers_and_weeks_of_a_month_too():
    scenario = desk(f"months: 2, weeks_a_month: 2, {QUIET}")
    (year,) = years_of(scenario).plans
    assert year.week.met["sl_offered"].shape == (4, 2)
    assert year.week.bottoms["demand"][:, :, -1].tolist() == [[2.0, 2.0], [2.0, 2.0]]
    starts = [week.calendar.start for weeks in month_weeks(scenario, plan_of(scenario)) for week in weeks.typical]
    assert [(day - starts[0]).days for day in starts] == [0, 7, 28, 35]


def test_a_week_is_moved_on_with_all_that_it_says_of_dates(tmp_path):
    (tmp_path / "calls.csv").write_text("date,time,contacts\n2026-11-23,08:00,30\n2026-11-24,08:00,50\n")
    (tmp_path / "staff.csv").write_text("date,time,agents\n2026-11-23,08:00,3\n2026-11-24,08:00,5\n")
    text = """
calendar: {start: 2026-11-23, days: 2, hours: "08:00-09:00", interval: 1h, holidays: [2026-11-25]}
arrivals: {file: calls.csv}
intents: {call: {talk_time: 5m}}
agents: {desk: {skills: [call], staff: {file: staff.csv}}}
"""
    scenario = sim.loads(text, base=tmp_path)
    later = shifted(scenario, 4)
    day = later.calendar.start
    assert (day - scenario.calendar.start).days == 28
    assert later.arrivals.file.of(day, "contacts", later.calendar) == (30.0,)
    assert later.agents["desk"].staff.of(day, later.calendar) == (3,)
    assert (later.calendar.holidays[0] - scenario.calendar.holidays[0]).days == 28


def test_the_bot_ramps_up():
    (year,) = years_of(desk(f"months: 3, bot: {{ramp: [0%, 50%, 100%]}}, {QUIET}"), replications=4).plans
    calls = year.week.tops["offered"][:, :, -1].mean(axis=0)
    assert calls[0] > calls[1] > calls[2]
    assert with_bot(desk(), 0.5).intents["call"].bot.containment == 0.15
    assert with_bot(desk(), 0.5).bot.false_containment == 0.025
    assert with_bot(desk(), 9.0).intents["call"].bot.containment <= 1.0


def test_the_bot_drifts_by_a_random_walk_with_mean_1():
    scenario = desk("bot: {drift_cv: 0.1}")
    drawn = np.array([[drift_of(scenario, m, replication_key(1, r)) for m in (1, 2, 7)] for r in range(4000)])
    logs = np.log(drawn)
    assert (drawn[:, 0] == 1.0).all()
    assert drawn.mean(axis=0) == pytest.approx([1.0, 1.0, 1.0], abs=0.015)
    assert logs.std(axis=0) == pytest.approx(math.sqrt(math.log1p(0.01)) * np.sqrt([0, 1, 6]), rel=0.05, abs=1e-12)
    assert np.corrcoef(logs[:, 1], logs[:, 2] - logs[:, 1])[0, 1] == pytest.approx(0.0, abs=0.05)


def test_backlog_is_carried_from_month_to_month():
    scenario = desk(f"months: 3, {QUIET}", **{"intents.mail.arrivals.per_day": 700})
    (year,) = years_of(scenario).plans
    assert (np.diff(year.week.tops["backlog"][:, :, -1]) > 300).all()
    quiet = years_of(desk(f"months: 3, {QUIET}")).plans[0]
    assert quiet.week.tops["backlog"][:, :, -1].max() < 40


def test_what_is_carried_is_the_rest_and_the_change_of_the_weeks_to_come():
    scenario = desk(**{"intents.mail.arrivals.per_day": 700, "intents.mail.opening_backlog": {"count": 50}})
    week = play_week(scenario, lambda seats: sim.engine.crew.own_crew(list(scenario.agents), list(seats)), {}, 1, 0)
    left = week.tops["backlog"][-1]
    weeks = 2 / 7
    assert week.backlog["mail"].count == round(left + (left - 50) / weeks * (52 / 12 - weeks))
    assert week.backlog["mail"].age > 0.0


# Plans ----------------------------------------------------------------------------


def test_changes_hold_from_their_month_on():
    scenario = desk(f"months: 3, {QUIET}")
    plan = YearPlan("longer", changes=(Change(2, {"intents.call.talk_time": "9m"}),))
    talk = [weeks.typical[0].intents["call"].talk_time.mean for weeks in month_weeks(scenario, plan)]
    assert talk == [300.0, 540.0, 540.0]
    with pytest.raises(ScenarioError):
        month_weeks(scenario, YearPlan("wrong", changes=(Change(1, {"intents.call.talk": "9m"}),)))


def test_changes_of_the_months_ahead_hold_too():
    scenario = desk("months: 2, bot: {ramp: [100%]}, attrition: {yearly: 31%, new_factor: 1}")
    keys = {"horizon.bot.ramp": [0.0, 0.5], "horizon.growth": "50%", "horizon.attrition.yearly": 0.62}
    weeks = month_weeks(scenario, YearPlan("other", changes=(Change(2, {**keys, "agents.front.shrinkage": 0.2}),)))
    assert [week.ramp for week in weeks] == [1.0, 0.5]
    assert [week.law.base for week in weeks] == pytest.approx([0.31, 0.62])
    assert weeks[1].typical[0].intents["call"].arrivals.per_day.week[0] == pytest.approx(180)
    assert weeks[1].on_queue == pytest.approx((0.8, 1.0))


def test_more_shrinkage_leaves_fewer_of_the_same_heads_on_the_queue():
    scenario = desk(f"months: 2, {QUIET}")
    plan = YearPlan("coach", changes=(Change(2, {"agents.front.shrinkage": 1 / 3, "costs.agent_hour": 60}),))
    (year,) = years_of(scenario, plan).plans
    on_queue = year.week.value("agents_on_queue")[:, :, 0].mean(axis=0)
    assert on_queue[1] / on_queue[0] == pytest.approx(2 / 3, rel=0.06)
    assert year.money["pay"][:, 1] == pytest.approx(2 * year.money["pay"][:, 0])


def test_money_is_of_heads_and_weeks():
    supervisors = "supervisors: {agents_each: 5, cost_month: 100}"
    text = f"months: 2, heads: {{front: 9, second: 4}}, hiring: {{training: 20d}}, {supervisors}, {QUIET}"
    scenario = desk(text)
    plan = YearPlan(
        "both", (TrainingClass(month=1, group="front", count=3),), (LetGo(month=2, group="second", count=1),)
    )
    (year,) = years_of(scenario, plan).plans
    week = 8 * 30 / (2 / 7)
    head = week * 52 / 12
    first = {line: amounts[0, 0] for line, amounts in year.money.items()}
    assert first["pay"] == pytest.approx(13 * head)
    assert first["training"] == pytest.approx(3 * head)
    assert first["hiring"] == 12_000
    assert first["supervisors"] == 400
    assert first["licence"] == 900
    assert first["bot_sessions"] > 0
    second = {line: amounts[0, 1] for line, amounts in year.money.items()}
    assert second["severance"] == 3000
    assert second["notice"] == pytest.approx(2 * week)
    assert year.totals.set_index("line")["mean"]["total"] == pytest.approx(year.spent.mean())


def test_a_month_of_cash_is_that_of_the_week_of_run_with_its_overtime():
    scenario = desk(f"months: 1, {QUIET}")
    (year,) = years_of(scenario).plans
    run = make_run(scenario.model_copy(update={"horizon": None}))
    replicate([run], RunOptions(3, COMPILED, 1), 2)
    week = run.estimates("overall")["cost"].mean[0] / (2 / 7)
    assert year.money["overtime"].mean() > 0.01 * year.spent.mean()
    assert year.spent.mean() == pytest.approx(week * 52 / 12)


def test_plans_meet_the_same_customers_and_differences_are_paired():
    scenario = desk("months: 2, attrition: {yearly: 60%}")
    keep, same = years_of(scenario, YearPlan("keep"), YearPlan("same")).plans
    difference = same.estimate("service_level").minus(keep.estimate("service_level"))
    assert np.nanmax(np.abs(difference.mean)) == 0.0
    assert np.nanmax(difference.half_width) == 0.0


def test_workers_and_an_interruption_change_no_byte():
    scenario = desk("months: 2, hiring: {rule: replace}, attrition: {yearly: 90%}")
    plans, kept = (plan_of(scenario), YearPlan("none")), {}
    whole = years_of(scenario, *plans, keep=lambda number, outcome: kept.__setitem__(number, json.dumps(outcome)))
    assert sorted(kept) == [0, 1, 2, 3]
    known = {number: json.loads(kept[number]) for number in (0, 2)}
    told = []
    again = years_of(scenario, *plans, jobs=2, known=known, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 4), (3, 4), (4, 4)]
    for one, other in zip(whole.plans, again.plans, strict=True):
        for table in ("months", "chance", "cost", "totals"):
            assert getattr(one, table).to_csv() == getattr(other, table).to_csv()


class Elsewhere:
    """A workplace that sends every call through bytes, as a cluster does, and counts them."""

    workers, calls = 2, 0

    def results(self, calls):
        for key, call in calls:
            function, arguments = unpack(pack(call))
            self.calls += 1
            yield key, unpack(pack(function(*arguments)))


def test_years_that_are_simulated_elsewhere_are_the_same():
    scenario = desk("months: 2, hiring: {rule: replace}, attrition: {yearly: 90%}")
    here, place = years_of(scenario).plans[0], Elsewhere()
    with working_at(place):
        there = years_of(scenario).plans[0]
    assert place.calls >= 2
    assert there.months.to_csv() == here.months.to_csv()
    assert there.totals.to_csv() == here.totals.to_csv()


def test_tables_of_a_year():
    (year,) = years_of(desk("months: 2")).plans
    assert set(year.months["measure"]) >= {"heads", "left", "service_level", "resolution", "backlog", "strained_share"}
    assert set(year.months["group"]) == {"front", "second", "all"}
    assert set(year.chance["target"]) == {"sl_offered", "abandonment_rate", "resolution_rate", "all"}
    assert year.chance["chance"].between(0, 1).all()
    assert repr(year) == "<YearResult 'desk', plan 'file': 2 months, 2 replications, seed 3>"


def test_a_target_that_no_week_can_be_judged_by_leaves_the_others():
    target = {"targets.back.service_level": "80/20", "intents.back.arrivals.per_day": 0}
    answer = sim.plan(desk("months: 2, attrition: {monthly: 0%}", **target), (), False, spiral=False, replications=2)
    (unjudged,) = (name for name, met in answer.file.week.met.items() if np.isnan(met).all())
    told = Told(answer)
    assert unjudged not in told.file.targets
    assert len(told.file.targets) == 3
    together = np.min([answer.file.week.met[name] for name in told.file.targets], axis=0)
    assert told.file.miss_over().mean == pytest.approx(1.0 - together.mean())
    assert answer.holds == bool((together.mean(axis=0) >= 0.5).all())
    chance = answer.file.chance.set_index("target")["chance"]["all"].tolist()
    assert chance == pytest.approx(together.mean(axis=0))
    assert plan_report(answer).sections


def test_what_is_refused():
    scenario = desk("months: 1")
    with pytest.raises(ArgumentError, match="plans"):
        simulate_plans(scenario, [])
    with pytest.raises(ArgumentError, match="names of their own"):
        simulate_plans(scenario, [YearPlan("one"), YearPlan("one")])
    with pytest.raises(ArgumentError, match="replications"):
        simulate_plans(scenario, [plan_of(scenario)], PlanOptions(replications=0))
