"""Everything that the page of a decision says, found in one go."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED
from sim.errors import ArgumentError
from sim.facts.money import MoneyChange
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget, targets_of_scenario
from sim.study.bridge.claim import claim_of
from sim.study.bridge.fte import FteRule, fte_rule, occupancy_of
from sim.study.decide import plans
from sim.study.decide.chances import PlanChances, chances_of
from sim.study.decide.freed import FreedAtTargets, freed_at_targets
from sim.study.decide.money import costs_of, money_of, week_of
from sim.study.decide.plans import Assumed, Cut, Pace
from sim.study.decide.sure import FreedSensitivity, freed_sensitivity
from sim.study.decide.trigger import Trigger, trigger_of
from sim.study.replicate import Progress, RunOptions
from sim.study.risk.draws import Refit
from sim.study.scenario_results import ScenarioResult, simulate_all
from sim.study.staffing.no_worse import no_worse
from sim.study.staffing.no_worse_plans import check_alike
from sim.study.staffing.no_worse_result import NoWorse, NoWorsePlan
from sim.study.staffing.release import SHARE

HOUR_S = 3600.0
SLICES = ("intent", "group")
OF_MARGINS = {"abandonment": "abandonment_rate", "resolution": "resolution_rate", "strained_share": "strained_share"}
FEWER, FEW = 20, 10
"""Replications at most of a search; of what is put to the ends of its range."""
Stage = Callable[[str], None]


@dataclass(frozen=True, repr=False)
class Decision(Displayed):
    """How many can go, and what comes of it.

    Attributes
    ----------
    before, after : today, and tomorrow as it is written.
    no_worse : the search at equal service.
    at_targets : how many can go where the targets alone count; None where AFTER has none.
    results : every plan by name (`sim.study.decide.plans`), on the same customers.
    cuts : who goes in each of them; what is not named here keeps the roster of BEFORE.
    people : who goes by each plan in whole people, below 0 who come: as searched, else the FTE of the roster.
    old_pace : the handle-time target that held, or the handle time that BEFORE has (s); None without any contact.
    rule, claim : how work becomes staff; what the bot is said to do (`sim.study.bridge.claim`).
    claimed : the share of contacts by which a plan that trusts containment would cut; nan without a bot.
    trigger : when the next may go; None without a bot, or where nobody more is in sight.
    sure : what is assumed, and what it does; None where that was not asked for.
    chances : the chance that plans hold, luck and what is not known together; None where no draws were asked for.
    money : by plan, against BEFORE; empty where no wage is given.
    assumed : what the levers and hiring are assumed to do.
    goals : the targets of AFTER.
    seed, replications : of everything but the proof of `no_worse`, which has fresh ones.
    """

    before: Scenario
    after: Scenario
    no_worse: NoWorse
    at_targets: FreedAtTargets | None
    results: dict[str, ScenarioResult]
    cuts: dict[str, Cut]
    people: dict[str, int]
    old_pace: Pace
    rule: FteRule
    claim: pd.DataFrame
    claimed: float
    trigger: Trigger | None
    sure: FreedSensitivity | None
    chances: PlanChances | None
    money: dict[str, MoneyChange]
    assumed: Assumed
    goals: dict[str, MeasureTarget]
    seed: int
    replications: int

    def _line(self) -> str:
        count = max(self.heads_at_equal_service, 0) if self.feasible else 0
        found = f"{count or 'none'} can go at equal service"
        return f"{self.before.name!r}, {self.after.name!r}: {found}; {how_made(self)}"

    @property
    def plan(self) -> NoWorsePlan:
        """The search at equal service, with the files' own handle-time targets."""
        return self.no_worse.as_given

    @property
    def heads(self) -> int:
        """People who can safely go with waits, abandonment and strain as before; below 0 those who are needed.

        What staff does not make good (`plan.beyond_staff`), such as needs that the bot leaves open, is left out of it.
        """
        return self.plan.freed_by_bot.heads

    @property
    def heads_at_equal_service(self) -> int:
        """People who can safely go with nothing worse; below 0 those who are needed."""
        return 0 if self.plan.beyond_staff else self.heads

    @property
    def feasible(self) -> bool:
        """Whether no more are needed than before, and nothing is worse whatever the staff."""
        return self.no_worse.feasible


