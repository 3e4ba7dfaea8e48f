"""The report of `staff`: the ask and the answer first, then the tables, then what it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from sim import __version__
from sim.report.basis import basis_line, basis_words
from sim.report.chart import Chart
from sim.report.page_model import PageModel, Paragraph, Report, ReportSection, ShortLines
from sim.report.staffing.charts import charts
from sim.report.staffing.narrative import paragraphs
from sim.report.staffing.tables import tables_of
from sim.study.staffing import StaffResult

ASK = "How many agents, by time and group, are the fewest that meet the targets?"
WFM = "wfm"


def bundle_of(result: StaffResult, base: str = "") -> Report:
    """Everything that the folder of `staff` holds; `base` is the scenario's file as seen from there."""
    return Report(
        paper=paper_of(result, charts(result)),
        tables=dict(frames(result)),
        scenarios={result.scenario.name: result.scenario},
        seed=result.seed,
        replications=result.replications,
        half_hours=WFM,
        texts={"shifts.yaml": shifts_yaml(result, base)} if result.roster is not None and base else {},
    )


def shifts_yaml(result: StaffResult, base: str) -> str:
    """A scenario that extends another by the shifts found."""
    assert result.roster is not None
    lines = [
        "schema_version: 1",
        f"name: {json.dumps(result.scenario.name + ', staffed')}",
        f"extends: {json.dumps(base)}",
    ]
    lines.append("agents:")
    for group in result.ground.groups:
        found = [line.as_file() for line in result.roster.of(group)]
        lines.append(f"  {group}:")
        lines += [] if result.scenario.agents[group].relief is None else ["    relief: off"]
        lines += ["    staff: off", "    shifts:"] if found else ["    shifts: off", "    staff: 0"]
        lines += [f"      - {json.dumps(shift)}" for shift in found]
    return "\n".join(lines) + "\n"


def frames(result: StaffResult) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables behind the report; `wfm` is the one to import elsewhere."""
    yield WFM, result.table
    yield "intervals", result.beside
    yield "verification", result.verification


def paper_of(result: StaffResult, drawn: list[Chart]) -> PageModel:
    """The page."""
    calendar = result.scenario.calendar
    return PageModel(
        title=f"Staffing: {result.scenario.name}",
        line=f"{calendar.days} days from {calendar.start}, staff by {result.by}, targets over each {result.each}.",
        sections=tuple(_sections(result, drawn)),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {result.replications} replications in the search, "
            f"{result.proof.replications} fresh ones in the proof.",
            basis_line({result.scenario.name: result.scenario}),
        ),
    )


def _sections(result: StaffResult, drawn: list[Chart]) -> Iterator[ReportSection]:
    yield ReportSection("The question", (Paragraph("", (ASK,)),), headed=True)
    yield ReportSection("The answer", tuple(paragraphs(result)), headed=True)
    yield ReportSection("By time of day", tuple(drawn), headed=True)
    for table in tables_of(result):
        yield ReportSection(table.title, (table,), "whole")
    lines = (*result.notes, *basis_words({result.scenario.name: result.scenario}))
    yield ReportSection("What it rests on", (ShortLines(lines),), headed=True)
