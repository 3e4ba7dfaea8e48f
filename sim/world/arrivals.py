"""When contacts arrive: one process for each intent and date, so that a change in one moves nobody in another.

A Poisson process runs at unit rate and is mapped through the day's cumulative rate: more volume brings more people
and renames nobody. Busyness (gamma, mean 1) is common to all intents, by day or by interval; it makes counts over-
dispersed as in Jongbloed and Koole (2001) and Avramidis, Deslauriers and L'Ecuyer (2004).
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from sim.jit import compiled
from sim.scenario.model import Arrivals, Calendar, Intent, Scenario
from sim.world.horizon import SECOND_US, Horizon
from sim.world.luck import Purpose, name_hash, uniform

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_GAP = int(Purpose.ARRIVAL_GAP)
_PLACE = int(Purpose.ARRIVAL_PLACE)
_INTERVAL_NUMBERS = 1 << 20


@compiled
def place(amount: float, cumulative: Floats, edges: Ints) -> int:
    """The time (us) at which a cumulative rate, linear between the edges, reaches an amount."""
    j = min(int(np.searchsorted(cumulative, amount, side="right")) - 1, edges.size - 2)
    while j > 0 and cumulative[j + 1] <= cumulative[j]:
        j -= 1
    part = (amount - cumulative[j]) / (cumulative[j + 1] - cumulative[j])
    offset = math.floor(part * (edges[j + 1] - edges[j]))
    return int(min(edges[j] + offset, edges[j + 1] - 1))


@compiled
def poisson_times(k0: int, k1: int, day: int, name: int, cumulative: Floats, edges: Ints) -> Ints:
    """Arrival times (us) of one intent on one date; the n-th belongs to customer n of that process."""
    total = cumulative[-1]
    times = np.empty(int(total + 8.0 * math.sqrt(total) + 16.0), np.int64)
    count = 0
    reached = -math.log(uniform(k0, k1, 0, day, name, _GAP, 0))
    while reached < total and count < times.size:
        times[count] = place(reached, cumulative, edges)
        count += 1
        reached -= math.log(uniform(k0, k1, count, day, name, _GAP, 0))
    return times[:count]


@compiled
def scattered_times(
    k0: int, k1: int, day: int, name: int, first: int, count: int, cumulative: Floats, edges: Ints
) -> Ints:
    """Times (us) of a fixed count of arrivals, each at its own draw from the profile; in order of customer number."""
    times = np.empty(count, np.int64)
    for i in range(count):
        u = uniform(k0, k1, first + i, day, name, _PLACE, 0)
        times[i] = place(u * cumulative[-1], cumulative, edges)
    return times


@dataclass(frozen=True)
class Stream:
    """The customers of one intent on one date: their numbers in this process and arrival times (us)."""

    numbers: Ints
    times: Ints


def source_of(scenario: Scenario, intent: Intent) -> tuple[Arrivals, float]:
    """The arrivals that an intent draws from, and its share of them."""
    if intent.arrivals is not None:
        return intent.arrivals, 1.0
    if scenario.arrivals is None:
        raise AssertionError("the loader refuses an intent without arrivals")
    return scenario.arrivals, intent.share if intent.share is not None else 0.0


def expected_counts(scenario: Scenario, intent: Intent, day: date) -> tuple[float, ...]:
    """Contacts of an intent expected in each opening interval of a date, before busyness."""
    arrivals, share = source_of(scenario, intent)
    calendar = scenario.calendar
    lengths = interval_hours(calendar, day)
    if arrivals.per_hour is not None:
        rates = arrivals.per_hour.of(day, calendar)
        return tuple(share * r * h for r, h in zip(rates, lengths, strict=True))
    if arrivals.per_day is not None:
        weights = arrivals.profile.of(day, calendar) if arrivals.profile is not None else lengths
        amount, whole = arrivals.per_day.of(day, calendar), sum(weights)
        return tuple(share * amount * w / whole if whole else 0.0 for w in weights)
    if arrivals.file is not None:
        column, part = _column(arrivals, intent, share)
        return tuple(part * c for c in arrivals.file.of(day, column, calendar))
    return _traced_counts(arrivals, intent, share, day, calendar)


def interval_hours(calendar: Calendar, day: date) -> tuple[float, ...]:
    """The length (h) of each opening interval of a date; the last may be short."""
    span = calendar.open_hours(day)
    if span is None:
        return ()
    count, step = calendar.intervals(day), calendar.interval
    return tuple((min(span[0] + (i + 1) * step, span[1]) - span[0] - i * step) / 3600.0 for i in range(count))


def _column(arrivals: Arrivals, intent: Intent, share: float) -> tuple[str, float]:
    columns = arrivals.file.columns if arrivals.file is not None else ()
    return (intent.name, 1.0) if intent.name in columns else ("contacts", share)


def _traced_counts(
    arrivals: Arrivals, intent: Intent, share: float, day: date, calendar: Calendar
) -> tuple[float, ...]:
    span = calendar.open_hours(day)
    counts = [0.0] * calendar.intervals(day)
    if span is None or arrivals.trace is None:
        return ()
    for _, second, name in arrivals.trace.of(day, calendar):
        if name is None or name == intent.name:
            counts[int((second - span[0]) // calendar.interval)] += share if name is None else 1.0
    return tuple(counts)


def gamma_factor(u: float, cv: float) -> float:
    """A gamma variate with mean 1 at probability u; 1 where the coefficient of variation is 0."""
    if cv <= 0.0:
        return 1.0
    shape = 1.0 / (cv * cv)
    return float(gammaincinv(shape, u)) / shape


def busy_rates(counts: Floats, arrivals: Arrivals, key: tuple[int, int], day: date) -> Floats:
    """Expected counts after that day's busyness and each interval's."""
    if arrivals.process != "poisson":
        return counts
    ordinal = day.toordinal()
    factor = gamma_factor(uniform(*key, 0, ordinal, 0, int(Purpose.BUSYNESS), 0), arrivals.busyness_cv)
    if arrivals.interval_cv <= 0.0:
        return counts * factor
    draws = [uniform(*key, j, ordinal, 0, int(Purpose.INTERVAL_BUSYNESS), 0) for j in range(counts.size)]
    varied: Floats = counts * factor * np.array([gamma_factor(u, arrivals.interval_cv) for u in draws])
    return varied


def stream(
    scenario: Scenario, intent: Intent, horizon: Horizon, index: int, counts: Floats, key: tuple[int, int]
) -> Stream:
    """The customers of one intent on one simulated day, given the counts expected by interval."""
    arrivals, _ = source_of(scenario, intent)
    day, edges = horizon.dates[index], horizon.edges[index]
    if arrivals.process == "trace":
        return _traced(scenario, arrivals, intent, horizon, index, key)
    if arrivals.process == "fixed_count":
        return _fixed(arrivals, intent, day, edges, counts, key)
    cumulative = np.append(0.0, np.cumsum(busy_rates(counts, arrivals, key, day)))
    times = poisson_times(*key, day.toordinal(), name_hash(intent.name), cumulative, edges)
    return Stream(np.arange(times.size), times)


def _fixed(arrivals: Arrivals, intent: Intent, day: date, edges: Ints, counts: Floats, key: tuple[int, int]) -> Stream:
    who = (day.toordinal(), name_hash(intent.name))
    if arrivals.per_day is not None:
        count = math.floor(counts.sum() + 0.5)
        cumulative = np.append(0.0, np.cumsum(counts))
        times = scattered_times(*key, *who, 0, count, cumulative, edges) if count else np.empty(0, np.int64)
        return Stream(np.arange(count), times)
    reached = np.floor(np.append(0.0, np.cumsum(counts)) + 0.5 + 1e-9).astype(np.int64)
    parts = [(j * _INTERVAL_NUMBERS, int(n), edges[j : j + 2]) for j, n in enumerate(np.diff(reached)) if n > 0]
    whole = np.array([0.0, 1.0])
    placed = [scattered_times(*key, *who, first, n, whole, e) for first, n, e in parts]
    numbers = [np.arange(first, first + n) for first, n, _ in parts]
    return Stream(np.concatenate([np.empty(0, np.int64), *numbers]), np.concatenate([np.empty(0, np.int64), *placed]))


def _traced(
    scenario: Scenario, arrivals: Arrivals, intent: Intent, horizon: Horizon, index: int, key: tuple[int, int]
) -> Stream:
    day, start = horizon.dates[index], index * 86_400 * SECOND_US
    if arrivals.trace is None:
        raise AssertionError("the loader reads a trace for process: trace")
    rows = arrivals.trace.of(day, scenario.calendar)
    kept = [
        (k, start + round(second * SECOND_US))
        for k, (_, second, name) in enumerate(rows)
        if (name == intent.name if name is not None else _drawn_intent(scenario, intent, day, k, key))
    ]
    numbers, times = zip(*kept, strict=True) if kept else ((), ())
    return Stream(np.array(numbers, np.int64), np.array(times, np.int64))


def _drawn_intent(scenario: Scenario, intent: Intent, day: date, number: int, key: tuple[int, int]) -> bool:
    """Whether a traced arrival without an intent falls into this one's share."""
    u = uniform(*key, number, day.toordinal(), 0, int(Purpose.TRACE_INTENT), 0)
    reached = 0.0
    for other in scenario.intents.values():
        if other.arrivals is not None:
            continue
        low, reached = reached, reached + (other.share or 0.0)
        if other.name == intent.name:
            return low <= u < reached
    return False
