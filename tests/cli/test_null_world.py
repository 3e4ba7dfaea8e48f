"""`--null-world`: one scenario without slopes, and the rankings of several that survive it."""

import json
import math
from itertools import combinations

import pandas as pd
import pytest
from ruamel.yaml import YAML

import sim
from sim.cli.main import main
from sim.facts.null_world import slopes, slopes_on
from sim.report.comparison import charts
from tests.report.tiny import AFTER, BEFORE, CUT

TABLE = "Rankings that survive the null world"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Scenario files: the tiny centre, with its bot, and with fewer staff who tire and hurry."""
    folder, paths = tmp_path_factory.mktemp("files"), []
    for name, data in (("before", BEFORE), ("after", AFTER), ("cut", CUT)):
        YAML().dump(data, folder / f"{name}.yaml")
        paths.append(str(folder / f"{name}.yaml"))
    return paths


@pytest.fixture
def ccsim(capsys, monkeypatch):
    """The command line, without charts."""
    monkeypatch.setattr(charts, "draw", lambda findings: [])

    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        told = capsys.readouterr()
        return left.value.code or 0, told.out, told.err

    return call


@pytest.fixture
def told_of(ccsim):
    def call(*arguments):
        code, out, _ = ccsim(*arguments, "--jobs", "1", "--json")
        assert code == 0
        return json.loads(out)

    return call


def means(measures):
    return {name: estimate["mean"] for name, estimate in measures.items()}


def mean_of(table):
    return {name: None if math.isnan(mean) else mean for name, mean in table["mean"].items()}


# run --------------------------------------------------------------------------


def test_run_simulates_the_null_world_under_a_name_that_says_so(told_of, files):
    told = told_of("run", files[2], "--null-world")
    assert told["scenario"] == "Tiny cut (null world)"
    assert means(told["measures"]) == mean_of(sim.run(sim.null_world(sim.load(files[2]))).measures)
    assert told["measures"]["aht_fatigue_s"]["mean"] == 0.0


def test_run_heads_its_table_so_and_notes_what_it_changed(ccsim, files, tmp_path):
    code, out, err = ccsim("run", files[1], "--null-world", "--out", str(tmp_path / "out"))
    assert code == 0
    assert "Tiny after (null world)" in out
    keys = ", ".join([*slopes()][:4]).replace("NAME", "*")
    assert f"note: Tiny after (null world): slopes at their neutral values: {keys}\n" in err
    assert "intents.*.difficulty_weight, " in err
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["scenarios"]["Tiny after (null world)"]["scenario"]["bot"]["selectivity"] == 0.0


def test_run_notes_that_no_slope_is_on(ccsim, files):
    keys = ("intents.orders.difficulty_weight", "intents.billing.difficulty_weight", "customers.difficulty_slope")
    off = [word for key in keys for word in ("--set", f"{key}=0")]
    code, _, err = ccsim("run", files[0], "--null-world", *off)
    assert code == 0
    assert "note: Tiny before (null world): slopes at their neutral values: none is on\n" in err


# compare ----------------------------------------------------------------------


def test_json_and_folder_have_the_null_world_beside_what_they_have_anyway(told_of, files, tmp_path):
    here, plain = ("compare", *files[:2], "--seed", "7", "--replications", "4"), tmp_path / "plain"
    told = told_of(*here, "--null-world", "--out", str(tmp_path / "null"))
    null = told.pop("null_world")
    assert told == told_of(*here, "--out", str(plain))
    assert list(null) == ["scenarios", "differences", "rankings"]
    there = sim.compare(*(sim.null_world(sim.load(file)) for file in files[:2]), seed=7, replications=4)
    for name, found in there.results.items():
        assert set(null["scenarios"][name]) == set(told["scenarios"][name])
        assert means(null["scenarios"][name]["measures"]) == mean_of(found.measures)
    assert means(null["differences"]["Tiny after"]) == mean_of(there.differences.set_index("measure"))
    rankings_are_of(null["rankings"], told["differences"]["Tiny after"], null["differences"]["Tiny after"])
    folder_is_of(tmp_path / "null", plain, null)


def rankings_are_of(rankings, differences, differences_there):
    assert list(rankings)[:3] == ["sl_offered", "abandonment_rate", "asa_s"]
    assert "cost_per_resolution" not in rankings
    for measure, ranking in rankings.items():
        assert set(ranking) == {"order", "order_in_null_world", "verdict", "pairs"}
        (pair,) = ranking["pairs"]
        assert (pair["scenario"], pair["against"]) == ("Tiny after", "Tiny before")
        assert pair["difference"] == differences[measure]
        assert pair["difference_in_null_world"] == differences_there[measure]
        assert pair["verdict"] == ranking["verdict"]


def folder_is_of(out, plain, null):
    new = {path.name for path in out.iterdir()} - {path.name for path in plain.iterdir()}
    assert new == {"null_world.csv", "rankings.csv"} & set(json.loads((out / "manifest.json").read_text())["files"])
    table = pd.read_csv(out / "null_world.csv")
    assert list(table.columns) == list(pd.read_csv(out / "measures.csv").columns)
    for name, part in table.groupby("scenario"):
        known = {key: mean for key, mean in means(null["scenarios"][name]["measures"]).items() if mean is not None}
        assert mean_of(part.set_index("measure").dropna(subset="mean")) == pytest.approx(known)
    assert list(pd.read_csv(out / "rankings.csv")["measure"]) == list(null["rankings"])
    assert TABLE in (out / "report.html").read_text(encoding="utf-8")
    assert TABLE not in (plain / "report.html").read_text(encoding="utf-8")


def test_compare_prints_the_rankings_after_the_decision(ccsim, files):
    code, out, _ = ccsim("compare", *files[:2], "--null-world", "--replications", "2")
    assert code == 0
    places = [out.index(words) for words in ("Tiny before. ", "The decision", TABLE, "Mix shift")]
    assert places == sorted(places)
    assert "Repeats among contacts" in out[places[2] : places[3]]


@pytest.fixture
def made(monkeypatch):
    """The comparisons that are made, in their order, each with the replications that were asked for."""
    found, compare = [], sim.compare

    def kept(*scenarios, **orders):
        found.append((compare(*scenarios, **orders), orders["replications"]))
        return found[-1][0]

    monkeypatch.setitem(sim.__dict__, "compare", kept)
    return found


def test_every_two_of_three_are_judged_on_the_same_replications_also_where_names_repeat(told_of, files, made):
    precise = ("--set", "run={precision: {asa_s: 1%}, max_replications: 31, warm_up: 0d, follow_up: 0d}")
    null = told_of("compare", files[1], files[0], files[1], "--null-world", *precise)["null_world"]
    names = ["Tiny after", "Tiny before", "Tiny after (2)"]
    assert [asked for _, asked in made] == [None, 31, 31, 31]
    made = [comparison for comparison, _ in made]
    assert [list(comparison.results) for comparison in made] == [names, names[1:], names, names[1:]]
    slopes = [bool(slopes_on(r.scenario)) for comparison in made for r in comparison.results.values()]
    assert slopes == [True] * 5 + [False] * 5
    assert list(null["scenarios"]) == names
    pairs = null["rankings"]["asa_s"]["pairs"]
    assert [(pair["against"], pair["scenario"]) for pair in pairs] == [*combinations(names, 2)]
    same = pairs[1]
    assert (same["difference"]["mean"], same["difference_in_null_world"]["mean"], same["verdict"]) == (0.0, 0.0, "tied")
    for key, comparison in (("difference", made[1]), ("difference_in_null_world", made[3])):
        row = comparison.differences.set_index("measure").loc["asa_s"]
        assert pairs[2][key] == {"mean": row["mean"], "ci95": [row["ci_low"], row["ci_high"]]}


# Both -------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["run", "compare"])
def test_help_names_the_flag(ccsim, verb):
    assert "--null-world" in ccsim(verb, "--help")[1]


@pytest.mark.parametrize(
    "arguments", [["run", "nowhere.yaml"], ["compare", "FILE"], ["compare", "FILE", "nowhere.yaml"]]
)
def test_bad_input_leaves_with_2_and_one_message(ccsim, files, arguments):
    code, out, err = ccsim(*(files[0] if word == "FILE" else word for word in arguments), "--null-world")
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
