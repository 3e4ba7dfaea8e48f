"""`staff`: what it prints, writes and refuses, and how it leaves."""

import json

import pandas as pd
import pytest
from ruamel.yaml import YAML

from sim.cli.main import main
from tests.study.centres import DAY

QUICK = ("--replications", "10", "--luck-only")
WFM = [
    "date",
    "time",
    "interval_minutes",
    "group",
    "required",
    "scheduled",
    "over",
    "under",
    "offered",
    "aht_s",
    "service_level",
    "occupancy",
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "day.yaml"
    YAML().dump(DAY, path)
    return str(path)


@pytest.fixture
def ccsim(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return call


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
