"""Channels and the same microsecond: each pair of events of which the written order decides what happens."""

import pytest

from .worlds import CLOSE, DAY, chat, constant, equal, intent, item, shift, shifts, staff

MIXED = {"call": intent(60), "web": chat(60, lengths=(1,), skill="call")}
TWO_DAYS = {"days": 2}


def calls_back(**more):
    offer = {"offer_above": "0s", "accepts": 1.0, "answers": 0.0, "ring": "20s", "between": "5m", "attempts": 2}
    return {"patience": "infinite", "callback": offer | more}


# --- call-backs


@pytest.mark.parametrize(("comes", "ends"), [(CLOSE - 380.000001, CLOSE + 19.999999), (CLOSE - 380, DAY + 20)])
def test_at_close_a_call_that_is_due_waits_for_the_next_opening(tell, comes, ends):
    """Called 60 s after A, for 20 s, and 300 s later: a microsecond before close the agent still rings, and stays."""
    story = tell({"A": comes, "B": comes + 10}, customers=calls_back(expires="20h"), calendar=TWO_DAYS)
    assert story.contacts[1] == ("B", "abandoned", ends, None)


def test_a_call_that_is_due_at_the_end_of_the_promise_is_made(tell):
    """Due again at 6:20, when the promise of 370 s ends."""
    story = tell({"A": 0, "B": 10}, customers=calls_back(expires="370s"))
    assert (story.contacts[1], story.channel("B")["tries"]) == (("B", "abandoned", 400, None), 2)


def test_a_microsecond_earlier_it_has_ended(tell):
    story = tell({"A": 0, "B": 10}, customers=calls_back(expires="369.999999s"))
    assert (story.contacts[1], story.channel("B")["tries"]) == (("B", "abandoned", 379.999999, None), 1)


def test_the_end_of_a_ringing_comes_before_the_end_of_patience(tell):
    """B is rung from 1:00 to 1:20, when D's 50 s are over."""
    kinds = MIXED | {"web": chat(60, lengths=(1,), skill="call", patience=constant(50))}
    story = tell({"A": 0, "B": 10, "D": (30, "web")}, intents=kinds, customers=calls_back())
    assert story.contacts[2] == ("D", "answered", 80, 0)


def test_the_end_of_a_ringing_comes_before_an_arrival(tell):
    """At 1:20 the agent is free, and E finds nobody else in the line."""
    story = tell({"A": 0, "B": 10, "E": (80, "web")}, intents=MIXED, customers=calls_back())
    assert story.waits["E"] == (0, False)


def test_who_arrives_when_a_call_is_due_comes_first(tell):
    """At 6:20 the agent is idle."""
    story = tell({"A": 0, "B": 10, "E": (380, "web")}, intents=MIXED, customers=calls_back())
    assert story.waits["E"] == (0, False)
    assert story.contacts[1] == ("B", "abandoned", 460, None)


# --- overflow

KINDS = {"call": intent(300, patience=constant(60)), "other": intent(60)}


def helpers(after="60s"):
    late = {"other": {"preference": 1}, "call": {"preference": 2, "overflow_after": after}}
    return {"own": staff(1), "helping": staff(1, skills=late)}


@pytest.mark.parametrize(("after", "outcome"), [("60s", ("answered", 70, 1)), ("60.000001s", ("abandoned", 70, None))])
def test_overflow_comes_before_the_end_of_patience(tell, after, outcome):
    story = tell({"A": 0, "B": 10}, intents=KINDS, agents=helpers(after))
    assert story.contacts[1] == ("B", *outcome)


def test_an_arrival_comes_before_overflow(tell):
    """X takes the helper at 1:10, when B has waited for 60 s; B is still there at 2:10."""
    kinds = KINDS | {"call": intent(300)}
    story = tell({"A": 0, "B": 10, "X": (70, "other")}, intents=kinds, agents=helpers())
    assert story.contacts[1:] == [("B", "answered", 130, 1), ("X", "answered", 70, 1)]


