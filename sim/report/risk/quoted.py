"""The chance of one plan, as other verbs quote it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report import Document
from sim.report.labels import label_of
from sim.report.numbers import interval
from sim.report.risk.narrative import rests_on
from sim.report.risk.tables import percent, period_words
from sim.study.risk.result import ALL, RiskResult


def quoted_words(chance: RiskResult | None) -> Iterator[str]:
    """The chance that the plan meets all targets, its weakest target, and what it rests on; nothing without one."""
    if chance is None:
        return
    yield (
        f"Luck and beliefs together, {chance.plans[0].name} meets all targets over {period_words(chance)} with a "
        f"chance of {percent(chance.chance(0))}."
    )
    missed = min(chance.goals, key=lambda name: chance.chance(0, name).mean)
    if len(chance.goals) > 1 and chance.chance(0, missed).mean < 1.0:
        yield f"Its weakest target is {label_of(missed).text}: {percent(chance.chance(0, missed))}."
    yield from rests_on(chance)


def quoted_document(chance: RiskResult | None) -> Document:
    """The same for the JSON document; nothing without one."""
    if chance is None:
        return {}
    found = {name: chance.chance(0, name) for name in (ALL, *chance.goals)}
    return {
        "chance": {
            "plan": chance.plans[0].name,
            "weeks": chance.weeks,
            "draws": len(chance.outcomes),
            "refused": len(chance.refused),
            "numbers_drawn": len(chance.sample.beliefs),
            "meets": {name: interval(each.mean, each.low, each.high) for name, each in found.items()},
        }
    }
