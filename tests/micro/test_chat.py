"""Several chats in an agent's hands: levels, who takes which, ways out, calls beside them, silent leavers."""

from math import exp

import pytest

from .worlds import CLOSE, DAY, HOUR, chat, constant, equal, intent, shift, shifts, staff

SLOWER = (1, 1.5, 2)


def web(*counts, cap=3, skills=("call",), **more):
    """Agents by counts with so many chats at once."""
    return {"team": staff(*(counts or (1,)), skills=skills, concurrency=cap, **more)}


def tell_chats(tell, calls, agents=None, kind=None, **more):
    return tell(calls, intents={"call": kind or chat()}, agents=agents or web(), **more)


def agents_of(story):
    return {label: agent for label, _, _, agent in story.contacts}


# --- levels


def test_a_chat_alone_takes_its_own_length(tell):
    story = tell_chats(tell, {"A": 0, "B": 200}, kind=chat(100, 20, SLOWER))
    assert story.closed("A", "B") == {"A": 120, "B": 320}


def test_three_changes_of_level_before_a_chat_ends(tell):
    """A: 40 s alone, 20 s of work in 30 s of two, the last 40 s in 80 s of three. B: 80 + 60. C: 80 + 60 + 20."""
    story = tell_chats(tell, {"A": 0, "B": 40, "C": 70}, kind=chat(100, 0, SLOWER))
    assert story.closed("A", "B", "C") == {"A": 150, "B": 210, "C": 230}
    assert story.levels() == [(1, 1, 0, 40), (2, 2, 40, 70), (3, 3, 70, 150), (2, 2, 150, 210), (1, 1, 210, 230)]


def test_a_moving_end_is_rounded_to_whole_microseconds(tell):
    """L is 9/7 and 11/7. A has 36.667 s of work left at 1:10; B has 40.000 s left, and C 23.333 s after that."""
    kind = intent(100, channel="chat", chat={"times": ["70s", "90s", "110s"]})
    story = tell_chats(tell, {"A": 0, "B": 40, "C": 70}, kind=kind)
    assert story.closed("A", "B", "C") == {"A": 127.619048, "B": 179.047619, "C": 202.380952}


def test_while_no_level_changes_the_end_is_begin_plus_time_times_length(tell):
    """Both begin at once: 33.333333 x 1.5 = 49.9999995, to even."""
    story = tell_chats(tell, {"A": 0, "B": 0}, kind=chat(33.333333, 0, SLOWER))
    assert story.closed("A", "B") == {"A": 50, "B": 50}


def test_the_typing_model_gives_the_length(tell):
    """A 30 s, B 60 s: p0 with two in hand is 1 / (1 + 1 + .5) = .4, and 2 x 30 / (.6 x 90) = 10/9."""
    kind = intent(90, channel="chat", chat={"agent_turn": "30s", "customer_turn": "60s"})
    assert tell_chats(tell, {"A": 0, "B": 0}, kind=kind).closed("A") == {"A": 100}


def test_wrap_up_goes_on_at_the_same_pace_in_the_same_place(tell):
    """Talk to 1:30 beside B, wrap-up of 20 s to 2:00; B wraps up with it."""
    story = tell_chats(tell, {"A": 0, "B": 0}, kind=chat(60, 20, SLOWER))
    assert story.s(story.channel("A")["talked_us"]) == 90
    assert story.closed("A", "B") == {"A": 120, "B": 120}


def test_the_agents_time_is_shared_equally(tell):
    """40 + 30/2 + 80/3; 30/2 + 80/3 + 60/2; 80/3 + 60/2 + 20: together 230 s."""
    story = tell_chats(tell, {"A": 0, "B": 40, "C": 70}, kind=chat(100, 0, SLOWER))
    shares = [story.channel(label)["talk_share_us"] for label in "ABC"]
    assert shares == [pytest.approx(1e6 * s, abs=2) for s in (40 + 15 + 80 / 3, 15 + 80 / 3 + 30, 80 / 3 + 30 + 20)]
    assert sum(shares) == 230_000_000


def test_the_customer_is_resolved_at_the_end_of_the_talk(tell):
    story = tell_chats(tell, {"A": 0, "B": 0}, kind=chat(60, 20, SLOWER))
    assert [story.s(need["resolved_us"]) for need in story.records.needs] == [90, 90]


# --- who takes a chat


