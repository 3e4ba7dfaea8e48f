"""Satisfaction of a customer with a need, 0 to 100 (docs/evidence.md, section 9)."""

from typing import NamedTuple

from sim.jit import compiled


class Points(NamedTuple):
    """Points taken off from `start`; `cuts` is 0 where there were none."""

    start: float
    contact: float
    unresolved: float
    transferred: float
    per_minute: float
    wait_grace_s: float
    most_for_waiting: float
    bot: float
    frustration: float
    fatigue: float
    cuts: float
    trust: float


@compiled
def waiting_points(points: Points, waited_s: float) -> float:
    """Points that a wait costs: each minute beyond the grace, up to a limit."""
    minutes = max(waited_s - points.wait_grace_s, 0.0) / 60.0
    return min(points.per_minute * minutes, points.most_for_waiting)


@compiled
def satisfaction(
    points: Points,
    contacts: int,
    unresolved: bool,
    transferred: bool,
    waited_s: float,
    by_bot: bool,
    frustration: float,
    fatigue: float,
    trust_lost: float,
) -> float:
    """Satisfaction with a need.

    Parameters
    ----------
    contacts : attempts of the customer; waited_s : time in the queue (s), over all of them.
    by_bot : whether the bot closed the last of them as done.
    frustration, fatigue : of the customer at the end, and of the last agent; trust_lost : since the start.
    """
    left = points.start - points.contact * (contacts - 1) - points.cuts - waiting_points(points, waited_s)
    left -= points.unresolved * unresolved + points.transferred * transferred + points.bot * by_bot
    left -= points.frustration * frustration + points.fatigue * fatigue + points.trust * trust_lost
    return min(max(left, 0.0), 100.0)
