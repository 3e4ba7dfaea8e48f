"""Call-backs: who is offered one, what becomes of the place, calls that nobody answers, nights."""

import pytest

from .worlds import CLOSE, DAY, chat, constant, intent, item, shift, shifts, staff

TWO_DAYS = {"days": 2}


def calls_back(offer_above="0s", **more):
    """Whoever would have to wait hangs up, and answers when called."""
    offer = {"offer_above": offer_above, "accepts": 1.0, "answers": 1.0, "ring": "20s", "between": "5m", "attempts": 3}
    return {"patience": "infinite", "callback": offer | more}


def called(story, *labels):
    """Label -> (whether it was to be called back, how often it was called)."""
    return {label: tuple(story.channel(label)[k] for k in ("called_back", "tries")) for label in labels}


# --- the offer


@pytest.mark.parametrize(("above", "accepted"), [("59s", [1, 1]), ("60s", [0, 1]), ("119s", [0, 1]), ("120s", [0, 0])])
def test_it_is_offered_strictly_above_an_expected_wait(tell, above, accepted):
    """A has 60 s of stated handle time. B: (0 + 1) x 60 / 1; C: (1 + 1) x 60 / 1."""
    story = tell({"A": 0, "B": 10, "C": 20}, customers=calls_back(above))
    assert [story.channel(label)["called_back"] for label in "BC"] == accepted


def test_the_mean_of_handle_times_moves_at_each_end(tell):
    """60 s are stated; A takes 600 s (agent at a tenth of the speed): 60 + 540 / 200 = 62.7 s from then on."""
    team = {"team": staff(1, skills={"call": {"preference": 1, "speed": 0.1}})}
    for above, accepted in (("62.6s", 1), ("62.8s", 0)):
        story = tell({"A": 0, "B": 700, "C": 710}, agents=team, customers=calls_back(above))
        assert story.channel("C")["called_back"] == accepted


def test_agents_on_a_break_do_not_count(tell):
    """Two are on duty; while agent 1 has a break B would wait for 60 s, and otherwise for 30 s."""
    lines = (shift(), shift(breaks=[("1m", "10m")]))
    team = {"team": shifts(*lines)}
    for moment, accepted in ((2000, 0), (70, 1)):
        calls = {"A": moment, "B": moment + 1, "C": moment + 2}
        story = tell(calls, agents=team, customers=calls_back("55s"))
        assert story.channel("B" if accepted else "C")["called_back"] == accepted


def test_without_anybody_the_expected_wait_is_infinite(tell):
    story = tell({"A": 0}, agents={"team": staff(0, 1)}, customers=calls_back("10h"))
    assert (story.contacts, called(story, "A")) == ([("A", "answered", 1800, 0)], {"A": (1, 1)})


def test_who_is_announced_to_go_does_not_count(tell):
    """Two are busy when the count falls to one at 8:30: B would wait for 60 s, not for 30."""
    story = tell({"A": 1795, "C": 1796, "B": 1810}, agents={"team": staff(2, 1)}, customers=calls_back("45s"))
    assert called(story, "B") == {"B": (1, 1)}


def test_nobody_who_is_served_at_once_is_offered_one(tell):
    story = tell({"A": 0}, customers=calls_back())
    assert called(story, "A") == {"A": (0, 0)}


# --- the place

MIXED = {"call": intent(60), "web": chat(60, lengths=(1,), skill="call")}


def test_the_place_is_kept(tell):
    """E, a chat, is offered nothing; it comes after C, who came before."""
    calls = {"A": 0, "C": 20, "E": (40, "web")}
    story = tell(calls, intents=MIXED, customers=calls_back(), agents={"team": staff(1, skills=("call",))})
    assert (story.order(), called(story, "C")) == (["A", "C", "E"], {"C": (1, 1)})


def test_the_place_is_lost_behind_all_who_wait_live(tell):
    """F comes long after C, and while E is served."""
    calls = {"A": 0, "C": 20, "D": 30, "E": (40, "web"), "F": (100, "web")}
    story = tell(calls, intents=MIXED, customers=calls_back(keeps_place=False))
    assert story.order() == ["A", "E", "F", "C", "D"]