def test_the_fewest_places_taken_then_the_longest_since_the_last(tell):
    story = tell_chats(tell, {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4}, agents=web(2))
    assert agents_of(story) == {"A": 0, "B": 1, "C": 0, "D": 1, "E": 0}


def test_of_equal_ones_the_lower_number(tell):
    story = tell_chats(tell, dict.fromkeys("ABCD", 0), agents=web(2))
    assert agents_of(story) == {"A": 0, "B": 1, "C": 0, "D": 1}


def test_nothing_in_hand_comes_before_a_longer_time_since_the_last(tell):
    """Agent 0 is free again at 1:40, agent 1 still has B: C goes to agent 0 although B came earlier."""
    story = tell_chats(tell, {"A": 0, "B": 50, "C": 101}, agents=web(2))
    assert agents_of(story) == {"A": 0, "B": 1, "C": 0}


def test_preference_comes_before_places(tell):
    """The second group takes what the first has no room for."""
    first = staff(1, concurrency=2)
    second = staff(1, skills={"call": {"preference": 2}}, concurrency=2)
    story = tell_chats(tell, dict(zip("ABC", range(3), strict=True)), agents={"first": first, "second": second})
    assert agents_of(story) == {"A": 0, "B": 0, "C": 1}


def test_a_cap_is_never_exceeded_and_a_place_that_falls_free_takes_from_the_line(tell):
    story = tell_chats(tell, {"A": 0, "B": 30, "C": 40, "D": 50}, agents=web(1, cap=2))
    assert story.contacts[2:] == [("C", "answered", 100, 0), ("D", "answered", 130, 0)]


def test_whoever_has_several_places_free_fills_them_before_the_next(tell):
    """Both begin at 8:30: agent 0 takes A and B, agent 1 takes C."""
    story = tell_chats(tell, {"A": 10, "B": 20, "C": 30}, agents=web(0, 2, cap=2))
    assert story.contacts == [
        ("A", "answered", 1800, 0),
        ("B", "answered", 1800, 0),
        ("C", "answered", 1800, 1),
    ]


PAIR = {name: staff(1, skills=equal("call"), concurrency=3) for name in ("one", "two")}


def test_the_fewest_places_taken_in_any_group_that_likes_it_as_well(tell):
    story = tell_chats(tell, {"A": 0, "B": 1}, agents=PAIR)
    assert agents_of(story) == {"A": 0, "B": 1}


def test_of_those_with_chats_it_is_the_last_assignment_that_counts(tell):
    """C was given to agent 0 before D to agent 1, and agent 1 has been through with B for longer."""
    kinds = {"call": chat(100), "brief": chat(50, skill="call")}
    calls = {"A": 0, "B": (1, "brief"), "C": 2, "D": 3, "E": 101}
    story = tell(calls, intents=kinds, agents=PAIR)
    assert agents_of(story) == {"A": 0, "B": 1, "C": 0, "D": 1, "E": 0}


# --- on the way out


def test_a_break_waits_for_the_last_of_two_chats(tell):
    """Due at 1:00; B ends at 2:10, and C, who came when the break was due, waits for all of it."""
    team = {"team": shifts(shift(breaks=[("1m", "10m")]), concurrency=3)}
    story = tell_chats(tell, {"A": 0, "B": 30, "C": 70}, agents=team)
    assert story.spells()[3:5] == [("break", 130, 730), ("handling", 730, 830)]
    assert story.waits["C"] == (660, True)


def test_the_end_of_the_shift_waits_for_the_last_chat_and_takes_no_new_one(tell):
    team = {"team": shifts(shift(length="1h"), shift(start="10:00", length="1h"), concurrency=3)}
    story = tell_chats(tell, {"A": 3550, "B": 3590, "C": 3620}, agents=team)
    assert story.duties(0) == [(0, HOUR, 3690)]
    assert story.contacts[2] == ("C", "answered", 2 * HOUR, 1)


def test_a_falling_count_names_whoever_has_fewest_and_goes_when_the_last_chat_ends(tell):
    """At 8:30 agent 0 has A and C, agent 1 has B: agent 1 takes no more, and goes at 8:31:11."""
    calls = {"A": 1770, "B": 1771, "C": 1772, "D": 1801, "E": 1830}
    story = tell_chats(tell, calls, agents=web(2, 1))
    assert agents_of(story) == {"A": 0, "B": 1, "C": 0, "D": 0, "E": 0}
    assert story.duties(1) == [(0, 1800, 1871)]
    assert story.waits["E"] == (40, True)


