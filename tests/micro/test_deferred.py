"""Deferred work: who begins it, how it is put aside and taken up again, when it is due, what is there before."""

import pytest

from .worlds import CLOSE, DAY, HOUR, at, constant, intent, item, shift, shifts, staff

EQUAL = {"call": {"preference": 1}, "item": {"preference": 1}}
CALLS_FIRST = {"call": {"preference": 1}, "item": {"preference": 2}}
ITEMS_FIRST = {"call": {"preference": 2}, "item": {"preference": 1}}


def mail(*times, **calls):
    """Items X, Y, Z ... at some seconds, and calls."""
    return {label: (when, "item") for label, when in zip("XYZUVW", times, strict=False)} | calls


def tell_items(tell, calls, agents=1, skills=CALLS_FIRST, work=None, calendar=None, group=None, **more):
    team = {"team": staff(agents, skills=skills, **(group or {}))} if isinstance(agents, int) else agents
    kinds = {"call": intent(60), "item": work or item()}
    return tell(calls, intents=kinds, agents=team, calendar=calendar, **more)


def pieces(story, agent=0):
    """(from, to) of what an agent did."""
    return [(start, end) for state, start, end in story.spells(agent) if state == "handling"]


# --- who begins it


def test_talk_and_wrap_up_are_one_piece_of_work_at_whose_end_the_customer_hears(tell):
    story = tell_items(tell, mail(0), work=item(100, 20))
    assert (pieces(story), story.closed("X")) == ([(0, 120)], {"X": 120})
    assert story.s(story.records.needs[0]["resolved_us"]) == 120
    assert story.s(story.channel("X")["talked_us"]) == 120
    assert (story.channel("X")["talk_share_us"], story.channel("X")["wrap_share_us"]) == (100_000_000, 20_000_000)


def test_an_item_takes_the_whole_agent_even_one_with_several_places(tell):
    story = tell_items(tell, mail(0, 0), group={"concurrency": 3})
    assert pieces(story) == [(0, 100), (100, 200)]


def test_keep_idle_leaves_so_many_idle(tell):
    """X leaves agent 1 idle; Y waits until X is done, when agent 1 is idle beside whoever takes it."""
    story = tell_items(tell, mail(0, 10), agents=2, group={"keep_idle": 1})
    assert story.contacts == [("X", "answered", 0, 0), ("Y", "answered", 100, 0)]


def test_keep_idle_counts_the_others_when_somebody_falls_idle(tell):
    """At 1:40 agent 0 is idle alone; at 1:50 agent 1 is free too, and begins Y."""
    story = tell_items(tell, mail(0, 20, A=50), agents=2, group={"keep_idle": 1})
    assert story.contacts[1] == ("Y", "answered", 110, 1)


def test_an_item_that_waits_for_idle_agents_gives_way_to_a_call(tell):
    """At 1:45 agent 0 is idle, beside it nobody: it takes B, not Y."""
    story = tell_items(tell, mail(0, 20, A=50, B=105), agents=2, group={"keep_idle": 1})
    assert {label: when for label, _, when, _ in story.contacts} == {"X": 0, "A": 50, "B": 105, "Y": 165}


@pytest.mark.parametrize(
    ("skills", "picks", "order"),
    [
        (EQUAL, "preference", ["A", "B", "X"]),
        (CALLS_FIRST, "preference", ["A", "B", "X"]),
        (ITEMS_FIRST, "preference", ["A", "X", "B"]),
        (ITEMS_FIRST, "longest_wait", ["A", "B", "X"]),
    ],
)
def test_of_equal_preference_what_waits_live_comes_first(tell, skills, picks, order):
    story = tell_items(tell, mail(10, A=0, B=20), skills=skills, group={"picks": picks})
    assert story.order() == order


def test_the_oldest_item_comes_first(tell):
    story = tell_items(tell, mail(10, 20, 30, A=0))
    assert story.order() == ["A", "X", "Y", "Z"]


def test_an_item_has_no_patience(tell):
    story = tell_items(tell, mail(10, A=0, B=20), customers={"patience": constant(30)})
    assert story.contacts == [("A", "answered", 0, 0), ("X", "answered", 60, 0), ("B", "abandoned", 50, None)]


# --- interruptions

PUT_ASIDE = item(100, 20, interruptible=True)


def test_without_leave_to_interrupt_a_call_waits(tell):
    story = tell_items(tell, mail(0, A=10), work=item(100, 20))
    assert story.waits["A"] == (110, True)


