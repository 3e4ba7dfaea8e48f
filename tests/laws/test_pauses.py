"""The pause that follows a contact: for a tired agent, and after a hard contact."""

import pytest

from sim.mechanisms.fatigue import NEVER, is_hard, pause_us

BREAK, RECOVERY = 300_000_000, 60_000_000


@pytest.mark.parametrize(
    ("fatigue", "hard", "expected"),
    [
        (0.0, False, 0),
        (0.3499999, False, 0),
        (0.35, False, BREAK),
        (0.9, False, BREAK),
        (0.0, True, RECOVERY),
        (0.3499999, True, RECOVERY),
        (0.35, True, BREAK),
        (0.9, True, BREAK),
    ],
)
def test_tired_hard_or_both(fatigue, hard, expected):
    assert pause_us(fatigue, 0.35, BREAK, hard, RECOVERY) == expected


def test_the_longer_of_both_not_their_sum():
    assert pause_us(0.5, 0.35, BREAK, True, 2 * BREAK) == 2 * BREAK
    assert pause_us(0.5, 0.35, BREAK, True, BREAK) == BREAK


def test_nobody_is_tired_enough_where_there_is_no_break():
    assert pause_us(1.0, NEVER, BREAK, False, RECOVERY) == 0
    assert pause_us(1.0, NEVER, BREAK, True, RECOVERY) == RECOVERY


def test_no_recovery_time_is_no_pause():
    assert pause_us(0.0, 0.35, BREAK, True, 0) == 0


@pytest.mark.parametrize(
    ("mistreated", "handled_s", "long", "expected"),
    [
        (False, 599.999999, 2.0, False),
        (False, 600.0, 2.0, True),
        (False, 600.000001, 2.0, True),
        (True, 1.0, 2.0, True),
        (True, 600.0, 2.0, True),
        (False, 449.999999, 1.5, False),
        (False, 450.0, 1.5, True),
        (False, 1.0, 1.5, False),
    ],
)
def test_a_contact_is_hard_with_mistreatment_or_from_so_many_times_its_stated_time_on(
    mistreated, handled_s, long, expected
):
    """Stated are 300 s."""
    assert is_hard(mistreated, round(handled_s * 1e6), 300.0, long) == expected
