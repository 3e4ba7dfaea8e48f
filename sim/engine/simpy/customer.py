"""One customer as one process: arrival, bot, queue, agent, and back until the need is resolved or lost."""

from sim.demand.horizon import DAY_US
from sim.demand.placing import place
from sim.demand.world import World
from sim.engine.order import Event
from sim.engine.parameter_table import ParameterTable, intents_as_objects
from sim.engine.records import BotOutcome, Cause, NeedStatus, Outcome
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.bot import BotSessions
from sim.engine.simpy.clock import Clock, Process
from sim.engine.simpy.draws import Draws
from sim.engine.simpy.floor import Floor
from sim.engine.simpy.log import RecordLog
from sim.engine.simpy.people import Contact, Customer
from sim.mechanisms.frustration import raised, shortened_patience
from sim.mechanisms.trust import lifted, lowered
from sim.rng.purposes import Purpose
from sim.rng.scores import LONGEST_US, to_us


class Journey:
    """What a customer goes through."""

    def __init__(
        self,
        world: World,
        table: ParameterTable,
        clock: Clock,
        luck: Draws,
        floor: Floor,
        duty: Attendance,
        log: RecordLog,
    ) -> None:
        self.clock, self.luck, self.floor, self.duty, self.log = clock, luck, floor, duty, log
        self.laws, self.horizon, self.service = table.laws, world.horizon, floor.service
        self._bot = BotSessions(table, clock, luck, duty)
        self._return_profile = table.return_profile
        self._intents = intents_as_objects(table)

    def process(self, customer: Customer) -> Process:
        """A customer's whole story."""
        back_us: int | None = self.clock.now
        while back_us is not None:
            contact = self._arrive(customer)
            if (yield from self._bot.session(contact)):
                yield from self._queue(contact)
            self.duty.coming += contact.transferred
            self.duty.check_drained()
            if contact.decided is not None:
                yield contact.decided
            self._feels(contact)
            self.log.contact(contact)
            back_us = self._comes_back(contact)
            if back_us is not None:
                yield self.clock.at(back_us, Event.ARRIVAL, customer.number)

    def _arrive(self, customer: Customer) -> Contact:
        customer.attempts += 1
        if customer.cause is Cause.TRANSFER:
            self.duty.coming -= 1
            customer.transfers += 1
            customer.frustration = raised(customer.frustration, self.laws.frustration.transferred)
        elif customer.attempts > 1:
            customer.frustration = raised(customer.frustration, self.laws.frustration.returns)
        now = self.clock.now
        intent = self._intents[customer.intent]
        if customer.cause is Cause.TRANSFER:
            return Contact(customer, intent, customer.attempts, customer.place, now, customer.cause)
        day = now // DAY_US
        edges = self.horizon.edges[day]
        interval = int((now - edges[0]) // (edges[1] - edges[0]))
        place = day, min(max(interval, 0), len(edges) - 2)
        customer.place = place
        contact = Contact(customer, intent, customer.attempts, place, now, customer.cause)
        contact.out_of_hours = not self.horizon.open_us[day] <= now < self.horizon.close_us[day]
        return contact

    # The queue

    def _queue(self, contact: Contact) -> Process:
        """Join the human queue and stay until answered, gone or disconnected."""
        contact.joined_us = self.clock.now
        contact.rank_us = contact.joined_us - contact.intent.head_start_us
        self.service.prepare(contact)
        agent = None if self.duty.refuses(contact.intent.skill) else self.floor.idle_agent(contact.intent.skill)
        if agent is not None:
            self.floor.answer(contact, agent)
        elif self.duty.refuses(contact.intent.skill):
            self.floor.leave_queue(contact, Outcome.DISCONNECTED)
        elif self.luck.chance(contact.customer, Purpose.BALK, contact.attempt, self.laws.customers.balk):
            self.floor.leave_queue(contact, Outcome.BALKED)
        else:
            yield from self._wait(contact)

    def _wait(self, contact: Contact) -> Process:
        who, dist = contact.customer, contact.intent.patience
        left = self.floor.wait(contact)
        patience = self.luck.time(who, Purpose.PATIENCE, contact.attempt, dist, contact.place)
        rise = who.frustration - self.laws.frustration.start
        limit = to_us(shortened_patience(patience, rise, self.laws.frustration.patience))
        if limit < LONGEST_US:
            self.clock.call_at(self.clock.now + limit, Event.PATIENCE_END, who.number, lambda: self._give_up(contact))
        yield left

    def _give_up(self, contact: Contact) -> None:
        """Patience ends; SimPy cannot cancel the timer of somebody who was served, so that one is ignored."""
        if contact.waits:
            self.floor.leave_queue(contact, Outcome.ABANDONED)

    # Coming back

    def _feels(self, contact: Contact) -> None:
        """What an attempt does to the customer's trust."""
        who, laws = contact.customer, self.laws
        if contact.resolved:
            who.trust = lifted(who.trust, laws.trust.good)
        elif contact.outcome == Outcome.ANSWERED and not contact.transferred:
            who.trust = lowered(who.trust, laws.trust.unresolved)

    def _comes_back(self, contact: Contact) -> int | None:
        """When the customer tries again; None if the need is over: resolved, lost, or pending beyond the horizon."""
        who = contact.customer
        left_us = self._end_of(contact)
        status, back_us = NeedStatus.RESOLVED, None
        if contact.transferred:
            status, back_us, who.cause = NeedStatus.PENDING, left_us, Cause.TRANSFER
        elif not contact.resolved:
            status = NeedStatus.LOST
            who.cause, chance, dist = self._law_of_return(contact)
            purpose = Purpose.REDIAL if who.cause is Cause.REDIAL else Purpose.REPEAT
            tries = who.attempts - who.transfers < self.laws.customers.max_attempts
            if tries and self.luck.chance(who, purpose, contact.attempt, chance):
                status, back_us = NeedStatus.PENDING, self._return_time(contact, dist, left_us)
        self.log.need(who.number, status, who.attempts, left_us if contact.resolved else -1)
        return back_us

    def _end_of(self, contact: Contact) -> int:
        """When the customer hangs up: at the end of the talk and of what a supervisor takes, the wait, the session."""
        if contact.left_us >= 0:
            return contact.left_us + contact.talk_us + contact.supervisor_us
        return contact.arrival_us + contact.bot_us

    def _law_of_return(self, contact: Contact) -> tuple[Cause, float, int]:
        laws = self.laws
        if contact.outcome == Outcome.ANSWERED:
            return Cause.REPEAT, laws.customers.repeat, laws.customers.repeat_delay
        if contact.bot == BotOutcome.FALSELY_CONTAINED:
            return Cause.FALSELY_CONTAINED, laws.customers.false_return, laws.customers.false_delay
        return Cause.REDIAL, laws.customers.redial, laws.customers.redial_delay

    def _return_time(self, contact: Contact, dist: int, left_us: int) -> int | None:
        """When a return comes: after its delay, or on a later day; None beyond the last simulated day."""
        who, redials = contact.customer, contact.customer.cause is Cause.REDIAL
        chance = self.laws.customers.redial_next_day
        if redials and self.luck.chance(who, Purpose.REDIAL_NEXT_DAY, contact.attempt, chance):
            return self._on_day(contact, self.horizon.open_day_following(left_us // DAY_US))
        purpose = Purpose.REDIAL_DELAY if redials else Purpose.REPEAT_DELAY
        back_us = left_us + to_us(self.luck.time(who, purpose, contact.attempt, dist, contact.place))
        day = back_us // DAY_US
        if day < len(self.horizon.dates) and self.horizon.open_us[day] <= back_us < self.horizon.close_us[day]:
            return back_us
        return self._on_day(contact, self.horizon.open_day_after(back_us))

    def _on_day(self, contact: Contact, day: int) -> int | None:
        """The time of day that a return's own draw picks from that day's profile of its intent."""
        if day < 0:
            return None
        edges = self.horizon.edges[day]
        cumulative = self._return_profile[contact.customer.intent, day, : edges.size]
        u = self.luck.uniform(contact.customer, Purpose.RETURN_TIME, contact.attempt)
        return place(u * cumulative[-1], cumulative, edges)
