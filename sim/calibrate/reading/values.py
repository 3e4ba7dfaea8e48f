"""Cells to numbers and durations, a column at a time; what cannot be read is refused with its line."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.reading.cell_kinds import NOTHING
from sim.calibrate.reading.import_log import refused, several
from sim.calibrate.reading.names import UNIT_WORDS, understood

Floats = npt.NDArray[np.float64]
UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}
UNIT_SECONDS = {word: UNITS[unit] for word, unit in UNIT_WORDS.items()} | {"d": 86_400.0, "m": 60.0}
LONGEST_MINUTES = 180


@dataclass(frozen=True)
class Column:
    """A column as text.

    Attributes
    ----------
    cells : one a row; the index is the line in the file.
    name : what the file calls it.
    """

    path: str
    name: str
    cells: pd.Series


def empty(cells: pd.Series) -> pd.Series:
    """Where a cell says nothing."""
    return cells.str.strip().str.lower().isin(NOTHING)


def numbers(column: Column, decimal: str = "") -> Floats:
    """Numbers; nan where a cell is empty.

    Parameters
    ----------
    column : as text, with a decimal point or a decimal comma, and perhaps marks between thousands.
    decimal : ``,`` or ``.`` where the caller knows it.

    Raises
    ------
    ExportError
        With the first lines that are no numbers, that are negative, or whose comma can mean two things.
    """
    cells = column.cells.str.strip()
    quick = pd.to_numeric(cells.where(cells != "", "nan"), errors="coerce")
    if not decimal:
        _refuse_pointed_thousands(column, cells)
    if decimal == "," or quick.isna().any():
        quick = pd.to_numeric(_pointed(column, cells, decimal), errors="coerce")
    wrong = quick.isna() & ~empty(cells)
    refuse_cells(column, wrong, "is not a number", "Write numbers such as 12 or 12.5")
    refuse_cells(column, (quick < 0) | np.isinf(quick), "is not a count or a time: it is negative or infinite", "")
    return np.asarray(quick.to_numpy(np.float64))


def _pointed(column: Column, cells: pd.Series, decimal: str) -> pd.Series:
    """Cells with a decimal point and no mark between thousands."""
    comma = cells.str.contains(",", regex=False)
    mark = decimal or (_decimal_mark(column, cells[comma]) if comma.any() else ".")
    other = "." if mark == "," else ","
    plain = cells.str.replace(r"[\s'\u00a0\u202f]", "", regex=True).str.replace(other, "", regex=False)
    return plain.str.replace(",", ".", regex=False) if mark == "," else plain


def _refuse_pointed_thousands(column: Column, cells: pd.Series) -> None:
    """Refuse 1.234 where the point can mean thousands: beside whole numbers, and always three figures after it."""
    pointed = cells[cells.str.contains(".", regex=False)]
    plain = cells.str.fullmatch(r"\d{1,3}").any()
    if len(pointed) and plain and pointed.str.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+").all():
        words = f"{column.name} has a point that can mean thousands or decimals"
        fix = "Say --decimal , or --decimal ."
        raise refused(column.path, words, fix, int(pointed.index[0]), str(pointed.iloc[0]))


def _decimal_mark(column: Column, cells: pd.Series) -> str:
    """Which mark stands before the decimals in cells that have a comma."""
    if cells.str.contains(r"\.\d*,|,\d{1,2}$|,\d{4,}$", regex=True).any():
        return ","
    if cells.str.contains(r",\d{3}\.|,\d{3},", regex=True).any():
        return "."
    words = f"{column.name} has a comma that can mean thousands or decimals"
    fix = "Say --decimal , or --decimal ."
    raise refused(column.path, words, fix, int(cells.index[0]), str(cells.iloc[0]))


def durations(column: Column, unit: str, decimal: str = "") -> Floats:
    """Durations in seconds; nan where a cell is empty.

    They are numbers of a unit, or clocks such as 0:04:10, 4:10 and :10, or say their unit themselves (4m 10s, PT4M10S).

    Raises
    ------
    ExportError
        As `numbers`; and where there are numbers, and their unit is empty: it is not in the file.
    """
    cells = column.cells.str.strip()
    clocks = cells.str.contains(":", regex=False)
    if clocks.any():
        return _clocks(column, cells)
    worded = cells.str.contains(r"\d\s*[a-zA-Z]|^P", regex=True)
    if worded.any():
        return _worded(column, cells, unit)
    if not unit and not cells[~empty(cells)].str.fullmatch(r"0+(?:[.,]0+)?").all():
        said = cells[~empty(cells)]
        words = f"{column.name}: the unit of these numbers is not in the file"
        fix = "Say --unit seconds, minutes, hours or milliseconds"
        raise refused(column.path, words, fix, int(said.index[0]), str(said.iloc[0]))
    return numbers(column, decimal) * UNITS[unit or "seconds"]


def _clocks(column: Column, cells: pd.Series) -> Floats:
    """Clocks of three parts, of two, and of seconds alone; 0 may stand beside them."""
    parts = cells.str.extract(r"^(?:(\d+):)?(\d*):(\d\d(?:[.,]\d+)?)$")
    hour, middle = parts[0], pd.to_numeric(parts[1].replace("", "0"), errors="coerce")
    last = pd.to_numeric(parts[2].str.replace(",", ".", regex=False), errors="coerce")
    long = hour.notna() & (parts[1] != "")
    two = hour.isna() & parts[1].notna() & (parts[1] != "")
    seconds = pd.to_numeric(hour, errors="coerce").fillna(0.0) * 3600 + middle * 60 + last
    if two.any() and _hours_first(column, cells, hour, long):
        seconds = seconds.mask(two, middle * 3600 + last * 60)
    wide = seconds.where(~(hour.notna() & ~long)).mask((long & (middle >= 60)) | (last >= 60))
    zero = cells.str.fullmatch(r"0+([.,]0+)?")
    wrong = wide.mask(zero, 0.0).isna() & ~empty(cells)
    refuse_cells(column, wrong, "is not a duration such as 0:04:10", "Write h:mm:ss: 4:10 can mean minutes or hours")
    odd = two & (wide >= LONGEST_MINUTES * 60) & (understood(column.name).form != "h:mm")
    refuse_cells(column, odd, "is not a time in minutes and seconds", "Write h:mm:ss")
    return np.asarray(wide.mask(zero, 0.0).to_numpy(np.float64))


def _hours_first(column: Column, cells: pd.Series, hour: pd.Series, long: pd.Series) -> bool:
    """Whether 4:10 means hours and minutes.

    Alone it is minutes and seconds: nobody waits or talks for hours. Beside h:mm:ss it is too where those begin with
    an hour that is not 0, or seconds stand alone: then hours and minutes are written only where there are any.
    """
    form = understood(column.name).form
    if form in ("h:mm", "m:ss"):
        return form == "h:mm"
    short = cells.str.startswith(":").any()
    dropped_zeros = not long.any() or short or pd.to_numeric(hour[long]).gt(0).all()
    if not dropped_zeros:
        wrong = ~long & cells.str.contains(":", regex=False)
        refuse_cells(
            column, wrong, "is not a duration such as 0:04:10", "Write h:mm:ss: 4:10 can mean minutes or hours"
        )
    return False


def _worded(column: Column, cells: pd.Series, unit: str) -> Floats:
    """Durations that say their unit, such as 4m 10s, 250 sec and PT4M10S; bare numbers have the column's."""
    codes, unique = pd.factorize(cells)
    seconds = np.array([_said(str(text), unit) for text in unique])
    wrong = pd.Series(np.isnan(seconds)[codes], index=cells.index) & ~empty(cells)
    refuse_cells(column, wrong, "is not a duration", "Write 0:04:10, 4m 10s, or numbers of one unit")
    return np.asarray(seconds[codes])


