"""A hiring plan as a table, CSV or a sheet of a workbook: a row a month and group, whole people in its cells.

`ccsim plan` writes such a table and reads it again: what it writes is `COLUMNS`; of these `let_go` may be left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.schema.csv_tables import few, file_path, read_table
from sim.schema.faults import BadValueError, Fault, bad, nearest, raise_any
from sim.schema.workbooks import OTHER_SHEETS, SHEETS, Cells, cell_name, formulas, read_sheets

MONTH, GROUP, COUNT, LET_GO = "month", "group", "count", "let_go"
NEEDED, PEOPLE = (MONTH, GROUP, COUNT), (COUNT, LET_GO)
COLUMNS = (*NEEDED, LET_GO)
SHEET = "hiring"
MOST_MONTHS, MOST_PEOPLE = 60, 100_000
KIND = "CSV file or workbook (.xlsx)"


@dataclass(frozen=True)
class HiringRow:
    """People who join a group, or are let go, at the start of a month, counted from 1."""

    month: int
    group: str
    count: int
    let_go: int


@dataclass(frozen=True)
class _Placed:
    """The cells of a row by column, each with the place it is told at: a file and a line, or a cell of a sheet."""

    cells: dict[str, str]
    file: str
    line: int | None
    names: dict[str, str]

    def fault(self, column: str, error: BadValueError) -> Fault:
        """The first fault of a cell, with the file and the line or cell where it stands."""
        (first, *_) = error.faults
        words = first.message if self.names else f"column {column}: {first.message}"
        return Fault(words, first.fix, (), first.value, self.file + self.names.get(column, ""), self.line)


def read_hiring(name: Any, groups: Sequence[str] = (), months: int = MOST_MONTHS) -> tuple[HiringRow, ...]:
    """Return the rows of a hiring plan, in the order of the file.

    Parameters
    ----------
    name : of the file, as a scenario writes it.
    groups : those that there are; any when empty.
    months : the last month that there is.

    Raises
    ------
    BadValueError
        With every cell that cannot be used: file, line or sheet and cell, what to write instead.
    """
    rows: list[HiringRow] = []
    faults: list[Fault] = []
    for placed in _rows(name):
        found, wrong = _row(placed, groups, months)
        faults += wrong
        rows += [found] if found is not None else []
    raise_any(few(faults))
    return tuple(rows)


def _row(placed: _Placed, groups: Sequence[str], months: int) -> tuple[HiringRow | None, list[Fault]]:
    """One row; None where a cell of it is wrong."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, text in placed.cells.items():
        try:
            values[column] = _group(text, groups) if column == GROUP else _whole(text, column, months)
        except BadValueError as error:
            faults.append(placed.fault(column, error))
    if faults:
        return None, faults
    return HiringRow(values[MONTH], values[GROUP], values[COUNT], values.get(LET_GO, 0)), []


def _group(text: str, groups: Sequence[str]) -> str:
    if not text:
        raise bad("is empty", "Write the name of a group")
    if groups and text not in groups:
        raise bad("is not a group of agents", nearest(text, groups), text)
    return text


def _whole(text: str, column: str, months: int) -> int:
    """A month, or people; an empty cell is nobody."""
    if not text and column != MONTH:
        return 0
    if text.startswith("="):
        raise bad("is a formula without a value", "Open the workbook, let it calculate, and save it", text)
    least, most = (1, months) if column == MONTH else (0, MOST_PEOPLE)
    fix = f"Write a whole number from {least} to {most:,}"
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if number < 0 and column == COUNT:
        raise bad("is below 0", f"Who is to go stands under {LET_GO}", text)
    if not (number.is_integer() and least <= number <= most):
        raise bad(f"is not a {'month of the plan' if column == MONTH else 'number of people'}", fix, text)
    return int(number)


# Where the rows are from ------------------------------------------------------


def _rows(name: Any) -> Iterator[_Placed]:
    path = file_path(name, KIND)
    if path.suffix.lower() in OTHER_SHEETS:
        raise bad("is a spreadsheet of a kind that is not read", "Save it as .xlsx, or the sheet as CSV", name)
    if path.suffix.lower() in SHEETS:
        sheet, found = _sheet(str(path), read_sheets(path))
        yield from _of_sheet(str(path), sheet, _with_formulas(path, sheet, found))
        return
    table = read_table(name, NEEDED, COUNT)
    for line, cells in table.rows:
        yield _Placed({c: cells[c] for c in COLUMNS if c in cells}, table.path, line, {})


def _sheet(path: str, sheets: dict[str, Cells]) -> tuple[str, Cells]:
    """The sheet called hiring, else the first that has the columns."""
    named = [name for name in sheets if name.strip().lower() == SHEET]
    fit = named or [name for name, cells in sheets.items() if set(NEEDED) <= set(_header(cells))]
    if not fit:
        fix = f"It needs a sheet called {SHEET} with the columns {', '.join(NEEDED)} in its first row"
        raise BadValueError(Fault("has no sheet of a hiring plan", fix, value=", ".join(sheets), file=path))
    return fit[0], sheets[fit[0]]


def _with_formulas(path: Path, sheet: str, cells: Cells) -> Cells:
    """The cells with a formula where it has no value, which is not nobody."""
    if all(cell for row in cells for cell in row):
        return cells
    written = formulas(path, sheet)
    return [[cell or written.get((r, k), "") for k, cell in enumerate(row)] for r, row in enumerate(cells)]


def _header(cells: Cells) -> list[str]:
    return [cell.strip().lower().replace(" ", "_") for cell in cells[0]] if cells else []


def _of_sheet(path: str, sheet: str, cells: Cells) -> Iterator[_Placed]:
    place, header = f"{path}, sheet {sheet}", _header(cells)
    missing = [column for column in NEEDED if column not in header]
    if missing:
        fix = f"Its first row names the columns: {', '.join(COLUMNS)}"
        raise BadValueError(Fault(f"has no column {' or '.join(missing)}", fix, file=place))
    at = {column: header.index(column) for column in COLUMNS if column in header}
    for number, row in enumerate(cells[1:], start=1):
        if any(cell.strip() for cell in row):
            names = {column: f", cell {cell_name(number, k)}" for column, k in at.items()}
            yield _Placed({column: row[k].strip() for column, k in at.items()}, place, None, names)
