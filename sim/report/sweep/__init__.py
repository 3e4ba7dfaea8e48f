"""The report of `sweep`: cliffs in words, a chart a measure, a row a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sim import __version__
from sim.report import Chart, Document, Pictures, Report, ReportSection, counted
from sim.report.basis import basis_line, basis_sections
from sim.report.labels import key_words
from sim.report.numbers import interval, listed, number
from sim.report.observed import with_observed
from sim.report.sweep.narrative import cliff_paragraph, found_paragraph, points_table
from sim.schema.tree import resolve
from sim.study.sweep.cliff import Bend, Cliff
from sim.study.sweep.simulation import Sweep
from sim.study.sweep.values import KeyValue

SCHEMA_VERSION = 1
BESIDE = (
    "Every measure at every point: sweep.csv beside this page. The scenario with the settings that all points share, "
    "in full: manifest.json."
)


def sweep_report(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff] = ()) -> Report:
    """Return the report of a sweep.

    Parameters
    ----------
    measures : those that are shown and drawn.
    cliffs : the measures whose crossings and bends are sought.
    """
    keys, scenarios = listed([key_words(key.path) for key in sweep.plan.keys]), {sweep.scenario.name: sweep.scenario}
    how = "points drawn from a Latin hypercube" if sweep.plan.sampled else "points"
    times = f"{counted(sweep.replications, 'replication')} each"
    report = Report(
        title=f"{sweep.scenario.name} by {keys}",
        line=f"{len(sweep.outcomes)} {how}, {times}, the same customers at every point.",
        sections=(*_sections(sweep, measures, cliffs), *basis_sections(scenarios)),
        footer=(f"ccsim {__version__}, seed {sweep.seed}, {times}. {BESIDE}", basis_line(scenarios)),
        scenarios=scenarios,
        seed=sweep.seed,
        replications=sweep.replications,
        document=lambda: _document(sweep, cliffs),
        make_tables=lambda: {"sweep": sweep.table} | ({"cliffs": cliffs_table(cliffs)} if cliffs else {}),
    )
    return with_observed(report)


def _sections(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff]) -> Iterator[ReportSection]:
    paragraphs = [*(cliff_paragraph(sweep, cliff) for cliff in cliffs), found_paragraph(sweep, measures)]
    yield ReportSection("What comes of it", lambda: paragraphs, headed=True, on_terminal=1, answers=True)
    yield ReportSection("Charts", lambda: [Pictures(lambda: _charts(sweep, measures, cliffs))], "grid")
    yield ReportSection("Points", lambda: [points_table(sweep, measures)], on_terminal=2)


def _charts(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff]) -> list[Chart]:
    from sim.report.sweep import charts

    return charts.draw(sweep, measures, cliffs)


def cliffs_table(cliffs: Sequence[Cliff]) -> pd.DataFrame:
    """Tidy: measure, key, what (crossing or bend), at, ci_low, ci_high, clear; places are numbers of the key."""
    rows: list[tuple[str, str, str, float, float, float, str]] = []
    for cliff in cliffs:
        names = (cliff.measure, cliff.key.path)
        rows += [(*names, "crossing", c.at, c.low, c.high, "") for c in cliff.crossings]
        if (bend := cliff.bend) is not None:
            rows.append((*names, "bend", bend.at, bend.low, bend.high, "yes" if bend.clear else "no"))
    return pd.DataFrame(rows, columns=["measure", "key", "what", "at", "ci_low", "ci_high", "clear"])


# JSON -------------------------------------------------------------------------------


def _document(sweep: Sweep, cliffs: Sequence[Cliff] = ()) -> Document:
    """Return the JSON document of a sweep; what is not a number is null, and so is `ci95` without an interval."""
    keys = [key.path for key in sweep.plan.keys]
    document: Document = {
        "schema_version": SCHEMA_VERSION,
        "scenario": sweep.scenario.name,
        "seed": sweep.seed,
        "replications": sweep.replications,
        "keys": keys,
        "points": [
            {
                "settings": {key: _as_written(choice) for key, choice in zip(keys, point.choices, strict=True)},
                "measures": {name: interval(*three) for name, three in outcome.estimates.items()},
            }
            for point, outcome in zip(sweep.plan.points, sweep.outcomes, strict=True)
        ],
    }
    return document | ({"cliffs": {cliff.measure: _cliff(cliff) for cliff in cliffs}} if cliffs else {})


def _as_written(choice: KeyValue) -> Any:
    """A value as a scenario file would hold it."""
    value = resolve(choice.text)
    return choice.shown if isinstance(value, str) else value


def _cliff(cliff: Cliff) -> Document:
    """Places are numbers of the key: shares 0 to 1, durations in seconds; an end beyond the range swept is null."""
    goals = cliff.goals and [{"share": goal.share, "at_least": goal.at_least} for goal in dict.fromkeys(cliff.goals)]
    return {
        "key": cliff.key.path,
        "target": goals[0] if goals and len(goals) == 1 else None,
        "crossings": [
            {"at": c.at, "ci95": [number(c.low), number(c.high)], "meets_beyond": c.meets_beyond}
            for c in cliff.crossings
        ],
        "bend": _bend(cliff.bend) if cliff.bend else None,
    }


def _bend(bend: Bend) -> Document:
    return {
        "at": bend.at,
        "ci95": [number(bend.low), number(bend.high)],
        "slope_before": bend.before,
        "slope_beyond": bend.beyond,
        "turn_ci95": [number(bend.turn_low), number(bend.turn_high)],
        "chance": bend.chance,
        "clear": bend.clear,
    }
