"""What a run or a comparison prints: tables first, then what happened in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from sim.report.basis import basis_line, basis_meaning
from sim.report.comparison.causes import causes_table
from sim.report.comparison.claims import claims_table
from sim.report.comparison.days import days_table, intervals_table
from sim.report.comparison.decision import decision_table
from sim.report.comparison.findings import Findings
from sim.report.comparison.mix import intents_table, split_table, with_bot
from sim.report.comparison.narrative import summary
from sim.report.comparison.rankings import NullWorld, rankings_table
from sim.report.comparison.sides import sides_table
from sim.report.table import Table
from sim.report.terminal import print_basis, print_paragraphs, print_tables, stdout_console

WIDTH_FOR_THREE = 120


def print_findings(findings: Findings, console: Console | None = None, null: NullWorld | None = None) -> None:
    """Print what was found."""
    console = console or stdout_console()
    tables = [*tables_of(findings, others_a_table=2 if console.width >= WIDTH_FOR_THREE else 1)]
    print_tables(console, [*tables, rankings_table(null)] if null is not None else tables)
    print_paragraphs(console, summary(findings))
    print_basis(console, basis_meaning(findings.named), basis_line(findings.named))


def tables_of(findings: Findings, others_a_table: int = 2) -> Iterator[Table]:
    """Every table that these findings have; a decision table sets that many scenarios beside the first."""
    if not findings.others:
        yield decision_table(findings)
        yield from (days_table(findings), intervals_table(findings))
    groups = [findings.others[k : k + others_a_table] for k in range(0, len(findings.others), others_a_table)]
    for group in groups:
        yield decision_table(findings, group)
    for described in (sides_table, causes_table):
        yield from (described(findings, group) for group in groups or [[]])
    yield claims_table(findings)
    if with_bot(findings):
        yield split_table(findings) if findings.others else intents_table(findings, findings.base)
