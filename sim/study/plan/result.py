"""What a plan of heads is, and what it does: people, service and money by month, over the replications of a year.

A replication is a whole year on customers and people of its own; plans meet the same ones, so that differences of two
plans are paired. Every measure is a ratio of two sums over replications, as in a week's report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.display import Displayed, counted, how_made
from sim.engine import COMPILED
from sim.facts.headcount import MONTHS_A_YEAR, ahead_of
from sim.scenario.model import Scenario
from sim.scenario.planning import LetGo, TrainingClass, Transfer
from sim.scenario.planning_values import HiringRule
from sim.scenario.targets import MeasureTarget
from sim.study.estimates import Estimate
from sim.study.replicate import Progress
from sim.study.risk.chance import chance_of

Floats = npt.NDArray[np.float64]

ALL = "all"
PEOPLE = (
    *("heads", "in_training", "available", "hired", "graduated", "dropped", "moved", "let_go", "left", "leaving"),
    *("mean_heads", "tenure_days", "learning_factor", "mean_speed"),
)
"""Measures of people. On the payroll, trainees too; in training; on the queue in the month's week; who began their
training, ended it, and did not; net of transfers; let go; left by themselves at the month's end, and were expected to;
on the queue on average over the month (before and after who leaves), by which a year's leavers are divided; of those
on the queue the time in the job, what learning makes of handle time (one agent one vote), and of speed: available x
`mean_speed` is FTE in heads that have learned all."""
WEEK = (
    "service_level",
    "abandonment_rate",
    "asa_s",
    "aht_s",
    "occupancy",
    "resolution",
    "strained_share",
    "fatigue_mean",
    "mistreatment_rate",
    "demand",
    "offered",
    "workload_hours",
    "agents_on_queue",
    "backlog",
)
"""Measures of a month's typical week: `service_level` by the definition of the targets, `resolution` the share of needs
resolved in the end (of all groups together alone), `backlog` the deferred items open at its end. Those that a scenario
does not have are left out."""
PAY, OVERTIME, TRAINING, HIRING = "pay", "overtime", "training", "hiring"
SEVERANCE, NOTICE, SUPERVISORS = "severance", "notice", "supervisors"
SESSIONS, RESOLUTIONS, LICENCE = "bot_sessions", "bot_resolutions", "licence"
LINES = (PAY, OVERTIME, TRAINING, HIRING, SEVERANCE, NOTICE, SUPERVISORS, SESSIONS, RESOLUTIONS, LICENCE)
"""Lines of cash, a month each: a typical week's times the weeks of a month, or what is paid once. `training` is the pay
of who is trained, `pay` that of everybody else. `costs.leaver` is in none: hires are counted by name."""
TOTAL = "total"


# Plans ----------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthView:
    """What is known at the start of a month, after classes that are written down and before anybody is hired by rule.

    Attributes
    ----------
    month : from 1.
    groups : names, in the order of every array.
    available : (groups,) on the queue.
    in_training : (groups,) hired and not yet on the queue; those hired by rule who have not begun are among them.
    left : (groups,) who has left the queue by themselves so far.
    ordered : (groups,) who has been hired by the rule so far; None for nobody.
    """

    month: int
    groups: tuple[str, ...]
    available: npt.NDArray[np.int64]
    in_training: npt.NDArray[np.int64]
    left: npt.NDArray[np.int64]
    ordered: npt.NDArray[np.int64] | None = None

    @property
    def heads(self) -> npt.NDArray[np.int64]:
        """(groups,) both."""
        return self.available + self.in_training


class HiringPolicy(Protocol):
    """A rule of hiring that looks at every month as it comes; frozen, and its `repr` says all that it depends on."""

    def orders(self, view: MonthView, scenario: Scenario) -> Mapping[str, int]:
        """How many to hire, by group; they begin their training after `horizon.hiring.lead_time`."""


@dataclass(frozen=True)
class FileRule:
    """The rule of a file: nobody, as many as left, or up to a number of heads."""

    rule: HiringRule

    def orders(self, view: MonthView, scenario: Scenario) -> Mapping[str, int]:
        """How many to hire, by group."""
        if self.rule.kind == "none":
            return {}
        if self.rule.kind == "replace":
            ordered = np.zeros_like(view.left) if view.ordered is None else view.ordered
            wanted = np.floor(view.left / ahead_of(scenario).hiring.graduates + 0.5).astype(np.int64) - ordered
            return dict(zip(view.groups, np.maximum(wanted, 0).tolist(), strict=True))
        named = self.rule.by_group
        levels = dict.fromkeys(view.groups, self.rule.level) if named is None else named
        heads = dict(zip(view.groups, view.heads.tolist(), strict=True))
        return {name: max((level or 0) - heads[name], 0) for name, level in levels.items() if name in heads}


@dataclass(frozen=True)
class Change:
    """Settings of the scenario from a month on, such as more coaching or another bot."""

    month: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class YearPlan:
    """A plan of heads.

    Attributes
    ----------
    name : in reports.
    classes, let_go, transfers : who comes, goes and moves, as in `horizon`.
    rule : who is hired beside the classes.
    changes : of the scenario, each from a month on, on top of one another; demand, bot, attrition and prices ahead
        among them. More planned shrinkage leaves fewer of the same heads on the queue. How long training takes and who
        graduates stays as in the file.
    """

    name: str
    classes: tuple[TrainingClass, ...] = ()
    let_go: tuple[LetGo, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    rule: HiringPolicy = FileRule(HiringRule())
    changes: tuple[Change, ...] = ()


def plan_of(scenario: Scenario, name: str = "file") -> YearPlan:
    """Return the plan that a scenario's own `horizon` writes down."""
    ahead = ahead_of(scenario)
    return YearPlan(name, ahead.hiring.classes, ahead.let_go, ahead.transfers, FileRule(ahead.hiring.rule))


