"""What an agent may not decide alone (docs/evidence.md, section 8)."""

from sim.jit import compiled


@compiled
def supervised_share(difficulty: float, easy: float, hard: float, difficult_above: float) -> float:
    """Chance that a need of this difficulty takes a supervisor."""
    return hard if difficulty > difficult_above else easy
