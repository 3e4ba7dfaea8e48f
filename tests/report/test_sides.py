"""The customers' side and the employees' side: what is shown, what is marked, and what a year comes to."""

import pytest

from sim.report.comparison.decision import sides_table
from tests.report.made import findings, result, scenario
from tests.report.tiny import BEFORE

BOTH = {"resolution_rate": (0.8, 0.01), "occupancy": (0.7, 0.01)}
ALL = BOTH | {
    "csat": (71.2, 0.4),
    "attempts_per_need": (1.3, 0.01),
    "time_to_human_s": (500.0, 10.0),
    "abandonment_rate": (0.04, 0.01),
    "transfer_rate": (0.05, 0.01),
    "frustration_at_end": (0.3, 0.01),
    "fatigue_mean": (0.2, 0.01),
    "strained_share": (0.1, 0.01),
    "mistreatment_rate": (0.25, 0.01),
    "supervisor_rate": (0.08, 0.01),
    "overtime_hours": (12.0, 1.0),
    "leavers_expected": (0.4, 0.02),
    "replacement_cost": (6000.0, 300.0),
}
ON = {"frustration": {}, "fatigue": {}, "mistreatment": {}}


def rows(table):
    """Side, label and texts of each row."""
    return [[cell.text for cell in cells] for cells in table.rows]


def by_label(table):
    return {label: texts for _, label, *texts in rows(table)}


def test_customers_come_first_then_agents_and_each_side_is_named_once():
    table = sides_table(findings(result(scenario("a", **ON, costs={"currency": "EUR"}), ALL)))
    assert [(side, label) for side, label, _ in rows(table)] == [
        ("customers", "satisfaction, CSAT (0 to 100)"),
        ("", "needs resolved in the end (%)"),
        ("", "contacts a need, with bot or agent"),
        ("", "time to a human (m:ss)"),
        ("", "abandonment, with balking (%)"),
        ("", "sent to another agent (%)"),
        ("", "frustration at the end (0 to 1)"),
        ("agents", "fatigue, average (0 to 1)"),
        ("", "time with fatigue above 0.35 (%)"),
        ("", "contacts with mistreatment (%)"),
        ("", "contacts that take a supervisor (%)"),
        ("", "occupancy (%)"),
        ("", "overtime (h)"),
        ("", "expected to quit in 1 open day"),
        ("", "cost of replacing them (EUR)"),
        ("", "expected to quit in 52 weeks at that pace"),
        ("", "cost of replacing those of 52 weeks (EUR)"),
    ]


def test_a_figure_is_there_where_it_has_a_value_and_its_mechanism_is_on():
    always = {"fatigue_mean": 0.0, "strained_share": 0.0, "mistreatment_rate": 0.0, "frustration_at_end": 0.15}
    off, on = scenario("off"), scenario("on", frustration={})
    table = sides_table(findings(result(off, BOTH | always), result(on, BOTH | always)))
    assert by_label(table) == {
        "needs resolved in the end (%)": ["80.0 % ± 1.0", "80.0 % ± 1.0"],
        "frustration at the end (0 to 1)": ["–", "0.150 ± 0.000"],
        "occupancy (%)": ["70.0 % ± 1.0", "70.0 % ± 1.0"],
    }


def test_a_difference_with_a_side_that_has_the_mechanism_off_is_not_marked():
    changes = {"b": {"fatigue_mean": (0.2, 0.01)}}
    off, on = result(scenario("a"), {"fatigue_mean": 0.0}), result(scenario("b", fatigue={}), {"fatigue_mean": 0.2})
    assert by_label(sides_table(findings(off, on, differences=changes))) == {
        "fatigue, average (0 to 1)": ["–", "0.200 ± 0.000"]
    }


def test_differences_beyond_luck_are_marked_and_no_others():
    changes = {"csat": (-3.0, 0.5), "resolution_rate": (0.001, 0.01), "occupancy": (0.0001, 0.00001)}
    told = findings(result(scenario("a"), ALL), result(scenario("b"), ALL), differences={"b": changes})
    table = by_label(sides_table(told))
    assert table["satisfaction, CSAT (0 to 100)"] == ["71.2 ± 0.4", "71.2 ± 0.4 *"]
    assert table["needs resolved in the end (%)"] == ["80.0 % ± 1.0", "80.0 % ± 1.0"]
    assert table["occupancy (%)"] == ["70.0 % ± 1.0", "70.0 % ± 1.0"]


def test_a_year_is_52_weeks_at_the_pace_of_the_days_measured():
    changes = {"b": {"leavers_expected": (0.1, 0.02)}}
    told = findings(result(scenario("a"), ALL), result(scenario("b"), ALL), differences=changes)
    table = by_label(sides_table(told))
    assert scenario("a").calendar.weeks() == pytest.approx(2 / 7)
    assert table["expected to quit in 1 open day"] == ["0.40 ± 0.02", "0.40 ± 0.02 *"]
    assert table["expected to quit in 52 weeks at that pace"] == ["72.8 ± 3.6", "72.8 ± 3.6 *"]
    assert table["cost of replacing those of 52 weeks (money)"][0] == "1,092,000 ± 54,600"


