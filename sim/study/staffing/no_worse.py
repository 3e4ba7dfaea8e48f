"""The fewest agents with which the service AFTER is no worse than BEFORE, re-planned by the same solver.

What re-rostering alone would free, and what a margin alone would, is said apart from what the bot frees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.arguments import checked
from sim.display import Displayed, how_made
from sim.engine import COMPILED, check_engine
from sim.errors import ArgumentError, CcsimError
from sim.loading.load import changed
from sim.scenario.goals import NoWorseMargins
from sim.scenario.model import Scenario
from sim.study.estimates import Estimate
from sim.study.replicate import Progress, RunOptions, make_run
from sim.study.staffing.evaluator import SURE
from sim.study.staffing.no_worse_measured import Band, bands, by_intent, measured
from sim.study.staffing.no_worse_plans import PlanLine, PlannedStaff, plan_lines
from sim.study.staffing.no_worse_qualities import MARGINS, Quality, qualities_of
from sim.study.staffing.no_worse_search import (
    MEAN,
    FreshProof,
    PlanSearch,
    Simulator,
    beyond_any_staff,
    held_against,
    prove,
    service_of,
)
from sim.study.staffing.plan import StaffingProblem, volume_of

SEARCHED = 1_500_000.0
"""First attempts, about, with which a plan is simulated in the search."""
LEAST, MOST = 12, 2_000
BOTH_SIDES = 0.975
EXPECTED = 30
"""Plans simulated in a search, about."""
ROUNDING = 0.05
"""FTE below which more are not needed: a search ends that near."""
HAIR = 1e-9


@dataclass(frozen=True)
class Freed:
    """Staff that the bot frees, FTE rostered; negative where more are needed.

    Attributes
    ----------
    best : the best estimate, by means.
    safe : what can go at 95 %: the one-sided limit of every difference lies inside its margin, on fresh customers.
    heads : whole people of `safe` at the contract shares, group by group: those that go rounded down, those needed
        (negative) up; nobody where more are needed only to be sure.
    low, high : 95 % interval of the best estimate, by the luck of the simulation.
    """

    best: float
    safe: float
    heads: int
    low: float
    high: float


@dataclass(frozen=True)
class GroupFreed:
    """One group: FTE before, re-planned, within the margins, and after by the safe plan; and what the bot frees.

    Attributes
    ----------
    contract_share : FTE of one of its people.
    """

    before: float
    replanned: float
    within_margins: float
    after: float
    contract_share: float
    freed: Freed


@dataclass(frozen=True)
class BeyondStaff:
    """What no number of agents makes good: how much worse it is even with ample ones.

    Attributes
    ----------
    name : of the margin.
    difference, limit : the mean and the one-sided 95 % limit of AFTER less BEFORE re-planned.
    margin : what it may be.
    """

    name: str
    difference: float
    limit: float
    margin: float


@dataclass(frozen=True)
class NoWorsePlan:
    """How many can go in one world: as the files are written, or with nobody hurried.

    Attributes
    ----------
    problem : the groups and intervals.
    before : BEFORE's own staffing.
    replanned : the fewest with which BEFORE gives the service that it gave, by the same solver. AFTER is held against
        the service that BEFORE gave, or gives re-planned where that is less.
    within_margins : the fewest with which BEFORE, without any bot, stays within the margins of that.
    best, after : the same of AFTER, by means; and so that the 95 % limits lie inside the margins, as proved.
    freed_by_rostering, freed_by_margins : FTE of before less re-planned; of re-planned less within margins.
    freed_by_bot : within margins less after. The three add up to what is freed in all.
    by_group : the same by group.
    beyond_staff : qualities that no number of agents makes good; the plans leave them out.
    measures : tidy: measure, before, replanned, after, difference, ci_low, ci_high, limit, margin, no_worse.
    by_intent, by_band : differences of AFTER by the safe plan from BEFORE re-planned, by intent, by hours of the day.
    worst_band : the hours in which service level falls most.
    proof : the fresh replications.
    """

    problem: StaffingProblem
    before: PlannedStaff
    replanned: PlannedStaff
    within_margins: PlannedStaff
    best: PlannedStaff
    after: PlannedStaff
    freed_by_rostering: float
    freed_by_margins: float
    freed_by_bot: Freed
    by_group: dict[str, GroupFreed]
    beyond_staff: tuple[BeyondStaff, ...]
    measures: pd.DataFrame
    by_intent: pd.DataFrame
    by_band: pd.DataFrame
    worst_band: Band | None
    proof: FreshProof

    @property
    def all(self) -> tuple[PlannedStaff, ...]:
        """Every plan, from before to after."""
        return self.before, self.replanned, self.within_margins, self.best, self.after

    @property
    def shortfall(self) -> float:
        """FTE that AFTER needs more than BEFORE re-planned, by the best estimate; 0 where it needs no more."""
        more = -self.freed_by_bot.best
        return more if more > ROUNDING else 0.0

    @property
    def feasible(self) -> bool:
        """Whether AFTER is no worse with no more agents, in every measure."""
        return not self.beyond_staff and self.proof.inside and self.shortfall == 0.0

    @property
    def heads_to_go(self) -> int:
        """People who can safely go at equal service: none where something is worse whatever the staff."""
        return max(0, self.freed_by_bot.heads) if self.feasible else 0


@dataclass(frozen=True, repr=False)
class NoWorse(Displayed):
    """How many the bot frees at a service that is no worse.

    Attributes
    ----------
    scenario, before_scenario : AFTER and BEFORE.
    margins : how much worse still counts as no worse, by name.
    unhurried : with no handle-time target in either file: agents take the time that the harder mix needs.
    with_target : with the files' handle-time targets; None where neither has one.
    seed, replications : of the search.
    """

    scenario: Scenario
    before_scenario: Scenario
    margins: dict[str, float]
    unhurried: NoWorsePlan
    with_target: NoWorsePlan | None
    seed: int
    replications: int

    def _line(self) -> str:
        freed = self.freed_by_bot
        found = f"best estimate {freed.best:.1f} FTE, safe {freed.safe:.1f} FTE"
        return f"{self.scenario.name!r} against {self.before_scenario.name!r}: {found}; {how_made(self)}"

    @property
    def as_given(self) -> NoWorsePlan:
        """The files as they are written."""
        return self.with_target or self.unhurried

    @property
    def before(self) -> PlannedStaff:
        """BEFORE's own staffing."""
        return self.as_given.before

    @property
    def replanned(self) -> PlannedStaff:
        """BEFORE at the service that it gave, by the same solver."""
        return self.as_given.replanned

    @property
    def after(self) -> PlannedStaff:
        """AFTER by the safe plan."""
        return self.as_given.after

    @property
    def freed_by_bot(self) -> Freed:
        """What the bot frees, with the files as they are written."""
        return self.as_given.freed_by_bot

    @property
    def freed_by_rostering(self) -> float:
        """What re-rostering alone would free (FTE)."""
        return self.as_given.freed_by_rostering

    @property
    def by_group(self) -> dict[str, GroupFreed]:
        """The same by group."""
        return self.as_given.by_group

    @property
    def worst_band(self) -> Band | None:
        """The hours in which service level falls most."""
        return self.as_given.worst_band

    @property
    def by_intent(self) -> pd.DataFrame:
        """Differences by intent."""
        return self.as_given.by_intent

    @property
    def feasible(self) -> bool:
        """Whether AFTER, as it is written, is no worse with no more agents."""
        return self.as_given.feasible

    @property
    def shortfall(self) -> float:
        """FTE that AFTER needs more than BEFORE re-planned; 0 where it needs no more."""
        return self.as_given.shortfall


