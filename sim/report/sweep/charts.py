"""One chart a measure: a line along one key, lines or a map over two, points against each key over more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.report import Chart
from sim.report.beside import side_by_side
from sim.report.labels import form_for, key_words, level_words
from sim.report.numbers import PERCENT, Form, Value, capital
from sim.report.style import (
    BLUE,
    FULL,
    HALF,
    PURPLE,
    VERMILION,
    Drawing,
    ScenarioStyle,
    canvas,
    chart_of,
    folded,
    legend,
    looks,
    style,
)
from sim.report.sweep.narrative import key_number, point_words, unit_of, value_at
from sim.scenario.targets import targets_of_scenario
from sim.schema.formatting import duration_words
from sim.study.sweep.cliff import Bend, Cliff, Crossing
from sim.study.sweep.simulation import Sweep

Floats = npt.NDArray[np.float64]
MOST_LINES, MOST_PANELS, COLUMNS, MOST_WORDS = 6, 9, 3, 150
ROW, MAP_ROW = 2.2, 0.24
BAND = 0.15
TICKS_S = (0.1, 0.5, 1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800)


@dataclass(frozen=True)
class Axis:
    """A key as an axis: where each point lies on it, its label, and the names of places where it has no numbers."""

    places: Floats
    label: str
    scale: float = 1.0
    names: tuple[str, ...] = ()
    clock: bool = False

    def dress(self, axes: Axes) -> None:
        """Put label and ticks below."""
        axes.set_xlabel(self.label)
        if self.names:
            axes.set_xticks(range(len(self.names)), [folded(name, 14) for name in self.names])
            axes.set_xlim(-0.5, len(self.names) - 0.5)
        elif self.clock:
            width = float(np.ptp(self.places))
            axes.xaxis.set_major_locator(MultipleLocator(next((s for s in TICKS_S if width <= 7 * s), width / 7)))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: duration_words(round(seconds, 3))))


def axis_of(sweep: Sweep, place: int) -> Axis:
    """The axis of a swept key."""
    key, column = sweep.plan.keys[place], sweep.points[sweep.plan.keys[place].path]
    if key.kind == "text":
        names = tuple(dict.fromkeys(column))
        return Axis(np.array([names.index(value) for value in column], float), key_words(key.path), names=names)
    scale = 100.0 if key.kind == "share" else 1.0
    unit = " (%)" if key.kind == "share" else ""
    return Axis(scale * column.to_numpy(float), key_words(key.path) + unit, scale, clock=key.kind == "s")


@dataclass(frozen=True)
class DrawnMeasure:
    """A measure over all points, in the unit in which it is drawn."""

    name: str
    label: str
    form: Form
    unit: str
    mean: Floats
    low: Floats
    high: Floats
    goals: Floats

    @property
    def text(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit and self.label[-1] != ")" else self.label

    def dress(self, axes: Axes) -> None:
        """Put label and ticks at the side."""
        axes.set_ylabel(folded(self.text, 34))
        if ":" in self.form.unit:
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: self.form.write(value)))
        axes.grid(True, axis="y")
        self._keep_in_range(axes)

    def _keep_in_range(self, axes: Axes) -> None:
        """Leave out what no value can be: bands are symmetric and may reach below nothing or beyond 100 %."""
        low, high = axes.get_ylim()
        margin = 0.02 * (high - low)
        low = max(low, -margin) if np.nanmin(self.mean) >= 0 else low
        axes.set_ylim(low, min(high, 100 + margin) if self.form is PERCENT else high)


def drawn_of(sweep: Sweep, measure: str) -> DrawnMeasure:
    """A measure over all points."""
    values = [value_at(sweep, k, measure) for k in range(len(sweep.outcomes))]
    form = form_for(measure, values)
    goals = [targets_of_scenario(point.scenario).get(measure) for point in sweep.plan.points]
    mean, low, high = (form.scale * np.array([getattr(v, part) for v in values]) for part in ("mean", "low", "high"))
    unit = unit_of(sweep, measure, form)
    bounds = form.scale * np.array([goal.share if goal else math.nan for goal in goals])
    return DrawnMeasure(measure, capital(level_words(sweep.scenario, measure)), form, unit, mean, low, high, bounds)


def draw(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff] = ()) -> list[Chart]:
    """Draw a chart a measure."""
    by_measure = {cliff.measure: cliff for cliff in cliffs}
    wanted = dict.fromkeys((*measures, *by_measure))
    with style():
        charts = side_by_side([partial(_chart, sweep, measure, by_measure.get(measure)) for measure in wanted])
    return [chart for chart in charts if chart is not None]


def _chart(sweep: Sweep, measure: str, cliff: Cliff | None) -> Chart | None:
    drawn = drawn_of(sweep, measure)
    if np.isnan(drawn.mean).all():
        return None
    return chart_of(f"sweep_{measure}", _drawing(sweep, drawn, cliff))


def _drawing(sweep: Sweep, drawn: DrawnMeasure, cliff: Cliff | None) -> Drawing:
    varied = sweep.plan.varied or (0,)
    if len(varied) == 1:
        return _along(sweep, drawn, varied[0], cliff)
    if len(varied) > 2 or sweep.plan.sampled:
        return _scattered(sweep, drawn, varied)
    second = axis_of(sweep, varied[1])
    few = len(set(second.places)) <= MOST_LINES
    return _lines(sweep, drawn, varied) if few else _map(sweep, drawn, varied)


def _extremes(sweep: Sweep, drawn: DrawnMeasure) -> str:
    """For those who cannot see it: the lowest and the highest value, and where they are."""
    words = []
    for word, k in (("Lowest", int(np.nanargmin(drawn.mean))), ("highest", int(np.nanargmax(drawn.mean)))):
        value = Value(drawn.mean[k], math.nan, math.nan).times(1 / drawn.form.scale)
        words.append(f"{word} {drawn.form.value(value)} at {point_words(sweep, k)}")
    return "; ".join(words) + "."


# Along one key ----------------------------------------------------------------


def _along(sweep: Sweep, drawn: DrawnMeasure, place: int, cliff: Cliff | None) -> Drawing:
    figure, (axes,) = canvas(HALF)
    axis = axis_of(sweep, place)
    _target(axes, axis, drawn)
    _line(axes, axis, drawn, np.argsort(axis.places, kind="stable"), ScenarioStyle("", BLUE, "-", "o"))
    if cliff is not None:
        _cliff(axes, axis, cliff)
    axis.dress(axes)
    drawn.dress(axes)
    legend(figure, axes, alone=True)
    return Drawing(figure, f"{drawn.label} by {key_words(sweep.plan.keys[place].path)}", _extremes(sweep, drawn))


def _line(axes: Axes, axis: Axis, drawn: DrawnMeasure, order: npt.NDArray[np.intp], look: ScenarioStyle) -> None:
    """A measure at some points, joined where the key has numbers, with its 95 % band."""
    x, mean, low, high = (values[order] for values in (axis.places, drawn.mean, drawn.low, drawn.high))
    dashes = "none" if axis.names else look.dashes
    many = len(order) > 40
    axes.plot(x, mean, color=look.colour, linestyle=dashes, marker=None if many else look.marker, label=look.label)
    if np.isnan(low).all():
        return
    if axis.names:
        axes.errorbar(x, mean, [mean - low, high - mean], fmt="none", ecolor=look.colour, capsize=3)
    else:
        axes.fill_between(x, low, high, color=look.colour, alpha=BAND, linewidth=0)


def _target(axes: Axes, axis: Axis, drawn: DrawnMeasure) -> None:
    if not np.isnan(drawn.goals).any():
        order = np.argsort(axis.places, kind="stable")
        axes.plot(axis.places[order], drawn.goals[order], color="black", lw=0.9, ls=(0, (1, 1)), label="target")


def _cliff(axes: Axes, axis: Axis, cliff: Cliff) -> None:
    """Where it crosses its target and where it bends, with intervals as far as they are in the range."""
    step = float(np.median(np.diff(cliff.x)))
    places: list[tuple[Crossing | Bend, str, str, str]] = [(c, VERMILION, "--", "crosses") for c in cliff.crossings]
    if cliff.bend is not None and cliff.bend.clear:
        places.append((cliff.bend, PURPLE, "-.", "bends"))
    for where, colour, dashes, word in places:
        label = f"{word} at {key_number(cliff.key.kind, where.at, step)}"
        axes.axvline(axis.scale * where.at, color=colour, linestyle=dashes, linewidth=1.2, label=label)
        if not math.isnan(where.low):
            ends = np.clip([where.low, where.high], cliff.x[0], cliff.x[-1]) * axis.scale
            axes.axvspan(*ends, color=colour, alpha=BAND, linewidth=0)


# Over two keys ----------------------------------------------------------------


def _lines(sweep: Sweep, drawn: DrawnMeasure, varied: tuple[int, ...]) -> Drawing:
    """A line for each value of the second key."""
    figure, (axes,) = canvas((HALF[0], HALF[1] + 0.3))
    axis, name = axis_of(sweep, varied[0]), key_words(sweep.plan.keys[varied[1]].path)
    shown = [point.choices[varied[1]].shown for point in sweep.plan.points]
    _target(axes, axis, drawn)
    for value, look in looks(list(dict.fromkeys(shown))).items():
        order = np.array([k for k in np.argsort(axis.places, kind="stable") if shown[k] == value])
        _line(axes, axis, drawn, order, ScenarioStyle(f"{name} {look.label}", *_rest(look)))
    axis.dress(axes)
    drawn.dress(axes)
    legend(figure, axes)
    keys = " and ".join(key_words(sweep.plan.keys[k].path) for k in varied)
    return Drawing(figure, f"{drawn.label} by {keys}", _extremes(sweep, drawn))


def _rest(look: ScenarioStyle) -> tuple[str, str | tuple[int, tuple[int, ...]], str]:
    return look.colour, look.dashes, look.marker


def _map(sweep: Sweep, drawn: DrawnMeasure, varied: tuple[int, ...]) -> Drawing:
    """A map: the first key across, the second up; figures in the cells, bold where the target is met."""
    across, up = (_sorted_places(sweep, place) for place in varied)
    grid = np.full((len(up[0]), len(across[0])), math.nan)
    grid[up[1], across[1]] = drawn.mean
    wide = len(across[0]) > 10
    figure, (axes,) = canvas((FULL[0] if wide else HALF[0], max(HALF[1], 1.0 + MAP_ROW * len(up[0]))))
    seen = axes.imshow(grid, cmap="cividis", aspect="auto", origin="lower")
    bar = figure.colorbar(seen, ax=axes, label=folded(drawn.text, 34))
    if ":" in drawn.form.unit:
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: drawn.form.write(value)))
    bold = _figures(axes, sweep, drawn, across[1], up[1]) if grid.size <= MOST_WORDS else ""
    every = max(1, len(across[0]) // (20 if wide else 10))
    axes.set_xticks(range(0, len(across[0]), every), across[0][::every])
    axes.set_yticks(range(len(up[0])), up[0])
    x_words, y_words = (key_words(sweep.plan.keys[k].path) for k in varied[:2])
    axes.set(xlabel=x_words, ylabel=folded(y_words, 30))
    keys = " and ".join(key_words(sweep.plan.keys[k].path) for k in varied)
    return Drawing(figure, f"{drawn.label} by {keys}{bold}", _extremes(sweep, drawn))


def _sorted_places(sweep: Sweep, place: int) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The values of a key in order, and which of them each point has."""
    where = axis_of(sweep, place).places
    values, at = np.unique(where, return_inverse=True)
    names = {k: point.choices[place].shown for k, point in zip(at, sweep.plan.points, strict=True)}
    return [names[k] for k in range(len(values))], at


