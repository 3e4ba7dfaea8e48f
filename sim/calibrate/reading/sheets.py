"""A sheet of a workbook as rows of text, so that it is read like any other export."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sim.calibrate.reading.import_log import refused

SHEETS = (".xlsx", ".xlsm")
OTHER_SHEETS = (".xls", ".ods", ".xlsb", ".numbers")


def sheet_text(path: Path, name: str, best: Callable[[list[list[str]]], int]) -> tuple[str, str]:
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


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        return {sheet.title: _rows(sheet.iter_rows()) for sheet in book.worksheets}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        fix = "Save it again as .xlsx, or the sheet as CSV"
        raise refused(str(path), f"cannot be read as a spreadsheet: {str(error).splitlines()[0]}", fix) from None


def _rows(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    """Cells as text; the row's number in the sheet is its line. Empty cells at the end of all rows are left out."""
    written = [[_text(cell.value, getattr(cell, "number_format", "")) for cell in row] for row in rows]
    width = max((k + 1 for row in written for k, cell in enumerate(row) if cell), default=0)
    return [(row + [""] * width)[:width] for row in written]


def _text(value: Any, form: str) -> str:
    """A cell as an export would write it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time() and "h" not in form.lower()
        return value.date().isoformat() if whole else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds(), 3)
        return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02d}:{seconds % 60:02g}".replace(".0", "")
    if isinstance(value, dt.time):
        return value.isoformat("auto")
    if isinstance(value, float):
        return f"{value:.12g}"
    return " ".join(str(value).split())
