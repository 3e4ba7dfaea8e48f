"""A scenario changed in memory says what a file with that change would say, and still knows what it rests on."""

from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.loading.explain import explain_scenario
from sim.loading.load import changed
from tests.study.small import SMALL, small

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = ["retailer/after-bot-all.yaml", "bank/week.yaml", "cases/loop/no-way-out.yaml", "cases/cuts/before.yaml"]


@pytest.mark.parametrize("name", FILES)
def test_no_change_is_the_same_scenario_from_the_same_places(name):
    scenario = sim.load(SCENARIOS / name)
    again = changed(scenario, [])
    assert again == scenario
    assert again.digest == scenario.digest
    assert explain_scenario(again) == explain_scenario(scenario)


def test_a_change_is_what_the_same_setting_makes_of_the_file():
    settings = {"agents.first.staff": [1, 2, 3, 4, 5, 6, 7, 8], "pace": "off", "bot.selectivity": 0.2}
    assert changed(small(), settings) == sim.loads(SMALL, settings)


def test_one_way_to_say_a_thing_replaces_the_other():
    made = changed(small(), {"intents.order.bot.containment": 0.3, "intents.fault.aht": "10m"})
    assert made.intents["order"].bot.resolves is None
    assert made.intents["order"].bot.containment == 0.3
    assert made.intents["fault"].talk_time.average + made.intents["fault"].wrap_up.average == 600.0


def test_what_was_changed_is_set_and_the_rest_is_as_known_as_before():
    how = {p.path: (p.how, p.where) for p in explain_scenario(changed(small(), {"bot.selectivity": 0.2}))}
    assert how["bot.selectivity"] == ("set", "--set bot.selectivity=0.2")
    assert how["bot.opt_out"][0] == "default"
    assert how["customers.patience"][0] == "given"


def test_a_map_that_replaces_another_takes_its_origins_with_it():
    how = {p.path: p.how for p in explain_scenario(changed(small(), {"agents.second.staff": 4}))}
    assert how["agents.second.staff"] == "set"
    assert how["agents.second.absence"] == "given"


def test_every_refusal_is_told_at_once_by_its_setting():
    with pytest.raises(ScenarioError) as refused:
        changed(small(), ["bot.selectivity=2", "pace.targt=5m"])
    told = str(refused.value)
    assert "--set bot.selectivity=2: bot.selectivity" in told
    assert "pace.targt" in told
