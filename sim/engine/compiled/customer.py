"""A customer's attempt from arrival to the way back: bot, queue, return."""

from sim.behaviour.difficulty import bot_is_capable
from sim.behaviour.frustration import patience_factor, raised
from sim.engine.compiled.draws import a_chance, a_score, a_time, a_uniform
from sim.engine.compiled.floor import idle_agent, leave_queue, wait
from sim.engine.compiled.heap import push
from sim.engine.compiled.lists import NOWHERE
from sim.engine.compiled.model import Model
from sim.engine.compiled.service import prepare
from sim.engine.compiled.state import State
from sim.engine.order import Event
from sim.engine.records import BotOutcome, Cause, NeedStatus, Outcome
from sim.jit import rare, woven
from sim.world.arrivals import place
from sim.world.horizon import DAY_US
from sim.world.luck import Purpose
from sim.world.scores import LONGEST_US, to_us

_ARRIVAL, _BOT_END, _PATIENCE_END = int(Event.ARRIVAL), int(Event.BOT_END), int(Event.PATIENCE_END)
_OPTED_OUT, _BY_BOT = int(BotOutcome.OPTED_OUT), int(BotOutcome.RESOLVED)
_FALSELY, _HANDED_OFF = int(BotOutcome.FALSELY_CONTAINED), int(BotOutcome.HANDED_OFF)
_ANSWERED, _ABANDONED = int(Outcome.ANSWERED), int(Outcome.ABANDONED)
_BALKED, _DISCONNECTED = int(Outcome.BALKED), int(Outcome.DISCONNECTED)
_REPEAT, _REDIAL, _FALSE_CAUSE = int(Cause.REPEAT), int(Cause.REDIAL), int(Cause.FALSELY_CONTAINED)
_PENDING, _RESOLVED, _LOST = int(NeedStatus.PENDING), int(NeedStatus.RESOLVED), int(NeedStatus.LOST)
_P_DIFFICULTY, _P_CAPABILITY, _P_OPT_OUT = int(Purpose.DIFFICULTY), int(Purpose.CAPABILITY), int(Purpose.OPT_OUT)
_P_FALSE, _P_BOT_TIME = int(Purpose.FALSE_CONTAINMENT), int(Purpose.BOT_TIME)
_P_CONTEXT, _P_BALK, _P_PATIENCE = int(Purpose.CONTEXT), int(Purpose.BALK), int(Purpose.PATIENCE)
_P_REDIAL, _P_NEXT_DAY = int(Purpose.REDIAL), int(Purpose.REDIAL_NEXT_DAY)
_P_REDIAL_DELAY, _P_REPEAT = int(Purpose.REDIAL_DELAY), int(Purpose.REPEAT)
_P_REPEAT_DELAY, _P_RETURN_TIME = int(Purpose.REPEAT_DELAY), int(Purpose.RETURN_TIME)
_DAY_US, _LONGEST_US, _NOWHERE = DAY_US, LONGEST_US, NOWHERE


# Arrival ----------------------------------------------------------------------


@woven
def be_born(m: Model, s: State, n: int) -> None:
    """A need arises: its customer, and its row."""
    p, c, v, laws = s.people[n], s.calls, s.v[0], m.laws[0]
    v.born += 1
    p.intent, p.number = c.intent[n], c.number[n]
    p.date, p.name = m.volumes.ordinal[c.day[n]], m.volumes.name[p.intent]
    p.frustration, p.difficulty = laws.start, 0.0
    p.attempts, p.cause, p.capable, p.bot_failed, p.waits = 0, 0, -1, False, False
    p.before = _NOWHERE
    if m.latent[p.intent]:
        p.difficulty = a_score(s, n, _P_DIFFICULTY, 0)
    need = s.needs[n]
    need.intent, need.day, need.measured = p.intent, c.day[n], m.measured[c.day[n]]
    need.status, need.attempts, need.born_us, need.resolved_us = _PENDING, 0, c.time[n], -1


