"""The clock: SimPy's environment, with simultaneous events in the written order."""

import gc
from collections.abc import Callable, Generator
from typing import Any

import simpy
from simpy.events import EventPriority

from sim.engine.records import Event

Process = Generator[simpy.Event, Any, Any]


class Clock:
    """Whole microseconds; every planned event has a kind and a number, and both decide ties."""

    def __init__(self) -> None:
        self.env = simpy.Environment(initial_time=0)
        self.acts: dict[Event, Callable[[int], None]] = {}
        """What a planned event does, by its kind, to whom it is numbered by."""
        self.pair_acts: dict[Event, Callable[[int, int], None]] = {}
        """The same for what happens between an agent and a customer."""
        self.after: Callable[[], None] = lambda: None
        """What is looked at after each of them."""

    @property
    def now(self) -> int:
        """Microseconds since midnight of the first simulated day."""
        return int(self.env.now)

    def at(self, time_us: int, kind: Event, who: int) -> simpy.Event:
        """An event at a moment. Ties go by kind, then number; SimPy's own wake-ups (priority 0 and 1) come first."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        priority = EventPriority((kind << 56) | who)
        self.env.schedule(event, priority, delay=time_us - self.env.now)
        return event

    def plan(self, time_us: int, kind: Event, who: int) -> None:
        """Something of this kind happens at a moment."""
        callbacks = self.at(time_us, kind, who).callbacks
        callbacks.append(lambda _event: self._act(lambda: self.acts[kind](who)))

    def plan_for(self, agent: int, need: int, time_us: int, kind: Event) -> None:
        """Something of this kind happens between an agent and a customer at a moment; ties go by agent, then need."""
        callbacks = self.at(time_us, kind, agent << 32 | need).callbacks
        callbacks.append(lambda _event: self._act(lambda: self.pair_acts[kind](agent, need)))

    def _act(self, act: Callable[[], None]) -> None:
        act()
        self.after()

    def signal(self) -> simpy.Event:
        """An event that somebody will trigger by hand."""
        return simpy.Event(self.env)

    def start(self, process: Process) -> None:
        """Start a process now."""
        self.env.process(process)

    def run(self) -> None:
        """Run until nothing is left to happen.

        A run makes no cyclic garbage, so Python's collector would only read what there is over and over: it pauses.
        """
        collecting = gc.isenabled()
        gc.disable()
        try:
            self.env.run()
        finally:
            if collecting:
                gc.enable()
