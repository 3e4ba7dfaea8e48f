"""The tables and sentences of what was learned."""

from __future__ import annotations

import math
import re

from sim.learning.result import Learned, LearnResult, in_seconds
from sim.report import Cell, Table, row, table
from sim.report.numbers import listed

NOTHING, DAY_S = "–", 86_400.0
KNOWN = {"measured": "measured", "product_only": "product only", "not_identified": "not told"}
SHARES = (
    "containment",
    "false_share",
    "opt_out",
    "resolves",
    "probability",
    "false_containment",
    "context_kept",
    "least",
    "duty",
)
CONTROLS = {
    "arm": "customers drawn at random who did not meet the bot",
    "intents": "the intents without a bot, over the same days",
    "none": "nothing: there is no control",
}


INTENT_NUMBERS = {
    "bot.containment": "contained",
    "bot.false_share": "false share",
    "at least": "at least, by returns",
    "difficulty_weight x bot.selectivity": "weight x selectivity",
    "difficulty_weight": "difficulty weight",
}


def intents_table(result: LearnResult) -> Table:
    """What the bot makes of each intent: figures with their intervals, and what is not told with what is believed."""
    by_intent: dict[str, dict[str, Learned]] = {}
    for number in result.numbers:
        intent, name = intent_and_name(number.key)
        if name in INTENT_NUMBERS:
            by_intent.setdefault(intent, {})[name] = number
    mine = [number for numbers in by_intent.values() for number in numbers.values()]
    told = {intent_and_name(number.key)[1] for number in mine if number.measured}
    names = [name for name in INTENT_NUMBERS if name in told]
    rows = [row(intent, *(_cell(numbers.get(name)) for name in names)) for intent, numbers in by_intent.items()]
    notes = [
        "With 95 % intervals; in brackets, the range of what stays a belief. False share: of what the bot contained, "
        "what it did not resolve; at least so much, since those who give up leave no trace.",
        *reasons(mine),
    ]
    return table("By intent", ("intent", *(INTENT_NUMBERS[name] for name in names)), rows if names else [], notes)


def centre_table(result: LearnResult) -> Table:
    """The numbers that are of no one intent, each with its interval and how it is known."""
    mine = [number for number in result.numbers if intent_and_name(number.key)[1] not in INTENT_NUMBERS]
    rows = [
        row(
            number.key,
            figure(number, number.value),
            _ends(number, number.low, number.high),
            _ends(number, number.prior_low, number.prior_high),
            Cell(KNOWN[number.known], "good" if number.measured else "unsure"),
        )
        for number in mine
    ]
    columns = ("number", "value", "95 % interval", "believed before", "how known")
    return table("Of the whole centre", columns, rows, reasons(mine))


def intent_and_name(key: str) -> tuple[str, str]:
    """The intent that a number is of, and its name in it; empty, and the key, where it is of no one intent."""
    found = re.fullmatch(r"intents\.(.+?)\.((?:bot\.|difficulty_weight).*)|false share of (.+) (at least)", key)
    return (found[1] or found[3], found[2] or found[4]) if found else ("", key)


def _cell(number: Learned | None) -> Cell:
    if number is None:
        return Cell(NOTHING)
    ends = _ends(number, number.low, number.high)
    if number.measured:
        return Cell(f"{figure(number, number.value).removesuffix(' %')} ({ends})", "good")
    return Cell(f"not told [{ends}]" if math.isfinite(number.prior_low) else "not told", "unsure")


def reasons(numbers: list[Learned]) -> list[str]:
    """Why what is not measured is not, a line a reason."""
    by_reason: dict[str, dict[str, list[str]]] = {}
    for number in numbers:
        if not number.measured:
            intent, name = intent_and_name(number.key)
            own = by_reason.setdefault(number.why.partition("; ")[2] or number.why, {})
            own.setdefault(INTENT_NUMBERS.get(name, name), []).extend([intent] if intent else [])
    return [f"{listed([_whose(*one) for one in own.items()])}: {why}." for why, own in by_reason.items()]


def _whose(name: str, intents: list[str]) -> str:
    return f"{name} of {listed(intents)}" if intents else name


def figure(number: Learned, value: float) -> str:
    """A number as planners write it: shares in percent."""
    return figure_of(number.key, value)


def figure_of(key: str, value: float) -> str:
    """A number by its key: shares in percent, times in seconds or days."""
    if not math.isfinite(value):
        return NOTHING
    if in_seconds(key):
        return f"{value / DAY_S:.2f} d" if value >= DAY_S else f"{value:.0f} s"
    return f"{100 * value:.1f} %" if re.split(r"[. ]", key)[-1] in SHARES else f"{value:.2f}"


def _ends(number: Learned, low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    unit = figure(number, high).rpartition(" ")[2] if " " in figure(number, high) else ""
    return f"{figure(number, low).removesuffix(f' {unit}')} to {figure(number, high)}"


def shifts_table(result: LearnResult) -> Table:
    """How much longer contacts became that met the bot, beside all others."""
    rows = [
        row(
            str(shift["intent"]),
            str(shift["way"]),
            f"{int(shift['contacts']):,}",
            _percent(shift["longer"]),
            f"{_percent(shift['low']).removesuffix(' %')} to {_percent(shift['high'])}",
        )
        for shift in result.shifts.to_dict("records")
    ]
    notes = [f"Beside {CONTROLS[result.control]}; day, hour and what each agent learned meanwhile are taken out."]
    columns = ("intent", "way to an agent", "contacts", "talk longer by", "95 % interval")
    return table("Talk times of contacts that met the bot", columns, rows, notes, 2)


def _percent(value: float) -> str:
    return f"{100 * value:+.1f} %" if math.isfinite(value) else NOTHING


def checks_table(result: LearnResult) -> Table:
    """Where talk times should not have moved."""
    rows = [
        row(
            str(check["what"]),
            _percent(math.expm1(check["shift"])),
            f"{check['p_value']:.2g}",
            Cell("as luck gives", "good") if check["passed"] else Cell("more than luck", "bad"),
        )
        for check in result.checks.to_dict("records")
    ]
    return table("Where no bot can be the reason", ("contacts", "talk longer by", "p", "verdict"), rows)
