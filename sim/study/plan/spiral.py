"""The spiral: from when leavers make leavers, with how few people it begins, and what turning back costs.

A head who goes makes a month more straining for those who stay; some of them leave for it, who would have stayed. Two
plans on the same customers and the same people's luck, one with a few heads fewer in the first month, show how many.
Without that, of a gap in heads a part leaves with every month, since who is not there cannot leave: the gap shrinks.
Where it grows, attrition feeds itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from sim.display import Displayed, how_made
from sim.facts.headcount import ahead_of, first_start_after
from sim.loading.load import changed
from sim.scenario.model import Scenario
from sim.scenario.planning import LetGo, TrainingClass
from sim.study.estimates import Estimate
from sim.study.levels import serving
from sim.study.plan.correction import holds_of
from sim.study.plan.ground import heads_today
from sim.study.plan.month import with_staff
from sim.study.plan.result import HIRING, TRAINING, PlanOptions, YearPlan, YearResult, plan_of
from sim.study.plan.rules import REPLACE, ReplaceFrom
from sim.study.plan.year import simulate_plans
from sim.study.replicate import RunOptions
from sim.study.scenario_results import simulate_all

Floats = npt.NDArray[np.float64]
MONTHS_RISING = 3
PROBE = 0.05
"""The share of heads that is let go in the first month, to see how many more leave for it."""
FEWER, MORE = (0.9, 0.8, 0.7, 0.6), (1.1, 1.2, 1.35)
"""Staff at the start that is tried, as a share of today's, until there is a spiral, or none."""
STEPS, OF_SEARCH, OF_THRESHOLD = 2, 12, 6
NEAR, HALF, SURE = 1e-9, 0.5, 0.95
PAID = (HIRING, TRAINING)


# Laws -----------------------------------------------------------------------------


def spiral_month(leaving: Floats, available: Floats) -> int | None:
    """The first of three months in a row in which more leave than the month before while fewer are there.

    The chance to leave then rises too, by more than heads fall. What luck may have made is no spiral: from the month
    before to the last that goes on so, the rise is to be clear of it (year by year, 95 %, of one side).

    Parameters
    ----------
    leaving : (replications, months) leavers expected at the end of each month.
    available : (replications, months) heads on the phones.

    Returns
    -------
    int or None
        a month, from 1; None where there is none.
    """
    worse = (np.diff(leaving.mean(axis=0)) > NEAR) & (np.diff(available.mean(axis=0)) < -NEAR)
    for month in range(len(worse) - MONTHS_RISING + 1):
        if worse[month : month + MONTHS_RISING].all():
            last = month + int(np.argmin([*worse[month:], False]))
            if _clear(leaving[:, last] - leaving[:, month]):
                return month + 2
    return None


def _clear(rise: Floats) -> bool:
    """Whether a mean is above 0 whatever luck did to it; a single year cannot tell."""
    years = rise.size
    if years < 2:
        return True
    spread = float(rise.std(ddof=1)) / math.sqrt(years)
    return bool(rise.mean() > stdtrit(years - 1, SURE) * spread)


def amplification(gap: Floats, more: Floats) -> Estimate:
    """How much larger a gap in heads is expected to be a month later, by month: above 1 attrition feeds itself.

    Parameters
    ----------
    gap : (replications, months) heads fewer of one plan than of the other, by leaving alone.
    more : (replications, months) leavers expected in one plan above the other.

    Returns
    -------
    Estimate
        (months,) ratios of sums over replications; nan where there is no gap.
    """
    whole = gap.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(whole > NEAR, 1.0 + more.sum(axis=0) / whole, np.nan)
        return Estimate(mean, (gap + more - mean * gap) / gap.mean(axis=0))


def gap_by_leaving(gone: float, left: Floats, other: Floats) -> Floats:
    """(replications, months) heads fewer at the start of each month where so many went, hiring apart.

    Parameters
    ----------
    gone : heads that one plan lets go at the start of the first month, and the other does not.
    left, other : (replications, months) leavers at the end of each month, with and without that.
    """
    more = np.cumsum(left - other, axis=1)
    return np.asarray(gone + np.concatenate([np.zeros((len(left), 1)), more[:, :-1]], axis=1))


