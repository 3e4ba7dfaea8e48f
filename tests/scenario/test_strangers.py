"""Files that are no scenario, a table or a baseline: named, never shown, with the place that points to them."""

import time

import pytest

from sim.errors import BaselineError, ScenarioError
from sim.loading.load import load
from sim.report.regression import read_baseline

from .texts import GOOD

SECRET = "hunter2"
STRANGERS = {
    "lines of a system": f"root:x:0:0:{SECRET}:/root\ndaemon:x:1:1:{SECRET}\n",
    "keys of something else": f"password: {SECRET}\n{SECRET}: bob\n",
    "the same key twice": f"{SECRET}: 1\n{SECRET}: 2\n",
    "a list": f"- {SECRET}\n- b\n",
    "a sentence": f"{SECRET}\n",
    "no YAML": f"a: b: {SECRET}\n",
    "a tag": f"a: !{SECRET} x\n",
    "an alias": f"a: *{SECRET}\n",
    "a program": f"#!/bin/sh\nexport TOKEN={SECRET} && \\\n  echo ${{TOKEN}}\n",
    "JSON": f'{{"token": "{SECRET}"}}',
    "a table": f"user;token\nbob;{SECRET}\n",
    "an INI file": f"[default]\ntoken = {SECRET}\n",
    "bytes": f"{SECRET}\0\x01\x02",
    "many lines": f"2026-01-01 08:00 {SECRET}: hello\n" * 60_000,
}


@pytest.mark.parametrize("kind", STRANGERS)
@pytest.mark.parametrize("pointed", [True, False])
def test_a_file_that_is_no_scenario_is_named_and_not_shown(tmp_path, kind, pointed):
    (tmp_path / "other.txt").write_text(STRANGERS[kind])
    (tmp_path / "child.yaml").write_text(f"name: Child\nextends: other.txt\n{GOOD.split(chr(10), 2)[2]}")
    began = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / ("child.yaml" if pointed else "other.txt"))
    assert time.perf_counter() - began < 5
    said = str(caught.value)
    assert SECRET not in said
    assert len(caught.value.problems) == 1
    assert "other.txt" in said
    assert not pointed or ("child.yaml" in said and ("line 2, extends it" in said or ":2:10: extends" in said))
    assert "scenario" in said


def test_what_is_wrong_in_a_base_that_is_a_scenario_is_said_with_its_line(tmp_path):
    (tmp_path / "child.yaml").write_text("extends: base.yaml\n")
    (tmp_path / "base.yaml").write_text("name: x\n\tdays: 5\n")
    with pytest.raises(ScenarioError, match=r"base\.yaml:2:1: is not YAML.*child\.yaml, line 1, extends it"):
        load(tmp_path / "child.yaml")
    (tmp_path / "base.yaml").write_bytes("name: café\n".encode("latin-1"))
    with pytest.raises(ScenarioError, match=r"child\.yaml:1:10: extends: is not UTF-8 text in line 1, column 10"):
        load(tmp_path / "child.yaml")
    (tmp_path / "base.yaml").write_text("")
    with pytest.raises(ScenarioError, match=r"base\.yaml:1:1: is empty.*child\.yaml, line 1, extends it"):
        load(tmp_path / "child.yaml")


def test_keys_may_be_quoted_and_stand_in_braces(tmp_path):
    for text in ('{"name": 5x, "nonsense": 1}', "{ name: x, nonsense: 1 }", "'name' : x\nnonsense: 1\n"):
        (tmp_path / "a.yaml").write_text(text)
        with pytest.raises(ScenarioError, match="nonsense: is not a key"):
            load(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("per_day: 400", "file: other.txt"),
        ("    staff: 12", "    staff: {file: other.txt}"),
        ("    wrap_up: 1m", "    wrap_up: {distribution: empirical, file: other.txt}"),
    ],
)
@pytest.mark.parametrize("kind", ["lines of a system", "a sentence", "a table", "a program"])
def test_a_file_that_is_no_table_is_named_and_not_shown(tmp_path, old, new, kind):
    assert old in GOOD
    (tmp_path / "other.txt").write_text(STRANGERS[kind])
    (tmp_path / "a.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(ScenarioError, match=r"other\.txt") as caught:
        load(tmp_path / "a.yaml")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("text", [f'["{SECRET}"]', f'"{SECRET}"', SECRET, f"a: {SECRET}"])
def test_a_file_that_is_no_baseline_is_named_and_not_shown(tmp_path, text):
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(BaselineError, match=r"other\.json") as caught:
        read_baseline(tmp_path / "other.json")
    assert SECRET not in str(caught.value)
