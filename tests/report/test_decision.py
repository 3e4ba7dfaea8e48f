import math

import pytest

from sim.report.comparison.bot import claims_table, saved_by_reason, typed_containment
from sim.report.comparison.decision import decision_table
from sim.report.comparison.narrative import summary
from sim.report.labels import verdict
from sim.report.numbers import Value
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from tests.report.made import findings, mix, result, scenario
from tests.report.tiny import BEFORE

MEASURES = {"sl_offered": (0.6, 0.02), "abandonment_rate": (0.04, 0.01), "aht_s": (300.0, 3.0)}


def rows(table):
    """Rows by their label, as texts."""
    return {cells[0].text.strip(): [cell.text for cell in cells[1:]] for cells in table.rows}


@pytest.mark.parametrize(
    ("low", "high", "at_least", "text"),
    [
        (0.80, 0.90, True, "met"),
        (0.79, 0.90, True, "too close to call"),
        (0.70, 0.7999, True, "missed"),
        (0.70, 0.80, False, "met"),
        (0.75, 0.85, False, "too close to call"),
        (0.81, 0.85, False, "missed"),
    ],
)
def test_a_target_is_judged_by_the_whole_interval(low, high, at_least, text):
    assert verdict(Value((low + high) / 2, low, high), MeasureTarget(0.8, at_least)).text == text


def test_a_target_is_judged_by_the_mean_where_there_is_no_interval():
    nan = float("nan")
    assert verdict(Value(0.79, nan, nan), MeasureTarget(0.8, True)).text == "missed"
    assert verdict(Value(0.81, nan, nan), MeasureTarget(0.8, True)).text == "met"


def test_the_planners_definition_and_t_are_named():
    level = {"service_level": {"share": "70%", "within": "45s", "definition": "sl_answered"}}
    told = findings(result(scenario("a", targets=level), MEASURES | {"sl_answered": (0.75, 0.01)}))
    table = decision_table(told)
    assert rows(table)["Service level within 45 s (%)"] == ["75.0 % ± 1.0"]
    assert rows(table)["target: at least 70 %"] == ["met"]
    assert "Service level: answered within 45 s of all answered." in table.notes


def test_a_service_level_that_nobody_asked_for_has_no_target():
    told = findings(result(scenario("a", targets={"abandonment": "5%"}), MEASURES))
    table = rows(decision_table(told))
    assert table["Service level within 20 s (%)"] == ["60.0 % ± 2.0"]
    assert [label for label in table if label.startswith("target")] == ["target: at most 5 %"]
    assert table["target: at most 5 %"] == ["met"]
    assert "sl_offered" not in targets_of_scenario(told.first.scenario)


def test_differences_are_marked_where_the_interval_excludes_zero():
    told = findings(
        result(scenario("a"), MEASURES),
        result(scenario("b"), MEASURES | {"sl_offered": (0.4, 0.03), "aht_s": (301.0, 3.0)}),
        differences={"b": {"sl_offered": (-0.2, 0.04), "aht_s": (1.0, 4.0)}},
    )
    table = rows(decision_table(told))
    assert table["Service level within 20 s (%)"] == ["60.0 % ± 2.0", "40.0 % ± 3.0", "-20.0 pt ± 4.0 *"]
    assert table["target: at least 80 %"] == ["missed", "missed", ""]
    assert table["Average handle time, AHT (m:ss)"] == ["5:00 ± 0:03", "5:01 ± 0:03", "+0:01 ± 0:04"]


def test_a_difference_that_rounds_to_nothing_has_no_star_however_clear_it_is():
    told = findings(
        result(scenario("a"), MEASURES | {"frustration_at_agent": (0.3, 0.01)}),
        result(scenario("b", frustration={}), MEASURES | {"frustration_at_agent": (0.3, 0.01)}),
        differences={
            "b": {
                "sl_offered": (0.0004, 0.0001),
                "abandonment_rate": (0.0006, 0.0001),
                "frustration_at_agent": (1e-17, 1e-18),
            }
        },
    )
    table = rows(decision_table(told))
    assert table["Service level within 20 s (%)"][2] == "0.0 pt ± 0.0"
    assert table["Abandonment, with balking (%)"][2] == "+0.1 pt ± 0.0 *"
    assert table["Frustration at the agent (0 to 1)"][2] == "0.000 ± 0.000"
    marked = rows(decision_table(told, differences=False))
    assert marked["Service level within 20 s (%)"] == ["60.0 % ± 2.0", "60.0 % ± 2.0"]
    assert marked["Abandonment, with balking (%)"] == ["4.0 % ± 1.0", "4.0 % ± 1.0 *"]


