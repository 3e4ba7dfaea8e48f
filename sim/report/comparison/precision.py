"""What is said when replications ran out before the precision that a file asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study import RunResult


def unmet_words(result: RunResult) -> str:
    """One sentence: which measures, after how many replications, and what to do."""
    names = ", ".join(result.unmet)
    return (
        f"the precision asked for in run.precision is not reached for {names} after {result.replications:,} "
        "replications. Raise run.max_replications, or ask for less"
    )
