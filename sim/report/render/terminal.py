"""A report on the terminal, without colour where it is piped."""

from __future__ import annotations

import textwrap

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report import Item, Paragraph, Report, ShortLines, Table

STYLES = {"": "", "good": "green", "bad": "bold red", "unsure": "yellow", "quiet": "dim"}
HEADER = 18
WIDTH_OF_WORDS = 100
WIDTH_WHEN_PIPED = 500
GLUE = "\N{NO-BREAK SPACE}"


def stdout_console() -> Console:
    """Return a console on stdout; piped, nothing is folded to a width that nobody sees."""
    return Console(highlight=False, width=None if Console().is_terminal else WIDTH_WHEN_PIPED)


def print_report(report: Report, console: Console | None = None) -> None:
    """Print the sections that the terminal shows."""
    console = console or stdout_console()
    for section in report.terminal:
        for item in section.items:
            _print(console, item)


def _print(console: Console, item: Item) -> None:
    if isinstance(item, Table):
        _print_table(console, item)
    elif isinstance(item, Paragraph):
        console.print(_words(item, console.width))
        console.print()
    elif isinstance(item, ShortLines):
        for line in item.lines:
            console.print(Text(line), soft_wrap=not item.folded)


def _print_table(console: Console, table: Table) -> None:
    """Print a table that has rows, with its notes."""
    if not table.rows:
        return
    console.print(_rich(table))
    for note in table.notes:
        console.print(Text(f"  {note}", "dim"))
    if not table.verdict:
        console.print()


def _rich(table: Table) -> RichTable:
    shown = RichTable(title=table.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(table.columns):
        words = number < table.labels or (table.verdict and number == len(table.columns) - 1)
        if table.verdict:
            shown.add_column(Text(name), justify="left" if words else "right", overflow="fold")
        else:
            header = Text(name if words else textwrap.fill(name, HEADER))
            shown.add_column(header, justify="left" if words else "right", no_wrap=not words)
    for cells in table.rows:
        shown.add_row(*(Text(cell.text, STYLES[cell.tone]) for cell in cells))
    return shown


def _words(paragraph: Paragraph, width: int) -> Text:
    """A paragraph, folded to a width that is easily read, but never between a number and its %."""
    head = f"{paragraph.name}. " if paragraph.name else ""
    glued = f"{head}{paragraph.text}".replace(" %", f"{GLUE}%")
    text = Text(textwrap.fill(glued, min(width, WIDTH_OF_WORDS), break_long_words=False).replace(GLUE, " "))
    text.stylize("bold", 0, len(head.rstrip()))
    return text
