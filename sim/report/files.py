"""What goes into an output folder: tidy CSV, contacts as Parquet, charts, the page, and a manifest of it all."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from sim import __version__
from sim.report.charts import Chart, charts
from sim.report.document import SCHEMA_VERSION
from sim.report.findings import Findings
from sim.report.folder import MANIFEST, MARK, new_folder
from sim.report.page import page
from sim.report.rankings import NullWorld, rankings_rows

SLICES = ("by_day", "by_interval", "by_intent", "by_group", "mix_shift")
DIFFERENCES = ("differences", *(f"differences_{name}" for name in ("by_day", "by_interval", "by_intent", "by_group")))
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "matplotlib")


def write_folder(findings: Findings, out: Path, null: NullWorld | None = None) -> None:
    """Write everything about these findings into a folder; the same findings give the same bytes.

    Raises
    ------
    CcsimError
        When the folder cannot be written, or holds what ccsim did not write; nothing is left behind then.
    """
    with new_folder(out) as folder:
        _write_numbers(findings, folder)
        if null is not None:
            _write_null_world(null, folder)
        drawn = charts(findings)
        _write_charts(drawn, folder / "charts")
        (folder / "report.html").write_text(page(findings, drawn, null), encoding="utf-8")
        _write_manifest(findings, folder)


def _write_numbers(findings: Findings, folder: Path) -> None:
    results = findings.results.items()
    tables = {"measures": _together({name: result.measures.reset_index() for name, result in results})}
    tables |= {part: _together({name: getattr(result, part) for name, result in results}) for part in SLICES}
    if findings.comparison is not None:
        tables |= {name: getattr(findings.comparison, name) for name in DIFFERENCES}
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    contacts = {name: result.contacts for name, result in results if result.contacts is not None}
    if contacts:
        _together(contacts).to_parquet(folder / "contacts.parquet", index=False)


def _write_null_world(null: NullWorld, folder: Path) -> None:
    results = null.findings.results.items()
    measures = _together({name: result.measures.reset_index() for name, result in results})
    for name, table in (("null_world", measures), ("rankings", rankings_rows(null))):
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _together(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of all scenarios in one, with the scenario's name first."""
    whole = pd.concat([table.assign(scenario=name) for name, table in tables.items()], ignore_index=True)
    return whole[["scenario", *(column for column in whole.columns if column != "scenario")]]


def _write_charts(drawn: list[Chart], folder: Path) -> None:
    folder.mkdir()
    for chart in drawn:
        (folder / f"{chart.name}.svg").write_bytes(chart.svg)
        (folder / f"{chart.name}.png").write_bytes(chart.png)


def _write_manifest(findings: Findings, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    first = findings.first
    manifest = {
        "schema_version": SCHEMA_VERSION,
        MARK: __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": first.seed,
        "replications": first.replications,
        "scenarios": {name: _about(findings, name) for name in findings.names},
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _about(findings: Findings, name: str) -> dict[str, Any]:
    scenario = findings.scenario(name)
    level = scenario.targets.service_level
    return {
        "sha256": scenario.digest,
        "service_level": {"definition": level.definition, "within_s": level.within, "share": level.share},
        "scenario": scenario.resolved(),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
