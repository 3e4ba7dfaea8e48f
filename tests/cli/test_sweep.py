"""`sweep`: what it prints and writes, and that an interruption loses nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from sim.study import scenario_results as cells
from tests.report.tiny import AFTER

HEAVY = ("numba", "matplotlib", "pandas", "scipy", "numpy", "simpy", "pyarrow")
STAFF = "agents.desk.staff=1:8:1"
ONE = ("--measure", "asa_s")
"""A single chart, to be quick."""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiny.yaml"
    YAML().dump(AFTER, path)
    return str(path)


@pytest.fixture(name="ccsim")
def sweeping(ccsim):
    return lambda *arguments: ccsim("sweep", *arguments)


@pytest.fixture
def simulated(monkeypatch):
    """How many points are simulated; after `stop` of them there is an interrupt."""

    class Count:
        points, stop = 0, None

    def counted(*arguments):
        if Count.points == Count.stop:
            raise KeyboardInterrupt
        Count.points += 1
        return result(*arguments)

    result = cells._result
    monkeypatch.setattr(cells, "_result", counted)
    return Count


def contents(folder):
    """Every file below a folder, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def stores(folder):
    return sorted(Path(folder).glob(".*.sweep"))


# What it says -----------------------------------------------------------------


def test_a_row_a_point_with_marks_and_the_cliff_in_words(ccsim, file):
    code, out, err = ccsim(file, "--set", STAFF, "--find-cliff", "service_level")
    assert (code, "Traceback" in err) == (0, False)
    rows = [line.split() for line in out.splitlines() if line[:1] == " " and line[1:2].isdigit()]
    assert [row[0] for row in rows] == list("12345678")
    assert "*" in rows[0]
    assert "*" not in rows[7]
    words = " ".join(out.split())
    found = sim.find_cliff(sim.sweep(sim.load(file), {"agents.desk.staff": "1:8:1"}), "service_level")
    (crossing,) = found.crossings
    at = f"{crossing.at:.1f} on (95 % interval {crossing.low:.1f} to {crossing.high:.1f})"
    assert f"It meets its target of at least 80 % from staff of desk = {at}." in words


def test_json_is_one_document(ccsim, file):
    arguments = ("--set", "customers.patience=1m,3m", "--set", "agents.desk.staff=2", "--json", "--seed", "7")
    code, out, _ = ccsim(file, *arguments, "--replications", "2", "--find-cliff", "occupancy")
    told = json.loads(out)
    assert code == 0
    assert list(told) == ["schema_version", "scenario", "seed", "replications", "keys", "points", "cliffs"]
    assert (told["seed"], told["replications"], told["keys"]) == (7, 2, ["customers.patience"])
    assert [point["settings"] for point in told["points"]] == [
        {"customers.patience": "1m"},
        {"customers.patience": "3m"},
    ]
    alone = sim.run(sim.load(file, ["customers.patience=3m", "agents.desk.staff=2"]), seed=7, replications=2)
    row = alone.measures.loc["asa_s"]
    told_row = told["points"][1]["measures"]["asa_s"]
    assert (told_row["mean"], *told_row["ci95"]) == tuple(row)
    assert told["cliffs"]["occupancy"]["crossings"] == []
    assert told["cliffs"]["occupancy"]["bend"] is None


def test_measures_are_chosen_and_all_are_in_the_csv(ccsim, file, tmp_path):
    out = tmp_path / "out"
    code, printed, _ = ccsim(file, "--set", "agents.desk.staff=2,3", "--measure", "asa_s", "--out", str(out))
    assert code == 0
    assert "ASA" in printed
    assert "Occupancy" not in printed
    assert [p.name for p in sorted((out / "charts").iterdir())] == ["sweep_asa_s.png", "sweep_asa_s.svg"]
    lines = (out / "sweep.csv").read_text().splitlines()
    assert lines[0] == "point,agents.desk.staff,measure,mean,ci_low,ci_high"
    assert {"occupancy", "wait_p90_s", "resolution_rate"} <= {line.split(",")[2] for line in lines[1:]}
    assert {"report.html", "report.xlsx", "manifest.json"} <= set(os.listdir(out))


