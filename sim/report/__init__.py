"""A report before it is shown: what the terminal, the page, the spreadsheet, the folder and JSON are all made from.

Every verb says its answer as one `Report`, made by one function (`sim/report/VERB/__init__.py`); nothing in
`sim/report/render/` knows which verb it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.model import Scenario

Tone = Literal["", "good", "bad", "unsure", "quiet"]
Layout = Literal["", "grid", "whole", "folded", "beside"]
Document = dict[str, Any]


# Items --------------------------------------------------------------------------


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
    verdict : whether the last column is words, and the terminal folds what is too wide for it: for logs.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    labels: int = 1
    wide: bool = False
    verdict: bool = False


def row(*cells: str | Cell) -> tuple[Cell, ...]:
    """A row of cells, some of them plain text."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


def table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[Cell, ...]], notes: Sequence[str] = (), labels: int = 1
) -> Table:
    """A table from lists."""
    return Table(title, tuple(columns), tuple(rows), tuple(notes), labels)


@dataclass(frozen=True)
class Paragraph:
    """Sentences under a name, such as that of the scenario they are about; the name may be empty."""

    name: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All sentences."""
        return " ".join(self.sentences)


def named_paragraphs(parts: Mapping[str, Iterable[str]]) -> list[Paragraph]:
    """A paragraph a part that has anything to say."""
    return [Paragraph(name, tuple(sentences)) for name, lines in parts.items() if (sentences := list(lines))]


@dataclass(frozen=True)
class ShortLines:
    """Short lines, one below the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart as files.

    Attributes
    ----------
    name : of the files, without ending.
    title, alt : what it shows; the same for those who cannot see it, with the main figures.
    wide : whether it takes the width of a page.
    slide : the same as a picture for a slide, 16:9; empty where there is none.
    """

    name: str
    title: str
    alt: str
    wide: bool
    svg: bytes
    png: bytes
    slide: bytes = b""


Item = Table | Chart | Paragraph | ShortLines


@dataclass(frozen=True)
class Pictures:
    """Charts that are drawn when they are first shown: who wants words and tables alone does without."""

    draw: Callable[[], Iterable[Chart]]


# The report ---------------------------------------------------------------------


@dataclass(frozen=True)
class ReportSection:
    """A part of a report; its items are made when a medium first shows it.

    Attributes
    ----------
    label : what it is, for those who cannot see it; printed as its heading where `headed`.
    make : gives the items from top to bottom, or side by side in a grid; charts as `Pictures`.
    layout : grid (two columns), whole (never broken over pages), folded (rows may run over lines), beside (its chart on
        the right of all else), or none.
    on_page : whether the page and the spreadsheet show it.
    on_terminal : whether the terminal shows it, and where: sections with a lower number first; 0 for not at all.
    answers : whether it answers the question: a report opens with such sections, and what was given stands below them.
    """

    label: str
    make: Callable[[], Iterable[Item | Pictures]]
    layout: Layout = ""
    headed: bool = False
    on_page: bool = True
    on_terminal: int = 0
    answers: bool = False

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What it shows."""
        shown = ((item.draw() if isinstance(item, Pictures) else (item,)) for item in self._made)
        return tuple(chain.from_iterable(shown))

    @property
    def written(self) -> tuple[Item, ...]:
        """What it shows in words and tables; nothing is drawn."""
        return tuple(item for item in self._made if not isinstance(item, Pictures))

    @cached_property
    def _made(self) -> tuple[Item | Pictures, ...]:
        return tuple(self.make())


def table_section(table: Table, on_terminal: int = 1) -> ReportSection:
    """A table as a section of its own."""
    return ReportSection(table.title, lambda: [table], "whole", on_terminal=on_terminal)


@dataclass(frozen=True)
class Report:
    """The answer of a verb.

    Attributes
    ----------
    title, against : what it is about, and what that is set beside.
    line : how it was made, in a line.
    sections : in the order of the page.
    footer : small print.
    scenarios : what was simulated, by name.
    seed, replications : how.
    document : gives the JSON document.
    make_tables : gives the tidy tables by file name (without ending); written as CSV.
    large : tables that are written as Parquet.
    texts : further files by name, such as a scenario that was made.
    half_hours : name of the table that goes into the spreadsheet's sheet of intervals; empty for none.
    workbook : name of the spreadsheet.
    pages : further reports, each in a folder of its own within the folder, by the name of that; the page links to them.
    """

    title: str
    line: str
    sections: tuple[ReportSection, ...]
    scenarios: Mapping[str, Scenario]
    seed: int
    replications: int
    document: Callable[[], Document]
    make_tables: Callable[[], Mapping[str, pd.DataFrame]] = dict
    against: str = ""
    footer: tuple[str, ...] = ()
    large: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    half_hours: str = ""
    workbook: str = "report.xlsx"
    pages: Mapping[str, Report] = field(default_factory=dict)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tidy tables behind it."""
        return self.make_tables()

    @property
    def page(self) -> list[ReportSection]:
        """The sections of the page."""
        return [section for section in self.sections if section.on_page]

    @property
    def terminal(self) -> list[ReportSection]:
        """The sections of the terminal, in its order."""
        shown = [section for section in self.sections if section.on_terminal]
        return sorted(shown, key=lambda section: section.on_terminal)

    @property
    def charts(self) -> list[Chart]:
        """The charts on the page."""
        return [item for section in self.page for item in section.items if isinstance(item, Chart)]


def counted(count: int, noun: str) -> str:
    """A number with its noun, such as "1 day" or "2 replications"."""
    return f"{count} {noun}{'s' * (count != 1)}"
