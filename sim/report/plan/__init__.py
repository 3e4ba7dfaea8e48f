"""The report of `plan`: whom to hire and when, what a cut does, chances by month, money, and what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import pandas as pd

from sim import __version__
from sim.report import (
    Chart,
    Document,
    Item,
    Layout,
    Paragraph,
    Pictures,
    Report,
    ReportSection,
    ShortLines,
    Table,
    counted,
)
from sim.report.basis import basis_line, basis_sections
from sim.report.numbers import number, records
from sim.report.observed import with_observed
from sim.report.plan import outlook, words
from sim.report.plan.charts import charts
from sim.report.plan.compared import compared
from sim.report.plan.tables import (
    assumed_table,
    cash_table,
    chances_table,
    hiring_table,
    money_table,
    months_table,
    plans_table,
)
from sim.report.plan.words import Told
from sim.schema.hiring_tables import COLUMNS, COUNT, GROUP, LET_GO, MONTH
from sim.study.plan.answer import PlanAnswer

SCHEMA_VERSION = 1
IN_SHORT = "in_short"
Say = Callable[[Told], Iterator[str]]
QUESTIONS: dict[str, tuple[str, Say]] = {
    IN_SHORT: ("In short", words.in_short),
    "hire": ("How many to hire, and when?", words.hiring),
    "cut": ("What if we cut now?", compared),
    "chance": ("How likely is it that a target is missed?", words.chances),
    "service": ("What do customers and agents get?", outlook.service),
    "money": ("What does it cost?", outlook.money),
    "spiral": ("Does leaving feed itself?", outlook.spiral),
    "rests": ("What does it rest on?", outlook.rests_on),
}
"""The sections in the order of the page: heading, and who says it."""
HIRING = "hiring"


def plan_report(answer: PlanAnswer) -> Report:
    """Return the report of `plan`."""
    told, scenario = Told(answer), answer.scenario
    scenarios = {scenario.name: scenario}
    months = told.file.months
    report = Report(
        title=f"Plan: {scenario.name}",
        line=(
            f"{counted(months, 'month')} from {told.month(0)}, {counted(answer.replications, 'simulated year')} of "
            f"{counted(len(told.plans), 'plan')}, the same customers and people's luck in every plan."
        ),
        sections=(*_sections(told), *basis_sections(scenarios, "The numbers behind it")),
        footer=(
            f"ccsim {__version__}, seed {answer.seed}, {answer.replications} years. Every figure: months.csv.",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=answer.seed,
        replications=answer.replications,
        document=lambda: _document(told),
        make_tables=lambda: _tidy(told),
        workbook="plan.xlsx",
    )
    return with_observed(report)


def sentences_of(told: Told) -> dict[str, tuple[str, ...]]:
    """What every section says."""
    return {section: tuple(say(told)) for section, (_, say) in QUESTIONS.items()}


def tables_of(told: Told) -> dict[str, list[Table]]:
    """The tables of every section."""
    months = [months_table(told, figures, name) for name, figures in told.shown.items()]
    made: dict[str, list[Table | None]] = {
        "hire": [hiring_table(told)],
        "cut": [plans_table(told)],
        "chance": [chances_table(told)],
        "service": [*months],
        "money": [money_table(told), cash_table(told)],
        "rests": [assumed_table(told)],
    }
    return {section: [one for one in found if one is not None] for section, found in made.items()}


def _sections(told: Told) -> Iterator[ReportSection]:
    said, tables = sentences_of(told), tables_of(told)

    @cache
    def drawn() -> dict[str, Chart]:
        return charts(told)

    def page(section: str) -> Iterator[Item | Pictures]:
        first, *rest = said[section]
        yield Paragraph(first.rstrip("."), ())
        if rest:
            yield ShortLines(tuple(rest))
        yield Pictures(lambda: [drawn()[section]] if section in drawn() else [])
        yield from tables.get(section, ())

    def screen(section: str) -> Iterator[Item]:
        yield Paragraph(QUESTIONS[section][0].rstrip("?"), said[section])
        yield from tables.get(section, ())

    for section, (question, _) in QUESTIONS.items():
        if not said[section]:
            continue
        answers = section in (IN_SHORT, "hire")
        layout: Layout = "" if section == IN_SHORT else "beside"
        yield ReportSection(question, partial(page, section), layout, headed=True, answers=answers)
        yield ReportSection(question, partial(screen, section), on_page=False, on_terminal=1, answers=answers)


# Data -----------------------------------------------------------------------------


def hiring_frame(told: Told) -> pd.DataFrame:
    """The plan that is advised as it is read again: a row a month and group, those without anybody too."""
    plan, figures = told.answer.lead.plan, told.file
    counts = {name: dict.fromkeys(_cells(told), 0) for name in (COUNT, LET_GO)}
    for begin in plan.classes:
        counts[COUNT][begin.month, begin.group] += begin.count
    for gone in plan.let_go:
        counts[LET_GO][gone.month, gone.group] += gone.count
    rows = [
        (month, figures.labels[month - 1], group, counts[COUNT][month, group], counts[LET_GO][month, group])
        for month, group in _cells(told)
    ]
    return pd.DataFrame(rows, columns=[MONTH, "begins", *COLUMNS[1:]])


def _cells(told: Told) -> list[tuple[int, str]]:
    return [(month + 1, group) for month in range(told.file.months) for group in told.file.result.groups]


def _stacked(told: Told, part: str) -> pd.DataFrame:
    """A table of every plan, one below the other."""
    frames: list[pd.DataFrame] = [getattr(f.result, part).assign(plan=name) for name, f in told.plans.items()]
    whole: pd.DataFrame = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    return whole[["plan", *(column for column in whole.columns if column != "plan")]]


def _tidy(told: Told) -> dict[str, pd.DataFrame]:
    said = [(section, text) for section, lines in sentences_of(told).items() for text in lines]
    tables = {HIRING: hiring_frame(told)}
    tables |= {name: _stacked(told, name) for name in ("months", "chance", "cost", "totals")}
    if told.file.result.peak is not None:
        tables["peak_months"] = _stacked(told, "peak_months")
    if told.answer.needed is not None:
        tables["needed"] = needed_frame(told)
    return tables | {"sentences": pd.DataFrame(said, columns=["section", "sentence"])}


def needed_frame(told: Told) -> pd.DataFrame:
    """One row a month and group: month, label, group, heads."""
    needed, file = told.answer.needed, told.file
    assert needed is not None
    rows = [
        (month, file.labels[month - 1], group, float(needed[file.result.groups.index(group), month - 1]))
        for month, group in _cells(told)
    ]
    return pd.DataFrame(rows, columns=[MONTH, "label", GROUP, "heads"])


def _document(told: Told) -> Document:
    """Return the JSON document: the sentences by section, and every plan with its figures."""
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": told.answer.scenario.name,
        "seed": told.answer.seed,
        "replications": told.answer.replications,
        "months": list(told.file.labels),
        "groups": list(told.file.result.groups),
        "advised": told.answer.lead.plan.name,
        "sections": {name: list(lines) for name, lines in sentences_of(told).items()},
        "hiring": records(hiring_frame(told)),
        "needed": records(needed_frame(told)) if told.answer.needed is not None else None,
        "plans": {name: _plan(told, name) for name in told.plans},
    }


def _plan(told: Told, name: str) -> Document:
    figures, result = told.plans[name], told.plans[name].result
    miss = figures.miss_over()
    return {
        "miss_on_average": {"mean": number(miss.mean), "ci95": [number(miss.low), number(miss.high)]},
        "turnover": number(result.turnover),
        "over_budget": number(result.over_budget),
        "months": records(result.months),
        "chance": records(result.chance),
        "cost": records(result.cost),
        "totals": records(result.totals),
    }
