"""Fitting a document to its observed figures: few replications first, more at the end, always the same customers."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

import sim
from sim.calibrate.observed.arrivals import first_contacts, shape_of
from sim.calibrate.observed.contradictions import least_sure, refuse, refuse_empty
from sim.calibrate.observed.figures import (
    GIVEN_UP,
    HELD,
    FigureTarget,
    gaps_of,
    level_of,
    returns_of,
    targets_of,
    values_of,
)
from sim.calibrate.observed.scale_parameters import (
    END,
    STRIDES,
    ScaleParameter,
    coverage,
    own_patience,
    rescalings_of,
    scale_parameters_of,
    settings_of,
    steps,
)
from sim.calibrate.observed.search import SearchPoint, SearchRules, search, slopes_at
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
EVALUATIONS, FINAL_EVALUATIONS = 25, 10
"""Steps at most with few replications, and then with many."""
IDLE, FINAL_IDLE = 4, 2
"""Steps that gain nothing, after which it ends."""
NEAR_ENOUGH, FINAL_NEAR_ENOUGH = 0.1, 0.02
"""Gaps that need not get smaller, as a part of one that is near."""
FEW, MANY = (300_000, 4, 60), (2_500_000, 8, 300)
"""Contacts at a time, fewest and most replications: in the search, and at its end."""
OWN = {"arrivals": "contacts", "talk_time": "aht", "resolution": "fcr", "staff": "occupancy"}
"""The figure that answers to a scale parameter nearly one for one."""
STRAIGHT, LONGEST, CLOSE = 6, 1.0, 0.02
"""Steps at most that take each for itself, the longest on a log scale, and one that need not be taken."""
MOST_GIVEN_UP = 2
"""Figures at most that give way so that the others can be met."""
LUCK = 0.05
"""Steps of about this length or shorter teach little: held figures feel the luck of who is answered."""
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


@lru_cache(maxsize=2)
def _quick(said: str, document: Scenario, jobs: int | None) -> FittedSettings:
    return Fitting(document, jobs, None, quick=True).result()


def quickly_fitted(document: Scenario, jobs: int | None) -> FittedSettings:
    """Return settings as `fitted` does, from a search with fewer replications; the last ones are remembered.

    Raises
    ------
    ScenarioError
        As `fitted` does.
    """
    fit = _quick(name_of(document), document, jobs)
    refuse(document, fit.outcome)
    return fit


class Fitting:
    """One fit: its figures, its scale parameters, and evaluations of the model with them.

    A quick one, of which a study makes hundreds, ends after its search with few replications, and those are half.
    """

    def __init__(self, document: Scenario, jobs: int | None, progress: Progress | None, quick: bool = False) -> None:
        assert document.observed is not None
        self.document = document
        self.observed: Observed = document.observed
        self.scenario = _bare(document, self.observed)
        self.targets = targets_of(document, self.observed)
        self.parameters = scale_parameters_of(document, self.observed)
        self.run_options = RunOptions(document.run.seed, jobs=jobs)
        few, self.many, self.judged = replications_of(document)
        self.quick = quick
        if quick:
            few = self.many = self.judged = max(few // 2, FEW[1])
        self.count = few
        self.shape = shape_of(document, self.observed)
        self.given_up: set[int] = set()
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
            gaps=tuple(gaps_of(self.targets, result, self.given_up)),
            turns=tuple(rescalings_of(self.scenario, self.parameters, position, after)),
            given_up=tuple(self.targets[k].path.removeprefix("observed.") for k in sorted(self.given_up)),
            **returns_of(result),
        )
        return FittedSettings(
            settings_of(self.scenario, self.parameters, position, own_patience(self.document), self.shape), outcome
        )

    def _searched(self) -> Floats:
        position = np.zeros(len(self.parameters))
        gaps = self._gaps(position)
        refuse_empty(self.document, self.targets, gaps)
        if any(parameter.name == "arrivals" for parameter in self.parameters):
            position, gaps = self._straight(position, gaps)
        point = SearchPoint(position, gaps, self._slopes(position, gaps))
        point = search(self._gaps, point, self._rules(EVALUATIONS, NEAR_ENOUGH, IDLE))
        point = self._without_least_sure(self._with_balking(point))
        if self.quick:
            return point.position
        self.count = self.many
        point = SearchPoint(point.position, self._gaps(point.position), point.slopes)
        return search(self._gaps, point, self._rules(FINAL_EVALUATIONS, FINAL_NEAR_ENOUGH, FINAL_IDLE)).position

    def _straight(self, position: Floats, gaps: Floats) -> tuple[Floats, Floats]:
        """Go nearly there, each scale parameter by the one figure that is its own.

        Where a file has repeats among its first contacts its queues overflow, and nothing there tells how waits answer.
        """
        for _ in range(STRAIGHT):
            step = np.clip(self._own_steps(gaps), -LONGEST, LONGEST)
            if float(np.abs(step).max()) < CLOSE:
                break
            further = np.clip(position + step, -END, END)
            there = self._gaps(further)
            if not np.isfinite(there).all():
                break
            position, gaps = further, there
        return position, gaps

    def _own_steps(self, gaps: Floats) -> Floats:
        figures: dict[tuple[str, str, int | None], int]
        figures = {(target.name, target.intent, target.day): k for k, target in enumerate(self.targets)}
        by_intent = any(parameter.name == "arrivals" and parameter.intent for parameter in self.parameters)
        steps = np.zeros(len(self.parameters))
        for number, parameter in enumerate(self.parameters):
            own = figures.get((OWN.get(parameter.name, ""), parameter.intent, parameter.day))
            if own is not None and not (by_intent and parameter.day is not None):
                target, gap = self.targets[own], float(gaps[own])
                steps[number] = target.apart_as_logs(gap) if parameter.name == "staff" else -gap
        return steps

    def _slopes(self, position: Floats, gaps: Floats) -> Floats:
        """Return how gaps answer to each scale parameter; those of arrivals are moved together.

        What a figure answers to them all is shared out by the first contacts that each is of.
        """
        sizes = steps(self.scenario, self.parameters)
        mine = [number for number, parameter in enumerate(self.parameters) if parameter.name == "arrivals"]
        if len(mine) < 2:
            return slopes_at(self._gaps, position, gaps, sizes)
        rest = [number for number in range(len(self.parameters)) if number not in mine]
        shares = np.array([[self._share(target, number) for number in mine] for target in self.targets])
        ways = np.zeros((1 + len(rest), position.size))
        ways[0, mine] = 1.0 / max(float(shares.sum(axis=1).max()), 1.0)
        ways[1 + np.arange(len(rest)), rest] = 1.0
        lengths = np.concatenate([sizes[mine[:1]], sizes[rest]])
        found = slopes_at(lambda x: self._gaps(position + x @ ways), np.zeros(len(ways)), gaps, lengths)
        slopes = np.zeros((gaps.size, position.size))
        slopes[:, rest] = found[:, 1:]
        slopes[:, mine] = found[:, :1] * shares / np.maximum(shares @ ways[0, mine], 1e-9)[:, None]
        return slopes

    def _share(self, target: FigureTarget, number: int) -> float:
        """Return the part of a figure's first contacts that a scale parameter of arrivals is of."""
        mine, whole = coverage(self.scenario, self.parameters[number]), first_contacts(self.scenario)
        days = slice(None) if target.day is None else slice(target.day, target.day + 1)
        named = [name for name in whole if target.intent in ("", name)]
        total = sum(float(whole[name][days].sum()) for name in named)
        return sum(float(mine[name][days].sum()) for name in named) / total if total > 0 else 0.0

    def _with_balking(self, point: SearchPoint) -> SearchPoint:
        """Let some leave at once where patience alone does not bring about the waits and who gives up."""
        if not self.observed.may_balk or least_sure(self.targets, point.gaps, ()) is None:
            return point
        self.parameters.append(ScaleParameter("balk", tuple(self.scenario.intents)))
        position = np.append(point.position, 0.0)
        gaps = self._gaps(position)
        begins = SearchPoint(position, gaps, self._slopes(position, gaps))
        return search(self._gaps, begins, self._rules(EVALUATIONS, NEAR_ENOUGH, IDLE))

    def _without_least_sure(self, point: SearchPoint) -> SearchPoint:
        """Give up the least sure of figures that cannot hold together, if the others can then be met."""
        compromise = point
        for _ in range(MOST_GIVEN_UP):
            number = least_sure(self.targets, point.gaps, self.given_up)
            if number is None:
                return point
            self.given_up.add(number)
            begins = SearchPoint(point.position, point.gaps, self._slopes(point.position, point.gaps))
            point = search(self._gaps, begins, self._rules(EVALUATIONS, NEAR_ENOUGH, IDLE))
        if least_sure(self.targets, point.gaps, self.given_up) is None:
            return point
        self.given_up.clear()
        return compromise

    def _rules(self, most: int, close: float, idle: int) -> SearchRules:
        strides = np.array([STRIDES[parameter.name] for parameter in self.parameters])
        small = np.array([target.small(close) for target in self.targets])
        quiet = np.array([target.quiet for target in self.targets])
        return SearchRules(self._weights, END, strides, small, most, idle, quiet, LUCK if quiet.any() else 0.0)

    def _weights(self, gaps: Floats) -> Floats:
        weights = [target.weight(gap) for target, gap in zip(self.targets, gaps.tolist(), strict=True)]
        return np.array([weight * self._importance(number) for number, weight in enumerate(weights)])

    def _importance(self, number: int) -> float:
        if number in self.given_up:
            return GIVEN_UP
        return HELD if self.targets[number].held else 1.0

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
        own = self.scenario.intents
        return changed(self.scenario, settings_of(self.scenario, self.parameters, position, own, self.shape))

    def _simulated(self, scenario: Scenario, count: int) -> ScenarioResult:
        wanted = {"intent": any(t.intent for t in self.targets), "day": any(t.day is not None for t in self.targets)}
        slices = tuple(name for name, is_wanted in wanted.items() if is_wanted)
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
