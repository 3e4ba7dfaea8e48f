"""The bot in front of the queue: who meets it, and what becomes of a session.

All that happens in a session depends on its customer alone, so it is played at its start and ends when it ends.
"""

from typing import Any

from sim.engine.compiled.draws import a_chance, a_score, a_time, named_chance, named_time, profile_factor
from sim.engine.compiled.heap import push
from sim.engine.compiled.memory import real, row, whole
from sim.engine.compiled.returns import conclude
from sim.engine.order import Event
from sim.engine.parameter_table import INTENT
from sim.engine.records import BotOutcome, Cause
from sim.jit import constant, part, small_part
from sim.mechanisms.bot import MOST_TURNS, turn_name
from sim.mechanisms.difficulty import bot_is_capable
from sim.mechanisms.frustration import raised
from sim.mechanisms.trust import lowered, opt_out_share
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_BOT_END, _REPEAT, _TRANSFER = constant(Event.BOT_END), constant(Cause.REPEAT), constant(Cause.TRANSFER)
_OPTED_OUT, _BY_BOT = constant(BotOutcome.OPTED_OUT), constant(BotOutcome.RESOLVED)
_FALSELY, _HANDED_OFF, _LEFT = (
    constant(BotOutcome.FALSELY_CONTAINED),
    constant(BotOutcome.HANDED_OFF),
    constant(BotOutcome.LEFT),
)
_EXPOSED, _STRAIGHT, _OPT_OUT = constant(Purpose.EXPOSED), constant(Purpose.STRAIGHT), constant(Purpose.OPT_OUT)
_CAPABILITY, _BOT_TIME, _FALSE = (
    constant(Purpose.CAPABILITY),
    constant(Purpose.BOT_TIME),
    constant(Purpose.FALSE_CONTAINMENT),
)
_TURN_TIME, _TURN_FAILS = constant(Purpose.TURN_TIME), constant(Purpose.TURN_FAILS)
_GIVES_UP, _LEAVES, _CONTEXT = constant(Purpose.GIVES_UP), constant(Purpose.LEAVES_BOT), constant(Purpose.CONTEXT)
_ONCE, _UNDECIDED = constant(0), constant(0)
_MOST_TURNS = MOST_TURNS


@part
def starts_session(m: Any, s: Any, n: int, p: Any, contact: Any) -> bool:
    """Whether a session begins; its end is then planned."""
    if not row(m.intents, p.intent, INTENT).has_bot or p.cause == _TRANSFER:
        return False
    day = contact.day
    contact.out_of_hours = s.now < whole(m.open_us, day) or s.now >= whole(m.close_us, day)
    if contact.out_of_hours:
        _comes_at_night(m, s, n, p, contact)
        return True
    if not whole(m.bot_opens, day) <= s.now < whole(m.bot_closes, day):
        return False
    if not named_chance(m, s, p, _EXPOSED, _ONCE, m.bot.exposure):
        return False
    if p.cause == _REPEAT and a_chance(m, s, p, _STRAIGHT, m.customers.straight):
        return False
    share = m.bot.opt_out_after_failure if p.bot_failed else m.bot.opt_out
    if a_chance(m, s, p, _OPT_OUT, opt_out_share(share, m.trust.start - p.trust, m.trust.slope)):
        contact.bot = _OPTED_OUT
        return False
    _begin(m, s, n, p, contact)
    return True


@part
def _comes_at_night(m: Any, s: Any, n: int, p: Any, contact: Any) -> None:
    """Nobody but the bot is there: whoever wants a human leaves at once."""
    if a_chance(m, s, p, _OPT_OUT, m.bot.opt_out):
        contact.bot = _LEFT
        conclude(m, s, n)
    else:
        _begin(m, s, n, p, contact)


