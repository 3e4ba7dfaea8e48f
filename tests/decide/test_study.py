"""What a decision finds: who goes, from which roster, with which money; and the next step."""

import math

import pytest

import sim
from sim.errors import ArgumentError
from sim.loading.load import changed
from sim.study.decide import decide, plans
from sim.study.staffing.release import planned_fte, with_capability
from sim.study.targets.verdicts import judged
from tests.decide import desk

A_WEEK, A_YEAR, WAGE, SHARE = 38.0, 52.0, 30.0, 0.8


@pytest.fixture(scope="module")
def found():
    return desk.honest()


def test_who_goes_is_what_the_search_at_equal_service_found(found):
    search = sim.no_worse(desk.after(desk.HONEST), desk.before(), replications=12)
    assert found.feasible
    assert found.heads == search.freed_by_bot.heads == found.people[plans.SAFE] > 0
    assert found.cuts[plans.SAFE].people == {"desk": found.heads}


def test_every_plan_has_the_roster_of_before_less_those_who_go(found):
    whole = planned_fte(desk.before())
    assert planned_fte(found.results[plans.KEEP].scenario) == pytest.approx(whole)
    agent = whole / 20
    for name, cut in found.cuts.items():
        assert cut.freed == pytest.approx(SHARE * cut.heads)
        left = planned_fte(found.results[name].scenario)
        assert whole - left == pytest.approx(max(cut.freed, 0.0), abs=agent / 2)


def test_at_the_targets_all_are_met_and_with_one_person_more_gone_they_are_not(found):
    goals, freed = found.goals, found.at_targets
    assert freed.cut.heads > found.heads
    assert judged(found.results[plans.AT_TARGETS], goals).all_met
    keep = plans.kept(found.before, found.after)
    more = plans.cut_to(keep, plans.cut_of(keep, {"desk": freed.cut.heads + 2}))
    told = sim.run(more, seed=found.seed, replications=12).measures
    level = told.loc["sl_offered"]
    assert level["ci_low"] < goals["sl_offered"].share


def test_the_naive_plan_trusts_what_is_claimed_and_keeps_the_handle_time_of_before(found):
    naive = found.results[plans.NAIVE].scenario
    assert found.claimed == 0.6
    assert found.cuts[plans.NAIVE].heads == round(0.6 * planned_fte(desk.before()) / SHARE)
    assert naive.pace.target == round(found.results[plans.BEFORE].mean("aht_s"))
    assert found.results[plans.NAIVE].mean("sl_offered") < found.results[plans.SAFE].mean("sl_offered") - 0.2


def test_the_next_may_go_once_the_bot_resolves_what_leaves_service_as_it_was(found):
    trigger = found.trigger
    assert trigger.heads == found.at_targets.cut.heads
    assert trigger.now < trigger.share < 1.0
    assert trigger.given_up == ()
    cut = plans.cut_to(plans.kept(found.before, found.after), found.at_targets.cut)
    ratio = trigger.share / trigger.now
    for scale, enough in ((ratio * 0.9, False), (ratio * 1.1, True)):
        told = sim.run(with_capability(cut, scale), seed=found.seed, replications=12).measures["mean"]
        before = found.results[plans.BEFORE]
        fall = before.mean("sl_offered") - told["sl_offered"]
        assert (fall <= found.no_worse.margins["service_level"]) == enough


def test_money_counts_whole_people_and_what_is_paid_once(found):
    money, people = found.money[plans.SAFE], found.heads
    lines = {line.name: line for line in money.lines}
    hours = people * SHARE * A_WEEK
    overtime = [found.results[name].mean("overtime_hours") * 7 for name in (plans.BEFORE, plans.SAFE)]
    assert lines["pay"].year == pytest.approx(A_YEAR * WAGE * (1.5 * (overtime[1] - overtime[0]) - hours), rel=1e-6)
    assert lines["severance"].first_year == 5000 * people
    assert lines["notice"].first_year == pytest.approx(4 * WAGE * (hours - overtime[1] + overtime[0]), rel=1e-6)
    assert lines["licence"].year == 12_000
    assert math.isnan(lines["severance"].year)


def test_those_who_coach_are_paid_and_take_no_contacts(found):
    pay = {name: next(line.year for line in found.money[name].lines if line.name == "pay") for name in found.money}
    hours = A_YEAR * WAGE * found.cuts[plans.SAFE].freed * A_WEEK
    assert pay[plans.COACHING] == pytest.approx(pay[plans.KEEP], abs=0.05 * hours)
    assert pay[plans.COACHING] - pay[plans.SAFE] == pytest.approx(hours, rel=0.05)
    coached, safe = found.results[plans.COACHING].scenario, found.results[plans.SAFE].scenario
    assert coached.agents == safe.agents
    assert {n: round(i.resolution - safe.intents[n].resolution, 9) for n, i in coached.intents.items()} == {
        "easy": 0.02,
        "hard": 0.02,
    }
    fewer = found.results[plans.ROOT_CAUSES]
    assert fewer.mean("demand") == pytest.approx(0.95 * found.results[plans.SAFE].mean("demand"), rel=0.01)