@checked
def decide(
    before: Scenario,
    after: Scenario,
    margins: Mapping[str, float] | None = None,
    *,
    root_causes: float = Assumed.root_causes,
    coaching: float = Assumed.coaching,
    rehire_weeks: float = Assumed.rehire_weeks,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    how_sure: bool = True,
    draws: int = 0,
    refit: Refit | None = None,
    progress: Progress | None = None,
    stage: Stage | None = None,
) -> Decision:
    """Answer on one page how many can go, and what comes of it for customers, agents and money.

    Parameters
    ----------
    before, after : today and tomorrow, with the same groups, days and hours.
    margins : as in `sim.no_worse`.
    root_causes : the share of first contacts that work on their causes is assumed to take away.
    coaching : the rise of resolution by coaching that is assumed, as a share of needs.
    rehire_weeks : weeks that hiring is assumed to take.
    seed, replications, jobs, engine : as in `no_worse`; as many replications of every plan as in its search.
    how_sure : whether to put weak and assumed numbers to the ends of their ranges.
    draws : of what is not known, for the chance that plans hold (`sim.risk`); 0 for none, else at least 20.
    refit : as in `sim.risk`.
    progress : called with (what is done, of about how many), from 0 anew for each stage.
    stage : called with what is done next, in words.

    Raises
    ------
    CcsimError
        As `no_worse`.
    """
    assumed = _assumed(root_causes, coaching, rehire_weeks)
    tell = stage or (lambda words: None)
    check_alike(before, after, "BEFORE and AFTER")
    keep = plans.kept(before, after)
    tell("how many can go at equal service")
    found = no_worse(
        after, before, margins, seed=seed, replications=replications, jobs=jobs, engine=engine, progress=progress
    )
    work = _Work(before, after, keep, found, assumed, RunOptions(found.seed, engine, jobs, parts=True), progress, tell)
    return work.decision(how_sure, draws, refit)


def _assumed(root_causes: float, coaching: float, rehire_weeks: float) -> Assumed:
    for name, share in (("root_causes", root_causes), ("coaching", coaching)):
        if not 0.0 <= share < 1.0:
            raise ArgumentError(f"{name}: {share:g}: must be from 0 to below 1. Write a share such as 0.05")
    if not 0.0 <= rehire_weeks <= 520.0:
        raise ArgumentError(f"rehire_weeks: {rehire_weeks:g}: must be from 0 to 520. Write weeks such as 12")
    return Assumed(root_causes, coaching, rehire_weeks)


