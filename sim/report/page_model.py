"""A report before it is printed: what the terminal, the page, the spreadsheet and the folder are all made from.

Every verb that answers a question says its answer as one `Report`; nothing below this knows which verb it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from sim.report.chart import Chart
from sim.report.table import Table
from sim.scenario.model import Scenario

Layout = Literal["", "grid", "whole", "folded", "words"]


@dataclass(frozen=True)
class Paragraph:
    """Sentences under a name, such as that of the scenario they are about; the name may be empty."""

    name: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All sentences."""
        return " ".join(self.sentences)


@dataclass(frozen=True)
class ShortLines:
    """Short lines, one below the other."""

    lines: tuple[str, ...]


Item = Table | Chart | Paragraph | ShortLines


@dataclass(frozen=True)
class ReportSection:
    """A part of a page.

    Attributes
    ----------
    label : what it is, for those who cannot see it; printed as its heading where `headed`.
    items : from top to bottom, or side by side in a grid.
    layout : grid (two columns), whole (never broken over pages), folded (rows may run over lines), or none.
    """

    label: str
    items: tuple[Item, ...]
    layout: Layout = ""
    headed: bool = False


@dataclass(frozen=True)
class PageModel:
    """A report on one page.

    Attributes
    ----------
    title, against : what it is about, and what that is set beside.
    line : how it was made, in a line.
    sections : in order.
    footer : small print.
    """

    title: str
    line: str
    sections: tuple[ReportSection, ...]
    footer: tuple[str, ...] = ()
    against: str = ""

    def items(self) -> Iterator[Item]:
        """Everything on the page, in order."""
        for section in self.sections:
            yield from section.items

    @property
    def charts(self) -> list[Chart]:
        """The charts on the page."""
        return [item for item in self.items() if isinstance(item, Chart)]


@dataclass(frozen=True)
class Report:
    """Everything that an output folder holds.

    Attributes
    ----------
    paper : the page.
    tables : tidy tables by file name (without ending); written as CSV.
    scenarios : what was simulated, by name.
    seed, replications : how.
    large : tables that are written as Parquet.
    texts : further files by name, such as a scenario that was made.
    half_hours : name of the table that goes into the spreadsheet's sheet of intervals; empty for none.
    """

    paper: PageModel
    tables: Mapping[str, pd.DataFrame]
    scenarios: Mapping[str, Scenario]
    seed: int
    replications: int
    large: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    half_hours: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
