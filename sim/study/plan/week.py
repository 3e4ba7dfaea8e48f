"""Playing a month's week once, and what stays of it: sums of measures by group, targets met, the backlog it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.demand.horizon import DAY_US, SECOND_US, make_horizon
from sim.engine import COMPILED, Prepared, prepare
from sim.engine.crew import Crew
from sim.engine.engine import records_of
from sim.engine.plan import roster_size
from sim.engine.records import Records
from sim.measures import Measure, make_frame, tally
from sim.measures.definitions import weighted
from sim.mechanisms.deferred import OpeningBacklog
from sim.scenario.model import Scenario
from sim.scenario.targets import MeasureTarget
from sim.study.plan.month import WEEKS_A_MONTH
from sim.study.plan.result import WEEK
from sim.study.replicate import ScenarioRun
from sim.study.tables import own_values

Floats = npt.NDArray[np.float64]
BACKLOG, BUSINESS = "backlog", "business"


@dataclass(frozen=True)
class WeekSums:
    """What one week comes to.

    Attributes
    ----------
    tops, bottoms : (groups + 1,) by measure (`WEEK`), all groups together last; nan where it is not told by group.
    met : whether the week meets a target, by target; nan where there is nothing to judge.
    own : measures of the whole week by their own names.
    backlog : deferred items that are there when the next month's week begins, by intent.
    """

    tops: dict[str, Floats]
    bottoms: dict[str, Floats]
    met: dict[str, float]
    own: dict[str, float]
    backlog: dict[str, OpeningBacklog]


def measures_named(scenario: Scenario, measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """The measures of a week by the names that months have for them, where the scenario has them."""
    meant = {"service_level": scenario.targets.service_level.definition, "resolution": "resolution_rate"}
    pairs = ((name, meant.get(name, name)) for name in WEEK)
    return {name: measures[own] for name, own in pairs if own in measures}


def play_week(
    scenario: Scenario,
    crew_for: Callable[[Sequence[int]], Crew],
    goals: Mapping[str, MeasureTarget],
    seed: int,
    replication: int,
    engine: str = COMPILED,
) -> WeekSums:
    """Simulate one replication of a week.

    Parameters
    ----------
    crew_for : says who sits in its seats, from how many each group has.
    goals : the targets that it is held to.
    """
    horizon = make_horizon(scenario)
    seats = [roster_size(group, scenario, horizon) for group in scenario.agents.values()]
    prepared = prepare(scenario, parts=False, crew=crew_for(seats))
    run = ScenarioRun(scenario, prepared, make_frame(scenario))
    player = prepared.compiled if engine == COMPILED else prepared.simpy
    state = player.play(seed, replication)
    records = records_of(state)
    run.tallies.add(tally(records, run.frame))
    backlog = _backlog(prepared, records)  # the state is not given back: hardly another week has its sizes
    tops, bottoms = _sums(run)
    if any(intent.channel == "deferred" for intent in scenario.intents.values()):
        left = sum(items.count for items in backlog.open_at_end.values())
        tops[BACKLOG], bottoms[BACKLOG] = _whole(float(left), len(scenario.agents)), np.ones(len(scenario.agents) + 1)
    own = {name: float(value[0]) for name, value in own_values(run).items()}
    met = {name: _judged(goal, own.get(name, float("nan"))) for name, goal in goals.items()}
    return WeekSums(tops, bottoms, met, own, backlog.carried)


def _judged(goal: MeasureTarget, value: float) -> float:
    return float("nan") if np.isnan(value) else float(goal.met(value))


def _sums(run: ScenarioRun) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Tops and bottoms of the measures, (groups + 1,) each."""
    whole, by_group = run.tallies.counts("overall")[0], run.tallies.counts("group")[0]
    tops: dict[str, Floats] = {}
    bottoms: dict[str, Floats] = {}
    for name, measure in measures_named(run.scenario, run.measures).items():
        for sums, weights in ((tops, measure.top), (bottoms, measure.bottom)):
            total = float(weighted(whole, weights)[0])
            sums[name] = _whole(total, len(by_group))
            if "group" in measure.slices:
                sums[name][:-1] = weighted(by_group, weights)
    return tops, bottoms


def _whole(value: float, groups: int) -> Floats:
    """A value of all groups together, that is not told by group."""
    return np.array([*[np.nan] * groups, value])


# The backlog ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Open:
    """Deferred items open at the end of the days measured, and those there when the next month's week begins."""

    open_at_end: dict[str, OpeningBacklog]
    carried: dict[str, OpeningBacklog]


def _backlog(prepared: Prepared, records: Records) -> _Open:
    scenario = prepared.scenario
    deferred = [k for k, intent in enumerate(scenario.intents.values()) if intent.channel == "deferred"]
    if not deferred:
        return _Open({}, {})
    measured = np.flatnonzero(prepared.horizon.measured)
    start, end = int(measured[0]) * DAY_US, (int(measured[-1]) + 1) * DAY_US
    weeks = (end - start) / (7 * DAY_US)
    found = _Open({}, {})
    names = list(scenario.intents)
    for k in deferred:
        mine = records.contacts["intent"] == k
        ages = _ages_open(records, mine, end)
        growth = (ages.size - _ages_open(records, mine, start).size) / weeks
        count = max(0, round(ages.size + growth * max(WEEKS_A_MONTH - weeks, 0.0)))
        age = float(ages.mean()) / SECOND_US * _clock(scenario, names[k]) if ages.size else 0.0
        found.open_at_end[names[k]] = OpeningBacklog(count=int(ages.size), age=age)
        found.carried[names[k]] = OpeningBacklog(count=count, age=age)
    return found


def _ages_open(records: Records, mine: npt.NDArray[np.bool_], at: int) -> npt.NDArray[Any]:
    """Ages (us) of the items that are open at a moment."""
    contacts, channels = records.contacts[mine], records.channels[mine]
    there = (contacts["joined_us"] >= 0) & (contacts["joined_us"] <= at)
    there &= (channels["closed_us"] < 0) | (channels["closed_us"] > at)
    return np.asarray(at - contacts["joined_us"][there] + channels["age_us"][there])


def _clock(scenario: Scenario, intent: str) -> float:
    """Seconds on an intent's clock in a second: its share of the week where that clock counts business hours."""
    clock = scenario.intents[intent].clock
    if clock is not None and clock != BUSINESS:
        return 1.0
    hours = [day for day in scenario.calendar.hours if day is not None]
    return sum(closes - opens for opens, closes in hours) / (7 * 86_400.0)
