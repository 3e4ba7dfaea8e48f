"""The bridge as waterfalls: one of handle time, one of workload, one of staff."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.report import Chart
from sim.report.bridge.narrative import FORMS, bar, end, label_of, moves, names_of, shown_causes
from sim.report.bridge.narrative import figure as figure_of
from sim.report.numbers import Value, exactly
from sim.report.style import BLUE, FULL, GREY, VERMILION, Drawing, canvas, chart_of, folded, style
from sim.study.bridge.bars import AHT, FTE, WORKLOAD, Bridge

TITLES = {
    AHT: "Average handle time, from today to tomorrow",
    WORKLOAD: "Workload, from today to tomorrow",
    FTE: "FTE, from today to tomorrow",
}
UNITS = {AHT: "seconds a contact", WORKLOAD: "hours of handling over the days measured", FTE: "FTE"}
CLAIMED = "what its containment promises"
ROW, MARGIN = 0.235, 0.55
ROOM = 0.16
"""Of the span, on either side, for figures beside the bars."""


@dataclass(frozen=True)
class Step:
    """A row of a waterfall.

    Attributes
    ----------
    start, value : where a bar begins, and by how much it goes on; of the ends the value alone counts.
    whole : an end, and no bar.
    said : an end that is only claimed.
    """

    label: str
    start: float
    value: Value
    whole: bool = False
    said: bool = False

    @property
    def stop(self) -> float:
        """Where it ends."""
        return self.value.mean if self.whole else self.start + self.value.mean


def draw(bridge: Bridge) -> list[Chart]:
    """The waterfalls in the order of the report; none of a measure that has no value."""
    with style():
        drawn = [(measure, waterfall(bridge, measure)) for measure in (AHT, WORKLOAD, FTE)]
        return [chart_of(f"bridge_{_name(measure)}", drawing) for measure, drawing in drawn if drawing is not None]


def _name(measure: str) -> str:
    return measure.removesuffix("_s").removesuffix("_hours")


def waterfall(bridge: Bridge, measure: str) -> Drawing | None:
    """Bars that float from where the one above ends: to the right what adds, to the left what takes away."""
    rows = rows_of(bridge, measure)
    if not all(row.value.known for row in rows):
        return None
    figure, (axes,) = canvas((FULL[0], MARGIN + ROW * len(rows)))
    low, high = _span(rows)
    axes.set_xlim(low, high)
    for place, row in enumerate(rows):
        _draw(axes, row, place, measure, high - low)
        if not row.whole or place == 0:
            axes.plot([row.stop, row.stop], [place, place + 1], color="#888888", lw=0.7, zorder=1)
    axes.set_yticks(range(len(rows)), [folded(row.label, 60, 1) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    cut = "" if low <= 0.0 else "; the axis does not begin at 0"
    axes.set_xlabel(f"{UNITS[measure]}{cut}")
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    return Drawing(figure, TITLES[measure], _alt(rows, measure))


def rows_of(bridge: Bridge, measure: str) -> list[Step]:
    """Today, every bar that moves, tomorrow."""
    before, after = names_of(bridge)
    rows = [Step(before, 0.0, end(bridge, "before", measure), whole=True)]
    for cause in shown_causes(bridge):
        value = bar(bridge, cause, measure)
        if value is not None and (moves(value) or not value.known):
            rows.append(Step(label_of(bridge, cause, short=True), rows[-1].stop, value))
    return [*rows, Step(after, 0.0, end(bridge, "after", measure), whole=True), *_claimed(bridge, measure)]


def _claimed(bridge: Bridge, measure: str) -> list[Step]:
    """The staff that would be left if its containment said it all."""
    claimed, staff = figure_of(bridge, "fte_claimed"), figure_of(bridge, "fte_before")
    if measure != FTE or not claimed.known or claimed.mean <= 0.0:
        return []
    return [Step(CLAIMED, 0.0, exactly(staff.mean - claimed.mean), whole=True, said=True)]


def _span(rows: list[Step]) -> tuple[float, float]:
    levels = [level for row in rows for level in (row.stop, row.stop if row.whole else row.start)]
    low, high = min(levels), max(levels)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (max(low - room, 0.0) if low >= 0.0 else low - room), high + room


def _draw(axes: Axes, row: Step, place: int, measure: str, span: float) -> None:
    form = FORMS[measure]
    if row.whole:
        colour = GREY if row.said else "black"
        axes.plot([row.stop, row.stop], [place - 0.34, place + 0.34], color=colour, lw=3, solid_capstyle="butt")
        _text(axes, row.stop, place, form.value(row.value), weight="normal" if row.said else "bold")
        return
    adds = row.value.mean >= 0
    axes.barh(place, row.value.mean, 0.62, row.start, color=VERMILION if adds else BLUE, zorder=2)
    reach = row.value.half_width if row.value.judged else 0.0
    if reach > 0.002 * span:
        axes.errorbar(row.stop, place, xerr=reach, color=GREY, lw=1.0, capsize=2, zorder=3)
    _text(axes, max(row.start, row.stop + reach), place, form.change(row.value).replace("-", "−"))


def _text(axes: Axes, where: float, place: int, text: str, weight: str = "normal") -> None:
    backdrop = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4}
    axes.annotate(
        text,
        (where, place),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        weight=weight,
        bbox=backdrop,
        zorder=4,
    )


def _alt(rows: list[Step], measure: str) -> str:
    form = FORMS[measure]
    parts = [f"{row.label} {form.value(row.value) if row.whole else form.change(row.value)}" for row in rows]
    return f"{'; '.join(parts)}."
