"""`targets`: what it prints and writes, how it leaves, how its axes are written."""

import json
import threading

import pandas as pd
import pytest
from ruamel.yaml import YAML

from sim.errors import CcsimError
from sim.report import targets
from sim.schema.ranges import read_number, read_seconds, read_share, values_of
from tests.study.small import SMALL

GOALS = {"service_level": "50/60", "abandonment": 0.5, "resolution": 0.3, "strained_share": 0.9}
QUICK = ["--replications", "3", "--luck-only"]
GRID = ["--staff", "50%:150%:50%", "--aht", "5m,7m"]


@pytest.fixture
def written(tmp_path):
    def write(name="after", **changes):
        path = tmp_path / f"{name}.yaml"
        YAML().dump(SMALL | {"name": name, "targets": GOALS} | changes, path)
        return str(path)

    return write


def test_it_prints_the_answer_and_then_the_grid(ccsim, written):
    before = written("before", bot="off", pace="off")
    code, out, _ = ccsim("targets", written(), "--before", before, *GRID, *QUICK)
    assert code == 0
    parts = ["The answer. ", "Tighter targets. ", "Which cells meet all targets", "The cheapest cells"]
    parts += ["Handle time of what reaches agents", "What the old target costs", "Parameters in force"]
    places = [out.index(words) for words in parts]
    assert places == sorted(places)
    grid = out[: out.index("Targets: service level within 60 s at least 50 %")]
    for words in ("no target", "5m", "7m", "6m (old)", "50 %", "100 %", "150 %"):
        assert words in grid


def test_json_is_one_document_with_every_cell(ccsim, written):
    code, out, _ = ccsim("targets", written(), *GRID, *QUICK, "--json")
    told = json.loads(out)
    assert code == 0
    assert len(told["cells"]) == 3 * 4
    assert told["feasible"] is True
    assert told["best"] in told["cells"]
    assert told["goals"]["resolution_rate"] == {"at_least": 0.3}
    assert told["best"]["verdicts"] == dict.fromkeys(told["goals"], "met")
    assert set(told["cells"][0]["chance_of_missing"]) == set(told["goals"])
    assert {"mean", "ci95"} == set(told["cells"][0]["measures"]["aht_s"])
    assert told["assumptions"] is None


def test_the_folder_holds_cells_verdicts_maps_and_the_page(monkeypatch, ccsim, written, tmp_path):
    """The maps are drawn once, in a thread, while what the answer rests on is simulated."""
    drawn, draw = [], targets._maps

    def watched(result):
        drawn.append(threading.current_thread() is threading.main_thread())
        return draw(result)

    monkeypatch.setattr(targets, "_maps", watched)
    out = tmp_path / "out"
    code, _, err = ccsim("targets", written(), *GRID, "--replications", "3", "--out", str(out))
    assert (code, drawn) == (0, [False])
    assert "report.html" in err
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"grid.csv", "cells.csv", "verdicts.csv", "assumptions.csv", "report.html", "report.xlsx"} <= names
    assert {"charts/sl_offered.png", "charts/resolution_rate.svg", "charts/tornado.png"} <= names
    grid = pd.read_csv(out / "grid.csv")
    assert list(grid["staffing"].unique()) == ["50 %", "100 %", "150 %"]
    assert {"sl_offered", "cost_per_resolution", "fte"} <= set(grid.columns)


def test_where_nothing_will_do_it_says_what_is_attainable_and_leaves_with_1(ccsim, written):
    hard = written("hard", targets={"service_level": "99/1", "resolution": 0.3})
    code, out, _ = ccsim("targets", hard, *GRID, *QUICK)
    assert code == 1
    assert "No cell is sure to meet service level within 1 s at least 99 %: the best attainable is" in out
    assert "needs resolved at least" not in out[out.index("The answer.") : out.index("The handle time.")]
    code, out, _ = ccsim("targets", hard, *GRID, *QUICK, "--json")
    assert code == 1
    assert json.loads(out)["best"] is None


