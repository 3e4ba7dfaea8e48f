"""What `staff` prints: the tables, then the answer in plain words."""

from __future__ import annotations

from rich.console import Console

from sim.report.basis import basis_line, basis_meaning
from sim.report.staffing.narrative import paragraphs
from sim.report.staffing.tables import tables_of
from sim.report.terminal import print_basis, print_paragraphs, print_tables, stdout_console
from sim.study.staffing import StaffResult


def print_result(result: StaffResult, console: Console | None = None) -> None:
    """Print what was found."""
    console = console or stdout_console()
    print_tables(console, tables_of(result))
    print_paragraphs(console, paragraphs(result))
    named = {result.scenario.name: result.scenario}
    print_basis(console, basis_meaning(named), basis_line(named))