def test_a_precision_of_the_file_is_not_used_and_said_so(ccsim, file, simulated):
    code, out, err = ccsim(
        file, "--set", "run={precision: {occupancy: 1%}}", "--set", "agents.desk.staff=2,3", "--json"
    )
    assert code == 0
    assert "run.precision is not used in a sweep" in err
    assert json.loads(out)["replications"] == sim.load(file, ["run={precision: {occupancy: 1%}}"]).run.replications


def test_notes_of_points_are_said_once(ccsim, file):
    _, _, err = ccsim(file, "--set", "bot=off,{}", "--set", "agents.desk.staff=2,3", "--replications", "1")
    notes = [line for line in err.splitlines() if "intents.orders.bot has no effect" in line]
    assert len(notes) == 1
    assert notes[0].startswith("note: point 1 (bot=off, agents.desk.staff=2) and 1 more: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no key has several values"),
        (["--set", "agents.desk.staff=10:50:15"], "the step does not fit"),
        (["--set", "agents.desk.staff=2,many"], "point 2 (agents.desk.staff=many)"),
        (["--set", "agents.desk.staf=2,3"], "Did you mean staff"),
        (["--set", STAFF, "--measure", "occupency"], "Did you mean occupancy"),
        (["--set", STAFF, "--measure", "csat"], "--measure csat: is no measure"),
        (["--set", STAFF, "--find-cliff", "asa"], "Did you mean asa_s"),
        (["--set", STAFF, "--set", "customers.balk=0,0.1", "--find-cliff", "asa_s"], "needs one key"),
        (["--set", "calendar.at_close=drain,clear", "--find-cliff", "asa_s"], "are no numbers"),
        (["--set", STAFF, "--out", "FOLDER"], "did not write"),
        (["--set", STAFF, "--sample", "0"], "sample"),
    ],
)
def test_bad_input_leaves_with_2_before_anything_runs(ccsim, file, tmp_path, simulated, arguments, said):
    code, out, err = ccsim(file, *(str(tmp_path) if word == "FOLDER" else word for word in arguments))
    assert (code, out, simulated.points) == (2, "", 0)
    assert said in err
    assert "Traceback" not in err


