"""What each group does of an interval's contacts, by simulated routing: its contacts, their AHT and service level.

An answered contact is of the group that answered it. One that nobody answered is shared out over the groups as those
of its skill are that were answered in that interval (or in all of them, where none was; by the work offered, else).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.records import AgentState, Outcome
from sim.measures.frame import Frame
from sim.study.staffing.erlang_start import time_before
from sim.study.staffing.evaluator import Verification
from sim.study.staffing.plan import StaffingProblem

Floats = npt.NDArray[np.float64]
LOOKED_AT = 200_000
"""Contacts, about, from which a group's part is taken."""
SECOND_US = 1e6


@dataclass(frozen=True)
class GroupFigures:
    """By group and interval, (groups, intervals); nan where there is nothing to divide by.

    Attributes
    ----------
    share : the group's part of the interval's contacts; sums to 1 over the groups.
    aht_s : of the contacts that it answered.
    service_level : by the planner's definition, its part of the unanswered included; each contact to the T of the
        target that is about it.
    occupancy : of its agents, in opening hours.
    """

    share: Floats
    aht_s: Floats
    service_level: Floats
    occupancy: Floats

    def of(self, group: int, cell: int) -> dict[str, float]:
        """The figures of one group in one interval, by name."""
        names = ("aht_s", "service_level", "occupancy")
        return {name: float(getattr(self, name)[group, cell]) for name in names}


def group_figures(problem: StaffingProblem, verification: Verification, engine: str, load: Floats) -> GroupFigures:
    """Look at the staffing once more, contact by contact, on the first of the replications that it was verified on.

    Parameters
    ----------
    problem, verification : the groups and intervals; what was simulated.
    engine : that simulates.
    load : (groups, intervals) work offered, by which contacts are shared out where none of a skill was answered.
    """
    run = verification.run
    each = max(1.0, run.expected_contacts)
    count = min(verification.replications, math.ceil(LOOKED_AT / each))
    numbers = [run.frame.groups.index(name) for name in problem.groups]
    sums = _Sums(run.frame, numbers, run.scenario.intents, load)
    for replication in range(count):
        sums.add(run.prepared.replicate(verification.seed, replication, engine))
    return sums.figures(run.frame.definition)


