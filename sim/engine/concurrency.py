"""How many contacts agents have in hand at once, and what that does to a chat, as arrays that the engines read."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.plan import Roster
from sim.mechanisms.chat import attention, length_factor
from sim.scenario.model import Scenario

Floats = npt.NDArray[np.float64]
CAP = np.dtype([("tenure_s", "f8"), ("most", "i8")])


class Concurrency(NamedTuple):
    """Levels and caps.

    Attributes
    ----------
    lengths : (intents, levels + 1) how many times as long a contact takes with so many in hand.
    attention : (intents, levels + 1) the share of an agent's time in which it writes.
    caps : (groups, steps) dtype `CAP`, by tenure; the last that applies counts.
    more_hands : (agents,) where an agent's second place stands among all that may be in hand.
    several : (groups,) whether anybody of a group has several contacts in hand.
    by_slots : (groups,) whether attention is the share of places taken.
    places : how many places there are beside one an agent.
    """

    lengths: Floats
    attention: Floats
    caps: npt.NDArray[np.void]
    more_hands: npt.NDArray[np.int64]
    several: npt.NDArray[np.bool_]
    by_slots: npt.NDArray[np.bool_]
    places: int


def has_channels(scenario: Scenario) -> bool:
    """Whether some intent is no phone call."""
    return any(intent.channel != "phone" for intent in scenario.intents.values())


def make_concurrency(scenario: Scenario, roster: Roster) -> Concurrency:
    """Return them for a scenario; one contact at a time where all come by phone."""
    groups, intents = list(scenario.agents.values()), list(scenario.intents.values())
    most = [group.highest_concurrency if has_channels(scenario) else 1 for group in groups]
    levels = max(most, default=1)
    lengths, shares = np.ones((len(intents), levels + 1)), np.ones((len(intents), levels + 1))
    for k, intent in enumerate(intents):
        if intent.chats is not None:
            known = len(intent.chats.times or range(levels))  # nobody who takes it has more
            lengths[k] = [length_factor(intent.chats, min(n, known)) for n in range(levels + 1)]
            shares[k] = [attention(intent.chats, min(n, known)) for n in range(levels + 1)]
    further = np.repeat(np.array(most, np.int64) - 1, np.diff(roster.first))
    return Concurrency(
        lengths,
        shares,
        _caps(scenario),
        roster.group_of.size + np.cumsum(further) - further,
        np.array([cap > 1 for cap in most]),
        np.array([group.attention == "slot_use" for group in groups]),
        int(further.sum()),
    )


def _caps(scenario: Scenario) -> npt.NDArray[np.void]:
    """The caps of each group, the shorter lists filled up with steps that nobody reaches."""
    steps = [
        [(0.0, group.concurrency)] if isinstance(group.concurrency, int) else list(group.concurrency.items())
        for group in scenario.agents.values()
    ]
    longest = max(map(len, steps), default=1)
    return np.array([row + [(np.inf, 1)] * (longest - len(row)) for row in steps], CAP).reshape(len(steps), longest)
