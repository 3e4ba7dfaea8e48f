"""Talk by time on duty, within agents."""

from __future__ import annotations

import numpy as np

from sim.learning.adjusted import HOUR_S, Adjusted
from sim.learning.clusters import Interval, interval
from sim.learning.contacts import NOBODY, Floats
from sim.learning.contrasts import contrast

LEAST_LEFT = 0.02
"""Share of the variation of time on duty that must be left beside the hour of the day."""


def on_duty_h(data: Adjusted) -> Floats:
    """(contacts,) hours since the agent's first contact of the day; nan where the agent is not known."""
    contacts = data.contacts
    groups = np.unique(contacts.day * (int(contacts.agent.max(initial=0)) + 2) + contacts.agent, return_inverse=True)[1]
    first = np.full(int(groups.max(initial=0)) + 1, np.inf)
    np.minimum.at(first, groups, contacts.time_s)
    hours = (contacts.time_s - first[groups]) / HOUR_S
    return np.where(contacts.agent == NOBODY, np.nan, hours)


def by_time_on_duty(data: Adjusted) -> Interval | None:
    """How much longer talk gets an hour on duty, as a share; None where shifts all begin alike, or agents are unknown.

    Every agent is beside itself on days on which it began at another time; date and hour of the day are taken out.
    """
    hours = on_duty_h(data)
    rows = np.isfinite(hours)
    if not rows.any():
        return None
    whole = hours[rows] - hours[rows].mean()
    kinds = [kind.rows[rows] for kind in data.kinds]
    effects = [levels[rows] for levels in data.effects]
    found = contrast(data.values[rows], data.weights[rows], effects, [*kinds, whole])
    if found.left[-1] < LEAST_LEFT or np.isnan(found.shifts[-1]):
        return None
    filled = np.zeros((rows.size, 1))
    filled[rows] = found.influence[:, -1:]
    se = float(np.sqrt(data.variance(filled)[0, 0]))
    return interval(float(found.shifts[-1]), se, data.clusters)
