"""What is claimed beside what is true: containment and resolution, contacts deflected and work saved, AHT and work."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.facts.load import handle_time, on_queue
from sim.report.comparison.findings import Findings
from sim.report.forms import form_of, listed
from sim.report.table import Table, row, table
from sim.report.value import NOTHING, Value, beyond_luck, exactly
from sim.scenario.model import Scenario

NOTES = (
    "Claimed: what reports of bot and handle time say. True: what simulated customers and agents saw.",
    "Contacts cut short or lost count as work saved.",
)
NOT_THE_BOT = "{name}: work saved and the staff that it releases are not the bot's alone, but also due to {others}."
CLAIMED, TRUE = "claimed", "true"


@dataclass(frozen=True)
class Claim:
    """A figure that reports claim, or one that is true of the same thing; by scenario."""

    side: str
    label: str
    kind: str
    values: dict[str, Value]


def deflects(findings: Findings, name: str) -> bool:
    """Whether a scenario has put a bot in front of a first scenario that has none."""
    return findings.scenario(name).bot is not None and findings.first.scenario.bot is None


def work_saved(findings: Findings, name: str) -> Value:
    """The share of agents' handling time that a scenario with a bot saves against a first one without."""
    return findings.fall(name, "workload_hours") if deflects(findings, name) else NOTHING


def of_all_contacts(findings: Findings, name: str, rate: str) -> Value:
    """A share of bot sessions as a share of all contacts, returns and contacts without a bot included.

    Every attempt ends in the bot or joins the human queue. The share of contacts that meet the bot is taken as known,
    so the interval is the rate's, scaled.
    """
    contained, left, offered, sessions = (
        findings.value(name, measure).mean for measure in ("bot_contained", "bot_abandoned", "offered", "bot_offered")
    )
    everyone = contained + left + offered
    return findings.value(name, rate).times(sessions / everyone) if everyone > 0 else NOTHING


def claims(findings: Findings) -> list[Claim]:
    """Every figure with a claimed and a true side that these findings have."""
    names = findings.names
    contained, resolved, kept = (
        {name: findings.value(name, measure) for name in names}
        for measure in ("containment_rate", "bot_resolution_rate", "net_deflection_rate")
    )
    claimed, true = (
        {name: of_all_contacts(findings, name, rate) for name in names}
        for rate in ("containment_rate", "bot_resolution_rate")
    )
    promised = {name: exactly(_vendors_claim(findings.scenario(name))) for name in names}
    by_day = {name: findings.value(name, "containment_in_hours") for name in names}
    hours = ", all hours" if any(value.known for value in by_day.values()) else ""
    saved = {name: work_saved(findings, name) for name in names}
    aht, work = (
        {name: findings.value(name, measure) for name in names} for measure in ("aht_s", "workload_per_resolution_s")
    )
    found = [
        Claim(CLAIMED, f"contained by the bot{hours} (% of sessions)", "share", contained),
        Claim(TRUE, "contained while agents are there (% of those sessions)", "share", by_day),
        Claim(CLAIMED, "resolved by the bot, as the vendor claims (% of sessions)", "share", promised),
        Claim(TRUE, "resolved by the bot (% of sessions)", "share", resolved),
        Claim(CLAIMED, "contained, % of all contacts", "share", claimed),
        Claim(TRUE, "resolved by the bot, % of all contacts", "share", true),
        Claim(TRUE, "contacts kept from agents (%)", "share", kept),
        Claim(TRUE, f"work saved against {findings.base} (%)", "share", saved),
        Claim(CLAIMED, "staff released by containment (FTE)", "staff", _released(findings, claimed)),
        Claim(TRUE, "staff released by work saved (FTE)", "staff", _released(findings, saved)),
        Claim(CLAIMED, "minutes a contact, AHT (min)", "min", aht),
        Claim(TRUE, "minutes a resolved need (min)", "min", work),
    ]
    return [claim for claim in found if any(value.known for value in claim.values.values())]


def _vendors_claim(scenario: Scenario) -> float:
    """The share of sessions that the vendor says the bot resolves; nan where nobody says."""
    return math.nan if scenario.bot is None or scenario.bot.claimed is None else scenario.bot.claimed


def _released(findings: Findings, shares: dict[str, Value]) -> dict[str, Value]:
    """The paid staff that a fall in work would release at the first scenario's ratio of staff to work."""
    staff = _contact_staff(findings)
    return {name: value.times(staff) if deflects(findings, name) else NOTHING for name, value in shares.items()}


def _contact_staff(findings: Findings) -> float:
    """The first scenario's paid staff (FTE) in groups that take contacts: supervisors may take none."""
    rows = findings.first.by_group
    hours = rows[rows["measure"] == "paid_hours"].set_index("group")["mean"].astype(float)
    names = [group.name for group in on_queue(findings.first.scenario)]
    part = float(hours.reindex(names).sum() / hours.sum()) if hours.sum() > 0 else 1.0
    return part * findings.value(findings.base, "fte").mean


def other_savings(findings: Findings, name: str) -> list[str]:
    """What else than its bot takes work off agents in a scenario, and not in the first."""
    first, later = findings.first.scenario, findings.scenario(name)
    fewer = findings.change(name, "demand")
    found = {
        "the assistant": later.assistant is not None and first.assistant is None,
        "fewer systems to work in": _systems(later) < _systems(first),
        "shorter handle times in its file": any(
            handle_time(intent) < handle_time(first.intents[key])
            for key, intent in later.intents.items()
            if key in first.intents
        ),
        "fewer customers": beyond_luck(fewer) and fewer.mean < 0,
    }
    return [words for words, holds in found.items() if holds]


def _systems(scenario: Scenario) -> int:
    return 1 if scenario.screens is None else scenario.screens.systems


def claims_table(findings: Findings) -> Table:
    """One row a figure, a column a scenario."""
    rows = []
    for claim in claims(findings):
        form = form_of(claim.kind, claim.values.values())
        rows.append(row(claim.side, claim.label, *(form.value(claim.values[name]) for name in findings.names)))
    return table("Claimed and true", ["", "Figure", *findings.names], rows, _notes(findings), labels=2)


def _notes(findings: Findings) -> list[str]:
    new = [name for name in findings.names if deflects(findings, name)]
    others = {name: other_savings(findings, name) for name in new}
    notes = [NOTES[0], *(NOTES[1:] if new else ())]
    return notes + [NOT_THE_BOT.format(name=name, others=listed(words)) for name, words in others.items() if words]
