"""What a sweep prints: a row a point, then the cliffs in words."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from sim.report.basis import basis_line, basis_meaning
from sim.report.comparison.decision import ALONE_NOTE, INTERVAL_NOTE, service_level_words
from sim.report.forms import Form
from sim.report.labels import form_for, goal_words, level_words
from sim.report.sweep.narrative import cliff_paragraph, headed, unit_of, value_at
from sim.report.table import Cell, Table, Tone
from sim.report.terminal import print_basis, print_paragraphs, print_tables, stdout_console
from sim.report.value import Value
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.sweep.cliff import Cliff
from sim.study.sweep.simulation import Sweep

MOST_ROWS = 100
MARKS: dict[Tone, str] = {"bad": " *", "unsure": " ?"}
MARKS_NOTE = "* misses its target; ? too close to call: the target lies within the interval."


def print_sweep(sweep: Sweep, measures: Sequence[str], cliffs: Sequence[Cliff], console: Console | None = None) -> None:
    """Print the points, the cliffs, and what all rests on."""
    console = console or stdout_console()
    print_tables(console, [points_table(sweep, measures)])
    print_paragraphs(console, (cliff_paragraph(sweep, cliff) for cliff in cliffs))
    named = {sweep.scenario.name: sweep.scenario}
    print_basis(console, basis_meaning(named), basis_line(named))


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
    keys = [key.path for key in sweep.plan.keys]
    columns = (*keys, *(_header(sweep, measure, form) for measure, form in forms.items()))
    targets = _targets(sweep, measures)
    notes = (*targets, *_notes(sweep, measures))
    return Table(f"{sweep.scenario.name}: sweep of {', '.join(keys)}", columns, tuple(rows), notes, len(keys), True)


def _header(sweep: Sweep, measure: str, form: Form) -> str:
    text, unit = headed(level_words(sweep.scenario, measure)), unit_of(sweep, measure, form)
    return f"{text} ({unit})" if unit and not text.endswith(")") else text


def _cell(value: Value, form: Form, goal: MeasureTarget | None) -> Cell:
    tone = _tone(value, goal)
    return Cell(form.value(value) + MARKS.get(tone, ""), tone)


def _tone(value: Value, goal: MeasureTarget | None) -> Tone:
    """Whether a target is met: judged by the whole interval where there is one."""
    if goal is None or not value.known:
        return ""
    ends = (value.low, value.high) if value.judged else (value.mean, value.mean)
    met = {goal.met(end) for end in ends}
    return "unsure" if len(met) > 1 else "good" if met == {True} else "bad"


def _targets(sweep: Sweep, measures: Sequence[str]) -> tuple[str, ...]:
    goals = targets_of_scenario(sweep.scenario)
    said = [goal_words(sweep.scenario, measure, goals[measure]) for measure in measures if measure in goals]
    return (f"Targets: {'; '.join(said)}.", MARKS_NOTE) if said else ()


def _notes(sweep: Sweep, measures: Sequence[str]) -> list[str]:
    level = sweep.scenario.targets.service_level
    notes = [f"Service level: {service_level_words(level)}."] if level.definition in measures else []
    notes.append(INTERVAL_NOTE.format(n=sweep.replications) if sweep.replications > 1 else ALONE_NOTE)
    hidden = len(sweep.outcomes) - MOST_ROWS
    return [*notes, f"{hidden} more points: sweep.csv (--out DIR) and --json have all."] if hidden > 0 else notes