def _figures(
    axes: Axes, sweep: Sweep, drawn: DrawnMeasure, across: npt.NDArray[np.int64], up: npt.NDArray[np.int64]
) -> str:
    """Write the figures into a map; returns what bold means, where anything is."""
    middle = (np.nanmin(drawn.mean) + np.nanmax(drawn.mean)) / 2
    goals = [targets_of_scenario(point.scenario).get(drawn.name) for point in sweep.plan.points]
    for x, y, mean, goal in zip(across, up, drawn.mean, goals, strict=True):
        if not math.isnan(mean):
            weight = "bold" if goal and goal.met(mean / drawn.form.scale) else "normal"
            colour = "black" if mean > middle else "white"
            axes.text(x, y, drawn.form.write(mean), ha="center", va="center", color=colour, fontsize=7, weight=weight)
    return " (bold: target met)" if any(goals) else ""


# Over more keys, or drawn -----------------------------------------------------


def _scattered(sweep: Sweep, drawn: DrawnMeasure, varied: tuple[int, ...]) -> Drawing:
    """Every point against each key; the other keys differ too, which spreads them."""
    shown = varied[:MOST_PANELS]
    columns = 2 if len(shown) == 4 else min(len(shown), COLUMNS)
    lines = -(-len(shown) // columns)
    figure = Figure(figsize=(FULL[0] if columns > 1 else HALF[0], ROW * lines), layout="constrained")
    panels = list(figure.subplots(lines, columns, squeeze=False, sharey=True).flat)
    for axes, place in zip(panels, shown, strict=False):
        axis = axis_of(sweep, place)
        _target(axes, axis, drawn)
        known = ~np.isnan(drawn.low)
        errors = np.array([drawn.mean - drawn.low, drawn.high - drawn.mean])[:, known]
        axes.errorbar(axis.places[known], drawn.mean[known], errors, fmt="none", ecolor=BLUE, alpha=0.35)
        axes.plot(axis.places, drawn.mean, linestyle="none", marker="o", color=BLUE, markersize=3.5)
        axis.dress(axes)
        axes.grid(True, axis="y")
    for axes in panels[::columns]:
        drawn.dress(axes)
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    more = f" (the first {MOST_PANELS} keys)" if len(varied) > MOST_PANELS else ""
    title = f"{drawn.label} at every point, against each key{more}; dots: the target"
    return Drawing(figure, title if not np.isnan(drawn.goals).any() else title.split(";")[0], _extremes(sweep, drawn))
