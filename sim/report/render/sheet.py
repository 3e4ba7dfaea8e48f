"""The report as a spreadsheet: a summary, the half-hours, what it rests on, and every figure behind it."""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from sim.loading.explain import explain_scenario
from sim.report import Paragraph, Report, ShortLines, Table
from sim.report.labels import LABELS, label_of
from sim.report.render.cells import form_of_kind, number_of, sheet_columns

SUMMARY, HALF_HOURS, ASSUMPTIONS = "Summary", "Half-hours", "Assumptions"
WRITTEN = dt.datetime(2000, 1, 1)
"""Of every file, so that the same answer gives the same bytes."""
MOST_ROWS, MOST_NAME = 1_048_575, 31
WIDE, NARROW = 60, 14
ESTIMATES = ("mean", "ci_low", "ci_high")
NAMES = ("scenario", "intent", "group", "queue", "skill", "day", "date", "time", "measure", "cause", "name", "grade")
"""Columns of names, which stay text even where they look like numbers."""
PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?( ?%)?")
"""A text of a data sheet that is a number; one that begins with 0 is a name."""
TAKEN = {SUMMARY.lower(), HALF_HOURS.lower(), ASSUMPTIONS.lower()}
COLUMNS = ("scenario", "parameter", "value", "known from", "grade", "range", "what", "source")


class Sheets:
    """The workbook that is being written, with its formats."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.formats: dict[str, Any] = {}

    def format(self, form: str) -> Any:
        """Return the format of numbers that are shown in a way, made once."""
        if form not in self.formats:
            self.formats[form] = self.book.add_format({"num_format": form})
        return self.formats[form]


def write_sheet(report: Report, path: Path) -> None:
    """Write the workbook of a report: numbers as numbers, text as text only, so that it opens without a warning."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**options, "in_memory": True}) as book:
        book.set_properties({"created": WRITTEN})
        sheets = Sheets(book)
        _write_summary(sheets, report)
        if report.half_hours:
            _write_frame(sheets, HALF_HOURS, by_measure(report.tables[report.half_hours]))
        _write_frame(sheets, ASSUMPTIONS, _assumptions(report))
        for name, table in report.tables.items():
            if name != report.half_hours and len(table) <= MOST_ROWS:
                _write_frame(sheets, _sheet_name(name), table)


def _sheet_name(name: str) -> str:
    return f"{name[: MOST_NAME - 2]} 2" if name.lower() in TAKEN else name[:MOST_NAME]


# What is read --------------------------------------------------------------------


def _write_summary(sheets: Sheets, report: Report) -> None:
    sheet = sheets.book.add_worksheet(SUMMARY)
    for place, width in enumerate(_widths(report)):
        sheet.set_column(place, place, width)
    sheet.write_string(
        0, 0, f"{report.title} against {report.against}" if report.against else report.title, sheets.bold
    )
    sheet.write_string(1, 0, report.line)
    at = 3
    for section in report.page:
        for item in section.written:
            if isinstance(item, Table):
                at = _write_table(sheets, sheet, item, at)
            elif isinstance(item, Paragraph):
                sheet.write_string(at, 0, f"{item.name}. {item.text}" if item.name else item.text)
                at += 1
            elif isinstance(item, ShortLines):
                for line in item.lines:
                    sheet.write_string(at, 0, line)
                    at += 1
        at += 1
    for line in report.footer:
        sheet.write_string(at, 0, line)
        at += 1


def _widths(report: Report) -> list[int]:
    """How wide each column is: names whole, numbers alike."""
    tables = [item for section in report.page for item in section.written if isinstance(item, Table)]
    widths = [WIDE] + [NARROW] * max((len(sheet_columns(table)) for table in tables), default=0)
    for table in tables:
        for place in range(1, table.labels):
            longest = max((len(cells[place].text) for cells in table.rows), default=0)
            widths[place] = max(widths[place], min(longest, WIDE))
    return widths


def _write_table(sheets: Sheets, sheet: Worksheet, table: Table, at: int) -> int:
    """Write a table as it is read elsewhere, with numbers as numbers, and return the row after it."""
    sheet.write_string(at, 0, table.title, sheets.bold)
    for place, column in enumerate(sheet_columns(table)):
        sheet.write_string(at + 1, place, column.header, sheets.bold)
        for row, cell in enumerate(column.cells, start=at + 2):
            if isinstance(cell, tuple):
                sheet.write_number(row, place, cell[0], sheets.format(cell[1]))
            elif cell is not None:
                sheet.write_string(row, place, cell)
    end = at + 2 + len(table.rows)
    for number, note in enumerate(table.notes):
        sheet.write_string(end + number, 0, note)
    return end + len(table.notes) + 1


# What is behind it ---------------------------------------------------------------


def _write_frame(sheets: Sheets, name: str, frame: pd.DataFrame) -> None:
    sheet = sheets.book.add_worksheet(name)
    sheet.write_row(0, 0, [str(column) for column in frame.columns], sheets.bold)
    sheet.freeze_panes(1, 0)
    measures = frame["measure"].astype(str).tolist() if "measure" in frame else None
    for place, column in enumerate(frame.columns):
        kinds = [kind_of(measure) for measure in measures] if measures and column in ESTIMATES else kind_of(str(column))
        named = str(column) in NAMES
        for number, value in enumerate(frame[column].tolist(), start=1):
            kind = kinds if isinstance(kinds, str) else kinds[number - 1]
            if (
                not named
                and isinstance(value, str)
                and PLAIN.fullmatch(value)
                and (said := number_of(value)) is not None
            ):
                sheet.write_number(number, place, said.value, sheets.format(said.form))  # a setting, as it was written
            else:
                _write_cell(sheets, sheet, (number, place), value, kind)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        sheet.set_column(0, len(frame.columns) - 1, 16)


def _write_cell(sheets: Sheets, sheet: Worksheet, place: tuple[int, int], value: Any, kind: str) -> None:
    """A number as a number; what is no number stays empty."""
    if isinstance(value, str):
        sheet.write_string(*place, value)
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif value is not None and math.isfinite(value):
        sheet.write_number(*place, float(value), *([sheets.format(form_of_kind(kind))] if kind else []))


def kind_of(measure: str) -> str:
    """How a column or measure counts, by its name; empty where it is no measure."""
    return label_of(measure).kind if measure in LABELS or measure.endswith(("_rate", "_share", "_s")) else ""


def by_measure(table: pd.DataFrame) -> pd.DataFrame:
    """A tidy table with a column a measure: what a planner pastes into his own sheet."""
    if "measure" not in table:
        return table
    labels = [name for name in table.columns if name not in ("measure", "mean", "ci_low", "ci_high")]
    order = list(dict.fromkeys(table["measure"]))
    wide = table.pivot_table(index=labels, columns="measure", values="mean", sort=False, dropna=False, observed=True)
    return wide.reindex(columns=order).reset_index()


def _assumptions(report: Report) -> pd.DataFrame:
    """Every parameter in force, as `ccsim explain` lists them."""
    rows = [
        (name, p.path, p.words, p.how, p.grade or "", p.range, p.about, p.source)
        for name, scenario in report.scenarios.items()
        for p in explain_scenario(scenario)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
