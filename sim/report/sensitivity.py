"""How sure an answer is: luck apart from assumption, and the facts most worth measuring."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from sim.report.forms import DASH, Form
from sim.report.labels import form_for, label_of, level_words, value_of
from sim.report.style import BLUE, HALF, VERMILION, Drawing, canvas
from sim.report.table import Table, row, table
from sim.report.value import exactly
from sim.study.sensitivity import SensitivityTable

LONGEST_LINE = 26
WORTH_MEASURING = 3
GRADES = {"W": "weak", "A": "assumed"}


def ranges_table(found: SensitivityTable) -> Table:
    """Low, expected and high of each measure: how far luck goes, and how far assumption."""
    rows = []
    for measure in found.measures:
        value = value_of(found.base.estimates[measure])
        low, _, high = found.span(measure)
        form = form_for(measure, [value, exactly(low), exactly(high)])
        ends = (form.value(exactly(end)) for end in (low, value.mean, high))
        rows.append(row(level_words(found.base.scenario, measure), *ends, _luck(form, value.half_width)))
    notes = [
        "Low and high: the lowest and highest found with one weak or assumed number at an end of its range, the five "
        "that matter most. Luck: half of the 95 % confidence interval."
    ]
    return table("How sure: low, expected, high", ["", "low", "expected", "high", "luck ±"], rows, notes)


def _luck(form: Form, half: float) -> str:
    return DASH if math.isnan(half) else form.value(exactly(half))


def tornado_table(found: SensitivityTable) -> Table:
    """The numbers that move the answer most, with both ends."""
    mine, words = found.of(found.about), level_words(found.base.scenario, found.about)
    form = form_for(found.about, [exactly(end) for effect in mine for end in (effect.low, effect.high)])
    rows = [
        row(
            effect.parameter.key,
            f"{effect.parameter.words} ({GRADES[effect.parameter.grade]})",
            *(f"{end.words}: {form.value(exactly(x))}" for end, x in effect.at_bounds),
        )
        for effect in mine
    ]
    columns = ["number", "in force", "at its low end", "at its high end"]
    return table(f"What moves it most: {words}", columns, rows, _tornado_notes(found))


def _tornado_notes(found: SensitivityTable) -> list[str]:
    notes = [f"{found.considered} weak or assumed numbers are in force. Measure first: {', '.join(worth(found))}."]
    unsourced = [parameter.key for parameter in found.parameters if not parameter.published]
    if unsourced:
        notes.append(f"No published range, so half and one and a half times: {', '.join(unsourced)}.")
    return notes


def worth(found: SensitivityTable) -> list[str]:
    """The facts most worth measuring: the keys of the numbers that move the answer most."""
    return [parameter.key for parameter in found.parameters[:WORTH_MEASURING]]


def tornado(found: SensitivityTable) -> Drawing | None:
    """The same as bars from both sides of the expected value, the longest on top."""
    mine = found.of(found.about)
    if not mine:
        return None
    form = form_for(found.about, [exactly(found.base.mean(found.about))])
    figure, (axes,) = canvas((HALF[0], max(HALF[1], 1.0 + 0.42 * len(mine))))
    middle, places = found.base.mean(found.about) * form.scale, range(len(mine))[::-1]
    for place, effect in zip(places, mine, strict=True):
        ends = [(end.words, x * form.scale, c) for (end, x), c in zip(effect.at_bounds, (BLUE, VERMILION), strict=True)]
        _bars(axes, place, middle, sorted(ends, key=lambda e: -abs(e[1] - middle)))
    axes.axvline(middle, color="black", linewidth=0.8)
    axes.set_yticks(places, [on_lines(effect.parameter.key) for effect in mine], fontsize=7.5)
    axes.margins(x=0.2)
    words = level_words(found.base.scenario, found.about)
    axes.set(xlabel=f"{words} ({form.unit})" if form.unit else words)
    axes.grid(axis="x")
    parts = [f"{e.parameter.key}: {form.value(exactly(e.low))} to {form.value(exactly(e.high))}" for e in mine]
    title = f"What moves it most: {label_of(found.about).text}, each number from its low (blue) to its high end (red)"
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


def on_lines(key: str, width: int = LONGEST_LINE) -> str:
    """A key path that fits beside an axis, broken after dots."""
    lines = [""]
    for part in key.replace(".", ". ").split(" "):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
