"""The decision table, and below it the customers' side beside the employees' side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.facts.load import on_queue
from sim.report import Cell, Table, counted, row, table
from sim.report.comparison.findings import Findings
from sim.report.labels import LABELS, bound_words, label_of, level_words, row_words, unit_of, verdict, with_unit
from sim.report.numbers import DASH, NOTHING, Form, Value, capital, form_of
from sim.scenario.model import Scenario, ServiceLevel
from sim.scenario.targets import targets_of_scenario, targets_of_some
from sim.study import RunResult

SERVICE_LEVEL_WORDS = {
    "sl_offered": "answered within {t} of all offered",
    "sl_excl_abn_in_t": "answered within {t} of offered less those who abandon within {t}",
    "sl_credit_abn_in_t": "answered or abandoned within {t} of all offered",
    "sl_answered": "answered within {t} of all answered",
}
MARK = " *"
MOST_WITH_DIFFERENCES = 3
"""Up to so many scenarios, a table has a column of differences for each."""
MARK_NOTE = "* the 95 % interval of the difference from {base} excludes zero."
POINTS_NOTE = "Differences of percentages are in points (pt)."
UNMANNED_NOTE = "Fatigue and strain are averaged over all groups: {group}, which takes no contacts, counts too."
INTERVAL_NOTE = "± half of the 95 % confidence interval over {n} replications."
ALONE_NOTE = "One replication: nothing can be said about luck. Run more for confidence intervals."

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
class DecisionRow:
    """One row of the decision table: a measure, in words, and whether these findings have it."""

    measure: str
    label: str
    kind: str
    unit: str = ""


def within_text(level: ServiceLevel) -> str:
    """The planner's T, such as 20 s."""
    return f"{level.within:g} s"


def service_level_words(level: ServiceLevel) -> str:
    """The planner's definition of the service level with its T."""
    return SERVICE_LEVEL_WORDS[level.definition].format(t=within_text(level))


def service_level_measure(scenario: Scenario) -> str:
    """The measure that is the planner's service level."""
    return scenario.targets.service_level.definition


def cost_unit(findings: Findings) -> str:
    """The currency of these findings."""
    return next((s.costs.currency for s in findings.scenarios if s.costs and s.costs.currency), "money")


def strain_threshold(findings: Findings) -> float:
    """The fatigue from which on time counts as strained; 0 where nobody tires."""
    return next((s.fatigue.strain_threshold for s in findings.scenarios if s.fatigue), 0.0)


def open_days(findings: Findings) -> str:
    """How many days are measured, in words."""
    return counted(findings.first.by_day["day"].nunique(), "open day")


def _always(findings: Findings) -> bool:
    return True


def _on(mechanism: str) -> Callable[[Findings], bool]:
    return lambda findings: findings.any_on(mechanism)


def _measured(measure: str) -> Callable[[Findings], bool]:
    return lambda findings: any(findings.value(name, measure).known for name in findings.names)


def _sends_away(findings: Findings) -> bool:
    return any(s.pace is not None and s.pace.sends_away is not None for s in findings.scenarios)


def _has_level(findings: Findings) -> bool:
    return any(scenario.targets.service_level.given for scenario in findings.scenarios)


SHOWN: dict[str, Callable[[Findings], bool]] = {
    "sl_intervals_met": _has_level,
    "abandonment_rate": _always,
    "asa_s": _always,
    "wait_p90_s": _always,
    "aht_s": _always,
    "natural_aht_s": _on("pace"),
    "occupancy": _always,
    "attention_share": _measured("attention_share"),
    "agents_on_queue": _always,
    "fte": _always,
    "offered": _always,
    "resolution_rate": _always,
    "repeat_rate": _always,
    "csat": _on("csat"),
    "transfer_rate": _sends_away,
    "supervisor_rate": _measured("supervisor_rate"),
    "workload_hours": _always,
    "workload_per_resolution_s": _always,
    "frustration_at_agent": _on("frustration"),
    "fatigue_mean": _on("fatigue"),
    "fatigue_end_of_shift": _on("fatigue"),
    "strained_share": _on("fatigue"),
    "leavers_expected": _on("attrition"),
    "cost": _on("costs"),
    "cost_per_resolution": _on("costs"),
}
"""The measures below the service level, in order, and where each is shown."""


