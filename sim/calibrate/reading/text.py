"""A file of rows, whatever program wrote it: encoding, delimiter, header; only the columns that are wanted are read."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pandas as pd

from sim.calibrate.reading.cell_kinds import is_clock, is_day, is_stamp
from sim.calibrate.reading.import_log import ImportLog, refused
from sim.calibrate.reading.sheets import sheet_text
from sim.calibrate.reading.vocabulary import is_usual
from sim.schema.workbooks import OTHER_SHEETS, SHEETS

HEAD = 1 << 18
DELIMITERS = (";", "\t", "|", ",")
TITLES = 25
TOTAL = re.compile(r"(grand |sub)?-?(totals?|sum|summe|gesamt|summary|overall)\b", re.I)


@dataclass(frozen=True)
class Shape:
    """How the rows of a file are written.

    Attributes
    ----------
    header : names of the columns, stripped; without a header the first row's cells.
    line : of the header; what stands above it is a title.
    titles : (line, words) of what stands above the header.
    sample : the first rows below the header, to see what their cells look like.
    text : the rows themselves, where the file is a workbook; `sheet` is the one that is read.
    """

    path: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    line: int
    titles: tuple[tuple[int, str], ...] = ()
    sample: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    sheet: str = ""

    def cells(self, place: int) -> list[str]:
        """The cells of a column in the sample."""
        return [row[place] for row in self.sample if place < len(row)]


def shape_of(path: Path, named: Sequence[str] = (), sheet: str = "") -> Shape:
    """Look at the beginning of a file.

    Parameters
    ----------
    path : of the file.
    named : columns that the caller has named: the header has them.
    sheet : of a workbook.

    Raises
    ------
    ExportError
        When it cannot be read, or has no rows.
    """
    _refuse_no_file(path)
    text, chosen = "", ""
    if path.suffix.lower() in SHEETS:
        text, chosen = sheet_text(path, sheet, lambda rows: max(map(_known, rows), default=0))
        lines, encoding, delimiter = text.splitlines(keepends=True)[:400], "utf-8", ";"
    else:
        lines, encoding = _first_lines(path)
        delimiter = _delimiter([line for line in lines if line.strip()] or [""])
    numbered = _numbered(lines, delimiter)
    if len(numbered) < 2:
        raise refused(str(path), "has no rows", "An export has a row an interval, or a row a contact", 1)
    first = _first([row for _, row in numbered], named)
    line, header = numbered[first]
    titles = tuple((at, " ".join(cell.strip() for cell in row if cell.strip())) for at, row in numbered[:first])
    sample = tuple(_cells(row) for _, row in numbered[first + 1 :])
    return Shape(str(path), encoding, delimiter, _cells(header), line, titles, sample, text, chosen)


def _numbered(lines: list[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows that say something, each with the line on which it begins."""
    reader, numbered, begins = csv.reader(lines, delimiter=delimiter), [], 1
    for row in reader:
        if any(cell.strip() for cell in row):
            numbered.append((begins, row))
        begins = reader.line_num + 1
    return numbered


def _first(rows: list[list[str]], named: Sequence[str]) -> int:
    """The header: the row with most usual names; else the first that has as many cells as rows usually have."""
    marks = [_known(row) + sum(cell.strip() in named for cell in row) for row in rows[:TITLES]]
    best = max(marks)
    if best >= 2:
        return marks.index(best)
    widths = [len(row) for row in rows[-50:]]
    usual = max(set(widths), key=widths.count)
    return next((number for number, row in enumerate(rows[:TITLES]) if len(row) == usual), 0)


def _known(row: Sequence[str]) -> int:
    """How many cells of a row are usual names of columns; none in a row of one title."""
    names = [cell for cell in row if cell.strip()]
    return sum(map(is_usual, names)) if len(names) > 1 else 0


def _cells(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row)


def _refuse_no_file(path: Path) -> None:
    if path.suffix.lower() in OTHER_SHEETS:
        raise refused(str(path), "is a spreadsheet of a kind that is not read", "Save it as .xlsx, or the sheet as CSV")
    if path.is_dir():
        raise refused(str(path), "is a folder, not a file", "Name one export")
    if not path.exists():
        raise refused(str(path), "is a file that does not exist", f"Looked for {path.absolute()}")


def _first_lines(path: Path) -> tuple[list[str], str]:
    """The first lines of a file, and its encoding."""
    try:
        with gzip.open(path) if _packed(str(path)) else path.open("rb") as file:
            data = file.read(HEAD)
    except (OSError, EOFError) as error:
        raise refused(str(path), f"is a file that cannot be read: {error}", "Export it once more") from None
    encoding = _encoding(data)
    lines = data.decode(encoding, errors="replace").splitlines(keepends=True)[:400]
    return (lines[:-1] if len(data) == HEAD else lines), encoding


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
    shape: Shape, names: Sequence[str], wanted: Sequence[str], headless: bool, first: str, import_log: ImportLog
) -> pd.DataFrame:
    """The wanted columns as text, one row a line, without rows that add the others up; as `read_columns`.

    Parameters
    ----------
    first : the column of dates or times; a row that says total there, or says it elsewhere and nothing there, adds up.
    """
    table = read_columns(shape, names, list(dict.fromkeys(wanted)), headless)
    import_log.rows += len(table)
    lines, begins = import_log.lines_of(table.index.to_numpy()), table[first]
    totals = begins.str.match(TOTAL)
    unnamed = begins == ""
    if unnamed.any():
        totals |= unnamed & table.apply(lambda column: column.str.match(TOTAL)).any(axis=1)
        totals |= unnamed & (table.index == table.index[-1]) & (unnamed.sum() == 1)
    footers = _footers(table, begins)
    import_log.drop((totals & ~footers).to_numpy(), lines, "adds the others up")
    import_log.drop(footers.to_numpy(), lines, "words below the rows")
    return table[~(totals | footers)]


def _footers(table: pd.DataFrame, begins: pd.Series) -> pd.Series:
    """Lines at the end that have one cell, which is no moment: who printed the report, and when."""
    full = (table != "").sum(axis=1)
    below = pd.Series(table.index > full[full > 1].index.max(), index=table.index)
    if not below.any():
        return below
    return below & ~begins.map(lambda cell: is_stamp(cell) or is_day(cell) or is_clock(cell))


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
            io.StringIO(shape.text) if shape.text else shape.path,
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
            compression="gzip" if not shape.text and _packed(shape.path) else None,
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
    with _opened(shape) as lines:
        for number, line in enumerate(lines, 1):
            if number < shape.line or line.count(mark) < cells or line.count('"') % 2:
                continue
            row = next(csv.reader([line.rstrip("\r\n" + mark)], delimiter=mark))
            if len(row) > cells:
                fix = f"It needs the {cells} cells of the header; text with {mark!r} in it needs quotes"
                raise refused(shape.path, "has more cells than the header", fix, number)


def _opened(shape: Shape) -> IO[str]:
    """All lines of a file."""
    if shape.text:
        return io.StringIO(shape.text)
    raw = gzip.open(shape.path, "rb") if _packed(shape.path) else open(shape.path, "rb")  # noqa: SIM115
    return io.TextIOWrapper(raw, shape.encoding, errors="replace")  # type: ignore[type-var, unused-ignore]


def all_lines(shape: Shape) -> list[str]:
    """All lines of a file, without their ends."""
    with _opened(shape) as lines:
        return [line.rstrip("\r\n") for line in lines]


def _packed(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _plain(error: Exception) -> str:
    words = str(error).split("C error:")[-1].strip()
    return words[0].lower() + words[1:] if words else "unreadable"
