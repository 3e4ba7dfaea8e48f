"""Events of the same microsecond happen in the written order: each pair that can change what happens."""

from .worlds import CLOSE, at, constant, equal, intent, shift, shifts, staff


def patient(seconds, **more):
    return intent(patience=constant(seconds), **more)


TWO = {"x": intent(talk=1800), "y": intent(talk=60)}
BOTH = equal("x", "y")


def test_handle_end_before_patience_end(tell):
    """B's patience of 50 s ends at 60, when A's agent is free: answered."""
    story = tell({"A": 0, "B": 10}, intents={"call": patient(50)})
    assert story.contacts[1] == ("B", "answered", 60, 0)


def test_patience_that_ends_a_microsecond_earlier_is_lost(tell):
    story = tell({"A": 0, "B": 9.999999}, intents={"call": patient(50)})
    assert story.contacts[1] == ("B", "abandoned", 59.999999, None)


def test_staffing_before_patience_end(tell):
    story = tell({"A": 0}, intents={"call": patient(1800)}, agents={"team": staff(0, 1)})
    assert story.contacts == [("A", "answered", 1800, 0)]


def test_shift_start_before_patience_end(tell):
    late = shifts(shift(start="09:00", length="11h"))
    story = tell({"A": 0}, intents={"call": patient(3600)}, agents={"team": late})
    assert story.contacts == [("A", "answered", 3600, 0)]


def test_break_end_before_patience_end(tell):
    """The agent rests from 09:00 to 09:15; A waits since 09:05 with ten minutes of patience."""
    rested = shifts(shift(breaks=[("1h", "15m")]))
    story = tell({"A": at("09:05")}, intents={"call": patient(600)}, agents={"team": rested})
    assert story.contacts == [("A", "answered", at("09:15"), 0)]


def test_shift_end_before_handle_end(tell):
    """A ends at 09:00 with agent 0's shift: it goes home, without overtime; B waits for agent 1 at 10:00."""
    lines = shifts(shift(length="1h"), shift(start="10:00", length="10h"))
    story = tell({"A": 3540, "B": 3550}, agents={"team": lines})
    assert story.contacts[1] == ("B", "answered", 7200, 1)
    assert story.duties(0) == [(0, 3600, 3600)]


def test_a_microsecond_before_the_shift_ends_one_more_is_taken(tell):
    lines = shifts(shift(length="1h"), shift(start="10:00", length="10h"))
    story = tell({"A": 3539.999999, "B": 3550}, agents={"team": lines})
    assert story.contacts[1] == ("B", "answered", 3599.999999, 0)
    assert story.duties(0) == [(0, 3600, 3659.999999)]


def test_shift_end_before_arrival(tell):
    lines = shifts(shift(length="1h"), shift(start="10:00", length="10h"))
    assert tell({"A": 3600}, agents={"team": lines}).contacts == [("A", "answered", 7200, 1)]


def test_shift_end_before_break_end(tell):
    """The break ends with the shift, at 09:00: agent 0 does not take A, who waits since 08:50."""
    lines = shifts(shift(length="1h", breaks=[("45m", "15m")]), shift(start="10:00", length="10h"))
    story = tell({"A": 3000}, agents={"team": lines})
    assert story.contacts == [("A", "answered", 7200, 1)]
    assert story.duties(0) == [(0, 3600, 3600)]


def test_shift_start_before_arrival(tell):
    late = shifts(shift(start="09:00", length="11h"))
    story = tell({"A": 3600}, agents={"team": late})
    assert story.waits == {"A": (0, False)}


def test_break_due_before_handle_end(tell):
    """A ends at 09:00, when the break falls due: B waits through it."""
    rested = shifts(shift(breaks=[("1h", "15m")]))
    story = tell({"A": 3540, "B": 3550}, agents={"team": rested})
    assert story.contacts[1] == ("B", "answered", 4500, 0)


def test_a_microsecond_before_the_break_one_more_is_taken(tell):
    """B is taken at 3599.999999, ends 60 s later, and the break follows in full."""
    rested = shifts(shift(breaks=[("1h", "15m")]))
    story = tell({"A": 3539.999999, "B": 3550}, agents={"team": rested})
    assert story.contacts[1] == ("B", "answered", 3599.999999, 0)
    assert story.spells()[3] == ("break", 3659.999999, 4559.999999)


def test_break_due_before_arrival(tell):
    rested = shifts(shift(breaks=[("1h", "15m")]))
    assert tell({"A": 3600}, agents={"team": rested}).contacts == [("A", "answered", 4500, 0)]


