"""Staffing against handle-time targets."""

import math
import threading
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.errors import CcsimError
from sim.loading.load import changed
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.estimates import Estimate
from sim.study.levels import by_factor, staffed
from sim.study.replicate import RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.targets import search, targets
from sim.study.targets.axes import NATURAL, GridPlace, by_tightness, pace_at, scenario_at
from sim.study.targets.verdicts import CLOSE, MET, MISSED, best_attainable, cheapest, closest, judged, stops_paying
from tests.study.small import small

WANTED = {"targets": {"service_level": "50/60", "abandonment": 0.5, "resolution": 0.5}}


def centre(**changes):
    return changed(small(**changes), WANTED)


@pytest.fixture(scope="module")
def found():
    before = small(bot="off", pace="off", name="before")
    levels = [by_factor(small(), factor) for factor in (1.5, 0.5, 1.0)]
    return targets(centre(), before, staffing=levels, shares=(0.9, 0.7), replications=5, how_sure=False)


def test_something_may_be_done_beside_the_last_cells(monkeypatch):
    """It starts before they are done, in a thread of its own, and what comes of it is not lost."""
    seen, begun, order = [], threading.Event(), []
    looked = search._sensitivities

    def sensitivities(*arguments):
        assert begun.wait(30)
        order.append("assumptions")
        return looked(*arguments)

    def meanwhile(found):
        begun.set()
        seen.append((found, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(search, "_sensitivities", sensitivities)
    how = {"staffing": [by_factor(small(), 1.0)], "shares": (), "replications": 3}
    found = targets(centre(), **how, meanwhile=meanwhile)
    ((early, in_main),) = seen
    assert (in_main, early.assumptions, order) == (False, None, ["assumptions"])
    assert replace(early, assumptions=found.assumptions) == found
    with pytest.raises(ZeroDivisionError):
        targets(centre(), **how, meanwhile=lambda found: 1 / 0)


# The axes ---------------------------------------------------------------------


def test_staffing_rises_and_targets_tighten_from_none(found):
    names = list(dict.fromkeys(place.level.name for place in found.places))
    assert names == ["50 %", "100 %", "150 %"]
    paces = list({place.pace.name: place.pace for place in found.places}.values())
    assert paces[0] == NATURAL
    sizes = [pace.target for pace in paces[1:]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(found.cells) == 3 * 4


def test_shares_are_of_the_handle_time_that_nobody_hurries(found):
    (free,) = simulate_all([small(pace="off")], RunOptions(1), 5)
    natural = free.mean("natural_aht_s")
    assert found.natural.mean("natural_aht_s") == natural
    paces = {place.pace.target for place in found.places}
    assert {round(0.9 * natural), round(0.7 * natural)} <= paces


def test_a_cell_is_the_scenario_with_that_staffing_and_that_target(found):
    k = next(k for k, p in enumerate(found.places) if p.level.name == "50 %" and p.pace.old)
    wanted = staffed(changed(centre(), {"pace.target": "6m"}), by_factor(small(), 0.5))
    assert found.cells[k].scenario == wanted
    (alone,) = simulate_all([wanted], RunOptions(1), 5)
    assert found.cells[k].mean("aht_s") == alone.mean("aht_s")


def test_no_target_switches_the_pace_off_and_a_target_keeps_its_push():
    scenario = small(pace={"target": "6m", "push": 0.9})
    free = scenario_at(scenario, GridPlace(by_factor(scenario, 1.0), NATURAL, None))
    tight = scenario_at(scenario, GridPlace(by_factor(scenario, 1.0), pace_at(200.0), None))
    assert free.pace is None
    assert (tight.pace.target, tight.pace.push) == (200.0, 0.9)


def test_recovery_is_a_third_axis():
    levels = [by_factor(small(), 1.0)]
    found = targets(centre(), staffing=levels, paces=[400.0], recovery=[0.0, 60.0], replications=2, how_sure=False)
    assert [place.recovery for place in found.places] == [0.0, 60.0] * 3
    assert {cell.scenario.fatigue.recovery_time for cell in found.cells} == {None, 60.0}
    assert set(found.table["recovery_s"]) == {0.0, 60.0}


def test_targets_by_intent_stay_by_intent():
    scenario = changed(centre(), {"pace": {"target": {"order": "3m", "fault": "7m"}}})
    found = targets(scenario, staffing=[by_factor(scenario, 1.0)], shares=(0.8,), replications=2, how_sure=False)
    old, share = ({p.pace.name: p.pace for p in found.places}[name] for name in ("the old targets", "80 %"))
    assert old.target == {"order": 180.0, "fault": 420.0}
    natural = found.natural.slices["intent"]["natural_aht_s"].mean
    assert share.target == {"order": round(0.8 * natural[0]), "fault": round(0.8 * natural[1])}


def test_a_target_that_is_there_twice_is_there_once():
    assert by_tightness([NATURAL, pace_at(300.0), pace_at(300.0, old=True)]) == [NATURAL, pace_at(300.0, old=True)]


@pytest.mark.parametrize(
    ("mine", "theirs", "old"),
    [
        ({"target": "6m"}, {"target": "5m"}, 360.0),
        ("off", {"target": "5m"}, 300.0),
        ("off", "off", "theirs"),
        ("off", None, None),
    ],
)
def test_the_old_target_is_the_files_then_that_of_before_then_its_handle_time(mine, theirs, old):
    before = None if theirs is None else small(pace=theirs, name="before")
    scenario = centre(pace=mine)
    found = targets(scenario, before, staffing=[by_factor(scenario, 1.0)], shares=(), replications=2, how_sure=False)
    if old == "theirs":
        old = round(found.earlier.mean("natural_aht_s"))
    assert (found.old.target if found.old else None) == old


# Verdicts ---------------------------------------------------------------------


def made(**measures):
    """A cell whose measures have a mean, and replications about it."""
    estimates = {m: Estimate(np.array([mean]), np.array(rows)[:, None]) for m, (mean, rows) in measures.items()}
    values = {m: mean + np.array(rows) for m, (mean, rows) in measures.items()}
    return ScenarioResult(small(), 4, estimates, values)


SURE, VAGUE = [0.01, -0.01, 0.01, -0.01], [0.2, -0.2, 0.2, -0.2]
GOALS = {"sl_offered": MeasureTarget(0.8, True), "abandonment_rate": MeasureTarget(0.05, False)}


def level(mean, rows, lost=0.01):
    return made(sl_offered=(mean, rows), abandonment_rate=(lost, [0.0] * 4), cost=(mean, rows))


@pytest.mark.parametrize(
    ("mean", "rows", "verdict", "chance"),
    [(0.9, SURE, MET, 0.0), (0.7, SURE, MISSED, 1.0), (0.82, VAGUE, CLOSE, 0.5), (0.8, [0.0] * 4, MET, 0.0)],
)
def test_a_verdict_needs_the_whole_interval_and_a_chance_counts_replications(mean, rows, verdict, chance):
    found = judged(level(mean, rows), GOALS)
    assert found.verdicts["sl_offered"] == verdict
    assert found.chances["sl_offered"] == chance


def test_a_bound_from_above_is_held_from_above():
    assert judged(level(0.9, SURE, lost=0.06), GOALS).verdicts["abandonment_rate"] == MISSED
    assert judged(level(0.9, SURE, lost=0.04), GOALS).verdicts["abandonment_rate"] == MET


def priced(mean, price):
    return made(sl_offered=(mean, SURE), abandonment_rate=(0.0, [0.0] * 4), cost=(price, [0.0] * 4))


def test_the_cheapest_that_meets_all_is_chosen_and_at_one_price_the_first():
    cells = [priced(0.7, 1.0), priced(0.9, 5.0), priced(0.85, 3.0), priced(0.95, 3.0)]
    assert cheapest(cells, [judged(cell, GOALS) for cell in cells]) == 2


def test_what_costs_nearly_as_little_without_hurry_is_chosen_before_what_hurries():
    free, hurried = (small(pace={"target": "3m"} if hurry else "off") for hurry in (False, True))
    cells = [replace(priced(0.9, p), scenario=s) for p, s in ((1000.0, free), (996.0, hurried), (990.0, hurried))]
    found = [judged(cell, GOALS) for cell in cells]
    assert cheapest(cells[:2], found[:2]) == 0
    assert cheapest(cells, found) == 2


def test_where_none_will_do_the_nearest_is_the_one_with_the_smallest_miss():
    cells = [priced(0.7, 1.0), priced(0.78, 9.0), priced(0.6, 1.0)]
    found = [judged(cell, GOALS) for cell in cells]
    assert cheapest(cells, found) is None
    assert closest(cells, found, GOALS) == 1
    assert best_attainable(cells, "sl_offered", GOALS["sl_offered"]) == 1


def working(mean, rows):
    return made(workload_per_resolution_s=(mean, rows))


def test_targets_stop_paying_at_the_first_step_that_does_not_clearly_save_work():
    steps = [working(500.0, SURE), working(480.0, SURE), working(479.9, VAGUE), working(400.0, SURE)]
    assert stops_paying(steps) == 1
    assert stops_paying([working(500.0, SURE), working(510.0, SURE)]) == 0
    assert stops_paying(steps[:2]) == 1


# The whole --------------------------------------------------------------------


def test_the_choice_meets_every_goal_and_no_cheaper_one_does(found):
    best = found.cells[found.best]
    assert found.judged[found.best].all_met
    assert all(goal.met(best.mean(m)) for m, goal in targets_of_scenario(centre()).items())
    cheaper = [k for k, cell in enumerate(found.cells) if cell.mean("cost") < best.mean("cost") - 1e-6]
    assert not any(found.judged[k].all_met for k in cheaper)


def test_more_agents_serve_better_and_tighter_targets_resolve_less(found):
    means = {(p.level.name, p.pace.name): c for p, c in zip(found.places, found.cells, strict=True)}
    few, many = means["50 %", "no target"], means["150 %", "no target"]
    assert few.mean("sl_offered") < many.mean("sl_offered") - 0.1
    tight = next(c for p, c in zip(found.places[::-1], found.cells[::-1], strict=True) if p.level.name == "150 %")
    change = tight.change(many, "fcr_human")
    assert change.high[0] < 0


def test_tables_are_tidy(found):
    assert list(found.table.columns) == ["staffing", "target", "recovery_s", "measure", "mean", "ci_low", "ci_high"]
    assert len(found.verdicts) == 12 * 3
    row = found.verdicts.iloc[0]
    assert (row["measure"], row["goal"]) == ("sl_offered", 0.5)


def test_how_sure_looks_at_the_choice_and_its_tightest_goal():
    found = targets(centre(), staffing=[by_factor(small(), 1.5)], shares=(), replications=2)
    chosen = found.cells[found.nearest]
    spare = {m: goal.slack(chosen.mean(m)) / goal.largest_slack for m, goal in found.goals.items()}
    assert found.assumptions.base.scenario == found.cells[found.nearest].scenario
    assert found.assumptions.about == min(spare, key=spare.__getitem__) != "sl_offered"
    assert set(found.goals) <= set(found.assumptions.measures)


def test_workers_change_nothing(found, monkeypatch):
    monkeypatch.setattr("sim.study.replicate.ALONE_BELOW", 0)
    levels = [by_factor(small(), 1.0)]
    one, two = (
        targets(centre(), staffing=levels, shares=(0.9,), replications=3, how_sure=False, jobs=jobs).table
        for jobs in (1, 2)
    )
    assert one.equals(two)


def test_a_scenario_without_goals_or_fatigue_is_refused():
    with pytest.raises(CcsimError, match="sets no targets"):
        targets(small())
    with pytest.raises(CcsimError, match="fatigue is off"):
        targets(centre(fatigue="off"), recovery=[30.0])


def test_goals_are_the_targets_that_the_file_gives():
    assert targets_of_scenario(small()) == {}
    wanted = {"service_level": "80/20", "strained_share": 0.1, "occupancy": 0.9}
    assert targets_of_scenario(small(targets=wanted)) == {
        "sl_offered": MeasureTarget(0.8, True),
        "occupancy": MeasureTarget(0.9, False),
        "strained_share": MeasureTarget(0.1, False),
    }
    assert "strained_share" not in targets_of_scenario(small(targets=wanted, fatigue="off"))
    assert not MeasureTarget(0.8, True).met(math.nan)
    assert sim.targets is targets
