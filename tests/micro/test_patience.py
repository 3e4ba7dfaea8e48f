"""Waiting, giving up, balking."""

import pytest

from .worlds import HOUR, constant, intent, staff


def test_gives_up_at_exactly_the_patience(tell):
    story = tell({"A": 0, "B": 10}, intents={"call": intent(patience=constant(49.5))})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "abandoned", 59.5, None)]
    assert story.waits["B"] == (49.5, True)


def test_infinite_patience_never_ends(tell):
    story = tell({"A": 0, "B": 10}, intents={"call": intent(talk=10 * HOUR)})
    assert story.contacts[1] == ("B", "answered", 10 * HOUR, 0)


def test_the_intents_patience_replaces_the_customers(tell):
    """B keeps to the 20 s of all customers, C to the 30 s of its intent, D never gives up."""
    intents = {
        "call": intent(),
        "calm": intent(skill="call", patience=constant(30)),
        "stoic": intent(skill="call", patience="infinite"),
    }
    story = tell(
        {"A": 0, "B": 1, "C": (1, "calm"), "D": (1, "stoic")},
        intents=intents,
        customers={"patience": constant(20)},
    )
    assert story.contacts[1:] == [
        ("B", "abandoned", 21, None),
        ("C", "abandoned", 31, None),
        ("D", "answered", 60, 0),
    ]


def test_patience_is_for_waiting_only(tell):
    """A is served from 0 to 60 with a patience of 20 s; B is answered after 15 s and stays on the line."""
    story = tell({"A": 0, "B": 45, "C": 110}, intents={"call": intent(patience=constant(20))})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 60, 0), ("C", "answered", 120, 0)]


def test_who_gave_up_leaves_no_gap_in_the_queue(tell):
    """B gives up at 30; C, next in line, is taken at 60 and nobody is called twice."""
    story = tell(
        {"A": 0, "B": (10, "hasty"), "C": 20, "D": 40},
        intents={"call": intent(), "hasty": intent(skill="call", patience=constant(20))},
    )
    assert story.contacts == [
        ("A", "answered", 0, 0),
        ("B", "abandoned", 30, None),
        ("C", "answered", 60, 0),
        ("D", "answered", 120, 0),
    ]


def test_balks_rather_than_wait(tell):
    """B would have to wait and leaves at once: offered, not delayed. C finds the agent idle and stays."""
    story = tell({"A": 0, "B": 10, "C": 100}, customers={"balk": 1.0})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "balked", 10, None), ("C", "answered", 100, 0)]
    assert story.waits["B"] == (0, False)


def test_nobody_balks_at_zero(tell):
    story = tell({"A": 0, "B": 10, "C": 20}, customers={"balk": 0.0})
    assert story.order() == ["A", "B", "C"]


def test_balks_when_nobody_is_on_duty(tell):
    assert tell({"A": 10}, agents={"team": staff(0, 1)}, customers={"balk": 1.0}).contacts == [
        ("A", "balked", 10, None)
    ]


def test_no_patience_at_all_is_delayed_for_no_time(tell):
    """B has to wait and its patience is over at once: abandoned after 0 s. Unlike a balk it was delayed."""
    story = tell({"A": 0, "B": 10}, intents={"call": intent(patience=constant(0))})
    assert story.contacts == [("A", "answered", 0, 0), ("B", "abandoned", 10, None)]
    assert story.waits["B"] == (0, True)


@pytest.mark.parametrize(("talk", "wait"), [(30, 20), (30.000001, 20.000001)])
def test_waits_are_exact_to_the_microsecond(tell, talk, wait):
    """What "within 20 s" turns on."""
    intents = {"call": intent(), "first": intent(talk=talk, skill="call")}
    story = tell({"A": (0, "first"), "B": 10}, intents=intents)
    assert story.waits["B"] == (wait, True)
