"""docs/scenario-reference.md says what the models say."""

import re
from pathlib import Path

import pytest

from sim.loading.json_schema import models
from sim.loading.shape import NOT_BUILT, allowed_keys, inner
from sim.mechanisms import mechanism_names
from sim.scenario.model import Scenario
from sim.schema.base import file_fields, mark_of
from sim.schema.distribution import Distribution
from sim.schema.formatting import distribution_words
from sim.schema.values import parse_duration

OUTCOMES = ("csat", "attrition")
REFERENCE = (Path(__file__).parents[2] / "docs" / "scenario-reference.md").read_text()
ROW = re.compile(r"^\| (?:`(\w+)`: )?`(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.M)


def test_every_key_is_mentioned():
    keys = [(model.__name__, key) for model in models() for key in allowed_keys(model)]
    assert [key for key in keys if f"`{key[1]}`" not in REFERENCE] == []
    assert [path for path in NOT_BUILT if f"`{path}`" not in REFERENCE] == []


@pytest.mark.parametrize("name", [*mechanism_names(), *OUTCOMES])
def test_defaults_of_mechanisms_are_those_of_the_models(name):
    section = REFERENCE.split(f"\n### `{name}`\n")[1].split("\n### ")[0]
    model = inner(Scenario.model_fields[name].annotation)[1]
    rows = ROW.findall(section)
    assert {key for part, key, *_ in rows if not part} | {part for part, *_ in rows} - {""} == set(file_fields(model))
    for part, key, default, about, source, grade, span in rows:
        home = inner(file_fields(model)[part].annotation)[1] if part else model
        field = file_fields(home)[key]
        texts = [
            field.description,
            mark_of(field, "source") or "",
            mark_of(field, "grade") or "",
            mark_of(field, "range") or "",
        ]
        assert [about, source, grade, span] == texts, key
        assert same(default, field), key


def same(text, field):
    if field.is_required():
        return text == "must be given"
    if isinstance(field.default, Distribution):
        return text == distribution_words(field.default)
    if field.default is None:
        return text == "off"
    if isinstance(field.default, str):
        return text == field.default
    if isinstance(field.default, tuple):
        return field.default == tuple(float(part) for part in text.split(", "))
    return field.default == (parse_duration(text) if text[-1] in "smhd" else float(text))
