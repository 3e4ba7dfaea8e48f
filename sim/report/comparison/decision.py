"""The decision table: what a planner decides by, targets met or missed, differences against the first scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.facts.load import on_queue
from sim.report.comparison.findings import Findings
from sim.report.comparison.precision import unmet_words
from sim.report.forms import DASH, Form, form_of
from sim.report.table import Cell, Table, table
from sim.report.value import Value
from sim.scenario.model import Scenario, ServiceLevel
from sim.scenario.targets import MeasureTarget, targets_of_scenario

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


@dataclass(frozen=True)
class DecisionRow:
    """One row of the decision table."""

    measure: str
    label: str
    kind: str
    shown: Callable[[Findings], bool] = lambda findings: True


@dataclass(frozen=True)
class TargetWords(MeasureTarget):
    """What a scenario wants of a measure, in words."""

    def text(self, form: Form) -> str:
        """The target in words."""
        return f"{'at least' if self.at_least else 'at most'} {form.bare(self.share)}"


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
    days = findings.first.by_day["day"].nunique()
    return f"{days} open day{'s' if days != 1 else ''}"


def _on(mechanism: str) -> Callable[[Findings], bool]:
    return lambda findings: findings.any_on(mechanism)


def _sends_away(findings: Findings) -> bool:
    return any(s.pace is not None and s.pace.sends_away is not None for s in findings.scenarios)


def _has_level(findings: Findings) -> bool:
    return any(scenario.targets.service_level.given for scenario in findings.scenarios)


def lines(findings: Findings) -> list[DecisionRow]:
    """The rows below the service level that these findings have."""
    money = cost_unit(findings)
    every = [
        DecisionRow("sl_intervals_met", "Intervals that meet it (%)", "share", _has_level),
        DecisionRow("abandonment_rate", "Abandonment, with balking (%)", "share"),
        DecisionRow("asa_s", "Average wait of answered, ASA ({unit})", "s"),
        DecisionRow("wait_p90_s", "90 % of all wait less than ({unit})", "s"),
        DecisionRow("aht_s", "Average handle time, AHT ({unit})", "s"),
        DecisionRow("natural_aht_s", "Natural AHT, unhurried ({unit})", "s", _on("pace")),
        DecisionRow("occupancy", "Occupancy (%)", "share"),
        DecisionRow("agents_on_queue", "Agents on the queue, average", "staff"),
        DecisionRow("fte", "Paid staff (FTE)", "staff"),
        DecisionRow("offered", "Contacts offered to agents", "number"),
        DecisionRow("resolution_rate", "Needs resolved in the end (%)", "share"),
        DecisionRow("repeat_rate", "Repeats among contacts (%)", "share"),
        DecisionRow("csat", "Satisfaction, CSAT ({unit})", "points", _on("csat")),
        DecisionRow("transfer_rate", "Sent to another agent (%)", "share", _sends_away),
        DecisionRow("supervisor_rate", "Contacts that take a supervisor (%)", "share", _on("supervisor")),
        DecisionRow("workload_hours", "Workload of agents (h)", "number"),
        DecisionRow("workload_per_resolution_s", "Work for a resolved need (min)", "min"),
        DecisionRow("frustration_at_agent", "Frustration at the agent (0 to 1)", "index", _on("frustration")),
        DecisionRow("fatigue_mean", "Fatigue, average (0 to 1)", "index", _on("fatigue")),
        DecisionRow("fatigue_end_of_shift", "Fatigue at end of duty (0 to 1)", "index", _on("fatigue")),
        DecisionRow(
            "strained_share", f"Time with fatigue above {strain_threshold(findings):g} (%)", "share", _on("fatigue")
        ),
        DecisionRow("leavers_expected", "Agents expected to quit in these days", "number", _on("attrition")),
        DecisionRow("cost", f"Cost ({money})", "number", _on("costs")),
        DecisionRow("cost_per_resolution", f"Cost of a resolved need ({money})", "price", _on("costs")),
    ]
    return [line for line in every if line.shown(findings)]


def targets_of(scenario: Scenario) -> dict[str, TargetWords]:
    """The targets that a scenario gives, by measure."""
    return {measure: TargetWords(goal.share, goal.at_least) for measure, goal in targets_of_scenario(scenario).items()}


def verdict(value: Value, target: TargetWords) -> Cell:
    """Whether a target is met: judged by the whole interval where there is one."""
    if not value.known:
        return Cell(DASH)
    low, high = (value.low, value.high) if value.judged else (value.mean, value.mean)
    met, missed = (low >= target.share, high < target.share)
    if not target.at_least:
        met, missed = high <= target.share, low > target.share
    return Cell("met", "good") if met else Cell("missed", "bad") if missed else Cell("too close to call", "unsure")


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
    for line in lines(findings):
        rows += _rows(findings, line, dict.fromkeys(findings.names, line.measure), others, differences)
    return table("The decision", columns, rows, _notes(findings, others, differences))


def _service_level_rows(findings: Findings, others: list[str], differences: bool) -> list[tuple[Cell, ...]]:
    measures = {name: service_level_measure(findings.scenario(name)) for name in findings.names}
    level = findings.first.scenario.targets.service_level
    label = f"Service level within {within_text(level)} (%)" if _same_level(findings) else "Service level (%)"
    return _rows(findings, DecisionRow("", label, "share"), measures, others, differences)


def _same_level(findings: Findings) -> bool:
    return len({service_level_words(s.targets.service_level) for s in findings.scenarios}) == 1


def _rows(
    findings: Findings, line: DecisionRow, measures: dict[str, str], others: list[str], differences: bool
) -> list[tuple[Cell, ...]]:
    """A measure's row, and below it the row of its target."""
    shown = [findings.base, *others]
    values = {name: findings.value(name, measures[name]) for name in shown}
    form = form_of(line.kind, (findings.value(name, measures[name]) for name in findings.names))
    cells = [Cell(line.label.format(unit=form.unit)), Cell(form.value(values[findings.base]))]
    for name in others:
        comparable = measures[name] == measures[findings.base] and (line.measure or _same_level(findings))
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
    wanted = {name: targets_of(findings.scenario(name)).get(measures[name]) for name in values}
    if not any(wanted.values()):
        return []
    first = wanted[findings.base]
    shared = first if all(target == first for target in wanted.values()) else None
    cells = [Cell(f"  target: {shared.text(form)}" if shared else "  target", "quiet")]
    for name, value in values.items():
        target = wanted[name]
        judged = verdict(value, target) if target else Cell(DASH)
        told = f"{target.text(form)}: {judged.text}" if target and not shared else judged.text
        cells.append(Cell(told, judged.tone))
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
    if _same_level(findings):
        return [f"Service level: {service_level_words(findings.first.scenario.targets.service_level)}."]
    return [
        f"Service level of {name}: {service_level_words(findings.scenario(name).targets.service_level)}."
        for name in findings.names
    ]
