"""A generator of contact logs that shares no code with ccsim: one queue, first come first served, exponential talk."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.calibrate.fits.wrap_up import Handled

Draw = Callable[[np.random.Generator], float]


@dataclass(frozen=True)
class Floor:
    """A centre. Rate is in contacts an hour, times are in seconds."""

    wrap_up: Draw
    agents: int = 3
    rate: float = 43.0
    talk_s: float = 220.0
    patience_s: float = 600.0
    days: int = 7
    hours: float = 2.0
    pick: str = "longest"
    away: float = 0.0
    away_s: float = 900.0
    ringing_s: float = 0.0


def exponential(mean: float) -> Draw:
    return lambda random: float(random.exponential(mean))


def lognormal(mean: float, cv: float) -> Draw:
    sigma = np.sqrt(np.log1p(cv * cv))
    return lambda random: float(random.lognormal(np.log(mean) - sigma * sigma / 2, sigma))


def log_of(floor: Floor, seed: int) -> Handled:
    """A log in whole seconds, as an export has it."""
    random = np.random.default_rng(seed)
    days = [np.array(_day(floor, random, day * 86_400.0 + 9 * 3600.0)) for day in range(floor.days)]
    joined, left, agent, end = np.concatenate(days).T
    wait, talk = np.round(left - joined), np.round(end - left)
    joined = np.floor(joined)
    left = joined + wait
    return Handled(joined, left, agent >= 0, left + talk, agent.astype(np.int64), np.zeros(len(joined), np.int64))


def _day(floor: Floor, random: np.random.Generator, opens: float) -> list[list[float]]:
    """Contacts of a day as (joined, left, agent or -1, end of talk)."""
    rows: list[list[float]] = []
    moment = opens
    while (moment := moment + float(random.exponential(3600.0 / floor.rate))) < opens + 3600.0 * floor.hours:
        rows.append([moment, np.nan, -1.0, np.nan])
    idle, waiting = dict.fromkeys(range(floor.agents), opens), list[int]()
    events = [(row[0], 0, number) for number, row in enumerate(rows)]
    heapq.heapify(events)

    def serve(number: int, agent: int, now: float) -> None:
        idle.pop(agent, None)
        end = now + floor.ringing_s + float(random.exponential(floor.talk_s))
        rows[number][1:] = [now + floor.ringing_s, float(agent), end]
        away = float(random.exponential(floor.away_s)) if random.random() < floor.away else 0.0
        heapq.heappush(events, (end + floor.wrap_up(random) + away, 1, agent))

    while events:
        now, kind, number = heapq.heappop(events)
        if kind == 0 and idle:
            longest = min(idle, key=lambda agent: idle[agent])
            serve(number, longest if floor.pick == "longest" else int(random.choice(list(idle))), now)
        elif kind == 0:
            waiting.append(number)
            heapq.heappush(events, (now + float(random.exponential(floor.patience_s)), 2, number))
        elif kind == 1 and waiting:
            serve(waiting.pop(0), number, now)
        elif kind == 1:
            idle[number] = now
        elif number in waiting:
            waiting.remove(number)
            rows[number][1] = now
    return rows
