"""Who is at work: shifts, breaks, counts, opening and closing (docs/semantics.md)."""

from sim.demand.horizon import DAY_US
from sim.engine.model import CompiledModel
from sim.engine.records import AgentState, Event, Outcome
from sim.engine.rows import ASKING, BETWEEN_CALLS, FREE, GONE, WORKING, WRAPPING
from sim.engine.rules import entry as rules
from sim.engine.simpy.floor import Floor, FloorAgent
from sim.engine.simpy.supervisor_queue import SupervisorQueue
from sim.engine.state import State

NOBODY = -1
"""Who has a spell of duty that belongs to nobody."""


class Attendance:
    """Brings agents on duty, sends them on breaks and home, opens and closes the centre."""

    def __init__(self, model: CompiledModel, state: State, floor: Floor, supervisors: SupervisorQueue) -> None:
        self.floor, self.supervisors = floor, supervisors
        self.clock, self.records = floor.clock, floor.records
        self._routing, self.draining = floor.routing, False
        self._closed_at = -1
        self._drains, self._inbound = bool(model.record["centre"]["drains"][0]), state.record["inbound"]
        self._counted, self._present = model.roster.counted.tolist(), state.present
        self._several = model.arrays["several"].tolist()
        groups = range(len(self._counted))
        self._teams = [[a for a in floor.agents if a.group == g] for g in groups]
        self._pending: list[list[int]] = [[] for _ in groups]
        self._named: list[list[FloorAgent]] = [[] for _ in groups]
        self._acts = {
            Event.OPEN: self._open,
            Event.CLOSE: self._close,
            Event.SHIFT_START: self._shift_start,
            Event.SHIFT_END: self._shift_end,
            Event.BREAK_DUE: self._break_due,
            Event.STAFFING: self._staffing,
            Event.RELIEF: self._relief,
        }

    def act(self, kind: Event, who: int, value: int) -> None:
        """An event of the plan."""
        self._acts[kind](who, value)

    # Opening and closing

    @property
    def closed(self) -> bool:
        """Whether the centre is closed."""
        return self._routing.closed

    def refuses(self, skill: int) -> bool:
        """Whether a contact that joins now is disconnected: after close, unless somebody on duty has the skill."""
        if not self.closed:
            return False
        return not self.draining or not self._somebody_has(skill)

    def _somebody_has(self, skill: int) -> bool:
        return any(self._routing.has_skill(a, skill) for a in self._on_duty())

    def _on_duty(self) -> list[FloorAgent]:
        """Agents on duty who are not about to leave. Pending departures by counts are nobody's yet."""
        on = [a for a in self.floor.agents if a.state is not None and not a.leaving]
        spare = [self._leaving(g) - sum(a.group == g for a in on) for g in range(len(self._teams))]
        return [a for a in on if spare[a.group] < 0]

    def _open(self, _day: int, _value: int) -> None:
        if self.draining:
            self._end_drain()
        self._routing.closed = False

    def _close(self, _day: int, _value: int) -> None:
        self._routing.closed, self._closed_at, self.draining = True, self.clock.now, self._drains
        if self.draining:
            for agent in self._on_duty():
                agent.kept = True
            self._drop_items()
        for node in sorted(self.floor.waiting):
            self._send_away(node)
        if not self.draining:
            for need in self._between_calls():
                self.floor.leave_queue(need, Outcome.DISCONNECTED)
            self._send_counted_home()
        self.check_drained()

    def _between_calls(self) -> list[int]:
        born = int(self.records[1]["born"][0])
        between: list[int] = (self.floor.people["calls"][:born] == BETWEEN_CALLS).nonzero()[0].tolist()
        return between

    def _send_away(self, node: int) -> None:
        """Ghosts vanish; a live contact is disconnected, unless somebody serves it still; the backlog stays."""
        if node >= self.floor.first_ghost:
            self.floor.leave_line(node)
        elif not self.floor.is_item(node) and self.refuses(self.floor.skill(node)):
            self.floor.leave_queue(node, Outcome.DISCONNECTED)

    def _drop_items(self) -> None:
        """Whoever is there by counts puts an item aside at close, and is there for those who wait live."""
        for agent in self.floor.agents:
            if self._counted[agent.group] and self.floor.may_put_aside(agent):
                self.floor.drop_item(agent)
                self.supervisors.free(agent)

    def check_drained(self) -> None:
        """End the drain once nobody waits, and nobody is with the bot or being transferred."""
        if self.draining and self._inbound[0] == 0 and not self.floor.somebody_waits():
            self._end_drain()

    def _end_drain(self) -> None:
        self.draining = False
        self._send_counted_home()
        for agent in self.floor.agents:
            if agent.kept and not self._counted[agent.group] and agent.duty_end_us <= self.clock.now:
                self._dismiss(agent)
            agent.kept = False

    def _send_counted_home(self) -> None:
        for group in range(len(self._teams)):
            if self._counted[group]:
                self._fall(group, self._count(group), self._closed_at)

    # Shifts

    def _shift_start(self, number: int, end_us: int) -> None:
        agent = self.floor.agents[number]
        if agent.state is not None:
            self._write_duty(agent, agent.duty_end_us)
            agent.leaving, agent.spell_us = False, self.clock.now
            agent.duty_end_us = end_us
            agent.breaks.clear()
            if agent.state is AgentState.HANDLING:
                self.floor.open_again(agent)
            return
        agent.duty_end_us = end_us
        self._come_on(agent)

    def _shift_end(self, number: int, end_us: int) -> None:
        agent = self.floor.agents[number]
        kept = self.draining and agent.kept
        if agent.state is not None and agent.duty_end_us == end_us and not kept:
            self._dismiss(agent)

    def _dismiss(self, agent: FloorAgent) -> None:
        """Send an agent of a shift home: at once, or when the contact in hand is done."""
        if agent.state is AgentState.HANDLING and self.floor.may_put_aside(agent):
            self._drop_item_and_go(agent, agent.duty_end_us)
        elif agent.state is AgentState.HANDLING:
            agent.leaving = True
            self.floor.close_if_full(agent)
        else:
            self._go(agent, agent.duty_end_us)

    def _break_due(self, number: int, length_us: int) -> None:
        agent = self.floor.agents[number]
        if agent.state is None or agent.leaving:
            return
        agent.breaks.append(length_us)
        if agent.state is AgentState.AVAILABLE:
            self._next_duty(agent)
        elif agent.state is AgentState.HANDLING:
            self.floor.close_if_full(agent)

    def _next_duty(self, agent: FloorAgent) -> None:
        """What an agent does who is through with a contact or a break: the next break that is due, or work."""
        if agent.breaks and self.clock.now < agent.duty_end_us:
            self._take_break(agent, agent.breaks.pop(0))
        else:
            agent.breaks.clear()
            self.supervisors.free(agent)

    def _pause(self, agent: FloorAgent, length_us: int) -> bool:
        """Whether a pause follows the contact in hand: none beside a scheduled break, none past the end of duty."""
        on = not self.closed if self._counted[agent.group] else self.clock.now < agent.duty_end_us
        if length_us == 0 or not on or agent.breaks:
            return False
        self._take_break(agent, length_us)
        return True

    def _take_break(self, agent: FloorAgent, length_us: int) -> None:
        self.floor.become(agent, AgentState.BREAK)
        agent.break_until_us = self.clock.now + length_us
        self.clock.plan(agent.break_until_us, Event.BREAK_END, agent.number)

    def break_end(self, number: int) -> None:
        """A break is over, unless the agent has gone, or has begun another."""
        agent = self.floor.agents[number]
        if agent.state is AgentState.BREAK and agent.break_until_us == self.clock.now:
            self._next_duty(agent)

    # Counts

    def _count(self, group: int) -> int:
        """Agents of a counted group on duty, less the departures announced."""
        return sum(a.state is not None for a in self._teams[group]) - self._leaving(group)

    def _leaving(self, group: int) -> int:
        """How many departures are announced."""
        return len(self._pending[group]) + len(self._named[group])

    def _staffing(self, group: int, count: int) -> None:
        change = count - self._count(group)
        if change > 0:
            self._rise(group, change)
        elif change < 0:
            self._fall(group, -change, self.clock.now)

    def _rise(self, group: int, number: int) -> None:
        pending, named = self._pending[group], self._named[group]
        while (pending or named) and number > 0:
            announced_us = named[-1].named_us if named else pending.pop()
            rules.write_duty(self.records[1], self.clock.now, NOBODY, group, announced_us, announced_us)
            if named:
                self._stay_after_all(named.pop())
            number -= 1
        for agent in self._off(group)[:number]:
            self._come_on(agent)

    def _off(self, group: int) -> list[FloorAgent]:
        """Those off duty who are there today, who has been off longest first."""
        day = self.clock.now // DAY_US
        off = [a for a in self._teams[group] if a.state is None and self._present[a.number, day]]
        return sorted(off, key=lambda a: (a.since_us, a.number))

    def _stay_after_all(self, agent: FloorAgent) -> None:
        agent.named_us = -1
        self.floor.open_again(agent)

    def _fall(self, group: int, number: int, announced_us: int) -> None:
        if self._several[group]:
            self._fall_by_name(group, number, announced_us)
            return
        idle = [a for a in self._teams[group] if a.state in (AgentState.AVAILABLE, AgentState.BREAK)]
        for agent in sorted(idle, key=lambda a: (a.called_us, a.number))[:number]:
            self._go(agent, announced_us)
            number -= 1
        for agent in sorted(self._teams[group], key=lambda a: (a.called_us, a.number)):
            if number > 0 and agent.state is AgentState.HANDLING and self.floor.may_put_aside(agent):
                self._drop_item_and_go(agent, announced_us)
                number -= 1
        self._pending[group] += [announced_us] * number

    def _fall_by_name(self, group: int, number: int, announced_us: int) -> None:
        """Who has least in hand goes first, longest on duty first: at once, or, named now, after the last contact."""
        for _ in range(number):
            on = [a for a in self._teams[group] if a.state is not None and a.named_us < 0]
            if not on:
                return
            agent = min(on, key=self._weight)
            if agent.state is not AgentState.HANDLING:
                self._go(agent, announced_us)
            elif self.floor.may_put_aside(agent):
                self._drop_item_and_go(agent, announced_us)
            else:
                agent.named_us = announced_us
                self._named[group].append(agent)
                self.floor.close(agent)

    def _drop_item_and_go(self, agent: FloorAgent, announced_us: int) -> None:
        item = self.floor.drop_item(agent)
        self._go(agent, announced_us)
        self.floor.offer_item(item)

    def _weight(self, agent: FloorAgent) -> tuple[int, int, int]:
        """What keeps an agent: nothing, an item that may be put aside, or so many contacts."""
        held = 0 if agent.state is not AgentState.HANDLING else 1 + self.floor.held(agent)
        return 1 if held and self.floor.may_put_aside(agent) else held, agent.called_us, agent.number

    def _burden(self, agent: FloorAgent) -> tuple[int, int, int]:
        held = self.floor.held(agent) if self._several[agent.group] else 0
        return held, agent.called_us, agent.number

    def _relief(self, group: int, number: int) -> None:
        """Those longest on duty are relieved: at once, or when the contact in hand is done.

        Where agents have several contacts in hand, who has fewest comes before.
        """
        for _ in range(number):
            on = [a for a in self._teams[group] if a.state is not None and not a.tired]
            agent = min(on, key=self._burden, default=None)
            if agent is not None:
                agent.tired = True
                if agent.state is not AgentState.HANDLING:
                    self._is_relieved(agent)
                else:
                    self.floor.close_if_full(agent)

    def _is_relieved(self, agent: FloorAgent) -> bool:
        """Whether somebody rested comes in an agent's place; without anybody, and after close, the agent stays."""
        agent.tired = False
        rested = [] if self.closed else self._off(agent.group)
        if rested:
            self._come_on(rested[0])
            self._go(agent, self.clock.now)
        return bool(rested)

    # Coming and going

    def _come_on(self, agent: FloorAgent) -> None:
        agent.called_us = agent.spell_us = self.clock.now
        agent.leaving, agent.kept, agent.tired = False, False, False
        agent.breaks.clear()
        self.supervisors.free(agent)

    def _go(self, agent: FloorAgent, duty_end_us: int) -> None:
        self.floor.become(agent, None)
        self._write_duty(agent, duty_end_us)
        agent.leaving, agent.kept = False, False
        if agent.named_us >= 0:
            self._named[agent.group].remove(agent)
            agent.named_us = -1
        if agent.group == self.supervisors.group and self.supervisors.is_deserted():
            self.supervisors.nobody_comes()

    def _write_duty(self, agent: FloorAgent, end_us: int) -> None:
        """A spell of duty ends now; `end_us` is when it should have."""
        rules.write_duty(self.records[1], self.clock.now, agent.number, agent.group, agent.spell_us, end_us)

    # Through with a contact

    def handle_end(self, number: int, need: int) -> None:
        """An agent is through with a contact."""
        now, agent = self.clock.now, self.floor.agents[number]
        place = rules.find_hand(*self.records, now, number, need, WRAPPING)
        if place < 0:
            return
        if self.floor.goes_on_in_steps(need):
            self._end_beside(agent, place)
        else:
            self._let_go(self.floor.agents[number])
            self._go_on(agent, rules.handled(*self.records, now, place))

    def _let_go(self, agent: FloorAgent) -> None:
        """What took the whole agent is done; the segment in which it did ends first."""
        if self.floor.seats.size:
            self.floor.begin_segment(agent, AgentState.HANDLING)
            rules.let_go(self.records[1], agent.number)

    def _end_beside(self, agent: FloorAgent, place: int) -> None:
        """An agent is through with a chat, perhaps not with all that is in hand."""
        need, whole = int(self.floor.hands[place]["need"]), self.floor.hands[place]["phase"] == WORKING
        self.floor.close(agent)
        self.floor.begin_segment(agent, AgentState.HANDLING)
        rules.finish_hand(*self.records, self.clock.now, place)
        if whole:
            self.floor.undecided.pop(need).succeed()
        agent.pause_us = max(agent.pause_us, rules.handled(*self.records, self.clock.now, place))
        self.floor.plan_moved(agent)
        self._go_on_beside(agent)

    def _go_on_beside(self, agent: FloorAgent) -> None:
        """An agent goes on with what else is in hand, or is through with all."""
        if self.floor.held(agent) > 0:
            self.floor.open_again(agent)
        else:
            pause_us, agent.pause_us = agent.pause_us, 0
            self._go_on(agent, pause_us)

    def silent_end(self, number: int, need: int) -> None:
        """An agent finds out that nobody is in a chat."""
        place = rules.find_hand(*self.records, self.clock.now, number, need, GONE)
        if place >= 0:
            agent = self.floor.agents[number]
            self.floor.close(agent)
            self.floor.begin_segment(agent, AgentState.HANDLING)
            rules.find_out(*self.records, self.clock.now, place)
            self._go_on_beside(agent)

    def has_rung(self, number: int, need: int) -> bool:
        """Whether a call-back that nobody answers ends now."""
        return rules.find_hand(*self.records, self.clock.now, number, need, FREE) >= 0

    def through_ringing(self, number: int) -> None:
        """Nobody has answered a call-back; the agent goes on as after a contact."""
        self._let_go(self.floor.agents[number])
        self._go_on(self.floor.agents[number], 0)

    def leaving_unnamed(self, skill: int) -> int:
        """How many departures are announced of those who have a skill."""
        return sum(self._leaving(g) for g, likes in enumerate(self._routing.preference) if likes[skill])

    def consult_end(self, number: int, need: int) -> None:
        """What an agent asked has been decided, and whoever did goes on."""
        place = rules.find_hand(*self.records, self.clock.now, number, need, ASKING)
        if place >= 0:
            decider = self.supervisors.decide(place)
            self._let_go(decider)
            self._go_on(decider, 0)

    def _go_on(self, agent: FloorAgent, pause_us: int) -> None:
        """Home, to a break, or to the next contact."""
        pending = self._pending[agent.group]
        if agent.leaving:
            self._go(agent, agent.duty_end_us)
        elif agent.named_us >= 0:
            self._go(agent, agent.named_us)
        elif pending:
            self._go(agent, pending.pop(0))
        elif not (agent.tired and self._is_relieved(agent)) and not self._pause(agent, pause_us):
            self._next_duty(agent)
