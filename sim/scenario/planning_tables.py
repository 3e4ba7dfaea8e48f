"""Tables of months: growth by intent, and training classes as `ccsim plan` writes them, from CSV or a spreadsheet."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.schema.csv_tables import FileName, few, read_table
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.planner_tables import Row

SPREADSHEETS = (".xlsx", ".xlsm")
GROWTH_COLUMNS = ("month", "intent", "factor")
CLASS_COLUMNS = ("month", "group", "count")
CLASS_SHEET = "Hiring"
"""The sheet that holds the classes; the first one with their columns where none has this name."""
MOST_MONTHS = 60

Entry = Callable[[dict[str, str]], Any]


def month_cell(text: str) -> int:
    """Return the number of a month, counted from 1."""
    number = number_of(text)
    if not number.is_integer() or not 1 <= number <= MOST_MONTHS:
        raise bad("is not a month of the plan", f"Count months from 1, at most {MOST_MONTHS}", text)
    return int(number)


def number_of(text: str) -> float:
    """Return a number that is not negative."""
    try:
        number = float(text)
    except ValueError:
        raise bad("is not a number", "", text) from None
    if not 0.0 <= number <= 1e12:
        raise bad("is not a number of at least 0", "", text)
    return number


def growth_rows(name: Any) -> tuple[tuple[int, str, float], ...]:
    """Return (month, intent, factor against today) of a table; each month and intent at most once."""
    path, rows = _table(name, GROWTH_COLUMNS, None)
    found = _entries(path, rows, lambda row: (month_cell(row["month"]), row["intent"], number_of(row["factor"])))
    seen: dict[tuple[int, str], int] = {}
    faults = []
    for line, (month, intent, _) in found:
        if (month, intent) in seen:
            words = f"names month {month} of {intent} again, which line {seen[month, intent]} already does"
            faults.append(Fault(words, "Name each month of an intent once", file=path, line=line))
        seen.setdefault((month, intent), line)
    raise_any(few(faults))
    return tuple(entry for _, entry in found)


def class_rows(name: Any) -> list[dict[str, Any]]:
    """Return month, group and count of every training class of a table; rows without people are passed over."""
    path, rows = _table(name, CLASS_COLUMNS, CLASS_SHEET)
    found = _entries(path, rows, _training_class)
    return [entry for _, entry in found if entry["count"]]


def _training_class(row: dict[str, str]) -> dict[str, Any]:
    count = number_of(row["count"] or "0")
    if not count.is_integer():
        raise bad("is not a whole number of people", "", row["count"])
    return {"month": month_cell(row["month"]), "group": row["group"], "count": int(count)}


def _entries(path: str, rows: list[Row], entry: Entry) -> list[tuple[int, Any]]:
    """Return every row's entry with its line; what is wrong in any of them at once."""
    found, faults = [], []
    for line, row in rows:
        try:
            found.append((line, entry(row)))
        except BadValueError as error:
            faults += [Fault(f.message, f.fix, value=f.value, file=path, line=line) for f in error.faults]
    raise_any(few(faults))
    return found


def _table(name: Any, columns: tuple[str, ...], sheet: str | None) -> tuple[str, list[Row]]:
    """Return the path for messages, and the rows with their lines."""
    path = name.full if isinstance(name, FileName) else Path(str(name))
    if sheet is not None and path.suffix.lower() in SPREADSHEETS:
        return str(path), _sheet_rows(path, columns, sheet)
    table = read_table(name, columns, columns[-1])
    return table.path, table.rows


def _sheet_rows(path: Path, columns: tuple[str, ...], sheet: str) -> list[Row]:
    """Return the rows of a spreadsheet below the first line that names all the columns."""
    sheets = _sheets(path)
    for title in sorted(sheets, key=lambda title: title != sheet):
        lines = sheets[title]
        header = next((k for k, cells in enumerate(lines) if set(columns) <= set(cells)), None)
        if header is not None:
            rows = [(k + 1, dict(zip(lines[header], lines[k], strict=True))) for k in range(header + 1, len(lines))]
            return [(line, row) for line, row in rows if row["month"] and row["group"]]
    fix = f"One sheet needs a line with the columns {', '.join(columns)}"
    raise BadValueError(Fault("has no sheet with training classes", fix, file=str(path)))


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    """Return the cells of every sheet as text, rows of one width."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        return {sheet.title: [[_text(v) for v in row] for row in sheet.values] for sheet in book.worksheets}
    except FileNotFoundError:
        raise bad("is a file that does not exist", f"Looked for {path}", str(path)) from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError):
        raise bad("cannot be read as a spreadsheet", "Save it again as .xlsx, or as CSV", str(path)) from None


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
