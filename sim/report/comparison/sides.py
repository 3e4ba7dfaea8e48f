"""The customers' side and the employees' side, next to each other; there is no sum of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.comparison.decision import (
    cost_unit,
    mark_notes,
    mark_of,
    open_days,
    strain_notes,
    strain_threshold,
)
from sim.report.comparison.findings import Findings
from sim.report.forms import form_of
from sim.report.table import Cell, Table, row, table
from sim.report.value import NOTHING, Value
from sim.scenario.model import Scenario

CUSTOMERS, AGENTS = "customers", "agents"
WEEKS_OF_A_YEAR = 52.0
TWO_SIDES = "Two sides, and no sum of both: what one is worth in the other is for you to decide."
TIME_TO_HUMAN = "Time to a human runs from a need's first contact to the first answer by an agent."
NOTES = {
    "csat": "Satisfaction is worked out: points off for what happened, most of them assumed. Compare it: it is "
    "no survey.",
    "leavers_expected": "Nobody leaves in the days simulated. Leavers are expected from how tired and how new agents "
    "are; what it costs to replace them is in no other figure.",
}


@dataclass(frozen=True)
class SideRow:
    """One row: a measure of one side.

    Attributes
    ----------
    needs : the mechanism without which the measure says nothing; empty where it always does.
    yearly : whether it is what the days measured come to in a year.
    """

    side: str
    measure: str
    label: str
    kind: str
    needs: str = ""
    yearly: bool = False


LEAVE_BOT = SideRow(CUSTOMERS, "bot_abandonment_rate", "leave in the bot (% of sessions)", "share", "bot")


def _may_be_left(scenario: Scenario) -> bool:
    """Whether customers can leave in the bot: in a conversation, or while only the bot is there."""
    return scenario.bot is not None and not (scenario.bot.conversation is None and scenario.bot.hours is None)


def figures(findings: Findings) -> list[SideRow]:
    """Every row that there can be, in order."""
    days, money = open_days(findings), cost_unit(findings)
    strained = f"time with fatigue above {strain_threshold(findings):g} (%)"
    return [
        SideRow(CUSTOMERS, "csat", "satisfaction, CSAT ({unit})", "points"),
        SideRow(CUSTOMERS, "resolution_rate", "needs resolved in the end (%)", "share"),
        SideRow(CUSTOMERS, "attempts_per_need", "contacts a need, with bot or agent", "number"),
        SideRow(CUSTOMERS, "time_to_human_s", "time to a human ({unit})", "s"),
        SideRow(CUSTOMERS, "abandonment_rate", "abandonment, with balking (%)", "share"),
        *([LEAVE_BOT] if any(_may_be_left(scenario) for scenario in findings.scenarios) else []),
        SideRow(CUSTOMERS, "transfer_rate", "sent to another agent (%)", "share"),
        SideRow(CUSTOMERS, "frustration_at_end", "frustration at the end ({unit})", "index", "frustration"),
        SideRow(AGENTS, "fatigue_mean", "fatigue, average ({unit})", "index", "fatigue"),
        SideRow(AGENTS, "strained_share", strained, "share", "fatigue"),
        SideRow(AGENTS, "mistreatment_rate", "contacts with mistreatment (%)", "share", "mistreatment"),
        SideRow(AGENTS, "supervisor_rate", "contacts that take a supervisor (%)", "share"),
        SideRow(AGENTS, "occupancy", "occupancy (%)", "share"),
        SideRow(AGENTS, "overtime_hours", "overtime (h)", "number"),
        SideRow(AGENTS, "leavers_expected", f"expected to quit in {days}", "number"),
        SideRow(AGENTS, "replacement_cost", f"cost of replacing them ({money})", "number"),
        SideRow(AGENTS, "leavers_expected", "expected to quit in 52 weeks at that pace", "number", yearly=True),
        SideRow(AGENTS, "replacement_cost", f"cost of replacing those of 52 weeks ({money})", "number", yearly=True),
    ]


def sides_table(findings: Findings, others: Sequence[str] | None = None) -> Table:
    """A column a scenario; a row a figure that any of them has, first the customers', then the agents'.

    Parameters
    ----------
    others : the scenarios to set beside the first; all by default.
    """
    others = findings.others if others is None else others
    names = [findings.base, *others]
    shown = [f for f in figures(findings) if any(_of(findings, name, f).known for name in names)]
    starts = {side: next((f for f in shown if f.side == side), None) for side in (CUSTOMERS, AGENTS)}
    rows = [_row(findings, names, figure, figure is starts[figure.side]) for figure in shown]
    notes = [*mark_notes(findings, others), TWO_SIDES, *_notes(findings, names, {f.measure for f in shown})]
    return table("Customers and agents", ["", "SideRow", *names], rows, notes, labels=2)


def _notes(findings: Findings, names: list[str], shown: set[str]) -> list[str]:
    """What a reader may wonder at in the measures shown."""
    notes = [_time_to_human([findings.scenario(name) for name in names])] if "time_to_human_s" in shown else []
    notes += strain_notes(findings, names)
    return notes + [note for measure, note in NOTES.items() if measure in shown]


def _time_to_human(scenarios: list[Scenario]) -> str:
    """What the time to a human is, and why days can lie in it: by what is on."""
    redials = [scenario.customers.redial for scenario in scenarios]
    reasons = {
        "a bot closes contacts that it has not resolved and they come back": any(s.bot for s in scenarios),
        "those who give up try again on a later day": any(r and r.probability * r.next_day > 0 for r in redials),
    }
    found = [words for words, holds in reasons.items() if holds]
    return f"{TIME_TO_HUMAN} Days can lie between, where {', or '.join(found)}." if found else TIME_TO_HUMAN


def _row(findings: Findings, names: list[str], figure: SideRow, first: bool) -> tuple[Cell, ...]:
    values = {name: _of(findings, name, figure) for name in names}
    form = form_of(figure.kind, values.values())
    texts = [form.value(value) + mark_of(_change(findings, name, figure), form) for name, value in values.items()]
    return row(figure.side if first else "", figure.label.format(unit=form.unit), *texts)


def _of(findings: Findings, name: str, figure: SideRow) -> Value:
    """The figure of a scenario, if its mechanism is on."""
    if figure.needs and getattr(findings.scenario(name), figure.needs) is None:
        return NOTHING
    return in_a_year(findings, name, figure.measure) if figure.yearly else findings.value(name, figure.measure)


def _change(findings: Findings, name: str, figure: SideRow) -> Value:
    """Its difference against the first scenario, if both have it."""
    if not (_of(findings, name, figure).known and _of(findings, findings.base, figure).known):
        return NOTHING
    return change_in_a_year(findings, name, figure.measure) if figure.yearly else findings.change(name, figure.measure)


def in_a_year(findings: Findings, name: str, measure: str) -> Value:
    """What a sum over the days measured comes to in 52 weeks at the same pace."""
    return findings.value(name, measure).times(WEEKS_OF_A_YEAR / findings.scenario(name).calendar.weeks())


def change_in_a_year(findings: Findings, name: str, measure: str) -> Value:
    """Its difference against the first scenario, where both measure the same span."""
    weeks, first = (findings.scenario(n).calendar.weeks() for n in (name, findings.base))
    return findings.change(name, measure).times(WEEKS_OF_A_YEAR / weeks) if weeks == first else NOTHING
