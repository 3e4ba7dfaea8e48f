"""The report of `targets`: the ask and the answer first, then the grid, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim import __version__
from sim.report.basis import basis_line, basis_words
from sim.report.chart import Chart
from sim.report.labels import goals_words
from sim.report.page_model import PageModel, Paragraph, Report, ReportSection, ShortLines
from sim.report.sensitivity import ranges_table, tornado_table
from sim.report.table import Table
from sim.report.targets.charts import VERDICTS, charts
from sim.report.targets.narrative import paragraphs
from sim.report.targets.tables import cheapest_table, grids, held_table, natural_table
from sim.scenario.model import Scenario
from sim.study.targets import TargetsResult

ASK = "Which staffing, and which handle-time target, once the harder mix is there? Each cell meets the same customers."
BESIDE = "Every measure of every cell: cells.csv and the spreadsheet. The chance of missing each target: verdicts.csv."


def bundle_of(result: TargetsResult) -> Report:
    """Everything that the folder of `targets` holds."""
    return Report(
        paper=paper_of(result, charts(result)),
        tables=dict(frames(result)),
        scenarios=scenarios_of(result),
        seed=result.seed,
        replications=result.replications,
    )


def scenarios_of(result: TargetsResult) -> dict[str, Scenario]:
    """What was asked about, by name."""
    named = {result.scenario.name: result.scenario}
    if result.before is not None:
        named.setdefault(result.before.name, result.before)
    return named


def frames(result: TargetsResult) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables behind the report."""
    cells = result.table
    labels = ["staffing", "target", "recovery_s"]
    wide = cells.pivot_table(index=labels, columns="measure", values="mean", sort=False, dropna=False, observed=True)
    yield "grid", wide.reindex(columns=list(dict.fromkeys(cells["measure"]))).reset_index()
    yield "cells", cells
    yield "verdicts", result.verdicts
    if result.assumptions is not None:
        yield "assumptions", result.assumptions.table


def tables_of(result: TargetsResult) -> list[Table]:
    """Every table, in the order of reading."""
    found = [*grids(result), cheapest_table(result), natural_table(result)]
    held = held_table(result)
    found += [held] if held is not None else []
    sure = result.assumptions
    return found + ([ranges_table(sure), tornado_table(sure)] if sure is not None else [])


def paper_of(result: TargetsResult, drawn: list[Chart]) -> PageModel:
    """The page."""
    scenario = result.scenario
    count = result.replications
    line = (
        f"{scenario.calendar.days} days from {scenario.calendar.start}, {len(result.cells)} cells, {count} "
        f"replication{'s' * (count != 1)} each."
    )
    return PageModel(
        title=f"Staffing and handle-time targets: {scenario.name}",
        against=result.before.name if result.before is not None else "",
        line=line,
        sections=tuple(_sections(result, drawn)),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {count} replications. {BESIDE}",
            basis_line(scenarios_of(result)),
        ),
    )


def _sections(result: TargetsResult, drawn: list[Chart]) -> Iterator[ReportSection]:
    maps = [chart for chart in drawn if chart.name.startswith(VERDICTS)]
    grids_drawn = [table.title for table in grids(result)]
    yield ReportSection("The question", (Paragraph("", (ASK,)),), headed=True)
    yield ReportSection("The answer", tuple(paragraphs(result)), headed=True)
    yield ReportSection("Which cells meet all targets", (*maps, ShortLines((goals_words(result.scenario),))))
    for table in tables_of(result):
        if table.title not in grids_drawn or not maps:
            yield ReportSection(table.title, (table,), "whole")
    others = tuple(chart for chart in drawn if chart not in maps)
    yield ReportSection("Heat maps: darker is worse; framed where all targets are met", others, "grid", headed=True)
    yield ReportSection("What it rests on", (ShortLines(tuple(basis_words(scenarios_of(result)))),), headed=True)