def test_a_falling_count_names_first_who_has_nothing_in_hand(tell):
    story = tell_chats(tell, {"A": 1790}, agents=web(2, 1))
    assert story.duties(1) == [(0, 1800, 1800)]
    assert story.duties(0) == [(0, CLOSE, CLOSE)]


def test_a_rise_cancels_who_was_named_last(tell):
    """Three fall to one at 8:30 and rise to two at 9:00, while chats of 50 minutes go on."""
    story = tell_chats(tell, {"A": 10, "B": 20, "C": 30, "D": 3610}, agents=web(3, 1, 2), kind=chat(4000))
    assert story.duties(0) == [(0, 1800, 4010)]
    assert story.duties(1) == [(0, CLOSE, CLOSE)]
    assert agents_of(story)["D"] == 1


def test_relief_waits_for_the_last_chat(tell):
    """Due at 9:00 by one hour of duty; A ends at 9:00:50, B at 9:01:10, and agent 1, who is fresh, takes C."""
    story = tell_chats(tell, {"A": 3550, "B": 3570, "C": 3605}, agents=web(1, relief="1h"))
    assert story.duties(0)[0] == (0, 3670, 3670)
    assert agents_of(story) == {"A": 0, "B": 0, "C": 1}


def test_a_pause_waits_for_the_last_chat(tell):
    """A calls for 5 minutes at 1:40; B goes on to 2:30, C waits."""
    rude = {"intercept": 99, "slope": 0.0}
    fatigue = {"build_per_hour": 0.0, "recovery_time": "300s"}
    story = tell_chats(tell, {"A": 0, "B": 50, "C": 110}, fatigue=fatigue, mistreatment=rude)
    assert story.spells()[3:5] == [("break", 150, 450), ("handling", 450, 550)]


def test_three_customers_who_mistreat_tire_three_times(tell):
    """At 1 an hour, weight 2, attention by places: alone 1/3 x 3; three in hand 1 x 7."""
    fatigue = {"build_per_hour": 1.0, "mistreatment_weight": 2.0, "effects": {"talk_time": 0.0, "resolution": 0.0}}
    rude = {"intercept": 99, "slope": 0.0}
    agents = web(1, attention="slot_use")
    story = tell_chats(tell, {"A": 0, "B": 30, "C": 30}, agents=agents, fatigue=fatigue, mistreatment=rude)
    assert story.row("B")["fatigue"] == pytest.approx(1 - exp(-30 / 3600), abs=1e-12)
    assert [round(segment["rate"], 9) for segment in story.segments()[:2]] == [1.0, 7.0]


def test_a_handle_time_target_sees_a_chat_as_its_customer_did(tell):
    """A and B take 150 s beside each other, where 100 are stated: M is 100.25, then 100.49875."""
    pace = {"target": "100s", "push": 1.0, "resolution_slope": 0.0}
    story = tell_chats(tell, {"A": 0, "B": 0, "C": 200}, kind=chat(100, 0, SLOWER), pace=pace)
    mean = 100.25 + (150 - 100.25) / 200
    talks = [story.row(label)["talk_us"] / 1e6 for label in "ABC"]
    assert talks == pytest.approx([100, 100, 100 * 100 / mean], abs=1e-6)


TYPED = {"agent_turn": "30s", "customer_turn": "60s"}
SLOW_TYPING = {"agent_turn": "45s", "customer_turn": "45s"}


@pytest.mark.parametrize(("attention", "rates"), [("slot_use", [1 / 3, 2 / 3]), ("writing_share", [1 / 3, 0.6])])
def test_fatigue_builds_up_at_the_share_of_attention(tell, attention, rates):
    """At 1 an hour. An agent writes a third of the time with one chat, 60 % with two; two of three places are taken."""
    fatigue = {"build_per_hour": 1.0, "effects": {"talk_time": 0.0, "resolution": 0.0}}
    kind = intent(90, channel="chat", chat=TYPED)
    story = tell_chats(tell, {"A": 0, "B": 30}, agents=web(1, attention=attention), kind=kind, fatigue=fatigue)
    assert [segment["rate"] for segment in story.segments()[:2]] == pytest.approx(rates, abs=1e-9)


