"""Tables and sentences on the terminal, without colour where they are piped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report.basis import basis_line, basis_meaning
from sim.report.causes import causes_table
from sim.report.claims import claims_table
from sim.report.days import days_table, intervals_table
from sim.report.decision import decision_table
from sim.report.findings import Findings
from sim.report.mix import intents_table, split_table, with_bot
from sim.report.rankings import NullWorld, rankings_table
from sim.report.sides import sides_table
from sim.report.table import Table
from sim.report.words import Paragraph, summary

STYLES = {"": "", "good": "green", "bad": "bold red", "unsure": "yellow", "quiet": "dim"}
WIDTH_FOR_THREE, HEADER = 120, 18
WIDTH_OF_WORDS = 100
WIDTH_WHEN_PIPED = 500
GLUE = "\N{NO-BREAK SPACE}"


def print_findings(findings: Findings, console: Console | None = None, null: NullWorld | None = None) -> None:
    """Print what was found: tables first, then what happened in plain words."""
    console = console or stdout_console()
    tables = [*tables_of(findings, others_a_table=2 if console.width >= WIDTH_FOR_THREE else 1)]
    for table in [*tables, rankings_table(null)] if null is not None else tables:
        if not table.rows:
            continue
        console.print(_rich(table))
        for note in table.notes:
            console.print(Text(f"  {note}", "dim"))
        console.print()
    for paragraph in summary(findings):
        console.print(_words(paragraph, console.width))
        console.print()
    console.print(Text(basis_meaning(findings)))
    console.print(Text(basis_line(findings)), soft_wrap=True)


def stdout_console() -> Console:
    """Return a console on stdout; piped, nothing is folded to a width that nobody sees."""
    return Console(highlight=False, width=None if Console().is_terminal else WIDTH_WHEN_PIPED)


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


def _rich(table: Table) -> RichTable:
    shown = RichTable(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(table.columns):
        label = number < table.labels
        header = Text(name if label else textwrap.fill(name, HEADER))
        shown.add_column(header, justify="left" if label else "right", no_wrap=not label)
    for cells in table.rows:
        shown.add_row(*(Text(cell.text, STYLES[cell.tone]) for cell in cells))
    return shown


def _words(paragraph: Paragraph, width: int) -> Text:
    """A paragraph folded to a width that is easily read, never between a number and its %."""
    glued = f"{paragraph.name}. {paragraph.text}".replace(" %", f"{GLUE}%")
    text = Text(textwrap.fill(glued, min(width, WIDTH_OF_WORDS), break_long_words=False).replace(GLUE, " "))
    text.stylize("bold", 0, len(paragraph.name) + 1)
    return text
