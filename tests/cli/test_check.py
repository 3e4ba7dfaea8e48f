"""`check`: what it prints, how it leaves, what it writes, and what it says of files that are wrong."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.measures.definitions import measures_of
from tests.study.steady import STEADY

ROOT = Path(__file__).parent.parent.parent
TRACKED = ROOT / "results" / "baselines"
EVERY = len(measures_of(sim.loads(STEADY))) + 1  # and the percentile
HEAVY = ("numba", "matplotlib", "pandas", "scipy", "numpy", "simpy", "pyarrow")


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "steady.yaml"
    YAML().dump(STEADY, path)
    return path


@pytest.fixture
def baseline(tmp_path, scenario, ccsim):
    """A baseline of three replications of the morning's first hour."""
    path = tmp_path / "baselines" / "steady.json"
    code, _, _ = ccsim(
        "check",
        scenario,
        "--baseline",
        path,
        "--refresh",
        "--replications",
        "3",
        "--set",
        'calendar.hours="08:00-09:00"',
    )
    assert code == 0
    return path


@pytest.fixture
def check(ccsim, scenario, baseline):
    return lambda *flags: ccsim("check", scenario, "--baseline", baseline, *flags)


def edit(path: Path, **measures: dict) -> None:
    """Change entries of a baseline's measures by hand."""
    told = json.loads(path.read_text())
    for name, change in measures.items():
        told["measures"][name] |= change
    path.write_text(json.dumps(told, indent=2))


# What it finds ----------------------------------------------------------------


def test_nothing_moved_leaves_with_0(check):
    code, out, _ = check()
    assert code == 0
    assert "Same seed as the baseline (1), 3 replications" in out
    assert out.splitlines()[-1] == f"None of {EVERY} measures moved."
    assert "What moved" not in out


def test_what_moved_is_in_a_table_and_leaves_with_1(check, baseline):
    before = json.loads(baseline.read_text())["measures"]["aht_s"]
    edit(baseline, aht_s={"mean": before["mean"] * 1.02}, demand={"mean": 150.0, "se": 0.0})
    code, out, _ = check()
    assert code == 1
    lines = out.splitlines()
    heads = next(line.split() for line in lines if "verdict" in line)
    assert heads == ["measure", "baseline", "now", "difference", "standard", "errors", "verdict"]
    row = next(line.split() for line in lines if line.strip().startswith("aht_s"))
    errors = -0.02 * before["mean"] / (before["se"] * 2**0.5)
    assert row == [
        "aht_s",
        f"{before['mean'] * 1.02:.6g}",
        f"{before['mean']:.6g}",
        f"{-0.02 * before['mean']:+.3g}",
        "(-2",
        "%)",
        f"{errors:+.1f}",
        "moved",
    ]
    assert f"{EVERY - 2} of {EVERY} measures did not move." in lines
    assert lines[-1].endswith("ccsim check FILE --baseline FILE --refresh")
    assert not any("talk_s" in line for line in lines)


def test_settings_of_the_baseline_are_applied_again_and_told(check):
    code, _, err = check()
    assert code == 0
    assert 'note: with --set calendar.hours="08:00-09:00"' in err


def test_a_setting_on_top_changes_the_scenario_and_that_is_said(check):
    code, out, _ = check("--set", "agents.desk.staff=6")
    assert code == 1
    assert "The scenario has changed since the baseline was made (agents.desk)" in out
    assert "agents_on_queue" in out


def test_a_file_changed_on_purpose_is_noticed(check, scenario):
    scenario.write_text(scenario.read_text().replace("mean: 2m", "mean: 2m2s", 1))
    code, out, _ = check()
    assert code == 1
    assert "(intents.all)" in out
    assert any(line.strip().startswith("aht_s") for line in out.splitlines())


def test_a_changed_description_is_said_and_moves_nothing(check, scenario):
    scenario.write_text(scenario.read_text() + "description: as ever\n")
    code, out, _ = check()
    assert code == 0
    assert "(description)" in out


