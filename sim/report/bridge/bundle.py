"""The report of a bridge: the answer, the bars, the waterfalls, what they rest on."""

from __future__ import annotations

import pandas as pd

from sim import __version__
from sim.report.basis import basis_line, basis_words
from sim.report.bridge.charts import charts
from sim.report.bridge.narrative import answer, names_of
from sim.report.bridge.table import bridge_table
from sim.report.chart import Chart
from sim.report.page_model import PageModel, Paragraph, Report, ReportSection, ShortLines
from sim.scenario.model import Scenario
from sim.study.bridge.bars import Bridge

BESIDE = (
    "Bars, ends and the claim: the CSV files beside this page. Scenarios in full, with their hashes: manifest.json."
)


def bundle_of(bridge: Bridge) -> Report:
    """Everything that the folder of a bridge holds."""
    return Report(
        paper=paper_of(bridge, charts(bridge)),
        tables={
            "bridge": tidy_bridge(bridge),
            "aht_parts": bridge.aht_parts,
            "claim": bridge.claim.reset_index(),
        },
        scenarios=scenarios_of(bridge),
        seed=bridge.seed,
        replications=bridge.replications,
    )


def scenarios_of(bridge: Bridge) -> dict[str, Scenario]:
    """The two sides by name."""
    return dict(zip(names_of(bridge), (bridge.before, bridge.after), strict=True))


def tidy_bridge(bridge: Bridge) -> pd.DataFrame:
    """The bars between their ends: cause (or before, after, change), measure, mean, ci_low, ci_high."""
    ends = bridge.ends.rename(columns={"side": "cause"})
    first, last = (ends[ends["cause"].isin(names)] for names in (["before"], ["after", "change"]))
    return pd.concat([first, bridge.bars, last], ignore_index=True)


def paper_of(bridge: Bridge, drawn: list[Chart]) -> PageModel:
    """The page of a bridge."""
    before, after = names_of(bridge)
    days, count = bridge.after.calendar.days, bridge.replications
    return PageModel(
        title=after,
        against=before,
        line=(
            f"{days} day{'s' * (days != 1)} from {bridge.after.calendar.start}, {count} "
            f"replication{'s' * (count != 1)}, the same customers on every step from today to tomorrow."
        ),
        sections=(
            ReportSection("What comes of it", (Paragraph("", tuple(answer(bridge))),), headed=True),
            ReportSection("The bars", (bridge_table(bridge),), "whole"),
            ReportSection("Charts", tuple(drawn), "grid"),
            ReportSection(
                "What the results rest on", (ShortLines(tuple(basis_words(scenarios_of(bridge)))),), headed=True
            ),
        ),
        footer=(
            f"ccsim {__version__}, seed {bridge.seed}, {count} replications. {BESIDE}",
            basis_line(scenarios_of(bridge)),
        ),
    )
