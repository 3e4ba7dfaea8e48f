"""The report of a run or a comparison: the decision first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from sim import __version__
from sim.report.basis import basis_line, basis_words
from sim.report.chart import Chart
from sim.report.comparison import cause_chart
from sim.report.comparison.causes import causes_table
from sim.report.comparison.charts import charts
from sim.report.comparison.claims import claims_table
from sim.report.comparison.decision import MOST_WITH_DIFFERENCES, decision_table
from sim.report.comparison.findings import Findings
from sim.report.comparison.mix import intents_table, with_bot
from sim.report.comparison.narrative import bot_is_new, summary
from sim.report.comparison.rankings import NullWorld, rankings_rows, rankings_table
from sim.report.comparison.sides import sides_table
from sim.report.page_model import Item, PageModel, Report, ReportSection, ShortLines
from sim.report.table import Table
from sim.study.run import coded

SLICES = ("by_day", "by_interval", "by_intent", "by_group", "mix_shift")
DIFFERENCES = ("differences", *(f"differences_{name}" for name in ("by_day", "by_interval", "by_intent", "by_group")))
BESIDE = (
    "Every measure by day, interval, intent and group, and the other three definitions of the service level: the CSV "
    "files beside this page. Scenarios in full, with their hashes: manifest.json."
)


def bundle_of(findings: Findings, null: NullWorld | None = None) -> Report:
    """Everything that the folder of a run or a comparison holds."""
    contacts = {name: coded(r.contacts) for name, r in findings.results.items() if r.contacts is not None}
    return Report(
        paper=paper_of(findings, charts(findings), null),
        tables=dict(_tables(findings, null)),
        scenarios=findings.named,
        seed=findings.first.seed,
        replications=findings.first.replications,
        large={"contacts": _together(contacts)} if contacts else {},
        half_hours="by_interval",
    )


def _tables(findings: Findings, null: NullWorld | None) -> Iterator[tuple[str, pd.DataFrame]]:
    results = findings.results.items()
    yield "measures", _together({name: result.measures.reset_index() for name, result in results})
    for part in SLICES:
        yield part, _together({name: getattr(result, part) for name, result in results})
    if findings.comparison is not None:
        yield from ((name, getattr(findings.comparison, name)) for name in DIFFERENCES)
    if null is not None:
        there = null.findings.results.items()
        yield "null_world", _together({name: result.measures.reset_index() for name, result in there})
        yield "rankings", rankings_rows(null)


def _together(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of all scenarios in one, with the scenario's name first."""
    whole = pd.concat([table.assign(scenario=name) for name, table in tables.items()], ignore_index=True)
    return whole[["scenario", *(column for column in whole.columns if column != "scenario")]]


def paper_of(findings: Findings, drawn: list[Chart], null: NullWorld | None = None) -> PageModel:
    """The page of a run or a comparison."""
    first = findings.first
    days, count = first.scenario.calendar.days, first.replications
    line = (
        f"{days} day{'s' * (days != 1)} from {first.scenario.calendar.start}, {count} replication{'s' * (count != 1)}"
    )
    return PageModel(
        title=findings.base,
        against=", ".join(findings.others),
        line=f"{line}{', the same customers through every scenario' if findings.others else ''}.",
        sections=tuple(_sections(findings, drawn, null)),
        footer=(
            f"ccsim {__version__}, seed {first.seed}, {first.replications} replications. {BESIDE}",
            basis_line(findings.named),
        ),
    )


def _sections(findings: Findings, drawn: list[Chart], null: NullWorld | None) -> Iterator[ReportSection]:
    differences = len(findings.names) <= MOST_WITH_DIFFERENCES
    yield ReportSection("What happened", tuple(summary(findings)), headed=True)
    yield ReportSection("The decision", (decision_table(findings, differences=differences),))
    if null is not None:
        yield ReportSection("The null world", (rankings_table(null),), "folded")
    yield ReportSection("Customers and agents", (sides_table(findings),), "whole")
    yield ReportSection("Charts and what they rest on", tuple(_grid(findings, drawn, differences)), "grid")
    basis = ShortLines(tuple(basis_words(findings.named)))
    yield ReportSection("What the results rest on", (basis,), headed=True)


def _grid(findings: Findings, drawn: list[Chart], differences: bool) -> Iterator[Item]:
    yield from (chart for chart in drawn if chart.name != cause_chart.NAME)
    yield from (intents_table(findings, name) for name in with_bot(findings) if bot_is_new(findings, name))
    yield from (chart for chart in drawn if chart.name == cause_chart.NAME)
    causes = causes_table(findings, differences=differences)
    if causes.rows:
        yield _wide(causes)
    yield _wide(claims_table(findings))


def _wide(table: Table) -> Table:
    return replace(table, wide=True)
