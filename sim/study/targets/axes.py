"""The axes of the grid: staffing, handle-time targets, recovery times; and the scenario in each cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import CcsimError
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.schema.formatting import duration_words
from sim.schema.values import duration_text
from sim.study.levels import Level, staffed
from sim.study.scenario_results import ScenarioResult

NO_TARGET = "no target"


@dataclass(frozen=True)
class HandleTimeTarget:
    """A handle-time target.

    Attributes
    ----------
    name : as a planner calls it, such as "6m15s"; "no target" where agents take the time that they need.
    target : seconds, by intent where the file's own target is, or None.
    old : whether it is the target that held before.
    """

    name: str
    target: float | dict[str, float] | None
    old: bool = False


NATURAL = HandleTimeTarget(NO_TARGET, None)


@dataclass(frozen=True)
class GridPlace:
    """A cell's place in the grid: its staffing, its handle-time target, its recovery time in seconds."""

    level: Level
    pace: HandleTimeTarget
    recovery: float | None

    @property
    def labels(self) -> dict[str, Any]:
        """The labels of a row of a tidy table."""
        return {"staffing": self.level.name, "target": self.pace.name, "recovery_s": self.recovery}


def scenario_at(scenario: Scenario, place: GridPlace) -> Scenario:
    """The scenario of a cell."""
    settings: dict[str, Any] = _paced(scenario, place.pace)
    if place.recovery is not None:
        settings["fatigue.recovery_time"] = "off" if place.recovery == 0 else duration_text(place.recovery)
    return staffed(changed(scenario, settings) if settings else scenario, place.level)


def _paced(scenario: Scenario, pace: HandleTimeTarget) -> dict[str, Any]:
    if pace.target is None:
        return {} if scenario.pace is None else {"pace": "off"}
    if isinstance(pace.target, dict):
        return {"pace.target": {name: duration_text(seconds) for name, seconds in pace.target.items()}}
    return {"pace.target": duration_text(pace.target)}


def pace_at(seconds: float, *, old: bool = False) -> HandleTimeTarget:
    """A target of so many seconds for all contacts together."""
    return HandleTimeTarget(duration_words(round(seconds, 3)), seconds, old)


def pace_share(share: float, natural: ScenarioResult, by_intent: bool) -> HandleTimeTarget:
    """A target of a share of the natural AHT: of all contacts together, or of each intent's own."""
    if not by_intent:
        return pace_at(_rounded(share * natural.mean("natural_aht_s")))
    values = natural.slices["intent"]["natural_aht_s"].mean
    names = natural.labels["intent"]["intent"]
    targets = {n: _rounded(share * float(v)) for n, v in zip(names, values, strict=True) if not math.isnan(v)}
    return HandleTimeTarget(f"{100 * share:g} %", targets)


def _rounded(seconds: float) -> float:
    """Whole seconds: what a planner would set."""
    return float(max(1, round(seconds)))


def by_tightness(paces: Sequence[HandleTimeTarget]) -> list[HandleTimeTarget]:
    """No target first, then from loose to tight; each once."""
    unique = {str(pace.target): pace for pace in sorted(paces, key=lambda p: p.old)}
    return sorted(unique.values(), key=lambda p: -seconds_of(p.target))


def seconds_of(target: float | dict[str, float] | None) -> float:
    """A handle-time target (s), the mean where intents have their own; infinite where there is none."""
    if not target:
        return math.inf
    return sum(target.values()) / len(target) if isinstance(target, dict) else target


def check_recovery(scenario: Scenario) -> None:
    """Recovery pauses need tired agents.

    Raises
    ------
    CcsimError
        Where fatigue is off.
    """
    if scenario.fatigue is None:
        raise CcsimError("--recovery: fatigue is off, so that nobody recovers. Write fatigue: {} in the scenario")
