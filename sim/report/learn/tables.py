"""The tables and sentences of what was learned."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from sim.learning.narrower import Chances, assumed_and_measured
from sim.learning.result import Learned, LearnResult, in_seconds
from sim.report import Cell, Table, row, table
from sim.report.numbers import listed
from sim.report.risk.tables import percent

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


def numbers_table(result: LearnResult) -> Table:
    """Every number with its interval, and how it is known."""
    rows = [
        row(
            number.key,
            figure(number, number.value),
            _ends(number, number.low, number.high),
            _ends(number, number.prior_low, number.prior_high),
            Cell(KNOWN[number.known], "good" if number.measured else "unsure"),
        )
        for number in result.numbers
    ]
    notes = [f"{number.key}: {number.why}." for number in result.numbers if not number.measured]
    columns = ("number", "value", "95 % interval", "believed before", "how known")
    return table("What was learned", columns, rows, list(dict.fromkeys(notes)))


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


def answer(result: LearnResult, chances: Chances | None = None) -> list[str]:
    """What a meeting should take home."""
    return [*_sentences(result), *_of_chances(result, chances)]


def _sentences(result: LearnResult) -> Iterator[str]:
    asked = [number for number in result.numbers if number.in_scenario]
    known = [number for number in asked if number.measured]
    yield f"{len(known)} of {len(asked)} numbers that were looked for are measured now; the others stay beliefs."
    assumed, measured = assumed_and_measured(result)
    if result.scenario is not None and assumed:
        yield f"{measured} of the {assumed} weak or assumed numbers of {result.scenario.name} are measured with that."
    for number in result.numbers:
        if number.key == "bot.selectivity":
            yield _of_selectivity(number, result)
    products = [number for number in result.numbers if number.is_product]
    told = [number for number in products if number.measured]
    if told:
        least, most = min(n.value for n in told), max(n.value for n in told)
        span = f"{least:.2f}" if len(told) == 1 else f"{least:.2f} to {most:.2f}"
        yield f"The product of difficulty weight and selectivity is {span}, by intent."
    untold = [number.key.split(".")[1] for number in products if not number.measured]
    if untold:
        yield f"Whether {listed(untold)} got harder because of the bot's choosing is not separable: {_why(products)}."


def _of_chances(result: LearnResult, chances: Chances | None) -> Iterator[str]:
    """What was learned does to the plan."""
    if chances is None or result.scenario is None:
        return
    words = f"The chance that {result.scenario.name} meets all targets over four weeks is"
    yield f"{words} {percent(chances.before)} as it was believed, and {percent(chances.after)} with what was learned."


def _why(products: list[Learned]) -> str:
    return next(number.why for number in products if not number.measured)


def _of_selectivity(number: Learned, result: LearnResult) -> str:
    if number.measured:
        holds = number.low <= 0.0 <= number.high
        words = "that it does not choose at all is possible" if holds else "it takes the easier needs"
        words = words if number.value > 0.0 or holds else "it takes the harder needs"
        return f"The bot's selectivity is {number.value:.2f} ({number.low:.2f} to {number.high:.2f}): {words}."
    if number.known == "product_only":
        return "Selectivity and difficulty weight come apart only with a column that says whether contacts resolved."
    return "How the bot chooses cannot be told."
