"""A few sentences in plain words, made from the results: each clause stands only where its figures do."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.report import Paragraph
from sim.report.comparison.bot import TOTAL, deflects, mix_of, of_all_contacts, other_savings, typed_containment
from sim.report.comparison.decision import (
    change_in_a_year,
    in_a_year,
    service_level_measure,
    within_text,
)
from sim.report.comparison.findings import Findings
from sim.report.labels import bound_words, verdict
from sim.report.numbers import PERCENT, POINTS, Value, beyond_luck, capital, duration, listed, round_percent
from sim.scenario.targets import MeasureTarget, targets_of_scenario

LEVEL_WORDS = {
    "sl_offered": "{p} of offered contacts are answered within {t}",
    "sl_excl_abn_in_t": "{p} are answered within {t}, not counting those who give up sooner",
    "sl_credit_abn_in_t": "{p} are answered or give up within {t}",
    "sl_answered": "{p} of answered contacts waited no longer than {t}",
}
LEAST_SHARE, LEAST_S = 0.005, 0.5
LEAST_APART = 0.01
"""From here on containment as it was typed is told beside that of all sessions."""
ONE_REPLICATION = "This is one replication: nothing here can be told from luck."


@dataclass(frozen=True)
class _Claim:
    """The share of all contacts that a new bot contains, and how it is said."""

    share: Value
    text: str
    is_the_rate: bool


def summary(findings: Findings) -> list[Paragraph]:
    """One paragraph a scenario: the first as it is, the others against it."""
    said = {findings.base: _alone(findings)}
    said |= {name: _against_first(findings, name) for name in findings.others}
    if findings.first.replications == 1:
        said[findings.names[-1]] += (ONE_REPLICATION,)
    return [Paragraph(name, sentences) for name, sentences in said.items()]


def _alone(findings: Findings) -> tuple[str, ...]:
    name = findings.base
    clauses = [
        _bot(findings, name),
        _nobody(findings, name),
        _service(findings, name),
        _pace(findings, name),
        _outcome(findings, name),
        _sides(findings, name),
    ]
    return tuple(f"{capital(text)}." for text in clauses if text)


def _against_first(findings: Findings, name: str) -> tuple[str, ...]:
    idle = nobody_reached(findings, name)
    if nothing_differs(findings, name):
        return (f"Nothing differs from {findings.base}: the same customers have the same contacts and waits.",)
    clauses = [
        _bot(findings, name),
        _nobody(findings, name) if idle else _work(findings, name),
        _mix(findings, name),
        _service(findings, name),
        _pace(findings, name),
        _outcome(findings, name),
        "" if idle else _fatigue(findings, name),
        _sides(findings, name),
        _cost(findings, name),
    ]
    return tuple(f"{capital(text)}." for text in clauses if text)


def nobody_reached(findings: Findings, name: str) -> bool:
    """Whether no contact of a scenario reaches an agent."""
    return findings.value(name, "offered").mean == 0.0


def _nobody(findings: Findings, name: str) -> str:
    """That no contact reaches an agent, and that this is no success where customers gave up."""
    if not nobody_reached(findings, name):
        return ""
    gave_up = _leave_bot(findings, name)
    return f"no contact reaches an agent{', and part of that is customers who gave up in the bot' if gave_up else ''}"


def _leave_bot(findings: Findings, name: str) -> str:
    """The share of sessions that customers leave, where it is told."""
    left = findings.value(name, "bot_abandonment_rate")
    return f"{round_percent(left.mean)} leave in the bot" if left.known and left.mean >= LEAST_SHARE else ""


def nothing_differs(findings: Findings, name: str) -> bool:
    """Whether every paired difference is exactly zero."""
    changes = [findings.change(name, measure) for measure in findings.first.measures.index]
    known = [change for change in changes if change.known]
    return bool(known) and all(c.mean == 0.0 and (not c.judged or c.half_width == 0.0) for c in known)


def bot_is_new(findings: Findings, name: str) -> bool:
    """Whether no scenario further left has this very bot, so that it has to be told of."""
    mine = _bot_settings(findings, name)
    return all(_bot_settings(findings, n) != mine for n in findings.names[: findings.names.index(name)])


def _bot_settings(findings: Findings, name: str) -> object:
    scenario = findings.scenario(name)
    return scenario.bot, {key: intent.bot for key, intent in scenario.intents.items()}


def _bot(findings: Findings, name: str) -> str:
    contained, resolved = findings.value(name, "containment_rate"), findings.value(name, "bot_resolution_rate")
    if not (contained.known and resolved.known) or not bot_is_new(findings, name):
        return ""
    gap = contained.mean - resolved.mean
    truth = f"truly resolves {round_percent(resolved.mean)}" if gap >= LEAST_SHARE else "truly resolves all of them"
    aside = _beside_typed(findings, name, contained)
    closes = f"the bot closes {round_percent(contained.mean)} of its sessions as done{aside} and {truth}"
    return "; ".join(clause for clause in (closes, _leave_bot(findings, name)) if clause)


def _beside_typed(findings: Findings, name: str, contained: Value) -> str:
    """What the file says of containment: that is of first contacts, and what is measured of all sessions."""
    scenario = findings.scenario(name)
    typed, bot, people = typed_containment(scenario), scenario.bot, scenario.customers
    if bot is None or math.isnan(typed) or abs(typed - contained.mean) < LEAST_APART:
        return ""
    asks = bot.opt_out_after_failure > bot.opt_out or people.straight_to_human > 0
    why = "since those who return opt out more" if asks and typed > contained.mean else "with those who return"
    return f" ({round_percent(typed)} of first contacts; {round_percent(contained.mean)} of all sessions, {why})"


def _work(findings: Findings, name: str) -> str:
    fall = findings.fall(name, "workload_hours")
    if not fall.known:
        return ""
    claimed = _claim(findings, name)
    aside = f", although the bot contains {claimed.text}" if claimed else ""
    if not beyond_luck(findings.change(name, "workload_hours")):
        return f"work for agents does not change beyond luck{aside}"
    if fall.mean < 0:
        return f"work for agents rises {round_percent(-fall.mean)}{aside}"
    return f"work for agents falls {round_percent(fall.mean)}{_beside_claim(fall, claimed)}{_not_saved(findings, name)}"


def _claim(findings: Findings, name: str) -> _Claim | None:
    """What a bot is said to take off agents; where it meets some contacts only, that is not its containment rate."""
    share = of_all_contacts(findings, name, "containment_rate")
    if not (deflects(findings, name) and share.known):
        return None
    said = round_percent(share.mean)
    alike = said == round_percent(findings.value(name, "containment_rate").mean)
    return _Claim(share, said if alike else f"{said} of all contacts", alike)


def _not_saved(findings: Findings, name: str) -> str:
    """What of a fall in work is no saving (contacts cut short, customers who gave up), or not the bot's."""
    lost = findings.change(name, "abandonment_rate")
    reasons = ["contacts cut short"] if _squeeze(findings, name) >= LEAST_S else []
    reasons += ["customers who give up"] if beyond_luck(lost) and lost.mean > 0 else []
    reasons += other_savings(findings, name) if deflects(findings, name) else []
    return f", and part of that is {listed(reasons)}" if reasons else ""


