"""The charts of a decision, one a section, from its figures: for the page, and at the size of a slide."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sim.report import Chart
from sim.report.beside import side_by_side
from sim.report.decide.facts import Facts
from sim.report.decide.words import CAUSES, Names
from sim.report.numbers import duration
from sim.report.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    VERMILION,
    Drawing,
    canvas,
    chart_of,
    folded,
    image,
    lay_out,
    legend,
    style,
)
from sim.study.decide import plans

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Size = tuple[float, float]
PAGE: Size = (5.2, 2.3)
SLIDE: Size = (20.0 / 3.0, 3.75)
SLIDE_DOTS = 288
"""An inch: a slide of 1,920 by 1,080 dots."""
LOW = 0.68
SHORT_CAUSES = {
    "mix": "harder mix",
    "context": "lost context",
    "frustration": "frustration",
    "fatigue": "tiredness",
    "pace": "hurry",
    "other": "other",
}
MONTHS = range(13)
Draw = Callable[..., Drawing | None]


def charts(facts: Facts, names: Names, headlines: Mapping[str, str]) -> dict[str, Chart]:
    """Every chart that there is something to draw for, by the name of its section.

    Parameters
    ----------
    facts, names : what is drawn.
    headlines : by section, what its slide says above the chart.
    """
    with style():
        drawn = side_by_side([partial(_chart, name, facts, names, headlines) for name in DRAWN])
    return {name: chart for name, chart in zip(DRAWN, drawn, strict=True) if chart is not None}


def _chart(name: str, facts: Facts, names: Names, headlines: Mapping[str, str]) -> Chart | None:
    draw = DRAWN[name]
    drawing = draw(facts, names)
    if drawing is None:
        return None
    slide = _slide(draw(facts, names, SLIDE), headlines.get(name, drawing.title))
    return replace(chart_of(f"decide_{name}", drawing), slide=slide)


def _slide(drawing: Drawing | None, headline: str) -> bytes:
    """A chart under its headline, at the size of a slide."""
    assert drawing is not None
    drawing.figure.suptitle(folded(headline, 60, 3), x=0.02, ha="left", fontsize=11, fontweight="bold")
    lay_out(drawing.figure, SLIDE_DOTS)
    return image(drawing.figure, "png", SLIDE_DOTS)


def lower(size: Size) -> Size:
    """A chart of few rows: as wide, and lower; a slide stays one."""
    return size if size == SLIDE else (size[0], LOW * size[1])


# One a section ----------------------------------------------------------------------


def _freed(facts: Facts, names: Names, size: Size = PAGE) -> Drawing:
    """Who can go, by four ways to count."""
    safe = "safe, at equal service" if facts("people_equal") >= facts("people_safe") else "safe, as to waits and strain"
    ways = {safe: ("fte_safe", BLUE), "best estimate": ("fte_best", BLUE)}
    ways |= {"at the targets alone": ("fte_at_targets", ORANGE)} if facts.has("fte_at_targets") else {}
    rows = [(words, facts.value(name).mean, colour) for words, (name, colour) in ways.items()]
    if facts.has("fte_gone", plans.NAIVE):
        rows.append(("by containment", facts("fte_gone", plans.NAIVE), VERMILION))
    figure, (axes,) = canvas(size)
    _bars(axes, rows, "FTE")
    best = facts.value("fte_best")
    if best.judged:
        axes.errorbar(best.mean, 1, xerr=[[best.mean - best.low], [best.high - best.mean]], color="black", capsize=3)
    axes.set(xlabel="FTE that can go")
    return Drawing(figure, "FTE that can go, by how it is counted", _told(rows, "FTE"))


def _bars(axes: Axes, rows: list[tuple[str, float, str]], unit: str, decimals: int = 1) -> None:
    """Bars from zero, the first on top, each with its number."""
    for place, (_, value, colour) in enumerate(rows):
        axes.barh(place, value, 0.62, color=colour)
        side = 1 if value >= 0 else -1
        axes.annotate(
            f"{value:,.{decimals}f}", (value, place), (14 * side, 0), textcoords="offset points",
            va="center", ha="left" if side > 0 else "right", fontsize=8,
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [folded(words, 24) for words, _, _ in rows])
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.margins(x=0.16)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def _told(rows: list[tuple[str, float, str]], unit: str) -> str:
    return f"{'; '.join(f'{words} {value:,.1f} {unit}' for words, value, _ in rows)}."


def _handle_time(facts: Facts, names: Names, size: Size = PAGE) -> Drawing | None:
    """From the handle time of before to that with the safe plan, cause by cause."""
    start, end = facts("aht_s", plans.BEFORE), facts("aht_s", plans.SAFE)
    if math.isnan(start) or math.isnan(end):
        return None
    steps = [(SHORT_CAUSES[cause], facts(f"aht_{cause}", plans.SAFE)) for cause in CAUSES]
    steps = [(words, seconds) for words, seconds in steps if abs(seconds) >= 0.5]
    figure, (axes,) = canvas(size)
    axes.bar(0, start, 0.6, color=GREY)
    level, told = start, [f"before {duration(start)}"]
    for place, (words, seconds) in enumerate(steps, start=1):
        axes.bar(place, seconds, 0.6, level, color=VERMILION if seconds > 0 else BLUE)
        axes.annotate(f"{seconds:+.0f}", (place, max(level, level + seconds)), (0, 2), textcoords="offset points",
                      ha="center", fontsize=8)  # fmt: skip
        level += seconds
        told.append(f"{words} {seconds:+.0f} s")
    axes.bar(len(steps) + 1, end, 0.6, color=GREY)
    for place, value in ((0, start), (len(steps) + 1, end)):
        axes.annotate(duration(value).removesuffix(" min"), (place, value), (0, 2), textcoords="offset points",
                      ha="center", fontsize=8)  # fmt: skip
    target = facts("old_target")
    if not math.isnan(target):
        axes.axhline(target, color=GREEN, linestyle="--", linewidth=1.2)
    axes.set_xticks(range(len(steps) + 2), ["before", *(folded(words, 11) for words, _ in steps), "with this\nstaff"])
    lowest = min([start, end, *([target] if not math.isnan(target) else [])])
    axes.set_ylim(0.75 * lowest, 1.06 * max(start, end, level))
    axes.set(ylabel="seconds (cut off below)")
    axes.tick_params(axis="x", length=0, labelsize=7.5)
    line = "" if math.isnan(target) else "; dashed: the old target"
    return Drawing(
        figure, f"Handle time of a contact, what has changed it{line}", f"{'; '.join(told)}, {duration(end)}."
    )


SIDES = {
    "service_level": "answered in time",
    "abandonment_rate": "give up",
    "resolution_rate": "needs resolved",
    "repeat_rate": "repeats",
    "occupancy": "agents busy",
    "mistreatment_rate": "agents treated badly",
    "strained_share": "agents strained",
}
LOOKS = {
    plans.BEFORE: ("before", GREY, "o"),
    plans.SAFE: ("safe plan", BLUE, "s"),
    plans.NAIVE: ("by containment", VERMILION, "D"),
}


def _sides(facts: Facts, names: Names, size: Size = PAGE) -> Drawing:
    """Customers and agents: before, with the safe plan, with the naive one."""
    shown = [name for name in SIDES if facts.has(name, plans.SAFE)]
    figure, (axes,) = canvas(size)
    told = []
    for plan, (label, colour, marker) in LOOKS.items():
        values = [100.0 * facts(name, plan) for name in shown]
        if all(map(math.isnan, values)):
            continue
        axes.plot(values, range(len(shown)), marker, color=colour, label=label, markersize=5.5)
        told.append(f"{label}: {', '.join(f'{SIDES[n]} {v:.0f} %' for n, v in zip(shown, values, strict=True))}")
    axes.set_yticks(range(len(shown)), [SIDES[name] for name in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set(xlabel="%")
    axes.grid(axis="both")
    legend(figure, axes)
    return Drawing(figure, "Customers and agents, plan by plan", f"{'; '.join(told)}.")


def _cash(facts: Facts, names: Names, size: Size = PAGE) -> Drawing | None:
    """Cash after each month of the first year."""
    if not facts.has("cash_after_month_1", plans.SAFE):
        return None
    figure, (axes,) = canvas(size)
    lines = {
        plans.SAFE: ("safe plan", BLUE, "-"),
        plans.KEEP: ("nobody goes", GREEN, "--"),
        plans.NAIVE: ("by containment", VERMILION, ":"),
    }
    told = []
    for plan, (label, colour, dashes) in lines.items():
        values = [-facts(f"cash_after_month_{month}", plan) / 1000.0 for month in MONTHS]
        if any(map(math.isnan, values)):
            continue
        axes.plot(list(MONTHS), values, color=colour, linestyle=dashes, label=label)
        told.append(f"{label} {values[-1]:,.0f} thousand after a year")
    axes.axhline(0.0, color="black", linewidth=0.8)
    axes.set_xticks(range(0, 13, 3))
    axes.set(xlabel="months", ylabel=f"saved, thousand {names.money}".strip())
    axes.grid(axis="y")
    legend(figure, axes)
    return Drawing(figure, "Cash of the first year, added up: above the line, saved", f"{'; '.join(told)}.")


def _sure(facts: Facts, names: Names, size: Size = PAGE) -> Drawing | None:
    """The best estimate with what luck and what assumption move it."""
    best = facts.value("fte_best")
    rows = []
    if best.judged:
        rows.append(("luck of the simulation", best.low, best.high, BLUE))
    if facts.has("fte_assumed_low"):
        rows.append(("what is assumed, one at a time", facts("fte_assumed_low"), facts("fte_assumed_high"), VERMILION))
    if not rows:
        return None
    figure, (axes,) = canvas(lower(size))
    for place, (_, low, high, colour) in enumerate(rows):
        axes.barh(place, high - low, 0.5, low, color=colour)
        for at, side in ((low, -1), (high, 1)):
            axes.annotate(f"{at:,.1f}", (at, place), (4 * side, 0), textcoords="offset points", va="center",
                          ha="left" if side > 0 else "right", fontsize=8)  # fmt: skip
    axes.axvline(best.mean, color="black", linewidth=1.2)
    axes.axvline(0.0, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yticks(range(len(rows)), [folded(words, 20) for words, *_ in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.margins(x=0.3)
    axes.set(xlabel="FTE that can go (black: the best estimate)")
    axes.tick_params(axis="y", length=0)
    told = [f"{words} {low:,.1f} to {high:,.1f} FTE" for words, low, high, _ in rows]
    return Drawing(figure, "How far luck and assumption move the answer", f"{'; '.join(told)}.")


def _first(facts: Facts, names: Names, size: Size = PAGE) -> Drawing | None:
    """The numbers that move the answer most, from their low to their high ends."""
    rows = list(_ends(facts, names))
    if not rows:
        return None
    figure, (axes,) = canvas(size)
    best = facts("fte_best")
    for place, (_, ends) in enumerate(rows):
        for (words, value), colour in zip(ends, (BLUE, VERMILION), strict=True):
            axes.barh(place, value - best, 0.6, best, color=colour)
            side = 1 if value >= best else -1
            axes.annotate(words, (value, place), (4 * side, 0), textcoords="offset points", va="center",
                          ha="left" if side > 0 else "right", fontsize=7.5)  # fmt: skip
    axes.axvline(best, color="black", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [folded(words, 26, 2) for words, _ in rows], fontsize=7.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.margins(x=0.22)
    axes.set(xlabel="FTE that can go")
    axes.grid(axis="x")
    told = [f"{words}: {' to '.join(f'{value:,.1f}' for _, value in ends)} FTE" for words, ends in rows]
    return Drawing(
        figure,
        "What moves the answer most, each number from its low (blue) to its high end (orange)",
        f"{'; '.join(told)}.",
    )


def _ends(facts: Facts, names: Names) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    for place, number in enumerate(names.measure_first, start=1):
        yield number.words, [(number.low, facts(f"fte_low_{place}")), (number.high, facts(f"fte_high_{place}"))]


def _trigger(facts: Facts, names: Names, size: Size = PAGE) -> Drawing | None:
    """What the bot resolves by the file, what the next step needs, what its reports claim."""
    if not facts.has("resolved_needed"):
        return None
    rows = [("resolved now, by the file", 100 * facts("resolved_now"), BLUE)]
    needed = facts("resolved_needed")
    if math.isfinite(needed):
        rows.append(("needed for the next step", 100 * needed, ORANGE))
    rows.append(("claimed: closed as done", 100 * facts("containment_rate", plans.SAFE), VERMILION))
    figure, (axes,) = canvas(lower(size))
    _bars(axes, rows, "%")
    axes.set(xlabel="% of the sessions of the bot")
    return Drawing(figure, "What the bot resolves, and what the next step needs", _told(rows, "%"))


PLANS = {
    plans.BEFORE: ("before", GREY),
    plans.NAIVE: ("by containment", VERMILION),
    plans.SAFE: ("safe plan", BLUE),
    plans.KEEP: ("nobody goes", GREEN),
    plans.RECOVERY: ("with pauses", GREEN),
    plans.COACHING: ("coaching", GREEN),
    plans.ROOT_CAUSES: ("root causes", GREEN),
}


def _alternatives(facts: Facts, names: Names, size: Size = PAGE) -> Drawing:
    """Customers served in time and needs resolved, plan by plan."""
    shown = {plan: look for plan, look in PLANS.items() if facts.has("resolution_rate", plan)}
    figure, panels = canvas(size, 2)
    told = []
    for axes, (name, words) in zip(
        panels, (("service_level", "answered in time"), ("resolution_rate", "needs resolved")), strict=True
    ):
        values = [100.0 * facts(name, plan) for plan in shown]
        axes.barh(range(len(shown)), values, 0.62, color=[colour for _, colour in shown.values()])
        for place, value in enumerate(values):
            axes.annotate(f"{value:.1f}", (value, place), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
        axes.set_yticks(range(len(shown)), [label for label, _ in shown.values()] if axes is panels[0] else [])
        axes.set_ylim(len(shown) - 0.5, -0.5)
        low = min(values)
        axes.set_xlim(max(low - 12.0, 0.0), 104.0)
        axes.set(xlabel=f"{words} (%)")
        axes.tick_params(axis="y", length=0, labelsize=7.5)
        told += [f"{label} {value:.1f} % {words}" for (label, _), value in zip(shown.values(), values, strict=True)]
    return Drawing(figure, "The mistake, the plan, and the hours spent otherwise", f"{'; '.join(told)}.")


DRAWN: dict[str, Draw] = {
    "freed": _freed,
    "handle_time": _handle_time,
    "service": _sides,
    "money": _cash,
    "how_sure": _sure,
    "measure_first": _first,
    "trigger": _trigger,
    "alternatives": _alternatives,
}
"""By section, in the order of the page."""
