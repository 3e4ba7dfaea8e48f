"""A session and its answers as JSON documents: words and numbers as a page shows them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Any

from sim.display import counted
from sim.report.labels import label_of, row_words, unit_of, value_of, verdict, with_unit
from sim.report.numbers import DASH, NOTHING, Form, Value, beyond_luck, capital, form_of, number, round_percent
from sim.scenario.goals import Costs
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, occupancy_measure, targets_of_scenario
from sim.study.compare import unlike_measures
from sim.study.estimates import Estimate
from sim.study.levels import peak_agents, serving
from sim.whatif.session import BEFORE, FILE, KEPT, LEAST_FOR_CHANCE, NOW, Answer, Session, Variant
from sim.whatif.sliders import Slider, staffing_of
from sim.whatif.snippet import snippet

LEVEL, CHANCE = "service_level", "chance"
CHANCE_WORDS = "chance that all targets are met"
TITLES = {BEFORE: "Before", FILE: "File", NOW: "Now", KEPT: "Kept {number}"}


def setup_document(session: Session) -> dict[str, Any]:
    """What a page needs before the first answer: names, sliders, the seed."""
    return {
        "name": session.scenario.name,
        "before": session.before.name if session.before is not None else None,
        "days": f"{counted(session.scenario.calendar.days, 'day')} from {session.scenario.calendar.start}",
        "seed": session.options.seed,
        "sliders": [_slider(slider) for slider in session.sliders.values()],
    }


def _slider(slider: Slider) -> dict[str, Any]:
    plain = ("name", "section", "label", "kind", "low", "high", "step", "start", "note")
    return {key: getattr(slider, key) for key in plain}


def answer_document(session: Session, answer: Answer, source: str) -> dict[str, Any]:
    """An answer: columns, a row a measure, charts by time of day, and the YAML of what is set now.

    Parameters
    ----------
    source : the file that the YAML builds on; empty where there is none.
    """
    now = answer.column(NOW)
    return {
        "replications": answer.replications,
        "columns": _headings(answer),
        "rows": [*(_row(answer, name) for name in _shown(answer)), *_chance_row(answer)],
        "charts": [_chart(answer, name) for name in _drawn(answer)],
        "heads": _heads(now),
        "yaml": snippet(session, now, source, answer.replications),
        "notes": [note for note in now.scenario.notes if note not in session.usual_notes],
    }


def _heads(column: Variant) -> dict[str, int]:
    """Agents on the queue at the peak, by the names of the staffing sliders that are moved."""
    groups = {staffing_of(name): name for name in serving(column.scenario)}
    moved = [name for name in column.settings if name in groups]
    return {name: round(peak_agents(column.scenario, [groups[name]])) for name in moved}


def _headings(answer: Answer) -> list[dict[str, Any]]:
    kept = itertools.count(1)
    return [
        {
            "role": column.role,
            "title": TITLES[column.role].format(number=next(kept) if column.role == KEPT else ""),
            "name": column.scenario.name if column.role in (BEFORE, FILE) else "",
            "settings": dict(column.settings),
        }
        for column in answer.columns
    ]


# Rows -----------------------------------------------------------------------------


def _shown(answer: Answer) -> list[str]:
    """The measures of the table that any variant has."""
    occupancy = occupancy_measure(answer.column(NOW).scenario)
    wanted = [LEVEL, "abandonment_rate", "asa_s", "resolution_rate", "strained_share", occupancy, "aht_s"]
    wanted += ["due_met", "containment_rate", "csat", "offered", "fte", "cost", "cost_per_resolution"]
    return [name for name in wanted if any(_value(column, name).known for column in answer.columns)]


def _named(column: Variant, measure: str) -> str:
    """A measure by its own name: the service level is the one that the file defines."""
    return column.scenario.targets.service_level.definition if measure == LEVEL else measure


def _estimate(column: Variant, measure: str) -> Estimate | None:
    if measure == "strained_share" and column.scenario.fatigue is None:
        return None
    if measure == "containment_rate" and column.scenario.bot is None:
        return None
    return column.estimates.get(_named(column, measure))


def _value(column: Variant, measure: str) -> Value:
    return value_of(_estimate(column, measure))


def _row(answer: Answer, measure: str) -> dict[str, Any]:
    values = [_value(column, measure) for column in answer.columns]
    form = form_of(label_of("sl_offered" if measure == LEVEL else measure).kind, values)
    cells = [_cell(answer, column, measure, form) for column in answer.columns]
    return {"measure": measure, "label": _words(answer, measure, form), "cells": cells}


def _words(answer: Answer, measure: str, form: Form) -> str:
    scenario = answer.column(NOW).scenario
    if measure == LEVEL:
        level = scenario.targets.service_level
        return f"Service level within {level.within:g} s"
    strained = scenario.fatigue.strain_threshold if scenario.fatigue is not None else 0.0
    unit = unit_of(measure, (scenario.costs or Costs()).currency)
    return capital(with_unit(row_words(measure, strained), form if form.unit != "%" else Form("", 1.0, str), unit))


def _cell(answer: Answer, column: Variant, measure: str, form: Form) -> dict[str, Any]:
    value = _value(column, measure)
    judged = verdict(value, _goal(column.scenario, _named(column, measure)))
    change, tone = _change(answer, column, measure, form)
    target = "" if judged.text == DASH else judged.text
    text = form.value(value)
    return {"text": text, "mean": number(value.mean), "change": change, "tone": tone, "target": target}


def _goal(scenario: Scenario, measure: str) -> MeasureTarget | None:
    return targets_of_scenario(scenario).get(measure)


def _change(answer: Answer, column: Variant, measure: str, form: Form) -> tuple[str, str]:
    """The paired difference from the file, and whether it is better beyond luck."""
    file = answer.column(FILE)
    mine, theirs = _estimate(column, measure), _estimate(file, measure)
    if column.same_as_file or mine is None or theirs is None or _unlike(file, column, measure):
        return "", ""
    change = value_of(mine.minus(theirs))
    less = label_of(_named(column, measure)).less_is_better
    clear = change != NOTHING and beyond_luck(change) and not form.vanishes(change)
    tone = ("good" if (change.mean < 0) == less else "bad") if clear and less is not None else ""
    return (form.change(change) if change.known else ""), tone


def _unlike(file: Variant, column: Variant, measure: str) -> bool:
    unlike = unlike_measures(file.scenario, column.scenario)
    return _named(file, measure) != _named(column, measure) or _named(file, measure) in unlike


def _chance_row(answer: Answer) -> list[dict[str, Any]]:
    """The chance that all targets are met, where any variant has targets."""
    if not any(targets_of_scenario(column.scenario) for column in answer.columns):
        return []
    cells = [
        {"text": _chance_text(column), "mean": None, "change": "", "tone": "", "target": ""}
        for column in answer.columns
    ]
    return [{"measure": CHANCE, "label": capital(CHANCE_WORDS), "cells": cells}]


def _chance_text(column: Variant) -> str:
    chance = column.chance
    if chance is None:
        few = column.run.tallies.replications < LEAST_FOR_CHANCE
        return f"from {LEAST_FOR_CHANCE} replications on" if few and targets_of_scenario(column.scenario) else DASH
    low, high = (round_percent(end).removesuffix(" %") for end in (chance.low, chance.high))
    return f"{round_percent(chance.mean)} ({low} to {high})"


# Charts by time of day ----------------------------------------------------------------


def _drawn(answer: Answer) -> list[str]:
    """The measures that are drawn by time of day."""
    now = answer.column(NOW)
    wanted = [LEVEL, "abandonment_rate", occupancy_measure(now.scenario), "strained_share"]
    return [name for name in wanted if _estimate(now, name) is not None and _by_time(now, name)]


def _by_time(column: Variant, measure: str) -> bool:
    known = column.run.measures.get(_named(column, measure))
    return known is not None and "interval" in known.slices


def _chart(answer: Answer, measure: str) -> dict[str, Any]:
    lines = [_line(column, measure) for column in answer.columns]
    words = _words(answer, measure, Form("", 1.0, str))
    return {"measure": measure, "title": words, "lines": lines, "goal": _goal_line(answer, measure)}


def _line(column: Variant, measure: str) -> dict[str, Any]:
    if _estimate(column, measure) is None or not _by_time(column, measure):
        return {"times": [], "mean": [], "low": [], "high": []}
    estimate = column.by_time(_named(column, measure))
    ends = {"mean": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {"times": list(column.run.frame.clock), **{name: _rounded(values) for name, values in ends.items()}}


def _goal_line(answer: Answer, measure: str) -> float | None:
    now = answer.column(NOW)
    goal = _goal(now.scenario, _named(now, measure))
    return None if goal is None else goal.share


def _rounded(values: Iterable[float]) -> list[float | None]:
    return [round(float(value), 5) if math.isfinite(value) else None for value in values]
