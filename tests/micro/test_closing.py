"""Opening and closing: drain and clear, who stays, nights that never come."""

from .worlds import CLOSE, DAY, HOUR, constant, equal, intent, shift, shifts, staff

CLEAR = {"at_close": "clear"}
BOT = {"opt_out": 0.0, "false_containment": 0.0, "session": constant(600)}
SPLIT = {"x": intent(talk=600), "y": intent(talk=600)}
APART = {"x team": staff(1, skills=("x",)), "y team": staff(1, skills=("y",))}


def chat(resolves=0.0, **more):
    return intent(bot={"resolves": resolves}, **more)


# --- drain


def test_drain_serves_who_waits_at_close(tell):
    """A until 20:00:30, B until 20:01:30, C until 20:02:30."""
    story = tell({"A": CLOSE - 30, "B": CLOSE - 20, "C": CLOSE - 10})
    assert story.contacts[1:] == [("B", "answered", CLOSE + 30, 0), ("C", "answered", CLOSE + 90, 0)]
    assert story.duties() == [(0, CLOSE, CLOSE + 150)]
    assert story.spells()[-1] == ("handling", CLOSE + 90, CLOSE + 150)


def test_idle_agents_go_at_close_when_nobody_waits(tell):
    """A is in agent 0's hands: nobody waits, so idle agent 1 goes at 20:00 and agent 0 when A is done."""
    story = tell({"A": CLOSE - 30}, agents={"team": staff(2)})
    assert story.duties(0) == [(0, CLOSE, CLOSE + 30)]
    assert story.duties(1) == [(0, CLOSE, CLOSE)]


def test_drain_lets_go_when_the_last_waiting_contact_is_taken(tell):
    """Agent 0 is free at 20:05 and takes C, the last; agent 1, free at 20:06, goes."""
    calls = {"A": CLOSE - 300, "B": CLOSE - 240, "C": CLOSE - 60}
    story = tell(calls, intents={"call": intent(talk=600)}, agents={"team": staff(2)})
    assert story.contacts[2] == ("C", "answered", CLOSE + 300, 0)
    assert story.duties(0) == [(0, CLOSE, CLOSE + 900)]
    assert story.duties(1) == [(0, CLOSE, CLOSE + 360)]


def test_drain_keeps_idle_agents_while_anybody_waits(tell):
    """Agent 0 (x) is idle from close on; C (y) waits for agent 1 until 20:05. Then agent 0 may go."""
    story = tell({"B": (CLOSE - 300, "y"), "C": (CLOSE - 60, "y")}, intents=SPLIT, agents=APART)
    assert story.contacts[1] == ("C", "answered", CLOSE + 300, 1)
    assert story.duties(0) == [(0, CLOSE, CLOSE + 300)]
    assert story.spells(0) == [("available", 0, CLOSE + 300)]
    assert story.duties(1) == [(0, CLOSE, CLOSE + 900)]


def test_drain_ends_when_the_last_waiting_contact_gives_up(tell):
    """C gives up at 20:02; agent 0, idle, goes then."""
    intents = {"x": intent(), "y": intent(talk=600, patience=constant(180))}
    story = tell({"B": (CLOSE - 300, "y"), "C": (CLOSE - 60, "y")}, intents=intents, agents=APART)
    assert story.contacts[1] == ("C", "abandoned", CLOSE + 120, None)
    assert story.duties(0) == [(0, CLOSE, CLOSE + 120)]
    assert story.duties(1) == [(0, CLOSE, CLOSE + 300)]


def test_drain_waits_for_the_bot(tell):
    """A enters the bot at 19:58:20 and is handed off at 20:08:20: the idle agent is still there."""
    story = tell({"A": CLOSE - 100}, intents={"call": chat()}, bot=BOT)
    assert story.contacts == [("A", "answered", CLOSE + 500, 0)]
    assert story.waits == {"A": (0, False)}
    assert story.duties() == [(0, CLOSE, CLOSE + 560)]


def test_drain_ends_when_the_bots_last_session_is_contained(tell):
    story = tell({"A": CLOSE - 100}, intents={"call": chat(resolves=1.0)}, bot=BOT)
    assert story.contacts == []
    assert story.duties() == [(0, CLOSE, CLOSE + 500)]