def test_a_call_interrupts_and_the_item_goes_on_where_it_was(tell):
    story = tell_items(tell, mail(0, A=10), work=PUT_ASIDE)
    assert story.waits["A"] == (0, False)
    assert pieces(story) == [(0, 10), (10, 70), (70, 180)]
    assert story.channel("X")["aside"] == 1


def test_an_item_is_put_aside_twice_and_ended_by_whoever_is_next_to_the_microsecond(tell):
    """120 s: 10.000001 of agent 0, 4.75 of agent 1, and 105.249999 of agent 0, from 1:10.000001 to 2:55.25."""
    calls = mail(0, A=0.5, B=10.000001, C=65.25)
    story = tell_items(tell, calls, agents=2, work=PUT_ASIDE)
    assert pieces(story, 0) == [(0, 10.000001), (10.000001, 70.000001), (70.000001, 175.25)]
    assert pieces(story, 1) == [(0.5, 60.5), (60.5, 65.25), (65.25, 125.25)]
    row, channel = story.row("X"), story.channel("X")
    assert (row["agent"], channel["aside"], story.s(row["left_us"])) == (0, 2, 0)
    assert channel["talk_share_us"] + channel["wrap_share_us"] == 120_000_000
    assert story.s(channel["closed_us"]) == 175.25


def test_whoever_began_last_is_interrupted_then_the_lower_number(tell):
    assert tell_items(tell, mail(0, 5, A=10), agents=2, work=PUT_ASIDE).row("A")["agent"] == 1
    assert tell_items(tell, mail(5, 5, A=10), agents=2, work=PUT_ASIDE).row("A")["agent"] == 0


def test_the_lower_preference_number_is_interrupted_first(tell):
    """Agent 0 likes calls first; agent 1, who began last, second."""
    groups = {
        "first": staff(1, skills={"item": {"preference": 1}, "call": {"preference": 1}}),
        "second": staff(1, skills={"item": {"preference": 2}, "call": {"preference": 2}}),
    }
    story = tell_items(tell, mail(0, 5, A=10), agents=groups, work=PUT_ASIDE)
    assert story.row("Y")["agent"] == 1
    assert story.row("A")["agent"] == 0


def test_only_what_may_be_put_aside_is(tell):
    """Agent 0 has a letter that may not, and began it last."""
    kinds = {"call": intent(60), "item": PUT_ASIDE, "letter": item(100, skill="item")}
    groups = {"team": staff(2, skills=CALLS_FIRST)}
    story = tell({"X": (0, "item"), "L": (5, "letter"), "A": 10, "B": 20}, intents=kinds, agents=groups)
    assert (story.row("A")["agent"], story.waits["B"]) == (0, (50, True))
    assert (story.channel("L")["aside"], story.channel("X")["aside"]) == (0, 1)


def test_an_item_goes_to_whoever_likes_it_best_of_those_who_are_idle(tell):
    """Agent 0, who likes items second, has been idle no less long."""
    groups = {
        "second": staff(1, skills={"item": {"preference": 2}, "call": {"preference": 1}}),
        "first": staff(1, skills={"item": {"preference": 1}, "call": {"preference": 2}}),
    }
    calls = {"W": (0, "item"), "X": (200, "item")}
    story = tell_items(tell, calls, agents=groups, work=item(100))
    assert [story.row(label)["agent"] for label in "WX"] == [1, 1]


def test_a_group_that_helps_out_later_interrupts_an_item_only_then(tell):
    """The own agent is busy to 5:00; the helper, at an item, takes B at 1:10."""
    late = {"item": {"preference": 1}, "call": {"preference": 2, "overflow_after": "60s"}}
    groups = {"own": staff(1), "helping": staff(1, skills=late)}
    kinds = {"call": intent(300), "item": item(1000, interruptible=True)}
    story = tell({"X": (0, "item"), "A": 0, "B": 10}, intents=kinds, agents=groups)
    assert story.contacts[2] == ("B", "answered", 70, 1)
    assert story.channel("X")["aside"] == 1


def test_an_item_that_asks_goes_on_with_its_wrap_up(tell):
    """Talk to 1:40, the supervisor to 2:30, wrap-up to 2:50."""
    boss = {"group": "boss", "share": 1.0, "difficult_factor": 1.0, "time": constant(50)}
    crew = {"team": staff(1, skills=CALLS_FIRST), "boss": staff(1, skills=("decisions",))}
    story = tell_items(tell, mail(0), agents=crew, work=item(100, 20), supervisor=boss)
    assert (story.closed("X"), story.row("X")["supervisor_us"]) == ({"X": 170}, 50_000_000)


