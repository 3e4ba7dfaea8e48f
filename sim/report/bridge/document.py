"""A bridge as one JSON document (docs/bridge.md)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from sim.report.bridge.narrative import label_of, names_of, sentence
from sim.report.bridge.rests import rest_of
from sim.report.numbers import interval
from sim.study.bridge.bars import MEASURES, Bridge

SCHEMA_VERSION = 1
Document = dict[str, Any]


def document(bridge: Bridge) -> Document:
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
