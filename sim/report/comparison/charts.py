"""The charts of a report. Each takes findings and returns a drawing, or None where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.mechanisms.declaration import Part
from sim.report import Chart
from sim.report.beside import side_by_side
from sim.report.comparison.bot import deflects, of_all_contacts, with_bot, work_saved
from sim.report.comparison.causes import AHT, counts, shown_causes
from sim.report.comparison.channel_charts import backlog, chats_by_group, chats_in_hand
from sim.report.comparison.decision import level_notes, service_level_measure
from sim.report.comparison.drawing import clock_axis, dot, interval_hours, line_of_day
from sim.report.comparison.findings import Findings, by_time
from sim.report.numbers import MINUTE_S, NOTHING, Value, duration, round_percent
from sim.report.style import (
    BLUE,
    FULL,
    GREEN,
    GREY,
    HALF,
    PALETTE,
    VERMILION,
    Drawing,
    canvas,
    chart_of,
    folded,
    legend,
    looks,
    short,
    style,
)
from sim.scenario.targets import targets_of_scenario

BACKDROP = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5}
AS_CLAIMED = "if it had fallen by the share of contacts contained"
MOST_PANELS = 3
AHT_CAUSES = "aht_causes"
LEAST_FOR_A_FIGURE = 0.025
"""The part of the axis from which on a piece is wide enough for its figure."""


def draw(findings: Findings) -> list[Chart]:
    """Draw every chart that these findings have, in the order of the report."""
    with style():
        drawn = side_by_side([partial(_drawn, name, findings) for name in CHARTS])
    return [chart for chart in drawn if chart is not None]


def _drawn(name: str, findings: Findings) -> Chart | None:
    drawing = CHARTS[name](findings)
    return None if drawing is None else chart_of(name, drawing)


# By time of day ---------------------------------------------------------------


def service_level(findings: Findings) -> Drawing:
    """Service level by time of day, with the target."""
    figure, (axes,) = canvas(HALF)
    for name, look in looks(findings.names).items():
        line_of_day(axes, findings, name, look, service_level_measure(findings.scenario(name)), 100.0)
    for share in sorted(_level_targets(findings)):
        axes.axhline(100 * share, color="black", linewidth=0.9, linestyle=(0, (1, 1)))
        axes.text(
            1.0,
            100 * share + 1,
            f"target {100 * share:g} %",
            transform=axes.get_yaxis_transform(),
            ha="right",
            bbox=BACKDROP,
        )
    axes.set(ylim=(0, 102), ylabel="service level (%)")
    clock_axis(axes)
    legend(figure, axes)
    alt = _alt(findings, lambda name: (service_level_measure(findings.scenario(name)), round_percent))
    return Drawing(figure, "Service level by time of day", f"{alt} {' '.join(level_notes(findings))}")


def _level_targets(findings: Findings) -> set[float]:
    targets = (targets_of_scenario(s).get(service_level_measure(s)) for s in findings.scenarios)
    return {target.share for target in targets if target}


def waits(findings: Findings) -> Drawing:
    """ASA by time of day; ASA and the 90th percentile of all waits overall."""
    figure, (left, right) = canvas(FULL, 2, [1.7, 1.0])
    for name, look in looks(findings.names).items():
        line_of_day(left, findings, name, look, "asa_s", 1.0)
    left.set(ylabel="average wait, ASA (s)")
    left.set_ylim(bottom=0)
    clock_axis(left)
    places = _places(right, findings)
    for place, (name, look) in zip(places, looks(findings.names).items(), strict=True):
        for measure, marker in (("asa_s", "o"), ("wait_p90_s", "D")):
            dot(right, findings.value(name, measure), place, look.colour, marker)
    right.set(xlabel="● ASA (s)      ◆ 90 % of all wait less than (s)")
    right.set_xlim(left=0)
    right.grid(axis="x")
    legend(figure, left)
    return Drawing(figure, "Waits", _alt(findings, lambda name: ("asa_s", "{:.0f} s ASA".format)))


def volumes(findings: Findings) -> Drawing:
    """Contacts offered to agents and answered by time of day, a panel a scenario."""
    columns = min(len(findings.names), MOST_PANELS)
    lines = -(-len(findings.names) // columns)
    width, height = FULL if columns > 1 else HALF
    figure = Figure(figsize=(width, height if lines == 1 else 2.1 * lines), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True, sharex=True)
    panels = list(grid.flat)
    for axes, name in zip(panels, findings.names, strict=False):
        _volume_panel(axes, findings, name)
    panels[0].set_ylim(bottom=0)  # shared: set before the last panel is drawn, it would cut the higher ones
    for axes in panels[len(findings.names) :]:
        axes.set_visible(False)
    for line in grid:
        line[0].set(ylabel=f"contacts in {findings.first.scenario.calendar.interval / MINUTE_S:g} min")
    legend(figure, panels[0])
    alt = _alt(findings, lambda name: ("offered", "{:,.0f} offered".format))
    return Drawing(figure, "Contacts offered to agents and answered, by time of day", alt)


def _volume_panel(axes: Axes, findings: Findings, name: str) -> None:
    offered, answered = (by_time(findings.results[name], measure)["mean"] for measure in ("offered", "answered"))
    hours = interval_hours(findings, name, offered.index)
    axes.plot(hours, offered, color=GREY, label="offered")
    axes.plot(hours, answered, color=BLUE, linestyle="--", label="answered")
    axes.fill_between(hours, answered, offered, color=VERMILION, alpha=0.3, linewidth=0, label="lost")
    axes.set_title(short(name, 44))
    clock_axis(axes)


def fatigue(findings: Findings) -> Drawing | None:
    """Fatigue of agents by time of day."""
    if not findings.any_on("fatigue"):
        return None
    figure, (axes,) = canvas(HALF)
    for name, look in looks(findings.names).items():
        if findings.scenario(name).fatigue is not None:
            line_of_day(axes, findings, name, look, "fatigue_mean", 1.0)
    axes.set(ylabel="fatigue of agents (0 to 1)")
    axes.set_ylim(bottom=0)
    clock_axis(axes)
    legend(figure, axes)
    return Drawing(figure, "Fatigue over the day", _alt(findings, lambda name: ("fatigue_mean", "{:.2f}".format)))


# By intent and overall --------------------------------------------------------


def aht_by_intent(findings: Findings) -> Drawing:
    """AHT of each intent, a mark a scenario."""
    intents = list(dict.fromkeys(name for s in findings.scenarios for name in s.intents))
    labels = ["all", *reversed(intents)]
    figure, (axes,) = canvas((HALF[0], max(HALF[1], 0.8 + 0.22 * len(labels))))
    count = len(findings.names)
    for number, (name, look) in enumerate(looks(findings.names).items()):
        values = _aht(findings, name)
        for place, label in enumerate(labels):
            where = place + 0.5 * (0.5 - (number + 0.5) / count)
            value = values.get(label, NOTHING).times(1 / MINUTE_S)
            dot(axes, value, where, look.colour, look.marker, look.label)
    axes.set_yticks(range(len(labels)), [short(label, 24) for label in labels])
    axes.set(xlabel="average handle time, AHT (min)")
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    legend(figure, axes)
    alt = _alt(findings, lambda name: ("aht_s", lambda seconds: f"{seconds / MINUTE_S:.1f} min"))
    return Drawing(figure, "Average handle time by intent", alt)


def _aht(findings: Findings, name: str) -> dict[str, Value]:
    table = findings.results[name].by_intent
    chosen = table[table["measure"] == "aht_s"].set_index("intent")[["mean", "ci_low", "ci_high"]]
    return {str(k): Value(*v) for k, v in chosen.iterrows()} | {"all": findings.value(name, "aht_s")}


def workload(findings: Findings) -> Drawing | None:
    """Handling time of agents beside the first scenario's, and what containment claims it would be."""
    if not findings.others:
        return None
    figure, (axes,) = canvas((HALF[0], max(2.0, 1.0 + 0.4 * len(findings.names))))
    first = findings.value(findings.base, "workload_hours")
    for place, (name, look) in zip(_places(axes, findings), looks(findings.names).items(), strict=True):
        value = findings.value(name, "workload_hours")
        _bar(axes, value, place, 0.6, look.colour, f"{value.mean:,.0f} h")
        if deflects(findings, name):
            claimed = first.mean * (1 - of_all_contacts(findings, name, "containment_rate").mean)
            axes.plot(claimed, place, "D", color="black", markerfacecolor="white", label=AS_CLAIMED)
    axes.set(xlabel="agents' handling time (h)", xlim=(0, 1.18 * _largest(findings, "workload_hours")))
    legend(figure, axes, alone=True)
    axes.grid(axis="x")
    return Drawing(figure, "Workload of agents", _alt(findings, lambda name: ("workload_hours", "{:,.0f} h".format)))


