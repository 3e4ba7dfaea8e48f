"""Figures that contradict each other, said with the place where they are written and the nearest that can be met."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.figures import FigureTarget
from sim.errors import Problem, ScenarioError
from sim.scenario.model import Scenario
from sim.scenario.observed import SCALE_PARAMETERS, FitOutcome, Gap
from sim.schema.formatting import duration_words

NAMES = {
    "aht": "AHT",
    "asa": "ASA",
    "service_level": "service level",
    "abandonment": "abandonment",
    "occupancy": "occupancy",
    "fcr": "FCR",
}
PARAMETER_WORDS = {"talk_time": "talk time", "patience": "patience", "resolution": "resolution", "staff": "staff"}
DURATIONS = ("aht", "asa")


def refuse(document: Scenario, outcome: FitOutcome) -> None:
    """Raise `ScenarioError` where a figure is further off than near: a problem for each such figure."""
    far = [gap for gap in outcome.gaps if gap.verdict == "contradictory"]
    if far:
        raise ScenarioError([_problem(document, gap, outcome, last=gap is far[-1]) for gap in far])


def refuse_empty(document: Scenario, targets: Sequence[FigureTarget], values: npt.NDArray[np.float64]) -> None:
    """Raise `ScenarioError` where the model has nothing to measure a figure by."""
    empty = [target for target, value in zip(targets, values.tolist(), strict=True) if not math.isfinite(value)]
    if empty:
        words, fix = (
            "has nothing to be compared with",
            "In the model no such contact is answered: check agents and skills",
        )
        raise ScenarioError([_at(document, target.path, words, fix) for target in empty])


def _problem(document: Scenario, gap: Gap, outcome: FitOutcome, last: bool) -> Problem:
    path = f"observed.{gap.figure}" + (f".{gap.intent}" if gap.intent else "")
    others = [other for other in outcome.gaps if other is not gap]
    words = (
        f"contradicts {'the other figures' if others else 'the scenario'}: the model comes to {shown(gap, gap.model)}"
    )
    return _at(document, path, words, _way_out(document, outcome) if last else "")


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


def _at(document: Scenario, path: str, message: str, fix: str) -> Problem:
    origins = document.origins
    place = next((origins[key] for key in (path, path.rpartition(".")[0], "observed") if key in origins), None)
    file, line = (place.file, place.line) if place is not None else (document.name, None)
    return Problem(file, line, None, path, _written(document, path), message, fix or None)


def _written(document: Scenario, path: str) -> str | None:
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