def _squeeze(findings: Findings, name: str) -> float:
    """Seconds that the handle-time target takes off a contact; 0 where there is none."""
    if findings.scenario(name).pace is None:
        return 0.0
    return findings.value(name, "natural_aht_s").mean - findings.value(name, "aht_s").mean


def _beside_claim(fall: Value, claimed: _Claim | None) -> str:
    """How a fall in work stands beside the share of contacts contained."""
    if claimed is None:
        return ""
    low, high = _ends(fall)
    least, most = _ends(claimed.share)
    contained = f"the {claimed.text} contained"
    if high < least:
        return f", not {claimed.text if claimed.is_the_rate else contained}"
    return f", more than {contained}" if low > most else f", about {contained}"


def _ends(value: Value) -> tuple[float, float]:
    return (value.low, value.high) if value.judged else (value.mean, value.mean)


def _mix(findings: Findings, name: str) -> str:
    if findings.scenario(name).bot is None or not bot_is_new(findings, name):
        return ""
    total = mix_of(findings, name)[TOTAL]
    rise = Value(*(total[key] / total["t0_all_s"] - 1.0 for key in ("t0_agents_s", "ci_low", "ci_high")))
    if not beyond_luck(rise) or abs(rise.mean) < LEAST_SHARE:
        return ""
    change = "longer" if rise.mean > 0 else "less time"
    share = round_percent(abs(rise.mean))
    because = _mix_reasons(math.copysign(1.0, rise.mean), total["between_s"], total["within_s"])
    return f"what still reaches agents takes {share} {change} before any other effect{because}"


def _mix_reasons(sign: float, between: float, within: float) -> str:
    """The parts of a mix shift in seconds that count: those with its sign, and those the other way."""
    parts = ((between, "{kind} intents leave"), (within, "the {kind} needs of each intent leave"))
    counted = [(time, why.format(kind="easy" if time > 0 else "hard")) for time, why in parts if abs(time) >= LEAST_S]
    along = [f"{duration(abs(time))} because {why}" for time, why in counted if sign * time > 0]
    against = [f"{duration(abs(time))} the other way because {why}" for time, why in counted if sign * time < 0]
    reasons = ", but ".join(" and ".join(part) for part in (along, against) if part)
    return f": {reasons}" if reasons else ""


