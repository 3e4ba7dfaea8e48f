"""Replay a week call by call, to judge the inferred presence: ``python scenarios/bank/replay.py LOG``.

The calls come when they came and talk as long as they talked; agents are on the queue exactly in the spells that
`bank_staff` infers. If the spells and the queue are right, the waits come out as observed. Then the talk times are
drawn anew: what gets worse is what no roster can know, that the agents' presence went with the work at hand.
"""

from __future__ import annotations

import argparse
import datetime as dt
import heapq
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Call:
    """A call; joins at `joined` seconds of its day, waits at most `patience`, takes `handling`."""

    joined: float
    credit: float
    patience: float
    handling: float
    groups: tuple[str, ...]


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


def main() -> None:
    """Replay both weeks and print waits, observed and replayed."""
    parser = argparse.ArgumentParser(description="Replay the bank's weeks call by call.")
    parser.add_argument("log", type=Path, help="calls_1999-01_to_07.csv.gz")
    log: Path = parser.parse_args().log
    print("week        stay  talk      abandonment  mean_wait_s")
    for first in (WEEK, NEXT_WEEK):
        calls = read_log(log, first, DAYS)
        calls = calls[calls["open"]]
        answered = calls["answered"]
        print_line(first, "observed", "", 1 - answered.mean(), calls.loc[answered, "wait_s"].mean())
        for stay in (0.0, 0.5, 1.0):
            for drawn in (False, True):
                lost, wait = replay(calls, stay, drawn)
                print_line(first, f"{stay:g}", "drawn" if drawn else "own", lost, wait)


def print_line(first: dt.date, stay: str, talk: str, lost: float, wait: float) -> None:
    """Print one row."""
    print(f"{first}  {stay:8s} {talk:6s} {lost:9.3f} {wait:12.1f}")


def replay(calls: pd.DataFrame, stay: float, drawn: bool) -> tuple[float, float]:
    """Return abandonment and mean wait of the answered, over draws of patience (and of talk, if `drawn`)."""
    members = groups_of(calls)
    found = spells(calls, members, stay)
    wrap = wrap_up(calls)[0]
    waits: list[float] = []
    random = np.random.default_rng(SEED)
    for _ in range(REPLICATIONS):
        chosen = draws(calls, wrap, drawn, random)
        for day, of_day in calls.groupby("day"):
            floor = Floor([chosen[index] for index in of_day.index])
            floor.run([spell for spell in found if spell.day == pd.Timestamp(str(day)).date()], members)
            waits += floor.waits.values()
    return 1 - len(waits) / (REPLICATIONS * len(calls)), float(np.mean(waits))


def draws(calls: pd.DataFrame, wrap: float, drawn: bool, random: np.random.Generator) -> dict[int, Call]:
    """Return every call, by its index, with patience and missing talk drawn from those of its intent."""
    chosen = {}
    for intent, own in calls.groupby("intent"):
        queued = own[own["queued"]]
        patience = patience_points(queued["wait_s"].to_numpy(), ~queued["answered"].to_numpy(dtype=bool))
        talk = random.choice(own["talk_s"].dropna().to_numpy(), len(own))
        talk = talk if drawn else own["talk_s"].fillna(pd.Series(talk, own.index)).to_numpy()
        groups = GROUPS[:1] if intent == "nw" else GROUPS
        credit = CREDIT_S if str(intent).endswith("_high") else 0.0
        for index, joined, limit, length in zip(
            own.index, own["joined_s"], random.choice(patience, len(own)), talk, strict=True
        ):
            chosen[index] = Call(joined, credit, limit, length + wrap, groups)
    return chosen


if __name__ == "__main__":
    main()
