"""`staff --no-worse`: what it prints, writes and refuses, and how it leaves."""

import json
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from sim.study.staffing import no_worse_plans
from tests.study.test_no_worse import BOT, CENTRE

QUICK = ("--no-worse", "--replications", "4")
FILES = {"no_worse.csv", "service.csv", "service_by_intent.csv", "service_by_hours.csv", "plan.csv"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setattr(no_worse_plans, "LOOKED_AT", 20_000.0)
    small = CENTRE | {"arrivals": {"per_day": 1200}, "agents": {"desk": CENTRE["agents"]["desk"] | {"staff": 7}}}
    bot = {"name": "After", "bot": BOT["bot"], "intents": {"all": {"bot": {"resolves": 0.2}}}, "extends": "before.yaml"}
    YAML().dump(small, tmp_path / "before.yaml")
    YAML().dump(bot, tmp_path / "after.yaml")
    return str(tmp_path / "after.yaml"), "--before", str(tmp_path / "before.yaml")


def test_the_answer_comes_first_fits_eighty_columns_and_is_written(ccsim, files, tmp_path):
    out = tmp_path / "out"
    code, printed, _ = ccsim("staff", *files, *QUICK, "--out", str(out))
    assert code == 0
    assert printed.startswith("The answer. Best estimate ")
    words = " ".join(printed.split())
    for part in ("safe to release (95 %)", "at a contract share of 0.8", "rostered FTE", "Planned anew", "by hours"):
        assert part in words
    assert FILES | {"report.html", "report.xlsx"} <= {path.name for path in out.iterdir()}
    plans = pd.read_csv(out / "no_worse.csv").set_index("plan")["fte"]
    told = f"{plans['within_margins'] - plans['best']:,.1f} FTE; safe"
    assert f"Best estimate {told}" in words
    agents = pd.read_csv(out / "plan.csv")
    assert list(agents.columns) == ["date", "time", "interval_minutes", "group", "before", "replanned", "after"]
    assert agents["after"].sum() < agents["before"].sum()


def test_more_needed_leaves_with_1_and_the_document_says_how_many(ccsim, files):
    after, *before = files
    code, printed, _ = ccsim("staff", after, *before, *QUICK, "--json")
    told = json.loads(printed)
    assert (code, told["feasible"], told["shortfall_fte"]) == (0, True, 0.0)
    assert told["as_given"]["heads_to_go"] == told["as_given"]["freed_by_bot"]["heads"] > 0
    assert told["with_target"] is None
    slower = after.replace("after.yaml", "slower.yaml")
    content = {"name": "Slower", "extends": "before.yaml", "intents": {"all": {"talk_time": "6m"}}}
    YAML().dump(content, Path(slower))
    code, printed, _ = ccsim("staff", slower, *before, *QUICK)
    assert code == 1
    assert "FTE more are needed than before" in " ".join(printed.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--margin", "service=1%"], "--margin: service=1%: names no margin"),
        (["--margin", "resolution=2"], "--margin: resolution=2: is not a share"),
        (["--margin", "resolution"], "--margin: resolution: is not a share"),
        (["--release", "3"], "--release: 3.0: is another question than --no-worse"),
        (["--by", "day"], "--by: day: has no meaning"),
        (["--set", "no_worse.resolution=2"], "no_worse.resolution"),
        (["--set", "no_worse.service=1%"], "no_worse.service"),
    ],
)
def test_bad_input_leaves_with_2_and_a_message(ccsim, files, arguments, said):
    code, out, err = ccsim("staff", *files, "--no-worse", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_what_belongs_together_is_asked_for(ccsim, files):
    for arguments, said in (
        ((files[0], "--no-worse"), "Add --before FILE"),
        ((*files, "--margin", "resolution=1%"), "Add --no-worse"),
        (files, "Add --no-worse or --release N"),
    ):
        code, _, err = ccsim("staff", *arguments)
        assert code == 2
        assert said in err
