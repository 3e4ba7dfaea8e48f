"""The cap on chats in hand as an axis of targets: what a cell is, which cap is chosen, what the old one costs."""

import json
from dataclasses import replace

import pytest

import sim
from sim.errors import CcsimError
from sim.report.targets import targets_report
from sim.report.targets.narrative import paragraphs
from sim.report.targets.tables import cap_table, natural_table
from sim.study.levels import by_factor
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all
from sim.study.targets.axes import NATURAL, caps_of
from sim.study.targets.handle_time import natural_time, reached_time
from sim.study.targets.verdicts import price
from tests.study.channels import desk

GOALS = {"chat": {"service_level": "80/30"}, "letters": {"due_met": 0.5}}
FEW = {"agents.web.staff": 4, "arrivals.per_day": 260}


@pytest.fixture(scope="module")
def found():
    scenario = desk(FEW, targets=GOALS)
    levels = [by_factor(scenario, factor, ["web"]) for factor in (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)]
    before = desk(FEW, name="before", arrivals__per_day=200)
    return sim.targets(scenario, before, staffing=levels, concurrency=[1, 3], replications=6, how_sure=False)


def test_the_grid_is_staffing_by_cap_with_the_target_as_it_was(found):
    assert list(found.cheapest_by_cap) == [1, 2, 3]
    assert len(found.cells) == 6 * 2 * 3
    assert {place.pace.name for place in found.places} == {"no target", found.old.name}
    assert (found.old_cap.most, found.old_cap.old) == (2, True)
    assert list(found.table.columns[:4]) == ["staffing", "target", "recovery_s", "concurrency"]


def test_a_cell_has_that_cap_and_no_other_change(found):
    for place, cell in zip(found.places, found.cells, strict=True):
        assert cell.scenario.agents["web"].concurrency == place.cap.most
        assert cell.scenario.agents["back"].concurrency == 1
    k = next(k for k, p in enumerate(found.places) if p.level.factor == 1.0 and p.pace == NATURAL and p.cap.most == 3)
    wanted = desk(FEW, targets=GOALS, agents__web__concurrency=3)
    (alone,) = simulate_all([wanted], RunOptions(1), 6)
    assert found.cells[k].mean("elapsed_s") == alone.mean("elapsed_s")


def test_more_chats_at_once_take_fewer_agents_and_stay_open_longer(found):
    by_cap = found.cheapest_by_cap
    costs = [price(found.cells[k]) for k in by_cap.values() if k is not None]
    assert len(costs) >= 2
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]
    assert found.places[found.best].cap.most == 3
    at = {
        (p.level.factor, p.cap.most): cell
        for p, cell in zip(found.places, found.cells, strict=True)
        if p.pace == NATURAL
    }
    assert at[1.0, 1].mean("elapsed_s") < at[1.0, 2].mean("elapsed_s") < at[1.0, 3].mean("elapsed_s")
    assert at[1.0, 1].mean("aht_s") > at[1.0, 2].mean("aht_s") > at[1.0, 3].mean("aht_s")


def test_it_says_which_cap_and_what_the_old_one_costs(found):
    text = next(" ".join(p.sentences) for p in paragraphs(found) if p.name.startswith("The cap"))
    assert "A cap of 3 meets all targets at least cost, in place of 2." in text
    assert "At the old cap of 2" in text
    assert _caps(found) == ["2 chats at once (old)", "3 chats at once"], "no cell resolves what the people did"
    assert _caps(replace(found, answer=found.best)) == ["2 chats at once (old)", "3 chats at once *"]


def _caps(found):
    return [row[0].text for row in cap_table(found).rows][1:]


def test_deferred_work_that_no_target_speaks_of_is_a_warning(found):
    said = " ".join(sentence for part in paragraphs(found) for sentence in part.sentences)
    assert "deferred work, so" not in said
    alone = desk(FEW, targets={"chat": GOALS["chat"]})
    other = sim.targets(alone, staffing=[by_factor(alone, 3.0, ["web"])], paces=[], replications=2, how_sure=False)
    said = " ".join(sentence for part in paragraphs(other) for sentence in part.sentences)
    assert "no target speaks of letters, deferred work, so the cheapest cell may leave it undone" in said


def test_the_document_holds_the_caps(found):
    document = json.loads(json.dumps(targets_report(found).document()))
    assert document["old_concurrency"] == 2
    assert document["cheapest_by_concurrency"]["3"] == document["best"]
    assert document["cells"][0]["concurrency"] == 1