def threshold_of(spirals: Callable[[float], bool], here: bool) -> float | None:
    """The least staff above which there is no spiral, as a share of today's; None where none was found to change it.

    From today's staff down until there is one, or up until there is none, then halfway between. Far below, where
    everybody is as strained as can be, there may be none again: that is not looked for.
    """
    tried = 1.0
    for share in MORE if here else FEWER:
        if spirals(share) != here:
            low, high = (tried, share) if here else (share, tried)
            for _ in range(STEPS):
                middle = (low + high) / 2.0
                low, high = (middle, high) if spirals(middle) else (low, middle)
            return high
        tried = share
    return None


# What is found --------------------------------------------------------------------


@dataclass(frozen=True)
class TurningBack:
    """What it takes to turn back once the spiral is seen, after its three months.

    Attributes
    ----------
    month : in which the classes begin that hire back, from 1.
    hired : people in them.
    hiring, training : cash for hires and for those in training, classes and replacements; nan without costs.
    missed : months that miss a target in more than half of the years.
    missed_kept : the same where everybody who leaves is replaced from the start, and nobody is let go.
    """

    month: int
    hired: int
    hiring: float
    training: float
    missed: int
    missed_kept: int


@dataclass(frozen=True, repr=False)
class Spiral(Displayed):
    """Whether attrition feeds itself.

    Attributes
    ----------
    scenario, plan : what was looked at.
    month : the first month of the spiral, from 1; None where there is none.
    leaving, available : (months,) leavers expected, and heads on the phones, on average.
    amplification : (months,) how much larger a gap in heads is expected to be a month later.
    heads : at the start, of the groups that take contacts.
    threshold : the least staff at the start above which there is no spiral, as a share of today's; None where neither
        fewer nor more that were tried change it, or it was not looked for.
    back : what turning back costs; None without a spiral, or where it comes too late for the months.
    seed, replications : how.
    """

    scenario: Scenario
    plan: YearPlan
    month: int | None
    leaving: Floats
    available: Floats
    amplification: Estimate
    heads: int
    threshold: float | None
    back: TurningBack | None
    seed: int
    replications: int

    @property
    def feeds_itself(self) -> list[int]:
        """The months, from 1, in which the whole interval of the amplification lies above 1."""
        return [int(month) + 1 for month in np.flatnonzero(self.amplification.low > 1.0)]

    @property
    def threshold_heads(self) -> int | None:
        """The threshold in people."""
        return None if self.threshold is None else math.ceil(self.threshold * self.heads - NEAR)

    def _line(self) -> str:
        words = "no spiral" if self.month is None else f"a spiral from month {self.month} on"
        return f"{self.scenario.name!r}, plan {self.plan.name!r}: {words}, {how_made(self)}"


def find_spiral(
    scenario: Scenario, plan: YearPlan | None = None, options: PlanOptions | None = None, *, threshold: bool = True
) -> Spiral:
    """Find from when attrition feeds itself, with how few people it does, and what turning back costs.

    Parameters
    ----------
    scenario : with its `horizon`.
    plan : the plan of heads to look at; the file's own unless given.
    options : seed, engine, workers; 12 replications at most.
    threshold : whether to look for the staff at the start with which it begins.
    """
    options = options or PlanOptions()
    few = replace(options, replications=min(options.replications, OF_SEARCH), known={}, keep=None)
    own = plan or plan_of(scenario)
    heads = {name: count for name, count in heads_today(scenario).items() if name in serving(scenario)}
    probe = cut_at_start(own, heads, 1.0 - PROBE, "probe")
    base, fewer = simulate_plans(scenario, [own, probe], few).plans
    gone = sum(entry.count for entry in probe.let_go) - sum(entry.count for entry in own.let_go)
    places = [base.groups.index(name) for name in heads]
    (left, expected), (other, usual) = (_leavers(one, places) for one in (fewer, base))
    leaving, available = expected_of(base, places)
    month = spiral_month(leaving, available)
    leaving, available = leaving.mean(axis=0), available.mean(axis=0)
    looks = replace(few, replications=min(few.replications, OF_THRESHOLD))
    found = threshold_of(_Staffed(scenario, own, heads, looks).spirals, month is not None) if threshold else None
    back = None if month is None else _turning_back(base, heads, month, few)
    grows = amplification(gap_by_leaving(float(gone), left, other), expected - usual)
    whole, count = sum(heads.values()), few.replications
    return Spiral(scenario, own, month, leaving, available, grows, whole, found, back, base.seed, count)


