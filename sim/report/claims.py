"""What is claimed beside what is true: containment and resolution, contacts deflected and work saved, AHT and work."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.findings import NOTHING, Findings, Value
from sim.report.forms import DECIMAL_MINUTES, PERCENT, Form, form_of
from sim.report.table import Table, row, table

NOTES = (
    "Claimed: what the reports of bot and handle time say. True: what the simulated customers and agents saw.",
    "Work saved counts contacts that were cut short or lost as saved.",
)
RESOLVED = "Bot: contained, and resolved (% of sessions)"
DEFLECTED = "Contacts kept from agents (%)"
WORK = "Agents' minutes a contact (AHT), and a resolved need"


@dataclass(frozen=True)
class Claim:
    """A figure as it is claimed and as it is."""

    label: str
    form: Form
    claimed: Value
    true: Value


def deflects(findings: Findings, name: str) -> bool:
    """Whether a scenario has put a bot in front of a first scenario that has none."""
    return findings.scenario(name).bot is not None and findings.first.scenario.bot is None


def released_fte(findings: Findings, share: Value) -> Value:
    """The paid staff that a fall in work would release at the first scenario's ratio of work to staff."""
    return share.times(findings.value(findings.base, "fte").mean) if share.known else NOTHING


def claims_of(findings: Findings, name: str) -> list[Claim]:
    """Every figure of a scenario that has a claimed and a true side."""
    aht, work = findings.value(name, "aht_s"), findings.value(name, "workload_per_resolution_s")
    contained = findings.value(name, "containment_rate")
    found: list[Claim] = []
    if findings.scenario(name).bot is not None:
        found.append(Claim(RESOLVED, PERCENT, contained, findings.value(name, "bot_resolution_rate")))
        deflected = findings.value(name, "net_deflection_rate")
        found += [Claim(DEFLECTED, PERCENT, contained, deflected)] if deflected.known else []
    if deflects(findings, name):
        fall = findings.fall(name, "workload_hours")
        fte = [released_fte(findings, share) for share in (contained, fall)]
        found.append(Claim(f"Work saved against {findings.base} (%)", PERCENT, contained, fall))
        found.append(Claim("The same in paid staff (FTE)", form_of("number", fte), fte[0], fte[1]))
    return [*found, Claim(WORK, DECIMAL_MINUTES, aht, work)]


def claims_table(findings: Findings) -> Table:
    """One row a figure and scenario: claimed, true."""
    by_name = {name: claims_of(findings, name) for name in findings.names}
    longest_first = sorted(by_name.values(), key=len, reverse=True)
    labels = list(dict.fromkeys(claim.label for claims in longest_first for claim in claims))
    rows = []
    for label in labels:
        told = [(name, claim) for name, claims in by_name.items() for claim in claims if claim.label == label]
        for number, (name, claim) in enumerate(told):
            who = [name] if findings.others else []
            sides = (claim.form.value(claim.claimed), claim.form.value(claim.true))
            rows.append(row("" if number else label, *who, *sides))
    names = ["Figure", "Scenario"] if findings.others else ["Figure"]
    return table(
        "Claimed and true",
        [*names, "claimed", "true"],
        rows,
        NOTES[: 1 + any(deflects(findings, name) for name in findings.names)],
        labels=len(names),
    )