def test_an_idle_agent_goes_on_at_once(tell):
    """Agent 0, who likes items best, is interrupted; agent 1, idle, has items only and takes X up."""
    groups = {
        "calls": staff(1, skills={"item": {"preference": 1}, "call": {"preference": 2}}),
        "items": staff(1, skills={"item": {"preference": 2}}),
    }
    story = tell_items(tell, mail(0, A=10), agents=groups, work=PUT_ASIDE)
    assert (pieces(story, 0), pieces(story, 1)) == ([(0, 10), (10, 70)], [(10, 120)])
    assert story.row("X")["agent"] == 1


def test_somebody_idle_is_taken_before_anybody_is_interrupted(tell):
    """However little the idle one likes calls."""
    groups = {
        "first": staff(1, skills={"item": {"preference": 1}, "call": {"preference": 1}}),
        "last": staff(1, skills={"call": {"preference": 9}}),
    }
    story = tell_items(tell, mail(0, A=10), agents=groups, work=PUT_ASIDE)
    assert (story.row("A")["agent"], story.channel("X")["aside"]) == (1, 0)


def test_who_is_on_the_way_out_is_not_interrupted(tell):
    """A break was due at 1:00, and 120 s of work go on to 2:00."""
    team = {"team": shifts(shift(breaks=[("1m", "10m")]), skills=CALLS_FIRST)}
    story = tell_items(tell, mail(0, A=70), agents=team, work=PUT_ASIDE)
    assert story.spells()[:3] == [("handling", 0, 120), ("break", 120, 720), ("handling", 720, 780)]


# --- the end of the day


def test_at_the_end_of_the_shift_it_is_put_aside_for_the_next(tell):
    """Ten seconds done; 110 from 9:30 on."""
    team = {"team": shifts(shift(length="1h"), shift(start="09:30", length="1h"), skills=CALLS_FIRST)}
    story = tell_items(tell, mail(3590), agents=team, work=PUT_ASIDE)
    assert story.duties(0) == [(0, HOUR, HOUR)]
    assert pieces(story, 1) == [(5400, 5510)]


def test_another_is_finished_as_overtime(tell):
    team = {"team": shifts(shift(length="1h"), skills=CALLS_FIRST)}
    story = tell_items(tell, mail(3590), agents=team, work=item(100, 20))
    assert story.duties(0) == [(0, HOUR, 3710)]


def test_a_falling_count_puts_it_aside(tell):
    """And who has an item goes before who has a call."""
    team = {"team": staff(2, 1, skills=CALLS_FIRST)}
    story = tell_items(tell, mail(1790, A=1780), agents=team, work=PUT_ASIDE)
    assert story.closed("X") == {"X": 1840 + 110}


def test_at_close_it_waits_for_the_next_morning(tell):
    """Ten seconds done at 20:00, and the rest from 8:00 on; Y, which nobody has begun, after it."""
    story = tell_items(tell, mail(CLOSE - 10, CLOSE - 5), work=PUT_ASIDE, calendar={"days": 2})
    assert story.duties()[0] == (0, CLOSE, CLOSE)
    assert story.closed("X", "Y") == {"X": DAY + 110, "Y": DAY + 230}


def test_the_backlog_holds_up_no_drain(tell):
    """X, finished as overtime, ends at 20:01:50; nobody begins Y, and the agent goes."""
    story = tell_items(tell, mail(CLOSE - 10, CLOSE - 5), work=item(100, 20), calendar={"days": 2})
    assert story.duties()[0] == (0, CLOSE, CLOSE + 110)
    assert story.closed("Y") == {"Y": DAY + 120}


QUIET = {"opt_out": 0.0, "opt_out_after_failure": 0.0, "false_containment": 0.0, "context_kept": 1.0}


def test_nobody_who_stays_for_a_call_begins_an_item_after_close(tell):
    """B is in the bot to 20:01:30. The agent is free at 20:00:10, and leaves Y to the morning."""
    kinds = {"call": intent(60, bot={"resolves": 0.0}), "item": item(100)}
    calls = {"A": CLOSE - 140, "B": CLOSE - 10, "Y": (CLOSE - 5, "item")}
    bot, team = QUIET | {"session": constant(100)}, {"team": staff(1, skills=CALLS_FIRST)}
    story = tell(calls, intents=kinds, agents=team, bot=bot, calendar={"days": 2})
    assert story.contacts[1:] == [("B", "answered", CLOSE + 90, 0), ("Y", "answered", DAY, 0)]


def test_an_item_in_the_bot_at_close_keeps_nobody(tell):
    kinds = {"item": item(100, bot={"resolves": 0.0})}
    bot, team = QUIET | {"session": constant(100)}, {"team": staff(1, skills=("item",))}
    story = tell({"X": (CLOSE - 10, "item")}, intents=kinds, agents=team, bot=bot, calendar={"days": 2})
    assert story.duties()[0] == (0, CLOSE, CLOSE)
    assert story.contacts == [("X", "answered", DAY, 0)]


