"""Customers and agents: how a need arises, how an attempt begins, what each leaves in them, and how agents tire."""

from sim.demand.first_contacts import BACKLOG_NUMBERS
from sim.demand.horizon import DAY_US
from sim.engine.concurrency import CAP
from sim.engine.memory import address, fetch, prefetch, put_real, put_whole, real, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import (
    AGENT_TRAITS,
    CHANNEL,
    CONTACT,
    DUTY,
    FACTORS,
    LEVEL,
    MOST_OWN,
    NEED,
    NEVER,
    SEGMENT,
    AgentState,
    Cause,
    NeedStatus,
    Outcome,
)
from sim.engine.rows import (
    AGENT,
    HAND,
    NOT_CALLED,
    PERSON,
    SEAT,
    Agent,
    Channel,
    Contact,
    ModelRow,
    Person,
    StateRow,
)
from sim.engine.rules.backlog import is_deferred, late_hours
from sim.engine.rules.draws import a_chance, a_score, a_time
from sim.engine.rules.moments import FIRST_FACTOR
from sim.engine.rules.own import call_own
from sim.jit import constant, part, small_part
from sim.mechanisms.fatigue import after_handling, after_recovery
from sim.mechanisms.frustration import after_being_late, after_waiting, raised, shortened_patience
from sim.mechanisms.trust import lifted, lowered, opt_out_share
from sim.rng.purposes import Purpose
from sim.rng.scores import LONGEST_US, to_us

_TRANSFER, _ANSWERED = constant(Cause.TRANSFER), constant(Outcome.ANSWERED)
_PENDING, _DIFFICULTY = constant(NeedStatus.PENDING), constant(Purpose.DIFFICULTY)
_BALK, _PATIENCE = constant(Purpose.BALK), constant(Purpose.PATIENCE)
_AVAILABLE, _HANDLING, _BREAK = (
    constant(AgentState.AVAILABLE),
    constant(AgentState.HANDLING),
    constant(AgentState.BREAK),
)
_ONCE, _NOBODY, _FACTORS = constant(0), constant(0), constant(len(FACTORS))
_MOST_OWN = constant(MOST_OWN)
_DAY_US, _LONGEST_US, _HOUR_US = DAY_US, LONGEST_US, 3.6e9
_NOT_CALLED, _BACKLOG_NUMBERS, _NEVER = constant(NOT_CALLED), BACKLOG_NUMBERS, NEVER
_AHEAD, _A_LINE, _REAL = 4, 8, 8
_PERSON, _CONTACT = PERSON.itemsize, CONTACT.itemsize
NOWHERE = -2
"""In no list: what stands where the neighbour before would."""
_NOWHERE = NOWHERE


@part
def reset(model: ModelRow, state: StateRow, k0: int, k1: int, needs: int, planned: int) -> None:
    """The hour before the first event: everybody off duty, nobody waiting."""
    state.k0, state.k1, state.n_needs, state.n_plan = k0, k1, needs, planned
    state.now, state.born, state.planned, state.extra, state.n_segments, state.n_duties = 0, 0, 0, 0, 0, 0
    state.waiting, state.lined, state.inbound, state.sessions, state.n_ghosts, state.full = 0, 0, 0, 0, 0, 0
    state.closed, state.closed_at, state.draining = True, -1, False
    for k in range(model.n_means):
        put_real(state.running, k, real(model.pace_start, k))
    for agent_number in range(model.n_agents):
        _send_off(state, agent_number, whole(model.group_of, agent_number))
    for skill in range(model.n_skills):
        put_whole(state.in_line, skill, 0)
        put_real(state.skill_means, skill, real(model.skill_start, skill))
    if model.channels:
        for agent_number in range(model.n_agents):
            _empty_seat(model, state, agent_number)
        for place in range(model.n_agents, model.n_agents + model.n_more_hands):
            _empty_hand(state, place)


