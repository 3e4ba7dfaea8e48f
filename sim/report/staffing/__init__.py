"""The report of `staff`: the agents required, their proof, charts, what it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import __version__
from sim.report import Chart, Document, Pictures, Report, ReportSection, table_section
from sim.report.basis import basis_line, basis_sections
from sim.report.numbers import estimates_document, number, records
from sim.report.observed import with_observed
from sim.report.risk.quoted import quoted_document
from sim.report.staffing.narrative import paragraphs
from sim.report.staffing.tables import FORMULAS, busiest_day, day_words, tables_of
from sim.report.style import BLUE, COLOURS, DASHES, FULL, SEEN, VERMILION, Drawing, canvas, chart_of, legend, style
from sim.study.risk.result import RiskResult
from sim.study.staffing import StaffResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SCHEMA_VERSION = 1
ASK = "How many agents, by time and group, are the fewest that meet the targets?"
WFM = "wfm"
SIDE_NAMES = ("own", "required", "shifts")
STEP = 4
TALL = (FULL[0], 2.6)


def staffing_report(result: StaffResult, base: str = "", chance: RiskResult | None = None) -> Report:
    """Return the report of `staff`: the ask and the answer first, then the tables, then what it rests on.

    Parameters
    ----------
    base : the scenario's file as seen from the folder, which the file of shifts extends.
    chance : of the agents required, where it was asked for (`sim.study.risk.plan_chance`).
    """
    calendar, scenarios = result.scenario.calendar, {result.scenario.name: result.scenario}
    basis = basis_sections(scenarios, "What it rests on", notes=result.notes)
    report = Report(
        title=f"Staffing: {result.scenario.name}",
        line=(
            f"{ASK} {calendar.days} days from {calendar.start}, staff by {result.by}, targets over each {result.each}."
        ),
        sections=(*_sections(result, chance), *basis),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {result.replications} replications in the search, "
            f"{result.proof.replications} fresh ones in the proof.",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=result.seed,
        replications=result.replications,
        document=lambda: {**_document(result), **quoted_document(chance)},
        make_tables=lambda: {WFM: result.table, "intervals": result.beside, "verification": result.verification},
        half_hours=WFM,
        texts={"shifts.yaml": shifts_yaml(result, base)} if result.roster is not None and base else {},
    )
    return with_observed(report)


def _sections(result: StaffResult, chance: RiskResult | None) -> Iterator[ReportSection]:
    yield ReportSection("The answer", lambda: paragraphs(result, chance), headed=True, on_terminal=1, answers=True)
    yield ReportSection("By time of day", lambda: [Pictures(lambda: charts(result))], headed=True)
    yield from map(table_section, tables_of(result))


def shifts_yaml(result: StaffResult, base: str) -> str:
    """A scenario that extends another by the shifts found."""
    assert result.roster is not None
    lines = [
        "schema_version: 1",
        f"name: {json.dumps(result.scenario.name + ', staffed')}",
        f"extends: {json.dumps(base)}",
    ]
    lines.append("agents:")
    for group in result.ground.groups:
        shifts = [line.as_file() for line in result.roster.of(group)]
        lines.append(f"  {group}:")
        lines += [] if result.scenario.agents[group].relief is None else ["    relief: off"]
        lines += ["    staff: off", "    shifts:"] if shifts else ["    shifts: off", "    staff: 0"]
        lines += [f"      - {json.dumps(shift)}" for shift in shifts]
    return "\n".join(lines) + "\n"


# Charts -----------------------------------------------------------------------------


def charts(result: StaffResult) -> list[Chart]:
    """Agents by time of the busiest day beside the file's own and the formulas'; the service level beside theirs."""
    with style():
        return [chart_of(name, drawing) for name, drawing in _drawn(result)]


def _drawn(result: StaffResult) -> Iterator[tuple[str, Drawing]]:
    lines = {"required": "required", "own": "the file's own"} | FORMULAS
    day = day_words(result, busiest_day(result)[0])
    yield "required", _lines(result, lines, f"Agents on the queue by time, {day}", "agents", 1.0)
    said = {"service_level": "simulated"} | {f"{n}_service_level": w for n, w in FORMULAS.items()}
    title = f"Service level of the agents required, simulated and by formula, {day}"
    if result.roster is not None:
        yield "cover", _cover(result, day)
    yield "service_level", _lines(result, said, title, "answered within T (%)", 100.0)


def _cover(result: StaffResult, day: str) -> Drawing:
    """What the shifts have over or under the agents required, by time of the busiest day."""
    assert result.roster is not None
    cells = busiest_day(result)
    gaps = [float((result.roster.scheduled[:, c] - result.required[:, result.ground.block_of[c]]).sum()) for c in cells]
    figure, (axes,) = canvas(TALL)
    axes.bar(range(len(cells)), gaps, color=[BLUE if gap >= 0 else VERMILION for gap in gaps])
    axes.axhline(0.0, color="black", linewidth=0.8)
    _times(axes, [result.ground.label(c)[1] for c in cells])
    axes.set(ylabel="agents over or under")
    axes.grid(axis="y")
    over, under = SEEN[BLUE], SEEN[VERMILION]
    title = f"Agents over ({over}) and under ({under}) the requirement by the shifts, {day}"
    return Drawing(figure, title, f"From {min(gaps):.1f} to {max(gaps):.1f} agents.")


def _lines(result: StaffResult, named: dict[str, str], title: str, unit: str, scale: float) -> Drawing:
    cells = busiest_day(result)
    table = result.beside.iloc[cells]
    figure, (axes,) = canvas(TALL)
    for k, (column, words) in enumerate(named.items()):
        values = [scale * float(x) for x in table[column]]
        width = 2.2 if k == 0 else 1.3
        colour = BLUE if k == 0 else COLOURS[(k + 1) % len(COLOURS)]
        axes.step(
            range(len(cells)), values, where="mid", label=words, color=colour, linestyle=DASHES[k], linewidth=width
        )
    _times(axes, [str(time) for time in table["time"]])
    axes.set(ylabel=unit)
    axes.grid(axis="y")
    legend(figure, axes)
    first = next(iter(named))
    values = [scale * float(x) for x in table[first]]
    return Drawing(figure, title, f"{named[first]}: from {min(values):.1f} to {max(values):.1f}.")


def _times(axes: Axes, times: list[str]) -> None:
    axes.set_xticks(range(0, len(times), STEP), times[::STEP])
    axes.set(xlabel="start of the interval")


# JSON -------------------------------------------------------------------------------


def _document(result: StaffResult) -> Document:
    """Return the JSON document: the goals, the agents, their proof, the formulas beside, what fails."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": result.scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "by": result.by,
        "each": result.each,
        "goals": {m: {"at_least" if g.at_least else "at_most": g.share} for m, g in result.goals.items()},
        "feasible": result.feasible,
        "misses": [
            {"measure": m.measure, "best": number(m.best), "date": m.where[0], "time": m.where[1], "share": m.share}
            for m in result.misses
        ],
        "agent_hours": number(result.agent_hours),
        "own_agent_hours": number(result.own_hours),
        "required": records(result.table),
        "intervals": records(result.beside),
        "proof": {
            "seed": result.proof.seed,
            "replications": result.proof.replications,
            "cells": records(result.verification),
        },
        "shifts": _shifts(result),
        "rostered": {
            g.group: {"hours": number(g.rostered_h), "fte": number(g.fte), "heads": g.heads} for g in result.rostered
        },
        "measures": {
            name: estimates_document(cell.estimates) for name, cell in zip(SIDE_NAMES, result.sides, strict=False)
        },
        "assumptions": _sure(result),
        "notes": list(result.notes),
    }


def _shifts(result: StaffResult) -> Document | None:
    roster, proof = result.roster, result.covered
    if roster is None or proof is None:
        return None
    return {
        "agents": {name: {"shifts": [line.as_file() for line in roster.of(name)]} for name in result.ground.groups},
        "paid_hours": {name: number(hours) for name, hours in roster.paid_hours.items()},
        "fte": number(roster.fte),
        "meets_targets": {v.constraint.measure: bool(v.accepted.all()) for v in proof.verdicts},
        "misses_targets": {v.constraint.measure: bool(v.rejected.any()) for v in proof.verdicts},
    }


def _sure(result: StaffResult) -> Document | None:
    sensitivity = result.sure
    if sensitivity is None:
        return None
    low, high = (number(result.agent_hours * x) for x in sensitivity.span)
    rows = [
        {"parameter": s.parameter.key, "low": number(s.low), "high": number(s.high)} for s in sensitivity.sensitivities
    ]
    return {"considered": sensitivity.considered, "agent_hours": {"low": low, "high": high}, "multiples": rows}
