"""What handle time is made of: rows that add up, what each rests on, and what is said behind a bot."""

from pathlib import Path

import pytest
from matplotlib.colors import to_hex

import sim
from sim.loading.explain import explain_scenario
from sim.measures.definitions import part_measures
from sim.report.comparison.causes import AHT, PUBLISHED, SUM, causes, causes_table, change_by_grade, rest_of
from sim.report.comparison.charts import aht_causes
from sim.report.comparison.findings import of_comparison, of_run
from sim.report.style import PALETTE, style
from tests.report.made import findings, result, scenario
from tests.report.tiny import AFTER, BEFORE, BOTS

BESIDE = "aht_concurrency_s"
"""Only chats have it."""
CAUSES = causes()
NOTHING = dict.fromkeys(CAUSES, 0.0)
FIRST = NOTHING | {"aht_stated_s": (300.0, 1.0), "aht_wrap_up_s": (50.0, 0.5), "aht_fatigue_s": 10.0, AHT: (360.0, 2.0)}
SECOND = FIRST | {
    "aht_stated_s": (318.0, 1.0),
    "aht_difficulty_s": (30.0, 2.0),
    "aht_context_s": (20.0, 1.0),
    "aht_fatigue_s": 12.0,
    "aht_pace_s": (-25.0, 1.0),
    AHT: (405.0, 2.0),
}
CHANGES = {
    "aht_stated_s": (18.0, 0.5),
    "aht_difficulty_s": (30.0, 2.0),
    "aht_context_s": (20.0, 1.0),
    "aht_fatigue_s": (2.0, 3.0),
    "aht_wrap_up_s": (0.0, 0.0),
    "aht_pace_s": (-25.0, 1.0),
    AHT: (45.0, 2.0),
}
WITH_BOT = {"bot": {}, "intents": BOTS, "fatigue": {}, "pace": {"target": "3m"}}
EVERYTHING = {
    "bot": {},
    "intents": {
        "orders": BOTS["orders"],
        "billing": BEFORE["intents"]["billing"] | {"bot": {"containment": 0.2}},
    },
    "frustration": {},
    "fatigue": {},
    "pace": {"target": "3m"},
    "workforce": {"redundancy": {}},
    "assistant": {"summary": {}, "cleanup": {}},
    "screens": {},
    "supervisor": {"group": "leads"},
    "agents": BEFORE["agents"] | {"leads": {"skills": ["decisions"], "staff": 1}},
}


def pair(first=FIRST, second=SECOND, changes=CHANGES, first_blocks=None, **blocks):
    """A first scenario without a bot, and one with a bot and a handle-time target unless told otherwise."""
    one = scenario("Before", **({"fatigue": {}} if first_blocks is None else first_blocks))
    two = scenario("After", **(WITH_BOT | blocks))
    return findings(result(one, first), result(two, second), differences={"After": changes})


def rows(table):
    return {cells[0].text: [cell.text for cell in cells[1:]] for cells in table.rows}


@pytest.fixture(scope="module")
def bot_and_pace():
    """Two real scenarios, both with a bot."""
    hurried = sim.loads(AFTER | {"name": "Tiny hurried", "pace": {"target": "2m"}, "fatigue": {}})
    return of_comparison(sim.compare(sim.loads(AFTER), hurried, replications=2))


# The table --------------------------------------------------------------------


def test_every_part_of_handle_time_is_a_cause_with_its_ink():
    assert list(CAUSES) == [part.name for part in part_measures()]
    assert len({(cause.colour, cause.hatch) for cause in CAUSES.values()}) == len(CAUSES)


def test_a_cause_is_shown_where_something_of_it_is_left_and_the_sum_comes_last():
    table = causes_table(pair())
    assert table.columns == ("Cause", "rests on", "Before", "After", "change")
    assert rows(table) == {
        "stated talk time of what reaches agents": ["given", "300.0 ± 1.0", "318.0 ± 1.0", "+18.0 ± 0.5 *"],
        "harder needs": ["assumed", "0.0", "30.0 ± 2.0", "+30.0 ± 2.0 *"],
        "tired agents": ["moderate", "10.0 ± 0.0", "12.0 ± 0.0", "+2.0 ± 3.0"],
        "context that the bot lost": ["weak", "0.0", "20.0 ± 1.0", "+20.0 ± 1.0 *"],
        "hurry to meet the handle-time target": ["moderate", "0.0", "-25.0 ± 1.0", "-25.0 ± 1.0 *"],
        "wrap-up, as stated": ["given", "50.0 ± 0.5", "50.0 ± 0.5", "0.0"],
        SUM: ["", "360.0 ± 2.0", "405.0 ± 2.0", "+45.0 ± 2.0 *"],
    }
    assert table.rows[-1][0].text == SUM


