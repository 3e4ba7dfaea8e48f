"""Agents by group and block of time, and the scenario that has them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sim.demand.expected import expected_counts
from sim.facts.schedule import agents_between
from sim.loading.load import changed
from sim.scenario.model import Group, Scenario
from sim.schema.values import time_text
from sim.study.levels import serving

Ints = npt.NDArray[np.int64]
Span = Literal["interval", "day", "whole"]
SPANS: tuple[Span, ...] = ("interval", "day", "whole")
FILE = "staff.csv"
RELIEF = "4h"
"""Half a day without a break tires about as much as a whole one with its breaks."""


@dataclass(frozen=True)
class StaffingProblem:
    """The blocks of time whose staffing may differ, and the groups to be staffed.

    Attributes
    ----------
    scenario : with every group that takes contacts staffed by counts of those present.
    by : how long a block is.
    groups : the groups to be staffed.
    cells : date and number of every opening interval of the days measured, in order.
    block_of : (cells,) the block that an interval belongs to.
    day_of : (cells,) the number of its open day.
    """

    scenario: Scenario
    by: Span
    groups: tuple[str, ...]
    cells: tuple[tuple[dt.date, int], ...]
    block_of: Ints
    day_of: Ints

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return int(self.block_of[-1]) + 1 if self.block_of.size else 0

    @cached_property
    def hours(self) -> npt.NDArray[np.float64]:
        """(cells,) length of every interval in hours; the last of a day may be short."""
        calendar = self.scenario.calendar
        found = []
        for day, k in self.cells:
            closes = (calendar.open_hours(day) or (0.0, 0.0))[1]
            start = calendar.interval_starts(day)[k]
            found.append((min(start + calendar.interval, closes) - start) / 3600.0)
        return np.array(found)

    def members(self, span: Span) -> list[Ints]:
        """The intervals of each interval, each day, or the whole."""
        if span == "interval":
            return [np.array([c]) for c in range(len(self.cells))]
        if span == "day":
            return [np.flatnonzero(self.day_of == d) for d in range(int(self.day_of[-1]) + 1)]
        return [np.arange(len(self.cells))]

    def blocks_in(self, span: Span) -> list[Ints]:
        """The blocks that reach into each interval, each day, or the whole."""
        return [np.unique(self.block_of[cells]) for cells in self.members(span)]

    def label(self, cell: int) -> tuple[str, str]:
        """Date and time of an interval, as files and tables have them."""
        day, k = self.cells[cell]
        return day.isoformat(), time_text(self.scenario.calendar.interval_starts(day)[k])

    def agent_hours(self, counts: Ints) -> float:
        """Hours on the queue over the days measured, all groups."""
        return float((counts[:, self.block_of] * self.hours).sum())

    def staffed(self, counts: Ints) -> Scenario:
        """The scenario with so many agents, counts of shape (groups, blocks).

        A simulated date outside the days measured takes the counts of the first measured date of its weekday, else of
        the measured date with as many intervals whose volume is nearest, else what the file itself has there.
        """
        settings: dict[str, Any] = {}
        for g, name in enumerate(self.groups):
            by_date = self._by_date(counts[g][self.block_of])
            own = self._own[name]
            rows = {date.isoformat(): by_date.get(source, own.get(date, [])) for date, source in self.sources.items()}
            settings[f"agents.{name}.staff"] = {"file": {"path": FILE, "counts": rows}}
        return changed(self.scenario, settings)

    def _by_date(self, values: Ints) -> dict[dt.date | None, list[int]]:
        found: dict[dt.date | None, list[int]] = {}
        for (day, _), value in zip(self.cells, values.tolist(), strict=True):
            found.setdefault(day, []).append(value)
        return found

    @cached_property
    def sources(self) -> dict[dt.date, dt.date | None]:
        """For every open simulated date, the measured date whose counts it takes."""
        measured = list(dict.fromkeys(day for day, _ in self.cells))
        calendar = self.scenario.calendar
        return {date: self._source(date, measured) for date in self.scenario.dates() if calendar.intervals(date)}

    def _source(self, date: dt.date, measured: list[dt.date]) -> dt.date | None:
        if date in measured:
            return date
        same = [day for day in measured if day.weekday() == date.weekday()]
        calendar = self.scenario.calendar
        alike = [day for day in same or measured if calendar.intervals(day) == calendar.intervals(date)]
        own = volume_of(self.scenario, date)
        return min(alike, key=lambda day: abs(volume_of(self.scenario, day) - own), default=None)

    @cached_property
    def _own(self) -> dict[str, dict[dt.date, list[int]]]:
        """What the file has on dates that no measured date can stand for."""
        dates = [date for date, source in self.sources.items() if source is None]
        groups = self.scenario.agents
        return {n: {date: _planned(groups[n], self.scenario, date) for date in dates} for n in self.groups}


def volume_of(scenario: Scenario, day: dt.date) -> float:
    """First contacts expected on a date."""
    return sum(sum(expected_counts(scenario, intent, day)) for intent in scenario.intents.values())


def _planned(group: Group, scenario: Scenario, day: dt.date) -> list[int]:
    """Agents of a group on the queue by interval of a date, breaks and absence taken off, half of one rounded up."""
    calendar = scenario.calendar
    closes = (calendar.open_hours(day) or (0.0, 0.0))[1]
    return [
        int(agents_between(group, scenario, day, k, (at, min(at + calendar.interval, closes))) + 0.5 + 1e-9)
        for k, at in enumerate(calendar.interval_starts(day))
    ]


def own_counts(scenario: Scenario, ground: StaffingProblem) -> npt.NDArray[np.float64]:
    """(groups, cells) agents that a file itself has on the queue, breaks and absence taken off."""
    calendar = scenario.calendar
    found = np.zeros((len(ground.groups), len(ground.cells)))
    for c, (day, k) in enumerate(ground.cells):
        start = calendar.interval_starts(day)[k]
        span = (start, start + 3600.0 * float(ground.hours[c]))
        for g, name in enumerate(ground.groups):
            found[g, c] = agents_between(scenario.agents[name], scenario, day, k, span)
    return found


def make_ground(scenario: Scenario, by: Span) -> StaffingProblem:
    """Lay the blocks; groups with shifts get counts in their place, nobody is absent, and who tires is relieved."""
    calendar, groups = scenario.calendar, serving(scenario)
    cells = tuple((day, k) for day in calendar.dates() for k in range(calendar.intervals(day)))
    days = {day: number for number, day in enumerate(dict.fromkeys(day for day, _ in cells))}
    day_of = np.array([days[day] for day, _ in cells], np.int64)
    block_of = {"interval": np.arange(len(cells)), "day": day_of, "whole": np.zeros(len(cells), np.int64)}[by]
    counted: dict[str, Any] = {}
    for name in groups:
        if scenario.agents[name].shifts is not None:
            rows = {d.isoformat(): _planned(scenario.agents[name], scenario, d) for d in scenario.dates()}
            staff = {"file": {"path": FILE, "counts": {date: row for date, row in rows.items() if row}}}
            counted |= {f"agents.{name}.shifts": "off", f"agents.{name}.staff": staff}
        if scenario.agents[name].absence > 0.0:
            counted[f"agents.{name}.absence"] = 0.0
        if scenario.fatigue is not None and scenario.agents[name].relief is None:
            counted |= {f"agents.{name}.relief": RELIEF}
    return StaffingProblem(changed(scenario, counted) if counted else scenario, by, groups, cells, block_of, day_of)
