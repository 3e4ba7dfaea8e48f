"""Tables of the agents that are required."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.report import Cell, Table, row, table
from sim.report.labels import form_for, goal_words, label_of, level_words, value_of
from sim.report.numbers import DASH, PERCENT, exactly, form_of
from sim.schema.calendar import WEEKDAYS
from sim.study.staffing import StaffResult
from sim.study.staffing.staff import cell_label

MOST_DAYS, SMALL = 7, 0.05
SIDES = (
    "abandonment_rate",
    "occupancy",
    "attention_share",
    "resolution_rate",
    "strained_share",
    "repeat_rate",
    "fte",
    "cost",
)
FORMULAS = {"erlang_c": "Erlang C", "erlang_a": "Erlang A"}
SPAN_WORDS = {"interval": "every interval", "day": "every day", "whole": "all days together"}


def tables_of(result: StaffResult) -> list[Table]:
    """Every table, in the order of reading."""
    tables = [*required_tables(result), proof_table(result), hours_table(result), sides_table(result)]
    tables.append(beside_table(result))
    if result.roster is not None:
        tables += [*shift_tables(result), cover_table(result)]
    tables.append(fte_table(result))
    sensitivity = sensitivity_table(result)
    return tables + ([sensitivity] if sensitivity is not None else [])


def day_words(result: StaffResult, cell: int) -> str:
    """A date as a header, such as mon 11-23."""
    day = result.ground.cells[cell][0]
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()[5:]}"


def required_tables(result: StaffResult) -> Iterator[Table]:
    """The agents required: by time and day where staff may change by interval, else a row a block."""
    if result.by != "interval":
        yield _by_block(result)
        return
    for g, group in enumerate(result.ground.groups):
        yield _by_time(result, g, group)


def _title(result: StaffResult, what: str) -> str:
    return f"{what} required" if result.feasible else f"{what}: the most that was tried"


def _by_block(result: StaffResult) -> Table:
    ground, rows, by_block = result.ground, [], result.by_block
    for b in range(ground.blocks):
        first = int(np.flatnonzero(ground.block_of == b)[0])
        name = "all days" if result.by == "whole" else day_words(result, first)
        numbers = [str(int(n)) for n in result.required[:, b]]
        formulas = [_agents(float(by_block[n].iloc[b])) for n in FORMULAS]
        rows.append(
            row(name, *numbers, str(int(result.required[:, b].sum())), f"{by_block['load'].iloc[b]:.1f}", *formulas)
        )
    columns = ["", *ground.groups, "all", "load (erlangs)", *FORMULAS.values()]
    notes = ["Erlang: of the mean load of the days or day, as one pool."]
    return table(_title(result, "Agents"), columns, rows, notes)


def _agents(number: float) -> str:
    return DASH if math.isnan(number) else f"{number:.0f}"


def _by_time(result: StaffResult, g: int, group: str) -> Table:
    ground = result.ground
    shown = ground.members("day")[:MOST_DAYS]
    times = sorted({ground.label(int(c))[1] for cells in shown for c in cells})
    at = {(d, ground.label(int(c))[1]): int(c) for d, cells in enumerate(shown) for c in cells}
    rows = []
    for time in times:
        numbers = [
            result.required[g, ground.block_of[at[d, time]]] if (d, time) in at else None for d in range(len(shown))
        ]
        rows.append(row(time, *(DASH if n is None else str(int(n)) for n in numbers)))
    more = len(ground.members("day")) - len(shown)
    notes = [f"{more} more days: wfm.csv."] if more > 0 else []
    columns = [group, *(day_words(result, int(cells[0])) for cells in shown)]
    return table(_title(result, f"Agents of {group}"), columns, rows, notes)


def proof_table(result: StaffResult) -> Table:
    """Every goal with its worst cell, and the bound that it is accepted by."""
    rows = []
    for verdict in result.proof.verdicts:
        constraint, worst = verdict.constraint, verdict.worst
        date, time = cell_label(result.ground, constraint.span, worst)
        kept = f"{int(verdict.accepted.sum())} of {verdict.accepted.size}"
        good = bool(verdict.accepted.all())
        rows.append(
            row(
                goal_words(result.scenario, constraint.measure, constraint.target),
                SPAN_WORDS[constraint.span],
                Cell(kept, "good" if good else "bad"),
                f"{date} {time}".strip() or "all days",
                _percent(float(verdict.mean[worst])),
                _percent(float(verdict.bound[worst])),
            )
        )
    notes = [
        f"On {result.proof.replications} fresh replications (seed {result.proof.seed}) that the search did not use. "
        "Accepted: the one-sided 95 % bound meets the target."
    ]
    columns = ["target", "over", "accepted", "tightest", "there", "95 % bound"]
    return table("Does it meet the targets", columns, rows, notes, labels=2)


def _percent(value: float) -> str:
    return PERCENT.value(exactly(value))


def hours_table(result: StaffResult) -> Table:
    """Agent hours over the days measured: required, the file's own, the formulas'."""
    rows = [_hours_row(result, "required, simulated", result.agent_hours)]
    rows += [_hours_row(result, FORMULAS[name], result.hours_of(name)) for name in FORMULAS]
    rows.append(_hours_row(result, "the file's own staffing", result.own_hours))
    notes = [
        "Agents on the queue. Erlang: one pool of all groups in a steady state, on the interval's own contacts and AHT."
    ]
    return table("Agent hours over the days measured", ["", "hours", "against required"], rows, notes)


def _hours_row(result: StaffResult, name: str, hours: float) -> tuple[Cell, ...]:
    base = result.agent_hours
    change = DASH if math.isnan(hours) or base <= 0 or hours == base else f"{100 * (hours / base - 1):+.1f} %"
    return row(name, DASH if math.isnan(hours) else f"{hours:,.1f}", change)


def sides_table(result: StaffResult) -> Table:
    """The file's own staffing beside the one required, over all days, on the same customers."""
    now, *others = result.sides
    level = result.scenario.targets.service_level.definition
    rows = []
    for measure in (level, *SIDES):
        if measure not in now.estimates or (measure == "strained_share" and result.scenario.fatigue is None):
            continue
        values = [value_of(cell.estimates[measure]) for cell in result.sides]
        change = value_of(others[-1].change(now, measure))
        form = form_for(measure, values)
        words = level_words(result.scenario, measure)
        rows.append(row(words, *(form.value(v) for v in values), form.change(change)))
    notes = [f"All days together, {now.replications} replications, the same customers; ± half of the 95 % interval."]
    notes.append("FTE and cost of the agents required are those of counts that fit every interval and are all present.")
    columns = ["", "own", "required", *(["shifts"] if len(others) > 1 else [])]
    change_of = "shifts - own" if len(others) > 1 else "required - own"
    return table("The file's own staffing and the one required", [*columns, change_of], rows, notes)


