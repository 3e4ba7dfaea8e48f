"""How many contacts each agent had in hand at every moment of a log, and the work that a chat took alone.

A chat among n goes on at 1/L(n) of the pace that it has alone (`sim.mechanisms.chat`), so its own length is the
integral of 1/L over its life: what an export calls its handle time is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.calibrate.fits.estimate import Bools, Floats, Ints

US = 1_000_000
SPARE_US = 10 * 86_400 * US


@dataclass(frozen=True)
class InHand:
    """Contacts in the hands of agents, all agents one after the other on one axis of time.

    Attributes
    ----------
    moments : (moments,) at which some level changes, in microseconds of the axis.
    level : (moments,) contacts in hand from each moment to the next.
    owner : (moments,) agent of each.
    first, talked, last : (contacts,) places in `moments` at which each contact begins, its talk ends, and it ends.
    """

    moments: Ints
    level: Ints
    owner: Ints
    first: Ints
    talked: Ints
    last: Ints

    @cached_property
    def lasts_s(self) -> Floats:
        """How long each level lasts (s), (moments,)."""
        return np.append(np.diff(self.moments), 0) / US

    def time_at(self, of: Bools | None = None) -> Floats:
        """Agents' time with 0, 1, 2, ... in hand (s); with none only as far as it lies between contacts of a day.

        Parameters
        ----------
        of : (agents,) whose; all when left out.
        """
        mine = np.ones(len(self.level), bool) if of is None else of[self.owner]
        busy = mine & (self.level > 0)
        return np.asarray(np.bincount(self.level[busy], self.lasts_s[busy], 2), np.float64)

    def passed(self, pace: Floats) -> Floats:
        """The integral of a pace by level, (levels,), up to each moment, (moments,)."""
        return np.append(0.0, np.cumsum(pace[self.level] * self.lasts_s)[:-1])


def in_hand(start_s: Floats, talked_s: Floats, end_s: Floats, agent: Ints) -> InHand:
    """Lay contacts out.

    Parameters
    ----------
    start_s, talked_s, end_s : when each begins, its talk ends, and its wrap-up ends, in seconds from one midnight.
    agent : (contacts,) numbers, all known.
    """
    start, talked, end = (np.rint(times * US).astype(np.int64) for times in (start_s, talked_s, end_s))
    offset = agent * (int(end.max(initial=0)) + SPARE_US)
    start, talked, end = (times + offset for times in (start, np.maximum(start, talked), np.maximum(start, end)))
    moments = np.unique(np.concatenate([start, talked, end]))
    first, middle, last = (np.searchsorted(moments, times) for times in (start, talked, end))
    change = np.bincount(first, minlength=len(moments)) - np.bincount(last, minlength=len(moments))
    owner = np.zeros(len(moments), np.int64)
    owner[first] = owner[middle] = owner[last] = agent
    return InHand(moments, np.cumsum(change).astype(np.int64), owner, first, middle, last)


def work_of(held: InHand, pace: Floats, until: Ints) -> Floats:
    """The work that each contact took up to a place in `moments`, at a pace by level (s), (contacts,).

    Parameters
    ----------
    pace : (levels,) of one contact with 0, 1, 2, ... in hand.
    """
    passed = held.passed(pace)
    return np.asarray(passed[until] - passed[held.first])
