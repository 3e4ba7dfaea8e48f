"""Staffing for chats and deferred work: exact where there is a formula, quiet intervals first, due in time."""

import math

import numpy as np
import pytest

import sim
from sim.facts.load import effort
from sim.loading.load import changed
from sim.scenario.targets import MeasureTarget
from sim.study.replicate import RunOptions
from sim.study.staffing.deferred import first_late, with_deferred
from sim.study.staffing.erlang import Queue, least_agents
from sim.study.staffing.erlang_start import OfferedLoad, callers_of, erlang_start, offered_load
from sim.study.staffing.plan import make_problem
from tests.study.centres import day, one_skill

LEVEL = {"sl_offered": MeasureTarget(0.8, True)}
QUICK = {"replications": 10, "how_sure": False}
LINEAR = {"intents.call.channel": "chat", "intents.call.chat": {"times": ["5m"] * 3}, "agents.team.concurrency": 3}
TYPED = {"intents.call.channel": "chat", "agents.team.concurrency": 3}


def agents_of(per_hour, talk, patience, cap, factor=1.0):
    return math.ceil(least_agents(Queue(per_hour / 3600, talk * factor, patience), LEVEL) / cap)


def test_chats_that_do_not_slow_each_other_get_the_agents_of_erlang_a_on_their_places():
    scenario = changed(one_skill(150, 300, 150, days=3), LINEAR)
    result = sim.staff(scenario, by="whole", each="whole", budget=8e5, **QUICK)
    assert result.required.tolist() == [[agents_of(150, 300, 150, 3)]]
    alone = sim.staff(one_skill(150, 300, 150, days=3), by="whole", each="whole", budget=8e5, **QUICK)
    assert alone.required.sum() > 2.4 * result.required.sum()


def test_the_first_staffing_counts_an_agent_s_share_at_the_cap():
    scenario = changed(one_skill(150, 300, 150), TYPED)
    problem = make_problem(scenario, "whole")
    load = offered_load(problem, RunOptions(1))
    share = effort(scenario, scenario.intents["call"])
    assert share == pytest.approx(300 * 1.2667 / 3, rel=1e-4)
    assert load.live.mean() == pytest.approx(150 * share / 3600, rel=0.03)
    assert callers_of(scenario).aht == share
    assert erlang_start(problem, load, LEVEL, "whole").tolist() == [[agents_of(150, 300, 150, 3, 1.2667)]]


def test_the_search_proves_chats_that_slow_each_other():
    scenario = changed(one_skill(150, 300, 150, days=3), TYPED)
    result = sim.staff(scenario, by="whole", each="whole", budget=8e5, **QUICK)
    assert result.feasible
    first = agents_of(150, 300, 150, 3, 1.2667)
    assert abs(int(result.required.sum()) - first) <= 1


# Deferred work ----------------------------------------------------------------

MAIL = {"share": 0.3, "channel": "deferred", "skill": "all", "talk_time": "4m", "due": "4h"}
WITH_MAIL = {"intents": {"all": {"share": 0.7}, "mail": MAIL}, "arrivals.per_day": 420}


def test_work_is_done_in_the_order_of_its_due_times():
    hours, items = np.ones(4), [(3, 0, 2.0), (1, 0, 1.0)]
    assert first_late(hours, np.array([1.0, 0.0, 1.0, 1.0]), items) is None
    assert first_late(hours, np.array([0.5, 0.0, 1.0, 5.0]), items) == (1, 0, 0.5)
    assert first_late(hours, np.array([1.0, 0.0, 1.0, 0.5]), items) == (3, 0, 0.5)


def test_it_does_not_raise_the_peak_where_it_can_wait():
    problem = make_problem(day(**{key.replace(".", "__"): value for key, value in WITH_MAIL.items()}), "interval")
    cells = len(problem.cells)
    live, mail = np.array([[2.0, 4, 6, 8, 8, 6, 4, 2]]), np.zeros((1, cells))
    mail[0, 3] = 4.0
    counts = np.array([[4, 6, 8, 10, 10, 8, 6, 4]])
    spread = with_deferred(problem, OfferedLoad(live, {"mail": mail}), counts)
    assert spread.tolist() == counts.tolist()
    mail[0, 3] = 12.0
    spread = with_deferred(problem, OfferedLoad(live, {"mail": mail}), counts)
    assert spread[0, 3] == counts[0, 3]
    assert spread[0].max() == counts[0].max()
    assert spread.sum() == counts.sum() + 2


def test_work_that_is_due_at_once_takes_agents_when_it_comes():
    soon = WITH_MAIL["intents"] | {"mail": MAIL | {"due": "30m"}}
    problem = make_problem(day(intents=soon, arrivals__per_day=420), "interval")
    live, mail = np.full((1, 8), 2.0), np.zeros((1, 8))
    mail[0, 3] = 3.0
    spread = with_deferred(problem, OfferedLoad(live, {"mail": mail}), np.full((1, 8), 3))
    assert (spread - 3).tolist() == [[0, 0, 0, 2, 0, 0, 0, 0]]


def test_the_load_is_taken_apart_into_what_is_live_and_what_can_wait():
    problem = make_problem(day(intents=WITH_MAIL["intents"], arrivals__per_day=420), "interval")
    load = offered_load(problem, RunOptions(1))
    whole, mail = float(load.whole.mean()), float(load.waiting["mail"].mean())
    assert mail == pytest.approx(126 * 4 / 60 / 4, rel=0.05)
    assert float(load.live.mean()) == pytest.approx(whole - mail)
    assert float(load.live.mean()) == pytest.approx(294 * 4 / 60 / 4, rel=0.05)


def test_mail_that_can_wait_takes_fewer_agents_than_calls_and_is_done_by_due():
    intents = WITH_MAIL["intents"] | {"mail": MAIL | {"interruptible": True}}
    two_days = {"arrivals__per_day": 420, "calendar__days": 2, "run__warm_up": "1d"}
    mail = day(intents=intents, targets__mail={"due_met": "95%"}, **two_days)
    waits, live = (sim.staff(s, budget=4e5, **QUICK) for s in (mail, day(**two_days)))
    assert waits.feasible
    assert waits.agent_hours < 0.9 * live.agent_hours
    assert waits.required.max() <= live.required.max() - 2
    proof = waits.verification.set_index("measure")
    assert proof.loc["mail.due_met", "bound"] >= 0.95
    assert not waits.notes or not any("leave it undone" in note for note in waits.notes)


def test_deferred_work_that_no_target_speaks_of_is_named():
    result = sim.staff(
        day(intents=WITH_MAIL["intents"], arrivals__per_day=420), each="day", by="day", budget=2e5, **QUICK
    )
    assert any("mail: no target speaks of this deferred work" in note for note in result.notes)
