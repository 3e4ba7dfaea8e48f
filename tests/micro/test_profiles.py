"""`profile` on a distribution: the mean by opening interval, normalised to an arrival-weighted mean of 1."""

import pytest

from .worlds import DAY, constant, intent


def with_profile(seconds, *weights):
    listed = [*weights, *[weights[-1]] * (24 - len(weights))]
    return constant(seconds) | {"profile": listed}


def test_the_interval_of_the_arrival_sets_the_time(tell):
    """One arrival at weight 1 and three at weight 2: mean weight 7/4. 70 s become 40 s and 80 s."""
    story = tell(
        {"A": 0, "B": 1800, "C": 2000, "D": 2200},
        intents={"call": intent(talk_time=with_profile(70, 1, 2))},
    )
    assert [story.row(label)["talk_us"] for label in "ABCD"] == pytest.approx([40e6, 80e6, 80e6, 80e6], abs=1)
    assert story.row("A")["base_us"] == pytest.approx(40e6, abs=1)


def test_any_scale_is_the_same(tell):
    story = tell({"A": 0, "B": 1800}, intents={"call": intent(talk_time=with_profile(60, 10, 10))})
    assert [story.row(label)["talk_us"] for label in "AB"] == [60_000_000, 60_000_000]


def test_it_is_the_arrival_not_the_answer(tell):
    """B arrives in the first interval and is answered in the second: weight 1 of the mean 1, not 3."""
    story = tell(
        {"A": 1700, "B": 1750},
        intents={"call": intent(talk_time=with_profile(100, 1, 3))},
    )
    assert story.contacts[1] == ("B", "answered", 1800, 0)
    assert story.row("B")["talk_us"] == pytest.approx(100e6, abs=1)


def test_the_attempts_own_arrival(tell):
    """First at 08:00, back at 08:30: the first arrivals are at weight 1 only, so the return takes three times 60 s."""
    story = tell(
        {"A": 0},
        intents={"call": intent(talk_time=with_profile(60, 1, 3), resolution=0.0)},
        customers={"repeat": {"probability": 1.0, "delay": constant(1800)}, "max_attempts": 2},
    )
    assert [story.row(label)["talk_us"] for label in ("A", "A2")] == pytest.approx([60e6, 180e6], abs=1)


def test_patience_has_its_own(tell):
    """All wait behind A: arrivals at weights 1, 1 and 4 have a mean of 2, so 100 s become 50, 50 and 200."""
    story = tell(
        {"A": 0, "B": 10, "C": 1900},
        intents={"call": intent(talk=DAY / 2, patience=with_profile(100, 1, 4))},
    )
    assert story.waits["B"][0] == pytest.approx(50, abs=1e-6)
    assert story.waits["C"][0] == pytest.approx(200, abs=1e-6)


def test_wrap_up_has_its_own(tell):
    story = tell({"A": 0, "B": 1800}, intents={"call": intent(wrap_up=with_profile(60, 1, 3))})
    assert [story.row(label)["wrap_us"] for label in "AB"] == pytest.approx([30e6, 90e6], abs=1)
