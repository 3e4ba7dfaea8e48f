"""The report as one self-contained HTML file that prints on a few pages."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import jinja2

from sim import __version__
from sim.report import cause_chart
from sim.report.basis import basis_line, basis_words
from sim.report.causes import causes_table
from sim.report.charts import Chart
from sim.report.claims import claims_table
from sim.report.decision import decision_table
from sim.report.findings import Findings
from sim.report.mix import intents_table, with_bot
from sim.report.rankings import NullWorld, rankings_table
from sim.report.sides import sides_table
from sim.report.words import bot_is_new, summary

FOLDER = Path(__file__).parent
MOST_WITH_DIFFERENCES = 3
MINUS, GLUE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def page(findings: Findings, charts: list[Chart], null: NullWorld | None = None) -> str:
    """Return the HTML of a report: the decision first, then what it rests on."""
    differences = len(findings.names) <= MOST_WITH_DIFFERENCES
    return _template().render(
        findings=findings,
        calendar=findings.first.scenario.calendar,
        version=__version__,
        paragraphs=summary(findings),
        decision=decision_table(findings, differences=differences),
        rankings=rankings_table(null) if null is not None else None,
        sides=sides_table(findings),
        causes=causes_table(findings, differences=differences),
        claims=claims_table(findings),
        mix=[intents_table(findings, name) for name in with_bot(findings) if bot_is_new(findings, name)],
        basis=basis_words(findings),
        last_line=basis_line(findings),
        charts=charts,
        cause_chart=cause_chart.NAME,
    )


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"glued": glued, "signed": signed, "embedded": embedded}
    return environment.get_template("report.html")


def glued(text: str) -> str:
    """Text whose numbers keep their units on the same line."""
    return re.sub(r"(?<=\d) (?=(%|s|min|h|pt)\b|%)", GLUE, text)


def signed(text: str) -> str:
    """A figure with a true minus sign, on one line."""
    return text.replace("-", MINUS).replace(" ", GLUE) if any(c.isdigit() for c in text) else text


def embedded(svg: bytes) -> str:
    """A picture as a data address."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