def lines(findings: Findings) -> list[DecisionRow]:
    """The rows below the service level that these findings have."""
    strained, money = strain_threshold(findings), cost_unit(findings)
    return [
        DecisionRow(measure, capital(row_words(measure, strained)), LABELS[measure].kind, unit_of(measure, money))
        for measure, shown in SHOWN.items()
        if shown(findings)
    ]


def lines_of_some(findings: Findings) -> list[DecisionRow]:
    """The rows of targets of one channel, intent or skill, of any scenario."""
    words = {t.key: level_words(scenario, t.key) for scenario in findings.scenarios for t in targets_of_some(scenario)}
    return [DecisionRow(key, capital(text), label_of(key).kind) for key, text in words.items()]


def decision_table(findings: Findings, others: Sequence[str] | None = None, differences: bool = True) -> Table:
    """Rows of measures; a column for the first scenario and one or two for each of the others.

    Parameters
    ----------
    others : the scenarios to set beside the first; all by default.
    differences : give each of the others a column of paired differences; without, only the mark tells of them.
    """
    others = findings.others if others is None else list(others)
    columns = [f"Measure, {open_days(findings)}", findings.base]
    for name in others:
        columns += [name, "difference"] if differences else [name]
    rows = _service_level_rows(findings, others, differences)
    for line in lines_of_some(findings):
        rows += _rows(findings, line, dict.fromkeys(findings.names, line.measure), others, differences)
    for line in lines(findings):
        rows += _rows(findings, line, dict.fromkeys(findings.names, line.measure), others, differences)
    return table("The decision", columns, rows, _notes(findings, others, differences))


def _service_level_rows(findings: Findings, others: list[str], differences: bool) -> list[tuple[Cell, ...]]:
    measures = {name: service_level_measure(findings.scenario(name)) for name in findings.names}
    level = findings.first.scenario.targets.service_level
    label = f"Service level within {within_text(level)}" if same_level(findings) else "Service level"
    return _rows(findings, DecisionRow("", label, "share"), measures, others, differences)


def same_level(findings: Findings) -> bool:
    """Whether all scenarios mean the same by the service level."""
    return len({service_level_words(s.targets.service_level) for s in findings.scenarios}) == 1


def _rows(
    findings: Findings, line: DecisionRow, measures: dict[str, str], others: list[str], differences: bool
) -> list[tuple[Cell, ...]]:
    """A measure's row, and below it the row of its target."""
    shown = [findings.base, *others]
    values = {name: findings.value(name, measures[name]) for name in shown}
    form = form_of(line.kind, (findings.value(name, measures[name]) for name in findings.names))
    cells = [Cell(with_unit(line.label, form, line.unit)), Cell(form.value(values[findings.base]))]
    for name in others:
        comparable = measures[name] == measures[findings.base] and (line.measure or same_level(findings))
        change = findings.change(name, measures[name]) if comparable else None
        mark = mark_of(change, form) if change is not None else ""
        cells.append(Cell(form.value(values[name]) + ("" if differences else mark)))
        if differences:
            cells.append(Cell(form.change(change) + mark if change is not None else DASH, "" if mark else "quiet"))
    return [tuple(cells), *_target_rows(findings, form, measures, values, differences)]


def mark_of(change: Value, form: Form) -> str:
    """The mark of a difference beyond luck, as far as it is written."""
    return MARK if change.clear and not form.vanishes(change) else ""


