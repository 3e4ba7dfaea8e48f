"""Agents on the queue by interval: a number, a list, a map by weekday, a file, or a share of an inherited plan."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_serializer
from pydantic_core.core_schema import ValidationInfo

from sim.scenario.arrivals import FILE_SCHEMA, inline_numbers
from sim.scenario.scaling import Rounding, scaled_week
from sim.schema.base import Section
from sim.schema.calendar import Calendar
from sim.schema.csv_tables import read_grid, read_table, same_weekday
from sim.schema.faults import BadValueError, Fault, bad
from sim.schema.week import COUNT_SCHEMA, ByInterval, by_interval_reader

SHARE_OF_PLAN = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
NO_PLAN = "Write the number of agents, or extends: the file whose plan it is a share of"
BY_GROUP, REQUIRED = "group", "required"
"""The columns of `wfm.csv`, which `ccsim staff` writes: a row an interval and group, and the agents required."""
OF, SHARE = "of", "share"
"""What merging makes of a share and the plan that it is a share of."""
LOOKED_AT = 28
"""Days from the first one measured, in which every weekday shows how many intervals it has."""


class Staffing(Section):
    """Agents on the queue by interval.

    Attributes
    ----------
    week
        Counts by weekday; None when they come from a file.
    path, counts
        The CSV file as the scenario names it, and one count an opening interval for every ISO date in it.
    """

    week: ByInterval | None = None
    path: str | None = None
    counts: dict[str, tuple[int, ...]] | None = Field(None, repr=False)

    def of(self, day: dt.date, calendar: Calendar) -> tuple[int, ...]:
        """Return one count an opening interval of a date.

        A date that the file lacks takes the first date of the same weekday in it, else zeros.
        """
        if self.week is not None:
            return tuple(int(count) for count in self.week.of(day, calendar))
        counts, intervals = self.counts or {}, calendar.intervals(day)
        date = same_weekday(day, list(counts))
        values = counts[date] if date else ()
        return values if len(values) == intervals else (0,) * intervals

    def scaled(self, factor: float, calendar: Calendar, dates: Sequence[dt.date]) -> Staffing:
        """Return these counts times a factor, whole.

        What rounding leaves is carried on from one opening interval to the next, through the week or date by date, so
        that a plan times 0.98 has 98 % of its agent hours.

        Parameters
        ----------
        dates
            Those simulated: they say how many intervals a weekday has.
        """
        if self.week is not None:
            return Staffing(week=scaled_week(self.week, calendar, dates, factor))
        rounding = Rounding(factor)
        return self.model_copy(update={"counts": {date: rounding.of(row) for date, row in (self.counts or {}).items()}})

    @model_serializer(mode="plain", when_used="json")
    def in_file_form(self) -> Any:
        """Return what a file would say."""
        if self.week is not None:
            return self.week.in_file_form()
        return {
            "file": {
                "path": self.path,
                "counts": {date: list(row) for date, row in (self.counts or {}).items()},
            }
        }


def is_share_of_plan(value: Any) -> bool:
    """Tell whether `staff` is written as a share of an inherited plan, such as ``88%``."""
    return isinstance(value, str) and SHARE_OF_PLAN.fullmatch(value) is not None


def share_of_plan(text: str) -> float:
    """Return the share that a text such as ``88%`` stands for; it may be above 1."""
    match = SHARE_OF_PLAN.fullmatch(text)
    return float(match[1]) / 100.0 if match else 1.0


def _share_of_plan(value: dict[str, Any], info: ValidationInfo) -> Staffing:
    try:
        plan = _read_staffing(value[OF], info)
    except BadValueError as error:
        raise BadValueError(*(fault.under(OF) for fault in error.faults)) from None
    calendar: Calendar | None = (info.context or {}).get("calendar")
    if calendar is None:
        return plan
    dates = [calendar.start + dt.timedelta(days=day) for day in range(LOOKED_AT)]
    return plan.scaled(share_of_plan(str(value[SHARE])), calendar, dates)


def _read_staffing(value: Any, info: ValidationInfo) -> Staffing:
    if isinstance(value, Staffing):
        return value
    if is_share_of_plan(value):
        raise bad("is a share of an inherited plan, and none is inherited", NO_PLAN, value)
    if isinstance(value, dict) and set(value) == {OF, SHARE}:
        return _share_of_plan(value, info)
    if isinstance(value, dict) and "file" in value:
        if len(value) > 1:
            raise bad("has other keys beside file", "Write {file: staffing.csv}", sorted(map(str, value)))
        try:
            return _staffing_file(value["file"], info.context or {})
        except BadValueError as error:
            raise BadValueError(*(fault.under("file") for fault in error.faults)) from None
    return Staffing(week=by_interval_reader(whole=True)(value))


def _staffing_file(name: Any, context: dict[str, Any]) -> Staffing:
    if isinstance(name, dict):
        counts = name.get("counts")
        if set(name) != {"path", "counts"} or not isinstance(counts, dict):
            raise bad("is not a table of staff", "Write the name of a CSV file", sorted(map(str, name)))
        rows = {date: inline_numbers(row, ("counts", date)) for date, row in counts.items()}
        whole = {date: tuple(int(count) for count in row) for date, row in rows.items()}
        return Staffing(path=str(name["path"]), counts=whole)
    columns = read_table(name, ("date", "time"), "agents").columns
    column = next((c for c in (context.get("group"), "agents") if c in columns), None)
    only = None
    if column is None and {BY_GROUP, REQUIRED} <= set(columns):
        column, only = REQUIRED, (BY_GROUP, str(context.get("group")))
    if column is None:
        raise bad(
            f"has no column {context.get('group')} or agents",
            "Name a column after the group, or agents",
            name,
        )
    calendar: Calendar | None = context.get("calendar")
    if calendar is None:
        return Staffing(path=str(name), counts={})
    grid = read_grid(name, calendar, (column,), whole=True, levels=True, only=only)
    if gaps := grid.gaps():
        message = f"has no row for {gaps[0]}" + (f" and {len(gaps) - 1} more intervals" if len(gaps) > 1 else "")
        raise BadValueError(Fault(message, "Every opening interval needs a row", file=grid.table.path))
    counts = {date: tuple(int(count) for count in row) for (date, _), row in grid.filled().items()}
    return Staffing(path=str(name), counts=counts)


StaffingOfGroup = Annotated[
    Staffing,
    BeforeValidator(_read_staffing),
    WithJsonSchema(
        {
            "anyOf": [
                *COUNT_SCHEMA["anyOf"],
                {"type": "string", "pattern": f"^{SHARE_OF_PLAN.pattern}$", "description": "Of an inherited plan"},
                {
                    "type": "object",
                    "properties": {"file": FILE_SCHEMA},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