def _leavers(result: YearResult, places: Sequence[int]) -> tuple[Floats, Floats]:
    """(replications, months) leavers of some groups: those who left, and those expected to."""
    left, leaving = (result.people.tops[name][:, :, list(places)].sum(axis=2) for name in ("left", "leaving"))
    return left, leaving


def expected_of(result: YearResult, places: Sequence[int]) -> tuple[Floats, Floats]:
    """(replications, months) leavers expected, and heads on the phones, of some groups."""
    names = ("leaving", "available")
    leaving, available = (result.people.tops[name][:, :, list(places)].sum(axis=2) for name in names)
    return leaving, available


def cut_at_start(plan: YearPlan, heads: Mapping[str, int], share: float, name: str) -> YearPlan:
    """The plan with so large a share of heads at the start; of each group at least one goes where any share does."""
    gone = {group: max(round((1.0 - share) * count), 1) if count > 0 else 0 for group, count in heads.items()}
    more = tuple(LetGo(month=1, group=group, count=count) for group, count in gone.items() if count > 0)
    return replace(plan, name=name, let_go=(*plan.let_go, *more))


@dataclass
class _Staffed:
    """The same months with another staff at the start."""

    scenario: Scenario
    plan: YearPlan
    heads: Mapping[str, int]
    options: PlanOptions

    def spirals(self, share: float) -> bool:
        """Whether there is a spiral with so large a share of today's heads."""
        scenario, plan = (self.scenario, cut_at_start(self.plan, self.heads, share, "fewer"))
        if share > 1.0:
            scenario, plan = self._with_more(share), self.plan
        result = simulate_plans(scenario, [plan], self.options).plans[0]
        places = [result.groups.index(name) for name in self.heads]
        return spiral_month(*expected_of(result, places)) is not None

    def _with_more(self, share: float) -> Scenario:
        """More on the roster and in heads; strain is still judged by that of today's week."""
        scenario = self.scenario
        heads = {f"horizon.heads.{name}": round(share * count) for name, count in self.heads.items()}
        larger = with_staff(scenario, [share if name in self.heads else 1.0 for name in scenario.agents])
        return changed(larger, {**heads, "horizon.attrition.reference": self._reference})

    @cached_property
    def _reference(self) -> float:
        """The strain that is neutral today."""
        scenario, given = self.scenario, ahead_of(self.scenario).attrition.reference
        if given is not None:
            return given
        seed = scenario.run.seed if self.options.seed is None else self.options.seed
        run = RunOptions(seed, self.options.engine, self.options.jobs)
        today = next(simulate_all([scenario], run, self.options.replications)).mean("fatigue_mean")
        return 0.0 if math.isnan(today) else today


def _turning_back(base: YearResult, heads: Mapping[str, int], month: int, options: PlanOptions) -> TurningBack | None:
    scenario, seen = base.scenario, month + MONTHS_RISING
    hiring = ahead_of(scenario).hiring
    begins = first_start_after(seen, hiring.lead_time)
    if begins > len(base.labels):
        return None
    there = base.people.tops["available"].mean(axis=0)[seen - 1]
    missing = {name: count - there[base.groups.index(name)] for name, count in heads.items()}
    counts = {name: math.ceil(gap / max(hiring.graduates, NEAR) - NEAR) for name, gap in missing.items()}
    classes = tuple(TrainingClass(month=begins, group=name, count=n) for name, n in counts.items() if n > 0)
    turned = replace(base.plan, name="back", classes=(*base.plan.classes, *classes), rule=ReplaceFrom(begins))
    back, kept = simulate_plans(scenario, [turned, YearPlan("kept", rule=REPLACE)], options).plans
    names = list(back.goals)
    hires, training = (float(back.money[line].sum(axis=1).mean()) if line in back.money else math.nan for line in PAID)
    missed, missed_kept = (int((holds_of(one, names) < HALF).sum()) for one in (back, kept))
    return TurningBack(begins, sum(c.count for c in classes), hires, training, missed, missed_kept)
