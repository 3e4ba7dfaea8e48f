"""A report on the terminal, without colour where it is piped, in characters that it can print."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sim.report import Cell, Item, Paragraph, Report, ShortLines, Table
from sim.report.render.encoding import BARS, printable
from sim.report.render.layout import Block, blocks_of, folded
from sim.report.render.wrap import screen_width, wrapped

STYLES = {"": "", "good": "green", "bad": "bold red", "unsure": "yellow", "quiet": "dim"}
WIDTH_OF_WORDS = 100
WIDTH_WHEN_PIPED = 500
ASCII_BOX = box.Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)
"""The lines of `box.SIMPLE_HEAD` for a screen that has no others than dashes."""
HEIGHTS = "Each digit is a bar, from 1, the lowest, to 8, the highest."


def stdout_console(width_when_piped: int = WIDTH_WHEN_PIPED) -> Console:
    """Return a console on stdout; piped, nothing is folded to a width that nobody sees."""
    if not Console().is_terminal:
        return Console(highlight=False, width=width_when_piped)
    told = os.environ.get("COLUMNS", "").isdigit()
    return Console(highlight=False, width=None if told else screen_width(sys.stdout))


def print_report(report: Report, console: Console | None = None) -> None:
    """Print the sections that the terminal shows."""
    console = console or stdout_console()
    for section in report.terminal:
        for item in section.items:
            _print(console, item)


def _print(console: Console, item: Item) -> None:
    if isinstance(item, Table):
        print_table(console, item)
    elif isinstance(item, Paragraph):
        _print_lines(console, _words(console, item))
        console.print()
    elif isinstance(item, ShortLines):
        for line in item.lines:
            _print_lines(console, Text(wrapped(printable(line, console.encoding), console.width)))


def _print_lines(console: Console, text: Text) -> None:
    """Print lines that are folded already."""
    console.print(text, soft_wrap=True)


def _words(console: Console, paragraph: Paragraph) -> Text:
    """A paragraph, folded to a width that is easily read, with its name in bold."""
    head = printable(f"{paragraph.name}. " if paragraph.name else "", console.encoding)
    words = head + printable(paragraph.text, console.encoding)
    text = Text(wrapped(words, min(console.width, WIDTH_OF_WORDS)))
    text.stylize("bold", 0, len(head.rstrip()))
    return text


# Tables -----------------------------------------------------------------------


def print_table(console: Console, table: Table) -> None:
    """Print a table that has rows, with its notes: in blocks below each other where the screen is narrow."""
    if not table.rows:
        return
    table = _printable(table, console.encoding)
    blocks = blocks_of(table, console.width)
    for number, block in enumerate(blocks, start=1):
        where = f"{table.title}{_place(number, len(blocks))}".strip()
        console.print(_rich(block, wrapped(where, console.width), console.encoding))
    for note in table.notes:
        _print_lines(console, Text(wrapped(f"  {note}", console.width, "  "), "dim"))
    if not table.verdict:
        console.print()


def _place(number: int, blocks: int) -> str:
    """What the title of a block says besides: that there are others, with further columns."""
    if blocks == 1:
        return ""
    return f" (columns in {blocks} blocks)" if number == 1 else f" (block {number} of {blocks})"


def _printable(table: Table, encoding: str) -> Table:
    rows = tuple(tuple(Cell(printable(cell.text, encoding), cell.tone) for cell in cells) for cells in table.rows)
    drawn = any(set(BARS) & set(cell.text) for cells in table.rows for cell in cells)
    notes = (*table.notes, *([HEIGHTS] if drawn and printable(BARS, encoding) != BARS else []))
    return replace(
        table,
        title=printable(table.title, encoding),
        columns=tuple(printable(column, encoding) for column in table.columns),
        rows=rows,
        notes=tuple(printable(note, encoding) for note in notes),
    )


def _rich(block: Block, title: str, encoding: str) -> RichTable:
    lines = box.SIMPLE_HEAD if encoding.lower().startswith("utf") else ASCII_BOX
    shown = RichTable(title=title, title_justify="left", title_style="bold", box=lines, pad_edge=False)
    for column, width in zip(block.columns, block.widths, strict=True):
        header = Text(folded(column.header, width))
        shown.add_column(header, justify="left" if column.words else "right", width=width, overflow="fold")
    for cells in zip(*(column.cells for column in block.columns), strict=True):
        pairs = zip(cells, block.widths, strict=True)
        shown.add_row(*(Text(folded(cell.text, width), STYLES[cell.tone]) for cell, width in pairs))
    return shown
