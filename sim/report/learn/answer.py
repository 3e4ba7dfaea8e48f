"""The answer of `learn`: what was learned, what could not be, and what that does to the plan."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.learning.narrower import Chances, Span, assumed_and_measured
from sim.learning.result import Learned, LearnResult
from sim.report.labels import label_of
from sim.report.learn.tables import CONTROLS, reasons
from sim.report.numbers import listed
from sim.report.risk.tables import percent


def answer(result: LearnResult, chances: Chances | None = None) -> dict[str, list[str]]:
    """What a meeting should take home, in sentences below a lead each."""
    found = {
        "Learned": list(_learned(result)),
        "Not told": list(_untold(result)),
        "How sure": [*_counted(result), *_of_chances(result, chances)],
    }
    return {lead: sentences for lead, sentences in found.items() if sentences}


# Learned ------------------------------------------------------------------------------------------------------------


def _learned(result: LearnResult) -> Iterator[str]:
    contained = {n.key.split(".")[1]: n.value for n in result.numbers if n.key.endswith("bot.containment")}
    if contained:
        yield f"The bot contains {_span_of(contained)} of the first sessions of a need."
    longer = {
        str(shift["intent"]): float(shift["longer"])
        for shift in result.shifts.to_dict("records")
        if shift["way"] == "chosen" and math.isfinite(shift["high"])
    }
    if longer:
        beside = "than before" if result.control == "none" else f"beside {CONTROLS[result.control]}"
        yield f"Talk of what it hands over takes {_span_of(longer)} longer {beside}."
    for number in result.numbers:
        if number.key == "bot.selectivity" and number.measured:
            yield _of_selectivity(number)
    products = [number.value for number in result.numbers if number.is_product and number.measured]
    if products:
        ends = [f"{end:.2f}" for end in (min(products), max(products))]
        yield f"The product of difficulty weight and selectivity is {' to '.join(dict.fromkeys(ends))}, by intent."


def _span_of(shares: dict[str, float]) -> str:
    """Such as 7 % (complaint) to 56 % (order status)."""
    ends = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    words = [f"{100 * shares[name]:.0f} % ({name})" for name in dict.fromkeys(ends)]
    return " to ".join(words)


def _of_selectivity(number: Learned) -> str:
    holds = number.low <= 0.0 <= number.high
    words = "that it does not choose at all is possible" if holds else "it takes the easier needs"
    words = words if number.value > 0.0 or holds else "it takes the harder needs"
    return f"The bot's selectivity is {number.value:.2f} ({number.low:.2f} to {number.high:.2f}): {words}."


# What was not, and how sure ------------------------------------------------------------------------------------------


def _untold(result: LearnResult) -> Iterator[str]:
    products = [number for number in result.numbers if number.is_product and not number.measured]
    if products:
        names = [number.key.split(".")[1] for number in products]
        yield f"Whether {listed(names)} got harder because of the bot's choosing is not separable: {products[0].why}."
    apart = [n for n in result.numbers if n.known == "product_only"]
    if apart:
        yield f"Selectivity and difficulty weights by themselves: {apart[0].why}."
    elif any(n.key == "bot.selectivity" and not n.measured for n in result.numbers):
        yield "How the bot chooses cannot be told."
    yield from reasons([n for n in result.numbers if not n.is_product and n.known != "product_only" and _alone(n)])


def _alone(number: Learned) -> bool:
    """Whether a number is told by itself, and not with how the bot chooses."""
    return not number.key.endswith(("difficulty_weight", "bot.selectivity"))


def _counted(result: LearnResult) -> Iterator[str]:
    asked = [number for number in result.numbers if number.in_scenario]
    known = [number for number in asked if number.measured]
    yield f"{len(known)} of {len(asked)} numbers that were looked for are measured now; the others stay beliefs."
    assumed, measured = assumed_and_measured(result)
    if result.scenario is not None and assumed:
        yield f"{measured} of the {assumed} weak or assumed numbers of {result.scenario.name} are measured with that."


def _of_chances(result: LearnResult, chances: Chances | None) -> Iterator[str]:
    """What was learned does to the plan."""
    if chances is None or result.scenario is None:
        return
    words = f"The chance that {result.scenario.name} meets all targets over four weeks is"
    yield f"{words} {percent(chances.before)} as it was believed, and {percent(chances.after)} with what was learned."
    spans = [
        f"{label_of(name).short} {_span_words(before)} before, {_span_words(after)} after"
        for name, (before, after) in chances.spans.items()
        if all(math.isfinite(end) for end in (*before, *after))
    ]
    if spans:
        yield f"In nine of ten of the {chances.draws} draws: {'; '.join(spans)}."


def _span_words(span: Span) -> str:
    low, high = span
    decimals = 1 if high < FINE else 0
    return f"{100 * low:.{decimals}f} to {100 * high:.{decimals}f} %"


FINE = 0.1
"""Shares up to here are written with a decimal."""