def busiest_day(result: StaffResult) -> list[int]:
    """The intervals of the day with the most contacts."""
    offered = result.beside["offered"].to_numpy()
    days = result.ground.members("day")
    return [int(c) for c in max(days, key=lambda cells: float(offered[cells].sum()))]


def beside_table(result: StaffResult) -> Table:
    """Erlang C and Erlang A beside the simulation, by interval of the busiest day."""
    rows, count = [], form_of("number", [exactly(100.0)])
    level = label_of(result.scenario.targets.service_level.definition).short
    for c in busiest_day(result):
        interval = result.beside.iloc[c]
        agents = (_agents(float(interval[n])) for n in FORMULAS)
        by_formula = (_percent(float(interval[f"{n}_service_level"])) for n in FORMULAS)
        offered, load = count.value(exactly(float(interval["offered"]))), f"{interval['load']:.1f}"
        staff = str(int(interval["required"])), f"{interval['own']:.1f}"
        levels = _percent(interval["service_level"]), *by_formula
        rows.append(row(str(interval["time"]), offered, load, *staff, *agents, *levels))
    names = list(FORMULAS.values())
    columns = ["", "offered", "load (erlangs)", "required", "own", *names, f"{level}, simulated"]
    columns += [f"{level}, {name}" for name in names]
    notes = [
        "Erlang C and Erlang A: the fewest agents by each formula for the targets that it knows, as one pool; then "
        "what each says of the agents required. All days: intervals.csv."
    ]
    return table(f"Beside the formulas, {day_words(result, busiest_day(result)[0])}", columns, rows, notes)