def test_drain_waits_for_queue_and_bot_both(tell):
    """B's session ends at 20:08:20 after the queue is empty, C's contained one at 20:09:10."""
    intents = {"call": intent(), "chat": chat(skill="call"), "easy": chat(resolves=1.0, skill="call")}
    calls = {"A": CLOSE - 20, "D": CLOSE - 10, "B": (CLOSE - 100, "chat"), "C": (CLOSE - 50, "easy")}
    story = tell(calls, intents=intents, bot=BOT)
    assert story.contacts == [
        ("B", "answered", CLOSE + 500, 0),
        ("A", "answered", CLOSE - 20, 0),
        ("D", "answered", CLOSE + 40, 0),
    ]
    assert story.duties() == [(0, CLOSE, CLOSE + 560)]


def test_whom_nobody_on_duty_can_serve_is_disconnected_at_close(tell):
    """The y team went home at 19:30; A waits for it since 19:40 and is cut off at 20:00."""
    groups = {"x team": staff(1, skills=("x",)), "y team": staff(*[1] * 23, 0, skills=("y",))}
    story = tell({"A": (CLOSE - 1200, "y"), "B": (CLOSE - 60, "x")}, intents=SPLIT, agents=groups)
    assert story.contacts[0] == ("A", "disconnected", CLOSE, None)
    assert story.duties(0) == [(0, CLOSE, CLOSE + 540)]


def test_a_later_hand_off_that_nobody_on_duty_can_serve_is_disconnected(tell):
    """A's session ends at 20:08:20. Nobody has y; the x agent was kept by the open session until then."""
    intents = {"x": intent(), "y": chat()}
    groups = {"x team": staff(1, skills=("x",)), "y team": staff(*[1] * 23, 0, skills=("y",))}
    story = tell({"A": (CLOSE - 100, "y")}, intents=intents, agents=groups, bot=BOT)
    assert story.contacts == [("A", "disconnected", CLOSE + 500, None)]
    assert story.duties(0) == [(0, CLOSE, CLOSE + 500)]


def test_who_is_busy_at_close_counts_as_on_duty(tell):
    """B waits for agent 1, who is with A until 20:30: not disconnected."""
    story = tell({"A": CLOSE - 60, "B": CLOSE - 50}, intents={"call": intent(talk=1860)})
    assert story.contacts[1] == ("B", "answered", CLOSE + 1800, 0)


def test_who_is_already_leaving_does_not_count_as_on_duty(tell):
    """The only agent's shift ended at 19:30, A keeps it until 20:10; B, waiting, is cut off at 20:00."""
    agents = {"team": shifts(shift(length="11h30m"))}
    story = tell({"A": CLOSE - 2400, "B": CLOSE - 600}, intents={"call": intent(talk=3000)}, agents=agents)
    assert story.contacts[1] == ("B", "disconnected", CLOSE, None)
    assert story.duties() == [(0, CLOSE - 1800, CLOSE + 600)]


def test_a_pending_departure_by_counts_does_not_count_as_on_duty(tell):
    story = tell(
        {"A": CLOSE - 2400, "B": CLOSE - 600},
        intents={"call": intent(talk=3000)},
        agents={"team": staff(*[1] * 23, 0)},
    )
    assert story.contacts[1] == ("B", "disconnected", CLOSE, None)
    assert story.duties() == [(0, CLOSE - 1800, CLOSE + 600)]


def test_who_is_on_a_break_at_close_counts_as_on_duty(tell):
    """The break runs from 19:50 to 20:05, the shift to 20:30: A is answered at 20:05, in time."""
    agents = {"team": shifts(shift(length="12h30m", breaks=[("11h50m", "15m")]))}
    story = tell({"A": CLOSE - 300}, agents=agents)
    assert story.contacts == [("A", "answered", CLOSE + 300, 0)]
    assert story.duties() == [(0, CLOSE + 1800, CLOSE + 1800)]


def test_a_break_in_progress_at_close_lasts_in_full_though_the_shift_is_over(tell):
    """Due at 19:40, begun with the end of A at 19:55, cut by nobody: the agent was on duty at close (shift to
    20:00) and stays for B, whom it takes at 20:05, all overtime."""
    agents = {"team": shifts(shift(breaks=[("11h40m", "10m")]))}
    story = tell({"A": CLOSE - 1800, "B": CLOSE - 200}, intents={"call": intent(talk=1500)}, agents=agents)
    assert story.contacts[1] == ("B", "answered", CLOSE + 300, 0)
    assert story.duties() == [(0, CLOSE, CLOSE + 1800)]


