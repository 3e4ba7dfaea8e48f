"""Fitting a document to its observed figures: few replications first, more at the end, always the same customers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.calibrate.observed.cache import keep, known, name_of
from sim.calibrate.observed.figures import gaps_of, level_of, targets_of, values_of
from sim.calibrate.observed.judge import refuse, refuse_empty
from sim.calibrate.observed.scale_parameters import END, STRIDES, scale_parameters_of, own_patience, settings_of, steps, rescalings_of
from sim.calibrate.observed.solve import SearchPoint, SearchRules, search, slopes_at
from sim.demand.expected import contacts_asked
from sim.errors import LimitError
from sim.loading.fitting import FittedSettings
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.scenario.observed import FitOutcome, Observed
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

Floats = npt.NDArray[np.float64]
EVALUATIONS, FINAL_EVALUATIONS = 25, 10
"""Steps at most with few replications, and then with many."""
IDLE, FINAL_IDLE = 4, 2
"""Steps that gain nothing, after which it ends."""
NEAR_ENOUGH, FINAL_NEAR_ENOUGH = 0.1, 0.02
"""Gaps that need not get smaller, as a part of one that is near."""
FEW, MANY = (300_000, 4, 60), (2_500_000, 8, 300)
"""Contacts at a time, fewest and most replications: in the search, and at its end."""
LEAST_JUDGED = 4
"""Replications of the figures that are told, however few the file asks for."""
USUAL_EVALUATIONS, USUAL_FINAL_EVALUATIONS = 8, 4
"""What a search mostly comes to, for progress."""


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
    """One fit: its figures, its dials, and looks at the model with the dials turned."""

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
        sight = few * (1 + len(self.parameters) + USUAL_EVALUATIONS) + self.many * (1 + USUAL_FINAL_EVALUATIONS) + self.judged
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
        return FittedSettings(settings_of(self.scenario, self.parameters, position, own_patience(self.document)), outcome)

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
        """Look at the model with the dials turned; no value where the centre then drowns in returns."""
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
        (result,) = simulate_all([scenario], self.run_options, count, slices=slices, progress=self.progress.of_evaluation())
        self.progress.add(count)
        return result


def _bare(document: Scenario, observed: Observed) -> Scenario:
    """The document without its figures, counting service as the report does."""
    targets = document.targets.model_copy(update={"service_level": level_of(document, observed)})
    return document.model_copy(update={"observed": None, "targets": targets})


def replications_of(document: Scenario) -> tuple[int, int, int]:
    """Return the replications of a look in the search, at its end, and of the figures that are told.

    The last are as many as the file asks for, and no more than the fit rests on: more would tell its own luck apart.
    """
    wanted, asked = document.run.replications, max(contacts_asked(document), 1.0)
    few, many = _room(asked, *FEW), _room(asked, MANY[0], MANY[1], max(MANY[2], wanted))
    return few, many, max(min(wanted, many), LEAST_JUDGED)


def _room(asked: float, contacts: int, fewest: int, most: int) -> int:
    """Return the replications of so many contacts each that make so many contacts, within limits."""
    return min(max(int(contacts / asked), fewest), most)


class FitProgress:
    """Progress over many looks, as replications done of those in sight."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self.progress = progress
        self.whole = whole
        self.done = 0
        if progress is not None:
            progress(0, whole)

    def of_evaluation(self) -> Progress | None:
        """Return what a look reports to."""
        if self.progress is None:
            return None
        report, before = self.progress, self.done
        return lambda done, _: report(min(before + done, self.whole - 1), self.whole) if done else None

    def add(self, count: int) -> None:
        """Count a look that has ended."""
        self.done += count

    def end(self) -> None:
        """Say that all is done."""
        if self.progress is not None:
            self.progress(self.whole, self.whole)
