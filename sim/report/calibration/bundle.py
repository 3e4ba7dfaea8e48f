"""The report of a calibration: the answer, the gap, the fits, the back-test, what was understood."""

from __future__ import annotations

from collections.abc import Iterator

from sim import __version__
from sim.calibrate.export import Calibration
from sim.report.calibration.charts import charts
from sim.report.calibration.tables import (
    centre_table,
    closer_table,
    coverage_table,
    gap_table,
    intents_table,
    tidy_tables,
)
from sim.report.calibration.words import answer, heading, notes_of
from sim.report.chart import Chart
from sim.report.paper import Bundle, Lines, Paper, Paragraph, Section

REPLICATIONS = 1


def bundle_of(calibration: Calibration) -> Bundle:
    """Everything that the folder of a calibration holds."""
    return Bundle(
        paper=paper_of(calibration, charts(calibration)),
        tables=tidy_tables(calibration),
        scenarios={calibration.name: calibration.scenario},
        seed=calibration.seed,
        replications=REPLICATIONS,
    )


def paper_of(calibration: Calibration, drawn: list[Chart]) -> Paper:
    """The page of a calibration."""
    return Paper(
        title=calibration.name,
        line=f"{heading(calibration)}.",
        sections=tuple(_sections(calibration, drawn)),
        footer=(
            f"ccsim {__version__}, seed {calibration.seed}. Every number with its interval: fits.csv; every half-hour, "
            "hour and day that was predicted: the CSV files beside this page.",
        ),
    )


def _sections(calibration: Calibration, drawn: list[Chart]) -> Iterator[Section]:
    test = calibration.back_test
    yield Section("What comes of it", (Paragraph("", tuple(answer(calibration))),), headed=True)
    yield Section("The gap", (gap_table(calibration),), "whole")
    if test is not None:
        yield Section("Who was closer", (closer_table(test),), "whole")
        yield Section("Back-test by month", (coverage_table(test),), "whole")
    yield Section("Charts", tuple(drawn), "grid")
    yield Section("The centre", (centre_table(calibration),), "whole")
    yield Section("The intents", (intents_table(calibration),), "whole")
    yield Section("What was understood", (Lines(tuple(calibration.understood.lines())),), headed=True)
    notes = notes_of(calibration)
    if notes:
        yield Section("What to know before trusting it", (Lines(tuple(notes)),), headed=True)
