"""Agents who may not decide alone wait here, first come, first served, their customers with them."""

from collections import deque

from sim.engine.records import AgentState, Event
from sim.engine.rules import entry as rules
from sim.engine.simpy.floor import Floor, FloorAgent


class SupervisorQueue:
    """Agents who wait for one who decides.

    Attributes
    ----------
    group : the group of those who decide; -1 where nobody asks.
    """

    def __init__(self, floor: Floor) -> None:
        self.floor, self.clock, self.records = floor, floor.clock, floor.records
        self.group: int = rules.deciders(self.records[0])
        self._asking: deque[FloorAgent] = deque()
        self._decides: dict[int, FloorAgent] = {}

    def free(self, agent: FloorAgent) -> None:
        """An agent can take a contact; who decides for others first does that."""
        self.floor.become(agent, AgentState.AVAILABLE)
        if agent.group == self.group and self._asking:
            self._turn_to_next(agent)
        else:
            self.floor.take_next(agent)

    def ask(self, number: int) -> None:
        """An agent has talked and now asks: one who is idle, the next who is free, or nobody at all."""
        agent = self.floor.agents[number]
        if rules.is_stale(self.records[1], self.clock.now, number):
            return
        rules.ask(self.records[1], self.clock.now, number)
        self._asking.append(agent)
        if (decider := self.floor.idle_in(self.group)) is not None:
            self._turn_to_next(decider)
        elif self.is_deserted():
            self.nobody_comes()

    def _turn_to_next(self, decider: FloorAgent) -> None:
        agent = self._asking.popleft()
        self.floor.become(decider, AgentState.HANDLING)
        ends_us = rules.consult(*self.records, self.clock.now, agent.number, decider.number)
        self._decides[agent.number] = decider
        self.clock.plan(ends_us, Event.CONSULT_END, agent.number)

    def decide(self, number: int) -> FloorAgent:
        """What an agent asked has been decided; by whom."""
        self._go_on(self.floor.agents[number])
        return self._decides.pop(number)

    def is_deserted(self) -> bool:
        """Whether nobody who decides is on duty."""
        return all(agent.state is None for agent in self.floor.agents if agent.group == self.group)

    def nobody_comes(self) -> None:
        """Nobody who decides is on duty: whoever waits decides alone."""
        while self._asking:
            self._go_on(self._asking.popleft())

    def _go_on(self, agent: FloorAgent) -> None:
        """It is decided: the customer hangs up, the agent does the wrap-up."""
        ends_us = rules.decide(self.records[1], self.clock.now, agent.number)
        self.clock.plan(ends_us, Event.HANDLE_END, agent.number)
        self.floor.undecided.pop(agent.need).succeed()
