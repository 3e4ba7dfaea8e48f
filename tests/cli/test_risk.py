"""`risk`: what it prints and writes, what it refuses, and that an interruption loses nothing."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sim.study.risk import draws
from tests.study.test_risk import BELIEFS, CENTRE

FEW = ("--draws", "20", "--period", "3d", "--plans", "80%,140%")


@pytest.fixture
def file(tmp_path):
    """A small centre with beliefs."""
    path = tmp_path / "small.yaml"
    YAML().dump(CENTRE | {"beliefs": BELIEFS}, path)
    return str(path)


def contents(folder):
    """Every file below a folder, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def test_it_answers_in_words_tables_and_json(ccsim, file):
    code, out, _ = ccsim("risk", file, *FEW)
    out = " ".join(out.split())
    assert code == 0
    assert "Small meets all targets over 0.6 weeks with a chance of" in out
    assert "140 % (4.4 FTE) is the smallest that is 80 % sure" in out
    assert "luck of the weeks" in out
    code, out, _ = ccsim("risk", file, *FEW, "--json", "--jobs", "2")
    document = json.loads(out)
    assert (document["smallest_sufficient"], document["draws"], document["refused"]) == ("140 %", 20, 0)
    assert [plan["name"] for plan in document["plans"]] == ["Small", "80 %", "140 %"]
    assert document["plans"][1]["chance"]["all"]["mean"] < 0.2


def test_it_leaves_with_1_where_no_plan_is_sure(ccsim, file):
    code, out, _ = ccsim("risk", file, "--draws", "20", "--period", "3d", "--plans", "70%,80%", "--chance", "95%")
    assert code == 1
    assert "No plan is 95 % sure." in out


def test_files_and_levels_are_plans_and_before_is_none_to_choose(ccsim, file, tmp_path):
    other, earlier = tmp_path / "other.yaml", tmp_path / "earlier.yaml"
    other.write_text(f"extends: {file}\nname: Other\nagents: {{desk: {{staff: 9}}}}\n")
    earlier.write_text(f"extends: {file}\nname: Earlier\n")
    arguments = ("--before", earlier, "--plans", f"80%,{other}", "--plans", "desk=7", "--draws", "20", "--period", "3d")
    _, out, _ = ccsim("risk", file, *arguments, "--json")
    plans = {plan["name"]: plan for plan in json.loads(out)["plans"]}
    assert list(plans) == ["Small", "80 %", "desk 7 at the peak", "Other", "Earlier"]
    assert [plan["can_be_chosen"] for plan in plans.values()] == [True, True, True, True, False]
    assert plans["Earlier"]["chance"] == plans["Small"]["chance"]
    assert plans["Other"]["chance"]["all"]["mean"] >= plans["Small"]["chance"]["all"]["mean"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--chance", "120%"), "--chance: 120%: is not a share between 0 and 1"),
        (("--period", "4"), "--period: 4: is not a time"),
        (("--plans", "x=3"), "--plans: x: is no group of Small"),
        (("--plans", "missing.yaml"), "missing.yaml"),
        (("--plans", "0%,100%"), "--plans: 0 %: leaves no agents at all"),
        (("--plans", ""), "--plans: : is not a number. Write a list"),
        (("--set", "beliefs.customers.patience=[5m, 3m]"), "beliefs.customers.patience: has its low end above"),
        (
            ("--set", "targets={}", "--set", "targets.service_level=off", "--set", "targets.abandonment=off"),
            "no targets",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(ccsim, file, arguments, words):
    code, _, err = ccsim("risk", file, *arguments)
    assert code == 2
    assert words in " ".join(err.split())


def test_an_interrupted_study_ends_with_the_same_bytes(ccsim, file, tmp_path, monkeypatch):
    made, done = draws.outcome_of, []
    whole, out = tmp_path / "whole" / "results", tmp_path / "broken" / "results"
    _, printed, _ = ccsim("risk", file, *FEW, "--out", whole)

    def stopping(*arguments):
        if len(done) == 23:
            raise KeyboardInterrupt
        done.append(arguments)
        return made(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(draws, "outcome_of", stopping)
        code, _, err = ccsim("risk", file, *FEW, "--out", out)
    (store,) = out.parent.glob(".*.risk")
    assert code == 130
    assert f"7 of 20 draws are kept in {store}" in " ".join(err.split())
    assert not out.exists()
    code, again, err = ccsim("risk", file, *FEW, "--out", out, "--jobs", "2")
    assert "resuming: 7 of 20 draws are there" in err
    assert (code, again) == (0, printed)
    assert contents(out) == contents(whole)
    assert not list(out.parent.glob(".*.risk"))
