"""The answer of `risk` in sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from sim.report import Paragraph, named_paragraphs
from sim.report.labels import key_words, label_of
from sim.report.numbers import listed, round_percent
from sim.report.risk.tables import money, percent, period_words
from sim.study.risk.result import RiskResult

MOST_NAMED = 3
SOURCES = {
    "given": "come from the file",
    "published": "are published",
    "assumed": "are half to one and a half times the number, for want of any other",
}


def paragraphs(result: RiskResult) -> list[Paragraph]:
    """The answer, the staff that it takes, money, what carries the doubt, how sure."""
    return named_paragraphs(
        {
            "The answer": _answer(result),
            "Staff": _staff(result),
            "Money": _money(result),
            "What carries the doubt": _doubt(result),
            "What is worth knowing first": _knowing(result),
            "How sure": rests_on(result),
        }
    )


def _answer(result: RiskResult) -> Iterator[str]:
    own, wanted = result.plans[0].name, round_percent(result.wanted)
    yield f"{own} meets all targets over {period_words(result)} with a chance of {percent(result.chance(0))}."
    missed = min(result.goals, key=lambda name: result.chance(0, name).mean)
    if len(result.goals) > 1 and result.chance(0, missed).mean < 1.0:
        yield f"Its weakest target is {label_of(missed).text}: {percent(result.chance(0, missed))}."
    if result.before is not None:
        name = result.plans[result.before].name
        yield f"{name} as it was: {percent(result.chance(result.before))}."
    if result.sufficient:
        first = result.sufficient[0]
        plan = result.plans[first]
        yield f"Of {len(result.candidates)} plans {_named(result, first)} is the smallest that is {wanted} sure."
        if result.chance(first).low < result.wanted:
            yield f"Its interval, {percent(result.chance(first))}, reaches below {wanted}: more draws would tell."
        if plan.fte == min(result.plans[k].fte for k in result.candidates) and len(result.candidates) > 1:
            yield "It is the smallest plan that was looked at: fewer might do."
    else:
        best = result.best_chance
        yield f"No plan is {wanted} sure. The likeliest is {_named(result, best)}: {percent(result.chance(best))}."
        if round_percent(result.chance(best).mean) == wanted:
            yield "It falls short by less than the rounding, and more draws may carry it over."
    yield from _alike(result)


def _alike(result: RiskResult) -> Iterator[str]:
    """Which smaller plans cannot be told from the likeliest."""
    best = result.best_chance
    smaller = [k for k in result.candidates if result.plans[k].fte < result.plans[best].fte]
    alike = [k for k in smaller if result.chance_above(best, k).low <= 0.0]
    if alike:
        least = _named(result, min(alike, key=lambda k: result.plans[k].fte))
        yield f"{least} cannot be told from {result.plans[best].name}, the likeliest, on these draws."


def _named(result: RiskResult, place: int) -> str:
    plan = result.plans[place]
    return f"{plan.name} ({plan.fte:.1f} FTE)" if plan.fte == plan.fte else plan.name


def _staff(result: RiskResult) -> Iterator[str]:
    curve = result.curve
    if curve is None:
        return
    staff = curve.staff_for(result.wanted, seed=result.seed + 1)
    wanted = round_percent(result.wanted)
    if math.isfinite(staff.mean):
        ends = " to ".join(_end(end, curve.staff[0], curve.staff[-1]) for end in (staff.low, staff.high))
        own = result.plans[0].fte
        apart = staff.mean - own
        yield f"To be {wanted} sure takes {staff.mean:.1f} FTE ({ends}), by a line through the plans that never falls."
        yield f"That is {abs(apart):.1f} {'more' if apart > 0 else 'fewer'} than {result.plans[0].name} has."
    elif staff.mean < 0:
        yield f"Already the fewest looked at, {curve.staff[0]:.1f} FTE, are {wanted} sure."
    else:
        yield f"Even the most looked at, {curve.staff[-1]:.1f} FTE, are not {wanted} sure."


def _end(end: float, least: float, most: float) -> str:
    if math.isinf(end):
        return f"below {least:.1f}" if end < 0 else f"above {most:.1f}"
    return f"{end:.1f}"


def _money(result: RiskResult) -> Iterator[str]:
    cheapest = result.least_cost
    if cheapest is None:
        return
    if not result.priced:
        words = f"{money(result.cost(cheapest))} {result.currency}".strip()
        yield f"Among plans that are sure enough, {result.plans[cheapest].name} costs least: {words} a week."
        yield "Bad service has no price in the file (costs.missed_target, unresolved_need, abandoned): without one the"
        yield "smallest staff is always the cheapest, and nothing is said of regret or of what knowing is worth."
        return
    least = result.least_regret
    words = f"{money(result.cost(cheapest))} {result.currency}".strip()
    yield f"With the prices of the file, {result.plans[cheapest].name} costs least on average: {words} a week."
    if len(result.candidates) > 1 and result.plans[cheapest].fte == min(result.plans[k].fte for k in result.candidates):
        yield "It is the smallest plan that was looked at: fewer might cost less, and it need not meet the targets."
    if least is not None:
        worst = f"{result.high_regret(least):,.0f}"
        name = result.plans[least].name
        yield f"{name} is regretted least: in 19 of 20 draws it is dearer by at most {worst} a week."


def _doubt(result: RiskResult) -> Iterator[str]:
    measure, plan = result.about, result.chosen
    luck = result.luck(measure, plan)
    if not math.isnan(luck.mean):
        yield f"Of what is not known of {label_of(measure).text}, {percent(luck)} is the luck of the weeks."
    first = result.first_order(measure, plan)
    clear = [k for k in result.screened(measure, plan) if first[k].share.low > 0.0][:MOST_NAMED]
    names = [f"{key_words(result.sample.keys[k])} ({round_percent(first[k].share.mean)})" for k in clear]
    if names:
        yield f"Of the rest the most goes with {listed(names)}."
    else:
        yield "No belief by itself clearly carries more than luck would show."


def _knowing(result: RiskResult) -> Iterator[str]:
    """What knowing is worth in money, where there is a price; what would change the choice, in any case."""
    if result.worth is not None:
        yield from _worth(result)
    pairs = [pair for pair in zip(result.sample.beliefs, result.choices, strict=True) if pair[1].clear]
    if not pairs:
        count = len(result.counted)
        yield f"In {count} draws no number by itself clearly moves a chance, so none can be said to change the choice."
        return
    belief, one = max(pairs, key=lambda pair: pair[1].size)
    yield f"The chance of {result.plans[one.plan].name} hangs most on {key_words(belief.key)}: {percent(one.low)} in"
    yield f"the third of the draws where it is lowest, {percent(one.high)} in the third where it is highest."
    if one.choices[0] != one.choices[1]:
        low, high = (result.name_of(plan) or "no plan looked at" for plan in one.choices)
        yield f"The smallest plan that is {round_percent(result.wanted)} sure would be {low} there and {high} here."


def _worth(result: RiskResult) -> Iterator[str]:
    assert result.worth is not None
    shown = [pair for pair in zip(result.sample.beliefs, result.worth, strict=True) if pair[1].shown]
    if not shown:
        yield "No number by itself is worth more, before deciding, than one that has nothing to do with it. To know"
        everything = f"{money(result.worth_of_everything)} {result.currency}".strip()
        yield f"everything, the luck of the weeks too, would be worth {everything} a year."
        return
    belief, one = max(shown, key=lambda pair: pair[1].worth.mean)
    words = f"{money(one.worth)} {result.currency}".strip()
    yield f"To know {key_words(belief.key)} before deciding is worth at most {words} over a year of the decision: a"
    yield "ceiling, for perfect knowledge that is free and there at once. A study that costs more is not worth it."


def rests_on(result: RiskResult) -> Iterator[str]:
    """How many draws of how many numbers, where the ranges are from, and which draws were dropped."""
    yield f"{len(result.counted)} draws of {len(result.sample.beliefs)} numbers; within a draw all plans meet the same"
    yield "customers, and each draw has its own. The chances are as good as the beliefs: nobody has tested those."
    counts = Counter(belief.rests_on for belief in result.sample.beliefs)
    sources = [f"{counts[name]} {words}" for name, words in SOURCES.items() if counts[name]]
    yield f"Of the ranges {listed(sources)}."
    if result.refused:
        part = f"{len(result.refused)} of {len(result.outcomes)} draws were dropped"
        yield f"{part}, since they contradict the file or its report; the first: {result.refused[0].refused}."
    if result.drowned.any():
        count = int(result.drowned.any(axis=1).sum())
        yield f"In {count} draws customers come back without end with some plan; there every target counts as missed."
