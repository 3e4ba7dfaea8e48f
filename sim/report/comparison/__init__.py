"""The report of `run` and `compare`: one scenario, or several on the same customers; the decision first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from sim import __version__
from sim.report import Cell, Chart, Document, Item, Pictures, Report, ReportSection, Table, counted, row, table
from sim.report.basis import basis_line, basis_sections
from sim.report.comparison.bot import claims_table, intents_table, split_table, with_bot
from sim.report.comparison.causes import causes_table
from sim.report.comparison.channels import channels_table, has_channels
from sim.report.comparison.decision import (
    MOST_WITH_DIFFERENCES,
    decision_table,
    service_level_measure,
    sides_table,
    within_text,
)
from sim.report.comparison.findings import Findings, days_of, of_day, within_day
from sim.report.comparison.narrative import bot_is_new, summary
from sim.report.comparison.rankings import NullWorld, RankedPair, rankings_rows, rankings_table
from sim.report.labels import LABELS, form_for, verdict, with_unit
from sim.report.numbers import interval, round_percent
from sim.report.observed import with_observed
from sim.scenario.targets import targets_of_scenario
from sim.study import RunResult
from sim.study.run import coded

SCHEMA_VERSION = 1
SLICES = ("by_day", "by_interval", "by_intent", "by_group", "by_channel", "mix_shift")
DIFFERENCES = ("differences", *(f"differences_{name}" for name in ("by_day", "by_interval", "by_intent", "by_group")))
WIDTH_FOR_THREE = 120
BARS = "▁▂▃▄▅▆▇█"
MOST_DAYS, MOST_BARS = 31, 40
BY_DAY = ("offered", "abandonment_rate", "asa_s", "wait_p90_s", "aht_s", "occupancy")
BESIDE = (
    "Every measure by day, interval, intent and group, and the other three definitions of the service level: the CSV "
    "files beside this page. Scenarios in full, with their hashes: manifest.json."
)


def comparison_report(findings: Findings, null: NullWorld | None = None, width: int = WIDTH_FOR_THREE) -> Report:
    """Return the report of a run or a comparison.

    Parameters
    ----------
    null : the same comparison in the null world.
    width : of the terminal: a wide one shows two scenarios beside the first in a table.
    """
    first = findings.first
    contacts = {name: coded(r.contacts) for name, r in findings.results.items() if r.contacts is not None}
    replications = counted(first.replications, "replication")
    line = f"{counted(first.scenario.calendar.days, 'day')} from {first.scenario.calendar.start}, {replications}"
    report = Report(
        title=findings.base,
        against=", ".join(findings.others),
        line=f"{line}{', the same customers through every scenario' if findings.others else ''}.",
        sections=(*_sections(findings, null, width), *basis_sections(findings.named)),
        footer=(
            f"ccsim {__version__}, seed {first.seed}, {first.replications} replications. {BESIDE}",
            basis_line(findings.named),
        ),
        scenarios=findings.named,
        seed=first.seed,
        replications=first.replications,
        document=lambda: _document(findings, null),
        make_tables=lambda: dict(_tables(findings, null)),
        large={"contacts": _together(contacts)} if contacts else {},
        half_hours="by_interval",
    )
    return with_observed(report)


def _sections(findings: Findings, null: NullWorld | None, width: int) -> Iterator[ReportSection]:
    differences = len(findings.names) <= MOST_WITH_DIFFERENCES
    beside = 2 if width >= WIDTH_FOR_THREE else 1
    yield ReportSection("What happened", lambda: summary(findings), headed=True, on_terminal=1, answers=True)
    yield ReportSection("The decision", lambda: [decision_table(findings, differences=differences)], answers=True)
    yield ReportSection(
        "The decision", lambda: decision_tables(findings, beside), on_page=False, on_terminal=1, answers=True
    )
    if null is not None:
        yield ReportSection("The null world", lambda: [rankings_table(null)], "folded", on_terminal=2)
    yield ReportSection("Tables", lambda: tables_of(findings, beside), on_page=False, on_terminal=2)
    if has_channels(findings):
        yield ReportSection("Channels", lambda: [channels_table(findings)], "whole")
    yield ReportSection("Customers and agents", lambda: [sides_table(findings)], "whole")
    yield ReportSection("Charts and what they rest on", lambda: _grid(findings, differences), "grid")


def _grid(findings: Findings, differences: bool) -> Iterator[Item | Pictures]:
    @cache
    def drawn() -> tuple[list[Chart], list[Chart]]:
        from sim.report.comparison import charts

        every = charts.draw(findings)
        causes = [chart for chart in every if chart.name == charts.AHT_CAUSES]
        return [chart for chart in every if chart not in causes], causes

    yield Pictures(lambda: drawn()[0])
    yield from (intents_table(findings, name) for name in with_bot(findings) if bot_is_new(findings, name))
    yield Pictures(lambda: drawn()[1])
    causes = causes_table(findings, differences=differences)
    if causes.rows:
        yield replace(causes, wide=True)
    yield replace(claims_table(findings), wide=True)


def decision_tables(findings: Findings, others_a_table: int = 2) -> Iterator[Table]:
    """What is decided by; a table sets that many scenarios beside the first."""
    if not findings.others:
        yield decision_table(findings)
    yield from (decision_table(findings, group) for group in _groups(findings, others_a_table))


def tables_of(findings: Findings, others_a_table: int = 2) -> Iterator[Table]:
    """Every other table that these findings have."""
    if not findings.others:
        yield from (days_table(findings), intervals_table(findings))
    channels = (channels_table,) if has_channels(findings) else ()
    for described in (*channels, sides_table, causes_table):
        yield from (described(findings, group) for group in _groups(findings, others_a_table) or [[]])
    yield claims_table(findings)
    if with_bot(findings):
        yield split_table(findings) if findings.others else intents_table(findings, findings.base)


def _groups(findings: Findings, size: int) -> list[list[str]]:
    """The scenarios beside the first, so many together."""
    return [findings.others[k : k + size] for k in range(0, len(findings.others), size)]


# One scenario by day --------------------------------------------------------------


def days_table(findings: Findings) -> Table:
    """One row a day: the service level against its target, waits, handle time, occupancy."""
    result, level = findings.first, service_level_measure(findings.first.scenario)
    shown = {level: f"in {within_text(result.scenario.targets.service_level)}"}
    shown |= {measure: LABELS[measure].column or LABELS[measure].short for measure in BY_DAY}
    days = days_of(findings)[:MOST_DAYS]
    target = targets_of_scenario(result.scenario).get(level)
    forms = {m: form_for(m, (of_day(result, day, m) for day in days)) for m in shown}
    rows = []
    for day in days:
        values = {measure: of_day(result, day, measure) for measure in shown}
        first, *others = (Cell(forms[measure].value(value)) for measure, value in values.items())
        rows.append(row(_day_name(day), first, *([verdict(values[level], target)] if target else []), *others))
    first_column, *columns = (with_unit(words, forms[measure]) for measure, words in shown.items())
    left = len(days_of(findings)) - len(days)
    notes = [f"{left} more days are in by_day.csv (--out DIR)."] if left else []
    return table("By day", ["Day", first_column, *(["target"] if target else []), *columns], rows, notes)


def intervals_table(findings: Findings) -> Table:
    """One row a day: the service level of its intervals as bars, and the worst of them."""
    result, level = findings.first, service_level_measure(findings.first.scenario)
    rows = []
    for day in days_of(findings)[:MOST_DAYS]:
        values = within_day(result, day, level)
        known = values.dropna()
        if known.empty:
            continue
        worst = f"{known.idxmin()}: {round_percent(float(known.min()))}"
        rows.append(row(_day_name(day), str(values.index[0]), bars(values), worst))
    met = findings.value(findings.base, "sl_intervals_met")
    target = targets_of_scenario(result.scenario).get(level)
    notes = [f"{round_percent(met.mean)} of intervals meet the target."] if target and met.known else []
    columns = ["Day", "from", "service level by interval, 0 to 100 %", "worst interval"]
    return table("By interval", columns, rows, notes, labels=3)


def bars(values: pd.Series) -> str:
    """Shares as bars, a blank where there is none; neighbours are averaged where there are many."""
    numbers = values.to_numpy(dtype=float)
    step = -(-numbers.size // MOST_BARS)
    heights = [_mean(numbers[k : k + step]) for k in range(0, numbers.size, step)]
    top = len(BARS) - 1
    return "".join(" " if np.isnan(h) else BARS[round(min(max(h, 0.0), 1.0) * top)] for h in heights)


def _mean(numbers: np.ndarray) -> float:
    known = numbers[~np.isnan(numbers)]
    return float(known.mean()) if known.size else float("nan")


def _day_name(day: str) -> str:
    return f"{dt.date.fromisoformat(day):%a} {day}"


# Tidy tables ------------------------------------------------------------------------


def _tables(findings: Findings, null: NullWorld | None) -> Iterator[tuple[str, pd.DataFrame]]:
    results = findings.results.items()
    yield "measures", _together({name: result.measures.reset_index() for name, result in results})
    for part in SLICES:
        yield part, _together({name: getattr(result, part) for name, result in results})
    if findings.comparison is not None:
        yield from ((name, getattr(findings.comparison, name)) for name in DIFFERENCES)
    if null is not None:
        there = null.findings.results.items()
        yield "null_world", _together({name: result.measures.reset_index() for name, result in there})
        yield "rankings", rankings_rows(null)


def _together(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of all scenarios in one, with the scenario's name first."""
    whole = pd.concat([table.assign(scenario=name) for name, table in tables.items()], ignore_index=True)
    return whole[["scenario", *(column for column in whole.columns if column != "scenario")]]