def test_json_is_one_document(check, baseline):
    edit(baseline, aht_s={"mean": 200.0})
    code, out, _ = check("--json")
    told = json.loads(out)
    assert code == 1
    assert (told["schema_version"], told["scenario"], told["baseline"]) == (1, "Steady", str(baseline))
    assert (told["mode"], told["seed"], told["replications"], told["refreshed"]) == ("same_seed", 1, 3, False)
    assert (told["moved"], told["scenario_changed"], told["changed_sections"]) == (["aht_s"], False, [])
    row = told["measures"]["aht_s"]
    assert (row["verdict"], row["baseline"], row["p"]) == ("moved", 200.0, None)
    assert row["difference"] == row["now"] - 200.0
    assert told["measures"]["bot_resolution_rate"] == {
        **dict.fromkeys(("baseline", "now", "difference", "standard_errors", "p", "noticeable")),
        "verdict": "same",
    }


def test_measures_that_appear_and_disappear_are_told(check, baseline):
    told = json.loads(baseline.read_text())
    told["measures"]["aht"] = told["measures"].pop("aht_s")
    baseline.write_text(json.dumps(told))
    code, out, _ = check()
    assert code == 1
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.strip().startswith("aht")}
    assert (rows["aht"][-1], rows["aht"][2]) == ("gone", "–")
    assert (rows["aht_s"][-1], rows["aht_s"][1]) == ("new", "–")


def test_neither_jobs_nor_the_engine_matter(check):
    plain = check("--json")[1]
    assert check("--jobs", "1", "--json")[1] == plain
    assert check("--jobs", "2", "--engine", "simpy", "--json")[1] == plain


@pytest.mark.parametrize("flags", [[], ["--refresh"]])
def test_the_engine_and_workers_asked_for_are_used(check, monkeypatch, flags):
    asked = []

    def run(scenario, engine, jobs, **rest):
        asked.append((engine, jobs))
        return sim.run(scenario, **rest)

    monkeypatch.setattr("sim.study.baseline.run", run)
    check("--engine", "simpy", "--jobs", "1", *flags)
    check(*flags)
    assert asked == [("simpy", 1), ("compiled", None)]


def test_a_narrow_terminal_folds_and_hides_nothing(check, baseline, monkeypatch):
    edit(baseline, workload_per_resolution_s={"mean": 1.0})
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = check()
    assert "…" not in out


# Another seed -----------------------------------------------------------------


@pytest.fixture
def larger(ccsim, scenario, baseline):
    ccsim("check", scenario, "--baseline", baseline, "--refresh", "--replications", "20")


def test_another_seed_is_judged_by_luck(check, larger):
    code, out, _ = check("--seed", "2")
    assert code == 0
    words = out.splitlines()
    assert words[0].startswith("Seed 2, 20 replications, against the baseline's seed 1, 20 replications: other luck.")
    assert words[-2] == f"None of {EVERY} measures moved."
    assert words[-1].startswith("9 of 10 such checks notice a change by this share of the value: abandonment_rate ")
    assert re.search(r", aht_s \d[\d.]* %, ", words[-1])


def test_what_luck_does_not_explain_leaves_with_1_and_its_p(check, larger, baseline):
    edit(baseline, aht_s={"mean": 130.0})
    code, out, _ = check("--seed", "2", "--replications", "30")
    assert code == 1
    row = next(line for line in out.splitlines() if line.strip().startswith("aht_s"))
    assert "moved (p " in row
    assert "20 replications" in out
    assert "Seed 2, 30 replications" in out


def test_what_has_no_value_has_nothing_to_notice(check, larger, baseline):
    edit(baseline, aht_s={"mean": None, "se": None})
    code, out, _ = check("--seed", "2")
    assert code == 1
    assert "nan" not in out
    assert "abandonment_rate" in out.splitlines()[-2]


def test_json_of_another_seed(check, larger):
    told = json.loads(check("--seed", "2", "--json")[1])
    assert (told["mode"], told["seed"], told["baseline_seed"]) == ("other_seed", 2, 1)
    assert 0 < told["measures"]["aht_s"]["noticeable"] < 10
    assert 0 <= told["measures"]["aht_s"]["p"] <= 1


def test_the_baselines_own_seed_is_the_same_seed(check):
    assert "Same seed" in check("--seed", "1")[1]


# Refreshing -------------------------------------------------------------------


def test_the_file_has_one_measure_a_line_in_order_and_reads_back(baseline):
    text = baseline.read_text()
    lines = [line.strip() for line in text.splitlines()]
    names = [line.split('"')[1] for line in lines if '"mean"' in line]
    assert names == sorted(json.loads(text)["measures"])
    assert len(names) == EVERY
    (row,) = [line for line in lines if line.startswith('"aht_s"')]
    assert list(json.loads("{" + row.rstrip(",") + "}")["aht_s"]) == ["mean", "se", "n", "tolerance"]
    assert text.endswith("}\n")


