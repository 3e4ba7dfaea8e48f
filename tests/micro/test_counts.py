"""`staff` counts name nobody: who goes when the count falls, who comes when it rises."""

from .worlds import CLOSE, DAY, HOUR, at, equal, intent, staff

MIXED = {"long": intent(talk=2 * HOUR), "call": intent()}


def team(*counts, **more):
    return {"team": staff(*counts, skills=equal("long", "call"), **more)}


def test_a_constant_count_is_on_duty_all_day(tell):
    story = tell({}, agents={"team": staff(2)})
    assert [story.duties(agent) for agent in (0, 1)] == [[(0, CLOSE, CLOSE)]] * 2
    assert story.spells(1) == [("available", 0, CLOSE)]


def test_counts_hold_for_their_interval(tell):
    """1 from 08:00, 2 from 08:30, 0 from 09:00, 1 from 09:30."""
    story = tell({}, agents={"team": staff(1, 2, 0, 1)})
    assert story.duties(0) == [(0, 3600, 3600), (5400, CLOSE, CLOSE)]
    assert story.duties(1) == [(1800, 3600, 3600)]


def test_an_idle_agent_goes_before_a_busy_one(tell):
    """At 08:30 agent 0 is with A; idle agent 1 goes though both are on duty equally long."""
    story = tell({"A": (1000, "long")}, intents=MIXED, agents=team(2, 1))
    assert story.duties(1) == [(0, 1800, 1800)]
    assert story.duties(0) == [(0, CLOSE, CLOSE)]


def test_of_equally_long_on_duty_the_lower_number_goes(tell):
    story = tell({}, agents={"team": staff(3, 2)})
    assert [story.duties(agent)[0][2] for agent in (0, 1, 2)] == [1800, CLOSE, CLOSE]


def test_the_longest_on_duty_goes_first(tell):
    """Agent 0 goes at 08:30 and is back at 09:00; at 09:30 agent 1, on duty since 08:00, goes."""
    story = tell({}, agents={"team": staff(2, 1, 2, 1)})
    assert story.duties(0) == [(0, 1800, 1800), (3600, CLOSE, CLOSE)]
    assert story.duties(1) == [(0, 5400, 5400)]


def test_the_longest_on_duty_is_not_the_longest_idle(tell):
    """At 09:00 agent 1 is idle since it came at 08:30, agent 0 since the end of A at 08:41: agent 0 goes."""
    story = tell({"A": 0}, intents={"call": intent(talk=2460)}, agents={"team": staff(1, 2, 1)})
    assert story.duties(0) == [(0, 3600, 3600)]
    assert story.duties(1) == [(1800, CLOSE, CLOSE)]


def test_whoever_finishes_next_goes_when_nobody_is_idle(tell):
    """At 08:30 both are busy. Agent 1 ends B at 08:40 and goes, its duty over since 08:30; agent 0 stays."""
    story = tell(
        {"A": (600, "long"), "B": (2340 - 600, "call"), "C": 7900},
        intents={"long": intent(talk=2 * HOUR), "call": intent(talk=660)},
        agents=team(2, 1),
    )
    assert story.duties(1) == [(0, 1800, 2400)]
    assert story.duties(0) == [(0, CLOSE, CLOSE)]
    assert story.contacts[2] == ("C", "answered", 7900, 0)


def test_a_departing_agent_takes_nobody_along(tell):
    """C waits since 08:35, but agent 1 goes at 08:40; agent 0 takes C when A ends at 10:10."""
    story = tell(
        {"A": (600, "long"), "B": (1740, "call"), "C": 2100},
        intents={"long": intent(talk=2 * HOUR), "call": intent(talk=660)},
        agents=team(2, 1),
    )
    assert story.contacts[2] == ("C", "answered", 7800, 0)


def test_idle_first_then_whoever_finishes_next(tell):
    """Three on duty, two to go at 08:30: idle agent 2 at once, agent 1 at the end of B."""
    story = tell(
        {"A": (600, "long"), "B": (1790, "call")},
        intents=MIXED,
        agents=team(3, 1),
    )
    assert [story.duties(agent) for agent in (0, 1, 2)] == [
        [(0, CLOSE, CLOSE)],
        [(0, 1800, 1850)],
        [(0, 1800, 1800)],
    ]


def test_a_rise_first_cancels_a_pending_departure(tell):
    """Both are busy from before 08:30 to after 09:00: the fall is announced, then cancelled. Nobody goes,
    nobody is called in: agent 2 comes only at 09:30."""
    story = tell({"A": (600, "long"), "B": (610, "long")}, intents=MIXED, agents=team(2, 1, 2, 3))
    assert story.duties(0) == [(0, CLOSE, CLOSE)]
    assert story.duties(1) == [(0, CLOSE, CLOSE)]
    assert story.duties(2) == [(5400, CLOSE, CLOSE)]


def test_a_rise_beyond_the_pending_departures_calls_in_the_rest(tell):
    """One departure pending since 08:30; at 09:00 the count is 3: one cancelled, agent 2 called in."""
    story = tell({"A": (600, "long"), "B": (610, "long")}, intents=MIXED, agents=team(2, 1, 3))
    assert story.duties(0) == story.duties(1) == [(0, CLOSE, CLOSE)]
    assert story.duties(2) == [(3600, CLOSE, CLOSE)]


