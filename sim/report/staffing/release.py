"""The answer of `staff --release`: tables, sentences, the document, the folder."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich.console import Console

from sim import __version__
from sim.report.basis import basis_line, basis_meaning, basis_words
from sim.report.chart import Chart, chart_of
from sim.report.forms import round_percent
from sim.report.labels import form_for, goal_words, level_words, value_of
from sim.report.numbers import estimates_document, number
from sim.report.page_model import PageModel, Paragraph, Report, ReportSection, ShortLines
from sim.report.style import BLUE, GREEN, GREY, HALF, VERMILION, Drawing, canvas, style
from sim.report.table import Table, row, table
from sim.report.terminal import print_basis, print_paragraphs, print_tables, stdout_console
from sim.study.scenario_results import ScenarioResult, tidy_result
from sim.study.staffing.release import SHARE, Release, met

SHOWN = ("containment_rate", SHARE, "abandonment_rate", "occupancy", "resolution_rate", "strained_share", "fte")
ROUNDING = 0.05
NEVER = "not even at full capability"
ASK = "To free so many agents, what must the bot truly resolve?"


def paragraphs(found: Release) -> list[Paragraph]:
    """The answer, what happens at today's capability, how sure."""
    parts = {"The answer": _answer(found), "If they go today": _today(found), "How sure": _sure(found)}
    return [Paragraph(name, tuple(sentences)) for name, lines in parts.items() if (sentences := list(lines))]


def _answer(found: Release) -> Iterator[str]:
    start = f"To free {found.freed:g} of {found.fte:,.1f} FTE"
    if abs(found.truly_freed - found.freed) >= ROUNDING:
        yield f"In whole agents, cut by the same part everywhere, {found.truly_freed:,.1f} FTE go."
    if found.even is None:
        missed = [m for m, goal in found.goals.items() if not met(goal, found.full.mean(m))]
        yield f"{start} no capability of this bot is enough: at the most it resolves {_share(found.full)} of sessions."
        for m in missed:
            best = round_percent(found.full.mean(m))
            yield f"Missed even then is {goal_words(found.scenario, m, found.goals[m])}: the best attainable is {best}."
        return
    needed = _percent(found.even.share)
    yield f"{start} and meet every target over all days, the bot must truly resolve {needed} of its sessions."
    claimed = found.scenario.bot.claimed if found.scenario.bot is not None else None
    said = f"Claimed are {_percent(claimed)} contained; simulated, it" if claimed is not None else "Simulated, it"
    yield f"{said} contains {round_percent(found.now.mean('containment_rate'))} and truly resolves {_share(found.now)}."
    if found.even.scale <= 1.0:
        yield "That is enough."
    else:
        yield f"It would have to be {found.even.scale:.2f} times as capable."


def _share(cell: ScenarioResult) -> str:
    return _percent(cell.mean(SHARE))


def _percent(share: float) -> str:
    return NEVER if math.isinf(share) else round_percent(share)


def _today(found: Release) -> Iterator[str]:
    missed = [m for m, goal in found.goals.items() if not met(goal, found.today.mean(m))]
    level = found.scenario.targets.service_level.definition
    served, gone = (round_percent(found.today.mean(m)) for m in (level, "abandonment_rate"))
    words = "; ".join(goal_words(found.scenario, m, found.goals[m]) for m in missed)
    end = f"missed: {words}" if missed else "every target is met"
    was = round_percent(found.now.mean(level))
    name = level_words(found.scenario, level)
    yield f"With the bot as it is, {name} goes from {was} to {served} and {gone} give up; {end}."


def _sure(found: Release) -> Iterator[str]:
    if found.even is None or not found.leanings:
        return
    low, high = found.span
    yield f"By what is assumed: low {_percent(low)}, expected {_percent(found.even.share)}, high {_percent(high)}."
    yield f"Measure first: {', '.join(leaning.parameter.key for leaning in found.leanings)}."


def tables_of(found: Release) -> list[Table]:
    """The cells side by side, then what moves the break-even."""
    cells = {"uncut": found.now, "cut, bot as it is": found.today}
    cells |= {"cut, break-even": found.even.result} if found.even else {}
    cells["cut, full capability"] = found.full
    level = found.scenario.targets.service_level.definition
    rows = []
    for measure in (level, *SHOWN):
        if measure in found.now.estimates and (measure != "strained_share" or found.scenario.fatigue is not None):
            values = [value_of(cell.estimates[measure]) for cell in cells.values()]
            form = form_for(measure, values)
            rows.append(row(level_words(found.scenario, measure), *(form.value(v) for v in values)))
    notes = [f"{found.replications} replications on the same customers; ± half of the 95 % interval. Targets by means."]
    tables = [table(f"To free {found.freed:g} FTE", ["", *cells], rows, notes)]
    if found.leanings:
        rows = [
            row(
                x.parameter.key,
                x.parameter.words,
                *(f"{bound.words}: {_percent(share)}" for bound, share in x.at_bounds),
            )
            for x in found.leanings
        ]
        columns = ["number", "in force", "must resolve, at its low end", "at its high end"]
        tables.append(table("What moves the break-even most", columns, rows))
    return tables


