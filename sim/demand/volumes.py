"""Who may call, as numbers: expected counts, days, processes and traces; made once, read by every replication."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from sim.demand.expected import expected_counts, source_of
from sim.demand.horizon import DAY_US, SECOND_US, Horizon
from sim.rng.philox import name_hash, uniform
from sim.rng.purposes import Purpose
from sim.scenario.model import Arrivals, Intent, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

POISSON, FIXED_BY_DAY, FIXED_BY_INTERVAL, TRACE = range(4)
Traced = tuple[int, int, float, float]


class Volumes(NamedTuple):
    """Everything that the arrival process needs, apart from luck.

    Attributes
    ----------
    expected : (intents, days, intervals) contacts expected, before busyness.
    process : (intents,) POISSON, FIXED_BY_DAY, FIXED_BY_INTERVAL or TRACE.
    name : (intents,) the intent's hash.
    ordinal, intervals : (days,) the date's ordinal; the number of opening intervals, 0 on a closed day.
    edges : (days, intervals + 1) interval boundaries (us); the rest of a row repeats the close.
    fixed : (intents, days, intervals) contacts of a fixed count; a count by day stands in the first interval.
    trace_first : (intents, days + 1) cuts the traced rows by intent and day.
    trace_time, trace_number, trace_low, trace_high : (rows,) time (us), number in the file's day, and the part of the
        unit interval in which the draw must fall for the contact to have this intent.
    exposure : share of customers who meet the bot; the others do not come out of hours.
    night : (intents,) contacts out of hours, as a share of the day's in opening hours.
    night_edges : (days, 4) when they come (us): from the first to the second, before opening, and from the third to the
        fourth, after close.
    """

    expected: Floats
    process: Ints
    name: Ints
    ordinal: Ints
    intervals: Ints
    edges: Ints
    fixed: Ints
    trace_first: Ints
    trace_time: Ints
    trace_number: Ints
    trace_low: Floats
    trace_high: Floats
    exposure: float
    night: Floats
    night_edges: Ints


def make_volumes(scenario: Scenario, horizon: Horizon) -> Volumes:
    """Turn a scenario's arrivals into numbers."""
    expected = expected_table(scenario, horizon)
    intents = tuple(scenario.intents.values())
    first, rows = _traces(scenario, horizon)
    time, number, low, high = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Volumes(
        expected,
        np.array([_process(source_of(scenario, i)[0]) for i in intents], np.int64),
        np.array([name_hash(i.name) for i in intents], np.int64),
        np.array([d.toordinal() for d in horizon.dates], np.int64),
        np.array([max(len(e) - 1, 0) for e in horizon.edges], np.int64),
        _edges(horizon),
        np.array([_fixed(scenario, i, expected[k]) for k, i in enumerate(intents)], np.int64),
        first,
        np.array(time, np.int64),
        np.array(number, np.int64),
        np.array(low, np.float64),
        np.array(high, np.float64),
        1.0 if scenario.bot is None or scenario.bot.exposure is None else scenario.bot.exposure,
        _night(scenario),
        _night_edges(scenario, horizon),
    )


def expected_table(scenario: Scenario, horizon: Horizon) -> Floats:
    """Contacts expected by intent, day and interval, before busyness."""
    table = np.zeros((len(scenario.intents), len(horizon.dates), horizon.most_intervals))
    for i, intent in enumerate(scenario.intents.values()):
        for d, day in enumerate(horizon.dates):
            counts = expected_counts(scenario, intent, day)
            table[i, d, : len(counts)] = counts
    return table


def _night(scenario: Scenario) -> Floats:
    bot = scenario.bot
    more = 0.0 if bot is None or bot.hours is None else bot.out_of_hours
    return np.array([more if intent.bot is not None else 0.0 for intent in scenario.intents.values()])


def _night_edges(scenario: Scenario, horizon: Horizon) -> Ints:
    """The hours of the bot before opening and after close, on open days."""
    found = np.zeros((len(horizon.dates), 4), np.int64)
    for d, (first, last) in enumerate(bot_spans(scenario, horizon)):
        opens, closes = horizon.open_us[d], horizon.close_us[d]
        if opens >= 0 and first < last:
            found[d] = first, max(min(opens, last), first), min(max(closes, first), last), last
    return found


def bot_spans(scenario: Scenario, horizon: Horizon) -> Ints:
    """When the bot answers on each simulated day, (days, 2) (us); where the file does not say, always."""
    hours = scenario.bot.hours if scenario.bot else None
    found = np.array([(d * DAY_US, (d + 1) * DAY_US) for d in range(len(horizon.dates))], np.int64)
    if hours is not None:
        for d, day in enumerate(horizon.dates):
            span = hours[day.weekday()] or (0.0, 0.0)
            found[d] = [d * DAY_US + round(edge * SECOND_US) for edge in span]
    return found