@woven
def begin(m: Model, s: State, n: int) -> None:
    """Begin an attempt: its number, its row, and what a return does to the mood."""
    p, v = s.people[n], s.v[0]
    p.attempts += 1
    p.row = n
    if p.attempts > 1:
        p.frustration = raised(p.frustration, m.laws[0].returns)
        p.row = v.needs + v.extra
        v.extra += 1
    if p.row >= s.contacts.size:
        v.full, p.row = 1, n
    row = s.contacts[p.row]
    row.need, row.attempt, row.intent, row.cause = n, p.attempts, p.intent, p.cause
    row.day, row.arrival_us = v.now // _DAY_US, v.now
    row.bot, row.bot_us, row.context_lost = 0, 0, False
    row.outcome, row.delayed, row.mistreated, row.resolved = 0, False, False, False
    row.joined_us, row.left_us, row.agent, row.group = -1, -1, -1, -1
    row.base_us, row.natural_talk_us, row.talk_us, row.wrap_us = 0, 0, 0, 0
    row.frustration, row.fatigue = 0.0, 0.0


@woven
def arrive(m: Model, s: State, n: int) -> bool:
    """A first or a returning customer arrives. True if this one wants a human now."""
    if n == s.v[0].born:
        be_born(m, s, n)
    begin(m, s, n)
    p, laws = s.people[n], m.laws[0]
    if not m.intents[p.intent].has_bot:
        return True
    contact = s.contacts[p.row]
    if a_chance(s, n, _P_OPT_OUT, laws.opt_out_after_failure if p.bot_failed else laws.opt_out):
        contact.bot = _OPTED_OUT
        return True
    contact.bot_us = to_us(a_time(m, s, n, _P_BOT_TIME, laws.session))
    s.v[0].in_bot += 1
    push(s, s.v[0].now + contact.bot_us, _BOT_END, n)
    return False


# The bot ----------------------------------------------------------------------


@woven
def bot_end(m: Model, s: State, n: int) -> bool:
    """A session ends. True if the customer now wants a human."""
    p, laws = s.people[n], m.laws[0]
    contact = s.contacts[p.row]
    s.v[0].in_bot -= 1
    if _is_capable(m, s, n):
        contact.bot, contact.resolved = _BY_BOT, True
        return False
    p.bot_failed = True
    p.frustration = raised(raised(p.frustration, laws.failed_turn), laws.failed_turn)
    if a_chance(s, n, _P_FALSE, m.intents[p.intent].false_containment):
        contact.bot = _FALSELY
        return False
    contact.bot = _HANDED_OFF
    contact.context_lost = not a_chance(s, n, _P_CONTEXT, laws.context_kept)
    if contact.context_lost:
        p.frustration = raised(p.frustration, laws.repeats_himself)
    return True


@woven
def _is_capable(m: Model, s: State, n: int) -> bool:
    """Whether the bot can resolve this need: drawn once."""
    p = s.people[n]
    if p.capable < 0:
        noise = a_score(s, n, _P_CAPABILITY, 0)
        p.capable = bot_is_capable(m.laws[0].selectivity, p.difficulty, noise, m.intents[p.intent].capable_below)
    return bool(p.capable)


# The queue --------------------------------------------------------------------

WAITS, LEFT = -1, -2
_WAITS, _LEFT = WAITS, LEFT


@woven
def join(m: Model, s: State, n: int, refused: bool) -> int:
    """A customer joins the human queue: the agent who takes the contact, WAITS or LEFT."""
    p, now = s.people[n], s.v[0].now
    intent = m.intents[p.intent]
    s.contacts[p.row].joined_us = now
    p.rank_us = now - intent.head_start_us
    prepare(m, s, n)
    if refused:
        leave_queue(m, s, n, _DISCONNECTED)
        return _LEFT
    a = idle_agent(m, s, intent.skill)
    if a >= 0:
        return a
    if a_chance(s, n, _P_BALK, m.laws[0].balk):
        leave_queue(m, s, n, _BALKED)
        return _LEFT
    _wait(m, s, n)
    return _WAITS


