"""The bot in front of the queue: who meets it, and what becomes of a session."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.engine.order import Event
from sim.engine.parameter_table import ParameterTable
from sim.engine.records import BotOutcome, Cause
from sim.engine.simpy.attendance import Attendance
from sim.engine.simpy.clock import Clock, Process
from sim.engine.simpy.draws import Draws
from sim.engine.simpy.people import Contact
from sim.mechanisms.bot import MOST_TURNS, turn_name
from sim.mechanisms.difficulty import bot_is_capable
from sim.mechanisms.frustration import raised
from sim.mechanisms.trust import lowered, opt_out_share
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

Wants = Generator[simpy.Event, Any, bool]


class BotSessions:
    """One session after the other, each by itself: a bot has no queue."""

    def __init__(self, table: ParameterTable, clock: Clock, luck: Draws, duty: Attendance) -> None:
        self.clock, self.luck, self.duty, self.laws = clock, luck, duty, table.laws
        self._give_up, self._opens, self._closes = (
            array.tolist() for array in (table.give_up, table.bot_opens, table.bot_closes)
        )

    def session(self, contact: Contact) -> Wants:
        """The session, if there is one. True if the customer then wants a human."""
        if contact.out_of_hours:
            yield from self._at_night(contact)
            return False
        if not self._meets(contact):
            return True
        if self.luck.chance(contact.customer, Purpose.OPT_OUT, contact.attempt, self._opt_out(contact)):
            contact.bot = BotOutcome.OPTED_OUT
            return True
        self.duty.coming += 1
        yield from self._play(contact)
        self.duty.coming -= 1
        return self._after(contact)

    def _play(self, contact: Contact) -> Process:
        yield from self._converse(contact) if self.laws.bot.converses else self._stay(contact)

    def _at_night(self, contact: Contact) -> Process:
        """Nobody but the bot is there: whoever wants a human leaves, at once or in the end."""
        if self.luck.chance(contact.customer, Purpose.OPT_OUT, contact.attempt, self.laws.bot.opt_out):
            contact.bot = BotOutcome.LEFT
            return
        yield from self._play(contact)
        if contact.bot is BotOutcome.HANDED_OFF:
            contact.bot = BotOutcome.LEFT
        self._after(contact)

    def _meets(self, contact: Contact) -> bool:
        """Whether there is a bot for this need, this customer and this attempt."""
        who, luck = contact.customer, self.luck
        day = contact.place[0]
        if not contact.intent.has_bot or contact.cause is Cause.TRANSFER:
            return False
        if not self._opens[day] <= self.clock.now < self._closes[day]:
            return False
        if not luck.chance(who, Purpose.EXPOSED, 0, self.laws.bot.exposure):
            return False
        again = contact.cause is Cause.REPEAT
        return not (again and luck.chance(who, Purpose.STRAIGHT, contact.attempt, self.laws.customers.straight))

    def _opt_out(self, contact: Contact) -> float:
        """The chance that the customer asks for a human at once."""
        who, laws = contact.customer, self.laws
        share = laws.bot.opt_out_after_failure if who.bot_failed else laws.bot.opt_out
        return opt_out_share(share, laws.trust.start - who.trust, laws.trust.slope)

    def _stay(self, contact: Contact) -> Process:
        """A session as a whole: one that fails counts as two failed turns."""
        who, laws = contact.customer, self.laws
        session = self.luck.time(who, Purpose.BOT_TIME, contact.attempt, laws.bot.session, contact.place)
        contact.bot_us = to_us(session)
        yield self.clock.at(self.clock.now + contact.bot_us, Event.BOT_END, who.number)
        if self._capable(contact):
            contact.bot = BotOutcome.RESOLVED
        else:
            self._fails(contact)
            self._fails(contact)
            contact.bot = self._close(contact) or BotOutcome.HANDED_OFF

    def _converse(self, contact: Contact) -> Process:
        """A session turn by turn, until the need is resolved, the customer gives up, or the bot ends it."""
        who, laws = contact.customer, self.laws
        capable, good = self._capable(contact), 0
        fails = laws.bot.fails_if_capable if capable else laws.bot.fails_if_not
        for turn in range(MOST_TURNS):
            name = turn_name(contact.attempt, turn)
            spent_us = to_us(self.luck.time(who, Purpose.TURN_TIME, name, laws.bot.turn, contact.place))
            contact.bot_us += spent_us
            yield self.clock.at(self.clock.now + spent_us, Event.BOT_END, who.number)
            if self.luck.chance(who, Purpose.TURN_FAILS, name, fails):
                self._fails(contact)
                ended = self._after_failed_turn(contact, name)
            else:
                good += 1
                ended = BotOutcome.RESOLVED if capable and good == laws.bot.good_turns else None
            if ended is not None:
                contact.bot = ended
                return
        contact.bot = BotOutcome.LEFT

    def _after_failed_turn(self, contact: Contact, name: int) -> BotOutcome | None:
        """How a failed turn ends the session, if it does: the customer gives up, or the bot offers what it has."""
        who, laws, failed = contact.customer, self.laws, contact.failed_turns
        hazard = self._give_up[min(failed, len(self._give_up)) - 1]
        if self.luck.chance(who, Purpose.GIVES_UP, name, hazard):
            if self.luck.chance(who, Purpose.LEAVES_BOT, name, laws.bot.leaves):
                return BotOutcome.LEFT
            if not laws.bot.loops:
                return BotOutcome.HANDED_OFF
        if failed != laws.bot.offer_after:
            return None
        return self._close(contact) or (None if laws.bot.loops else BotOutcome.HANDED_OFF)

    def _fails(self, contact: Contact) -> None:
        """A failed turn."""
        contact.failed_turns += 1
        contact.customer.frustration = raised(contact.customer.frustration, self.laws.frustration.failed_turn)

    def _close(self, contact: Contact) -> BotOutcome | None:
        """Whether the bot closes an unresolved session as done."""
        false = contact.intent.false_containment
        closes = self.luck.chance(contact.customer, Purpose.FALSE_CONTAINMENT, contact.attempt, false)
        return BotOutcome.FALSELY_CONTAINED if closes else None

    def _after(self, contact: Contact) -> bool:
        """What a session leaves behind. True if the customer goes on to a human."""
        who, laws = contact.customer, self.laws
        contact.resolved = contact.bot is BotOutcome.RESOLVED
        if contact.resolved:
            return False
        who.bot_failed = True
        who.trust = lowered(who.trust, laws.trust.failed_bot)
        if contact.bot is not BotOutcome.HANDED_OFF:
            return False
        contact.context_lost = not self.luck.chance(who, Purpose.CONTEXT, contact.attempt, laws.bot.context_kept)
        if contact.context_lost:
            who.frustration = raised(who.frustration, laws.frustration.repeats_himself)
        return True

    def _capable(self, contact: Contact) -> bool:
        """Whether the bot can resolve this need: drawn once."""
        who = contact.customer
        if who.capable is None:
            noise = self.luck.score(who, Purpose.CAPABILITY, 0)
            threshold = contact.intent.capable_below
            who.capable = bot_is_capable(self.laws.bot.selectivity, who.difficulty, noise, threshold)
        return who.capable
