"""Satisfaction with a need: every term by hand, and the limits."""

import pytest

from sim.mechanisms.csat import Csat, Points, satisfaction, waiting_points

DEFAULT = Csat()
STATED = Points(85.0, 15.0, 25.0, 12.0, 1.5, 60.0, 12.0, 8.0, 15.0, 6.0, 3.0, 10.0, 0.6)


def of(points=STATED, contacts=1, waited_s=0.0, frustration=0.0, fatigue=0.0, trust_lost=0.0, **told):
    """Satisfaction with a need about which only so much is to be told."""
    ends = (told.pop("unresolved", False), told.pop("transferred", False))
    by_bot = told.pop("by_bot", False)
    assert not told
    return satisfaction(points, contacts, *ends, waited_s, by_bot, frustration, fatigue, trust_lost)


NO_CUTS = STATED._replace(cuts=0.0)


def test_the_published_weights_are_the_defaults():
    """85 - 15 - 25 - 12 - 1.5 a minute (12 at most) - 8 - 15 f - 6 F - 3, and 10 a unit of trust."""
    given = DEFAULT.model_dump()
    names = [name.removesuffix("_s") for name in Points._fields if name != "trust_start"]
    assert [given[name] for name in names] == list(STATED)[:-1]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, 85.0),
        ({"contacts": 2}, 70.0),
        ({"contacts": 4}, 40.0),
        ({"unresolved": True}, 60.0),
        ({"transferred": True}, 73.0),
        ({"waited_s": 180.0}, 82.0),
        ({"by_bot": True}, 77.0),
        ({"frustration": 0.5}, 77.5),
        ({"fatigue": 0.5}, 82.0),
        ({"trust_lost": 0.3}, 82.0),
        ({"trust_lost": -0.1}, 86.0),
        ({"contacts": 2, "transferred": True, "waited_s": 180.0, "frustration": 0.5, "fatigue": 0.5}, 44.5),
        ({"unresolved": True, "by_bot": True, "frustration": 0.2, "trust_lost": 0.05}, 48.5),
    ],
)
def test_each_term_by_hand(told, expected):
    assert of(NO_CUTS, **told) == pytest.approx(expected)


def test_cuts_cost_three_points():
    assert of() == pytest.approx(82.0)


@pytest.mark.parametrize(
    ("waited_s", "expected"),
    [(0, 0), (59, 0), (60, 0), (61, 0.025), (120, 1.5), (300, 6), (539, 11.975), (540, 12), (541, 12), (86_400, 12)],
)
def test_a_wait_costs_by_the_minute_beyond_the_first_and_twelve_points_at_most(waited_s, expected):
    assert waiting_points(STATED, float(waited_s)) == pytest.approx(expected, abs=1e-12)
    assert of(NO_CUTS, waited_s=float(waited_s)) == pytest.approx(85 - expected)


def test_grace_and_limit_are_the_given_ones():
    assert waiting_points(STATED._replace(wait_grace_s=0.0, per_minute=2.0), 90.0) == 3.0
    assert waiting_points(STATED._replace(most_for_waiting=1.0), 1e9) == 1.0
    assert waiting_points(STATED._replace(per_minute=0.0), 1e9) == 0.0


def test_nobody_is_less_than_wholly_dissatisfied_or_more_than_wholly_satisfied():
    worst = {"contacts": 4, "unresolved": True, "transferred": True, "waited_s": 3600.0, "frustration": 1.0}
    assert of(**worst) == 0.0
    assert of(contacts=1000) == 0.0
    assert of(STATED._replace(start=130.0, cuts=0.0)) == 100.0
    assert of(STATED._replace(start=130.0, cuts=0.0), contacts=3) == 100.0
    assert of(STATED._replace(start=130.0, cuts=0.0), contacts=4) == 85.0
