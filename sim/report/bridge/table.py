"""The bridge as a table: today, a row a cause, tomorrow."""

from __future__ import annotations

from sim.report.bridge.narrative import label_of, made_words, names_of
from sim.report.bridge.rests import rest_of
from sim.report.bridge.values import bar, end, shown_causes
from sim.report.forms import DASH, SECONDS, STAFF, Form
from sim.report.table import Cell, Table, row, table
from sim.report.value import Value, beyond_luck
from sim.study.bridge.bars import AHT, FTE, MEASURES, WORKLOAD, Bridge

TITLE = "From today to tomorrow, cause by cause"
COLUMNS = {AHT: "AHT (s)", WORKLOAD: "workload (h)", FTE: "FTE"}
FORMS = {AHT: SECONDS, WORKLOAD: STAFF, FTE: STAFF}
SUM = "change: the sum of the bars"


def bridge_table(bridge: Bridge) -> Table:
    """One row a bar between today and tomorrow, and their difference below."""
    before, after = names_of(bridge)
    rests = rest_of(bridge)
    rows = [_end_row(bridge, before, "before")]
    rows += [_bar_row(bridge, cause, rests[cause]) for cause in shown_causes(bridge)]
    rows += [_end_row(bridge, after, "after"), _change_row(bridge)]
    columns = ["Cause", "rests on", *(COLUMNS[measure] for measure in MEASURES)]
    return table(TITLE, columns, rows, made_words(bridge), labels=2)


def _end_row(bridge: Bridge, name: str, side: str) -> tuple[Cell, ...]:
    return row(name, "", *(FORMS[measure].value(end(bridge, side, measure)) for measure in MEASURES))


def _bar_row(bridge: Bridge, cause: str, rests: str) -> tuple[Cell, ...]:
    cells = (_change(FORMS[measure], bar(bridge, cause, measure)) for measure in MEASURES)
    return row(f"  {label_of(bridge, cause)}", rests or DASH, *cells)


def _change_row(bridge: Bridge) -> tuple[Cell, ...]:
    return row(SUM, "", *(_change(FORMS[measure], end(bridge, "change", measure)) for measure in MEASURES))


def _change(form: Form, value: Value | None) -> Cell:
    if value is None:
        return Cell(DASH, "quiet")
    return Cell(form.change(value), "" if beyond_luck(value) else "quiet")
