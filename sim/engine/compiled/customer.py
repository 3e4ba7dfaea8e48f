"""A customer's attempt: arrival, the end of a bot session, the queue."""

from typing import Any

from sim.engine.compiled.floor import disconnect, finish, idle_agent, quit_queue, refuses, serve, wait
from sim.engine.compiled.heap import push
from sim.engine.memory import row
from sim.engine.order import Event
from sim.engine.records import CONTACT, Outcome
from sim.engine.rows import PERSON
from sim.engine.rules.bot import NO_SESSION, TURNED_AWAY, arrive, end_session
from sim.engine.rules.people import balks
from sim.engine.rules.service import join
from sim.jit import constant, part, small_part

_BOT_END = constant(Event.BOT_END)
_ABANDONED, _BALKED = constant(Outcome.ABANDONED), constant(Outcome.BALKED)
_NO_SESSION, _TURNED_AWAY = NO_SESSION, TURNED_AWAY


@part
def arrival(m: Any, s: Any, n: int) -> None:
    """A first or a returning customer arrives: to the bot, or straight to the queue."""
    ends_us = arrive(m, s, n)
    if ends_us >= 0:
        push(s, ends_us, _BOT_END, n)
    elif ends_us == _NO_SESSION:
        _enter(m, s, n)
    elif ends_us == _TURNED_AWAY:
        finish(m, s, n)


@small_part
def bot_end(m: Any, s: Any, n: int) -> None:
    """A session ends: the need is resolved, or the customer believes so, has left, or wants a human now."""
    p = row(s.people, n, PERSON)
    if end_session(m, s, p, row(s.contacts, p.row, CONTACT)):
        _enter(m, s, n)
    else:
        finish(m, s, n)


@part
def _enter(m: Any, s: Any, n: int) -> None:
    """A customer joins the human queue: to an agent at once, to the line, or away."""
    skill = join(m, s, n)
    if refuses(m, s, skill):
        disconnect(m, s, n)
        return
    a = idle_agent(m, s, n, skill)
    if a >= 0:
        serve(m, s, n, a)
    elif balks(m, s, row(s.people, n, PERSON)):
        quit_queue(m, s, n, _BALKED)
        finish(m, s, n)
    else:
        wait(m, s, n)


@small_part
def give_up(m: Any, s: Any, n: int) -> None:
    """Patience ends; nothing to one who no longer waits, or waits again and longer."""
    p = row(s.people, n, PERSON)
    if p.waits and p.gives_up_us == s.now:
        quit_queue(m, s, n, _ABANDONED)
        finish(m, s, n)
