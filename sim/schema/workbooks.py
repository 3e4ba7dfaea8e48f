"""The sheets of a workbook as rows of text, as an export in CSV would have them."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.schema.faults import BadValueError, Fault

SHEETS = (".xlsx", ".xlsm")
OTHER_SHEETS = (".xls", ".ods", ".xlsb", ".numbers")
Cells = list[list[str]]


def read_sheets(path: Path) -> dict[str, Cells]:
    """Return the cells of every sheet of a workbook, by its name; a row's place is its number in the sheet less one.

    Raises
    ------
    BadValueError
        When it cannot be read as a workbook.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        return {sheet.title: _rows(sheet.iter_rows()) for sheet in book.worksheets}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        words = f"cannot be read as a spreadsheet: {str(error).splitlines()[0]}"
        fix = "Save it again as .xlsx, or the sheet as CSV"
        raise BadValueError(Fault(words, fix, file=str(path))) from None


def formulas(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the formulas of a sheet by row and column, both counted from 0: a program may write one without its value.

    The workbook has been read before (`read_sheets`).
    """
    from openpyxl import load_workbook

    rows = load_workbook(path, read_only=True)[sheet].iter_rows()
    cells = ((r, k, cell) for r, row in enumerate(rows) for k, cell in enumerate(row))
    return {(r, k): str(cell.value) for r, k, cell in cells if cell.data_type == "f"}


def cell_name(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell, such as C4; both are counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def _rows(rows: Iterable[Iterable[Any]]) -> Cells:
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
