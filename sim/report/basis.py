"""What the results rest on: how well the numbers in force are known, and how much the weak ones matter."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.loading.explain import Parameter, explain_scenario
from sim.report import Cell, ReportSection, ShortLines, Table, row, table
from sim.report.labels import form_for, key_words, label_of, level_words, value_of
from sim.report.numbers import DASH, Form, exactly
from sim.report.style import BLUE, HALF, SEEN, VERMILION, Drawing, canvas, folded
from sim.scenario.model import Scenario
from sim.schema.base import GRADES
from sim.study.sensitivity import SensitivityTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Lines = Sequence[str]
GIVEN, PLAIN = "given", "plain"
WORDS = {"S": "strong", "M": "moderate", "W": "weak", "A": "assumed"}
"""The grades in the order from best to worst."""
LONGEST_LINE = 26
WORTH_MEASURING = 3


def basis_of(scenario: Scenario) -> dict[str, int]:
    """How many parameters in force are given, and how many are defaults of each grade."""
    parameters = explain_scenario(scenario)
    counts = Counter(GIVEN if p.how != "default" else GRADES[p.grade] if p.grade else PLAIN for p in parameters)
    return {name: counts[name] for name in (GIVEN, *GRADES.values(), PLAIN)}


def basis_sections(
    scenarios: Mapping[str, Scenario], label: str = "What the results rest on", on_terminal: int = 9, notes: Lines = ()
) -> tuple[ReportSection, ReportSection]:
    """What results rest on, for the page, below `notes`; and for the terminal."""

    def lines() -> Iterator[ShortLines]:
        yield ShortLines((*notes, *basis_words(scenarios)))

    def short() -> Iterator[ShortLines]:
        yield ShortLines((basis_meaning(scenarios),))
        yield ShortLines((basis_line(scenarios),))

    return (
        ReportSection(label, lines, headed=True),
        ReportSection(label, short, on_page=False, on_terminal=on_terminal),
    )


def basis_words(scenarios: Mapping[str, Scenario]) -> list[str]:
    """What each of several scenarios rests on, and what that means for the results."""
    counts = {name: basis_of(scenario) for name, scenario in scenarios.items()}
    each = [f"{name}: {_counted(count)}." for name, count in counts.items()] if len(counts) > 1 else []
    return [*each, _meaning(scenarios.values())]


def basis_meaning(scenarios: Mapping[str, Scenario]) -> str:
    """What the numbers in force mean for the results; of several scenarios, also which one the last line counts."""
    widest = max(scenarios, key=lambda name: _size(scenarios[name]))
    words = f" Counted for {widest}, which has most of them:" if len(scenarios) > 1 else ""
    return _meaning(scenarios.values()) + words


def basis_line(scenarios: Mapping[str, Scenario]) -> str:
    """The last line of a report: the parameters in force, of the scenario that has most of them."""
    return f"Parameters in force: {_counted(basis_of(max(scenarios.values(), key=_size)))}."


def _size(scenario: Scenario) -> int:
    return sum(basis_of(scenario).values())


def _counted(counts: dict[str, int]) -> str:
    grades = ", ".join(f"{counts[GRADES[grade]]} {word}" for grade, word in WORDS.items())
    return f"{sum(counts.values())}, of them {counts[GIVEN]} given; {grades}, the rest conventions or switched off"


def _meaning(scenarios: Iterable[Scenario]) -> str:
    weak = max(counts[GRADES["W"]] + counts[GRADES["A"]] for counts in map(basis_of, scenarios))
    if weak == 0:
        return "No default in force is weak or assumed: the results rest on what was given."
    return (
        f"The results rest on up to {weak} defaults whose numbers are weak or assumed: where a decision hangs on them, "
        "measure or sweep them. ccsim explain FILE lists all, with sources."
    )


def worst_of(parameters: Iterable[Parameter]) -> str:
    """How well the least known of some parameters is known: its grade in a word, or that all are given; else empty."""
    given, grades = False, set()
    for parameter in parameters:
        given |= parameter.how != "default"
        grades |= {parameter.grade} if parameter.how == "default" else set()
    worst = next((word for grade, word in reversed(WORDS.items()) if grade in grades), "")
    return worst or (GIVEN if given else "")


def worst(words: Iterable[str]) -> str:
    """The worst of several grades in words: a grade's word, that all are given, or empty."""
    found = set(words)
    return next((word for word in (*reversed(WORDS.values()), GIVEN) if word in found), "")


def worst_under(parameters: Iterable[Parameter], keys: Iterable[str]) -> str:
    """The same of the parameters at some keys or below them; `*` in a key stands for any name."""
    places = [key.split(".") for key in keys]
    return worst_of(p for p in parameters if any(_under(p.path.split("."), place) for place in places))


def _under(path: list[str], key: list[str]) -> bool:
    return len(path) >= len(key) and all(want in ("*", part) for want, part in zip(key, path, strict=False))


# How much the weak ones matter ----------------------------------------------------