def test_patience_no_longer_runs(tell):
    customers = calls_back("100s") | {"patience": constant(50)}
    story = tell({"A": 0, "B": 20, "C": 30}, customers=customers)
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 60, 0), ("C", "answered", 120, 0)]
    assert called(story, "B", "C") == {"B": (0, 0), "C": (1, 1)}


# --- nobody answers


def test_a_call_without_an_answer_takes_the_agents_time(tell):
    """Rung from 1:00 to 1:20, at 6:20 and at 11:40; given up at 12:00. D is served at 1:20."""
    story = tell({"A": 0, "B": 10, "D": (30, "web")}, intents=MIXED, customers=calls_back(answers=0.0))
    assert story.contacts == [("A", "answered", 0, 0), ("B", "abandoned", 720, None), ("D", "answered", 80, 0)]
    assert called(story, "B") == {"B": (1, 3)}
    assert [s for s in story.spells() if s[0] == "handling"] == [
        ("handling", 0, 60),
        ("handling", 60, 80),
        ("handling", 80, 140),
        ("handling", 380, 400),
        ("handling", 700, 720),
    ]


def test_who_is_reached_at_the_third_call_is_served_then(tell):
    """Pairs, one an hour: the second is called at 1:00, 6:20 and 11:40 after the first has begun."""
    calls = {f"{kind}{hour}": 3600 * hour + wait for hour in range(11) for kind, wait in (("a", 0), ("b", 10))}
    story = tell(calls, customers=calls_back(answers=0.5))
    found = set()
    for hour in range(11):
        label, channel = f"b{hour}", story.channel(f"b{hour}")
        row = story.row(label)
        end = story.s(row["left_us"]) - 3600 * hour
        assert end == (720 if row["outcome"] == 2 else 60 + (channel["tries"] - 1) * 320)
        found.add((channel["tries"], row["outcome"]))
    assert {(1, 1), (2, 1), (3, 1)} <= set(found)


def test_after_a_call_the_old_place_counts_again(tell):
    """B is called again at the end of C, at 7:00, before D, who came at 6:10 and is served at 7:20."""
    calls = {"A": 0, "B": 10, "C": (360, "web"), "D": (370, "web")}
    story = tell(calls, intents=MIXED, customers=calls_back(answers=0.0, attempts=2))
    assert story.contacts[1] == ("B", "abandoned", 440, None)
    assert story.waits["D"] == (70, True)


# --- the end of a promise


def test_a_promise_ends_in_the_line(tell):
    story = tell({"A": 0, "B": 10}, customers=calls_back(expires="40s"))
    assert story.contacts[1] == ("B", "abandoned", 50, None)


def test_at_the_moment_of_expiry_an_agent_who_falls_free_comes_first(tell):
    story = tell({"A": 0, "B": 10}, customers=calls_back(expires="50s"))
    assert story.contacts[1] == ("B", "answered", 60, 0)


def test_a_ringing_is_let_finish(tell):
    """The promise ends at 1:15, amid the ringing from 1:00 to 1:20."""
    story = tell({"A": 0, "B": 10}, customers=calls_back(answers=0.0, expires="65s"))
    assert story.contacts[1] == ("B", "abandoned", 80, None)
    assert called(story, "B") == {"B": (1, 1)}


def test_a_promise_ends_between_two_calls(tell):
    story = tell({"A": 0, "B": 10}, customers=calls_back(answers=0.0, expires="100s"))
    assert story.contacts[1] == ("B", "abandoned", 110, None)


# --- nights


def test_who_is_in_the_line_at_close_is_called_in_the_drain(tell):
    story = tell({"A": CLOSE - 30, "B": CLOSE - 20}, customers=calls_back(), calendar=TWO_DAYS)
    assert story.contacts[1] == ("B", "answered", CLOSE + 30, 0)