def test_breaks_go_on_as_usual_after_close(tell):
    """The break falls due at 20:10 while A (to 20:15) is in hand: B is answered after it, at 20:25."""
    agents = {"team": shifts(shift(length="13h", breaks=[("12h10m", "10m")]))}
    story = tell({"A": CLOSE - 60, "B": CLOSE - 30}, intents={"call": intent(talk=960)}, agents=agents)
    assert story.spells()[2] == ("break", CLOSE + 900, CLOSE + 1500)
    assert story.contacts[1] == ("B", "answered", CLOSE + 1500, 0)


def test_a_shift_that_ends_during_the_drain_is_overtime_from_there(tell):
    """The shift ends at 20:10 but B waits until 20:15: the agent stays for it."""
    agents = {"team": shifts(shift(length="12h10m"))}
    story = tell({"A": CLOSE - 60, "B": CLOSE - 30}, intents={"call": intent(talk=960)}, agents=agents)
    assert story.contacts[1] == ("B", "answered", CLOSE + 900, 0)
    assert story.duties() == [(0, CLOSE + 600, CLOSE + 1860)]


def test_a_break_not_begun_by_the_end_of_the_shift_is_lost_in_the_drain_too(tell):
    """Due at 20:05, shift over at 20:10, A in hand until 20:15: no break any more, B is taken at once."""
    agents = {"team": shifts(shift(length="12h10m", breaks=[("12h5m", "5m")]))}
    story = tell({"A": CLOSE - 60, "B": CLOSE - 30}, intents={"call": intent(talk=960)}, agents=agents)
    assert story.contacts[1] == ("B", "answered", CLOSE + 900, 0)
    assert story.duties() == [(0, CLOSE + 600, CLOSE + 1860)]


def test_a_shift_that_ends_after_close_is_worked_to_its_end(tell):
    """Nothing to do after 20:00, and no overtime: on duty until 20:30."""
    for at_close in ("drain", "clear"):
        story = tell({"A": 0}, agents={"team": shifts(shift(length="12h30m"))}, calendar={"at_close": at_close})
        assert story.duties() == [(0, CLOSE + 1800, CLOSE + 1800)]
        assert story.spells()[-1] == ("available", 60, CLOSE + 1800)


def test_patience_runs_on_after_close(tell):
    story = tell({"A": CLOSE - 60, "B": CLOSE - 30}, intents={"call": intent(talk=600, patience=constant(100))})
    assert story.contacts[1] == ("B", "abandoned", CLOSE + 70, None)


def test_without_anybody_at_all_the_queue_is_cut_off_at_close(tell):
    story = tell({"A": CLOSE - 60}, agents={"team": staff(0)})
    assert story.contacts == [("A", "disconnected", CLOSE, None)]


# --- clear


def test_clear_disconnects_who_waits_and_finishes_what_is_in_hand(tell):
    story = tell({"A": CLOSE - 30, "B": CLOSE - 20, "C": CLOSE - 10}, calendar=CLEAR)
    assert story.contacts == [
        ("A", "answered", CLOSE - 30, 0),
        ("B", "disconnected", CLOSE, None),
        ("C", "disconnected", CLOSE, None),
    ]
    assert story.waits["B"] == (20, True)
    assert story.duties() == [(0, CLOSE, CLOSE + 30)]


def test_clear_disconnects_later_hand_offs(tell):
    """The shift agent is there until 20:30, idle; the hand-off of 20:08:20 is cut off all the same."""
    for group in (staff(1), shifts(shift(length="12h30m"))):
        story = tell({"A": CLOSE - 100}, intents={"call": chat()}, agents={"team": group}, calendar=CLEAR, bot=BOT)
        assert story.contacts == [("A", "disconnected", CLOSE + 500, None)]
        assert story.waits == {"A": (0, False)}


def test_clear_keeps_nobody_for_the_bot(tell):
    story = tell({"A": CLOSE - 100}, intents={"call": chat()}, calendar=CLEAR, bot=BOT)
    assert story.duties() == [(0, CLOSE, CLOSE)]


