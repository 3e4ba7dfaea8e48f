"""What an agent may not decide alone: shares over a whole population of needs, by closed forms."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.mechanisms.supervisor import MECHANISM, Supervisor, intent_law, supervised_share

Z = ndtri((np.arange(20_000) + 0.5) / 20_000)
"""A whole population of difficulties."""


def shares(intent="any", **given):
    """(easy, hard, difficult_above) of an intent under a supervisor block."""
    boss = Supervisor.model_validate({"group": "lead"} | given)
    return *intent_law(boss, SimpleNamespace(name=intent), 0), boss.difficult_above


def over_all(**given):
    """The share of all needs."""
    law = shares(**given)
    return np.mean([supervised_share(z, *law) for z in Z])


def test_a_need_beyond_the_limit_is_difficult():
    assert supervised_share(1.2999, 0.05, 0.25, 1.3) == 0.05
    assert supervised_share(1.3001, 0.05, 0.25, 1.3) == 0.25
    assert supervised_share(-2.0, 0.05, 0.25, -2.5) == 0.25


def test_the_default_by_hand():
    """The hardest 9.68 % five times as often: .08 / (1 + 4 x .0968) = .05767, and .28835."""
    easy, hard, above = shares()
    assert above == 1.3
    assert ndtr(-1.3) == pytest.approx(0.0968, abs=5e-5)
    assert easy == pytest.approx(0.05767, abs=5e-6)
    assert hard == pytest.approx(0.28835, abs=5e-6)


@pytest.mark.parametrize("above", [-0.5, 0.0, 1.3, 2.2])
@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 5.0])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.15])
def test_the_share_of_all_needs_is_the_stated_one_and_difficult_ones_are_as_much_likelier(share, factor, above):
    given = {"share": share, "difficult_factor": factor, "difficult_above": above}
    easy, hard, _ = shares(**given)
    assert over_all(**given) == pytest.approx(share, rel=1e-3)
    assert hard == pytest.approx(factor * easy)


@pytest.mark.parametrize("discretion", [0.0, 0.45, 0.6, 1.0, 2.0])
def test_discretion_scales_easy_and_difficult_needs_alike(discretion):
    stated, found = shares()[:2], shares(discretion=discretion)[:2]
    assert found == pytest.approx([discretion * share for share in stated])
    assert over_all(discretion=discretion) == pytest.approx(0.08 * discretion, rel=1e-3)


def test_discretion_of_one_and_difficulty_that_does_not_matter_give_the_share_itself():
    assert shares(share=0.08, difficult_factor=1.0)[:2] == pytest.approx((0.08, 0.08), rel=1e-15)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"share": 1.0, "difficult_factor": 1.0}, (1.0, 1.0)),
        ({"share": 1.0, "difficult_factor": 1.0, "discretion": 3.0}, (1.0, 1.0)),
        ({"share": 0.5}, (0.36044, 1.0)),
        ({"share": 1.0, "difficult_factor": 0.0, "difficult_above": 0.0}, (1.0, 0.0)),
    ],
)
def test_no_share_is_above_one(given, expected):
    """Half of all needs would take 1.80 of the difficult ones: all of them do, and .36 of the others."""
    assert shares(**given)[:2] == pytest.approx(expected, abs=5e-6)


def test_no_need_is_taken_where_all_are_difficult_and_difficult_ones_are_not():
    assert shares(share=0.5, difficult_factor=0.0, difficult_above=-40.0)[:2] == (0.0, 0.0)


def test_a_map_holds_for_the_intents_that_it_names():
    given = {"share": {"refund": 0.3, "order": 0.05}, "difficult_factor": 1.0}
    assert shares("refund", **given)[:2] == pytest.approx((0.3, 0.3))
    assert shares("order", **given)[:2] == pytest.approx((0.05, 0.05))
    assert shares("other", **given)[:2] == (0.0, 0.0)
    assert shares("refund", share={"refund": 0.08})[:2] == shares()[:2]


def test_without_a_supervisor_nobody_asks():
    assert MECHANISM.of_intents() == (0.0, 0.0)
