"""Agents who quit: the weekly hazard by hand and against the published turnover of a year."""

import math

import pytest

import sim
from sim.errors import ScenarioError
from sim.loading.explain import explain_scenario
from sim.mechanisms.attrition import Attrition, Quitting, quit_hazard

DAY = 86_400.0
LAW = Quitting(weekly=0.0060, slope=0.25, reference=0.20, sd=0.10, new_factor=2.5, new_for_s=90 * DAY, assistant=0.8)
OLD, NEW = 700 * DAY, 30 * DAY


def of(fatigue=0.20, tenure_s=OLD, assisted=False, law=LAW):
    return quit_hazard(law, fatigue, tenure_s, assisted)


def test_the_published_figures_are_the_defaults():
    given = Attrition()
    assert (given.weekly, given.fatigue_slope, given.reference, given.sd) == LAW[:4]
    assert (given.new_factor, given.new_for, given.assistant) == LAW[4:]


def test_thirty_one_percent_leave_in_a_year():
    """Leavers over mean heads, who are replaced: 52 x .0060. Of those there at the start 27 % have gone."""
    weekly = of()
    assert weekly == 0.0060
    assert 52 * weekly == pytest.approx(0.31, abs=0.005)
    assert 1 - (1 - weekly) ** 52 == pytest.approx(0.27, abs=0.005)


def test_the_hazard_doubles_with_every_two_and_three_quarter_spreads():
    """.25 x 2.7726 = ln 2: a step of .277 in mean fatigue."""
    step = LAW.sd * math.log(2) / LAW.slope
    assert step == pytest.approx(0.27726, abs=1e-5)
    hazards = [of(0.20 + k * step) for k in (-1, 0, 1, 2)]
    assert hazards == pytest.approx([0.0030, 0.0060, 0.0120, 0.0240])


@pytest.mark.parametrize(("fatigue", "expected"), [(0.0, 0.00363918), (0.30, 0.00770415), (0.45, 0.01120948)])
def test_fatigue_by_hand(fatigue, expected):
    """.0060 exp(2.5 (F - .20))."""
    assert of(fatigue) == pytest.approx(expected, abs=1e-8)


def test_without_a_slope_fatigue_does_not_matter_to_the_last_bit():
    assert of(0.9, law=LAW._replace(slope=0.0)) == 0.0060


def test_new_agents_quit_two_and_a_half_times_as_often_and_less_so_with_an_assistant():
    assert of(tenure_s=NEW) == pytest.approx(0.0150)
    assert of(tenure_s=NEW, assisted=True) == pytest.approx(0.0120)
    assert of(0.30, NEW) == pytest.approx(2.5 * of(0.30))


def test_the_assistant_keeps_nobody_who_is_not_new():
    assert of(assisted=True) == of()


def test_an_agent_is_new_for_ninety_days():
    before, after = (of(tenure_s=90 * DAY + gap) for gap in (-1, 0))
    assert (before, after) == (pytest.approx(0.0150), 0.0060)
    assert of(tenure_s=0.0, law=LAW._replace(new_for_s=1.0)) == pytest.approx(0.0150)


def centre(**attrition):
    return sim.loads(
        {
            "name": "quits",
            "calendar": {"start": "2026-03-02", "days": 1, "hours": "08:00-12:00"},
            "arrivals": {"per_day": 10},
            "intents": {"call": {"talk_time": "3m"}},
            "customers": {"patience": "2m"},
            "agents": {"desk": {"skills": ["call"], "staff": 4}},
            "fatigue": {},
            "attrition": attrition,
        }
    )


@pytest.mark.parametrize(
    ("written", "weekly"),
    [
        ({"yearly": "31%"}, 0.31 / 52),
        ({"yearly": 0.31}, 0.31 / 52),
        ({"yearly": "130 %"}, 1.3 / 52),
        ({"monthly": "2.6%"}, 0.026 * 12 / 52),
        ({"weekly": "0.6%"}, 0.006),
        ({}, 0.006),
    ],
)
def test_turnover_is_leavers_over_average_heads(written, weekly):
    scenario = centre(**written)
    assert scenario.attrition.weekly == pytest.approx(weekly, rel=1e-12)
    assert sim.loads(scenario.resolved()) == scenario


def test_a_year_of_the_hazard_has_the_leavers_that_were_written():
    """Heads that are kept up: each week the hazard of 100, and 31 have left when the year is over."""
    weekly = centre(yearly="31%").attrition.weekly
    assert sum(100 * weekly for _ in range(52)) == pytest.approx(31)


def test_both_readings_are_said():
    (note,) = [note for note in centre(yearly="31%").notes if note.startswith("attrition.yearly")]
    assert "0.60 % quit in a week" in note
    assert "of those there at the start 27 % have gone after a year" in note
    assert not any(note.startswith("attrition.") for note in centre(weekly=0.006).notes)


@pytest.mark.parametrize(
    ("written", "path", "words"),
    [
        ({"yearly": "31%", "weekly": 0.01}, "yearly", "stands beside weekly"),
        ({"yearly": "31%", "monthly": "2%"}, "monthly", "stands beside yearly|yearly"),
        ({"yearly": 31}, "yearly", "is 3100 %"),
        ({"yearly": "lots"}, "yearly", "is not a turnover"),
        ({"yearly": "-3%"}, "yearly", "is not a turnover"),
        ({"yearly": "nan"}, "yearly", "is not a turnover"),
        ({"yearly": [1]}, "yearly", "is not"),
        ({"yearly": "6000%"}, "yearly", "is more than everybody"),
    ],
)
def test_what_is_no_turnover(written, path, words):
    with pytest.raises(ScenarioError) as refused:
        centre(**written)
    (problem,) = refused.value.problems
    assert problem.path in (f"attrition.{path}", "attrition.yearly")
    assert any(word in problem.message for word in words.split("|"))


def test_on_top_of_another_file_one_way_takes_the_place_of_another():
    below = centre(weekly=0.02)
    assert sim.changed(below, ["attrition.yearly=26%"]).attrition.weekly == pytest.approx(0.005)
    scenario = sim.loads(below.resolved() | {"attrition": {}}, ["attrition.yearly=26%"])
    rows = {row.path: row for row in explain_scenario(scenario)}
    assert rows["attrition.weekly"].how == "set"
