"""Tables of figures, for the terminal and for a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of text under a title; the first column is words, the others are figures.

    Attributes
    ----------
    notes : sentences below the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """For a terminal."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.columns))]
        made = ["  ".join(_justified(cells, widths)).rstrip() for cells in lines]
        return "\n".join([self.title, "=" * len(self.title), *made, *self.notes])

    def markdown(self) -> str:
        """For a page."""
        rule = "|---|" + "--:|" * (len(self.columns) - 1)
        lines = ["| " + " | ".join(cells) + " |" for cells in (self.columns, *self.rows)]
        notes = [f"\n{note}" for note in self.notes]
        return "\n".join([f"### {self.title}", "", lines[0], rule, *lines[1:], *notes])


def _justified(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    return [cells[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]


def verdict(met: bool) -> str:
    """Whether a target is met."""
    return "met" if met else "MISSED"
