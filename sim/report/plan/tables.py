"""The tables of a plan: month by month, who begins when, plans beside each other, money, what is assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.report import Cell, Table, Tone, row, table
from sim.report.decide.words import about, fraction
from sim.report.labels import label_of
from sim.report.numbers import DASH, Value, capital, round_percent
from sim.report.plan.figures import YearFigures, month_short
from sim.report.plan.outlook import LINE_WORDS, assumed, grade_words
from sim.report.plan.words import Told, chance, count, plan_words, with_ends
from sim.study.plan.answer import PlanAnswer
from sim.study.plan.month import month_labels
from sim.study.plan.result import YearPlan
from sim.study.plan.spiral import Spiral

ANY, AT_LEAST_COST = "any target", "at least cost"
LIKELY, UNSURE = 0.5, 0.1
"""A chance to miss from which on it is bad, or unsure."""
PEOPLE = "Begin: their training; go: let go; leave: by themselves."
TYPICAL = "A chance to miss is that of the month's one typical week, of the simulated years."


def share(value: Value) -> str:
    """A share in a narrow cell."""
    return DASH if math.isnan(value.mean) else round_percent(value.mean)


def chance_cell(value: Value) -> Cell:
    """A chance to miss, with its tone."""
    if math.isnan(value.mean):
        return Cell(DASH)
    tone: Tone = "bad" if value.mean >= LIKELY else "unsure" if value.mean >= UNSURE else "good"
    return Cell(chance(value), tone)


def months_table(told: Told, figures: YearFigures, name: str) -> Table:
    """A plan month by month: people, customers, strain, the chance to miss."""
    needed = told.answer.needed
    measures = {words: measure for measure, words in WEEK.items() if figures.has(measure)}
    moves = {words: m for m, words in MOVES.items() if m != "let_go" or figures.sum_of(m).mean}
    columns = ["month", "on queue", *(["need"] if needed is not None else []), *moves, *measures]
    people = {words: figures.by_month(measure) for words, measure in moves.items()}
    shares = {words: figures.by_month(measure) for words, measure in measures.items()}
    there = figures.by_month("available")
    rows = []
    for m, label in enumerate(figures.labels):
        cells: list[str | Cell] = [month_short(label), count(there[m].mean)]
        cells += [count(float(needed[:, m].sum()))] if needed is not None else []
        cells += [count(values[m].mean) for values in people.values()]
        rows.append(row(*cells, *(share(values[m]) for values in shares.values())))
    notes = [f"Means of {figures.result.replications} years; their intervals stand in months.csv. {PEOPLE}"]
    if needed is not None:
        notes.append(f"Need: heads as good as today's with which a typical week meets the targets{_how_surely(told)}.")
    return table(capital(f"{plan_words(name)}, month by month"), columns, rows, notes)


def _how_surely(told: Told) -> str:
    found = told.answer.optimised
    return "" if found is None else f" in {fraction(found.sure)} of the years"


MOVES = {"hired": "begin", "let_go": "go", "left": "leave"}
WEEK = {
    "service_level": "in time",
    "abandonment_rate": "give up",
    "resolution": "resolved",
    "strained_share": "strain",
}


def hiring_table(told: Told) -> Table | None:
    """Who begins a class, and who is let go, with the plan that is advised; None where nobody does by name."""
    note = "The sheet hiring of plan.xlsx has it to be edited: ccsim plan FILE --hiring plan.xlsx plays what it says."
    return moves_table(told.answer.lead.plan, told.file.labels, [note])


def moves_table(plan: YearPlan, labels: Sequence[str], notes: Sequence[str] = ()) -> Table | None:
    """Who begins a class, and who is let go, by month and group; None where nobody does by name."""
    moves: dict[tuple[int, str], list[int]] = {}
    for begin in plan.classes:
        moves.setdefault((begin.month, begin.group), [0, 0])[0] += begin.count
    for gone in plan.let_go:
        moves.setdefault((gone.month, gone.group), [0, 0])[1] += gone.count
    if not moves:
        return None
    rows = [
        row(month_short(labels[month - 1]), group, *(f"{n}" if n else DASH for n in both))
        for (month, group), both in sorted(moves.items())
    ]
    return table("Who begins, and who is let go", ["month", "group", "begin", "go"], rows, notes, labels=2)


def decision_tables(answer: PlanAnswer) -> list[Table]:
    """What a plan is decided by: plans beside each other and who begins; of a single plan its months."""
    told = Told(answer)
    plans, hired = plans_table(told), hiring_table(told)
    first = plans if plans is not None else months_table(told, told.file, answer.file.plan.name)
    return [first, *([hired] if hired is not None and told.found else [])]


def spiral_table(spiral: Spiral) -> Table:
    """Leavers expected and people on the queue by month, and how much larger a gap in heads is a month later."""
    gap = [*spiral.amplification.mean, math.nan]
    rows = [
        row(month_short(label), f"{leaving:.1f}", count(there), DASH if math.isnan(larger) else f"{larger:.2f}")
        for label, leaving, there, larger in zip(
            month_labels(spiral.scenario), spiral.leaving, spiral.available, gap, strict=True
        )
    ]
    return table("Does leaving feed itself?", ["month", "leave", "on queue", "a gap, a month later (times)"], rows)


def plans_table(told: Told) -> Table | None:
    """Plans beside each other; None where there is one alone."""
    if len(told.plans) < 2:
        return None
    columns = ["plan", "begin", "go", "leave", "at the end", "miss", "worst month", "resolved"]
    money = told.file.counts_money
    columns += [f"{told.currency} 1,000".strip()] if money else []
    rows = []
    for name, figures in told.plans.items():
        cells: list[str | Cell] = [plan_words(name)]
        cells += [count(figures.sum_of(measure).mean) for measure in ("hired", "let_go", "left")]
        cells += [count(figures.by_month("heads")[-1].mean), *_chances(figures), share(figures.over("resolution"))]
        rows.append(row(*cells, *([f"{figures.cash().mean / 1000.0:,.0f}"] if money else [])))
    notes = [
        f"The same customers and people's luck for all. {PEOPLE} Miss: the chance that a typical week misses any "
        "target, on average over the months, and in the worst of them."
    ]
    return table("Plans beside each other", columns, rows, notes)


def _chances(figures: YearFigures) -> list[Cell]:
    if not figures.targets:
        return [Cell(DASH), Cell(DASH)]
    return [chance_cell(figures.miss_over()), chance_cell(figures.miss()[figures.worst])]


def chances_table(told: Told) -> Table | None:
    """The chance to miss by month and target, with the file's plan and the best; the peak week beside it."""
    file = told.file
    if not file.targets:
        return None
    columns = {ANY: file.miss()}
    if len(file.targets) > 1:
        columns |= {target_words(name): file.miss(name) for name in file.targets}
    if file.result.peak is not None:
        columns["a peak week"] = file.miss(peak=True)
    if told.found:
        columns[AT_LEAST_COST] = told.lead.miss()
    rows = [
        row(month_short(label), *(_of_target(name, values[m]) for name, values in columns.items()))
        for m, label in enumerate(file.labels)
    ]
    notes = [f"With the plan of the file, but for the last column. {TYPICAL}"] if told.found else [TYPICAL]
    return table("The chance to miss, month by month", ["month", *columns], rows, notes)


