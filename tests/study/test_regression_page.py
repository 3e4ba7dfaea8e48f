"""What docs/regression.md shows can be copied."""

import os
import re
import subprocess
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from sim.study.baseline import Baseline, Kept

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "regression.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)
    return found


def test_the_python_runs_and_nothing_moves(monkeypatch):
    monkeypatch.chdir(ROOT)
    names: dict = {}
    exec(compile(block("python"), "regression.md", "exec"), names)
    assert isinstance(names["baseline"].table, pd.DataFrame)
    assert names["found"].moved.empty


def test_every_key_of_the_file_is_explained():
    told = set(
        re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")))
    )
    assert {*Kept.model_fields, *Baseline.model_fields} - told == {"schema_version", "scenario", "measures"}


def test_the_workflow_checks_every_baseline_and_stops_at_the_first_that_moved(tmp_path):
    steps = YAML(typ="safe").load(block("yaml"))["jobs"]["check"]["steps"]
    for place in ("bank/a", "bank/b", "retailer/c"):
        path = tmp_path / "results" / "baselines" / f"{place}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    stub = tmp_path / "ccsim"
    stub.write_text('#!/bin/sh\necho "$@" >> calls\ncase "$2" in */b.yaml) exit 1;; esac\n')
    stub.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-e", "-c", steps[-1]["run"]], cwd=tmp_path, env=path, check=False)
    assert done.returncode == 1
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"check scenarios/bank/{name}.yaml --baseline results/baselines/bank/{name}.json" for name in "ab"
    ]