@dataclass(frozen=True)
class PlanOptions:
    """How years are to be simulated.

    Attributes
    ----------
    replications : years of each plan.
    seed : of all luck; that of the scenario unless given.
    engine, jobs : the result depends on neither.
    known : outcomes that are there already, by number (`numbered`): plan after plan within each replication.
    keep : called with a number and the outcome of a year as it is done, which is plain data.
    progress : called with (years done, years in all).
    """

    replications: int = 30
    seed: int | None = None
    engine: str = COMPILED
    jobs: int | None = None
    known: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    keep: Callable[[int, Mapping[str, Any]], None] | None = None
    progress: Progress | None = None


# Results --------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthlySums:
    """Measures of every replication, month and group, as sums to be divided.

    Attributes
    ----------
    tops, bottoms : (replications, months, groups + 1) by measure; the last column is of all groups together, nan where
        a measure is not told by group.
    met : (replications, months) whether the week meets a target, by target; nan where there is nothing to judge.
    """

    tops: Mapping[str, Floats]
    bottoms: Mapping[str, Floats]
    met: Mapping[str, Floats]

    def value(self, measure: str) -> Floats:
        """(replications, months, groups + 1) of every year by itself; nan where there is nothing to divide by."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.bottoms[measure] > 0, self.tops[measure] / self.bottoms[measure], np.nan)

    def estimate(self, measure: str) -> Estimate:
        """The measure over all years, by (month, group) in one row of months x (groups + 1) cells."""
        rows = len(self.tops[measure])
        top, bottom = self.tops[measure].reshape(rows, -1), self.bottoms[measure].reshape(rows, -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(bottom.sum(axis=0) > 0, top.sum(axis=0) / bottom.sum(axis=0), np.nan)
            return Estimate(mean, (top - mean * bottom) / bottom.mean(axis=0))


@dataclass(frozen=True, repr=False)
class YearResult(Displayed):
    """What a plan does.

    Attributes
    ----------
    scenario, plan : what was simulated.
    groups : names, in the order of the columns; ALL stands behind them.
    labels : of the months, such as 2027-01.
    people, week : measures of people and of the typical week (`PEOPLE`, `WEEK`).
    peak : the same of the peak week, where the file asks for one.
    money : (replications, months) of cash by line; empty without costs.
    goals : the targets of the scenario.
    seed : of all luck.
    """

    scenario: Scenario
    plan: YearPlan
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    people: MonthlySums
    week: MonthlySums
    peak: MonthlySums | None
    money: Mapping[str, Floats]
    goals: Mapping[str, MeasureTarget]
    seed: int

    @property
    def replications(self) -> int:
        """Years simulated."""
        return len(self.people.tops["heads"])

    def _line(self) -> str:
        return (
            f"{self.scenario.name!r}, plan {self.plan.name!r}: {counted(len(self.labels), 'month')}, {how_made(self)}"
        )

    @property
    def values(self) -> dict[str, Floats]:
        """(replications, months, groups + 1) of every year by itself, by measure."""
        return {name: sums.value(name) for sums in (self.people, self.week) for name in sums.tops}

    def estimate(self, measure: str, peak: bool = False) -> Estimate:
        """A measure by (month, group), in one row of cells; `minus` of two plans is paired.

        Parameters
        ----------
        peak : of the peak week, not of the typical one.
        """
        if measure in self.people.tops:
            return self.people.estimate(measure)
        sums = self.peak if peak and self.peak is not None else self.week
        return sums.estimate(measure)

    @property
    def months(self) -> pd.DataFrame:
        """One row a month, group and measure: month, label, group, measure, mean, low, high."""
        return self._months((self.people, self.week))

    @property
    def peak_months(self) -> pd.DataFrame:
        """The same of the peak week; no rows where the file asks for none."""
        return self._months(() if self.peak is None else (self.peak,))

    def _months(self, sources: Sequence[MonthlySums]) -> pd.DataFrame:
        columns = ["month", "label", "group", "measure", "mean", "low", "high"]
        tables = [self._rows(name, sums.estimate(name)) for sums in sources for name in sums.tops]
        whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
        return whole[whole["mean"].notna()].reset_index(drop=True)[columns]

    def _rows(self, measure: str, estimate: Estimate) -> pd.DataFrame:
        names, count = (*self.groups, ALL), len(self.labels)
        return pd.DataFrame(
            {
                "month": np.repeat(np.arange(1, count + 1), len(names)),
                "label": np.repeat(np.array(self.labels, object), len(names)),
                "group": np.tile(np.array(names, object), count),
                "measure": measure,
                "mean": estimate.mean,
                "low": estimate.low,
                "high": estimate.high,
            }
        )

    @property
    def chance(self) -> pd.DataFrame:
        """One row a month and target, `all` together too: month, label, target, chance, low, high (Wilson, 95 %).

        It is the chance that a typical week of the month meets the target.
        """
        met = dict(self.week.met)
        if met:
            met[ALL] = met_together(met)
        rows = [
            (m + 1, label, target, *chance_of(hits[~np.isnan(hits[:, m]), m] > 0.5))
            for target, hits in met.items()
            for m, label in enumerate(self.labels)
        ]
        return pd.DataFrame(rows, columns=["month", "label", "target", "chance", "low", "high"])

    @property
    def cost(self) -> pd.DataFrame:
        """One row a month and line of cash, TOTAL too: month, label, line, mean, low, high."""
        rows = [
            (m + 1, label, line, *_three(amounts[:, m]))
            for line, amounts in self._lines().items()
            for m, label in enumerate(self.labels)
        ]
        return pd.DataFrame(rows, columns=["month", "label", "line", "mean", "low", "high"])

    @property
    def totals(self) -> pd.DataFrame:
        """One row a line of cash over the whole horizon, TOTAL too: line, mean, low, high."""
        rows = [(line, *_three(amounts.sum(axis=1))) for line, amounts in self._lines().items()]
        return pd.DataFrame(rows, columns=["line", "mean", "low", "high"])

    @property
    def spent(self) -> Floats:
        """(replications,) cash over the whole horizon; nan without costs."""
        lines = self._lines()
        return lines[TOTAL].sum(axis=1) if lines else np.full(self.replications, np.nan)

    @property
    def over_budget(self) -> float:
        """The share of years that spend more than `horizon.budget`; nan where there is none, or no costs."""
        budget = ahead_of(self.scenario).budget
        return math.nan if budget is None or not self.money else float((self.spent > budget).mean())

    @property
    def turnover(self) -> float:
        """Leavers of a year over mean heads on the queue, over all replications: what 31 % a year means."""
        left, heads = (float(self.people.tops[name][:, :, -1].sum()) for name in ("left", "mean_heads"))
        return left / heads * MONTHS_A_YEAR if heads > 0.0 else math.nan

    def _lines(self) -> dict[str, Floats]:
        if not self.money:
            return {}
        return {**self.money, TOTAL: np.sum(list(self.money.values()), axis=0)}


def met_together(met: Mapping[str, Floats]) -> Floats:
    """Whether weeks meet every target that they can be judged by; nan where they can be judged by none."""
    return np.asarray(np.fmin.reduce(list(met.values())))


def _three(values: Floats) -> tuple[float, float, float]:
    """The mean of independent values and its 95 % interval."""
    mean = float(values.mean())
    estimate = Estimate(np.array([mean]), (values - mean)[:, None])
    return mean, float(estimate.low[0]), float(estimate.high[0])


@dataclass(frozen=True, repr=False)
class PlansResult(Displayed):
    """Plans on the same customers and the same people's luck, in the order given."""

    scenario: Scenario
    plans: tuple[YearResult, ...]
    seed: int

    @property
    def replications(self) -> int:
        """Years simulated of each plan."""
        return self.plans[0].replications

    def _line(self) -> str:
        return f"{self.scenario.name!r}: {counted(len(self.plans), 'plan')}, {how_made(self)}"

    def __getitem__(self, name: str) -> YearResult:
        """The plan of a name."""
        return next(plan for plan in self.plans if plan.plan.name == name)


def numbered(plans: Sequence[YearPlan], replications: int) -> list[tuple[int, int, int]]:
    """Return (number, plan, replication) of every year, in the order in which they are simulated."""
    return [(r * len(plans) + p, p, r) for r in range(replications) for p in range(len(plans))]
