"""The report of `staff --no-worse`: how many the bot frees at a service that is no worse than before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim import __version__
from sim.report import Cell, Chart, Document, Pictures, Report, ReportSection, Table, row, table, table_section
from sim.report.basis import basis_line, basis_sections
from sim.report.numbers import DASH, PERCENT, Value, exactly, number, records
from sim.report.observed import with_observed
from sim.report.staffing.no_worse_words import ASK, QUALITIES, no_worse_paragraphs, share_words
from sim.report.style import BLUE, GREEN, GREY, HALF, VERMILION, Drawing, canvas, chart_of, style
from sim.study.staffing.no_worse_plans import PlannedStaff
from sim.study.staffing.no_worse_result import Freed, NoWorse, NoWorsePlan

PLAN_WORDS = {
    "before": "before, as it is rostered",
    "replanned": "before, planned anew at its service",
    "within_margins": "the same within the margins, no bot",
    "best": "after, best estimate",
    "after": "after, safe (95 %)",
}
LESS_IS_BETTER = ("abandonment", "strained_share")
COLOURS_OF = (GREY, GREY, GREY, GREEN, BLUE)


def no_worse_report(result: NoWorse) -> Report:
    """Return the report: the answer first, then where it comes from, how service compares, what it rests on."""
    after, before = result.scenario, result.before_scenario
    scenarios = {f"{before.name}": before, f"{after.name}": after}
    plan = result.as_given
    report = Report(
        title=f"No worse: {after.name}",
        against=before.name,
        line=f"{ASK} Margins: {_margins(result)}.",
        sections=(*_sections(result), *basis_sections({after.name: after}, "What it rests on")),
        footer=(
            f"ccsim {__version__}, seed {result.seed}, {result.replications} replications in the search, "
            f"{plan.proof.replications} fresh ones (seed {plan.proof.seed}) in the proof.",
            basis_line({after.name: after}),
        ),
        scenarios=scenarios,
        seed=result.seed,
        replications=result.replications,
        document=lambda: _document(result),
        make_tables=lambda: _tables(result),
        half_hours="plan",
    )
    return with_observed(report)


def _margins(result: NoWorse) -> str:
    return ", ".join(f"{QUALITIES[name]} {PERCENT.bare(margin)}" for name, margin in result.margins.items())


def _sections(result: NoWorse) -> Iterator[ReportSection]:
    yield ReportSection("The answer", lambda: no_worse_paragraphs(result), headed=True, on_terminal=1, answers=True)
    yield ReportSection("Rostered FTE", lambda: [Pictures(lambda: charts(result))])
    yield from map(table_section, tables_of(result))


def worlds(result: NoWorse) -> dict[str, NoWorsePlan]:
    """The answers by world: as the files are written first, then unhurried where that is another."""
    if result.with_target is None:
        return {"": result.unhurried}
    return {"with the handle-time target": result.with_target, "unhurried": result.unhurried}


# Tables -----------------------------------------------------------------------------


def tables_of(result: NoWorse) -> list[Table]:
    """What goes where, by group, service by measure, by intent and by hours."""
    found = []
    for name, plan in worlds(result).items():
        end = f", {name}" if name else ""
        found += [_steps(plan, f"How many agents{end}"), _groups(plan, f"By group{end}"), _service(plan, end)]
    plan = result.as_given
    found.append(_cells(plan.by_intent, ["intent"], "Service by intent: after less before"))
    return [*found, _cells(plan.by_band, ["start", "end"], "Service by hours of the day: after less before")]


def _steps(plan: NoWorsePlan, title: str) -> Table:
    rows = []
    for staff in plan.all:
        hours = (f"{staff.interval_hours:,.1f}", f"{staff.rostered_hours:,.1f}")
        rows.append(row(PLAN_WORDS[staff.name], *hours, f"{staff.fte:,.1f}"))
    notes = ["FTE are rostered: hours of intervals with breaks, absence and planned shrinkage on top, once each."]
    return table(title, ["", "interval hours", "rostered hours", "FTE"], rows, notes)


def _groups(plan: NoWorsePlan, title: str) -> Table:
    rows = [
        row(
            name,
            *(f"{fte:,.1f}" for fte in (group.before, group.replanned, group.after)),
            f"{group.freed.best:+,.1f}",
            f"{group.freed.safe:+,.1f}",
            f"{group.contract_share:g}",
            f"{group.freed.heads:+,}",
        )
        for name, group in plan.by_group.items()
    ]
    before, replanned, after = (staff.fte for staff in (plan.before, plan.replanned, plan.after))
    freed = plan.freed_by_bot
    ends = (f"{freed.best:+,.1f}", f"{freed.safe:+,.1f}", "", f"{freed.heads:+,}")
    rows.append(row("all", *(f"{fte:,.1f}" for fte in (before, replanned, after)), *ends))
    notes = ["Freed by the bot, FTE: + can go, - is needed. Heads that go are rounded down, heads needed up."]
    columns = ["", "before", "planned anew", "after, safe", "freed, best", "freed, safe", "contract", "heads"]
    return table(title, columns, rows, notes)


def _service(plan: NoWorsePlan, end: str) -> Table:
    rows = []
    for each in plan.measures.to_dict("records"):
        words = Cell("no worse", "good") if each["no_worse"] else Cell("worse", "bad")
        values = (share_words(float(value)) for value in (each["before"], each["replanned"], each["after"]))
        change = PERCENT.change(Value(each["difference"], each["ci_low"], each["ci_high"]))
        rows.append(
            row(
                QUALITIES[each["measure"]],
                *values,
                change,
                PERCENT.change(exactly(each["limit"])),
                _allowed(each),
                words,
            )
        )
    notes = [
        f"On {plan.proof.replications} fresh replications that no decision used, the same customers; after by the safe "
        "plan, held against before planned anew. Limit: one-sided, 95 %. Strain before is that of the same agents by "
        "counts, which have a relief in place of breaks."
    ]
    columns = ["", "before", "planned anew", "after", "difference", "limit", "allowed", ""]
    return table(f"Service{end}", columns, rows, notes)


def _allowed(each: Any) -> str:
    side = 1.0 if each["measure"] in LESS_IS_BETTER else -1.0
    return PERCENT.change(exactly(side * each["margin"]))


def _cells(cells: pd.DataFrame, labels: list[str], title: str) -> Table:
    """A row an intent or band, a column a measure: the difference, in red where it is surely beyond its margin."""
    measures = list(dict.fromkeys(cells["measure"]))
    rows = []
    for key, mine in cells.groupby(labels, sort=False):
        by_measure = {each["measure"]: each for each in mine.to_dict("records")}
        rows.append(row(" to ".join(map(str, key)), *(_difference(by_measure.get(name)) for name in measures)))
    notes = ["Margins are asked of all days together, not of each row; red: worse by more than the margin at 95 %."]
    return table(title, ["", *(QUALITIES[name] for name in measures)], rows, notes)


def _difference(each: Any) -> Cell:
    if each is None:
        return Cell(DASH)
    surely = each["ci_low"] if each["measure"] in LESS_IS_BETTER else -each["ci_high"]
    words = PERCENT.change(Value(each["difference"], each["ci_low"], each["ci_high"]))
    return Cell(words, "bad" if surely > each["margin"] else "")


# Chart ------------------------------------------------------------------------------


def charts(result: NoWorse) -> list[Chart]:
    """The rostered FTE of every plan, from before to after."""
    with style():
        return [chart_of("no_worse", _drawn(result.as_given))]


def _drawn(plan: NoWorsePlan) -> Drawing:
    plans = plan.all
    figure, (axes,) = canvas((HALF[0], 2.2))
    axes.barh(range(len(plans)), [staff.fte for staff in plans], 0.6, color=list(COLOURS_OF))
    low, high = (plan.within_margins.fte - end for end in (plan.freed_by_bot.high, plan.freed_by_bot.low))
    axes.plot([low, high], [3, 3], color=VERMILION, marker="|", linewidth=1.2)
    axes.set_yticks(range(len(plans)), [PLAN_WORDS[staff.name] for staff in plans])
    axes.invert_yaxis()
    axes.set(xlabel="rostered FTE")
    axes.grid(axis="x")
    alt = "; ".join(f"{PLAN_WORDS[staff.name]}: {staff.fte:,.1f}" for staff in plans)
    return Drawing(figure, "Rostered FTE (line: 95 % interval)", f"{alt}.")


# CSV and JSON -----------------------------------------------------------------------


def _tables(result: NoWorse) -> dict[str, pd.DataFrame]:
    plan = result.as_given
    return {
        "no_worse": _tidy_plans(result),
        "service": plan.measures,
        "service_by_intent": plan.by_intent,
        "service_by_hours": plan.by_band,
        "plan": _by_interval(plan),
    }


def _tidy_plans(result: NoWorse) -> pd.DataFrame:
    """A row a world, plan and group: interval hours, rostered hours, FTE."""
    rows = [
        {"world": name or "as given", "plan": staff.name, "group": group.group}
        | {"interval_hours": group.required_h, "rostered_hours": group.rostered_h, "fte": group.fte}
        for name, plan in worlds(result).items()
        for staff in plan.all
        for group in staff.groups
    ]
    return pd.DataFrame(rows)


def _by_interval(plan: NoWorsePlan) -> pd.DataFrame:
    """A row an interval and group: the agents on the queue of every plan."""
    problem = plan.problem
    rows = []
    for cell in range(len(problem.cells)):
        date, time = problem.label(cell)
        minutes = round(60.0 * float(problem.hours[cell]))
        for place, group in enumerate(problem.groups):
            agents = {staff.name: int(staff.counts[place, cell]) for staff in _shown(plan)}
            rows.append({"date": date, "time": time, "interval_minutes": minutes, "group": group} | agents)
    return pd.DataFrame(rows)


def _shown(plan: NoWorsePlan) -> tuple[PlannedStaff, ...]:
    return plan.before, plan.replanned, plan.after


def _document(result: NoWorse) -> Document:
    """Return the JSON document."""
    return {
        "schema_version": 1,
        "scenario": result.scenario.name,
        "before": result.before_scenario.name,
        "seed": result.seed,
        "replications": result.replications,
        "margins": dict(result.margins),
        "feasible": result.feasible,
        "shortfall_fte": number(result.shortfall),
        "quoted": "rostered FTE: breaks, absence and planned shrinkage included",
        "as_given": _plan_document(result.as_given),
        "unhurried": _plan_document(result.unhurried),
        "with_target": None if result.with_target is None else _plan_document(result.with_target),
    }


def _plan_document(plan: NoWorsePlan) -> Document:
    worst = plan.worst_band
    return {
        "feasible": plan.feasible,
        "shortfall_fte": number(plan.shortfall),
        "heads_to_go": plan.heads_to_go,
        "fte": {s.name: number(s.fte) for s in plan.all},
        "interval_hours": {s.name: number(s.interval_hours) for s in _shown(plan)},
        "freed_by_rostering": number(plan.freed_by_rostering),
        "freed_by_margins": number(plan.freed_by_margins),
        "freed_by_bot": _freed(plan.freed_by_bot),
        "by_group": {
            name: {"before": number(g.before), "replanned": number(g.replanned), "after": number(g.after)}
            | {"contract_share": g.contract_share, "freed_by_bot": _freed(g.freed)}
            for name, g in plan.by_group.items()
        },
        "beyond_staff": [
            {"measure": b.name, "difference": number(b.difference), "limit": number(b.limit), "margin": b.margin}
            | {"ample": b.ample, "takes_fte": None if b.takes is None else number(b.takes)}
            for b in plan.beyond_staff
        ],
        "service": records(plan.measures),
        "by_intent": records(plan.by_intent),
        "by_hours": records(plan.by_band),
        "worst_hours": None
        if worst is None
        else {"start": worst.start, "end": worst.end, "before": worst.before, "after": worst.after}
        | {"difference": worst.difference, "ci95": [number(worst.low), number(worst.high)]},
        "proof": {"seed": plan.proof.seed, "replications": plan.proof.replications, "inside": plan.proof.inside},
    }


def _freed(freed: Freed) -> Document:
    ends = {"best": freed.best, "safe": freed.safe, "low": freed.low, "high": freed.high}
    return {name: number(fte) for name, fte in ends.items()} | {"heads": freed.heads}