def _said(text: str, unit: str) -> float:
    if re.fullmatch(r"\d+([.,]\d+)?", text) and (unit or not float(text.replace(",", "."))):
        return float(text.replace(",", ".")) * UNITS[unit or "seconds"]
    plain = re.sub(r"^P(?:(\d+)D)?T?", lambda match: f"{match[1]}d" if match[1] else "", text)
    parts = re.findall(r"([\d.,]+)\s*([a-zA-Z]+)", plain)
    rest = re.sub(r"([\d.,]+)\s*([a-zA-Z]+)\.?", "", plain).strip(" ,")
    if rest or not parts or any(word.lower() not in UNIT_SECONDS for _, word in parts):
        return math.nan
    try:
        return sum(float(number.replace(",", ".")) * UNIT_SECONDS[word.lower()] for number, word in parts)
    except ValueError:
        return math.nan


def refuse_cells(column: Column, wrong: pd.Series, words: str, fix: str) -> None:
    """Refuse a column with some wrong cells; the first few are told with their lines."""
    if wrong.any():
        some = column.cells[wrong].head(50)
        rows = list(zip(some.index.tolist(), some.astype(str).tolist(), strict=True))
        extra = int(wrong.sum()) - len(rows)
        rows += [(rows[-1][0], "")] * extra
        raise several(column.path, rows, f"{column.name} {words}", fix)
