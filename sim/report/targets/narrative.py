"""The answer in sentences: what to choose, what the old target costs, how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.report import Paragraph, named_paragraphs
from sim.report.basis import worth
from sim.report.labels import form_for, goal_words, label_of, level_words, value_of
from sim.report.numbers import Value, beyond_luck, duration, exactly, listed, round_percent
from sim.report.risk.quoted import quoted_words
from sim.report.targets.tables import (
    held_cells,
    natural_of,
    old_target,
    own_layer,
    pace_words,
    reached_of,
)
from sim.report.targets.tables import layer_words as layer
from sim.scenario.targets import without_due
from sim.study.risk.result import RiskResult
from sim.study.scenario_results import ScenarioResult
from sim.study.targets import TargetsResult
from sim.study.targets.edges import edges_of
from sim.study.targets.handle_time import has_chats, natural_time
from sim.study.targets.verdicts import RESOLVED, WORK, best_attainable, fewer_resolved, price, stops_paying

LEAST = 0.005
REACHED = 0.01
"""A target is held where handle time is no more than this part above it."""
WORTH_SAYING = 0.05


def paragraphs(result: TargetsResult, chance: RiskResult | None = None) -> list[Paragraph]:
    """The answer, its chance where asked for, the cap, handle time, old and tighter targets, how sure."""
    parts = {
        "The answer": _answer(result),
        "The chance": quoted_words(chance),
        "The cap": _cap(result),
        "The handle time": _handle_time(result),
        "The old target": _old(result),
        "Tighter targets": _tighter(result),
        "How sure": _sure(result),
    }
    return named_paragraphs(parts)


def _answer(result: TargetsResult) -> Iterator[str]:
    good = sum(each.all_met for each in result.judged)
    if result.best is None:
        yield from _infeasible(result)
        return
    yield f"{good} of {len(result.cells)} cells meet all targets."
    named = result.best if result.answer is None else result.answer
    yield f"{_start(result)} {_named(result, named)}{_edges(result, named)}."
    if result.answer is None:
        yield f"Against before, {_lost(result, named)}."
    yield from _chances(result, named)
    yield from _unhurried(result, named)
    if result.answer is None:
        yield _most_resolved(result)
    elif named != result.best:
        yield f"Cheaper is {_named(result, result.best)}; but against before, {_lost(result, result.best)}."
    yield from _warnings(result)


def _start(result: TargetsResult) -> str:
    """What is said of the cell that is named first."""
    if result.answer == result.best:
        return "The cheapest is"
    if result.answer is not None:
        return "The cheapest that resolves as many needs as before, as far as can be told from luck, is"
    assert result.earlier is not None
    none = all(fewer_resolved(cell, result.earlier) is not None for cell in result.cells)
    start = "No cell" if none else "No cell that meets all targets"
    return f"{start} resolves what was resolved before: the cheapest that meets all targets is"


def cell_words(result: TargetsResult, k: int) -> str:
    """A cell by its place in the grid."""
    place = result.places[k]
    return f"staffing {place.level.name} with {pace_words(place.pace)}{layer(place.layer)}"


def _named(result: TargetsResult, k: int) -> str:
    """A cell with its staff, its target and its cost."""
    place, cell = result.places[k], result.cells[k]
    staff = value_of(cell.estimates.get("fte")).mean
    pace = "no handle-time target"
    pace = pace if place.pace.target is None else f"a handle-time target of {pace_words(place.pace)}"
    return f"staffing {place.level.name} ({staff:.1f} FTE) with {pace}{layer(place.layer)}: {_cost(result, cell)}"


def _edges(result: TargetsResult, k: int) -> str:
    """Where a cell lies at an edge of the grid, and what to try; empty where it lies within."""
    edges = edges_of(result.places, k, float(natural_time(result.natural).mean[0]))
    if not edges:
        return ""
    flags = " ".join(edge.flag for edge in edges)
    return f"; at the edge of the grid, with {listed([edge.words for edge in edges])}: cheaper may do, try {flags}"


def _lost(result: TargetsResult, k: int) -> str:
    """What a cell resolves less than the centre as it was."""
    assert result.earlier is not None
    change = value_of(result.cells[k].change(result.earlier, RESOLVED))
    return _given_away("it", change, result.cells[k].mean("demand"))


def _most_resolved(result: TargetsResult) -> str:
    """Where none resolves what was resolved before: which that will do comes nearest to it."""
    good = [k for k, each in enumerate(result.judged) if each.all_met]
    most = max(good, key=lambda k: result.cells[k].mean(RESOLVED))
    where = cell_words(result, most)
    return f"Of those that meet all targets, {where} resolves most: against before, {_lost(result, most)}."


def _cap(result: TargetsResult) -> Iterator[str]:
    """Which cap does at least cost, and what the old one costs."""
    old = result.old_cap
    if old is None:
        return
    by_cap = result.cheapest_by_cap
    never = [str(most) for most, k in by_cap.items() if k is None]
    if never and len(never) < len(by_cap):
        yield f"With at most {listed(never)} chats in hand no staffing of the grid is sure to meet all targets."
    if result.best is None:
        return
    chosen = result.places[result.best].cap
    assert chosen is not None
    at_old = by_cap[old.most]
    if chosen.most == old.most:
        yield f"The old cap of {old.most} is the one that meets all targets at least cost."
        return
    yield f"A cap of {chosen.most} meets all targets at least cost, in place of {old.most}."
    if at_old is None:
        yield f"At the old cap of {old.most} no staffing of the grid is sure to meet them."
        return
    more = price(result.cells[at_old]) - price(result.cells[result.best])
    place = result.places[at_old]
    yield (
        f"At the old cap of {old.most} the cheapest is staffing {place.level.name} with {pace_words(place.pace)}: "
        f"{_more(result, more)}."
    )


def _more(result: TargetsResult, more: float) -> str:
    """What another choice costs more, over the days measured."""
    whole = more / price(result.cells[result.best or 0])
    costs = result.scenario.costs
    if costs is None or costs.agent_hour <= 0:
        return f"{more:,.0f} paid hours more ({round_percent(whole)})"
    unit = f"{costs.currency} " if costs.currency else ""
    return f"{unit}{more:,.0f} more in the days measured ({round_percent(whole)})"


def _chances(result: TargetsResult, named: int) -> Iterator[str]:
    """A target that holds on average is missed by some weeks."""
    chances = {m: c for m, c in result.judged[named].chances.items() if c >= WORTH_SAYING}
    if chances:
        words = listed([f"{round_percent(chance)} for {label_of(m).text}" for m, chance in chances.items()])
        days = result.scenario.calendar.days
        yield f"The chance that {days} such days miss a target all the same: {words}."


def _unhurried(result: TargetsResult, named: int) -> Iterator[str]:
    """What the choice gives away against the cheapest cell that hurries nobody."""
    if result.places[named].pace.target is None:
        return
    free = [k for k, p in enumerate(result.places) if p.pace.target is None and result.judged[k].all_met]
    if not free:
        yield "No staffing of the grid meets them without a handle-time target."
        return
    k = min(free, key=lambda k: price(result.cells[k]))
    place, cell, chosen = result.places[k], result.cells[k], result.cells[named]
    lost = _given_away("the choice", value_of(chosen.change(cell, RESOLVED)), cell.mean("demand"))
    yield (
        "It is the cheapest by hurrying contacts. Where nobody is hurried, the cheapest is staffing "
        f"{place.level.name} ({_cost(result, cell)}); against that, {lost}."
    )


def _given_away(who: str, lost: Value, demand: float) -> str:
    if not beyond_luck(lost):
        return f"{who} resolves as many needs, as far as can be told from luck"
    more = "more" if lost.mean < 0 else "fewer"
    needs = f"{abs(lost.mean) * demand:,.0f} {more} of {demand:,.0f} needs"
    return f"{who} leaves {needs} open ({_points(lost)} resolved)"


def _infeasible(result: TargetsResult) -> Iterator[str]:
    """Which targets no cell meets, and the best that is attainable."""
    never = [m for m in result.goals if not any(each.verdicts[m] == "met" for each in result.judged)]
    if not never:
        yield "No cell meets all targets at once, though each is met somewhere."
    for measure in never:
        goal = result.goals[measure]
        k = best_attainable(result.cells, measure, goal)
        value = value_of(result.cells[k].estimates.get(measure))
        where = f"staffing {result.places[k].level.name}, {pace_words(result.places[k].pace)}"
        yield (
            f"No cell is sure to meet {goal_words(result.scenario, measure, goal)}: "
            f"the best attainable is {form_for(measure, [value]).value(value)} ({where})."
        )
    place = result.places[result.nearest]
    near = result.judged[result.nearest]
    missed = [label_of(m).short for m, verdict in near.verdicts.items() if verdict != "met"]
    yield (
        f"Nearest comes staffing {place.level.name} with {pace_words(place.pace)}{layer(place.layer)}"
        f"{f', which is not sure of {listed(missed)}' if missed else ''}."
    )


def _cost(result: TargetsResult, cell: ScenarioResult) -> str:
    costs = result.scenario.costs
    if costs is None or costs.agent_hour <= 0:
        return f"{price(cell):,.0f} paid hours in the days measured"
    unit = f"{costs.currency} " if costs.currency else ""
    each = cell.mean("cost_per_resolution")
    return f"{unit}{price(cell):,.0f} in the days measured, {unit}{each:.2f} a resolved need"


def _warnings(result: TargetsResult) -> Iterator[str]:
    """The old mistake: what no target protects, the cheapest cell gives away."""
    fatigue = result.scenario.fatigue is not None
    open_sides = ["resolution"] if "resolution_rate" not in result.goals else []
    open_sides += ["strain"] if fatigue and "strained_share" not in result.goals else []
    if open_sides:
        words = " or ".join(open_sides)
        keys = " and ".join("targets.resolution" if s == "resolution" else "targets.strained_share" for s in open_sides)
        yield (
            f"Beware: the file sets no target for {words}, so the cheapest cell is free to pay with it, which is the "
            f"old mistake. Set {keys} before you choose."
        )
    if forgotten := without_due(result.scenario):
        yield (
            f"Beware: no target speaks of {listed(forgotten)}, deferred work, so the cheapest cell may leave it "
            "undone. Set targets: {deferred: {due_met: 95%}}."
        )


def _handle_time(result: TargetsResult) -> Iterator[str]:
    now = natural_of(result.natural, "all")
    text = f"Unhurried, contacts that reach agents take {duration(now.mean)}"
    text += " (chats by the time for which they are open)" if has_chats(result.natural) else ""
    if result.earlier is not None:
        then = natural_of(result.earlier, "all")
        rise = now.mean / then.mean - 1.0
        text += f", {round_percent(abs(rise))} {'more' if rise > 0 else 'less'} than {duration(then.mean)} before"
    target = old_target(result, "all")
    if not math.isnan(target):
        gap = 1.0 - target / now.mean
        side = "below" if gap > 0 else "above"
        text += f"; the old target of {duration(target)} is {round_percent(abs(gap))} {side} that"
    yield f"{text}."


def _old(result: TargetsResult) -> Iterator[str]:
    if result.old is None:
        return
    free, held = held_cells(result)
    work, repeats, resolved, each = (
        value_of(held.change(free, m)) for m in ("workload_hours", "repeat_rate", "resolution_rate", WORK)
    )
    yield (
        f"{_kept(result, held)} {_change(work, free.mean('workload_hours'), 'of work')}, "
        f"repeats change by {_points(repeats)} and needs resolved by {_points(resolved)}; "
        f"a resolved need takes {_change_each(each, free.mean(WORK))}."
    )


def _kept(result: TargetsResult, held: ScenarioResult) -> str:
    """Whether the old target is kept at all: agents do not hurry as far as any target asks."""
    where = f"at staffing {result.own_level.name}"
    missed = [
        f"{'handle time' if name == 'all' else f'handle time of {name}'} comes to {duration(reached.mean)}"
        for name in _aimed(result)
        if (reached := reached_of(held, name)).known and old_target(result, name) * (1.0 + REACHED) < reached.mean
    ]
    if not missed:
        return f"Held {where}, it"
    asked = _asked(result)
    return f"Set to {asked} {where}; {listed(missed)}: not reached. So it"


def _aimed(result: TargetsResult) -> list[str]:
    """What the old target is of: all contacts, or some intents."""
    return [name for name in ("all", *result.scenario.intents) if not math.isnan(old_target(result, name))]


def _asked(result: TargetsResult) -> str:
    """The old target as it is set: one for all, or by intent."""
    known = {name: old_target(result, name) for name in _aimed(result)}
    if "all" in known:
        return duration(known["all"])
    return listed([f"{duration(target)} for {name}" for name, target in known.items()])


def _change(change: Value, base: float, what: str) -> str:
    if not beyond_luck(change):
        return f"changes the hours {what} by nothing beyond luck"
    verb, size = "saves" if change.mean < 0 else "costs", abs(change.mean)
    return f"{verb} {size:,.0f} h {what} ({round_percent(size / base)})"


def _change_each(change: Value, base: float) -> str:
    if not beyond_luck(change) or abs(change.mean) < LEAST * base:
        return "as much work as without it"
    return f"{duration(abs(change.mean))} {'less' if change.mean < 0 else 'more'} work"


def _points(change: Value) -> str:
    if not beyond_luck(change):
        return "nothing beyond luck"
    return f"{100 * change.mean:+.1f} points"


def _tighter(result: TargetsResult) -> Iterator[str]:
    own = own_layer(result)
    column = [
        (place, cell)
        for place, cell in zip(result.places, result.cells, strict=True)
        if place.level.name == result.own_level.name and place.layer == own
    ]
    if len(column) < 2:
        return
    last = stops_paying([cell for _, cell in column])
    words = f"At staffing {result.own_level.name}"
    if last == 0:
        yield f"{words}, no target makes a resolved need take less work than none does: targets do not pay."
    elif last == len(column) - 1:
        yield f"{words}, each tighter target still takes work off a resolved need, down to {column[-1][0].pace.name}."
    else:
        yield (
            f"{words}, a target below {column[last][0].pace.name} stops paying: from there on a resolved need does not "
            "take less work."
        )


def _sure(result: TargetsResult) -> Iterator[str]:
    sensitivities = result.assumptions
    if sensitivities is None:
        return
    low, _, high = sensitivities.span(sensitivities.about)
    value = value_of(sensitivities.base.estimates[sensitivities.about])
    form = form_for(sensitivities.about, [value, exactly(low), exactly(high)])
    words = level_words(result.scenario, sensitivities.about)
    yield (
        f"By luck, {words} there is {form.value(value)}; by what is assumed, from {form.value(exactly(low))} to "
        f"{form.value(exactly(high))}."
    )
    if sensitivities.parameters:
        yield f"Measure first: {listed(worth(sensitivities))}."
