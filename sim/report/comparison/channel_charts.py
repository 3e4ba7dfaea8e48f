"""Charts of channels: chats in hand over the day and of each group, the backlog day by day."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.report.comparison.drawing import BAND, clock_axis, dot, interval_hours, line_of_day
from sim.report.comparison.findings import Findings
from sim.report.numbers import Value
from sim.report.style import FULL, Drawing, ScenarioStyle, canvas, legend, looks, short

MOST_DATES, MOST_GROUPS = 7, 4
"""So many days are named on an axis; so many groups have a panel of their own."""


def _with(findings: Findings, measure: str) -> dict[str, ScenarioStyle]:
    """The scenarios that have a measure, with their looks."""
    return {
        name: look
        for name, look in looks(findings.names).items()
        if measure in findings.results[name].measures.index and findings.value(name, measure).known
    }


def chats_in_hand(findings: Findings) -> Drawing | None:
    """Chats in hand of an agent who has any: over the day, and by group."""
    shown = _with(findings, "concurrency_mean")
    if not shown:
        return None
    figure, (left, right) = canvas(FULL, 2, [1.7, 1.0])
    for name, look in shown.items():
        line_of_day(left, findings, name, look, "concurrency_mean", 1.0)
    left.set(ylabel="chats in hand")
    left.set_ylim(bottom=0)
    clock_axis(left)
    _groups(right, findings, shown)
    legend(figure, left)
    said = [f"{name}: {findings.value(name, 'concurrency_mean').mean:.2f}" for name in shown]
    return Drawing(figure, "Chats in hand of an agent who has any, over the day and by group", f"{'; '.join(said)}.")


def _groups(axes: Axes, findings: Findings, shown: dict[str, ScenarioStyle]) -> None:
    """A line a group, a mark a scenario."""
    values = {name: _by_group(findings, name) for name in shown}
    groups = list(dict.fromkeys(group for found in values.values() for group in found))[::-1]
    for number, (name, look) in enumerate(shown.items()):
        for place, group in enumerate(groups):
            if group in values[name]:
                where = place + 0.5 * (0.5 - (number + 0.5) / len(shown))
                dot(axes, values[name][group], where, look.colour, look.marker)
    axes.set_yticks(range(len(groups)), [short(group, 24) for group in groups])
    axes.set_ylim(-0.6, len(groups) - 0.4)
    axes.set(xlabel="chats in hand, all day")
    axes.set_xlim(left=0)
    axes.grid(axis="x")


def _by_group(findings: Findings, name: str) -> dict[str, Value]:
    table = findings.results[name].by_group
    mine = table[(table["measure"] == "concurrency_mean") & table["mean"].notna()]
    chosen = mine.set_index("group")[["mean", "ci_low", "ci_high"]]
    return {str(group): Value(*estimate) for group, estimate in chosen.iterrows()}


def chats_by_group(findings: Findings) -> Drawing | None:
    """Chats in hand of an agent who has any over the day, a panel a group; where one group has them it says nothing."""
    shown = {name: _over_the_day(findings, name) for name in _with(findings, "concurrency_mean")}
    groups = list(dict.fromkeys(group for found in shown.values() for group in found))[:MOST_GROUPS]
    if len(groups) < 2:
        return None
    figure, panels = canvas(FULL, len(groups), [1.0] * len(groups))
    for axes, group in zip(panels, groups, strict=True):
        for name, found in shown.items():
            if group in found:
                _line(axes, findings, name, found[group])
        axes.set(xlabel=short(group, 24))
        clock_axis(axes)
    most = max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(0.0, most)
    panels[0].set(ylabel="chats in hand")
    legend(figure, max(panels, key=lambda axes: len(axes.get_lines())))
    said = [
        f"{name}: {', '.join(f'{g} {_peak(found[g])}' for g in groups if g in found)}" for name, found in shown.items()
    ]
    return Drawing(figure, "Chats in hand over the day, by group", f"Most of the day: {'; '.join(said)}.")


def _line(axes: Axes, findings: Findings, name: str, table: pd.DataFrame) -> None:
    """Chats in hand of a group by time of day, with its 95 % band."""
    look, hours = looks(findings.names)[name], interval_hours(findings, name, pd.Index(table["time"]))
    axes.plot(hours, table["mean"], color=look.colour, linestyle=look.dashes, label=look.label)
    if table["ci_low"].notna().all():
        axes.fill_between(hours, table["ci_low"], table["ci_high"], color=look.colour, alpha=BAND, linewidth=0)


def _peak(table: pd.DataFrame) -> str:
    row = table.sort_values("mean").iloc[-1]
    return f"{row['mean']:.2f} at {row['time']}"


def _over_the_day(findings: Findings, name: str) -> dict[str, pd.DataFrame]:
    """Chats in hand by time of day, of every group that ever has any."""
    table = findings.results[name].seats
    mine = table[(table["measure"] == "concurrency_mean") & table["mean"].notna()] if len(table) else table
    return {str(group): rows for group, rows in mine.groupby("group", sort=False)} if len(mine) else {}


def backlog(findings: Findings) -> Drawing | None:
    """Items of deferred work open at the close of each day, and their mean age."""
    shown = _with(findings, "backlog_at_close")
    if not shown:
        return None
    figure, (left, right) = canvas(FULL, 2, [1.0, 1.0])
    for name, look in shown.items():
        _days(left, findings, name, look, "backlog_at_close")
        _days(right, findings, name, look, "age_mean_h")
    left.set(ylabel="items open at close")
    right.set(ylabel="their mean age (h)")
    legend(figure, left)
    said = [f"{name}: {findings.value(name, 'backlog_at_close').mean:,.0f} items" for name in shown]
    return Drawing(figure, "Backlog by day", f"{'; '.join(said)} open at close, on average.")


def _days(axes: Axes, findings: Findings, name: str, look: ScenarioStyle, measure: str) -> None:
    """A measure by open day, with its 95 % band."""
    table = findings.results[name].by_day
    mine = table[(table["measure"] == measure) & table["mean"].notna()]
    days = list(mine["day"])
    places = range(len(days))
    axes.plot(places, mine["mean"], color=look.colour, linestyle=look.dashes, label=look.label, marker=look.marker)
    if mine["ci_low"].notna().all():
        axes.fill_between(places, mine["ci_low"], mine["ci_high"], color=look.colour, alpha=BAND, linewidth=0)
    step = -(-max(len(days), 1) // MOST_DATES)
    axes.set_xticks(places[::step], [str(day)[5:] for day in days[::step]])
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
