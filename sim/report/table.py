"""A table of text, shown by the terminal and by the HTML page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "good", "bad", "unsure", "quiet"]


@dataclass(frozen=True)
class Cell:
    """A piece of text, and what it means for the planner."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows of text; the first `labels` columns are names, the others numbers.

    Attributes
    ----------
    title : what it shows.
    columns : headers, with their units.
    rows : one tuple a row, as long as the columns.
    notes : one line each, below the table.
    wide : whether it takes the width of a page where others stand side by side.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    labels: int = 1
    wide: bool = False


def row(*cells: str | Cell) -> tuple[Cell, ...]:
    """A row of cells, some of them plain text."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


def table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], notes: Sequence[str] = (), labels: int = 1
) -> Table:
    """A table from lists."""
    return Table(title, tuple(columns), tuple(rows), tuple(notes), labels)