@small_part
def _send_off(state: StateRow, agent_number: int, group: int) -> None:
    """An agent before the first event: rested, and off duty."""
    agent = row(state.agents, agent_number, AGENT)
    agent.group, agent.state, agent.since_us, agent.fatigue, agent.rate = group, 0, -1, 0.0, 0.0
    agent.called_us, agent.spell_us, agent.duty_end_us, agent.break_until_us = -1, -1, -1, -1
    agent.leaving, agent.kept, agent.tired, agent.breaks, agent.before = False, False, False, 0, _NOWHERE
    _empty_hand(state, agent_number)


@part
def _empty_hand(state: StateRow, place: int) -> None:
    hand = row(state.hands, place, HAND)
    hand.row, hand.ends_us, hand.need, hand.phase, hand.moved, hand.after = -1, -1, -1, 0, False, -1


@part
def _empty_seat(model: ModelRow, state: StateRow, agent_number: int) -> None:
    """An agent with nothing in hand, and room for so many chats as its time in the job allows."""
    group, tenure_s = whole(model.group_of, agent_number), row(state.traits, agent_number, AGENT_TRAITS).tenure_s
    seat = row(state.seats, agent_number, SEAT)
    seat.assigned_us, seat.shared_us, seat.named_us, seat.named, seat.pause_us = -1, 0, -1, 0, 0
    seat.attention, seat.cap, seat.held, seat.level, seat.whole = 0.0, 1, 0, 0, False
    for k in range(model.n_caps):
        cap = row(model.caps, group * model.n_caps + k, CAP)
        if cap.tenure_s <= tenure_s:
            seat.cap = cap.most


# Customers --------------------------------------------------------------------


@small_part
def fetch_customer(state: StateRow, need: int) -> None:
    """Have the rows of a customer at hand who comes soon."""
    fetch(address(row(state.people, need, PERSON)), _PERSON)
    prefetch(address(row(state.needs, need, NEED)))


@part
def _fetch_draws(model: ModelRow, state: StateRow, need: int) -> None:
    """Have at hand what was drawn beforehand for a few customers."""
    for k in range(model.n_draws):
        prefetch(state.predrawn + _REAL * (k * state.people_capacity + need))


@small_part
def be_born(model: ModelRow, state: StateRow, need: int) -> None:
    """A need arises: its customer, and its row."""
    person, intent, day = row(state.people, need, PERSON), whole(state.intent, need), whole(state.day, need)
    state.born += 1
    fetch_customer(state, need + _AHEAD)
    fetch(address(row(state.contacts, need + _AHEAD, CONTACT)), _CONTACT)
    if need % _A_LINE == 0:
        _fetch_draws(model, state, need + 2 * _A_LINE)
    person.first, person.intent, person.number = need, intent, whole(state.number, need)
    person.date, person.name = whole(model.ordinal, day), whole(model.name, intent)
    person.frustration, person.difficulty = min(model.frustration.start + model.expectations.start, 1.0), 0.0
    person.attempts, person.cause, person.capable, person.bot_failed, person.waits = 0, 0, -1, False, False
    person.trust, person.transfers = model.trust.start, 0
    person.before, person.event, person.calls, person.called = _NOWHERE, -1, _NOT_CALLED, False
    if whole(model.latent, intent):
        person.difficulty = a_score(model, state, person, _DIFFICULTY, _ONCE)
    record = row(state.needs, need, NEED)
    record.intent, record.day, record.measured = intent, day, whole(model.measured, day)
    if model.deferred and person.number >= _BACKLOG_NUMBERS:
        record.measured = False
    record.status, record.attempts, record.born_us, record.resolved_us = _PENDING, 0, state.now, -1


