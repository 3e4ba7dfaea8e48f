"""What a bridge says: its table, its waterfalls, its folder, and one sentence at the end."""

import dataclasses
import io
import json
import math

import pytest
from openpyxl import load_workbook
from rich.console import Console

import sim
from sim.loading.explain import explain_scenario
from sim.report.basis import worst_under
from sim.report.bridge import bridge_report, bridge_table, rest_of, tidy_bridge
from sim.report.bridge.charts import CLAIMED, draw, rows_of
from sim.report.bridge.narrative import answer, made_words, moves, names_of, sentence
from sim.report.comparison.causes import causes
from sim.report.numbers import Value, exactly
from sim.report.render.folder import write_folder
from sim.report.render.terminal import print_report
from tests.report.tiny import AFTER, BEFORE, CUT


@pytest.fixture(scope="module")
def found():
    return sim.bridge(sim.loads(BEFORE), sim.loads(AFTER))


@pytest.fixture(scope="module")
def cut():
    return sim.bridge(sim.loads(BEFORE), sim.loads(CUT))


@pytest.fixture(scope="module")
def still():
    return sim.bridge(sim.loads(BEFORE), sim.loads(BEFORE))


def told(bridge, **figures):
    """A bridge with other figures in its claim: mean, low, high."""
    claim = bridge.claim.copy()
    for name, values in figures.items():
        claim.loc[name] = values
    return dataclasses.replace(bridge, claim=claim)


def cells(bridge):
    return {row[0].text.strip(): [cell.text for cell in row[1:]] for row in bridge_table(bridge).rows}


# The table ----------------------------------------------------------------------------


def test_the_table_goes_from_today_to_tomorrow(found):
    names = list(cells(found))
    assert names[0] == "Tiny before"
    assert names[-2:] == ["Tiny after", "change: the sum of the bars"]
    assert names[1:5] == [
        "volume",
        "containment without selection: mix between intents",
        "selection within intents",
        "false containment and its returns",
    ]


def test_a_bar_is_written_with_its_sign_and_interval(found):
    row = found.bars.set_index(["cause", "measure"]).loc[("containment", "workload_hours")]
    half = (row["ci_high"] - row["ci_low"]) / 2
    text = cells(found)["containment without selection: mix between intents"][2]
    assert row["mean"] < 0
    assert text == f"-{abs(row['mean']):.1f} ± {half:.1f}"


def test_what_has_no_seconds_of_its_own_has_a_dash(found):
    assert cells(found)["volume"][1] == "–"
    assert cells(found)["false containment and its returns"][1] == "–"
    assert any("no seconds of their own" in note for note in made_words(found))


def test_staffing_is_a_bar_only_where_agents_differ(found, cut):
    staffing = "staffing: today's work with tomorrow's agents"
    assert staffing not in cells(found)
    assert staffing in cells(cut)


def test_averages_over_orders_are_named_after_what_they_hold():
    both = sim.bridge(sim.loads(BEFORE), sim.loads(AFTER), shapley=True)
    assert "containment, with selection" in cells(both)
    assert "selection within intents" not in cells(both)
    assert "averaged over all orders" in made_words(both)[0]


def test_bars_that_may_be_luck_are_grey(found):
    rows = {row[0].text.strip(): row for row in bridge_table(found).rows}
    assert rows["pace"][3].tone == "quiet"
    assert rows["containment without selection: mix between intents"][3].tone == ""


def test_bars_rest_on_their_least_known_number(found, cut):
    rests = rest_of(found)
    assert (rests["selection"], rests["lost_context"], rests["pace"]) == ("assumed", "weak", "")
    assert rest_of(cut)["fatigue"] == "moderate"
    given = sim.loads(CUT, {"pace.push": 0.5, "pace.resolution_slope": 1.0, "pace.sends_away_below": 0.7})
    assert rest_of(sim.bridge(sim.loads(BEFORE), given, replications=1))["pace"] == "given"


def test_a_cause_has_the_grade_that_handle_time_taken_apart_gives_it(cut):
    rests, parameters = rest_of(cut), [p for side in (cut.before, cut.after) for p in explain_scenario(side)]
    beside = {part.bar: worst_under(parameters, part.rests_on) for part in causes().values()}
    shared = [bar for bar in ("selection", "lost_context", "frustration", "fatigue", "pace") if rests[bar]]
    assert len(shared) > 2
    assert {bar: rests[bar] for bar in shared} == {bar: beside[bar] for bar in shared}


