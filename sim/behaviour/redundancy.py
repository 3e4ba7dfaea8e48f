"""After a round of redundancies (docs/evidence.md, section 5)."""

import math

from sim.jit import compiled


@compiled
def what_is_left(effect: float, since_s: float, half_life_s: float) -> float:
    """An effect that halves with every half-life."""
    return effect * math.exp(-math.log(2.0) * since_s / half_life_s)


@compiled
def less_points(chance: float, points: float) -> float:
    """A chance lowered by so many points, 0 at least."""
    return max(chance - points, 0.0)
