"""The output folder: tidy CSV, Parquet, charts, the page, the spreadsheet, a manifest of it all.

It is made beside its place, then moved into it, so that it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim import __version__
from sim.errors import OutputError
from sim.report import Chart, Report
from sim.report.beside import meanwhile
from sim.report.render.page import page
from sim.report.render.sheet import write_sheet
from sim.report.style import ready_to_draw
from sim.scenario.model import Scenario

SCHEMA_VERSION = 1
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "matplotlib")
MANIFEST = "manifest.json"
MARK = "ccsim_version"


def write_folder(report: Report, out: Path) -> None:
    """Write a report into a folder; the same answer gives the same bytes.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds what ccsim did not write; nothing is left behind then.
    """
    with new_folder(out) as folder:
        _write_report(report, folder)
        for name, further in report.pages.items():
            (folder / name).mkdir()
            _write_report(further, folder / name)
        _write_manifest(report, folder)


def _write_report(report: Report, folder: Path) -> None:
    """All files of a report but the manifest."""
    with meanwhile(partial(_write_figures, report, folder)):
        ready_to_draw()
        _write_charts(report.charts, folder)
        (folder / "report.html").write_text(page(report), encoding="utf-8")


def _write_figures(report: Report, folder: Path) -> None:
    """What needs no chart."""
    write_sheet(report, folder / report.workbook)
    for name, table in report.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    for name, table in report.large.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    for name, text in report.texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_charts(charts: list[Chart], folder: Path) -> None:
    (folder / "charts").mkdir()
    for chart in charts:
        (folder / "charts" / f"{chart.name}.svg").write_bytes(chart.svg)
        (folder / "charts" / f"{chart.name}.png").write_bytes(chart.png)
    slides = [chart for chart in charts if chart.slide]
    if slides:
        (folder / "slides").mkdir()
    for chart in slides:
        (folder / "slides" / f"{chart.name}.png").write_bytes(chart.slide)


def _write_manifest(report: Report, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "schema_version": SCHEMA_VERSION,
        MARK: __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": report.seed,
        "replications": report.replications,
        "scenarios": {name: _about(scenario) for name, scenario in report.scenarios.items()},
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


def check_place(out: Path) -> None:
    """See that a folder can be written at a place without losing anybody's files.

    Raises
    ------
    OutputError
        When something is there that an earlier run did not write, or the place cannot be written to.
    """
    place = out.resolve()
    if place == Path.cwd():
        raise OutputError(f"{out}: is the folder you are in. Name another one, such as {out / 'results'}")
    if place.exists():
        _check_ours(out, place)
    near = next(folder for folder in place.parents if folder.exists())
    if not (near.is_dir() and os.access(near, os.W_OK | os.X_OK)):
        raise OutputError(f"{out}: cannot be written: no folder can be made in {near}")


def _check_ours(out: Path, place: Path) -> None:
    """An empty folder, or one that holds what its manifest lists and nothing else, may be replaced."""
    if not place.is_dir():
        raise OutputError(f"{out}: is a file. Name a folder")
    if not any(place.iterdir()):
        return
    if (listed := _listed(place)) is None:
        raise OutputError(f"{out}: holds files that ccsim did not write. Name a new or an empty folder")
    there = {str(p.relative_to(place)) for p in place.rglob("*") if not p.is_dir()}
    foreign = sorted(name for name in there - listed if not Path(name).name.startswith("."))
    if foreign:
        raise OutputError(f"{out}: holds {foreign[0]}, which ccsim did not write. Move it away, or name another folder")


def _listed(place: Path) -> set[str] | None:
    """The files that the folder's manifest lists, itself included; None where there is no manifest of ours."""
    try:
        manifest: Any = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and MARK in manifest and isinstance(manifest.get("files"), dict)
    return {MANIFEST, *manifest["files"]} if ours else None


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder to write into; it takes its place when the block ends, and vanishes when the block fails.

    Raises
    ------
    OutputError
        As `check_place`, and when writing fails.
    """
    check_place(out)
    place = out.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".partial", dir=place.parent))
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from None
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        _move(partial, place)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _move(partial: Path, place: Path) -> None:
    """Put the new folder in its place; the old one goes only when the new one stands."""
    if not place.exists():
        partial.rename(place)
        return
    old = partial.with_suffix(".old")
    try:
        place.rename(old)
        partial.rename(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_whole(text: str, place: Path) -> None:
    """Write a file that is there whole or as it was before: under another name, then moved.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
