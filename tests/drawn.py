"""The customers of one replication, in order of first arrival."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.demand.first_contacts import draw_calls, likely_calls, room_for
from sim.demand.horizon import Horizon, make_horizon
from sim.demand.volumes import Volumes, busy_rates, make_volumes
from sim.measures import Frame
from sim.rng.philox import replication_key
from sim.scenario.model import Scenario

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


def make_world(
    scenario: Scenario,
    seed: int,
    replication: int,
    horizon: Horizon | None = None,
    volumes: Volumes | None = None,
) -> World:
    """Draw who calls: a function of the scenario's volumes, the seed and the replication alone."""
    horizon = horizon or make_horizon(scenario)
    volumes = volumes or make_volumes(scenario, horizon)
    key = replication_key(seed, replication)
    rates, size, count = busy_rates(scenario, volumes, key), likely_calls(volumes), -1
    while count < 0:
        calls = room_for(volumes.process.size, volumes.edges.shape[1], size)
        count, size = draw_calls(volumes, rates, *key, calls), 2 * size
    intent, day = calls.intent[:count], calls.day[:count]
    return World(
        horizon,
        key,
        intent,
        day,
        calls.number[:count],
        calls.time[:count],
        volumes.ordinal[day],
        volumes.name[intent],
        volumes.expected,
    )


def interval_of(frame: Frame, times_us: Ints) -> Ints:
    """The measured interval that each moment is booked to; -1 outside the days measured."""
    place = np.searchsorted(frame.booking_starts, times_us, side="right") - 1
    return np.where(place >= 0, frame.booked[np.maximum(place, 0)], -1)