def test_clear_ends_at_the_next_opening(tell):
    """On Tuesday hand-offs are answered again."""
    story = tell({"A": CLOSE - 100, "B": DAY}, intents={"call": chat()}, calendar=CLEAR | {"days": 2}, bot=BOT)
    assert story.contacts == [("A", "disconnected", CLOSE + 500, None), ("B", "answered", DAY + 600, 0)]


def test_a_hand_off_after_the_next_opening_is_no_later_one(tell):
    """A's session runs 13 hours, from 19:58:20 on Monday to 08:58:20 on Tuesday: answered."""
    long = BOT | {"session": constant(13 * HOUR)}
    story = tell({"A": CLOSE - 100}, intents={"call": chat()}, calendar=CLEAR | {"days": 2}, bot=long)
    assert story.contacts == [("A", "answered", DAY + 3500, 0)]
    assert story.duties()[0] == (0, CLOSE, CLOSE)


def test_drain_keeps_nobody_beyond_the_next_opening(tell):
    """The same session under drain: Monday's duty lasts through the night to 08:00, all of it overtime."""
    long = BOT | {"session": constant(13 * HOUR)}
    for group in (staff(1), shifts(shift())):
        story = tell(
            {"A": CLOSE - 100}, intents={"call": chat()}, agents={"team": group}, calendar={"days": 2}, bot=long
        )
        assert story.contacts == [("A", "answered", DAY + 3500, 0)]
        assert story.duties() == [(0, CLOSE, DAY), (DAY, DAY + CLOSE, DAY + CLOSE)]


# --- nights and days off

ALWAYS = {"hours": "00:00-24:00", "days": 2}


def test_a_centre_open_day_and_night_never_closes(tell):
    """A is taken at 23:59, B waits over midnight and is answered at 00:09, C comes at 00:05 after it."""
    story = tell(
        {"A": DAY - 60, "B": DAY - 30, "C": DAY + 300},
        intents={"call": intent(talk=600)},
        agents={"team": staff(1, intervals=48)},
        calendar=ALWAYS | CLEAR,
    )
    assert story.contacts == [
        ("A", "answered", DAY - 60, 0),
        ("B", "answered", DAY + 540, 0),
        ("C", "answered", DAY + 1140, 0),
    ]


def test_counts_go_on_over_midnight(tell):
    """The same count on both days: nobody leaves or comes."""
    story = tell({}, agents={"team": staff(1, intervals=48)}, calendar=ALWAYS)
    assert story.duties() == [(0, 2 * DAY, 2 * DAY)]


def test_counts_may_change_at_midnight(tell):
    """Two on Monday, one on Tuesday: at 00:00 agent 0 (on duty equally long, lower number) goes."""
    team = {"skills": ["call"], "staff": {"mon": 2, "tue": 1}}
    story = tell({}, agents={"team": team}, calendar=ALWAYS)
    assert story.duties(0) == [(0, DAY, DAY)]
    assert story.duties(1) == [(0, 2 * DAY, 2 * DAY)]


def test_a_shift_runs_over_midnight(tell):
    """22:00 to 06:00, begun on Monday: A at 01:00 on Tuesday is answered, B at 07:00 waits for the next night.

    Sunday evening is not theirs, so that nobody is there before (tests/micro/test_nights.py).
    """
    night = shifts(shift(start="22:00", length="8h", days="mon-sat"))
    calls = {"A": DAY + HOUR, "B": DAY + 7 * HOUR}
    story = tell(calls, agents={"team": night}, calendar=ALWAYS)
    assert story.contacts == [
        ("A", "answered", DAY + HOUR, 0),
        ("B", "answered", DAY + 22 * HOUR, 0),
    ]
    assert story.duties()[0] == (22 * HOUR, DAY + 6 * HOUR, DAY + 6 * HOUR)


def test_the_last_day_always_closes(tell):
    """At 24:00 of Tuesday B, waiting, is cut off."""
    story = tell(
        {"A": 2 * DAY - 60, "B": 2 * DAY - 30},
        intents={"call": intent(talk=600)},
        agents={"team": staff(1, intervals=48)},
        calendar=ALWAYS | CLEAR,
    )
    assert story.contacts[1] == ("B", "disconnected", 2 * DAY, None)
    assert story.duties() == [(0, 2 * DAY, 2 * DAY + 540)]