def test_what_was_said_of_the_bot_is_what_its_vendor_claims_to_resolve(found):
    after = sim.changed(found.after, {"bot.claimed": "60%"})
    words = sentence(dataclasses.replace(found, after=after))
    assert words.startswith("The bot is said to resolve 60 % of its sessions. In truth the bot contains ")
    assert "said to" not in sentence(found)


def test_the_rule_is_said_with_its_numbers(found):
    line = next(note for note in made_words(found) if note.startswith("FTE of work = "))
    assert "85 % occupancy x (1 - 30 % shrinkage, planned and absence) x 38 h a week x 0.2857 weeks" in line
    assert "a default" in line


def test_stated_times_that_differ_are_said():
    longer = sim.loads(AFTER, {"intents.billing.talk_time": "7m"})
    words = made_words(sim.bridge(sim.loads(BEFORE), longer, replications=1))
    assert any(note.endswith("other stated talk or wrap-up times too: billing.") for note in words)


def test_what_is_in_everything_else_is_said():
    slow = sim.loads(BEFORE, {"workforce": {}})
    bridge = sim.bridge(sim.loads(BEFORE), slow)
    assert any(note.startswith("Everything else in AHT: new agents +") for note in made_words(bridge))
    assert "everything else" in cells(bridge)


# The sentence -------------------------------------------------------------------------

CLEAR = {"containment_after": (0.351, 0.34, 0.36), "work_gone": (0.134, 0.12, 0.14), "fte_before": (115.2, 110, 120)}


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            {"fte_free": (15.4, 14, 17)},
            "The bot contains 35 % of its sessions; 13 % of the agents' work is gone, and 15 of 115 FTE are free.",
        ),
        ({"fte_free": (0.42, 0.4, 0.5)}, "; 13 % of the agents' work is gone, and 0.4 of 115 FTE are free."),
        (
            {"work_gone": (-0.042, -0.06, -0.02), "fte_free": (-4.8, -6, -4)},
            "; the agents' work has grown by 4.2 %, and 4.8 FTE are needed on top of 115.",
        ),
        ({"fte_free": (0.4, -1, 2)}, "; no change of the agents' work stands out from luck, and no FTE are free."),
        ({"work_gone": (math.nan,) * 3}, "; agents had no work today, so none is gone."),
        (
            {"fte_free": (15.4, 14, 17), "containment_before": (0.2, 0.1, 0.3)},
            "The bot contains 35 % of its sessions, after 20 % today; 13 %",
        ),
        (
            {"fte_free": (15.4, 14, 17), "unanswered_before": (0.03, 0.0, 0.1), "unanswered_after": (0.1, 0.0, 0.2)},
            "15 of 115 FTE are free, while 10 % of the contacts offered to agents go unanswered, after 3.0 %.",
        ),
        (
            {"fte_free": (0.4, -1, 2), "unanswered_after": (0.1, 0.0, 0.2)},
            "no FTE are free, while 10 % of the contacts offered to agents go unanswered, after 0.0 %.",
        ),
        (
            {"fte_free": (115.2, 110, 120), "unanswered_after": (math.nan,) * 3},
            "115 of 115 FTE are free, while no contact reaches an agent.",
        ),
    ],
)
def test_the_sentence_says_what_is_claimed_gone_and_free(found, figures, words):
    same = {"unanswered_before": (0.0, 0.0, 0.0), "unanswered_after": (0.0, 0.0, 0.0)}
    assert words in sentence(told(found, **{**CLEAR, **same, **figures}))


def test_without_a_bot_nothing_is_claimed(still):
    words = "No bot contains anything; no change of the agents' work stands out from luck, and no FTE are free."
    assert answer(still) == [words]


def test_what_containment_promises_stands_before(found):
    shown = {"contained_of_all": (0.35, 0.3, 0.4), "fte_free": (15.4, 14, 17)}
    promised, *_, asked, _ = answer(told(found, fte_claimed=(40.2, 39, 41), fte_before=(115.2, 110, 120), **shown))
    assert promised == "The bot contains 35 % of all contacts, which promises 40 of 115 FTE."
    assert "takes at 85 % occupancy" in asked
    assert "ccsim staff --release N" in asked


def test_what_is_not_the_bots_doing_is_said_apart():
    staffed = sim.loads(CUT, {"arrivals.per_day": 240})
    words = answer(sim.bridge(sim.loads(BEFORE), staffed))
    apart = next(line for line in words if line.startswith("Not the bot's doing: "))
    assert "volume +" in apart
    assert "containment" not in apart


