"""Waiting lines, one an intent, and lists of open and absent agents, by group: linked through the rows themselves.

The idle and the absent are in order as they stand: whoever comes later goes to the end, and only those of the same
microsecond are put in order of their numbers. In a line, too, most come last.
"""

from sim.engine.memory import row
from sim.engine.rows import AGENT, PERSON, SEAT, Agent, Line, Person, StateRow
from sim.engine.rules.people import NOWHERE
from sim.jit import part, small_part

_NOWHERE = NOWHERE


@small_part
def leave_line(state: StateRow, line: Line, person: Person) -> None:
    """Take a customer out of a line, if in it."""
    if person.before == _NOWHERE:
        return
    if person.before >= 0:
        row(state.people, person.before, PERSON).after = person.after
    else:
        line.first = person.after
    if person.after >= 0:
        row(state.people, person.after, PERSON).before = person.before
    else:
        line.last = person.before
    person.before = _NOWHERE


@small_part
def join_line(state: StateRow, line: Line, need: int) -> None:
    """A customer joins a line: by (time waited + head start), then number."""
    person = row(state.people, need, PERSON)
    follows, behind = line.last, -1
    while follows >= 0 and _ranks_after(row(state.people, follows, PERSON).rank_us, follows, person.rank_us, need):
        follows, behind = row(state.people, follows, PERSON).before, follows
    person.before, person.after = follows, behind
    if follows >= 0:
        row(state.people, follows, PERSON).after = need
    else:
        line.first = need
    if behind >= 0:
        row(state.people, behind, PERSON).before = need
    else:
        line.last = need


@small_part
def _ranks_after(time_us: int, number: int, other_us: int, other: int) -> bool:
    return bool(time_us > other_us or (time_us == other_us and number > other))


@small_part
def leave_list(state: StateRow, end: Line, agent: Agent) -> None:
    """Take an agent out of the idle or the absent, if in it."""
    if agent.before == _NOWHERE:
        return
    if agent.before >= 0:
        row(state.agents, agent.before, AGENT).after = agent.after
    else:
        end.first = agent.after
    if agent.after >= 0:
        row(state.agents, agent.after, AGENT).before = agent.before
    else:
        end.last = agent.before
    agent.before = _NOWHERE


@small_part
def join_list(state: StateRow, end: Line, agent_number: int) -> None:
    """An agent joins the idle or the absent of the group: by the time since when, then number."""
    agent = row(state.agents, agent_number, AGENT)
    follows, behind = end.last, -1
    while follows >= 0 and row(state.agents, follows, AGENT).since_us == agent.since_us and follows > agent_number:
        follows, behind = row(state.agents, follows, AGENT).before, follows
    _put_between(state, end, agent_number, follows, behind)


@part
def join_open(state: StateRow, end: Line, agent_number: int) -> None:
    """An agent with chats in hand joins those of the group with as many: by the last assignment, then number."""
    given_us = row(state.seats, agent_number, SEAT).assigned_us
    follows, behind = end.last, -1
    while follows >= 0 and _ranks_after(row(state.seats, follows, SEAT).assigned_us, follows, given_us, agent_number):
        follows, behind = row(state.agents, follows, AGENT).before, follows
    _put_between(state, end, agent_number, follows, behind)


@small_part
def _put_between(state: StateRow, end: Line, agent_number: int, follows: int, behind: int) -> None:
    agent = row(state.agents, agent_number, AGENT)
    agent.before, agent.after = follows, behind
    if follows >= 0:
        row(state.agents, follows, AGENT).after = agent_number
    else:
        end.first = agent_number
    if behind >= 0:
        row(state.agents, behind, AGENT).before = agent_number
    else:
        end.last = agent_number