def test_who_is_between_two_calls_is_called_at_the_next_opening(tell):
    """Rung from 19:59:20 to 19:59:40; at 20:04:40 nobody is there; once more at 8:00."""
    calls = {"A": CLOSE - 100, "B": CLOSE - 90}
    story = tell(calls, customers=calls_back(answers=0.0, attempts=2, expires="20h"), calendar=TWO_DAYS)
    assert story.contacts[1] == ("B", "abandoned", DAY + 20, None)
    assert story.duties()[0] == (0, CLOSE, CLOSE)


def test_a_promise_may_end_in_the_night(tell):
    calls = {"A": CLOSE - 100, "B": CLOSE - 90}
    story = tell(calls, customers=calls_back(answers=0.0, expires="4h"), calendar=TWO_DAYS)
    assert story.contacts[1] == ("B", "abandoned", CLOSE - 90 + 4 * 3600, None)


def test_clear_disconnects_who_is_in_the_line_and_who_is_between_calls(tell):
    clear = TWO_DAYS | {"at_close": "clear"}
    story = tell({"A": CLOSE - 30, "B": CLOSE - 20}, customers=calls_back(), calendar=clear)
    assert story.contacts[1] == ("B", "disconnected", CLOSE, None)
    calls = {"A": CLOSE - 100, "B": CLOSE - 90}
    story = tell(calls, customers=calls_back(answers=0.0), calendar=clear)
    assert story.contacts[1] == ("B", "disconnected", CLOSE, None)


def test_who_was_never_reached_may_redial_and_accepts_no_second_call_back(tell):
    redial = {"redial": {"probability": 1.0, "delay": constant(60), "next_day": 0.0}, "max_attempts": 2}
    customers = calls_back(answers=0.0, attempts=1) | redial
    story = tell({"A": 0, "B": 10, "C": (130, "web")}, intents=MIXED, customers=customers)
    assert story.arrivals[1:3] == [("B", 10), ("B2", 140)]
    assert called(story, "B", "B2") == {"B": (1, 1), "B2": (0, 0)}
    assert story.waits["B2"] == (50, True)


def test_a_ring_tires_as_handling_does(tell):
    """At 1 an hour, from 1:00 to 1:20."""
    fatigue = {"build_per_hour": 1.0, "effects": {"talk_time": 0.0, "resolution": 0.0}}
    story = tell({"A": 0, "B": 10}, customers=calls_back(answers=0.0, attempts=1), fatigue=fatigue)
    assert [segment["rate"] for segment in story.segments()[:2]] == [1, 1]
    assert story.s(story.segments()[1]["end_us"]) == 80


def test_a_call_that_is_due_in_the_drain_waits_for_the_next_opening(tell):
    """Due at 20:00:50, while the agent has L to 20:01:40, and W, who came after B, waits for it."""
    kinds = MIXED | {"long": intent(300, skill="call")}
    calls = {"A": CLOSE - 330, "B": CLOSE - 320, "L": (CLOSE - 200, "long"), "W": (CLOSE - 10, "web")}
    customers = calls_back(answers=0.0, attempts=2, expires="20h")
    story = tell(calls, intents=kinds, customers=customers, calendar=TWO_DAYS)
    assert story.contacts[1] == ("B", "abandoned", DAY + 20, None)
    assert story.contacts[3] == ("W", "answered", CLOSE + 100, 0)
    assert story.duties()[0] == (0, CLOSE, CLOSE + 160)


def test_a_call_that_is_due_interrupts_an_item(tell):
    """Due at 6:20, when the agent has been at X since 1:40; it rings to 6:40 and goes on with X."""
    kinds = {"call": intent(60), "item": item(1000, interruptible=True)}
    team = {"team": staff(1, skills={"call": {"preference": 1}, "item": {"preference": 2}})}
    story = tell(
        {"A": 0, "B": 10, "X": (100, "item")}, intents=kinds, agents=team, customers=calls_back(answers=0.0, attempts=2)
    )
    assert story.contacts[1] == ("B", "abandoned", 400, None)
    assert (story.channel("X")["aside"], story.closed("X")) == (1, {"X": 1120})
