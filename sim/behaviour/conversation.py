"""A bot session turn by turn (docs/evidence.md, section 2)."""

from sim.jit import compiled

MOST_ATTEMPTS = 1 << 16


@compiled
def turn_name(attempt: int, turn: int) -> int:
    """The name under which a turn of an attempt draws its luck, apart from those of the attempt and its other turns."""
    return (turn + 1) * MOST_ATTEMPTS + attempt % MOST_ATTEMPTS
