"""What the verbs load: each no more than what it uses."""

import json
import subprocess
import sys

import pytest

DAY = """
name: small
calendar: {start: 2026-01-05, days: 1, hours: "08:00-18:00"}
arrivals: {per_day: 1000}
intents: {a: {share: 1, talk_time: 5m}}
customers: {patience: 3m}
agents: {all: {skills: [a], staff: 12}}
"""
WATCHED = (
    "numpy",
    "pandas",
    "numba",
    "matplotlib",
    "scipy.special",
    "scipy.optimize",
    "scipy.stats",
    "simpy",
    "joblib",
)
RUNS = {"numpy", "pandas", "numba", "scipy.special"}
CODE = f"""
import json, sys
from sim.cli.main import main
code = 0
try:
    main(sys.argv[1:])
except SystemExit as leaving:
    code = leaving.code or 0
print("LOADED", json.dumps([code, [name for name in {WATCHED} if name in sys.modules]]), file=sys.stderr)
"""


@pytest.fixture
def loaded(tmp_path):
    (tmp_path / "day.yaml").write_text(DAY)

    def run(*arguments):
        command = [sys.executable, "-c", CODE, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        code, names = json.loads(done.stderr.rsplit("LOADED", 1)[1])
        return code, set(names)

    return run


def test_at_the_end_nobody_looks_for_cycles(tmp_path):
    """That would take a tenth of a run: 200,000 objects that the system takes back anyway."""
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count())); " + CODE
    done = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) > 1000


@pytest.mark.parametrize("replications", ["2", "30"])
def test_a_run_loads_what_it_uses(loaded, replications):
    """30 replications are enough for workers, which are threads."""
    assert loaded("run", "day.yaml", "--replications", replications) == (0, RUNS)


def test_a_comparison_loads_no_more(loaded):
    assert loaded("compare", "day.yaml", "day.yaml", "--replications", "2") == (0, RUNS)


def test_the_readable_engine_loads_simpy(loaded):
    assert loaded("run", "day.yaml", "--replications", "2", "--engine", "simpy") == (0, RUNS | {"simpy"})


def test_a_report_loads_what_draws(loaded):
    code, names = loaded("run", "day.yaml", "--replications", "2", "--out", "results")
    assert (code, names & {"matplotlib", "scipy.optimize", "scipy.stats", "simpy", "joblib"}) == (0, {"matplotlib"})


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "day.yaml"),
        ("validate", "none.yaml"),
        ("run", "none.yaml"),
        ("compare", "day.yaml", "none.yaml"),
        ("check", "none.yaml", "--baseline", "day.yaml"),
        ("check", "day.yaml", "--baseline", "none.json"),
        ("check", "none.yaml", "--baseline", "none.json", "--refresh"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_loaded(loaded, arguments):
    code, names = loaded(*arguments)
    assert (code, names) == (2 if "none" in " ".join(arguments) else 0, set())
