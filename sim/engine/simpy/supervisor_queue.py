"""The supervisors' desk: agents who may not decide alone wait there, their customers with them."""

from collections import deque
from typing import TYPE_CHECKING

from sim.engine.order import Event
from sim.engine.parameter_table import ParameterTable
from sim.engine.records import AgentState
from sim.engine.simpy.clock import Clock
from sim.engine.simpy.draws import Draws
from sim.engine.simpy.people import Agent, Contact
from sim.engine.simpy.service import Service
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

if TYPE_CHECKING:
    from sim.engine.simpy.floor import Floor


class SupervisorQueue:
    """Agents who wait for a supervisor, first come, first served."""

    floor: "Floor"

    def __init__(self, table: ParameterTable, clock: Clock, luck: Draws, service: Service) -> None:
        self.clock, self.luck, self.service, self.laws = clock, luck, service, table.laws
        self._waiting: deque[tuple[Agent, Contact, int]] = deque()

    def ask(self, agent: Agent, contact: Contact) -> None:
        """An agent has talked and now needs a supervisor: one who is idle, the next who is free, or none at all."""
        supervisor = self.floor.idle_in(self.laws.supervisor.group)
        self._waiting.append((agent, contact, self.clock.now))
        if supervisor is not None:
            self.next_for(supervisor)
        elif not self.floor.somebody_in(self.laws.supervisor.group):
            self.nobody_comes()

    def next_for(self, supervisor: Agent) -> bool:
        """Whether a supervisor who is free takes the next who waits here."""
        if supervisor.group != self.laws.supervisor.group or not self._waiting:
            return False
        agent, contact, since_us = self._waiting.popleft()
        contact.supervisor = supervisor.number
        who, dist = contact.customer, self.laws.supervisor.consultation
        contact.consultation_us = to_us(self.luck.time(who, Purpose.CONSULTATION, contact.attempt, dist, contact.place))
        self.floor.become(supervisor, AgentState.HANDLING, 0.0)
        supervisor.rate = self.service.build_up(supervisor, False)
        end = self.clock.now + contact.consultation_us

        def over() -> None:
            self._decided(agent, contact, since_us)
            self.floor.when_handled(supervisor)

        self.clock.call_at(end, Event.CONSULT_END, agent.number, over)
        return True

    def nobody_comes(self) -> None:
        """No supervisor is on duty: whoever waits decides alone."""
        while self._waiting:
            self._decided(*self._waiting.popleft())

    def _decided(self, agent: Agent, contact: Contact, since_us: int) -> None:
        contact.supervisor_us = self.clock.now - since_us
        self.floor.end_after(agent, contact.wrap_us)
        if contact.decided is not None:
            contact.decided.succeed()
