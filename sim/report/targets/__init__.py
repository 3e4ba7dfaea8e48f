"""The report of `targets`: the ask and the answer first, then the grid, then what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim import __version__
from sim.report import (
    Chart,
    Document,
    Item,
    Pictures,
    Report,
    ReportSection,
    ShortLines,
    Table,
    counted,
    table_section,
)
from sim.report.basis import basis_line, basis_sections, ranges_table, tornado, tornado_table
from sim.report.beside import side_by_side
from sim.report.labels import form_for, goals_words, label_of, level_words, value_of
from sim.report.numbers import Form, capital, estimates_document, exactly, number, records
from sim.report.observed import with_observed
from sim.report.risk.quoted import quoted_document
from sim.report.style import FULL, GREEN, HALF, PALETTE, VERMILION, Drawing, canvas, chart_of, style
from sim.report.targets.narrative import paragraphs
from sim.report.targets.tables import (
    Layer,
    cap_table,
    cheapest_table,
    grids,
    held_table,
    layer_words,
    layers_of,
    levels_of,
    measures_of,
    natural_table,
    pace_words,
    paces_of,
)
from sim.scenario.model import Scenario
from sim.scenario.targets import CLOSE
from sim.study.risk.result import RiskResult
from sim.study.targets import TargetsResult
from sim.study.targets.edges import edges_of
from sim.study.targets.handle_time import natural_time
from sim.study.targets.verdicts import RESOLVED, best_attainable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCHEMA_VERSION = 1
Draw = Callable[[], Drawing]
ASK = "Which staffing, and which handle-time target, once the harder mix is there? Each cell meets the same customers."
BESIDE = "Every measure of every cell: cells.csv and the spreadsheet. The chance of missing each target: verdicts.csv."
MAPS = ("sl_intervals_met", "abandonment_rate", "resolution_rate", "occupancy", "strained_share", "repeat_rate")
MAPS_TOO = ("workload_per_resolution_s", "cost_per_resolution")
VERDICTS = "targets_met"
DARK = 0.62


def targets_report(
    result: TargetsResult, chance: RiskResult | None = None, drawn: Sequence[Chart] | None = None
) -> Report:
    """Return the report of `targets`.

    Parameters
    ----------
    result : the grid.
    chance : of the cell that is named first, where it was asked for (`sim.study.risk.plan_chance`).
    drawn : its maps (`maps_of`), where they have been drawn before.
    """
    scenario, scenarios = result.scenario, scenarios_of(result)
    report = Report(
        title=f"Staffing and handle-time targets: {scenario.name}",
        against=result.before.name if result.before is not None else "",
        line=(
            f"{ASK} {scenario.calendar.days} days from {scenario.calendar.start}, {len(result.cells)} cells, "
            f"{counted(result.replications, 'replication')} each."
        ),
        sections=(*_sections(result, chance, drawn), *basis_sections(scenarios, "What it rests on")),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {result.replications} replications. {BESIDE}",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=result.seed,
        replications=result.replications,
        document=lambda: {**_document(result), **quoted_document(chance)},
        make_tables=lambda: dict(_tidy_tables(result)),
    )
    return with_observed(report)


def scenarios_of(result: TargetsResult) -> dict[str, Scenario]:
    """What was asked about, by name."""
    named = {result.scenario.name: result.scenario}
    if result.before is not None:
        named.setdefault(result.before.name, result.before)
    return named


def _sections(
    result: TargetsResult, chance: RiskResult | None, before: Sequence[Chart] | None
) -> Iterator[ReportSection]:
    @cache
    def drawn() -> tuple[list[Chart], list[Chart]]:
        every = charts(result, before)
        maps = [chart for chart in every if chart.name.startswith(VERDICTS)]
        return maps, [chart for chart in every if chart not in maps]

    def maps() -> list[Item | Pictures]:
        return [Pictures(lambda: drawn()[0]), ShortLines((goals_words(result.scenario),))]

    yield ReportSection("The answer", lambda: paragraphs(result, chance), headed=True, on_terminal=1, answers=True)
    yield ReportSection("Which cells meet all targets", maps)
    yield ReportSection("Which cells meet all targets", lambda: grids(result), on_page=False, on_terminal=1)
    yield from map(table_section, tables_of(result))
    others = "Heat maps: darker is worse; framed where all targets are met"
    yield ReportSection(others, lambda: [Pictures(lambda: drawn()[1])], "grid", headed=True)


def tables_of(result: TargetsResult) -> list[Table]:
    """Every table below the grids, in the order of reading."""
    held, caps, sensitivities = held_table(result), cap_table(result), result.assumptions
    tables = [caps, cheapest_table(result), natural_table(result), held]
    tables += [ranges_table(sensitivities), tornado_table(sensitivities)] if sensitivities is not None else []
    return [table for table in tables if table is not None]


def _tidy_tables(result: TargetsResult) -> Iterator[tuple[str, pd.DataFrame]]:
    cells = result.table
    labels = list(result.places[0].labels)
    wide = cells.pivot_table(index=labels, columns="measure", values="mean", sort=False, dropna=False, observed=True)
    yield "grid", wide.reindex(columns=list(dict.fromkeys(cells["measure"]))).reset_index()
    yield "cells", cells
    yield "verdicts", result.verdicts
    if result.assumptions is not None:
        yield "assumptions", result.assumptions.table


# Heat maps --------------------------------------------------------------------------


def charts(result: TargetsResult, drawn: Sequence[Chart] | None = None) -> list[Chart]:
    """The maps, where they have not been drawn before, then what moves the answer most."""
    made = list(maps_of(result) if drawn is None else drawn)
    with style():
        moves = tornado(result.assumptions) if result.assumptions is not None else None
        return made if moves is None else [*made, chart_of("tornado", moves)]


def maps_of(result: TargetsResult) -> list[Chart]:
    """A heat map a measure and recovery time; `assumptions` are not asked for."""
    with style():
        return side_by_side([partial(_chart, name, draw) for name, draw in _maps(result)])


def _chart(name: str, draw: Draw) -> Chart:
    return chart_of(name, draw())


def _maps(result: TargetsResult) -> Iterator[tuple[str, Draw]]:
    layers = layers_of(result)
    level = result.scenario.targets.service_level.definition
    wanted = [level, *MAPS, *MAPS_TOO]
    there = measures_of(result)
    for layer in layers:
        suffix = "" if len(layers) == 1 else _suffix(layer)
        yield f"{VERDICTS}{suffix}", partial(verdict_map, result, layer)
        for measure in wanted:
            if measure in there or measure == level:
                yield f"{measure}{suffix}", partial(heat_map, result, measure, layer)


def _suffix(layer: Layer) -> str:
    """A layer in the name of a file."""
    recovery, cap = layer
    words = "" if recovery is None else f"_{recovery:g}s"
    return words if cap is None else f"{words}_{cap.most}_chats"


def verdict_map(result: TargetsResult, layer: Layer) -> Drawing:
    """How every cell stands to all targets together: met, too close to call, or what is missed."""
    places = _places(result, layer)
    figure, axes = _frame(result, FULL[0])
    for (i, j), k in np.ndenumerate(places):
        judged = result.judged[k]
        colour = GREEN if judged.all_met else VERMILION if judged.missed else PALETTE["yellow"]
        _frame_cell(axes, (i, j), color=colour, alpha=0.9 if k == result.answer else 0.45)
        axes.text(j, i, _verdict(result, k), ha="center", va="center", fontsize=7)
    axes.set(xlim=(-0.5, places.shape[1] - 0.5), ylim=(-0.5, places.shape[0] - 0.5))
    title = f"Which cells meet all targets{layer_words(layer)}: met, too close to call (?), or what is missed"
    good = sum(result.judged[k].all_met for k in places.ravel())
    return Drawing(figure, title, f"{good} of {places.size} cells meet all targets.")


def _verdict(result: TargetsResult, k: int) -> str:
    judged = result.judged[k]
    if judged.all_met:
        return "met*" if k == result.answer else "met"
    names = judged.missed or [f"{label_of(m).short}?" for m, v in judged.verdicts.items() if v == CLOSE]
    return "\n".join(label_of(m).short if m in judged.verdicts else m for m in names)


def _places(result: TargetsResult, layer: Layer) -> np.ndarray:
    """Indices of the cells of a layer, staffing by staffing."""
    at = {(p.level.name, p.pace.name): k for k, p in enumerate(result.places) if p.layer == layer}
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


def heat_map(result: TargetsResult, measure: str, layer: Layer) -> Drawing:
    """A measure in every cell; framed where all targets are met, starred where the choice is."""
    places = _places(result, layer)
    means = np.vectorize(lambda k: result.cells[k].mean(measure), otypes=[float])(places)
    form = form_for(measure, [exactly(float(x)) for x in means.ravel()])
    figure, axes = _frame(result)
    shades = _shades(means, label_of(measure).less_is_better)
    axes.imshow(shades, cmap="Blues", vmin=0, vmax=1, aspect="auto", origin="lower")
    for (i, j), k in np.ndenumerate(places):
        _cell(axes, (i, j), _text(form, means[i, j], k == result.answer), bool(shades[i, j] > DARK))
        if result.judged[k].all_met:
            _frame_cell(axes, (i, j), fill=False, edgecolor="black", linewidth=1.2)
    unit = f" ({form.unit})" if form.unit else ""
    title = capital(f"{level_words(result.scenario, measure)}{unit}{layer_words(layer)}")
    return Drawing(figure, title, _alt(result, measure, form))


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


def _frame_cell(axes: Axes, place: tuple[int, int], **look: Any) -> None:
    from matplotlib.patches import Rectangle

    i, j = place
    axes.add_patch(Rectangle((j - 0.47, i - 0.46), 0.94, 0.92, **look))


def _alt(result: TargetsResult, measure: str, form: Form) -> str:
    value = value_of(result.cells[result.told].estimates.get(measure))
    place = result.places[result.told]
    where = f"At staffing {place.level.name}, {pace_words(place.pace)}"
    return f"{where}: {form.value(value)}. Framed: all targets are met."


# JSON -------------------------------------------------------------------------------


def _document(result: TargetsResult) -> Document:
    """Return the JSON document: the goals, every cell, the choice, and what it rests on."""
    best = result.best
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "goals": {m: {"at_least" if g.at_least else "at_most": g.share} for m, g in result.goals.items()},
        "feasible": best is not None,
        "best": None if best is None else _cell_document(result, best),
        "nearest": _cell_document(result, result.nearest),
        **_answer(result),
        "attainable": {m: _attainable(result, m) for m in result.goals},
        "natural_aht_s": number(result.natural.mean("natural_aht_s")),
        "old_target_s": result.old.target if result.old is not None else None,
        **_caps(result),
        "cells": [_cell_document(result, k) for k in range(len(result.cells))],
        "assumptions": _assumptions(result),
    }


def _cell_document(result: TargetsResult, k: int) -> Document:
    place, judged = result.places[k], result.judged[k]
    return {
        **place.labels,
        "target_s": place.pace.target,
        "factors": dict(place.level.factors),
        "all_met": judged.all_met,
        "verdicts": judged.verdicts,
        "chance_of_missing": {m: number(chance) for m, chance in judged.chances.items()},
        "measures": estimates_document(result.cells[k].estimates),
        **_against_before(result, k),
    }


def _against_before(result: TargetsResult, k: int) -> Document:
    """The share of needs resolved less that of before, paired; nothing without a `before`."""
    change = result.cells[k].change(result.earlier, RESOLVED) if result.earlier is not None else None
    return {} if change is None else {"resolved_against_before": estimates_document({RESOLVED: change})[RESOLVED]}


def _answer(result: TargetsResult) -> Document:
    """The cell that the words name as the answer, and the edges of the grid at which the one they name lies."""
    named = result.best if result.answer is None else result.answer
    edges = [] if named is None else edges_of(result.places, named, float(natural_time(result.natural).mean[0]))
    return {
        "answer": None if result.answer is None else _cell_document(result, result.answer),
        "edges": [{"axis": edge.axis, "try": edge.flag} for edge in edges],
    }


def _caps(result: TargetsResult) -> Document:
    """The old cap, and the cheapest cell of each; nothing where no caps were asked about."""
    if result.old_cap is None:
        return {}
    cells = result.cheapest_by_cap.items()
    cheapest = {str(most): None if k is None else _cell_document(result, k) for most, k in cells}
    return {"old_concurrency": result.old_cap.most, "cheapest_by_concurrency": cheapest}


def _attainable(result: TargetsResult, measure: str) -> Document:
    k = best_attainable(result.cells, measure, result.goals[measure])
    return {**result.places[k].labels, "mean": number(result.cells[k].mean(measure))}


def _assumptions(result: TargetsResult) -> Document | None:
    table = result.assumptions
    if table is None:
        return None
    spans = {m: dict(zip(("low", "expected", "high"), map(number, table.span(m)), strict=True)) for m in table.measures}
    return {"about": table.about, "considered": table.considered, "spans": spans, "effects": records(table.table)}
