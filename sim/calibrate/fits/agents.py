"""Agents: which contacts each takes, and who was on the queue, inferred where an export has no roster."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.estimate import Bools, Floats, Ints
from sim.schema.values import DAY_S

TAKES = 0.2
"""An agent takes an intent who has at least a fifth of the share of it that all agents have."""
ENOUGH_CALLS = 40
SMALL_INTENT = 0.03
LEAST_SHARE, MOST_GROUPS = 0.15, 3


@dataclass(frozen=True)
class Skills:
    """Groups of agents.

    Attributes
    ----------
    groups : names.
    takes : (groups, intents) which group takes which intent.
    member : (agents,) the group of each agent.
    skill : of each intent: intents that the same groups take share one.
    """

    groups: tuple[str, ...]
    takes: Bools
    member: Ints
    skill: tuple[str, ...]


def skills_of(agent: Ints, intent: Ints, work: Floats, names: tuple[str, ...]) -> Skills:
    """Group agents by what they take.

    At most three groups, each with 15 % of the work or more: half-hours have few agents, and groups are whole numbers.

    Parameters
    ----------
    agent, intent, work : of each answered contact with a known agent; work is its seconds.
    names : of the intents.
    """
    if not agent.size:
        return Skills(("agents",), np.ones((1, len(names)), bool), np.zeros(0, np.int64), ("general",) * len(names))
    agents = int(agent.max()) + 1
    seen = np.zeros((agents, len(names)))
    np.add.at(seen, (agent, intent), 1.0)
    usual = seen.sum(axis=0) / max(seen.sum(), 1.0)
    counted = usual >= SMALL_INTENT
    calls = seen.sum(axis=1)
    own = seen / np.maximum(calls, 1.0)[:, None]
    takes = (own >= TAKES * usual) | ~counted | (calls < ENOUGH_CALLS)[:, None]
    weight = np.bincount(agent, work, agents).astype(np.float64)
    member, sets = _groups(takes, weight, usual)
    sets[0] |= ~sets.any(axis=0)
    return Skills(_group_names(sets, names), sets, member, _skill_names(sets, names))


def _groups(takes: Bools, weight: Floats, usual: Floats) -> tuple[Ints, Bools]:
    """Merge the smallest set of agents into the nearest until few and large ones are left."""
    sets, member = np.unique(takes, axis=0, return_inverse=True)
    member = member.ravel()
    while True:
        size = np.bincount(member, weight, len(sets)) / max(weight.sum(), 1e-12)
        small = int(np.argmin(size))
        if len(sets) == 1 or (size[small] >= LEAST_SHARE and len(sets) <= MOST_GROUPS):
            order = np.argsort(-size, kind="stable")
            return np.argsort(order)[member], sets[order]
        away = ((sets != sets[small]) * usual).sum(axis=1) - 1e-6 * size
        away[small] = np.inf
        nearest = int(np.argmin(away))
        if size[small] > size[nearest]:
            sets[nearest] = sets[small]
        member = np.where(member == small, nearest, member)
        sets, member = np.delete(sets, small, axis=0), member - (member > small)


def _group_names(sets: Bools, names: tuple[str, ...]) -> tuple[str, ...]:
    """What each group does not take, or that it takes all."""
    if len(sets) == 1:
        return ("agents",)
    labels = []
    for row in sets:
        missing = [name for name, taken in zip(names, row, strict=True) if not taken]
        labels.append("all_contacts" if not missing else f"without_{'_'.join(missing)}"[:40].rstrip("_"))
    return tuple(name if labels.count(name) == 1 else f"{name}_{number + 1}" for number, name in enumerate(labels))


def _skill_names(sets: Bools, names: tuple[str, ...]) -> tuple[str, ...]:
    """One skill for all intents that the same groups take, named after the first."""
    columns = [tuple(column) for column in sets.T]
    return tuple(names[columns.index(column)] if not all(column) else "general" for column in columns)


SWITCH_S = 15.0
"""Nobody waits longer than this while an agent who takes the contact is on the queue: a switch needs some seconds."""
LONGEST_WRAP_UP_S = 120.0
"""A shorter gap between two contacts is wrap-up or waiting for one, where the log records wrap-up."""
LONGEST_IDLE_S = 3600.0
"""A longer gap is time away, whatever the queue says."""


@dataclass(frozen=True)
class Served:
    """Contacts as the floor sees them; all times in seconds since one midnight.

    Attributes
    ----------
    start, end : of the service of each answered contact; agent (-1 unknown) and intent of it.
    joined, left, waiting_intent : of each contact that had to wait.
    """

    start: Floats
    end: Floats
    agent: Ints
    intent: Ints
    joined: Floats
    left: Floats
    waiting_intent: Ints


@dataclass(frozen=True)
class AttendanceSpans:
    """Spells on the queue, one a row: when they begin, certainly last until, and at most last until; and the group."""

    start: Floats
    seen: Floats
    most: Floats
    group: Ints

    def ends(self, stay: float) -> Floats:
        """When each ends, for agents who stay for so much of the time in which nothing proves them away."""
        return self.seen + stay * (self.most - self.seen)


def attendance_of(served: Served, skills: Skills, longest_wrap_up_s: float = LONGEST_WRAP_UP_S) -> AttendanceSpans:
    """Every spell on the queue.

    Between two contacts an agent is on the queue unless the gap proves otherwise: it is longer than any wrap-up and
    somebody waited whom the agent takes, or it is longer than an hour. When such an agent left is not known: somewhere
    between the end of the last contact and the first such moment.

    Parameters
    ----------
    longest_wrap_up_s : a gap up to this long is no time away.
    """
    known = np.flatnonzero(served.agent >= 0)
    order = known[np.lexsort((served.start[known], served.agent[known]))]
    agent, start, end = served.agent[order], served.start[order], served.end[order]
    if not order.size:
        return _unknown(served, skills)
    first = np.append(True, agent[1:] != agent[:-1])
    run = np.cumsum(first)
    offset = run * (served.end.max() + 10 * DAY_S)
    reached = np.maximum.accumulate(end + offset) - offset
    away = np.ones(len(order), bool)
    most = reached.copy()
    follows = np.flatnonzero(~first)
    group, last = skills.member[agent[follows]], reached[follows - 1]
    stays, leaves = _gaps(served, skills, group, last, start[follows], longest_wrap_up_s)
    away[follows] = ~stays
    most[follows - 1] = leaves
    begins = np.flatnonzero(away)
    lasts = np.append(begins[1:], len(order)) - 1
    own = AttendanceSpans(
        start[begins], reached[lasts], np.maximum(most[lasts], reached[lasts]), skills.member[agent[begins]]
    )
    return _joined(own, _unknown(served, skills))


def _gaps(
    served: Served, skills: Skills, group: Ints, last: Floats, start: Floats, longest_wrap_up_s: float
) -> tuple[Bools, Floats]:
    """Whether agents stayed between two contacts, and when they had left at the latest if not."""
    stays, leaves = np.zeros(len(last), bool), last.copy()
    for number in range(len(skills.groups)):
        mine = np.flatnonzero(group == number)
        long_waits = (served.left - served.joined > SWITCH_S) & skills.takes[number][served.waiting_intent]
        begins = np.sort(served.joined[long_waits] + SWITCH_S)
        ends = np.sort(served.left[long_waits])
        at, until = last[mine], start[mine]
        waiting = np.searchsorted(begins, at, "right") - np.searchsorted(ends, at, "right")
        place = np.searchsorted(begins, at, "right")
        proof = np.append(begins, np.inf)[place]
        gap = until - at
        stays[mine] = (gap <= longest_wrap_up_s) | (
            (gap <= LONGEST_IDLE_S) & (waiting <= 0) & (proof >= until - SWITCH_S)
        )
        leaves[mine] = np.where((waiting > 0) | (gap > LONGEST_IDLE_S), at, np.minimum(proof, until))
    return stays, leaves


def _unknown(served: Served, skills: Skills) -> AttendanceSpans:
    """Contacts whose agent is not known, each a spell of its own, in the largest group that takes the intent."""
    rows = np.flatnonzero(served.agent < 0)
    group = np.argmax(skills.takes[:, served.intent[rows]], axis=0).astype(np.int64) if rows.size else rows
    return AttendanceSpans(served.start[rows], served.end[rows], served.end[rows], group)


def _joined(one: AttendanceSpans, other: AttendanceSpans) -> AttendanceSpans:
    return AttendanceSpans(*(np.append(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True)))


def presence(attendance: AttendanceSpans, stay: float, groups: int, edges: Floats) -> Floats:
    """Mean agents on the queue, (groups, intervals), between consecutive edges (s)."""
    ends = attendance.ends(stay)
    rows = []
    for number in range(groups):
        mine = attendance.group == number
        rows.append(np.diff(_elapsed(np.sort(attendance.start[mine]), edges) - _elapsed(np.sort(ends[mine]), edges)))
    return np.array(rows) / np.diff(edges)


def _elapsed(moments: Floats, edges: Floats) -> Floats:
    """Time passed since each of the moments, added up, at each edge."""
    count = np.searchsorted(moments, edges)
    before = np.append(0.0, np.cumsum(moments))
    return np.asarray(count * edges - before[count])


def whole_agents(mean: Floats, takes: Bools) -> Ints:
    """Whole numbers that follow the means of consecutive intervals, (groups, intervals): at least one agent in each.

    What rounding an interval takes away is given to the next, so that a day's total is right; groups by largest
    remainder. Where rounding leaves an intent without anybody who takes it, somebody who takes more is there instead.

    Parameters
    ----------
    mean : agents, (groups, intervals).
    takes : (groups, intents) which group takes which intent.
    """
    agents = np.zeros(mean.shape, np.int64)
    owed = 0.0
    for interval, column in enumerate(mean.T):
        total = float(column.sum()) + owed
        count = max(math.floor(total + 0.5), 1)
        owed = min(max(total - count, -0.5), 0.5)
        part = column * (count / column.sum()) if column.sum() > 0 else np.eye(len(mean))[0] * count
        whole = np.floor(part + 1e-9).astype(np.int64)
        order = np.argsort(whole - part, kind="stable")
        whole[order[: max(count - int(whole.sum()), 0)]] += 1
        agents[:, interval] = _covering(whole, takes)
    return agents


def _covering(agents: Ints, takes: Bools) -> Ints:
    """The same number of agents, one of another group where an intent would have nobody."""
    if takes[agents > 0].any(axis=0).all():
        return agents
    widest, largest = int(np.argmax(takes.sum(axis=1))), int(np.argmax(agents))
    moved = agents.copy()
    moved[largest] -= 1
    moved[widest] += 1
    return moved
