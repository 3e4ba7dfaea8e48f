"""Plans of a scenario along one line: every group's offered load and spare agents, the same way for BEFORE and AFTER.

A group has load + (balance + spare) x sqrt(load) agents in an interval, its load as simulated with ample agents. The
balance is what the group has before; it keeps people in their groups, so that only when they work is planned anew. What
is not a whole agent is carried to the next interval, so that agent hours move evenly with `spare` and rounding neither
gives nor takes anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.errors import NotComparableError
from sim.facts.load import load_by_interval
from sim.measures import make_frame
from sim.scenario.model import Scenario
from sim.study.levels import serving
from sim.study.replicate import RunOptions
from sim.study.same_days import require_same_days
from sim.study.staffing.erlang_start import offered_load
from sim.study.staffing.plan import Ints, StaffingProblem, make_problem, own_counts
from sim.study.staffing.rostered import Rostered, rostered

Floats = npt.NDArray[np.float64]
LOOKED_AT = 200_000.0
"""Contacts, about, from which the offered load is taken."""
BESIDE = 2
"""Intervals on either side over which a group's part of the load is evened out."""
LEAST_WORK = 0.02
"""A group with less work than this part of its agents' time, where there are ample ones, is kept as it is."""
WIDEST = 1e3


@dataclass(frozen=True)
class Centre:
    """What a plan of BEFORE and of AFTER has in common, from BEFORE as it is.

    Attributes
    ----------
    groups : those that take contacts.
    own : (groups, cells) BEFORE's agents on the queue, whole, breaks and absence taken off.
    balance : (groups,) spare agents of each, in square roots of load; nan for one that is kept as it is.
    paid : (groups,) hours of its shifts for an hour on the queue: breaks, and what stands outside opening hours.
    """

    groups: tuple[str, ...]
    own: Ints
    balance: Floats
    paid: Floats


@dataclass(frozen=True)
class PlanLine:
    """The plans of one scenario.

    Attributes
    ----------
    scenario : as it is written.
    problem : its groups and intervals, staffed by counts of those present.
    centre : what BEFORE and AFTER have in common.
    load : (groups, cells) agents busy where there are ample ones.
    """

    scenario: Scenario
    problem: StaffingProblem
    centre: Centre
    load: Floats

    def counts(self, spare: float) -> Ints:
        """(groups, cells) agents of the plan with so many spare ones, in square roots of load."""
        balance = np.nan_to_num(self.centre.balance)[:, None] + spare
        wanted = np.maximum(self.load + balance * np.sqrt(self.load), 0.0)
        own = self.centre.own
        wanted = np.where(np.isnan(self.centre.balance)[:, None], own, wanted)
        return np.asarray(np.maximum(carried(wanted), np.minimum(own, 1)))

    def hours(self, spare: float) -> float:
        """Hours on the queue of the plan with so many spare agents."""
        return float((self.counts(spare) * self.problem.hours).sum())

    def spare_of(self, hours: float, start: float) -> float:
        """The spare agents of a plan of so many hours; `start` where it has as many."""
        if self.hours(start) == hours:
            return start
        low, high = start - WIDEST, start + WIDEST
        for _ in range(60):
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.hours(middle) < hours else (low, middle)
        return high

    def staff(self, name: str, counts: Ints) -> PlannedStaff:
        """What a plan comes to in hours, FTE and heads."""
        hours = (counts * self.problem.hours).sum(axis=1)
        groups = [self.scenario.agents[name] for name in self.centre.groups]
        there = np.array([(1.0 - group.shrinkage) * (1.0 - group.absence) for group in groups])
        paid = dict(zip(self.centre.groups, (hours * self.centre.paid / there).tolist(), strict=True))
        required = dict(zip(self.centre.groups, hours.tolist(), strict=True))
        return PlannedStaff(name, counts, tuple(rostered(self.scenario, required, paid)))


@dataclass(frozen=True)
class PlannedStaff:
    """A plan in agents, hours and FTE.

    Attributes
    ----------
    name : before, replanned, within_margins, best or after.
    counts : (groups, cells) agents on the queue, present.
    groups : what each group must be rostered for; heads are those needed, rounded up.
    """

    name: str
    counts: Ints
    groups: tuple[Rostered, ...]

    @property
    def fte(self) -> float:
        """Rostered FTE, breaks, absence and shrinkage included."""
        return float(sum(group.fte for group in self.groups))

    @property
    def interval_hours(self) -> float:
        """Hours on the queue."""
        return float(sum(group.required_h for group in self.groups))

    @property
    def rostered_hours(self) -> float:
        """Paid hours."""
        return float(sum(group.rostered_h for group in self.groups))

    def of(self, group: str) -> Rostered:
        """One group."""
        return next(each for each in self.groups if each.group == group)


