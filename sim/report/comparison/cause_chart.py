"""The chart of what handle time is made of: a bar a scenario, a piece a cause."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.report.comparison.causes import AHT, AhtCause, counts, shown_causes, taken_apart
from sim.report.comparison.findings import Findings
from sim.report.forms import duration
from sim.report.style import BLUE, FULL, GREEN, ORANGE, PURPLE, VERMILION, Drawing, canvas, folded, legend
from sim.report.value import Value

NAME = "aht_causes"
TITLE = "What handle time is made of"
NOT_APART = "not taken apart: no mechanism is on"
LIGHT, MIDDLE, SKY, YELLOW = "#d9d9d9", "#a6a6a6", "#56B4E9", "#F0E442"
LEAST_FOR_A_FIGURE = 0.025
"""The part of the axis from which on a piece is wide enough for its figure."""


@dataclass(frozen=True)
class _Ink:
    colour: str
    hatch: str = ""


INKS = {
    "aht_stated_s": _Ink(LIGHT),
    "aht_difficulty_s": _Ink(BLUE),
    "aht_frustration_s": _Ink(VERMILION),
    "aht_fatigue_s": _Ink(ORANGE),
    "aht_tenure_s": _Ink(GREEN),
    "aht_redundancy_s": _Ink(GREEN, "...."),
    "aht_speed_s": _Ink("white", "...."),
    "aht_assistant_s": _Ink(SKY, "////"),
    "aht_context_s": _Ink(PURPLE),
    "aht_screens_s": _Ink(YELLOW),
    "aht_supervisor_s": _Ink(SKY),
    "aht_pace_s": _Ink("white", "////"),
    "aht_wrap_up_s": _Ink(MIDDLE),
    "aht_summary_s": _Ink(MIDDLE, "////"),
    "aht_cleanup_s": _Ink(MIDDLE, "xxxx"),
}


def aht_causes(findings: Findings) -> Drawing | None:
    """Seconds of AHT by cause: what adds to the right of zero, what takes off to the left, AHT itself as a mark."""
    causes = shown_causes(findings, findings.names)
    if not causes:
        return None
    names = findings.names
    rows_of_legend = -(-(len(causes) + 1) // 3)
    figure, (axes,) = canvas((FULL[0], 0.7 + 0.5 * len(names) + 0.18 * rows_of_legend))
    reach = max(sum(max(part, 0.0) for part in _parts(findings, name, causes).values()) for name in names)
    for place, name in enumerate(reversed(names)):
        _pile(axes, findings, name, place, causes, LEAST_FOR_A_FIGURE * reach)
    axes.set_yticks(range(len(names)), [folded(name) for name in reversed(names)])
    axes.set(xlabel="seconds of a contact, added up; left of 0: time taken off", ylim=(-0.6, len(names) - 0.4))
    axes.set_xlim(right=1.14 * reach)
    axes.axvline(0, color="#888888", linewidth=0.8)
    axes.grid(axis="x")
    legend(figure, axes)
    return Drawing(figure, TITLE, _alt(findings, causes))


def _parts(findings: Findings, name: str, causes: list[AhtCause]) -> dict[str, float]:
    """Seconds by label, of which something is left; the whole where it cannot be taken apart."""
    measures = {cause.label: cause.measure for cause in causes} if taken_apart(findings, name) else {NOT_APART: AHT}
    values = {label: findings.value(name, measure) for label, measure in measures.items()}
    return {label: value.mean for label, value in values.items() if counts(value)}


def _pile(axes: Axes, findings: Findings, name: str, place: int, causes: list[AhtCause], least: float) -> None:
    """One bar: each piece at the end of those on its side of zero."""
    inks = {cause.label: INKS[cause.measure] for cause in causes} | {NOT_APART: _Ink("white", "xx")}
    ends = {1: 0.0, -1: 0.0}
    for label, seconds in _parts(findings, name, causes).items():
        side, ink = 1 if seconds >= 0 else -1, inks[label]
        edge = "black" if ink.hatch else "white"
        axes.barh(
            place, seconds, 0.6, ends[side], color=ink.colour, hatch=ink.hatch, edgecolor=edge, lw=0.5, label=label
        )
        if abs(seconds) >= least:
            _figure(axes, ends[side] + seconds / 2, place, f"{seconds:.0f}")
        ends[side] += seconds
    _whole(axes, findings.value(name, AHT), place, ends[1])


def _whole(axes: Axes, aht: Value, place: int, end: float) -> None:
    """AHT as a mark across the bar, and in words at its end; nothing where nobody was answered."""
    if not aht.known:
        return
    whole = aht.mean
    axes.plot([whole, whole], [place - 0.4, place + 0.4], color="black", lw=2.2, label="AHT, the sum")
    axes.annotate(f"AHT {duration(whole)}", (end, place), (6, 0), textcoords="offset points", va="center")


def _figure(axes: Axes, where: float, place: int, text: str) -> None:
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.6}
    axes.text(where, place, text, ha="center", va="center", fontsize=7.5, bbox=paper)


def _alt(findings: Findings, causes: list[AhtCause]) -> str:
    said = []
    for name in (name for name in findings.names if findings.value(name, AHT).known):
        parts = ", ".join(f"{label} {seconds:.0f} s" for label, seconds in _parts(findings, name, causes).items())
        said.append(f"{name}: {duration(findings.value(name, AHT).mean)}: {parts}")
    return f"{'; '.join(said)}."