def heads_of(fte: float, contract_share: float) -> int:
    """Whole people of so many FTE freed: those that go rounded down, those needed (negative) rounded up.

    >>> heads_of(2.6, 0.8), heads_of(-2.6, 0.8)
    (3, -4)
    """
    return math.floor(fte / contract_share + HAIR)


@checked
def no_worse(
    after: Scenario,
    before: Scenario,
    margins: Mapping[str, float] | None = None,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    engine: str = COMPILED,
    progress: Progress | None = None,
) -> NoWorse:
    """Find how many the bot frees so that the service AFTER is no worse than BEFORE, re-planned by the same solver.

    No worse: in service level, abandonment, needs resolved (the bot's included) and strain, the one-sided 95 % limit
    of the difference on the same customers lies inside a margin.

    Parameters
    ----------
    after, before : with the same groups, hours and definition of service level; only the staff of `before` counts.
    margins : by name, in place of those of `no_worse` of `after`, else of `before`, else the default.
    seed, jobs, engine : as in `run`.
    replications : of the search; the proof takes three times as many fresh ones. By default as many as make 1,500,000
        first attempts, from 12 to 2,000.
    progress : called with (plans simulated, of about how many), from 0 anew for each of the two worlds.

    Raises
    ------
    NotComparableError
        If the files have other groups, hours or another definition of service level.
    ArgumentError
        If a margin is not known, or no share.
    """
    check_engine(engine)
    used = margins_of(after, before, margins or {})
    options = RunOptions(after.run.seed if seed is None else seed, engine, jobs)
    if not any(volume_of(before, day) for day in before.calendar.dates()):
        raise CcsimError(f"{before.name}: no contact is expected, so that nobody is required. Give it arrivals")
    count = replications or _searched(after)
    hurried = after.pace is not None or before.pace is not None
    given = _planned(before, after, used, options, count, progress)
    calm = _planned(_calm(before), _calm(after), used, options, count, progress) if hurried else given
    return NoWorse(after, before, used, calm, given if hurried else None, options.seed, count)


