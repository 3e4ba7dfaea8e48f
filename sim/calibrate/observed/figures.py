"""Figures as targets of a fit: which measure each is, how gaps are counted, what a gap means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Observed, Scenario, ServiceLevel
from sim.scenario.observed import Gap, Name, Verdict
from sim.study.scenario_results import ScenarioResult

Floats = npt.NDArray[np.float64]
MEASURES = {"aht": "aht_s", "asa": "asa_s", "abandonment": "abandonment_rate", "occupancy": "occupancy", "fcr": "fcr"}
DURATIONS = ("aht", "asa")
NEAR_DURATION, NEAR_SHARE = 0.10, 0.03
"""A gap up to this part of a duration, or this much of a share, is near."""
LEAST_SECONDS = 0.05
"""Waits are told apart from here on: there is no log of nothing."""
LEAST_APART = 1e-6


@dataclass(frozen=True)
class FigureTarget:
    """A figure to reproduce.

    Attributes
    ----------
    name, intent : which; the intent is empty for the centre.
    measure : the measure that it is.
    value, unit : seconds or a share, and the unit of the last digit given.
    """

    name: Name
    intent: str
    measure: str
    value: float
    unit: float

    @property
    def is_duration(self) -> bool:
        """Whether it is in seconds."""
        return self.name in DURATIONS

    @property
    def near(self) -> float:
        """The largest gap that is near."""
        return NEAR_DURATION * self.value if self.is_duration else NEAR_SHARE

    @property
    def path(self) -> str:
        """Where it stands in a file."""
        return f"observed.{self.name}.{self.intent}" if self.intent else f"observed.{self.name}"

    def scaled(self, value: float) -> float:
        """A value on the scale on which figures answer evenly: the log of a duration, the log odds of a share."""
        if self.is_duration:
            return math.log(max(value, LEAST_SECONDS))
        least = max(self.unit / 2, 1e-4)
        share = min(max(value, least), 1.0 - least)
        return math.log(share / (1.0 - share))

    def apart(self, model: float) -> float:
        """How far the model's figure lies from the given one, on that scale; nan where the model has none."""
        return self.scaled(model) - self.scaled(self.value) if math.isfinite(model) else math.nan

    def weight(self, apart: float) -> float:
        """What a unit of that scale counts, so far apart, in gaps that are just near."""
        if self.is_duration:
            return 1.0 / NEAR_DURATION
        middle = self.scaled(self.value)
        if abs(apart) < LEAST_APART:
            return _chance(middle) * (1.0 - _chance(middle)) / NEAR_SHARE
        return (_chance(middle + apart) - _chance(middle)) / apart / NEAR_SHARE

    def small(self, part: float) -> float:
        """A gap on that scale that need not get smaller: a part of what is near, or a tenth of the last digit given."""
        middle = _chance(self.scaled(self.value))
        return max(part * self.near, 0.1 * self.unit) / (self.value if self.is_duration else middle * (1.0 - middle))


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def targets_of(scenario: Scenario, observed: Observed) -> list[FigureTarget]:
    """Return the figures of a report as targets."""
    definition = level_of(scenario, observed).definition
    return [
        FigureTarget(name, intent, MEASURES.get(name, definition), figure.value, figure.unit)
        for name, intent, figure in observed.figures()
    ]


def level_of(scenario: Scenario, observed: Observed) -> ServiceLevel:
    """Return the service level by which the report counts: what it leaves open is that of the targets."""
    target, level = scenario.targets.service_level, observed.service_level
    if level is None:
        return target
    within = target.within if level.within is None else level.within
    definition = level.definition or target.definition
    return target.model_copy(update={"share": level.share.value, "within": within, "definition": definition})


def values_of(targets: Sequence[FigureTarget], result: ScenarioResult) -> Floats:
    """Return the model's figures, (targets,); nan where it has none."""
    return np.array([_estimate(target, result)[0] for target in targets])


def _estimate(target: FigureTarget, result: ScenarioResult) -> tuple[float, float, float]:
    """Return the model's figure with the ends of its interval."""
    at, estimates = 0, result.estimates
    if target.intent:
        estimates = result.slices["intent"]
        at = list(result.labels["intent"]["intent"]).index(target.intent)
    estimate = estimates[target.measure]
    return float(estimate.mean[at]), float(estimate.low[at]), float(estimate.high[at])


def gaps_of(targets: Sequence[FigureTarget], result: ScenarioResult) -> list[Gap]:
    """Return every figure beside the model's, with its verdict."""
    return [_gap(target, *_estimate(target, result)) for target in targets]


def _gap(target: FigureTarget, model: float, low: float, high: float) -> Gap:
    low, high = (end if math.isfinite(end) else model for end in (low, high))
    return Gap(
        figure=target.name,
        intent=target.intent,
        yours=target.value,
        unit=target.unit,
        model=model,
        low=low,
        high=high,
        verdict=_verdict(target, model, low, high),
    )


def _verdict(target: FigureTarget, model: float, low: float, high: float) -> Verdict:
    half = target.unit / 2 + 1e-9
    if low - half <= target.value <= high + half:
        return "met"
    return "near" if abs(model - target.value) <= target.near else "contradictory"