@woven
def _wait(m: Model, s: State, n: int) -> None:
    p, laws, now = s.people[n], m.laws[0], s.v[0].now
    wait(s, n)
    patience = a_time(m, s, n, _P_PATIENCE, m.intents[p.intent].patience)
    limit = to_us(patience * patience_factor(p.frustration - laws.start, laws.patience_effect))
    p.gives_up_us = now + limit
    if limit < _LONGEST_US:
        push(s, now + limit, _PATIENCE_END, n)


@woven
def give_up(m: Model, s: State, n: int) -> bool:
    """Patience ends. False if the customer no longer waits, or waits again and longer."""
    p = s.people[n]
    if p.waits and p.gives_up_us == s.v[0].now:
        leave_queue(m, s, n, _ABANDONED)
        return True
    return False


# Coming back ------------------------------------------------------------------


@woven
def conclude(m: Model, s: State, n: int) -> None:
    """An attempt has ended for the customer: resolved, lost, or on the way back."""
    p, need = s.people[n], s.needs[n]
    contact = s.contacts[p.row]
    contact.frustration_end = p.frustration
    need.attempts = p.attempts
    ends_us = contact.left_us + contact.talk_us if contact.left_us >= 0 else contact.arrival_us + contact.bot_us
    if contact.resolved:
        need.status, need.resolved_us = _RESOLVED, ends_us
    else:
        need.status = _PENDING if _comes_back(m, s, n, ends_us) else _LOST


@woven
def _comes_back(m: Model, s: State, n: int, ends_us: int) -> bool:
    """Whether an unresolved customer tries again, be it beyond the horizon."""
    p, laws = s.people[n], m.laws[0]
    contact = s.contacts[p.row]
    if contact.outcome == _ANSWERED:
        p.cause, chance, dist = _REPEAT, laws.repeat, laws.repeat_delay
    elif contact.bot == _FALSELY:
        p.cause, chance, dist = _FALSE_CAUSE, laws.false_return, laws.false_delay
    else:
        p.cause, chance, dist = _REDIAL, laws.redial, laws.redial_delay
    if p.attempts >= laws.max_attempts or not a_chance(s, n, _P_REDIAL if p.cause == _REDIAL else _P_REPEAT, chance):
        return False
    back_us = _return_time(m, s, n, dist, ends_us)
    if back_us >= 0:
        push(s, back_us, _ARRIVAL, n)
    return True


@woven
def _return_time(m: Model, s: State, n: int, dist: int, ends_us: int) -> int:
    """When a return comes: after its delay, or on a later day; -1 beyond the last simulated day."""
    redials = s.people[n].cause == _REDIAL
    if redials and a_chance(s, n, _P_NEXT_DAY, m.laws[0].redial_next_day):
        day = ends_us // _DAY_US + 1
        while day < m.open_us.size and m.open_us[day] < 0:
            day += 1
        return _on_day(m, s, n, day)
    back_us = ends_us + to_us(a_time(m, s, n, _P_REDIAL_DELAY if redials else _P_REPEAT_DELAY, dist))
    day = back_us // _DAY_US
    if day < m.open_us.size and m.open_us[day] <= back_us < m.close_us[day]:
        return back_us
    while day < m.open_us.size and m.open_us[day] <= back_us:
        day += 1
    return _on_day(m, s, n, day)


@rare
def _on_day(m: Model, s: State, n: int, day: int) -> int:
    """The time of day that a return's own draw picks from that day's profile of its intent."""
    if day >= m.open_us.size:
        return -1
    size = m.volumes.intervals[day] + 1
    cumulative = m.return_profile[s.people[n].intent, day, :size]
    return place(a_uniform(s, n, _P_RETURN_TIME) * cumulative[-1], cumulative, m.volumes.edges[day, :size])
