"""The Erlang-A day as anybody would write it in SimPy: a resource, and customers who give up."""

from collections.abc import Generator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from benchmarks.days import AGENTS, AHT_S, OPEN_S, PATIENCE_S, PER_HOUR


@dataclass
class Day:
    """One day in progress; all that it measures is who gave up, and how long everybody waited."""

    luck: Random
    env: simpy.Environment = field(default_factory=simpy.Environment)
    contacts: int = 0
    abandoned: int = 0
    waited_s: float = 0.0

    def play(self) -> tuple[int, int, float]:
        """Contacts, how many gave up, and the sum of their waits (s)."""
        self.agents = simpy.Resource(self.env, AGENTS)
        self.env.process(self.arrivals())
        self.env.run()
        return self.contacts, self.abandoned, self.waited_s

    def arrivals(self) -> Generator[simpy.Event, Any, None]:
        """A Poisson process until close."""
        while True:
            yield self.env.timeout(self.luck.expovariate(PER_HOUR / 3600))
            if self.env.now >= OPEN_S:
                return
            self.env.process(self.customer())

    def customer(self) -> Generator[simpy.Event, Any, None]:
        """Ask for an agent; give up when patience ends. Patience is drawn only by those who must wait."""
        arrived = self.env.now
        self.contacts += 1
        with self.agents.request() as agent:
            if not agent.triggered:
                yield agent | self.env.timeout(self.luck.expovariate(1 / PATIENCE_S))
            self.waited_s += self.env.now - arrived
            if agent.triggered:
                yield self.env.timeout(self.luck.expovariate(1 / AHT_S))
            else:
                self.abandoned += 1


def play_days(seed: int, days: int) -> list[tuple[int, int, float]]:
    """Contacts, abandoned and the sum of waits (s), day by day."""
    luck = Random(seed)
    return [Day(luck).play() for _ in range(days)]