def target_words(name: str) -> str:
    """A target in a word or two."""
    return label_of(name).short


def _of_target(name: str, value: Value) -> Cell:
    """A chance; that of any target with its interval."""
    cell = chance_cell(value)
    if name not in (ANY, AT_LEAST_COST):
        return cell
    return Cell(with_ends(value), cell.tone) if value.judged else cell


def money_table(told: Told) -> Table | None:
    """Cash of the months by line, of the file's plan and the best; None without costs."""
    if not told.lead.counts_money:
        return None
    shown = told.shown
    lines = [line for line in LINE_WORDS if any(line in figures.lines for figures in shown.values())]
    rows = [row(LINE_WORDS[line], *(about(figures.cash(line).mean) for figures in shown.values())) for line in lines]
    rows.append(row("all cash", *(_amount(figures.cash()) for figures in shown.values())))
    columns = [f"cash of {told.span} ({told.currency or 'money'})", *map(plan_words, shown)]
    return table("What it costs", columns, rows)


def _amount(value: Value) -> str:
    return f"{about(value.mean)} ± {about(value.half_width)}" if value.judged else about(value.mean)


def cash_table(told: Told) -> Table | None:
    """Cash by month with its intervals, of the file's plan and the best; None without costs."""
    if not told.lead.counts_money:
        return None
    shown = told.shown
    series = [figures.cash_by_month() for figures in shown.values()]
    rows = [row(month_short(label), *(_amount(v[m]) for v in series)) for m, label in enumerate(told.file.labels)]
    return table(f"Cash by month ({told.currency or 'money'})", ["month", *map(plan_words, shown)], rows)


def assumed_table(told: Told) -> Table | None:
    """The weak and assumed numbers on which the months rest."""
    numbers = assumed(told)
    if not numbers:
        return None
    rows = [row(p.about, p.words, grade_words(p), p.range or DASH, Cell(p.path, "quiet")) for p in numbers]
    columns = ["number", "in force", "known", "range", "its key in the file"]
    return table("What the months rest on", columns, rows)