def test_the_latest_announced_departure_is_cancelled_first(tell):
    """Departures announced at 08:30 and 09:00, one cancelled at 09:30. Agent 0 is free at 10:10 and goes:
    its duty was over at 08:30."""
    calls = {"A": (600, "long"), "B": (610, "long"), "C": (620, "long")}
    story = tell(calls, intents=MIXED, agents=team(3, 2, 1, 2))
    assert story.duties(0) == [(0, 1800, 7800)]
    assert story.duties(1) == story.duties(2) == [(0, CLOSE, CLOSE)]


def test_pending_departures_go_one_by_one(tell):
    """Announced at 08:30 and 09:00; A's agent leaves at 10:10:00, B's at 10:10:10."""
    calls = {"A": (600, "long"), "B": (610, "long"), "C": (620, "long")}
    story = tell(calls, intents=MIXED, agents=team(3, 2, 1))
    assert [story.duties(agent) for agent in (0, 1, 2)] == [
        [(0, 1800, 7800)],
        [(0, 3600, 7810)],
        [(0, CLOSE, CLOSE)],
    ]


def test_who_is_off_longest_is_called_in(tell):
    """Agent 0 goes at 08:30, agent 1 at 09:00; at 09:30 agent 0 is off longest."""
    story = tell({}, agents={"team": staff(3, 2, 1, 2)})
    assert story.duties(0) == [(0, 1800, 1800), (5400, CLOSE, CLOSE)]
    assert story.duties(1) == [(0, 3600, 3600)]


def test_who_was_never_on_duty_is_called_in_before_anybody(tell):
    """The count reaches 3 once, so there is an agent 2: it comes at 09:00, agent 0 (off since 08:30) at 09:30."""
    story = tell({}, agents={"team": staff(2, 1, 2, 3)})
    assert story.duties(2) == [(3600, CLOSE, CLOSE)]
    assert story.duties(0) == [(0, 1800, 1800), (5400, CLOSE, CLOSE)]


def test_who_is_called_in_takes_who_waits(tell):
    """A and B wait from 08:10; two come at 08:30, the lower number takes the longer wait."""
    story = tell({"A": 600, "B": 610}, agents={"team": staff(0, 2)})
    assert story.contacts == [("A", "answered", 1800, 0), ("B", "answered", 1800, 1)]


def test_groups_rise_and_fall_apart(tell):
    groups = {"one": staff(1, 0), "two": staff(0, 1)}
    story = tell({"A": 0, "B": 1800}, agents=groups)
    assert story.contacts == [("A", "answered", 0, 0), ("B", "answered", 1800, 1)]
    assert story.duties(0) == [(0, 1800, 1800)]
    assert story.duties(1) == [(1800, CLOSE, CLOSE)]


def test_counts_start_anew_every_day(tell):
    """Agent 0 left on Monday at 08:30, agent 1 at 20:00: on Tuesday agent 0, off longest, is called in first
    and (both since 08:00) goes first again."""
    story = tell({}, agents={"team": staff(2, 1)}, calendar={"days": 2})
    assert story.duties(0) == [(0, 1800, 1800), (DAY, DAY + 1800, DAY + 1800)]
    assert story.duties(1) == [(0, CLOSE, CLOSE), (DAY, DAY + CLOSE, DAY + CLOSE)]


def test_a_day_begins_with_who_is_off_longest(tell):
    """Monday ends with agents 1 and 2 (0 left at 08:30). Tuesday needs one: agent 0."""
    groups = {"team": {"skills": ["call"], "staff": {"mon": [3] + [2] * 23, "tue": 1}}}
    story = tell({}, agents=groups, calendar={"days": 2})
    assert story.duties(0) == [(0, 1800, 1800), (DAY, DAY + CLOSE, DAY + CLOSE)]
    assert len(story.duties(1)) == len(story.duties(2)) == 1


def test_everybody_absent(tell):
    story = tell({"A": 10}, agents={"team": staff(2, absence=1.0)}, calendar={"at_close": "clear"})
    assert story.contacts == [("A", "disconnected", CLOSE, None)]
    assert story.duties(0) == story.duties(1) == []


def test_nobody_absent(tell):
    story = tell({"A": 10, "B": 20}, agents={"team": staff(2, absence=0.0)})
    assert [contact[3] for contact in story.contacts] == [0, 1]


def test_absence_by_group(tell):
    groups = {"sick": staff(1, absence=1.0), "well": staff(1)}
    story = tell({"A": 10, "B": 20}, agents=groups)
    assert story.contacts == [("A", "answered", 10, 1), ("B", "answered", 70, 1)]


def test_an_absent_agent_is_not_replaced(tell):
    """The count of 2 is the number present among the first two. From 09:00 the count is 3, so whoever is
    present at all is on duty at 09:15, and tells how many there should have been at 08:45."""
    story = tell({}, agents={"team": staff(2, 2, 3, absence=0.5)}, calendar={"days": 28})

    def on_duty(moment):
        return {agent for agent in range(3) if any(start <= moment < end for start, end, _ in story.duties(agent))}

    early = [len(on_duty(at("08:45", day))) for day in range(28)]
    present = [on_duty(at("09:15", day)) for day in range(28)]
    assert early == [len(agents & {0, 1}) for agents in present]
    assert set(early) == {0, 1, 2}