# JSON -------------------------------------------------------------------------------


def _document(findings: Findings, null: NullWorld | None = None) -> Document:
    """Return the JSON document of a run, or of a comparison.

    A comparison is the document of its first scenario with two more keys: `scenarios`, the measures and slices of every
    scenario by name, and `differences`, paired, against the first. With its null world it has a third, `null_world`:
    the same two there, and `rankings` by measure. What is not a number is null, and so is `ci95` without an interval.
    """
    document = _of_run(findings.first)
    if findings.comparison is None:
        return document
    document |= _compared(findings)
    if null is not None:
        document["null_world"] = _compared(null.findings) | {"rankings": _rankings(null)}
    return document


def _compared(findings: Findings) -> Document:
    differences = findings.comparison.differences if findings.comparison is not None else pd.DataFrame()
    return {
        "scenarios": {name: _slices(result) for name, result in findings.results.items()},
        "differences": _by_label(differences, "scenario"),
    }


def _rankings(null: NullWorld) -> Document:
    return {
        ranking.measure: {
            "order": ranking.simulated,
            "order_in_null_world": ranking.null,
            "verdict": ranking.verdict,
            "pairs": [_pair(pair) for pair in ranking.pairs],
        }
        for ranking in null.rankings
    }


def _pair(pair: RankedPair) -> Document:
    here, there = (interval(change.mean, change.low, change.high) for change in (pair.simulated, pair.null))
    names = {"scenario": pair.other, "against": pair.one}
    return names | {"difference": here, "difference_in_null_world": there, "verdict": pair.verdict}


