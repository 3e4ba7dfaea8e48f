"""The charts of `risk`: chances by staff, plan and target, what carries the doubt, money, what knowing is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.report import Chart
from sim.report.labels import key_words, label_of, level_words
from sim.report.numbers import round_percent
from sim.report.risk.tables import period_words
from sim.report.style import (
    BLUE,
    FULL,
    GREY,
    HALF,
    SEEN,
    VERMILION,
    Drawing,
    canvas,
    chart_of,
    folded,
    legend,
    looks,
    style,
)
from sim.study.risk.resampling import Estimated
from sim.study.risk.result import ALL, RiskResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS = 10
A_ROW, A_FRAME = 0.34, 1.1
SHADE = 0.2


def draw(result: RiskResult) -> list[Chart]:
    """All charts of a risk study."""
    with style():
        return [chart_of(name, drawing) for name, drawing in _drawn(result)]


def _drawn(result: RiskResult) -> Iterator[tuple[str, Drawing]]:
    if result.curve is not None:
        yield "chance", _by_staff(result)
    yield "targets", _by_target(result)
    if result.costs is not None:
        yield "money", _money(result)
    if result.worth is not None and any(one.shown for one in result.worth):
        yield "worth", _worth(result)
    yield "doubt", _doubt(result)


def _tall(rows: int, width: float) -> tuple[float, float]:
    return width, max(HALF[1], A_FRAME + A_ROW * rows)


# Chances ------------------------------------------------------------------------------


def _by_staff(result: RiskResult) -> Drawing:
    """The chance of meeting all targets against staff, with its band and where the chance asked for is reached."""
    curve = result.curve
    assert curve is not None
    low, high = curve.band(seed=result.seed + 1)
    figure, (axes,) = canvas(HALF)
    axes.fill_between(curve.staff, 100 * low, 100 * high, color=BLUE, alpha=SHADE, linewidth=0)
    axes.plot(curve.staff, 100 * curve.fitted, color=BLUE)
    axes.plot(curve.staff, 100 * curve.shares, "o", color=BLUE)
    _wanted(axes, result, "h")
    axes.axvline(result.plans[0].fte, color=GREY, linestyle=":", linewidth=1, label="the file's own plan")
    staff = curve.staff_for(result.wanted, seed=result.seed + 1)
    ends = np.clip([staff.low, staff.high], curve.staff[0], curve.staff[-1])
    axes.plot(ends, [100 * result.wanted] * 2, color=VERMILION, linewidth=4, solid_capstyle="butt")
    axes.set(xlabel="rostered FTE", ylabel="chance (%)", ylim=(-2, 102))
    axes.grid(axis="y")
    legend(figure, axes)
    points = zip(curve.staff, curve.fitted, strict=True)
    alt = "; ".join(f"{at:.1f} FTE: {100 * chance:.0f} %" for at, chance in points)
    title = f"The chance of meeting all targets over {period_words(result)}, by staff"
    return Drawing(figure, title, f"{alt}. Shaded and thick: 95 % intervals; dashed: the chance asked for.")


def _wanted(axes: Axes, result: RiskResult, way: str) -> None:
    line = axes.axhline if way == "h" else axes.axvline
    line(100 * result.wanted, color=VERMILION, linestyle="--", linewidth=1, label="asked for")


def _by_target(result: RiskResult) -> Drawing:
    """The chance of every plan, of all targets and of each, with intervals."""
    names = [ALL, *result.goals] if len(result.goals) > 1 else [ALL]
    figure, (axes,) = canvas(_tall(len(result.plans), HALF[0]))
    words = {name: "all targets" if name == ALL else label_of(name).short for name in names}
    places, apart = np.arange(len(result.plans))[::-1], 0.7 / len(names)
    for k, (name, look) in enumerate(zip(names, looks([words[name] for name in names]).values(), strict=True)):
        found = [result.chance(plan, name) for plan in range(len(result.plans))]
        at = places + apart * ((len(names) - 1) / 2 - k)
        _points(axes, found, at, look.colour, look.marker, look.label, 100.0)
    _wanted(axes, result, "v")
    axes.set_yticks(places, [folded(plan.name, 22) for plan in result.plans])
    axes.set(xlabel=f"chance over {period_words(result)} (%)", xlim=(-2, 102))
    axes.grid(axis="x")
    legend(figure, axes)
    alt = "; ".join(f"{p.name}: {round_percent(result.chance(k).mean)}" for k, p in enumerate(result.plans))
    title = f"The chance of each plan over {period_words(result)}, by target"
    return Drawing(figure, title, f"All targets: {alt}. Lines: 95 % intervals.")


def _points(
    axes: Axes,
    found: Sequence[Estimated],
    at: Sequence[float] | np.ndarray,
    colour: str,
    marker: str,
    label: str,
    scale: float = 1.0,
) -> None:
    """Figures with their intervals, along the horizontal."""
    mean, low, high = (scale * np.array(part, float) for part in zip(*found, strict=True))
    errors = np.maximum([mean - low, high - mean], 0.0)
    axes.errorbar(mean, at, xerr=np.nan_to_num(errors), fmt=marker, color=colour, elinewidth=1.2, label=label)


# Doubt --------------------------------------------------------------------------------


def _doubt(result: RiskResult) -> Drawing:
    """Beside each other: the share of the variance that luck and each belief carry; and what the belief does."""
    measure, plan = result.about, result.chosen
    first, mine = result.first_order(measure, plan), result.screened(measure, plan)[:MOST_BARS]
    found = result.total(measure, plan)
    totals = dict(zip(found[0], found[1].total, strict=False)) if found is not None else {}
    figure, (shares, moves) = canvas(_tall(len(mine) + 1, FULL[0]), 2, [1.0, 1.0])
    luck, places = result.luck(measure, plan), np.arange(len(mine) + 1)[::-1]
    every = [luck, *(first[k].share for k in mine)]
    shares.barh(places, [max(100 * one.mean, 0.0) for one in every], color=[GREY] + [BLUE] * len(mine), height=0.6)
    _whiskers(shares, every, places)
    shown = [(at, totals[k]) for at, k in zip(places[1:], mine, strict=True) if k in totals]
    if shown:
        _points(shares, [one for _, one in shown], [at - 0.2 for at, _ in shown], VERMILION, "D", "with others", 100.0)
    names = ["luck of the weeks", *(key_words(result.sample.keys[k]) for k in mine)]
    shares.set_yticks(places, [folded(name, 26, 2) for name in names])
    shares.set(xlabel="share of the variance (%)")
    shares.set_xlim(left=0)
    shares.grid(axis="x")
    legend(figure, shares)
    _tornado(moves, [(first[k].at_low, first[k].at_high) for k in mine], places[1:], result, measure, plan)
    moves.set_ylim(shares.get_ylim())
    biggest = "; ".join(f"{n}: {round_percent(max(one.mean, 0.0))}" for n, one in zip(names, every, strict=True))
    words = level_words(result.scenario, measure)
    title = f"What carries the doubt about {words} ({result.plans[plan].name}): share of the variance, and what it does"
    return Drawing(figure, title, f"{biggest}. Lines: 95 % intervals.")


def _whiskers(axes: Axes, found: Sequence[Estimated], places: np.ndarray) -> None:
    known = [(one, at) for one, at in zip(found, places, strict=True) if one.low == one.low]
    mean, low, high = (100 * np.array(part) for part in zip(*(one for one, _ in known), strict=True))
    mean = np.maximum(mean, 0.0)
    errors = np.maximum([mean - low, high - mean], 0.0)
    axes.errorbar(mean, [at for _, at in known], xerr=errors, fmt="none", ecolor="black", elinewidth=1)


def _tornado(
    axes: Axes, ends: Sequence[tuple[float, float]], places: np.ndarray, result: RiskResult, measure: str, plan: int
) -> None:
    """The mean result with each belief near its low and near its high end, about the mean of all draws."""
    middle = 100 * float(np.nanmean(result.values(measure)[:, plan]))
    for (low, high), at in zip(ends, places, strict=True):
        axes.barh(at, 100 * low - middle, left=middle, color=VERMILION, height=0.6, label="low")
        axes.barh(at, 100 * high - middle, left=middle, color=BLUE, height=0.6, alpha=0.8, label="high")
    axes.axvline(middle, color="black", linewidth=0.8)
    goal = result.goals[measure]
    axes.axvline(100 * goal.share, color="black", linestyle=":", linewidth=1)
    low_words, high_words = SEEN[VERMILION], SEEN[BLUE]
    axes.set(xlabel=f"mean (%) near the low ({low_words})\nand high ({high_words}) end; dots: target")
    axes.set_yticks([])
    axes.grid(axis="x")


# Money --------------------------------------------------------------------------------


def _money(result: RiskResult) -> Drawing:
    """What a week of every plan is expected to come to, and the regret of the worst draws."""
    figure, (axes,) = canvas(_tall(len(result.plans), HALF[0]))
    places = np.arange(len(result.plans))[::-1]
    _points(axes, [result.cost(k) for k in range(len(result.plans))], places, BLUE, "o", "expected cost a week")
    axes.set_yticks(places, [folded(plan.name, 22) for plan in result.plans])
    prices = "prices of bad service included" if result.priced else "bad service has no price"
    axes.set(xlabel=f"{result.currency or 'money'} a week, {prices}")
    axes.grid(axis="x")
    alt = "; ".join(f"{plan.name}: {result.cost(k).mean:,.0f}" for k, plan in enumerate(result.plans))
    return Drawing(figure, "What a week of each plan is expected to cost", f"{alt}. Lines: 95 % intervals.")


def _worth(result: RiskResult) -> Drawing:
    """What knowing each number is worth, and what a number gives that has nothing to do with it."""
    assert result.worth is not None
    found = [(key_words(b.key), one) for b, one in zip(result.sample.beliefs, result.worth, strict=True) if one.shown]
    found = sorted(found, key=lambda pair: -pair[1].worth.mean)[:MOST_BARS]
    figure, (axes,) = canvas(_tall(len(found), HALF[0]))
    places = np.arange(len(found))[::-1]
    axes.barh(places, [one.worth.mean for _, one in found], color=BLUE, height=0.6)
    _points(axes, [one.worth for _, one in found], places, "black", "none", "")
    axes.plot([one.by_chance for _, one in found], places, "|", color=VERMILION, markersize=14, label="by chance")
    axes.set_yticks(places, [folded(name, 26, 2) for name, _ in found])
    axes.set(xlabel=f"{result.currency or 'money'} over a year of the decision")
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    legend(figure, axes, alone=True)
    alt = "; ".join(f"{name}: {one.worth.mean:,.0f}" for name, one in found)
    return Drawing(figure, "What knowing a number first is worth: a ceiling", f"{alt}. Lines: 95 % intervals.")
