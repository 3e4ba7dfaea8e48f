"""The report of a calibration: the answer, the gap, the fits, the back-test, what was understood."""

from __future__ import annotations

from collections.abc import Iterator

from sim import __version__
from sim.calibrate.export import Calibration
from sim.report.calibration.charts import charts
from sim.report.calibration.narrative import answer, heading, notes_of
from sim.report.calibration.tables import (
    centre_table,
    closer_table,
    coverage_table,
    gap_table,
    intents_table,
    tidy_tables,
)
from sim.report.chart import Chart
from sim.report.page_model import PageModel, Paragraph, Report, ReportSection, ShortLines

REPLICATIONS = 1


def bundle_of(calibration: Calibration) -> Report:
    """Everything that the folder of a calibration holds."""
    return Report(
        paper=paper_of(calibration, charts(calibration)),
        tables=tidy_tables(calibration),
        scenarios={calibration.name: calibration.scenario},
        seed=calibration.seed,
        replications=REPLICATIONS,
    )


def paper_of(calibration: Calibration, drawn: list[Chart]) -> PageModel:
    """The page of a calibration."""
    return PageModel(
        title=calibration.name,
        line=f"{heading(calibration)}.",
        sections=tuple(_sections(calibration, drawn)),
        footer=(
            f"ccsim {__version__}, seed {calibration.seed}. Every number with its interval: fits.csv; every half-hour, "
            "hour and day that was predicted: the CSV files beside this page.",
        ),
    )


def _sections(calibration: Calibration, drawn: list[Chart]) -> Iterator[ReportSection]:
    test = calibration.back_test
    yield ReportSection("What comes of it", (Paragraph("", tuple(answer(calibration))),), headed=True)
    yield ReportSection("The gap", (gap_table(calibration),), "whole")
    if test is not None:
        yield ReportSection("Who was closer", (closer_table(test),), "whole")
        yield ReportSection("Back-test by month", (coverage_table(test),), "whole")
    yield ReportSection("Charts", tuple(drawn), "grid")
    yield ReportSection("The centre", (centre_table(calibration),), "whole")
    yield ReportSection("The intents", (intents_table(calibration),), "whole")
    yield ReportSection("What was understood", (ShortLines(tuple(calibration.understood.lines())),), headed=True)
    notes = notes_of(calibration)
    if notes:
        yield ReportSection("What to know before trusting it", (ShortLines(tuple(notes)),), headed=True)