def test_help_answers_at_once():
    code = (
        "import sys\nfrom sim.cli.main import main\n"
        "try:\n    main(['sweep', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


# Interrupted and resumed ------------------------------------------------------


def test_an_interrupted_sweep_ends_with_the_same_bytes(ccsim, file, tmp_path, simulated):
    arguments = (file, "--set", STAFF, "--find-cliff", "service_level", "--find-cliff", "occupancy")
    whole, out = tmp_path / "whole" / "results", tmp_path / "broken" / "results"
    _, printed, _ = ccsim(*arguments, "--out", str(whole))
    simulated.points, simulated.stop = 0, 3
    code, _, err = ccsim(*arguments, "--out", str(out))
    (store,) = stores(out.parent)
    assert code == 130
    assert f"3 of 8 points are kept in {store}; the same command goes on from there" in err
    assert not out.exists()
    simulated.stop = 5
    assert "resuming: 3 of 8 points are there" in ccsim(*arguments, "--out", str(out))[2]
    simulated.points, simulated.stop = 0, None
    code, again, err = ccsim(*arguments, "--out", str(out))
    assert (code, simulated.points, again) == (0, 3, printed)
    assert "resuming: 5 of 8 points are there" in err
    assert contents(out) == contents(whole)
    assert stores(out.parent) == []


def test_an_interrupt_while_the_folder_is_written_loses_no_point(ccsim, file, tmp_path, simulated, monkeypatch):
    def interrupted(paper):
        raise KeyboardInterrupt

    out = tmp_path / "results"
    with monkeypatch.context() as patched:
        patched.setattr("sim.report.render.folder.page", interrupted)
        assert ccsim(file, "--set", STAFF, *ONE, "--out", str(out))[0] == 130
    simulated.points = 0
    assert ccsim(file, "--set", STAFF, *ONE, "--out", str(out))[0] == 0
    assert (simulated.points, stores(tmp_path)) == (0, [])


@pytest.mark.parametrize(
    "other",
    [
        ["--seed", "9"],
        ["--replications", "2"],
        ["--set", "customers.patience=1m"],
        ["--set", "agents.desk.staff=1:9:1"],
    ],
)
def test_another_plan_never_reads_these_points(ccsim, file, tmp_path, simulated, other):
    out, clean = tmp_path / "results", tmp_path / "clean"
    simulated.stop = 3
    ccsim(file, "--set", STAFF, *ONE, "--out", str(out))
    simulated.stop = None
    swept = [] if "agents" in other[-1] else ["--set", STAFF]
    _, _, err = ccsim(file, *swept, *other, *ONE, "--out", str(out))
    assert "resuming" not in err
    ccsim(file, *swept, *other, *ONE, "--out", str(clean))
    assert contents(out) == contents(clean)
    assert len(stores(tmp_path)) == 1
    assert "resuming: 3 of 8" in ccsim(file, "--set", STAFF, *ONE, "--out", str(out))[2]


def test_other_measures_go_on_from_the_same_points(ccsim, file, tmp_path, simulated):
    simulated.stop = 3
    ccsim(file, "--set", STAFF, "--out", str(tmp_path / "results"))
    simulated.stop = None
    arguments = ("--measure", "asa_s", "--find-cliff", "occupancy", "--engine", "simpy", "--jobs", "1")
    assert "resuming: 3 of 8" in ccsim(file, "--set", STAFF, *arguments, "--out", str(tmp_path / "results"))[2]


def _cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def _changed(path):
    told = json.loads(path.read_text())
    told["body"]["estimates"]["occupancy"][0] += 1e-9
    path.write_text(json.dumps(told))


def _moved(path):
    shutil.copy(path.with_name("00002.json"), path)


def _another_shape(path):
    path.write_text("[1, 2]")


@pytest.mark.parametrize("damage", [_cut, _changed, _moved, _another_shape, Path.unlink])
def test_a_damaged_point_is_simulated_again(ccsim, file, tmp_path, simulated, damage):
    out, clean = tmp_path / "results", tmp_path / "clean"
    ccsim(file, "--set", STAFF, *ONE, "--out", str(clean))
    simulated.points, simulated.stop = 0, 4
    ccsim(file, "--set", STAFF, *ONE, "--out", str(out))
    damage(stores(tmp_path)[0] / "00001.json")
    simulated.points, simulated.stop = 0, None
    assert "resuming: 3 of 8" in ccsim(file, "--set", STAFF, *ONE, "--out", str(out))[2]
    assert simulated.points == 5
    assert contents(out) == contents(clean)


def test_without_out_nothing_is_kept(ccsim, file, tmp_path, simulated, monkeypatch):
    monkeypatch.chdir(tmp_path)
    simulated.stop = 3
    code, _, err = ccsim(file, "--set", STAFF)
    assert (code, sorted(os.listdir(tmp_path))) == (130, ["tiny.yaml"])
    assert "goes on" not in err


def test_a_store_that_cannot_be_written_is_said(ccsim, file, tmp_path, simulated):
    out = tmp_path / "results"
    simulated.stop = 1
    ccsim(file, "--set", STAFF, *ONE, "--out", str(out))
    (store,) = stores(tmp_path)
    shutil.rmtree(store)
    store.write_text("in the way")
    simulated.stop = None
    code, _, err = ccsim(file, "--set", STAFF, *ONE, "--out", str(out))
    assert code == 2
    assert "finished points cannot be kept there" in err


@pytest.mark.long
def test_a_real_interrupt_of_a_real_process(file, tmp_path):
    whole, out = tmp_path / "whole" / "results", tmp_path / "broken" / "results"
    arguments = ["sweep", file, "--set", "customers.patience=30s:290s:20s", "--replications", "20", "--jobs", "2"]
    arguments += ["--measure", "sl_offered"]
    command = [sys.executable, "-c", "from sim.cli.main import main; main()", *arguments, "--out"]
    subprocess.run([*command, str(whole)], check=True, capture_output=True)
    process = subprocess.Popen([*command, str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not [p for store in stores(out.parent) for p in store.glob("0000[3-9].json")]:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    printed, err = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    done = subprocess.run([*command, str(out)], check=True, capture_output=True, text=True)
    assert "resuming: " in done.stderr
    assert contents(out) == contents(whole)
    assert stores(out.parent) == []
