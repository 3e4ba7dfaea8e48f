"""Who takes whom: the agent that a contact takes, and the contact that an agent takes (docs/semantics.md)."""

from sim.engine.memory import call, row, whole
from sim.engine.parameter_table import INTENT
from sim.engine.records import AGENT_TRAITS, CONTACT
from sim.engine.rows import AGENT, CHAT, LINE, PERSON, ModelRow, StateRow
from sim.engine.rules.backlog import is_deferred, may_put_aside
from sim.engine.rules.hands import has_room, seat_of
from sim.jit import constant, part, small_part

_NOBODY, _EMPTY_HANDED, _CHAT = 1 << 62, constant(0), constant(CHAT)


@small_part
def is_chat(model: ModelRow, intent: int) -> bool:
    """Whether a contact of an intent may stand beside others."""
    return bool(model.levels > 1 and row(model.intents, intent, INTENT).channel == _CHAT)


@small_part
def may_take(model: ModelRow, state: StateRow, need: int, group: int, skill: int) -> bool:
    """Whether a contact has waited long enough for a group that helps out later."""
    if not model.overflows:
        return True
    joined_us = row(state.contacts, row(state.people, need, PERSON).row, CONTACT).joined_us
    return bool(state.now - joined_us >= whole(model.overflow_us, group * model.n_skills + skill))


@part
def takes_more(state: StateRow, agent_number: int) -> bool:
    """Whether an agent with contacts in hand takes a chat besides: there is room, and no way out is waited for."""
    seat = seat_of(state, agent_number)
    return bool(not is_on_the_way_out(state, agent_number) and seat.pause_us == 0 and has_room(state, agent_number))


@part
def is_on_the_way_out(state: StateRow, agent_number: int) -> bool:
    """Whether an agent goes home, or on a break, when what is in hand is done."""
    agent = row(state.agents, agent_number, AGENT)
    breaks = agent.breaks > 0 and state.now < agent.duty_end_us
    return bool(agent.leaving or agent.tired or breaks or seat_of(state, agent_number).named > 0)


# The agent of a contact -------------------------------------------------------


@small_part
def idle_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The idle agent that a joining contact takes: lowest preference, longest idle, lowest number; or -1."""
    if model.routing:
        return _routed_agent(model, state, need, skill)
    if is_chat(model, row(state.people, need, PERSON).intent):
        return _open_agent(model, state, need, skill)
    best, liked, since = -1, _NOBODY, 0
    for group in range(model.n_groups):
        preference, agent_number = (
            whole(model.preference, group * model.n_skills + skill),
            row(state.idle, group * model.levels, LINE).first,
        )
        if preference > 0 and agent_number >= 0 and preference <= liked and may_take(model, state, need, group, skill):
            start = row(state.agents, agent_number, AGENT).since_us
            if preference < liked or start < since or (start == since and agent_number < best):
                best, liked, since = agent_number, preference, start
    return best


@part
def _open_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The agent that a joining chat takes: lowest preference, fewest in hand, longest idle or without a new one."""
    best, liked, fewest, since = -1, _NOBODY, 0, 0
    for group in range(model.n_groups):
        preference, held = whole(model.preference, group * model.n_skills + skill), 0
        while held < model.levels and row(state.idle, group * model.levels + held, LINE).first < 0:
            held += 1
        if preference == 0 or held == model.levels or not may_take(model, state, need, group, skill):
            continue
        agent_number = row(state.idle, group * model.levels + held, LINE).first
        start = seat_of(state, agent_number).assigned_us if held else row(state.agents, agent_number, AGENT).since_us
        as_good = preference == liked and held == fewest
        fewer = preference == liked and held < fewest
        first = start < since or (start == since and agent_number < best)
        if preference < liked or fewer or (as_good and first):
            best, liked, fewest, since = agent_number, preference, held, start
    return best


