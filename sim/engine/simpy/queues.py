"""The waiting lines, one a skill, and the pool of idle agents."""

import heapq

from sim.engine.records import AgentState
from sim.engine.simpy.people import Agent, Contact


class WaitingLine:
    """Contacts that wait for one skill, the longest (time waited + head start) first, then the lower need number.

    Whoever has left meanwhile is passed over when it comes to the top.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int, Contact]] = []

    def add(self, contact: Contact) -> None:
        """Join the line."""
        heapq.heappush(self._heap, (contact.rank_us, contact.customer.number, contact.attempt, contact))

    def first(self) -> Contact | None:
        """Who is next, left in the line."""
        while self._heap and not self._heap[0][3].waits:
            heapq.heappop(self._heap)
        return self._heap[0][3] if self._heap else None

    def everyone(self) -> list[Contact]:
        """All who wait, by need number."""
        return sorted((c for *_, c in self._heap if c.waits), key=lambda c: c.customer.number)


class IdlePool:
    """Idle agents of one group, the one idle longest first, then the lower number."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Agent]] = []

    def add(self, agent: Agent) -> None:
        """An agent has become available."""
        heapq.heappush(self._heap, (agent.since_us, agent.number, agent))

    def first(self) -> Agent | None:
        """Who has been idle longest, left in the pool."""
        while self._heap:
            since, _, agent = self._heap[0]
            if agent.state is AgentState.AVAILABLE and agent.since_us == since:
                return agent
            heapq.heappop(self._heap)
        return None