def _service(findings: Findings, name: str) -> str:
    scenario = findings.scenario(name)
    measure, targets = service_level_measure(scenario), targets_of_scenario(scenario)
    value = findings.value(name, measure)
    if not value.known:
        return ""
    within = within_text(scenario.targets.service_level)
    text = LEVEL_WORDS[measure].format(p=round_percent(value.mean), t=within) + _target(value, targets.get(measure))
    first = findings.first.scenario.targets.service_level
    same = (first.definition, first.within) == (measure, scenario.targets.service_level.within)
    text += _points(findings, name, measure) if same else ""
    gone = findings.value(name, "abandonment_rate")
    if gone.known:
        text += f"; {round_percent(gone.mean)} give up{_target(gone, targets.get('abandonment_rate'))}"
    return _staff(findings, name) + text


def _staff(findings: Findings, name: str) -> str:
    if name == findings.base:
        return ""
    if findings.scenario(name).agents == findings.first.scenario.agents:
        return "with the same staff, "
    fall = findings.fall(name, "fte")
    if not fall.known:
        return ""
    if abs(fall.mean) < LEAST_SHARE:
        return "with as much paid staff, "
    return f"with {round_percent(abs(fall.mean))} {'less' if fall.mean > 0 else 'more'} paid staff, "


def _target(value: Value, target: MeasureTarget | None) -> str:
    return f" (target {bound_words(target)}: {verdict(value, target).text})" if target else ""


def _points(findings: Findings, name: str, measure: str) -> str:
    """A share's difference against the first scenario, or that there is none beyond luck."""
    change = findings.change(name, measure)
    if not change.known:
        return ""
    if not beyond_luck(change) or PERCENT.vanishes(change):
        return f", no clear difference from {findings.base}"
    points = abs(100 * change.mean)
    size = f"{points:.0f}" if points >= 9.95 else f"{points:.1f}"
    return f", {size} points {'more' if change.mean > 0 else 'less'} than {findings.base}"


def _pace(findings: Findings, name: str) -> str:
    natural, gap = findings.value(name, "natural_aht_s"), _squeeze(findings, name)
    if findings.scenario(name).pace is None or not natural.known:
        return ""
    if gap < LEAST_S:
        return "the handle-time target does not shorten contacts"
    return f"the handle-time target takes {duration(gap)} off a natural AHT of {duration(natural.mean)}"


def _outcome(findings: Findings, name: str) -> str:
    resolved, work = findings.value(name, "resolution_rate"), findings.value(name, "workload_per_resolution_s")
    if not (resolved.known and work.known):
        return ""
    target = _target(resolved, targets_of_scenario(findings.scenario(name)).get("resolution_rate"))
    text = f"{round_percent(resolved.mean)} of needs are resolved in the end{target}"
    text += _points(findings, name, "resolution_rate")
    if nobody_reached(findings, name):
        return text
    return f"{text}, at {work.mean / 60:.1f} minutes of agents' work each"


def _fatigue(findings: Findings, name: str) -> str:
    rise = findings.fall(name, "fatigue_mean")
    if findings.scenario(name).fatigue is None or not rise.known:
        return ""
    if not beyond_luck(findings.change(name, "fatigue_mean")):
        return "agents are as tired as before, as far as can be told from luck"
    return f"agents are {round_percent(abs(rise.mean))} {'less' if rise.mean > 0 else 'more'} tired on average"


def _sides(findings: Findings, name: str) -> str:
    """What it means for customers and for agents, a clause each."""
    return "; ".join(clause for clause in (_satisfaction(findings, name), _leavers(findings, name)) if clause)


def _satisfaction(findings: Findings, name: str) -> str:
    value, change = findings.value(name, "csat"), findings.change(name, "csat")
    if not value.known:
        return ""
    text = f"customers' satisfaction (CSAT) is {value.mean:.1f} of 100 points"
    if not change.known:
        return text
    if not beyond_luck(change) or POINTS.vanishes(change):
        return f"{text}, no clear difference from {findings.base}"
    return f"{text}, {abs(change.mean):.1f} {'more' if change.mean > 0 else 'less'} than {findings.base}"


def _leavers(findings: Findings, name: str) -> str:
    """Who is expected to quit in a year, beside the first scenario's."""
    value, first = (in_a_year(findings, n, "leavers_expected") for n in (name, findings.base))
    if not value.known:
        return ""
    text = f"of the agents, {_people(value)} are expected to quit in a year at this pace"
    change = change_in_a_year(findings, name, "leavers_expected")
    if not change.known:
        return text
    now, before = _people(value), _people(first)
    return f"{text}, {f'instead of {before}' if beyond_luck(change) and now != before else 'no clear difference'}"


def _people(value: Value) -> str:
    return f"{value.mean:.{0 if value.mean >= 9.95 else 1}f}"


def _cost(findings: Findings, name: str) -> str:
    change = findings.change(name, "cost_per_resolution")
    if not change.known:
        return ""
    costs = findings.scenario(name).costs
    unit = f"{costs.currency} " if costs and costs.currency else ""
    now, before = (f"{findings.value(n, 'cost_per_resolution').mean:.2f}" for n in (name, findings.base))
    beside = f" instead of {before}" if beyond_luck(change) and now != before else ", no clear difference"
    return f"a resolved need costs {unit}{now}{beside}"
