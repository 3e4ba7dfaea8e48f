"""What a scenario says of itself: resolved, equal, explained, with where each value comes from."""

import json
import pickle
from pathlib import Path

import pytest

from sim.loading.explain import explain_scenario
from sim.loading.load import load, loads
from sim.scenario.model import Origin
from sim.schema.base import GRADES

from .texts import GOOD

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_and_read_back(path):
    scenario = load(path)
    assert loads(json.loads(json.dumps(scenario.resolved()))) == scenario


@pytest.mark.parametrize("settings", [[], ["run.precision={aht_s: 2%}"], ["costs=off"], ["targets.service_level=off"]])
def test_resolved_reads_back_to_the_same(settings):
    scenario = loads(GOOD, settings)
    again = loads(json.loads(json.dumps(scenario.resolved())))
    assert again == scenario
    assert again.resolved() == scenario.resolved()
    assert again.digest == scenario.digest


def test_resolved_says_every_parameter_in_file_form():
    tree = loads(GOOD).resolved()
    assert tree["intents"]["billing"]["talk_time"] == {"distribution": "lognormal", "mean": "300s", "cv": 1.0}
    assert tree["calendar"]["hours"] == {"mon-fri": "08:00-12:00", "sat-sun": "closed"}
    assert tree["fatigue"]["recovery_per_hour"]["break"] == 1.8
    assert "name" not in tree["intents"]["billing"]
    assert tree["bot"]["lost_context_time"] == "90s"


def test_equality_sees_every_change():
    base = loads(GOOD)
    for setting in (
        "run.seed=2",
        "fatigue.effects.spread=0.1",
        "agents.general.staff=13",
        "description=other",
        "pace=off",
    ):
        changed = loads(GOOD, [setting])
        assert changed != base, setting
        assert changed.digest != base.digest, setting


def test_scenarios_are_frozen_and_travel_to_workers():
    scenario = loads(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        scenario.run.seed = 2
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.notes == scenario.notes
    assert dict(again.origins) == dict(scenario.origins)


# Provenance -------------------------------------------------------------------


@pytest.fixture
def family(tmp_path, monkeypatch):
    """A child on top of a base, with a setting on top of both."""
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(GOOD)
    Path("child.yaml").write_text("extends: base.yaml\nname: Child\nfatigue:\n  effects: {spread: 0.5}\n")
    return load("child.yaml", ["customers.balk=0.1"])


def test_origins(family):
    assert family.origins["name"] == Origin("given", "child.yaml", 2)
    assert family.origins["fatigue.effects.spread"] == Origin("given", "child.yaml", 4)
    assert family.origins["fatigue.recovery_per_hour.break"] == Origin("inherited", "base.yaml", 57)
    assert family.origins["customers.balk"] == Origin("set", "--set customers.balk=0.1", None)
    assert "fatigue.build_per_hour" not in family.origins


def test_explain(family):
    rows = {row.path: row for row in explain_scenario(family)}
    assert (rows["name"].how, rows["name"].where) == ("given", "child.yaml:2")
    assert (rows["customers.balk"].words, rows["customers.balk"].how) == ("0.1", "set")
    assert rows["customers.balk"].where == "--set customers.balk=0.1"
    assert (rows["calendar.days"].how, rows["calendar.days"].where) == ("inherited", "base.yaml:6")
    build = rows["fatigue.build_per_hour"]
    assert (build.value, build.how, build.grade, build.range) == (0.1, "default", "A", ".05-.20")
    assert "Deery" in build.source


def test_explain_names_files_without_their_folders(tmp_path):
    (tmp_path / "base.yaml").write_text(GOOD)
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nname: Child\n")
    rows = {row.path: row for row in explain_scenario(load(tmp_path / "child.yaml", ["calendar.days=3"]))}
    assert (rows["name"].where, rows["customers.balk"].where) == ("child.yaml:2", "base.yaml:34")
    assert rows["calendar.days"].where == "--set calendar.days=3"


def test_explain_names_the_key_that_stands_for_another(family):
    rows = {row.path: row for row in explain_scenario(family)}
    assert rows["intents.billing.talk_time"].words == "lognormal mean 5m cv 1"
    assert rows["intents.billing.talk_time"].where == "base.yaml:29", "the line of aht"
    assert rows["targets.service_level.within"].where == "base.yaml:50", "80/20 gives both"
    assert (rows["intents.billing.patience"].how, rows["intents.billing.patience"].source) == (
        "default",
        "customers.patience",
    )
    assert (rows["customers.max_attempts"].words, rows["run.follow_up"].words) == ("5", "auto")


def test_explain_shows_what_is_off():
    rows = {row.path: row for row in explain_scenario(loads(GOOD, ["bot=off"]))}
    assert (rows["bot"].words, rows["bot"].how) == ("off", "set")
    assert "bot.opt_out" not in rows
    assert rows["fatigue"].words == "on"
    assert "intents.billing.bot.resolves" not in rows


def test_every_default_of_a_mechanism_has_a_source_and_a_grade_or_does_nothing():
    switched_on = [
        f"{name}={{}}" for name in ("trust", "induced_demand", "screens", "expectations", "csat", "attrition")
    ]
    switched_on += ["supervisor={group: roster}", "workforce={redundancy: {}}", "bot.conversation={}"]
    scenario = loads(GOOD, [*switched_on, "assistant={summary: {}, cleanup: {}, monitoring: cop}"])
    sections = (*scenario.mechanisms, "csat", "attrition")
    rows = [row for row in explain_scenario(scenario) if row.path.split(".")[0] in sections and "." in row.path]
    defaults = [row for row in rows if row.how == "default" and row.value is not None]
    assert len(defaults) > 90
    without = {row.path: row for row in defaults if not row.source or row.grade not in GRADES}
    assert without.pop("bot.conversation.handoff").value == "offer", "a choice has no source"
    assert "bot.out_of_hours" in without
    assert all(row.source.endswith("unless given") and row.value in (0.0, "0s") for row in without.values())
