"""The charts of a plan, by month: people and what is needed, chances, customers, money; plans beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.report import Chart
from sim.report.labels import label_of
from sim.report.numbers import Value
from sim.report.plan.figures import YearFigures, month_short
from sim.report.plan.outlook import LINE_WORDS
from sim.report.plan.words import Told, count, plan_words
from sim.report.style import (
    BLUE,
    COLOURS,
    DASHES,
    GREEN,
    GREY,
    MARKERS,
    ORANGE,
    PALETTE,
    PURPLE,
    SEEN,
    VERMILION,
    Drawing,
    canvas,
    chart_of,
    folded,
    legend,
    style,
)
from sim.study.plan.rules import BEST, FILE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE = (5.2, 2.7)
A_ROW, A_FRAME = 0.34, 1.0
SHADE = 0.18
MOST_TICKS = 6
MONEY_COLOURS = (PALETTE["light"], PALETTE["middle"], GREEN, BLUE, VERMILION, ORANGE, PURPLE, PALETTE["sky"],
                 PALETTE["yellow"], GREY)  # fmt: skip


def charts(told: Told) -> dict[str, Chart]:
    """Every chart that there is something to draw for, by the section that it stands in."""
    with style():
        return {section: chart_of(f"plan_{section}", drawing) for section, drawing in _drawn(told)}


def _drawn(told: Told) -> Iterator[tuple[str, Drawing]]:
    yield "hire", _people(told)
    if told.file.targets:
        yield "chance", _chances(told)
    yield "service", _service(told)
    if len(told.plans) > 1 and told.file.targets:
        yield "cut", _plans(told)
    if told.lead.counts_money:
        yield "money", _money(told)
    if told.answer.spiral is not None:
        yield "spiral", _spiral(told)


def months_axis(axes: Axes, figures: YearFigures) -> None:
    """Months along the bottom, not more than can be read."""
    step = -(-figures.months // MOST_TICKS)
    places = range(0, figures.months, step)
    axes.set_xticks(list(places), [month_short(figures.labels[m]) for m in places])
    axes.set_xlim(-0.6, figures.months - 0.4)
    axes.grid(axis="y")


def _line(axes: Axes, values: Sequence[Value], colour: str, label: str, dashes: str = "-", scale: float = 1.0) -> None:
    """Means as a line, their intervals shaded."""
    mean, low, high = (scale * np.array([getattr(v, end) for v in values]) for end in ("mean", "low", "high"))
    months = np.arange(len(values))
    axes.fill_between(months, low, high, color=colour, alpha=SHADE, linewidth=0)
    axes.plot(months, mean, color=colour, label=label, linestyle=dashes)


# One a section --------------------------------------------------------------------


def _people(told: Told) -> Drawing:
    """People on the queue with the file's plan and the best, what is needed, the gap shaded; who begins as bars."""
    figure, (axes,) = canvas(PAGE)
    months, needed = np.arange(told.file.months), told.answer.needed
    begin = [value.mean for value in told.lead.by_month("hired")]
    which = plan_words(list(told.shown)[-1])
    axes.bar(months, begin, 0.6, color=PALETTE["middle"], label=f"begin training, {which}")
    alt = []
    for (name, figures), colour, dashes in zip(told.shown.items(), (VERMILION, BLUE), ("--", "-"), strict=False):
        there = figures.by_month("available")
        _line(axes, there, colour, f"on the queue, {plan_words(name)}", dashes)
        alt.append(f"{plan_words(name)}: {count(there[0].mean)} on the queue at first, {count(there[-1].mean)} at last")
    if needed is not None:
        wanted, have = needed.sum(axis=0), np.array([v.mean for v in told.file.by_month("available")])
        axes.plot(months, wanted, color="black", linestyle=":", label="needed for the targets")
        axes.fill_between(months, have, wanted, where=wanted > have, color=VERMILION, alpha=SHADE, linewidth=0)
        alt.append(f"needed {count(wanted[0])} at first, {count(wanted[-1])} at last")
    axes.set(ylabel="people", ylim=(0, None))
    months_axis(axes, told.file)
    legend(figure, axes)
    title = "People on the queue by month" + (", and how many the targets need" if needed is not None else "")
    return Drawing(figure, title, f"{'; '.join(alt)}. Shaded: what the file lacks, and 95 % intervals of lines.")


def _chances(told: Told) -> Drawing:
    """The chance to miss by target, with the file's plan; with the best any target."""
    figure, (axes,) = canvas(PAGE)
    file, several = told.file, len(told.file.targets) > 1
    names = [name for name in file.targets if any(v.mean > 0.0 for v in file.miss(name))] if several else []
    for k, name in enumerate(names):
        look = (COLOURS[1:][k % 5], DASHES[(k + 1) % len(DASHES)])
        values = [100 * v.mean for v in file.miss(name)]
        axes.plot(values, color=look[0], linestyle=look[1], label=label_of(name).short, linewidth=1.2)
    _line(axes, file.miss(), GREY, "any target", scale=100.0)
    if file.result.peak is not None:
        axes.plot([100 * v.mean for v in file.miss(peak=True)], ".", color=GREY, label="any, in a peak week")
    if told.found:
        values = [100 * v.mean for v in told.lead.miss()]
        axes.plot(values, color="black", marker=MARKERS[0], linewidth=1.0, label="any, at least cost")
    axes.set(ylabel="chance to miss (%)", ylim=(-2, 102))
    months_axis(axes, file)
    legend(figure, axes, alone=True)
    title = "The chance that a typical week misses a target, with the plan of the file"
    return Drawing(figure, title, "; ".join(_alt(file, v, m) for m, v in enumerate(file.miss())) + ".")


