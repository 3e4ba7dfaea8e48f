"""Who takes whom: the agent that a contact takes, and the contact that an agent takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.model import CompiledModel
from sim.engine.records import AgentState
from sim.engine.state import State

if TYPE_CHECKING:
    from sim.engine.simpy.floor import Floor, FloorAgent

Entry = tuple[int, int, int]
"""Preference, place in the line (us), and who."""


class Routing:
    """The rules by which contacts and agents find each other.

    Attributes
    ----------
    closed : whether the centre is closed.
    """

    def __init__(self, model: CompiledModel, state: State, floor: Floor) -> None:
        self.floor, self.clock, self.closed = floor, floor.clock, True
        self.preference: list[list[int]] = model.arrays["preference"].tolist()
        self._longest_wait, self._counted = model.arrays["longest_wait"].tolist(), model.roster.counted.tolist()
        self._overflow_us, self._keep_idle = model.arrays["overflow_us"].tolist(), model.arrays["keep_idle"].tolist()
        self._rule, self._tenure = model.routing and model.routing.ctypes, state.traits["tenure_s"]
        self._may_be_set_aside, self._overflows = bool(model.size("interrupts")), bool(model.size("overflows"))
        self._contacts, self._people = state.contacts, state.arrays["people"]

    def has_skill(self, agent: FloorAgent, skill: int) -> bool:
        """Whether an agent's group knows a skill."""
        return bool(self.preference[agent.group][skill])

    def _groups(self, need: int, skill: int) -> list[tuple[int, int]]:
        """Groups that take a contact by now, with the preference that they give it."""
        waited_us = self.clock.now - int(self._contacts["joined_us"][self._people["row"][need]])
        likes = [(group, likes[skill]) for group, likes in enumerate(self.preference)]
        return [(group, liked) for group, liked in likes if liked and waited_us >= self._overflow_us[group][skill]]

    def later_groups(self, skill: int) -> list[int]:
        """How long (us) a contact waits for each group that helps out later."""
        delays = [delay[skill] for likes, delay in zip(self.preference, self._overflow_us, strict=True) if likes[skill]]
        return [delay for delay in delays if delay > 0]

    # The agent of a contact

    def open_agent(self, need: int, skill: int, rank_us: int) -> FloorAgent | None:
        """The agent that a live contact takes: lowest preference, longest idle, lowest number.

        A chat also takes one with others in hand: who has fewest, then who was given none for longest.
        """
        levels = len(self.floor.open[0]) if self.floor.is_chat(need) else 1
        offers: list[tuple[float, int, int, int]] = []
        for group, liked in self._groups(need, skill):
            for held, pool in enumerate(self.floor.open[group][:levels]):
                if self._rule:
                    since = [(self.floor.agents[number].since_us, number) for _, number in pool]
                    offers += [(self._judge(liked, rank_us, number), 0, when, number) for when, number in since]
                else:
                    offers += [(liked, held, *entry) for entry in pool[:1]]
        return self.floor.agents[min(offers)[3]] if offers else None

    def backlog_agent(self, need: int, skill: int) -> FloorAgent | None:
        """The idle agent who begins an item of the backlog, so many of the group staying idle."""
        offers = []
        for group, liked in self._groups(need, skill):
            idle = self.floor.open[group][0]
            if len(idle) > self._keep_idle[group]:
                offers += [(liked, *entry) for entry in idle if self.works_on_backlog(self.floor.agents[entry[1]])][:1]
        return self.floor.agents[min(offers)[2]] if offers else None

    def interrupted_agent(self, need: int, skill: int) -> FloorAgent | None:
        """Who puts an item aside for a live contact: lowest preference, begun last, lowest number."""
        if not self._may_be_set_aside:
            return None
        likes = dict(self._groups(need, skill))
        busy = [a for a in self.floor.agents if a.group in likes and self.floor.may_put_aside(a)]
        ready = [a for a in busy if not self.floor.is_on_the_way_out(a)]
        return min(ready, key=lambda a: (likes[a.group], -self.floor.assigned_us(a), a.number), default=None)

    def works_on_backlog(self, agent: FloorAgent) -> bool:
        """Whether an agent is on duty beyond a drain: by counts while the centre is open, by shifts to their end."""
        return not self.closed if self._counted[agent.group] else self.clock.now < agent.duty_end_us

    def serving(self, skill: int) -> list[FloorAgent]:
        """Agents on duty who have a skill, but for those on a break and those of a shift that is over."""
        there = (AgentState.AVAILABLE, AgentState.HANDLING)
        return [a for a in self.floor.agents if a.state in there and not a.leaving and self.has_skill(a, skill)]

    # The contact of an agent

    def next_need(self, agent: FloorAgent) -> int | None:
        """The waiting contact that a freed agent takes: lowest preference number first, then the longest wait.

        Who has chats in hand takes only another chat. Of equal preference what waits live comes before the backlog;
        whoever has lost the place in the line comes when nobody waits live. A user's rule has the backlog come last.
        """
        live, lost, items = self._ready(agent)
        if self._rule:
            return min((self._judged(one, agent) for one in live or lost or items), default=(0.0, 0, None))[2]
        by_wait = self._longest_wait[agent.group]
        ready = [
            (0 if by_wait else liked, kind, rank_us, node)
            for kind, line in ((0, live), (1, items))
            for liked, rank_us, node in line
        ]
        if lost and not live:
            ready = [(0 if by_wait else liked, 0, rank_us, node) for liked, rank_us, node in lost]
        return min(ready)[3] if ready else None

    def _ready(self, agent: FloorAgent) -> tuple[list[Entry], list[Entry], list[Entry]]:
        """Who waits live, who has lost the place, and what is in the backlog, that an agent may take now."""
        busy, likes = self.floor.held(agent) > 0, self.preference[agent.group]
        found: tuple[list[Entry], list[Entry], list[Entry]] = ([], [], [])
        for kind, lines in ((0, self.floor.lines), (1, self.floor.lost)):
            for intent, line in enumerate(lines):
                liked = likes[self.floor.skills[intent]]
                if not line or not liked or (busy and not self.floor.chats[intent]):
                    continue
                is_item = self.floor.items[intent]
                if is_item and not self._begins(agent):
                    continue
                ranked = line if self._rule else line[:1]
                mine = [(liked, *entry) for entry in ranked if self._may_take(agent, entry[1])]
                found[2 if is_item else kind].extend(mine)
        return found

    def _may_take(self, agent: FloorAgent, node: int) -> bool:
        """Whether a contact has waited long enough for the agent's group."""
        delays = self._overflow_us[agent.group]
        if not self._overflows:
            return True
        joined_us = int(self._contacts["joined_us"][self._people["row"][node]])
        wanted_us: int = delays[self.floor.skill(node)]
        return self.clock.now - joined_us >= wanted_us

    def _begins(self, agent: FloorAgent) -> bool:
        """Whether an agent may begin an item of the backlog: it is on duty, and enough of the others are idle."""
        return self.works_on_backlog(agent) and len(self.floor.open[agent.group][0]) >= self._keep_idle[agent.group]

    def _judged(self, one: Entry, agent: FloorAgent) -> tuple[float, int, int | None]:
        liked, rank_us, node = one
        return self._judge(liked, rank_us, agent.number), rank_us, node

    def _judge(self, preference: int, rank_us: int, number: int) -> float:
        """What a user's rule makes of a customer and an agent."""
        now, held = self.clock.now, self.floor.held(self.floor.agents[number])
        idle_us = 0 if held else now - self.floor.agents[number].since_us
        score: float = self._rule(preference, now - rank_us, idle_us, held, float(self._tenure[number]))
        return score