def test_targets_speak_of_the_time_that_chats_are_open(found):
    natural, rows = found.natural, found.natural.slices["intent"]
    names = list(natural.labels["intent"]["intent"])
    order, call = (
        rows_of.mean[names.index(n)] for rows_of, n in ((rows["elapsed_s"], "order"), (rows["aht_s"], "call"))
    )
    assert float(natural_time(natural, "order").mean[0]) == order
    assert float(reached_time(natural, "call").mean[0]) == call
    contacts = sim.run(natural.scenario, replications=6, contacts=True).contacts
    served = contacts[contacts["outcome"] == "answered"]
    run = sim.run(natural.scenario, replications=6)
    by = run.by_intent.set_index(["intent", "measure"])["mean"]
    sums = [by[n, "workload_hours"] / by[n, "aht_s"] for n in names]
    times = [by[n, "elapsed_s" if n in ("order", "fault") else "natural_aht_s"] for n in names]
    mean = sum(s * t for s, t in zip(sums, times, strict=True)) / sum(sums)
    assert len(served) > 0
    assert float(natural_time(natural).mean[0]) == pytest.approx(mean, rel=1e-12)
    assert mean > natural.mean("natural_aht_s")
    assert found.old.target == round(float(natural_time(found.earlier).mean[0]))
    heads = [row[0].text for row in natural_table(found).rows]
    assert heads == ["all", *names]


def test_without_chats_it_is_the_natural_aht_to_the_last_bit():
    calls = {f"intents.{name}.channel": "phone" for name in ("order", "fault")} | {"agents.web.concurrency": 1}
    (result,) = simulate_all([desk(calls)], RunOptions(1), 2, slices=("intent",))
    assert natural_time(result) is result.estimates["natural_aht_s"]


def test_with_a_list_of_targets_all_three_axes_are_crossed():
    scenario = desk(targets=GOALS)
    levels = [by_factor(scenario, 1.0)]
    found = sim.targets(scenario, staffing=levels, shares=[0.9], concurrency=[2], replications=2, how_sure=False)
    assert len(found.cells) == 2
    assert found.old_cap.most == 2


def test_a_cap_by_time_in_the_job_moves_at_its_last_step():
    new = {"agents.web.concurrency": {"0d": 2, "90d": 3}, "workforce": {}}
    caps = {cap.most: cap.caps["web"] for cap in caps_of(desk(new), None, [1, 4])}
    assert caps == {1: {"0s": 1, "7776000s": 1}, 3: {"0s": 2, "7776000s": 3}, 4: {"0s": 2, "7776000s": 4}}


def test_what_cannot_be_asked_is_refused():
    calls = {f"intents.{name}.channel": "phone" for name in ("order", "fault")} | {"agents.web.concurrency": 1}
    with pytest.raises(CcsimError, match=r"--concurrency: desk has no chats. Write channel: chat"):
        sim.targets(desk(calls, targets={"service_level": "80/20"}), concurrency=[2])
    with pytest.raises(CcsimError, match=r"--concurrency: 0: is no number of chats in hand. Write whole"):
        sim.targets(desk(targets=GOALS), concurrency=[0])
    short = {f"intents.{name}.chat": {"times": ["6m", "7m"]} for name in ("order", "fault")}
    with pytest.raises(CcsimError, match=r"has 2 entries, and agents.web has up to 4 chats in hand"):
        sim.targets(desk(short, targets=GOALS), concurrency=[4])
    with pytest.raises(CcsimError, match=r"--concurrency: back: takes no chats. Name one that does: web"):
        sim.targets(desk(targets=GOALS), concurrency=[2], chat_groups=["back"])


def test_the_cap_of_one_group_leaves_the_others():
    night = {"skills": ["shop"], "staff": 1, "concurrency": 3}
    caps = caps_of(desk(agents__night=night), None, [1, 4], ["web"])
    assert [(cap.most, cap.caps, cap.old) for cap in caps] == [
        (1, {"web": 1}, False),
        (2, {"web": 2}, True),
        (4, {"web": 4}, False),
    ]
    assert [cap.caps for cap in caps_of(desk(agents__night=night), None, [4])] == [
        {"web": 2, "night": 3},
        {"web": 4, "night": 4},
    ]
