"""The customers of one replication, in order of first arrival."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.scenario.model import Scenario
from sim.world.arrivals import Stream, expected_counts, stream
from sim.world.horizon import Horizon, make_horizon
from sim.world.luck import name_hash, replication_key

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """Who calls in one replication.

    Attributes
    ----------
    key : the replication's two key words; with them every further draw can be made.
    intent, day, number, arrival_us : (needs,) one row a need, ordered by arrival, then intent, then number.
    date, name : (needs,) the day's ordinal and the intent's hash: with `number`, the entity of every draw.
    expected : (intents, days, intervals) contacts expected, before busyness.
    """

    horizon: Horizon
    key: tuple[int, int]
    intent: Ints
    day: Ints
    number: Ints
    arrival_us: Ints
    date: Ints
    name: Ints
    expected: Floats


def expected_table(scenario: Scenario, horizon: Horizon) -> Floats:
    """Contacts expected by intent, day and interval, before busyness."""
    table = np.zeros((len(scenario.intents), len(horizon.dates), horizon.most_intervals))
    for i, intent in enumerate(scenario.intents.values()):
        for d, day in enumerate(horizon.dates):
            counts = expected_counts(scenario, intent, day)
            table[i, d, : len(counts)] = counts
    return table


def make_world(scenario: Scenario, seed: int, replication: int, horizon: Horizon | None = None) -> World:
    """Draw who calls: a function of the scenario's volumes, the seed and the replication alone."""
    horizon = horizon or make_horizon(scenario)
    key = replication_key(seed, replication)
    expected = expected_table(scenario, horizon)
    streams: list[tuple[int, int, Stream]] = []
    for i, intent in enumerate(scenario.intents.values()):
        for d, edges in enumerate(horizon.edges):
            counts = expected[i, d, : max(len(edges) - 1, 0)]
            if counts.sum() > 0.0:
                streams.append((i, d, stream(scenario, intent, horizon, d, counts, key)))
    return _ordered(scenario, horizon, key, expected, streams)


def _ordered(
    scenario: Scenario,
    horizon: Horizon,
    key: tuple[int, int],
    expected: Floats,
    streams: list[tuple[int, int, Stream]],
) -> World:
    none = np.empty(0, np.int64)
    sizes = [s.times.size for _, _, s in streams]
    intent = np.repeat(np.array([i for i, _, _ in streams], np.int64), sizes)
    day = np.repeat(np.array([d for _, d, _ in streams], np.int64), sizes)
    number = np.concatenate([none, *(s.numbers for _, _, s in streams)])
    times = np.concatenate([none, *(s.times for _, _, s in streams)])
    order = np.lexsort((number, intent, times))
    hashes = np.array([name_hash(n) for n in scenario.intents], np.int64)
    ordinals = np.array([d.toordinal() for d in horizon.dates], np.int64)
    intent, day = intent[order], day[order]
    return World(horizon, key, intent, day, number[order], times[order], ordinals[day], hashes[intent], expected)
