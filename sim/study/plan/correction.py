"""Where the simulated year misses, more heads are wanted: programme and simulation in turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.planning import LetGo, TrainingClass, Transfer
from sim.scenario.targets import MeasureTarget
from sim.study.plan.mean_heads import HeadMoves, HeadsProblem
from sim.study.plan.programme import Programme
from sim.study.plan.requirement import Requirement, quantile
from sim.study.plan.result import YearPlan, YearResult

Floats = npt.NDArray[np.float64]
LEAST_STEP, EASED = 1.0, 0.5
"""Heads that are wanted more at least where a month misses; the part of what it can spare that is taken back."""
MOST_RISE, MOST_FALL = 0.25, 0.10
BINDING = 1.0
"""Heads by which a month may be above what is wanted and still be there for its own sake."""
A_SHARE = 0.1
IN_WEEK = {"resolution_rate": "resolution"}
SERVICE_LEVEL = "service_level"


@dataclass(frozen=True)
class CorrectionRound:
    """One turn.

    Attributes
    ----------
    wanted : (groups, months) heads as good as today's.
    programme, plan : the plan at least cost for that.
    holds : (months,) the share of years in which the typical week meets every target that staff can meet.
    slack : (targets, months) by how much each such target is met in all but the worst of them.
    cost : mean cash over the months; heads by month where the file has no wage.
    sure : the share of years in which a month is to hold.
    """

    wanted: Floats
    programme: Programme
    plan: YearPlan
    holds: Floats
    slack: Floats
    cost: float
    sure: float

    @property
    def missed(self) -> npt.NDArray[np.int64]:
        """The months that do not hold, from 1."""
        return np.flatnonzero(self.holds < self.sure - 1e-9) + 1

    @property
    def mendable(self) -> npt.NDArray[np.int64]:
        """Those of them that anybody hired or moved in time can reach."""
        problem = self.programme.problem
        first = problem.lead + problem.training
        if problem.transfers:
            first = min(first, problem.transfer_training)
        return self.missed[self.missed > first]

    @property
    def rank(self) -> tuple[int, float]:
        """Fewest months missed, then the cheapest."""
        return len(self.missed), self.cost


def plan_of_moves(name: str, problem: HeadsProblem, moves: HeadMoves, transfer_s: Sequence[float] = ()) -> YearPlan:
    """The plan in whole heads, by month from 1; `transfer_s` is how long each pair of groups trains whom it moves."""
    groups = problem.groups
    hired, gone, moved = (_entries(part[:, : problem.told]) for part in moves)
    pairs = [(groups[source], groups[target]) for source, target in problem.transfers]
    return YearPlan(
        name,
        tuple(TrainingClass(month=m, group=groups[g], count=n) for g, m, n in hired),
        tuple(LetGo(month=m, group=groups[g], count=n) for g, m, n in gone),
        tuple(
            Transfer.model_validate(
                {"month": m, "from": pairs[k][0], "to": pairs[k][1], "count": n, "training": transfer_s[k]}
            )
            for k, m, n in moved
        ),
    )


def _entries(part: Floats) -> list[tuple[int, int, int]]:
    """Row, month from 1 and heads, in the order of months."""
    found = [(int(row), int(month) + 1, round(float(part[row, month]))) for row, month in np.argwhere(part > 0.5)]
    return sorted(found, key=lambda entry: (entry[1], entry[0]))


# What the simulated year says -----------------------------------------------------


def holds_of(result: YearResult, targets: Sequence[str]) -> Floats:
    """(months,) the share of years whose typical week meets all of some targets; 1 where nothing is judged."""
    met = [result.week.met[name] for name in targets if name in result.week.met]
    if not met:
        return np.ones(len(result.labels))
    every = np.min([np.where(np.isnan(one), 1.0, one) for one in met], axis=0)
    return np.asarray(every.mean(axis=0))


def slack_of_year(result: YearResult, targets: Mapping[str, MeasureTarget], sure: float) -> Floats:
    """(targets, months) what each has to spare in so large a share of years.

    Of a target of some contacts only whether a week meets it is known: its share of years above that wanted, scaled.
    """
    level = result.scenario.targets.service_level.definition
    found = []
    for name, target in targets.items():
        measure = SERVICE_LEVEL if name == level else IN_WEEK.get(name, name)
        if measure in result.week.tops:
            values = result.week.value(measure)[:, :, -1]
            own = values - target.share if target.at_least else target.share - values
            found.append(quantile(np.where(np.isnan(own), np.inf, own), 1.0 - sure))
        else:
            found.append(A_SHARE * (holds_of(result, [name]) - sure))
    return np.stack(found) if found else np.zeros((0, len(result.labels)))


def strain_of_year(result: YearResult, groups: Sequence[str], expected: Floats) -> Floats:
    """(groups, months) how much more leave than at neutral strain, on the mean of all years.

    Parameters
    ----------
    expected : (groups, months) the chance to leave in a month at neutral strain.
    """
    places = [result.groups.index(name) for name in groups]
    left, there = (result.people.tops[name].sum(axis=0)[:, places].T for name in ("left", "available"))
    usual = np.maximum((there * expected).sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.broadcast_to(left.sum(axis=1, keepdims=True) / usual, left.shape))


# What is wanted next --------------------------------------------------------------


def corrected(requirement: Requirement, turn: CorrectionRound) -> Floats:
    """(groups, months) heads wanted next: more where a month misses, fewer where one that binds can spare some."""
    wanted = turn.wanted.copy()
    for month in range(wanted.shape[1]):
        wanted[:, month] += _step(requirement, turn, month)
    return wanted


def _step(requirement: Requirement, turn: CorrectionRound, month: int) -> Floats:
    """(groups,) heads more or fewer in a month: of the groups that a missed target is about, and of all others."""
    names = list(requirement.targets)
    rows = [names.index(name) for name in requirement.reachable]
    wanted, there = turn.wanted[:, month], turn.programme.outcome.worth[:, month]
    slope, serve, slack = requirement.slope[rows, month], requirement.serve[rows], turn.slack[:, month]
    step, short = np.zeros(len(wanted)), np.zeros_like(wanted, dtype=np.bool_)
    if month + 1 in turn.mendable:
        missed = slack < 0.0 if (slack < 0.0).any() else slack == slack.min(initial=np.inf)
        short = np.asarray(serve[missed].any(axis=0))
        whole = float(wanted[short].sum())
        heads = max((-slack[missed] / slope[missed]).max(initial=0.0), 0.0) * whole
        step[short] = min(max(heads, LEAST_STEP), max(MOST_RISE * whole, LEAST_STEP)) * wanted[short] / max(whole, 1e-9)
    for group in np.flatnonzero(~short & (there - wanted < BINDING)):
        own = serve[:, group] & np.isfinite(slack)
        spare = (slack[own] / slope[own]).min() if own.any() and month + 1 not in turn.missed else 0.0
        step[group] = -EASED * min(max(spare, 0.0), MOST_FALL) * wanted[group]
    return step
