"""The answer of `targets` as one JSON document."""

from __future__ import annotations

from typing import Any

from sim.report.numbers import estimates_document, number
from sim.study.targets import TargetsResult
from sim.study.targets.verdicts import best_attainable

SCHEMA_VERSION = 1


def document(result: TargetsResult) -> dict[str, Any]:
    """Return the JSON document: the goals, every cell, the choice, and what it rests on."""
    best = result.best
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "goals": {m: {"at_least" if g.at_least else "at_most": g.share} for m, g in result.goals.items()},
        "feasible": best is not None,
        "best": None if best is None else _cell(result, best),
        "nearest": _cell(result, result.nearest),
        "attainable": {m: _attainable(result, m) for m in result.goals},
        "natural_aht_s": number(result.natural.mean("natural_aht_s")),
        "old_target_s": result.old.target if result.old is not None else None,
        "cells": [_cell(result, k) for k in range(len(result.cells))],
        "assumptions": _assumptions(result),
    }


def _cell(result: TargetsResult, k: int) -> dict[str, Any]:
    place, found = result.places[k], result.judged[k]
    return {
        **place.labels,
        "target_s": place.pace.target,
        "factors": dict(place.level.factors),
        "all_met": found.all_met,
        "verdicts": found.verdicts,
        "chance_of_missing": {m: number(chance) for m, chance in found.chances.items()},
        "measures": estimates_document(result.cells[k].estimates),
    }


def _attainable(result: TargetsResult, measure: str) -> dict[str, Any]:
    k = best_attainable(result.cells, measure, result.goals[measure])
    return {**result.places[k].labels, "mean": number(result.cells[k].mean(measure))}


def _assumptions(result: TargetsResult) -> dict[str, Any] | None:
    found = result.assumptions
    if found is None:
        return None
    spans = {m: dict(zip(("low", "expected", "high"), map(number, found.span(m)), strict=True)) for m in found.measures}
    table = found.table.to_dict("records")
    rows = [{str(k): v if isinstance(v, str) else number(v) for k, v in row.items()} for row in table]
    return {"about": found.about, "considered": found.considered, "spans": spans, "effects": rows}
