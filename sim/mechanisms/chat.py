"""Chat: several contacts in an agent's hands at once, each of them the slower for the others (docs/channels.md).

An agent who writes for A and then waits for B until the customer has replied is the repairman of a machine-repair
model with n machines: `p0` is the chance that all n customers are replying at once, and a chat among n takes
L(n) = n A / ((1 - p0) (A + B)) times as long as one that has its agent to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core.core_schema import ValidationInfo

from sim.schema.base import Section, param
from sim.schema.faults import BadValueError, Fault, bad, raise_any
from sim.schema.values import (
    DURATION_SCHEMA,
    PositiveSeconds,
    duration_reader,
    duration_text,
    parse_duration,
    whole_reader,
)

MOST_CHATS = 50
"""The highest level: nobody has more contacts in hand at once."""


def _read_times(value: Any, info: ValidationInfo) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise bad("is not a list of times", "Write one time for each number of chats: [8m, 8m50s, 10m]", value)
    read, found, faults = duration_reader(positive=True), [], []
    for place, entry in enumerate(value):
        try:
            found.append(read(entry, info))
        except BadValueError as error:
            faults += [fault.under(place) for fault in error.faults]
    raise_any(faults)
    falls = next((k for k in range(1, len(found)) if found[k] < found[k - 1]), 0)
    if falls:
        words = "is shorter than the one before, with fewer chats in hand"
        raise BadValueError(Fault(words, "A chat takes no less time beside others", (falls,), value[falls]))
    if len(found) > MOST_CHATS:
        raise bad(f"has more than {MOST_CHATS} times", "", len(found))
    return tuple(found)


def _times_text(times: tuple[float, ...] | None) -> list[str] | None:
    return None if times is None else [duration_text(seconds) for seconds in times]


Times = Annotated[
    tuple[float, ...],
    BeforeValidator(_read_times),
    PlainSerializer(_times_text, when_used="json"),
    WithJsonSchema({"type": "array", "items": DURATION_SCHEMA, "minItems": 1}),
]


class Chat(Section):
    """How long a chat takes beside others; `talk_time` is that of one that has its agent to itself."""

    agent_turn: PositiveSeconds = param(
        30.0, "Time in which the agent writes a message", source="shape of planning practice (evidence 12)", grade="A"
    )
    customer_turn: PositiveSeconds = param(
        60.0, "Time in which the customer replies", source="shape of planning practice (evidence 12)", grade="A"
    )
    times: Times | None = param(
        None, "Instead of turns: time of a chat with 1, 2, 3 ... in hand; only its ratios to the first count", off=True
    )


def _read_concurrency(value: Any) -> Any:
    read = whole_reader(1, MOST_CHATS)
    if not isinstance(value, dict):
        return read(value)
    found: dict[float, int] = {}
    faults = [] if value else [Fault("is an empty map", "Write a number, or a map by tenure: {0d: 1, 90d: 3}")]
    for tenure, cap in value.items():
        try:
            found[tenure if isinstance(tenure, float) else parse_duration(tenure)] = read(cap)
        except BadValueError as error:
            faults += [fault.under(tenure) for fault in error.faults]
    raise_any(faults)
    if 0.0 not in found:
        raise bad("says nothing of new agents", "Begin with 0d: {0d: 1, 90d: 3}", sorted(map(str, value)))
    return dict(sorted(found.items()))


def _concurrency_text(cap: int | dict[float, int]) -> Any:
    return {duration_text(tenure): most for tenure, most in cap.items()} if isinstance(cap, dict) else cap


Concurrency = Annotated[
    int | dict[float, int],
    BeforeValidator(_read_concurrency),
    PlainSerializer(_concurrency_text, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST_CHATS},
                {
                    "type": "object",
                    "additionalProperties": {"type": "integer", "minimum": 1, "maximum": MOST_CHATS},
                    "minProperties": 1,
                },
            ]
        }
    ),
]


def idle_share(chats: int, agent_turn: float, customer_turn: float) -> float:
    """Chance that all customers are replying at once, so that the agent has nothing to write: p0 of machine repair.

    Parameters
    ----------
    chats : in hand, 0 or more.
    agent_turn, customer_turn : mean times of a message of each (s), above 0.
    """
    term, total = 1.0, 1.0
    for k in range(1, chats + 1):
        term *= (chats - k + 1) * agent_turn / customer_turn
        total += term
    return 1.0 / total


def length_factor(chat: Chat, chats: int) -> float:
    """How many times as long a chat takes with so many in hand, itself included.

    Raises
    ------
    IndexError
        If `times` has no entry for so many.
    """
    if chats <= 1:
        return 1.0
    if chat.times is not None:
        return chat.times[chats - 1] / chat.times[0]
    busy = 1.0 - idle_share(chats, chat.agent_turn, chat.customer_turn)
    return chats * chat.agent_turn / (busy * (chat.agent_turn + chat.customer_turn))


def elapsed_factor(chat: Chat, mean_chats: float) -> float:
    """How many times as long a chat takes at a mean number of chats in hand: linear between whole numbers.

    Parameters
    ----------
    mean_chats : as reports show it, 1 or more.
    """
    below = int(mean_chats)
    rest = mean_chats - below
    low = length_factor(chat, below)
    return low if rest == 0.0 else low + rest * (length_factor(chat, below + 1) - low)


def attention(chat: Chat, chats: int) -> float:
    """Share of the time in which an agent with so many chats in hand writes, 0 to 1.

    By the turns it is 1 - p0. A list of times tells the pace of work beside that of one chat, not the share: that of
    one chat is then what its turns make of it.
    """
    if chats <= 0:
        return 0.0
    alone = chat.agent_turn / (chat.agent_turn + chat.customer_turn)
    return min(1.0, chats / length_factor(chat, chats) * alone)


def pace_falls_at(chat: Chat, most: int) -> int:
    """The first number of chats at which an agent gets less done than with one fewer; 0 where there is none."""
    paces: Sequence[float] = [n / length_factor(chat, n) for n in range(1, most + 1)]
    return next((n + 1 for n in range(1, most) if paces[n] < paces[n - 1]), 0)