def test_assumptions_move_the_answer_and_each_is_at_its_ends(found):
    sure = found.sure
    assert 1 <= len(sure.sensitivities) <= 5
    assert sure.considered > len(sure.sensitivities)
    assert all(each.expected == found.plan.freed_by_bot.best for each in sure.sensitivities)
    sizes = [each.size for each in sure.sensitivities]
    assert sizes == sorted(sizes, reverse=True)


def test_a_bot_that_closes_what_it_has_not_resolved_needs_more_people():
    found = desk.dishonest()
    assert not found.feasible
    assert found.heads < 0
    assert found.cuts[plans.SAFE].factors["desk"] > 1.0
    assert plans.COACHING not in found.results
    assert found.results[plans.KEEP].mean("sl_offered") < found.results[plans.BEFORE].mean("sl_offered") - 0.1
    hiring = next(line for line in found.money[plans.SAFE].lines if line.name == "pay")
    assert hiring.year > 0


def test_where_needs_resolved_alone_keep_everybody_the_fall_may_be_accepted():
    half = desk.HONEST | {"intents.easy.bot": {"containment": 0.5, "false_share": 0.3}}
    keen = {"customers.repeat": {"probability": 0.2, "delay": "1h"}}
    found = decide(desk.before(**keen), sim.changed(desk.after(half), keen), replications=8, how_sure=False)
    assert [each.name for each in found.plan.beyond_staff] == ["resolution"]
    assert not found.feasible
    assert found.heads_at_equal_service <= 0 < found.heads


def test_a_plan_that_is_written_with_other_staff_is_judged_too():
    written = sim.changed(desk.after(desk.HONEST), {"agents.desk.staff": 12})
    found = decide(desk.before(), written, replications=4, how_sure=False)
    assert found.results[plans.WRITTEN].scenario == written
    assert found.people[plans.WRITTEN] == round((8 / 20) * planned_fte(desk.before()) / SHARE)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"root_causes": 1.0}, "root_causes: 1:"), ({"coaching": -0.1}, "coaching"), ({"rehire_weeks": -1.0}, "rehire")],
)
def test_what_is_assumed_must_make_sense(wrong, said):
    with pytest.raises(ArgumentError, match=said):
        decide(desk.before(), desk.after(desk.HONEST), **wrong)


def test_both_files_need_the_same_groups():
    other = sim.loads(desk.DESK | {"agents": {"team": desk.DESK["agents"]["desk"]}})
    with pytest.raises(sim.NotComparableError, match=r"^BEFORE and AFTER: .*same groups"):
        decide(other, desk.after(desk.HONEST))


@pytest.mark.long
def test_the_chance_that_the_plans_hold_falls_with_the_staff():
    found = decide(desk.before(), desk.after(desk.HONEST), replications=8, how_sure=False, draws=40)
    chances = {name: found.chances.study.chance(place).mean for name, place in found.chances.places.items()}
    assert list(chances) == [plans.SAFE, plans.AT_TARGETS, plans.NAIVE, plans.KEEP]
    assert chances[plans.KEEP] >= chances[plans.SAFE] >= chances[plans.AT_TARGETS] >= chances[plans.NAIVE]
    assert chances[plans.NAIVE] < chances[plans.SAFE] - 0.3, chances


@pytest.mark.long
def test_where_bad_service_has_a_price_what_is_worth_most_to_know_is_measured_first():
    prices = {"costs.missed_target": 2000, "costs.abandoned": 20, "costs.unresolved_need": 50}
    before, after = (changed(s, prices) for s in (desk.before(), desk.after(desk.HONEST)))
    found = decide(before, after, replications=8, how_sure=False, draws=40).chances
    worth = found.study.worth
    assert 0 < len(found.measure_first) <= 3
    assert [worth[k].shown for k in found.measure_first] == [True] * len(found.measure_first)
    means = [worth[k].worth.mean for k in found.measure_first]
    assert means == sorted(means, reverse=True)
    assert means[0] == max(one.worth.mean for one in worth if one.shown)


@pytest.mark.long
def test_any_number_of_workers_finds_the_same():
    one, other = (
        decide(desk.before(), desk.after(desk.HONEST), replications=12, jobs=jobs, how_sure=False) for jobs in (1, 2)
    )
    assert one.people == other.people
    assert {n: r.mean("sl_offered") for n, r in one.results.items()} == {
        n: r.mean("sl_offered") for n, r in other.results.items()
    }
