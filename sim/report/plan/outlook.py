"""The second half of the page in sentences: customers and agents, money, the spiral, and what all of it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.loading.explain import Parameter, explain_scenario
from sim.report import counted
from sim.report.basis import WORDS
from sim.report.decide.words import exact, fraction
from sim.report.labels import key_words
from sim.report.numbers import capital, duration, listed
from sim.report.plan.figures import YearFigures, month_words
from sim.report.plan.words import Told, count, dearer, plan_words
from sim.study.plan.result import (
    HIRING,
    LICENCE,
    LINES,
    NOTICE,
    RESOLUTIONS,
    SESSIONS,
    SEVERANCE,
    TRAINING,
)
from sim.study.plan.rules import KEEP
from sim.study.plan.spiral import Spiral

LONGER = {
    TRAINING: "pay in training",
    SESSIONS: "bot, by session",
    RESOLUTIONS: "bot, by resolution",
    LICENCE: "bot, licence",
}
LINE_WORDS = {line: LONGER.get(line, line) for line in LINES}
"""Lines of cash in words."""
CHANGING = (TRAINING, HIRING, SEVERANCE, NOTICE)
"""What a change of heads costs, beside pay."""
LEAVING = ("horizon.", "attrition.", "workforce.learning", "workforce.tenure")
"""Keys on which the months rest, beside those of a week."""
REPLACED = ("attrition.reference",)
"""Keys in whose place the months have others: `horizon.attrition.reference` is today's fatigue unless given."""


# Customers and agents ---------------------------------------------------------------

SIDES = {
    "service_level": "answered in time",
    "abandonment_rate": "give up",
    "resolution": "of needs are resolved in the end",
}
STRAINS = {"occupancy": "busy", "strained_share": "strained", "mistreatment_rate": "treated badly"}


def service(told: Told) -> Iterator[str]:
    """From the first month to the last, with the file's plan, then with the best."""
    for name, figures in told.shown.items():
        begin = capital(plan_words(name))
        yield f"{begin}, from {told.month(0)} to {told.month(figures.months - 1)}: {_sides(figures)}."
        yield f"Agents with it: {'; '.join(_ends(figures, n, w) for n, w in STRAINS.items() if figures.has(n))}."
    waits = told.file.by_month("asa_s")
    if not math.isnan(waits[0].mean) and not math.isnan(waits[-1].mean):
        yield f"Who is answered waits {duration(waits[0].mean)} at the start, {duration(waits[-1].mean)} at the end."


def _sides(figures: YearFigures) -> str:
    return "; ".join(_ends(figures, name, words) for name, words in SIDES.items() if figures.has(name))


def _ends(figures: YearFigures, measure: str, words: str) -> str:
    values = figures.by_month(measure)
    first, last = exact(values[0].mean), exact(values[-1].mean)
    return f"{first} {words}, {last} at the end"


# Money ------------------------------------------------------------------------------


def money(told: Told) -> Iterator[str]:
    """The cash of the months, what changing costs of it, by when; the budget."""
    lead = told.lead
    if not lead.counts_money:
        yield "Money is not counted: give costs.agent_hour, costs.hire, costs.severance and the like in the file."
        return
    which = "The plan at least cost" if told.found else "The plan of the file"
    yield f"{which} takes {told.money(lead.cash().mean)} in cash over {told.span}; a month is 52 / 12 typical weeks."
    parts = [f"{told.money(lead.cash(line).mean)} {LINE_WORDS[line]}" for line in CHANGING if line in lead.lines]
    if parts:
        yield f"In it: {listed(parts)}."
    if told.found:
        yield f"That is {dearer(told, lead.cash_above(told.file))} than the plan of the file."
    by_month = [value.mean for value in lead.cash_by_month()]
    dearest = by_month.index(max(by_month))
    yield f"The dearest month is {month_words(lead.labels[dearest])}: {told.money(by_month[dearest])}."
    yield from _budget(told)
    yield "Leavers are not charged by costs.leaver: who is hired for them is counted by name."


def _budget(told: Told) -> Iterator[str]:
    budget, over = told.ahead.budget, told.answer.lead.over_budget
    if budget is not None and over == over:
        yield f"The budget of {told.money(budget)} is exceeded in {fraction(over)} of the simulated years."


# The spiral -------------------------------------------------------------------------


