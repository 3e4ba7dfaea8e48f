"""What it costs an agent that the bot's context was lost: how often, and how much longer those contacts are."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.learning.adjusted import LEAST_CONTACTS, Adjusted
from sim.learning.clusters import Interval, clusters, interval, variance
from sim.learning.contacts import Route
from sim.learning.contrasts import contrast
from sim.learning.lengthened import TALK
from sim.learning.priors import prior_of
from sim.mechanisms.frustration import raised
from sim.scenario.model import Scenario


class LostContext(NamedTuple):
    """Of those who were handed over: the share whose context came along, and seconds more of talk where it did not."""

    kept: Interval
    seconds: Interval


def lost_context(data: Adjusted, scenario: Scenario | None) -> LostContext | None:
    """Compare those whose context was lost with those whose was kept; None where no column says which.

    Whose context is lost is luck, given the intent: the two kinds are equally hard. What being asked again does by
    frustration, as the scenario believes, is taken off.
    """
    contacts = data.contacts
    rows = data.met & (contacts.route == Route.HANDED_OVER) & np.isfinite(contacts.context_lost)
    lost = contacts.context_lost[rows] == 1.0
    if min(lost.sum(), (~lost).sum()) < LEAST_CONTACTS:
        return None
    some = contacts.chosen(rows)
    count = clusters(some.day, some.agent)
    mean = float((~lost).mean())
    spread = variance((((~lost) - mean) / lost.size)[:, None], some.day, some.agent)
    kept = interval(mean, math.sqrt(float(spread[0, 0])), count)
    talk = some.talk_s
    counts = np.maximum(np.bincount(some.intent), 1)
    usual = np.maximum(np.bincount(some.intent, talk) / counts, 1.0)
    weights = data.weights[rows] / usual[some.intent] ** 2
    effects = [levels[rows] for levels in data.effects]
    found = contrast(talk, weights, effects, [lost])
    se = math.sqrt(float(variance(found.influence, some.day, some.agent)[0, 0]))
    value = float(found.shifts[0]) - _by_frustration(scenario) * float(talk[~lost].mean())
    return LostContext(kept, interval(value, se, count))


def _by_frustration(scenario: Scenario | None) -> float:
    """By how much talk is longer for having to say it all again, as a share."""
    section = None if scenario is None else scenario.frustration
    if section is None:
        return 0.0
    level = raised(raised(section.start, section.failed_turn), section.failed_turn)
    return prior_of(scenario, TALK).value * (raised(level, section.repeats_himself) - level)
