"""Which values of a scenario were learned from logs: `ccsim learn` says so in the file that it writes."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from sim.loading.believed import uncertain_groups
from sim.loading.explain import explain_scenario
from sim.scenario.model import Scenario

LEARNED = "# Learned by ccsim learn"
"""How a file that was learned begins."""
GRADE = "M"
REMARK = re.compile(rf"  # \S+ to \S+; (?P<source>.+); grade {GRADE}$")


def remark(low: str, high: str, source: str) -> str:
    """What stands behind a measured value: its interval, its source and its grade."""
    return f"{low} to {high}; {source}; grade {GRADE}"


def measured_in(scenario: Scenario) -> dict[str, str]:
    """The source of each value that was measured, by key: "your pilot, 12 October to 8 November 2026"."""
    lines: dict[str, list[str]] = {}
    found = {}
    for key, origin in scenario.origins.items():
        if not origin.leaf or origin.line is None:
            continue
        if origin.file not in lines:
            lines[origin.file] = _lines_of(Path(origin.file))
        own = lines[origin.file]
        told = REMARK.search(own[origin.line - 1]) if origin.line <= len(own) else None
        if told:
            found[key] = told["source"]
    return found


def _lines_of(path: Path) -> list[str]:
    """The lines of a file that was learned; none of any other."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return []
    return text.splitlines() if text.startswith(LEARNED) else []


def assumed_and_measured(scenario: Scenario, measured: Collection[str]) -> tuple[int, int]:
    """How many numbers in force are weak or assumed by the model (W, A), and how many of these are measured.

    Parameters
    ----------
    measured : keys of what is measured.
    """
    groups = uncertain_groups(explain_scenario(scenario.model_copy(update={"beliefs": None})))
    paths = {parameter.path for members in groups.values() for parameter in members}
    return len(paths), len(paths.intersection(measured))
