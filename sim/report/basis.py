"""What the results rest on: how well the numbers in force are known, from what `explain` says."""

from __future__ import annotations

from collections import Counter

from sim.report.findings import Findings
from sim.scenario.base import GRADES
from sim.scenario.explain import explain_scenario
from sim.scenario.model import Scenario

GIVEN, PLAIN = "given", "plain"
WORDS = ("strong", "moderate", "weak", "assumed")


def basis_of(scenario: Scenario) -> dict[str, int]:
    """How many parameters in force are given, and how many are defaults of each grade."""
    parameters = explain_scenario(scenario)
    found = Counter(GIVEN if p.how != "default" else GRADES[p.grade] if p.grade else PLAIN for p in parameters)
    return {name: found[name] for name in (GIVEN, *GRADES.values(), PLAIN)}


def basis_words(findings: Findings) -> list[str]:
    """What each scenario rests on, and what that means for its results."""
    counts = {name: basis_of(findings.scenario(name)) for name in findings.names}
    said = []
    for name, found in counts.items():
        grades = ", ".join(f"{found[grade]} {word}" for grade, word in zip(GRADES.values(), WORDS, strict=True))
        said.append(
            f"{name}: {sum(found.values())} parameters in force, {found[GIVEN]} of them given. Defaults: {grades}; "
            f"{found[PLAIN]} conventions or switched off."
        )
    return [*said, _meaning(max(found[GRADES["W"]] + found[GRADES["A"]] for found in counts.values()))]


def _meaning(weak: int) -> str:
    if weak == 0:
        return "No default in force is weak or assumed: the results rest on what was given."
    return (
        f"The results rest on up to {weak} defaults whose numbers are weak or assumed: where a decision hangs on them, "
        "measure or sweep them. ccsim explain FILE lists all, with sources."
    )