def ranges_table(sensitivities: SensitivityTable) -> Table:
    """Low, expected and high of each measure: how far luck goes, and how far assumption."""
    rows = []
    for measure in sensitivities.measures:
        value = value_of(sensitivities.base.estimates[measure])
        low, _, high = sensitivities.span(measure)
        form = form_for(measure, [value, exactly(low), exactly(high)])
        ends = (form.value(exactly(end)) for end in (low, value.mean, high))
        rows.append(row(level_words(sensitivities.base.scenario, measure), *ends, _luck(form, value.half_width)))
    notes = [
        "Low and high: the lowest and highest found with one weak or assumed number at an end of its range, the five "
        "that matter most. Luck: half of the 95 % confidence interval."
    ]
    return table("How sure: low, expected, high", ["", "low", "expected", "high", "luck ±"], rows, notes)


def _luck(form: Form, half: float) -> str:
    return DASH if math.isnan(half) else form.value(exactly(half))


def tornado_table(sensitivities: SensitivityTable) -> Table:
    """The numbers that move the answer most, with both ends."""
    of_answer, words = (
        sensitivities.of(sensitivities.about),
        level_words(sensitivities.base.scenario, sensitivities.about),
    )
    form = form_for(sensitivities.about, [exactly(end) for effect in of_answer for end in (effect.low, effect.high)])
    rows = [
        row(
            key_words(effect.parameter.key),
            f"{effect.parameter.words} ({WORDS[effect.parameter.grade]})",
            *(f"{end.words}: {form.value(exactly(x))}" for end, x in effect.at_bounds),
            Cell(effect.parameter.key, "quiet"),
        )
        for effect in of_answer
    ]
    columns = ["number", "in force", "at its low end", "at its high end", "its key in the file"]
    return table(f"What moves it most: {words}", columns, rows, _tornado_notes(sensitivities))


def _tornado_notes(sensitivities: SensitivityTable) -> list[str]:
    notes = [
        f"{sensitivities.considered} weak or assumed numbers are in force. "
        f"Measure first: {'; '.join(worth(sensitivities))}."
    ]
    unsourced = [key_words(parameter.key) for parameter in sensitivities.parameters if not parameter.published]
    if unsourced:
        notes.append(f"No published range, so half and one and a half times: {'; '.join(unsourced)}.")
    return notes


def worth(sensitivities: SensitivityTable) -> list[str]:
    """The facts most worth measuring, in words: the numbers that move the answer most."""
    return [key_words(parameter.key) for parameter in sensitivities.parameters[:WORTH_MEASURING]]


def tornado(sensitivities: SensitivityTable) -> Drawing | None:
    """The same as bars from both sides of the expected value, the longest on top."""
    of_answer = sensitivities.of(sensitivities.about)
    if not of_answer:
        return None
    form = form_for(sensitivities.about, [exactly(sensitivities.base.mean(sensitivities.about))])
    figure, (axes,) = canvas((HALF[0], max(HALF[1], 1.0 + 0.42 * len(of_answer))))
    middle, places = sensitivities.base.mean(sensitivities.about) * form.scale, range(len(of_answer))[::-1]
    for place, effect in zip(places, of_answer, strict=True):
        ends = [(end.words, x * form.scale, c) for (end, x), c in zip(effect.at_bounds, (BLUE, VERMILION), strict=True)]
        _bars(axes, place, middle, sorted(ends, key=lambda e: -abs(e[1] - middle)))
    axes.axvline(middle, color="black", linewidth=0.8)
    axes.set_yticks(
        places, [folded(key_words(effect.parameter.key), LONGEST_LINE) for effect in of_answer], fontsize=7.5
    )
    axes.margins(x=0.2)
    words = level_words(sensitivities.base.scenario, sensitivities.about)
    axes.set(xlabel=f"{words} ({form.unit})" if form.unit else words)
    axes.grid(axis="x")
    parts = [
        f"{key_words(e.parameter.key)}: {form.value(exactly(e.low))} to {form.value(exactly(e.high))}"
        for e in of_answer
    ]
    what = label_of(sensitivities.about).text
    title = f"What moves it most: {what}, each number from its low ({SEEN[BLUE]}) to its high end ({SEEN[VERMILION]})"
    return Drawing(figure, title, f"{'; '.join(parts)}.")


def _bars(axes: Axes, place: int, middle: float, ends: list[tuple[str, float, str]]) -> None:
    """Bars from the expected value to both ends, the longer first, each with the number's value there.

    Where both go the same way, the value at the shorter stands on the other side.
    """
    longer = 1 if ends[0][1] >= middle else -1
    for (words, end, colour), side in zip(ends, (longer, -longer), strict=True):
        axes.barh(place, end - middle, 0.6, left=middle, color=colour)
        at = end if (end - middle) * side > 0 else middle
        align = "left" if side > 0 else "right"
        axes.annotate(
            words, (at, place), (4 * side, 0), textcoords="offset points", va="center", ha=align, fontsize=7.5
        )
