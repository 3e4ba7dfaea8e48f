"""Targets of a channel, an intent or a skill: measured by hand from the records, and judged by every verb."""

import pytest

import sim
from sim.report.comparison import comparison_report
from sim.report.comparison.channels import channels_table
from sim.report.comparison.decision import decision_table
from sim.report.comparison.findings import of_comparison, of_run
from sim.report.labels import goals_words
from sim.report.staffing.tables import proof_table
from sim.scenario.targets import targets_of_some
from sim.study.levels import by_factor
from sim.study.replicate import RunOptions, make_run, replicate
from sim.study.staffing.evaluator import estimate_of
from tests.study.channels import desk

GOALS = {
    "service_level": "80/20",
    "chat": {"service_level": "75/60", "abandonment": 0.3},
    "letters": {"due_met": 0.9},
    "help": {"resolution": 0.5},
}


@pytest.fixture(scope="module")
def found():
    return sim.run(desk(targets=GOALS), contacts=True)


def waits(found, *intents):
    contacts = found.contacts[found.contacts["intent"].isin(intents)]
    return contacts["left_s"] - contacts["joined_s"], contacts["outcome"]


def test_the_level_of_a_channel_counts_to_its_own_time(found):
    wait, outcome = waits(found, "order", "fault")
    offered = len(wait)
    in_time = ((wait <= 60) & (outcome == "answered")).sum()
    in_20 = ((wait <= 20) & (outcome == "answered")).sum()
    assert 0 < in_20 < in_time < offered
    assert found.measures.loc["chat.sl_offered", "mean"] == pytest.approx(in_time / offered)
    by_channel = found.by_channel.set_index(["channel", "measure"])["mean"]
    assert by_channel["chat", "sl_offered"] == pytest.approx(in_time / offered)
    assert found.measures.loc["chat.abandonment_rate", "mean"] == pytest.approx((outcome == "abandoned").mean())


def test_the_whole_keeps_its_time(found):
    wait, outcome = waits(found, "order", "fault", "call")
    in_20 = ((wait <= 20) & (outcome == "answered")).sum()
    assert found.measures.loc["sl_offered", "mean"] == pytest.approx(in_20 / len(wait))
    plain = sim.run(desk())
    kept = found.measures.loc[plain.measures.index]
    assert kept.equals(plain.measures)


def test_a_skill_is_the_sum_of_its_intents(found):
    rows = found.by_intent.set_index(["intent", "measure"])["mean"]
    needs = [rows[name, "demand"] for name in ("fault", "call")]
    solved = [rows[name, "resolution_rate"] * need for name, need in zip(("fault", "call"), needs, strict=True)]
    assert found.measures.loc["help.resolution_rate", "mean"] == pytest.approx(sum(solved) / sum(needs))
    by_replication = found.by_replication[found.by_replication["measure"] == "help.resolution_rate"]
    assert len(by_replication) == 4


def test_both_engines_count_the_same(found):
    other = sim.run(desk(targets=GOALS), engine="simpy")
    assert other.measures.equals(found.measures)


def test_run_and_compare_judge_them(found):
    rows = {row[0].text.strip(): row[1].text for row in decision_table(of_run(found)).rows}
    assert "Service level of chat within 60 s (%)" in rows
    texts = [row[0].text for row in decision_table(of_run(found)).rows]
    place = texts.index("Service level of chat within 60 s (%)")
    assert texts[place + 1] == "  target: at least 75 %"
    assert any("answered within 60 s" in row[1].text.lower() for row in channels_table(of_run(found)).rows)
    assert "service level of chat within 60 s at least 75 %" in goals_words(found.scenario)
    more = desk(targets=GOALS, agents__web__staff=9, name="more")
    both = sim.compare(found.scenario, more)
    assert "chat.sl_offered" in set(both.differences["measure"])
    assert comparison_report(of_comparison(both)).document()
    assert of_comparison(both).change("more", "chat.sl_offered").mean > 0.0


def test_levels_of_other_times_are_not_set_beside_each_other(found):
    slower = desk(targets=GOALS | {"chat": {"service_level": "75/120"}}, name="slower")
    both = sim.compare(found.scenario, slower)
    assert "chat.sl_offered" not in set(both.differences["measure"])
    assert "sl_offered" in set(both.differences["measure"])
    assert "sl_offered" not in set(both.differences_by_intent["measure"])


def test_targets_judges_them_in_every_cell():
    scenario = desk(targets=GOALS)
    levels = [by_factor(scenario, factor) for factor in (0.2, 2.0)]
    cells = sim.targets(scenario, staffing=levels, paces=[], how_sure=False)
    assert set(cells.verdicts["measure"]) == set(cells.goals)
    few, many = cells.judged
    assert "chat.sl_offered" in few.missed
    assert many.verdicts["chat.sl_offered"] == "met"


def test_staff_holds_the_whole_to_them():
    easy = {"service_level": "40/60"}
    alone = sim.staff(desk(targets=easy), by="whole", each="whole", how_sure=False, replications=10)
    asked = sim.staff(
        desk(targets=easy | {"chat": {"service_level": "97/60"}, "letters": {"due_met": 0.95}}),
        by="whole",
        each="whole",
        how_sure=False,
        replications=10,
    )
    assert asked.feasible
    assert asked.agent_hours > alone.agent_hours
    table = asked.verification.set_index("measure")
    assert table.loc["chat.sl_offered", "bound"] >= 0.97
    assert table.loc["letters.due_met", "bound"] >= 0.95


# By interval -------------------------------------------------------------------


def test_they_are_counted_by_interval_and_day_as_by_hand(found):
    run = make_run(found.scenario, apart=[t for t in targets_of_some(found.scenario) if t.measure != "due_met"])
    replicate([run], RunOptions(found.seed), found.replications)
    wait, outcome = waits(found, "order", "fault")
    joined = found.contacts.loc[wait.index, "joined_s"]
    cell = ((joined - 8 * 3600) // 1800).clip(upper=7)
    by_hand = [((wait <= 60) & (outcome == "answered"))[cell == k].sum() / (cell == k).sum() for k in range(8)]
    lost = [(outcome == "abandoned")[cell == k].mean() for k in range(8)]
    assert estimate_of(run, "chat.sl_offered", "interval").mean == pytest.approx(by_hand)
    assert estimate_of(run, "chat.abandonment_rate", "interval").mean == pytest.approx(lost)
    day = estimate_of(run, "chat.sl_offered", "day")
    assert day.mean == pytest.approx([found.measures.loc["chat.sl_offered", "mean"]])
    assert len(set(by_hand)) > 1


def test_staff_holds_a_channel_in_every_interval_and_says_over_what_each_is_held():
    chat = desk(targets={"chat": {"service_level": "80/60"}, "letters": {"due_met": 0.8}}, run__replications=10)
    result = sim.staff(chat, replications=20, how_sure=False, budget=2e5)
    spans = {v.constraint.measure: v.constraint.span for v in result.proof.verdicts}
    assert spans == {"chat.sl_offered": "interval", "letters.due_met": "whole"}
    assert result.feasible
    worst = result.verification.query("measure == 'chat.sl_offered'")
    assert len(worst) == 8
    assert (worst["bound"] >= 0.8).all()
    text = [[cell.text for cell in row[:2]] for row in proof_table(result).rows]
    assert [over for _, over in text] == ["every interval", "all days together"]
    whole = sim.staff(chat, each="whole", replications=20, how_sure=False, budget=2e5)
    assert whole.agent_hours < result.agent_hours
