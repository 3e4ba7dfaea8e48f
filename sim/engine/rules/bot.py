"""The bot in front of the queue: who meets it, and what becomes of a session.

All that happens in a session depends on its customer alone, so it is played at its start. A session as a whole leaves
what it leaves at its end.
"""

from sim.demand.horizon import DAY_US
from sim.engine.memory import real, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import CHANNEL, CONTACT, BotOutcome, Cause
from sim.engine.rows import PERSON, Contact, ModelRow, Person, StateRow
from sim.engine.rules.backlog import is_deferred, was_there
from sim.engine.rules.draws import a_chance, a_score, a_time, named_chance, named_time, profile_factor
from sim.engine.rules.people import be_born, be_failed, begin_attempt, opt_out_chance
from sim.jit import constant, part, small_part
from sim.mechanisms.bot import MOST_TURNS, turn_name
from sim.mechanisms.difficulty import bot_is_capable
from sim.mechanisms.frustration import raised
from sim.rng.purposes import Purpose
from sim.rng.scores import to_us

_REPEAT, _TRANSFER = constant(Cause.REPEAT), constant(Cause.TRANSFER)
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
_DAY_US = DAY_US
_MOST_TURNS = MOST_TURNS


NO_SESSION, TURNED_AWAY, NO_ROOM = -1, -2, -3
"""In place of the end of a session: there is none, and the customer goes to the queue; the customer has left, since
nobody but the bot is there; no row is left for the attempt."""
_NO_SESSION, _TURNED_AWAY, _NO_ROOM = constant(NO_SESSION), constant(TURNED_AWAY), constant(NO_ROOM)


@part
def arrive(model: ModelRow, state: StateRow, need: int) -> int:
    """A first or a returning customer arrives; the end (us) of the bot session, or what stands in its place."""
    if need == state.born:
        be_born(model, state, need)
    person = row(state.people, need, PERSON)
    begin_attempt(model, state, need, person)
    if state.full:
        return int(_NO_ROOM)
    return _begin_session(model, state, person, row(state.contacts, person.row, CONTACT))