def spiral(told: Told) -> Iterator[str]:
    """From when leaving feeds itself with the file's plan, with how few people it begins, what the way back takes."""
    found = told.answer.spiral
    if found is None:
        yield "Strain moves nobody here (no fatigue, or feedback is off), so that leaving cannot feed itself."
        return
    if found.month is None:
        yield (
            "With the plan of the file leaving does not feed itself: in no three months in a row are clearly more "
            "expected to leave than the month before though fewer are there."
        )
    else:
        yield (
            f"From {told.month(found.month - 1)} on leaving feeds itself with the plan of the file: three months in a "
            "row more are expected to leave than the month before though fewer are there: those who stay are more "
            "strained."
        )
    yield from _threshold(found)
    grows = [month_words(told.file.labels[month - 1]) for month in found.feeds_itself]
    if grows:
        yield f"A gap in heads is sure to grow by leaving alone, from {listed(grows[:3])} to the month after."
    else:
        yield "One who is missing makes fewer than one more leave, as far as is sure: by leaving alone no gap grows."
    yield from _back(told, found)


def _threshold(found: Spiral) -> Iterator[str]:
    people, today = found.threshold_heads, found.heads
    if people is None or found.threshold is None:
        yield f"No other number of people at the start that was tried changes that (today {today})."
    elif found.month is None and people >= today:
        yield f"It would with a single person fewer at the start (today {today})."
    elif found.month is None:
        yield f"It would with fewer than {people} people at the start, {fraction(found.threshold)} of today's {today}."
    else:
        yield f"With {people} people at the start, {fraction(found.threshold)} of today's {today}, it does not begin."


def _back(told: Told, found: Spiral) -> Iterator[str]:
    back = found.back
    if back is None:
        if found.month is not None:
            yield "It is seen too late in these months for hiring back to begin in them."
        return
    paid = f"; hiring takes {told.money(back.hiring)}, training {told.money(back.training)}"
    yield (
        f"Turning back once it is seen takes {counted(back.hired, 'hire')} from {told.month(back.month - 1)} on"
        f"{paid if back.hiring > 0.0 else ''}."
    )
    misses, does = ("misses" if back.missed == 1 else "miss", "does" if back.missed_kept == 1 else "do")
    yield (
        f"{counted(back.missed, 'month')} of {told.file.months} then {misses} a target in more than half of the years; "
        f"with {plan_words(KEEP)}, {counted(back.missed_kept, 'month')} {does}."
    )


# What it rests on -------------------------------------------------------------------


def assumed(told: Told) -> list[Parameter]:
    """The weak and assumed defaults on which the months rest, in the order of the file format."""
    found = [p for p in explain_scenario(told.answer.scenario) if p.how == "default" and p.grade in ("W", "A")]
    return [p for p in found if p.path.startswith(LEAVING) and p.value is not None and p.path not in REPLACED]


def rests_on(told: Told) -> Iterator[str]:
    """Who leaves and why, how well that is known, and what nobody has measured."""
    lead = told.file.result
    yield (
        f"With the plan of the file leavers of a year are {fraction(lead.turnover)} of mean heads; who is let go is "
        "not among them."
    )
    yield from (f"Assumed of {line}." for line in told.answer.assumed)
    yield from _optimality(told)
    numbers = assumed(told)
    if numbers:
        names = [key_words(p.path) for p in numbers[:3]]
        more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
        yield (
            f"{count(len(numbers))} defaults of the months are weak or assumed, such as {', '.join(names)}{more}: "
            "ccsim explain lists them with their sources, and ccsim plan with --set KEY=VALUE shows what another value "
            "does. ccsim risk simulates a week: of them it varies workforce alone, since leaving acts in later months."
        )
    yield (
        "What was measured of leaving elsewhere is small: pay up by 20 % lowers it by 5 %, the best supervisors by "
        "10 % (Emadi and Staats, Management Science 2020)."
    )
    if told.answer.scenario.bot is not None:
        yield (
            "No clean before-and-after handle time around a bot has been published (2024 to 2026): what the bot leaves "
            "to agents follows a law that public data have not tested."
        )


def _optimality(told: Told) -> Iterator[str]:
    """What the search aims at, and how far from the best it may be."""
    found = told.answer.optimised
    if found is None:
        return
    yield (
        "The plan at least cost aims at a typical week of every month that meets the targets in "
        f"{fraction(found.sure)} of the years. On mean behaviour no plan is cheaper by more than "
        f"{100.0 * found.gap:.1f} %; on a small case it is {100.0 * found.small.gap:.1f} % above the best of all "
        f"{found.small.plans:,} plans."
    )


def grade_words(parameter: Parameter) -> str:
    """How well a number is known."""
    return WORDS[parameter.grade] if parameter.grade else ""
