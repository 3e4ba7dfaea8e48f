"""The order of events, and the flat records that an engine writes: contacts, agent segments, spells of duty, needs.

All times are whole microseconds since midnight of the first simulated day; -1 means never.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.mechanisms import talk_factors


class Event(IntEnum):
    """Kinds of events, in the order in which they happen at one and the same microsecond (docs/semantics.md)."""

    OPEN = 1
    CLOSE = 2
    SHIFT_END = 3
    BREAK_DUE = 4
    STAFFING = 5
    RELIEF = 6
    SHIFT_START = 7
    BREAK_END = 8
    CONSULT_END = 9
    TALK_END = 10
    HANDLE_END = 11
    RING_END = 12
    SILENT_END = 13
    BOT_END = 14
    ARRIVAL = 15
    OVERFLOW_DUE = 16
    CALLBACK_DUE = 17
    PATIENCE_END = 18
    CALLBACK_EXPIRES = 19


class Cause(IntEnum):
    """Why an attempt was made."""

    FIRST = 0
    REPEAT = 1
    REDIAL = 2
    FALSELY_CONTAINED = 3
    TRANSFER = 4


class BotOutcome(IntEnum):
    """How a bot session ended."""

    NONE = 0
    OPTED_OUT = 1
    RESOLVED = 2
    FALSELY_CONTAINED = 3
    HANDED_OFF = 4
    LEFT = 5


class Outcome(IntEnum):
    """How a contact left the human queue."""

    NONE = 0
    ANSWERED = 1
    ABANDONED = 2
    BALKED = 3
    DISCONNECTED = 4
    BLOCKED = 5


class AgentState(IntEnum):
    """What an agent on duty does."""

    AVAILABLE = 1
    HANDLING = 2
    BREAK = 3


class NeedStatus(IntEnum):
    """Where a need stands at the end of follow-up."""

    PENDING = 0
    RESOLVED = 1
    LOST = 2


FACTORS = tuple(factor.name for factor in talk_factors())
"""What lengthens or shortens the talk that a contact needs, in the order in which they apply."""

CONTACT = np.dtype(
    [
        ("need", "i8"),
        ("attempt", "i4"),
        ("intent", "i4"),
        ("day", "i4"),
        ("cause", "i1"),
        ("bot", "i1"),
        ("context_lost", "i1"),
        ("outcome", "i1"),
        ("delayed", "i1"),
        ("mistreated", "i1"),
        ("resolved", "i1"),
        ("transferred", "i1"),
        ("out_of_hours", "i1"),
        ("failed_turns", "i4"),
        ("arrival_us", "i8"),
        ("bot_us", "i8"),
        ("joined_us", "i8"),
        ("left_us", "i8"),
        ("agent", "i4"),
        ("group", "i4"),
        ("stated_us", "i8"),
        ("base_us", "i8"),
        *((f"{factor}_us", "i8") for factor in FACTORS),
        ("natural_talk_us", "i8"),
        ("talk_us", "i8"),
        ("wrap_us", "i8"),
        ("summary_us", "i8"),
        ("cleanup_us", "i8"),
        ("supervisor", "i4"),
        ("supervisor_us", "i8"),
        ("consultation_us", "i8"),
        ("frustration", "f8"),
        ("fatigue", "f8"),
        ("frustration_end", "f8"),
        ("trust_end", "f8"),
    ]
)
CHANNEL = np.dtype(
    [
        ("talked_us", "i8"),
        ("closed_us", "i8"),
        ("talk_share_us", "i8"),
        ("wrap_share_us", "i8"),
        ("age_us", "i8"),
        ("due_us", "i8"),
        ("rest_us", "i8"),
        ("aside", "i4"),
        ("tries", "i4"),
        ("asks", "i1"),
        ("called_back", "i1"),
        ("spilled", "i1"),
        ("silent", "i1"),
    ],
    align=True,
)
"""What channels add to a contact: when its talk and its wrap-up ended, and the agent's time that it takes, the time of
an agent with several in hand shared equally among them. Of deferred work: its age on joining, by its clock; when it is
due (`NEVER` where nobody says so); how much is left to do (-1 where it was not begun), and how often it was put aside;
whether it takes a supervisor. How often a customer was called who is to be called back; whether the bot had no room for
it; whether its customer left a chat without a word."""
NEVER = 1 << 62
GHOST = np.dtype(
    [
        ("need", "i8"),
        ("intent", "i4"),
        ("group", "i4"),
        ("agent", "i4"),
        ("joined_us", "i8"),
        ("assigned_us", "i8"),
        ("left_us", "i8"),
    ],
    align=True,
)
"""A place in a line of chats that nobody fills any more: since when it has been in the line, when an agent took it for
a chat, and when the place fell free; -1 for never."""
LEVEL = np.dtype([("held", "i4"), ("level", "i4"), ("cap", "i4"), ("attention", "f8")], align=True)
"""What an agent has in hand during a segment: places taken, chats that go on, the most that it may have, and the share
of its attention that they take."""
SEGMENT = np.dtype(
    [
        ("agent", "i4"),
        ("group", "i4"),
        ("state", "i1"),
        ("start_us", "i8"),
        ("end_us", "i8"),
        ("fatigue", "f8"),
        ("rate", "f8"),
    ]
)
DUTY = np.dtype(
    [
        ("agent", "i4"),
        ("group", "i4"),
        ("day", "i4"),
        ("start_us", "i8"),
        ("end_us", "i8"),
        ("left_us", "i8"),
        ("fatigue_left", "f8"),
    ]
)
NEED = np.dtype(
    [
        ("intent", "i4"),
        ("day", "i4"),
        ("measured", "i1"),
        ("status", "i1"),
        ("attempts", "i4"),
        ("born_us", "i8"),
        ("resolved_us", "i8"),
    ]
)


class AgentTraits(NamedTuple):
    """An agent, as a row of the agents' traits.

    Attributes
    ----------
    uses, affected : whether it uses the assistant; whether a redundancy round affects it.
    tenure_s : time in the job (s).
    tenure, redundancy, speed, assistant : factors on talk; extra_s : time (s) that the assistant adds.
    logit, points : log odds of resolution added; points of resolution lost.
    mistreatment : log odds of mistreatment added.
    summary, build_up : what is left of wrap-up; how many times as fast fatigue builds up.
    """

    group: int
    uses: int
    affected: int
    tenure_s: float
    tenure: float
    redundancy: float
    speed: float
    assistant: float
    extra_s: float
    logit: float
    points: float
    mistreatment: float
    summary: float
    build_up: float


AGENT_TRAITS = np.dtype([(name, {int: "i8", float: "f8"}[kind]) for name, kind in AgentTraits.__annotations__.items()])

Rows = npt.NDArray[Any]
MOST_OWN = 4
"""How many factors of their own users may have at a time."""


@dataclass(frozen=True)
class Records:
    """What happened in one replication.

    Attributes
    ----------
    contacts : one row an attempt, ordered by need and attempt (dtype `CONTACT`).
    segments : one row a spell of an agent in one state, ordered by agent and start (dtype `SEGMENT`).
    duties : one row a spell of duty, ordered by agent and start (dtype `DUTY`); agent -1 carries the overtime of a
        departure that was announced and cancelled.
    needs : one row a need, in the order of first arrival (dtype `NEED`).
    agents : one row an agent, numbered through the groups (dtype `AGENT_TRAITS`).
    own_us : (contacts, 4) what users' own mechanisms add to each talk; (0, 0) where none is on.
    channels : one row a contact (dtype `CHANNEL`); none where every intent comes by phone, nobody is called back and
        the bot has room for all. levels : one row a segment (dtype `LEVEL`); none where all come by phone.
    ghosts : those who left a chat without a word (dtype `GHOST`), by need.

    The talk of an answered contact takes itself apart, to the microsecond: `stated_us` is the mean that the file
    states, `base_us` T0; with `FACTORS` it adds up to `natural_talk_us`, and `talk_us` less that is pace. Wrap-up holds
    `summary_us` (time saved, at most 0) and `cleanup_us`. `supervisor_us` comes after the talk: what agent and customer
    spend on a supervisor, `consultation_us` of it with one. A contact that is `transferred` goes on as the next one of
    its need, at the end of its talk.
    """

    contacts: Rows
    segments: Rows
    duties: Rows
    needs: Rows
    agents: Rows = field(default_factory=lambda: np.empty(0, AGENT_TRAITS))
    own_us: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 0), np.int64))
    channels: Rows = field(default_factory=lambda: np.empty(0, CHANNEL))
    levels: Rows = field(default_factory=lambda: np.empty(0, LEVEL))
    ghosts: Rows = field(default_factory=lambda: np.empty(0, GHOST))
