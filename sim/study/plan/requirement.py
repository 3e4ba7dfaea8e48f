"""Heads wanted by month: the least with which a month's typical week meets its targets, groups in proportion to work.

Where groups stand in for each other, many mixes of heads do as well. Here each group follows the work of what it
serves, from today's heads on; what all of them are multiplied by is found by simulation, on common customers, in the
months with least, middling and most work, and read off between those. The simulated year corrects what is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.demand.expected import expected_counts
from sim.facts.load import effort, to_agents
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_of_some, targets_required
from sim.study.levels import serving
from sim.study.replicate import Progress, RunOptions
from sim.study.scenario_results import ScenarioResult, simulate_all

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Week = Callable[[int, Floats], Scenario]
"""The typical week of a month (from 1), with so many heads on the phones by group."""
LEAST, ENOUGH, NEAR = 0.4, 2.0, 1e-9
"""The fewest looked at, as a multiple of what is in proportion to work; with `ENOUGH` times that and today's heads a
target that is still missed is not one of staff."""
LOOKS, SPREAD, WIDER = 6, 0.12, 1.35
"""Staffings looked at in a month; how far the first ones lie from proportion; how much further the next."""
MONTHS_LOOKED_AT = 3
LEAST_SLOPE = 1e-3


def work_by_group(scenario: Scenario, groups: Sequence[str], heads: Floats) -> Floats:
    """(groups,) agent hours of the days' first contacts, shared out by heads over the groups that serve each."""
    days = [day for day in scenario.calendar.dates() if scenario.calendar.intervals(day)]
    work = np.zeros(len(groups))
    for intent in scenario.intents.values():
        contacts = sum(sum(expected_counts(scenario, intent, day)) for day in days)
        serve = heads * [intent.skill in scenario.agents[name].skills for name in groups]
        each = contacts * effort(scenario, intent) * to_agents(intent, scenario.bot) / 3600.0
        work += each * serve / max(serve.sum(), NEAR)
    return work