def test_a_name_that_comes_twice_gets_a_number(still):
    assert names_of(still) == ("Tiny before", "Tiny before (2)")


# Waterfalls ---------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["aht_s", "workload_hours", "fte"])
def test_a_waterfall_arrives_where_tomorrow_is(cut, measure):
    first, *bars, last = [row for row in rows_of(cut, measure) if not row.said]
    assert (first.whole, last.whole) == (True, True)
    level = first.stop
    for row in bars:
        assert row.start == level
        level = row.stop
    assert level == pytest.approx(last.stop, rel=1e-9)
    assert len(bars) >= 4


def test_only_the_waterfall_of_staff_shows_the_promise(found):
    labels = {m: [row.label for row in rows_of(found, m)] for m in ("workload_hours", "fte")}
    assert labels["fte"][-1] == CLAIMED
    assert CLAIMED not in labels["workload_hours"]
    claim = found.claim["mean"]
    assert rows_of(found, "fte")[-1].stop == pytest.approx(claim["fte_before"] - claim["fte_claimed"])


def test_there_are_three_waterfalls_with_their_figures_in_words(found):
    drawn = draw(found)
    assert [chart.name for chart in drawn] == ["bridge_aht", "bridge_workload", "bridge_fte"]
    assert all(chart.svg.startswith(b"<?xml") and chart.png[1:4] == b"PNG" for chart in drawn)
    assert cells(found)["Tiny after"][1] in drawn[0].alt
    assert [chart.svg for chart in draw(found)] == [chart.svg for chart in drawn]


def test_a_measure_without_a_value_has_no_waterfall():
    empty = sim.loads(BEFORE, {"arrivals.per_day": 0})
    nothing = sim.bridge(empty, empty, replications=1)
    assert [chart.name for chart in draw(nothing)] == ["bridge_workload", "bridge_fte"]


def test_a_bar_moves_beyond_the_order_of_summing():
    assert not moves(None)
    assert not moves(exactly(0.0))
    assert not moves(Value(1e-13, -1e-13, 1e-13))
    assert moves(exactly(0.1))
    assert moves(Value(0.0, -1.0, 1.0))


# Where it goes ------------------------------------------------------------------------


def test_the_folder_holds_the_bars_the_page_and_the_charts(found, tmp_path):
    write_folder(bridge_report(found), tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    charts_ = {f"charts/bridge_{m}.{kind}" for m in ("aht", "workload", "fte") for kind in ("png", "svg")}
    tables = {"bridge.csv", "aht_parts.csv", "claim.csv"}
    assert names == {*charts_, *tables, "report.html", "report.xlsx", "manifest.json"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Tiny after" in page
    assert page.index("The bot contains") < page.index("From today to tomorrow, cause by cause")
    book = load_workbook(tmp_path / "out" / "report.xlsx")
    assert book["bridge"].max_row == len(tidy_bridge(found)) + 1
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["scenarios"]) == {"Tiny before", "Tiny after"}


def test_the_tidy_table_has_the_bars_between_their_ends(found):
    table = tidy_bridge(found)
    hours = table[table["measure"] == "workload_hours"].set_index("cause")["mean"]
    assert list(hours.index) == ["before", *found.causes, "after", "change"]
    assert hours[list(found.causes)].sum() == pytest.approx(hours["after"] - hours["before"])


def test_the_document_adds_up_and_is_plain_json(found):
    said = json.loads(json.dumps(bridge_report(found).document(), allow_nan=False))
    for about in said["measures"].values():
        whole = math.fsum(bar["mean"] for bar in about["bars"].values())
        assert whole == pytest.approx(about["change"]["mean"], rel=1e-9)
    assert said["claim"]["containment_before"] == {"mean": None, "ci95": None}
    assert said["causes"]["selection"]["rests_on"] == "assumed"
    assert said["fte_rule"]["occupancy_from"] == "default"
    assert list(said)[-1] == "sentence"
    assert "volume" not in said["measures"]["aht_s"]["bars"]


def test_the_terminal_opens_with_the_answer_and_its_sentence(found):
    out = io.StringIO()
    print_report(bridge_report(found), Console(file=out, width=300))
    words = " ".join(out.getvalue().split())
    assert words.index(sentence(found)) < words.index("From today to tomorrow, cause by cause")
    assert words.startswith(answer(found)[0])
