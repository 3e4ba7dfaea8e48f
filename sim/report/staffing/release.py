"""The report of `staff --release`: what the bot must truly resolve so that agents can go."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from sim import __version__
from sim.report import (
    Chart,
    Document,
    Paragraph,
    Pictures,
    Report,
    ReportSection,
    Table,
    named_paragraphs,
    row,
    table,
    table_section,
)
from sim.report.basis import basis_line, basis_sections
from sim.report.labels import form_for, goal_words, level_words, value_of
from sim.report.numbers import estimates_document, number, round_percent
from sim.report.observed import with_observed
from sim.report.style import BLUE, GREEN, GREY, HALF, VERMILION, Drawing, canvas, chart_of, style
from sim.study.scenario_results import ScenarioResult, tidy_result
from sim.study.staffing.release import SHARE, Release, met

SHOWN = ("containment_rate", SHARE, "abandonment_rate", "occupancy", "resolution_rate", "strained_share", "fte")
ROUNDING = 0.05
NEVER = "not even at full capability"
ASK = "What must the bot truly resolve so that agents can go?"


def release_report(release: Release) -> Report:
    """Return the report of `staff --release`: the ask and the answer first, then the tables, then what it rests on."""
    scenarios = {release.scenario.name: release.scenario}
    report = Report(
        title=f"Release: {release.scenario.name}",
        against=release.before.name,
        line=f"{ASK} To free {release.freed:g} of {release.fte:,.1f} FTE.",
        sections=(*_sections(release), *basis_sections(scenarios, "What it rests on")),
        footer=(
            f"ccsim {__version__}, seed {release.seed}, {release.replications} replications.",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=release.seed,
        replications=release.replications,
        document=lambda: _document(release),
        make_tables=lambda: {"release": _tidy(release)},
    )
    return with_observed(report)


def _sections(release: Release) -> Iterator[ReportSection]:
    yield ReportSection("The answer", lambda: paragraphs(release), headed=True, on_terminal=1, answers=True)
    yield ReportSection(_title(release), lambda: [Pictures(lambda: charts(release))])
    yield from map(table_section, tables_of(release))


def _cells(release: Release) -> dict[str, ScenarioResult]:
    """The stages by name."""
    cells = {"uncut": release.now, "cut": release.today, "full": release.full}
    return cells | ({"break_even": release.even.result} if release.even else {})


def _tidy(release: Release) -> pd.DataFrame:
    parts = [tidy_result(cell).assign(staffing=name) for name, cell in _cells(release).items()]
    return pd.concat(parts, ignore_index=True)[["staffing", "measure", "mean", "ci_low", "ci_high"]]


def _title(release: Release) -> str:
    return f"To free {release.freed:g} of {release.fte:,.1f} FTE (line: by what is assumed)"


def paragraphs(release: Release) -> list[Paragraph]:
    """The answer, what happens at today's capability, how sure."""
    return named_paragraphs(
        {"The answer": _answer(release), "If they go today": _today(release), "How sure": _sure(release)}
    )


def _answer(release: Release) -> Iterator[str]:
    start = f"To free {release.freed:g} of {release.fte:,.1f} FTE"
    if abs(release.truly_freed - release.freed) >= ROUNDING:
        yield f"In whole agents, cut by the same part everywhere, {release.truly_freed:,.1f} FTE go."
    if release.even is None:
        missed = [m for m, goal in release.goals.items() if not met(goal, release.full.mean(m))]
        most = _share(release.full)
        yield f"{start} no capability of this bot is enough: at the most it resolves {most} of sessions."
        for m in missed:
            best, words = round_percent(release.full.mean(m)), goal_words(release.scenario, m, release.goals[m])
            yield f"Missed even then is {words}: the best attainable is {best}."
        return
    needed = _percent(release.even.share)
    yield f"{start} and meet every target over all days, the bot must truly resolve {needed} of its sessions."
    claimed = release.scenario.bot.claimed if release.scenario.bot is not None else None
    said = f"It is said to resolve {_percent(claimed)}; simulated, it" if claimed is not None else "Simulated, it"
    contained = round_percent(release.now.mean("containment_rate"))
    yield f"{said} contains {contained} and truly resolves {_share(release.now)}."
    if release.even.scale <= 1.0:
        yield "That is enough."
    else:
        yield f"It would have to be {release.even.scale:.2f} times as capable."


def _share(cell: ScenarioResult) -> str:
    return _percent(cell.mean(SHARE))


def _percent(share: float) -> str:
    return NEVER if math.isinf(share) else round_percent(share)


