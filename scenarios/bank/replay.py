"""Replay a week call by call, to judge the inferred presence: ``python scenarios/bank/replay.py LOG``.

The calls come when they came and talk as long as they talked; agents are on the queue exactly in the spells that
`bank_staff` infers. If the spells and the queue are right, the waits come out as observed. Then the talk times are drawn
anew: what gets worse is what no roster can know, namely that the agents' presence went with the work at hand.
"""

from __future__ import annotations

import argparse
import datetime as dt
import heapq
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from bank_fit import patience_points
from bank_log import read_log
from bank_staff import GROUPS, Spell, groups_of, spells, wrap_up
from derive import DAYS, NEXT_WEEK, WEEK

DUTY, HANDLED, CALL, GIVES_UP = range(4)
CREDIT_S = 90.0
REPLICATIONS = 10
SEED = 1999


class Floor:
    """Agents of two groups and one queue, ranked by time waited plus credit."""

    def __init__(self, calls: list[Call]) -> None:
        self.calls = calls
        self.free = dict.fromkeys(GROUPS, 0)
        self.queue: set[int] = set()
        self.waits: dict[int, float] = {}
        self.events: list[tuple[float, int, int, str]] = []

    def run(self, found: list[Spell], members: dict[str, str]) -> None:
        """Play a day."""
        for spell in found:
            for time, change in ((spell.start, 1), (spell.end, -1)):
                heapq.heappush(self.events, (time, DUTY, change, members[spell.agent]))
        for number, call in enumerate(self.calls):
            heapq.heappush(self.events, (call.joined, CALL, number, ""))
        steps: dict[int, Callable[[float, int, str], None]] = {
            DUTY: self.duty,
            HANDLED: self.handled,
            CALL: self.call,
            GIVES_UP: self.gives_up,
        }
        while self.events:
            time, kind, number, group = heapq.heappop(self.events)
            steps[kind](time, number, group)

    def duty(self, time: float, change: int, group: str) -> None:
        """Change the number of agents on the queue; one who leaves finishes the call in hand."""
        self.free[group] += change
        self.next(time, group)

    def handled(self, time: float, number: int, group: str) -> None:
        """Free the agent of a call."""
        self.free[group] += 1
        self.next(time, group)

    def call(self, time: float, number: int, group: str) -> None:
        """Give a call to a free agent, of the group with most of them, or let it wait."""
        able = max(self.calls[number].groups, key=lambda name: self.free[name])
        if self.free[able] > 0:
            self.start(time, number, able)
        else:
            self.queue.add(number)
            heapq.heappush(self.events, (time + self.calls[number].patience, GIVES_UP, number, ""))

    def gives_up(self, time: float, number: int, group: str) -> None:
        """Lose a call that still waits."""
        self.queue.discard(number)

    def next(self, time: float, group: str) -> None:
        """Let the free agents of a group take who ranks first."""
        while self.free[group] > 0:
            able = [number for number in self.queue if group in self.calls[number].groups]
            if not able:
                return
            number = min(able, key=lambda one: (self.calls[one].joined - self.calls[one].credit, one))
            self.queue.remove(number)
            self.start(time, number, group)

    def start(self, time: float, number: int, group: str) -> None:
        """Begin to serve a call."""
        self.free[group] -= 1
        self.waits[number] = time - self.calls[number].joined
        heapq.heappush(self.events, (time + self.calls[number].handling, HANDLED, number, group))