def _process(arrivals: Arrivals) -> int:
    if arrivals.process == "trace":
        return TRACE
    if arrivals.process == "poisson":
        return POISSON
    return FIXED_BY_DAY if arrivals.per_day is not None else FIXED_BY_INTERVAL


def _edges(horizon: Horizon) -> Ints:
    table = np.zeros((len(horizon.edges), horizon.most_intervals + 1), np.int64)
    for d, edges in enumerate(horizon.edges):
        if len(edges):
            table[d] = edges[-1]
            table[d, : len(edges)] = edges
    return table


def _fixed(scenario: Scenario, intent: Intent, expected: Floats) -> Ints:
    """Counts of a fixed_count process, (days, intervals): rounded by day, or cumulatively by interval."""
    counts = np.zeros(expected.shape, np.int64)
    process = _process(source_of(scenario, intent)[0])
    for d, row in enumerate(expected):
        if process == FIXED_BY_DAY and row.size:
            counts[d, 0] = math.floor(row.sum() + 0.5)
        if process == FIXED_BY_INTERVAL:
            counts[d] = np.diff(np.floor(np.append(0.0, np.cumsum(row)) + 0.5 + 1e-9))
    return counts


# Traces -----------------------------------------------------------------------


def _traces(scenario: Scenario, horizon: Horizon) -> tuple[Ints, list[Traced]]:
    first = np.zeros((len(scenario.intents), len(horizon.dates) + 1), np.int64)
    rows: list[Traced] = []
    for i, intent in enumerate(scenario.intents.values()):
        first[i, 0] = len(rows)
        for d in range(len(horizon.dates)):
            rows += _traced(scenario, intent, horizon, d)
            first[i, d + 1] = len(rows)
    return first, rows


def _traced(scenario: Scenario, intent: Intent, horizon: Horizon, index: int) -> list[Traced]:
    arrivals, _ = source_of(scenario, intent)
    if arrivals.process != "trace" or arrivals.trace is None:
        return []
    midnight, shared = index * 86_400 * SECOND_US, _part(scenario, intent)
    return [
        (midnight + round(second * SECOND_US), k, *((0.0, math.inf) if name else shared))
        for k, (_, second, name) in enumerate(arrivals.trace.of(horizon.dates[index], scenario.calendar))
        if name in (None, intent.name)
    ]


def _part(scenario: Scenario, intent: Intent) -> tuple[float, float]:
    """The part of the unit interval that draws this intent for a traced contact without one."""
    reached = 0.0
    for other in scenario.intents.values():
        if other.arrivals is None:
            low, reached = reached, reached + (other.share or 0.0)
            if other.name == intent.name:
                return low, reached
    return 0.0, 0.0


# Busyness ---------------------------------------------------------------------


def is_busy(scenario: Scenario) -> bool:
    """Whether expected counts change from replication to replication."""
    return any(
        a.process == "poisson" and (a.busyness_cv > 0.0 or a.interval_cv > 0.0)
        for a in (source_of(scenario, i)[0] for i in scenario.intents.values())
    )


def busy_rates(scenario: Scenario, volumes: Volumes, key: tuple[int, int]) -> Floats:
    """Expected counts after each day's busyness and each interval's (gamma, mean 1), common to all intents.

    Counts become over-dispersed as in Jongbloed and Koole (2001) and Avramidis, Deslauriers and L'Ecuyer (2004).
    """
    rates = volumes.expected.copy()
    days, intervals = rates.shape[1:]
    whole = np.array([_draw(key, 0, day, Purpose.BUSYNESS) for day in volumes.ordinal])
    for i, intent in enumerate(scenario.intents.values()):
        arrivals, _ = source_of(scenario, intent)
        if arrivals.process == "poisson":
            rates[i] *= gamma_factors(whole, arrivals.busyness_cv)[:, None]
            if arrivals.interval_cv > 0.0:
                draws = [
                    [_draw(key, j, d, Purpose.INTERVAL_BUSYNESS) for j in range(intervals)] for d in volumes.ordinal
                ]
                rates[i] *= gamma_factors(np.array(draws).reshape(days, intervals), arrivals.interval_cv)
    return rates


def _draw(key: tuple[int, int], number: int, day: int, purpose: Purpose) -> float:
    return uniform(*key, number, day, 0, int(purpose), 0)


def gamma_factors(u: Floats, cv: float) -> Floats:
    """Gamma variates with mean 1 at probabilities u; 1 where the coefficient of variation is 0."""
    if cv <= 0.0:
        return np.ones_like(u)
    shape = 1.0 / (cv * cv)
    return np.asarray(gammaincinv(shape, u) / shape)
