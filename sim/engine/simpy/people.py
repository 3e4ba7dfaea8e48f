"""Customers, their contacts and the agents, as plain objects."""

from dataclasses import dataclass, field
from typing import Any

import simpy

from sim.engine.records import FACTORS, AgentState, AgentTraits, BotOutcome, Cause, Outcome

NO_PARTS = (0,) * len(FACTORS)


@dataclass(slots=True)
class Customer:
    """A customer with one need, through all attempts. `number` is the need's number; the rest is its luck's name."""

    number: int
    intent: int
    entity: tuple[int, int, int]
    difficulty: float
    frustration: float
    capable: bool | None = None
    bot_failed: bool = False
    trust: float = 0.0
    attempts: int = 0
    transfers: int = 0
    place: tuple[int, int] = (0, 0)
    cause: Cause = Cause.FIRST


@dataclass(slots=True)
class Contact:
    """One attempt. `place` is the day and the interval of its arrival, or of the contact that it goes on with.

    `decided` is triggered once a supervisor has. Times in microseconds, -1 for never.
    """

    customer: Customer
    intent: Any
    attempt: int
    place: tuple[int, int]
    arrival_us: int
    cause: Cause
    bot: BotOutcome = BotOutcome.NONE
    bot_us: int = 0
    failed_turns: int = 0
    context_lost: bool = False
    joined_us: int = -1
    left_us: int = -1
    outcome: Outcome = Outcome.NONE
    delayed: bool = False
    rank_us: int = 0
    left: simpy.Event | None = None
    stated_us: int = 0
    base_s: float = 0.0
    scale: float = 1.0
    agent: int = -1
    group: int = -1
    parts_us: tuple[int, ...] = NO_PARTS
    natural_talk_us: int = 0
    talk_us: int = 0
    wrap_us: int = 0
    summary_us: int = 0
    cleanup_us: int = 0
    decided: simpy.Event | None = None
    supervisor: int = -1
    supervisor_us: int = 0
    consultation_us: int = 0
    frustration: float = 0.0
    fatigue: float = 0.0
    mistreated: bool = False
    resolved: bool = False
    transferred: bool = False
    out_of_hours: bool = False

    @property
    def waits(self) -> bool:
        """Whether the contact is in the queue now."""
        return self.left is not None and self.outcome == Outcome.NONE

    @property
    def handled_us(self) -> int:
        """What it takes of the agent's time."""
        return self.talk_us + self.supervisor_us + self.wrap_us


@dataclass(slots=True)
class Agent:
    """An agent. `state` is None off duty; its segment began at `since_us` with `fatigue` and `rate` (per hour)."""

    number: int
    own: AgentTraits
    state: AgentState | None = None
    since_us: int = 0
    fatigue: float = 0.0
    rate: float = 0.0
    called_us: int = -1
    spell_us: int = -1
    off_us: int = -1
    duty_end_us: int = -1
    leaving: bool = False
    kept: bool = False
    tired: bool = False
    breaks: list[int] = field(default_factory=list)
    break_until_us: int = -1
    contact: Contact | None = None

    @property
    def group(self) -> int:
        """The agent's group."""
        return self.own.group
