"""The floor, below whoever works on it: who waits, who is there for a contact, what agents have in hand."""

from bisect import insort
from dataclasses import dataclass, field

import simpy

from sim.engine.model import CompiledModel
from sim.engine.records import AgentState, Event, Outcome
from sim.engine.rows import CHAT, DEFERRED, GONE, PHONE, TALKING, TO_BE_CALLED
from sim.engine.rules import entry as rules
from sim.engine.simpy.clock import Clock
from sim.engine.simpy.routing import Routing
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


class Floor:
    """Agents and waiting lines.

    Attributes
    ----------
    records : the rows of the model and of the state, which the rules read and write.
    lines, lost : by intent, who waits in order of place (us) and number; lost : who is to be called back, and has lost
        the place.
    waiting : where each of them stands, by number; a ghost has a number beyond those of the needs.
    left : by need, what is triggered when a customer leaves the queue for good.
    undecided : by need, what is triggered once it is settled what becomes of a contact whose end can move.
    open : by group and contacts in hand, who can take one more: since when, and number.
    hands, seats : what agents have in hand (`sim.engine.rows`); no seats where all contacts come by phone.
    skills, chats, items : by intent, its queue; whether it is a chat that stands beside others, or deferred work.
    """

    def __init__(self, model: CompiledModel, state: State, clock: Clock) -> None:
        self.clock, self.records = clock, (model.record, state.record)
        self.agents = [FloorAgent(number, group) for number, group in enumerate(model.roster.group_of.tolist())]
        intents, levels = model.arrays["intents"], model.size("levels")
        self.skills: list[int] = intents["skill"].tolist()
        self.chats: list[bool] = [levels > 1 and channel == CHAT for channel in intents["channel"].tolist()]
        self.items: list[bool] = [channel == DEFERRED for channel in intents["channel"].tolist()]
        self._steps: list[bool] = [channel != PHONE for channel in intents["channel"].tolist()]
        self.lines: list[list[tuple[int, int]]] = [[] for _ in self.skills]
        self.lost: list[list[tuple[int, int]]] = [[] for _ in self.skills]
        self.waiting: dict[int, list[tuple[int, int]]] = {}
        self.left: dict[int, simpy.Event] = {}
        self.undecided: dict[int, simpy.Event] = {}
        self.open: list[list[list[tuple[int, int]]]] = [[[] for _ in range(levels)] for _ in model.arrays["preference"]]
        self.hands, self.seats, self.people = state.arrays["hands"], state.arrays["seats"], state.arrays["people"]
        self.first_ghost = int(state.record["people_capacity"][0])
        self._loses_place = not model.record["callback"]["keeps_place"][0]
        self._interrupts = bool(model.size("interrupts"))
        self.routing = Routing(model, state, self)

    # Customers

    def intent(self, node: int) -> int:
        """What somebody in a line needs."""
        return int(self.people["intent"][node])

    def skill(self, node: int) -> int:
        """The queue of somebody in a line."""
        return self.skills[self.intent(node)]

    def is_chat(self, node: int) -> bool:
        """Whether a contact may stand beside others."""
        return self.chats[self.intent(node)]

    def is_item(self, node: int) -> bool:
        """Whether it is deferred work."""
        return self.items[self.intent(node)]

    def goes_on_in_steps(self, node: int) -> bool:
        """Whether a contact's talk ends by itself, and then its wrap-up."""
        return self._steps[self.intent(node)]

    def calls(self, need: int) -> int:
        """Where a customer stands with a call-back."""
        return int(self.people["calls"][need])

    def line_up(self, node: int) -> None:
        """A customer, an item or a ghost is in the line from now on: the longest (time waited + head start) first."""
        lost = self._loses_place and self.calls(node) == TO_BE_CALLED
        line = (self.lost if lost else self.lines)[self.intent(node)]
        insort(line, (int(self.people["rank_us"][node]), node))
        self.waiting[node] = line

    def leave_line(self, node: int) -> None:
        """The same undone."""
        self.waiting.pop(node).remove((int(self.people["rank_us"][node]), node))

    def places_taken(self, skill: int) -> int:
        """How many are in the line of a skill; the backlog has a line of its own."""
        return sum(self.skill(node) == skill and not self.is_item(node) for node in self.waiting)

    def somebody_waits(self) -> bool:
        """Whether anybody waits whom a drain serves."""
        return any(node < self.first_ghost and not self.is_item(node) for node in self.waiting)

    def leave_queue(self, need: int, outcome: Outcome) -> None:
        """A customer leaves the queue for good, one way or another."""
        if need in self.waiting:
            self.leave_line(need)
        rules.leave_queue(*self.records, self.clock.now, need, int(outcome))
        if need in self.left:
            self.left.pop(need).succeed()

    # Agents

    def held(self, agent: FloorAgent) -> int:
        """How many contacts an agent has in hand, as far as that decides who takes whom."""
        return int(self.seats[agent.number]["held"]) if self.seats.size else 0

    def assigned_us(self, agent: FloorAgent) -> int:
        """When an agent was last given a contact."""
        return int(self.seats[agent.number]["assigned_us"])

    def idle_in(self, group: int) -> FloorAgent | None:
        """The agent of a group who has been idle longest, then with the lower number."""
        idle = self.open[group][0]
        return self.agents[idle[0][1]] if idle else None

    def become(self, agent: FloorAgent, state: AgentState | None) -> None:
        """An agent does something else from now on."""
        self.close(agent)
        self.begin_segment(agent, state)

    def begin_segment(self, agent: FloorAgent, state: AgentState | None) -> None:
        """What an agent does changes, but not what it can take."""
        rules.begin_segment(*self.records, self.clock.now, agent.number, int(state or 0))
        agent.state, agent.since_us = state, self.clock.now

    def is_on_the_way_out(self, agent: FloorAgent) -> bool:
        """Whether an agent goes home, or on a break, when what is in hand is done."""
        breaks = bool(agent.breaks) and self.clock.now < agent.duty_end_us
        return agent.leaving or agent.tired or breaks or agent.named_us >= 0

    def takes_more(self, agent: FloorAgent) -> bool:
        """Whether an agent with contacts in hand takes a chat besides: there is room, and no way out is waited for."""
        if not self.seats.size or agent.pause_us > 0 or self.is_on_the_way_out(agent):
            return False
        return rules.has_room(self.records[1], agent.number)

    def close(self, agent: FloorAgent) -> None:
        """An agent takes nothing more for now."""
        if agent.open_as is not None:
            held, since_us = agent.open_as
            self.open[agent.group][held].remove((since_us, agent.number))
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
        while (need := self.routing.next_need(agent)) is not None:
            self._take(agent, need)
            if not self.takes_more(agent):
                return
        self._be_open(agent)

    def _be_open(self, agent: FloorAgent) -> None:
        held = self.held(agent)
        since_us = self.assigned_us(agent) if held else agent.since_us
        insort(self.open[agent.group][held], (since_us, agent.number))
        agent.open_as = held, since_us

    def answer(self, agent: FloorAgent, need: int) -> None:
        """An agent takes a contact for which nobody else waits."""
        self._take(agent, need)
        if self.takes_more(agent):
            self._be_open(agent)

    def _take(self, agent: FloorAgent, need: int) -> None:
        """An agent takes a contact, and is busy with it to the end of wrap-up."""
        if need >= self.first_ghost:
            self._take_ghost(agent, need)
        elif self.calls(need) and not rules.picks_up(*self.records, need):
            self._ring(agent, need)
        elif self.is_item(need) and rules.is_begun(*self.records, need):
            self._resume(agent, need)
        else:
            self._serve(agent, need)

    def _resume(self, agent: FloorAgent, need: int) -> None:
        """An agent goes on with an item that was put aside."""
        self.leave_line(need)
        self.become(agent, AgentState.HANDLING)
        rules.resume(*self.records, self.clock.now, need, agent.number)
        self.plan_moved(agent)

    def _serve(self, agent: FloorAgent, need: int) -> None:
        self.leave_queue(need, Outcome.ANSWERED)
        self.become(agent, AgentState.HANDLING)
        asks, ends_us = rules.serve(*self.records, need, agent.number)
        if asks or self.goes_on_in_steps(need):
            self.undecided[need] = self.clock.signal()
        if self.goes_on_in_steps(need):
            self.plan_moved(agent)
        else:
            self.clock.plan_for(agent.number, need, ends_us, Event.TALK_END if asks else Event.HANDLE_END)

    def _take_ghost(self, agent: FloorAgent, node: int) -> None:
        """An agent takes a chat that its customer has left without a word."""
        self.leave_line(node)
        self.become(agent, AgentState.HANDLING)
        rules.take_ghost(*self.records, self.clock.now, node, agent.number, agent.group)
        self.plan_moved(agent)

    def _ring(self, agent: FloorAgent, need: int) -> None:
        """An agent calls somebody back who does not answer."""
        if need in self.waiting:
            self.leave_line(need)
        self.become(agent, AgentState.HANDLING)
        ends_us = rules.ring(*self.records, self.clock.now, agent.number, need)
        self.clock.plan_for(agent.number, need, ends_us, Event.RING_END)

    def plan_moved(self, agent: FloorAgent) -> None:
        """Plan the ends that have moved of what an agent has in hand."""
        kinds = {TALKING: Event.TALK_END, GONE: Event.SILENT_END}
        while (place := rules.next_moved(*self.records, agent.number)) >= 0:
            hand = self.hands[place]
            kind = kinds.get(int(hand["phase"]), Event.HANDLE_END)
            self.clock.plan_for(agent.number, int(hand["need"]), int(hand["ends_us"]), kind)

    # The backlog

    def may_put_aside(self, agent: FloorAgent) -> bool:
        """Whether what an agent has in hand is an item that may be put aside now."""
        return self._interrupts and rules.may_put_aside(*self.records, agent.number)

    def drop_item(self, agent: FloorAgent) -> int:
        """An agent puts its item aside, and has nothing in hand; whose it is, in the line again."""
        self.begin_segment(agent, AgentState.HANDLING)
        need = rules.put_aside(*self.records, self.clock.now, agent.number)
        self.line_up(need)
        return need

    def offer_item(self, need: int) -> None:
        """An item of the backlog goes to somebody who is idle, if there are enough."""
        agent = self.routing.backlog_agent(need, self.skill(need))
        if agent is not None:
            self._take(agent, need)

    def is_taken(self, need: int) -> bool:
        """Whether an idle agent takes a live contact, or one who puts an item aside for it."""
        agent = self.routing.open_agent(need, self.skill(need), int(self.people["rank_us"][need]))
        if agent is not None:
            self.answer(agent, need)
            return True
        agent = self.routing.interrupted_agent(need, self.skill(need))
        if agent is None:
            return False
        item = self.drop_item(agent)
        self.answer(agent, need)
        self.offer_item(item)
        return True
