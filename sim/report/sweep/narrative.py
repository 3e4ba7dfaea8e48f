"""Points and cliffs in tables and plain words, and the values of keys as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.report import Cell, Paragraph, Table, Tone, counted
from sim.report.comparison.decision import ALONE_NOTE, INTERVAL_NOTE, service_level_words
from sim.report.labels import bound_words, form_for, goal_words, key_words, label_of, level_words, verdict
from sim.report.numbers import PERCENT, Form, Value, capital, exactly, form_of, listed, round_percent
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.schema.formatting import duration_words
from sim.study.sweep.bend import FEWEST, LEVEL
from sim.study.sweep.cliff import Bend, Cliff, Crossing
from sim.study.sweep.simulation import Sweep
from sim.study.sweep.values import Kind

MOST_ROWS = 100
MARKS: dict[Tone, str] = {"bad": " *", "unsure": " ?"}
MARKS_NOTE = "* misses its target; ? too close to call: the target lies within the interval."
MEASURES = ("abandonment_rate", "resolution_rate", "occupancy", "workload_hours", "cost_per_resolution")


def points_table(sweep: Sweep, measures: Sequence[str]) -> Table:
    """A row a point: the values of the keys, then the measures, marked where they miss their target."""
    shown = range(min(len(sweep.outcomes), MOST_ROWS))
    forms = {m: form_for(m, (value_at(sweep, k, m) for k in range(len(sweep.outcomes)))) for m in measures}
    goals = [targets_of_scenario(sweep.plan.points[k].scenario) for k in shown]
    rows = [
        (
            *(Cell(choice.shown) for choice in sweep.plan.points[k].choices),
            *(_cell(value_at(sweep, k, m), form, goals[k].get(m)) for m, form in forms.items()),
        )
        for k in shown
    ]
    keys = [key_words(key.path) for key in sweep.plan.keys]
    columns = (*map(capital, keys), *(_header(sweep, measure, form) for measure, form in forms.items()))
    targets = _targets(sweep, measures)
    notes = (*targets, *_notes(sweep, measures))
    return Table(f"Every point: {sweep.scenario.name} by {listed(keys)}", columns, tuple(rows), notes, len(keys), True)


def _header(sweep: Sweep, measure: str, form: Form) -> str:
    text, unit = capital(level_words(sweep.scenario, measure)), unit_of(sweep, measure, form)
    return f"{text} ({unit})" if unit and not text.endswith(")") else text


def _cell(value: Value, form: Form, goal: MeasureTarget | None) -> Cell:
    tone = verdict(value, goal).tone
    return Cell(form.value(value) + MARKS.get(tone, ""), tone)


def _targets(sweep: Sweep, measures: Sequence[str]) -> tuple[str, ...]:
    goals = targets_of_scenario(sweep.scenario)
    words = [goal_words(sweep.scenario, measure, goals[measure]) for measure in measures if measure in goals]
    return (f"Targets: {'; '.join(words)}.", MARKS_NOTE) if words else ()


def _notes(sweep: Sweep, measures: Sequence[str]) -> list[str]:
    level = sweep.scenario.targets.service_level
    keys = [f"{key_words(key.path)} is {key.path}" for key in sweep.plan.keys if key_words(key.path) != key.path]
    written = [f"In the file {'; '.join(keys)}."] if keys else []
    notes = [f"Service level: {service_level_words(level)}."] if level.definition in measures else []
    notes.append(INTERVAL_NOTE.format(n=sweep.replications) if sweep.replications > 1 else ALONE_NOTE)
    hidden = len(sweep.outcomes) - MOST_ROWS
    more = [f"{hidden} more points: sweep.csv (--out DIR) and --json have all."] if hidden > 0 else []
    return [*notes, *written, *more]


def default_measures(sweep: Sweep) -> tuple[str, ...]:
    """The measures that are shown unless others are named: those of these that any point has."""
    level = sweep.scenario.targets.service_level.definition
    return tuple(name for name in (level, *MEASURES) if name in sweep.measures)


def value_at(sweep: Sweep, place: int, measure: str) -> Value:
    """A measure at a point, counted from 0."""
    return Value(*sweep.interval(place, measure))


def unit_of(sweep: Sweep, measure: str, form: Form) -> str:
    """The unit of a measure; for costs the currency."""
    costs = sweep.scenario.costs
    return form.unit or (costs.currency or "" if costs and measure.startswith("cost") else "")


def key_number(kind: Kind, number: float, step: float) -> str:
    """A value of a key between its points, with a digit more than the step between them."""
    if kind == "s":
        return duration_words(round(number, 0 if step >= 10 else 1))
    scale, unit = (100.0, " %") if kind == "share" else (1.0, "")
    digits = max(0, 1 - math.floor(math.log10(round(step * scale, 9))))
    return f"{number * scale:.{digits}f}{unit}"


def found_paragraph(sweep: Sweep, measures: Sequence[str]) -> Paragraph:
    """What was found over all points: how far each measure goes and where, and how often it meets its target."""
    return Paragraph("Over all points", tuple(_found(sweep, measure) for measure in measures))


def _found(sweep: Sweep, measure: str) -> str:
    values = [value_at(sweep, k, measure) for k in range(len(sweep.outcomes))]
    known = [k for k, value in enumerate(values) if value.known]
    name, form = capital(level_words(sweep.scenario, measure)), form_for(measure, values)
    if not known:
        return f"{name}: not there at any point."
    unit = unit_of(sweep, measure, form)
    low, high = (pick(known, key=lambda k: values[k].mean) for pick in (min, max))
    ends = [_bare(form, values[k], unit) for k in (low, high)]
    if ends[0] == ends[1]:
        return f"{name}: {ends[0]} at every point{_met(sweep, values, measure)}."
    where = [point_words(sweep, k) for k in (low, high)]
    return f"{name}: {ends[0]} at {where[0]} to {ends[1]} at {where[1]}{_met(sweep, values, measure)}."


def point_words(sweep: Sweep, place: int) -> str:
    """The settings of a point, counted from 0, such as "staff of desk 4, target (pace) 5m"."""
    pairs = zip(sweep.plan.keys, sweep.plan.points[place].choices, strict=True)
    return ", ".join(f"{key_words(key.path)} {choice.shown}" for key, choice in pairs)


def _bare(form: Form, value: Value, unit: str) -> str:
    text = form.value(exactly(value.mean))
    return text if form.suffix or not unit else f"{text} {unit}"


def _met(sweep: Sweep, values: Sequence[Value], measure: str) -> str:
    """At how many points a measure meets its target; empty where it has none."""
    goals = [targets_of_scenario(point.scenario).get(measure) for point in sweep.plan.points]
    if None in goals:
        return ""
    met = sum(verdict(value, goal).tone == "good" for value, goal in zip(values, goals, strict=True))
    return f"; it meets its target at {met} of {counted(len(goals), 'point')}"


def cliff_paragraph(sweep: Sweep, cliff: Cliff) -> Paragraph:
    """Where a measure crosses its target and where it bends."""
    name = capital(level_words(sweep.scenario, cliff.measure))
    return Paragraph(name, (*_crossing_sentences(cliff), _bend_sentence(cliff)))


def _step(cliff: Cliff) -> float:
    return float(np.median(np.diff(cliff.x)))


def _at(cliff: Cliff, number: float) -> str:
    return key_number(cliff.key.kind, number, _step(cliff))


def _interval(cliff: Cliff, low: float, high: float) -> str:
    """An interval in words; where it leaves the range swept it is open."""
    if math.isnan(low):
        return "one replication: no interval"
    if math.isinf(low) and math.isinf(high):
        return "95 % interval: anywhere, also outside the range swept"
    if math.isinf(low):
        return f"95 % interval up to {_at(cliff, high)}, from below the range swept"
    if math.isinf(high):
        return f"95 % interval from {_at(cliff, low)} on, beyond the range swept"
    return f"95 % interval {_at(cliff, low)} to {_at(cliff, high)}"


def _crossing_sentences(cliff: Cliff) -> Iterator[str]:
    if cliff.goals is None:
        yield "It has no target to cross: give one under targets in the scenario."
        return
    goal = cliff.goals[0]
    wanted = f"its target of {bound_words(goal)}" if len(set(cliff.goals)) == 1 else "its target, which is swept too"
    if not cliff.crossings:
        met = goal.met(cliff.means[0])
        yield f"It {'meets' if met else 'misses'} {wanted} at every point."
    if len(cliff.crossings) > 1:
        yield f"It crosses its target {len(cliff.crossings)} times."
    for crossing in cliff.crossings:
        yield _crossing_words(cliff, crossing, wanted)


def _crossing_words(cliff: Cliff, crossing: Crossing, wanted: str) -> str:
    does = "meets" if crossing.meets_beyond else "misses"
    sure = _interval(cliff, crossing.low, crossing.high)
    return f"It {does} {wanted} from {key_words(cliff.key.path)} = {_at(cliff, crossing.at)} on ({sure})."


def _bend_sentence(cliff: Cliff) -> str:
    bend = cliff.bend
    if bend is None:
        return f"No bend is sought with fewer than {FEWEST} points."
    if not bend.clear:
        return f"No clear bend: {_unclear(bend)}."
    before, beyond = _slopes(cliff, bend)
    sure = _interval(cliff, bend.low, bend.high)
    more = f"for each {_bare_step(cliff)} more of it"
    where = f"{key_words(cliff.key.path)} = {_at(cliff, bend.at)}"
    return f"It bends at {where} ({sure}): {before} {more} before, {beyond} beyond."


def _unclear(bend: Bend) -> str:
    if math.isnan(bend.turn_low):
        return "one replication says nothing about luck"
    if bend.turn_low <= 0 <= bend.turn_high:
        return "the replications do not agree that its slope changes"
    if bend.chance < LEVEL:
        return "it turns gently: where it does is not known to half of the range"
    return f"points that scatter about a straight line look bent as much in {round_percent(bend.chance)} of cases"


def _bare_step(cliff: Cliff) -> str:
    step = _step(cliff)
    if cliff.key.kind == "s":
        return duration_words(step)
    return PERCENT.bare(step) if cliff.key.kind == "share" else f"{step:.6g}"


def _slopes(cliff: Cliff, bend: Bend) -> tuple[str, str]:
    """What the measure changes by from one point to the next, before and beyond a bend."""
    changes = [exactly(slope * _step(cliff)) for slope in (bend.before, bend.beyond)]
    kind = label_of(cliff.measure).kind
    form = form_of(kind, changes)
    unit = f" {form.unit}" if kind in ("s", "min") else ""
    before, beyond = (f"{form.change(change)}{unit}" for change in changes)
    return before, beyond
