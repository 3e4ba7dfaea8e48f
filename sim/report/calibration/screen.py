"""What a calibration prints: what was understood, what is reproduced, what was fitted, how well it predicts."""

from __future__ import annotations

from rich.console import Console

from sim.calibrate.export import Calibration
from sim.report.calibration.narrative import answer
from sim.report.calibration.tables import centre_table, closer_table, coverage_table, gap_table, intents_table
from sim.report.page_model import Paragraph
from sim.report.terminal import print_paragraphs, print_tables, stdout_console


def print_calibration(calibration: Calibration, console: Console | None = None) -> None:
    """Print a calibration."""
    console = console or stdout_console()
    for line in calibration.understood.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print()
    tables = [gap_table(calibration), centre_table(calibration), intents_table(calibration)]
    if calibration.back_test is not None:
        tables += [coverage_table(calibration.back_test), closer_table(calibration.back_test)]
    print_tables(console, tables)
    console.print()
    print_paragraphs(console, [Paragraph(calibration.name, tuple(answer(calibration)))])
