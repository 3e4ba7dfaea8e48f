"""Fitting a document to its observed figures: few replications first, more at the end, always the same customers."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

import sim
from sim.calibrate.observed.figures import gaps_of, level_of, refuse, refuse_empty, targets_of, values_of
from sim.calibrate.observed.scale_parameters import (
    END,
    STRIDES,
    own_patience,
    rescalings_of,
    scale_parameters_of,
    settings_of,
    steps,
)
from sim.demand.expected import contacts_asked
from sim.errors import LimitError
from sim.jit import source_hash
from sim.loading.fitting import FittedSettings
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome, Observed
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

Floats = npt.NDArray[np.float64]
Evaluate = Callable[[Floats], Floats]
"""Gaps, (figures,), at a position: logs of the factors, (parameters,); nan where there is nothing to measure."""
Weigh = Callable[[Floats], Floats]
"""What a unit of each gap counts, (figures,), where the gaps are so large."""
DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-3, 1e-6, 1e4
HARDER, EASIER = 8.0, 0.2
STILL = 1e-3
"""A step shorter than this is none."""
GAIN = 1e-3
"""A step that gains less of the sum of squares than this gains nothing."""
EVALUATIONS, FINAL_EVALUATIONS = 25, 10
"""Steps at most with few replications, and then with many."""
IDLE, FINAL_IDLE = 4, 2
"""Steps that gain nothing, after which it ends."""
NEAR_ENOUGH, FINAL_NEAR_ENOUGH = 0.1, 0.02
"""Gaps that need not get smaller, as a part of one that is near."""
FEW, MANY = (300_000, 4, 60), (2_500_000, 8, 300)
"""Contacts at a time, fewest and most replications: in the search, and at its end."""
LEAST_JUDGED = 4
"""Replications of the figures that are shown, however few the file asks for."""
USUAL_EVALUATIONS, USUAL_FINAL_EVALUATIONS = 8, 4
"""What a search mostly comes to, for progress."""
ROOMS = ("schema", "scenario", "loading", "facts", "study", "calibrate")
"""What a fit depends on beside the compiled rooms."""


def fitted(document: Scenario, jobs: int | None = None, progress: Progress | None = None) -> FittedSettings:
    """Return the settings that make a document reproduce its observed figures, as near as they can be met together.

    Parameters
    ----------
    document : with observed figures; `run` names the seed and the replications of the model's figures.
    jobs : workers; all cores by default.
    progress : called with (replications done, replications in sight), unless the fit is known from an earlier time.

    Raises
    ------
    ScenarioError
        Where figures contradict each other: the nearest that can be met together is further off than a planner's
        report is (10 % of a duration, 3 points of a share).
    """
    name = name_of(document)
    fit = known(name)
    if fit is None:
        fit = Fitting(document, jobs, progress).result()
        keep(name, fit)
    refuse(document, fit.outcome)
    return fit


class Fitting:
    """One fit: its figures, its scale parameters, and evaluations of the model with them."""

    def __init__(self, document: Scenario, jobs: int | None, progress: Progress | None) -> None:
        assert document.observed is not None
        self.document = document
        self.observed: Observed = document.observed
        self.scenario = _bare(document, self.observed)
        self.targets = targets_of(document, self.observed)
        self.parameters = scale_parameters_of(document, self.observed)
        self.run_options = RunOptions(document.run.seed, jobs=jobs)
        few, self.many, self.judged = replications_of(document)
        self.count = few
        sight = (
            few * (1 + len(self.parameters) + USUAL_EVALUATIONS)
            + self.many * (1 + USUAL_FINAL_EVALUATIONS)
            + self.judged
        )
        self.progress = FitProgress(progress, sight)

    def result(self) -> FittedSettings:
        """Search, then measure what was found on the document's own replications."""
        position = self._searched() if self.parameters else np.zeros(0)
        after = self._rescaled(position)
        result = self._simulated(after, self.judged)
        refuse_empty(self.document, self.targets, values_of(self.targets, result))
        self.progress.end()
        outcome = FitOutcome(
            document=self.document.name,
            seed=self.run_options.seed,
            replications=self.judged,
            within=self.scenario.targets.service_level.within,
            definition=self.scenario.targets.service_level.definition,
            gaps=tuple(gaps_of(self.targets, result)),
            turns=tuple(rescalings_of(self.scenario, self.parameters, position, after)),
        )
        return FittedSettings(
            settings_of(self.scenario, self.parameters, position, own_patience(self.document)), outcome
        )

    def _searched(self) -> Floats:
        position = np.zeros(len(self.parameters))
        gaps = self._gaps(position)
        refuse_empty(self.document, self.targets, gaps)
        slopes = slopes_at(self._gaps, position, gaps, steps(self.scenario, self.parameters))
        point = search(self._gaps, SearchPoint(position, gaps, slopes), self._rules(EVALUATIONS, NEAR_ENOUGH, IDLE))
        self.count = self.many
        closer = SearchPoint(point.position, self._gaps(point.position), point.slopes)
        return search(self._gaps, closer, self._rules(FINAL_EVALUATIONS, FINAL_NEAR_ENOUGH, FINAL_IDLE)).position

    def _rules(self, most: int, close: float, idle: int) -> SearchRules:
        strides = np.array([STRIDES[parameter.name] for parameter in self.parameters])
        small = np.array([target.small(close) for target in self.targets])
        return SearchRules(self._weights, END, strides, small, most, idle)

    def _weights(self, gaps: Floats) -> Floats:
        return np.array([target.weight(gap) for target, gap in zip(self.targets, gaps.tolist(), strict=True)])

    def _gaps(self, position: Floats) -> Floats:
        """Return how far the rescaled model is from the figures; no value where it then drowns in returns."""
        try:
            result = self._simulated(self._rescaled(position), self.count)
        except LimitError:
            if not position.any():
                raise
            return np.full(len(self.targets), np.nan)
        values = values_of(self.targets, result).tolist()
        return np.array([target.apart(value) for target, value in zip(self.targets, values, strict=True)])

    def _rescaled(self, position: Floats) -> Scenario:
        return changed(self.scenario, settings_of(self.scenario, self.parameters, position, self.scenario.intents))

    def _simulated(self, scenario: Scenario, count: int) -> ScenarioResult:
        slices = ("intent",) if any(target.intent for target in self.targets) else ()
        (result,) = simulate_all(
            [scenario], self.run_options, count, slices=slices, progress=self.progress.of_evaluation()
        )
        self.progress.add(count)
        return result