def test_rows_are_of_the_scenarios_of_the_table():
    third = result(scenario("Third", fatigue={}), FIRST)
    told = findings(*pair().results.values(), third, differences={"After": CHANGES})
    assert "harder needs" not in rows(causes_table(told, ["Third"]))
    assert "harder needs" in rows(causes_table(told, ["After"]))


def test_without_columns_of_changes_the_values_carry_the_mark():
    table = causes_table(pair(), differences=False)
    assert table.columns == ("Cause", "rests on", "Before", "After")
    assert rows(table)["harder needs"] == ["assumed", "0.0", "30.0 ± 2.0 *"]
    assert rows(table)["tired agents"] == ["moderate", "10.0 ± 0.0", "12.0 ± 0.0"]


def test_the_mark_is_explained_beside_other_scenarios():
    said = "* the 95 % interval of the difference from Before excludes zero."
    assert said in causes_table(pair()).notes
    assert said not in causes_table(pair(), []).notes


def test_rounding_noise_is_no_cause():
    assert "hurry to meet the handle-time target" not in rows(causes_table(pair(second=SECOND | {"aht_pace_s": 2e-14})))


def test_the_causes_of_a_real_run_add_up_to_its_aht(bot_and_pace):
    for name in bot_and_pace.names:
        parts = [bot_and_pace.value(name, measure).mean for measure in CAUSES if measure != BESIDE]
        assert sum(parts) == pytest.approx(bot_and_pace.value(name, AHT).mean, abs=1e-9)
    changes = change_by_grade(bot_and_pace, "Tiny hurried")
    assert sum(changes.values()) == pytest.approx(bot_and_pace.change("Tiny hurried", AHT).mean, abs=1e-9)
    assert changes["moderate"] < 0


# What it rests on -------------------------------------------------------------


def test_every_key_of_a_cause_is_a_parameter():
    paths = [p.path.split(".") for p in explain_scenario(scenario("all", **EVERYTHING))]
    for key in {key for cause in CAUSES.values() for key in cause.rests_on}:
        parts = key.split(".")
        assert any(
            len(path) >= len(parts) and all(a in ("*", b) for a, b in zip(parts, path, strict=False)) for path in paths
        ), key


def test_defaults_have_their_grades():
    rests = rest_of(findings(result(scenario("all", **EVERYTHING), FIRST)))
    assert rests == {
        "aht_stated_s": "given",
        "aht_difficulty_s": "assumed",
        "aht_frustration_s": "assumed",
        "aht_fatigue_s": "moderate",
        "aht_tenure_s": "weak",
        "aht_redundancy_s": "assumed",
        "aht_speed_s": "assumed",
        "aht_assistant_s": "assumed",
        "aht_context_s": "weak",
        "aht_screens_s": "moderate",
        "aht_supervisor_s": "weak",
        "aht_pace_s": "moderate",
        "aht_concurrency_s": "",
        "aht_wrap_up_s": "given",
        "aht_summary_s": "weak",
        "aht_cleanup_s": "assumed",
    }


@pytest.mark.parametrize(
    ("settings", "cause", "rests"),
    [
        ({"bot.lost_context_time": "60s"}, "aht_context_s", "moderate"),
        ({"bot.context_kept": 0.5}, "aht_context_s", "weak"),
        ({"bot.context_kept": 0.5, "bot.lost_context_time": "60s"}, "aht_context_s", "given"),
        ({"intents.orders.difficulty_weight": 0.5, "bot.selectivity": 0.5}, "aht_difficulty_s", "assumed"),
        ({"workforce.tenure": "400d"}, "aht_tenure_s", "strong"),
        ({"workforce.tenure": "400d", "workforce.learning": {"start": 0.3, "days": 60}}, "aht_tenure_s", "given"),
        ({"pace.push": 0.4}, "aht_pace_s", "given"),
    ],
)
def test_what_is_given_no_longer_counts_as_a_default_and_the_least_known_wins(settings, cause, rests):
    changed = sim.loads(BEFORE | {"name": "all"} | EVERYTHING, settings)
    assert rest_of(findings(result(changed, FIRST)))[cause] == rests


def test_a_part_that_is_off_rests_on_nothing():
    rests = rest_of(findings(result(scenario("a", assistant={}), FIRST)))
    assert (rests["aht_assistant_s"], rests["aht_summary_s"], rests["aht_context_s"]) == ("assumed", "", "")


def test_a_cause_rests_on_the_least_known_of_all_scenarios():
    told = pair(bot={"lost_context_time": "60s", "context_kept": 0.5})
    assert rows(causes_table(told))["context that the bot lost"][0] == "given"
    default = result(scenario("Third", bot={}, intents=BOTS), SECOND)
    both = findings(*told.results.values(), default, differences={"After": CHANGES})
    assert rows(causes_table(both))["context that the bot lost"][0] == "weak"


# What is said -----------------------------------------------------------------


