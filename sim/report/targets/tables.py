"""Tables of staffing against handle-time targets."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.report import Cell, Table, row, table
from sim.report.labels import VERDICT_TONES, bound_words, form_for, goals_words, label_of, level_words, value_of
from sim.report.numbers import DASH, Value, exactly, round_percent
from sim.scenario.targets import CLOSE
from sim.study.levels import Level
from sim.study.scenario_results import ScenarioResult
from sim.study.targets import TargetsResult
from sim.study.targets.axes import NATURAL, Cap, HandleTimeTarget
from sim.study.targets.handle_time import has_chats, natural_time, reached_time
from sim.study.targets.verdicts import Judged, price

MOST_ROWS = 5
Layer = tuple[float | None, Cap | None]
SHOWN = (
    "sl_intervals_met",
    "abandonment_rate",
    "asa_s",
    "aht_s",
    "elapsed_s",
    "concurrency_mean",
    "writing_share",
    "occupancy",
    "resolution_rate",
    "repeat_rate",
    "workload_hours",
    "workload_per_resolution_s",
    "strained_share",
    "csat",
    "cost_per_resolution",
    "fte",
)
HELD = ("aht_s", "elapsed_s", "repeat_rate", "fcr", "resolution_rate", "workload_hours", "workload_per_resolution_s")
OF_CAPS = ("fte", "paid_hours", "elapsed_s", "aht_s", "concurrency_mean", "writing_share", "resolution_rate")
HELD_TOO = ("occupancy", "strained_share", "csat", "cost_per_resolution")


def measures_of(result: TargetsResult) -> list[str]:
    """The measures that every cell is told by: the planner's service level first."""
    level = result.scenario.targets.service_level.definition
    there = result.natural.estimates
    strained = result.scenario.fatigue is not None
    some = [measure for measure in result.goals if "." in measure]
    shown = [level, *some, *SHOWN] if level in result.goals else [*some, *SHOWN]
    return [m for m in shown if m in there and (strained or m != "strained_share")]


def levels_of(result: TargetsResult) -> list[Level]:
    """The rows of the grid."""
    return list({place.level.name: place.level for place in result.places}.values())


def paces_of(result: TargetsResult) -> list[HandleTimeTarget]:
    """The columns of the grid."""
    return list({place.pace.name: place.pace for place in result.places}.values())


def layers_of(result: TargetsResult) -> list[Layer]:
    """The layers of the grid: each a recovery time and a cap."""
    return list(dict.fromkeys(place.layer for place in result.places))


def pace_words(pace: HandleTimeTarget) -> str:
    """A handle-time target as a header."""
    return f"{pace.name} (old)" if pace.old else pace.name


def layer_words(layer: Layer) -> str:
    """A layer's name, for titles; empty where there is no third axis."""
    recovery, cap = layer
    words = "" if recovery is None else f", recovery {recovery:g} s"
    return words if cap is None else f"{words}, {cap_words(cap)}"


def cap_words(cap: Cap) -> str:
    """A cap in words."""
    return f"{cap.name} (old)" if cap.old else cap.name


def grids(result: TargetsResult) -> Iterator[Table]:
    """Which cells meet all targets, a table a layer."""
    for layer in layers_of(result):
        yield _grid(result, layer)


def _grid(result: TargetsResult, layer: Layer) -> Table:
    paces = paces_of(result)
    at = {(p.level.name, p.pace.name): k for k, p in enumerate(result.places) if p.layer == layer}
    rows = []
    for level in levels_of(result):
        places = [at[level.name, pace.name] for pace in paces]
        staff = value_of(result.cells[places[0]].estimates.get("fte")).mean
        rows.append(row(level.name, f"{staff:,.1f}", *(_verdict(result, k) for k in places)))
    notes = [goals_words(result.scenario), "A name: that target is missed. ?: too close to call. *: the choice."]
    title = f"Which cells meet all targets{layer_words(layer)}"
    return table(title, ["staffing", "FTE", *map(pace_words, paces)], rows, notes, labels=1)