@small_part
def begin_attempt(model: ModelRow, state: StateRow, need: int, person: Person) -> None:
    """Begin an attempt: its number, its row, and what a return does to the mood."""
    person.attempts += 1
    person.row, person.calls = need, _NOT_CALLED
    row(state.needs, need, NEED).attempts = person.attempts
    if person.cause != _TRANSFER:
        person.placed_us = state.now
    if person.attempts > 1:
        step = model.frustration.transferred if person.cause == _TRANSFER else model.frustration.returns
        person.frustration = raised(person.frustration, step)
        state.inbound -= person.cause == _TRANSFER and not is_deferred(model, person.intent)
        person.transfers += person.cause == _TRANSFER
        person.row = state.n_needs + state.extra
        state.extra += 1
    if person.row >= state.contacts_capacity:
        state.full, person.row = 1, need
    _write_blank(state, need, person, row(state.contacts, person.row, CONTACT))
    if model.n_own:
        for column in range(_MOST_OWN):
            put_whole(state.own_us, person.row * _MOST_OWN + column, 0)
    if model.beside:
        _write_blank_channel(row(state.channels, person.row, CHANNEL))


@small_part
def _write_blank(state: StateRow, need: int, person: Person, contact: Contact) -> None:
    """The row of an attempt in which nothing has happened yet."""
    contact.need, contact.attempt, contact.intent, contact.cause = need, person.attempts, person.intent, person.cause
    contact.day, contact.arrival_us = state.now // _DAY_US, state.now
    contact.bot, contact.bot_us, contact.context_lost = 0, 0, False
    contact.outcome, contact.delayed, contact.mistreated, contact.resolved = 0, False, False, False
    contact.joined_us, contact.left_us, contact.agent, contact.group = -1, -1, -1, -1
    contact.stated_us, contact.base_us, contact.natural_talk_us, contact.talk_us = 0, 0, 0, 0
    for code in range(_FACTORS):
        put_whole(address(contact) + FIRST_FACTOR, code, 0)
    contact.wrap_us, contact.summary_us, contact.cleanup_us = 0, 0, 0
    contact.transferred, contact.out_of_hours, contact.failed_turns = False, False, 0
    contact.supervisor, contact.supervisor_us, contact.consultation_us = -1, 0, 0
    contact.frustration, contact.fatigue, contact.frustration_end, contact.trust_end = 0.0, 0.0, 0.0, 0.0


@small_part
def _write_blank_channel(channel: Channel) -> None:
    channel.talked_us, channel.closed_us, channel.talk_share_us, channel.wrap_share_us = -1, -1, 0, 0
    channel.age_us, channel.due_us, channel.rest_us, channel.aside, channel.tries = 0, _NEVER, -1, 0, 0
    channel.asks, channel.called_back, channel.spilled, channel.silent = False, False, False, False


@small_part
def balks(model: ModelRow, state: StateRow, person: Person) -> bool:
    """Whether a customer who would have to wait leaves at once."""
    return a_chance(model, state, person, _BALK, model.customers.balk)


@small_part
def begin_waiting(model: ModelRow, state: StateRow, person: Person, contact: Contact) -> bool:
    """A customer joins a line, with so much patience; whether it ends. Deferred work waits for ever."""
    person.waits = contact.delayed = True
    if is_deferred(model, person.intent):
        return False
    dist = row(model.intents, person.intent, INTENT).patience
    patience_s = a_time(model, state, person, _PATIENCE, dist)
    rise = person.frustration - model.frustration.start
    patience_s = shortened_patience(patience_s, rise, model.frustration.patience)
    for k in range(model.n_own_patience):
        patience_s = call_own(model.own_patience, k, person, contact, _NOBODY, patience_s)
    limit_us = to_us(patience_s)
    person.gives_up_us = state.now + limit_us
    return bool(limit_us < _LONGEST_US)


@small_part
def leave_queue(model: ModelRow, state: StateRow, person: Person, contact: Contact, outcome: int) -> None:
    """A customer stops waiting, one way or another; the wait tells on the frustration."""
    contact.outcome, contact.left_us = outcome, state.now
    waited_s = (state.now - contact.joined_us) / 1e6
    steps = model.frustration
    if not model.beside or _waits_there(model, person):
        person.frustration = after_waiting(person.frustration, waited_s, steps.wait_grace_s, steps.per_minute)
    elif is_deferred(model, person.intent):
        hours = late_hours(model, state, person)
        person.frustration = after_being_late(person.frustration, hours, steps.late_hour)
    contact.frustration = person.frustration
    person.waits, person.calls = False, _NOT_CALLED