def test_the_last_day_drains_too(tell):
    story = tell(
        {"A": 2 * DAY - 60, "B": 2 * DAY - 30},
        intents={"call": intent(talk=600)},
        agents={"team": staff(1, intervals=48)},
        calendar=ALWAYS,
    )
    assert story.contacts[1] == ("B", "answered", 2 * DAY + 540, 0)
    assert story.duties() == [(0, 2 * DAY, 2 * DAY + 1140)]


def test_open_day_and_night_but_not_every_day(tell):
    """Open on Monday and Wednesday: Monday closes at 24:00."""
    hours = {"mon": "00:00-24:00", "wed": "00:00-24:00"}
    story = tell(
        {"A": DAY - 60, "B": DAY - 30},
        intents={"call": intent(talk=600)},
        calendar=CLEAR | {"hours": hours, "days": 3},
        agents={"team": staff(1, intervals=48)},
    )
    assert story.contacts[1] == ("B", "disconnected", DAY, None)


def test_nobody_works_on_a_closed_day(tell):
    hours = {"mon": "08:00-20:00", "wed": "08:00-20:00"}
    story = tell({"A": 0, "B": 2 * DAY}, calendar={"hours": hours, "days": 3})
    assert [contact[2] for contact in story.contacts] == [0, 2 * DAY]
    assert story.duties() == [(0, CLOSE, CLOSE), (2 * DAY, 2 * DAY + CLOSE, 2 * DAY + CLOSE)]


def test_nobody_works_on_a_holiday(tell):
    story = tell({"A": 0, "B": 2 * DAY}, calendar={"days": 3, "holidays": ["2026-11-24"]})
    assert [start for start, *_ in story.duties()] == [0, 2 * DAY]


def test_days_of_their_own_hours(tell):
    """Tuesday opens at 10:00 and closes at 12:00."""
    hours = {"mon": "08:00-20:00", "tue": "10:00-12:00"}
    story = tell({"A": DAY + 4 * HOUR - 30, "B": DAY + 4 * HOUR - 20}, calendar=CLEAR | {"hours": hours, "days": 2})
    tuesday = DAY + 2 * HOUR
    assert story.duties()[1] == (tuesday, tuesday + 2 * HOUR, tuesday + 2 * HOUR + 30)
    assert story.contacts[1] == ("B", "disconnected", tuesday + 2 * HOUR, None)


def test_who_still_waits_when_the_centre_opens_again_is_served(tell):
    """Open 00:00-23:00. A keeps the only agent from 22:30 on Monday to 00:30 on Tuesday; B waits from 22:40,
    through the closed hour and the opening at 00:00, to 00:30."""
    story = tell(
        {"A": 22.5 * HOUR, "B": 22.5 * HOUR + 600},
        intents={"call": intent(talk=2 * HOUR)},
        agents={"team": staff(1, intervals=46)},
        calendar={"hours": "00:00-23:00", "days": 2},
    )
    assert story.contacts[1] == ("B", "answered", DAY + 1800, 0)


def test_who_can_serve_is_asked_of_skills_not_of_idleness(tell):
    """Both teams are on duty at close, both busy: x's waiting contact is kept for the x team."""
    calls = {"A": (CLOSE - 300, "x"), "B": (CLOSE - 290, "y"), "C": (CLOSE - 60, "x")}
    story = tell(calls, intents=SPLIT, agents=APART)
    assert story.contacts[2] == ("C", "answered", CLOSE + 300, 0)


def test_a_drained_queue_keeps_its_order(tell):
    """Preference rules after close as before: agent free at 20:01, x before y though y waits longer."""
    calls = {"A": (CLOSE - 540, "x"), "B": (CLOSE - 500, "y"), "C": (CLOSE - 60, "x")}
    group = staff(1, skills=("x", "y"))
    assert tell(calls, intents=SPLIT, agents={"team": group}).order() == ["A", "C", "B"]
    group = staff(1, skills=equal("x", "y"))
    assert tell(calls, intents=SPLIT, agents={"team": group}).order() == ["A", "B", "C"]
