"""What `staff --no-worse` found: plans in FTE, what is freed by what, how service compares."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.display import Displayed, how_made
from sim.scenario.model import Scenario
from sim.study.staffing.no_worse_measured import Band
from sim.study.staffing.no_worse_plans import PlannedStaff
from sim.study.staffing.no_worse_search import FreshProof
from sim.study.staffing.plan import StaffingProblem

ROUNDING = 0.05
"""FTE below which more are not needed: a search ends that near."""


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
    """What staff does not make good: how much worse it is where nobody goes, or even with ample agents.

    Attributes
    ----------
    name : of the margin.
    difference, limit : the mean and the one-sided 95 % limit of AFTER less BEFORE re-planned.
    margin : what it may be.
    ample : whether that is with ample agents; else with as many as BEFORE re-planned, or as the safe plan if that is
        more.
    takes : FTE more than BEFORE re-planned that would make it good, by means; None where no number does.
    """

    name: str
    difference: float
    limit: float
    margin: float
    ample: bool
    takes: float | None


@dataclass(frozen=True)
class NoWorsePlan:
    """How many can go in one world: as the files are written, or with nobody hurried.

    Attributes
    ----------
    problem : the groups and intervals.
    before : BEFORE's own staffing.
    replanned : the fewest with which BEFORE gives the service that it gave, by the same solver: what AFTER is held
        against.
    within_margins : the fewest with which BEFORE, without any bot, stays within the margins of that.
    best, after : the same of AFTER, by means; and so that the 95 % limits lie inside the margins, as proved.
    freed_by_rostering, freed_by_margins : FTE of before less re-planned; of re-planned less within margins.
    freed_by_bot : within margins less after. The three add up to what is freed in all.
    by_group : the same by group.
    beyond_staff : qualities that staff does not make good (`sim.study.staffing.no_worse_beyond`); the plans leave them
        out.
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
        """FTE that AFTER needs more than BEFORE re-planned, by the best estimate; 0 where it needs no more.

        Needs resolved that agents could make up for are in it.
        """
        more = max(-self.freed_by_bot.best, *(beyond.takes or 0.0 for beyond in self.beyond_staff), 0.0)
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
