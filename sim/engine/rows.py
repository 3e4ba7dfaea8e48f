"""The rows of the engines' arrays: their types, and by name what they hold, for whoever reads a function of them.

Contacts, segments, duties, needs and agents' traits, which are kept, stand in `sim.engine.records`.
"""

from typing import Any, Protocol

import numpy as np

PERSON = np.dtype(
    [
        ("first", "i8"),
        ("number", "i8"),
        ("name", "i8"),
        ("date", "i8"),
        ("difficulty", "f8"),
        ("frustration", "f8"),
        ("trust", "f8"),
        ("base_s", "f8"),
        ("scale", "f8"),
        ("attempts", "i8"),
        ("transfers", "i8"),
        ("rank_us", "i8"),
        ("gives_up_us", "i8"),
        ("placed_us", "i8"),
        ("row", "u4"),
        ("intent", "u4"),
        ("before", "i4"),
        ("after", "i4"),
        ("event", "i4"),
        ("capable", "i1"),
        ("bot_failed", "i1"),
        ("waits", "i1"),
        ("cause", "i1"),
        ("calls", "i1"),
        ("called", "i1"),
    ],
    align=True,
)
"""A customer: the row of the first attempt; the name of its draws, difficulty, frustration, trust; T0 (s) of the
attempt and its profile's factor; place in the line, moment of giving up, moment that decides profiles; the row of the
attempt; neighbours in the line; the node of the event that ends patience, -1 if there is none in the wheel; `capable`
-1 until drawn; `calls` where it stands with a call-back (`NOT_CALLED` ...), and whether it has accepted one before.

Rows behind those of the customers belong to ghosts, who hold a place in a line."""

NOT_CALLED, TO_BE_CALLED, RUNG, BETWEEN_CALLS = 0, 1, 2, 3
"""A customer who is to be called back waits in the line, is rung up, or is out of it until the next call."""

AGENT = np.dtype(
    [
        ("since_us", "i8"),
        ("fatigue", "f8"),
        ("rate", "f8"),
        ("called_us", "i8"),
        ("spell_us", "i8"),
        ("duty_end_us", "i8"),
        ("break_until_us", "i8"),
        ("group", "u4"),
        ("before", "i4"),
        ("after", "i4"),
        ("breaks", "i4"),
        ("state", "i1"),
        ("leaving", "i1"),
        ("kept", "i1"),
        ("tired", "i1"),
    ],
    align=True,
)
"""An agent: start of the segment in progress, fatigue then and rate; when last called and on duty; neighbours among the
open or the absent of the group; breaks that are due; `state` 0 off duty; `tired` to be relieved."""

HAND = np.dtype(
    [
        ("row", "i8"),
        ("ends_us", "i8"),
        ("need", "i8"),
        ("agent", "i4"),
        ("after", "i4"),
        ("since_us", "i8"),
        ("asked_us", "i8"),
        ("left", "f8"),
        ("phase", "i1"),
        ("asks", "i1"),
        ("moved", "i1"),
    ],
    align=True,
)
"""A contact in hand: its row, and the moment at which what is done with it now ends. An event of another moment is
stale, and nothing to it: whatever moves an end writes the new moment here and plans another event.

Of a contact that goes on step by step also its need; the `phase`, begun or brought up to date at `since_us`, with the
work `left` of it (us, as if it had its agent to itself); since when it waits for somebody who decides, and who asks
next; whether it `asks` after the talk; whether its end has `moved` and awaits its event."""

FREE, TALKING, ASKING, WRAPPING, WORKING, GONE = 0, 1, 2, 3, 4, 5
"""Phases of a contact in hand. `FREE` is a place without one, and a contact that does not go step by step; `WORKING` is
talk and wrap-up of deferred work in one; `GONE` a chat that its customer has left without a word."""
PHONE, CHAT, DEFERRED = 0, 1, 2
"""Channels, as `sim.scenario.people.CHANNELS`."""

SEAT = np.dtype(
    [
        ("assigned_us", "i8"),
        ("shared_us", "i8"),
        ("named_us", "i8"),
        ("named", "i8"),
        ("pause_us", "i8"),
        ("attention", "f8"),
        ("cap", "i4"),
        ("held", "i4"),
        ("level", "i4"),
        ("whole", "i1"),
    ],
    align=True,
)
"""What an agent has in hand where there is chat: when it was last given a contact, and until when its time is
shared out; when it was named to go, and as which one (0: not named); the pause that follows the last chat; the share of
its attention that is taken; the most chats at once, places taken, chats that go on, and whether one contact takes the
whole agent."""