def test_beside_each_other_two_kinds_of_chats_take_the_mean_of_their_attention(tell):
    """Two in hand: 60 % of writing for the one, 80 % for the other."""
    kinds = {"call": intent(90, channel="chat", chat=TYPED)}
    kinds["slow"] = intent(90, channel="chat", skill="call", chat=SLOW_TYPING)
    story = tell({"A": 0, "B": (30, "slow")}, intents=kinds, agents=web(1))
    assert [row["attention"] for row in story.records.levels[:2]] == pytest.approx([1 / 3, 0.7], abs=1e-9)


# --- calls beside chats


BOTH = {"call": intent(talk=60), "web": chat(100)}
SHARED = {"team": staff(1, skills=equal("call", "web"), concurrency=2)}


def test_a_call_waits_for_the_last_chat_and_then_takes_the_whole_agent(tell):
    """B ends at 2:30; D waits beside the call until 3:30."""
    calls = {"A": (0, "web"), "B": (50, "web"), "P": (120, "call"), "D": (155, "web")}
    story = tell(calls, intents=BOTH, agents=SHARED)
    assert story.contacts[2:] == [("P", "answered", 150, 0), ("D", "answered", 210, 0)]


def test_calls_starve_while_chats_come(tell):
    """The agent has room, so C and D are taken before P, who came earlier."""
    calls = {"A": (0, "web"), "P": (10, "call"), "C": (90, "web"), "D": (180, "web")}
    story = tell(calls, intents=BOTH, agents=SHARED)
    assert story.order() == ["A", "C", "D", "P"]
    assert story.waits["P"] == (270, True)


def test_with_nothing_in_hand_the_longest_wait_of_both_comes_first(tell):
    calls = {"P": (0, "call"), "Q": (10, "call"), "C": (20, "web"), "D": (30, "web")}
    story = tell(calls, intents=BOTH, agents=SHARED)
    assert story.order() == ["P", "Q", "C", "D"]
    assert story.waits["D"] == (90, True)


# --- supervisors


def test_a_chat_that_asks_stands_still_and_leaves_the_others_the_pace(tell):
    """A: 50 s alone and 75 s beside B, at the boss from 2:05 to 5:25, wrap-up to 5:45.

    B: 50 s of work by 2:05, 50 s alone; waits from 2:55 for the boss, who is free at 5:25, until 8:45; to 9:05.
    """
    boss = {"group": "boss", "share": 1.0, "difficult_factor": 1.0, "time": constant(200)}
    crew = web(1) | {"boss": staff(1, skills=("decisions",))}
    story = tell_chats(tell, {"A": 0, "B": 50}, agents=crew, kind=chat(100, 20, SLOWER), supervisor=boss)
    assert story.closed("A", "B") == {"A": 345, "B": 545}
    assert [story.row(label)["supervisor_us"] for label in "AB"] == [200_000_000, 350_000_000]
    shares = [(story.channel(k)["talk_share_us"], story.channel(k)["wrap_share_us"]) for k in "AB"]
    assert shares == [(162_500_000, 20_000_000), (342_500_000, 20_000_000)]
    assert story.levels()[2:4] == [(2, 1, 125, 175), (2, 0, 175, 325)]


# --- without a word

SILENT = {"silent_leave": 1.0, "silent_timeout": "50s"}


def leavers(tell, calls, cap=2, **more):
    """Chats whose customers wait for 30 s, and such as wait for ever, of one skill."""
    kinds = {"call": chat(100, 0, SLOWER), "brief": chat(100, 0, SLOWER, skill="call", patience=constant(30))}
    return tell(calls, intents=kinds, agents=web(cap=cap), customers={"patience": "infinite", **SILENT}, **more)


def test_a_silent_leaver_holds_a_place_in_line_and_then_in_hand(tell):
    """A ends at 2:20, and the place goes to C's ghost until 3:10; B, alone from 2:20, ends at 2:40 and D begins."""
    story = leavers(tell, {"A": 0, "B": 20, "C": (25, "brief"), "D": 30})
    assert story.contacts[2:] == [("C", "abandoned", 55, None), ("D", "answered", 160, 0)]
    assert story.ghosts == [("C", 25, 140, 190)]
    assert story.closed("B", "D") == {"B": 160, "D": 260}
    assert story.levels()[2:6] == [(2, 1, 140, 190), (1, 1, 190, 260)]


