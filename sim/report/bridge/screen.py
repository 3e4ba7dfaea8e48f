"""What a bridge prints: the bars, what they rest on, and at the end one sentence."""

from __future__ import annotations

from rich.console import Console

from sim.report.basis import basis_line, basis_meaning
from sim.report.bridge.bundle import scenarios_of
from sim.report.bridge.narrative import answer, names_of
from sim.report.bridge.table import bridge_table
from sim.report.page_model import Paragraph
from sim.report.terminal import print_basis, print_paragraphs, print_tables, stdout_console
from sim.study.bridge.bars import Bridge


def print_bridge(bridge: Bridge, console: Console | None = None) -> None:
    """Print a bridge."""
    console = console or stdout_console()
    print_tables(console, [bridge_table(bridge)])
    scenarios = scenarios_of(bridge)
    print_basis(console, basis_meaning(scenarios), basis_line(scenarios))
    console.print()
    print_paragraphs(console, [Paragraph(names_of(bridge)[1], tuple(answer(bridge)))])