@part
def _routed_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The agent that a user's rule gives a joining contact: the lowest score, longest idle, lowest number."""
    best, lowest, since = -1, 0.0, 0
    levels = model.levels if is_chat(model, row(state.people, need, PERSON).intent) else 1
    for place in range(model.n_groups * levels):
        group, held = place // levels, place % levels
        preference = whole(model.preference, group * model.n_skills + skill)
        agent_number = row(state.idle, group * model.levels + held, LINE).first
        if not may_take(model, state, need, group, skill):
            continue
        while preference > 0 and agent_number >= 0:
            agent, score = row(state.agents, agent_number, AGENT), _score(model, state, need, agent_number, preference)
            first = agent.since_us < since or (agent.since_us == since and agent_number < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, since = agent_number, score, agent.since_us
            agent_number = agent.after
    return best


@part
def backlog_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """The idle agent who begins an item of the backlog, so many of the group staying idle; or -1."""
    best, liked, since = -1, _NOBODY, 0
    for group in range(model.n_groups):
        preference = whole(model.preference, group * model.n_skills + skill)
        if preference == 0 or preference > liked or not may_take(model, state, need, group, skill):
            continue
        if not _stay_idle(model, state, group, whole(model.keep_idle, group) + 1):
            continue
        agent_number = row(state.idle, group * model.levels, LINE).first
        while agent_number >= 0 and not _works_on_backlog(model, state, agent_number):
            agent_number = row(state.agents, agent_number, AGENT).after
        if agent_number >= 0:
            start = row(state.agents, agent_number, AGENT).since_us
            if preference < liked or start < since or (start == since and agent_number < best):
                best, liked, since = agent_number, preference, start
    return best


@part
def interrupted_agent(model: ModelRow, state: StateRow, need: int, skill: int) -> int:
    """Who puts an item aside for a live contact: lowest preference, begun last, lowest number; or -1."""
    best, liked, since = -1, _NOBODY, 0
    for agent_number in range(model.n_agents):
        group = whole(model.group_of, agent_number)
        preference = whole(model.preference, group * model.n_skills + skill)
        if preference == 0 or preference > liked or not may_put_aside(model, state, agent_number):
            continue
        if is_on_the_way_out(state, agent_number) or not may_take(model, state, need, group, skill):
            continue
        start = seat_of(state, agent_number).assigned_us
        if preference < liked or start > since:
            best, liked, since = agent_number, preference, start
    return best


@part
def _stay_idle(model: ModelRow, state: StateRow, group: int, count: int) -> bool:
    """Whether so many of a group are idle."""
    agent_number, idle = row(state.idle, group * model.levels, LINE).first, 0
    while agent_number >= 0 and idle < count:
        idle += 1
        agent_number = row(state.agents, agent_number, AGENT).after
    return bool(idle >= count)


@part
def _works_on_backlog(model: ModelRow, state: StateRow, agent_number: int) -> bool:
    """Whether an agent is on duty beyond a drain: by counts while the centre is open, by shifts to their end."""
    agent = row(state.agents, agent_number, AGENT)
    return bool(not state.closed if whole(model.counted, agent.group) else state.now < agent.duty_end_us)


# The contact of an agent ------------------------------------------------------


@small_part
def next_for(model: ModelRow, state: StateRow, agent_number: int, group: int) -> int:
    """The waiting customer that a freed agent takes: lowest preference, then the longest wait; or -1.

    Who has chats in hand takes only another chat. Of equal preference what waits live comes before the backlog, and
    whoever has lost the place in the line comes after everybody live.
    """
    if model.routing:
        return _routed_need(model, state, agent_number, group)
    busy = model.levels > 1 and seat_of(state, agent_number).held > 0
    best, liked, rank, live, somebody = -1, _NOBODY, 0, True, False
    for intent in range(model.n_intents):
        need = row(state.lines, intent, LINE).first
        if need < 0 or (busy and not is_chat(model, intent)):
            continue
        skill = row(model.intents, intent, INTENT).skill
        preference = whole(model.preference, group * model.n_skills + skill)
        if preference > 0 and may_take(model, state, need, group, skill):
            deferred = is_deferred(model, intent)
            if deferred and not _begins(model, state, agent_number, group):
                continue
            somebody = somebody or not deferred
            liking = 0 if whole(model.longest_wait, group) else preference
            place = row(state.people, need, PERSON).rank_us
            same = liking == liked and deferred != live
            ahead = place < rank or (place == rank and need < best)
            if liking < liked or (liking == liked and not deferred and not live) or (same and ahead):
                best, liked, rank, live = need, liking, place, not deferred
    if model.calls_back and not model.callback.keeps_place and not somebody and not busy:
        called = _next_to_call(model, state, group)
        best = called if called >= 0 else best
    return best


@part
def _begins(model: ModelRow, state: StateRow, agent_number: int, group: int) -> bool:
    """Whether an agent may begin an item of the backlog: it is on duty, and enough of the others are idle."""
    if not _works_on_backlog(model, state, agent_number):
        return False
    return _stay_idle(model, state, group, whole(model.keep_idle, group))


@part
def _next_to_call(model: ModelRow, state: StateRow, group: int) -> int:
    """Who has lost the place in the line, and is called next: lowest preference, then the longest wait; or -1."""
    best, liked, rank = -1, _NOBODY, 0
    for intent in range(model.n_intents):
        need = row(state.lines, model.n_intents + intent, LINE).first
        if need < 0:
            continue
        skill = row(model.intents, intent, INTENT).skill
        preference = whole(model.preference, group * model.n_skills + skill)
        if preference > 0 and may_take(model, state, need, group, skill):
            liking = 0 if whole(model.longest_wait, group) else preference
            place = row(state.people, need, PERSON).rank_us
            if liking < liked or (liking == liked and (place < rank or (place == rank and need < best))):
                best, liked, rank = need, liking, place
    return best


@part
def _routed_need(model: ModelRow, state: StateRow, agent_number: int, group: int) -> int:
    """The waiting customer that a user's rule gives a freed agent; the backlog comes last."""
    live = _lowest_score(model, state, agent_number, group, 0, False)
    if live < 0 and model.calls_back:
        live = _lowest_score(model, state, agent_number, group, model.n_intents, False)
    if live < 0 and model.deferred and _begins(model, state, agent_number, group):
        live = _lowest_score(model, state, agent_number, group, 0, True)
    return live


@part
def _lowest_score(
    model: ModelRow, state: StateRow, agent_number: int, group: int, first_line: int, deferred: bool
) -> int:
    """Whom a user's rule likes best of some lines: the lowest score, longest wait, lowest number; or -1."""
    best, lowest, rank = -1, 0.0, 0
    busy = model.levels > 1 and seat_of(state, agent_number).held > 0
    for intent in range(model.n_intents):
        if (busy and not is_chat(model, intent)) or is_deferred(model, intent) != deferred:
            continue
        skill = row(model.intents, intent, INTENT).skill
        preference = whole(model.preference, group * model.n_skills + skill)
        need = row(state.lines, first_line + intent, LINE).first
        while preference > 0 and need >= 0 and may_take(model, state, need, group, skill):
            person, score = row(state.people, need, PERSON), _score(model, state, need, agent_number, preference)
            first = person.rank_us < rank or (person.rank_us == rank and need < best)
            if best < 0 or score < lowest or (score == lowest and first):
                best, lowest, rank = need, score, person.rank_us
            need = person.after
    return best


@part
def _score(model: ModelRow, state: StateRow, need: int, agent_number: int, preference: int) -> float:
    """What a user's rule makes of a customer and an agent."""
    agent = row(state.agents, agent_number, AGENT)
    waited_us, tenure_s = (
        state.now - row(state.people, need, PERSON).rank_us,
        row(state.traits, agent_number, AGENT_TRAITS).tenure_s,
    )
    held = seat_of(state, agent_number).held if model.levels > 1 else _EMPTY_HANDED
    idle_us = 0 if held else state.now - agent.since_us
    return call(model.routing, preference, waited_us, idle_us, held, tenure_s)
