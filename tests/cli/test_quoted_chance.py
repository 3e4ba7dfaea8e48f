"""`targets --beliefs` and `staff --beliefs`: the chance of `risk` for what they name, and nothing else changed."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.report.risk.tables import percent
from tests.study.test_risk import BELIEFS, CENTRE

GRID = ("--staff", "90%,130%", "--aht", "90%", "--replications", "4", "--luck-only")
DAY = ("--each", "whole", "--replications", "10", "--luck-only", "--no-shifts")
FEW = ("--beliefs", "--draws", "20")


@pytest.fixture
def file(tmp_path):
    """A small centre with beliefs."""
    path = tmp_path / "small.yaml"
    YAML().dump(CENTRE | {"beliefs": BELIEFS}, path)
    return str(path)


def words(text):
    return " ".join(text.split())


def test_targets_quotes_what_risk_says_of_the_cell_and_changes_nothing_else(ccsim, file):
    grid = ("--staff", "90%,130%", *GRID[4:], "--set", "pace=off", "--aht", "100%")
    _, plain, _ = ccsim("targets", file, *grid, "--json")
    code, out, _ = ccsim("targets", file, *grid, *FEW, "--json")
    told = json.loads(out)
    chance = told.pop("chance")
    assert (code, told) == (0, json.loads(plain))
    assert chance["plan"] == "staffing 130 % with no target"
    assert (chance["draws"], chance["refused"], chance["numbers_drawn"], chance["weeks"]) == (20, 0, 3, 4.0)
    scenario = sim.load(file)
    risk = sim.risk(scenario, plans=[sim.by_factor(scenario, 1.3)], draws=20)
    for name, found in chance["meets"].items():
        assert found["mean"] == risk.chance(1, name).mean
        assert found["ci95"] == pytest.approx([risk.chance(1, name).low, risk.chance(1, name).high])
    assert set(chance["meets"]) == {"all", *told["goals"]}
    _, out, _ = ccsim("targets", file, *grid, *FEW)
    said = f"staffing 130 % with no target meets all targets over 4 weeks with a chance of {percent(risk.chance(1))}."
    assert said in words(out)
    assert "20 draws of 3 numbers" in words(out)


def test_staff_quotes_the_chance_of_the_agents_required(ccsim, file):
    _, plain, _ = ccsim("staff", file, *DAY)
    code, out, _ = ccsim("staff", file, *DAY, *FEW)
    assert code == 0
    start, end = out.index("The chance. "), out.index("If nothing is done. ")
    assert "Luck and beliefs together, the staffing required meets all targets over 4 weeks" in words(out[start:end])
    assert out[:start] + out[end:] == plain
    code, out, _ = ccsim("staff", file, *DAY, *FEW, "--json")
    chance = json.loads(out)["chance"]
    low, high = chance["meets"]["all"]["ci95"]
    assert 0.0 < low < chance["meets"]["all"]["mean"] < high < 1.0, "as few as will do is neither safe nor hopeless"
    _, out, _ = ccsim("staff", file, *DAY, *FEW, "--json", "--set", "beliefs.arrivals.per_hour={times: [1.5, 1.6]}")
    assert json.loads(out)["chance"]["meets"]["all"]["mean"] == 0.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("targets", *GRID, "--draws", "30"), "--draws: 30: says how often what is believed is drawn. Add --beliefs"),
        (("staff", *DAY, "--draws", "30"), "--draws: 30: says how often what is believed is drawn. Add --beliefs"),
        (("staff", "--beliefs", "--release", "2"), "--beliefs: is of the agents required, not of --release."),
        (("staff", "--beliefs", "--no-worse"), "--beliefs: is of the agents required, not of --no-worse."),
    ],
)
def test_what_cannot_be_quoted_is_refused_before_anything_is_simulated(ccsim, file, arguments, said):
    verb, *rest = arguments
    code, out, err = ccsim(verb, file, *rest)
    assert (code, out) == (2, "")
    assert said in words(err)
    assert "simulated" not in err


@pytest.mark.parametrize("asked", [("targets", *GRID), ("staff", *DAY)], ids=lambda asked: asked[0])
def test_where_nothing_varies_there_is_no_chance_to_quote(ccsim, file, asked):
    YAML().dump(CENTRE | {"beliefs": {"others": "off"}}, Path(file))
    verb, *rest = asked
    code, out, err = ccsim(verb, file, *rest, *FEW)
    assert (code, out) == (2, "")
    assert "nothing varies" in words(err)
    assert "simulated" not in err
