"""To free so many agents, what must the bot truly resolve? The question to ask before roles are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED, check_engine
from sim.errors import CcsimError, NotComparableError, ScenarioError
from sim.facts.bot_probabilities import most_containment
from sim.loading.load import changed
from sim.measures import make_frame
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_required
from sim.study.levels import Level, serving, staffed
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.sensitivity import (
    Sensitivity,
    UncertainParameter,
    by_size,
    sensitivities_of,
    simulated_sensitivities,
    span_of,
    uncertain_parameters,
)

STEPS, STEPS_OF_BOUNDS = 9, 6
MOST_REPLICATIONS, SCREENED, MOST_SHOWN = 10, 3, 3
EDGE, LEAST_PART = 1e-9, 0.5
SHARE = "bot_resolution_rate"
Accepted = Callable[[ScenarioResult], bool]


@dataclass(frozen=True)
class BreakEven:
    """Where the bot's capability just meets every target, by the means over all days.

    Attributes
    ----------
    scale : what every intent's capability is multiplied by.
    share : of the bot's sessions, those that it truly resolves then.
    result : what was simulated there.
    """

    scale: float
    share: float
    result: ScenarioResult


@dataclass(frozen=True, repr=False)
class Release(Displayed):
    """What the bot must truly resolve for so many agents to be freed.

    Attributes
    ----------
    scenario, before : what was asked about; whose staffing is cut.
    freed, fte : asked to be freed; paid staff on the plan before the cut, by the scenario's own rules, both FTE.
    cut : the scenario with the staffing so reduced, at the bot's capability of today.
    goals : the targets; they hold over all days measured.
    now, today, full : the uncut staffing, the cut one, and the cut one with a bot that can all that it may.
    even : the break-even; None where not even full capability is enough.
    leanings : what the uncertain parameters that move its share most do to it; infinite where not even full capability
        is enough.
    seed, replications : how.
    """

    scenario: Scenario
    before: Scenario
    freed: float
    fte: float
    cut: Scenario
    goals: dict[str, MeasureTarget]
    now: ScenarioResult
    today: ScenarioResult
    full: ScenarioResult
    even: BreakEven | None
    leanings: tuple[Sensitivity, ...]
    seed: int
    replications: int

    def _line(self) -> str:
        share = "no capability is enough" if self.even is None else f"{self.even.share:.1%} must be resolved"
        return f"{self.scenario.name!r}: to free {self.freed:g} of {self.fte:,.1f} FTE, {share}; {how_made(self)}"

    @property
    def truly_freed(self) -> float:
        """FTE that whole agents free."""
        return self.fte - planned_fte(self.cut)

    @property
    def feasible(self) -> bool:
        """Whether some capability is enough."""
        return self.even is not None

    @property
    def span(self) -> tuple[float, float]:
        """The lowest and the highest break-even share found, one number at a time."""
        return span_of(self.even.share if self.even else np.inf, self.leanings)


@checked
def release(
    scenario: Scenario,
    freed: float,
    before: Scenario | None = None,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    how_sure: bool = True,
    progress: Progress | None = None,
) -> Release:
    """Find the bot's least capability with which so many agents fewer meet every target.

    The capability of all intents is scaled together, the share of the contained that is false stays; the staffing is
    cut by the same part in every group. The targets hold over all days together.

    Parameters
    ----------
    scenario : with the bot, and the targets.
    freed : agents to be freed (FTE).
    before : whose staffing is cut; by default the scenario's own.
    seed, replications, jobs, engine, progress : as in `run`; at most 10 replications unless they are given.
    how_sure : whether to look for the numbers that move the answer most.

    Raises
    ------
    CcsimError
        Where there is no bot, no target, or fewer agents than are to be freed.
    """
    check_engine(engine)
    targets, before = targets_required(scenario), before or scenario
    options = RunOptions(scenario.run.seed if seed is None else seed, engine, jobs)
    count = replications or min(scenario.run.replications, MOST_REPLICATIONS)
    most, uncut = most_capability(scenario), with_staff_of(scenario, before)
    fte = planned_fte(uncut)
    cut = _cut(uncut, before, freed, fte)
    now, today, full = simulate_all([uncut, cut, with_capability(cut, most)], options, count, progress=progress)
    accepted = partial(_meets, targets=targets)
    even = break_even(cut, accepted, options, count, most) if accepted(full) else None
    moves = tuple(_sensitivities(cut, even, targets, options, count)) if how_sure and even else ()
    return Release(scenario, before, freed, fte, cut, targets, now, today, full, even, moves, options.seed, count)


def planned_fte(scenario: Scenario) -> float:
    """Paid staff on the plan (FTE), shrinkage included and overtime not, of the groups that take contacts."""
    frame = make_frame(scenario)
    paid = frame.scheduled_total_us / 1e6 / (1.0 - frame.shrinkage)
    serves = np.isin(frame.groups, serving(scenario))
    return float(paid[serves].sum()) / (scenario.calendar.weeks() * scenario.fte_hours)


def with_capability(scenario: Scenario, scale: float) -> Scenario:
    """The scenario with every intent's capability times a factor, as far as it can go."""
    settings: dict[str, Any] = {}
    assert scenario.bot is not None
    for name, intent in scenario.intents.items():
        own = intent.bot
        if own is not None and own.containment is not None:
            most = max(0.0, most_containment(scenario.bot, own.false_share or 0.0) - EDGE)
            settings[f"intents.{name}.bot.containment"] = min(own.containment * scale, max(most, own.containment))
        elif own is not None and own.resolves is not None:
            settings[f"intents.{name}.bot.resolves"] = min(own.resolves * scale, 1.0)
    return changed(scenario, settings)


