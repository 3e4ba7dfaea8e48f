"""A wheel brings its compiled engine: the first run compiles nothing and says what a clone says."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAIN = "from sim.cli.main import main; main()"
CENTRE = """
name: small
calendar: {start: 2026-11-23, days: 1, hours: "08:00-18:00"}
arrivals: {per_day: 300, busyness_cv: 0.1}
intents: {a: {share: 1, talk_time: 5m, bot: {resolves: 30%}}}
agents: {team: {skills: [a], staff: 4}}
bot: {}
fatigue: {}
run: {replications: 4}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A wheel, made and unpacked."""
    made, place = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("installed")
    build = f"import ccsim_build; ccsim_build.build_wheel({str(made)!r})"
    path = os.pathsep.join([str(ROOT / "backend"), str(ROOT)])
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, check=True)
    (wheel,) = made.glob("*.whl")
    assert "py3-none-any" not in wheel.name
    zipfile.ZipFile(wheel).extractall(place)
    return place


def answer(package, home, file):
    """What `ccsim run` prints as JSON, and on stderr, from a package with an empty home."""
    env = {k: v for k, v in os.environ.items() if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    env |= {"PYTHONPATH": str(package), "HOME": str(home)}
    command = [sys.executable, "-c", MAIN, "run", str(file), "--json"]
    return subprocess.run(command, cwd=home, env=env, check=True, capture_output=True, text=True)


@pytest.mark.long
def test_the_first_run_from_a_wheel_compiles_nothing_and_says_the_same(installed, tmp_path):
    file = tmp_path / "centre.yaml"
    file.write_text(CENTRE, encoding="utf-8")
    found = answer(installed, tmp_path, file)
    assert "compiles" not in found.stderr
    assert list(tmp_path.rglob("*.nbc")) == []
    assert json.loads(found.stdout) == json.loads(answer(ROOT, tmp_path, file).stdout)
    assert list(tmp_path.rglob("*.nbc")) != []
