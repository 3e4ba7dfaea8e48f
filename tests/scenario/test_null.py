"""The null world: what becomes of a scenario's keys, and that no latent state changes an outcome there."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import sim
from sim.facts.null_world import null_world, slopes, slopes_on
from sim.loading.explain import explain_scenario
from sim.loading.shape import inner
from sim.mechanisms.frustration import Frustration
from sim.mechanisms.mistreatment import mistreatment_probability
from sim.report.comparison.bot import TOTAL
from sim.scenario.model import Intent, Scenario
from sim.schema.base import file_fields

ALL = {
    "name": "every slope",
    "calendar": {"start": "2026-11-23", "days": 2, "hours": "08:00-10:00", "interval": "30m"},
    "arrivals": {"per_day": 80},
    "intents": {
        "orders": {"share": 0.6, "skill": "all", "talk_time": "4m", "wrap_up": "30s", "bot": {"resolves": 0.5}},
        "billing": {"share": 0.4, "skill": "all", "talk_time": "6m", "difficulty_weight": 0.8, "resolution": 0.6},
    },
    "customers": {"patience": "3m", "redial": {"delay": "10m"}, "repeat": {"delay": "30m"}, "difficulty_slope": 1.2},
    "agents": {"desk": {"skills": ["all"], "staff": 4}, "leads": {"skills": ["help"], "staff": 1}},
    "costs": {"agent_hour": 30},
    "run": {"seed": 3, "replications": 3, "warm_up": "0d", "follow_up": "0d"},
    "bot": {"opt_out": 0.2},
    "frustration": {},
    "mistreatment": {},
    "fatigue": {"build_per_hour": 0.4, "break_at": 0.2, "recovery_time": "30s"},
    "pace": {"target": "4m"},
    "workforce": {},
    "assistant": {"reinvest": 0.5},
    "supervisor": {"group": "leads"},
    "expectations": {},
    "trust": {"failed_bot": 0.3},
    "csat": {},
    "attrition": {},
    "horizon": {"attrition": {"strain_slope": 0.3, "mistreatment_slope": 1.0}},
}
LEVELS = {
    "assistant.cop_build_up",
    "assistant.mistreatment",
    "attrition.new_factor",
    "attrition.reference",
    "attrition.sd",
    "bot.day_sd",
    "expectations.start",
    "fatigue.recovery_time",
    "fatigue.strain_threshold",
    "frustration.start",
    "frustration.wait_grace",
    "horizon.attrition.new_factor",
    "horizon.attrition.reference",
    "horizon.attrition.sd",
    "horizon.bot.drift_cv",
    "mistreatment.intercept",
    "supervisor.difficult_above",
    "trust.start",
    "workforce.redundancy.handle_time",
    "workforce.speed_sd",
}
"""Keys whose words name a state, or a factor, and which are levels all the same: they link no state to an outcome."""

STATES = {
    "frustration.failed_turn": 0.9,
    "frustration.repeats_himself": 0.9,
    "frustration.wait_grace": "0s",
    "frustration.per_minute": 0.5,
    "frustration.returns": 0.9,
    "fatigue.build_per_hour": 2.0,
    "fatigue.recovery_per_hour.available": 0.0,
    "trust.start": 0.9,
    "trust.failed_bot": 0.9,
    "trust.unresolved": 0.9,
}
"""How states come about, far from the defaults."""
OF_STATES = re.compile("frustration|fatigue|strained")

SLOPES = slopes()


def parameters(model: type[BaseModel], path=""):
    """Key paths and words of every value that a file may give."""
    for key, field in file_fields(model).items():
        form, below = inner(field.annotation)
        if below is None:
            yield path + key, field.description or ""
        else:
            yield from parameters(below, f"{path}{key}.NAME." if form == "map" else f"{path}{key}.")


def leaf(scenario, key):
    """The value at a key, of the intent billing where it has intents."""
    for name in key.replace("NAME", "billing").split("."):
        scenario = scenario[name] if isinstance(scenario, dict) else getattr(scenario, name)
    return scenario


@pytest.fixture(scope="module")
def everything():
    return sim.loads(ALL)


@pytest.fixture(scope="module")
def flat(everything):
    return null_world(everything)


# What changes -----------------------------------------------------------------


@pytest.mark.parametrize(("key", "neutral"), SLOPES.items())
def test_every_slope_is_neutral(everything, flat, key, neutral):
    assert leaf(everything, key) != neutral
    assert leaf(flat, key) == neutral


def test_every_intent_is_changed(flat):
    assert [intent.difficulty_weight for intent in flat.intents.values()] == [0.0, 0.0]
    assert [intent.difficulty_slope for intent in flat.intents.values()] == [0.0, 0.0]


def test_nothing_else_is_changed(everything, flat):
    def leaves(part, path=""):
        for key, below in part.items():
            yield from leaves(below, f"{path}{key}.") if isinstance(below, dict) else [(path + key, below)]

    before, after = (dict(leaves(scenario.resolved())) for scenario in (everything, flat))
    changed = {key for key in before if before[key] != after.get(key)}
    named = {re.sub(r"^intents\.(orders|billing)", "intents.NAME", key) for key in changed}
    assert named == {*SLOPES, "mistreatment.intercept"}


def test_a_scenario_without_a_slope_comes_back_equal():
    plain = {key: ALL[key] for key in ("name", "calendar", "arrivals", "agents", "run", "bot")}
    intents = {name: intent | {"difficulty_weight": 0} for name, intent in ALL["intents"].items()}
    levels = {"customers": {"difficulty_slope": 0}, "bot": {"selectivity": 0}, "mistreatment": {"slope": 0}}
    scenario = sim.loads(plain | {"intents": intents} | levels)
    assert slopes_on(scenario) == ()
    assert null_world(scenario) == scenario


def test_a_null_world_has_no_slope_left_and_is_its_own(everything, flat):
    assert slopes_on(everything) == tuple(SLOPES)
    assert slopes_on(flat) == ()
    assert null_world(flat) == flat


def test_mechanisms_that_are_off_stay_off():
    parts = ("name", "calendar", "arrivals", "agents", "run")
    scenario = sim.loads({key: ALL[key] for key in parts} | {"intents": {"a": {"talk_time": "4m", "skill": "all"}}})
    assert null_world(scenario).mechanisms == ()
    assert slopes_on(scenario) == tuple(SLOPES)[:3]


@pytest.mark.parametrize("frustration", [{"start": 0.4}, None])
def test_a_fresh_customer_mistreats_as_often(frustration):
    scenario = sim.loads(ALL | {"frustration": frustration or "off", "mistreatment": {"intercept": -1.2, "slope": 2.0}})
    before, after = scenario.mistreatment, null_world(scenario).mistreatment
    fresh = (scenario.frustration or Frustration()).start
    stated = mistreatment_probability(fresh, before.intercept, before.slope)
    assert stated > mistreatment_probability(0.0, before.intercept, before.slope)
    assert {mistreatment_probability(f, after.intercept, after.slope) for f in (0.0, fresh, 1.0)} == {stated}


def test_a_null_world_can_be_written_and_read_again(flat):
    assert sim.loads(flat.resolved()) == flat


def test_notes_and_origins_are_kept_and_say_what_was_changed(everything, flat):
    assert flat.notes == everything.notes
    rows = {row.path: row for row in explain_scenario(flat)}
    weight = rows["intents.orders.difficulty_weight"]
    assert (weight.value, weight.how, weight.where) == (0.0, "set", "null world")
    assert (rows["fatigue.build_per_hour"].how, rows["bot.context_kept"].how) == ("given", "default")
    assert {row.how for row in explain_scenario(everything)} == {"given", "default"}


def test_it_is_public():
    assert sim.null_world is null_world


# Nothing forgotten ------------------------------------------------------------


def test_slopes_are_keys_of_the_file_format():
    assert set(SLOPES) <= {key for key, _ in parameters(Scenario)}
    assert inner(Scenario.model_fields["intents"].annotation) == ("map", Intent)


def test_the_page_lists_every_slope_and_what_becomes_of_it():
    text = (Path(__file__).parents[2] / "docs" / "null-world.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w.]+)` \| `(\w+)` \|", text, re.MULTILINE))
    assert rows == {key: "off" if neutral is None else f"{neutral:g}" for key, neutral in SLOPES.items()}


def test_a_key_that_reads_like_a_slope_is_one_or_is_known_to_be_a_level():
    words = re.compile(r"\bk\b|\blog|difficult|frustrat|fatigue|tired|trust|mistreat", re.IGNORECASE)
    names = re.compile("slope|weight|effect|factor|selectivity")
    found = {key for key, about in parameters(Scenario) if names.search(key) or words.search(about)}
    assert found - set(SLOPES) == LEVELS


def measured(scenario):
    """Every measure but those of the states themselves."""
    means = sim.run(scenario, jobs=1).measures["mean"]
    return {name: mean for name, mean in means.dropna().items() if not OF_STATES.match(str(name))}


def test_no_state_changes_an_outcome(everything, flat):
    moved = sim.loads(ALL, settings=STATES)
    assert measured(null_world(moved)) == measured(flat)
    assert measured(moved) != measured(everything)


@pytest.mark.parametrize("above", [-1.0, 2.0])
def test_what_is_difficult_changes_no_outcome(flat, above):
    moved = null_world(sim.loads(ALL, settings={"supervisor.difficult_above": above}))
    assert measured(moved) == measured(flat)


# What follows -----------------------------------------------------------------


@pytest.fixture(scope="module")
def results(everything, flat):
    """The same customers in both worlds."""
    return [sim.run(scenario, replications=20) for scenario in (everything, flat)]


def test_states_add_nothing_to_handle_time(results):
    parts = ["aht_frustration_s", "aht_fatigue_s"]
    here, there = (result.measures.loc[parts, "mean"].tolist() for result in results)
    assert min(here) > 1.0
    assert there == [0.0, 0.0]


def test_nothing_is_left_of_the_mix_shift_within_intents(results):
    here, there = (result.mix_shift.set_index("intent").loc[TOTAL] for result in results)
    assert here["within_s"] > 5.0
    assert abs(there["within_s"]) < there["ci_high"] - there["t0_agents_s"]


def test_the_law_says_so_too(results):
    here, there = (result.mix_shift.set_index("intent").loc["orders"] for result in results)
    assert here["t0_formula_s"] > here["t0_all_s"] + 5.0
    assert there["t0_formula_s"] == pytest.approx(there["t0_all_s"])


def test_the_customers_are_the_same(results):
    here, there = (result.measures.loc["demand", "mean"] for result in results)
    assert here == there > 0