def test_clear_disconnects_no_item(tell):
    story = tell_items(tell, mail(CLOSE - 100, CLOSE - 50), calendar={"days": 2, "at_close": "clear"}, work=item(100))
    assert story.contacts[1] == ("Y", "answered", DAY, 0)


# --- due

WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-20:00")
WEEKEND = {"start": "2026-11-27", "days": 4, "hours": WORKDAYS | {"sat": "closed", "sun": "closed"}}


@pytest.mark.parametrize(
    ("clock", "due", "moment"),
    [
        ("business", "1h", at("20:00")),
        ("business", "4h", at("11:00", day=3)),
        ("elapsed", "4h", at("23:00")),
        ("business", "13h", at("20:00", day=3)),
    ],
)
def test_due_counts_opening_hours_over_a_night_and_a_weekend(tell, clock, due, moment):
    """It comes on Friday at 19:00; exactly at the close of a day it is due then."""
    work = item(due=due, clock=clock)
    story = tell_items(tell, {"X": (at("19:00"), "item")}, work=work, calendar=WEEKEND)
    assert story.s(story.channel("X")["due_us"]) == moment


LATE = {
    "start": 0.2,
    "late_hour": 0.1,
    **dict.fromkeys(("failed_turn", "repeats_himself", "per_minute", "returns"), 0.0),
    "effects": {"patience": 0.0, "talk_time": 0.0, "resolution": 0.0},
}


@pytest.mark.parametrize(("comes", "level"), [("19:00", 1 - 0.8 * 0.9**1.5), ("20:00", 0.2)])
def test_each_business_hour_overdue_frustrates(tell, comes, level):
    """Begun at 9:00 of the second day. Due at 19:30: half an hour and an hour late; due at 9:00, just in time."""
    due = "30m" if comes == "19:00" else "61m"
    team = {"team": shifts(shift("09:00", "1h"), skills=("item",))}
    calls = {"X": (at("19:00") if comes == "19:00" else at("19:59"), "item")}
    story = tell(calls, intents={"item": item(due=due)}, agents=team, calendar={"days": 2}, frustration=LATE)
    assert story.contacts == [("X", "answered", DAY + HOUR, 0)]
    assert story.row("X")["frustration"] == pytest.approx(level, abs=1e-12)


# --- what is there before


def test_an_opening_backlog_has_its_age(tell):
    """Two items of two hours: before X, due after six more business hours, at 14:00."""
    work = item(due="8h", opening_backlog={"count": 2, "age": "2h"})
    story = tell_items(tell, {"X": (0, "item")}, work=work)
    begun = sorted(story.s(row["left_us"]) for row in story.records.contacts)
    assert begun == [0, 100, 200]
    assert story.row("X")["left_us"] == max(story.records.contacts["left_us"])
    aged = story.records.channels[story.records.channels["age_us"] > 0]
    assert [(row["age_us"], story.s(row["due_us"])) for row in aged] == [(2 * HOUR * 10**6, at("14:00"))] * 2


def test_what_is_older_than_its_due_is_overdue_from_the_start(tell):
    work = item(due="1h", opening_backlog={"count": 1, "age": "3h"})
    story = tell_items(tell, {}, work=work)
    joined = story.records.contacts[0]["joined_us"]
    assert story.records.channels[0]["due_us"] == joined - 2 * HOUR * 10**6


def test_the_older_of_two_kinds_comes_first(tell):
    """Both are there at midnight, and the younger kind stands first in the file."""
    kinds = {
        "item": item(opening_backlog={"count": 1, "age": "1h"}),
        "older": item(opening_backlog={"count": 1, "age": "2h"}, skill="item"),
    }
    story = tell({}, intents=kinds, agents={"team": staff(1, skills=("item",))})
    assert {row["intent"]: story.s(row["left_us"]) for row in story.records.contacts} == {1: 0, 0: 100}


def test_what_is_there_before_the_first_day_does_not_meet_the_bot(tell):
    """X does, and the bot resolves it."""
    kinds = {"item": item(100, bot={"resolves": 1.0}, opening_backlog={"count": 2, "age": "1h"})}
    bot, team = QUIET | {"session": constant(100)}, {"team": staff(1, skills=("item",))}
    story = tell({"X": (1000, "item")}, intents=kinds, agents=team, bot=bot)
    assert [row["bot"] for row in story.records.contacts] == [0, 0, 2]
    assert sorted(story.s(row["left_us"]) for row in story.records.contacts[:2]) == [0, 100]
