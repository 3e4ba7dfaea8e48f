"""The floor, below whoever works on it: who waits, who is idle, who takes whom."""

from bisect import insort
from dataclasses import dataclass, field

import simpy

from sim.engine.model import CompiledModel
from sim.engine.records import AgentState, Event, Outcome
from sim.engine.rows import TALKING
from sim.engine.rules import entry as rules
from sim.engine.simpy.clock import Clock
from sim.engine.state import State


@dataclass(slots=True)
class FloorAgent:
    """What the floor knows of an agent; `state` is None off duty. How tired it is stands in the records.

    With chats in hand, `named_us` is when it was named to go once the last has ended, or -1; `pause_us` the pause that
    follows then. `open_as` says as what it is open for a contact: with so many in hand, since when.
    """

    number: int
    group: int
    state: AgentState | None = None
    since_us: int = -1
    called_us: int = -1
    spell_us: int = -1
    duty_end_us: int = -1
    leaving: bool = False
    kept: bool = False
    tired: bool = False
    breaks: list[int] = field(default_factory=list)
    break_until_us: int = -1
    named_us: int = -1
    pause_us: int = 0
    open_as: tuple[int, int] | None = None


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
    undecided : by need, what is triggered once it is settled what becomes of a contact whose end can move.
    hands, seats : what agents have in hand (`sim.engine.rows`); no seats where all contacts come by phone.
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
        levels = model.size("levels")
        self.steps = [channel > 0 for channel in model.arrays["intents"]["channel"].tolist()]
        self._intent = state.calls.intent
        self.hands, self.seats = state.arrays["hands"], state.arrays["seats"]
        self._open: list[list[list[tuple[int, int]]]] = [[[] for _ in range(levels)] for _ in preference]

    # Who takes whom

    def has_skill(self, agent: FloorAgent, skill: int) -> bool:
        """Whether an agent's group knows a skill."""
        return bool(self._preference[agent.group][skill])

    def goes_on_in_steps(self, need: int) -> bool:
        """Whether a contact's talk ends by itself, and then its wrap-up."""
        return self.steps[self._intent[need]]

    def held(self, agent: FloorAgent) -> int:
        """How many contacts an agent has in hand, as far as that decides who takes whom."""
        return int(self.seats[agent.number]["held"]) if self.seats.size else 0

    def idle_in(self, group: int) -> FloorAgent | None:
        """The agent of a group who has been idle longest, then with the lower number."""
        idle = self._open[group][0]
        return self.agents[idle[0][1]] if idle else None

    def open_agent(self, need: int, skill: int, rank_us: int) -> FloorAgent | None:
        """The agent that a joining contact takes: lowest preference, longest idle, lowest number.

        A chat also takes one with others in hand: who has fewest, then who was given none for longest.
        """
        levels = len(self._open[0]) if self.goes_on_in_steps(need) else 1
        pools = [
            (self._preference[group][skill], held, pool)
            for group, by_held in enumerate(self._open)
            for held, pool in enumerate(by_held[:levels])
            if pool
        ]
        if self._routing:
            free = [(liked, number) for liked, _, pool in pools if liked for _, number in pool]
            offers = [
                (self._judge(liked, rank_us, number), 0, self.agents[number].since_us, number) for liked, number in free
            ]
        else:
            offers = [(liked, held, *pool[0]) for liked, held, pool in pools if liked]
        return self.agents[min(offers)[3]] if offers else None

    def _next_need(self, agent: FloorAgent) -> int | None:
        """The waiting customer that a freed agent takes: lowest preference number first, then the longest wait.

        Who has chats in hand takes only another chat.
        """
        by_wait, busy = self._longest_wait[agent.group], self.held(agent) > 0
        lines = [
            (liked, [place for place in self._lines[skill] if not busy or self.goes_on_in_steps(place[1])])
            for skill, liked in enumerate(self._preference[agent.group])
            if liked
        ]
        if self._routing:
            waiting = [(liked, *entry) for liked, line in lines for entry in line]
            offers = [(self._judge(liked, rank_us, agent.number), rank_us, need) for liked, rank_us, need in waiting]
        else:
            offers = [(0 if by_wait else liked, *line[0]) for liked, line in lines if line]
        return min(offers)[2] if offers else None

    def _judge(self, preference: int, rank_us: int, number: int) -> float:
        """What a user's rule makes of a customer and an agent."""
        now, held = self.clock.now, self.held(self.agents[number])
        idle_us = 0 if held else now - self.agents[number].since_us
        tenure_s = float(self._traits["tenure_s"][number])
        score: float = self._routing(preference, now - rank_us, idle_us, held, tenure_s)
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
        self.close(agent)
        self.begin_segment(agent, state)

    def begin_segment(self, agent: FloorAgent, state: AgentState | None) -> None:
        """What an agent does changes, but not what it can take."""
        rules.begin_segment(*self.records, self.clock.now, agent.number, int(state or 0))
        agent.state, agent.since_us = state, self.clock.now

    def takes_more(self, agent: FloorAgent) -> bool:
        """Whether an agent with contacts in hand takes a chat besides: there is room, and no way out is waited for."""
        breaks = agent.breaks and self.clock.now < agent.duty_end_us
        if agent.leaving or agent.tired or breaks or agent.named_us >= 0 or agent.pause_us > 0 or not self.seats.size:
            return False
        return rules.has_room(self.records[1], agent.number)

    def close(self, agent: FloorAgent) -> None:
        """An agent takes nothing more for now."""
        if agent.open_as is not None:
            held, since_us = agent.open_as
            self._open[agent.group][held].remove((since_us, agent.number))
            agent.open_as = None

    def close_if_full(self, agent: FloorAgent) -> None:
        """An agent with contacts in hand who is on the way out takes no more."""
        if not self.takes_more(agent):
            self.close(agent)

    def open_again(self, agent: FloorAgent) -> None:
        """An agent with chats in hand takes the next ones, or is open for one, if there is room."""
        if self.takes_more(agent):
            self.close(agent)
            self.take_next(agent)

    def take_next(self, agent: FloorAgent) -> None:
        """An agent takes the next contact of its lines, one after the other while it has room, or is open for one."""
        while (need := self._next_need(agent)) is not None:
            self._take(agent, need)
            if not self.takes_more(agent):
                return
        self._be_open(agent)

    def _be_open(self, agent: FloorAgent) -> None:
        held = self.held(agent)
        since_us = int(self.seats[agent.number]["assigned_us"]) if held else agent.since_us
        insort(self._open[agent.group][held], (since_us, agent.number))
        agent.open_as = held, since_us

    def answer(self, agent: FloorAgent, need: int) -> None:
        """An agent takes a contact that has just come, for which nobody waits."""
        self._take(agent, need)
        if self.takes_more(agent):
            self._be_open(agent)

    def _take(self, agent: FloorAgent, need: int) -> None:
        """An agent takes a contact, and is busy with it to the end of wrap-up."""
        self.leave_queue(need, Outcome.ANSWERED)
        self.become(agent, AgentState.HANDLING)
        asks, ends_us = rules.serve(*self.records, need, agent.number)
        if asks or self.goes_on_in_steps(need):
            self.undecided[need] = self.clock.signal()
        if self.goes_on_in_steps(need):
            self.plan_moved(agent)
        else:
            self.clock.plan_for(agent.number, need, ends_us, Event.TALK_END if asks else Event.HANDLE_END)

    def plan_moved(self, agent: FloorAgent) -> None:
        """Plan the ends that have moved of what an agent has in hand."""
        while (place := rules.next_moved(*self.records, agent.number)) >= 0:
            hand = self.hands[place]
            kind = Event.TALK_END if hand["phase"] == TALKING else Event.HANDLE_END
            self.clock.plan_for(agent.number, int(hand["need"]), int(hand["ends_us"]), kind)