@part
def _begin(m: Any, s: Any, n: int, p: Any, contact: Any) -> None:
    """A session begins, and is played."""
    if m.bot.converses:
        _converse(m, s, p, contact)
    else:
        contact.bot_us = to_us(a_time(m, s, p, _BOT_TIME, m.bot.session))
    s.coming += not contact.out_of_hours
    push(s, s.now + contact.bot_us, _BOT_END, n)


@part
def hands_off(m: Any, s: Any, p: Any, contact: Any) -> bool:
    """What a session leaves behind; whether the customer goes on to a human."""
    if not m.bot.converses:
        _end(m, s, p, contact)
    if contact.out_of_hours and contact.bot == _HANDED_OFF:
        contact.bot = _LEFT
    contact.resolved = contact.bot == _BY_BOT
    if contact.resolved:
        return False
    p.bot_failed, p.trust = True, lowered(p.trust, m.trust.failed_bot)
    if contact.bot != _HANDED_OFF:
        return False
    contact.context_lost = not a_chance(m, s, p, _CONTEXT, m.bot.context_kept)
    if contact.context_lost:
        p.frustration = raised(p.frustration, m.frustration.repeats_himself)
    return True


@part
def _end(m: Any, s: Any, p: Any, contact: Any) -> None:
    """A session as a whole: one that fails counts as two failed turns."""
    if _is_capable(m, s, p):
        contact.bot = _BY_BOT
        return
    p.frustration = raised(raised(p.frustration, m.frustration.failed_turn), m.frustration.failed_turn)
    contact.failed_turns = 2
    closes = a_chance(m, s, p, _FALSE, row(m.intents, p.intent, INTENT).false_containment)
    contact.bot = _FALSELY if closes else _HANDED_OFF


@small_part
def _is_capable(m: Any, s: Any, p: Any) -> bool:
    """Whether the bot can resolve this need: drawn once."""
    if p.capable < 0:
        noise = a_score(m, s, p, _CAPABILITY, _ONCE)
        below = row(m.intents, p.intent, INTENT).capable_below
        p.capable = bot_is_capable(m.bot.selectivity, p.difficulty, noise, below)
    return bool(p.capable)


@part
def _converse(m: Any, s: Any, p: Any, contact: Any) -> None:
    """A session turn by turn, until the need is resolved, the customer gives up, or the bot ends it."""
    capable, turn, good, bot = _is_capable(m, s, p), 0, 0, _UNDECIDED
    fails = m.bot.fails_if_capable if capable else m.bot.fails_if_not
    factor = profile_factor(m, s, p, m.bot.turn)
    while bot == _UNDECIDED and turn < _MOST_TURNS:
        name = turn_name(p.attempts, turn)
        contact.bot_us += to_us(named_time(m, s, p, _TURN_TIME, name, m.bot.turn) * factor)
        if named_chance(m, s, p, _TURN_FAILS, name, fails):
            bot = _failed_turn(m, s, p, contact, name)
        else:
            good += 1
            if capable and good == m.bot.good_turns:
                bot = _BY_BOT
        turn += 1
    contact.bot = _LEFT if bot == _UNDECIDED else bot


@part
def _failed_turn(m: Any, s: Any, p: Any, contact: Any, name: int) -> int:
    """How a failed turn ends the session, if it does: the customer gives up, or the bot offers what it has."""
    contact.failed_turns += 1
    p.frustration = raised(p.frustration, m.frustration.failed_turn)
    hazard = real(m.give_up, min(contact.failed_turns, m.n_give_up) - 1)
    if named_chance(m, s, p, _GIVES_UP, name, hazard):
        if named_chance(m, s, p, _LEAVES, name, m.bot.leaves):
            return _LEFT
        if not m.bot.loops:
            return _HANDED_OFF
    if contact.failed_turns != m.bot.offer_after:
        return _UNDECIDED
    if a_chance(m, s, p, _FALSE, row(m.intents, p.intent, INTENT).false_containment):
        return _FALSELY
    return _UNDECIDED if m.bot.loops else _HANDED_OFF
