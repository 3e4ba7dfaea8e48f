"""A sweep as one JSON document (docs: `--json`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report.numbers import interval, number
from sim.schema.tree import resolve
from sim.study.sweep.cliff import Bend, Cliff
from sim.study.sweep.simulation import Sweep
from sim.study.sweep.values import KeyValue

SCHEMA_VERSION = 1
Document = dict[str, Any]


def document(sweep: Sweep, cliffs: Sequence[Cliff] = ()) -> Document:
    """Return the JSON document of a sweep; what is not a number is null, and so is `ci95` without an interval."""
    keys = [key.path for key in sweep.plan.keys]
    told: Document = {
        "schema_version": SCHEMA_VERSION,
        "scenario": sweep.scenario.name,
        "seed": sweep.seed,
        "replications": sweep.replications,
        "keys": keys,
        "points": [
            {
                "settings": {key: written(choice) for key, choice in zip(keys, point.choices, strict=True)},
                "measures": {name: interval(*three) for name, three in outcome.estimates.items()},
            }
            for point, outcome in zip(sweep.plan.points, sweep.outcomes, strict=True)
        ],
    }
    return told | ({"cliffs": {cliff.measure: _cliff(cliff) for cliff in cliffs}} if cliffs else {})


def written(choice: KeyValue) -> Any:
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