def _of_run(result: RunResult) -> Document:
    """The document of one scenario."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        **({"precision_not_reached": list(result.unmet)} if result.unmet else {}),
        **_slices(result),
    }


def _slices(result: RunResult) -> Document:
    level = result.scenario.targets.service_level
    return {
        "service_level": {"definition": level.definition, "within_s": level.within, "share": level.share},
        "measures": _measures(result.measures.reset_index()),
        "by_interval": _by_interval(result.by_interval),
        "by_intent": _by_label(result.by_intent, "intent"),
        "by_group": _by_label(result.by_group, "group"),
        "by_channel": _by_label(result.by_channel, "channel"),
    }


def _measures(table: pd.DataFrame) -> Document:
    columns = (table[name] for name in ("measure", "mean", "ci_low", "ci_high"))
    return {measure: interval(mean, low, high) for measure, mean, low, high in zip(*columns, strict=True)}


def _by_label(table: pd.DataFrame, label: str) -> Document:
    if table.empty:
        return {}
    return {str(name): _measures(part) for name, part in table.groupby(label, sort=False)}


def _by_interval(table: pd.DataFrame) -> list[Document]:
    cells = table.groupby(["day", "time"], sort=False)
    return [{"day": day, "time": time, **_measures(part)} for (day, time), part in cells]
