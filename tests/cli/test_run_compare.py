"""`run` and `compare`: what they print and where, what they write, how they leave."""

import json
import os
import re
import subprocess
import sys

import pytest

import sim

HEAVY = ("numba", "matplotlib", "pandas", "scipy", "numpy", "simpy", "pyarrow")


def test_run_prints_the_decision_with_intervals(ccsim, files):
    code, out, err = ccsim("run", files[1])
    assert code == 0
    result = sim.run(sim.load(files[1]))
    row = result.measures.loc["sl_offered"]
    half = 50 * (row["ci_high"] - row["ci_low"])
    line = next(line for line in out.splitlines() if "Service level within 20 s (%)" in line)
    assert f"{100 * row['mean']:.1f} % ± {half:.1f}" in line
    parts = ("Tiny after. ", "The decision", "By day", "By interval", "Claimed and true", "Mix shift: Tiny after")
    places = [out.index(words) for words in parts]
    assert places == sorted(places)
    assert "Traceback" not in err


def test_piped_output_has_no_colours_and_no_folding(ccsim, files):
    _, out, _ = ccsim("compare", *files)
    assert "\x1b" not in out
    assert any("Service level within 20 s (%)" in line and line.count("±") == 3 for line in out.splitlines())


def test_compare_ends_in_plain_words(ccsim, files):
    code, out, _ = ccsim("compare", *files)
    assert code == 0
    words = " ".join(out[out.index("Tiny before. ") :].split())
    assert re.search(r"Tiny after\. The bot closes [\d.]+ % of its sessions as done and truly resolves [\d.]+ %", words)
    assert "With the same staff, " in words


def test_json_is_one_document_and_nothing_else(ccsim, files):
    code, out, err = ccsim("compare", *files, "--json", "--seed", "7", "--replications", "2")
    told = json.loads(out)
    assert code == 0
    assert (told["seed"], told["replications"]) == (7, 2)
    assert list(told["differences"]) == ["Tiny after"]
    assert told["service_level"]["within_s"] == 20.0
    assert "{" not in err


def test_the_same_seed_prints_the_same_and_another_does_not(ccsim, files):
    first, again, other = (ccsim("run", files[0], "--json", "--seed", seed)[1] for seed in ("1", "1", "2"))
    assert first == again
    assert first != other


def test_settings_apply_to_all_files_and_notes_go_to_stderr(ccsim, files):
    code, out, err = ccsim("compare", *files, "--set", "agents.desk.staff=9", "--set", "bot=off", "--json")
    told = json.loads(out)
    assert code == 0
    assert {one["measures"]["agents_on_queue"]["mean"] for one in told["scenarios"].values()} == {9.0}
    assert {estimate["mean"] for estimate in told["differences"]["Tiny after"].values()} <= {0.0, None}
    assert "note: Tiny after: intents.orders.bot has no effect" in err


def test_out_writes_the_folder_and_says_where(ccsim, files, tmp_path):
    out = tmp_path / "results"
    code, printed, err = ccsim("run", files[0], "--out", str(out), "--contacts", "--json")
    assert code == 0
    assert {"report.html", "manifest.json", "measures.csv", "contacts.parquet"} <= set(os.listdir(out))
    assert str(out / "report.html") in err
    assert json.loads(printed)["scenario"] == "Tiny before"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "BEFORE", "--engine", "abacus"], "abacus"),
        (["run", "BEFORE", "--contacts"], "Add --out DIR"),
        (["run", "BEFORE", "--out", "FOLDER"], "did not write"),
        (["run", "BEFORE", "--replications", "0"], "replications"),
        (["run", "BEFORE", "--jobs", "0"], "jobs"),
        (["run", "BEFORE", "--set", "agents.desk.staff=many"], "agents.desk.staff"),
        (["run", "nowhere.yaml"], "nowhere.yaml"),
        (["compare", "BEFORE"], "at least two files"),
    ],
)
def test_bad_input_leaves_with_2_and_a_message_before_anything_runs(
    ccsim, files, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.setattr("sim.study.replicate._extend", _never)
    places = {"BEFORE": files[0], "FOLDER": str(tmp_path)}
    code, out, err = ccsim(*(places.get(word, word) for word in arguments))
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def _never(*args, **kwargs):
    raise AssertionError("simulated")


def test_what_is_wrong_in_several_files_is_said_at_once(ccsim, files, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: Bad\nstaff: 3\n")
    code, _, err = ccsim("compare", files[0], str(bad), "elsewhere.yaml")
    assert code == 2
    assert "bad.yaml" in err
    assert "elsewhere.yaml" in err


def test_an_interrupt_leaves_with_130_and_nothing_behind(ccsim, files, tmp_path, monkeypatch):
    def interrupted(paper):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.render.folder.page", interrupted)
    out = tmp_path / "results"
    code, printed, err = ccsim("run", files[0], "--out", str(out))
    assert (code, printed) == (130, "")
    assert "interrupted" in err
    assert sorted(os.listdir(tmp_path)) == ["after.yaml", "before.yaml"]


@pytest.mark.parametrize("verb", ["run", "compare"])
def test_help_answers_at_once(verb):
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        f"try:\n    main(['{verb}', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for flag in ("--set", "--seed", "--replications", "--jobs", "--engine", "--out", "--json", "--contacts"):
        assert flag in done.stdout


def test_a_centre_without_contacts_is_reported_all_the_same(ccsim, files, tmp_path):
    code, out, err = ccsim("run", files[0], "--set", "arrivals.per_day=0", "--out", str(tmp_path / "results"))
    assert code == 0
    assert "No contact reaches an agent." in out
    assert "Traceback" not in err
    assert (tmp_path / "results" / "report.html").exists()
