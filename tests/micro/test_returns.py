"""Redials, repeats and returns after a false containment: when they come, and when they do not."""

import pytest

from .worlds import CLOSE, DAY, HOUR, MONDAY, at, constant, intent, staff


def redial(delay=600, probability=1.0, next_day=0.0):
    return {"probability": probability, "delay": constant(delay), "next_day": next_day}


def repeat(delay=600, probability=1.0, falsely=None):
    back = {"probability": probability, "delay": constant(delay)}
    return back | ({"falsely_contained": {"probability": 1.0, "delay": constant(falsely)}} if falsely else {})


def hasty(patience=60, **more):
    return {"patience": constant(patience), **more}


NOBODY = {"team": staff(0)}
UNSOLVED = {"call": intent(resolution=0.0)}


def causes(story):
    """0 first attempt, 1 repeat, 2 redial, 3 return after a false containment."""
    return [row["cause"] for row in story.records.contacts]


# --- redials


def test_a_redial_comes_after_the_delay(tell):
    """B gives up at 70 and calls again at 670."""
    story = tell(
        {"A": 0, "B": 10},
        intents={"call": intent(talk=600)},
        customers=hasty(redial=redial()),
    )
    assert story.contacts == [("A", "answered", 0, 0), ("B", "abandoned", 70, None), ("B2", "answered", 670, 0)]
    assert causes(story) == [0, 0, 2]
    assert story.needs == [("A", "resolved", 1), ("B", "resolved", 2)]


def test_a_balk_redials_too(tell):
    story = tell({"A": 0, "B": 10}, customers={"balk": 1.0, "redial": redial()})
    assert story.contacts[1:] == [("B", "balked", 10, None), ("B2", "answered", 610, 0)]


def test_who_does_not_redial_is_lost(tell):
    for customers in (hasty(), hasty(redial=redial(probability=0.0))):
        story = tell({"A": 0}, agents=NOBODY, customers=customers)
        assert story.contacts == [("A", "abandoned", 60, None)]
        assert story.needs == [("A", "lost", 1)]


def test_redials_go_on_until_out_of_attempts(tell):
    """60 s of patience, 600 s of delay: attempts at 0, 660 and 1320, then no more."""
    story = tell({"A": 0}, agents=NOBODY, customers=hasty(redial=redial(), max_attempts=3))
    assert story.contacts == [
        ("A", "abandoned", 60, None),
        ("A2", "abandoned", 720, None),
        ("A3", "abandoned", 1380, None),
    ]
    assert story.needs == [("A", "lost", 3)]


def test_attempts_may_be_unlimited(tell):
    """Every 660 s from 08:00 on while the attempt falls before 20:00: 66 attempts; the next falls in closed
    time after the last day."""
    for limit in ({}, {"max_attempts": "unlimited"}):
        story = tell({"A": 0}, agents=NOBODY, customers=hasty(redial=redial(), **limit))
        assert story.needs == [("A", "pending", 66)]


def test_a_redial_on_a_later_day(tell):
    """With next_day 1 the delay counts for nothing: the first open day after today, in open hours."""
    story = tell(
        {"A": 0}, agents=NOBODY, customers=hasty(redial=redial(next_day=1.0), max_attempts=2), calendar={"days": 3}
    )
    (_, _), (label, when) = story.arrivals
    assert label == "A2"
    assert DAY <= when < DAY + CLOSE
    assert causes(story) == [0, 2]


def test_a_redial_on_a_later_day_skips_closed_days(tell):
    """Tuesday is a holiday, Wednesday closed."""
    story = tell(
        {"A": 0},
        agents=NOBODY,
        customers=hasty(redial=redial(next_day=1.0), max_attempts=2),
        calendar={
            "days": 5,
            "hours": {"mon": "08:00-20:00", "tue": "08:00-20:00", "thu,fri": "09:00-18:00"},
            "holidays": ["2026-11-24"],
        },
    )
    assert 3 * DAY + HOUR <= story.arrivals[1][1] < 3 * DAY + 10 * HOUR


def test_a_disconnected_customer_redials(tell):
    """Cut off at 20:00 with a redial due at 20:10: that is closed time, so on Tuesday."""
    story = tell(
        {"A": CLOSE - 60},
        agents={"team": {"skills": ["call"], "staff": {"mon": 0, "tue": 1}}},
        customers={"patience": "infinite", "redial": redial()},
        calendar={"days": 2, "at_close": "clear"},
    )
    assert story.contacts[0] == ("A", "disconnected", CLOSE, None)
    label, outcome, when, agent = story.contacts[1]
    assert (label, outcome, agent) == ("A2", "answered", 0)
    assert DAY <= when < DAY + CLOSE
    assert causes(story) == [0, 2]