def _target_rows(
    findings: Findings, form: Form, measures: dict[str, str], values: dict[str, Value], differences: bool
) -> list[tuple[Cell, ...]]:
    wanted = {name: targets_of_scenario(findings.scenario(name)).get(measures[name]) for name in values}
    if not any(wanted.values()):
        return []
    first = wanted[findings.base]
    shared = first if all(target == first for target in wanted.values()) else None
    cells = [Cell(f"  target: {bound_words(shared, form)}" if shared else "  target", "quiet")]
    for name, value in values.items():
        target = wanted[name]
        judged = verdict(value, target)
        text = f"{bound_words(target, form)}: {judged.text}" if target and not shared else judged.text
        cells.append(Cell(text, judged.tone))
        if differences and name != findings.base:
            cells.append(Cell(""))
    return [tuple(cells)]


def _notes(findings: Findings, others: list[str], differences: bool) -> list[str]:
    fewest = _fewest(findings)
    notes = [INTERVAL_NOTE.format(n=fewest) if fewest > 1 else ALONE_NOTE, *mark_notes(findings, others)]
    notes += [POINTS_NOTE] if others and differences else []
    unmet = [f"{name}: {unmet_words(r)}." for name, r in findings.results.items() if r.unmet]
    return [*level_notes(findings), *notes, *strain_notes(findings, [findings.base, *others]), *unmet]


def _fewest(findings: Findings) -> int:
    return min(result.replications for result in findings.results.values())


def mark_notes(findings: Findings, others: Sequence[str]) -> list[str]:
    """What the mark says, where other scenarios are set beside the first and there is an interval."""
    return [MARK_NOTE.format(base=findings.base)] if others and _fewest(findings) > 1 else []


def strain_notes(findings: Findings, names: Sequence[str]) -> list[str]:
    """That a group which takes no contacts counts in how tired agents are, where there is one."""
    tired = [scenario for scenario in map(findings.scenario, names) if scenario.fatigue is not None]
    idle = {group for scenario in tired for group in scenario.agents} - {
        group.name for scenario in tired for group in on_queue(scenario)
    }
    return [UNMANNED_NOTE.format(group=group) for group in sorted(idle)]


def level_notes(findings: Findings) -> list[str]:
    """The planner's definition of the service level, by scenario where they differ."""
    if same_level(findings):
        return [f"Service level: {service_level_words(findings.first.scenario.targets.service_level)}."]
    return [
        f"Service level of {name}: {service_level_words(findings.scenario(name).targets.service_level)}."
        for name in findings.names
    ]


# Two sides ----------------------------------------------------------------------


@dataclass(frozen=True)
class SideRow:
    """One row: a measure of one side.

    Attributes
    ----------
    needs : the mechanism without which the measure says nothing; empty where it always does.
    words : what it is, where that is not what its label says.
    yearly : whether it is what the days measured come to in a year.
    """

    side: str
    measure: str
    needs: str = ""
    words: str = ""
    yearly: bool = False


def _may_be_left(scenario: Scenario) -> bool:
    """Whether customers can leave in the bot: in a conversation, or while only the bot is there."""
    return scenario.bot is not None and not (scenario.bot.conversation is None and scenario.bot.hours is None)


def side_rows(findings: Findings) -> list[SideRow]:
    """Every row that there can be, in order."""
    leave_bot = [SideRow(CUSTOMERS, "bot_abandonment_rate", "bot")]
    return [
        SideRow(CUSTOMERS, "csat"),
        SideRow(CUSTOMERS, "resolution_rate"),
        SideRow(CUSTOMERS, "attempts_per_need"),
        SideRow(CUSTOMERS, "time_to_human_s"),
        SideRow(CUSTOMERS, "abandonment_rate"),
        *(leave_bot if any(_may_be_left(scenario) for scenario in findings.scenarios) else []),
        SideRow(CUSTOMERS, "transfer_rate"),
        SideRow(CUSTOMERS, "frustration_at_end", "frustration"),
        SideRow(AGENTS, "fatigue_mean", "fatigue"),
        SideRow(AGENTS, "strained_share", "fatigue"),
        SideRow(AGENTS, "mistreatment_rate", "mistreatment"),
        SideRow(AGENTS, "supervisor_rate"),
        SideRow(AGENTS, "occupancy"),
        SideRow(AGENTS, "overtime_hours"),
        SideRow(AGENTS, "leavers_expected", words=f"expected to quit in {open_days(findings)}"),
        SideRow(AGENTS, "replacement_cost"),
        SideRow(AGENTS, "leavers_expected", words="expected to quit in 52 weeks at that pace", yearly=True),
        SideRow(AGENTS, "replacement_cost", words="cost of replacing those of 52 weeks", yearly=True),
    ]


