"""Warm-up, the days measured, follow-up: which needs count, and how long they are followed."""

from .worlds import CLOSE, DAY, HOUR, constant, intent, staff

UNSOLVED = {"call": intent(resolution=0.0)}


def horizon(warm_up="0d", follow_up="0d"):
    return {"seed": 1, "warm_up": warm_up, "follow_up": follow_up}


def again(delay, **more):
    return {"repeat": {"probability": 1.0, "delay": constant(delay)}, **more}


def needs(story):
    """(seconds from the first opening of the days measured, measured, attempts)."""
    return [(story.s(row["born_us"]), bool(row["measured"]), int(row["attempts"])) for row in story.records.needs]


def test_without_warm_up_and_follow_up_only_the_days_exist(tell):
    story = tell({"A": 0, "B": DAY}, calendar={"days": 2})
    assert needs(story) == [(0, True, 1), (DAY, True, 1)]
    assert {row["day"] for row in story.records.needs} == {0, 1}


def test_the_days_around_repeat_the_weekday(tell):
    """Monday's two calls come a week before and a week after as well; only Monday's own are measured."""
    story = tell({"A": 0, "B": 100}, run=horizon("7d", "7d"))
    assert needs(story) == [
        (-7 * DAY, False, 1),
        (-7 * DAY + 100, False, 1),
        (0, True, 1),
        (100, True, 1),
        (7 * DAY, False, 1),
        (7 * DAY + 100, False, 1),
    ]
    assert [row["day"] for row in story.records.needs] == [0, 0, 7, 7, 14, 14]
    assert [row["day"] for row in story.records.contacts] == [0, 0, 7, 7, 14, 14]


def test_other_weekdays_have_nobody(tell):
    """Six days of warm-up reach back to Tuesday only."""
    assert needs(tell({"A": 0}, run=horizon("6d", "6d"))) == [(0, True, 1)]


def test_the_clock_starts_at_midnight_of_the_first_simulated_day(tell):
    story = tell({"A": 10}, run=horizon("3d"))
    assert story.row("A")["arrival_us"] == (3 * DAY + 8 * HOUR + 10) * 1_000_000


def test_agents_work_in_warm_up_and_follow_up(tell):
    story = tell({"A": 0}, run=horizon("2d", "1d"))
    assert story.duties() == [(day * DAY, day * DAY + CLOSE, day * DAY + CLOSE) for day in (-2, -1, 0, 1)]


def test_staff_lists_by_weekday_hold_around_the_days(tell):
    """Measured on Monday, warm-up on Saturday and Sunday: Sunday has its own count."""
    group = {"skills": ["call"], "staff": {"mon": 1, "sat": 0, "sun": 1}}
    story = tell({"A": 0}, agents={"team": group}, run=horizon("2d"))
    assert [start for start, *_ in story.duties()] == [-DAY, 0]


def test_a_need_is_followed_to_the_end_of_the_follow_up(tell):
    """Back after two days and, unresolved, after two more: the third attempt would fall after the follow-up."""
    story = tell({"A": 0}, intents=UNSOLVED, customers=again(2 * DAY), run=horizon(follow_up="3d"))
    assert story.arrivals == [("A", 0), ("A2", 2 * DAY + 60)]
    assert story.needs == [("A", "pending", 2)]


def test_without_follow_up_it_is_pending_at_once(tell):
    story = tell({"A": 0}, intents=UNSOLVED, customers=again(2 * DAY))
    assert story.needs == [("A", "pending", 1)]


def test_a_need_of_the_warm_up_is_never_measured(tell):
    """Born a week before, its return on the measured Monday is its second attempt."""
    story = tell({"A": 0}, intents=UNSOLVED, customers=again(7 * DAY, max_attempts=2), run=horizon("7d"))
    assert needs(story) == [(-7 * DAY, False, 2), (0, True, 1)]
    assert [(row["day"], row["attempt"]) for row in story.records.contacts] == [(0, 1), (7, 2), (7, 1)]


def test_auto_is_two_weeks_and_one_where_needs_return_after_days(tell):
    auto = {"warm_up": "auto", "follow_up": "auto"}
    days = tell({"A": 0}, customers=again(2 * DAY), run=auto)
    assert (days.scenario.warm_up_days, days.scenario.follow_up_days) == (14, 7)
    assert needs(days) == [(-14 * DAY, False, 1), (-7 * DAY, False, 1), (0, True, 1), (7 * DAY, False, 1)]
    none = tell({"A": 0}, run=auto)
    assert (none.scenario.warm_up_days, none.scenario.follow_up_days) == (0, 0)
    assert needs(none) == [(0, True, 1)]


def test_a_closed_night_between_warm_up_and_the_days(tell):
    """Cut off on Sunday at 20:00, the caller redials on the first day measured; the need stays unmeasured."""
    story = tell(
        {"M": 0, "S": 6 * DAY + CLOSE - 60},
        agents={"team": {"skills": ["call"], "staff": {"mon-sat": 1, "sun": 0}}},
        customers={
            "patience": "infinite",
            "redial": {"probability": 1.0, "delay": constant(60), "next_day": 0.0},
        },
        calendar={"days": 7, "at_close": "clear"},
        run=horizon("1d"),
    )
    rows = [row for row in story.records.contacts if row["need"] == 0]
    assert [(row["day"], row["attempt"], row["cause"]) for row in rows] == [(0, 1, 0), (1, 2, 2)]
    assert not story.records.needs[0]["measured"]


def test_a_count_of_people_does_not_change_across_the_horizon(tell):
    """The same individuals work the warm-up and the days."""
    story = tell({"A": 0, "B": 1}, agents={"team": staff(2)}, run=horizon("7d"))
    assert [(row["day"], row["agent"]) for row in story.records.contacts] == [(0, 0), (0, 1), (7, 0), (7, 1)]
