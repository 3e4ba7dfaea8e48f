"""What the results rest on: how well the numbers in force are known, from what `explain` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sim.loading.explain import Parameter, explain_scenario
from sim.scenario.model import Scenario
from sim.schema.base import GRADES

GIVEN, PLAIN = "given", "plain"
WORDS = {"S": "strong", "M": "moderate", "W": "weak", "A": "assumed"}
"""The grades in the order from best to worst."""


def basis_of(scenario: Scenario) -> dict[str, int]:
    """How many parameters in force are given, and how many are defaults of each grade."""
    parameters = explain_scenario(scenario)
    found = Counter(GIVEN if p.how != "default" else GRADES[p.grade] if p.grade else PLAIN for p in parameters)
    return {name: found[name] for name in (GIVEN, *GRADES.values(), PLAIN)}


def basis_words(scenarios: Mapping[str, Scenario]) -> list[str]:
    """What each of several scenarios rests on, and what that means for the results."""
    counts = {name: basis_of(scenario) for name, scenario in scenarios.items()}
    said = [f"{name}: {_counted(found)}." for name, found in counts.items()] if len(counts) > 1 else []
    return [*said, _meaning(scenarios.values())]


def basis_meaning(scenarios: Mapping[str, Scenario]) -> str:
    """What the numbers in force mean for the results; of several scenarios, also which one the last line counts."""
    widest = max(scenarios, key=lambda name: _size(scenarios[name]))
    counted = f" Counted for {widest}, which has most of them:" if len(scenarios) > 1 else ""
    return _meaning(scenarios.values()) + counted


def basis_line(scenarios: Mapping[str, Scenario]) -> str:
    """The last line of a report: the parameters in force, of the scenario that has most of them."""
    return f"Parameters in force: {_counted(basis_of(max(scenarios.values(), key=_size)))}."


def _size(scenario: Scenario) -> int:
    return sum(basis_of(scenario).values())


def _counted(found: dict[str, int]) -> str:
    grades = ", ".join(f"{found[GRADES[grade]]} {word}" for grade, word in WORDS.items())
    return f"{sum(found.values())}, of them {found[GIVEN]} given; {grades}, the rest conventions or switched off"


def _meaning(scenarios: Iterable[Scenario]) -> str:
    counts = map(basis_of, scenarios)
    weak = max(found[GRADES["W"]] + found[GRADES["A"]] for found in counts)
    if weak == 0:
        return "No default in force is weak or assumed: the results rest on what was given."
    return (
        f"The results rest on up to {weak} defaults whose numbers are weak or assumed: where a decision hangs on them, "
        "measure or sweep them. ccsim explain FILE lists all, with sources."
    )


def worst_of(parameters: Iterable[Parameter]) -> str:
    """How well the least known of some parameters is known: its grade in a word, or that all are given; else empty."""
    found = list(parameters)
    grades = {p.grade for p in found if p.how == "default"}
    worst = next((word for grade, word in reversed(WORDS.items()) if grade in grades), "")
    return worst or (GIVEN if any(p.how != "default" for p in found) else "")
