"""`staff`: what it prints, writes and refuses, and how it leaves."""

import json

import pandas as pd
import pytest
from ruamel.yaml import YAML

import sim
from tests.study.centres import DAY

QUICK = ("--replications", "10", "--luck-only")
WFM = ["date", "time", "interval_minutes", "group", "required", "scheduled", "over", "under"]
WFM += ["offered", "aht_s", "service_level", "occupancy"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "day.yaml"
    YAML().dump(DAY, path)
    return str(path)


def test_the_answer_is_told_in_tables_and_words(ccsim, file):
    code, out, err = ccsim("staff", file, "--each", "whole", *QUICK)
    assert code == 0
    for part in ("Agents of desk", "Does it meet the targets", "Erlang A", "The answer.", "If nothing is done."):
        assert part in out
    assert "Traceback" not in err


def test_the_document_and_the_folder(ccsim, file, tmp_path):
    out = tmp_path / "out"
    code, printed, _ = ccsim("staff", file, "--each", "whole", *QUICK, "--out", str(out), "--json")
    told = json.loads(printed)
    assert code == 0
    assert told["feasible"]
    table = pd.read_csv(out / "wfm.csv")
    assert list(table.columns) == WFM
    assert table["required"].sum() / 2 == told["agent_hours"]
    assert (table["time"].iloc[0], table["interval_minutes"].iloc[0]) == ("08:00", 30)
    assert (out / "shifts.yaml").exists()
    covered = sim.load(out / "shifts.yaml")
    assert covered.agents["desk"].staff is None
    assert sum(shift.count for shift in covered.agents["desk"].shifts) > 0
    assert (table["scheduled"] >= table["required"] - 0.01).all()
    assert {"report.html", "report.xlsx", "intervals.csv", "verification.csv"} <= {p.name for p in out.iterdir()}


def test_an_impossible_target_leaves_with_1_and_says_which_and_the_best(ccsim, file):
    code, out, _ = ccsim("staff", file, "--set", "targets.resolution=0.9", *QUICK)
    words = " ".join(out.split())
    assert code == 1
    assert "No staffing is sure to meet needs resolved at least 90 %" in words
    assert "which is the best attainable" in words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lengths", "8"], "--lengths: 8: is not a duration"),
        (["--lengths", "0h"], "a shift lasts 15 minutes"),
        (["--under", "inf"], "is not a number of paid hours"),
        (["--set", "arrivals.per_day=0"], "nobody is required"),
        (["--lengths", "6h", "--each", "whole", *QUICK], "longer than the opening hours"),
        (["--latest", "9", "--each", "whole"], "--latest: 9: is not a time of day"),
        (["--latest", "08:00", "--lengths", "1h", "--each", "whole", *QUICK], "no shift of desk reaches mon 09:00"),
        (["--by", "week"], "week"),
        (["--each", "month"], "month"),
        (["--replications", "0"], "replications"),
        (["--set", "targets.service_level=off", "--set", "targets.abandonment=off"], "sets no targets"),
    ],
)
def test_bad_input_leaves_with_2_and_a_message(ccsim, file, arguments, said):
    code, out, err = ccsim("staff", file, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


BOT = ("--set", "bot={opt_out: 0, false_containment: 0}", "--set", "intents.all.bot={resolves: 0.2}")


def test_release_tells_what_the_bot_must_resolve(ccsim, file, tmp_path):
    out = tmp_path / "out"
    code, printed, _ = ccsim("staff", file, *BOT, "--release", "3", *QUICK, "--out", str(out))
    assert code == 0
    assert "the bot must truly resolve" in " ".join(printed.split())
    assert {"release.csv", "report.html"} <= {p.name for p in out.iterdir()}
    assert {p.name for p in (out / "charts").iterdir()} == {"release.png", "release.svg"}
    assert "must be truly resolved: " in (out / "report.html").read_text()
    _, printed, _ = ccsim("staff", file, *BOT, "--release", "3", *QUICK, "--json")
    told = json.loads(printed)
    assert told["must_resolve"]["low"] == told["must_resolve"]["expected"] > told["resolves_now"] > 0


def test_release_of_too_many_for_what_the_bot_can_do_leaves_with_1(ccsim, file):
    weak = (*BOT, "--set", "bot.opt_out=0.7")
    code, out, _ = ccsim("staff", file, *weak, "--release", "7", *QUICK)
    assert code == 1
    assert "no capability of this bot is enough" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--release", "3"], "has no bot"),
        ([*BOT, "--release", "300"], "FTE on the plan"),
        (["--before", "FILE"], "Add --no-worse or --release N"),
        ([*BOT, "--release", "3", "--each", "day"], "--each: day: has no meaning"),
        ([*BOT, "--release", "3", "--by", "whole"], "--by: whole: has no meaning"),
    ],
)
def test_a_release_that_cannot_be_asked_leaves_with_2(ccsim, file, arguments, said):
    given = [file if a == "FILE" else a for a in arguments]
    code, out, err = ccsim("staff", file, *given)
    assert (code, out) == (2, "")
    assert said in err
