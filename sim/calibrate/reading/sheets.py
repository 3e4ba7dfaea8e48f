"""A sheet of a workbook as rows of text, so that it is read like any other export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from sim.calibrate.reading.import_log import refused
from sim.schema.faults import BadValueError
from sim.schema.workbooks import Cells, read_sheets


def sheet_text(path: Path, name: str, best: Callable[[Cells], int]) -> tuple[str, str]:
    """The rows of one sheet as CSV with semicolons, line by line, and the sheet's name.

    Parameters
    ----------
    path : of the workbook.
    name : of the sheet; where it is empty, the first of those with the highest mark.
    best : how much the first rows of a sheet look like an export.

    Raises
    ------
    ExportError
        When it is no workbook, or has no such sheet.
    """
    sheets = _sheets(path)
    if name and name not in sheets:
        raise refused("--sheet", f"{path} has no such sheet", f"It has {', '.join(map(repr, sheets))}", None, name)
    chosen = name or max(sheets, key=lambda sheet: best(sheets[sheet][:40]))
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(sheets[chosen])
    return text.getvalue(), chosen


def _sheets(path: Path) -> dict[str, Cells]:
    try:
        return read_sheets(path)
    except BadValueError as error:
        (fault,) = error.faults
        raise refused(str(path), fault.message, fault.fix) from None
