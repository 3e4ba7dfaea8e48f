"""Schedule arithmetic by hand: shifts of a date and of the night before, with breaks and absence taken off."""

import datetime as dt

import sim
from sim.facts.schedule import agents_between, breaks_of, shift_starts, worked_seconds, worked_spans
from sim.schema.values import DAY_S

HOUR = 3600.0
CENTRE = """\
name: Night and day
calendar: {start: 2026-11-23, days: 7, hours: "00:00-24:00", interval: 1h}
arrivals: {per_day: 10, profile: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
intents: {order: {share: 100%, skill: all, talk_time: 4m}}
agents:
  day: {skills: [all], absence: 10%, staff: 3}
  night:
    skills: [all]
    absence: 50%
    shifts:
      - count: 4
        days: mon
        start: "22:00"
        length: 8h
        breaks: [{after: 210m, length: 30m}, {after: 1h, length: 15m}]
      - {count: 2, days: tue, start: "03:00", length: 2h}
"""
MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
CALENDAR = sim.loads(CENTRE).calendar


def test_a_night_shift_reaches_the_day_after_and_breaks_are_taken_off():
    scenario = sim.loads(CENTRE)
    night, early = scenario.agents["night"].shifts
    assert shift_starts(night, MONDAY, CALENDAR) == [(MONDAY, 22 * HOUR)]
    assert shift_starts(night, TUESDAY, CALENDAR) == [(MONDAY, 22 * HOUR - DAY_S)]
    assert shift_starts(early, MONDAY, CALENDAR) == []
    spans = list(worked_spans(-2 * HOUR, night.length, breaks_of(night)))
    assert spans == [(-2 * HOUR, -1 * HOUR), (-0.75 * HOUR, 1.5 * HOUR), (2 * HOUR, 6 * HOUR)]
    for hour, worked in ((-1, 0.75), (0, 1.0), (1, 0.5), (5, 1.0), (6, 0.0)):
        span = (hour * HOUR, (hour + 1) * HOUR)
        assert worked_seconds(span, -2 * HOUR, night.length, breaks_of(night)) == worked * HOUR


def test_breaks_that_meet_leave_no_span_that_is_worked_between_them():
    spans = list(worked_spans(0.0, 10.0, [(2.0, 4.0), (3.0, 2.0), (6.0, 1.0)]))
    assert [span for span in spans if span[1] > span[0]] == [(0.0, 2.0), (7.0, 10.0)]


def test_agents_on_average_over_an_interval_are_those_not_absent():
    scenario = sim.loads(CENTRE)
    day, night = scenario.agents["day"], scenario.agents["night"]
    assert agents_between(day, scenario, TUESDAY, 3, (3 * HOUR, 4 * HOUR)) == 3 * 0.9
    assert agents_between(night, scenario, TUESDAY, 3, (3 * HOUR, 4 * HOUR)) == (4 + 2) * 0.5
    assert agents_between(night, scenario, TUESDAY, 1, (1 * HOUR, 2 * HOUR)) == 4 * 0.5 * 0.5
    assert agents_between(night, scenario, MONDAY, 3, (3 * HOUR, 4 * HOUR)) == 0.0
