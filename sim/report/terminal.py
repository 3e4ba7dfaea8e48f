"""Tables and sentences on the terminal, without colour where they are piped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report.page_model import Paragraph
from sim.report.table import Table

STYLES = {"": "", "good": "green", "bad": "bold red", "unsure": "yellow", "quiet": "dim"}
HEADER = 18
WIDTH_OF_WORDS = 100
WIDTH_WHEN_PIPED = 500
GLUE = "\N{NO-BREAK SPACE}"


def stdout_console() -> Console:
    """Return a console on stdout; piped, nothing is folded to a width that nobody sees."""
    return Console(highlight=False, width=None if Console().is_terminal else WIDTH_WHEN_PIPED)


def print_tables(console: Console, tables: Iterable[Table]) -> None:
    """Print every table that has rows, with its notes."""
    for table in tables:
        if not table.rows:
            continue
        console.print(_rich(table))
        for note in table.notes:
            console.print(Text(f"  {note}", "dim"))
        console.print()


def print_paragraphs(console: Console, paragraphs: Iterable[Paragraph]) -> None:
    """Print paragraphs, folded to a width that is easily read."""
    for paragraph in paragraphs:
        console.print(_words(paragraph, console.width))
        console.print()


def print_basis(console: Console, meaning: str, line: str) -> None:
    """Print what the results rest on; the last line is never folded."""
    console.print(Text(meaning))
    console.print(Text(line), soft_wrap=True)


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
    """A paragraph, never folded between a number and its %."""
    head = f"{paragraph.name}. " if paragraph.name else ""
    glued = f"{head}{paragraph.text}".replace(" %", f"{GLUE}%")
    text = Text(textwrap.fill(glued, min(width, WIDTH_OF_WORDS), break_long_words=False).replace(GLUE, " "))
    text.stylize("bold", 0, len(head.rstrip()))
    return text
