"""Luck as a function: u(seed, replication, purpose, entity, attempt), counter-based.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
2011). A draw depends on nothing but its own name, so no scenario can disturb another's luck.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from sim.jit import compiled, inlined, whole_loop

_word = np.uint64
_FACTOR_0, _FACTOR_1, _STEP_0, _STEP_1 = (_word(n) for n in (0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85))
_MASK, _HALF, _FIVE, _SIX = (_word(n) for n in (0xFFFFFFFF, 32, 5, 6))
_KEY_TAG = 0x63637369  # "ccsi": keeps the key's own counter apart from every draw


def name_hash(name: str) -> int:
    """The 32-bit number under which an intent or a group enters the counter."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")


@inlined
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[np.uint64, ...]:
    """Ten rounds of Philox4x32: four 32-bit counter words and two key words in, four 32-bit words out.

    The words are unsigned, which spares a mask in each round.
    """
    w0, w1, w2, w3, a0, a1 = _word(c0), _word(c1), _word(c2), _word(c3), _word(k0), _word(k1)
    for _ in range(10):
        p0, p1 = _FACTOR_0 * w0, _FACTOR_1 * w2
        w0, w1, w2, w3 = (p1 >> _HALF) ^ (w1 ^ a0), p1 & _MASK, (p0 >> _HALF) ^ (w3 ^ a1), p0 & _MASK
        a0, a1 = (a0 + _STEP_0) & _MASK, (a1 + _STEP_1) & _MASK
    return w0, w1, w2, w3


@compiled
def replication_key(seed: int, replication: int) -> tuple[int, int]:
    """The two key words of one replication: a Philox draw keyed by the seed."""
    words = philox4x32(replication & 0xFFFFFFFF, replication >> 32, 0, _KEY_TAG, seed & 0xFFFFFFFF, seed >> 32)
    return int(words[0]), int(words[1])


@inlined
def uniform_of(k0: int, k1: int, number: int, date: int, name: int, purpose: int, attempt: int) -> float:
    """The same as `uniform`, which see, copied into its caller: for loops that draw many numbers."""
    w0, w1, _, _ = philox4x32(number, date, name, (purpose << 24) | attempt, k0, k1)
    return (np.int32(w0 >> _FIVE) * 67108864.0 + np.int32(w1 >> _SIX) + 0.5) / 9007199254740992.0


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
    return uniform_of(k0, k1, number, date, name, purpose, attempt)


@whole_loop
def uniforms(k0: int, k1: int, first: int, date: int, name: int, purpose: int, out: npt.NDArray[np.float64]) -> None:
    """The draws of the numbers from `first` on, as many as `out` holds: four at a time, where one by one waits."""
    for i in range(out.size):
        out[i] = uniform_of(k0, k1, first + i, date, name, purpose, 0)


@whole_loop
def uniforms_by_name(
    k0: int,
    k1: int,
    number: npt.NDArray[np.int64],
    date: npt.NDArray[np.int64],
    name: npt.NDArray[np.int64],
    purpose: int,
    attempt: int,
    out: npt.NDArray[np.float64],
) -> None:
    """The draws of many entities, (entities,) each: the parameters are those of `uniform`."""
    for i in range(number.size):
        out[i] = uniform_of(k0, k1, number[i], date[i], name[i], purpose, attempt)


@compiled
def happens(
    k0: int, k1: int, number: int, date: int, name: int, purpose: int, attempt: int, probability: float
) -> bool:
    """Whether something of this probability happens; the other parameters are those of `uniform`."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or uniform(k0, k1, number, date, name, purpose, attempt) < probability
