"""Luck as a function: u(seed, replication, purpose, entity, attempt), counter-based.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
2011). A draw depends on nothing but its own name, so no scenario can disturb another's luck.
"""

import hashlib
from enum import IntEnum

from sim.jit import compiled

_KEY_TAG = 0x63637369  # "ccsi": keeps the key's own counter apart from every draw


class Purpose(IntEnum):
    """What a draw is for. The numbers are part of every result: never change one, only add."""

    ARRIVAL_GAP = 1
    ARRIVAL_PLACE = 2
    BUSYNESS = 3
    INTERVAL_BUSYNESS = 4
    TRACE_INTENT = 5
    DIFFICULTY = 10
    CAPABILITY = 11
    OPT_OUT = 12
    FALSE_CONTAINMENT = 13
    BOT_TIME = 14
    CONTEXT = 15
    BALK = 20
    PATIENCE = 21
    TALK = 22
    WRAP_UP = 23
    MISTREATED = 24
    RESOLUTION = 25
    REDIAL = 30
    REDIAL_NEXT_DAY = 31
    REDIAL_DELAY = 32
    REPEAT = 33
    REPEAT_DELAY = 34
    RETURN_TIME = 35
    ABSENCE = 40


def name_hash(name: str) -> int:
    """The 32-bit number under which an intent or a group enters the counter."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")


@compiled
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox4x32: four 32-bit counter words and two key words in, four 32-bit words out.

    Products wrap around in 64 bits; only their two halves are used, so the sign does not matter.
    """
    mask = 0xFFFFFFFF
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = ((p1 >> 32) & mask) ^ c1 ^ k0, p1 & mask, ((p0 >> 32) & mask) ^ c3 ^ k1, p0 & mask
        k0 = (k0 + 0x9E3779B9) & mask
        k1 = (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


@compiled
def replication_key(seed: int, replication: int) -> tuple[int, int]:
    """The two key words of one replication: a Philox draw keyed by the seed."""
    words = philox4x32(replication & 0xFFFFFFFF, replication >> 32, 0, _KEY_TAG, seed & 0xFFFFFFFF, seed >> 32)
    return words[0], words[1]


@compiled
def uniform(k0: int, k1: int, number: int, date: int, name: int, purpose: int, attempt: int) -> float:
    """One draw in the open interval (0, 1), with 53 bits.

    Parameters
    ----------
    k0, k1 : the replication's key words.
    number, date, name : the entity: its number in its own process, the day (proleptic ordinal), its name's hash.
    purpose : a `Purpose`.
    attempt : the attempt that the draw belongs to, 0 for a draw made once an entity; below 2**24.
    """
    w0, w1, _, _ = philox4x32(number, date, name, (purpose << 24) | attempt, k0, k1)
    return ((w0 >> 5) * 67108864.0 + (w1 >> 6) + 0.5) / 9007199254740992.0


@compiled
def happens(
    k0: int, k1: int, number: int, date: int, name: int, purpose: int, attempt: int, probability: float
) -> bool:
    """Whether something of this probability happens; the other parameters are those of `uniform`."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or uniform(k0, k1, number, date, name, purpose, attempt) < probability
