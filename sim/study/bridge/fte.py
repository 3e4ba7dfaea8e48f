"""From workload to staff: FTE = workload / (target occupancy x (1 - shrinkage) x weekly hours x weeks).

Shrinkage is that of the trade, planned and absence together, as in the FTE that `ccsim staff` quotes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import ArgumentError, CcsimError
from sim.facts.load import on_queue
from sim.scenario.model import Scenario
from sim.study.scenario_results import ScenarioResult

OCCUPANCY = 0.85
HOUR_S = 3600.0


@dataclass(frozen=True)
class FteRule:
    """How much staff a workload takes.

    Attributes
    ----------
    occupancy, occupancy_from : the share of time on the queue that is to be spent handling; `option`, `targets` or
        `default`.
    shrinkage : rostered time off the phones, planned and absence, of the groups that take contacts, weighted by paid
        hours.
    weekly_hours, weeks : paid hours of one FTE a week; weeks measured.
    """

    occupancy: float
    occupancy_from: str
    shrinkage: float
    weekly_hours: float
    weeks: float

    @property
    def per_hour(self) -> float:
        """FTE an hour of workload."""
        return 1.0 / (self.occupancy * (1.0 - self.shrinkage) * self.weekly_hours * self.weeks)


def occupancy_of(scenario: Scenario, occupancy: float | None) -> tuple[float, str]:
    """Return the occupancy to plan for and where it comes from.

    Raises
    ------
    CcsimError
        When it is not above 0 and at most 1.
    """
    if occupancy is not None:
        if not 0.0 < occupancy <= 1.0:
            raise ArgumentError(
                f"occupancy: {occupancy:g}: must be above 0 and at most 1. Write a share such as 0.85 or 85%"
            )
        return occupancy, "option"
    given = scenario.targets.occupancy
    if given == 0.0:
        raise CcsimError(f"{scenario.name}: targets.occupancy is 0: no staff would do. Write a share such as 85%")
    return (OCCUPANCY, "default") if given is None else (given, "targets")


def fte_rule(scenario: Scenario, result: ScenarioResult, occupancy: tuple[float, str]) -> FteRule:
    """Return the rule at a scenario's staffing.

    Parameters
    ----------
    scenario : whose shrinkage and weekly hours count.
    result : what it measures, with the slice `group`.
    occupancy : as `occupancy_of` gives.

    Raises
    ------
    CcsimError
        When nothing is left of the paid time.
    """
    shrinkage = _shrinkage(scenario, result)
    if shrinkage >= 1.0:
        raise CcsimError(f"{scenario.name}: shrinkage of all agents is 100 %: nobody is on the phones. Lower it")
    return FteRule(*occupancy, shrinkage, scenario.fte_hours / HOUR_S, scenario.calendar.weeks())


def _shrinkage(scenario: Scenario, result: ScenarioResult) -> float:
    hours = dict(zip(result.labels["group"]["group"], result.slices["group"]["paid_hours"].mean, strict=True))
    groups = on_queue(scenario)
    paid = np.array([hours[group.name] for group in groups])
    off = np.array([group.off_the_phones for group in groups])
    known = paid.sum() > 0 and bool(np.isfinite(paid).all())
    return float((off * paid).sum() / paid.sum() if known else off.mean())
