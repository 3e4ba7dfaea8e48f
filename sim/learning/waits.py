"""What waiting and coming back do: talk by frustration, and how soon those who were let down give up."""

from __future__ import annotations

import math

import numpy as np

from sim.learning.adjusted import Adjusted
from sim.learning.clusters import Interval, interval, variance
from sim.learning.contacts import DAY_S, Bools, LoggedContacts
from sim.learning.contrasts import contrast
from sim.learning.lengthened import rise_by_waiting
from sim.mechanisms.frustration import Frustration

LEAST_GIVEN_UP = 50


def talk_by_waiting(data: Adjusted, section: Frustration) -> Interval | None:
    """The effect of frustration on talk by those who waited; None where nobody waited beyond the grace.

    Waits differ by luck within a date and an hour: who waited longer is more frustrated, and no harder.
    """
    rise = rise_by_waiting(data.contacts, section)
    if not rise.any():
        return None
    kinds = [kind.rows for kind in data.kinds]
    found = contrast(data.values, data.weights, list(data.effects), [*kinds, rise])
    if np.isnan(found.shifts[-1]):
        return None
    se = math.sqrt(float(data.variance(found.influence[:, -1:])[0, 0]))
    return interval(float(found.shifts[-1]), se, data.clusters)


def patience_of_returns(contacts: LoggedContacts, first: Bools) -> Interval | None:
    """By how much sooner those who come back give up: log of the ratio of their rates; None where too few gave up.

    Notes
    -----
    Those who gave up over seconds waited, of returns and of first contacts, within intent and period; the mean over
    these by the precision of each (Mantel and Haenszel's weights), with days as clusters.
    """
    gave_up = ~(contacts.talk_s > 0.0) & (contacts.waited_s > 0.0)
    waited = np.nan_to_num(contacts.waited_s)
    strata = contacts.intent * 2 + contacts.after
    top = bottom = 0.0
    influence = np.zeros(len(contacts))
    parts = []
    for stratum in np.unique(strata):
        own = strata == stratum
        lost, seconds = [], []
        for rows in (own & ~first, own & first):
            lost.append(float(gave_up[rows].sum()))
            seconds.append(float(waited[rows].sum()))
        if min(lost) >= 5.0 and min(seconds) > 0.0:
            weight = lost[0] * lost[1] / (lost[0] + lost[1])
            parts.append((own, lost, seconds, weight))
            top += weight * math.log(lost[0] / seconds[0] / (lost[1] / seconds[1]))
            bottom += weight
    if bottom == 0.0 or sum(part[1][0] for part in parts) < LEAST_GIVEN_UP:
        return None
    for own, lost, seconds, weight in parts:
        for k, rows in enumerate((own & ~first, own & first)):
            added = gave_up[rows] / lost[k] - waited[rows] / seconds[k]
            influence[rows] += (1.0 if k == 0 else -1.0) * weight / bottom * added
    se = math.sqrt(float(variance(influence[:, None], contacts.day, contacts.customer)[0, 0]))
    return interval(top / bottom, se, int(np.unique(contacts.time_s // DAY_S).size))
