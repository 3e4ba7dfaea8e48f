"""The report of `decide`: one page that is read in two minutes, in the order of the questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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
from sim.report.decide import outlook, words
from sim.report.decide.charts import charts
from sim.report.decide.facts import Facts, facts_of
from sim.report.decide.plain import plain_words, value_as
from sim.report.decide.tables import commands, money_table, sides_table
from sim.report.decide.words import Names, Uncertain
from sim.report.labels import goal_words
from sim.report.numbers import number
from sim.report.observed import with_observed
from sim.scenario.model import Scenario
from sim.study.decide import Decision

SCHEMA_VERSION = 1
PERIODS, STRETCHES = {1: "days"}, "stretches of the days measured"
IN_SHORT = "in_short"
Say = Callable[[Facts, Names], Iterator[str]]
QUESTIONS: dict[str, tuple[str, tuple[Say, ...]]] = {
    IN_SHORT: ("In short", (words.in_short,)),
    "freed": ("How many can go?", (words.how_many,)),
    "handle_time": ("Can the handle-time target be kept?", (words.handle_time,)),
    "service": ("What do customers and agents get?", (words.customers_and_agents,)),
    "money": ("What does it come to?", (outlook.cash,)),
    "how_sure": ("How sure is it?", (outlook.how_sure,)),
    "measure_first": ("What should be measured first?", (outlook.measure_first,)),
    "trigger": ("When may the next go?", (outlook.trigger,)),
    "alternatives": ("What is the mistake, and what the alternative?", (outlook.mistake, outlook.alternative)),
}
"""The sections in the order of the page: heading, and who says it."""


def decide_report(
    decision: Decision, files: tuple[str, str] = ("BEFORE", "AFTER"), pages: Mapping[str, Report] | None = None
) -> Report:
    """Return the report of a decision.

    Parameters
    ----------
    files : what the two scenarios' files are called in the commands that make further pages.
    pages : reports that stand behind it, by the name of their folder.
    """
    facts, names = facts_of(decision), names_of(decision)
    scenarios = {decision.before.name: decision.before}
    scenarios[names.after] = decision.after
    calendar = decision.after.calendar
    report = Report(
        title=f"Decision: {names.after}",
        against=names.before,
        line=(
            f"{counted(calendar.days, 'day')} from {calendar.start}, {counted(decision.replications, 'replication')}, "
            "the same customers in every plan."
        ),
        sections=(*_sections(facts, names, files), *basis_sections(scenarios, "What it rests on")),
        footer=(
            f"ccsim {__version__}, seed {decision.seed}, {decision.replications} replications. Figures: decide.csv.",
            basis_line(scenarios),
        ),
        scenarios=scenarios,
        seed=decision.seed,
        replications=decision.replications,
        document=lambda: _document(decision, facts, names),
        make_tables=lambda: {"decide": facts.table, "sentences": sentences_table(facts, names)},
        workbook="decide.xlsx",
        pages=pages or {},
    )
    return with_observed(report)


def names_of(decision: Decision) -> Names:
    """What things are called on the page."""
    before, after = decision.before.name, decision.after.name
    costs, sure, missed = decision.after.costs or decision.before.costs, decision.sure, decision.at_targets
    first = [] if sure is None else sure.sensitivities
    goals = decision.goals
    return Names(
        before=before,
        after=f"{after} (2)" if before == after else after,
        groups=tuple(decision.plan.by_group),
        within_s=decision.after.targets.service_level.within,
        money=costs.currency if costs is not None else "",
        period=_period(decision.after),
        measure_first=tuple(
            _uncertain(each.parameter.key, *(b.words for b in each.parameter.bounds)) for each in first
        ),
        together=_together(decision),
        missed=tuple(goal_words(decision.after, m, goals[m]) for m in missed.missed) if missed is not None else (),
    )


def _period(scenario: Scenario) -> str:
    """What one replication simulates, in words."""
    return "weeks" if scenario.calendar.weeks() == 1.0 else PERIODS.get(scenario.calendar.days, STRETCHES)


def _uncertain(key: str, low: str, high: str) -> Uncertain:
    told = plain_words(key)
    return Uncertain(told.words, value_as(told, low), value_as(told, high), told.found_by)


def _together(decision: Decision) -> tuple[Uncertain, ...]:
    if decision.chances is None:
        return ()
    drawn = [decision.chances.study.sample.beliefs[k] for k in decision.chances.measure_first]
    return tuple(_uncertain(each.key, each.low, each.high) for each in drawn)


def tables_of(decision: Decision) -> list[Table]:
    """The tables that a decision is read from."""
    facts, names = facts_of(decision), names_of(decision)
    found = money_table(facts, names)
    return [sides_table(facts, names), *([found] if found is not None else [])]


def sentences_of(facts: Facts, names: Names) -> dict[str, tuple[str, ...]]:
    """What every section says."""
    return {
        section: tuple(sentence for say in says for sentence in say(facts, names))
        for section, (_, says) in QUESTIONS.items()
    }


def sentences_table(facts: Facts, names: Names) -> pd.DataFrame:
    """The sentences of the page: section, sentence."""
    rows = [(section, text) for section, told in sentences_of(facts, names).items() for text in told]
    return pd.DataFrame(rows, columns=["section", "sentence"])


def _sections(facts: Facts, names: Names, files: tuple[str, str]) -> Iterator[ReportSection]:
    told = sentences_of(facts, names)
    tables = {"service": sides_table, "money": money_table}

    @cache
    def drawn() -> dict[str, Chart]:
        return charts(facts, names, {section: text[0] for section, text in told.items() if text})

    def page(section: str) -> Iterator[Item | Pictures]:
        if told[section]:
            yield from _lead(told[section])
        yield Pictures(lambda: [drawn()[section]] if section in drawn() else [])
        yield from table_of(section)

    def screen(section: str) -> Iterator[Item]:
        yield Paragraph(QUESTIONS[section][0].rstrip("?"), told[section])
        yield from table_of(section)

    def table_of(section: str) -> Iterator[Table]:
        found = tables[section](facts, names) if section in tables else None
        if found is not None:
            yield found

    for section, (question, _) in QUESTIONS.items():
        answers = section in (IN_SHORT, "freed")
        layout: Layout = "" if section == IN_SHORT else "beside"
        yield ReportSection(question, partial(page, section), layout, headed=True, answers=answers)
        yield ReportSection(question, partial(screen, section), on_page=False, on_terminal=1, answers=answers)
    yield ReportSection("Behind it", lambda: [ShortLines(commands(files))], headed=True, on_terminal=8)


def _lead(told: tuple[str, ...]) -> Iterator[Item]:
    """The first sentence stands out, the others follow one below the other."""
    first, *rest = told
    yield Paragraph(first.rstrip("."), ())
    if rest:
        yield ShortLines(tuple(rest))


# JSON -------------------------------------------------------------------------------


def _document(decision: Decision, facts: Facts, names: Names) -> Document:
    """Return the JSON document: by section its sentences and figures; `feasible` is what the exit code says."""
    told = sentences_of(facts, names)
    figures: dict[str, list[Document]] = {section: [] for section in QUESTIONS}
    for fact in facts.rows.values():
        figures[fact.section].append(
            {
                "plan": fact.plan or None,
                "figure": fact.name,
                "unit": fact.unit,
                "mean": number(fact.value.mean),
                "ci95": [number(fact.value.low), number(fact.value.high)] if fact.value.judged else None,
            }
        )
    return {
        "schema_version": SCHEMA_VERSION,
        "before": names.before,
        "after": names.after,
        "seed": decision.seed,
        "replications": decision.replications,
        "feasible": decision.feasible,
        "people": decision.heads_at_equal_service,
        "people_safe": decision.heads,
        "margins": decision.no_worse.margins,
        "sections": {name: {"sentences": list(told[name]), "figures": figures[name]} for name in QUESTIONS},
    }
