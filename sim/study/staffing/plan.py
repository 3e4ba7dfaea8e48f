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
from sim.schema.calendar import Calendar
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
        spans = {day: interval_spans(self.scenario.calendar, day) for day in self.days}
        return np.array([(spans[day][k][1] - spans[day][k][0]) / 3600.0 for day, k in self.cells])

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """The days measured that have opening intervals."""
        return tuple(dict.fromkeys(day for day, _ in self.cells))

    @cached_property
    def cells_of_blocks(self) -> list[Ints]:
        """The intervals of every block."""
        return [np.flatnonzero(self.block_of == block) for block in range(self.blocks)]

    def members(self, span: Span) -> list[Ints]:
        """The intervals of each interval, each day, or the whole."""
        if span == "interval":
            return [np.array([cell]) for cell in range(len(self.cells))]
        if span == "day":
            return [np.flatnonzero(self.day_of == day) for day in range(len(self.days))]
        return [np.arange(len(self.cells))]

    def blocks_in(self, span: Span) -> list[Ints]:
        """The blocks that reach into each interval, each day, or the whole."""
        return [np.unique(self.block_of[cells]) for cells in self.members(span)]

    def label(self, cell: int) -> tuple[str, str]:
        """Date and time of an interval, as files and tables have them."""
        day, number = self.cells[cell]
        return day.isoformat(), time_text(self.scenario.calendar.interval_starts(day)[number])

    def agent_hours(self, counts: Ints) -> float:
        """Hours on the queue over the days measured, all groups."""
        return float((counts[:, self.block_of] * self.hours).sum())

    def staffed(self, counts: Ints) -> Scenario:
        """The scenario with so many agents, counts of shape (groups, blocks).

        A simulated date outside the days measured takes the counts of the first measured date of its weekday, else of
        the measured date with as many intervals whose volume is nearest, else what the file itself has there.
        """
        settings: dict[str, Any] = {}
        for name, of_group in zip(self.groups, counts, strict=True):
            by_date = self._by_date(of_group[self.block_of])
            own = self._own[name]
            rows = {date.isoformat(): by_date.get(source, own.get(date, [])) for date, source in self.sources.items()}
            settings[f"agents.{name}.staff"] = {"file": {"path": FILE, "counts": rows}}
        return changed(self.scenario, settings)

    def _by_date(self, values: Ints) -> dict[dt.date | None, list[int]]:
        by_date: dict[dt.date | None, list[int]] = {}
        for (day, _), value in zip(self.cells, values.tolist(), strict=True):
            by_date.setdefault(day, []).append(value)
        return by_date

    @cached_property
    def sources(self) -> dict[dt.date, dt.date | None]:
        """For every open simulated date, the measured date whose counts it takes."""
        calendar = self.scenario.calendar
        return {date: self._source(date) for date in self.scenario.dates() if calendar.intervals(date)}

    def _source(self, date: dt.date) -> dt.date | None:
        if date in self.days:
            return date
        same = [day for day in self.days if day.weekday() == date.weekday()]
        calendar = self.scenario.calendar
        alike = [day for day in same or self.days if calendar.intervals(day) == calendar.intervals(date)]
        own = volume_of(self.scenario, date)
        return min(alike, key=lambda day: abs(volume_of(self.scenario, day) - own), default=None)

    @cached_property
    def _own(self) -> dict[str, dict[dt.date, list[int]]]:
        """What the file has on dates that no measured date can stand for."""
        dates = [date for date, source in self.sources.items() if source is None]
        groups = self.scenario.agents
        return {name: {date: _planned(groups[name], self.scenario, date) for date in dates} for name in self.groups}


def interval_spans(calendar: Calendar, day: dt.date) -> list[tuple[float, float]]:
    """Start and end of every opening interval of a date (s since midnight); the last may be short."""
    closes = (calendar.open_hours(day) or (0.0, 0.0))[1]
    return [(start, min(start + calendar.interval, closes)) for start in calendar.interval_starts(day)]


def volume_of(scenario: Scenario, day: dt.date) -> float:
    """First contacts expected on a date."""
    return sum(sum(expected_counts(scenario, intent, day)) for intent in scenario.intents.values())


def _planned(group: Group, scenario: Scenario, day: dt.date) -> list[int]:
    """Agents of a group on the queue by interval of a date, breaks and absence taken off, half of one rounded up."""
    spans = enumerate(interval_spans(scenario.calendar, day))
    return [int(agents_between(group, scenario, day, number, span) + 0.5 + 1e-9) for number, span in spans]


def own_counts(scenario: Scenario, problem: StaffingProblem) -> npt.NDArray[np.float64]:
    """(groups, cells) agents that a file itself has on the queue, breaks and absence taken off."""
    counts = np.zeros((len(problem.groups), len(problem.cells)))
    for cell, (day, number) in enumerate(problem.cells):
        start = scenario.calendar.interval_starts(day)[number]
        span = (start, start + 3600.0 * float(problem.hours[cell]))
        for group, name in enumerate(problem.groups):
            counts[group, cell] = agents_between(scenario.agents[name], scenario, day, number, span)
    return counts


def make_problem(scenario: Scenario, by: Span) -> StaffingProblem:
    """Lay the blocks; groups with shifts get counts in their place, nobody is absent, and who tires is relieved."""
    calendar, groups = scenario.calendar, serving(scenario)
    cells = tuple((day, k) for day in calendar.dates() for k in range(calendar.intervals(day)))
    days = {day: number for number, day in enumerate(dict.fromkeys(day for day, _ in cells))}
    day_of = np.array([days[day] for day, _ in cells], np.int64)
    block_of = {"interval": np.arange(len(cells)), "day": day_of, "whole": np.zeros(len(cells), np.int64)}[by]
    counted: dict[str, Any] = {}
    for name in groups:
        if scenario.agents[name].shifts is not None:
            rows = {day.isoformat(): _planned(scenario.agents[name], scenario, day) for day in scenario.dates()}
            staff = {"file": {"path": FILE, "counts": {date: row for date, row in rows.items() if row}}}
            counted |= {f"agents.{name}.shifts": "off", f"agents.{name}.staff": staff}
        if scenario.agents[name].absence > 0.0:
            counted[f"agents.{name}.absence"] = 0.0
        if scenario.fatigue is not None and scenario.agents[name].relief is None:
            counted |= {f"agents.{name}.relief": RELIEF}
    return StaffingProblem(changed(scenario, counted) if counted else scenario, by, groups, cells, block_of, day_of)