def shift_tables(result: StaffResult) -> Iterator[Table]:
    """The shifts of every group."""
    assert result.roster is not None
    for group in result.ground.groups:
        rows = []
        for line in result.roster.of(group):
            said = line.as_file()
            pauses = ", ".join(f"{b['length']} after {b['after']}" for b in said.get("breaks", []))
            rows.append(row(said["days"], said["start"], said["length"], pauses or DASH, str(line.count)))
        yield table(f"Shifts of {group}", ["days", "start", "length", "breaks", "agents"], rows, labels=4)


def cover_table(result: StaffResult) -> Table:
    """Scheduled against required by interval of the busiest day, all groups."""
    assert result.roster is not None
    cells = busiest_day(result)
    rows = []
    for c in cells:
        need = result.required[:, result.ground.block_of[c]]
        gap = result.roster.scheduled[:, c] - need
        over, under = float(np.maximum(gap, 0.0).sum()), float(np.maximum(-gap, 0.0).sum())
        numbers = (f"{x:.1f}" if x > SMALL else DASH for x in (over, under))
        rows.append(row(result.ground.label(c)[1], str(int(need.sum())), f"{gap.sum() + need.sum():.1f}", *numbers))
    title = f"Over and under by the shifts, {day_words(result, cells[0])}"
    notes = [
        "Agents on the queue on average over the interval, breaks and absence taken off. All days, by group: wfm.csv."
    ]
    return table(title, ["", "required", "scheduled", "over", "under"], rows, notes)


def fte_table(result: StaffResult) -> Table:
    """Rostered hours, FTE and heads by group: shrinkage and absence included, once each."""
    groups, scenario = result.rostered, result.scenario
    rows = [
        row(
            g.group,
            f"{g.required_h:,.1f}",
            *(PERCENT.bare(round(share, 3)) for share in (g.planned, g.absence, g.total)),
            f"{g.rostered_h:,.1f}",
            f"{g.fte:,.1f}",
            f"{g.heads:,}",
        )
        for g in groups
    ]
    paid, fte, heads = (sum(numbers) for numbers in zip(*((g.rostered_h, g.fte, g.heads) for g in groups), strict=True))
    rows.append(row("all", f"{result.agent_hours:,.1f}", "", "", "", f"{paid:,.1f}", f"{fte:,.1f}", f"{heads:,}"))
    by = "hours of the shifts, which make up for absence," if result.roster else "required h / (1 - absence)"
    notes = [
        f"Rostered hours, which are paid: {by} / (1 - planned). FTE: rostered hours / {scenario.fte_hours / 3600:g} h "
        "a week / weeks measured; overtime apart. Heads: FTE / contract_share of the group, rounded up."
    ]
    columns = ["", "required h", "planned off", "absence", "shrinkage in all", "rostered h", "FTE", "heads"]
    return table("Rostered hours, FTE and heads", columns, rows, notes)


def sensitivity_table(result: StaffResult) -> Table | None:
    """What the most influential weak or assumed numbers do to the agents required."""
    if result.sure is None or not result.sure.sensitivities:
        return None
    hours = result.agent_hours
    rows = [
        row(
            s.parameter.key,
            s.parameter.words,
            *(f"{bound.words}: {hours * x:,.1f}" for bound, x in s.at_bounds),
        )
        for s in result.sure.sensitivities
    ]
    notes = [
        f"{result.sure.considered} weak or assumed numbers are in force; those that matter most, one at a time. Each "
        "end: the requirement times the ratio of two Erlang guesses on the simulated load."
    ]
    columns = ["number", "in force", "agent hours at its low end", "at its high end"]
    return table("How sure: what moves the requirement most", columns, rows, notes)
