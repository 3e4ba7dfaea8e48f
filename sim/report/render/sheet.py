"""The report as a spreadsheet: a summary, the half-hours, what it rests on, and every figure behind it."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from sim.loading.explain import explain_scenario
from sim.report import Paragraph, Report, ShortLines, Table

SUMMARY, HALF_HOURS, ASSUMPTIONS = "Summary", "Half-hours", "Assumptions"
WRITTEN = dt.datetime(2000, 1, 1)
"""Of every file, so that the same answer gives the same bytes."""
MOST_ROWS, MOST_NAME = 1_048_575, 31
TAKEN = {SUMMARY.lower(), HALF_HOURS.lower(), ASSUMPTIONS.lower()}
COLUMNS = ("scenario", "parameter", "value", "known from", "grade", "range", "what", "source")


def write_sheet(report: Report, path: Path) -> None:
    """Write the workbook of a report: text and numbers only, so that it opens without a warning."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**options, "in_memory": True}) as book:
        book.set_properties({"created": WRITTEN})
        bold = book.add_format({"bold": True})
        _write_summary(book, report, bold)
        if report.half_hours:
            _write_frame(book.add_worksheet(HALF_HOURS), by_measure(report.tables[report.half_hours]), bold)
        _write_frame(book.add_worksheet(ASSUMPTIONS), _assumptions(report), bold)
        for name, table in report.tables.items():
            if name != report.half_hours and len(table) <= MOST_ROWS:
                _write_frame(book.add_worksheet(_sheet_name(name)), table, bold)


def _sheet_name(name: str) -> str:
    return f"{name[: MOST_NAME - 2]} 2" if name.lower() in TAKEN else name[:MOST_NAME]


def _write_summary(book: Workbook, report: Report, bold: Any) -> None:
    sheet = book.add_worksheet(SUMMARY)
    sheet.set_column(0, 0, 60)
    sheet.write_string(0, 0, f"{report.title} against {report.against}" if report.against else report.title, bold)
    sheet.write_string(1, 0, report.line)
    at = 3
    for section in report.page:
        for item in section.items:
            if isinstance(item, Table):
                at = _write_table(sheet, item, at, bold)
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


def _write_table(sheet: Worksheet, table: Table, at: int, bold: Any) -> int:
    """Write a table as it is read elsewhere, and return the row after it."""
    sheet.write_string(at, 0, table.title, bold)
    sheet.write_row(at + 1, 0, table.columns, bold)
    for number, cells in enumerate(table.rows):
        sheet.write_row(at + 2 + number, 0, [cell.text for cell in cells])
    end = at + 2 + len(table.rows)
    for number, note in enumerate(table.notes):
        sheet.write_string(end + number, 0, note)
    return end + len(table.notes) + 1


def _write_frame(sheet: Worksheet, frame: pd.DataFrame, bold: Any) -> None:
    sheet.write_row(0, 0, [str(column) for column in frame.columns], bold)
    sheet.freeze_panes(1, 0)
    for number, values in enumerate(frame.itertuples(index=False, name=None), start=1):
        for column, value in enumerate(values):
            _write_cell(sheet, number, column, value)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        sheet.set_column(0, len(frame.columns) - 1, 16)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """A number as a number; what is no number stays empty."""
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif value is not None and math.isfinite(value):
        sheet.write_number(row, column, float(value))


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
