"""What a scenario wants of its measures, as bounds that a measure can be held to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.errors import NoTargetsError
from sim.scenario.model import Scenario

MET, CLOSE, MISSED = "met", "too close to call", "missed"
EXAMPLE = "{service_level: 80/20, abandonment: 5%, resolution: 75%}"


@dataclass(frozen=True)
class MeasureTarget:
    """A bound for a measure: at least or at most `share`."""

    share: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether a value is on the right side of the bound; a value that is not a number is not."""
        return value >= self.share if self.at_least else value <= self.share

    @property
    def largest_slack(self) -> float:
        """Slack of the best value that there is; never quite nothing."""
        return max(1.0 - self.share if self.at_least else self.share, 1e-9)

    def slack(self, value: float) -> float:
        """How far a value is on the right side; negative where the bound is missed."""
        return value - self.share if self.at_least else self.share - value


def targets_of_scenario(scenario: Scenario) -> dict[str, MeasureTarget]:
    """The targets that a scenario gives, by measure."""
    wanted = scenario.targets
    found = {
        "abandonment_rate": (wanted.abandonment, False),
        "occupancy": (wanted.occupancy, False),
        "resolution_rate": (wanted.resolution, True),
        "strained_share": (wanted.strained_share if scenario.fatigue else None, False),
    }
    level = {wanted.service_level.definition: (wanted.service_level.share, True)} if wanted.service_level.given else {}
    return {measure: MeasureTarget(share, up) for measure, (share, up) in (level | found).items() if share is not None}


def targets_required(scenario: Scenario) -> dict[str, MeasureTarget]:
    """The same, for questions that cannot be asked without any.

    Raises
    ------
    NoTargetsError
        Where the scenario gives none.
    """
    goals = targets_of_scenario(scenario)
    if not goals:
        raise NoTargetsError(
            f"{scenario.name}: sets no targets, so that there is nothing to meet. Write targets: {EXAMPLE}"
        )
    return goals


def judge(interval: tuple[float, float, float], target: MeasureTarget) -> str:
    """Hold an estimate to a target: by its whole interval, so that luck decides nothing.

    Parameters
    ----------
    interval : the mean and both ends of its 95 % confidence interval. Without ends, as after one replication, the mean
        alone is judged; a mean that is not a number misses every target.

    Returns
    -------
    str
        `MET`, `CLOSE` (the target lies within the interval) or `MISSED`.
    """
    mean, *ends = interval
    met = [target.met(end) for end in (ends if not any(map(math.isnan, ends)) else [mean])]
    return MET if all(met) else CLOSE if any(met) else MISSED
