"""The mix shift as tables: how much harder or easier what reaches agents is, beside the law, and why."""

from __future__ import annotations

import math

from sim.report.comparison.findings import Findings
from sim.report.forms import DASH, MINUTES, PERCENT, SECONDS
from sim.report.table import Table, row, table
from sim.report.value import Value, beyond_luck, exactly

TOTAL = "total"
NOTES = (
    "T0: talk time of first contacts before any effect of frustration, fatigue or hurry. Harder: it is longer.",
    "Between intents: some leave more than others. Within: so do some needs of each, by assumed correlations.",
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
    return table(f"Mix shift: {name}", columns, rows, [_split_words(findings, name), *NOTES])


def _split_words(findings: Findings, name: str) -> str:
    word = mix_word(findings, name)
    if word == DASH:
        return "No first contact reaches an agent."
    shift, between, within, law = _shift_texts(findings, name)
    return (
        f"What reaches agents is {word}. The shift is {shift} s: {between} s between intents, {within} s within. "
        f"By the law: {law} s."
    )


def split_table(findings: Findings) -> Table:
    """One row a scenario with a bot: the shift of T0, split between and within intents."""
    words = {name: mix_word(findings, name) for name in with_bot(findings)}
    rows = []
    for name, word in words.items():
        stated = exactly(mix_of(findings, name)[TOTAL]["t0_all_s"])
        rows.append(row(name, word, MINUTES.value(stated), *_shift_texts(findings, name)))
    columns = [
        "Scenario",
        "at agents",
        "T0 of all (m:ss)",
        "shift at agents (s)",
        "between intents (s)",
        "within intents (s)",
        "by the law (s)",
    ]
    known = set(words.values()) - {DASH}
    said = f" is {known.pop()}" if len(known) == 1 else ""
    return table(f"Mix shift: what reaches agents{said}", columns, rows, NOTES, labels=2)


def mix_word(findings: Findings, name: str) -> str:
    """Whether what reaches agents is harder, easier or unchanged: beyond luck, and as far as times are written."""
    shift = shift_of(findings, name)[0]
    if not shift.known:
        return DASH
    if not beyond_luck(shift) or SECONDS.vanishes(shift):
        return "unchanged"
    return "harder" if shift.mean > 0 else "easier"


def _shift_texts(findings: Findings, name: str) -> list[str]:
    """The shift, its two parts and the law's as they are written; the parts written add up to the shift written."""
    shift, between, within, law = shift_of(findings, name)
    parts = _adding_up(shift.mean, (between.mean, within.mean)) if shift.known else (math.nan, math.nan)
    return [SECONDS.change(value) for value in (shift, *map(exactly, parts), law)]


def _adding_up(whole: float, parts: tuple[float, float]) -> tuple[float, float]:
    """Two parts of a whole in tenths of a second: what rounding leaves over goes to the part that it changed most."""
    first, second = (round(part, 1) for part in parts)
    over = round(whole, 1) - first - second
    if over * (parts[0] - first) >= over * (parts[1] - second):
        return first + over, second
    return first, second + over


def shift_of(findings: Findings, name: str) -> tuple[Value, Value, Value, Value]:
    """The shift of mean T0 (s) at agents; its parts between and within intents; what the law says it is."""
    total = mix_of(findings, name)[TOTAL]
    shift = Value(*(total[key] - total["t0_all_s"] for key in ("t0_agents_s", "ci_low", "ci_high")))
    law = exactly(total["t0_formula_s"] - total["t0_all_s"])
    return shift, exactly(total["between_s"]), exactly(total["within_s"]), law
