"""First contacts of a scenario, and the factors by intent and weekday with which they meet what is observed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from sim.demand.expected import expected_counts
from sim.scenario.model import Scenario
from sim.scenario.observed import ContactsFigure, Observed
from sim.schema.calendar import WEEKDAYS

Floats = npt.NDArray[np.float64]


def open_days(scenario: Scenario) -> Floats:
    """Return how many days measured are open, by weekday from Monday, (7,)."""
    days = np.zeros(len(WEEKDAYS))
    for day in _measured(scenario):
        days[day.weekday()] += 1.0
    return days


def _measured(scenario: Scenario) -> Iterator[dt.date]:
    return (day for day in scenario.calendar.dates() if scenario.calendar.intervals(day))


def first_contacts(scenario: Scenario) -> dict[str, Floats]:
    """Return the first contacts expected on the days measured, by intent: summed by weekday, (7,)."""
    table = {name: np.zeros(len(WEEKDAYS)) for name in scenario.intents}
    for day in _measured(scenario):
        for name, intent in scenario.intents.items():
            table[name][day.weekday()] += sum(expected_counts(scenario, intent, day))
    return table


def is_rescalable(scenario: Scenario, intent: str) -> bool:
    """Return whether an intent's arrivals are a rate, and no list of moments."""
    arrivals = scenario.intents[intent].arrivals or scenario.arrivals
    return arrivals is not None and arrivals.trace is None


# Figures by intent and weekday ----------------------------------------------------------------------------------------


def by_intent_and_weekday(observed: Observed) -> dict[str, dict[int, float]]:
    """Return the contacts of a day of intents whose figures are by weekday."""
    found: dict[str, dict[int, float]] = {}
    for item in _both(observed):
        found.setdefault(item.intent, {}).update(dict.fromkeys(item.weekdays or (), item.figure.value))
    return found


def _both(observed: Observed) -> Iterable[ContactsFigure]:
    items = observed.contacts.items() if observed.contacts is not None else ()
    return (item for item in items if item.intent and item.weekdays is not None)


def shape_of(scenario: Scenario, observed: Observed) -> dict[str, Floats]:
    """Return factors by intent and weekday, (7,), that give first contacts the weekdays of the figures.

    The first contacts of an intent stay as many: how many there should be is found by simulation.
    """
    days, factors = open_days(scenario), {name: np.ones(len(WEEKDAYS)) for name in scenario.intents}
    for name, contacts in by_intent_and_weekday(observed).items():
        written = first_contacts(scenario)[name]
        wanted = np.array([contacts.get(day, 0.0) for day in range(len(WEEKDAYS))]) * days
        there = (written > 0) & (wanted > 0)
        if there.any():
            factors[name][there] = wanted[there] / written[there] * written[there].sum() / wanted[there].sum()
    return factors
