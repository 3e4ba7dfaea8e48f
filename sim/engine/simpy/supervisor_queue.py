"""Agents who may not decide alone wait here, first come, first served, their customers with them."""

from collections import deque

from sim.engine.records import AgentState, Event
from sim.engine.rows import TALKING
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
        self._asking: deque[int] = deque()
        self._decides: dict[int, FloorAgent] = {}

    def free(self, agent: FloorAgent) -> None:
        """An agent can take a contact; who decides for others first does that."""
        self.floor.become(agent, AgentState.AVAILABLE)
        if agent.group == self.group and self._asking:
            self._turn_to_next(agent)
        else:
            self.floor.take_next(agent)

    def talk_end(self, number: int, need: int) -> None:
        """An agent has talked: wrap-up begins, or it now asks one who decides."""
        place = rules.find_hand(*self.records, self.clock.now, number, need, TALKING)
        if place < 0:
            return
        if not self.floor.goes_on_in_steps(need):
            self._ask(place)
        elif not self.floor.hands[place]["asks"]:
            rules.begin_wrapping(*self.records, self.clock.now, place)
            self.floor.plan_moved(self.floor.agents[number])
            self.floor.undecided.pop(need).succeed()
        else:
            self.floor.begin_segment(self.floor.agents[number], AgentState.HANDLING)
            rules.begin_asking(*self.records, self.clock.now, place)
            self.floor.plan_moved(self.floor.agents[number])
            self._ask(place)

    def _ask(self, place: int) -> None:
        """An agent asks one who is idle, the next who is free, or nobody at all."""
        rules.ask(self.records[1], self.clock.now, place)
        self._asking.append(place)
        if (decider := self.floor.idle_in(self.group)) is not None:
            self._turn_to_next(decider)
        elif self.is_deserted():
            self.nobody_comes()

    def _turn_to_next(self, decider: FloorAgent) -> None:
        place = self._asking.popleft()
        self.floor.become(decider, AgentState.HANDLING)
        ends_us = rules.consult(*self.records, self.clock.now, place, decider.number)
        self._decides[place] = decider
        hand = self.floor.hands[place]
        self.clock.plan_for(int(hand["agent"]), int(hand["need"]), ends_us, Event.CONSULT_END)

    def decide(self, place: int) -> FloorAgent:
        """What an agent asked has been decided; by whom."""
        self._go_on(place)
        return self._decides.pop(place)

    def is_deserted(self) -> bool:
        """Whether nobody who decides is on duty."""
        return all(agent.state is None for agent in self.floor.agents if agent.group == self.group)

    def nobody_comes(self) -> None:
        """Nobody who decides is on duty: whoever waits decides alone."""
        while self._asking:
            self._go_on(self._asking.popleft())

    def _go_on(self, place: int) -> None:
        """It is decided: the customer hangs up, the agent does the wrap-up."""
        number, need = int(self.floor.hands[place]["agent"]), int(self.floor.hands[place]["need"])
        if self.floor.goes_on_in_steps(need):
            self.floor.begin_segment(self.floor.agents[number], AgentState.HANDLING)
            rules.decide(*self.records, self.clock.now, place)
            self.floor.plan_moved(self.floor.agents[number])
        else:
            rules.decide(*self.records, self.clock.now, place)
            self.clock.plan_for(number, need, int(self.floor.hands[place]["ends_us"]), Event.HANDLE_END)
        self.floor.undecided.pop(need).succeed()
