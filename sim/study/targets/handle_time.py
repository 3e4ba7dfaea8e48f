"""The handle time that targets speak of: of chats the time for which they are open, of all else the agent's."""

from __future__ import annotations

import numpy as np

from sim.study.estimates import Estimate
from sim.study.scenario_results import ScenarioResult

AHT, NATURAL_AHT, ELAPSED, WORK = "aht_s", "natural_aht_s", "elapsed_s", "workload_hours"


def natural_time(result: ScenarioResult, intent: str = "") -> Estimate:
    """The handle time of a cell in which nobody is hurried (s), of all contacts or of one intent.

    Parameters
    ----------
    result : with its intents apart, where it has chats or one intent is asked for.
    intent : which; nan where it has none of that name.
    """
    return _time(result, intent, NATURAL_AHT)


def reached_time(result: ScenarioResult, intent: str = "") -> Estimate:
    """The handle time that a cell comes to, in the same sense."""
    return _time(result, intent, AHT)


def has_chats(result: ScenarioResult) -> bool:
    """Whether targets speak of another time than AHT."""
    return any(each.channel == "chat" for each in result.scenario.intents.values())


def _time(result: ScenarioResult, intent: str, measure: str) -> Estimate:
    if intent:
        return _of_intent(result, intent, measure)
    return _of_all(result, measure) if has_chats(result) else result.estimates[measure]


def _of_intent(result: ScenarioResult, intent: str, measure: str) -> Estimate:
    known = result.scenario.intents.get(intent)
    if known is None:
        nothing = np.full((len(result.estimates[measure].replicates), 1), np.nan)
        return Estimate(np.array([np.nan]), nothing)
    name = ELAPSED if known.channel == "chat" else measure
    return _at(result, name, intent)


def _at(result: ScenarioResult, measure: str, intent: str) -> Estimate:
    place = list(result.labels["intent"]["intent"]).index(intent)
    return result.slices["intent"][measure].at(np.array([place]))


def _of_all(result: ScenarioResult, measure: str) -> Estimate:
    """The mean over all contacts served, each by the time that counts for it; to first order."""
    times, served = [], []
    for intent in result.scenario.intents:
        time, work, each = (_of_intent(result, intent, measure), *(_at(result, m, intent) for m in (WORK, AHT)))
        if not np.isnan(time.mean[0]):
            number = 3600.0 * work.mean / each.mean
            times.append(time)
            served.append(Estimate(number, number * (work.replicates / work.mean - each.replicates / each.mean)))
    if not times:
        return result.estimates[measure]
    whole = sum(float(number.mean[0]) for number in served)
    mean = sum(number.mean * time.mean for number, time in zip(served, times, strict=True)) / whole
    replicates = sum(
        number.mean * time.replicates + (time.mean - mean) * number.replicates
        for number, time in zip(served, times, strict=True)
    )
    return Estimate(np.asarray(mean), np.asarray(replicates) / whole)
