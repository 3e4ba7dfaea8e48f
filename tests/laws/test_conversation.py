"""The names under which turns draw their luck."""

from itertools import pairwise

import numpy as np

from sim.mechanisms.bot import MOST_TURNS, turn_name

ATTEMPTS = 1 << 16
ROOM = 1 << 24
"""A draw's name has 24 bits for the attempt."""


def all_names():
    """The names of every turn of every attempt, in order."""
    return np.array([turn_name(attempt, turn) for turn in range(MOST_TURNS) for attempt in _some_attempts()])


def _some_attempts():
    """The ends of the range, every power of two beside its neighbours, and a few in between."""
    near = {2**k + step for k in range(16) for step in (-1, 0, 1)}
    return sorted({attempt for attempt in near | {0, 12_345, 54_321, ATTEMPTS - 1} if 0 <= attempt < ATTEMPTS})


def test_no_two_turns_share_a_name():
    names = all_names()
    assert np.unique(names).size == names.size


def test_every_attempt_of_a_turn_has_a_name_of_its_own():
    """All 65,536 of the first and of the last turn."""
    first, last = (np.array([turn_name(attempt, turn) for attempt in range(ATTEMPTS)]) for turn in (0, MOST_TURNS - 1))
    assert np.unique(np.concatenate([first, last])).size == 2 * ATTEMPTS


def test_the_turns_of_an_attempt_lie_apart():
    """Turn by turn all names lie above those of the turn before, so that what holds for the ends holds between."""
    ends = [(turn_name(0, turn), turn_name(ATTEMPTS - 1, turn)) for turn in range(MOST_TURNS)]
    assert all(low <= high for low, high in ends)
    assert all(before[1] < after[0] for before, after in pairwise(ends))


def test_names_fit_into_their_bits():
    assert all_names().max() < ROOM
    assert turn_name(ATTEMPTS - 1, MOST_TURNS - 1) < ROOM


def test_no_turn_has_the_name_of_an_attempt():
    """What an attempt draws once is named by its number alone."""
    assert all_names().min() >= ATTEMPTS


def test_names_stay_within_their_bits_however_often_a_customer_comes_back():
    assert ATTEMPTS <= turn_name(ROOM - 1, MOST_TURNS - 1) < ROOM
