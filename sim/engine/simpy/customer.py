"""One customer as one process: arrival, bot, queue, agent, and back until the need is resolved or lost."""

import simpy

from sim.demand.horizon import DAY_US
from sim.engine.model import CompiledModel
from sim.engine.records import Cause, Event, Outcome
from sim.engine.rows import BETWEEN_CALLS
from sim.engine.rules import entry as rules
from sim.engine.rules.bot import NO_ROOM, NO_SESSION
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.clock import Process
from sim.engine.simpy.floor import Floor


class NoRoomError(Exception):
    """Some array is too small for what happens in this replication."""


class Journey:
    """What a customer goes through."""

    def __init__(self, model: CompiledModel, floor: Floor, attendance: Attendance) -> None:
        self.floor, self.attendance = floor, attendance
        self.clock, self.records = floor.clock, floor.records
        self._limit: list[int] = model.arrays["limit"].tolist()
        self._offers, self._beside = bool(model.record["callback"]["on"][0]), bool(model.size("channels"))
        self._open_us = [int(time) for time in model.arrays["open_us"]]

    def process(self, need: int) -> Process:
        """A customer's whole story."""
        back_us = self.clock.now
        while back_us >= 0:
            yield from self._attempt(need)
            self.attendance.check_drained()
            if need in self.floor.undecided:
                yield self.floor.undecided[need]
            back_us = rules.conclude(*self.records, self.clock.now, need)
            if back_us >= 0:
                yield self.clock.at(back_us, Event.ARRIVAL, need)

    def _attempt(self, need: int) -> Process:
        """Meet the bot, if there is one, and the queue, if that is not all."""
        ends_us = rules.arrive(*self.records, self.clock.now, need)
        if ends_us == NO_ROOM:
            raise NoRoomError
        wants_human = ends_us == NO_SESSION
        if ends_us >= 0:
            yield self.clock.at(ends_us, Event.BOT_END, need)
            wants_human = rules.end_session(*self.records, self.clock.now, need)
        if wants_human:
            yield from self._queue(need)

    def _queue(self, need: int) -> Process:
        """Join the human queue and stay until answered, gone or disconnected."""
        skill = rules.join(*self.records, self.clock.now, need)
        if self.floor.is_item(need):
            left = self._line_up(need, skill)
            self.floor.offer_item(need)
            yield left
        elif self.attendance.refuses(skill):
            self.floor.leave_queue(need, Outcome.DISCONNECTED)
        elif not self.floor.is_taken(need):
            if self._is_blocked(need, skill):
                self.floor.leave_queue(need, Outcome.BLOCKED)
            elif rules.balks(*self.records, need):
                self.floor.leave_queue(need, Outcome.BALKED)
            elif self._offers and self._hangs_up(need, skill):
                yield self.floor.left[need]
            else:
                yield self._line_up(need, skill)

    def _is_blocked(self, need: int, skill: int) -> bool:
        """Whether all waiting places are taken; who is sent on by an agent always finds one."""
        sent_on = self.floor.people["cause"][need] == Cause.TRANSFER
        return not sent_on and self.floor.places_taken(skill) >= self._limit[skill]

    def _line_up(self, need: int, skill: int) -> simpy.Event:
        """Stand in line with so much patience; the event tells of the end."""
        gives_up_us = rules.begin_waiting(*self.records, need)
        if gives_up_us >= 0:
            self.clock.plan(gives_up_us, Event.PATIENCE_END, need)
        return self._stand_in_line(need, skill)

    def _stand_in_line(self, need: int, skill: int) -> simpy.Event:
        """Be in the line, where groups that help out later take a look in time."""
        self.floor.line_up(need)
        for delay_us in self.floor.routing.later_groups(skill):
            self.clock.plan(self.clock.now + delay_us, Event.OVERFLOW_DUE, need)
        left = self.floor.left[need] = self.clock.signal()
        return left

    def give_up(self, need: int) -> None:
        """Patience ends; nothing to one who no longer waits, or waits again and longer."""
        waits = need in self.floor.waiting and not self.floor.calls(need)
        if waits and self.floor.people["gives_up_us"][need] == self.clock.now:
            silent = self._beside and not self.attendance.closed and rules.leaves_silently(*self.records, need)
            self.floor.leave_queue(need, Outcome.ABANDONED)
            if silent:
                ghost = rules.become_ghost(self.records[1], need)
                if ghost < 0:
                    raise NoRoomError
                self.floor.line_up(ghost)

    def overflow(self, need: int) -> None:
        """A group that helps out takes a look at a contact that still waits."""
        if need in self.floor.waiting:
            if self.floor.is_item(need):
                self.floor.offer_item(need)
            else:
                self.floor.is_taken(need)

    # Call-backs

    def _hangs_up(self, need: int, skill: int) -> bool:
        """Whether a customer accepts to be called back, and so waits without being there."""
        agents = len(self.floor.routing.serving(skill)) - self.attendance.leaving_unnamed(skill)
        expires_us = rules.accepts_call(*self.records, self.clock.now, need, self.floor.places_taken(skill), agents)
        if expires_us < 0:
            return False
        self.clock.plan(expires_us, Event.CALLBACK_EXPIRES, need)
        self._stand_in_line(need, skill)
        return True

    def ring_end(self, number: int, need: int) -> None:
        """Nobody has answered: the customer is called again later, or no more; the agent goes on."""
        if not self.attendance.has_rung(number, need):
            return
        due_us = rules.next_call(*self.records, self.clock.now, need)
        if due_us < 0:
            self.floor.leave_queue(need, Outcome.ABANDONED)
        else:
            self.clock.plan(due_us, Event.CALLBACK_DUE, need)
        self.attendance.through_ringing(number)

    def call_again(self, need: int) -> None:
        """Somebody is to be called again: by who is idle, or from the old place; the next day after close."""
        if self.floor.calls(need) != BETWEEN_CALLS or self.floor.people["gives_up_us"][need] != self.clock.now:
            return
        if self.attendance.closed:
            today = self.clock.now // DAY_US
            later = [opens_us for opens_us in self._open_us[today:] if opens_us > self.clock.now]
            if later:
                self.floor.people["gives_up_us"][need] = later[0]
                self.clock.plan(later[0], Event.CALLBACK_DUE, need)
            return
        rules.line_up_again(self.records[1], need)
        if not self.floor.is_taken(need):
            self.floor.line_up(need)

    def stop_calling(self, need: int) -> None:
        """Nobody calls any more."""
        if rules.expires_now(*self.records, self.clock.now, need):
            self.floor.leave_queue(need, Outcome.ABANDONED)
