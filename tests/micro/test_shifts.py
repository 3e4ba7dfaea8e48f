"""`shifts` name individuals: the end of the shift, breaks, and both together."""

from .worlds import CLOSE, DAY, at, intent, shift, shifts, staff


def one(*breaks, length="12h", start="08:00", **more):
    return {"team": shifts(shift(start=start, length=length, breaks=breaks, **more))}


BREAK = 3
TWO_BREAKS = (("1h", "15m"), ("1h15m", "10m"))


def with_relief(*breaks, length="1h", **more):
    """Agent 0's shift, and agent 1 from 18:00 who answers whoever is left."""
    return {"team": shifts(shift(length=length, breaks=breaks, **more), shift(start="18:00", length="2h"))}


def test_each_leaves_at_its_own_end(tell):
    lines = shifts(shift(length="4h"), shift(start="09:00", length="5h", count=2))
    story = tell({}, agents={"team": lines})
    assert [story.duties(agent) for agent in (0, 1, 2)] == [
        [(0, 14400, 14400)],
        [(3600, 21600, 21600)],
        [(3600, 21600, 21600)],
    ]
    assert story.spells(1) == [("available", 3600, 21600)]


def test_the_contact_in_hand_is_finished_as_overtime(tell):
    """A runs from 08:58:20 to 09:01:40; the shift ended at 09:00; B, waiting since 08:59, is not taken."""
    story = tell({"A": 3500, "B": 3540}, intents={"call": intent(talk=200)}, agents=with_relief())
    assert story.duties(0) == [(0, 3600, 3700)]
    assert story.contacts == [("A", "answered", 3500, 0), ("B", "answered", at("18:00"), 1)]


def test_wrap_up_belongs_to_the_contact_in_hand(tell):
    story = tell({"A": 3500}, intents={"call": intent(talk=50, wrap=150)}, agents=with_relief())
    assert story.duties(0) == [(0, 3600, 3700)]


def test_a_break_begins_when_due_if_idle(tell):
    story = tell({}, agents=one(("1h", "15m"), ("4h", "30m")))
    assert story.spells() == [
        ("available", 0, 3600),
        ("break", 3600, 4500),
        ("available", 4500, 14400),
        ("break", 14400, 16200),
        ("available", 16200, CLOSE),
    ]


def test_a_break_waits_for_the_contact_in_hand_and_lasts_in_full(tell):
    """Due at 09:00, A ends at 09:00:50: break to 09:15:50. B waits through it. The shift's end stays."""
    story = tell({"A": 3590, "B": 3595}, agents=one(("1h", "15m")))
    assert story.spells()[:4] == [
        ("available", 0, 3590),
        ("handling", 3590, 3650),
        ("break", 3650, 4550),
        ("handling", 4550, 4610),
    ]
    assert story.contacts[1] == ("B", "answered", 4550, 0)
    assert story.duties() == [(0, CLOSE, CLOSE)]


def test_a_late_break_does_not_move_the_next(tell):
    """The first is 50 s late, the second is due at 10:00 all the same."""
    story = tell({"A": 3590}, agents=one(("1h", "15m"), ("2h", "15m")))
    assert story.spells()[4:6] == [("break", 7200, 8100), ("available", 8100, CLOSE)]


def test_two_breaks_due_during_one_contact_follow_each_other(tell):
    """Due at 09:00 and 09:15 while A runs to 09:20: 15 + 10 minutes at a stretch, B answered at 09:45."""
    story = tell(
        {"A": 3000, "B": 4700}, intents={"call": intent(talk=1800)}, agents=one(("1h", "15m"), ("1h15m", "10m"))
    )
    assert story.spells()[2] == ("break", at("09:20"), at("09:45"))
    first, second = (row for row in story.segments() if row["state"] == BREAK)
    assert (story.s(first["end_us"]), story.s(second["start_us"])) == (at("09:35"), at("09:35"))
    assert story.contacts[1] == ("B", "answered", at("09:45"), 0)


def test_a_break_due_during_a_break_follows_at_once(tell):
    """The first is late: 09:05 to 09:20; the second was due at 09:15: 09:20 to 09:30."""
    story = tell(
        {"A": 3300, "B": 4000}, intents={"call": intent(talk=600)}, agents=one(("1h", "15m"), ("1h15m", "10m"))
    )
    assert story.spells()[2] == ("break", at("09:05"), at("09:30"))
    assert story.contacts[1] == ("B", "answered", at("09:30"), 0)


def test_the_end_of_the_shift_cuts_a_break(tell):
    """Due at 09:45, begun with the end of A at 09:55, over with the shift at 10:00."""
    story = tell(
        {"A": 6200, "B": 7000},
        intents={"call": intent(talk=700)},
        agents=with_relief(("1h45m", "10m"), length="2h"),
    )
    assert story.spells(0)[-1] == ("break", 6900, 7200)
    assert story.duties(0) == [(0, 7200, 7200)]
    assert story.contacts[1] == ("B", "answered", at("18:00"), 1)


