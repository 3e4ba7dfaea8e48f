"""What is learned from: contacts with agents and sessions with the bot, columns of numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NOBODY = -1
DAY_S = 86_400.0
RETURN_WITHIN_S = 14 * DAY_S
"""A contact within so long of another of the same customer and intent is a return."""


class Arm(IntEnum):
    """Which arm of a pilot a customer is in."""

    NONE = -1
    CONTROL = 0
    PILOT = 1


class Route(IntEnum):
    """How a contact came to an agent."""

    UNKNOWN = -1
    STRAIGHT = 0
    OPTED_OUT = 1
    HANDED_OVER = 2


class SessionEnd(IntEnum):
    """How a session with the bot ended."""

    CONTAINED = 0
    HANDED_OVER = 1
    OPTED_OUT = 2
    LEFT = 3


@dataclass(frozen=True)
class Rows:
    """Columns of one length; a subset of the rows is made by `chosen`."""

    intents: tuple[str, ...]

    def chosen(self, rows: Bools | Ints) -> Self:
        """Some of the rows."""
        columns: dict[str, Any] = {name: value[rows] for name, value in self.columns().items()}
        return replace(self, **columns)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """The columns by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


@dataclass(frozen=True)
class LoggedContacts(Rows):
    """Contacts that joined a queue for agents, one a row.

    Attributes
    ----------
    intents : names; `intent` counts in them.
    after : whether in the period with the bot.
    time_s : when, in seconds since 1970 by the clock on the wall; a day is a date of it.
    agent, customer : numbers, -1 for the unknown.
    talk_s : nan where it is not known, or nobody answered.
    resolved : 1, 0, or nan where it is not known.
    arm, route : as in `Arm`, `Route`.
    context_lost : 1, 0, or nan where it is not known: whether the customer had to begin anew.
    waited_s : in the queue.
    """

    after: Bools
    time_s: Floats
    intent: Ints
    agent: Ints
    customer: Ints
    talk_s: Floats
    resolved: Floats
    arm: Ints
    route: Ints
    context_lost: Floats
    waited_s: Floats

    @property
    def day(self) -> Ints:
        """The date of each, in days since 1970."""
        return (self.time_s // DAY_S).astype(np.int64)

    def __len__(self) -> int:
        return self.time_s.size


@dataclass(frozen=True)
class Sessions(Rows):
    """Sessions with the bot, those who asked for a human at once among them, one a row.

    Attributes
    ----------
    ended : as in `SessionEnd`.
    resolved : of those that were contained, whether the need was truly resolved; nan where nobody checked.
    """

    time_s: Floats
    intent: Ints
    customer: Ints
    ended: Ints
    resolved: Floats
    arm: Ints

    @property
    def day(self) -> Ints:
        """The date of each, in days since 1970."""
        return (self.time_s // DAY_S).astype(np.int64)

    def __len__(self) -> int:
        return self.time_s.size


def contacts_of(intents: tuple[str, ...], **columns: npt.NDArray[Any]) -> LoggedContacts:
    """Contacts from the columns that there are; the others are unknown."""
    count = len(columns["time_s"])
    unknown: Mapping[str, float] = {"agent": NOBODY, "customer": NOBODY, "arm": Arm.NONE, "route": Route.UNKNOWN}
    values = {name: np.full(count, number, np.int64) for name, number in unknown.items()}
    values |= {name: np.full(count, np.nan) for name in ("talk_s", "resolved", "context_lost", "waited_s")}
    return LoggedContacts(intents=intents, **{**values, **columns})


def sessions_of(intents: tuple[str, ...], **columns: npt.NDArray[Any]) -> Sessions:
    """Sessions from the columns that there are; the others are unknown."""
    count = len(columns["time_s"])
    values = {"customer": np.full(count, NOBODY, np.int64), "arm": np.full(count, Arm.NONE, np.int64)}
    return Sessions(intents=intents, **{**values, "resolved": np.full(count, np.nan), **columns})


def first_contacts(contacts: LoggedContacts, sessions: Sessions | None) -> Bools:
    """Which contacts are the first of their need: no other contact, and no contained session, in the two weeks before.

    Who is not known counts as new. Returns carry needs that were not resolved, which are harder: a bot that sends more
    of them back would look as if it were choosing the easy ones.
    """
    mine = contacts.customer != NOBODY
    who, when, what = contacts.customer[mine], contacts.time_s[mine], contacts.intent[mine]
    if sessions is not None:
        kept = (sessions.customer != NOBODY) & (sessions.ended == SessionEnd.CONTAINED)
        who = np.concatenate([who, sessions.customer[kept]])
        when = np.concatenate([when, sessions.time_s[kept]])
        what = np.concatenate([what, sessions.intent[kept]])
    first = np.ones(len(contacts), bool)
    first[mine] = ~came_again(who, what, when)[: int(mine.sum())]
    return first


def first_sessions(sessions: Sessions) -> Bools:
    """Which sessions are the first of their need: none of the same customer and intent in the two weeks before."""
    again = came_again(sessions.customer, sessions.intent, sessions.time_s)
    return np.asarray((sessions.customer == NOBODY) | ~again)


def came_again(who: Ints, what: Ints, when: Floats) -> Bools:
    """Which events follow another of the same customer and intent within two weeks."""
    order = np.lexsort((when, what, who))
    same = (np.diff(who[order]) == 0) & (np.diff(what[order]) == 0)
    again = np.zeros(order.size, bool)
    again[order[1:]] = same & (np.diff(when[order]) <= RETURN_WITHIN_S)
    return again