def charts(found: Release) -> list[Chart]:
    """What the bot contains and resolves today beside what it must resolve, with its range."""
    with style():
        return [chart_of("release", _drawn(found))]


def _drawn(found: Release) -> Drawing:
    contained, resolved = (found.now.mean(m) for m in ("containment_rate", SHARE))
    rows = [("contained today", contained, GREY), ("truly resolved today", resolved, BLUE)]
    if found.even is not None:
        rows.append(("must be truly resolved", found.even.share, VERMILION))
    rows.append(("at full capability", found.full.mean(SHARE), GREEN))
    figure, (axes,) = canvas((HALF[0], 1.9))
    axes.barh(range(len(rows)), [100 * share for _, share, _ in rows], 0.6, color=[colour for *_, colour in rows])
    ends = [end for end in found.span if math.isfinite(end)]
    if found.even is not None and found.leanings:
        axes.plot([100 * end for end in ends], [2] * len(ends), color="black", marker="|", linewidth=1.2)
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.invert_yaxis()
    axes.set(xlabel="of the bot's sessions (%)")
    axes.grid(axis="x")
    told = "; ".join(f"{name}: {round_percent(share)}" for name, share, _ in rows)
    return Drawing(figure, f"To free {found.freed:g} of {found.fte:,.1f} FTE (line: by what is assumed)", f"{told}.")


def document(found: Release) -> dict[str, Any]:
    """Return the JSON document."""
    even, (low, high) = found.even, found.span
    cells = {"uncut": found.now, "cut": found.today, "full": found.full} | ({"break_even": even.result} if even else {})
    claimed = found.scenario.bot.claimed if found.scenario.bot is not None else None
    return {
        "schema_version": 1,
        "scenario": found.scenario.name,
        "before": found.before.name,
        "seed": found.seed,
        "replications": found.replications,
        "release_fte": found.freed,
        "fte": number(found.fte),
        "truly_released_fte": number(found.truly_freed),
        "feasible": found.feasible,
        "must_resolve": None
        if even is None
        else {"low": number(low), "expected": number(even.share), "high": number(high)},
        "scale": None if even is None else number(even.scale),
        "claimed": claimed,
        "resolves_now": number(found.now.mean(SHARE)),
        "contains_now": number(found.now.mean("containment_rate")),
        "measures": {name: estimates_document(cell.estimates) for name, cell in cells.items()},
        "assumptions": [
            {"parameter": x.parameter.key, "low": number(x.low), "high": number(x.high)} for x in found.leanings
        ],
    }


def print_release(found: Release, console: Console | None = None) -> None:
    """Print what was found."""
    console = console or stdout_console()
    print_tables(console, tables_of(found))
    print_paragraphs(console, paragraphs(found))
    named = {found.scenario.name: found.scenario}
    print_basis(console, basis_meaning(named), basis_line(named))


def bundle_of(found: Release) -> Report:
    """Everything that the folder holds."""
    named = {found.scenario.name: found.scenario}
    sections = [ReportSection("The question", (Paragraph("", (ASK,)),), headed=True)]
    sections.append(ReportSection("The answer", tuple(paragraphs(found)), headed=True))
    sections += [ReportSection(chart.title, (chart,)) for chart in charts(found)]
    sections += [ReportSection(t.title, (t,), "whole") for t in tables_of(found)]
    sections.append(ReportSection("What it rests on", (ShortLines(tuple(basis_words(named))),), headed=True))
    line = f"To free {found.freed:g} of {found.fte:,.1f} FTE."
    footer = (f"ccsim {__version__}, seed {found.seed}, {found.replications} replications.", basis_line(named))
    cells = {"uncut": found.now, "cut": found.today, "full": found.full} | (
        {"break_even": found.even.result} if found.even else {}
    )
    frame = pd.concat([tidy_result(cell).assign(staffing=name) for name, cell in cells.items()], ignore_index=True)
    return Report(
        paper=PageModel(f"Release: {found.scenario.name}", line, tuple(sections), footer, found.before.name),
        tables={"release": frame[["staffing", "measure", "mean", "ci_low", "ci_high"]]},
        scenarios=named,
        seed=found.seed,
        replications=found.replications,
    )