def most_capability(scenario: Scenario) -> float:
    """Return the factor from which on every intent is at the most that it can."""
    if scenario.bot is None:
        fix = "Give the file a bot, and intents.NAME.bot a capability"
        raise CcsimError(f"--release: {scenario.name} has no bot that could free anybody. {fix}")
    factors = []
    for intent in scenario.intents.values():
        own = intent.bot
        if own is not None and own.containment:
            factors.append(most_containment(scenario.bot, own.false_share or 0.0) / own.containment)
        elif own is not None and own.resolves:
            factors.append(1.0 / own.resolves)
    if not factors:
        fix = "Give intents.NAME.bot.resolves of at least one intent"
        raise CcsimError(f"--release: the bot of {scenario.name} resolves nothing that could be scaled. {fix}")
    return max(*factors, 1.0)


def with_staff_of(scenario: Scenario, before: Scenario, whose: str = "--before") -> Scenario:
    """The scenario with the staffing of another, group by group.

    Parameters
    ----------
    scenario, before : whose staffing is changed, and whose it gets.
    whose : what a message begins with, such as the flag that named `before`.

    Raises
    ------
    NotComparableError
        Where the two have other groups, or the staff of one does not fit the other.
    """
    if before is scenario:
        return scenario
    settings: dict[str, Any] = {}
    if more := [name for name in serving(before) if name not in scenario.agents]:
        words = f"{before.name} has {', '.join(more)}, which {scenario.name} has not"
        raise NotComparableError(f"{whose}: {words}. Give both files the same groups")
    for name in serving(scenario):
        if name not in before.agents:
            known = ", ".join(before.agents)
            raise CcsimError(
                f"{whose}: {before.name} has no group {name}. It has {known}: give both files the same groups"
            )
        own = before.agents[name].model_dump(mode="json", by_alias=True, exclude_none=True)
        given, other = ("staff", "shifts") if "staff" in own else ("shifts", "staff")
        settings |= {f"agents.{name}.{other}": "off", f"agents.{name}.{given}": own[given]}
        if before.agents[name].relief != scenario.agents[name].relief:
            settings[f"agents.{name}.relief"] = own.get("relief", "off")
    try:
        return changed(scenario, settings)
    except ScenarioError as error:
        words = error.problems[0].message
        raise NotComparableError(f"{whose}: the staff of {before.name} does not fit {scenario.name}: {words}") from None


