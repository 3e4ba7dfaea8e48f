"""Staffing as levels: a scenario with more or fewer agents on the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.arguments import checked
from sim.errors import ArgumentError
from sim.facts.load import on_queue
from sim.facts.schedule import agents_between
from sim.loading.load import changed
from sim.scenario.model import Group, Scenario
from sim.scenario.scaling import shared_out

NEVER = "its agents are never on the queue"


@dataclass(frozen=True)
class Level:
    """A staffing: what each group's plan is multiplied by.

    Attributes
    ----------
    name : as a planner calls it, such as "85 %" or "front 40".
    factors : by group; groups that are not named stay as they are.
    """

    name: str
    factors: Mapping[str, float]

    @property
    def factor(self) -> float:
        """What all named groups are multiplied by on average: to order levels by."""
        return sum(self.factors.values()) / len(self.factors) if self.factors else 1.0


def serving(scenario: Scenario) -> tuple[str, ...]:
    """The groups that take contacts: supervisors may take none."""
    return tuple(group.name for group in on_queue(scenario))


@checked
def by_factor(scenario: Scenario, factor: float, groups: Iterable[str] = ()) -> Level:
    """A level that multiplies groups (all that take contacts unless named) by a factor."""
    named = _known(scenario, groups)
    words = f"{100 * factor:g} %"
    return Level(f"{', '.join(named)} {words}" if named else words, dict.fromkeys(named or serving(scenario), factor))


@checked
def by_count(scenario: Scenario, count: float, groups: Iterable[str] = ()) -> Level:
    """A level with so many agents at the peak of the week, shared out over the groups as they are."""
    given = _known(scenario, groups)
    named = given or serving(scenario)
    peak = peak_agents(scenario, named)
    if peak <= 0:
        raise ArgumentError(
            f"--staff: {', '.join(named)}: {NEVER}, so that a count cannot be shared out. Use a multiple"
        )
    words = f"{count:g} at the peak"
    return Level(f"{', '.join(given)} {words}" if given else words, dict.fromkeys(named, count / peak))


def _known(scenario: Scenario, groups: Iterable[str]) -> tuple[str, ...]:
    named = tuple(groups)
    for name in named:
        if name not in scenario.agents:
            known = ", ".join(scenario.agents)
            raise ArgumentError(f"groups: {name}: is no group of {scenario.name}. Name one of {known}")
    return named


def peak_agents(scenario: Scenario, groups: Iterable[str]) -> float:
    """Most agents of some groups on the queue in one interval of the days measured; breaks and absence taken off."""
    calendar, members = scenario.calendar, [scenario.agents[name] for name in groups]
    spans = [
        (day, k, (start, start + calendar.interval))
        for day in calendar.dates()
        for k, start in enumerate(calendar.interval_starts(day))
    ]
    return max((sum(agents_between(g, scenario, day, k, span) for g in members) for day, k, span in spans), default=0.0)


def staffed(scenario: Scenario, level: Level) -> Scenario:
    """The scenario at a level, in whole heads, with as near as can be the level's hours.

    Shifts share heads out by largest remainder; counts carry what rounding leaves from interval to interval.
    """
    settings = settings_of(scenario, level)
    return changed(scenario, settings) if settings else scenario


def settings_of(scenario: Scenario, level: Level) -> dict[str, Any]:
    """The keys that make a scenario's staffing that of a level, with their values; those that stay are left out."""
    settings: dict[str, Any] = {}
    for name, factor in level.factors.items():
        if factor != 1.0:
            settings |= _of_group(scenario, scenario.agents[name], factor)
    return settings


def _of_group(scenario: Scenario, group: Group, factor: float) -> dict[str, Any]:
    if group.shifts is not None:
        counts = shared_out([shift.count for shift in group.shifts], factor)
        return {f"agents.{group.name}.shifts.{k}.count": count for k, count in enumerate(counts)}
    assert group.staff is not None
    staff = group.staff.scaled(factor, scenario.calendar, scenario.dates())
    return {f"agents.{group.name}.staff": staff.in_file_form()}
