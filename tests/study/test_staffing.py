"""The fewest agents: exact where there is a formula, proved on fresh luck, and infeasible where nothing will do."""

import numpy as np
import pytest

import sim
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import RunOptions
from sim.study.staffing import ShiftRules
from sim.study.staffing.erlang import Queue, least_agents, predict
from sim.study.staffing.erlang_start import callers_of, erlang_start, offered_load
from sim.study.staffing.evaluator import Evaluator, constraints_of, verify
from sim.study.staffing.iterative import iterate
from sim.study.staffing.plan import make_problem
from tests.study.centres import day, one_skill, open_always, two_skills

STEADY = [(10, 180, 120), (60, 300, 150), (150, 240, 100), (1200, 330, 200)]
MORE = [
    (30, 240, 200),
    (100, 300, 300),
    (240, 360, 240),
    (700, 360, 600),
    (400, 200, 400),
    (75, 150, 90),
    (500, 300, 180),
]
"""Contacts an hour, mean handle time and mean patience (s): from 2 agents to 111."""
LEVEL = {"sl_offered": MeasureTarget(0.8, True)}
QUICK = {"replications": 10, "how_sure": False}


def exact(per_hour, talk, patience):
    queue = Queue(per_hour / 3600, talk, patience)
    agents = least_agents(queue, LEVEL)
    margins = [abs(predict(queue, n).answered_within - 0.8) for n in (agents - 1, agents)]
    assert min(margins) > 0.003, "too near to be told"
    return agents


@pytest.mark.parametrize("case", STEADY)
def test_a_steady_queue_gets_exactly_the_agents_of_erlang_a(case):
    days = 1 if case[0] > 200 else 3
    result = sim.staff(one_skill(*case, days=days), by="whole", each="whole", budget=8e5, **QUICK)
    assert result.feasible
    assert result.required.tolist() == [[exact(*case)]]


@pytest.mark.long
@pytest.mark.parametrize("case", MORE)
def test_more_steady_queues_get_exactly_the_agents_of_erlang_a(case):
    result = sim.staff(one_skill(*case), by="whole", each="whole", how_sure=False)
    assert result.required.tolist() == [[exact(*case)]]


TWO = {
    "N": (["x"], ["y", "x"], (40, 30)),
    "N with little to share": (["x"], ["y", "x"], (60, 20)),
    "two pools with overflow": (["x", "y"], ["y", "x"], (20, 50)),
}


def best_of(scenario, result, below):
    """The fewest agents over all pairs of so many totals below the number found."""
    problem = make_problem(scenario, "whole")
    evaluator = Evaluator(problem, constraints_of(problem, result.goals, "whole"), RunOptions(99), 20)
    found = int(result.required.sum())
    for total in sorted(found - less for less in below):
        for first in range(total + 1):
            if not evaluator.evaluate(np.array([[first], [total - first]])).failing:
                return total
    return found


def test_two_skills_get_at_most_one_agent_more_than_the_best_pair():
    scenario = two_skills(*TWO["N"], days=2)
    result = sim.staff(scenario, by="whole", each="whole", budget=2e5, **QUICK)
    assert result.feasible
    assert int(result.required.sum()) <= best_of(scenario, result, below=[2]) + 1


@pytest.mark.long
@pytest.mark.parametrize("name", TWO)
def test_two_skills_searched_exhaustively(name):
    scenario = two_skills(*TWO[name])
    result = sim.staff(scenario, by="whole", each="whole", budget=1e6, replications=40, how_sure=False)
    assert result.feasible
    assert int(result.required.sum()) <= best_of(scenario, result, below=[1, 2, 3]) + 1


@pytest.fixture(scope="module")
def morning():
    return sim.staff(day(), replications=40, budget=4e5)


def test_a_staffing_is_accepted_on_luck_that_the_search_has_not_seen(morning):
    assert morning.feasible
    assert morning.proof.seed != morning.seed
    assert morning.verification["accepted"].all()
    level = morning.verification[morning.verification["measure"] == "sl_offered"]
    assert len(level) == 8
    assert (level["bound"] >= 0.8).all()
    assert (level["mean"] > level["bound"]).all()


def test_every_interval_holds_on_yet_other_luck_but_for_luck(morning):
    cell = sim.run(morning.staffed, seed=777, replications=600).by_interval
    level = cell[cell["measure"] == "sl_offered"]
    assert (level["ci_high"] >= 0.8).all()