def _cut(uncut: Scenario, before: Scenario, freed: float, fte: float) -> Scenario:
    """The staffing less the same part everywhere, in whole agents; at least a part of what is asked must come of it."""
    if not 0.0 < freed < fte:
        raise CcsimError(
            f"--release: {freed:g}: {before.name} has {fte:.1f} FTE on the plan. Free more than 0 and fewer"
        )
    cut = staffed(uncut, Level("cut", dict.fromkeys(serving(uncut), 1.0 - freed / fte)))
    if fte - planned_fte(cut) < LEAST_PART * freed:
        words = f"whole agents leave {planned_fte(cut):.1f} of {fte:.1f} FTE, so that hardly anybody goes"
        raise CcsimError(f"--release: {freed:g}: {words}. Free more")
    return cut


def _meets(result: ScenarioResult, targets: Mapping[str, MeasureTarget]) -> bool:
    return all(met(target, result.mean(measure)) for measure, target in targets.items())


def met(target: MeasureTarget, value: float) -> bool:
    """Whether a value meets a target; what is no number does: nobody came to judge by."""
    return bool(np.isnan(value)) or target.met(value)


def break_even(
    cut: Scenario, accepted: Accepted, options: RunOptions, count: int, most: float, steps: int = STEPS
) -> BreakEven | None:
    """Find the least capability with which a result is accepted, by bisection on common customers.

    Parameters
    ----------
    cut : with its staffing; the capability of all its intents is scaled together.
    accepted : judges what was simulated; with more capability it accepts more.
    options, count : how, with so many replications.
    most : the factor from which on every intent is at the most that it can.
    steps : of the bisection.

    Returns
    -------
    None where not even the most is enough.
    """

    def at(scale: float) -> ScenarioResult:
        return next(simulate_all([with_capability(cut, scale)], options, count))

    low, high, best = 0.0, most, at(most)
    if not accepted(best):
        return None
    if accepted(none := at(0.0)):
        return BreakEven(0.0, none.mean(SHARE), none)
    for _ in range(steps):
        middle = (low + high) / 2.0
        if accepted(result := at(middle)):
            high, best = middle, result
        else:
            low = middle
    return BreakEven(high, best.mean(SHARE), best)


def _sensitivities(
    cut: Scenario, even: BreakEven, targets: Mapping[str, MeasureTarget], options: RunOptions, count: int
) -> Iterator[Sensitivity]:
    """Of the break-even share, to the uncertain parameters that move the tightest target most."""
    tightest = min(targets, key=lambda m: np.nan_to_num(targets[m].slack(even.result.mean(m)), nan=np.inf))
    possible = [parameter for parameter in uncertain_parameters(cut) if _possible(parameter, even.scale)]
    at_break_even, accepted = partial(with_capability, scale=even.scale), partial(_meets, targets=targets)
    _, screened = simulated_sensitivities(
        cut, [tightest], possible, options, min(count, SCREENED), change=at_break_even
    )
    chosen = [sensitivity.parameter for sensitivity in by_size(screened)[:MOST_SHOWN]]

    def share(scenario: Scenario) -> float:
        found = break_even(scenario, accepted, options, count, most_capability(scenario), STEPS_OF_BOUNDS)
        return np.inf if found is None else found.share

    return sensitivities_of(share, SHARE, even.share, chosen)


def _possible(parameter: UncertainParameter, scale: float) -> bool:
    try:
        return all(with_capability(bound.scenario, scale) is not None for bound in parameter.bounds)
    except ScenarioError:
        return False