@dataclass
class _Work:
    """The stages after the search at equal service."""

    before: Scenario
    after: Scenario
    keep: Scenario
    found: NoWorse
    assumed: Assumed
    options: RunOptions
    progress: Progress | None
    tell: Stage

    def decision(self, how_sure: bool, draws: int, refit: Refit | None) -> Decision:
        """All stages in order."""
        goals = targets_of_scenario(self.after)
        keep = self.keep
        before, kept = self._simulated([self.before, keep])
        safe = plans.cut_of(keep, {name: group.freed.heads for name, group in self.found.as_given.by_group.items()})
        self.tell("how many can go at the targets")
        count = min(self.found.replications, FEWER)
        at_targets = freed_at_targets(keep, self._safe_by_group(), goals, self.options, count) if goals else None
        self.tell("every plan on the same customers")
        rule = fte_rule(self.after, kept, occupancy_of(self.after, None))
        claim = claim_of(before, kept, rule)
        claimed, pace = self._claimed(claim), plans.old_pace(before, self.after)
        cuts = dict(self._cuts(keep, safe, at_targets, claimed))
        others = dict(self._others(keep, cuts, pace))
        results = {plans.BEFORE: before, plans.KEEP: kept}
        results |= dict(zip(others, self._simulated(list(others.values()), self.progress), strict=True))
        trigger = self._trigger(keep, at_targets, results)
        sure = self._sure(keep, rule) if how_sure else None
        chances = self._chances(results, draws, refit) if draws and goals else None
        people = self._people(results, cuts)
        return Decision(
            before=self.before,
            after=self.after,
            no_worse=self.found,
            at_targets=at_targets,
            results=results,
            cuts=cuts,
            people=people,
            old_pace=pace,
            rule=rule,
            claim=claim,
            claimed=claimed,
            trigger=trigger,
            sure=sure,
            chances=chances,
            money=dict(self._money(results, cuts, people)),
            assumed=self.assumed,
            goals=goals,
            seed=self.found.seed,
            replications=self.found.replications,
        )

    def _simulated(self, scenarios: list[Scenario], progress: Progress | None = None) -> list[ScenarioResult]:
        """Scenarios on the same customers."""
        count = self.found.replications
        return list(simulate_all(scenarios, self.options, count, slices=SLICES, progress=progress))

    def _claimed(self, claim: pd.DataFrame) -> float:
        """The share of contacts that is said to be gone."""
        if self.after.bot is None:
            return math.nan
        said = self.after.bot.claimed
        return said if said is not None else float(claim.loc[["contacts_claimed"], "mean"].to_numpy()[0])

    def _safe_by_group(self) -> dict[str, float]:
        return {name: group.freed.safe for name, group in self.found.as_given.by_group.items()}

    def _cuts(
        self, keep: Scenario, safe: Cut, at_targets: FreedAtTargets | None, claimed: float
    ) -> Iterator[tuple[str, Cut]]:
        yield plans.SAFE, safe
        if at_targets is not None and not at_targets.missed:
            yield plans.AT_TARGETS, at_targets.cut
        if claimed > plans.SAME:
            yield plans.NAIVE, plans.even_cut(keep, claimed)

    def _others(self, keep: Scenario, cuts: Mapping[str, Cut], pace: Pace) -> Iterator[tuple[str, Scenario]]:
        """Every plan but BEFORE and the one in which nobody goes."""
        staffed = {name: plans.cut_to(keep, cut) for name, cut in cuts.items()}
        safe = staffed[plans.SAFE]
        for name, scenario in staffed.items():
            yield name, plans.hurried(scenario, pace) if name == plans.NAIVE else scenario
        if plans.roster_changes(keep, self.after):
            yield plans.WRITTEN, self.after
        yield plans.OTHER_PACE, plans.hurried(safe, None if self.after.pace is not None else pace)
        levers = {plans.RECOVERY: plans.with_recovery(keep)}
        if cuts[plans.SAFE].heads > 0:
            levers[plans.ROOT_CAUSES] = plans.with_root_causes(safe, self.assumed.root_causes)
            levers[plans.COACHING] = plans.with_coaching(safe, self.assumed.coaching)
        yield from ((name, lever) for name, lever in levers.items() if lever is not None)

    def _trigger(
        self, keep: Scenario, at_targets: FreedAtTargets | None, results: Mapping[str, ScenarioResult]
    ) -> Trigger | None:
        """The next step: from those who safely go to those who can at the targets, at the service of before."""
        safe, plan = results[plans.SAFE], self.found.as_given
        if at_targets is None or at_targets.missed or self.after.bot is None or not safe.mean(SHARE) > 0.0:
            return None
        if at_targets.cut.heads <= max(plan.freed_by_bot.heads, 0):
            return None
        self.tell("what the bot must truly resolve for the next to go")
        margins = {OF_MARGINS.get(name, ""): margin for name, margin in self.found.margins.items()}
        margins[self.after.targets.service_level.definition] = margins.pop("")
        cut = plans.cut_to(keep, at_targets.cut)
        gone = at_targets.cut.heads, at_targets.cut.freed
        count = min(self.found.replications, FEWER)
        return trigger_of(cut, results[plans.BEFORE], safe, margins, gone, self.options, count)

    def _sure(self, keep: Scenario, rule: FteRule) -> FreedSensitivity:
        self.tell("what it rests on")
        best = self.found.as_given.freed_by_bot.best
        count = min(self.found.replications, FEW)
        return freed_sensitivity((self.before, keep), best, rule, self.options, count, self.progress)

    def _chances(self, results: Mapping[str, ScenarioResult], draws: int, refit: Refit | None) -> PlanChances:
        self.tell("the chance that the plans hold")
        return chances_of(results, draws, self.options, refit, self.progress)

    def _money(
        self, results: Mapping[str, ScenarioResult], cuts: Mapping[str, Cut], people: Mapping[str, int]
    ) -> Iterator[tuple[str, MoneyChange]]:
        """Money by whole people: a roster of whole agents is only near them."""
        costs, goals = costs_of(self.before, self.after), targets_of_scenario(self.after)
        if costs is None:
            return
        before, kept = (week_of(results[name], goals) for name in (plans.BEFORE, plans.KEEP))
        for name, result in results.items():
            week = week_of(result, goals)
            cut = cuts.get(plans.SAFE if name == plans.OTHER_PACE else name)
            gone = 0.0 if cut is None else cut.freed
            if name not in (plans.BEFORE, plans.WRITTEN):
                hours = kept.paid_hours - gone * result.scenario.fte_hours / HOUR_S
                week = replace(week, paid_hours=hours + week.overtime_hours - kept.overtime_hours)
            if name != plans.BEFORE:
                yield name, money_of(costs, before, week, people[name], result.scenario.calendar.start)

    def _people(self, results: Mapping[str, ScenarioResult], cuts: Mapping[str, Cut]) -> dict[str, int]:
        people = dict.fromkeys(results, 0) | {name: cut.heads for name, cut in cuts.items()}
        people[plans.OTHER_PACE] = people[plans.SAFE]
        if plans.WRITTEN in results:
            people[plans.WRITTEN] = _fewer(self.before, self.after)
        return {name: people[name] for name in results}


def _fewer(before: Scenario, after: Scenario) -> int:
    """Whole people fewer on the plan of each group, at its contract share."""
    own, left = plans.fte_by_group(before), plans.fte_by_group(after)
    return sum(round((fte - left.get(name, 0.0)) / before.agents[name].contract_share) for name, fte in own.items())