def _verdict(result: TargetsResult, k: int) -> Cell:
    judged = result.judged[k]
    mark = " *" if k == result.answer else ""
    if judged.all_met:
        return Cell(f"all met{mark}", "good")
    if judged.missed:
        return Cell(", ".join(label_of(m).short for m in judged.missed), "bad")
    return Cell(", ".join(f"{label_of(m).short}?" for m, v in judged.verdicts.items() if v == CLOSE), "unsure")


def cheapest_table(result: TargetsResult) -> Table:
    """The cheapest cells that meet all targets, or, where none does, those nearest to them; a column a cell."""
    chosen = _chosen(result)
    cells, judged = [result.cells[k] for k in chosen], [result.judged[k] for k in chosen]
    heads = [_head(result, k) for k in chosen]
    rows = [line for measure in measures_of(result) for line in _lines(result, measure, cells, judged)]
    good = result.best is not None
    title = "The cheapest cells that meet all targets" if good else "The cells that come nearest to the targets"
    notes = [
        f"± half of the 95 % confidence interval over {result.replications} replications. Chance of missing: the share "
        "of replications, each as long as the days measured, that miss the target by themselves."
    ]
    return table(title, ["", *heads], rows, notes)


def _head(result: TargetsResult, k: int) -> str:
    place = result.places[k]
    return f"{place.level.name}, {pace_words(place.pace)}{layer_words(place.layer)}"


def _chosen(result: TargetsResult) -> list[int]:
    good = [k for k, each in enumerate(result.judged) if each.all_met]
    if good:
        return sorted(good, key=lambda k: (k != result.answer, round(price(result.cells[k]), 6), k))[:MOST_ROWS]
    others = [k for k in range(len(result.cells)) if not result.judged[k].missed and k != result.nearest]
    return [result.nearest, *others][:MOST_ROWS]


def _lines(
    result: TargetsResult, measure: str, cells: Sequence[ScenarioResult], judged: Sequence[Judged]
) -> Iterator[tuple[Cell, ...]]:
    values = [value_of(cell.estimates.get(measure)) for cell in cells]
    form = form_for(measure, values)
    yield row(level_words(result.scenario, measure), *(form.value(value) for value in values))
    if measure in result.goals:
        goal = result.goals[measure]
        verdicts = [Cell(each.verdicts[measure], VERDICT_TONES[each.verdicts[measure]]) for each in judged]
        yield (Cell(f"  target: {bound_words(goal, form)}", "quiet"), *verdicts)
        yield row(Cell("  chance of missing", "quiet"), *(round_percent(each.chances[measure]) for each in judged))


def natural_table(result: TargetsResult) -> Table:
    """The handle time of the new mix by intent, beside that before and the old target."""
    rows = [_natural_row(result, name) for name in ["all", *result.natural.labels["intent"]["intent"]]]
    columns = ["intent", "natural AHT", *(["for targets"] if has_chats(result.natural) else [])]
    columns += ["before", "change"] if result.earlier is not None else []
    columns += ["old target", "against natural"] if result.old is not None else []
    notes = ["Natural AHT: what contacts take where nobody is hurried, at the file's own staffing."]
    if has_chats(result.natural):
        notes.append(
            "For targets: of chats the time for which they are open, of all else AHT. It is what handle-time targets "
            "speak of, and what is set beside before and the old target. AHT of chats is the agent's time alone."
        )
    return table("Handle time of what reaches agents", columns, rows, notes)


def _natural_row(result: TargetsResult, name: str) -> tuple[Cell, ...]:
    now = natural_of(result.natural, name)
    cells = [name, _time(_aht(result.natural, name)), *([_time(now)] if has_chats(result.natural) else [])]
    if result.earlier is not None:
        then = natural_of(result.earlier, name)
        cells += [_time(then), _percent_change(now.mean, then.mean)]
    if result.old is not None:
        target = old_target(result, name)
        cells += [_time(exactly(target)), _percent_change(target, now.mean)]
    return row(*cells)