def margins_of(after: Scenario, before: Scenario, given: Mapping[str, float]) -> dict[str, float]:
    """The margins in force: given here, else in the file AFTER, else BEFORE, else by default.

    Raises
    ------
    ArgumentError
        If one is not known, or no share.
    """
    for name, share in given.items():
        if name not in MARGINS:
            raise ArgumentError(f"margins: {name}: is not known. Name one of {', '.join(MARGINS)}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 <= share <= 1.0:
            raise ArgumentError(f"margins: {name}: {share}: is no share. Give a number from 0 to 1, such as 0.01")
    section = after.no_worse or before.no_worse or NoWorseMargins()
    return {name: float(given.get(name, getattr(section, name))) for name in MARGINS}


def _searched(scenario: Scenario) -> int:
    contacts = make_run(scenario).expected_contacts
    return max(LEAST, min(MOST, math.ceil(SEARCHED / (contacts + 1.0))))


def _calm(scenario: Scenario) -> Scenario:
    """The scenario without a handle-time target."""
    return scenario if scenario.pace is None else changed(scenario, {"pace": "off"})


def _planned(
    before: Scenario,
    after: Scenario,
    margins: Mapping[str, float],
    options: RunOptions,
    replications: int,
    progress: Progress | None,
) -> NoWorsePlan:
    """One world."""
    qualities = qualities_of(before, after, margins)
    old, new = plan_lines(before, after, options)
    simulator = Simulator(qualities, options, replications, progress, EXPECTED)
    every = tuple(range(len(qualities)))
    written, counted = simulator.as_written(before), simulator.estimates(old, old.centre.own)
    gave = tuple(map(service_of, qualities, written, counted))
    start = PlanSearch(simulator, old, gave, every, same=True).least(0.0, MEAN)
    reference = tuple(map(held_against, qualities, written, counted, simulator.estimates(old, old.counts(start))))
    kept = PlanSearch(simulator, old, reference, every).least(start, MEAN)
    beyond = beyond_any_staff(simulator, new, reference, SURE)
    possible = tuple(k for k in every if k not in beyond)
    search = PlanSearch(simulator, new, reference, possible)
    best = search.least(start, MEAN)
    safe = search.least(best, SURE)
    low, high = search.between(BOTH_SIDES), search.between(1.0 - BOTH_SIDES)
    proof = prove(
        search, safe, before, *(old.problem.staffed(counts) for counts in (old.centre.own, old.counts(start)))
    )
    spares = _Spares(start, kept, best, proof.spare, max(low, best), min(high, best))
    return _result(old, new, spares, qualities, proof, _beyond(qualities, beyond))


@dataclass(frozen=True)
class _Spares:
    """Spare agents of every plan: BEFORE at its service, within margins; AFTER by means, safe, both ends."""

    replanned: float
    within: float
    best: float
    safe: float
    low: float
    high: float


def _result(
    old: PlanLine,
    new: PlanLine,
    at: _Spares,
    qualities: tuple[Quality, ...],
    proof: FreshProof,
    beyond: tuple[BeyondStaff, ...],
) -> NoWorsePlan:
    before = old.staff("before", old.centre.own)
    replanned = old.staff("replanned", old.counts(at.replanned))
    within = old.staff("within_margins", old.counts(at.within))
    best, after = (new.staff(name, new.counts(spare)) for name, spare in (("best", at.best), ("after", at.safe)))
    ends = [new.staff(name, new.counts(spare)) for name, spare in (("low", at.low), ("high", at.high))]
    groups = {
        name: _of_group(name, new.scenario, before, replanned, within, best, after, *ends) for name in new.centre.groups
    }
    freed = Freed(
        best=within.fte - best.fte,
        safe=within.fte - after.fte,
        heads=sum(group.freed.heads for group in groups.values()),
        low=within.fte - ends[0].fte,
        high=within.fte - ends[1].fte,
    )
    banded, worst = bands(old.problem, qualities, proof)
    return NoWorsePlan(
        problem=old.problem,
        before=before,
        replanned=replanned,
        within_margins=within,
        best=best,
        after=after,
        freed_by_rostering=before.fte - replanned.fte,
        freed_by_margins=replanned.fte - within.fte,
        freed_by_bot=freed,
        by_group=groups,
        beyond_staff=beyond,
        measures=measured(qualities, proof),
        by_intent=by_intent(qualities, proof),
        by_band=banded,
        worst_band=worst,
        proof=proof,
    )


def _of_group(name: str, scenario: Scenario, *plans: PlannedStaff) -> GroupFreed:
    before, replanned, within, best, after, low, high = (plan.of(name).fte for plan in plans)
    share = scenario.agents[name].contract_share
    safe = within - after
    sure = safe > 0.0 or within - best < -ROUNDING
    freed = Freed(within - best, safe, heads_of(safe, share) if sure else 0, within - low, within - high)
    return GroupFreed(before, replanned, within, after, share, freed)


def _beyond(qualities: tuple[Quality, ...], found: Mapping[int, Estimate]) -> tuple[BeyondStaff, ...]:
    return tuple(
        BeyondStaff(
            qualities[k].name,
            float(difference.mean[0]),
            float(qualities[k].limit(difference, SURE)[0]),
            qualities[k].margin,
        )
        for k, difference in found.items()
    )