def test_staff_follow_the_time_of_day_and_nothing_can_go(morning):
    required = morning.required[0]
    assert required.argmax() in (3, 4, 5)
    assert required[0] < required.max()
    problem = morning.ground
    evaluator = Evaluator(problem, constraints_of(problem, morning.goals, "interval"), RunOptions(5), 300)
    missed = 0
    for block in range(problem.blocks):
        fewer = morning.required.copy()
        fewer[0, block] -= 1
        missed += bool(evaluator.evaluate(fewer).failing)
    assert missed >= problem.blocks - 2


def test_the_offered_load_is_that_of_ample_staffing():
    problem = make_problem(one_skill(60, 300, 150), "whole")
    load = offered_load(problem, RunOptions(1))
    assert load.live.shape == (1, 6 * 48)
    assert not load.waiting
    assert load.live.mean() == pytest.approx(5.0, rel=0.03)
    assert erlang_start(problem, load, LEVEL, "whole").tolist() == [[7]]


def test_targets_of_the_day_need_fewer_than_those_of_every_interval(morning):
    whole = sim.staff(day(), each="day", budget=4e5, **QUICK)
    assert whole.feasible
    assert whole.agent_hours < morning.agent_hours
    assert len(whole.verification) == 2


def test_staff_by_day_stay_the_same_all_day():
    result = sim.staff(day(calendar__days=2), by="day", each="day", budget=4e5, **QUICK)
    assert result.required.shape == (1, 2)
    assert len(set(result.table.query("date == '2026-11-23'")["required"])) == 1


def test_workers_and_repetition_do_not_matter():
    one, again = (sim.staff(day(), jobs=jobs, budget=1e5, **QUICK) for jobs in (1, 2))
    assert np.array_equal(one.required, again.required)
    assert one.beside.equals(again.beside)
    assert one.verification.equals(again.verification)


def test_a_target_that_nothing_meets_is_named_with_the_best_attainable():
    result = sim.staff(day(targets__resolution=0.9), budget=1e5, **QUICK)
    assert not result.feasible
    (miss,) = result.misses
    assert (miss.measure, miss.where) == ("resolution_rate", ("", ""))
    assert miss.best == pytest.approx(0.8, abs=0.01)


def test_agents_required_are_those_present_and_shifts_cover_the_absent():
    away = day(agents__desk__absence=0.25)
    result = sim.staff(away, by="whole", each="whole", budget=2e5, rules=ShiftRules(), **QUICK)
    everybody = sim.staff(day(), by="whole", each="whole", budget=2e5, **QUICK)
    assert result.required.tolist() == everybody.required.tolist()
    assert result.own.tolist() == [[9 * 0.75] * 8]
    assert (result.roster.scheduled >= result.required - 1e-6).all()
    assert sum(line.count for line in result.roster.lines) >= result.required[0, 0] / 0.75
    on_queue = sim.run(result.roster.scenario, replications=100).by_interval
    there = on_queue[on_queue["measure"] == "agents_on_queue"]["mean"].to_numpy()
    assert np.abs(there / result.roster.scheduled[0] - 1).mean() < 0.03


def test_hours_in_which_hardly_anybody_comes_are_not_left_empty_by_luck():
    """Four contacts a day: two replications see none in most hours, and none is no proof."""
    result = sim.staff(day(arrivals__per_day=4), replications=2, how_sure=False)
    assert result.feasible
    assert (result.required >= 1).all()
    assert result.proof.replications >= 20


def test_what_never_failed_in_a_few_contacts_is_not_certain():
    """Everybody is answered at once, of some thousand contacts: 99.99 % may still be too much to promise."""
    problem = make_problem(day(), "whole")
    constraints = constraints_of(problem, {"sl_offered": MeasureTarget(0.9999, True)}, "whole")
    evaluator = Evaluator(problem, constraints, RunOptions(1), 20)
    (verdict,) = verify(evaluator, np.array([[60]]), 0, 6e3).verdicts
    assert verdict.mean[0] == 1.0
    assert verdict.bound[0] == pytest.approx(0.05 ** (1 / 6000), abs=1e-4)
    assert not verdict.accepted[0]
    assert not verdict.rejected[0]


