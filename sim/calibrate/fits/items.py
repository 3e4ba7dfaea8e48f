"""What makes deferred work of contacts: what was there, when it is due, how long it took to be done."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ItemFit:
    """Deferred work of a log.

    Attributes
    ----------
    backlog, age_s : by intent: items open on the first morning, and how old they were then by the intent's clock.
    due_s, clock : time within which items are due (nan where nothing says it), and whether it counts opening hours
        (business) or time (elapsed).
    turnaround_h : from the moment at which an item could be begun to its end, of what was done, mean.
    done_per_day : items done on an open day.
    due_met : share of what fell due that was done by then; nan where nothing is due.
    """

    backlog: dict[str, int]
    age_s: dict[str, float] = field(default_factory=dict)
    due_s: float = math.nan
    clock: str = "elapsed"
    turnaround_h: float = math.nan
    done_per_day: float = math.nan
    due_met: float = math.nan
