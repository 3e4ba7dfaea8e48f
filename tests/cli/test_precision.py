"""A precision that max_replications does not reach is said: on stderr, under the table, in JSON, on the result."""

import json

import pytest
from ruamel.yaml import YAML

import sim
from sim.cli.main import main

DAY = {
    "name": "short day",
    "calendar": {"start": "2026-11-23", "days": 1, "hours": "08:00-10:00"},
    "arrivals": {"per_hour": 60},
    "intents": {"call": {"share": 1, "talk_time": "5m"}},
    "customers": {"patience": "3m"},
    "agents": {"all": {"skills": ["call"], "staff": 6}},
    "run": {"precision": {"service_level": 0.001, "aht_s": "50%"}, "max_replications": 40},
}
WORDS = "short day: the precision asked for in run.precision is not reached for service_level after 40 replications"


def told(capsys, tmp_path, *flags):
    path = tmp_path / "day.yaml"
    YAML().dump(DAY, path)
    with pytest.raises(SystemExit):
        main(("run", str(path), *flags))
    return capsys.readouterr()


def test_an_unmet_precision_is_said_on_stderr_and_under_the_table(capsys, tmp_path):
    said = told(capsys, tmp_path)
    assert f"note: {WORDS}" in said.err
    assert WORDS in said.out


def test_an_unmet_precision_is_in_the_document(capsys, tmp_path):
    assert json.loads(told(capsys, tmp_path, "--json").out)["precision_not_reached"] == ["service_level"]


def test_replications_on_the_command_line_ask_for_no_precision(capsys, tmp_path):
    said = told(capsys, tmp_path, "--replications", "3", "--json")
    assert "precision" not in said.err
    assert "precision_not_reached" not in json.loads(said.out)


def test_a_met_precision_leaves_nothing_to_say():
    scenario = sim.loads(DAY | {"run": {"precision": {"service_level": 0.2}, "max_replications": 40}})
    assert sim.run(scenario).unmet == ()
