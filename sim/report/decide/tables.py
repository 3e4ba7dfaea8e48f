"""The tables of a decision: plan beside plan, and money line by line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.report import Cell, Table, Tone, row, table
from sim.report.decide.facts import Facts
from sim.report.decide.words import Names, people
from sim.report.numbers import DASH, exactly, form_of
from sim.study.decide import plans

ROWS = {
    "people": ("people who go", "whole"),
    "service_level": ("answered within {within}", "share"),
    "asa_s": ("average wait of who is answered (s)", "s"),
    "abandonment_rate": ("give up", "share"),
    "resolution_rate": ("needs resolved, the bot's included", "share"),
    "repeat_rate": ("repeats among contacts", "share"),
    "csat": ("satisfaction (0 to 100)", "points"),
    "aht_s": ("handle time of a contact", "s"),
    "occupancy": ("agents busy", "share"),
    "strained_share": ("agents strained", "share"),
    "mistreatment_rate": ("contacts in which agents are treated badly", "share"),
    "leavers_a_year": ("agents who quit in a year", "number"),
}
LESS_IS_BETTER = ("asa_s", "abandonment_rate", "repeat_rate", "strained_share", "mistreatment_rate", "leavers_a_year")
MORE_IS_BETTER = ("service_level", "resolution_rate", "csat")
SIDES = (plans.BEFORE, plans.SAFE, plans.AT_TARGETS, plans.WRITTEN, plans.NAIVE, plans.KEEP)
LINES = {
    "pay": "pay",
    "bot_sessions": "sessions of the bot",
    "bot_resolutions": "what the bot closes",
    "licence": "licence of the bot",
    "leavers": "replacing who quits",
    "severance": "severance",
    "notice": "pay during notice",
    "hiring": "hiring",
    "total": "in all",
}
COLUMNS = ("quarter", "year", "first_year")


def heading(plan: str, facts: Facts) -> str:
    """What a plan is called above a column."""
    count = facts("people", plan)
    gone = f"{people(count)} {'go' if count >= 0 else 'more'}"
    if plan == plans.BEFORE:
        return "before"
    if count == 0:
        return "nobody goes"
    words = {plans.SAFE: "safe plan", plans.AT_TARGETS: "targets alone", plans.NAIVE: "by containment"}
    return f"{words.get(plan, 'as written')}: {gone}"


def sides_table(facts: Facts, names: Names) -> Table:
    """Customers and agents, a column a plan."""
    shown = [plan for plan in SIDES if facts.has("offered", plan) and not _twice(facts, plan)]
    rows = []
    for name, (words, kind) in ROWS.items():
        values = [facts.value(name, plan) for plan in shown]
        if name != "people" and any(value.known for value in values):
            form = form_of(kind, values)
            cells = [Cell(form.value(exactly(facts(name, plan))), _tone(facts, name, plan)) for plan in shown]
            text = words.format(within=f"{names.within_s:g} s")
            rows.append(row(f"{text} ({form.unit})" if form.unit.endswith("ss") else text, *cells))
    notes = [
        "Green, red: better, worse than before, beyond luck (95 %). All plans but the first have the bot, and the "
        "roster of before less those who go. Intervals: decide.csv.",
    ]
    return table("Customers and agents", ["", *(heading(plan, facts) for plan in shown)], rows, notes)


def _twice(facts: Facts, plan: str) -> bool:
    """Whether a plan is the safe one again: nobody goes by it, and nobody by that."""
    return plan in (plans.KEEP, plans.AT_TARGETS) and facts("people", plan) == facts("people", plans.SAFE) == 0


def _tone(facts: Facts, name: str, plan: str) -> Tone:
    """Whether a plan is better or worse than before, beyond luck."""
    change = facts.value(f"{name}_change", plan)
    if not (change.judged and change.clear) or name not in (*LESS_IS_BETTER, *MORE_IS_BETTER):
        return ""
    return "good" if (change.mean > 0) == (name in MORE_IS_BETTER) else "bad"


def money_table(facts: Facts, names: Names) -> Table | None:
    """The safe plan against before: run-rate a quarter and a year, and the first year in cash."""
    if not facts.has("total_year", plans.SAFE):
        return None
    lines = [line for line in LINES if any(abs(_amount(facts, line, column)) >= 1.0 for column in COLUMNS)]
    rows = [row(LINES[line], *(_money(facts, line, column) for column in COLUMNS)) for line in lines]
    unit = f" ({names.money})" if names.money else ""
    notes = ["Below 0: saved. What is paid once stands in the first year alone; later years have the run-rate."]
    columns = ["", f"a quarter{unit}", f"a year{unit}", f"first year, cash{unit}"]
    return table(f"The safe plan against before{unit}", columns, rows, notes)


def _amount(facts: Facts, line: str, column: str) -> float:
    value = facts(f"{line}_{column}", plans.SAFE)
    return 0.0 if math.isnan(value) else value


def _money(facts: Facts, line: str, column: str) -> str:
    value = facts(f"{line}_{column}", plans.SAFE)
    return DASH if math.isnan(value) else f"{value + 0.0:+,.0f}" if abs(value) >= 0.5 else "0"


def commands(names: Sequence[str]) -> tuple[str, ...]:
    """The commands that make what stands behind the page."""
    before, after = names
    return (
        f"Staffing and handle-time targets, cell by cell: ccsim targets {after} --before {before} --out DIR",
        f"The agents required by interval: ccsim staff {after} --out DIR",
    )