def _aht(cell: ScenarioResult, intent: str) -> Value:
    """The natural AHT, the agent's time, of all contacts or of one intent."""
    if intent == "all":
        return value_of(cell.estimates["natural_aht_s"])
    place = list(cell.labels["intent"]["intent"]).index(intent)
    return value_of(cell.slices["intent"]["natural_aht_s"].at(np.array([place])))


def natural_of(cell: ScenarioResult, intent: str) -> Value:
    """The natural handle time that targets speak of, of all contacts or of one intent."""
    return value_of(natural_time(cell, "" if intent == "all" else intent))


def reached_of(cell: ScenarioResult, intent: str) -> Value:
    """The handle time that a cell comes to, of all contacts or of one intent, as targets speak of it."""
    return value_of(reached_time(cell, "" if intent == "all" else intent))


def old_target(result: TargetsResult, intent: str) -> float:
    """The old target in seconds, of all contacts or of one intent; nan where there is none."""
    target = result.old.target if result.old is not None else None
    if isinstance(target, dict):
        return target.get(intent, float("nan"))
    return target if target is not None and intent == "all" else float("nan")


def _time(value: Value) -> str:
    return form_for("aht_s", [value]).value(value)


def _percent_change(now: float, then: float) -> str:
    change = now / then - 1.0
    return DASH if math.isnan(change) else f"{'+' if change >= 0 else '-'}{round_percent(abs(change))}"


def held_table(result: TargetsResult) -> Table | None:
    """What holding the old target does at the file's own staffing; None where there is no old target."""
    if result.old is None:
        return None
    free, held = held_cells(result)
    rows = []
    for measure in (*HELD, *HELD_TOO):
        if measure not in free.estimates or (measure == "strained_share" and result.scenario.fatigue is None):
            continue
        values = [value_of(cell.estimates[measure]) for cell in (free, held)]
        change = value_of(held.change(free, measure))
        form = form_for(measure, values)
        mark = " *" if change.clear and not form.vanishes(change) else ""
        rows.append(row(label_of(measure).text, *(form.value(v) for v in values), form.change(change) + mark))
    columns = ["", "no target", pace_words(result.old), "difference"]
    notes = ["* the 95 % interval of the paired difference excludes zero."]
    where = f"staffing {result.own_level.name}{layer_words((None, own_layer(result)[1]))}"
    return table(f"What the old target costs, {where}", columns, rows, notes)


def own_layer(result: TargetsResult) -> Layer:
    """The layer without pauses, and with the cap that held before."""
    layers = layers_of(result)
    return next((layer for layer in layers if layer[1] is not None and layer[1].old), layers[0])


def cap_table(result: TargetsResult) -> Table | None:
    """The cheapest cell of every cap that meets all targets; None where no caps were asked about."""
    if result.old_cap is None:
        return None
    rows = []
    for most, k in result.cheapest_by_cap.items():
        cap = next(place.cap for place in result.places if place.cap is not None and place.cap.most == most)
        head = Cell(cap_words(cap) + (" *" if k is not None and k == result.answer else ""))
        if k is None:
            rows.append(row(head, Cell("none meets all targets", "bad"), *[DASH] * len(OF_CAPS)))
            continue
        place, cell = result.places[k], result.cells[k]
        values = ((measure, value_of(cell.estimates.get(measure))) for measure in OF_CAPS)
        figures = (form_for(measure, [value]).value(value) for measure, value in values)
        rows.append(row(head, f"{place.level.name}, {pace_words(place.pace)}", *figures))
    heads = [label_of(measure).short for measure in OF_CAPS]
    notes = ["*: the choice. Open: what the customer sees; AHT of chats: the agent's time, shared among those in hand."]
    return table("The cheapest cell of each cap", ["chats in hand at most", "cheapest cell", *heads], rows, notes)


def held_cells(result: TargetsResult) -> tuple[ScenarioResult, ScenarioResult]:
    """The cells without a target and with the old one, at the staffing nearest to the file's own."""
    old = next(pace for pace in paces_of(result) if pace.old)
    free, held = (result.at(result.own_level, pace, *own_layer(result)) for pace in (NATURAL, old))
    assert free is not None
    assert held is not None
    return free, held
