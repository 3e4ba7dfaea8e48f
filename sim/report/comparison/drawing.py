"""Lines over the day and marks with their intervals, which several charts are made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.report.comparison.findings import Findings, by_time
from sim.report.numbers import Value
from sim.report.style import ScenarioStyle

BAND = 0.15


def line_of_day(axes: Axes, findings: Findings, name: str, look: ScenarioStyle, measure: str, scale: float) -> None:
    """A measure by time of day, with its 95 % band."""
    table: pd.DataFrame = by_time(findings.results[name], measure) * scale
    hours = interval_hours(findings, name, table.index)
    low, high = table["ci_low"].to_numpy(), table["ci_high"].to_numpy()
    axes.plot(hours, table["mean"], color=look.colour, linestyle=look.dashes, label=look.label)
    if not np.isnan(low).all():
        axes.fill_between(hours, low, high, color=look.colour, alpha=BAND, linewidth=0)


def interval_hours(findings: Findings, name: str, times: pd.Index) -> np.ndarray:
    """The middle of each interval, in hours."""
    half = findings.scenario(name).calendar.interval / 7200.0
    return np.array([int(time[:2]) + int(time[3:]) / 60 + half for time in times])


def clock_axis(axes: Axes) -> None:
    """Times of day below, a line every two or three hours."""
    low, high = axes.get_xlim()
    step = 2 if high - low < 14 else 3
    axes.set_xticks(np.arange(np.ceil(low / step) * step, high + 0.01, step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{int(hour):02d}:00"))
    axes.grid(axis="y")


def dot(axes: Axes, value: Value, place: float, colour: str, marker: str, label: str | None = None) -> None:
    """A mark with its interval."""
    if value.known:
        error = value.half_width if value.judged else None
        axes.errorbar(value.mean, place, xerr=error, color=colour, fmt=marker, elinewidth=1.2, label=label)
