"""The mix shift as tables: how much harder what reaches agents is, beside the law, and where that comes from."""

from __future__ import annotations

import math

from sim.report.findings import Findings, Value
from sim.report.forms import MINUTES, PERCENT
from sim.report.table import Table, row, table

TOTAL = "total"
NOTES = (
    "T0: talk time of first contacts before any effect of frustration, fatigue or hurry.",
    "Between intents: easy intents leave. Within: the easy needs of each leave, which rests on assumed correlations.",
)


def mix_of(findings: Findings, name: str) -> dict[str, dict[str, float]]:
    """The mix shift of a scenario by intent, with the total last."""
    table = findings.results[name].mix_shift.set_index("intent").astype(float)
    return {str(intent): dict(line) for intent, line in table.iterrows()}


def with_bot(findings: Findings) -> list[str]:
    """The scenarios with a bot: without one nothing shifts."""
    return [name for name in findings.names if findings.scenario(name).bot is not None]


def intents_table(findings: Findings, name: str) -> Table:
    """One row an intent and the total: what comes in, what reaches agents, its T0 simulated and by the law."""
    rows = []
    for intent, line in mix_of(findings, name).items():
        share = line["contacts_to_agents"] / line["contacts_in"] if line["contacts_in"] else math.nan
        reaching = Value(line["t0_agents_s"], line["ci_low"], line["ci_high"])
        times = (exactly(line["t0_all_s"]), reaching, exactly(line["t0_formula_s"]))
        rows.append(row(intent, PERCENT.value(exactly(share)), *map(MINUTES.value, times)))
    columns = ["Intent", "reaches agents (%)", "T0 of all (m:ss)", "T0 at agents (m:ss)", "by the law (m:ss)"]
    shift, between, within, law = map(MINUTES.change, shift_of(findings, name))
    split = f"The shift at agents is {shift}: {between} between intents, {within} within. By the law: {law}."
    return table(f"Mix shift: {name}", columns, rows, [split, *NOTES])


def split_table(findings: Findings) -> Table:
    """One row a scenario with a bot: the shift of T0, split between and within intents."""
    rows = []
    for name in with_bot(findings):
        stated = exactly(mix_of(findings, name)[TOTAL]["t0_all_s"])
        rows.append(row(name, MINUTES.value(stated), *map(MINUTES.change, shift_of(findings, name))))
    columns = [
        "Scenario",
        "T0 of all (m:ss)",
        "shift at agents (m:ss)",
        "between intents",
        "within intents",
        "by the law",
    ]
    return table("Mix shift: what reaches agents is harder", columns, rows, NOTES)


def shift_of(findings: Findings, name: str) -> tuple[Value, Value, Value, Value]:
    """The shift of mean T0 (s) at agents; its parts between and within intents; what the law says it is."""
    total = mix_of(findings, name)[TOTAL]
    shift = Value(*(total[key] - total["t0_all_s"] for key in ("t0_agents_s", "ci_low", "ci_high")))
    law = exactly(total["t0_formula_s"] - total["t0_all_s"])
    return shift, exactly(total["between_s"]), exactly(total["within_s"]), law


def exactly(number: float) -> Value:
    """A number without an interval."""
    return Value(number, math.nan, math.nan)
