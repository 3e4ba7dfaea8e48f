"""The report of `bridge`: the bars from today to tomorrow, waterfalls, and one sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pandas as pd

from sim import __version__
from sim.loading.explain import explain_scenario
from sim.report import Cell, Chart, Document, Paragraph, Pictures, Report, ReportSection, Table, counted, row, table
from sim.report.basis import basis_line, basis_sections, worst
from sim.report.bridge.narrative import (
    FORMS,
    answer,
    bar,
    bars_of,
    end,
    label_of,
    made_words,
    moves,
    names_of,
    sentence,
    shown_causes,
)
from sim.report.grades import grade_of
from sim.report.numbers import DASH, Form, Value, beyond_luck, interval
from sim.report.observed import with_observed
from sim.scenario.model import Scenario
from sim.study.bridge.bars import AHT, FTE, MEASURES, VOLUME, WORKLOAD, Bridge

SCHEMA_VERSION = 1
BESIDE = (
    "Bars, ends and the claim: the CSV files beside this page. Scenarios in full, with their hashes: manifest.json."
)
TITLE = "From today to tomorrow, cause by cause"
COLUMNS = {AHT: "AHT (s)", WORKLOAD: "workload (h)", FTE: "FTE"}
SUM = "change: the sum of the bars"


def bridge_report(bridge: Bridge) -> Report:
    """Return the report of a bridge: what comes of it, the bars, the waterfalls, what they rest on."""
    before, after = names_of(bridge)
    scenarios: dict[str, Scenario] = {before: bridge.before, after: bridge.after}
    replications = counted(bridge.replications, "replication")
    report = Report(
        title=after,
        against=before,
        line=(
            f"{counted(bridge.after.calendar.days, 'day')} from {bridge.after.calendar.start}, {replications}, the "
            "same customers on every step from today to tomorrow."
        ),
        sections=(*_sections(bridge), *basis_sections(scenarios, on_terminal=2)),
        footer=(
            f"ccsim {__version__}, seed {bridge.seed}, {bridge.replications} replications. {BESIDE}",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=bridge.seed,
        replications=bridge.replications,
        document=lambda: _document(bridge),
        make_tables=lambda: {
            "bridge": tidy_bridge(bridge),
            "aht_parts": bridge.aht_parts,
            "claim": bridge.claim.reset_index(),
        },
    )
    return with_observed(report)


def _sections(bridge: Bridge) -> Iterator[ReportSection]:
    told = Paragraph("", tuple(answer(bridge)))
    yield ReportSection("What comes of it", lambda: [told], headed=True, on_terminal=1, answers=True)
    yield ReportSection("The bars", lambda: [bridge_table(bridge)], "whole", on_terminal=1, answers=True)
    yield ReportSection("Charts", lambda: [Pictures(lambda: _charts(bridge))], "grid")


def _charts(bridge: Bridge) -> list[Chart]:
    from sim.report.bridge import charts

    return charts.draw(bridge)


def tidy_bridge(bridge: Bridge) -> pd.DataFrame:
    """The bars between their ends: cause (or before, after, change), measure, mean, ci_low, ci_high."""
    ends = bridge.ends.rename(columns={"side": "cause"})
    first, last = (ends[ends["cause"].isin(names)] for names in (["before"], ["after", "change"]))
    return pd.concat([first, bridge.bars, last], ignore_index=True)


# The table --------------------------------------------------------------------------


def bridge_table(bridge: Bridge) -> Table:
    """One row a bar between today and tomorrow, and their difference below."""
    before, after = names_of(bridge)
    rests = rest_of(bridge)
    rows = [_end_row(bridge, before, "before")]
    rows += [_bar_row(bridge, cause, rests[cause]) for cause in shown_causes(bridge)]
    rows += [_end_row(bridge, after, "after"), _change_row(bridge)]
    columns = ["Cause", "rests on", *(COLUMNS[measure] for measure in MEASURES)]
    return table(TITLE, columns, rows, made_words(bridge), labels=2)


def _end_row(bridge: Bridge, name: str, side: str) -> tuple[Cell, ...]:
    return row(name, "", *(FORMS[measure].value(end(bridge, side, measure)) for measure in MEASURES))


def _bar_row(bridge: Bridge, cause: str, rests: str) -> tuple[Cell, ...]:
    cells = (_change(FORMS[measure], bar(bridge, cause, measure)) for measure in MEASURES)
    return row(f"  {label_of(bridge, cause)}", rests or DASH, *cells)


def _change_row(bridge: Bridge) -> tuple[Cell, ...]:
    return row(SUM, "", *(_change(FORMS[measure], end(bridge, "change", measure)) for measure in MEASURES))


def _change(form: Form, value: Value | None) -> Cell:
    if value is None:
        return Cell(DASH, "quiet")
    return Cell(form.change(value), "" if beyond_luck(value) else "quiet")


def rest_of(bridge: Bridge) -> dict[str, str]:
    """What every bar rests on: the grade of its least known number in a word, `given`, or empty."""
    parameters = [p for side in (bridge.before, bridge.after) for p in explain_scenario(side)]
    rests = dict.fromkeys(bridge.causes, "")
    for group, causes in {VOLUME: (VOLUME,), **bridge.groups}.items():
        rests[group] = worst([grade_of(parameters, cause) for cause in causes])
    return rests | {cause: "" for cause in bridge.causes if not any(map(moves, bars_of(bridge, cause)))}


# JSON -------------------------------------------------------------------------------


def _document(bridge: Bridge) -> Document:
    """Return the JSON document of a bridge.

    By measure: `before`, `after`, `change` and the bars by cause, which add up to the change; what has no bar is left
    out. What is not a number is null, and so is `ci95` without an interval.
    """
    before, after = names_of(bridge)
    rests = rest_of(bridge)
    return {
        "schema_version": SCHEMA_VERSION,
        "before": before,
        "after": after,
        "seed": bridge.seed,
        "replications": bridge.replications,
        "order": "shapley" if bridge.shapley else "one_by_one",
        "causes": {
            cause: {"label": label_of(bridge, cause), "rests_on": rests[cause] or None} for cause in bridge.causes
        },
        "measures": {measure: _measure(bridge, measure) for measure in MEASURES},
        "aht_parts": _parts(bridge),
        "fte_rule": dataclasses.asdict(bridge.rule),
        "claim": _by(bridge.claim.reset_index(), "figure"),
        "notes": list(bridge.notes),
        "sentence": sentence(bridge),
    }


def _measure(bridge: Bridge, measure: str) -> Document:
    ends, bars = (rows[rows["measure"] == measure] for rows in (bridge.ends, bridge.bars))
    return {**_by(ends, "side"), "bars": _by(bars, "cause")}


def _parts(bridge: Bridge) -> Document:
    return {str(cause): _by(rows, "part") for cause, rows in bridge.aht_parts.groupby("cause", sort=False)}


def _by(rows: pd.DataFrame, label: str) -> Document:
    columns = (rows[name] for name in (label, "mean", "ci_low", "ci_high"))
    return {str(name): interval(mean, low, high) for name, mean, low, high in zip(*columns, strict=True)}
