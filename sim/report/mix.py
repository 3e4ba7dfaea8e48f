"""The mix shift as tables: how much harder what reaches agents is, beside the law, and where that comes from."""

from __future__ import annotations

from sim.report.findings import Findings, Value
from sim.report.forms import MINUTES, PERCENT
from sim.report.table import Table, row, table

TOTAL = "total"
NOTES = (
    "T0: handle time before wrap-up and before any frustration, fatigue or hurry, first contacts of needs.",
    "Between intents: easy intents leave. Within intents: their easy needs leave, which rests on assumed correlations.",
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
        reaching = Value(line["t0_agents_s"], line["ci_low"], line["ci_high"])
        share = line["contacts_to_agents"] / line["contacts_in"] if line["contacts_in"] else float("nan")
        rows.append(
            row(
                intent,
                PERCENT.value(exactly(share)),
                MINUTES.value(exactly(line["t0_all_s"])),
                MINUTES.value(reaching),
                MINUTES.value(exactly(line["t0_formula_s"])),
                PERCENT.change(exactly(_rise(line["t0_formula_s"], line["t0_all_s"]))).replace(" pt", " %"),
            )
        )
    columns = [
        "Intent",
        "reaches agents (%)",
        "T0 of all (m:ss)",
        "T0 at agents (m:ss)",
        "by the law (m:ss)",
        "rise by the law (%)",
    ]
    return table(f"Mix shift by intent: {name}", columns, rows, NOTES[:1])


def split_table(findings: Findings) -> Table:
    """One row a scenario with a bot: the shift of T0, split between and within intents."""
    rows = []
    for name in with_bot(findings):
        total = mix_of(findings, name)[TOTAL]
        shift = Value(*(total[key] - total["t0_all_s"] for key in ("t0_agents_s", "ci_low", "ci_high")))
        law = exactly(total["t0_formula_s"] - total["t0_all_s"])
        between, within = exactly(total["between_s"]), exactly(total["within_s"])
        cells = [MINUTES.value(exactly(total["t0_all_s"]))]
        cells += [MINUTES.change(value) for value in (shift, between, within, law)]
        rows.append(row(name, *cells))
    columns = [
        "Scenario",
        "T0 of all (m:ss)",
        "shift at agents (m:ss)",
        "between intents",
        "within intents",
        "shift by the law",
    ]
    return table("Mix shift: what reaches agents is harder", columns, rows, NOTES)


def exactly(number: float) -> Value:
    """A number without an interval."""
    return Value(float(number), float("nan"), float("nan"))


def _rise(after: float, before: float) -> float:
    return after / before - 1.0 if before else float("nan")