def test_a_break_not_begun_by_the_end_of_the_shift_is_lost(tell):
    """Due at 09:45 while A runs to 10:05; the agent goes home then."""
    story = tell({"A": 6200}, intents={"call": intent(talk=1300)}, agents=with_relief(("1h45m", "10m"), length="2h"))
    assert story.spells(0) == [("available", 0, 6200), ("handling", 6200, 7500)]
    assert story.duties(0) == [(0, 7200, 7500)]


def test_nobody_is_taken_on_a_break(tell):
    """Agent 0 rests from 09:00 to 09:15; A takes agent 1, B waits."""
    lines = shifts(shift(breaks=[("1h", "15m")]), shift())
    story = tell({"A": 4440, "B": 4445}, agents={"team": lines})
    assert story.contacts == [("A", "answered", 4440, 1), ("B", "answered", 4500, 0)]


def test_a_shift_may_start_before_the_centre_opens(tell):
    """On duty and available from 07:30; the first contact comes at 08:00. The break is due after 1 h, at 08:30."""
    story = tell({"A": 0}, agents=one(("1h", "15m"), start="07:30"))
    assert story.duties() == [(-1800, at("19:30"), at("19:30"))]
    assert story.spells()[:4] == [
        ("available", -1800, 0),
        ("handling", 0, 60),
        ("available", 60, 1800),
        ("break", 1800, 2700),
    ]


def test_idle_before_opening_counts_as_idle(tell):
    """Agent 1 is there since 07:30, agent 0 since 08:00."""
    lines = shifts(shift(), shift(start="07:30"))
    assert tell({"A": 0}, agents={"team": lines}).contacts == [("A", "answered", 0, 1)]


def test_a_contact_waits_for_the_shift_to_start(tell):
    story = tell({"A": 10}, agents=one(start="09:00", length="8h"))
    assert story.contacts == [("A", "answered", 3600, 0)]


def test_shifts_are_worked_on_their_days(tell):
    """Agent 0 on Monday and Wednesday, agent 1 on Tuesday: each line its own individual."""
    lines = shifts(shift(days="mon,wed"), shift(days="tue"))
    story = tell({"A": 0, "B": DAY, "C": 2 * DAY}, agents={"team": lines}, calendar={"days": 3})
    assert [contact[3] for contact in story.contacts] == [0, 1, 0]
    assert story.duties(0) == [(0, CLOSE, CLOSE), (2 * DAY, 2 * DAY + CLOSE, 2 * DAY + CLOSE)]
    assert story.duties(1) == [(DAY, DAY + CLOSE, DAY + CLOSE)]


def test_no_shift_on_a_closed_day(tell):
    story = tell({}, agents=one(), calendar={"days": 3, "holidays": ["2026-11-24"]})
    assert [start for start, *_ in story.duties()] == [0, 2 * DAY]


def test_absence_takes_the_whole_shift(tell):
    groups = {"sick": shifts(shift(), absence=1.0), "well": staff(1)}
    story = tell({"A": 0, "B": 10}, agents=groups)
    assert story.contacts == [("A", "answered", 0, 1), ("B", "answered", 60, 1)]
    assert story.duties(0) == []


def test_absence_is_drawn_by_agent_and_day(tell):
    """At one half, neither two agents nor two days always agree."""
    lines = shifts(shift(count=2), absence=0.5)
    story = tell({}, agents={"team": lines}, calendar={"days": 28})
    days = [{start // DAY for start, *_ in story.duties(agent)} for agent in (0, 1)]
    assert days[0] != days[1]
    assert all(0 < len(mine) < 28 for mine in days)


def test_one_shift_after_another_is_two_duties(tell):
    """24 hours, every day: the contact in hand at midnight goes on into the next shift, without overtime."""
    story = tell(
        {"A": DAY - 30},
        agents=one(start="00:00", length="24h"),
        calendar={"hours": "00:00-24:00", "days": 2},
    )
    assert story.duties() == [(0, DAY, DAY), (DAY, 2 * DAY, 2 * DAY)]
    assert story.spells() == [
        ("available", 0, DAY - 30),
        ("handling", DAY - 30, DAY + 30),
        ("available", DAY + 30, 2 * DAY),
    ]


def test_a_break_cut_yesterday_ends_nothing_today(tell):
    """24 hours, every day. Monday's last break, due at 23:00, begins with the end of A at 23:30 and is cut at
    midnight; on Tuesday the one due at 00:10 lasts its hour, to 01:10, though the other would have ended at 00:30."""
    story = tell(
        {"A": at("22:50", opening="00:00"), "B": at("00:40", day=1, opening="00:00")},
        intents={"call": intent(talk=2400)},
        agents=one(("10m", "1h"), ("23h", "1h"), start="00:00", length="24h"),
        calendar={"hours": "00:00-24:00", "days": 2},
    )
    assert story.contacts[1] == ("B", "answered", at("01:10", day=1, opening="00:00"), 0)