def _bare(document: Scenario, observed: Observed) -> Scenario:
    """The document without its figures, counting service as the report does."""
    targets = document.targets.model_copy(update={"service_level": level_of(document, observed)})
    return document.model_copy(update={"observed": None, "targets": targets})


def replications_of(document: Scenario) -> tuple[int, int, int]:
    """Return the replications of an evaluation in the search, at its end, and of the figures that are shown.

    The last are as many as the file asks for, and no more than the fit rests on: more would tell its own luck apart.
    """
    wanted, asked = document.run.replications, max(contacts_asked(document), 1.0)
    few, many = _replications(asked, *FEW), _replications(asked, MANY[0], MANY[1], max(MANY[2], wanted))
    return few, many, max(min(wanted, many), LEAST_JUDGED)


def _replications(asked: float, contacts: int, fewest: int, most: int) -> int:
    """Return the replications of so many contacts each that make so many contacts, within limits."""
    return min(max(int(contacts / asked), fewest), most)


class FitProgress:
    """Progress over many evaluations, as replications done of those in sight."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self.progress = progress
        self.whole = whole
        self.done = 0
        if progress is not None:
            progress(0, whole)

    def of_evaluation(self) -> Progress | None:
        """Return what an evaluation reports to."""
        if self.progress is None:
            return None
        report, before = self.progress, self.done
        return lambda done, _: report(min(before + done, self.whole - 1), self.whole) if done else None

    def add(self, count: int) -> None:
        """Count an evaluation that has ended."""
        self.done += count

    def end(self) -> None:
        """Say that all is done."""
        if self.progress is not None:
            self.progress(self.whole, self.whole)


# The search: nonlinear least squares where an evaluation costs a simulation; Levenberg's steps, Broyden's updates -----


@dataclass(frozen=True)
class SearchPoint:
    """Where a search is: scale parameters, gaps, and how gaps answer to parameters, (figures, parameters)."""

    position: Floats
    gaps: Floats
    slopes: Floats


@dataclass(frozen=True)
class SearchRules:
    """How a search goes.

    Attributes
    ----------
    weigh : what gaps count.
    end : parameters stay between -end and end.
    strides : (parameters,) the longest step of each.
    small : (figures,) gaps that need not get smaller.
    most : evaluations at most.
    idle : steps in a row that gain nothing, after which there is nothing to gain.
    """

    weigh: Weigh
    end: float
    strides: Floats
    small: Floats
    most: int
    idle: int

    def cost(self, point: SearchPoint) -> float:
        """Sum of the squared gaps as they count; nan, which is never less, where one has no value."""
        return float(((self.weigh(point.gaps) * point.gaps) ** 2).sum())


def slopes_at(evaluate: Evaluate, position: Floats, gaps: Floats, steps: Floats) -> Floats:
    """Return how gaps answer to each parameter, by moving one after the other."""
    slopes = np.zeros((gaps.size, position.size))
    for number, step in enumerate(steps):
        other = position.copy()
        other[number] += step
        change = (evaluate(other) - gaps) / step
        slopes[:, number] = np.where(np.isfinite(change), change, 0.0)
    return slopes


def search(evaluate: Evaluate, point: SearchPoint, rules: SearchRules) -> SearchPoint:
    """Go from a place to where the sum of squared gaps is least, as far as that is found in so many evaluations.

    A parameter that does nothing stays where it is, and of several ways the one that moves them least is taken.
    """
    damping, idle = DAMPING, 0
    for _ in range(rules.most):
        if not point.position.size or bool((np.abs(point.gaps) <= rules.small).all()):
            break
        step = _step(point, rules, damping)
        if float(np.abs(step).max()) < STILL:
            break
        position = point.position + step
        gaps = evaluate(position)
        slopes = point.slopes
        if np.isfinite(gaps).all():
            slopes = slopes + np.outer(gaps - point.gaps - slopes @ step, step) / float(step @ step)
        new = SearchPoint(position, gaps, slopes)
        before, after = rules.cost(point), rules.cost(new)
        better = after < before * (1.0 - GAIN)
        damping = max(damping * EASIER, LEAST_DAMPING) if better else min(damping * HARDER, MOST_DAMPING)
        idle = 0 if better else idle + 1
        point = new if after < before else replace(point, slopes=slopes)
        if idle == rules.idle:
            break
    return point


def _step(point: SearchPoint, rules: SearchRules, damping: float) -> Floats:
    """The next step: parameters that would leave their range stop at its end, and the others make up for them."""
    free = np.ones(point.position.size, dtype=bool)
    step = np.zeros(point.position.size)
    weights = rules.weigh(point.gaps)
    gaps, all_slopes = weights * point.gaps, weights[:, None] * point.slopes
    for _ in range(point.position.size):
        rest = gaps + all_slopes @ np.where(free, 0.0, step)
        slopes = all_slopes[:, free]
        square = slopes.T @ slopes
        scale = np.maximum(np.diag(square), 1e-9)
        step[free] = -np.linalg.solve(square + damping * np.diag(scale) + 1e-9 * np.eye(len(scale)), slopes.T @ rest)
        over = free & (np.abs(point.position + step) > rules.end)
        if not over.any():
            break
        step[over] = np.clip(point.position + step, -rules.end, rules.end)[over] - point.position[over]
        free &= ~over
    return step * min(1.0, 1.0 / max(float((np.abs(step) / rules.strides).max()), 1e-12))


# Fits kept on disk beside the compiled code, so that the same figures are fitted once ---------------------------------


def folder() -> Path:
    """Return where fits are kept: in the folder in which compiled code is kept, whatever its version."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ccsim" / "observed"


def name_of(document: Scenario) -> str:
    """Return the name of a document's fit: a hash of all that it says, and of the program.

    Whether an intent writes a patience of its own, or has that of all customers, makes other settings.
    """
    said = f"{document.digest} {own_patience(document)} {_program()}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@cache
def _program() -> str:
    digest = hashlib.blake2b(f"{sim.__version__} {source_hash()}".encode())
    for room in ROOMS:
        for path in sorted((Path(__file__).parents[2] / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def known(name: str) -> FittedSettings | None:
    """Return a fit of an earlier time; None where there is none that can be read."""
    try:
        kept = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
        return FittedSettings(dict(kept["settings"]), FitOutcome.model_validate(kept["outcome"]))
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        return None


def keep(name: str, fitted: FittedSettings) -> None:
    """Keep a fit, whole or not at all; where nothing can be written, it is fitted again next time."""
    kept = {"settings": fitted.settings, "outcome": fitted.outcome.model_dump(mode="json")}
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{name}.", dir=folder())
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        Path(partial).replace(folder() / f"{name}.json")
    except OSError:
        return
