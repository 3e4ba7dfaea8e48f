"""Waiting lines, one an intent, and lists of idle and absent agents, one a group: linked through the rows themselves.

Each is in order as it stands: whoever comes later goes to the end, and only those of the same microsecond are put in
order of their numbers.
"""

from typing import Any

from sim.engine.memory import row
from sim.engine.rows import AGENT, LINE, PERSON
from sim.engine.rules.people import NOWHERE
from sim.jit import small_part

_NOWHERE = NOWHERE


@small_part
def leave_line(s: Any, p: Any) -> None:
    """Take a customer out of the line of the intent, if in it."""
    if p.before == _NOWHERE:
        return
    line = row(s.lines, p.intent, LINE)
    if p.before >= 0:
        row(s.people, p.before, PERSON).after = p.after
    else:
        line.first = p.after
    if p.after >= 0:
        row(s.people, p.after, PERSON).before = p.before
    else:
        line.last = p.before
    p.before = _NOWHERE


@small_part
def join_line(s: Any, n: int) -> None:
    """A customer joins the line of the intent: by (time waited + head start), then number."""
    p = row(s.people, n, PERSON)
    line = row(s.lines, p.intent, LINE)
    follows, behind = line.last, -1
    while follows >= 0 and row(s.people, follows, PERSON).rank_us == p.rank_us and follows > n:
        follows, behind = row(s.people, follows, PERSON).before, follows
    p.before, p.after = follows, behind
    if follows >= 0:
        row(s.people, follows, PERSON).after = n
    else:
        line.first = n
    if behind >= 0:
        row(s.people, behind, PERSON).before = n
    else:
        line.last = n


@small_part
def leave_list(s: Any, end: Any, agent: Any) -> None:
    """Take an agent out of the idle or the absent, if in it."""
    if agent.before == _NOWHERE:
        return
    if agent.before >= 0:
        row(s.agents, agent.before, AGENT).after = agent.after
    else:
        end.first = agent.after
    if agent.after >= 0:
        row(s.agents, agent.after, AGENT).before = agent.before
    else:
        end.last = agent.before
    agent.before = _NOWHERE


@small_part
def join_list(s: Any, end: Any, a: int) -> None:
    """An agent joins the idle or the absent of the group: by the time since when, then number."""
    agent = row(s.agents, a, AGENT)
    follows, behind = end.last, -1
    while follows >= 0 and row(s.agents, follows, AGENT).since_us == agent.since_us and follows > a:
        follows, behind = row(s.agents, follows, AGENT).before, follows
    agent.before, agent.after = follows, behind
    if follows >= 0:
        row(s.agents, follows, AGENT).after = a
    else:
        end.first = a
    if behind >= 0:
        row(s.agents, behind, AGENT).before = a
    else:
        end.last = a