def _today(release: Release) -> Iterator[str]:
    missed = [m for m, goal in release.goals.items() if not met(goal, release.today.mean(m))]
    level = release.scenario.targets.service_level.definition
    served, gone = (round_percent(release.today.mean(m)) for m in (level, "abandonment_rate"))
    words = "; ".join(goal_words(release.scenario, m, release.goals[m]) for m in missed)
    end = f"missed: {words}" if missed else "every target is met"
    was = round_percent(release.now.mean(level))
    name = level_words(release.scenario, level)
    yield f"With the bot as it is, {name} goes from {was} to {served} and {gone} give up; {end}."


def _sure(release: Release) -> Iterator[str]:
    if release.even is None or not release.leanings:
        return
    low, high = release.span
    yield f"By what is assumed: low {_percent(low)}, expected {_percent(release.even.share)}, high {_percent(high)}."
    yield f"Measure first: {', '.join(leaning.parameter.key for leaning in release.leanings)}."


def tables_of(release: Release) -> list[Table]:
    """The cells side by side, then what moves the break-even."""
    cells = {"uncut": release.now, "cut, bot as it is": release.today}
    cells |= {"cut, break-even": release.even.result} if release.even else {}
    cells["cut, full capability"] = release.full
    level = release.scenario.targets.service_level.definition
    rows = []
    for measure in (level, *SHOWN):
        if measure in release.now.estimates and (measure != "strained_share" or release.scenario.fatigue is not None):
            values = [value_of(cell.estimates[measure]) for cell in cells.values()]
            form = form_for(measure, values)
            rows.append(row(level_words(release.scenario, measure), *(form.value(v) for v in values)))
    notes = [
        f"{release.replications} replications on the same customers; ± half of the 95 % interval. Targets by means."
    ]
    tables = [table(f"To free {release.freed:g} FTE", ["", *cells], rows, notes)]
    if release.leanings:
        rows = [
            row(
                leaning.parameter.key,
                leaning.parameter.words,
                *(f"{bound.words}: {_percent(share)}" for bound, share in leaning.at_bounds),
            )
            for leaning in release.leanings
        ]
        columns = ["number", "in force", "must resolve, at its low end", "at its high end"]
        tables.append(table("What moves the break-even most", columns, rows))
    return tables


def charts(release: Release) -> list[Chart]:
    """What the bot contains and resolves today beside what it must resolve, with its range."""
    with style():
        return [chart_of("release", _drawn(release))]


def _drawn(release: Release) -> Drawing:
    contained, resolved = (release.now.mean(m) for m in ("containment_rate", SHARE))
    rows = [("contained today", contained, GREY), ("truly resolved today", resolved, BLUE)]
    if release.even is not None:
        rows.append(("must be truly resolved", release.even.share, VERMILION))
    rows.append(("at full capability", release.full.mean(SHARE), GREEN))
    figure, (axes,) = canvas((HALF[0], 1.9))
    axes.barh(range(len(rows)), [100 * share for _, share, _ in rows], 0.6, color=[colour for *_, colour in rows])
    ends = [end for end in release.span if math.isfinite(end)]
    if release.even is not None and release.leanings:
        axes.plot([100 * end for end in ends], [2] * len(ends), color="black", marker="|", linewidth=1.2)
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.invert_yaxis()
    axes.set(xlabel="of the bot's sessions (%)")
    axes.grid(axis="x")
    alt = "; ".join(f"{name}: {round_percent(share)}" for name, share, _ in rows)
    return Drawing(figure, _title(release), f"{alt}.")


def _document(release: Release) -> Document:
    """Return the JSON document."""
    even, (low, high) = release.even, release.span
    claimed = release.scenario.bot.claimed if release.scenario.bot is not None else None
    return {
        "schema_version": 1,
        "scenario": release.scenario.name,
        "before": release.before.name,
        "seed": release.seed,
        "replications": release.replications,
        "release_fte": release.freed,
        "fte": number(release.fte),
        "truly_released_fte": number(release.truly_freed),
        "feasible": release.feasible,
        "must_resolve": None
        if even is None
        else {"low": number(low), "expected": number(even.share), "high": number(high)},
        "scale": None if even is None else number(even.scale),
        "claimed": claimed,
        "resolves_now": number(release.now.mean(SHARE)),
        "contains_now": number(release.now.mean("containment_rate")),
        "measures": {name: estimates_document(cell.estimates) for name, cell in _cells(release).items()},
        "assumptions": [
            {"parameter": leaning.parameter.key, "low": number(leaning.low), "high": number(leaning.high)}
            for leaning in release.leanings
        ],
    }
