"""A target of occupancy where agents have several chats in hand: held to their attention, by hand and by formula."""

import pytest

import sim
from sim.loading.load import changed
from sim.mechanisms.chat import attention
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.replicate import RunOptions
from sim.study.staffing.erlang_start import erlang_start, formula_targets, offered_load
from sim.study.staffing.plan import make_problem
from tests.study.centres import one_skill
from tests.study.channels import desk

CHATS = {"intents.call.channel": "chat", "agents.team.concurrency": 3, "targets": {"occupancy": 0.5}}
BOUND = {"attention_share": MeasureTarget(0.5, False)}


def measures(scenario, group):
    result = sim.run(scenario)
    rows = result.by_group[result.by_group["group"] == group]
    return result.measures["mean"], rows.set_index("measure")["mean"]


def test_attention_is_the_time_that_agents_write_and_handling_of_all_others():
    scenario = desk(intents__fault__skill="letters")
    whole, web = measures(scenario, "web")
    _, back = measures(scenario, "back")
    assert web["attention_share"] == pytest.approx(web["writing_share"])
    assert web["attention_share"] < 0.7 * web["occupancy"]
    assert back["attention_share"] == back["occupancy"]
    on = {"web": web["agents_on_queue"], "back": back["agents_on_queue"]}
    parts = (on["web"] * web["attention_share"] + on["back"] * back["occupancy"]) / sum(on.values())
    assert whole["attention_share"] == pytest.approx(parts)


def test_a_group_may_count_places_in_its_stead():
    _, web = measures(desk(agents__web__attention="slot_use", intents__call__skill="letters"), "web")
    assert web["attention_share"] == pytest.approx(web["slot_use"])


def test_one_chat_at_a_time_is_handling():
    whole, _ = measures(desk(agents__web__concurrency=1), "web")
    assert whole["attention_share"] == whole["occupancy"]


def test_the_target_of_occupancy_is_one_of_attention_with_chats_and_of_handling_without():
    assert list(targets_of_scenario(desk(targets={"occupancy": 0.8}))) == ["attention_share"]
    calls = {f"intents.{name}.channel": "phone" for name in ("order", "fault")} | {"agents.web.concurrency": 1}
    assert list(targets_of_scenario(desk(calls, targets={"occupancy": 0.8}))) == ["occupancy"]


def test_the_first_staffing_knows_what_full_hands_take():
    scenario = changed(one_skill(150, 300, 150), CHATS)
    full = attention(scenario.intents["call"].chats, 3)
    known = formula_targets(scenario, BOUND, ["team"])
    assert known == {"occupancy": MeasureTarget(0.5 / full, False)}
    assert formula_targets(scenario, {"attention_share": MeasureTarget(0.8, False)}, ["team"]) == {}
    places = changed(scenario, {"agents.team.attention": "slot_use"})
    assert formula_targets(places, BOUND, ["team"]) == {"occupancy": MeasureTarget(0.5, False)}
    problem = make_problem(scenario, "whole")
    first = int(erlang_start(problem, offered_load(problem, RunOptions(1)), BOUND, "whole")[0, 0])
    writing = 150 / 3600 * 300 / 3
    assert first == pytest.approx(writing / 0.5, abs=1)


def test_the_search_finds_the_fewest_that_write_no_more_than_that():
    scenario = changed(one_skill(150, 300, 1500, days=2), CHATS)
    result = sim.staff(scenario, by="whole", each="whole", replications=10, how_sure=False, budget=3e5)
    required = int(result.required[0, 0])
    assert result.feasible
    for agents, good in ((required, True), (required - 1, False)):
        share = sim.run(changed(scenario, {"agents.team.staff": agents}), replications=30).measures.loc[
            "attention_share"
        ]
        assert (share["mean"] <= 0.5) == good
    assert required == pytest.approx(150 / 3600 * 300 / 3 / 0.5, abs=1)
