"""What goes into an output folder: tidy CSV, Parquet, charts, the page, the spreadsheet, and a manifest of it all."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim import __version__
from sim.report.calibration.observed import opened
from sim.report.chart import Chart
from sim.report.folder import MANIFEST, MARK, new_folder
from sim.report.page import page
from sim.report.page_model import Report
from sim.report.sheet import write_sheet
from sim.scenario.model import Scenario

SCHEMA_VERSION = 1
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "matplotlib")


def write_folder(bundle: Report, out: Path) -> None:
    """Write everything about an answer into a folder; the same answer gives the same bytes.

    Raises
    ------
    CcsimError
        When the folder cannot be written, or holds what ccsim did not write; nothing is left behind then.
    """
    bundle = opened(bundle)
    with new_folder(out) as folder:
        for name, table in bundle.tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        for name, table in bundle.large.items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
        for name, text in bundle.texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        _write_charts(bundle.paper.charts, folder / "charts")
        (folder / "report.html").write_text(page(bundle.paper), encoding="utf-8")
        write_sheet(bundle, folder / "report.xlsx")
        _write_manifest(bundle, folder)


def _write_charts(drawn: list[Chart], folder: Path) -> None:
    folder.mkdir()
    for chart in drawn:
        (folder / f"{chart.name}.svg").write_bytes(chart.svg)
        (folder / f"{chart.name}.png").write_bytes(chart.png)


def _write_manifest(bundle: Report, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "schema_version": SCHEMA_VERSION,
        MARK: __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": bundle.seed,
        "replications": bundle.replications,
        "scenarios": {name: _about(scenario) for name, scenario in bundle.scenarios.items()},
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _about(scenario: Scenario) -> dict[str, Any]:
    level = scenario.targets.service_level
    return {
        "sha256": scenario.digest,
        "service_level": {"definition": level.definition, "within_s": level.within, "share": level.share},
        "scenario": scenario.resolved(),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
