"""``ccsim bridge``: what it prints and writes, and how it leaves."""

import json

import pytest
from ruamel.yaml import YAML

import sim
from sim.cli.main import VERBS
from sim.report.bridge.narrative import sentence
from tests.report.tiny import AFTER, BEFORE


def test_it_prints_the_answer_with_its_sentence_and_then_the_bars(ccsim, files):
    code, out, err = ccsim("bridge", *files)
    assert code == 0
    assert "Traceback" not in err
    found = sim.bridge(*(sim.load(file) for file in files))
    words = " ".join(out.split())
    places = [
        words.index(part) for part in (sentence(found), "From today to tomorrow, cause by cause", "Parameters in")
    ]
    assert places == sorted(places)


def test_json_is_one_document_that_adds_up(ccsim, files):
    code, out, _ = ccsim("bridge", *files, "--json", "--seed", "7", "--replications", "2", "--jobs", "1")
    said = json.loads(out)
    assert code == 0
    assert (said["seed"], said["replications"], said["order"]) == (7, 2, "one_by_one")
    hours = said["measures"]["workload_hours"]
    whole = sum(bar["mean"] for bar in hours["bars"].values())
    assert whole == pytest.approx(hours["after"]["mean"] - hours["before"]["mean"])


def test_settings_apply_to_both(ccsim, files):
    settings = ["--set", "calendar.days=1", "--set", "targets.occupancy=70%"]
    _, out, _ = ccsim("bridge", *files, "--json", *settings)
    said = json.loads(out)
    both = [sim.load(file, ["calendar.days=1"]) for file in files]
    for side, scenario in zip(("before", "after"), both, strict=True):
        hours = sim.run(scenario).measures.loc["workload_hours", "mean"]
        assert said["measures"]["workload_hours"][side]["mean"] == pytest.approx(hours)
    assert said["fte_rule"]["occupancy"] == 0.7


def test_all_orders_and_another_occupancy_on_request(ccsim, files):
    _, out, _ = ccsim("bridge", *files, "--json", "--shapley", "--occupancy", "80%")
    said = json.loads(out)
    assert said["order"] == "shapley"
    assert "selection" not in said["causes"]
    assert (said["fte_rule"]["occupancy"], said["fte_rule"]["occupancy_from"]) == (0.8, "option")


def test_both_engines_give_the_same_document(ccsim, files):
    quick = ("--json", "--replications", "1", "--set", "arrivals.per_day=20")
    assert ccsim("bridge", *files, *quick)[1] == ccsim("bridge", *files, *quick, "--engine", "simpy")[1]


def test_the_folder_is_written_and_named(ccsim, files, tmp_path):
    code, _, err = ccsim("bridge", *files, "--replications", "2", "--out", str(tmp_path / "out"))
    assert code == 0
    assert f"the report is {tmp_path / 'out' / 'report.html'}" in err
    assert (tmp_path / "out" / "bridge.csv").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--occupancy", "85"], "--occupancy: 85: is not a share. Write a share such as 0.85 or 85%"),
        (["--occupancy", "busy"], "--occupancy: busy: is not a share"),
        (["--occupancy", "0"], "occupancy: 0: must be above 0 and at most 1"),
        (["--set", "calendar.hous=1"], "hous"),
        (["--replications", "0"], "--replications"),
    ],
)
def test_bad_input_gets_one_message_and_two(ccsim, files, more, words):
    code, out, err = ccsim("bridge", *files, *more)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_sides_that_measure_other_days_are_refused(ccsim, files, tmp_path):
    longer = tmp_path / "longer.yaml"
    YAML().dump(AFTER | {"calendar": BEFORE["calendar"] | {"days": 3}}, longer)
    code, _, err = ccsim("bridge", files[0], str(longer))
    assert code == 2
    assert err.strip().endswith("such as --set calendar.start=2026-11-23 --set calendar.days=2")


def test_it_needs_both_files(ccsim, files):
    code, _, err = ccsim("bridge", files[0])
    assert code == 2
    assert "AFTER" in err
    code, _, err = ccsim("bridge", files[0], "nowhere.yaml")
    assert (code, "nowhere.yaml" in err) == (2, True)


def test_it_is_a_verb_after_compare():
    verbs = list(VERBS)
    assert verbs.index("bridge") > verbs.index("compare")