def test_it_warns_where_no_target_protects_resolution_or_strain(ccsim, written):
    bare = written("bare", targets={"service_level": "50/60"})
    _, out, _ = ccsim("targets", bare, *GRID, *QUICK)
    assert "sets no target for resolution or strain" in out
    _, out, _ = ccsim("targets", written(), *GRID, *QUICK)
    assert "sets no target for" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--staff", "x"], "--staff: x: is not a number"),
        (["--staff", "90%:70%:5%"], "must rise, by a step above 0"),
        (["--staff", "70%:110%"], "or a:b:step"),
        (["--staff", "1e400%"], "is not a number from 0 to 1e+09"),
        (["--aht", "0%"], "a handle time is more than nothing"),
        (["--set", "arrivals.per_hour=0"], "agents answer nobody"),
        (["--staff", "frist=80%"], "frist: is no group of after"),
        (["--aht", "300"], "is not a duration with its unit"),
        (["--aht", "1s:1h:1s"], "has 3,600 values; the most is 1,000"),
        (["--recovery", "15"], "is not a duration with its unit"),
    ],
)
def test_an_axis_that_is_none_leaves_with_2_and_one_message(ccsim, written, arguments, words):
    code, out, err = ccsim("targets", written(), *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_file_without_targets_leaves_with_2(ccsim, written):
    code, _, err = ccsim("targets", written("none", targets={}))
    assert code == 2
    assert "sets no targets" in err


def test_recovery_without_fatigue_leaves_with_2(ccsim, written):
    code, _, err = ccsim("targets", written("fresh", fatigue="off"), "--recovery", "0s:30s:30s")
    assert code == 2
    assert "fatigue is off" in err


def test_axes_are_read_exactly():
    assert values_of("--x", "70%:110%:10%", read_share) == [0.7, 0.8, 0.9, 1.0, 1.1]
    assert values_of("--x", "0.1:0.3:0.1", read_number) == [0.1, 0.2, 0.3]
    assert values_of("--x", "5m:6m:30s", read_seconds) == [300.0, 330.0, 360.0]
    assert values_of("--x", "40, 44", read_number) == [40.0, 44.0]
    with pytest.raises(CcsimError, match="does not reach its end"):
        values_of("--x", "1:2:3", read_number)
    with pytest.raises(CcsimError, match="--x: -1"):
        values_of("--x", "-1", read_number)


def test_one_group_can_be_varied_alone(ccsim, written):
    _, out, _ = ccsim("targets", written(), "--staff", "first=100%,200%", "--aht", "7m", *QUICK, "--json")
    told = json.loads(out)
    assert {cell["staffing"] for cell in told["cells"]} == {"first 100 %", "first 200 %"}
    assert told["cells"][-1]["factors"] == {"first": 2.0}


# Chats in hand ----------------------------------------------------------------

CHATS = {
    "intents": {"order": {"share": 1, "channel": "chat", "talk_time": "4m"}},
    "targets": {"service_level": "20/60"},
}
ONE_GROUP = {"agents": {"first": {"skills": ["order"], "staff": 6, "concurrency": 2}}, "bot": None, "pace": None}


def chats(written, **changes):
    kept = {key: value for key, value in (CHATS | ONE_GROUP).items() if value is not None}
    return written("chats", **kept, bot="off", pace="off", **changes)


def test_the_cap_on_chats_is_an_axis(ccsim, written, tmp_path):
    out = tmp_path / "out"
    asked = ["--concurrency", "first=1:3", "--staff", "100%,150%", *QUICK]
    code, _, _ = ccsim("targets", chats(written), *asked, "--out", str(out))
    assert code == 0
    grid = pd.read_csv(out / "grid.csv")
    assert sorted(grid["concurrency"].unique()) == [1, 2, 3]
    assert len(grid) == 2 * 3
    assert {"elapsed_s", "aht_s", "concurrency_mean"} <= set(grid.columns)
    assert (out / "charts" / "targets_met_3_chats.png").exists()
    page = (out / "report.html").read_text()
    assert "The cheapest cell of each cap" in page
    assert "2 chats at once (old)" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3:1", "3:1: must rise"),
        ("2:x", "2:x: is not a number. Write a list, such as 1,2,3, or a:b:step, such as 1:4:1"),
        ("1.5", "1.5: is no whole number of chats. Write 1:4, or a list such as 2,3"),
        ("frist=1:2", "frist: is no group of chats. Name one of agents. Did you mean first?"),
        ("0,2", "0: is no number of chats in hand. Write whole numbers from 1 to 50"),
    ],
)
def test_a_cap_that_is_none_is_refused(ccsim, written, text, words):
    code, _, err = ccsim("targets", chats(written), "--concurrency", text, *QUICK)
    assert code == 2
    assert f"--concurrency: {words}" in err


def test_calls_have_no_cap(ccsim, written):
    code, _, err = ccsim("targets", written(), "--concurrency", "2", *QUICK)
    assert code == 2
    assert "has no chats. Write channel: chat with an intent" in err
