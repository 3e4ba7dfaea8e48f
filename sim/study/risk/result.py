"""The answer of a risk study: chances, money, regret, what carries the doubt, and what is worth knowing first.

What fits and resamples is imported when it is first asked for: scipy.stats takes a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.display import Displayed, counted
from sim.facts.money import WeekVolumes, prices_bad_service, week_cash, week_prices
from sim.scenario.goals import Costs
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.risk.choice import ChoiceByNumber, choice_by_number
from sim.study.risk.draws import DrawOutcome, PlanOutcome
from sim.study.risk.plans import BEFORE, LEVEL, OWN, RiskPlan
from sim.study.risk.resampling import UNKNOWN, Estimated, mean_of
from sim.study.risk.sample import RiskSample

if TYPE_CHECKING:
    from sim.study.risk.chance import ChanceCurve
    from sim.study.risk.indices import FirstOrder, SurrogateIndices
    from sim.study.risk.worth import Worth

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ALL = "all"
SCREENED = 10
"""Beliefs at most that a surrogate is made of: those that carry most by themselves."""
REGRET_SHARE = 0.95


@dataclass(frozen=True, repr=False)
class RiskResult(Displayed):
    """What a risk study found. Plans are named by their place in `plans`, draws by their place among those that count.

    Attributes
    ----------
    scenario : the file.
    plans : the file's own first, the centre as it was last where one is given.
    sample : what was drawn.
    outcomes : of every draw, refused ones too, in their order.
    goals : what every plan is judged by, by measure.
    seed, replications : of the simulation; replications of the file's days make the period.
    wanted : the chance that is asked for.
    """

    scenario: Scenario
    plans: tuple[RiskPlan, ...]
    sample: RiskSample
    outcomes: tuple[DrawOutcome, ...]
    goals: Mapping[str, MeasureTarget]
    seed: int
    replications: int
    wanted: float

    # Draws ------------------------------------------------------------------------

    @cached_property
    def counted(self) -> tuple[DrawOutcome, ...]:
        """The draws that count: those that contradict neither a file nor a report."""
        return tuple(outcome for outcome in self.outcomes if not outcome.refused)

    @property
    def refused(self) -> tuple[DrawOutcome, ...]:
        """The draws that were dropped, with the reason."""
        return tuple(outcome for outcome in self.outcomes if outcome.refused)

    @property
    def currency(self) -> str:
        """Of all amounts."""
        return self.scenario.costs.currency if self.scenario.costs is not None else ""

    @property
    def about(self) -> str:
        """The target that the chosen plan is likeliest to miss: what doubt is asked about first."""
        return min(self.goals, key=lambda name: float(self.met(name)[:, self.chosen].mean()))

    @property
    def weeks(self) -> float:
        """The weeks of the period."""
        return self.replications * self.scenario.calendar.weeks()

    @cached_property
    def inputs(self) -> Floats:
        """(draws, beliefs) how far through its distribution each belief is, of the draws that count; else its rank."""
        from sim.study.risk.polynomials import ranks

        mine = self.sample.shares[[outcome.number for outcome in self.counted]]
        return ranks(mine) if self.refused else mine

    @property
    def before(self) -> int | None:
        """The place of the centre as it was."""
        return len(self.plans) - 1 if self.plans[-1].kind == BEFORE else None

    def values(self, measure: str) -> Floats:
        """(draws, plans) a measure over the period; nan where it has none."""
        return self._of(lambda outcome: outcome.values.get(measure, math.nan))

    def rows(self, measure: str, plan: int) -> Floats:
        """(draws, replications) a measure of every replication by itself; nan where it has none."""
        nothing = [math.nan] * self.replications
        return np.array([outcome.plans[plan].rows.get(measure, nothing) for outcome in self.counted], float)

    def _of(self, figure: Callable[[PlanOutcome], float]) -> Floats:
        rows = [[figure(plan) for plan in outcome.plans] for outcome in self.counted]
        return np.array(rows, float).reshape(len(rows), len(self.plans))

    @cached_property
    def drowned(self) -> Bools:
        """(draws, plans) where customers come back without end: every target is missed."""
        return self._of(lambda outcome: outcome.drowned) > 0

    # Chances ----------------------------------------------------------------------

    def met(self, measure: str = ALL) -> Bools:
        """(draws, plans) whether the period meets a target, or all of them; what cannot be measured misses."""
        if measure == ALL:
            return np.asarray(np.all([self.met(name) for name in self.goals], axis=0))
        goal, values = self.goals[measure], self.values(measure)
        with np.errstate(invalid="ignore"):
            return np.asarray(values >= goal.share if goal.at_least else values <= goal.share)

    def chance(self, plan: int, measure: str = ALL) -> Estimated:
        """The chance that a plan's period meets a target, or all, luck and beliefs together; 95 % (Wilson)."""
        from sim.study.risk.chance import chance_of

        return chance_of(self.met(measure)[:, plan])

    def chance_of_a_day(self, plan: int) -> Estimated:
        """The chance that a single day meets the targets that a day can be held to."""
        shares = [o.plans[plan].days_met / o.plans[plan].days for o in self.counted if o.plans[plan].days]
        shares += [0.0 for o in self.counted if o.plans[plan].drowned]
        return mean_of(np.array(shares)).within(0.0, 1.0)

    def chance_above(self, plan: int, other: int) -> Estimated:
        """By how much the chance of a plan is above another's, on the same draws."""
        from sim.study.risk.chance import chance_difference

        met = self.met()
        return chance_difference(met[:, plan], met[:, other])

    @cached_property
    def candidates(self) -> list[int]:
        """The plans that can be chosen: all but the centre as it was."""
        return [place for place, plan in enumerate(self.plans) if plan.kind != BEFORE]

    @property
    def best_chance(self) -> int:
        """The plan that is most likely to meet all targets; of several alike the one with the smallest staff."""
        chances = self.met().mean(axis=0)
        return max(self.candidates, key=lambda plan: (chances[plan], -self.plans[plan].fte))

    @property
    def sufficient(self) -> list[int]:
        """The plans whose chance of meeting all targets is at least the one asked for, the smallest staff first."""
        chances = self.met().mean(axis=0)
        enough = [plan for plan in self.candidates if chances[plan] >= self.wanted]
        return sorted(enough, key=lambda plan: self.plans[plan].fte)

    @property
    def chosen(self) -> int:
        """The plan that figures about one plan are of: the smallest that is sure enough, else the likeliest."""
        return self.sufficient[0] if self.sufficient else self.best_chance

    @cached_property
    def curve(self) -> ChanceCurve | None:
        """How the chance of meeting all targets rises with the file's staff; None with fewer than two levels."""
        from sim.study.risk.chance import chance_curve

        mine = [k for k, plan in enumerate(self.plans) if plan.kind in (OWN, LEVEL) and "pace" not in plan.changes]
        staff = np.array([self.plans[k].fte for k in mine])
        if np.unique(staff).size < 2 or not np.isfinite(staff).all():
            return None
        return chance_curve(staff, self.met()[:, mine])

    # Money ------------------------------------------------------------------------

    @property
    def priced(self) -> bool:
        """Whether bad service has a price, without which the smallest staff is always the cheapest."""
        return self.scenario.costs is not None and prices_bad_service(self.scenario.costs)

    @cached_property
    def costs(self) -> Floats | None:
        """(draws, plans) what a week comes to, prices of bad service included; None where the file prices nothing.

        Where customers come back without end there is no figure: it is as dear as the dearest of the draw's plans.
        """
        prices = self.scenario.costs
        if prices is None or prices.agent_hour <= 0.0:
            return None
        missed = np.sum([~self.met(name) for name in self.goals], axis=0)
        found = np.array(
            [
                [_week(prices, plan, self.plans[k], missed[d, k], self.scenario) for k, plan in enumerate(draw.plans)]
                for d, draw in enumerate(self.counted)
            ]
        ).reshape(missed.shape)
        dearest = np.nanmax(np.where(np.isnan(found), -np.inf, found), axis=1, keepdims=True)
        return np.where(np.isnan(found), dearest, found)

    def cost(self, plan: int) -> Estimated:
        """What a week of a plan is expected to come to."""
        return UNKNOWN if self.costs is None else mean_of(self.costs[:, plan])

    @cached_property
    def regret(self) -> Floats | None:
        """(draws, plans) by how much a week is dearer than with the plan that turns out cheapest; None without prices.

        Where bad service has no price, it is of the plans that are sure enough, in a draw of those that meet.
        """
        if self.costs is None or not self.priced:
            return None
        mine = self.costs[:, self.candidates]
        return np.asarray(self.costs - mine.min(axis=1, keepdims=True))

    def expected_regret(self, plan: int) -> Estimated:
        """The mean regret of a plan."""
        return UNKNOWN if self.regret is None else mean_of(self.regret[:, plan])

    def high_regret(self, plan: int) -> float:
        """The regret that is not exceeded in 95 % of the draws."""
        return math.nan if self.regret is None else float(np.quantile(self.regret[:, plan], REGRET_SHARE))

    @property
    def least_cost(self) -> int | None:
        """The plan with the least expected cost: of all where bad service is priced, else of those sure enough."""
        among = self.candidates if self.priced else self.sufficient
        costs = self.costs
        if costs is None or not among:
            return None
        return min(among, key=lambda plan: float(costs[:, plan].mean()))

    @property
    def least_regret(self) -> int | None:
        """The plan whose regret is least in the worst twentieth of draws; None where bad service has no price."""
        return None if self.regret is None else min(self.candidates, key=self.high_regret)

    # What carries the doubt -------------------------------------------------------

    def luck(self, measure: str, plan: int) -> Estimated:
        """The share of luck in the variance of a measure over the period; nan with one replication."""
        from sim.study.risk.indices import share_of_luck

        rows = self.rows(measure, plan)
        rows = rows[~np.isnan(rows).any(axis=1)]
        if self.replications < 2 or len(rows) < 2:
            return UNKNOWN
        single = share_of_luck(rows)
        return Estimated(*(_of_period(share, self.replications) for share in single))

    def noise(self, measure: str, plan: int) -> float | None:
        """The variance of the luck in a measure over the period; None with one replication."""
        if self.replications < 2:
            return None
        return float(np.nanmean(np.nanvar(self.rows(measure, plan), axis=1, ddof=1))) / self.replications

    def first_order(self, measure: str, plan: int) -> list[FirstOrder]:
        """What each belief does to a measure by itself, in the order of the sample; results stay within 0 to 1."""
        from sim.study.risk.indices import first_order

        known, values = self._known(measure, plan)
        found = first_order(self.inputs[known], values)
        return [one.within(0.0, 1.0) for one in found]

    def screened(self, measure: str, plan: int) -> list[int]:
        """The beliefs that carry most of a measure by themselves, the first one most."""
        shares = [found.share.mean for found in self.first_order(measure, plan)]
        return sorted(range(len(shares)), key=lambda k: -shares[k])[:SCREENED]

    def total(self, measure: str, plan: int) -> tuple[list[int], SurrogateIndices] | None:
        """Indices of the screened beliefs by a surrogate, as far as it predicts well; None for correlated beliefs."""
        from sim.study.risk.indices import surrogate_indices

        if self.sample.correlated or not self.sample.beliefs:
            return None
        known, values = self._known(measure, plan)
        mine = self.screened(measure, plan)
        return mine, surrogate_indices(self.inputs[known][:, mine], values, noise=self.noise(measure, plan))

    def _known(self, measure: str, plan: int) -> tuple[Bools, Floats]:
        values = self.values(measure)[:, plan]
        return ~np.isnan(values), values[~np.isnan(values)]

    @cached_property
    def worth(self) -> list[Worth] | None:
        """What each belief is worth to know before deciding, in money a year; None where bad service has no price."""
        from sim.study.risk.worth import worth_of_knowing

        if self.regret is None or self.costs is None or self.scenario.costs is None:
            return None
        mine = self.costs[:, self.candidates]
        return worth_of_knowing(self.inputs, mine, life=self.scenario.costs.weeks_a_year, seed=self.seed + 1)

    @cached_property
    def worth_of_everything(self) -> Estimated:
        """What it would be worth a year to know everything: no study is worth more."""
        from sim.study.risk.worth import worth_of_everything

        if self.regret is None or self.costs is None or self.scenario.costs is None:
            return UNKNOWN
        mine = self.costs[:, self.candidates]
        return worth_of_everything(mine, life=self.scenario.costs.weeks_a_year)

    @cached_property
    def choices(self) -> list[ChoiceByNumber]:
        """What each belief does to the chances, and to the choice."""
        order = sorted(self.candidates, key=lambda plan: self.plans[plan].fte)
        return choice_by_number(self.inputs, self.met(), order, self.wanted)

    def name_of(self, plan: int | None) -> str | None:
        """The name of a plan by its place; None for none."""
        return None if plan is None else self.plans[plan].name

    # Tables -----------------------------------------------------------------------

    @cached_property
    def chances(self) -> pd.DataFrame:
        """One row a plan and target: plan, fte, target, chance, ci_low, ci_high; `all` for all, `day` for a day."""
        rows = []
        for place, plan in enumerate(self.plans):
            found = {name: self.chance(place, name) for name in (ALL, *self.goals)}
            found["day"] = self.chance_of_a_day(place)
            rows += [(plan.name, plan.fte, name, *estimate) for name, estimate in found.items()]
        return pd.DataFrame(rows, columns=["plan", "fte", "target", "chance", "ci_low", "ci_high"])

    @cached_property
    def draws(self) -> pd.DataFrame:
        """One row a draw, plan and measure over the period: draw, plan, measure, value."""
        rows = [
            (outcome.number, plan.name, name, value)
            for outcome in self.counted
            for plan, found in zip(self.plans, outcome.plans, strict=True)
            for name, value in found.values.items()
        ]
        return pd.DataFrame(rows, columns=["draw", "plan", "measure", "value"])

    def _line(self) -> str:
        named = f"{counted(len(self.plans), 'plan')}, {counted(len(self.outcomes), 'draw')}"
        return f"{self.scenario.name!r}: {named} of {counted(len(self.sample.beliefs), 'belief')}, seed {self.seed}"


def _of_period(share: float, replications: int) -> float:
    """The share of luck in a mean of so many replications, from that in one."""
    return share / (share + replications * (1.0 - share)) if share == share else share


def _week(costs: Costs, outcome: PlanOutcome, plan: RiskPlan, missed: float, scenario: Scenario) -> float:
    """What a week of a plan comes to in a draw; nan where nothing could be measured."""
    if outcome.drowned:
        return math.nan
    weeks = scenario.calendar.weeks()
    got = {name: value / weeks for name, value in outcome.values.items() if value == value}
    resolved = outcome.values.get("resolution_rate", 1.0)
    volumes = WeekVolumes(
        paid_hours=got.get("paid_hours", 0.0),
        overtime_hours=got.get("overtime_hours", 0.0),
        bot_sessions=got.get("bot_offered", 0.0),
        bot_closed=got.get("bot_contained", 0.0),
        has_bot=plan.scenario.bot is not None,
        leavers=got.get("leavers_expected", 0.0),
        missed=missed,
        unresolved=got.get("demand", 0.0) * (1.0 - resolved),
        abandoned=got.get("abandoned", 0.0) + got.get("balked", 0.0),
    )
    return sum(week_cash(costs, volumes).values()) + sum(week_prices(costs, volumes).values())
