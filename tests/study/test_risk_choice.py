"""What would change the choice, by hand, and how often a number that does nothing is said to."""

import numpy as np
import pytest

from sim.study.risk.choice import choice_by_number

THIRDS = (np.arange(300) + 0.5)[:, None] / 300
"""One number, drawn evenly: a hundred draws in each third."""


def met(*by_third):
    """Plans that meet in so many of the hundred draws of each third."""
    return np.array([[k % 100 < plan[k // 100] for plan in by_third] for k in range(300)])


def test_chances_and_choices_by_third():
    """The small plan is sure enough where the number is low, the large one alone where it is high."""
    found = choice_by_number(THIRDS, met([90, 60, 20], [100, 95, 85]), [0, 1], 0.8)[0]
    assert (found.plan, found.low.mean, found.high.mean) == (0, 0.9, 0.2)
    assert found.choices == (0, 1)
    assert found.size == pytest.approx(0.7)
    assert found.clear


def test_where_no_plan_is_sure_enough_none_is_named():
    found = choice_by_number(THIRDS, met([90, 60, 20], [95, 70, 30]), [0, 1], 0.8)[0]
    assert found.choices == (0, None)


def test_a_little_more_is_not_clear():
    found = choice_by_number(THIRDS, met([82, 80, 78]), [0], 0.8)[0]
    assert not found.clear


def test_the_more_numbers_the_more_it_takes():
    """Thirds that differ by two and a half standard errors: clear for one number, not for one of forty."""
    plan = met([85, 80, 70])
    alone = choice_by_number(THIRDS, plan, [0], 0.8)[0]
    among = choice_by_number(np.hstack([THIRDS, np.tile(THIRDS, 39)]), plan, [0], 0.8)[0]
    assert alone.clear
    assert not among.clear


def test_numbers_that_do_nothing_are_seldom_clear():
    """Of 200 studies with ten such numbers, few name any: at most one in ten where one in twenty is meant."""
    named = 0
    for seed in range(200):
        luck = np.random.default_rng(seed)
        found = choice_by_number(luck.random((200, 10)), luck.random((200, 1)) < 0.8, [0], 0.8)
        named += any(one.clear for one in found)
    assert named <= 20