def test_satisfaction_transfers_supervisors_and_leavers_are_there_when_they_are_on():
    measures = {"csat": (71.2, 0.4), "transfer_rate": 0.05, "supervisor_rate": 0.08, "leavers_expected": (0.4, 0.02)}
    leads = {"leads": {"skills": ["decisions"], "staff": 1}}
    people = {"agents": BEFORE["agents"] | leads, "supervisor": {"group": "leads"}}
    on = {"csat": {}, "attrition": {}, "pace": {"target": "3m", "sends_away": 0.1}, **people}
    table = rows(decision_table(findings(result(scenario("a", **on), MEASURES | measures))))
    expected = {
        "Satisfaction, CSAT (0 to 100)": ["71.2 ± 0.4"],
        "Sent to another agent (%)": ["5.0 % ± 0.0"],
        "Contacts that take a supervisor (%)": ["8.0 % ± 0.0"],
        "Agents expected to quit in these days": ["0.40 ± 0.02"],
    }
    assert {label: cells for label, cells in table.items() if label in expected} == expected
    off = scenario("a", pace={"target": "3m"})
    assert not set(expected) & set(rows(decision_table(findings(result(off, MEASURES)))))


def test_service_levels_of_different_definitions_are_not_subtracted():
    other = scenario("b", targets={"service_level": {"share": "80%", "within": "60s"}})
    told = findings(
        result(scenario("a"), MEASURES), result(other, MEASURES), differences={"b": {"sl_offered": (0.2, 0.01)}}
    )
    table = decision_table(told)
    assert rows(table)["Service level (%)"] == ["60.0 % ± 2.0", "60.0 % ± 2.0", "–"]
    assert "Service level of b: answered within 60 s of all offered." in table.notes


def test_targets_that_differ_are_said_in_each_column():
    other = scenario("b", targets={"service_level": "90/20"})
    told = findings(result(scenario("a"), MEASURES), result(other, MEASURES))
    assert rows(decision_table(told))["target"] == ["at least 80 %: missed", "at least 90 %: missed", ""]


def test_rows_of_mechanisms_and_money_are_there_when_they_are_on(found, alone):
    compared, single = rows(decision_table(found)), rows(decision_table(alone))
    assert {"Natural AHT, unhurried (m:ss)", "Fatigue, average (0 to 1)"} <= set(compared)
    assert not {"Natural AHT, unhurried (m:ss)", "Fatigue, average (0 to 1)", "Cost (money)"} & set(single)
    money = scenario("a", costs={"agent_hour": 30, "currency": "AUD"})
    assert rows(decision_table(findings(result(money, {"cost": 5000.0}))))["Cost (AUD)"] == ["5,000 ± 0"]


def test_one_replication_says_nothing_about_luck():
    alone = {"sl_offered": (0.6, None), "aht_s": (300.0, None)}
    other = result(scenario("b"), alone, replications=1)
    first = result(scenario("a"), alone, replications=1)
    told = findings(first, other, differences={"b": {"sl_offered": (-0.2, None)}})
    table = decision_table(told)
    assert rows(table)["Service level within 20 s (%)"] == ["60.0 %", "60.0 %", "-20.0 pt"]
    assert any("One replication" in note for note in table.notes)


