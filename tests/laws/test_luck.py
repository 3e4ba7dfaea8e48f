"""Luck: the generator against published vectors, and names that never change."""

import numpy as np
import pytest
from scipy import stats

from sim.jit import compiled
from sim.rng.philox import name_hash, philox4x32, replication_key, uniform
from sim.rng.purposes import Purpose

ONES = 0xFFFFFFFF

# Random123 (Salmon, Moraes, Dror and Shaw 2011), examples/kat_vectors: philox4x32 10.
VECTORS = [
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((ONES,) * 4, (ONES,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_philox_against_the_published_vectors(counter, key, words):
    assert " ".join(f"{word:08x}" for word in philox4x32(*counter, *key)) == words


def plain_philox(counter, key):
    """Philox as the paper writes it, in plain Python integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 1 << 32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) & ONES, (k1 + 0xBB67AE85) & ONES
    return c0, c1, c2, c3


def test_philox_against_plain_integers():
    words = np.random.default_rng(1).integers(0, 1 << 32, size=(200, 6)).tolist()
    for *counter, k0, k1 in words:
        assert philox4x32(*counter, k0, k1) == plain_philox(counter, (k0, k1))


def test_a_draw_is_the_first_two_words_of_its_name():
    """53 bits in the open interval: (26 + 27 bits from two words, and a half) / 2**53."""
    number, date, name, purpose, attempt = 17, 739_000, name_hash("billing"), int(Purpose.TALK), 3
    key = replication_key(7, 5)
    first, second, _, _ = plain_philox((number, date, name, (purpose << 24) | attempt), key)
    expected = (((first >> 5) << 26) + (second >> 6) + 0.5) / 2.0**53
    assert uniform(*key, number, date, name, purpose, attempt) == expected


def test_a_replication_key_takes_all_64_bits_of_the_seed():
    seen = {replication_key(seed, n) for seed in (0, 1, 1 << 31, 1 << 32, 1 << 62) for n in (0, 1, 1 << 20, 1 << 33)}
    assert len(seen) == 20
    assert replication_key(1, 0) == plain_philox((0, 0, 0, 0x63637369), (1, 0))[:2]


def test_purposes_keep_their_numbers():
    """Every result hangs on them: a changed number is a changed world."""
    assert {p.name: int(p) for p in Purpose} == {
        "ARRIVAL_GAP": 1,
        "ARRIVAL_PLACE": 2,
        "BUSYNESS": 3,
        "INTERVAL_BUSYNESS": 4,
        "TRACE_INTENT": 5,
        "DIFFICULTY": 10,
        "CAPABILITY": 11,
        "OPT_OUT": 12,
        "FALSE_CONTAINMENT": 13,
        "BOT_TIME": 14,
        "CONTEXT": 15,
        "EXPOSED": 16,
        "TURN_FAILS": 17,
        "TURN_TIME": 18,
        "GIVES_UP": 19,
        "BALK": 20,
        "PATIENCE": 21,
        "TALK": 22,
        "WRAP_UP": 23,
        "MISTREATED": 24,
        "RESOLUTION": 25,
        "CLEANUP": 26,
        "CLEANUP_TIME": 27,
        "SENT_AWAY": 28,
        "SUPERVISED": 29,
        "REDIAL": 30,
        "REDIAL_NEXT_DAY": 31,
        "REDIAL_DELAY": 32,
        "REPEAT": 33,
        "REPEAT_DELAY": 34,
        "RETURN_TIME": 35,
        "STRAIGHT": 36,
        "ABSENCE": 40,
        "AGENT_SPEED": 41,
        "AGENT_TENURE": 42,
        "AGENT_ADOPTS": 43,
        "AGENT_AFFECTED": 44,
        "LEAVES_BOT": 50,
        "CONSULTATION": 51,
        "CALLBACK_ACCEPTS": 52,
        "CALLBACK_ANSWERS": 53,
        "SILENT": 54,
        "BOT_DRIFT": 55,
        "OUTAGE": 56,
        "OUTAGE_START": 57,
        "LEAVES": 58,
        "GRADUATES": 59,
        "MONTHLY_DRIFT": 60,
    }


def test_names_keep_their_hashes():
    assert [name_hash(name) for name in ("general", "billing", "Rückfrage")] == [0x6B88DF3C, 0x9F9E2004, 0xCDD22CD8]


@compiled
def many(k0, k1, purpose, attempt, count):
    values = np.empty(count)
    for number in range(count):
        values[number] = uniform(k0, k1, number, 739_000, 99, purpose, attempt)
    return values


def test_draws_are_uniform_and_unrelated():
    """Neighbours of every kind: next customer, next purpose, next attempt, next replication, next seed."""
    count = 20_000
    base = many(*replication_key(1, 0), 22, 1, count)
    assert 0.0 < base.min() < base.max() < 1.0
    assert stats.kstest(base, "uniform").pvalue > 0.001
    others = {
        "customer": np.roll(base, 1),
        "purpose": many(*replication_key(1, 0), 23, 1, count),
        "attempt": many(*replication_key(1, 0), 22, 2, count),
        "replication": many(*replication_key(1, 1), 22, 1, count),
        "seed": many(*replication_key(2, 0), 22, 1, count),
    }
    for name, other in others.items():
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(count), name
