"""Finished points of a sweep, kept beside the folder to come, so that an interruption loses none of them.

A point is a file of its own, written under a temporary name and moved. The store's name carries a digest of everything
that decides the figures; a point is read again only when it was made for that very plan and is undamaged.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.errors import OutputError
from sim.jit import source_hash
from sim.report.render.folder import write_whole
from sim.study.sweep.points import Point, SweepPlan
from sim.study.sweep.simulation import PointResult

LIBRARIES = ("numba", "numpy", "scipy")
ROOMS = ("schema", "scenario", "facts", "loading", "study")
"""The rooms, besides those that `sim.jit` looks at, that decide what a point measures."""
NAME_DIGITS = 12


class Store:
    """The finished points of one plan."""

    def __init__(self, out: Path, plan: SweepPlan, seed: int, replications: int) -> None:
        self.plan = plan
        self.about = _about(plan, seed, replications)
        self.digest = hashlib.sha256(_text(self.about).encode()).hexdigest()
        place = out.resolve()
        self.place = place.parent / f".{place.name}.{self.digest[:NAME_DIGITS]}.sweep"

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
        try:
            if not (self.place / "plan.json").exists():
                self.place.mkdir(parents=True, exist_ok=True)
                write_whole(json.dumps(self.about, indent=1, ensure_ascii=False), self.place / "plan.json")
            write_whole(self._point_text(point, outcome), self.place / self._name(point))
        except OSError as error:
            raise OutputError(f"{self.place}: finished points cannot be kept there: {error.strerror}") from None

    def remove(self) -> None:
        """Take the store away: the folder stands."""
        shutil.rmtree(self.place, ignore_errors=True)

    def _name(self, point: Point) -> str:
        return f"{point.number:05d}.json"

    def _point_text(self, point: Point, outcome: PointResult) -> str:
        body = {
            "plan": self.digest,
            "point": point.number,
            "estimates": {name: list(three) for name, three in outcome.estimates.items()},
            "rows": {name: rows.tolist() for name, rows in outcome.rows.items()},
        }
        return _text({"sha256": _hash(body), "body": body})

    def _read(self, point: Point) -> PointResult | None:
        try:
            kept: Any = json.loads((self.place / self._name(point)).read_text(encoding="utf-8"))
            body = kept["body"]
            whole = _hash(body) == kept["sha256"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not whole or (body["plan"], body["point"]) != (self.digest, point.number):
            return None
        estimates = {name: (mean, low, high) for name, (mean, low, high) in body["estimates"].items()}
        return PointResult(estimates, {name: np.array(rows, float) for name, rows in body["rows"].items()})


def _about(plan: SweepPlan, seed: int, replications: int) -> dict[str, Any]:
    """Everything that decides the figures of a sweep."""
    return {
        "ccsim": sim.__version__,
        "source": source_hash(*ROOMS),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "seed": seed,
        "replications": replications,
        "keys": [key.path for key in plan.keys],
        "points": [[*(choice.text for choice in p.choices), p.scenario.digest] for p in plan.points],
    }


def _text(document: Any) -> str:
    """JSON whose numbers read back to the same bits."""
    return json.dumps(document, ensure_ascii=False)


def _hash(body: Any) -> str:
    return hashlib.sha256(_text(body).encode()).hexdigest()
