"""Figures as targets of a fit: which measure each is, how gaps are counted, which contradict each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError
from sim.scenario.model import Observed, Scenario, ServiceLevel
from sim.scenario.observed import FIGURES, SCALE_PARAMETERS, FitOutcome, Gap, Name, Verdict
from sim.schema.formatting import duration_words
from sim.study.scenario_results import ScenarioResult

Floats = npt.NDArray[np.float64]
MEASURES = {"aht": "aht_s", "asa": "asa_s", "abandonment": "abandonment_rate", "occupancy": "occupancy", "fcr": "fcr"}
DURATIONS = ("aht", "asa")
NAMES = {name: name.replace("_", " ") for name in FIGURES} | {"aht": "AHT", "asa": "ASA", "fcr": "FCR"}
PARAMETER_WORDS = {name: name.replace("_", " ") for name in SCALE_PARAMETERS}
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


# Figures that contradict each other -----------------------------------------------------------------------------------


def refuse(document: Scenario, outcome: FitOutcome) -> None:
    """Raise `ScenarioError` where a figure is further off than near: a problem for each such figure."""
    far = [gap for gap in outcome.gaps if gap.verdict == "contradictory"]
    if far:
        raise ScenarioError([_problem(document, gap, outcome, last=gap is far[-1]) for gap in far])


def refuse_empty(document: Scenario, targets: Sequence[FigureTarget], values: npt.NDArray[np.float64]) -> None:
    """Raise `ScenarioError` where the model has nothing to measure a figure by."""
    empty = [target for target, value in zip(targets, values.tolist(), strict=True) if not math.isfinite(value)]
    if empty:
        words = "has nothing to be compared with"
        fix = "In the model no such contact is answered: check agents and skills"
        raise ScenarioError([_problem_at(document, target.path, words, fix) for target in empty])


def _problem(document: Scenario, gap: Gap, outcome: FitOutcome, last: bool) -> Problem:
    path = f"observed.{gap.figure}" + (f".{gap.intent}" if gap.intent else "")
    others = [other for other in outcome.gaps if other is not gap]
    words = (
        f"contradicts {'the other figures' if others else 'the scenario'}: the model comes to {shown(gap, gap.model)}"
    )
    return _problem_at(document, path, words, _way_out(document, outcome) if last else "")


def _way_out(document: Scenario, outcome: FitOutcome) -> str:
    nearest = ", ".join(f"{named(gap)} {shown(gap, gap.model)}" for gap in outcome.gaps)
    words = f"The nearest that can be met together: {nearest}"
    observed = document.observed
    assert observed is not None
    names = list(dict.fromkeys(PARAMETER_WORDS[rescaling.dial] for rescaling in outcome.turns))
    rescaled = f", with {_listed(names)} rescaled" if names else ""
    could = observed.model_copy(update={"free": SCALE_PARAMETERS}).rescaled()
    not_free = [PARAMETER_WORDS[name] for name in could if name not in observed.free]
    free = f", or let {_listed(not_free)} be rescaled too (observed.free)" if not_free else ""
    return f"{words}{rescaled}. Correct the figure that is least sure, or what the file says beside them{free}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), *words[-1:]] if len(words) > 1 else words)


def _problem_at(document: Scenario, path: str, message: str, fix: str) -> Problem:
    origins = document.origins
    place = next((origins[key] for key in (path, path.rpartition(".")[0], "observed") if key in origins), None)
    file, line = (place.file, place.line) if place is not None else (document.name, None)
    return Problem(file, line, None, path, _text_of(document, path), message, fix or None)


def _text_of(document: Scenario, path: str) -> str | None:
    observed = document.observed
    figures = observed.figures() if observed is not None else []
    by_path = {f"observed.{name}.{intent}".rstrip("."): figure.text for name, intent, figure in figures}
    return by_path.get(path)


def named(gap: Gap) -> str:
    """A figure by its name, such as "AHT of billing"."""
    return f"{NAMES[gap.figure]} of {gap.intent}" if gap.intent else NAMES[gap.figure]


def shown(gap: Gap, value: float) -> str:
    """A value of a figure, such as 4m12s or 84.0 %."""
    if gap.figure in DURATIONS:
        return duration_words(round(value, 0 if value >= 10 else 1))
    return f"{100 * value:.1f} %"