def test_claimed_stands_beside_true():
    measures = {"fte": 50.0, "workload_hours": (500.0, 5.0), "aht_s": 300.0, "workload_per_resolution_s": 420.0}
    bot = {"containment_rate": 0.35, "bot_resolution_rate": 0.2, "net_deflection_rate": 0.15}
    bot |= {"bot_offered": 1200.0, "bot_contained": 420.0, "bot_abandoned": 60.0, "offered": 1520.0}
    told = findings(
        result(scenario("a"), measures, hours={"desk": 400.0}),
        result(scenario("b", bot={}), measures | bot | {"workload_hours": (450.0, 4.5)}),
        differences={"b": {"workload_hours": (-50.0, 0.5)}},
    )
    assert len(claims_table(told).notes) == 2
    table = [[cell.text for cell in cells] for cells in claims_table(told).rows]
    assert table == [
        ["claimed", "contained by the bot (% of sessions)", "–", "35.0 % ± 0.0"],
        ["true", "resolved by the bot (% of sessions)", "–", "20.0 % ± 0.0"],
        ["claimed", "contained, % of all contacts", "–", "21.0 % ± 0.0"],
        ["true", "resolved by the bot, % of all contacts", "–", "12.0 % ± 0.0"],
        ["true", "contacts kept from agents (%)", "–", "15.0 % ± 0.0"],
        ["true", "work saved against a (%)", "–", "10.0 % ± 0.0"],
        ["claimed", "staff released by containment (FTE)", "–", "10.5 ± 0.0"],
        ["true", "staff released by work saved (FTE)", "–", "5.0 ± 0.0"],
        ["claimed", "minutes a contact, AHT (min)", "5.00 ± 0.00", "5.00 ± 0.00"],
        ["true", "minutes a resolved need (min)", "7.00 ± 0.00", "7.00 ± 0.00"],
    ]


def test_staff_released_is_split_by_why_there_is_less_work_and_the_parts_add_up():
    """By hand: 1000 x 0.95 x 300 s x 1 before, 800 x 0.90 x 320 s x 0.95 after; shares of the change of the log."""
    before = {"fte": 50.0, "offered": 1000.0, "answered": 950.0, "natural_aht_s": 300.0, "aht_s": 300.0}
    after = {"offered": 800.0, "answered": 720.0, "natural_aht_s": 320.0, "aht_s": 304.0}
    work = [950 * 300 / 3600, 720 * 304 / 3600]
    told = findings(
        result(scenario("a"), before | {"workload_hours": work[0]}, hours={"desk": 400.0}),
        result(scenario("b", bot={}), after | {"workload_hours": work[1]}),
        differences={"b": {"workload_hours": work[1] - work[0]}},
    )
    parts = saved_by_reason(told, "b")
    saved = 1 - work[1] / work[0]
    assert sum(parts.values()) == pytest.approx(saved)
    mean = saved / math.log(work[0] / work[1])
    assert parts == {
        "away": pytest.approx(mean * math.log(1000 / 800)),
        "hurry": pytest.approx(mean * math.log(1 / 0.95)),
        "gave_up": pytest.approx(mean * math.log(0.95 / 0.90)),
        "longer": pytest.approx(mean * math.log(300 / 320)),
    }
    lines = {label: text for side, label, _, text in claimed_and_true(told) if label.startswith("of that")}
    assert lines["of that, contacts that stay away (FTE)"] == f"{50 * parts['away']:.1f}"
    assert lines["of that, contacts cut short by hurry (FTE)"] == f"{50 * parts['hurry']:.1f}"
    assert lines["of that, customers who gave up (FTE)"] == f"{50 * parts['gave_up']:.1f}"
    assert lines["of that, contacts that need less time, or more (below 0) (FTE)"].startswith("-")


def test_containment_as_typed_is_of_first_contacts_and_stands_beside_that_of_all_sessions():
    intents = {"orders": BEFORE["intents"]["orders"] | {"bot": {"containment": "40%"}}}
    typed = scenario("b", bot={}, intents=BEFORE["intents"] | intents)
    names = [name for name, intent in typed.intents.items() if intent.bot is not None]
    assert names == ["orders"]
    assert typed_containment(typed) == pytest.approx(0.4)
    rates = {"containment_rate": (0.33, 0.01), "bot_resolution_rate": (0.2, 0.01), "bot_offered": 100.0}
    told = findings(result(scenario("a"), {}), result(typed, rates, mix=mix(0.0, 0.0)))
    assert ["claimed", "contained, as the file says (% of first contacts)", "–", "40.0 %"] in claimed_and_true(told)
    words = " ".join(sentence for paragraph in summary(told) for sentence in paragraph.sentences)
    aside = "(40 % of first contacts; 33 % of all sessions, since those who return opt out more)"
    assert f"the bot closes 33 % of its sessions as done {aside}" in words.replace("The bot", "the bot")
    assert math.isnan(typed_containment(scenario("c", bot={})))


