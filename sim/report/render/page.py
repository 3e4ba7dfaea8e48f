"""The report as one self-contained HTML file that prints on a few pages."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from pathlib import Path

import jinja2

from sim import __version__
from sim.report import Chart, Item, Paragraph, Report, ShortLines, Table

FOLDER = Path(__file__).parent
MINUS, GLUE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def page(report: Report) -> str:
    """Return the HTML of a report."""
    return _templates().get_template("report.html").render(report=report, version=__version__)


def fragment(tables: Iterable[Table]) -> str:
    """Return the HTML of tables alone, with the style of a report, to stand among other things."""
    return _templates().get_template("fragment.html").render(tables=tables)


def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"glued": glued, "signed": signed, "embedded": embedded, "kind": kind}
    return environment


def kind(item: Item) -> str:
    """How the page shows an item."""
    if isinstance(item, Chart):
        return "chart"
    if isinstance(item, Paragraph):
        return "paragraph"
    return "lines" if isinstance(item, ShortLines) else "table"


def glued(text: str) -> str:
    """Text whose numbers keep their units on the same line."""
    return re.sub(r"(?<=\d) (?=(%|s|min|h|pt)\b|%)", GLUE, text)


def signed(text: str) -> str:
    """A figure with a true minus sign, on one line."""
    return re.sub(r"(?<!\w)-(?=\d)", MINUS, text).replace(" ", GLUE) if any(c.isdigit() for c in text) else text


def embedded(svg: bytes) -> str:
    """A picture as a data address."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
