"""Finished years of plans, kept beside the folder to come, so that an interruption loses none of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.kept import KeptParts
from sim.scenario.model import Scenario
from sim.study.plan.result import YearPlan

DIGITS = 15


class YearStore:
    """The finished years of any plans of one scenario, each by its plan and number."""

    def __init__(self, out: Path, scenario: Scenario, seed: int) -> None:
        self.parts = KeptParts(out, "plan", {"seed": seed, "scenario": scenario.digest}, "year")
        self.place = self.parts.place

    def read(self, plan: YearPlan, replication: int) -> Mapping[str, Any] | None:
        """The outcome of a year; None where it is not there or damaged."""
        body = self.parts.read(_number(plan, replication))
        return None if body is None or body["of"] != _name(plan, replication) else body["outcome"]

    def keep(self, plan: YearPlan, replication: int, outcome: Mapping[str, Any]) -> None:
        """Put the outcome of a year there.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        name = _name(plan, replication)
        self.parts.keep(_number(plan, replication), {"of": name, "outcome": outcome})

    def count(self) -> int:
        """How many years are there."""
        return sum(path.name != "plan.json" for path in self.place.glob("*.json"))

    def remove(self) -> None:
        """Take the store away: the folder stands."""
        self.parts.remove()


def _name(plan: YearPlan, replication: int) -> str:
    """What tells a year from all others; plans are data, whose text says all that they do."""
    return f"{replication} {plan!r}"


def _number(plan: YearPlan, replication: int) -> int:
    return int(hashlib.sha256(_name(plan, replication).encode()).hexdigest()[:DIGITS], 16)