def _alt(figures: YearFigures, value: Value, month: int) -> str:
    return f"{month_short(figures.labels[month])} {100 * value.mean:.0f} %"


def _service(told: Told) -> Drawing:
    """Answered in time and needs resolved, by month."""
    figure, panels = canvas(PAGE, 2)
    alt = []
    for axes, (measure, words) in zip(
        panels, (("service_level", "answered in time (%)"), ("resolution", "needs resolved (%)")), strict=True
    ):
        for (name, figures), colour, dashes in zip(told.shown.items(), (VERMILION, BLUE), ("--", "-"), strict=False):
            values = figures.by_month(measure)
            _line(axes, values, colour, plan_words(name), dashes, 100.0)
            alt.append(f"{words}, {plan_words(name)}: {100 * values[0].mean:.1f}, then {100 * values[-1].mean:.1f}")
        axes.set(ylabel=words)
        months_axis(axes, told.file)
        axes.tick_params(axis="x", labelsize=7, rotation=45)
    legend(figure, panels[0])
    return Drawing(figure, "Customers answered in time, and needs resolved, by month", f"{'; '.join(alt)}.")


def _plans(told: Told) -> Drawing:
    """Every plan: the chance to miss on average over the months, and its cash."""
    names, money = list(told.plans), told.file.counts_money
    figure, panels = canvas((PAGE[0], A_FRAME + A_ROW * len(names)), 2 if money else 1)
    miss = [told.plans[name].miss_over() for name in names]
    _bars(panels[0], names, [100 * v.mean for v in miss], "chance to miss (%)")
    alt = [f"{plan_words(name)} {100 * v.mean:.0f} %" for name, v in zip(names, miss, strict=True)]
    if money:
        cash = [told.plans[name].cash().mean / 1000.0 for name in names]
        _bars(panels[1], names, cash, f"cash, thousand {told.currency}".strip(), named=False)
        alt += [f"{plan_words(name)} {amount:,.0f} thousand" for name, amount in zip(names, cash, strict=True)]
    return Drawing(figure, "What each plan misses, and what it costs", f"{'; '.join(alt)}.")


def _bars(axes: Axes, names: Sequence[str], values: Sequence[float], words: str, named: bool = True) -> None:
    colours = [{FILE: VERMILION, BEST: BLUE}.get(name, PALETTE["middle"]) for name in names]
    axes.barh(range(len(names)), values, 0.62, color=colours)
    for place, value in enumerate(values):
        axes.annotate(f"{value:,.0f}", (value, place), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_yticks(range(len(names)), [folded(plan_words(name), 22) for name in names] if named else [])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.margins(x=0.2)
    axes.set(xlabel=words)
    axes.tick_params(axis="y", length=0, labelsize=7.5)


def _money(told: Told) -> Drawing:
    """Cash by month and line of the plan that is advised; the file's as a line."""
    figures = told.lead
    figure, (axes,) = canvas(PAGE)
    months, base = np.arange(figures.months), np.zeros(figures.months)
    for (line, words), colour in zip(LINE_WORDS.items(), MONEY_COLOURS, strict=True):
        if line in figures.lines:
            values = np.array([v.mean for v in figures.cash_by_month(line)]) / 1000.0
            axes.bar(months, values, 0.7, base, color=colour, label=words)
            base = base + values
    if told.found:
        file = [v.mean / 1000.0 for v in told.file.cash_by_month()]
        axes.plot(months, file, color="black", marker="o", linewidth=1.0, label="the plan of the file, all cash")
    axes.set(ylabel=f"thousand {told.currency}".strip())
    months_axis(axes, figures)
    legend(figure, axes, alone=True)
    which = "the plan at least cost" if told.found else "the plan of the file"
    alt = "; ".join(f"{month_short(label)} {value:,.0f}" for label, value in zip(figures.labels, base, strict=True))
    return Drawing(figure, f"Cash by month, {which}", f"{alt} thousand.")


def _spiral(told: Told) -> Drawing:
    """Leavers expected by month; how much larger a gap in heads is a month later."""
    spiral = told.answer.spiral
    assert spiral is not None
    figure, (leaving, larger) = canvas(PAGE, 2)
    first = spiral.month if spiral.month is not None else told.file.months + 1
    colours = [VERMILION if month >= first else PALETTE["middle"] for month in range(1, told.file.months + 1)]
    leaving.bar(range(told.file.months), spiral.leaving, 0.7, color=colours)
    leaving.set(ylabel="leavers expected in the month")
    gap = spiral.amplification
    _line(larger, [Value(*three) for three in zip(gap.mean, gap.low, gap.high, strict=True)], BLUE, "")
    larger.axhline(1.0, color="black", linewidth=0.8)
    larger.set(ylabel="a gap, a month later (times)")
    for axes in (leaving, larger):
        months_axis(axes, told.file)
        axes.tick_params(axis="x", labelsize=7, rotation=45)
    title = f"Leavers by month ({SEEN[VERMILION]}: the spiral), and whether a gap in heads grows (above the line)"
    alt = "; ".join(f"{month_short(t)} {n:.1f}" for t, n in zip(told.file.labels, spiral.leaving, strict=True))
    return Drawing(figure, title, f"Leavers expected: {alt}. With the plan of the file.")