class _Sums:
    """Sums over replications; contacts nobody answered are kept by skill until all are known."""

    def __init__(self, frame: Frame, numbers: list[int], intents: dict[str, Any], load: Floats) -> None:
        self.frame, self.load = frame, load
        self.place = np.full(len(frame.groups), -1)
        self.place[numbers] = np.arange(len(numbers))
        skills = list(dict.fromkeys(intent.skill for intent in intents.values()))
        self.skill_of = np.array([skills.index(intent.skill) for intent in intents.values()], np.int64)
        self.deferred = np.array([intent.channel == "deferred" for intent in intents.values()], bool)
        self.chats = np.array([intent.chats is not None for intent in intents.values()], bool)
        shape = (len(numbers), len(skills), frame.starts.size)
        self.answered, self.handled_s, self.within = (np.zeros(shape) for _ in range(3))
        self.gone, self.gone_within = np.zeros(shape[1:]), np.zeros(shape[1:])
        self.busy, self.free = np.zeros((shape[0], shape[2])), np.zeros((shape[0], shape[2]))

    def add(self, records: Any) -> None:
        """Add one replication."""
        live = self._live(records)
        contacts, handled_us = records.contacts[live], self._handled_us(records)[live]
        booking = np.searchsorted(self.frame.booking_starts, contacts["joined_us"], side="right") - 1
        cells = self.frame.booked[np.maximum(booking, 0)]
        known = (cells >= 0) & (booking >= 0)
        contacts, cells, handled_us = contacts[known], cells[known], handled_us[known]
        skills, taken = self.skill_of[contacts["intent"]], contacts["outcome"] == Outcome.ANSWERED
        in_time = contacts["left_us"] - contacts["joined_us"] <= self.frame.own_within_us[contacts["intent"]]
        groups = self.place[contacts["group"]]
        taken_by = taken & (groups >= 0)
        at = (groups[taken_by], skills[taken_by], cells[taken_by])
        handled = handled_us[taken_by] / SECOND_US
        for total, amount in ((self.answered, 1.0), (self.handled_s, handled), (self.within, in_time[taken_by])):
            np.add.at(total, at, amount)
        np.add.at(self.gone, (skills[~taken], cells[~taken]), 1.0)
        gave_up = ~taken & (contacts["outcome"] != Outcome.DISCONNECTED)
        np.add.at(self.gone_within, (skills[gave_up], cells[gave_up]), in_time[gave_up])
        self._add_time(records.segments)

    def _live(self, records: Any) -> Any:
        """Which contacts were offered live: not deferred work, nor call-backs, nor whom a full queue sent away."""
        contacts = records.contacts
        live = (contacts["outcome"] > 0) & (contacts["outcome"] != Outcome.BLOCKED) & ~self.deferred[contacts["intent"]]
        return live & (records.channels["called_back"] == 0) if records.channels.size else live

    def _handled_us(self, records: Any) -> Any:
        """The agent's time of every contact (us): of a chat its share of what the agent had in hand."""
        contacts, channels = records.contacts, records.channels
        alone = contacts["talk_us"] + contacts["supervisor_us"] + contacts["wrap_us"]
        if not channels.size:
            return alone
        return np.where(self.chats[contacts["intent"]], channels["talk_share_us"] + channels["wrap_share_us"], alone)

    def _add_time(self, segments: Any) -> None:
        for state, total in ((AgentState.HANDLING, self.busy), (AgentState.AVAILABLE, self.free)):
            own = segments[segments["state"] == state]
            for number, group in enumerate(self.place.tolist()):
                if group >= 0:
                    mine = own[own["group"] == number]
                    total[group] += time_before(mine, self.frame.ends) - time_before(mine, self.frame.starts)

    def figures(self, definition: str) -> GroupFigures:
        """What the sums come to."""
        answered, within = self.answered.sum(axis=1), self.within.sum(axis=1)
        part = self._parts()
        gone, gone_within = ((part * lost).sum(axis=1) for lost in (self.gone, self.gone_within))
        offered = answered + gone
        above, below = {
            "sl_offered": (within, offered),
            "sl_excl_abn_in_t": (within, offered - gone_within),
            "sl_credit_abn_in_t": (within + gone_within, offered),
            "sl_answered": (within, answered),
        }[definition]
        by_load = _over(self.load, self.load.sum(axis=0), 1.0 / len(self.load))
        whole = offered.sum(axis=0)
        return GroupFigures(
            share=np.where(whole > 0, _over(offered, whole, 0.0), by_load),
            aht_s=_over(self.handled_s.sum(axis=1), answered, math.nan),
            service_level=_over(above, below, math.nan),
            occupancy=_over(self.busy, self.busy + self.free, math.nan),
        )

    def _parts(self) -> Floats:
        """(groups, skills, intervals) each group's part of those of a skill whom nobody answered."""
        ever = self.answered.sum(axis=2, keepdims=True)
        load = np.broadcast_to(self.load[:, None, :], self.answered.shape)
        fallback = _over(load, load.sum(axis=0), 1.0 / len(self.load))
        over_all = np.where(ever.sum(axis=0) > 0, _over(ever, ever.sum(axis=0), 0.0), fallback)
        here = self.answered.sum(axis=0)
        return np.where(here > 0, _over(self.answered, here, 0.0), over_all)


def _over(above: Floats, below: Floats, otherwise: float) -> Floats:
    """A ratio, and something else where there is nothing to divide by."""
    below = np.broadcast_to(below, above.shape)
    return np.asarray(np.divide(above, below, out=np.full(above.shape, otherwise), where=below > 0))
