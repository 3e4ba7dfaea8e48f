"""The floor: who waits, who is idle, who takes whom, and what each agent does from one moment to the next."""

from collections.abc import Callable

import simpy

from sim.engine.order import Event
from sim.engine.parameter_table import ParameterTable
from sim.engine.records import AgentState, AgentTraits, Outcome, Rows
from sim.engine.simpy.clock import Clock
from sim.engine.simpy.log import RecordLog
from sim.engine.simpy.people import Agent, Contact
from sim.engine.simpy.queues import IdlePool, WaitingLine
from sim.engine.simpy.service import Service
from sim.engine.simpy.supervisor_queue import SupervisorQueue
from sim.mechanisms.fatigue import after_handling, after_recovery, is_hard, pause_us
from sim.mechanisms.frustration import after_waiting

HOUR_US = 3.6e9


class Floor:
    """Agents and waiting lines."""

    def __init__(
        self, table: ParameterTable, crew: Rows, clock: Clock, log: RecordLog, service: Service, desk: SupervisorQueue
    ) -> None:
        self.clock, self.log, self.service, self.desk, self.laws = clock, log, service, desk, table.laws
        self.agents = [Agent(n, AgentTraits(*row)) for n, row in enumerate(crew.tolist())]
        self.waiting = 0
        self.when_handled: Callable[[Agent], None] = self.free
        self._preference = table.preference.tolist()
        self._longest_wait = table.longest_wait.tolist()
        self._lines = [WaitingLine() for _ in range(table.preference.shape[1])]
        self._idle = [IdlePool() for _ in range(table.preference.shape[0])]
        desk.floor = self

    # Contacts

    def has_skill(self, agent: Agent, skill: int) -> bool:
        """Whether an agent's group knows a skill."""
        return bool(self._preference[agent.group][skill])

    def idle_agent(self, skill: int) -> Agent | None:
        """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number."""
        offers = []
        for group, pool in enumerate(self._idle):
            preference = self._preference[group][skill]
            agent = pool.first() if preference else None
            if agent is not None:
                offers.append((preference, agent.since_us, agent.number, agent))
        return min(offers)[3] if offers else None

    def wait(self, contact: Contact) -> simpy.Event:
        """A contact joins its line; the event is triggered when it leaves it."""
        left = self.clock.signal()
        contact.delayed, contact.left = True, left
        self._lines[contact.intent.skill].add(contact)
        self.waiting += 1
        return left

    def leave_queue(self, contact: Contact, outcome: Outcome) -> None:
        """A contact stops waiting, one way or another; its wait tells on its frustration."""
        contact.outcome, contact.left_us = outcome, self.clock.now
        who, waited = contact.customer, (contact.left_us - contact.joined_us) / 1e6
        who.frustration = after_waiting(
            who.frustration, waited, self.laws.frustration.wait_grace_s, self.laws.frustration.per_minute
        )
        contact.frustration = who.frustration
        if contact.left is not None:
            self.waiting -= 1
            contact.left.succeed()

    def everyone_waiting(self) -> list[Contact]:
        """All waiting contacts, by need number."""
        return sorted((c for line in self._lines for c in line.everyone()), key=lambda c: c.customer.number)

    def _next_for(self, agent: Agent) -> Contact | None:
        """The waiting contact that a freed agent takes: lowest preference number first, then the longest wait."""
        best = None
        for skill, preference in enumerate(self._preference[agent.group]):
            contact = self._lines[skill].first() if preference else None
            if contact is not None:
                first = 0 if self._longest_wait[agent.group] else preference
                offer = (first, contact.rank_us, contact.customer.number, contact)
                best = offer if best is None or offer < best else best
        return best[3] if best else None

    # Agents

    def become(self, agent: Agent, state: AgentState | None, rate: float) -> None:
        """Close an agent's segment in progress and begin another; fatigue is brought up to now."""
        now = self.clock.now
        self.log.segment(agent, now)
        agent.fatigue = self.fatigue_now(agent)
        agent.state, agent.since_us, agent.rate = state, now, rate

    def fatigue_now(self, agent: Agent) -> float:
        """An agent's fatigue at this moment, from the start of the segment in progress."""
        hours = (self.clock.now - agent.since_us) / HOUR_US
        law = after_handling if agent.state is AgentState.HANDLING else after_recovery
        return law(agent.fatigue, agent.rate, hours)

    def free(self, agent: Agent) -> None:
        """An agent can take a contact: the next in its lines, or is idle; a supervisor first decides."""
        self.become(agent, AgentState.AVAILABLE, self.laws.fatigue.recover_available)
        if self.desk.next_for(agent):
            return
        contact = self._next_for(agent)
        if contact is None:
            self._idle[agent.group].add(agent)
        else:
            self.answer(contact, agent)

    def answer(self, contact: Contact, agent: Agent) -> None:
        """An agent takes a contact, and is busy with it to the end of wrap-up."""
        contact.agent, contact.group = agent.number, agent.group
        self.leave_queue(contact, Outcome.ANSWERED)
        self.become(agent, AgentState.HANDLING, 0.0)
        self.service.perform(contact, agent)
        agent.contact = contact
        agent.rate = self.service.build_up(agent, contact.mistreated)
        if self.service.takes_supervisor(contact, agent):
            contact.decided = self.clock.signal()
            end = self.clock.now + contact.talk_us
            self.clock.call_at(end, Event.TALK_END, agent.number, lambda: self.desk.ask(agent, contact))
        else:
            self.end_after(agent, contact.talk_us + contact.wrap_us)

    def end_after(self, agent: Agent, length_us: int) -> None:
        """An agent will be through with the contact in hand."""
        end = self.clock.now + length_us
        self.clock.call_at(end, Event.HANDLE_END, agent.number, lambda: self.when_handled(agent))

    def idle_in(self, group: int) -> Agent | None:
        """The agent of a group who has been idle longest."""
        return self._idle[group].first()

    def somebody_in(self, group: int) -> bool:
        """Whether anybody of a group is on duty."""
        return any(a.state is not None for a in self.agents if a.group == group)

    def pause_us(self, agent: Agent, contact: Contact) -> int:
        """The pause that a contact calls for."""
        laws = self.laws
        stated_s = contact.intent.aht_s
        hard = is_hard(contact.mistreated, contact.handled_us, stated_s, laws.fatigue.long_contact)
        return pause_us(
            self.fatigue_now(agent), laws.fatigue.break_at, laws.fatigue.break_us, hard, laws.fatigue.recovery_us
        )
