"""The report of a sweep: cliffs in words, a chart a measure, a row a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from sim import __version__
from sim.report.basis import basis_line, basis_words
from sim.report.chart import Chart
from sim.report.page_model import PageModel, Report, ReportSection, ShortLines
from sim.report.sweep.charts import charts
from sim.report.sweep.narrative import cliff_paragraph
from sim.report.sweep.screen import points_table
from sim.study.sweep.cliff import Cliff
from sim.study.sweep.simulation import Sweep

BESIDE = (
    "Every measure at every point: sweep.csv beside this page. The scenario with the settings that all points share, "
    "in full: manifest.json."
)


def bundle_of(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff] = ()) -> Report:
    """Everything that the folder of a sweep holds."""
    drawn = charts(sweep, measures, cliffs)
    tables = {"sweep": sweep.table} | ({"cliffs": cliffs_table(cliffs)} if cliffs else {})
    return Report(
        paper=paper_of(sweep, measures, cliffs, drawn),
        tables=tables,
        scenarios={sweep.scenario.name: sweep.scenario},
        seed=sweep.seed,
        replications=sweep.replications,
    )


def cliffs_table(cliffs: Sequence[Cliff]) -> pd.DataFrame:
    """Tidy: measure, key, what (crossing or bend), at, ci_low, ci_high, clear; places are numbers of the key."""
    rows: list[tuple[str, str, str, float, float, float, str]] = []
    for cliff in cliffs:
        names = (cliff.measure, cliff.key.path)
        rows += [(*names, "crossing", c.at, c.low, c.high, "") for c in cliff.crossings]
        if (bend := cliff.bend) is not None:
            rows.append((*names, "bend", bend.at, bend.low, bend.high, "yes" if bend.clear else "no"))
    return pd.DataFrame(rows, columns=["measure", "key", "what", "at", "ci_low", "ci_high", "clear"])


def paper_of(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff], drawn: Sequence[Chart]) -> PageModel:
    """The page of a sweep."""
    keys, points, count = (", ".join(k.path for k in sweep.plan.keys), len(sweep.outcomes), sweep.replications)
    how = "points drawn from a Latin hypercube" if sweep.plan.sampled else "points"
    times = f"{count} replication{'s' * (count != 1)} each"
    return PageModel(
        title=f"{sweep.scenario.name}: sweep of {keys}",
        line=f"{points} {how}, {times}, the same customers at every point.",
        sections=tuple(_sections(sweep, measures, cliffs, drawn)),
        footer=(
            f"ccsim {__version__}, seed {sweep.seed}, {times}. {BESIDE}",
            basis_line({sweep.scenario.name: sweep.scenario}),
        ),
    )


def _sections(
    sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff], drawn: Sequence[Chart]
) -> Iterator[ReportSection]:
    if cliffs:
        yield ReportSection("Cliffs", tuple(cliff_paragraph(sweep, cliff) for cliff in cliffs), headed=True)
    yield ReportSection("Charts", tuple(drawn), "grid")
    yield ReportSection("Points", (points_table(sweep, measures),))
    basis = ShortLines(tuple(basis_words({sweep.scenario.name: sweep.scenario})))
    yield ReportSection("What the results rest on", (basis,), headed=True)