def sides_table(findings: Findings, others: Sequence[str] | None = None) -> Table:
    """A column a scenario; a row a figure that any of them has, first the customers', then the agents'.

    Parameters
    ----------
    others : the scenarios to set beside the first; all by default.
    """
    others = findings.others if others is None else others
    names = [findings.base, *others]
    shown = [f for f in side_rows(findings) if any(_of(findings, name, f).known for name in names)]
    starts = {side: next((f for f in shown if f.side == side), None) for side in (CUSTOMERS, AGENTS)}
    rows = [_side_row(findings, names, side, side is starts[side.side]) for side in shown]
    notes = [*mark_notes(findings, others), TWO_SIDES, *_side_notes(findings, names, {f.measure for f in shown})]
    return table("Customers and agents", ["", "Figure", *names], rows, notes, labels=2)


def _side_notes(findings: Findings, names: list[str], shown: set[str]) -> list[str]:
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
    holding = [words for words, holds in reasons.items() if holds]
    return f"{TIME_TO_HUMAN} Days can lie between, where {', or '.join(holding)}." if holding else TIME_TO_HUMAN


def _side_row(findings: Findings, names: list[str], side: SideRow, first: bool) -> tuple[Cell, ...]:
    values = {name: _of(findings, name, side) for name in names}
    form = form_of(LABELS[side.measure].kind, values.values())
    texts = [form.value(value) + mark_of(_change(findings, name, side), form) for name, value in values.items()]
    words = side.words or row_words(side.measure, strain_threshold(findings))
    label = with_unit(words, form, unit_of(side.measure, cost_unit(findings)))
    return row(side.side if first else "", label, *texts)


def _of(findings: Findings, name: str, side: SideRow) -> Value:
    """The figure of a scenario, if its mechanism is on."""
    if side.needs and getattr(findings.scenario(name), side.needs) is None:
        return NOTHING
    return in_a_year(findings, name, side.measure) if side.yearly else findings.value(name, side.measure)


def _change(findings: Findings, name: str, side: SideRow) -> Value:
    """Its difference against the first scenario, if both have it."""
    if not (_of(findings, name, side).known and _of(findings, findings.base, side).known):
        return NOTHING
    return change_in_a_year(findings, name, side.measure) if side.yearly else findings.change(name, side.measure)


def in_a_year(findings: Findings, name: str, measure: str) -> Value:
    """What a sum over the days measured comes to in 52 weeks at the same pace."""
    return findings.value(name, measure).times(WEEKS_OF_A_YEAR / findings.scenario(name).calendar.weeks())


def change_in_a_year(findings: Findings, name: str, measure: str) -> Value:
    """Its difference against the first scenario, where both measure the same span."""
    weeks, first = (findings.scenario(n).calendar.weeks() for n in (name, findings.base))
    return findings.change(name, measure).times(WEEKS_OF_A_YEAR / weeks) if weeks == first else NOTHING


def unmet_words(result: RunResult) -> str:
    """One sentence: which measures, after how many replications, and what to do."""
    names = ", ".join(result.unmet)
    return (
        f"the precision asked for in run.precision is not reached for {names} after {result.replications:,} "
        "replications. Raise run.max_replications, or ask for less"
    )