# --- repeats


def test_an_unresolved_contact_comes_back(tell):
    """Talk ends at 60, back at 660, at 1320, and that was the third attempt."""
    story = tell({"A": 0}, intents=UNSOLVED, customers={"repeat": repeat(), "max_attempts": 3})
    assert story.contacts == [("A", "answered", 0, 0), ("A2", "answered", 660, 0), ("A3", "answered", 1320, 0)]
    assert causes(story) == [0, 1, 1]
    assert story.needs == [("A", "lost", 3)]


def test_the_delay_counts_from_the_end_of_the_talk(tell):
    """Talk to 60, wrap-up to 360: back at 160, in the middle of the wrap-up, taken after it."""
    story = tell(
        {"A": 0},
        intents={"call": intent(talk=60, wrap=300, resolution=0.0)},
        customers={"repeat": repeat(delay=100), "max_attempts": 2},
    )
    assert story.arrivals == [("A", 0), ("A2", 160)]
    assert story.contacts[1] == ("A2", "answered", 360, 0)


def test_a_resolved_contact_stays_away(tell):
    story = tell({"A": 0}, customers={"repeat": repeat()})
    assert story.needs == [("A", "resolved", 1)]
    assert story.row("A")["resolved"] == 1


def test_unresolved_and_not_back_is_lost(tell):
    for customers in ({}, {"repeat": repeat(probability=0.0)}):
        story = tell({"A": 0}, intents=UNSOLVED, customers=customers)
        assert story.needs == [("A", "lost", 1)]
        assert story.row("A")["resolved"] == 0


def test_redials_and_repeats_share_the_attempts(tell):
    """B gives up at 70, redials at 670, is unresolved at 730, and back at 1330: the third and last."""
    story = tell(
        {"A": 0, "B": (10, "knotty")},
        intents={"call": intent(talk=600), "knotty": intent(skill="call", resolution=0.0)},
        customers=hasty(redial=redial(), repeat=repeat(), max_attempts=3),
    )
    assert story.contacts[1:] == [
        ("B", "abandoned", 70, None),
        ("B2", "answered", 670, 0),
        ("B3", "answered", 1330, 0),
    ]
    assert causes(story) == [0, 0, 2, 1]
    assert story.needs[1] == ("B", "lost", 3)


# --- returns after a false containment

LIAR = {"opt_out": 0.0, "opt_out_after_failure": 1.0, "false_containment": 1.0, "session": constant(30)}


def test_a_falsely_contained_need_comes_back(tell):
    """The session ends at 30; 1000 s later the need is back and asks for a human."""
    story = tell(
        {"A": 0},
        intents={"call": intent(bot={"resolves": 0.0})},
        customers={"repeat": repeat(delay=5, falsely=1000)},
        bot=LIAR,
    )
    assert story.arrivals == [("A", 0), ("A2", 1030)]
    assert story.contacts == [("A2", "answered", 1030, 0)]
    assert causes(story) == [0, 3]
    assert story.needs == [("A", "resolved", 2)]


def test_without_repeats_a_falsely_contained_need_is_lost(tell):
    story = tell({"A": 0}, intents={"call": intent(bot={"resolves": 0.0})}, bot=LIAR)
    assert story.needs == [("A", "lost", 1)]


# --- closed time


def back_at(tell, when, **calendar):
    """When a need returns whose first talk ends on Monday at 09:00 and whose delay leads to `when`."""
    story = tell(
        {"A": 3540},
        intents=UNSOLVED,
        customers={"repeat": repeat(delay=when - 3600), "max_attempts": 2},
        calendar={"days": 3} | calendar,
    )
    return story.arrivals[1][1]


def test_open_time_is_taken_as_it_falls(tell):
    assert back_at(tell, at("19:59:59")) == at("19:59:59")
    assert back_at(tell, at("08:00", day=1)) == at("08:00", day=1)
    assert back_at(tell, at("12:34:56", day=2)) == at("12:34:56", day=2)


@pytest.mark.parametrize(
    ("clock", "day"),
    [("20:00", 0), ("20:05", 0), ("23:59:59", 0)],
)
def test_a_return_after_close_comes_the_next_day(tell, clock, day):
    """20:00 sharp is closed already."""
    assert DAY <= back_at(tell, at(clock, day=day)) < DAY + CLOSE


@pytest.mark.parametrize("clock", ["00:00", "03:00", "07:59:59"])
def test_a_return_before_opening_comes_on_the_day_that_opens_after_it(tell, clock):
    """Tuesday at 03:00 becomes some time on Tuesday."""
    assert DAY <= back_at(tell, at(clock, day=1)) < DAY + CLOSE


