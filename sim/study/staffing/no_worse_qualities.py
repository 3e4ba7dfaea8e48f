"""What service must be no worse in, and how a paired difference is held against its margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.measures.counts import Count as C
from sim.measures.definitions import MEASURES, Measure
from sim.scenario.features import features
from sim.scenario.goals import NoWorseMargins
from sim.scenario.measure_names import CALLBACK, LIMIT
from sim.scenario.model import Scenario
from sim.study.estimates import Estimate, ratio_estimate
from sim.study.replicate import ScenarioRun

Floats = npt.NDArray[np.float64]
MARGINS = tuple(NoWorseMargins.model_fields)
"""The names of the margins, as scenario files have them."""
PER_INTENT = ("service_level", "abandonment", "resolution")
PER_TIME = ("service_level", "abandonment", "strained_share")


@dataclass(frozen=True)
class Quality:
    """A measure in which service may be no worse.

    Attributes
    ----------
    name : of its margin.
    measure : the ratio of counts; call-backs and blocked contacts are in it where either file has them.
    at_least : whether more of it is better.
    margin : how much worse still counts as no worse.
    """

    name: str
    measure: Measure
    at_least: bool
    margin: float

    def of(self, run: ScenarioRun) -> Estimate:
        """Its estimate over all days."""
        return ratio_estimate(run.tallies.counts("overall"), self.measure)

    def slack(self, difference: Estimate, sure: float) -> Floats:
        """(cells,) what is left of the margin; infinite where one side has no value.

        Parameters
        ----------
        difference : of what is judged from what it is held against, on the same customers.
        sure : from which side it is looked at: 0.5 the mean, 0.95 the one-sided 95 % limit of the worsening.
        """
        side = 1.0 if self.at_least else -1.0
        left = side * difference.mean + self.margin - away(difference, sure)
        return np.where(np.isnan(left), np.inf, left)

    def limit(self, difference: Estimate, sure: float) -> Floats:
        """(cells,) the limit of the difference on the side that is worse."""
        return difference.mean - (1.0 if self.at_least else -1.0) * away(difference, sure)


def away(difference: Estimate, sure: float) -> Floats:
    """(cells,) how far a one-sided limit is from the mean; negative below a half, infinite with one replication."""
    rows = len(difference.replicates)
    if rows < 2:
        return np.where(difference.replicates[0] == 0.0, 0.0, np.inf) if sure != 0.5 else np.zeros(1)
    spread = np.sqrt((difference.replicates**2).sum(axis=0) / (rows - 1) / rows)
    return np.asarray(stdtrit(rows - 1, sure) * spread)


def qualities_of(before: Scenario, after: Scenario, margins: Mapping[str, float]) -> tuple[Quality, ...]:
    """The measures that both files have, with their margins; they mean the same by service level (`check_alike`)."""
    tired = before.fatigue is not None and after.fatigue is not None
    found = [
        Quality("service_level", _service_level(before, after), True, margins["service_level"]),
        Quality("abandonment", _abandonment(before, after), False, margins["abandonment"]),
        Quality("resolution", MEASURES["resolution_rate"], True, margins["resolution"]),
    ]
    if tired:
        found.append(Quality("strained_share", MEASURES["strained_share"], False, margins["strained_share"]))
    return tuple(found)


_COME = {C.OFFERED: 1.0, C.CALLED_BACK: 1.0, C.BLOCKED: 1.0}


def _more_than_a_line(*scenarios: Scenario) -> bool:
    return any(features(scenario)[name] for scenario in scenarios for name in (CALLBACK, LIMIT))


def _service_level(before: Scenario, after: Scenario) -> Measure:
    """The planner's own; where contacts are called back or blocked, of all who came."""
    measure = MEASURES[before.targets.service_level.definition]
    if not _more_than_a_line(before, after):
        return measure
    return replace(measure, top={C.ANSWERED_WITHIN: 1.0, C.CALL_WITHIN: 1.0}, bottom=_COME)


def _abandonment(before: Scenario, after: Scenario) -> Measure:
    measure = MEASURES["abandonment_rate"]
    if not _more_than_a_line(before, after):
        return measure
    lost = {C.ABANDONED: 1.0, C.BALKED: 1.0, C.CALL_LOST: 1.0, C.BLOCKED: 1.0}
    return replace(measure, top=lost, bottom=_COME)