def test_refreshing_without_a_change_writes_the_same_bytes(check, baseline):
    before = baseline.read_bytes()
    code, out, err = check("--refresh")
    assert code == 0
    assert baseline.read_bytes() == before
    assert f"None of {EVERY} measures moved." in out
    assert f"wrote {baseline}: {EVERY} measures" in err


def test_a_refresh_keeps_what_was_edited_by_hand_and_says_what_moved(check, baseline):
    edit(baseline, aht_s={"mean": 200.0, "tolerance": 1e-6, "tolerance_other_seed": 0.02}, demand={"tolerance": 0.01})
    code, out, _ = check("--refresh")
    assert code == 0
    assert f"{EVERY - 1} of {EVERY} measures did not move." in out
    told = json.loads(baseline.read_text())
    assert told["measures"]["aht_s"]["tolerance"] == 1e-6
    assert told["measures"]["aht_s"]["tolerance_other_seed"] == 0.02
    assert told["measures"]["demand"]["tolerance"] == 0.01
    assert told["measures"]["talk_s"]["tolerance"] == 1e-9
    assert told["measures"]["aht_s"]["mean"] != 200.0
    assert told["settings"] == ['calendar.hours="08:00-09:00"']
    assert (told["seed"], told["replications"]) == (1, 3)
    assert check()[0] == 0


def test_a_refresh_with_flags_keeps_them(check, baseline):
    hours = 'calendar.hours="08:00-08:30"'
    code, out, _ = check(
        "--refresh", "--seed", "5", "--replications", "2", "--set", hours, "--set", "customers.balk=1%"
    )
    assert (code, out) == (0, "")
    told = json.loads(baseline.read_text())
    assert (told["seed"], told["replications"]) == (5, 2)
    assert told["settings"] == [hours, "customers.balk=1%"]
    assert check()[0] == 0


def test_a_refresh_tells_in_json_too(check, baseline):
    told = json.loads(check("--refresh", "--json")[1])
    assert (told["refreshed"], told["mode"], told["moved"]) == (True, "same_seed", [])
    other = json.loads(check("--refresh", "--json", "--seed", "9")[1])
    assert (other["refreshed"], other["mode"], other["seed"], other["moved"]) == (True, None, 9, [])


def test_a_refresh_that_fails_leaves_the_file_as_it_was(check, baseline, monkeypatch):
    before = baseline.read_bytes()

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    code, out, err = check("--refresh")
    assert (code, out) == (2, "")
    assert f"{baseline}: cannot be written: No space left on device" in err
    assert baseline.read_bytes() == before
    assert os.listdir(baseline.parent) == [baseline.name]


def test_a_link_is_written_through(check, baseline, tmp_path):
    real = tmp_path / "elsewhere.json"
    baseline.rename(real)
    baseline.symlink_to(real)
    edit(real, aht_s={"mean": 200.0})
    assert check("--refresh")[0] == 0
    assert baseline.is_symlink()
    assert json.loads(real.read_text())["measures"]["aht_s"]["mean"] != 200.0


def test_a_mark_at_the_start_of_the_file_does_not_matter(check, baseline):
    baseline.write_text("\ufeff" + baseline.read_text(), encoding="utf-8")
    assert check()[0] == 0


# What is wrong ----------------------------------------------------------------


