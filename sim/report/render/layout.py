"""How a table fits a screen: its columns in one block, or in several below each other that all begin with the names.

No cell is ever cut: words run on over lines, numbers stay whole, and what does not fit beside stands in the next block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.report import Cell, Table
from sim.report.render.wrap import GLUE, glued, packed

EDGES, BETWEEN = 2, 3
"""Characters that a table needs beside its columns: at both ends, and between two."""
HEADER = 18
LETTERS = re.compile(r"[^\W\d_]{3}")
LONGEST_NUMBER = 28
LEAST_NAME, LEAST_WORDS, LONGEST_WORD = 16, 10, 24
NAMES_AT_MOST = 0.6
"""Of a screen: where names of several columns take more, only the first one is repeated."""


@dataclass(frozen=True)
class TableColumn:
    """A column and what it needs.

    Attributes
    ----------
    header, cells : as they are printed.
    words : whether it is words, on the left, which may run on over lines; else numbers, on the right.
    least, easy, natural : its width at least; where no word is broken; where nothing runs on.
    """

    header: str
    cells: tuple[Cell, ...]
    words: bool
    least: int
    easy: int
    natural: int


@dataclass(frozen=True)
class Block:
    """Columns that stand beside each other, each with its width."""

    columns: tuple[TableColumn, ...]
    widths: tuple[int, ...]


def blocks_of(table: Table, width: int) -> list[Block]:
    """Return the blocks in which a table is printed on so many columns of a screen."""
    columns = [_column(table, number) for number in range(len(table.columns))]
    if _needed([column.natural for column in columns]) <= width:
        return [Block(tuple(columns), tuple(column.natural for column in columns))]
    names = _repeated(table, columns, width)
    return [Block(tuple(block), _widths(block, width)) for block in _split(columns[:names], columns[names:], width)]


def _needed(widths: Sequence[int]) -> int:
    return sum(widths) + BETWEEN * (len(widths) - 1) + EDGES


# Columns ----------------------------------------------------------------------


def _column(table: Table, number: int) -> TableColumn:
    cells = tuple(cells[number] for cells in table.rows)
    longest = max((len(cell.text) for cell in cells), default=0)
    last = number == len(table.columns) - 1
    words = number < table.labels or (table.verdict and last) or longest > LONGEST_NUMBER
    if not words:
        header = packed(table.columns[number], HEADER)
        natural = max(longest, *(len(line) for line in header.split("\n")))
        least = max(longest, min(_longest_word([table.columns[number]]), LONGEST_WORD))
        return TableColumn(table.columns[number], cells, False, least, natural, natural)
    texts = [table.columns[number], *(cell.text for cell in cells)]
    natural = max(map(len, texts))
    easy = min(natural, max(_longest_word(texts), LEAST_WORDS if number else LEAST_NAME))
    least = max(min(easy, LONGEST_WORD), _longest_word(texts, no_words=True))
    left = number < table.labels or table.verdict
    return TableColumn(table.columns[number], cells, left, least, easy, natural)


def _longest_word(texts: Sequence[str], no_words: bool = False) -> int:
    """The longest piece between spaces, a number with its unit as one; with `no_words` of what cannot be broken."""
    pieces = (piece for text in texts for piece in glued(text).split(" "))
    return max((len(piece) for piece in pieces if not (no_words and LETTERS.search(piece))), default=0)


# Blocks -----------------------------------------------------------------------


def _repeated(table: Table, columns: Sequence[TableColumn], width: int) -> int:
    """How many columns of names begin each block."""
    names = columns[: table.labels]
    small = _needed([column.least for column in names]) <= NAMES_AT_MOST * width
    return table.labels if small and table.labels < len(columns) else 1


def _split(names: Sequence[TableColumn], others: Sequence[TableColumn], width: int) -> Iterator[list[TableColumn]]:
    """As many columns a block as fit beside the names; one at least."""
    block = list(names)
    for column in others:
        if len(block) > len(names) and _needed([c.least for c in (*block, column)]) > width:
            yield block
            block = list(names)
        block.append(column)
    yield block


def _widths(block: Sequence[TableColumn], width: int) -> tuple[int, ...]:
    """What each column needs, and what is left shared among those that would be wider; less where that is too much."""
    widths = [column.least for column in block]
    left = width - _needed(widths)
    while left < 0 and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
        left += 1
    for wanted in ([column.easy for column in block], [column.natural for column in block]):
        for k in sorted(range(len(block)), key=lambda k: wanted[k] - widths[k]):  # whoever lacks least first
            more = max(0, min(left, wanted[k] - widths[k]))
            widths[k] += more
            left -= more
    return tuple(widths)


def folded(text: str, width: int) -> str:
    """Return a cell as lines of a width; lines that go on stand as far in as the first."""
    inner = text.lstrip(" ")
    margin = text[: len(text) - len(inner)] if len(text) - len(inner) < width // 2 else ""
    lines = packed(glued(inner), width - len(margin)).split("\n")
    return "\n".join(margin + line for line in lines).replace(GLUE, " ")
