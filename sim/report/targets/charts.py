"""Heat maps of staffing against handle-time targets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.report.chart import Chart, chart_of
from sim.report.forms import Form
from sim.report.labels import form_for, label_of, level_words, value_of
from sim.report.sensitivity import tornado
from sim.report.style import FULL, GREEN, HALF, ORANGE, VERMILION, Drawing, canvas, style
from sim.report.targets.tables import levels_of, measures_of, pace_words, paces_of, recoveries_of, recovery_words
from sim.report.value import exactly
from sim.study.targets import TargetsResult
from sim.study.targets.verdicts import CLOSE

MAPS = ("sl_intervals_met", "abandonment_rate", "resolution_rate", "occupancy", "strained_share", "repeat_rate")
MAPS_TOO = ("workload_per_resolution_s", "cost_per_resolution")
VERDICTS = "targets_met"
DARK = 0.62


def charts(result: TargetsResult) -> list[Chart]:
    """A heat map a measure and recovery time, then what moves the answer most."""
    with style():
        return list(_drawn(result))


def _drawn(result: TargetsResult) -> Iterator[Chart]:
    layers = recoveries_of(result)
    level = result.scenario.targets.service_level.definition
    wanted = [level, *MAPS, *MAPS_TOO]
    there = measures_of(result)
    for layer in layers:
        name = VERDICTS if len(layers) == 1 else f"{VERDICTS}_{layer:g}s"
        yield chart_of(name, verdict_map(result, layer))
        for measure in wanted:
            if measure in there or measure == level:
                name = measure if len(layers) == 1 else f"{measure}_{layer:g}s"
                yield chart_of(name, heat_map(result, measure, layer))
    drawn = tornado(result.assumptions) if result.assumptions is not None else None
    if drawn is not None:
        yield chart_of("tornado", drawn)


def verdict_map(result: TargetsResult, layer: float | None) -> Drawing:
    """How every cell stands to all targets together: met, too close to call, or what is missed."""
    places = _places(result, layer)
    figure, axes = _frame(result, FULL[0])
    for (i, j), k in np.ndenumerate(places):
        found = result.judged[k]
        colour = GREEN if found.all_met else VERMILION if found.missed else ORANGE
        axes.add_patch(
            Rectangle((j - 0.47, i - 0.46), 0.94, 0.92, color=colour, alpha=0.9 if k == result.best else 0.45)
        )
        axes.text(j, i, _verdict(result, k), ha="center", va="center", fontsize=7)
    axes.set(xlim=(-0.5, places.shape[1] - 0.5), ylim=(-0.5, places.shape[0] - 0.5))
    title = f"Which cells meet all targets{recovery_words(layer)}: met, too close to call (?), or what is missed"
    good = sum(result.judged[k].all_met for k in places.ravel())
    return Drawing(figure, title, f"{good} of {places.size} cells meet all targets.")


def _verdict(result: TargetsResult, k: int) -> str:
    found = result.judged[k]
    if found.all_met:
        return "met*" if k == result.best else "met"
    names = found.missed or [f"{label_of(m).short}?" for m, v in found.verdicts.items() if v == CLOSE]
    return "\n".join(label_of(m).short if m in found.verdicts else m for m in names)


def _places(result: TargetsResult, layer: float | None) -> np.ndarray:
    """Indices of the cells of a layer, staffing by staffing."""
    at = {(p.level.name, p.pace.name): k for k, p in enumerate(result.places) if p.recovery == layer}
    return np.array([[at[level.name, pace.name] for pace in paces_of(result)] for level in levels_of(result)])


def _frame(result: TargetsResult, width: float = HALF[0]) -> tuple[Figure, Axes]:
    """Axes of staffing and handle-time targets."""
    levels, paces = levels_of(result), paces_of(result)
    figure, (axes,) = canvas((width, 1.2 + 0.26 * len(levels)))
    axes.set_xticks(range(len(paces)), [pace_words(pace).replace(" ", "\n", 1) for pace in paces], fontsize=7)
    axes.set_yticks(range(len(levels)), [level.name for level in levels], fontsize=7.5)
    axes.set(xlabel="handle-time target", ylabel="staffing")
    axes.spines[:].set_visible(False)
    return figure, axes


def heat_map(result: TargetsResult, measure: str, layer: float | None) -> Drawing:
    """A measure in every cell; framed where all targets are met, starred where the choice is."""
    places = _places(result, layer)
    means = np.vectorize(lambda k: result.cells[k].mean(measure), otypes=[float])(places)
    form = form_for(measure, [exactly(float(x)) for x in means.ravel()])
    figure, axes = _frame(result)
    shades = _shades(means, label_of(measure).less_is_better)
    axes.imshow(shades, cmap="Blues", vmin=0, vmax=1, aspect="auto", origin="lower")
    for (i, j), k in np.ndenumerate(places):
        _cell(axes, (i, j), _text(form, means[i, j], k == result.best), bool(shades[i, j] > DARK))
        if result.judged[k].all_met:
            axes.add_patch(Rectangle((j - 0.47, i - 0.46), 0.94, 0.92, fill=False, edgecolor="black", linewidth=1.2))
    unit = f" ({form.unit})" if form.unit else ""
    title = f"{level_words(result.scenario, measure)}{unit}{recovery_words(layer)}"
    return Drawing(figure, f"{title[0].upper()}{title[1:]}", _alt(result, measure, form))


def _shades(values: np.ndarray, less_is_better: bool | None) -> np.ndarray:
    """0 to 1: darker is worse; where neither is, darker is more."""
    low, high = np.nanmin(values), np.nanmax(values)
    scaled = np.zeros_like(values) if not high > low else (values - low) / (high - low)
    return np.nan_to_num(0.05 + 0.85 * (1.0 - scaled if less_is_better is False else scaled))


def _text(form: Form, mean: float, best: bool) -> str:
    return form.value(exactly(mean)).removesuffix(form.suffix) + ("*" if best else "")


def _cell(axes: Axes, place: tuple[int, int], text: str, dark: bool) -> None:
    i, j = place
    axes.text(j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")


def _alt(result: TargetsResult, measure: str, form: Form) -> str:
    value = value_of(result.cells[result.nearest].estimates.get(measure))
    place = result.places[result.nearest]
    where = f"At staffing {place.level.name}, {pace_words(place.pace)}"
    return f"{where}: {form.value(value)}. Framed: all targets are met."
