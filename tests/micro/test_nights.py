"""Shifts over midnight: the evening before the first day, closed days, breaks under way at midnight, absence.

Times are seconds from the first midnight.
"""

import pytest

import sim
from sim.facts.schedule import agents_between
from sim.study.levels import serving

from .worlds import DAY, HOUR, MONDAY, shift, shifts

NIGHT = {"days": 2, "hours": "00:00-24:00", "interval": "60m"}
WEEK = {"days": 7, "hours": {"mon-fri": "00:00-24:00", "sat-sun": "closed"}, "interval": "60m"}


def night(*breaks, **more):
    return {"team": shifts(shift(start="22:00", length="8h", breaks=breaks, **more))}


def test_the_evening_before_the_first_day_covers_its_morning(tell):
    """A, at 03:00 of the first day, is answered at once; duty goes from midnight to 06:00."""
    story = tell({"A": 3 * HOUR}, agents=night(), calendar=NIGHT)
    assert story.contacts == [("A", "answered", 3 * HOUR, 0)]
    assert story.duties()[:2] == [(0, 6 * HOUR, 6 * HOUR), (22 * HOUR, 30 * HOUR, 30 * HOUR)]


def test_a_shift_that_ends_at_midnight_does_not_reach_the_first_day(tell):
    story = tell({}, agents={"team": shifts(shift(start="22:00", length="2h"))}, calendar=NIGHT)
    assert story.duties()[0] == (22 * HOUR, DAY, DAY)


def test_a_shift_that_does_not_work_on_the_evening_before_does_not_either(tell):
    """The first day is a Monday: a shift of Mondays alone begins on its evening."""
    story = tell({}, agents=night(days="mon"), calendar=NIGHT)
    assert story.duties() == [(22 * HOUR, 30 * HOUR, 30 * HOUR)]


@pytest.mark.parametrize(
    ("breaks", "comes", "rests"),
    [
        ([("1h", "15m")], 0, []),  # over before midnight
        ([("1h50m", "30m")], 20 * 60, []),  # from 23:50 to 00:20
        ([("1h50m", "30m"), ("2h10m", "15m")], 35 * 60, []),  # the second is due meanwhile and follows at once
        ([("2h", "30m")], 30 * 60, []),  # due at midnight
        ([("3h", "30m")], 0, [("break", HOUR, 1.5 * HOUR)]),
    ],
)
def test_a_break_under_way_at_midnight_is_taken_to_its_end(tell, breaks, comes, rests):
    story = tell({"A": 5}, agents=night(*breaks), calendar=NIGHT)
    assert story.contacts[0] == ("A", "answered", max(comes, 5), 0)
    assert story.duties()[0] == (comes, 6 * HOUR, 6 * HOUR)
    first_night = [spell for spell in story.spells() if spell[2] <= 6 * HOUR]
    assert [spell for spell in first_night if spell[0] == "break"] == rests


def test_an_evening_of_a_closed_day_is_worked_where_it_reaches_into_hours(tell):
    """Sunday is closed and Monday opens at 00:00: Monday morning is covered. Saturday evening reaches into nothing."""
    story = tell({"A": 3 * HOUR}, agents=night(), calendar=WEEK)
    assert story.contacts == [("A", "answered", 3 * HOUR, 0)]
    starts = [start for start, _, _ in story.duties()]
    assert starts == [0, *(day * DAY + 22 * HOUR for day in (0, 1, 2, 3, 4, 6))]


def test_a_shift_of_a_day_that_is_closed_is_not_worked_by_day(tell):
    story = tell({}, agents={"team": shifts(shift(start="08:00", length="8h"))}, calendar=WEEK)
    assert [start // DAY for start, _, _ in story.duties()] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("calendar", [NIGHT, WEEK, WEEK | {"holidays": ["2026-11-25"]}])
def test_what_is_said_to_be_there_is_there(tell, calendar):
    """Agents by `agents_between`, hour by hour, are the time on duty less breaks in the records."""
    story = tell({}, agents=night(("1h45m", "30m"), ("5h", "1h")), calendar=calendar)
    scenario = story.scenario
    (group,) = (scenario.agents[name] for name in serving(scenario))
    for day in scenario.calendar.dates():
        for hour, start in enumerate(scenario.calendar.interval_starts(day)):
            since = (day - MONDAY).days * DAY + start
            there = sum(
                max(0, min(end, since + HOUR) - max(begin, since))
                for state, begin, end in story.spells()
                if state == "available"
            )
            assert agents_between(group, scenario, day, hour, (start, start + HOUR)) == there / HOUR, (day, hour)


def test_absence_of_the_evening_before_is_drawn_for_its_own_date(play, describe):
    """Half of forty agents are away, others than on the last day, which has the same place in the table."""
    agents = {"team": shifts(shift(start="22:00", length="8h", count=40), absence=0.5)}
    story = play(describe({}, agents=agents, calendar=NIGHT))
    first, *others = (
        {agent for agent in range(40) if any(start == begun for start, _, _ in story.duties(agent))}
        for begun in (0, 22 * HOUR, 46 * HOUR)
    )
    assert 8 < len(first) < 32
    assert first not in others


def test_paid_time_of_the_first_morning_counts(describe):
    """Two nights of eight hours lie within two days of 24: 6 h, then 8 h, then 2 h."""
    result = sim.run(sim.loads(describe({}, agents=night(), calendar=NIGHT)), replications=2)
    assert result.measures.loc["fte", "mean"] == pytest.approx(16 / 38 * 7 / 2)