def test_closed_days_belong_to_no_week():
    hours = {"mon-fri": "08:00-18:00", "sun": "closed"}
    calendar = {"start": "2026-11-23", "days": 7, "hours": hours, "interval": "30m"}
    assert scenario("a", calendar=calendar).calendar.weeks() == 1.0


def test_years_of_different_spans_are_not_compared():
    longer = scenario("b", calendar={"start": "2026-11-23", "days": 4, "hours": "08:00-10:00", "interval": "30m"})
    changes = {"b": {"leavers_expected": (0.4, 0.01)}}
    table = by_label(sides_table(findings(result(scenario("a"), ALL), result(longer, ALL), differences=changes)))
    assert table["expected to quit in 1 open day"][1] == "0.40 ± 0.02 *"
    assert table["expected to quit in 52 weeks at that pace"] == ["72.8 ± 3.6", "36.4 ± 1.8"]


def test_what_a_reader_may_wonder_at_is_said_where_it_is_shown():
    full = sides_table(findings(result(scenario("a"), ALL)))
    bare = sides_table(findings(result(scenario("a"), BOTH)))
    assert [note.split(" ", 2)[0] for note in full.notes] == ["Two", "Time", "Satisfaction", "Nobody"]
    assert [note.split(" ", 2)[0] for note in bare.notes] == ["Two"]


@pytest.mark.parametrize(
    ("bot", "row"),
    [
        ({"conversation": {}}, ["–", "8.3 % ± 0.1"]),
        ({"hours": "00:00-24:00"}, ["–", "8.3 % ± 0.1"]),
        ({}, None),
    ],
)
def test_who_leaves_in_the_bot_has_a_row_where_that_can_be(bot, row):
    left = {"bot_abandonment_rate": (0.083, 0.001)}
    told = findings(result(scenario("a"), BOTH), result(scenario("b", bot=bot), BOTH | left))
    assert by_label(sides_table(told)).get("leave in the bot (% of sessions)") == row


BOT_CLOSES = "a bot closes contacts that it has not resolved and they come back"
LATER = "those who give up try again on a later day"


@pytest.mark.parametrize(
    ("on", "reasons"),
    [
        ({}, ""),
        ({"bot": {}}, f" Days can lie between, where {BOT_CLOSES}."),
        ({"customers": {"redial": {}}}, f" Days can lie between, where {LATER}."),
        ({"customers": {"redial": {"next_day": 0}}}, ""),
        ({"bot": {}, "customers": {"redial": {}}}, f" Days can lie between, where {BOT_CLOSES}, or {LATER}."),
    ],
)
def test_why_days_lie_before_a_human_is_said_by_what_is_on(on, reasons):
    (note,) = [n for n in sides_table(findings(result(scenario("a", **on), ALL))).notes if n.startswith("Time to a")]
    assert note == f"Time to a human runs from a need's first contact to the first answer by an agent.{reasons}"


def test_a_group_without_contacts_counts_in_fatigue_and_that_is_said():
    leads = {"agents": BEFORE["agents"] | {"leads": {"skills": ["decisions"], "staff": 1}}}
    led = leads | {"supervisor": {"group": "leads"}, "fatigue": {}}
    said = "Fatigue and strain are averaged over all groups: leads, which takes no contacts, counts too."

    def notes(**on):
        return sides_table(findings(result(scenario("a", **on), ALL))).notes

    assert said in notes(**led)
    assert said not in notes(**led | {"fatigue": "off"})
    assert said not in notes(
        supervisor={"group": "desk"}, fatigue={}, agents=leads["agents"] | {"leads": {"skills": ["all"], "staff": 1}}
    )


def test_the_mark_is_explained_where_there_may_be_one():
    def notes(replications):
        several = (result(scenario(name), BOTH, replications=replications) for name in ("a", "b"))
        return sides_table(findings(*several)).notes

    assert notes(5)[0] == "* the 95 % interval of the difference from a excludes zero."
    assert not any(note.startswith("*") for note in notes(1))


def test_a_table_may_be_of_some_scenarios():
    told = findings(*(result(scenario(name), BOTH) for name in ("a", "b", "c")))
    assert sides_table(told, ["c"]).columns == ("", "Figure", "a", "c")
    assert sides_table(told).columns == ("", "Figure", "a", "b", "c")


def test_real_results_have_both_sides(found):
    table = by_label(sides_table(found))
    mean = found.value("Tiny cut", "fatigue_mean").mean
    assert table["fatigue, average (0 to 1)"][:2] == ["–", "–"]
    assert table["fatigue, average (0 to 1)"][2].startswith(f"{mean:.3f}")
    assert "frustration at the end (0 to 1)" not in table
