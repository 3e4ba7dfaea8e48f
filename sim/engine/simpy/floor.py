"""The floor, below whoever works on it: who waits, who is idle, who takes whom."""

from bisect import insort
from dataclasses import dataclass, field

import simpy

from sim.engine.model import CompiledModel
from sim.engine.records import AgentState, Event, Outcome
from sim.engine.rules import entry as rules
from sim.engine.simpy.clock import Clock
from sim.engine.state import State


@dataclass(slots=True)
class FloorAgent:
    """What the floor knows of an agent; `state` is None off duty. How tired it is stands in the records."""

    number: int
    group: int
    state: AgentState | None = None
    since_us: int = -1
    need: int = -1
    called_us: int = -1
    spell_us: int = -1
    duty_end_us: int = -1
    leaving: bool = False
    kept: bool = False
    tired: bool = False
    breaks: list[int] = field(default_factory=list)
    break_until_us: int = -1


@dataclass(slots=True)
class Waiting:
    """A customer in a line: `left` is triggered when it leaves it."""

    skill: int
    rank_us: int
    gives_up_us: int
    left: simpy.Event


class Floor:
    """Agents and waiting lines.

    Attributes
    ----------
    records : the rows of the model and of the state, which the rules read and write.
    waiting : who waits, by need.
    undecided : by need, what is triggered once somebody has decided what an agent may not.
    """

    def __init__(self, model: CompiledModel, state: State, clock: Clock) -> None:
        self.clock, self.records = clock, (model.record, state.record)
        self.agents = [FloorAgent(number, group) for number, group in enumerate(model.roster.group_of.tolist())]
        self.waiting: dict[int, Waiting] = {}
        self.undecided: dict[int, simpy.Event] = {}
        preference = model.arrays["preference"]
        self._preference, self._longest_wait = preference.tolist(), model.arrays["longest_wait"].tolist()
        self._routing, self._traits = model.routing and model.routing.ctypes, state.traits
        self._lines: list[list[tuple[int, int]]] = [[] for _ in range(preference.shape[1])]
        self._idle: list[list[tuple[int, int]]] = [[] for _ in range(preference.shape[0])]

    # Who takes whom

    def has_skill(self, agent: FloorAgent, skill: int) -> bool:
        """Whether an agent's group knows a skill."""
        return bool(self._preference[agent.group][skill])

    def idle_in(self, group: int) -> FloorAgent | None:
        """The agent of a group who has been idle longest, then with the lower number."""
        return self.agents[self._idle[group][0][1]] if self._idle[group] else None

    def idle_agent(self, skill: int, rank_us: int) -> FloorAgent | None:
        """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number."""
        pools = [(self._preference[group][skill], pool) for group, pool in enumerate(self._idle) if pool]
        if self._routing:
            idle = [(liked, *entry) for liked, pool in pools if liked for entry in pool]
            offers = [(self._judge(liked, rank_us, number), since, number) for liked, since, number in idle]
        else:
            offers = [(liked, *pool[0]) for liked, pool in pools if liked]
        return self.agents[min(offers)[2]] if offers else None

    def _next_need(self, agent: FloorAgent) -> int | None:
        """The waiting customer that a freed agent takes: lowest preference number first, then the longest wait."""
        by_wait = self._longest_wait[agent.group]
        lines = [(liked, self._lines[skill]) for skill, liked in enumerate(self._preference[agent.group]) if liked]
        if self._routing:
            waiting = [(liked, *entry) for liked, line in lines for entry in line]
            offers = [(self._judge(liked, rank_us, agent.number), rank_us, need) for liked, rank_us, need in waiting]
        else:
            offers = [(0 if by_wait else liked, *line[0]) for liked, line in lines if line]
        return min(offers)[2] if offers else None

    def _judge(self, preference: int, rank_us: int, number: int) -> float:
        """What a user's rule makes of a customer and an agent."""
        now, tenure_s = self.clock.now, float(self._traits["tenure_s"][number])
        score: float = self._routing(preference, now - rank_us, now - self.agents[number].since_us, 0, tenure_s)
        return score

    # Customers

    def line_up(self, need: int, skill: int, rank_us: int) -> simpy.Event:
        """A customer joins a line, the longest (time waited + head start) first; the event tells of the end."""
        gives_up_us = rules.begin_waiting(*self.records, need)
        if gives_up_us >= 0:
            self.clock.plan(gives_up_us, Event.PATIENCE_END, need)
        left = self.clock.signal()
        self.waiting[need] = Waiting(skill, rank_us, gives_up_us, left)
        insort(self._lines[skill], (rank_us, need))
        return left

    def leave_queue(self, need: int, outcome: Outcome) -> None:
        """A customer leaves the queue, one way or another."""
        rules.leave_queue(*self.records, self.clock.now, need, int(outcome))
        waiting = self.waiting.pop(need, None)
        if waiting is not None:
            self._lines[waiting.skill].remove((waiting.rank_us, need))
            waiting.left.succeed()

    def give_up(self, need: int) -> None:
        """Patience ends; nothing to one who no longer waits, or waits again and longer."""
        waiting = self.waiting.get(need)
        if waiting is not None and waiting.gives_up_us == self.clock.now:
            self.leave_queue(need, Outcome.ABANDONED)

    # Agents

    def become(self, agent: FloorAgent, state: AgentState | None) -> None:
        """An agent does something else from now on."""
        if agent.state is AgentState.AVAILABLE and (agent.since_us, agent.number) in self._idle[agent.group]:
            self._idle[agent.group].remove((agent.since_us, agent.number))
        rules.begin_segment(*self.records, self.clock.now, agent.number, int(state or 0))
        agent.state, agent.since_us = state, self.clock.now

    def take_next(self, agent: FloorAgent) -> None:
        """An agent who is free takes the next contact of its lines, or is idle."""
        need = self._next_need(agent)
        if need is None:
            insort(self._idle[agent.group], (agent.since_us, agent.number))
        else:
            self.answer(agent, need)

    def answer(self, agent: FloorAgent, need: int) -> None:
        """An agent takes a contact, and is busy with it to the end of wrap-up."""
        self.leave_queue(need, Outcome.ANSWERED)
        self.become(agent, AgentState.HANDLING)
        asks, ends_us = rules.serve(*self.records, need, agent.number)
        agent.need = need
        if asks:
            self.undecided[need] = self.clock.signal()
        self.clock.plan(ends_us, Event.TALK_END if asks else Event.HANDLE_END, agent.number)
