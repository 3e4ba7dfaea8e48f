"""A fitted scenario in its place: FILE.yaml, and beside it a folder with its tables and its report."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from sim.calibrate.document import files_of
from sim.calibrate.export import Calibration
from sim.errors import OutputError
from sim.report.calibration.bundle import bundle_of
from sim.report.calibration.narrative import description, heading
from sim.report.files import write_folder
from sim.report.folder import check_place

MARK = "# Fitted by ccsim calibrate"


def check(out: Path) -> None:
    """See that a scenario can be written without losing anybody's file.

    Raises
    ------
    OutputError
        When a file is there that was not fitted, or the folder beside it holds other things.
    """
    if out.is_dir():
        raise OutputError(f"{out}: is a folder. Name a file")
    if out.exists() and not out.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        raise OutputError(f"{out}: is a file that ccsim calibrate did not write. Name another one")
    check_place(out.with_suffix(""))


def write_scenario(calibration: Calibration, out: Path) -> None:
    """Write FILE.yaml, and the folder FILE with its tables, the report and what is behind it.

    The folder is there whole or not at all; the scenario is written last.
    """
    check(out)
    files = files_of(calibration.document, calibration.fits, out.stem, heading(calibration), description(calibration))
    bundle = bundle_of(calibration)
    write_folder(replace(bundle, texts=files.tables), out.with_suffix(""))
    partial = out.with_name(f".{out.name}.partial")
    partial.write_text(files.scenario, encoding="utf-8")
    os.replace(partial, out)
