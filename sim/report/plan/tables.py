"""The tables of a plan: month by month, who begins when, plans beside each other, money, what is assumed."""

from __future__ import annotations

import math

from sim.report import Cell, Table, Tone, row, table
from sim.report.decide.words import about
from sim.report.labels import key_words
from sim.report.numbers import DASH, PERCENT, Value, exactly, round_percent
from sim.report.plan.figures import YearFigures, month_short
from sim.report.plan.outlook import LINES, assumed, grade_words
from sim.report.plan.words import FILE, Told, count, plan_words

LIKELY, UNSURE = 0.5, 0.1
"""A chance to miss from which on it is bad, or unsure."""
TYPICAL = "A chance to miss is that of the month's one typical week, of the simulated years."


def share(value: Value) -> str:
    """A share in a narrow cell."""
    return DASH if math.isnan(value.mean) else PERCENT.value(exactly(value.mean))


def chance_cell(value: Value) -> Cell:
    """A chance to miss, with its tone."""
    if math.isnan(value.mean):
        return Cell(DASH)
    tone: Tone = "bad" if value.mean >= LIKELY else "unsure" if value.mean >= UNSURE else "good"
    return Cell(round_percent(value.mean), tone)


def months_table(told: Told, figures: YearFigures, name: str) -> Table:
    """A plan month by month: people, customers, the chance to miss, money."""
    needed = told.answer.needed
    columns = ["month", "begin", "go", "leave", "on queue", *(["needed"] if needed is not None else [])]
    columns += ["in time", "give up", "resolved", "misses"]
    if figures.counts_money:
        columns.append(f"cash, thousand {told.currency}".strip())
    series = {m: figures.by_month(m) for m in ("hired", "let_go", "left", "available", *SERVICE)}
    miss, cash = figures.miss(), figures.cash_by_month()
    rows = []
    for m, label in enumerate(figures.labels):
        cells: list[str | Cell] = [month_short(label)]
        cells += [count(series[name][m].mean) for name in ("hired", "let_go", "left", "available")]
        cells += [count(float(needed[:, m].sum()))] if needed is not None else []
        cells += [share(series[name][m]) for name in SERVICE] + [chance_cell(miss[m])]
        cells += [f"{cash[m].mean / 1000.0:,.0f}"] if figures.counts_money else []
        rows.append(row(*cells))
    notes = [f"People: means of {figures.result.replications} simulated years. {TYPICAL}"]
    if needed is not None:
        notes.append("Needed: heads as good as today's with which a typical week meets the targets on average.")
    return table(f"{plan_words(name)[:1].upper()}{plan_words(name)[1:]}, month by month", columns, rows, notes)


SERVICE = ("service_level", "abandonment_rate", "resolution")


def hiring_table(told: Told) -> Table | None:
    """Who begins a class, and who is let go, by month and group; None where nobody does by name."""
    plan = told.answer.lead.plan
    moves: dict[tuple[int, str], list[int]] = {}
    for place, entries in enumerate((plan.classes, plan.let_go)):
        for entry in entries:
            moves.setdefault((entry.month, entry.group), [0, 0])[place] += entry.count
    if not moves:
        return None
    rows = [
        row(month_short(told.file.labels[month - 1]), group, *(f"{n}" if n else DASH for n in both))
        for (month, group), both in sorted(moves.items())
    ]
    notes = ["The sheet hiring of plan.xlsx has it to be edited: ccsim plan FILE --hiring plan.xlsx plays what it says."]
    return table("Who begins, and who is let go", ["month", "group", "begin", "let go"], rows, notes, labels=2)


def plans_table(told: Told) -> Table | None:
    """Plans beside each other; None where there is one alone."""
    if len(told.plans) < 2:
        return None
    columns = ["plan", "begin", "let go", "leave", "people at the end", "misses", "worst month", "resolved"]
    money = told.file.counts_money
    columns += [f"cash, thousand {told.currency}".strip(), "against the file"] if money else []
    rows = []
    for name, figures in told.plans.items():
        cells: list[str | Cell] = [plan_words(name)]
        cells += [count(figures.sum_of(measure).mean) for measure in ("hired", "let_go", "left")]
        cells += [count(figures.by_month("heads")[-1].mean)]
        cells += _chances(figures)
        cells.append(share(figures.over("resolution")))
        if money:
            change = figures.cash_above(told.file)
            against = DASH if figures is told.file else f"{change.mean / 1000.0:+,.0f}"
            cells += [f"{figures.cash().mean / 1000.0:,.0f}", against]
        rows.append(row(*cells))
    notes = [
        "All on the same customers and the same people's luck. Misses: the chance that a typical week misses any target, "
        "on average over the months, and in the worst of them."
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
    columns = {"any target": file.miss()}
    if len(file.targets) > 1:
        columns |= {target_words(name): file.miss(name) for name in file.targets}
    if file.result.peak is not None:
        columns["a peak week"] = file.miss(peak=True)
    if told.found:
        columns["at least cost"] = told.lead.miss()
    rows = [
        row(month_short(label), *(_with_ends(values[m]) for values in columns.values()))
        for m, label in enumerate(file.labels)
    ]
    notes = [f"With the plan of the file, but for the last column. {TYPICAL}"] if told.found else [TYPICAL]
    return table("The chance to miss, month by month", ["month", *columns], rows, notes)


def target_words(name: str) -> str:
    """A target in a word or two."""
    from sim.report.labels import label_of

    return label_of(name).short


def _with_ends(value: Value) -> Cell:
    cell = chance_cell(value)
    if not value.judged:
        return cell
    return Cell(f"{cell.text} ({100 * value.low:.0f} to {100 * value.high:.0f})", cell.tone)


def money_table(told: Told) -> Table | None:
    """Cash of the months by line, of the file's plan and the best; None without costs."""
    if not told.lead.counts_money:
        return None
    shown = {FILE: told.file} | ({"best": told.lead} if told.found else {})
    lines = [line for line in LINES if any(line in figures.lines for figures in shown.values())]
    rows = [row(LINES[line], *(about(figures.cash(line).mean) for figures in shown.values())) for line in lines]
    rows.append(row("all cash", *(_amount(figures.cash()) for figures in shown.values())))
    columns = [f"cash of the {told.file.months} months ({told.currency or 'money'})", *map(plan_words, shown)]
    return table("What it costs", columns, rows)


def _amount(value: Value) -> str:
    return f"{about(value.mean)} ± {about(value.half_width)}" if value.judged else about(value.mean)


def assumed_table(told: Told) -> Table | None:
    """The weak and assumed numbers on which the months rest."""
    numbers = assumed(told)
    if not numbers:
        return None
    rows = [row(key_words(p.path), p.words, grade_words(p), p.range or DASH, Cell(p.path, "quiet")) for p in numbers]
    columns = ["number", "in force", "known", "range", "its key in the file"]
    return table("What the months rest on", columns, rows)