def test_nobody_can_be_required_where_nobody_comes():
    with pytest.raises(sim.CcsimError, match="nobody is required"):
        sim.staff(day(arrivals__per_day=0), **QUICK)


def test_customers_without_patience_leave_the_formulas_at_once():
    callers = callers_of(day(customers__patience="0s"))
    told = predict(Queue(0.02, 240, callers.patience, callers.balk), 6)
    assert told.abandonment == pytest.approx(told.p_wait, abs=1e-3)


def test_shifts_hold_the_targets_on_a_short_day_and_leave_idle_groups_empty():
    agents = {"desk": {"skills": ["all"], "staff": 3}, "spare": {"skills": ["other"], "staff": 5}}
    scenario = sim.changed(day(arrivals__per_day=60), {"agents": agents})
    result = sim.staff(scenario, rules=ShiftRules(), budget=2e5, **QUICK)
    assert result.covered.accepted
    assert result.required[1].tolist() == [0] * 8
    assert {line.group for line in result.roster.lines} == {"desk"}
    assert result.roster.scheduled[0].max() <= 3 * result.required[0].max()


def test_shifts_become_counts_with_a_note():
    shifts = [{"count": 9, "start": "08:00", "length": "4h"}]
    settings = {"agents.desk.staff": "off", "agents.desk.shifts": shifts}
    scenario = sim.changed(day(), settings)
    problem = make_problem(scenario, "interval")
    assert problem.scenario.agents["desk"].shifts is None
    result = sim.staff(scenario, budget=1e5, **QUICK)
    assert "shifts are replaced by counts" in result.notes[0]
    assert result.own.tolist() == [[9.0] * 8]


def test_days_that_are_not_measured_take_the_counts_of_the_nearest_that_is():
    scenario = day(run__warm_up="7d", calendar__days=2)
    problem = make_problem(scenario, "day")
    staffed = problem.staffed(np.array([[5, 7]]))
    counts = staffed.agents["desk"].staff.counts
    assert set(counts["2026-11-16"]) == {5}
    assert set(counts["2026-11-17"]) == {7}
    assert set(counts["2026-11-18"]) <= {5, 7}


def iterated(goals, each, start, budget=4e5, **settings):
    problem = make_problem(day(**settings), "interval")
    return iterate(
        Evaluator(problem, constraints_of(problem, goals, each), RunOptions(1), 40), start, start + 20, budget
    )


def test_a_long_cell_loses_agents_where_they_are_missed_least():
    verification = iterated(LEVEL, "day", np.full((1, 8), 12))
    assert verification.accepted
    assert verification.counts.sum() < 12 * 8 - 20
    assert verification.counts[0, 0] < verification.counts[0, 4]


@pytest.mark.parametrize("off", [-3, 3])
def test_many_numbers_settle_near_the_same_from_below_and_from_above(morning, off):
    verification = iterated(morning.goals, "interval", morning.required + off)
    assert verification.accepted
    assert abs(verification.counts.sum() - morning.required.sum()) <= 4


def test_many_numbers_that_will_not_do_are_not_accepted(morning):
    problem = morning.ground
    evaluator = Evaluator(problem, constraints_of(problem, morning.goals, "interval"), RunOptions(1), 40)
    low = morning.required - 2
    verification = iterate(evaluator, low, low + 1, 2e5)
    assert not verification.accepted
    assert (verification.counts <= low + 1).all()


def test_groups_that_nobody_needs_are_left_empty():
    intents = {"x": {"arrivals": {"per_hour": 40}, "talk_time": {"distribution": "exponential", "mean": "4m"}}}
    agents = {"a": {"skills": ["x"], "staff": 5}, "b": {"skills": ["x"], "staff": 5}}
    result = sim.staff(open_always(intents, agents, 120, days=2), by="whole", each="whole", budget=2e5, **QUICK)
    assert int(result.required.sum()) == least_agents(Queue(40 / 3600, 240, 120), LEVEL)


def test_without_targets_there_is_nothing_to_meet():
    with pytest.raises(sim.CcsimError, match="sets no targets"):
        sim.staff(day(targets__service_level="off", targets__abandonment="off"))


@pytest.mark.parametrize("name", ["by", "each"])
def test_spans_that_there_are_not_are_refused(name):
    with pytest.raises(sim.CcsimError, match=f"{name}: week"):
        sim.staff(day(), **{name: "week"})
