"""The JSON Schema says what the loader says, as far as a schema can."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from sim.loading.json_schema import json_schema

from .test_resolved import SHIPPED
from .texts import GOOD, OBSERVED, spoiled

STARTER = Path(__file__).parents[2] / "sim" / "loading" / "starter.yaml"
VALIDATOR = Draft202012Validator(json_schema())


def parsed(text):
    return YAML(typ="safe", pure=True).load(
        text.replace("2026-11-23", '"2026-11-23"').replace("2026-12-25", '"2026-12-25"')
    )


def as_json(value):
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value if isinstance(value, bool | int | float | str) else str(value)


def errors(text):
    return [error.message for error in VALIDATOR.iter_errors(as_json(parsed(text)))]


def test_it_is_a_schema():
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", [STARTER, *SHIPPED], ids=lambda path: path.stem)
def test_what_ships_fits(path):
    assert errors(path.read_text()) == []


def test_the_good_text_and_what_it_resolves_to_fit():
    from sim.loading.load import loads

    assert errors(GOOD) == []
    assert [error.message for error in VALIDATOR.iter_errors(loads(GOOD).resolved())] == []


@pytest.mark.parametrize(
    "extra",
    [
        "extends: a.yaml\n",
        "workforce: off\n",
        "pace: off\n",
        "intents: {a: off, b: {aht: 4m, bot: off}}\n",
        "intents: {a: {talk_time: {cv: 0.5}}}\n",
        "observed: off\n",
        "observed: {aht: {a: off}, asa: off, service_level: 78%}\n",
        "observed: {service_level: {share: 0.78, within: 20s}, fcr: {a: 60%}, free: []}\n",
    ],
)
def test_parts_of_files_that_extend_others_fit(extra):
    assert errors(extra) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Test centre", "nmae: Test centre"),
        ("    wrap_up: 40s", "    wrap_up: 40"),
        ("    share: 0.6", "    share: 60"),
        ("  at_close: drain", "  at_close: drian"),
        ("distribution: lognormal, mean: 3m", "distribution: normal, mean: 3m"),
        ("cv: 0.8}", "sd: 2m, cv: 0.8}"),
        ('"08:00-12:00"', '"8 to 12"'),
        ("sat-sun: closed", "weekend: closed"),
        ("service_level: 80/20", "service_level: 80 in 20"),
        ("replications: 50", "precision: {sl: 0.01}"),
        ("{count: 3, days: mon-fri, start", "{days: mon-fri, start"),
        ("  max_attempts: 5", "  max_attempts: never"),
        ("mistreatment: {}", "observed: {}"),
        ("mistreatment: {}", "supervisor: {share: [0.1]}"),
        ("bot: {opt_out", "bot: {conversation: {give_up: 0.5}, opt_out"),
        ("bot: {opt_out", "bot: {conversation: {good_turns: 201}, opt_out"),
        ("    skill: general", "    name: general"),
        ("fatigue: {recovery", "fatigue: {effects: {spread: 3.1}, recovery"),
    ],
)
def test_what_the_loader_refuses_does_not_fit(old, new):
    assert errors(spoiled(old, new)[0]) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("billing: 390s", "billing: 390"),
        ("occupancy: 0.86", "occupancy: {billing: 0.86}"),
        ("service_level: 78/30", "service_level: 78 in 30"),
        ("free: [staff]", "free: [agents]"),
        ("free: [staff]", "freed: [staff]"),
    ],
)
def test_observed_figures_that_the_loader_refuses_do_not_fit(old, new):
    assert errors(GOOD + OBSERVED) == []
    assert errors(GOOD + OBSERVED.replace(old, new)) != []


def test_every_key_has_a_description():
    schema = json_schema()
    for name in ("Observed", "Calendar", "Arrivals", "Intent", "Customers", "Group", "Bot", "Fatigue", "Run"):
        keys = schema["$defs"][name]["properties"]
        assert [key for key, value in keys.items() if not value.get("description")] == []