def test_a_missing_baseline_leaves_with_2(ccsim, scenario, tmp_path):
    code, out, err = ccsim("check", scenario, "--baseline", tmp_path / "none.json")
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / 'none.json'}: is a baseline that does not exist. Make it with --refresh\n"


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('"seed": 1,', '"seed": 1', "6:", "is not JSON"),
        ('"seed": 1,', '"seed": "one",', "5: seed", 'should be a valid integer (got "one")'),
        ('"seed": 1,', '"seed": 1, "sed": 2,', "5: sed", "is not a key of a baseline"),
        ('"seed": 1,\n', "", " seed", "is missing"),
        ('"replications": 3', '"replications": 4', "", "n is 3, and replications is 4"),
        ('"schema_version": 1', '"schema_version": 2', "2: schema_version", "should be 1 (got 2)"),
        (
            '"tolerance": 0.0',
            '"tolerance": -1',
            "{abandoned}: measures.abandoned.tolerance",
            "greater than or equal to 0",
        ),
        ('"tolerance": 0.0', '"tolerance": NaN', "{abandoned}: measures.abandoned.tolerance", "finite number"),
        ('"tolerance": 0.0', '"tolerence": 0', "{abandoned}: measures.abandoned.tolerance", "is missing"),
        ('"tolerance": 0.0', '"n": 3, "tolerance": 0.0', "", "has n twice"),
        (
            '"bot_abandoned": {"mean": 0.0, "se": 0.0',
            '"bot_abandoned": {"mean": 0.0, "se": null',
            "{bot_abandoned}: measures.bot_abandoned",
            "se must be null where",
        ),
        ('["calendar.hours', "[1, ", "7:", "is not JSON"),
        ('"settings": [', '"settings": [3, ', "7: settings.0", "should be a valid string (got 3)"),
    ],
)
def test_a_malformed_baseline_leaves_with_2_and_its_place(check, baseline, monkeypatch, old, new, place, said):
    monkeypatch.setattr("sim.study.replicate._extend", _never)
    text = baseline.read_text()
    rows = {line.split('"')[1]: n for n, line in enumerate(text.splitlines(), start=1) if '"mean"' in line}
    assert old in text
    baseline.write_text(text.replace(old, new, 1))
    for flags in ((), ("--refresh",)):
        code, out, err = check(*flags)
        assert (code, out) == (2, "")
        assert err.startswith(f"{baseline}:{place.format(**rows)}")
        assert said in err
        assert err.endswith("Put it right, or delete the file and make it again with --refresh\n")
        assert err.count("\n") == 1


def _never(*args, **kwargs):
    raise AssertionError("simulated")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "1:1: is not JSON"),
        (b"[]", "should be an object"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[" * 100_000, ""),
        (b'{"a": 1e999}', "is missing"),
    ],
)
def test_a_file_that_is_no_baseline_leaves_with_2(ccsim, scenario, tmp_path, data, said):
    path = tmp_path / "base.json"
    path.write_bytes(data)
    code, out, err = ccsim("check", scenario, "--baseline", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"{path}:")
    assert said in err
    assert "internal error" not in err


def test_a_folder_in_the_place_of_a_baseline_leaves_with_2(ccsim, scenario, tmp_path):
    for flags in ((), ("--refresh",)):
        code, _, err = ccsim("check", scenario, "--baseline", tmp_path, *flags)
        assert code == 2
        assert err == f"{tmp_path}: cannot be read: Is a directory. Name a baseline file\n"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--replications", "5"], "5 replications: the baseline has 3 with the same seed 1"),
        (["--seed", "2"], "other luck is judged from 10 replications, and the baseline has 3"),
        (["--set", "agents.desk.staff=many"], "agents.desk.staff"),
        (["--engine", "abacus"], "abacus"),
        (["--jobs", "0"], "jobs"),
    ],
)
def test_bad_input_leaves_with_2_before_anything_runs(check, monkeypatch, flags, said):
    monkeypatch.setattr("sim.study.replicate._extend", _never)
    code, out, err = check(*flags)
    assert (code, out) == (2, "")
    assert said in err


def test_a_baseline_must_be_named(ccsim, scenario):
    code, _, err = ccsim("check", scenario)
    assert code == 2
    assert "--baseline" in err


def test_help_answers_at_once():
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "try:\n    main(['check', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for flag in ("--baseline", "--refresh", "--set", "--seed", "--replications", "--jobs", "--engine", "--json"):
        assert flag in done.stdout


# The tracked baselines --------------------------------------------------------

SHIPPED = sorted(path.relative_to(ROOT / "scenarios") for path in ROOT.glob("scenarios/*/*.yaml"))
KEPT = sorted(path.relative_to(TRACKED) for path in TRACKED.glob("*/*.json"))


def test_every_shipped_scenario_has_a_baseline():
    assert [path.with_suffix(".yaml") for path in KEPT] == SHIPPED


@pytest.mark.parametrize("path", KEPT, ids=str)
def test_no_output_has_moved(ccsim, monkeypatch, path):
    monkeypatch.chdir(ROOT)
    scenario = Path("scenarios") / path.with_suffix(".yaml")
    code, out, err = ccsim("check", scenario, "--baseline", TRACKED / path)
    assert code == 0, f"{out}{err}\nIf that is meant: make baselines"