def test_two_ghosts_take_an_agent_and_nobody_gets_their_time(tell):
    story = leavers(tell, {"A": 0, "B": 0, "C": (25, "brief"), "D": (26, "brief"), "E": 60})
    assert story.ghosts == [("C", 25, 150, 200), ("D", 26, 150, 200)]
    assert story.contacts[4] == ("E", "answered", 200, 0)
    assert story.levels()[1] == (2, 0, 150, 200)


def test_a_place_that_nobody_fills_is_an_assignment_too(tell):
    """Agent 0 takes C's place at 1:40 and has nothing else from 1:42 on; agent 1 has had D since 0:03."""
    calls = {"A": 0, "B": 1, "K": 2, "D": 3, "C": (10, "brief"), "E": 102.5}
    kinds = {"call": chat(100), "brief": chat(100, skill="call", patience=constant(30))}
    customers = {"patience": "infinite", **SILENT}
    story = tell(calls, intents=kinds, agents=web(2, cap=2), customers=customers)
    assert story.ghosts == [("C", 10, 100, 150)]
    assert agents_of(story)["E"] == 1


def test_a_place_that_nobody_fills_takes_its_share_of_attention(tell):
    """Of places: two of two from 1:40 to 2:30, and then one."""
    kinds = {"call": chat(100), "long": chat(200, skill="call")}
    kinds["brief"] = chat(100, skill="call", patience=constant(30))
    team = web(1, cap=2, attention="slot_use")
    calls = {"A": 0, "B": (0, "long"), "C": (25, "brief")}
    story = tell(calls, intents=kinds, agents=team, customers={"patience": "infinite", **SILENT})
    pairs = zip(story.records.segments, story.records.levels, strict=True)
    found = {story.s(s["start_us"]): level["attention"] for s, level in pairs if s["end_us"] > s["start_us"]}
    assert (found[100], found[150]) == (1, 0.5)


def test_nobody_leaves_the_telephone_without_a_word(tell):
    """A call's customer hangs up, and the place in the line is gone."""
    kinds = {"call": chat(100), "phone": intent(60, patience=constant(30), skill="call")}
    story = tell(
        {"A": 0, "P": (10, "phone")}, intents=kinds, agents=web(), customers={"patience": "infinite", **SILENT}
    )
    assert (story.ghosts, story.contacts[1]) == ([], ("P", "abandoned", 40, None))


def test_whoever_says_so_holds_no_place(tell):
    kinds = {"call": chat(100, 0, SLOWER), "brief": chat(100, 0, SLOWER, skill="call", patience=constant(30))}
    story = tell({"A": 0, "C": (25, "brief"), "D": 30}, intents=kinds, agents=web(cap=1))
    assert (story.ghosts, story.waits["D"]) == ([], (70, True))


def test_a_silent_leaver_redials_from_the_end_of_patience(tell):
    redial = {"redial": {"probability": 1.0, "delay": constant(60), "next_day": 0.0}}
    kinds = {"call": chat(400), "brief": chat(100, skill="call", patience=constant(30))}
    customers = {"patience": "infinite", "max_attempts": 2, **SILENT, **redial}
    story = tell({"A": 0, "B": 0, "C": (25, "brief")}, intents=kinds, agents=web(cap=2), customers=customers)
    assert story.arrivals[3] == ("C2", 115)
    assert [ghost[1] for ghost in story.ghosts] == [25, 115]


def test_a_ghost_vanishes_at_close_and_holds_up_no_drain(tell):
    """C has left at 19:59:55; A and B are in hand until 20:00:45, and nobody stays for C's place."""
    calls = {"A": CLOSE - 105, "B": CLOSE - 105, "C": (CLOSE - 35, "brief")}
    story = leavers(tell, calls, calendar={"days": 2})
    assert story.ghosts == [("C", CLOSE - 35, None, None)]
    assert story.duties()[0] == (0, CLOSE, CLOSE + 45)
    assert story.spells()[-1] == ("available", DAY, DAY + CLOSE)


def test_who_gives_up_after_close_holds_no_place(tell):
    """C gives up at 20:00:05, while A and B are in hand to 20:00:45."""
    calls = {"A": CLOSE - 105, "B": CLOSE - 105, "C": (CLOSE - 25, "brief")}
    story = leavers(tell, calls, calendar={"days": 2})
    assert story.ghosts == []
    assert story.contacts[2] == ("C", "abandoned", CLOSE + 5, None)
