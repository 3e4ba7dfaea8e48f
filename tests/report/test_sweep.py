"""How a sweep is said: words, table, charts, folder."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from rich.console import Console

import sim
from sim.report.render.folder import write_folder
from sim.report.render.page import page
from sim.report.render.terminal import print_report
from sim.report.sweep import sweep_report
from sim.report.sweep.charts import draw
from sim.report.sweep.narrative import cliff_paragraph, default_measures, key_number, points_table
from sim.scenario.targets import MeasureTarget
from sim.study.sweep.cliff import Bend, Cliff, Crossing
from sim.study.sweep.points import make_plan, read_settings
from sim.study.sweep.simulation import PointResult, Sweep
from tests.report.tiny import AFTER


def swept(*texts, values, measure="sl_offered", replications=4, sample=None):
    """A sweep whose means are given, with intervals of 2 points either way."""

    def make(settings):
        return sim.loads(AFTER, settings)

    plan = make_plan(read_settings(texts, make, sample is not None), make, 1, sample)
    width = 0.02 if replications > 1 else math.nan
    means = values(plan) if callable(values) else values
    outcomes = tuple(PointResult({measure: (mean, mean - width, mean + width)}, {}) for mean in means)
    return Sweep(plan, 1, replications, outcomes)


@pytest.fixture
def three():
    return swept("agents.desk.staff=2:4:1", values=[0.5, 0.79, 0.9])


def cliff_of(sweep, crossings=(), bend=None, goals=True, measure="sl_offered"):
    x = np.array([point.choices[0].number for point in sweep.plan.points])
    means = np.array([sweep.interval(k, measure)[0] for k in range(len(x))])
    bounds = (MeasureTarget(0.8, True),) * len(x) if goals else None
    return Cliff(measure, sweep.plan.keys[0], x, means, bounds, tuple(crossings), bend)


# Words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "number", "step", "said"),
    [
        ("number", 3.4449, 1, "3.4"),
        ("number", 0.5678, 0.1, "0.57"),
        ("number", 4321.9, 100, "4322"),
        ("share", 0.31249, 0.1, "31 %"),
        ("share", 0.31249, 0.01, "31.2 %"),
        ("s", 272.4, 30, "4m32s"),
        ("s", 5.26, 1, "5.3s"),
    ],
)
def test_places_have_a_digit_more_than_the_step(kind, number, step, said):
    assert key_number(kind, number, step) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (2.9, 3.2, "95 % interval 2.9 to 3.2"),
        (-math.inf, 3.2, "95 % interval up to 3.2, from below the range swept"),
        (2.9, math.inf, "95 % interval from 2.9 on, beyond the range swept"),
        (-math.inf, math.inf, "95 % interval: anywhere, also outside the range swept"),
        (math.nan, math.nan, "one replication: no interval"),
    ],
)
def test_a_crossing_in_words(three, low, high, said):
    words = cliff_paragraph(three, cliff_of(three, [Crossing(3.1, low, high, True)])).text
    assert words.startswith(f"It meets its target of at least 80 % from staff of desk = 3.1 on ({said}).")
    assert "No bend is sought with fewer than 6 points." in words


def test_several_crossings_none_and_no_target(three):
    two = [Crossing(2.5, 2.4, 2.6, True), Crossing(3.5, 3.4, 3.6, False)]
    words = cliff_paragraph(three, cliff_of(three, two)).text
    assert "It crosses its target 2 times. It meets " in words
    assert "It misses its target of at least 80 % from staff of desk = 3.5 on" in words
    assert "It misses its target of at least 80 % at every point." in cliff_paragraph(three, cliff_of(three)).text
    assert "It has no target to cross" in cliff_paragraph(three, cliff_of(three, goals=False)).text


def bend(**changes):
    return replace(Bend(3.0, 2.6, 3.4, 0.29, 0.11, -0.3, -0.1, 0.001, True), **changes)


def test_a_bend_in_words(three):
    words = cliff_paragraph(three, cliff_of(three, bend=bend())).text
    told = "+29.0 pt for each 1 more of it before, +11.0 pt beyond"
    assert f"It bends at staff of desk = 3.0 (95 % interval 2.6 to 3.4): {told}." in words
    line = cliff_paragraph(three, cliff_of(three, bend=bend(clear=False, chance=0.23))).text
    assert "No clear bend: points that scatter about a straight line look bent as much in 23 % of cases." in line
    torn = cliff_paragraph(three, cliff_of(three, bend=bend(clear=False, turn_high=0.1))).text
    assert "No clear bend: the replications do not agree that its slope changes." in torn


# Table ------------------------------------------------------------------------


def test_marks_say_what_the_colours_say(three):
    table = points_table(three, ["sl_offered"])
    assert [(row[1].text, row[1].tone) for row in table.rows] == [
        ("50.0 % ± 2.0 *", "bad"),
        ("79.0 % ± 2.0 ?", "unsure"),
        ("90.0 % ± 2.0", "good"),
    ]
    assert any("* misses its target" in note for note in table.notes)
    assert table.columns == ("Staff of desk", "Service level within 20 s (%)")


def test_one_replication_has_no_interval_and_says_so():
    table = points_table(swept("agents.desk.staff=2,3", values=[0.5, 0.9], replications=1), ["sl_offered"])
    assert [row[1].text for row in table.rows] == ["50.0 % *", "90.0 %"]
    assert any(note.startswith("One replication") for note in table.notes)


def test_many_points_are_cut_and_told_where_all_are():
    many = swept("customers.balk=0:0.5:0.004", values=np.linspace(0, 1, 126))
    table = points_table(many, ["sl_offered"])
    assert len(table.rows) == 100
    assert table.notes[-1] == "26 more points: sweep.csv (--out DIR) and --json have all."


def test_default_measures_are_those_that_are_there():
    assert default_measures(sim.sweep(sim.loads(AFTER), {"bot": ["off"]}, replications=1)) == (
        "sl_offered",
        "abandonment_rate",
        "resolution_rate",
        "occupancy",
        "workload_hours",
    )


def test_a_measure_that_a_point_lacks_is_a_dash(capsys):
    found = sim.sweep(sim.loads(AFTER), {"bot": ["off", {}]}, replications=2)
    rows = points_table(found, ["containment_rate"]).rows
    assert rows[0][1].text == "–"
    assert rows[1][1].text[0].isdigit()
    report = sweep_report(found, ["containment_rate"])
    print_report(report, Console(width=200))
    assert "Contained by the" in capsys.readouterr().out
    assert report.document()["points"][0]["measures"]["containment_rate"] == {"mean": None, "ci95": None}
    assert [chart.name for chart in draw(found, ["containment_rate", "csat"])] == ["sweep_containment_rate"]


# Charts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "sample", "title"),
    [
        (["agents.desk.staff=2:4:1"], None, "by staff of desk"),
        (["customers.patience=1m:3m:1m"], None, "by patience (customers)"),
        (["calendar.at_close=drain,clear"], None, "by at close (calendar)"),
        (["customers.balk=0%:20%:10%", "bot.opt_out=0:0.2:0.1"], None, "by balk (customers) and opt out (bot)"),
        (
            ["customers.balk=0%:20%:10%", "bot.opt_out=0:0.7:0.1"],
            None,
            "by balk (customers) and opt out (bot) (bold: target met)",
        ),
        (["customers.balk=0,0.1", "bot.opt_out=0,0.1", "calendar.at_close=drain,clear"], None, "against each key"),
        (["customers.balk=0:0.1", "agents.desk.staff=2:9"], 6, "against each key"),
    ],
)
def test_a_chart_for_every_shape_of_sweep(keys, sample, title):
    found = swept(*keys, values=lambda plan: np.linspace(0.2, 0.95, len(plan.points)), sample=sample)
    (chart,) = draw(found, ["sl_offered"])
    assert chart.name == "sweep_sl_offered"
    assert title in chart.title
    assert chart.alt.startswith("Lowest 20.0 % at ")
    assert "highest 95.0 % at " in chart.alt
    assert chart.png.startswith(b"\x89PNG")
    assert draw(found, ["sl_offered"])[0].svg == chart.svg


def texts(chart):
    """The words of a chart, which its SVG keeps as comments."""
    return re.findall(rb"<!-- (.*?) -->", chart.svg)


def test_the_cliff_is_drawn(three):
    (plain,) = draw(three, ["sl_offered"])
    (chart,) = draw(three, ["sl_offered"], [cliff_of(three, [Crossing(3.1, 3.0, math.inf, True)], bend())])
    words = {text.decode() for text in texts(chart)}
    assert {"crosses at 3.1", "bends at 3.0", "target"} <= words
    assert not any(b"crosses" in text or b"bends" in text for text in texts(plain))


def test_bands_do_not_reach_beyond_what_can_be():
    found = swept("agents.desk.staff=2:4:1", values=[0.005, 0.5, 0.999])
    ticks = [text.decode() for text in texts(draw(found, ["sl_offered"])[0])]
    assert "120" not in ticks
    assert not any(text.startswith("−") for text in ticks)


# Folder and page --------------------------------------------------------------


def test_the_folder_of_a_sweep(tmp_path):
    found = sim.sweep(sim.loads(AFTER), {"customers.patience": ["1m", "2m", "3m"]}, replications=2)
    cliff = sim.find_cliff(found, "sl_offered")
    report = sweep_report(found, ["sl_offered"], [cliff])
    write_folder(report, tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "sweep.csv")
    assert table["customers.patience"].unique().tolist() == [60, 120, 180]
    pd.testing.assert_frame_equal(table, found.table, check_dtype=False, check_exact=False)
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    assert {"Summary", "Assumptions", "sweep", "cliffs"} <= set(book.sheetnames)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert list(manifest["scenarios"]) == ["Tiny after"]
    told = page(report)
    assert "Tiny after by patience (customers)" in told
    assert "3 points, 2 replications each, the same customers at every point." in told


def test_the_document_holds_the_cliff(three):
    open_ended = cliff_of(three, [Crossing(3.1, 3.0, math.inf, True)], bend(low=math.nan))
    told = sweep_report(three, [], [open_ended]).document()
    cliff = told["cliffs"]["sl_offered"]
    assert cliff["target"] == {"share": 0.8, "at_least": True}
    assert cliff["crossings"] == [{"at": 3.1, "ci95": [3.0, None], "meets_beyond": True}]
    assert cliff["bend"]["ci95"] == [None, 3.4]
    assert [point["settings"] for point in told["points"]] == [{"agents.desk.staff": n} for n in (2, 3, 4)]
    json.dumps(told, allow_nan=False)