def in_proportion(heads: Floats, work_today: Floats, work: Floats) -> Floats:
    """(groups,) heads that follow the work from today on; as today where there is none today."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(work_today > 0.0, work / work_today, 1.0)
    return np.asarray(heads * ratio)


# One month ------------------------------------------------------------------------


@dataclass(frozen=True)
class StaffingCurve:
    """How far every target is on its right side, by staffing.

    Attributes
    ----------
    factors : (looks,) what heads are multiplied by, rising.
    slack : (looks, targets) in all but the worst replications.
    """

    factors: Floats
    slack: Floats

    def least(self, reachable: Sequence[int]) -> float:
        """The least factor from which on all reachable targets are met; an end where that lies beyond."""
        return max((crossing(self.factors, self.slack[:, k]) for k in reachable), default=float(self.factors[0]))

    def slope(self, target: int) -> float:
        """What a target gains by a factor of one more, about where it is met."""
        slack = self.slack[:, target]
        place = int(np.clip(np.searchsorted(self.factors, crossing(self.factors, slack)), 1, len(slack) - 1))
        with np.errstate(invalid="ignore"):  # what nothing is measured of is infinitely well met
            rise = (slack[place] - slack[place - 1]) / (self.factors[place] - self.factors[place - 1])
        return max(float(rise), LEAST_SLOPE) if np.isfinite(rise) else LEAST_SLOPE


def crossing(factors: Floats, slack: Floats) -> float:
    """Where a slack rises above 0 for good: straight between the last look below and the next, else an end.

    Parameters
    ----------
    factors : (looks,) rising.
    slack : (looks,).
    """
    below = np.flatnonzero(slack < -NEAR)
    if not below.size:
        return float(factors[0])
    last = int(below[-1])
    if last == len(factors) - 1:
        return float(factors[-1])
    share = -slack[last] / (slack[last + 1] - slack[last])
    return float(factors[last] + share * (factors[last + 1] - factors[last]))


def slack_of_targets(result: ScenarioResult, targets: Mapping[str, MeasureTarget], sure: float) -> Floats:
    """(targets,) how far each is on its right side in so large a share of weeks; infinite where nothing is measured."""
    slack = []
    for name, target in targets.items():
        values = result.values.get(name, np.array([result.mean(name)]))
        own = values - target.share if target.at_least else target.share - values
        slack.append(quantile(np.where(np.isnan(own), np.inf, own)[:, None], 1.0 - sure)[0])
    return np.array(slack)


def quantile(values: Floats, share: float) -> Floats:
    """(columns,) the value that so large a share of rows is below, straight between rows; infinite ones are kept so."""
    ordered = np.sort(values, axis=0)
    place = share * (len(values) - 1)
    low, part = int(place), place - int(place)
    high = min(low + 1, len(values) - 1)
    with np.errstate(invalid="ignore"):
        between = ordered[low] + part * (ordered[high] - ordered[low])
    return np.where(np.isnan(between), np.inf, between)


class _Looks:
    """What was looked at in one month, and where to look next; `plenty` is the most that is looked at."""

    def __init__(self, plenty: float = ENOUGH) -> None:
        self.seen: dict[float, Floats] = {}
        self.plenty, self.wider = plenty, WIDER * math.sqrt(plenty / ENOUGH)

    def wanted(self, reachable: Sequence[int]) -> list[float]:
        """The next staffings to look at for some targets: around a guess, beyond an end, or where they are met."""
        if not self.seen:
            return [1.0 - SPREAD, 1.0 + SPREAD]
        curve = self.curve
        worst = curve.slack[:, list(reachable)].min(axis=1) if len(reachable) else np.zeros(len(curve.factors))
        if worst[-1] < -NEAR:
            return [] if curve.factors[-1] >= self.plenty else [float(curve.factors[-1]) * self.wider]
        if worst[0] >= -NEAR:
            return [] if curve.factors[0] <= LEAST else [float(curve.factors[0]) / WIDER]
        return [curve.least(reachable)]

    @property
    def curve(self) -> StaffingCurve:
        """The looks so far."""
        factors = np.array(sorted(self.seen))
        return StaffingCurve(factors, np.stack([self.seen[factor] for factor in factors]))

    def misses(self, target: int) -> bool:
        """Whether a target is missed with heads in plenty."""
        curve = self.curve
        return bool(curve.factors[-1] >= self.plenty and curve.slack[-1, target] < -NEAR)


def plenty_of(today: float, in_proportion: float) -> float:
    """Heads in plenty, as a multiple of those in proportion to a month's work.

    Little work needs more than its proportion (a desk of one has no slack), so that the measure is then today's heads.
    """
    return ENOUGH * max(1.0, today / in_proportion) if in_proportion > NEAR else ENOUGH


# All months -----------------------------------------------------------------------


@dataclass(frozen=True)
class Requirement:
    """Heads wanted on the phones.

    Attributes
    ----------
    groups : names.
    heads : (groups, months), as good as today's.
    targets : the targets that they meet, by measure.
    beyond_staff : targets that no number of heads moves enough; they are left out.
    curves : what was simulated, by month looked at.
    slope : (targets, months) what each target gains where all its groups have twice the heads.
    serve : (targets, groups) whose heads each target is about: of all for one that is about everybody.
    """

    groups: tuple[str, ...]
    heads: Floats
    targets: Mapping[str, MeasureTarget]
    beyond_staff: tuple[str, ...]
    curves: Mapping[int, StaffingCurve]
    slope: Floats
    serve: Bools

    @property
    def reachable(self) -> dict[str, MeasureTarget]:
        """The targets that staff can meet."""
        return {name: target for name, target in self.targets.items() if name not in self.beyond_staff}


def groups_of_targets(scenario: Scenario, targets: Sequence[str], groups: Sequence[str]) -> Bools:
    """(targets, groups) the groups that serve what a target is about."""
    some = {target.key: target.intents for target in targets_of_some(scenario)}
    serve = np.ones((len(targets), len(groups)), np.bool_)
    for row, name in zip(serve, targets, strict=True):
        skills = {scenario.intents[intent].skill for intent in some.get(name, ())}
        if skills:
            row[:] = [bool(skills & set(scenario.agents[group].skills)) for group in groups]
    return serve


def requirement_by_month(
    scenario: Scenario,
    week: Week,
    heads: Mapping[str, float],
    months: int,
    options: RunOptions,
    replications: int,
    sure: float,
    progress: Progress | None = None,
) -> Requirement:
    """The least heads of every month with which its typical week meets the targets in so large a share of weeks.

    Parameters
    ----------
    scenario : sets the targets.
    week : the typical week of a month with so many heads by group.
    heads : behind the roster of today, by group that takes contacts.
    months, options, replications : how many, and how to simulate.
    sure : the share of weeks that are to meet the targets; 0.5 is about their mean.
    progress : called with (looks done, about how many).

    Raises
    ------
    NoTargetsError
        Where the scenario sets no target.
    """
    targets = targets_required(scenario)
    groups = tuple(name for name in serving(scenario) if name in heads)
    today = np.array([float(heads[name]) for name in groups])
    own = work_by_group(scenario, groups, today)
    weeks = [week(month, today) for month in range(1, months + 1)]
    base = np.stack([in_proportion(today, own, work_by_group(one, groups, today)) for one in weeks], axis=1)
    looked_at, names = _spread_over(base.sum(axis=0)), list(targets)
    serve = groups_of_targets(scenario, names, groups)
    search = _Search(week, base, float(today.sum()), targets, options, replications, sure, serve, progress)
    curves, reachable = search.looked(looked_at)
    sizes = base.sum(axis=0)[looked_at]
    order = np.argsort(sizes, kind="stable")
    found = [curves[m + 1] for m in looked_at]

    def by_month(values: list[float]) -> Floats:
        return np.asarray(np.interp(base.sum(axis=0), sizes[order], np.array(values)[order]))

    own_targets = [[k for k in reachable if serve[k, g]] for g in range(len(groups))]
    factors = np.stack([by_month([curve.least(ks) for curve in found]) for ks in own_targets])
    slope = np.stack([by_month([curve.slope(k) for curve in found]) for k in range(len(names))])
    beyond = tuple(name for k, name in enumerate(names) if k not in reachable)
    return Requirement(groups, base * factors, targets, beyond, curves, slope, serve)


def _spread_over(sizes: Floats) -> list[int]:
    """The months with least, middling and most work, each once."""
    order = np.argsort(sizes, kind="stable")
    places = [order[0], order[len(order) // 2], order[-1]][:MONTHS_LOOKED_AT]
    return list(dict.fromkeys(int(place) for place in places))


@dataclass
class _Search:
    """Looks in several months at once, on common customers."""

    week: Week
    base: Floats
    today: float
    targets: Mapping[str, MeasureTarget]
    options: RunOptions
    replications: int
    sure: float
    serve: Bools
    progress: Progress | None

    def looked(self, months: Sequence[int]) -> tuple[dict[int, StaffingCurve], list[int]]:
        """The curves of months (by number from 1), and the targets that staff can meet."""
        looks = {month: _Looks(plenty_of(self.today, float(self.base[:, month].sum()))) for month in months}
        reachable = list(range(len(self.targets)))
        done, expected = 0, len(months) * (LOOKS + 1)
        for _ in range(LOOKS):
            asked = [(m, f) for m in months for f in self._next(looks[m], reachable)]
            weeks = [self.week(m + 1, self.base[:, m] * factor) for m, factor in asked]
            for (month, factor), found in zip(asked, simulate_all(weeks, self.options, self.replications), strict=True):
                looks[month].seen[factor] = slack_of_targets(found, self.targets, self.sure)
                done += 1
                if self.progress:
                    self.progress(done, max(expected, done))
            reachable = [k for k in reachable if not any(looks[month].misses(k) for month in months)]
        return {month + 1: looks[month].curve for month in months}, reachable

    def _next(self, looks: _Looks, reachable: Sequence[int]) -> list[float]:
        """Staffings not yet looked at, for the targets of each group."""
        own = dict.fromkeys(tuple(k for k in reachable if row[k]) for row in self.serve.T)
        factors = [factor for targets in own for factor in looks.wanted(targets)]
        return [factor for factor in dict.fromkeys(factors) if factor not in looks.seen]