# --- chats

SLOWER = (1, 1.5, 2)


def tell_chats(tell, calls, cap=2, kinds=None, **more):
    team = {"team": staff(1, skills=("call",), concurrency=cap)}
    return tell(calls, intents={"call": chat(100, 0, SLOWER)} | (kinds or {}), agents=team, **more)


def test_two_that_end_together_give_their_places_to_two(tell):
    """Both end at 2:30; C and D, who wait, begin then, and go on side by side."""
    story = tell_chats(tell, {"A": 0, "B": 0, "C": 10, "D": 20})
    assert [when for *_, when, _ in story.contacts[2:]] == [150, 150]
    assert story.closed("C", "D") == {"C": 300, "D": 300}


def test_who_comes_as_a_chat_ends_finds_the_place_free(tell):
    story = tell_chats(tell, {"A": 0, "B": 0, "C": 150})
    assert story.waits["C"] == (0, False)


def test_at_the_same_moment_one_ends_and_another_is_slowed_once(tell):
    """A, alone, ends at 1:40 as B comes: B has the agent to itself."""
    story = tell_chats(tell, {"A": 0, "B": 100})
    assert story.closed("A", "B") == {"A": 100, "B": 200}


@pytest.mark.parametrize(
    ("patience", "outcome"), [(120, ("answered", 150, 0)), (119.999999, ("abandoned", 149.999999))]
)
def test_a_place_that_nobody_fills_falls_free_before_the_end_of_patience(tell, patience, outcome):
    """C has left at 0:55, and its place is taken from 1:40 to 2:30, when D's 120 s are over."""
    brief = chat(100, 0, SLOWER, skill="call", patience=constant(30))
    kinds = {"brief": brief, "mild": brief | {"patience": constant(patience)}}
    customers = {"patience": "infinite", "silent_leave": 1.0, "silent_timeout": "50s"}
    calls = {"A": 0, "C": (25, "brief"), "D": (30, "mild")}
    story = tell_chats(tell, calls, cap=1, kinds=kinds, customers=customers)
    assert story.contacts[2][1 : 1 + len(outcome)] == outcome
    assert story.ghosts[0] == ("C", 25, 100, 150)


# --- deferred work

CALLS_FIRST = {"call": {"preference": 1}, "item": {"preference": 2}}


@pytest.mark.parametrize("interruptible", [True, False])
def test_an_item_ends_before_a_call_that_comes_then_would_interrupt_it(tell, interruptible):
    kinds = {"call": intent(60), "item": item(100, interruptible=interruptible)}
    story = tell({"X": (0, "item"), "A": 100}, intents=kinds, agents={"team": staff(1, skills=CALLS_FIRST)})
    assert (story.waits["A"], story.channel("X")["aside"], story.closed("X")) == ((0, False), 0, {"X": 100})


def test_an_item_that_ends_with_the_shift_is_put_aside_with_nothing_left(tell):
    """The shift ends first: whoever comes at 9:30 has it in hand for no time at all."""
    kinds = {"item": item(100, interruptible=True)}
    lines = shifts(shift(length="1h"), shift(start="09:30", length="1h"), skills=("item",))
    story = tell({"X": (3500, "item")}, intents=kinds, agents={"team": lines})
    assert (story.channel("X")["aside"], story.closed("X")) == (1, {"X": 5400})
    assert story.duties(0) == [(0, 3600, 3600)]


def test_a_call_and_an_item_that_come_together_to_one_agent(tell):
    """The item is first in the file of arrivals: it is begun, and put aside for the call in the same microsecond."""
    kinds = {"item": item(100, interruptible=True), "call": intent(60)}
    story = tell({"X": (10, "item"), "A": 10}, intents=kinds, agents={"team": staff(1, skills=equal("call", "item"))})
    assert (story.waits["A"], story.closed("X")) == ((0, False), {"X": 170})
