"""Finished points of a sweep, kept beside the folder to come, so that an interruption loses none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.report.kept import KeptParts
from sim.study.sweep.points import Point, SweepPlan
from sim.study.sweep.simulation import PointResult


class Store:
    """The finished points of one plan."""

    def __init__(self, out: Path, plan: SweepPlan, seed: int, replications: int) -> None:
        self.plan = plan
        self.parts = KeptParts(out, "sweep", _about(plan, seed, replications), "point")
        self.place = self.parts.place

    def known(self) -> dict[int, PointResult]:
        """The points that are there, by number; a damaged one is not."""
        outcomes = {point.number: self._read(point) for point in self.plan.points}
        return {number: outcome for number, outcome in outcomes.items() if outcome is not None}

    def keep(self, point: Point, outcome: PointResult) -> None:
        """Put a point there.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        estimates = {name: list(three) for name, three in outcome.estimates.items()}
        rows = {name: rows.tolist() for name, rows in outcome.rows.items()}
        self.parts.keep(point.number, {"estimates": estimates, "rows": rows})

    def remove(self) -> None:
        """Take the store away: the folder stands."""
        self.parts.remove()

    def _read(self, point: Point) -> PointResult | None:
        body = self.parts.read(point.number)
        if body is None:
            return None
        estimates = {name: (mean, low, high) for name, (mean, low, high) in body["estimates"].items()}
        return PointResult(estimates, {name: np.array(rows, float) for name, rows in body["rows"].items()})


def _about(plan: SweepPlan, seed: int, replications: int) -> dict[str, Any]:
    """What decides the figures of a sweep."""
    return {
        "seed": seed,
        "replications": replications,
        "keys": [key.path for key in plan.keys],
        "points": [[*(choice.text for choice in p.choices), p.scenario.digest] for p in plan.points],
    }
