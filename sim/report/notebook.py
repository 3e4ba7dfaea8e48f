"""What a notebook shows of a result: its decision table, the same that the terminal and the page show.

Each kind of result imports its own tables, so that a run that is shown loads no library for charts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from sim.report import Table, row, table
from sim.report.numbers import DASH
from sim.report.render.page import fragment
from sim.scenario.model import Scenario
from sim.scenario.targets import targets_of_scenario
from sim.study import Comparison, RunResult
from sim.study.bridge import Bridge
from sim.study.check import Check
from sim.study.decide import Decision
from sim.study.plan.answer import PlanAnswer
from sim.study.plan.best import Optimised
from sim.study.plan.result import PlansResult, YearResult
from sim.study.plan.spiral import Spiral
from sim.study.risk.result import RiskResult
from sim.study.staffing import NoWorse, Release, StaffResult
from sim.study.sweep import Sweep
from sim.study.targets import TargetsResult


def html(result: Any) -> str:
    """Return the decision table of a result, or what a scenario says, as HTML."""
    return fragment(table for table in tables(result) if table.rows)


@singledispatch
def tables(result: Any) -> Iterable[Table]:
    """The tables that a result is decided by."""
    raise TypeError(f"{type(result).__name__} has no decision table")


@tables.register
def _(result: RunResult) -> Iterable[Table]:
    from sim.report.comparison.decision import decision_table
    from sim.report.comparison.findings import of_run

    return [decision_table(of_run(result))]


@tables.register
def _(result: Comparison) -> Iterable[Table]:
    from sim.report.comparison.decision import MOST_WITH_DIFFERENCES, decision_table
    from sim.report.comparison.findings import of_comparison

    return [decision_table(of_comparison(result), differences=len(result.results) <= MOST_WITH_DIFFERENCES)]


@tables.register
def _(result: StaffResult) -> Iterable[Table]:
    from sim.report.staffing.tables import proof_table, required_tables

    return [*required_tables(result), proof_table(result)]


@tables.register
def _(result: Release) -> Iterable[Table]:
    from sim.report.staffing.release import tables_of

    return tables_of(result)


@tables.register
def _(result: NoWorse) -> Iterable[Table]:
    from sim.report.staffing.no_worse import tables_of

    return tables_of(result)


@tables.register
def _(result: TargetsResult) -> Iterable[Table]:
    from sim.report.targets.tables import cheapest_table, grids

    return [*grids(result), cheapest_table(result)]


@tables.register
def _(result: Sweep) -> Iterable[Table]:
    from sim.report.sweep.narrative import default_measures, points_table

    return [points_table(result, default_measures(result))]


@tables.register
def _(result: Bridge) -> Iterable[Table]:
    from sim.report.bridge import bridge_table

    return [bridge_table(result)]


@tables.register
def _(result: RiskResult) -> Iterable[Table]:
    from sim.report.risk.tables import plans_table

    return [plans_table(result)]


@tables.register
def _(result: Decision) -> Iterable[Table]:
    from sim.report.decide import tables_of

    return tables_of(result)


@tables.register
def _(result: PlanAnswer) -> Iterable[Table]:
    from sim.report.plan.tables import decision_tables

    return decision_tables(result)


@tables.register
def _(result: PlansResult) -> Iterable[Table]:
    return tables(PlanAnswer(result.scenario, result))


@tables.register
def _(result: YearResult) -> Iterable[Table]:
    return tables(PlansResult(result.scenario, (result,), result.seed))


@tables.register
def _(result: Optimised) -> Iterable[Table]:
    from sim.report.plan.tables import moves_table
    from sim.study.plan.month import month_labels

    found = moves_table(result.plan, month_labels(result.scenario))
    return [] if found is None else [found]


@tables.register
def _(result: Spiral) -> Iterable[Table]:
    from sim.report.plan.tables import spiral_table

    return [spiral_table(result)]


@tables.register
def _(result: Check) -> Iterable[Table]:
    from sim.report.regression import heading, moved_table, summary

    moved = moved_table(result)
    rows = moved.rows or (row("no measure", *(DASH for _ in moved.columns[1:])),)
    return [table(moved.title, moved.columns, rows, [*heading(result), *summary(result)])]


@tables.register
def _(scenario: Scenario) -> Iterable[Table]:
    from sim.report.labels import goal_words

    calendar, run = scenario.calendar, scenario.run
    goals = [goal_words(scenario, measure, goal) for measure, goal in targets_of_scenario(scenario).items()]
    said = {
        "days": f"{calendar.days} from {calendar.start}",
        "intents": ", ".join(scenario.intents),
        "agents": ", ".join(scenario.agents),
        "mechanisms": ", ".join(scenario.mechanisms) or DASH,
        "targets": "; ".join(goals) or DASH,
        "run": f"{run.replications} replications, seed {run.seed}",
    }
    notes = [f"{note}." for note in scenario.notes]
    return [table(scenario.name, ("", "as loaded"), [row(*pair) for pair in said.items()], notes, labels=2)]
