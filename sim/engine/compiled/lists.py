"""Waiting lines, one an intent, and lists of idle and absent agents, one a group: linked through the rows themselves.

Each is in order as it stands: whoever comes later goes to the end, and only those of the same microsecond are put in
order of their numbers.
"""

from sim.engine.memory import row
from sim.engine.rows import AGENT, LINE, PERSON, Agent, Line, Person, StateRow
from sim.engine.rules.people import NOWHERE
from sim.jit import small_part

_NOWHERE = NOWHERE


@small_part
def leave_line(state: StateRow, person: Person) -> None:
    """Take a customer out of the line of the intent, if in it."""
    if person.before == _NOWHERE:
        return
    line = row(state.lines, person.intent, LINE)
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
def join_line(state: StateRow, need: int) -> None:
    """A customer joins the line of the intent: by (time waited + head start), then number."""
    person = row(state.people, need, PERSON)
    line = row(state.lines, person.intent, LINE)
    follows, behind = line.last, -1
    while follows >= 0 and row(state.people, follows, PERSON).rank_us == person.rank_us and follows > need:
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
    agent.before, agent.after = follows, behind
    if follows >= 0:
        row(state.agents, follows, AGENT).after = agent_number
    else:
        end.first = agent_number
    if behind >= 0:
        row(state.agents, behind, AGENT).before = agent_number
    else:
        end.last = agent_number
