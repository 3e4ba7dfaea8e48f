"""The tables of `risk`: plans, what carries the doubt, what is worth knowing, what was drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.report import Cell, Table, Tone, counted, row, table
from sim.report.labels import goal_words, key_words, label_of, level_words
from sim.report.numbers import DASH, PRICE, round_percent
from sim.study.risk.choice import ChoiceByNumber
from sim.study.risk.resampling import Estimated
from sim.study.risk.result import RiskResult

MOST_BELIEFS = 10
FINE, NARROW = 0.0995, 0.015
RESTS_ON = {"given": "the file", "published": "published range", "assumed": "half to one and a half times"}


def percent(estimate: Estimated) -> str:
    """A chance or share with its interval, such as "83 % (77 to 88)"."""
    if math.isnan(estimate.mean):
        return DASH
    text = round_percent(estimate.mean)
    if math.isnan(estimate.low):
        return text
    decimals = 1 if estimate.mean < FINE and estimate.high - estimate.low < NARROW else 0
    return f"{text} ({100 * estimate.low:.{decimals}f} to {100 * estimate.high:.{decimals}f})"


def money(estimate: Estimated) -> str:
    """An amount with half its interval."""
    if math.isnan(estimate.mean):
        return DASH
    text = f"{estimate.mean:,.0f}"
    return text if math.isnan(estimate.low) else f"{text} ({estimate.low:,.0f} to {estimate.high:,.0f})"


def period_words(result: RiskResult) -> str:
    """The period, such as "4 weeks"."""
    return counted(1, "week") if result.weeks == 1 else f"{result.weeks:.3g} weeks"


def tables_of(result: RiskResult) -> Iterator[Table]:
    """The tables: plans, what carries the doubt, what knowing is worth, what would change the choice."""
    yield plans_table(result)
    yield doubt_table(result, result.about)
    yield from (made for made in (worth_table(result), choice_table(result)) if made is not None)


def plans_table(result: RiskResult) -> Table:
    """Every plan: its staff, the chance of all targets, of each, and of a day; money where the file has prices."""
    priced, costed = result.regret is not None, result.costs is not None
    goals = [label_of(name).short for name in result.goals]
    columns = ["plan", "FTE", "all targets", *goals, "a day"]
    columns += [f"a week ({result.currency or 'money'})"] if costed else []
    columns += ["regret", "regret, 19 in 20"] if priced else []
    rows = []
    for place, plan in enumerate(result.plans):
        chance = result.chance(place)
        tone: Tone = "good" if chance.mean >= result.wanted else "bad"
        cells: list[str | Cell] = [
            plan.name,
            PRICE.write(plan.fte) if plan.fte == plan.fte else DASH,
            Cell(percent(chance), tone),
        ]
        cells += [percent(result.chance(place, name)) for name in result.goals]
        cells.append(percent(result.chance_of_a_day(place)))
        cells += [money(result.cost(place))] if costed else []
        cells += (
            [f"{x:,.0f}" for x in (result.expected_regret(place).mean, result.high_regret(place))] if priced else []
        )
        rows.append(row(*cells))
    notes = [f"Chances over {period_words(result)}, with 95 % intervals over {len(result.counted)} draws."]
    notes += ["A day is held to the targets that a day can be held to."]
    notes += ["Regret: by how much a week is dearer than with the plan that turns out cheapest."] if priced else []
    return Table("Plans", tuple(columns), tuple(rows), tuple(notes), wide=True)


def doubt_table(result: RiskResult, measure: str) -> Table:
    """What carries the doubt about a measure of the chosen plan: luck first, then the beliefs that carry most."""
    plan = result.chosen
    level = result.goals.get(measure)
    first = result.first_order(measure, plan)
    total = result.total(measure, plan)
    totals = dict(zip(total[0], total[1].total, strict=False)) if total is not None else {}
    rows = [row("luck of the weeks", percent(result.luck(measure, plan)), DASH, DASH, DASH)]
    for k in result.screened(measure, plan)[:MOST_BELIEFS]:
        found, belief = first[k], result.sample.beliefs[k]
        ends = (f"{belief.low}: {_value(found.at_low)}", f"{belief.high}: {_value(found.at_high)}")
        share = totals.get(k)
        rows.append(row(key_words(belief.key), percent(found.share), percent(share) if share else DASH, *ends))
    notes = ["Shares of the variance, with 95 % intervals: by itself, and with all others (total)."]
    if total is None:
        notes.append("Beliefs are correlated, so that no share belongs to one alone: no totals are given.")
    elif not totals:
        fit = total[1].fit
        notes.append(f"No totals: the surrogate {fit_words(fit)}, and 80 % are needed.")
    else:
        notes.append(f"Totals by a surrogate that predicts {100 * total[1].fit:.0f} % of what it has not seen.")
    words = level_words(result.scenario, measure) + (f", target {_value(level.share)}" if level is not None else "")
    title = f"What carries the doubt about {words} ({result.plans[plan].name})"
    columns = ["", "by itself", "total", "near its low end", "near its high end"]
    return table(title, columns, rows, notes)


def fit_words(fit: float) -> str:
    """How much a surrogate predicts; it may be worse than the mean."""
    if math.isnan(fit):
        return "cannot be judged"
    return f"predicts {100 * fit:.0f} % of what it has not seen" if fit >= 0.005 else "predicts nothing that is new"


def _value(value: float) -> str:
    return round_percent(value)


def worth_table(result: RiskResult) -> Table | None:
    """What each belief is worth to know before deciding.

    None where bad service has no price, or no number is worth more than by chance: the sentences say so.
    """
    if result.worth is None:
        return None
    found = sorted(zip(result.sample.beliefs, result.worth, strict=True), key=lambda pair: -pair[1].worth.mean)
    shown = [(belief, worth) for belief, worth in found if worth.shown][:MOST_BELIEFS]
    if not shown:
        return None
    rows = [row(key_words(b.key), money(w.worth), f"{w.by_chance:,.0f}", round_percent(w.changes)) for b, w in shown]
    everything = money(result.worth_of_everything)
    notes = [
        "A ceiling: perfect knowledge, free and at once, over a year of the decision. Only what is above what a number "
        "gives that has nothing to do with it (95 % point).",
        f"Everything, the luck of the weeks too: {everything}.",
    ]
    columns = ["number", f"worth a year ({result.currency or 'money'})", "by chance", "plan changes"]
    return table("What is worth knowing first", columns, rows, notes)


def choice_table(result: RiskResult) -> Table | None:
    """What would change the choice: chances and the plan that is sure enough, where a number is low and high.

    None where no number by itself clearly moves a chance: the sentences say so.
    """
    pairs = zip(result.sample.beliefs, result.choices, strict=True)
    clear = sorted((pair for pair in pairs if pair[1].clear), key=lambda pair: -pair[1].size)[:MOST_BELIEFS]
    if not clear:
        return None
    rows = [
        row(key_words(b.key), result.plans[one.plan].name, percent(one.low), percent(one.high), *_choices(result, one))
        for b, one in clear
    ]
    wanted = round_percent(result.wanted)
    notes = [
        f"The chance of the plan that the number moves most, and the smallest plan that is {wanted} sure, in the third "
        "of the draws where the number is lowest and in that where it is highest.",
    ]
    columns = ["number", "plan", "chance if low", "if high", f"{wanted} sure if low", "if high"]
    return table("What would change the choice", columns, rows, notes, labels=2)


def _choices(result: RiskResult, found: ChoiceByNumber) -> list[str]:
    return [result.name_of(plan) or "none" for plan in found.choices]


def drawn_table(result: RiskResult) -> Table:
    """What was drawn, and what that rests on."""
    rows = [row(key_words(b.key), b.low, b.high, RESTS_ON[b.rests_on]) for b in result.sample.beliefs]
    notes = ["From the file: its ends; without ends, the points with 0.1 % beyond."]
    return table("What was drawn", ["number", "low", "high", "from"], rows, notes)


def shares_words(result: RiskResult) -> str:
    """The targets in a sentence."""
    return "; ".join(goal_words(result.scenario, name, goal) for name, goal in result.goals.items())
