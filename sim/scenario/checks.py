"""What must hold between the parts of a scenario, and what is worth a note."""

from __future__ import annotations

from sim.scenario.parts import Parts
from sim.scenario.report import Reporter


def check(parts: Parts, reporter: Reporter) -> None:
    """Report what does not fit together."""