def test_only_groups_that_take_contacts_can_be_released():
    leads = {"leads": {"skills": ["decisions"], "staff": 1}}
    people = {"agents": BEFORE["agents"] | leads, "supervisor": {"group": "leads"}}
    first = result(
        scenario("a", **people), {"fte": 50.0, "workload_hours": 500.0}, hours={"desk": 300.0, "leads": 100.0}
    )
    second = result(scenario("b", bot={}, **people), {"workload_hours": 400.0})
    told = findings(first, second, differences={"b": {"workload_hours": -100.0}})
    assert ["true", "staff released by work saved (FTE)", "–", "7.5 ± 0.0"] in claimed_and_true(told)


def test_work_that_others_save_is_not_the_bots_alone():
    first, measures = result(scenario("a"), {"workload_hours": 500.0}), {"workload_hours": 400.0}
    second = result(scenario("b", bot={}, assistant={}), measures)
    alone = result(scenario("c", bot={}), measures)
    told = findings(first, second, alone, differences={key: {"workload_hours": -100.0} for key in "bc"})
    assert claims_table(told).notes[2:] == (
        "b: work saved and the staff that it releases are not the bot's alone, but also due to the assistant.",
    )


def test_the_notes_name_the_first_scenario_and_speak_of_points_only_where_there_are_any():
    told = findings(result(scenario("a"), MEASURES), result(scenario("b"), MEASURES))
    mark, points = "* the 95 % interval of the difference from a excludes zero.", "Differences of percentages are in"
    for differences in (True, False):
        notes = decision_table(told, differences=differences).notes
        assert mark in notes
        assert any(note.startswith(points) for note in notes) == differences
    assert mark not in decision_table(told, []).notes


def test_the_decision_says_too_that_idle_groups_count_in_fatigue():
    leads = {"leads": {"skills": ["decisions"], "staff": 1}}
    on = {"agents": BEFORE["agents"] | leads, "supervisor": {"group": "leads"}, "fatigue": {}}
    notes = decision_table(findings(result(scenario("a", **on), MEASURES))).notes
    assert any(note.endswith("leads, which takes no contacts, counts too.") for note in notes)


def test_a_vendors_claim_stands_beside_what_is_true():
    rates = {"containment_rate": (0.35, 0.01), "bot_resolution_rate": (0.2, 0.01)}
    claimed, silent = scenario("a", bot={"claimed": 0.7}), scenario("b", bot={})
    told = findings(result(claimed, rates), result(silent, rates), result(scenario("c"), {}))
    assert claimed_and_true(told) == [
        ["claimed", "contained by the bot (% of sessions)", "35.0 % ± 1.0", "35.0 % ± 1.0", "–"],
        ["claimed", "resolved by the bot, as the vendor claims (% of sessions)", "70.0 %", "–", "–"],
        ["true", "resolved by the bot (% of sessions)", "20.0 % ± 1.0", "20.0 % ± 1.0", "–"],
    ]
    assert len(claimed_and_true(findings(result(silent, rates)))) == 2


def test_a_bot_that_answers_at_night_has_its_containment_told_for_both_spans():
    rates = {"containment_rate": (0.4, 0.01), "containment_in_hours": (0.3, 0.01)}
    told = findings(result(scenario("a", bot={"hours": "00:00-24:00"}), rates))
    assert claimed_and_true(told) == [
        ["claimed", "contained by the bot, all hours (% of sessions)", "40.0 % ± 1.0"],
        ["true", "contained while agents are there (% of those sessions)", "30.0 % ± 1.0"],
    ]


def claimed_and_true(told):
    return [[cell.text for cell in cells] for cells in claims_table(told).rows]
