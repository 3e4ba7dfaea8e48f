"""Simulating the draws: within one all plans meet the same customers, each draw has its own; only figures stay."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import LimitError, ScenarioError
from sim.loading.load import changed
from sim.scenario.beliefs import Beliefs
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.estimates import own_ratio
from sim.study.replicate import Progress, RunOptions, ScenarioRun, make_run, replicate_each
from sim.study.risk.plans import RiskPlan
from sim.study.risk.sample import RiskSample, SettingsOfDraws
from sim.study.tables import own_values

Floats = npt.NDArray[np.float64]
KEPT = (
    "sl_offered",
    "abandonment_rate",
    "resolution_rate",
    "occupancy",
    "asa_s",
    "aht_s",
    "fte",
    "cost",
    "demand",
    "abandoned",
    "balked",
    "bot_offered",
    "bot_contained",
    "paid_hours",
    "overtime_hours",
    "leavers_expected",
    "strained_share",
    "csat",
)
"""Measures that are kept of every draw and plan, where the plan has them, beside those with targets."""
Refit = Callable[[Scenario, Mapping[str, Any]], Scenario]
"""A fitted scenario and other values of it in; the scenario fitted to its figures again with those values out."""


@dataclass(frozen=True)
class PlanOutcome:
    """What one plan measures in one draw, over the period.

    Attributes
    ----------
    values : over all replications, by measure; nan where it has none.
    rows : (replications,) of each replication by itself, by measure.
    days_met, days : days on which all targets are met that a day can be held to, and days that could be judged.
    drowned : whether its customers come back without end, so that nothing can be measured.
    """

    values: dict[str, float]
    rows: dict[str, list[float]]
    days_met: int
    days: int
    drowned: bool = False


@dataclass(frozen=True)
class DrawOutcome:
    """What came of one draw.

    Attributes
    ----------
    number : of the draw, from 0.
    plans : outcomes by plan, in their order; empty where the draw contradicts a file or a report.
    refused : why; empty where it does not.
    """

    number: int
    plans: tuple[PlanOutcome, ...]
    refused: str = ""


DROWNED = PlanOutcome({}, {}, 0, 0, drowned=True)


@dataclass
class ScenariosOfDraws:
    """The scenarios of every draw.

    Attributes
    ----------
    sample, plans : what is drawn, and for which plans.
    said : what the file believes.
    refit : solves a scenario with observed figures again, with the settings of a draw; None to leave the fit as it is.
    """

    sample: RiskSample
    plans: tuple[RiskPlan, ...]
    said: Beliefs | None
    refit: Refit | None = None

    def __post_init__(self) -> None:
        """Look up once where the beliefs act in each plan and in what it is made from."""
        scenarios = {id(s): s for plan in self.plans for s in (plan.scenario, plan.base)}
        self._settings = {
            name: SettingsOfDraws(self.sample, scenario, self.said) for name, scenario in scenarios.items()
        }

    def of(self, draw: int) -> list[Scenario]:
        """The scenario of every plan in a draw.

        Raises
        ------
        ScenarioError
            Where the numbers that were drawn contradict a file, or each other.
        """
        bases: dict[int, Scenario] = {}
        return [self._of_plan(plan, draw, bases) for plan in self.plans]

    def _of_plan(self, plan: RiskPlan, draw: int, bases: dict[int, Scenario]) -> Scenario:
        """A plan with the numbers of a draw: the sections that the plan changes, on the drawn base."""
        base = id(plan.base)
        if base not in bases:
            bases[base] = self._drawn(plan, self._settings[base].of(draw))
        if not plan.changes:
            return bases[base]
        drawn = self._settings[id(plan.scenario)].of(draw)
        mine = {path: value for path, value in drawn.items() if path.split(".")[0] in plan.changes}
        source = changed(plan.scenario, mine) if mine else plan.scenario
        return bases[base].model_copy(update={name: getattr(source, name) for name in plan.changes})

    def _drawn(self, plan: RiskPlan, settings: Mapping[str, Any]) -> Scenario:
        """What a plan is made from with the numbers of a draw, solved again where it has observed figures."""
        if self.refit is None or plan.base.observed is None:
            return changed(plan.base, settings) if settings else plan.base
        solved = self.refit(plan.base, settings)
        return solved.model_copy(update={"beliefs": None, "targets": plan.base.targets})


@dataclass(frozen=True)
class DrawPlan:
    """How draws are simulated.

    Attributes
    ----------
    scenarios : of every draw.
    options : seed, engine and workers.
    replications : of each draw and plan; they make the period.
    goals : what all plans are judged by.
    """

    scenarios: ScenariosOfDraws
    options: RunOptions
    replications: int
    goals: Mapping[str, MeasureTarget]


def simulate_draws(plan: DrawPlan, numbers: Sequence[int], progress: Progress | None = None) -> Iterator[DrawOutcome]:
    """Simulate draws, in their order; each is handed over as it is done.

    Draw k has the replications from k times their number on: other customers than every other draw.

    Parameters
    ----------
    plan : how.
    numbers : which draws.
    progress : called with (replications done, replications in all).
    """
    rest, refused = list(numbers), dict[int, str]()
    finished: list[PlanOutcome] = []
    whole = len(rest) * len(plan.scenarios.plans) * plan.replications

    def tell(left: int) -> Progress | None:
        before = whole - left * len(plan.scenarios.plans) * plan.replications
        return None if progress is None else lambda done, _: progress(before + done, whole)

    while rest:
        source = _Source(plan, rest, refused, len(finished))
        try:
            with closing(source.runs_done(tell(len(rest)))) as runs:
                for run in runs:
                    finished.append(outcome_of(run, plan.goals))
                    yield from _complete(rest, finished, refused, len(plan.scenarios.plans))
        except LimitError:
            finished.append(DROWNED)
        yield from _complete(rest, finished, refused, len(plan.scenarios.plans))


def _complete(
    rest: list[int], finished: list[PlanOutcome], refused: dict[int, str], plans: int
) -> Iterator[DrawOutcome]:
    """Hand over the draws at the head that are done, those among them that were refused too."""
    while rest and (rest[0] in refused or len(finished) >= plans):
        number = rest.pop(0)
        if number in refused:
            yield DrawOutcome(number, (), refused[number])
            continue
        mine, finished[:] = tuple(finished[:plans]), finished[plans:]
        yield DrawOutcome(number, mine)


@dataclass
class _Source:
    """The runs of the draws that are left, made one after the other while earlier ones are worked on."""

    plan: DrawPlan
    rest: Sequence[int]
    refused: dict[int, str]
    skip: int

    def runs_done(self, progress: Progress | None) -> Generator[ScenarioRun]:
        numbers = list(self.rest)
        count = max(len(numbers) * len(self.plan.scenarios.plans), 1)
        return replicate_each(self._runs(numbers), self.plan.options, self.plan.replications, count, progress)

    def _runs(self, numbers: Sequence[int]) -> Iterator[ScenarioRun]:
        skip = self.skip
        for number in numbers:
            try:
                scenarios = self.plan.scenarios.of(number)
            except (ScenarioError, LimitError) as error:
                self.refused[number] = str(error).splitlines()[0]
                continue
            for scenario in scenarios[skip:]:
                run = make_run(scenario, slices=("day",))
                run.first = number * self.plan.replications
                yield run
            skip = 0


# Of a run -------------------------------------------------------------------------


def outcome_of(run: ScenarioRun, goals: Mapping[str, MeasureTarget]) -> PlanOutcome:
    """What stays of a plan in a draw."""
    estimates, rows = run.estimates("overall"), own_values(run)
    names = [name for name in dict.fromkeys([*goals, *KEPT]) if name in estimates]
    met, days = days_met(run, goals)
    values = {name: float(estimates[name].mean[0]) for name in names}
    return PlanOutcome(values, {name: rows[name].tolist() for name in names if name in rows}, met, days)


def days_met(run: ScenarioRun, goals: Mapping[str, MeasureTarget]) -> tuple[int, int]:
    """Days on which every target is met that a day has a measure for, and days with something to judge."""
    counts, measures = run.tallies.counts("day"), run.measures
    judged = {name: goal for name, goal in goals.items() if name in measures and "day" in measures[name].slices}
    met = np.ones(counts.shape[:2], bool)
    known = np.zeros(counts.shape[:2], bool)
    for name, goal in judged.items():
        value = own_ratio(counts, measures[name])
        there = ~np.isnan(value)
        known |= there
        met &= ~there | (value >= goal.share if goal.at_least else value <= goal.share)
    return int((met & known).sum()), int(known.sum())
