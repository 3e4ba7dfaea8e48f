"""What the results rest on: how well the numbers in force are known, from what `explain` says."""

from __future__ import annotations

from collections import Counter

from sim.report.findings import Findings
from sim.report.table import Table, row, table
from sim.scenario.base import GRADES
from sim.scenario.explain import explain_scenario
from sim.scenario.model import Scenario

GIVEN, PLAIN = "given by you", "convention or off"


def basis_of(scenario: Scenario) -> dict[str, int]:
    """How many parameters in force are given, and how many are defaults of each grade."""
    parameters = explain_scenario(scenario)
    found = Counter(GIVEN if p.how != "default" else GRADES[p.grade] if p.grade else PLAIN for p in parameters)  # type: ignore[index]
    return {name: found[name] for name in (GIVEN, *GRADES.values(), PLAIN)}


def basis_table(findings: Findings) -> Table:
    """One row a scenario: parameters in force by how well they are known."""
    counts = {name: basis_of(findings.scenario(name)) for name in findings.names}
    columns = ["Scenario", "parameters in force", *next(iter(counts.values()))]
    rows = [row(name, str(sum(found.values())), *map(str, found.values())) for name, found in counts.items()]
    return table("What the results rest on", columns, rows, [basis_note(findings)])


def basis_note(findings: Findings) -> str:
    """What the count of weak and assumed defaults means for the results."""
    weak = [GRADES["W"], GRADES["A"]]
    most = max(sum(basis_of(scenario)[grade] for grade in weak) for scenario in findings.scenarios)
    if most == 0:
        return "No default in force is weak or assumed: the results rest on what was given."
    return (
        f"The results rest on up to {most} defaults whose numbers are weak or assumed: where a decision hangs on them, "
        "measure them or sweep them. ccsim explain FILE lists every parameter with its source and grade."
    )
