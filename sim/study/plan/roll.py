"""People by name through the months of one replication: who is there, who begins, graduates, moves, goes and leaves.

Whatever happens to somebody is drawn by name: those of the start by group and number, as agents always are; those of a
class by group, month, the class's own number in it and their place. Another plan leaves everybody else's luck alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.agents import Hiring, draw_agents
from sim.engine.crew import Crew, own_crew
from sim.engine.records import AGENT_TRAITS
from sim.facts.headcount import MONTH_S, LeavingLaw, ahead_of, first_month_after, first_start_after, months_of
from sim.rng.philox import name_hash, uniforms_by_name
from sim.rng.purposes import Purpose
from sim.scenario.model import Scenario
from sim.scenario.planning import HiringAhead
from sim.study.plan.result import MonthView, YearPlan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

IN_CLASS, HERE, GONE = 0, 1, 2
PERSON_ROW = np.dtype(
    [
        ("word", "i8"),
        ("number", "i8"),
        ("group", "i8"),
        ("size", "i8"),
        ("ready", "i8"),
        ("since_s", "f8"),
        ("settled", "i1"),
        ("state", "i1"),
    ]
)
"""Somebody: the name of the draws (a hash and a number), the group, how many have such a name (those of further seats
stand beyond), the first month on its queue, the time in the job at month 1 (s, nan where it is drawn), whether there
from the start and in the same group, and IN_CLASS, HERE or GONE."""

ARRIVING = 2**20
"""Names of the further seats of somebody hired stand so far apart: no class is as large."""
BY_RULE = "rule"


@dataclass(frozen=True)
class RollRules:
    """What a replication's people are made by.

    Attributes
    ----------
    scenario, plan : whose they are.
    groups : names.
    heads : (groups,) at the start.
    law : who leaves.
    hiring : what agents are drawn from; its agents and groups are put in its place.
    """

    scenario: Scenario
    plan: YearPlan
    groups: tuple[str, ...]
    heads: Ints
    law: LeavingLaw
    hiring: Hiring

    @property
    def ahead(self) -> HiringAhead:
        """What hiring takes."""
        return ahead_of(self.scenario).hiring


@dataclass
class Moved:
    """Who moved in a month, (groups,) each."""

    hired: Ints
    graduated: Ints
    dropped: Ints
    moved: Ints
    let_go: Ints


class Roll:
    """Everybody who is or was there in one replication.

    Parameters
    ----------
    rules : what they are made by.
    key : the replication's key words.
    """

    def __init__(self, rules: RollRules, key: tuple[int, int]) -> None:
        self.rules, self.key = rules, key
        self.people = _at_the_start(rules)
        self.left, self.ordered = np.zeros(len(rules.groups), np.int64), np.zeros(len(rules.groups), np.int64)
        self.expected: Floats = np.zeros(len(rules.groups))
        """(groups,) leavers expected at the end of the last month: the sum of chances."""
        self._joining: list[npt.NDArray[Any]] = []
        self._ordered: dict[int, list[tuple[int, int]]] = defaultdict(list)

    # Masks ------------------------------------------------------------------------

    @property
    def here(self) -> Bools:
        """(people,) whether somebody is at work and in no class: those who may leave."""
        return np.asarray(self.people["state"] == HERE)

    def available(self, month: int) -> Bools:
        """(people,) whether somebody is on the queue in a month."""
        return np.asarray(self.here & (self.people["ready"] <= month))

    def counts(self, mask: Bools) -> Ints:
        """(groups,) how many of a mask there are."""
        return np.bincount(self.people["group"][mask], minlength=len(self.rules.groups))

    def in_training(self, month: int) -> Ints:
        """(groups,) who is in a class, or being trained for a transfer."""
        people = self.people
        return self.counts((people["state"] == IN_CLASS) | ((people["state"] == HERE) & (people["ready"] > month)))

    def traits(self, mask: Bools, month: int) -> npt.NDArray[Any]:
        """What those of a mask are like in a month (dtype `AGENT_TRAITS`)."""
        people = self.people[mask]
        crew = Crew(people["word"], people["number"], people["since_s"], np.full(people.size, (month - 1) * MONTH_S))
        found = np.zeros(people.size, AGENT_TRAITS)
        draw_agents(self.rules.hiring._replace(group_of=people["group"].copy(), crew=_plain(crew)), *self.key, found)
        return found

    # A month ----------------------------------------------------------------------

    def begin(self, month: int) -> Moved:
        """Carry out what happens at the start of a month."""
        plan, groups = self.rules.plan, list(self.rules.groups)
        none = np.zeros(len(groups), np.int64)
        done = Moved(none.copy(), none.copy(), none.copy(), none.copy(), none.copy())
        for gone in (entry for entry in plan.let_go if entry.month == month):
            self._let_go(groups.index(gone.group), gone.count, done)
        for move in (entry for entry in plan.transfers if entry.month == month):
            ready = first_month_after(month, move.training)
            self._transfer(groups.index(move.from_group), groups.index(move.to_group), move.count, ready, done)
        same: dict[str, int] = defaultdict(int)
        for entry in (entry for entry in plan.classes if entry.month == month):
            self._begin_class(month, groups.index(entry.group), str(same[entry.group]), entry.count, done)
            same[entry.group] += 1
        self._graduate(month, done)
        self._order(month, done)
        return done

    def leave(self, month: int, strain: Floats, law: LeavingLaw | None = None) -> Ints:
        """Draw who leaves at the end of a month; (groups,) how many.

        Parameters
        ----------
        strain : (groups,) what it makes of the hazard.
        law : that of the month, where it is not the plan's own.
        """
        here = self.here
        traits = self.traits(here, month)
        chance = (law or self.rules.law).chances(
            traits["tenure_s"], traits["uses"] == 1, strain[self.people["group"][here]]
        )
        expected = np.bincount(self.people["group"][here], chance, minlength=len(self.rules.groups))
        self.expected = np.asarray(expected, np.float64)
        goes = np.zeros(here.size, bool)
        goes[here] = self._draw(here, month, Purpose.LEAVES) < chance
        self.people["state"][goes] = GONE
        left = self.counts(goes)
        self.left += left
        return left

    def _draw(self, mask: Bools, month: int, purpose: Purpose) -> Floats:
        people = self.people[mask]
        out, months = np.empty(people.size), np.full(people.size, month, np.int64)
        names = people["number"].copy(), months, people["word"].copy()
        uniforms_by_name(*self.key, *names, int(purpose), 0, out)
        return out

    # Moves ------------------------------------------------------------------------

    def _last(self, group: int, count: int) -> Ints:
        """The rows of those of a group, not in a class, who came last."""
        found = np.flatnonzero((self.people["state"] == HERE) & (self.people["group"] == group))
        return found[found.size - min(count, found.size) :]

    def _let_go(self, group: int, count: int, done: Moved) -> None:
        rows = self._last(group, count)
        self.people["state"][rows] = GONE
        done.let_go[group] += rows.size

    def _transfer(self, source: int, target: int, count: int, ready: int, done: Moved) -> None:
        rows = self._last(source, count)
        for name, value in (("group", target), ("ready", ready), ("settled", 0)):
            self.people[name][rows] = value
        done.moved[source] -= rows.size
        done.moved[target] += rows.size

    def _begin_class(self, month: int, group: int, name: str, count: int, done: Moved) -> None:
        training = self.rules.ahead.training
        rows = np.zeros(count, PERSON_ROW)
        rows["word"] = name_hash(f"{self.rules.groups[group]}\n{month}\n{name}")
        rows["number"], rows["group"], rows["state"] = np.arange(count), group, IN_CLASS
        rows["ready"], rows["size"] = first_month_after(month, training), ARRIVING
        rows["since_s"] = (0.5 - (month - 1) - months_of(training)) * MONTH_S
        self._joining.append(rows)
        done.hired[group] += count

    def _graduate(self, month: int, done: Moved) -> None:
        """Take those in who have begun, and see who ends the training."""
        self.people, self._joining = np.concatenate([self.people, *self._joining]), []
        due = (self.people["state"] == IN_CLASS) & (self.people["ready"] <= month)
        passes = np.zeros(due.size, bool)
        passes[due] = self._draw(due, 0, Purpose.GRADUATES) < self.rules.ahead.graduates
        self.people["state"][due] = np.where(passes[due], HERE, GONE)
        done.graduated += self.counts(passes)
        done.dropped += self.counts(due & ~passes)

    def _order(self, month: int, done: Moved) -> None:
        """Ask the rule, and begin what is due of what it has ordered."""
        waiting = np.zeros(len(self.rules.groups), np.int64)
        for group, count in (entry for entries in self._ordered.values() for entry in entries):
            waiting[group] += count
        available, learning = self.counts(self.available(month)), self.in_training(month) + waiting
        view = MonthView(month, self.rules.groups, available, learning, self.left.copy(), self.ordered.copy())
        begins = first_start_after(month, self.rules.ahead.lead_time)
        for name, count in self.rules.plan.rule.orders(view, self.rules.scenario).items():
            if count > 0:
                group = self.rules.groups.index(name)
                self._ordered[begins].append((group, int(count)))
                self.ordered[group] += int(count)
        for group, count in self._ordered.pop(month, []):
            self._begin_class(month, group, BY_RULE, count, done)
        self._graduate(month, done)


def _at_the_start(rules: RollRules) -> npt.NDArray[Any]:
    sizes = rules.heads.tolist()
    crew = own_crew(list(rules.groups), sizes)
    rows = np.zeros(crew.word.size, PERSON_ROW)
    rows["word"], rows["number"], rows["since_s"] = crew.word, crew.number, crew.tenure_s
    rows["group"], rows["size"] = np.repeat(np.arange(len(sizes)), sizes), np.repeat(rules.heads, sizes)
    rows["settled"], rows["state"] = 1, HERE
    return rows


def _plain(crew: Crew) -> Crew:
    """The same with arrays whose entries follow one another, as compiled code takes them."""
    word, number = np.ascontiguousarray(crew.word), np.ascontiguousarray(crew.number)
    return Crew(word, number, np.ascontiguousarray(crew.tenure_s), np.ascontiguousarray(crew.added_s))


# Seats ----------------------------------------------------------------------------


def crew_of(roll: Roll, month: int, seats: Sequence[int]) -> Crew:
    """Return who sits in the seats of a month's roster.

    Parameters
    ----------
    seats : (groups,) how many each group has.
    """
    here = roll.available(month)
    parts = [_of_group(roll.people[here & (roll.people["group"] == g)], size) for g, size in enumerate(seats)]
    rows = np.concatenate(parts) if parts else np.zeros(0, PERSON_ROW)
    return _plain(Crew(rows["word"], rows["number"], rows["since_s"], np.full(rows.size, (month - 1) * MONTH_S)))


def _of_group(people: npt.NDArray[Any], seats: int) -> npt.NDArray[Any]:
    """(seats,) who sits where: those who came later evenly between those of the start."""
    settled, later = people[people["settled"] == 1], people[people["settled"] == 0]
    if people.size == 0:
        return np.zeros(seats, PERSON_ROW)
    ends = np.floor(np.arange(seats + 1) * (later.size / people.size) + 1e-9)
    is_later = np.diff(ends) > 0
    rows = np.empty(seats, PERSON_ROW)
    count = int(is_later.sum())
    rows[is_later] = _evenly(later, count)
    rows[~is_later] = _taken(settled, np.arange(seats - count))
    return rows


def _evenly(people: npt.NDArray[Any], seats: int) -> npt.NDArray[Any]:
    if seats > people.size or seats == 0:
        return _taken(people, np.arange(seats))
    return people[((np.arange(seats) + 0.5) * people.size / seats).astype(np.int64)]


def _taken(people: npt.NDArray[Any], places: Ints) -> npt.NDArray[Any]:
    """Those at some places of a line that begins anew at its end, each time under names of their own."""
    if places.size == 0:
        return people[:0]
    rows = people[places % people.size]
    rows["number"] += rows["size"] * (places // people.size)
    return rows