@small_part
def _waits_there(model: ModelRow, person: Person) -> bool:
    """Whether a customer is there while waiting: not for deferred work, nor for a call-back."""
    return bool(person.calls == _NOT_CALLED and not is_deferred(model, person.intent))


@small_part
def opt_out_chance(model: ModelRow, person: Person) -> float:
    """The chance that a customer who meets the bot asks for a human at once."""
    share = model.bot.opt_out_after_failure if person.bot_failed else model.bot.opt_out
    return opt_out_share(share, model.trust.start - person.trust, model.trust.slope)


@small_part
def be_failed(model: ModelRow, person: Person) -> None:
    """What a session that the bot fails leaves in a customer."""
    person.bot_failed, person.trust = True, lowered(person.trust, model.trust.failed_bot)


@small_part
def feel(model: ModelRow, person: Person, contact: Contact) -> None:
    """What an attempt leaves in a customer."""
    if contact.resolved:
        person.trust = lifted(person.trust, model.trust.good)
    elif contact.outcome == _ANSWERED and not contact.transferred:
        person.trust = lowered(person.trust, model.trust.unresolved)
    contact.frustration_end, contact.trust_end = person.frustration, person.trust


# Agents -----------------------------------------------------------------------


@small_part
def fatigue_now(state: StateRow, agent: Agent) -> float:
    """An agent's fatigue at this moment, from the start of the segment in progress."""
    if agent.rate == 0.0:
        return float(agent.fatigue)
    hours = (state.now - agent.since_us) / _HOUR_US
    if agent.state == _HANDLING:
        return after_handling(agent.fatigue, agent.rate, hours)
    return after_recovery(agent.fatigue, agent.rate, hours)


@small_part
def begin_segment(model: ModelRow, state: StateRow, agent_number: int, agent: Agent, new: int) -> None:
    """Close an agent's segment in progress and begin another; fatigue is brought up to now.

    How fast handling tires is known once the contact is.
    """
    if agent.state != 0 and state.now > agent.since_us:
        _write_segment(model, state, agent_number, agent)
    agent.fatigue = fatigue_now(state, agent)
    agent.state, agent.since_us, agent.rate = new, state.now, 0.0
    if new == _AVAILABLE:
        agent.rate = model.fatigue.recover_available
    elif new == _BREAK:
        agent.rate = model.fatigue.recover_break
    elif new != _HANDLING:
        agent.rate = model.fatigue.recover_off


@small_part
def _write_segment(model: ModelRow, state: StateRow, agent_number: int, agent: Agent) -> None:
    if state.n_segments >= state.segments_capacity:
        state.full = 1
        return
    segment = row(state.segments, state.n_segments, SEGMENT)
    segment.agent, segment.group, segment.state = agent_number, agent.group, agent.state
    segment.start_us, segment.end_us = agent.since_us, state.now
    segment.fatigue, segment.rate = agent.fatigue, agent.rate
    if model.channels:
        seat, level = row(state.seats, agent_number, SEAT), row(state.levels, state.n_segments, LEVEL)
        level.held, level.level, level.cap, level.attention = seat.held, seat.level, seat.cap, seat.attention
    state.n_segments += 1


@part
def write_duty(state: StateRow, agent_number: int, group: int, start_us: int, end_us: int, fatigue: float) -> None:
    """A spell of duty ends now; `end_us` is when it should have."""
    if state.n_duties >= state.duties_capacity:
        state.full = 1
        return
    duty = row(state.duties, state.n_duties, DUTY)
    duty.agent, duty.group, duty.day, duty.start_us = agent_number, group, start_us // _DAY_US, start_us
    duty.end_us, duty.left_us, duty.fatigue_left = end_us, state.now, fatigue
    state.n_duties += 1