LINE = np.dtype([("first", "i8"), ("last", "i8")])
TEAM = np.dtype([("on", "i8"), ("pending_first", "i8"), ("pending", "i8"), ("named", "i8")])
"""A group: agents on duty; where its pending departures begin in their ring, and how many there are; how many agents
have ever been named to go, where they are named at once."""

EVENT = np.dtype([("time_us", "i8"), ("code", "i8")])
NODE = np.dtype([*EVENT.descr, ("after", "i4"), ("before", "i4"), ("slot", "i4")], align=True)
SLOT = np.dtype([("first", "i4")])
"""An event is kind << 56 | who, at a moment. One in the wheel has its slot, and neighbours in it, -1 for none; one that
has been taken out has the code -1. A slot has its first event."""
SLOTS = 4096
WORDS = SLOTS // 64
"""Slots of the wheel; words of 64 bits that say which of them hold an event. As many words as one has bits."""


class ModelRow(Protocol):
    """The one row of a model (`sim.engine.model.MODEL`): parameters by mechanism, addresses of arrays, sizes."""

    def __getattr__(self, name: str) -> Any:
        """A group of parameters, an address, or a size."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Nothing writes into a model."""


class StateRow(Protocol):
    """The one row of a state (`sim.engine.state.STATE`): numbers that change, addresses of arrays, capacities."""

    now: int
    k0: int
    k1: int
    full: int
    inbound: int
    waiting: int

    def __getattr__(self, name: str) -> Any:
        """Another number, or an address."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Numbers change while a replication runs."""


class Person(Protocol):
    """A customer with one need, through all attempts (`sim.engine.state.PERSON`)."""

    first: int
    number: int
    name: int
    date: int
    difficulty: float
    frustration: float
    trust: float
    base_s: float
    scale: float
    attempts: int
    transfers: int
    rank_us: int
    gives_up_us: int
    placed_us: int
    row: int
    intent: int
    before: int
    after: int
    event: int
    capable: int
    bot_failed: int
    waits: int
    cause: int
    calls: int
    called: int


class Contact(Protocol):
    """One attempt (`sim.engine.records.CONTACT`); times in whole microseconds, -1 for never."""

    need: int
    attempt: int
    intent: int
    day: int
    cause: int
    bot: int
    context_lost: int
    outcome: int
    delayed: int
    mistreated: int
    resolved: int
    transferred: int
    out_of_hours: int
    failed_turns: int
    arrival_us: int
    bot_us: int
    joined_us: int
    left_us: int
    agent: int
    group: int
    stated_us: int
    base_us: int
    natural_talk_us: int
    talk_us: int
    wrap_us: int
    summary_us: int
    cleanup_us: int
    supervisor: int
    supervisor_us: int
    consultation_us: int
    frustration: float
    fatigue: float
    frustration_end: float
    trust_end: float


class Agent(Protocol):
    """An agent as the floor sees it (`sim.engine.state.AGENT`)."""

    since_us: int
    fatigue: float
    rate: float
    called_us: int
    spell_us: int
    duty_end_us: int
    break_until_us: int
    group: int
    before: int
    after: int
    breaks: int
    state: int
    leaving: int
    kept: int
    tired: int


class Seat(Protocol):
    """What an agent has in hand where there is chat (`SEAT`)."""

    assigned_us: int
    shared_us: int
    named_us: int
    named: int
    pause_us: int
    attention: float
    cap: int
    held: int
    level: int
    whole: int


class Traits(Protocol):
    """What an agent is like (`sim.engine.records.AGENT_TRAITS`)."""

    group: int
    uses: int
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


class Channel(Protocol):
    """What the channel adds to a contact (`sim.engine.records.CHANNEL`)."""

    talked_us: int
    closed_us: int
    talk_share_us: int
    wrap_share_us: int
    age_us: int
    due_us: int
    rest_us: int
    aside: int
    tries: int
    asks: int
    called_back: int
    spilled: int
    silent: int


class Hand(Protocol):
    """A contact in hand (`HAND`)."""

    row: int
    ends_us: int
    need: int
    since_us: int
    asked_us: int
    left: float
    agent: int
    after: int
    phase: int
    asks: int
    moved: int


class Line(Protocol):
    """The ends of a linked list (`sim.engine.state.LINE`)."""

    first: int
    last: int


class WheelNode(Protocol):
    """An event in the wheel (`NODE`)."""

    time_us: int
    code: int
    after: int
    before: int
    slot: int
