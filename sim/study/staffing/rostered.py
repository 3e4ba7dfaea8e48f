"""From hours on the queue to rostered hours, FTE and heads: planned shrinkage and absence both included, once each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.scenario.model import Scenario

HOUR_S = 3600.0
HAIR = 1e-9


@dataclass(frozen=True)
class Rostered:
    """What a group must be rostered for over the days measured.

    Attributes
    ----------
    group : its name.
    required_h : hours on the queue, present.
    planned, absence : shares of rostered time that are planned off the phones, and of agents who are away on a day.
    rostered_h : paid hours, both included.
    fte : those hours / (weeks measured x hours of an FTE a week).
    heads : FTE / contract share, rounded up; 0 where an FTE has no hours.
    """

    group: str
    required_h: float
    planned: float
    absence: float
    rostered_h: float
    fte: float
    heads: int

    @property
    def total(self) -> float:
        """Shrinkage as the trade quotes it: 1 - (1 - planned) (1 - absence)."""
        return 1.0 - (1.0 - self.planned) * (1.0 - self.absence)


def rostered(
    scenario: Scenario, required_h: Mapping[str, float], shifts_h: Mapping[str, float] | None = None
) -> list[Rostered]:
    """Return what each group must be rostered for.

    Parameters
    ----------
    scenario : says shrinkage, absence, contract shares, and the hours of an FTE.
    required_h : hours on the queue by group, of agents who are present.
    shifts_h : paid hours of shifts that cover them, absence made up for, in place of the bare requirement.
    """
    fte_h = scenario.calendar.weeks() * scenario.fte_hours / HOUR_S
    found = []
    for name, needed in required_h.items():
        group = scenario.agents[name]
        there = 1.0 - group.off_the_phones
        paid = shifts_h[name] if shifts_h is not None else needed / there if there > 0.0 else math.nan
        fte = paid / fte_h if fte_h > 0.0 else math.nan
        heads = 0 if math.isnan(fte) else math.ceil(fte / group.contract_share - HAIR)
        found.append(Rostered(name, needed, group.shrinkage, group.absence, paid, fte, heads))
    return found