def claimed_and_true(findings: Findings) -> Drawing | None:
    """What the bot is said to take off agents, beside what it does."""
    names = with_bot(findings)
    if not names:
        return None
    figure, (axes,) = canvas((HALF[0], max(2.2, 1.2 + 0.72 * len(names))))
    for place, name in enumerate(reversed(names)):
        for number, (label, value, colour, hatch) in enumerate(_claims(findings, name)):
            where = place + 0.3 - 0.2 * number
            bar = _bar(axes, value.times(100.0), where, 0.18, colour, round_percent(value.mean))
            bar.set(hatch=hatch, edgecolor="black" if hatch else colour, linewidth=0.5, label=label)
    axes.set_yticks(range(len(names)), [folded(name) for name in reversed(names)])
    axes.set(xlabel="share of all contacts; of work (%)", xlim=(min(0.0, axes.get_xlim()[0]), 100))
    axes.axvline(0, color="#888888", linewidth=0.8)
    axes.grid(axis="x")
    legend(figure, axes)
    alt = "; ".join(
        f"{name}: " + ", ".join(f"{label} {round_percent(value.mean)}" for label, value, *_ in _claims(findings, name))
        for name in names
    )
    return Drawing(figure, "Claimed and true", f"{alt}.")


def _claims(findings: Findings, name: str) -> list[tuple[str, Value, str, str]]:
    """The claim, then what is true: label, value, colour, hatch."""
    all_claims = [
        ("claimed: contained by the bot", of_all_contacts(findings, name, "containment_rate"), "white", "////"),
        ("resolved by the bot", of_all_contacts(findings, name, "bot_resolution_rate"), GREEN, ""),
        ("contacts kept from agents", findings.value(name, "net_deflection_rate"), BLUE, ""),
        ("work saved", work_saved(findings, name), VERMILION, ""),
    ]
    return [claim for claim in all_claims if claim[1].known]


