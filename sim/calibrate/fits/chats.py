"""What makes chats of contacts: the cap, how much slower a chat is beside others, and how long chats were open.

The cap is the highest level that holds more than half a per cent of the time with chats in hand: more is a chat that
somebody forgot to close.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim.calibrate.fits.estimate import UNKNOWN, FittedNumber, Floats
from sim.mechanisms.chat import Chat, elapsed_factor, length_factor

SELDOM = 0.005
"""A level with less than this share of the time with chats in hand is chance, or a chat left open."""
DEFAULT = Chat()
DEFAULT_RATIO = DEFAULT.agent_turn / DEFAULT.customer_turn


@dataclass(frozen=True)
class ChatFit:
    """What makes chats of contacts.

    Attributes
    ----------
    caps : most in hand at once, by group.
    law : how long a chat takes beside others.
    ratio : the agent's turn over the customer's, with the interval in which the log puts it; nan where it does not.
    shares : of the time with chats in hand, at 1, 2, ... of them; empty where it is not known.
    elapsed_s : how long chats were open, by intent.
    at : the level of the elapsed times, where talk is elapsed time; nan where talk is that of a chat alone.
    at_open : whether that level is a guess that the closing step has to settle.
    """

    caps: tuple[int, ...]
    law: Chat = DEFAULT
    ratio: FittedNumber = UNKNOWN
    shares: tuple[float, ...] = ()
    elapsed_s: dict[str, FittedNumber] = field(default_factory=dict)
    at: float = math.nan
    at_open: bool = False

    @property
    def mean(self) -> float:
        """Chats in hand of an agent who has any; nan where it is not known."""
        return sum(level * part for level, part in enumerate(self.shares, 1)) if self.shares else math.nan

    @property
    def default_law(self) -> bool:
        """Whether the law is the published default."""
        return self.law == DEFAULT

    @property
    def cap(self) -> int:
        """Most in hand of anybody."""
        return max(self.caps)

    @property
    def longer(self) -> float:
        """How many times as long as talk and wrap-up are said a chat takes at the cap."""
        said_at = 1.0 if math.isnan(self.at) else elapsed_factor(self.law, self.at)
        return length_factor(self.law, self.cap) / said_at

    @property
    def share(self) -> float:
        """The agent's time that a chat costs at the cap, of talk and wrap-up as they are said."""
        return self.longer / self.cap


def timed_open(caps: tuple[int, ...], elapsed_s: dict[str, FittedNumber], at: float) -> ChatFit:
    """Chats of which only their time open is known; without a level it is to be settled, from the middle on."""
    guess = (1.0 + max(caps)) / 2.0
    return ChatFit(caps, elapsed_s=elapsed_s, at=guess if math.isnan(at) else at, at_open=math.isnan(at))


def level_of(law: Chat, longer: float, cap: int) -> float:
    """The mean level at which chats are so many times as long as alone, from 1 to the cap: linear between levels."""
    factors = [length_factor(law, level) for level in range(1, cap + 1)]
    return float(np.interp(longer, factors, np.arange(1, cap + 1)))


def law_of(ratio: float) -> Chat:
    """The typing law with this ratio of the agent's turn to the customer's; the agent's stays as published."""
    turn = DEFAULT.agent_turn
    return DEFAULT if ratio == DEFAULT_RATIO else Chat(agent_turn=turn, customer_turn=turn / ratio)


def pace_of(law: Chat, levels: int) -> Floats:
    """The pace of one chat with 0, 1, ... to before so many in hand, (levels,); 1 is that of a chat alone."""
    return np.array([1.0, *(1.0 / length_factor(law, level) for level in range(1, levels))])


def cap_of(time_at: Floats) -> tuple[int, tuple[float, ...]]:
    """The cap, and the shares of the time with 1, 2, ... in hand up to it.

    Parameters
    ----------
    time_at : seconds with 0, 1, 2, ... in hand.
    """
    busy = time_at[1:]
    whole = max(float(busy.sum()), 1e-9)
    above = np.cumsum(busy[::-1])[::-1] / whole
    cap = max(int((above >= SELDOM).sum()), 1)
    return cap, tuple(float(seconds) / whole for seconds in busy[:cap])
