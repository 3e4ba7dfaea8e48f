"""The bot: what is claimed beside what is true, and the mix that it leaves to agents."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.facts.load import contacts_by_intent, handle_time, on_queue
from sim.mechanisms import registered
from sim.report import Table, row, table
from sim.report.comparison.findings import Findings
from sim.report.numbers import DASH, MINUTES, NOTHING, PERCENT, SECONDS, Value, beyond_luck, exactly, form_of, listed
from sim.scenario.model import Scenario

CLAIM_NOTES = (
    "Claimed: what reports of bot and handle time say. True: what simulated customers and agents saw.",
    "Of the staff released, hurry and giving up are work that was not done: only contacts that stay away are saved.",
)
REASONS = {
    "away": "contacts that stay away",
    "hurry": "contacts cut short by hurry",
    "gave_up": "customers who gave up",
    "longer": "contacts that need less time, or more (below 0)",
}
"""Why agents have less work: they add up to the work saved."""
NOT_THE_BOT = "{name}: work saved and the staff that it releases are not the bot's alone, but also due to {others}."
CLAIMED, TRUE = "claimed", "true"
TOTAL = "total"
MIX_NOTES = (
    "T0: talk time of first contacts before any effect of frustration, fatigue or hurry. Harder: it is longer.",
    "Between intents: some leave more than others. Within: so do some needs of each, by assumed correlations.",
)


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
    all_claims = [
        Claim(CLAIMED, "contained, as the file says (% of first contacts)", "share", _as_typed(findings)),
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
        *_split(findings),
        Claim(CLAIMED, "minutes a contact, AHT (min)", "min", aht),
        Claim(TRUE, "minutes a resolved need (min)", "min", work),
    ]
    return [claim for claim in all_claims if any(value.known for value in claim.values.values())]


def _vendors_claim(scenario: Scenario) -> float:
    """The share of sessions that the vendor says the bot resolves; nan where nobody says."""
    return math.nan if scenario.bot is None or scenario.bot.claimed is None else scenario.bot.claimed


def _released(findings: Findings, shares: dict[str, Value]) -> dict[str, Value]:
    """The paid staff that a fall in work would release at the first scenario's ratio of staff to work."""
    staff = _contact_staff(findings)
    return {name: value.times(staff) if deflects(findings, name) else NOTHING for name, value in shares.items()}


def _split(findings: Findings) -> list[Claim]:
    """Where the work saved comes from: four parts that add up to the staff that it releases."""
    staff = _contact_staff(findings)
    parts = {name: saved_by_reason(findings, name) for name in findings.names if deflects(findings, name)}
    nothing = dict.fromkeys(findings.names, NOTHING)

    def of(reason: str) -> dict[str, Value]:
        return nothing | {name: exactly(part[reason] * staff) for name, part in parts.items()}

    return [Claim(TRUE, f"of that, {words} (FTE)", "staff", of(reason)) for reason, words in REASONS.items()]


def saved_by_reason(findings: Findings, name: str) -> dict[str, float]:
    """The share of the first scenario's work that each reason saves; they add up to the work saved.

    Work is contacts offered x share answered x handle time needed x what hurry leaves of it. The logarithm of a product
    is a sum: each factor gets its part of the change in work by its part of the change in the logarithm (logarithmic
    mean, Ang 2004). Where there is no work on a side there is nothing to split.
    """
    before, after = (_factors(findings, side) for side in (findings.base, name))
    work = math.prod(before.values()), math.prod(after.values())
    if not all(math.isfinite(w) and w > 0 for w in work):
        return dict.fromkeys(REASONS, math.nan)
    ratio = math.log(work[1] / work[0])
    mean = 1.0 if ratio == 0.0 else (work[1] / work[0] - 1.0) / ratio
    return {key: -mean * math.log(after[key] / before[key]) for key in REASONS}


def _factors(findings: Findings, name: str) -> dict[str, float]:
    offered, answered, aht, natural = (
        findings.value(name, measure).mean for measure in ("offered", "answered", "aht_s", "natural_aht_s")
    )
    if not all(number > 0 for number in (offered, answered, aht, natural)):
        return dict.fromkeys(REASONS, math.nan)
    return {"away": offered, "hurry": aht / natural, "gave_up": answered / offered, "longer": natural}


def _as_typed(findings: Findings) -> dict[str, Value]:
    """The containment of first contacts that meet the bot, by what the file says; nan where it says something else."""
    return {name: exactly(typed_containment(findings.scenario(name))) for name in findings.names}


def typed_containment(scenario: Scenario) -> float:
    """The share of first contacts with a bot that it closes as done, as the file has it; nan where it gives none."""
    given = {
        name: share
        for name, intent in scenario.intents.items()
        if scenario.bot is not None and intent.bot is not None and (share := intent.bot.containment) is not None
    }
    counts = contacts_by_intent(scenario) if given else {}
    with_bot = [name for name, intent in scenario.intents.items() if intent.bot is not None]
    weights = {name: counts[name] for name in given}
    if not given or set(given) != set(with_bot) or not sum(weights.values()) > 0:
        return math.nan
    return float(sum(weights[name] * share for name, share in given.items()) / sum(weights.values()))


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
    reasons = {
        **{m.saving: m.saves(getattr(first, m.name), getattr(later, m.name)) for m in registered() if m.saving},
        "shorter handle times in its file": any(
            handle_time(intent) < handle_time(first.intents[key])
            for key, intent in later.intents.items()
            if key in first.intents
        ),
        "fewer customers": beyond_luck(fewer) and fewer.mean < 0,
    }
    return [words for words, holds in reasons.items() if holds]


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
    notes = [CLAIM_NOTES[0], *(CLAIM_NOTES[1:] if new else ())]
    return notes + [NOT_THE_BOT.format(name=name, others=listed(words)) for name, words in others.items() if words]


# The mix shift ---------------------------------------------------------------------


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
    return table(f"Mix shift: {name}", columns, rows, [_split_words(findings, name), *MIX_NOTES])


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
    return table(f"Mix shift: what reaches agents{said}", columns, rows, MIX_NOTES, labels=2)


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
