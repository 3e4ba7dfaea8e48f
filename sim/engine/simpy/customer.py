"""One customer as one process: arrival, bot, queue, agent, and back until the need is resolved or lost."""

from sim.engine.records import Event, Outcome
from sim.engine.rules import entry as rules
from sim.engine.rules.bot import NO_ROOM, NO_SESSION
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.clock import Process
from sim.engine.simpy.floor import Floor


class NoRoomError(Exception):
    """Some array is too small for what happens in this replication."""


class Journey:
    """What a customer goes through."""

    def __init__(self, floor: Floor, attendance: Attendance) -> None:
        self.floor, self.attendance = floor, attendance
        self.clock, self.records = floor.clock, floor.records

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
        skill, rank_us = rules.join(*self.records, self.clock.now, need)
        if self.attendance.refuses(skill):
            self.floor.leave_queue(need, Outcome.DISCONNECTED)
        elif (agent := self.floor.open_agent(need, skill, rank_us)) is not None:
            self.floor.answer(agent, need)
        elif rules.balks(*self.records, need):
            self.floor.leave_queue(need, Outcome.BALKED)
        else:
            yield self.floor.line_up(need, skill, rank_us)