# Causes of handle time -------------------------------------------------------


def aht_causes(findings: Findings) -> Drawing | None:
    """Seconds of AHT by cause: what adds to the right of zero, what takes off to the left, AHT itself as a mark."""
    causes = shown_causes(findings, findings.names)
    if not causes:
        return None
    names = findings.names
    rows_of_legend = -(-(len(causes) + 1) // 3)
    figure, (axes,) = canvas((FULL[0], 0.7 + 0.5 * len(names) + 0.18 * rows_of_legend))
    reach = max(sum(max(part, 0.0) for part in _seconds_of(findings, name, causes).values()) for name in names)
    for place, name in enumerate(reversed(names)):
        _pile(axes, findings, name, place, causes, LEAST_FOR_A_FIGURE * reach)
    axes.set_yticks(range(len(names)), [folded(name) for name in reversed(names)])
    axes.set(xlabel="seconds of a contact, added up; left of 0: time taken off", ylim=(-0.6, len(names) - 0.4))
    axes.set_xlim(right=1.14 * reach)
    axes.axvline(0, color="#888888", linewidth=0.8)
    axes.grid(axis="x")
    legend(figure, axes)
    return Drawing(figure, "What handle time is made of", _causes_alt(findings, causes))


def _seconds_of(findings: Findings, name: str, causes: list[Part]) -> dict[str, float]:
    """Seconds by label, of which something is left."""
    values = {cause.label: findings.value(name, cause.measure) for cause in causes}
    return {label: value.mean for label, value in values.items() if counts(value)}


def _pile(axes: Axes, findings: Findings, name: str, place: int, causes: list[Part], least: float) -> None:
    """One bar: each piece at the end of those on its side of zero."""
    looks = {cause.label: (PALETTE.get(cause.colour, cause.colour), cause.hatch) for cause in causes}
    ends = {1: 0.0, -1: 0.0}
    for label, seconds in _seconds_of(findings, name, causes).items():
        side = 1 if seconds >= 0 else -1
        colour, hatch = looks[label]
        edge = "black" if hatch else "white"
        axes.barh(place, seconds, 0.6, ends[side], color=colour, hatch=hatch, edgecolor=edge, lw=0.5, label=label)
        if abs(seconds) >= least:
            _in_piece(axes, ends[side] + seconds / 2, place, f"{seconds:.0f}")
        ends[side] += seconds
    _aht_mark(axes, findings.value(name, AHT), place, ends[1])


def _aht_mark(axes: Axes, aht: Value, place: int, end: float) -> None:
    """AHT as a mark across the bar, and in words at its end; nothing where nobody was answered."""
    if not aht.known:
        return
    whole = aht.mean
    axes.plot([whole, whole], [place - 0.4, place + 0.4], color="black", lw=2.2, label="AHT, the sum")
    axes.annotate(f"AHT {duration(whole)}", (end, place), (6, 0), textcoords="offset points", va="center")


def _in_piece(axes: Axes, where: float, place: int, text: str) -> None:
    axes.text(where, place, text, ha="center", va="center", fontsize=7.5, bbox=BACKDROP | {"alpha": 0.75, "pad": 0.6})


def _causes_alt(findings: Findings, causes: list[Part]) -> str:
    said = []
    for name in (name for name in findings.names if findings.value(name, AHT).known):
        parts = ", ".join(f"{label} {seconds:.0f} s" for label, seconds in _seconds_of(findings, name, causes).items())
        said.append(f"{name}: {duration(findings.value(name, AHT).mean)}: {parts}")
    return f"{'; '.join(said)}."


# Parts ------------------------------------------------------------------------


def _places(axes: Axes, findings: Findings) -> list[int]:
    """One line a scenario on the vertical axis, the first on top."""
    places = list(range(len(findings.names)))[::-1]
    axes.set_yticks(places, [folded(name) for name in findings.names])
    axes.set_ylim(-0.6, len(places) - 0.4)
    return places


def _bar(axes: Axes, value: Value, place: float, height: float, colour: str, text: str) -> Rectangle:
    """A bar with its interval and its figure at the end."""
    error = value.half_width if value.judged else None
    bar = axes.barh(place, value.mean, height, color=colour, xerr=error, error_kw={"elinewidth": 1.0})[0]
    end = max(value.high if value.judged else value.mean, 0.0)
    axes.annotate(text, (end, place), (4, 0), textcoords="offset points", va="center")
    return cast(Rectangle, bar)


def _largest(findings: Findings, measure: str) -> float:
    """The far end of the longest bar, its interval included."""
    values = [findings.value(name, measure) for name in findings.names]
    return max(value.high if value.judged else value.mean for value in values) or 1.0


def _alt(findings: Findings, figure: Callable[[str], tuple[str, Callable[[float], str]]]) -> str:
    """The overall figure of each scenario."""
    parts = []
    for name in findings.names:
        measure, write = figure(name)
        value = findings.value(name, measure)
        parts += [f"{name}: {write(value.mean)}"] if value.known else []
    return f"{'; '.join(parts)}."


CHARTS: dict[str, Callable[[Findings], Drawing | None]] = {
    "service_level": service_level,
    "aht_by_intent": aht_by_intent,
    "waits": waits,
    "workload": workload,
    "claimed_and_true": claimed_and_true,
    "volumes": volumes,
    "chats_in_hand": chats_in_hand,
    "chats_by_group": chats_by_group,
    "backlog": backlog,
    "fatigue": fatigue,
    AHT_CAUSES: aht_causes,
}