def test_a_return_on_a_closed_day_comes_the_next_open_day(tell):
    """Tuesday noon is a holiday: Wednesday."""
    when = back_at(tell, at("12:00", day=1), holidays=["2026-11-24"])
    assert 2 * DAY <= when < 2 * DAY + CLOSE


def test_a_return_skips_the_weekend(tell):
    """From Friday 20:30 to Monday: a delay of 4 days and 11.5 hours from Monday 09:00."""
    week = {"hours": {"mon-fri": "08:00-20:00"}, "days": 8}
    when = back_at(tell, at("20:30", day=4), **week)
    assert 7 * DAY <= when < 7 * DAY + CLOSE


def test_a_return_after_the_last_day_does_not_happen(tell):
    story = tell({"A": 0}, intents=UNSOLVED, customers={"repeat": repeat(delay=13 * HOUR)}, calendar={"days": 1})
    assert story.needs == [("A", "pending", 1)]
    assert len(story.contacts) == 1


def test_a_redial_after_the_last_day_does_not_happen(tell):
    story = tell({"A": 0}, agents=NOBODY, customers=hasty(redial=redial(next_day=1.0)))
    assert story.needs == [("A", "pending", 1)]


def test_a_return_past_the_last_open_day_does_not_happen(tell):
    """Tuesday is simulated but closed."""
    story = tell(
        {"A": 0},
        agents=NOBODY,
        customers=hasty(redial=redial(next_day=1.0)),
        calendar={"days": 2, "hours": {"mon": "08:00-20:00"}},
    )
    assert story.needs == [("A", "pending", 1)]


def test_out_of_attempts_is_lost_even_if_no_day_is_left(tell):
    story = tell({"A": 0}, agents=NOBODY, customers=hasty(redial=redial(next_day=1.0), max_attempts=1))
    assert story.needs == [("A", "lost", 1)]


# --- the time of day of a return that fell in closed time


def spread(profile, days=2, **more):
    """Twenty customers a day, none answered, Monday's back on Tuesday."""
    return {
        "schema_version": 1,
        "name": "profile",
        "calendar": {"start": MONDAY.isoformat(), "days": days, "hours": "08:00-20:00", "interval": "30m"},
        "arrivals": {"per_day": 20, "process": "fixed_count", "profile": profile},
        "intents": {"call": intent(share=1.0)},
        "customers": hasty(redial=redial(next_day=1.0), max_attempts=2),
        "agents": NOBODY,
        "run": {"warm_up": "0d", "follow_up": "0d"},
        **more,
    }


def hot(interval):
    return [0] * interval + [1] + [0] * (23 - interval)


def first_and_second(story):
    """When Monday's customers came first, and when they came back."""
    whens = [[], []]
    for row in story.records.contacts:
        if story.records.needs[row["need"]]["day"] == 0:
            whens[row["attempt"] - 1].append(story.s(row["arrival_us"]))
    return whens


@pytest.mark.parametrize(
    "law",
    [redial(next_day=1.0), redial(delay=10 * HOUR)],
    ids=["a redial on a later day", "a delay into closed time"],
)
def test_it_follows_that_days_profile(play, law):
    """Monday's customers come between 12:00 and 12:30, Tuesday's between 18:00 and 18:30: so do the returns, asked
    for on a later day or due after 22:00 on Monday."""
    world = spread({"mon": hot(8), "tue": hot(20)}, customers=hasty(redial=law, max_attempts=2))
    first, back = first_and_second(play(world))
    assert len(first) == len(back) == 20
    assert all(at("12:00") <= when < at("12:30") for when in first)
    assert all(at("18:00", day=1) <= when < at("18:30", day=1) for when in back)


def test_each_return_has_its_own_draw(play):
    _, back = first_and_second(play(spread({"mon": hot(8), "tue": hot(20)})))
    assert len(set(back)) == 20


def test_it_is_even_over_the_open_hours_where_the_profile_is_empty(tell):
    """A trace with nobody on Tuesday: forty returns reach from the first quarter of the day to the last."""
    calls = {f"n{number}": number for number in range(40)}
    story = tell(
        calls, agents=NOBODY, customers=hasty(redial=redial(next_day=1.0), max_attempts=2), calendar={"days": 2}
    )
    back = [when - DAY for label, when in story.arrivals if when >= DAY]
    assert len(back) == 40
    assert all(0 <= when < CLOSE for when in back)
    assert min(back) < CLOSE / 4
    assert max(back) > CLOSE * 3 / 4