def test_break_due_before_break_end(tell):
    """The second break falls due at 09:15, as the first ends: it follows at once, A waits until 09:25."""
    rested = shifts(shift(breaks=[("1h", "15m"), ("1h15m", "10m")]))
    story = tell({"A": 4000}, agents={"team": rested})
    assert story.contacts == [("A", "answered", at("09:25"), 0)]


def test_break_end_before_handle_end(tell):
    """At 09:15 agent 1 is back and agent 0 finishes A: agent 1 takes B."""
    lines = shifts(shift(), shift(breaks=[("1h", "15m")]))
    story = tell({"A": 4440, "B": 4450}, agents={"team": lines})
    assert story.contacts == [("A", "answered", 4440, 0), ("B", "answered", 4500, 1)]


def test_shift_start_before_break_end(tell):
    """At 09:15 agent 0 is back and agent 1 comes: agent 1 takes A, who waits since 09:05."""
    lines = shifts(shift(breaks=[("1h", "15m")]), shift(start="09:15", length="10h"))
    assert tell({"A": at("09:05")}, agents={"team": lines}).contacts == [("A", "answered", at("09:15"), 1)]


def test_staffing_before_shift_start(tell):
    """At 08:30 agent 0 starts its shift and agent 1's group is raised: agent 1 takes A."""
    groups = {"by shift": shifts(shift(start="08:30", length="11h")), "by count": staff(0, 1)}
    assert tell({"A": 60}, agents=groups).contacts == [("A", "answered", 1800, 1)]


def test_a_fall_before_arrival(tell):
    """The only agent leaves at 08:30, a new count of one comes at 09:00."""
    story = tell({"A": 1800}, agents={"team": staff(1, 0, 1)})
    assert story.contacts == [("A", "answered", 3600, 0)]


def test_a_rise_before_arrival(tell):
    assert tell({"A": 1800}, agents={"team": staff(0, 1)}).waits == {"A": (0, False)}


def test_a_fall_before_handle_end(tell):
    """08:30: both busy, the count falls to one, A ends. A's agent leaves; B waits for agent 1."""
    story = tell(
        {"A": (1740, "y"), "C": (1745, "x"), "B": (1750, "y")},
        intents=TWO,
        agents={"team": staff(2, 1, skills=BOTH)},
    )
    assert story.contacts == [("A", "answered", 1740, 0), ("C", "answered", 1745, 1), ("B", "answered", 3545, 1)]
    assert story.duties(0) == [(0, 1800, 1800)]


def test_a_fall_at_handle_end_sends_who_was_idle(tell):
    """At 08:30 agent 0 is still with A, so idle agent 1 goes; were A over already, agent 0 would."""
    story = tell({"A": 1740}, agents={"team": staff(2, 1)})
    assert story.duties(0) == [(0, CLOSE, CLOSE)]
    assert story.duties(1) == [(0, 1800, 1800)]


def test_a_rise_before_handle_end(tell):
    """At 08:30 agent 1 is called in and agent 0 finishes A: agent 1 takes B."""
    story = tell({"A": 1740, "B": 1750}, agents={"team": staff(1, 2)})
    assert story.contacts == [("A", "answered", 1740, 0), ("B", "answered", 1800, 1)]


def test_two_handle_ends_by_agent_number(tell):
    """Both are free at 100, agent 1's contact having begun earlier: agent 0 takes D, who waits longest."""
    story = tell(
        {"A": (0, "a"), "B": (5, "b"), "C": (20, "c"), "D": (30, "a"), "E": (40, "a")},
        intents={"a": intent(talk=10), "b": intent(talk=95), "c": intent(talk=80)},
        agents={"team": staff(2, skills=equal("a", "b", "c"))},
    )
    assert story.contacts == [
        ("A", "answered", 0, 0),
        ("B", "answered", 5, 1),
        ("C", "answered", 20, 0),
        ("D", "answered", 100, 0),
        ("E", "answered", 100, 1),
    ]


def test_handle_end_before_arrival(tell):
    story = tell({"A": 0, "B": 60})
    assert story.waits["B"] == (0, False)


def test_who_waits_goes_before_who_arrives_at_the_handle_end(tell):
    story = tell({"A": 0, "B": 50, "C": 60})
    assert story.contacts[1:] == [("B", "answered", 60, 0), ("C", "answered", 120, 0)]