@part
def _begin_session(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> int:
    """The end (us) of the session that begins, or `NO_SESSION`, or `TURNED_AWAY`."""
    if not row(model.intents, person.intent, INTENT).has_bot or person.cause == _TRANSFER:
        return int(_NO_SESSION)
    if was_there(person):
        return int(_NO_SESSION)
    day = contact.day
    contact.out_of_hours = state.now < whole(model.open_us, day) or state.now >= whole(model.close_us, day)
    if contact.out_of_hours:
        if _has_no_room(model, state, person) or a_chance(model, state, person, _OPT_OUT, model.bot.opt_out):
            contact.bot = _LEFT
            return int(_TURNED_AWAY)
        return _play(model, state, person, contact)
    if not whole(model.bot_opens, day) <= state.now < whole(model.bot_closes, day):
        return int(_NO_SESSION)
    if not named_chance(model, state, person, _EXPOSED, _ONCE, model.bot.exposure):
        return int(_NO_SESSION)
    if person.cause == _REPEAT and a_chance(model, state, person, _STRAIGHT, model.customers.straight):
        return int(_NO_SESSION)
    if _has_no_room(model, state, person):
        return int(_NO_SESSION)
    if a_chance(model, state, person, _OPT_OUT, opt_out_chance(model, person)):
        contact.bot = _OPTED_OUT
        return int(_NO_SESSION)
    return _play(model, state, person, contact)


@small_part
def _has_no_room(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether the bot is down, or has as many sessions as it can."""
    full = state.sessions >= model.bot.max_sessions
    if model.bot.down_days > 0:
        for day in range(max(state.now // _DAY_US - model.bot.down_days, 0), state.now // _DAY_US + 1):
            full = full or whole(state.outages, 2 * day) <= state.now < whole(state.outages, 2 * day + 1)
    if full:
        row(state.channels, person.row, CHANNEL).spilled = True
    return bool(full)


@part
def _play(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> int:
    """A session is played; its end (us)."""
    if model.bot.converses:
        _converse(model, state, person, contact)
    else:
        contact.bot_us = to_us(a_time(model, state, person, _BOT_TIME, model.bot.session))
    state.inbound += not contact.out_of_hours and not is_deferred(model, person.intent)
    state.sessions += 1
    return int(state.now + contact.bot_us)


@part
def end_session(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> bool:
    """What a session leaves behind; whether the customer goes on to a human."""
    state.inbound -= not contact.out_of_hours and not is_deferred(model, person.intent)
    state.sessions -= 1
    if not model.bot.converses:
        _end(model, state, person, contact)
    if contact.out_of_hours and contact.bot == _HANDED_OFF:
        contact.bot = _LEFT
    contact.resolved = contact.bot == _BY_BOT
    if contact.resolved:
        return False
    be_failed(model, person)
    if contact.bot != _HANDED_OFF:
        return False
    contact.context_lost = not a_chance(model, state, person, _CONTEXT, model.bot.context_kept)
    if contact.context_lost:
        person.frustration = raised(person.frustration, model.frustration.repeats_himself)
    return True


@part
def _end(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> None:
    """A session as a whole: one that fails counts as two failed turns."""
    if _is_capable(model, state, person, contact.day):
        contact.bot = _BY_BOT
        return
    person.frustration = raised(
        raised(person.frustration, model.frustration.failed_turn), model.frustration.failed_turn
    )
    contact.failed_turns = 2
    closes = a_chance(model, state, person, _FALSE, row(model.intents, person.intent, INTENT).false_containment)
    contact.bot = _FALSELY if closes else _HANDED_OFF


@small_part
def _is_capable(model: ModelRow, state: StateRow, person: Person, day: int) -> bool:
    """Whether the bot can resolve this need: drawn once, for the day of the first session."""
    if person.capable < 0:
        noise = a_score(model, state, person, _CAPABILITY, _ONCE)
        below = row(model.intents, person.intent, INTENT).capable_below
        if model.bot.drifts:
            below = real(state.capable_below, person.intent * model.n_days + day)
        person.capable = bot_is_capable(model.bot.selectivity, person.difficulty, noise, below)
    return bool(person.capable)


@part
def _converse(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> None:
    """A session turn by turn, until the need is resolved, the customer gives up, or the bot ends it."""
    capable, turn, good, bot = _is_capable(model, state, person, contact.day), 0, 0, _UNDECIDED
    fails = model.bot.fails_if_capable if capable else model.bot.fails_if_not
    factor = profile_factor(model, state, person, model.bot.turn)
    while bot == _UNDECIDED and turn < _MOST_TURNS:
        name = turn_name(person.attempts, turn)
        contact.bot_us += to_us(named_time(model, state, person, _TURN_TIME, name, model.bot.turn) * factor)
        if named_chance(model, state, person, _TURN_FAILS, name, fails):
            bot = _failed_turn(model, state, person, contact, name)
        else:
            good += 1
            if capable and good == model.bot.good_turns:
                bot = _BY_BOT
        turn += 1
    contact.bot = _LEFT if bot == _UNDECIDED else bot


@part
def _failed_turn(model: ModelRow, state: StateRow, person: Person, contact: Contact, name: int) -> int:
    """How a failed turn ends the session, if it does: the customer gives up, or the bot offers what it has."""
    contact.failed_turns += 1
    person.frustration = raised(person.frustration, model.frustration.failed_turn)
    hazard = real(model.give_up, min(contact.failed_turns, model.n_give_up) - 1)
    if named_chance(model, state, person, _GIVES_UP, name, hazard):
        if named_chance(model, state, person, _LEAVES, name, model.bot.leaves):
            return _LEFT
        if not model.bot.loops:
            return _HANDED_OFF
    if contact.failed_turns != model.bot.offer_after:
        return _UNDECIDED
    if a_chance(model, state, person, _FALSE, row(model.intents, person.intent, INTENT).false_containment):
        return _FALSELY
    return _UNDECIDED if model.bot.loops else _HANDED_OFF
