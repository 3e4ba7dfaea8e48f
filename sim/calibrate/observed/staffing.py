"""Staff times a factor, in whole agents, so that the mean follows the factor."""

from __future__ import annotations

from typing import Any

from sim.scenario.model import ByInterval, Group, Scenario, Staffing
from sim.study.levels import serving, shared_out


def staff_settings(scenario: Scenario, factor: float) -> dict[str, Any]:
    """Return the settings that multiply every group that takes contacts: shifts by largest remainder, counts evenly.

    Counts carry what rounding leaves over from one opening interval to the next, through the week.
    """
    settings: dict[str, Any] = {}
    for name in serving(scenario):
        settings |= _of_group(scenario, scenario.agents[name], factor)
    return settings


def _of_group(scenario: Scenario, group: Group, factor: float) -> dict[str, Any]:
    path = f"agents.{group.name}"
    if group.shifts is not None:
        counts = shared_out([shift.count for shift in group.shifts], factor)
        shifts = group.model_dump(mode="json", by_alias=True)["shifts"]
        return {f"{path}.shifts": [s | {"count": count} for s, count in zip(shifts, counts, strict=True)]}
    assert group.staff is not None
    return {f"{path}.staff": _scaled(scenario, group.staff, factor).in_file_form()}


def _scaled(scenario: Scenario, staff: Staffing, factor: float) -> Staffing:
    rounding = Rounding(factor)
    if staff.counts is not None:
        counts = {date: rounding.of(row) for date, row in staff.counts.items()}
        return staff.model_copy(update={"counts": counts})
    assert staff.week is not None
    week = [_day(scenario, entry, weekday, rounding) for weekday, entry in enumerate(staff.week.week)]
    return Staffing(week=ByInterval.model_construct(week=tuple(week)))


def _day(scenario: Scenario, entry: Any, weekday: int, rounding: Rounding) -> Any:
    """Return the counts of a weekday: one number where they are equal, None where there is none."""
    if entry is None:
        return None
    open_days = [day for day in scenario.dates() if day.weekday() == weekday]
    intervals = max((scenario.calendar.intervals(day) for day in open_days), default=0)
    counts = rounding.of(entry if isinstance(entry, tuple) else (entry,) * intervals)
    if isinstance(entry, tuple):
        return counts
    return counts if len(set(counts)) > 1 else (counts[0] if counts else entry)


class Rounding:
    """Rounds counts times a factor and carries what is left over to the next."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self.left = 0.0

    def of(self, counts: tuple[float, ...]) -> tuple[int, ...]:
        """Return whole counts whose running sum is that of the exact ones, to half an agent."""
        return tuple(self._one(count) for count in counts)

    def _one(self, count: float) -> int:
        exact = count * self.factor + (self.left if count else 0.0)
        whole = int(exact + 0.5 + 1e-9) if exact > 0 else 0
        self.left = exact - whole if count else self.left
        return whole