def test_two_arrivals_by_need_number(tell):
    """A (need 0) is back at 60, when B (need 1) calls for the first time."""
    again = {"repeat": {"probability": 1.0, "delay": constant(50)}, "max_attempts": 2}
    story = tell({"A": 0, "B": 60}, intents={"call": intent(talk=10, resolution=0.0)}, customers=again)
    assert [c[:3] for c in story.contacts[:3]] == [
        ("A", "answered", 0),
        ("A2", "answered", 60),
        ("B", "answered", 70),
    ]


def test_two_patience_ends(tell):
    """B's 50 s from 10 and C's 40 s from 20 both end at 60, a moment before A's 61 s do."""
    intents = {"call": intent(talk=61), "x": patient(50, skill="call"), "y": patient(40, skill="call")}
    story = tell({"A": 0, "B": (10, "x"), "C": (20, "y")}, intents=intents)
    assert story.contacts[1:] == [("B", "abandoned", 60, None), ("C", "abandoned", 60, None)]


BOT = {"opt_out": 0.0, "opt_out_after_failure": 0.0, "false_containment": 0.0, "session": constant(30)}


def chatty(**more):
    """An intent whose bot always fails and hands off after 30 s."""
    return intent(bot={"resolves": 0.0}, skill="call", **more)


def test_handle_end_before_bot_end(tell):
    story = tell({"A": 0, "B": (30, "chat")}, intents={"call": intent(), "chat": chatty()}, bot=BOT)
    assert story.waits["B"] == (0, False)


def test_bot_end_before_arrival(tell):
    """A (need 0) returns at 60; B (need 1) is handed off at 60 and goes first, whatever its number."""
    again = {"repeat": {"probability": 1.0, "delay": constant(50)}, "max_attempts": 2}
    intents = {"call": intent(talk=10, resolution=0.0), "chat": chatty(talk=10)}
    story = tell({"A": 0, "B": (30, "chat")}, intents=intents, customers=again, bot=BOT)
    assert story.contacts == [("A", "answered", 0, 0), ("A2", "answered", 70, 0), ("B", "answered", 60, 0)]


def test_two_bot_ends_by_need_number(tell):
    """A's second session and B's first both end at 80: A is need 0 and goes first."""
    again = {"repeat": {"probability": 1.0, "delay": constant(10)}, "max_attempts": 2}
    intents = {"chat": chatty(talk=10, resolution=0.0)}
    story = tell({"A": (0, "chat"), "B": (50, "chat")}, intents=intents, customers=again, bot=BOT)
    assert story.arrivals[:3] == [("A", 0), ("A2", 50), ("B", 50)]
    assert [c[:3] for c in story.contacts[:3]] == [
        ("A", "answered", 30),
        ("A2", "answered", 80),
        ("B", "answered", 90),
    ]


def test_close_before_handle_end(tell):
    """A ends at 20:00 sharp. Drain: its agent was on duty at close and takes B. Clear: B is cut off."""
    calls = {"A": CLOSE - 60, "B": CLOSE - 50}
    assert tell(calls).contacts[1] == ("B", "answered", CLOSE, 0)
    assert tell(calls, calendar={"at_close": "clear"}).contacts[1] == ("B", "disconnected", CLOSE, None)


def test_close_before_patience_end(tell):
    """B's patience ends at 20:00 sharp: the closing line cuts it off first, a draining one lets it give up."""
    calls = {"A": CLOSE - 120, "B": CLOSE - 60}
    world = {"intents": {"call": patient(60, talk=600)}}
    assert tell(calls, **world).contacts[1] == ("B", "abandoned", CLOSE, None)
    cut = tell(calls, **world, calendar={"at_close": "clear"})
    assert cut.contacts[1] == ("B", "disconnected", CLOSE, None)


def test_close_before_shift_end(tell):
    """A shift that ends at 20:00 still counts as on duty at close: the agent drains the queue, as overtime."""
    story = tell({"A": CLOSE - 30, "B": CLOSE - 20}, agents={"team": shifts(shift())})
    assert story.contacts[1] == ("B", "answered", CLOSE + 30, 0)
    assert story.duties() == [(0, CLOSE, CLOSE + 90)]


def test_close_before_bot_end(tell):
    """A hand-off at 20:00 sharp is a later one."""
    world = {"intents": {"call": chatty()}, "bot": BOT}
    assert tell({"A": CLOSE - 30}, **world).contacts == [("A", "answered", CLOSE, 0)]
    cut = tell({"A": CLOSE - 30}, **world, calendar={"at_close": "clear"})
    assert cut.contacts == [("A", "disconnected", CLOSE, None)]


def test_opening_before_the_first_arrival(tell):
    for group in (staff(1), shifts(shift())):
        story = tell({"A": 0}, agents={"team": group})
        assert story.waits == {"A": (0, False)}
