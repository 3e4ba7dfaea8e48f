"""The axes of the grid: staffing, handle-time targets, recovery times, caps; and the scenario in each cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import CcsimError
from sim.loading.load import changed
from sim.mechanisms.chat import MOST_CHATS
from sim.scenario.model import Group, Scenario
from sim.schema.formatting import duration_words
from sim.schema.values import duration_text
from sim.study.levels import Level, staffed
from sim.study.scenario_results import ScenarioResult
from sim.study.targets.handle_time import natural_time

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
class Cap:
    """How many chats an agent has in hand at most.

    Attributes
    ----------
    name : as a planner calls it, such as "3 chats at once".
    most : the number; of several groups that differ, the highest.
    caps : by group, as in a file.
    old : whether it is the cap that held before.
    """

    name: str
    most: int
    caps: Mapping[str, Any] = field(hash=False)
    old: bool = False


@dataclass(frozen=True)
class GridPlace:
    """A cell's place in the grid: its staffing, its handle-time target, its recovery time in seconds, its cap."""

    level: Level
    pace: HandleTimeTarget
    recovery: float | None
    cap: Cap | None = None

    @property
    def labels(self) -> dict[str, Any]:
        """The labels of a row of a tidy table."""
        labels = {"staffing": self.level.name, "target": self.pace.name, "recovery_s": self.recovery}
        return labels if self.cap is None else labels | {"concurrency": self.cap.most}

    @property
    def layer(self) -> tuple[float | None, Cap | None]:
        """Which of the grids of staffing and handle-time targets it stands in."""
        return self.recovery, self.cap


def scenario_at(scenario: Scenario, place: GridPlace) -> Scenario:
    """The scenario of a cell."""
    settings: dict[str, Any] = _paced(scenario, place.pace)
    if place.recovery is not None:
        settings["fatigue.recovery_time"] = "off" if place.recovery == 0 else duration_text(place.recovery)
    if place.cap is not None:
        settings |= capped(place.cap)
    return staffed(changed(scenario, settings) if settings else scenario, place.level)


def _paced(scenario: Scenario, pace: HandleTimeTarget) -> dict[str, Any]:
    if pace.target is None:
        return {} if scenario.pace is None else {"pace": "off"}
    if isinstance(pace.target, dict):
        return {"pace.target": {name: duration_text(seconds) for name, seconds in pace.target.items()}}
    return {"pace.target": duration_text(pace.target)}


def capped(cap: Cap) -> dict[str, Any]:
    """The settings of a cap."""
    return {f"agents.{name}.concurrency": most for name, most in cap.caps.items()}


def caps_of(scenario: Scenario, before: Scenario | None, wanted: Sequence[int], names: Sequence[str] = ()) -> list[Cap]:
    """The caps to try, from few to many, the old one always among them; `names` are the groups that get them, or none.

    Where a file has the cap by time in the job, the last step is moved, and nobody newer has more in hand than that.

    Raises
    ------
    CcsimError
        Where nobody takes chats, a named group takes none, or a cap is no whole number from 1 to 50; also where
        `chat.times` are too few for it.
    """
    groups = _chatting(scenario)
    if not groups:
        raise CcsimError(f"--concurrency: {scenario.name} has no chats. Write channel: chat with an intent")
    strangers = [name for name in names if name not in {group.name for group in groups}]
    if strangers:
        fix = f"Name one that does: {', '.join(group.name for group in groups)}"
        raise CcsimError(f"--concurrency: {strangers[0]}: takes no chats. {fix}")
    groups = [group for group in groups if not names or group.name in names]
    if wrong := [most for most in wanted if not 1 <= most <= MOST_CHATS]:
        fix = f"Write whole numbers from 1 to {MOST_CHATS}"
        raise CcsimError(f"--concurrency: {wrong[0]}: is no number of chats in hand. {fix}")
    old = _old_cap(scenario, before, groups)
    new = [Cap(_cap_words(most), most, {g.name: _moved(g.concurrency, most) for g in groups}) for most in wanted]
    found = sorted({cap.most: cap for cap in [*new, old]}.values(), key=lambda cap: cap.most)
    for cap in found:
        changed(scenario, capped(cap))
    return found


def _chatting(scenario: Scenario) -> list[Group]:
    skills = {intent.skill for intent in scenario.intents.values() if intent.channel == "chat"}
    return [group for group in scenario.agents.values() if skills & set(group.skills)]


def _old_cap(scenario: Scenario, before: Scenario | None, groups: Sequence[Group]) -> Cap:
    """The cap of the centre as it was, else of the file."""
    earlier = {} if before is None else before.agents
    old = {group.name: earlier.get(group.name, group) for group in groups}
    most = max(group.highest_concurrency for group in old.values())
    return Cap(_cap_words(most), most, {name: _in_file(group.concurrency) for name, group in old.items()}, old=True)


def _cap_words(most: int) -> str:
    return f"{most} chat{'s at once' if most > 1 else ' at a time'}"


def _moved(own: int | Mapping[float, int], most: int) -> Any:
    if isinstance(own, int):
        return most
    *earlier, last = sorted(own)
    return _in_file({**{tenure: min(own[tenure], most) for tenure in earlier}, last: most})


def _in_file(cap: int | Mapping[float, int]) -> Any:
    return cap if isinstance(cap, int) else {duration_text(tenure): most for tenure, most in cap.items()}


def pace_at(seconds: float, *, old: bool = False) -> HandleTimeTarget:
    """A target of so many seconds for all contacts together."""
    return HandleTimeTarget(duration_words(round(seconds, 3)), seconds, old)


def pace_share(share: float, natural: ScenarioResult, by_intent: bool) -> HandleTimeTarget:
    """A target of a share of the natural AHT: of all contacts together, or of each intent's own."""
    if not by_intent:
        return pace_at(_rounded(share * float(natural_time(natural).mean[0])))
    values = {name: float(natural_time(natural, name).mean[0]) for name in natural.labels["intent"]["intent"]}
    targets = {name: _rounded(share * value) for name, value in values.items() if not math.isnan(value)}
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
