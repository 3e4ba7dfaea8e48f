"""A file of rows, whatever program wrote it: encoding, delimiter, header; only the columns that are wanted are read."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.calibrate.reading.import_log import ImportLog, refused

HEAD = 1 << 18
DELIMITERS = (";", "\t", "|", ",")
TITLES = 20
SPREADSHEETS = (".xlsx", ".xls", ".ods", ".xlsb")


@dataclass(frozen=True)
class Shape:
    """How the rows of a file are written.

    Attributes
    ----------
    header : names of the columns, stripped; without a header the first row's cells.
    line : of the header; what stands above it is a title.
    """

    path: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    line: int


def shape_of(path: Path) -> Shape:
    """Look at the beginning of a file.

    Raises
    ------
    ExportError
        When it cannot be read, or has no rows.
    """
    data = _head(path)
    encoding = _encoding(data)
    text = data.decode(encoding, errors="replace")
    lines = text.splitlines(keepends=True)[:400]
    if len(data) == HEAD:
        lines = lines[:-1]
    delimiter = _delimiter([line for line in lines if line.strip()] or [""])
    reader, numbered, begins = csv.reader(lines, delimiter=delimiter), [], 1
    for row in reader:
        if any(cell.strip() for cell in row):
            numbered.append((begins, row))
        begins = reader.line_num + 1
    if len(numbered) < 2:
        raise refused(str(path), "has no rows", "An export has a row an interval, or a row a contact", 1)
    first = _first([row for _, row in numbered])
    line, header = numbered[first]
    return Shape(str(path), encoding, delimiter, _cells(header), line)


def _first(rows: list[list[str]]) -> int:
    """The first row that has as many cells as rows usually have: what stands above it is a title."""
    widths = [len(row) for row in rows[-50:]]
    usual = max(set(widths), key=widths.count)
    return next((number for number, row in enumerate(rows[:TITLES]) if len(row) == usual), 0)


def _cells(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row)


def _head(path: Path) -> bytes:
    if path.suffix.lower() in SPREADSHEETS:
        raise refused(str(path), "is a spreadsheet", "Save the sheet as CSV and calibrate that")
    if path.is_dir():
        raise refused(str(path), "is a folder, not a file", "Name one export")
    if not path.exists():
        raise refused(str(path), "is a file that does not exist", f"Looked for {path.absolute()}")
    try:
        with gzip.open(path) if _packed(str(path)) else path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, EOFError) as error:
        raise refused(str(path), f"is a file that cannot be read: {error}", "Export it once more") from None


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data[: data.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells; of equals the first of DELIMITERS."""
    best, most = ",", 0.0
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[-50:], delimiter=mark)]
        usual = max(set(widths), key=widths.count)
        share = widths.count(usual) / len(widths)
        if usual > 1 and share > 0.5 and share > most + 0.2:
            best, most = mark, share
    return best


def read_rows(
    shape: Shape, names: Sequence[str], wanted: Sequence[str], headless: bool, date: str, import_log: ImportLog
) -> pd.DataFrame:
    """The wanted columns as text, one row a line, without a last row that adds the others up; as `read_columns`."""
    table = read_columns(shape, names, list(dict.fromkeys(wanted)), headless)
    last = str(table[date].iloc[-1]).strip().lower() if len(table) else "-"
    import_log.rows = len(table)
    if last and not re.match(r"(grand )?(total|sum|summe|gesamt|totals)\b", last):
        return table
    import_log.dropped.append((1, "adds the others up", int(table.index[-1])))
    return table.iloc[:-1]


def read_columns(shape: Shape, names: Sequence[str], wanted: Sequence[str], headless: bool) -> pd.DataFrame:
    """The wanted columns as text, one row a line; the index is the line in the file.

    Parameters
    ----------
    shape : of the file.
    names : of all its columns.
    wanted : those to read; the others are dropped while reading and never kept.
    headless : whether the first line is a row.

    Raises
    ------
    ExportError
        With the line, when a row has too many cells or text cannot be decoded.
    """
    _check_widths(shape, len(names))
    try:
        table = pd.read_csv(
            shape.path,
            sep=shape.delimiter,
            encoding=shape.encoding,
            header=None if headless else 0,
            skiprows=shape.line - 1,
            names=list(names),
            usecols=[names.index(name) for name in wanted],
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            index_col=False,
            compression="gzip" if _packed(shape.path) else None,
            encoding_errors="replace",
        )
    except pd.errors.ParserError as error:
        raise refused(
            shape.path, f"cannot be cut into cells: {_plain(error)}", "Every row needs the same cells"
        ) from None
    begins = shape.line + (0 if headless else 1)
    table.index = pd.RangeIndex(begins, len(table) + begins)
    table = table.fillna("")
    return table[~(table == "").all(axis=1)]


def _check_widths(shape: Shape, cells: int) -> None:
    """Refuse a row with more cells than there are columns: everything in it would stand in the wrong place."""
    mark = shape.delimiter
    with gzip.open(shape.path, "rb") if _packed(shape.path) else open(shape.path, "rb") as raw:
        for number, line in enumerate(io.TextIOWrapper(raw, shape.encoding, errors="replace"), 1):
            if number < shape.line or line.count(mark) < cells or line.count('"') % 2:
                continue
            row = next(csv.reader([line.rstrip("\r\n" + mark)], delimiter=mark))
            if len(row) > cells:
                fix = f"It needs the {cells} cells of the header; text with {mark!r} in it needs quotes"
                raise refused(shape.path, "has more cells than the header", fix, number)


def _packed(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _plain(error: Exception) -> str:
    words = str(error).split("C error:")[-1].strip()
    return words[0].lower() + words[1:] if words else "unreadable"
