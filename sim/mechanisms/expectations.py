"""Expectations: customers whom good service elsewhere has spoiled (docs/evidence.md, section 8)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.mechanisms.declaration import Checked, Mechanism, Numbers
from sim.schema.base import Section, param
from sim.schema.values import Share


class Expectations(Section):
    """Customers whom good service elsewhere has spoiled (evidence 8)."""

    patience: Share = param(
        0.9, "Patience x this", source="assumption: AI raised the bar for what customers expect", grade="A"
    )
    start: Share = param(0.05, "Frustration of a fresh customer, above frustration.start", source="same", grade="A")


class ExpectationsParameters(NamedTuple):
    """Frustration of a fresh customer, above the start of all."""

    start: float = 0.0


def law(section: Expectations, _numbers: Numbers) -> ExpectationsParameters:
    """Turn the section into numbers; patience is scaled where an intent is (`of_intent`)."""
    return ExpectationsParameters(section.start)


def of_intent(section: Expectations, intent: Any) -> Any:
    """Return an intent whose customers wait less long."""
    return intent.model_copy(update={"patience": intent.patience.scaled(section.patience)})


def check(checked: Checked) -> None:
    """Customers must have some patience; those who never give up have nothing to lose."""
    scenario, report = checked.scenario, checked.reporter
    if scenario.expectations.patience == 0:
        fix = "Write more than 0; for impatience set patience"
        report.problem(("expectations", "patience"), "leaves nobody any patience", fix)
    patient = all(intent.patience.kind == "infinite" for intent in scenario.intents.values())
    if report.exact(("expectations", "patience")) and patient and not report.failed("customers"):
        report.note("expectations.patience has no effect: the patience of all customers is infinite")


MECHANISM = Mechanism(
    "expectations",
    Expectations,
    ExpectationsParameters,
    law,
    of_intent=of_intent,
    neutral={"patience": 1, "start": 0},
    check=check,
    bar="frustration",
)