def carried(wanted: Floats) -> Ints:
    """Whole agents with the same sum, to half an agent, up to every interval."""
    sums = np.floor(np.cumsum(wanted, axis=1) + 0.5 + 1e-9)
    return np.asarray(np.diff(sums, axis=1, prepend=0.0).astype(np.int64))


def line_of_before(before: Scenario, options: RunOptions) -> PlanLine:
    """The plans of BEFORE."""
    problem = make_problem(before, "interval")
    load = load_of(problem, options)
    return PlanLine(before, problem, _centre(before, problem, load), load)


def line_of_after(after: Scenario, before: PlanLine, options: RunOptions) -> PlanLine:
    """The plans of AFTER, with the balance of the groups BEFORE."""
    problem = make_problem(after, "interval")
    # A group has the same place in both: AFTER may write them in another order.
    problem = replace(problem, groups=before.problem.groups)
    return PlanLine(after, problem, before.centre, load_of(problem, options))


def check_alike(before: Scenario, after: Scenario, whose: str = "--before") -> None:
    """Refuse files whose plans cannot be set beside each other.

    Parameters
    ----------
    before, after : the files.
    whose : what the message begins with, such as the flag that named `before`.

    Raises
    ------
    NotComparableError
        If the files have other groups, days or hours, or mean different things by service level.
    """
    for less, more in ((after, before), (before, after)):
        if missing := [name for name in serving(more) if name not in serving(less)]:
            words = f"{more.name} has {', '.join(missing)}, which {less.name} has not"
            raise NotComparableError(f"{whose}: {words}. Give both files the same groups")
    require_same_days(before, after, whose)
    one, other = before.targets.service_level, after.targets.service_level
    if (one.within, one.definition) != (other.within, other.definition):
        words = f"{one.definition} within {one.within:g} s, {after.name} {other.definition} within {other.within:g} s"
        raise NotComparableError(
            f"{whose}: service level of {before.name} is {words}. Give both files the same targets.service_level"
        )


def _centre(before: Scenario, problem: StaffingProblem, load: Floats) -> Centre:
    own = carried(own_counts(before, problem))
    hours = (own * problem.hours).sum(axis=1)
    balance = [_balance(group, problem.hours, whole) for group, whole in zip(load, hours, strict=True)]
    frame = make_frame(before)
    scheduled = dict(zip(frame.groups, frame.scheduled_total_us / 3.6e9, strict=True))
    present = [scheduled[name] * (1.0 - before.agents[name].absence) for name in problem.groups]
    paid = np.divide(present, hours, out=np.ones(len(hours)), where=hours > 0.0)
    return Centre(problem.groups, own, np.array(balance), paid)


def _balance(load: Floats, hours: Floats, whole: float) -> float:
    """How many square roots of load a group has to spare; nan where it has next to no work of its own."""
    work = float((load * hours).sum())
    if work <= LEAST_WORK * whole or work <= 0.0:
        return float("nan")
    low, high = -WIDEST, WIDEST
    for _ in range(100):
        middle = (low + high) / 2.0
        if float((np.maximum(load + middle * np.sqrt(load), 0.0) * hours).sum()) < whole:
            low = middle
        else:
            high = middle
    return high


def load_of(problem: StaffingProblem, options: RunOptions) -> Floats:
    """(groups, cells) agents busy where there are ample ones; their parts of what is expected, evened out.

    What is expected of an interval is known without luck; what part of it a group does, and what returns and lag add,
    is simulated.
    """
    raw = offered_load(problem, options, LOOKED_AT).whole
    by_day = {day: [row[3] for row in load_by_interval(problem.scenario, day)] for day in problem.days}
    expected = np.array([by_day[day][number] for day, number in problem.cells])
    smooth = np.zeros_like(raw)
    for cells in problem.members("day"):
        for place, cell in enumerate(cells):
            near = cells[max(0, place - BESIDE) : place + BESIDE + 1]
            weight = expected[near] * problem.hours[near]
            whole = float(weight.sum())
            done = (raw[:, near] * problem.hours[near]).sum(axis=1)
            smooth[:, cell] = expected[cell] * done / whole if whole > 0.0 else raw[:, cell]
    return smooth