def test_behind_a_new_bot_the_change_is_told_by_how_well_its_numbers_are_known():
    notes = causes_table(pair()).notes
    assert notes[:2] == (
        "After: AHT 12 % longer, +45.0 ± 2.0 s: +50.0 s on weak or assumed numbers (weak +20.0 s, assumed +30.0 s), "
        "-5.0 s on others (given +18.0 s, moderate -23.0 s).",
        PUBLISHED,
    )


def test_a_shorter_aht_is_called_that():
    told = pair(changes=CHANGES | {AHT: (-36.0, 2.0)}, second=SECOND | {AHT: 324.0})
    assert causes_table(told).notes[0].startswith("After: AHT 10 % shorter, -36.0 ± 2.0 s: ")


@pytest.mark.parametrize("figure", ["8:18", "9:13", "11 %", "38 %", "2012", "62 %", "2004 to 2019"])
def test_published_shifts_are_those_of_the_evidence(figure):
    evidence = (Path(sim.__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert figure in PUBLISHED
    assert figure in evidence


def test_published_shifts_stand_beside_a_new_bot_alone():
    both_bots = pair(first_blocks=WITH_BOT)
    alone = findings(result(scenario("After", **WITH_BOT), SECOND))
    third = result(scenario("No bot", fatigue={}), FIRST)
    other = findings(*pair().results.values(), third, differences={"After": CHANGES})
    for told, others in ((both_bots, None), (alone, None), (other, ["No bot"])):
        assert not any("Published" in note or "AHT 1" in note for note in causes_table(told, others).notes)


def test_a_scenario_without_any_mechanism_is_taken_apart_beside_one_that_has_some():
    plain, tired = sim.loads(BEFORE), sim.loads(AFTER | {"fatigue": {}})
    both = of_comparison(sim.compare(plain, tired, replications=2))
    assert both.value(both.base, "aht_stated_s").known
    sums = [sum(both.value(name, m).mean for m in CAUSES if m != BESIDE) for name in both.names]
    assert sums == pytest.approx([both.value(name, AHT).mean for name in both.names], rel=1e-12)
    assert "aht_stated_s" not in sim.run(plain, replications=2).measures.index


def test_one_screen_changes_nothing_and_takes_handle_time_apart():
    bare = of_run(sim.run(sim.loads(BEFORE), replications=2))
    shown = of_run(sim.run(sim.loads(BEFORE | {"screens": {"systems": 1}}), replications=2))
    assert shown.value("Tiny before", AHT) == bare.value("Tiny before", AHT)
    assert causes_table(bare).rows == ()
    assert list(rows(causes_table(shown))) == [
        "stated talk time of what reaches agents",
        "harder needs",
        "wrap-up, as stated",
        SUM,
    ]


def test_a_scenario_whose_customers_nobody_answered_says_nothing():
    nan = float("nan")
    told = pair(second=dict.fromkeys(SECOND, nan), changes={})
    assert causes_table(told).notes[0] == "After: no AHT to compare."
    assert not any("no mechanism" in note for note in causes_table(told).notes)
    with style():
        drawing = aht_causes(told)
    assert "After" not in drawing.alt
    (axes,) = drawing.figure.axes
    assert [text.get_text() for text in axes.texts if "AHT" in text.get_text()] == ["AHT 6:00 min"]


# The chart --------------------------------------------------------------------


def pieces(axes, place):
    """Left end, right end and colour of each piece of a bar."""
    bars = [bar for bar in axes.patches if round(bar.get_y() + bar.get_height() / 2) == place]
    return [(bar.get_x(), bar.get_x() + bar.get_width(), to_hex(bar.get_facecolor())) for bar in bars]


def test_pieces_are_piled_up_from_zero_and_the_mark_is_their_sum():
    with style():
        (axes,) = aht_causes(pair()).figure.axes
    before, after = pieces(axes, 1), pieces(axes, 0)
    assert [piece[:2] for piece in before] == [(0, 300), (300, 310), (310, 360)]
    assert [piece[:2] for piece in after] == [(0, 318), (318, 348), (348, 360), (360, 380), (0, -25), (380, 430)]
    assert after[1][2] == PALETTE[CAUSES["aht_difficulty_s"].colour].lower()
    marks = [line.get_xdata()[0] for line in axes.get_lines() if line.get_label() == "AHT, the sum"]
    assert marks == [405, 360]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["After", "Before"]


def test_wide_pieces_carry_their_seconds():
    with style():
        (axes,) = aht_causes(pair()).figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert {"318", "30", "20", "-25", "AHT 6:45 min", "AHT 6:00 min"} <= set(texts)
    assert "10" not in texts


def test_the_chart_is_told_in_words():
    with style():
        drawing = aht_causes(pair(changes={AHT: (55.0, 2.0)}))
    assert "hurry to meet the handle-time target -25 s" in drawing.alt
    assert "a redundancy round" not in drawing.alt


def test_there_is_no_chart_of_what_is_not_known():
    assert aht_causes(findings(result(scenario("a"), {AHT: 350.0}))) is None
