"""Results as one JSON document (docs: `--json`)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.report.comparison.findings import Findings
from sim.report.comparison.rankings import NullWorld, RankedPair
from sim.report.numbers import interval
from sim.study import RunResult

SCHEMA_VERSION = 1
Document = dict[str, Any]


def document(findings: Findings, null: NullWorld | None = None) -> Document:
    """Return the JSON document of a run, or of a comparison.

    A comparison is the document of its first scenario with two more keys: `scenarios`, the measures and slices of every
    scenario by name, and `differences`, paired, against the first. With its null world it has a third, `null_world`:
    the same two there, and `rankings` by measure. What is not a number is null, and so is `ci95` without an interval.
    """
    told = run_document(findings.first)
    if findings.comparison is None:
        return told
    told |= _compared(findings)
    if null is not None:
        told["null_world"] = _compared(null.findings) | {"rankings": _rankings(null)}
    return told


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


def run_document(result: RunResult) -> Document:
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
